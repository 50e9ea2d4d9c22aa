"""nbgrader's converters, made to be stopped and started again: `nbgrader autograde` and `nbgrader generate_feedback` run these."""

from __future__ import annotations

import errno
import glob
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import nbgrader.apps.api
import nbgrader.apps.autogradeapp
import nbgrader.apps.generatefeedbackapp
import nbgrader.apps.zipcollectapp
import nbgrader.coursedir
import nbgrader.exchange.default.collect
import nbgrader.utils
from filelock import FileLock, Timeout
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import remove, rmtree

from autograder.errors import CannotGrade, CourseError, GradebookUnavailable, printable
from autograder.gradebook import copies, database
from autograder.gradebook.copies import CopiesRegularFiles
from autograder.gradebook.dates import parse_utc, read_timestamp
from autograder.gradebook.records import NOT_YET, Record, Records


class _ByStudent:
    """What both converters share: where a student's files are, and errors in one line."""

    coursedir: CourseDirectory
    log: logging.Logger
    notebooks: list[str]

    def _begin(self) -> None:
        self._records = Records(self.coursedir, self.coursedir.assignment_id)
        if not any(isinstance(f, _OneLine) for f in self.log.filters):
            self.log.addFilter(_OneLine())
            self.log.addFilter(_Printable())

    def _excluded(self, student: str) -> bool:
        return student in self.coursedir.student_id_exclude.split(",")

    def _clear(self, folder: Path) -> None:
        """Removes what an earlier run has made of the notebooks that this one is about."""
        if self.coursedir.notebook_id == "*":
            rmtree(str(folder))
            return
        for notebook in self.notebooks:
            for path in folder.glob(f"{glob.escape(Path(notebook).stem)}.*"):
                remove(str(path))


