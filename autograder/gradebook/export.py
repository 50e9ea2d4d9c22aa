"""`nbgrader export`: marks as nbgrader's own columns, for Canvas, for Moodle, and exercise by exercise. See docs/lms.md."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin
from traitlets import Dict, Enum, Unicode

from autograder.course.course import Course
from autograder.errors import CourseError
from autograder.gradebook.spreadsheet import number, write_table
from llmkit.cells import gaps_of_tests, role

COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score", "late_submission_penalty",
    "score", "max_score",
)  # fmt: skip
EXERCISE_COLUMNS = (
    "assignment", "student_id", "last_name", "first_name", "notebook", "exercise", "points", "max_points", "by_hand",
)  # fmt: skip
CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLES_MOST = 100  # points of one grade, unless its site allows more


@dataclass(frozen=True)
class _Standing:
    """A student and an assignment, as nbgrader has them; without a submission where nothing is graded."""

    assignment: Any
    student: Any
    submission: Any = None

    @property
    def penalty(self) -> float:
        return float(self.submission.late_submission_penalty or 0.0) if self.submission else 0.0

    @property
    def raw(self) -> float:
        return float(self.submission.score) if self.submission else 0.0

    @property
    def score(self) -> float:
        return max(0.0, self.raw - self.penalty)


class _Export(ExportPlugin):
    """What all of them share: which students and assignments, and the file."""

    default = "grades.csv"

    def export(self, gradebook: Gradebook) -> None:
        path = Path(self.to or self.default)
        try:
            self.write(gradebook, path)
        except CourseError as error:
            raise SystemExit(f"nothing was exported: {error}") from None
        except OSError as error:
            raise SystemExit(
                f"nothing was exported: {path}: {error.strerror}. Remedy: choose another file with --to."
            ) from None

    def write(self, gradebook: Gradebook, path: Path) -> None:
        """Writes the file."""
        raise NotImplementedError

    def chosen(self, gradebook: Gradebook) -> tuple[list[Any], list[Any]]:
        """The assignments and students that are wanted; by default all.

        Raises:
            CourseError: the gradebook does not have one of them.
        """
        found = []
        # nbgrader orders them by their names alone: where these are missing or alike, by who was graded first.
        students = sorted(gradebook.students, key=lambda one: (one.last_name or "", one.first_name or "", one.id))
        for kind, wanted, known in (
            ("assignment", self.assignment, {one.name: one for one in gradebook.assignments}),
            ("student", self.student, {one.id: one for one in students}),
        ):
            names = list(dict.fromkeys(map(str, wanted))) or list(known)
            if missing := [name for name in names if name not in known]:
                raise CourseError(
                    f"{', '.join(missing)}: the gradebook has no such {kind}",
                    f"choose from {', '.join(known) or 'none yet: nbgrader autograde comes first'}",
                )
            found.append([known[name] for name in names])
        return found[0], found[1]

    def standings(self, gradebook: Gradebook) -> Iterator[_Standing]:
        """Assignment by assignment, all chosen students."""
        assignments, students = self.chosen(gradebook)
        for assignment in assignments:
            for student in students:
                try:
                    submission = gradebook.find_submission(assignment.name, student.id)
                except MissingEntry:
                    submission = None
                yield _Standing(assignment, student, submission)

    def save(self, path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
        """Writes a table, all of it or nothing."""
        self.log.info("Exporting grades to %s", path)
        made = list(rows)
        with path.open("w", encoding="utf-8", newline="") as stream:
            write_table(stream, columns, made)

    def tell_of_hands(self, standings: Iterable[_Standing]) -> None:
        """Marks that are not all there yet look like any others on a platform."""
        waiting = Counter(
            one.assignment.name for one in standings if one.submission and one.submission.needs_manual_grade
        )
        for name, count in waiting.items():
            self.log.warning("%s: %d submissions wait for a mark by hand; it counts as 0 until then", name, count)


class CsvExport(_Export):
    """Where the one of nbgrader writes "Silva, Souza" as two columns, in the encoding of the machine."""

    def write(self, gradebook: Gradebook, path: Path) -> None:
        self.save(path, COLUMNS, map(_row, self.standings(gradebook)))


def _row(one: _Standing) -> dict[str, Any]:
    return {
        "assignment": one.assignment.name,
        "duedate": one.assignment.duedate,
        "timestamp": one.submission.timestamp if one.submission else None,
        "student_id": one.student.id,
        "last_name": one.student.last_name,
        "first_name": one.student.first_name,
        "email": one.student.email,
        "raw_score": one.raw,
        "late_submission_penalty": one.penalty,
        "score": one.score,
        "max_score": one.assignment.max_score,
    }


class CanvasExport(_Export):
    """What Canvas's gradebook imports: a row for each student, a column for each assignment, a row with the points possible.

    Who has not handed in has an empty cell, which Canvas does not take for a zero.
    """

    default = "canvas.csv"
    student_id_is = Enum(
        ("SIS Login ID", "SIS User ID"), "SIS Login ID", help="what a student's id in the gradebook is in Canvas"
    ).tag(config=True)
    section = Unicode("", help="the section of all students, which Canvas shows and does not use").tag(config=True)
    titles = Dict(
        help='what an assignment is called in Canvas where that is not its name here, as in {"ch03": "Attention (12345)"}'
    ).tag(config=True)

    def write(self, gradebook: Gradebook, path: Path) -> None:
        by_student: dict[str, dict[str, Any]] = {}
        possible: dict[str, Any] = dict.fromkeys(CANVAS_COLUMNS, "") | {"Student": "    Points Possible"}
        assignments, _students = self.chosen(gradebook)
        titles = {one.name: str(self.titles.get(one.name, one.name)) for one in assignments}
        if len(set(titles.values()) | set(CANVAS_COLUMNS)) < len(titles) + len(CANVAS_COLUMNS):
            raise CourseError("two columns would have one name", "give each assignment its own in CanvasExport.titles")
        standings = list(self.standings(gradebook))
        for one in standings:
            row = by_student.setdefault(
                one.student.id,
                dict.fromkeys(CANVAS_COLUMNS, "")
                | {
                    "Student": _name(one.student, "{last}, {first}"),
                    "ID": one.student.lms_user_id or "",
                    self.student_id_is: one.student.id,
                    "Section": self.section,
                },
            )
            row[titles[one.assignment.name]] = number(one.score) if one.submission else ""
            possible[titles[one.assignment.name]] = number(one.assignment.max_score)
        self.tell_of_hands(standings)
        self.save(path, (*CANVAS_COLUMNS, *titles.values()), [possible, *by_student.values()])


class MoodleExport(_Export):
    """What Moodle's gradebook imports from a CSV file: one column that says who, then points and feedback of each assignment.

    Who has not handed in has an empty cell, which Moodle takes for no grade.
    """

    default = "moodle.csv"
    identify_by = Enum(
        ("Username", "ID number", "Email address"),
        "Username",
        help="what a row is found by in Moodle: the student's id in the gradebook is the username or the ID number there",
    ).tag(config=True)

    def write(self, gradebook: Gradebook, path: Path) -> None:
        assignments, _students = self.chosen(gradebook)
        columns = ["First name", "Last name", self.identify_by]
        for assignment in assignments:
            columns += [assignment.name, f"{assignment.name} (feedback)"]
            if (assignment.max_score or 0) > MOODLES_MOST:
                self.log.warning(
                    "%s has %g points, and Moodle takes no more than %d for one grade unless its administrator allows it",
                    assignment.name, assignment.max_score, MOODLES_MOST,
                )  # fmt: skip
        exercises = _Exercises()
        by_student: dict[str, dict[str, Any]] = {}
        standings = list(self.standings(gradebook))
        for one in standings:
            who = (one.student.email if self.identify_by == "Email address" else one.student.id) or ""
            if not who.strip():
                # Moodle gives the marks of a row without it to the student of the row before.
                self.log.warning("%s is left out: the gradebook has no email address of theirs", one.student.id)
                continue
            row = by_student.setdefault(
                one.student.id,
                dict.fromkeys(columns, "")
                | {
                    "First name": _name(one.student, "{first}"),
                    "Last name": _name(one.student, "{last}"),
                    self.identify_by: who.strip(),
                },
            )
            if one.submission:
                row[one.assignment.name] = number(one.score)
                row[f"{one.assignment.name} (feedback)"] = _feedback(one, exercises)
        self.tell_of_hands(standings)
        self.save(path, columns, by_student.values())


class ExerciseExport(_Export):
    """The points of every student in every exercise, before a late penalty; as JSON where the file's name ends so."""

    default = "exercises.csv"

    def write(self, gradebook: Gradebook, path: Path) -> None:
        exercises = _Exercises()
        rows = [
            {
                "assignment": one.assignment.name,
                "student_id": one.student.id,
                "last_name": one.student.last_name,
                "first_name": one.student.first_name,
            }
            | row
            for one in self.standings(gradebook)
            if one.submission
            for row in exercises.points(one)
        ]
        if path.suffix.lower() != ".json":
            self.save(path, EXERCISE_COLUMNS, rows)
            return
        self.log.info("Exporting grades to %s", path)
        path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


