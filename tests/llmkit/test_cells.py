"""The rules by which notebooks and grader read a cell."""

from __future__ import annotations

import ast
import asyncio
from typing import Any

import pytest

from llmkit.cells import gaps_of_tests, plain_python, role, run_plain


def cell(id: str, kind: str) -> dict[str, Any]:
    flags = {"gap": {"solution": True}, "test": {"grade": True}, "manual": {"solution": True, "grade": True}}
    return {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": id, **flags.get(kind, {"locked": True})}}}


def test_a_test_belongs_to_the_longest_gap_that_its_id_begins_with_else_to_the_one_before() -> None:
    cells = [
        cell("mask", "gap"), cell("mask-test", "test"), cell("mask-test-more", "gap"), cell("mask-test-more-test", "test"),
        cell("given", "locked"), cell("odd", "test"), cell("mask-test-2", "test"),
    ]  # fmt: skip
    assert gaps_of_tests(cells) == {
        "mask-test": "mask", "mask-test-more-test": "mask-test-more", "odd": "mask-test-more", "mask-test-2": "mask",
    }  # fmt: skip
    assert gaps_of_tests([cell("odd", "test"), cell("late", "gap")]) == {}


@pytest.mark.parametrize("locked", [True, False])
def test_a_question_that_a_person_marks_is_a_task(locked: bool) -> None:
    assert role({"metadata": {"nbgrader": {"grade_id": "why", "task": True, "locked": locked}}}) == "task"


def test_a_cell_that_is_damaged_is_nothing() -> None:
    assert [role(one) for one in ({}, {"metadata": None}, {"metadata": {"nbgrader": "gap"}})] == ["", "", ""]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a, b = 7, 4\nx = (a\n % b)", ["a", "b", "x"]),
        ("text = '''\n%time\n!ls\n'''", ["text"]),
        ("%time y = 1\nx = 2", ["x"]),
        ("!pip install \\\n  thing\nx = 2", ["x"]),
        ("if True:\n    %matplotlib inline\nx = 1", ["x"]),
        ("len?\nx = 1", ["x"]),
        ("%%time\nx = 1", ["x"]),
        ("\n%%capture out\nx = 1", ["x"]),
        ("#@title Answer\n%%time\nx = 1 #@param {type: 'integer'}", ["x"]),
        ("# with another language\n%%bash\nx=1", []),
        ("%%writefile x.py\nx = 1", []),
        ("%%bash\nx=1", []),
    ],
)
def test_only_what_ipython_alone_understands_is_blanked_out(source: str, names: list[str]) -> None:
    plain = plain_python(source)
    assert [len(line) for line in plain.split("\n")] == [len(line) for line in source.split("\n")]
    stored = [n.id for n in ast.walk(ast.parse(plain)) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    assert sorted(stored) == names


def test_what_is_no_python_stays_as_it_is() -> None:
    assert plain_python("def f(:\n    return 1 % 2") == "def f(:\n    return 1 % 2"


def test_a_cell_runs_as_in_a_notebook_with_await_at_its_top_level() -> None:
    names: dict[str, Any] = {}
    run_plain("import asyncio\n%time x = 1\nawait asyncio.sleep(0)\nx = 2", "<cell>", names)
    assert names["x"] == 2

    async def in_a_kernel() -> None:
        run_plain("y = await asyncio.sleep(0, 3)", "<cell>", names)

    asyncio.run(in_a_kernel())
    assert names["y"] == 3
    with pytest.raises(ZeroDivisionError):
        run_plain("await asyncio.sleep(0)\n1 / 0", "<cell>", names)
