"""The entries of this package's files, and how the files are found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from autograder.answers.mutants import Mutant
from autograder.course.variants import filled

FOLDER = "autograder/answers"


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people really write.

    Attributes:
        name: a short name, unique in its exercise.
        explanation: what the student should know, in one or two sentences.
        code: the full source of the gap's cell.
        see: where the chapter explains it.
        base: the right code in which the mistake was made, if it was made in one; with it, two mistakes can be combined.
        variants: the same mistake where the statement leaves a choice that shows, such as which of two equals comes first.
    """

    name: str
    explanation: str
    code: str
    see: str = ""
    base: str = ""
    variants: tuple[str, ...] = ()

    def about(self) -> dict[str, str]:
        """What feedback says about it."""
        return {"name": self.name, "explanation": self.explanation, "see": self.see}


@dataclass(frozen=True)
class Alternative:
    """A right answer in another style than the solution's.

    Attributes:
        name: a short name, unique in its exercise.
        description: what is different about it.
        code: the full source of the gap's cell.
    """

    name: str
    description: str
    code: str


@dataclass(frozen=True)
class Equivalent:
    """A mutant of the solution that no test can tell from it.

    Attributes:
        statement: see `Mutant`.
        kind: see `Mutant`.
        reason: why no test can tell.
        nth: which of the mutants with this statement and kind, from 1; 0 for all of them.
    """

    statement: str
    kind: str
    reason: str
    nth: int = 0

    def covers(self, mutant: Mutant) -> bool:
        return (self.statement, self.kind) == (mutant.statement, mutant.kind) and self.nth in (0, mutant.nth)


@dataclass(frozen=True)
class Answers:
    """All that is known about the answers to one exercise.

    Attributes:
        exercise: id such as "ch03/causal-attention".
        alternatives: right answers in other styles.
        mistakes: wrong answers.
        equivalents: mutants that are right.
    """

    exercise: str
    alternatives: tuple[Alternative, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    equivalents: tuple[Equivalent, ...] = ()

    def is_equivalent(self, mutant: Mutant) -> bool:
        return any(equivalent.covers(mutant) for equivalent in self.equivalents)

    def _filled(self, values: Mapping[str, str]) -> Answers:
        if not values:
            return self

        def code(text: str) -> str:
            return filled(text, values)

        return replace(
            self,
            alternatives=tuple(replace(one, code=code(one.code)) for one in self.alternatives),
            mistakes=tuple(
                replace(one, code=code(one.code), base=code(one.base), variants=tuple(map(code, one.variants)))
                for one in self.mistakes
            ),
            equivalents=tuple(replace(one, statement=code(one.statement)) for one in self.equivalents),
        )


def made_in(base: str, name: str, explanation: str, *changes: tuple[str, str], see: str = "") -> Mistake:
    """A mistake made by editing a right answer.

    Args:
        base: the right code.
        name: see `Mistake`.
        explanation: see `Mistake`.
        *changes: pairs of old and new text; each old text occurs exactly once.
        see: see `Mistake`.

    Raises:
        ValueError: an old text does not occur exactly once.
    """
    return Mistake(name, explanation, edited(base, *changes), see, base)


def in_other_choices(mistakes: Iterable[Mistake], *choices: tuple[str, str]) -> list[Mistake]:
    """The same mistakes, each with a variant for every choice that its code has.

    Args:
        mistakes: some mistakes.
        *choices: pairs of old and new text, of which the statement allows both.
    """
    return [
        replace(mistake, variants=tuple(mistake.code.replace(old, new) for old, new in choices if old in mistake.code))
        for mistake in mistakes
    ]


def edited(code: str, *changes: tuple[str, str]) -> str:
    """Code with some of its text replaced.

    Args:
        code: the code.
        *changes: pairs of old and new text; each old text occurs exactly once.

    Raises:
        ValueError: an old text does not occur exactly once.
    """
    for old, new in changes:
        if code.count(old) != 1:
            raise ValueError(f"{old!r} occurs {code.count(old)} times")
        code = code.replace(old, new)
    return code


def file_of(exercise: str) -> str:
    """Path of the file of answers to an exercise, relative to the course's folder."""
    return f"{FOLDER}/{exercise.replace('-', '_')}.py"


def answers_to(exercise: str, values: Mapping[str, str] = MappingProxyType({})) -> Answers:
    """What is known about the answers to an exercise; empty where it has no file.

    Args:
        exercise: its id.
        values: of the variant of an exam, as `Exercise.values` has them; without them its answers have names in their place.

    Raises:
        CourseError: a value is missing.
    """
    file = file_of(exercise)
    if not (Path(__file__).parents[2] / file).is_file():
        return Answers(exercise)
    module = import_module(file.removesuffix(".py").replace("/", "."))
    found = (getattr(module, name, ()) for name in ("ALTERNATIVES", "MISTAKES", "EQUIVALENTS"))
    return Answers(exercise, *map(tuple, found))._filled(values)
