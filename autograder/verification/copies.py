"""Functions and modules that get copies of their arguments in a plain process, as they do in the judge."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import FunctionType
from typing import Any

from autograder.student.remote import mirror
from autograder.student.worker import wire
from llmkit.testing import given
from llmkit.testing.probes import PROBES


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
        return _OnCopies(value)
    if isinstance(value, type) and issubclass(value, torch.nn.Module):
        original = value.__call__

        def call(module: Any, *args: Any, **kwargs: Any) -> Any:
            return _call(functools.partial(original, module), args, kwargs)

        def send(_module: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            return _probe(name, args, kwargs)

        methods = {"__call__": call, "__llmkit_probe__": send, "__module__": "__main__"}
        return _OnCopies(type(value.__name__, (value,), methods))
    return value


class _OnCopies:
    """A function or class that gets copies of its arguments. A probe gets the function itself: in the judge it runs beside it, too."""

    def __init__(self, function: Callable[..., Any]) -> None:
        functools.update_wrapper(self, function)
        self._function = function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _call(self._function, args, kwargs)

    def __llmkit_probe__(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return _probe(name, args, kwargs)

    @staticmethod
    def own(value: Any) -> Any:
        return value._function if isinstance(value, _OnCopies) else value


_in_probe = False


def _probe(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Runs a probe, which gets copies, and whose calls get what it has."""
    args, kwargs = tuple(map(_OnCopies.own, args)), {key: _OnCopies.own(value) for key, value in kwargs.items()}

    def run(*args: Any, **kwargs: Any) -> Any:
        global _in_probe
        _in_probe = True
        try:
            return PROBES[name](*args, **kwargs)
        finally:
            _in_probe = False

    return _call(run, args, kwargs)


def _call(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    if _in_probe:
        return function(*args, **kwargs)
    own = [list(args), kwargs]
    copies = _with_gradients(own, given.kept(own))
    before = wire.snapshot(copies)
    try:
        return function(*copies[0], **copies[1])
    finally:
        if wire.snapshot(copies) != before:
            given.note(own, given.kept(copies), mirror)


def _with_gradients(own: Any, copy: Any) -> Any:
    """The copies, in which tensors with a gradient hand it on to those that they are copies of."""
    import torch

    if isinstance(own, torch.nn.Parameter):
        return own  # to be changed
    if isinstance(own, torch.Tensor):
        return own.clone() if own.requires_grad else copy
    if isinstance(own, (list, tuple)) and type(copy) is type(own) and not hasattr(own, "_fields"):
        return type(own)([_with_gradients(*pair) for pair in zip(own, copy, strict=True)])
    if isinstance(own, dict):
        return {key: _with_gradients(value, copy[key]) for key, value in own.items()}
    return copy
