"""A course of one small chapter without torch, for tests of what handles notebooks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

GAP = '''def double(number: int) -> int:
    """Twice a number."""
    ### BEGIN SOLUTION
    twice_the_number = number + number
    return twice_the_number
    ### END SOLUTION'''

TEST = """from llmkit.testing import Checks, assert_equal

check = Checks(points=2)

with check("two becomes four"):
    assert_equal(double(2), 4)
### BEGIN HIDDEN TESTS
with check("negative numbers are doubled too", weight=3):
    assert_equal(double(-1234567), -2469134)
### END HIDDEN TESTS
check.report()"""

SECOND_GAP = '''class Counter:
    """Counts how often it was called."""

    def __init__(self) -> None:
        ### BEGIN SOLUTION
        self.calls_so_far = 0
        ### END SOLUTION

    def __call__(self) -> int:
        """One more than before."""
        ### BEGIN SOLUTION
        self.calls_so_far += 1
        return self.calls_so_far
        ### END SOLUTION'''

SECOND_TEST = """from llmkit.testing import Checks, assert_equal

check = Checks(points=3)

with check("the first call gives one"):
    assert_equal(Counter()(), 1)
### BEGIN HIDDEN TESTS
with check("two counters count apart"):
    one, other = Counter(), Counter()
    one()
    assert_equal(other(), 1, what="the other counter")
### END HIDDEN TESTS
check.report()"""


def markdown(id: str, source: str) -> NotebookNode:
    return nbformat.v4.new_markdown_cell(source, id=id)


def code(id: str, source: str, grade_id: str | None = None, **info: Any) -> NotebookNode:
    """A code cell; with a grade_id one of nbgrader's."""
    cell = nbformat.v4.new_code_cell(source, id=id)
    if grade_id is not None:
        flags = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
        cell.metadata["nbgrader"] = flags | {"grade_id": grade_id} | info
    return cell


def gap(id: str, source: str) -> NotebookNode:
    return code(id, source, id, solution=True)


def test_cell(id: str, source: str, points: float) -> NotebookNode:
    return code(id, source, id, grade=True, locked=True, points=points)


def source_notebook() -> NotebookNode:
    """A fresh copy of the chapter's only notebook."""
    notebook = nbformat.v4.new_notebook(
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    notebook.cells = [
        markdown("title", "# Two small exercises\n\nThe first doubles, the second counts."),
        code("setup", "import math\n\nprint(math.pi)", "setup", locked=True),
        markdown("double-exercise", "## Exercise 1\n\nWrite `double`."),
        gap("double", GAP),
        test_cell("double-test", TEST, 2),
        code("double-look", "try:\n    print(double(21))\nexcept NotImplementedError:\n    print('fill the gap')"),
        markdown("counter-exercise", "## Exercise 2\n\nWrite `Counter`."),
        gap("counter", SECOND_GAP),
        test_cell("counter-test", SECOND_TEST, 3),
        markdown("summary", "## What you now know\n\nThat was all."),
    ]
    return notebook


def write_course(root: Path, notebook: NotebookNode | None = None) -> Path:
    """Writes a course folder; returns the path of its only source notebook."""
    path = root / "source" / "ch01" / "01_small.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    (root / "nbgrader_config.py").touch()
    nbformat.write(notebook or source_notebook(), path)
    return path
