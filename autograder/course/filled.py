"""Notebooks made from answers: the course's notebook with given code in its gaps."""

from __future__ import annotations

from copy import deepcopy

from nbformat.notebooknode import NotebookNode

from autograder.course.course import Exercise, SourceNotebook
from autograder.course.stubs import stub_cell
from llmkit.cells import grade_id, role


def answered(source: SourceNotebook, answers: dict[str, str]) -> NotebookNode:
    """A rebuilt notebook, as `repair` makes it: gaps contain the given code, or the release's empty stub.

    Args:
        source: the course's notebook.
        answers: code by grade_id of the gap.

    Returns:
        A notebook for `grade_notebook`, hidden tests included.
    """
    notebook = deepcopy(source.nb)
    for index, cell in enumerate(notebook.cells):
        origin = "course"
        if role(cell) in ("gap", "manual"):
            cell = notebook.cells[index] = stub_cell(cell)
            cell.source = answers.get(grade_id(cell), cell.source)
            origin = "gap"
        cell.metadata["autograder"] = {"origin": origin}
    return notebook


def only_exercise(source: SourceNotebook, exercise: Exercise, code: str | None) -> NotebookNode:
    """The notebook with one gap answered (None: left empty) and only that exercise's tests."""
    notebook = answered(source, {} if code is None else {exercise.grade_id: code})
    keep_tests_of(notebook, exercise)
    return notebook


def keep_tests_of(notebook: NotebookNode, exercise: Exercise) -> None:
    """Leaves no test in a notebook but those of one exercise, and no question that a person marks."""
    notebook.cells = [
        cell for cell in notebook.cells if role(cell) not in ("test", "task") or grade_id(cell) in exercise.test_ids
    ]