class GradingRun(_ByStudent, Autograde, CopiesRegularFiles):
    """Autograde that knows what is graded.

    A submission is graded when there is no record of its grading, when it has changed since, or when its marks or files are gone; no other is.
    In the end everybody who was not graded is named, with the reason, and the exit status is 1. Two runs at once share the class.
    """

    def start(self) -> None:
        self._begin()
        self._begun: set[str] = set()
        self._graded: list[str] = []
        self._kept: list[str] = []
        self._not_graded: dict[str, str] = {}
        self._look_at: dict[str, str] = {}
        self._partly: list[str] = []  # notebooks of somebody who has been graded
        self._refused: list[str] = []
        self._stopped = ""
        self._student = ""
        self._lock: FileLock | None = None
        try:
            super().start()
        except GradebookUnavailable as error:
            self.log.error("nothing was graded: %s", error)
            raise NbGraderException(str(error)) from error

    def init_notebooks(self) -> None:
        folders = glob.glob(self._format_source(self.coursedir.assignment_id, self.coursedir.student_id))
        try:
            super().init_notebooks()
        except NbGraderException:
            if not folders:
                raise
        for folder in folders:
            student = self._student_of(folder)
            if folder not in self.assignments and not self._excluded(student):
                self._not_graded[student] = (
                    f"{folder}: there is no notebook in it. Remedy: ask for the file that ends in .ipynb."
                )

    def _student_of(self, folder: str) -> str:
        pattern = self._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True)
        found = re.match(pattern, folder)
        return found["student_id"] if found else Path(folder).parent.name

    def convert_notebooks(self) -> None:
        if any(self._why(self._student_of(folder), files) for folder, files in self.assignments.items()):
            # Where the hook ends the run, because the sandbox cannot start, nothing has been touched.
            self.run_pre_convert_hook()
        for student, reason in self._not_graded.items():
            if not self._records.graded(student).exists():
                self._records.write(student, Record(refused=reason))
        try:
            super().convert_notebooks()
        finally:
            self._unlock()
            self._sum_up()
        if self._not_graded or self._partly:
            raise NbGraderException("not everything was graded")

    def _why(self, student: str, files: list[str]) -> str:
        """Why to grade a submission; empty where there is nothing to do."""
        return self._records.why_grade(student, [Path(file).stem for file in files]) or (
            "--force" if self.force else ""
        )

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        if self._excluded(student_id):
            return False
        if self._stopped:
            self._not_graded[student_id] = f"the run stopped before. {self._stopped}"
            return False
        self._unlock()
        self._lock_for(student_id)
        with self.reasons(student_id):
            why = self._why(student_id, self.notebooks)
            if not why:
                self._kept.append(student_id)
                self._name_refused(student_id, (self._records.read(student_id) or Record()).not_graded)
                self.log.info("%s is graded, and has handed in nothing new; to grade again: --force", student_id)
                return False
            folder = self._records.graded(student_id)
            if why != NOT_YET:
                self.log.warning("%s is graded again: %s", student_id, why)
            self._begun.add(student_id)
            self._refused = []
            self._student, self._submitted = student_id, self._records.digests(student_id)
            self._before = self._records.read(student_id) or Record()
            self._records.forget(student_id)
            if folder.exists():
                self._clear(folder)
        if problem := read_timestamp(self._records.submission(student_id))[1]:
            self._look_at[student_id] = problem
        return True

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        with self.reasons(student_id):
            super().init_assignment(assignment_id, student_id)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        with self.reasons(self._student):
            super().convert_single_notebook(notebook_filename)

    def run_post_convert_hook(self) -> None:
        super().run_post_convert_hook()
        with self.reasons(self._student):
            record = Record(submitted=self._submitted, graded=[Path(notebook).stem for notebook in self.notebooks])
            record.not_graded = self._refused
            if self._before.submitted == self._submitted:
                # Those that --notebook left out now.
                others = set(self._before.graded) - set(record.graded)
                record.not_graded += [line for line in self._before.not_graded if line.partition(":")[0] in others]
                record.graded = sorted({*record.graded, *others})
            record.marks = self._records.marks(self._student)
            self._records.write(self._student, record)
        self._graded.append(self._student)
        self._name_refused(self._student, record.not_graded)

    def refuse(self, what: str) -> None:
        """Notes a notebook of the student whose turn it is that cannot be graded, with the reason."""
        self._refused.append(what)

    def _name_refused(self, student: str, lines: list[str]) -> None:
        self._partly += [f"{student}, {line}" for line in lines]

    @contextmanager
    def reasons(self, student: str) -> Iterator[None]:
        """Writes down why a student was not graded; ends the run where the next student would fare alike."""
        try:
            yield
        except Exception as error:
            told = error
            if isinstance(error, OSError):
                told = _in_words(error)
            self._not_graded[student] = str(told)
            if isinstance(error, GradebookUnavailable) or getattr(error, "errno", 0) in (errno.ENOSPC, errno.EDQUOT):
                self._stopped = str(told)
            else:
                self._records.write(student, Record(refused=str(told)))
            if told is not error:
                raise told from None
            raise

    def _lock_for(self, student: str) -> None:
        """Waits while another run grades the student."""
        self._records.folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(self._records.folder / f"{student}.lock")
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            self.log.warning("%s is being graded by another run; waiting for it", student)
            self._lock.acquire()

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _sum_up(self) -> None:
        name = self.coursedir.assignment_id
        for folder in self.assignments:
            student = self._student_of(folder)
            if student not in (*self._graded, *self._kept) and not self._excluded(student):
                end = "its grading did not come to its end" if student in self._begun else "the run was stopped before"
                self._not_graded.setdefault(student, f"{end}. Remedy: run the same command again.")
        counts = f"{len(self._graded)} graded, {len(self._kept)} kept as they were, {len(self._not_graded)} not graded"
        if self._partly:
            counts += f"; notebooks not graded: {len(self._partly)}"
        (self.log.error if self._not_graded or self._partly else self.log.info)("%s: %s", name, counts)
        for student, problem in sorted(self._look_at.items()):
            self.log.warning("look at %s: %s", student, problem)
        for student, reason in sorted(self._not_graded.items()):
            self.log.error("not graded: %s: %s", student, reason)
        for line in self._partly:
            self.log.error("not graded, with the reason on the feedback page: %s", line)


