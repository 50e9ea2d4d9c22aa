"""The register of probes, and their code as it is sent.

A probe runs beside a student's code, which can write into every module of its process. So the judge does not ask for a probe by its
name: it sends the code of the file that defines it, which is executed anew for each call.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
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


# What a file of probes imports to register them; where its code is sent to, nothing is registered.
_IMPORT = "from llmkit.testing.probes.register import probe\n"
_INSTEAD = "probe = lambda function: function\n"


@cache
def code_of(name: str) -> bytes:
    """The code of the file that defines a probe, marshalled: it defines the probe under its name when it is executed."""
    path = PROBES[name].__code__.co_filename
    source = Path(path).read_text(encoding="utf-8")
    if source.count(_IMPORT) != 1:
        raise ValueError(f"{path} should import nothing but `probe` from the register")
    # As many lines as before, for messages.
    return marshal.dumps(compile(source.replace(_IMPORT, _INSTEAD), path, "exec"))
