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
    """

    exercise: str
    name: str
    explanation: str
    code: str
    see: str = ""


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
