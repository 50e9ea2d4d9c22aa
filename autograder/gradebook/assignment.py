"""Whether the gradebook knows all of an assignment: saving one may have been cut short, and notebooks are added."""

from __future__ import annotations

from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from autograder.course.course import read_notebook
from llmkit.cells import grade_id


def is_saved(gradebook: Gradebook, assignment: str, source: Path) -> bool:
    """Whether every source notebook is in the gradebook with its cells.

    A notebook that has submissions counts as it is, because nbgrader does not change its cells any more.

    Args:
        gradebook: nbgrader's gradebook, open.
        assignment: name of the assignment.
        source: the folder of its source notebooks.

    Raises:
        UnreadableNotebook: one of the source notebooks is not a notebook.
    """
    for path in source.glob("*.ipynb"):
        try:
            saved = gradebook.find_notebook(path.stem, assignment)
        except MissingEntry:
            return False
        known = {
            cell.name for cell in (*saved.grade_cells, *saved.solution_cells, *saved.task_cells, *saved.source_cells)
        }
        ids = {grade_id(cell) for cell in read_notebook(path).cells} - {None, ""}
        if not saved.submissions and not ids <= known:
            return False
    return True
