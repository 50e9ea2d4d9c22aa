"""Which notebook of the course a submission answers."""

from __future__ import annotations

from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.course.course import Course, SourceNotebook
from autograder.errors import UnknownAssignment
from llmkit.cells import grade_id


def identify(course: Course, submission: NotebookNode, path: Path) -> SourceNotebook:
    """The course notebook that a submission answers: the one that shares the most cells, else the one with the same name.

    Raises:
        UnknownAssignment: it shares neither with any notebook of the course.
    """
    ids = {cell.get("id") for cell in submission.cells} | {grade_id(cell) for cell in submission.cells}
    sources = list(course.notebooks())
    best = max(sources, key=lambda source: (len(ids & set(source.cells)), source.name in path.stem), default=None)
    if best is not None and (ids & set(best.cells) or best.name in path.stem):
        return best
    known = ", ".join(source.name for source in sources)
    raise UnknownAssignment(
        f"{path}: no exercise of this course is in it", f"submit one of the course's notebooks: {known}"
    )
