"""The course's data sets. Importing it loads neither torch nor what downloads need."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