class FeedbackRun(_ByStudent, GenerateFeedback, CopiesRegularFiles):
    """GenerateFeedback that writes a page again when what it shows has changed, and none of a grading that did not end."""

    def start(self) -> None:
        self._begin()
        self._unfinished: dict[str, str] = {}
        self._student = ""
        try:
            super().start()
        except GradebookUnavailable as error:
            self.log.error("no feedback was written: %s", error)
            raise NbGraderException(str(error)) from error

    def convert_notebooks(self) -> None:
        try:
            super().convert_notebooks()
        finally:
            for student, reason in sorted(self._unfinished.items()):
                remedy = f"nbgrader autograde {self.coursedir.assignment_id}"
                self.log.error("no feedback for %s: %s. Remedy: %s.", student, reason, remedy)
        if self._unfinished:
            raise NbGraderException("not everybody has feedback")

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        if self._excluded(student_id):
            return False
        if reason := self._records.why_unsound(student_id):
            self._unfinished[student_id] = reason
            return False
        folder = Path(self._format_dest(assignment_id, student_id))
        pages = [folder / f"{Path(notebook).stem}.html" for notebook in self.notebooks]
        record = self._records.read(student_id) or Record()
        self._student, self._shown = student_id, self._records.shown(student_id)
        if not self.force and record.feedback == self._shown and all(page.exists() for page in pages):
            self.log.info("%s has this feedback already; to write it again: --force", student_id)
            return False
        if folder.exists():
            self._clear(folder)
        return True

    def is_copied(self, path: Path) -> bool:
        """What nbgrader needs to hand the page out, and what the course's own notebooks show; nothing else of the student's."""
        course = self.coursedir
        ours = Path(course.format_path(course.source_directory, ".", course.assignment_id))
        return str(path) in ("timestamp.txt", "submission_secret.txt") or (ours / path).is_file()

    def run_post_convert_hook(self) -> None:
        super().run_post_convert_hook()
        if self.coursedir.notebook_id == "*" and (record := self._records.read(self._student)):
            record.feedback = self._shown
            self._records.write(self._student, record)


def _in_words(error: OSError) -> CourseError:
    where = error.filename or "this machine"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CannotGrade(
            f"{where}: the disk is full", "make room, and run the same command again: what is graded stays graded"
        )
    return CannotGrade(f"{where}: {error.strerror or error}", "look at the file and its permissions, and grade again")


class _OneLine(logging.Filter):
    """Drops nbgrader's traceback where our own error says it in one line."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.msg and str(record.msg).startswith("Traceback") and "autograder.errors." in str(record.msg))


class _Printable(logging.Filter):
    """Escapes what controls a terminal: names of files and errors are the students'."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            record.msg, record.args = printable(record.getMessage()), None
        except (TypeError, ValueError):  # logging says that the message does not fit its arguments
            return True
        return True


def _get_existing_timestamp(course: CourseDirectory, folder: str) -> Any:
    """In place of nbgrader's own, which fails on what is not UTF-8 and on what is not a date."""
    when, problem = read_timestamp(Path(folder))
    if problem:
        course.log.warning("%s", problem)
    return when


def _get_submitted_timestamp(self: Any, assignment: str, student: str) -> Any:
    course = self.coursedir
    return _get_existing_timestamp(course, course.format_path(course.submitted_directory, student, assignment))


def _told_in_one_line(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if isinstance(error, CourseError):
        print(f"error: {error}", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


def install(autograde: type[GradingRun]) -> None:
    """Puts all this in nbgrader's places, which it has no setting for: in the commands, and in formgrader.

    Args:
        autograde: what grades.
    """
    database.install()
    copies.install()
    apps = nbgrader.apps
    for module in (apps.autogradeapp, apps.api):
        module.Autograde = autograde
    for module in (apps.generatefeedbackapp, apps.api):
        module.GenerateFeedback = FeedbackRun
    collect = nbgrader.exchange.default.collect
    for module in (nbgrader.utils, nbgrader.coursedir, apps.api, apps.zipcollectapp, collect):
        module.parse_utc = parse_utc
    CourseDirectory.get_existing_timestamp = _get_existing_timestamp
    apps.api.NbGraderAPI.get_submitted_timestamp = _get_submitted_timestamp
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _told_in_one_line
