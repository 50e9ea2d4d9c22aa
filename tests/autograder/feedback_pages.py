"""A feedback page of a small notebook, as the exporter makes it from a graded one, without grading."""

from __future__ import annotations

from typing import Any

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from small_course import code, markdown, source_notebook

from autograder.grading.feedback import FeedbackExporter, FeedbackPage
from autograder.grading.notebook import record_mark
from autograder.judge.marks import CellMark, CheckMark
from llmkit.cells import role

EVIL = "<script>alert(1)</script>"
WIDE = "a line that is wider than any telephone " * 5
HALF = CellMark(
    "double-test",
    3,
    2.57,
    [
        CheckMark("two becomes `four`", 6, True),
        CheckMark("negative numbers are doubled too", 1, False, f"expected -2, got {EVIL}", hidden=True),
    ],
    exercise="double",
    mistakes=[{"name": "m", "explanation": "You add `one`.", "see": "01_small: Double"}],
)
EMPTY = CellMark(
    "counter-test", 3, 0, [CheckMark("the first call gives one", 1, False, "empty")], empty=True, exercise="counter"
)


def graded(language: str = "en", **about: Any) -> NotebookNode:
    """The notebook with marks; `about` changes that of the first test."""
    notebook = source_notebook()
    notebook.metadata["llmkit"] = {"language": language}
    marks = {"double-test": CellMark(**{**HALF.__dict__, **about}), "counter-test": EMPTY}
    for cell in notebook.cells:
        cell.metadata["autograder"] = {"origin": "gap" if role(cell) == "gap" else "course"}
        if cell.metadata.get("nbgrader", {}).get("grade_id") in marks:
            record_mark(cell, marks[cell.metadata.nbgrader.grade_id])
    wide = code("wide", f"print({WIDE!r})")
    wide.outputs = [nbformat.v4.new_output("stream", text=WIDE)]
    table = markdown("table", f"|{'a|' * 30}\n|{'-|' * 30}\n|{'some words|' * 30}\n\n$${'x + ' * 90} x$$")
    mine = markdown("mine", f"{EVIL} and $a<b$, $$\\href{{javascript:alert(1)}}{{x}}$$")
    for cell, origin in ((wide, "course"), (table, "course"), (mine, "student")):
        cell.metadata["autograder"] = {"origin": origin}
        notebook.cells.append(cell)
    return notebook


def page_of(notebook: NotebookNode, **known: Any) -> str:
    """The page; `known` is what nbgrader says of the submission."""
    resources = ResourcesDict(nbgrader={"notebook": "01_small", "assignment": "ch01", **known})
    notebook, resources = FeedbackPage().preprocess(notebook, resources)
    page, _resources = FeedbackExporter().from_notebook_node(notebook, resources)
    return str(page)
