"""Grades a class from a command of our own, by nbgrader's settings in the working folder."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import nbgrader.apps.autogradeapp as commands

from autograder.errors import CourseError
from autograder.gradebook.run import GradingRun


def grade_class(assignment: str, students: Sequence[str], workers: int, force: bool) -> bool:
    """Does what `nbgrader autograde` does, with a progress bar in place of its log.

    Args:
        assignment: such as ch03.
        students: whom to grade; everybody if empty.
        workers: how many submissions are graded at once; 0 for as many as there are processors.
        force: whether to grade again what is graded.

    Returns:
        Whether everybody was graded; what was not is told in the log, with the reason.

    Raises:
        CourseError: nbgrader's settings here know nothing of the course.
    """
    app = commands.AutogradeApp.instance()
    app.initialize([assignment, *(["--force"] if force else [])])
    if not issubclass(commands.Autograde, GradingRun):
        raise CourseError(
            f"the settings of nbgrader in {app.coursedir.root} do not load the course's plug-in",
            "run this in the course's folder, or copy its nbgrader_config.py here",
        )
    app.config.GradingRun.workers, app.config.GradingRun.students = workers, list(students)
    app.config.GradingRun.bar = True
    app.log.addFilter(_Essential())
    try:
        app.start()
    except SystemExit as end:
        return not end.code
    return True


class _Essential(logging.Filter):
    """What the bar does not show: warnings, errors, and the summary."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING or " kept as they were, " in record.getMessage()
