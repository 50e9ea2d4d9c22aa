"""The results of grading: marks of checks, test cells and notebooks, as plain data."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

from autograder.i18n import gettext as _


@dataclass(frozen=True)
class CheckMark:
    """One named check of a test cell.

    Attributes:
        title: what was checked.
        weight: its share of the cell's points, relative to the other checks.
        passed: whether the student's code passed.
        message: why not, for the student; empty when passed.
        hidden: whether the student could not see this check in the release.
    """

    title: str
    weight: float
    passed: bool
    message: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class CellMark:
    """The mark of one test cell.

    Attributes:
        grade_id: nbgrader's id of the test cell.
        points: what the cell is worth.
        earned: points earned, in [0, points].
        checks: the named checks, in the order in which they ran.
        error: why the cell could not run to its end; empty otherwise.
        empty: whether the gap was still empty.
        mistakes: known mistakes that together behave like this answer: name, explanation and place in the chapter of each.
        exercise: id of the gap that it tests, which names the exercise; empty where it tests none.
    """

    grade_id: str
    points: float
    earned: float
    checks: list[CheckMark] = field(default_factory=list)
    error: str = ""
    empty: bool = False
    mistakes: list[dict[str, str]] = field(default_factory=list)
    exercise: str = ""

    @property
    def title(self) -> str:
        """The name that students see."""
        return self.exercise or self.grade_id

    @property
    def passed(self) -> bool:
        return self.earned >= self.points

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> CellMark:
        return cls(**{**data, "checks": [CheckMark(**check) for check in data["checks"]]})


def fair_points(fraction: float, points: float) -> float:
    """Points for a fraction; anything but a number in [0, 1] earns nothing."""
    if not isinstance(fraction, (int, float)) or not math.isfinite(fraction) or not 0 <= fraction <= 1:
        return 0.0
    return round(points * fraction, 2)


@dataclass(frozen=True)
class Question:
    """A question that a person marks; its points are in no sum of the judge's.

    Attributes:
        grade_id: nbgrader's id of the question's cell.
        points: what it is worth.
        answered: whether the student has written anything that a person should read.
    """

    grade_id: str
    points: float
    answered: bool


@dataclass(frozen=True)
class NotebookMark:
    """The marks of one notebook.

    Attributes:
        name: notebook name without extension.
        cells: the mark of every test cell.
        notes: what was repaired in the submission, for the student.
        seconds: wall time of grading.
        questions: what a person marks.
    """

    name: str
    cells: list[CellMark]
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0
    questions: list[Question] = field(default_factory=list)

    @property
    def earned(self) -> float:
        return round(sum(cell.earned for cell in self.cells), 2)

    @property
    def points(self) -> float:
        return sum(cell.points for cell in self.cells)

    def by_exercise(self) -> dict[str, tuple[float, float]]:
        """Points earned and points that there are, of each exercise by the id of its gap."""
        found: dict[str, tuple[float, float]] = {}
        for cell in self.cells:
            earned, points = found.get(cell.exercise, (0.0, 0.0))
            found[cell.exercise] = round(earned + cell.earned, 2), points + cell.points
        found.pop("", None)  # tests of no gap
        return found

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"earned": self.earned, "points": self.points}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> NotebookMark:
        cells = [CellMark.from_dict(cell) for cell in data["cells"]]
        questions = [Question(**question) for question in data["questions"]]
        return cls(data["name"], cells, data["notes"], data["seconds"], questions)


def likely_reasons(mark: CellMark) -> list[str]:
    """The explanations of the mistakes that behave like this code, and the notebook that says more."""
    told = [_(mistake["explanation"]) for mistake in mark.mistakes]
    places = dict.fromkeys(mistake["see"].partition(":")[0] for mistake in mark.mistakes if mistake["see"])
    return [*told, *(_("See {place}.").format(place=place) for place in places)]
