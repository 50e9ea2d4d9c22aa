"""The register of probes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

PROBES: dict[str, Callable[..., Any]] = {}


def probe(function: Callable[P, R]) -> Callable[P, R]:
    """Makes a function a probe: called with a stand-in for a student's object, it runs where that object is."""
    PROBES[function.__name__] = function

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for arg in args:
            send = getattr(type(arg), "__llmkit_probe__", None)
            if send is not None:
                return send(arg, function.__name__, args, kwargs)  # type: ignore[no-any-return]
        return function(*args, **kwargs)

    return run
