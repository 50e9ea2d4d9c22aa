"""Pairs of submissions that have unusual code in common, for a person to look at. See winnowing.py for the method.

What everybody can be expected to have is left out: the cells of the course, its solutions and every known answer to its exercises, and
passages that many in the class share. What is then alike is no proof of anything: people learn together, and from the same pages.
"""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from itertools import combinations
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.coursedir import CourseDirectory

from autograder.answers import answers_to
from autograder.course.cells import defined_names, visible_part
from autograder.course.course import Course, Exercise
from autograder.course.stubs import stub_cell
from autograder.errors import printable
from autograder.gradebook.records import Records
from autograder.gradebook.report import handed_in_by
from autograder.gradebook.spreadsheet import write_table
from autograder.gradebook.winnowing import fingerprints
from autograder.language.notebooks import SOURCE, languages, translated
from autograder.submission.handed_in import handed_in
from llmkit.cells import grade_id, role, statements

LONGEST = 100_000  # characters of a cell that is read
LEAST = 8  # fingerprints in common; fewer are chance
COMMON = 10  # students; a passage of more of them is the class's, or of more than COMMON_SHARE of a large class
COMMON_SHARE = 0.05
NO_VERDICT = (
    "Similar is not copied: a high number says where to look, and nothing about why. "
    "Read both answers, and ask, before you conclude anything."
)
ELSEWHERE = "other cells"


@dataclass(frozen=True)
class Pair:
    """Two students.

    Attributes:
        students: their ids, in alphabetical order.
        share: fingerprints in common, of those of the one who has fewer; in (0, 1].
        common: how many they have in common.
        where: how many of these by exercise, the most first.
    """

    students: tuple[str, str]
    share: float
    common: int
    where: dict[str, int]


