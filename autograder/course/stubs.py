"""Empty gaps as the release holds them, made by nbgrader's own preprocessors."""

from __future__ import annotations

from copy import deepcopy

from nbformat.notebooknode import NotebookNode
from traitlets.config import Config

STUB = "# YOUR CODE HERE\nraise NotImplementedError"


def release_config() -> Config:
    """How nbgrader makes a release of this course; for nbgrader's own commands and for ours."""
    config = Config()
    config.ClearSolutions.code_stub = {"python": STUB}
    config.ClearSolutions.begin_solution_delimeter = "BEGIN SOLUTION"
    config.ClearSolutions.end_solution_delimeter = "END SOLUTION"
    config.ClearHiddenTests.begin_test_delimeter = "BEGIN HIDDEN TESTS"
    config.ClearHiddenTests.end_test_delimeter = "END HIDDEN TESTS"
    return config


def stub_cell(cell: NotebookNode) -> NotebookNode:
    """A gap as the release holds it, by nbgrader's own preprocessors: emptied, locked against deletion, with its checksum.

    Args:
        cell: the gap's cell in the source; left as it is.
    """
    from nbgrader.preprocessors import ClearSolutions, ComputeChecksums, LockCells

    made = deepcopy(cell)
    config = release_config()
    for step in (LockCells(config=config), ClearSolutions(config=config), ComputeChecksums(config=config)):
        made, _ = step.preprocess_cell(made, {"language": "python"}, 0)
    return made
