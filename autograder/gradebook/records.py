"""What has been graded, written down when it is done: so a run that ended early, a new submission and lost marks are noticed.

The records lie under `autograded/.grading`, where neither students nor nbgrader look, and move with what they tell of.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files

FOLDER = ".grading"

NOT_YET = "not graded yet"
UNFINISHED = "its grading ended before its end"
INCOMPLETE = "not all of its notebooks are graded"
NEW = "handed in again since it was graded"
LOST_FILES = "graded files are gone"
LOST_MARKS = "the gradebook does not hold its marks"


@dataclass
class Record:
    """What is known of one student's submission.

    Attributes:
        refused: why it could not be graded; empty when it was.
        submitted: the files of the submission that was graded, and their digests.
        graded: the names of the notebooks that were graded; all of them, unless `--notebook` chose some.
        not_graded: of these the ones that got no mark but a reason: name, colon, reason.
        marks: the automatic marks of each of the assignment's notebooks by grade id.
        written: digests of the answers to the questions that a person marks: of each notebook by grade id.
        feedback: digest of the marks and comments of which feedback was written.
    """

    refused: str = ""
    submitted: dict[str, str] = field(default_factory=dict)
    graded: list[str] = field(default_factory=list)
    not_graded: list[str] = field(default_factory=list)
    marks: dict[str, dict[str, float | None]] = field(default_factory=dict)
    written: dict[str, dict[str, str]] = field(default_factory=dict)
    feedback: str = ""


class Records:
    """The records of one assignment.

    Args:
        course: nbgrader's course folder.
        assignment: name of the assignment.
    """

    def __init__(self, course: CourseDirectory, assignment: str) -> None:
        self.course, self.assignment = course, assignment
        self.folder = Path(course.format_path(course.autograded_directory, FOLDER, assignment))

    def submission(self, student: str) -> Path:
        """The folder that the student handed in."""
        return Path(self.course.format_path(self.course.submitted_directory, student, self.assignment))

    def graded(self, student: str) -> Path:
        """The folder of the student's graded notebooks."""
        return Path(self.course.format_path(self.course.autograded_directory, student, self.assignment))

    def lock(self, student: str) -> FileLock:
        """Held while the student is graded; another run waits, or goes on with somebody else."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self.folder / f"{student}.lock")

    def whole(self) -> FileLock:
        """Held while the assignment itself is written; runs that share the class wait for each other."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(self.folder.parent / f"{self.assignment}.lock")

    def read(self, student: str) -> Record | None:
        """The student's record; None where there is none that can be read."""
        try:
            return Record(**json.loads(self._path(student).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, student: str, record: Record) -> None:
        """Writes a record, all of it or nothing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(student)
        new = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            with new.open("w", encoding="utf-8") as stream:
                json.dump(asdict(record), stream, ensure_ascii=False, indent=1)
                stream.flush()
                os.fsync(stream.fileno())
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)

    def forget(self, student: str) -> None:
        """From here on the student's submission counts as not graded."""
        self._path(student).unlink(missing_ok=True)

    def _path(self, student: str) -> Path:
        return self.folder / f"{student}.json"

    def digests(self, student: str) -> dict[str, str]:
        """The files of a submission and the SHA-256 of each; of a link where it points to, of a file that cannot be read nothing."""
        root = self.submission(student)
        paths = sorted(find_all_files(str(root), self.course.ignore))
        return {Path(path).relative_to(root).as_posix(): _digest(Path(path)) for path in paths}

    def why_grade(self, student: str, notebooks: Iterable[str]) -> str:
        """Why a submission has to be graded, or graded again; empty where what is graded is what was handed in.

        Args:
            student: student id.
            notebooks: names of the notebooks that should be graded; those that the assignment does not have do not count.

        Raises:
            GradebookUnavailable: the gradebook cannot be read.
        """
        if not self.graded(student).exists():
            return NOT_YET
        record = self.read(student)
        if record is None or record.refused:
            return UNFINISHED
        if record.submitted != self.digests(student):
            return NEW
        if (set(notebooks) & set(record.marks)) - set(record.graded):
            return INCOMPLETE
        return self.why_unsound(student)

    def why_unsound(self, student: str) -> str:
        """What is missing of a grading that is said to be done; empty where all is there.

        Raises:
            GradebookUnavailable: the gradebook cannot be read.
        """
        record = self.read(student)
        if record is None or record.refused:
            return UNFINISHED
        folder = self.graded(student)
        there = {path.stem for path in folder.glob("*.ipynb") if path.stat().st_size}
        if not there.issuperset(record.graded):
            return LOST_FILES
        return "" if self.marks(student) == record.marks else LOST_MARKS

    def marks(self, student: str) -> dict[str, dict[str, float | None]]:
        """The automatic marks in the gradebook: of each notebook by grade id."""
        with Gradebook(self.course.db_url, self.course.course_id) as gradebook:
            try:
                notebooks = gradebook.find_submission(self.assignment, student).notebooks
            except MissingEntry:
                return {}
            return {n.name: {grade.name: grade.auto_score for grade in n.grades} for n in notebooks}

    def shown(self, student: str) -> str:
        """A digest of everything in the gradebook that a feedback page shows."""
        with Gradebook(self.course.db_url, self.course.course_id) as gradebook:
            notebooks: list[Any] = []
            with contextlib.suppress(MissingEntry):
                notebooks = gradebook.find_submission(self.assignment, student).notebooks
            said = sorted(
                (
                    n.name,
                    n.late_submission_penalty or 0,
                    sorted(
                        (g.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade) for g in n.grades
                    ),
                    sorted((c.name, c.auto_comment, c.manual_comment) for c in n.comments),
                )
                for n in notebooks
            )
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _digest(path: Path) -> str:
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            return f"link to {os.readlink(path)}"
        if not stat.S_ISREG(mode):
            return "not a file"
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
