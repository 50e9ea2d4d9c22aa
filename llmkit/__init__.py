"""llmkit: what the course's notebooks import: start-up, data, tokenizers, models, tests, plots. Importing it loads no torch."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from llmkit.own_code import mine
    from llmkit.startup import start
    from llmkit.tokenizers import tokenizer

__all__ = ["__version__", "mine", "start", "tokenizer"]

_FUNCTIONS = {"mine": "own_code", "start": "startup", "tokenizer": "tokenizers"}
_MODULES = {
    "data",
    "decoding",
    "errors",
    "expected",
    "gpt",
    "i18n",
    "losses",
    "plots",
    "runtime",
    "testing",
    "training",
    "weights",
    "widgets",
}


def __getattr__(name: str) -> Any:
    if name in _FUNCTIONS:
        return getattr(import_module(f"llmkit.{_FUNCTIONS[name]}"), name)
    if name in _MODULES:
        return import_module(f"llmkit.{name}")
    raise AttributeError(f"module 'llmkit' has no attribute {name!r}")
