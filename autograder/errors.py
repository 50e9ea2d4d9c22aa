"""What users read when something is wrong: where, what, and the remedy, in one line."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Controls a terminal, turns the direction of what follows, or cannot be written at all; lines and tabs stay.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """A text, part of which a student may have written, as it may go to a terminal: characters that control one are escaped as in JSON."""
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class CourseError(Exception):
    """Something that the user can fix.

    Args:
        problem: what is wrong, beginning with the file where there is one.
        remedy: what to do about it.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem, self.remedy = problem, remedy

    def __str__(self) -> str:
        return printable(f"{self.problem}. Remedy: {self.remedy}.")


class UnreadableNotebook(CourseError):
    """A file that is not a readable notebook."""


class UnknownAssignment(CourseError):
    """A chapter, notebook or exercise that the course does not have."""


class MissingSource(CourseError):
    """A source notebook that should be there is not."""


class SandboxUnavailable(CourseError):
    """The chosen sandbox cannot start; nothing is graded."""


class NoWorkers(CourseError):
    """No machine of a cluster can grade; what is not graded yet stays so."""


class GradebookUnavailable(CourseError):
    """The gradebook's database cannot be read or written now."""


class CannotGrade(CourseError):
    """A submission that cannot be graded now, for a reason outside it."""


class UnreadableDate(CourseError, ValueError):
    """A text that should be a date is not; also a ValueError, which nbgrader expects of such a text."""


@dataclass(frozen=True)
class Problem:
    """Something wrong with a file of the course.

    Attributes:
        file: path relative to the course's folder.
        cell: id of the cell; empty when the whole file is meant.
        what: what is wrong.
        remedy: what to do about it.
    """

    file: str
    cell: str
    what: str
    remedy: str

    def __str__(self) -> str:
        """One line."""
        return printable(f"{self.file}{f' [{self.cell}]' if self.cell else ''}: {self.what}. Remedy: {self.remedy}.")
