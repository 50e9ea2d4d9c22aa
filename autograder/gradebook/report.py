"""What a person should know about a graded class: who was not graded, what was refused, cut short or repaired."""

from __future__ import annotations

import glob
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory

from autograder.errors import CourseError, UnknownAssignment
from autograder.gradebook.database import open_engine
from autograder.gradebook.dates import read_timestamp
from autograder.gradebook.records import Records
from autograder.gradebook.spreadsheet import number, write_table
from autograder.gradebook.statistics import BINS, Statistics, Tally
from autograder.gradebook.touches import touches
from autograder.judge.marks import CellMark
from autograder.language.notebooks import language_of
from autograder.student.endings import tells_of_time
from autograder.submission.notes import notes_of
from llmkit.i18n import using

GRADED, NOT_GRADED, NOT_HANDED_IN = "graded", "not graded", "not handed in"
REFUSED, TIMED_OUT, REPAIRED, LOOK_AT = "refused", "timed out", "repaired", "look at"


@dataclass(frozen=True)
class Finding:
    """One thing to know about a submission.

    Attributes:
        kind: "refused", "timed out", "repaired" or "look at".
        notebook: name of the notebook; empty where it is about the whole submission.
        what: what it is, in the language of the submission where the student reads it, too.
    """

    kind: str
    notebook: str
    what: str


@dataclass(frozen=True)
class StudentReport:
    """One student and one assignment.

    Attributes:
        student: student id.
        state: "graded", "not graded" or "not handed in".
        reason: why it is not graded.
        points: the score in the gradebook, with marks by hand and before the penalty; None where there is none.
        late_penalty: points that are taken off.
        by_hand: cells that wait for a person's mark.
        findings: what else to know.
    """

    student: str
    state: str
    reason: str = ""
    points: float | None = None
    late_penalty: float = 0.0
    by_hand: int = 0
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class ClassReport:
    """An assignment and everybody who is in the gradebook or has handed something in.

    Attributes:
        assignment: its name.
        due: when it is due, in UTC; empty where it has no date.
        max_points: what it is worth.
        students: by student id.
        statistics: of those who were graded.
    """

    assignment: str
    due: str
    max_points: float
    students: list[StudentReport]
    statistics: Statistics = field(default_factory=Statistics)

    def counts(self) -> dict[str, int]:
        """How many students are in each state, and how many have each kind of finding."""
        found = Counter(student.state for student in self.students)
        for student in self.students:
            found.update({finding.kind for finding in student.findings})
        return {
            kind: found[kind] for kind in (GRADED, NOT_GRADED, NOT_HANDED_IN, REFUSED, TIMED_OUT, REPAIRED, LOOK_AT)
        }

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"counts": self.counts()}


def open_course() -> CourseDirectory:
    """The course folder of nbgrader, with the settings of the working directory.

    Raises:
        CourseError: it has no gradebook.
    """
    folder = course_folder()
    engine = open_engine(folder.db_url)
    if engine.dialect.name == "sqlite" and not Path(path := engine.url.database or "").exists():
        raise CourseError(f"{path}: there is no gradebook", "run this in the course's folder, after nbgrader autograde")
    return folder


def course_folder() -> CourseDirectory:
    """The same, with or without a gradebook."""
    app = NbGrader()
    app.initialize([])
    return app.coursedir


def report(course: CourseDirectory, assignment: str = "") -> list[ClassReport]:
    """The report of one assignment, or of all that the gradebook has.

    Raises:
        UnknownAssignment: the gradebook does not have it.
        GradebookUnavailable: the gradebook cannot be read.
    """
    with Gradebook(course.db_url, course.course_id) as gradebook:
        known = [found.name for found in gradebook.assignments]
        if assignment and assignment not in known:
            raise UnknownAssignment(
                f"{assignment}: the gradebook has no such assignment", f"choose one of {', '.join(known) or 'none yet'}"
            )
        return [_of_class(course, gradebook, name) for name in ([assignment] if assignment else known)]


