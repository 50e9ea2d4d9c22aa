"""An answer that a person might hand in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from autograder.answers import edited


@dataclass(frozen=True)
class Written:
    """An answer.

    Attributes:
        exercise: id such as "ch03/causal-attention".
        name: what is wrong with it, unique in its exercise.
        named: the known mistakes that are in it, any of which may be named; empty where none is.
        code: the full source of the gap's cell.
    """

    exercise: str
    name: str
    named: tuple[str, ...]
    code: str


def by(exercise: str, code: str) -> Callable[..., Written]:
    """A person's way to write an answer: `wrong(name, mistakes, (old, new), ...)` is that answer with something changed.

    Args:
        exercise: its id.
        code: a right answer.
    """

    def wrong(name: str, named: str, *changes: tuple[str, str]) -> Written:
        return Written(exercise, name, tuple(named.split()), edited(code, *changes))

    return wrong
