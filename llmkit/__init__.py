"""llmkit, which the course's notebooks import: start-up, data, models, training, tasks, views, tests. Importing it loads no torch."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
