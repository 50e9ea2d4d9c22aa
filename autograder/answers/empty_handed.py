"""Answers that compute nothing: zeros, the input, random numbers or the module's own weights, in the right shape.

The random numbers of one of them are always the same for the same input, or the same beginning of a row: it passes checks of causality,
of batches and of modes that only compare two of its outputs. And one
leaves zeros of its arguments, from which the right answer would be zeros, too.
"""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass
from functools import cache

from autograder.answers import idle
from autograder.course.cells import definitions
from llmkit.cells import statements

# A check of shapes, of a dtype, of an error that is raised is honest work; this share of the points is the most it may be worth.
SHARE = 0.15

# Exercises in which nearly nothing has to be done in some respect, or whose result is one of few: the most that such an answer may earn.
MORE: dict[str, tuple[float, str]] = {
    "ch01/quiz": (0.5, "each question has few answers, and one of them is right by chance"),
    "ch06/confusion-matrix": (0.45, "the four numbers of the example are small: they come by chance"),
}

OF_FUNCTIONS = ("zeros", "zeros, and zeroed inputs", "input", "random", "remembers")
OF_MODULES = ("zeros", "zeros, and zeroed inputs", "zeros, of zero weights", "input", "random", "remembers", "weights")


@dataclass(frozen=True)
class EmptyHanded:
    """An answer that computes nothing.

    Attributes:
        name: what it returns.
        code: the whole cell.
    """

    name: str
    code: str


def empty_handed(solution: str) -> list[EmptyHanded]:
    """The answers without content to an exercise; none where it asks for values instead of functions and classes."""
    names = [name for name in definitions(solution) if not name.startswith("_")]
    if not names:
        return []
    kinds = OF_MODULES if _has_modules(solution) else OF_FUNCTIONS
    return [EmptyHanded(kind, _code(solution, names, kind)) for kind in kinds]


def most(exercise: str) -> float:
    """The largest share of an exercise's points that such an answer may earn."""
    return MORE[exercise][0] if exercise in MORE else SHARE


def _has_modules(solution: str) -> bool:
    return any(
        isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("Module") for base in node.bases)
        for node in statements(solution)
    )


@cache
def _helpers() -> str:
    return inspect.getsource(idle).replace("from __future__ import annotations\n", "")  # it would have to come first


def _code(solution: str, names: list[str], kind: str) -> str:
    return f"{_helpers()}\n\n_answer(globals(), {solution!r}, {names!r}, {kind!r})\n"
