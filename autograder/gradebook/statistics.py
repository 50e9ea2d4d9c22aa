"""What a class as a whole did: the marks, each exercise, the checks that failed most, the mistakes that were named most."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from nbformat.notebooknode import NotebookNode

from autograder.judge.marks import CellMark

BINS = 10  # of the marks, each a tenth of the points


@dataclass(frozen=True)
class OfExercise:
    """How a test cell went; whoever was not graded in it is not counted.

    Attributes:
        notebook: name of its notebook.
        exercise: its name.
        points: what it is worth.
        mean: mean share of the points, in [0, 1].
        full: students with all points.
        partly: with some.
        nothing: with none, though they wrote something.
        empty: who left the gap empty.
    """

    notebook: str
    exercise: str
    points: float
    mean: float
    full: int
    partly: int
    nothing: int
    empty: int


@dataclass(frozen=True)
class OfCheck:
    """How a check went.

    Attributes:
        notebook: name of its notebook.
        exercise: its exercise.
        check: its title, in the language of most who met it.
        hidden: whether students cannot see it in the release.
        failed: how many failed it.
        of: how many it was put to: who left the gap empty, or whose test ended before, is not counted.
    """

    notebook: str
    exercise: str
    check: str
    hidden: bool
    failed: int
    of: int


@dataclass(frozen=True)
class OfMistake:
    """A known mistake.

    Attributes:
        exercise: where it was made.
        mistake: its name.
        explanation: what it is.
        students: in how many answers it was named.
    """

    exercise: str
    mistake: str
    explanation: str
    students: int


@dataclass(frozen=True)
class Statistics:
    """A class and an assignment.

    Attributes:
        marks: how many students have which part of the points: [0, 0.1), [0.1, 0.2) ... [0.9, 1].
        mean: mean part of the points, in [0, 1]; None where nobody has any mark.
        median: the middle one.
        exercises: in the order of the notebooks.
        checks: those that somebody failed, the hardest first.
        mistakes: the most frequent first.
    """

    marks: list[int] = field(default_factory=lambda: [0] * BINS)
    mean: float | None = None
    median: float | None = None
    exercises: list[OfExercise] = field(default_factory=list)
    checks: list[OfCheck] = field(default_factory=list)
    mistakes: list[OfMistake] = field(default_factory=list)


class Tally:
    """Counts, one graded notebook after the other."""

    def __init__(self) -> None:
        self._cells: dict[tuple[str, str], list[CellMark]] = defaultdict(list)

    def add(self, name: str, notebook: NotebookNode) -> None:
        """Counts one student's graded notebook.

        Args:
            name: the notebook's name.
            notebook: as the grader wrote it.
        """
        for cell in notebook.cells:
            if "mark" in (info := cell.metadata.get("autograder", {})):
                mark = CellMark.from_dict(info["mark"])
                self._cells[name, mark.grade_id].append(mark)

    def statistics(self, shares: Sequence[float]) -> Statistics:
        """What has been counted.

        Args:
            shares: of each student the part of the points, marks by hand included, in [0, 1].
        """
        marks = [0] * BINS
        for share in shares:
            marks[min(BINS - 1, max(0, int(share * BINS)))] += 1
        return Statistics(
            marks,
            round(statistics.fmean(shares), 4) if shares else None,
            round(statistics.median(shares), 4) if shares else None,
            [_of_exercise(notebook, found) for (notebook, _id), found in self._cells.items()],
            sorted(self._checks(), key=lambda check: (-check.failed / check.of, -check.failed)),
            self._mistakes(),
        )

    def _checks(self) -> list[OfCheck]:
        made = []
        for (notebook, _id), found in self._cells.items():
            # A check is known by its place: its title is in the language of the submission.
            by_place = defaultdict(list)
            for mark in found:
                for place, check in enumerate(() if mark.empty else mark.checks):
                    by_place[place].append(check)
            for checks in by_place.values():
                title, _count = Counter(check.title for check in checks).most_common(1)[0]
                failed = sum(not check.passed for check in checks)
                if failed:
                    made.append(OfCheck(notebook, found[0].title, title, checks[0].hidden, failed, len(checks)))
        return made

    def _mistakes(self) -> list[OfMistake]:
        count: Counter[tuple[str, str, str]] = Counter()
        for found in self._cells.values():
            for mark in found:
                count.update({(mark.title, mistake["name"], mistake["explanation"]) for mistake in mark.mistakes})
        return [OfMistake(*key, students) for key, students in count.most_common()]


def _of_exercise(notebook: str, found: list[CellMark]) -> OfExercise:
    points = found[0].points
    kinds = Counter(
        "full" if mark.passed else "partly" if mark.earned else "empty" if mark.empty else "nothing" for mark in found
    )
    mean = statistics.fmean(mark.earned / mark.points if mark.points else 1.0 for mark in found)
    return OfExercise(
        notebook,
        found[0].title,
        points,
        round(mean, 4),
        kinds["full"],
        kinds["partly"],
        kinds["nothing"],
        kinds["empty"],
    )
