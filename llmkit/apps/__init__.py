"""Applications of what the course builds: a chat and a spam checker, pages made with Gradio (the extra `apps`)."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
