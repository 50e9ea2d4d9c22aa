"""What a student has written under the questions that a person marks: nbgrader's manually graded tasks."""

from __future__ import annotations

import hashlib

from nbformat.notebooknode import NotebookNode

from llmkit.cells import grade_id, role

NO_ANSWER = "No response."  # nbgrader's own comment on an empty answer; our pages say so in the student's language


def digests(notebook: NotebookNode) -> dict[str, str]:
    """A digest of the answer to each question, by its grade id; empty where nobody needs to look, because nothing is written.

    An answer is the student's own cells from the question on, up to the next question. Where there are none, but texts of the student's
    stand elsewhere in the notebook, these may be the answer: then a person looks.

    Args:
        notebook: what `repair` has rebuilt.
    """
    found: dict[str, list[NotebookNode]] = {}
    texts: list[NotebookNode] = []
    last = ""
    for cell in notebook.cells:
        if role(cell) == "task":
            found[last := grade_id(cell)] = []
        elif cell.metadata.get("autograder", {}).get("origin") == "student" and cell.source.strip():
            if last:
                found[last].append(cell)
            if cell.cell_type == "markdown":
                texts.append(cell)
    return {id: _digest(cells or texts) for id, cells in found.items()}


def _digest(cells: list[NotebookNode]) -> str:
    if not cells:
        return ""
    parts = [(cell.cell_type, cell.source, str(cell.get("attachments", ""))) for cell in cells]
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()
