"""Empty gaps as the release holds them."""

from __future__ import annotations

from copy import deepcopy
from hashlib import md5
from textwrap import indent

from nbformat.notebooknode import NotebookNode
from traitlets.config import Config

from autograder.course.cells import split_regions

STUB = "# YOUR CODE HERE\nraise NotImplementedError"
TEXT_STUB = "YOUR ANSWER HERE"  # nbgrader's own


def release_config() -> Config:
    """How nbgrader makes a release of this course; for nbgrader's own commands and for ours."""
    config = Config()
    config.ClearSolutions.code_stub = {"python": STUB}
    config.ClearSolutions.begin_solution_delimeter = "BEGIN SOLUTION"
    config.ClearSolutions.end_solution_delimeter = "END SOLUTION"
    config.ClearHiddenTests.begin_test_delimeter = "BEGIN HIDDEN TESTS"
    config.ClearHiddenTests.end_test_delimeter = "END HIDDEN TESTS"
    config.ClearMarkScheme.begin_mark_scheme_delimeter = "BEGIN MARK SCHEME"
    config.ClearMarkScheme.end_mark_scheme_delimeter = "END MARK SCHEME"
    return config


def stub_cell(cell: NotebookNode) -> NotebookNode:
    """A gap as the release holds it: emptied, locked against deletion, with its checksum.

    The same as nbgrader's preprocessors make it, as a test ensures, but without nbgrader: `llmkit check` runs where it is not installed.

    Args:
        cell: the gap's cell in the source; left as it is.
    """
    made = deepcopy(cell)
    made.metadata["deletable"] = False
    stub = STUB if made.cell_type == "code" else TEXT_STUB
    lines = split_regions(made.source)
    if any(region == "marker" for _line, region in lines):
        kept = []
        for line, region in lines:
            if region == "marker" and "BEGIN SOLUTION" in line:
                kept.append(indent(stub, line[: len(line) - len(line.lstrip())]))
            elif region == "visible":
                kept.append(line)
        made.source = "\n".join(kept)
    else:
        made.source = stub
    info = made.metadata["nbgrader"]
    graded = bool(info.get("grade", False))
    # Source, type, graded, gap, locked, name, points.
    parts = [made.source, made.cell_type, str(graded), "True", "False", info["grade_id"]]
    parts += [str(float(info["points"]))] if graded else []
    info.update(checksum=md5("".join(parts).encode(), usedforsecurity=False).hexdigest(), cell_type=made.cell_type)
    return made
