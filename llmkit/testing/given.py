"""What a student's code changed in its arguments, kept apart from the test's own values.

A test says `assert_close(scale(x), 2 * x)`. Python calls `scale` first; if it changes x in place, the right answer must not be
computed from what it left. In the judge the student's code works on copies anyway, and its changes are noted here: x stays as it was
drawn, for whatever the test does with it next. Only what an assertion is told to look at, its first argument, is shown to it as the
student's code left it: `assert_unchanged(x, before)`, or `assert_equal(x, [1, 2])`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class _Change:
    ours: Any
    after: Any
    put: Callable[[Any, Any], None]


_changes: list[_Change] = []


def note(ours: Any, after: Any, put: Callable[[Any, Any], None]) -> None:
    """Notes what became of arguments.

    Args:
        ours: the test's own, which stay as they are.
        after: the same after the call.
        put: `put(ours, after)` changes the first in place into the second.
    """
    _changes.append(_Change(ours, after, put))


def forget() -> None:
    """Begins a new test: nothing has been changed."""
    _changes.clear()


@contextmanager
def as_left() -> Iterator[None]:
    """In the block, arguments are as the student's code left them."""
    done: list[tuple[_Change, Any]] = []
    try:
        for change in _changes:
            done.append((change, kept(change.ours)))  # the test may have changed it since
            change.put(change.ours, change.after)
        yield
    finally:
        for change, before in reversed(done):
            change.put(change.ours, before)


def left(value: Any) -> Any:
    """A value as the student's code left it: a copy if it was an argument, or holds one; otherwise what it is."""
    if not _changes:
        return value
    with as_left():
        return kept(value)


def kept(value: Any) -> Any:
    """A copy of all that `as_left` may change."""
    import numpy as np
    import torch

    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return type(value)([kept(part) for part in value])
    if isinstance(value, dict):
        return {key: kept(part) for key, part in value.items()}
    return value
