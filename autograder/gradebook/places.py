"""Puts what is ours in nbgrader's places: in its commands, and in formgrader."""

from __future__ import annotations

import sys
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
from nbgrader.coursedir import CourseDirectory

from autograder.errors import CourseError
from autograder.gradebook import copies, database
from autograder.gradebook.dates import parse_utc, read_timestamp
from autograder.gradebook.feedback import FeedbackRun
from autograder.gradebook.run import GradingRun


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
    elif not issubclass(kind, KeyboardInterrupt):  # the one who pressed Ctrl-C knows; the exit status tells others
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