@dataclass
class Similar:
    """What a class has in common.

    Attributes:
        assignment: its name.
        students: how many submissions were compared.
        pairs: the most alike first.
        left_out: how many passages were left out because so many have them.
        unreadable: cells that are no Python or too long, by student: nothing in them was compared.
    """

    assignment: str
    students: int
    pairs: list[Pair]
    left_out: int
    unreadable: dict[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {"note": NO_VERDICT} | asdict(self)


Passages = dict[int, str]  # the exercise by fingerprint


def similar(
    course: Course,
    folder: CourseDirectory,
    assignment: str,
    at_least: float,
    watch: Callable[[Iterable[str]], Iterable[str]] = iter,
) -> Similar:
    """Compares all submissions of an assignment.

    Args:
        course: the course.
        folder: nbgrader's course folder, where the submissions are.
        assignment: name of the chapter.
        at_least: the smallest share of a pair that is listed, in (0, 1].
        watch: sees the students go by, to show how far it is.

    Raises:
        UnknownAssignment: the course has no such chapter.
    """
    records = Records(folder, assignment)
    expected = _Expected(course, assignment)
    found: dict[str, Passages] = {}
    unreadable: dict[str, int] = {}
    for student in watch(sorted(handed_in_by(records))):
        notebooks = [one.notebook for one in handed_in(records.submission(student)).notebooks if one.notebook]
        found[student], failed = expected.unusual(notebooks)
        if failed:
            unreadable[student] = failed
    pairs, left_out = compare(found, at_least)
    return Similar(assignment, len(found), pairs, left_out, unreadable)


def compare(found: dict[str, Passages], at_least: float) -> tuple[list[Pair], int]:
    """The pairs that are alike, and how many passages were left out because many have them.

    Only students who share a passage are ever looked at together, so the time grows with the class and not with its square.

    Args:
        found: by student what is unusual in their code.
        at_least: the smallest share of a pair, in (0, 1].
    """
    owners: dict[int, list[str]] = defaultdict(list)
    for student in sorted(found):
        for print_ in found[student]:
            owners[print_].append(student)
    most = max(COMMON, int(COMMON_SHARE * len(found)))
    usual = {print_ for print_, students in owners.items() if len(students) > most}
    own = {student: len(passages.keys() - usual) for student, passages in found.items()}
    where: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for print_, students in owners.items():
        if print_ not in usual:
            for one, other in combinations(students, 2):
                where[one, other][found[one][print_]] += 1
    pairs = []
    for (one, other), places in where.items():
        common = places.total()
        share = common / min(own[one], own[other])
        if common >= LEAST and share >= at_least:
            pairs.append(Pair((one, other), round(share, 3), common, dict(places.most_common())))
    return sorted(pairs, key=lambda pair: (-pair.share, -pair.common, pair.students)), len(usual)


class _Expected:
    """What anybody's notebook may hold: the cells that the course gives, in every language, and known answers."""

    def __init__(self, course: Course, assignment: str) -> None:
        self.texts: set[str] = set()
        self.usual: set[int] = set()
        self.gaps: set[str] = set()
        self.exercise_of: dict[str, str] = {}
        for source in course.notebooks(assignment):
            for exercise in source.exercises:
                self.gaps.add(exercise.grade_id)
                self.exercise_of.update(dict.fromkeys(exercise.names, exercise.grade_id))
                self._add_answers(exercise)
            for language in (SOURCE, *languages(course)):
                for cell in translated(course, source, language).nb.cells:
                    if cell.cell_type == "code":
                        self._add(
                            stub_cell(cell).source if role(cell) in ("gap", "manual") else visible_part(cell.source)
                        )

    def _add(self, code: str) -> None:
        self.texts.add(code.strip())
        self.usual |= fingerprints(statements(code))

    def _add_answers(self, exercise: Exercise) -> None:
        known = answers_to(exercise.id, exercise.values)
        codes = [exercise.solution, *(alternative.code for alternative in known.alternatives)]
        for mistake in known.mistakes:
            codes += [mistake.code, *mistake.variants]
        for code in codes:
            self.usual |= fingerprints(statements(code))

    def unusual(self, notebooks: Iterable[NotebookNode]) -> tuple[Passages, int]:
        """The fingerprints of code that is neither the course's nor known, and how many cells are no Python or too long."""
        found: Passages = {}
        failed = 0
        for notebook in notebooks:
            for cell in notebook.cells:
                if cell.cell_type != "code" or not cell.source.strip() or cell.source.strip() in self.texts:
                    continue
                if len(cell.source) > LONGEST:
                    failed += 1
                    continue
                body = statements(cell.source)
                failed += not body and any(_looks_like_code(line) for line in cell.source.split("\n"))
                place = self._place(cell)
                for print_ in fingerprints(body) - self.usual:
                    found.setdefault(print_, place)
        return found, failed

    def _place(self, cell: NotebookNode) -> str:
        """The exercise that a cell answers: by its name, else by what it defines."""
        if grade_id(cell) in self.gaps:
            return grade_id(cell)
        return next(
            (self.exercise_of[name] for name in defined_names(cell.source) if name in self.exercise_of), ELSEWHERE
        )


def notes(found: Similar) -> list[str]:
    """What a reader of the table must know."""
    told = [NO_VERDICT] if found.pairs else []
    if found.left_out:
        told.append(f"{found.left_out} passages are left out, because so many in the class have them.")
    if found.unreadable:
        who = ", ".join(f"{printable(student)} ({count})" for student, count in sorted(found.unreadable.items()))
        told.append(f"Cells that are no Python, or too long, were not compared: {who}.")
    return told


def _looks_like_code(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith(("#", "%", "!"))


def as_csv(found: Similar) -> str:
    """One line for each pair."""
    stream = io.StringIO()
    rows = [
        {
            "assignment": found.assignment,
            "student": pair.students[0],
            "other": pair.students[1],
            "share": pair.share,
            "common": pair.common,
            "where": ", ".join(f"{place} {count}" for place, count in pair.where.items()),
        }
        for pair in found.pairs
    ]
    write_table(stream, ("assignment", "student", "other", "share", "common", "where"), rows)
    return stream.getvalue()
