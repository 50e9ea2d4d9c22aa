"""The one way from a submission to a notebook that can be graded."""

from __future__ import annotations

from nbformat.notebooknode import NotebookNode

from autograder.course.course import Course
from autograder.course.stubs import stub_cell
from autograder.course.variants import mixed_up
from autograder.i18n import N_
from autograder.language.notebooks import language_of, translated
from autograder.submission.choose import Chosen
from autograder.submission.notes import Note
from autograder.submission.repair import repair
from llmkit.cells import grade_id, role
from llmkit.i18n import using

MIXED_UP = N_("This file is of variant {other} of the exam, and yours is variant {own}, by which you are graded.")


def prepare(course: Course, chosen: Chosen) -> NotebookNode:
    """Rebuilds a submission on the course's notebook, in the language of the submission.

    Args:
        course: the course.
        chosen: the submission, and the notebook of `source/` that it answers; not changed.

    Returns:
        A notebook for `grade_notebook`, hidden tests included. What was repaired is recorded in it, see `notes.notes_of`; if nothing
        is graded, the reason, see `notes.refusal_of`.
    """
    language = language_of(chosen.submission)
    skeleton = translated(course, chosen.source, language)
    with using(language):
        rebuilt, notes = repair(chosen.submission, skeleton.nb)
        other = mixed_up(chosen.source.path, prose(chosen.submission))
        if other is not None:
            notes = [Note("variant", None, MIXED_UP, {"other": other.code, "own": other.own}), *notes]
        notes = [*chosen.notes, *notes] if chosen.refused is None else [chosen.refused]
        rebuilt.metadata["autograder"] = {"notes": [str(note) for note in notes], "file": chosen.file}
        if chosen.refused is not None:
            rebuilt.metadata.autograder["refused"] = str(chosen.refused)
    for cell in rebuilt.cells:
        if role(cell) in ("gap", "manual"):
            # nbgrader recognises an empty gap by the checksum of the release's cell.
            stub = stub_cell(skeleton.cells[grade_id(cell)])
            cell.metadata.nbgrader["checksum"] = stub.metadata.nbgrader["checksum"]
    return rebuilt


def prose(submission: NotebookNode) -> list[str]:
    """The texts of a notebook's cells of prose."""
    cells = (cell for cell in submission.get("cells", []) if isinstance(cell, dict))
    return [str(cell.get("source", "")) for cell in cells if cell.get("cell_type") == "markdown"]
