"""llmkit: what the course's notebooks import: start-up, runtime detection, tests, plots and widgets. Importing it loads no torch."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from llmkit.startup import start

__all__ = ["__version__", "start"]


def __getattr__(name: str) -> Any:
    if name == "start":
        from llmkit.startup import start

        return start
    if name in ("i18n", "plots", "runtime", "testing", "widgets"):
        return import_module(f"llmkit.{name}")
    raise AttributeError(f"module 'llmkit' has no attribute {name!r}")
