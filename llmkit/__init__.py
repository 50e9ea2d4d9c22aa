"""llmkit, which the course's notebooks import: start-up, data, models, training, tasks, views, tests. Importing it loads no torch."""

import os

import lazy_loader

# Threads of torch that wait for each other would otherwise do so at full speed, and on a machine where somebody else wants the
# cores, too, training then takes ten times as long. torch reads this when it is imported, so every notebook imports llmkit first.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