def _of_class(course: CourseDirectory, gradebook: Gradebook, assignment: str) -> ClassReport:
    records = Records(course, assignment)
    found = gradebook.find_assignment(assignment)
    handed_in = handed_in_by(records)
    everybody = sorted(handed_in | {student.id for student in gradebook.students})
    tally = Tally()
    students = [_of_student(records, gradebook, student, student in handed_in, tally) for student in everybody]
    points = [one.points for one in students if one.state == GRADED and one.points is not None]
    numbers = tally.statistics([one / found.max_score for one in points] if found.max_score else [])
    return ClassReport(assignment, f"{found.duedate} UTC" if found.duedate else "", found.max_score, students, numbers)


def handed_in_by(records: Records) -> set[str]:
    """Those who have a folder, whatever is in it."""
    course = records.course
    # The student's own folder, wherever the course's structure of directories has it.
    pattern = course.format_path(course.submitted_directory, "*", records.assignment)
    depth = next(n for n, part in enumerate(reversed(Path(pattern).parts)) if part == "*")
    names = {Path(path).parts[-1 - depth] for path in glob.glob(pattern)}
    return {name for name in names if records.submission(name).exists()}


def _of_student(records: Records, gradebook: Gradebook, student: str, handed_in: bool, tally: Tally) -> StudentReport:
    graded = records.graded(student).exists()
    if not handed_in and not graded:
        return StudentReport(student, NOT_HANDED_IN)
    record = records.read(student)
    if record is not None and record.refused:
        reason = record.refused
    elif handed_in:
        reason = records.why_grade(student, record.marks if record else [])
    else:
        reason = records.why_unsound(student)
    findings = list(_findings(records.graded(student), tally))
    if handed_in and (problem := read_timestamp(records.submission(student))[1]):
        findings.append(Finding(LOOK_AT, "", problem))
    try:
        saved = gradebook.find_submission(records.assignment, student)
    except MissingEntry:
        return StudentReport(student, NOT_GRADED, reason or "the gradebook does not have it", findings=findings)
    return StudentReport(
        student,
        NOT_GRADED if reason else GRADED,
        reason,
        saved.score,
        saved.late_submission_penalty or 0.0,
        sum(grade.needs_manual_grade for notebook in saved.notebooks for grade in notebook.grades),
        findings,
    )


def _findings(folder: Path, tally: Tally) -> Iterator[Finding]:
    """What the graded notebooks of a submission tell; those that have marks of their own are counted."""
    for path in sorted(folder.glob("*.ipynb")):
        try:
            notebook = nbformat.read(path, as_version=4)
        except Exception as error:  # a half-written file fails in many ways
            yield Finding(LOOK_AT, path.stem, f"{path}: the graded notebook cannot be read ({type(error).__name__})")
            continue
        if refused := notebook.metadata.get("autograder", {}).get("refused", ""):
            yield Finding(REFUSED, path.stem, refused)
            continue
        tally.add(path.stem, notebook)
        with using(language_of(notebook)):
            for what in dict.fromkeys(_cut_short(notebook)):
                yield Finding(TIMED_OUT, path.stem, what)
        for note in notes_of(notebook):
            yield Finding(REPAIRED, path.stem, note)
        for cell in notebook.cells:
            if cell.cell_type == "code" and cell.metadata.get("autograder", {}).get("origin") in ("gap", "student"):
                for line, what in touches(cell.source):
                    name = cell.metadata.get("nbgrader", {}).get("grade_id") or cell.id
                    yield Finding(LOOK_AT, path.stem, f"{name}, line {line}: {what}; its marks are as they are")


def _cut_short(notebook: NotebookNode) -> Iterator[str]:
    """What says that a limit of time was met: of exercises, and of the student's cells."""
    for cell in notebook.cells:
        if "mark" in (info := cell.metadata.get("autograder", {})):
            mark = CellMark.from_dict(info["mark"])
            for message in (mark.error, *(check.message for check in mark.checks)):
                if tells_of_time(message):
                    yield f"{mark.title}: {message}"
        else:
            for output in cell.get("outputs", ()):
                if output.get("ename") == "Stopped" and tells_of_time(output.evalue):
                    yield f"{cell.metadata.get('nbgrader', {}).get('grade_id') or cell.id}: {output.evalue}"


