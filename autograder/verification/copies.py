"""Functions and modules that get copies of their arguments in a plain process, as they do in the judge."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import FunctionType
from typing import Any

from autograder.student.remote import mirror
from llmkit.testing import given


def with_copies(namespace: dict[str, Any]) -> dict[str, Any]:
    """The names of a notebook; its functions and modules work on copies, and what they change is noted for `llmkit.testing.given`.

    In a student's kernel they have the test's own arguments. A hidden test, which runs in the judge only, may compute the right answer
    after the student's; here it would work on what an answer that changes its input has left.
    """
    return {name: _copying(value) for name, value in namespace.items()}


def _copying(value: Any) -> Any:
    import torch

    if getattr(value, "__module__", "") != "__main__":
        return value
    if isinstance(value, FunctionType):
        return _on_copies(value)
    if isinstance(value, type) and issubclass(value, torch.nn.Module):
        return type(value.__name__, (value,), {"__call__": _on_copies(value.__call__), "__module__": "__main__"})
    return value


def _on_copies(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        own = [list(args), kwargs]  # of a method, the module itself, too, which no copy is made of
        copies = _with_gradients(own, given.kept(own))
        try:
            return function(*copies[0], **copies[1])
        finally:
            given.note(own, given.kept(copies), mirror)

    return call


def _with_gradients(own: Any, copy: Any) -> Any:
    """The copies, in which tensors with a gradient hand it on to those that they are copies of."""
    import torch

    if isinstance(own, torch.Tensor):
        return own.clone() if own.requires_grad else copy
    if isinstance(own, (list, tuple)) and type(copy) is type(own) and not hasattr(own, "_fields"):
        return type(own)([_with_gradients(*pair) for pair in zip(own, copy, strict=True)])
    if isinstance(own, dict):
        return {key: _with_gradients(value, copy[key]) for key, value in own.items()}
    return copy
