"""The `autograder` command; its parts register what they hold."""

from __future__ import annotations

import sys

from autograder.cli import authoring
from autograder.cli.console import app, complaints, escape
from autograder.cli.grading import show
from autograder.errors import CourseError

__all__ = ["app", "authoring", "main", "show"]


def main() -> None:
    """Runs the command; one of our own errors becomes one line and exit status 2, without a traceback."""
    try:
        app(standalone_mode=True)
    except CourseError as error:
        complaints.print(f"[red]error:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(2)
