"""The marks of a notebook that could not be graded: nothing, and why."""

from __future__ import annotations

from nbformat.notebooknode import NotebookNode

from autograder.grading.notebook import questions_of, record_mark
from autograder.judge.marks import CellMark, NotebookMark
from autograder.language.notebooks import language_of
from autograder.submission.notes import notes_of, refusal_of
from llmkit.cells import gaps_of_tests, grade_id, role
from llmkit.i18n import using


def mark_refused(notebook: NotebookNode, name: str) -> NotebookMark:
    """Gives every test no points, with the reason; no code runs.

    Args:
        notebook: what `prepare` made of nothing; each test cell gets its mark, see `grade_notebook`.
        name: the notebook's name.

    Returns:
        The marks.
    """
    gap_of = gaps_of_tests(notebook.cells)
    marks = []
    for cell in notebook.cells:
        if role(cell) != "test":
            continue
        id = grade_id(cell)
        mark = CellMark(
            id, float(cell.metadata.nbgrader.points), 0.0, error=refusal_of(notebook), exercise=gap_of.get(id, "")
        )
        marks.append(mark)
        with using(language_of(notebook)):
            record_mark(cell, mark)
    return NotebookMark(name, marks, notes_of(notebook), questions=questions_of(notebook))
