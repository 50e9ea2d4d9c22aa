"""The catalogue of answers: known mistakes and right answers in other styles, by chapter."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people really write.

    Attributes:
        exercise: id such as "ch03/causal-attention".
        name: a short name, unique in its exercise.
        explanation: what the student should know, in one or two sentences.
        code: the full source of the gap's cell.
        see: where the chapter explains it.
        base: the right code in which the mistake was made, if it was made in one; with it, two mistakes can be combined.
    """

    exercise: str
    name: str
    explanation: str
    code: str
    see: str = ""
    base: str = ""

    def about(self) -> dict[str, str]:
        """What feedback tells of it."""
        return {"name": self.name, "explanation": self.explanation, "see": self.see}


def made_in(base: str, exercise: str, name: str, explanation: str, *changes: tuple[str, str], see: str = "") -> Mistake:
    """A mistake as changes of a right answer.

    Args:
        base: the right code.
        exercise: see `Mistake`.
        name: see `Mistake`.
        explanation: see `Mistake`.
        *changes: pairs of old and new text; each old one occurs exactly once.
        see: see `Mistake`.

    Raises:
        ValueError: an old text that does not occur exactly once.
    """
    return Mistake(exercise, name, explanation, edited(base, *changes), see, base)


def edited(code: str, *changes: tuple[str, str]) -> str:
    """Code with some places changed.

    Args:
        code: the code.
        *changes: pairs of old and new text; each old one occurs exactly once.

    Raises:
        ValueError: an old text that does not occur exactly once.
    """
    for old, new in changes:
        if code.count(old) != 1:
            raise ValueError(f"{old!r} occurs {code.count(old)} times")
        code = code.replace(old, new)
    return code


@dataclass(frozen=True)
class Alternative:
    """A right answer in another style than the solution's.

    Attributes:
        exercise: id such as "ch03/causal-attention".
        name: a short name, unique in its exercise.
        description: what is different about it.
        code: the full source of the gap's cell.
    """

    exercise: str
    name: str
    description: str
    code: str


def mistakes(chapter: str) -> list[Mistake]:
    """The known mistakes of a chapter; empty where there is no catalogue yet."""
    return list(getattr(_module("mistakes", chapter), "MISTAKES", []))


def alternatives(chapter: str) -> list[Alternative]:
    """The alternatives of a chapter; empty where there is no catalogue yet."""
    return list(getattr(_module("alternatives", chapter), "ALTERNATIVES", []))


def _module(folder: str, chapter: str) -> object | None:
    name = f"autograder.{folder}.{chapter}"
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name in (name, f"autograder.{folder}"):
            return None
        raise
