from . import files as files
from . import numbers as numbers
from .files import covered as covered
from .files import having as having
from .files import section as section
from .numbers import localised as localised
from .numbers import localised_text as localised_text
from .numbers import separators as separators
