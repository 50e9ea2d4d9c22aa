"""What nbgrader's converters share here: where a student's files are, and errors in one line."""

from __future__ import annotations

import errno
import glob
import logging
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import remove, rmtree

from autograder.errors import CannotGrade, CourseError, printable
from autograder.gradebook.records import Records


class ByStudent:
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


def in_words(error: OSError) -> CourseError:
    """What the operating system has refused, with the remedy."""
    where = error.filename or "this machine"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CannotGrade(
            f"{where}: the disk is full", "make room, and run the same command again: what is graded stays graded"
        )
    return CannotGrade(f"{where}: {error.strerror or error}", "look at the file and its permissions, and grade again")


class _OneLine(logging.Filter):
    """Drops nbgrader's traceback where our own error says it in one line."""

    def filter(self, record: logging.LogRecord) -> bool:
        # The second is how one begins that comes from a fork.
        begins = ("Traceback", "concurrent.futures.process._RemoteTraceback")
        return not (str(record.msg).startswith(begins) and "autograder.errors." in str(record.msg))


class _Printable(logging.Filter):
    """Escapes what controls a terminal: names of files and errors are the students'."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            record.msg, record.args = printable(record.getMessage()), None
        except (TypeError, ValueError):  # logging says that the message does not fit its arguments
            return True
        return True
