"""The errors that users read: what is wrong, where, and the remedy, in one line."""

from __future__ import annotations


class CourseError(Exception):
    """Something that the user can put right.

    Args:
        problem: what is wrong, beginning with the file where there is one.
        remedy: what to do about it.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem, self.remedy = problem, remedy

    def __str__(self) -> str:
        return f"{self.problem}. Remedy: {self.remedy}."


class UnreadableNotebook(CourseError):
    """A file that is no readable notebook."""


class UnknownAssignment(CourseError):
    """A chapter, notebook or exercise that the course does not have."""


class MissingSource(CourseError):
    """A source notebook that should be there is not."""


class SandboxUnavailable(CourseError):
    """The chosen sandbox cannot start; nothing is graded."""
