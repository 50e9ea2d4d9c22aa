"""Figures, tables and widgets. Names load when they are first used, and plotly, matplotlib and ipywidgets with them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
