"""Contracts of `autograder.course.course`: regions as nbgrader sees them, names, exercises, clear errors."""

from __future__ import annotations

import contextlib
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions, ComputeChecksums, LockCells
from small_course import GAP, TEST, source_notebook, write_course

from autograder.course.cells import (
    defined_names,
    definitions,
    free_names,
    region_lines,
    split_regions,
    visible_part,
)
from autograder.course.course import Course, SourceNotebook
from autograder.course.stubs import release_config, stub_cell
from autograder.errors import MissingSource, UnknownAssignment, UnreadableNotebook
from llmkit.cells import bound_names, role

LINES = st.sampled_from(
    ["x = 1", "", "    y", "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS", "# BEGIN HIDDEN TESTS  ", "print('END')"]
)


def test_regions_of_a_gap_and_of_a_test() -> None:
    assert [region for _, region in split_regions(GAP)] == [
        "visible", "visible", "marker", "solution", "solution", "marker",
    ]  # fmt: skip
    assert region_lines(TEST, "hidden")[0] == 'with check("negative numbers are doubled too", weight=3):'
    assert "HIDDEN" not in visible_part(TEST)
    assert "1234567" not in visible_part(TEST)
    assert visible_part(TEST).endswith("check.report()")


@given(st.lists(LINES).map("\n".join))
def test_hidden_tests_are_cut_as_nbgrader_cuts_them(source: str) -> None:
    """Where we accept a cell, nbgrader leaves the same; what nbgrader refuses, we refuse."""
    cell = new_code_cell(source)
    cell.metadata["nbgrader"] = {"grade": True, "solution": False}
    try:
        expected, _ = ClearHiddenTests().preprocess_cell(cell, {}, 0)
    except RuntimeError:
        with pytest.raises(ValueError, match=r"region|END"):
            split_regions(source)
        return
    # nbgrader lets an end without its beginning pass; we do not.
    with contextlib.suppress(ValueError):
        assert visible_part(source) == expected.source


@pytest.mark.parametrize(
    "source",
    [
        "### BEGIN SOLUTION\nx",
        "### END SOLUTION",
        "### BEGIN SOLUTION\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS\n### END SOLUTION",
        "### BEGIN SOLUTION\n### END HIDDEN TESTS",
    ],
)
def test_markers_that_do_not_pair_are_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"SOLUTION|HIDDEN|region"):
        split_regions(source)


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("check = 1\nf(check)", {"f"}),
        ("import torch.nn as nn\nfrom math import log\nnn.Linear(log(x))", {"x"}),
        ("def oracle(q):\n    scale = q + w\n    return [v * scale for v in q]\noracle(f())", {"w", "f"}),
        ("class A(Base):\n    k = 1\n    def m(self):\n        return self.k + other", {"Base", "other"}),
        ("for i in range(3):\n    with check(i) as c:\n        print(c, len(g()))", {"check", "g"}),
        ("def f():\n    global state\n    state = 1\nf()\nstate", set()),
        ("(lambda a, *b: a + c)(1)", {"c"}),
        ("try:\n    pass\nexcept ValueError as error:\n    raise error", set()),
        ("total = sum(n for n in numbers if (half := n / 2) > limit)\nhalf", {"numbers", "limit"}),
        ("x: int = y", {"y"}),
    ],
)
def test_free_names(code: str, names: set[str]) -> None:
    assert free_names(code) == names


def test_names_that_code_defines() -> None:
    code = "%matplotlib inline\nlimit = 3\na, b = 1, 2\ndef f(): inner = 1\nclass C: field = 1\n!ls\nif a:\n    import os.path"
    assert defined_names(code) == ("f", "C", "limit", "a", "b")
    assert definitions(code) == ("f", "C")
    assert bound_names(code) == {"f", "C", "limit", "a", "b", "os"}
    assert defined_names("def broken(:") == ()


def test_exercises_of_a_course(tmp_path: Path) -> None:
    write_course(tmp_path)
    course = Course.discover(tmp_path / "source" / "ch01")
    assert course.root == tmp_path
    assert course.chapters == ["ch01"]
    double, counter = course.exercises("ch01")
    assert (double.id, double.grade_id, double.test_ids, double.points) == (
        "ch01/double",
        "double",
        ("double-test",),
        2,
    )
    assert (counter.names, counter.notebook) == (("Counter",), "01_small")
    assert "SOLUTION" not in counter.solution
    assert counter.solution.count("self.calls_so_far") == 3
    assert course.exercise("ch01/double") == double
    assert course.notebook(counter).cells["counter"].id == "counter"


def test_a_test_belongs_to_the_gap_it_is_named_after(tmp_path: Path) -> None:
    notebook = source_notebook()
    cells = {cell.id: cell for cell in notebook.cells}
    # Both gaps first, then both tests: the names decide, not the places.
    order = ["setup", "double", "counter", "double-test", "counter-test"]
    notebook.cells = [cells[id] for id in order]
    write_course(tmp_path, notebook)
    assert [e.test_ids for e in Course(tmp_path).exercises()] == [("double-test",), ("counter-test",)]


def test_what_is_not_there_is_named_with_its_remedy(tmp_path: Path) -> None:
    write_course(tmp_path)
    course = Course(tmp_path)
    with pytest.raises(UnknownAssignment, match=r"^ch01/duoble: .* Remedy: perhaps you mean ch01/double\.$"):
        course.exercise("ch01/duoble")
    with pytest.raises(UnknownAssignment, match=r"^chapter-nine: .*ch01"):
        course.exercises("chapter-nine")
    with pytest.raises(MissingSource, match="no course here"):
        Course.discover(tmp_path.parent)
    with pytest.raises(MissingSource, match=r"02\.ipynb: there is no such file"):
        SourceNotebook.read(tmp_path / "02.ipynb")
    broken = tmp_path / "source" / "ch01" / "02.ipynb"
    broken.write_text('{"cells": [')
    with pytest.raises(UnreadableNotebook, match=r"02\.ipynb: not a readable notebook"):
        course.exercises()


def test_a_stub_is_what_the_release_holds() -> None:
    source = source_notebook().cells[7]
    stub = stub_cell(source)
    assert stub.source.count("# YOUR CODE HERE\n        raise NotImplementedError") == 2
    assert "calls_so_far" not in stub.source
    assert stub.metadata.deletable is False
    assert len(stub.metadata.nbgrader.checksum) == 32
    assert "calls_so_far" in source.source


def test_a_stub_is_what_nbgrader_makes_of_every_gap() -> None:
    config = release_config()
    steps = [step(config=config) for step in (LockCells, ClearSolutions, ComputeChecksums)]
    written = nbformat.v4.new_markdown_cell("An answer.\n\nIn two lines.", id="essay")
    written.metadata["nbgrader"] = {"grade": True, "solution": True, "locked": False, "grade_id": "essay", "points": 2}
    gaps = [cell for nb in Course.discover().notebooks() for cell in nb.nb.cells if role(cell) in ("gap", "manual")]
    assert len(gaps) > 100
    for gap in (written, *gaps):
        made = deepcopy(gap)
        for step in steps:
            made, _resources = step.preprocess_cell(made, {"language": "python"}, 0)
        assert stub_cell(gap) == made
