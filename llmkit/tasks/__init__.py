"""Tasks for a trained model: a classifier, an assistant, and ways to judge them. Names load when they are first used."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