def grouped(one: ClassReport) -> dict[str, list[tuple[str, str]]]:
    """By kind whom there is something to know of, and what; students who were graded and of whom nothing is known are in none."""
    told = [(s.state, s.student, s.reason) for s in one.students if s.state != GRADED]
    for s in one.students:
        told += [(f.kind, f"{s.student}, {f.notebook}" if f.notebook else s.student, f.what) for f in s.findings]
        if s.late_penalty:
            told.append(("late", s.student, f"{s.late_penalty:g} points are taken off"))
        if s.by_hand:
            told.append(("to be marked by hand", s.student, f"{s.by_hand} cell{'s' * (s.by_hand != 1)}"))
    return {
        kind: [(who, what) for k, who, what in told if k == kind] for kind in dict.fromkeys(kind for kind, _, _ in told)
    }


def as_text(reports: list[ClassReport]) -> str:
    """The counts of each assignment, then by kind what to know of whom."""
    lines = []
    for one in reports:
        counts = ", ".join(f"{count} {kind}" for kind, count in one.counts().items() if count) or "nobody yet"
        lines.append(f"{one.assignment}: {counts}" + (f"; due {one.due}" if one.due else ""))
        for kind, told in grouped(one).items():
            lines.append(f"  {kind}")
            lines += [f"    {who}: {what}" if what else f"    {who}" for who, what in told]
    return "".join(f"{line}\n" for line in lines)


def as_csv(reports: list[ClassReport]) -> str:
    """One line for each finding, and one for each student without any."""
    rows = [
        {
            "assignment": one.assignment,
            "student": s.student,
            "state": s.state,
            "reason": s.reason,
            "points": number(s.points),
            "max_points": number(one.max_points),
            "late_penalty": number(s.late_penalty),
            "by_hand": s.by_hand,
            "kind": finding.kind,
            "notebook": finding.notebook,
            "what": finding.what,
        }
        for one in reports
        for s in one.students
        for finding in s.findings or [Finding("", "", "")]
    ]
    return _table(
        ("assignment", "student", "state", "reason", "points", "max_points", "late_penalty", "by_hand", "kind", "notebook", "what"),
        rows,
    )  # fmt: skip


def as_statistics_csv(reports: list[ClassReport]) -> str:
    """What the class as a whole did, each line a count: kind says of what, count how many students, of out of how many."""
    rows: list[dict[str, Any]] = []

    def add(one: ClassReport, kind: str, notebook: str, exercise: str, what: str, count: int, of: int) -> None:
        values = (one.assignment, kind, notebook, exercise, what, count, of)
        rows.append(dict(zip(columns, values, strict=True)))

    columns = ("assignment", "kind", "notebook", "exercise", "what", "count", "of")
    for one in reports:
        numbers, graded = one.statistics, sum(one.statistics.marks)
        for place, count in enumerate(numbers.marks):
            add(one, "marks", "", "", f"{100 * place // BINS}–{100 * (place + 1) // BINS} %", count, graded)
        for it in numbers.exercises:
            of = it.full + it.partly + it.nothing + it.empty
            for what in ("full", "partly", "nothing", "empty"):
                add(one, "exercise", it.notebook, it.exercise, what, getattr(it, what), of)
        for check in numbers.checks:
            kind = "hidden check" if check.hidden else "check"
            add(one, kind, check.notebook, check.exercise, check.check, check.failed, check.of)
        for mistake in numbers.mistakes:
            add(one, "mistake", "", mistake.exercise, mistake.explanation, mistake.students, graded)
    return _table(columns, rows)


def _table(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> str:
    stream = io.StringIO()
    write_table(stream, columns, rows)
    return stream.getvalue()
