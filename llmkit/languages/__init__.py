"""What a language needs besides its messages: the signs of its numbers, and the texts of tasks."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
