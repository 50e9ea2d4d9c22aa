from . import chat as chat
from . import loading as loading
from . import page as page
from . import spam as spam
from .loading import assistant_at_hand as assistant_at_hand
from .page import AppError as AppError