class _Exercises:
    """Which exercise a graded cell belongs to, by the course's sources; where these do not know it, the cell itself."""

    def __init__(self) -> None:
        self.course = Course.discover()
        self.names: dict[str, dict[tuple[str, str], str]] = {}

    def points(self, one: _Standing) -> list[dict[str, Any]]:
        """The exercises of a submission, in the order of the notebooks: notebook, exercise, points, max_points, by_hand."""
        names = self._of_assignment(one.assignment.name)
        place = {cell: number for number, cell in enumerate(names)}
        graded = [(notebook.name, grade) for notebook in one.submission.notebooks for grade in notebook.grades]
        graded.sort(key=lambda pair: (pair[0], place.get((pair[0], pair[1].name), len(place))))
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for notebook, grade in graded:
            exercise = names.get((notebook, grade.name), grade.name)
            row = found.setdefault(
                (notebook, exercise),
                {"notebook": notebook, "exercise": exercise, "points": 0.0, "max_points": 0.0, "by_hand": "no"},
            )
            row["points"] += grade.score or 0.0
            row["max_points"] += grade.max_score or 0.0
            if grade.needs_manual_grade:
                row["by_hand"] = "waiting"
            elif grade.manual_score is not None and row["by_hand"] == "no":
                row["by_hand"] = "yes"
        return [
            row | {"points": number(row["points"]), "max_points": number(row["max_points"])} for row in found.values()
        ]

    def _of_assignment(self, assignment: str) -> dict[tuple[str, str], str]:
        """The exercise by notebook and grade id."""
        if assignment not in self.names:
            found: dict[tuple[str, str], str] = {}
            for notebook in self.course.notebooks(assignment) if assignment in self.course.chapters else ():
                gaps = gaps_of_tests(notebook.cells.values())
                for grade_id, cell in notebook.cells.items():
                    if role(cell) in ("test", "manual", "task"):
                        found[notebook.name, grade_id] = gaps.get(grade_id, grade_id)
            self.names[assignment] = found
        return self.names[assignment]


def _name(student: Any, form: str) -> str:
    """A student's name in one line, without what is missing of it; their id where all is."""
    first, last = (" ".join((part or "").split()) for part in (student.first_name, student.last_name))
    return form.format(first=first, last=last).strip(", ") or (student.id if "last" in form and "first" in form else "")


def _feedback(one: _Standing, exercises: _Exercises) -> str:
    """What a student sees beside the grade, in any language: the points of each exercise, and those taken off for being late."""
    parts = [f"{row['exercise']} {row['points']}/{row['max_points']}" for row in exercises.points(one)]
    if one.penalty:
        parts.append(f"−{number(one.penalty)}")
    return "; ".join(parts)
