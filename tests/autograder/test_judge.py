"""Marks: decided outside, earned only by tests that finish, the same however the student's code misbehaves."""

from __future__ import annotations

import textwrap

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode

from autograder.grading.notebook import grade_notebook
from autograder.judge.marks import CellMark, NotebookMark, fair_points
from autograder.student.limits import Limits
from autograder.student.sandbox import Sandbox
from llmkit.i18n import using

LIMITS = Limits(cell_seconds=4, call_seconds=1.5, patience_seconds=0.5)

TEST = """
import torch

from llmkit.testing import Checks, assert_close, assert_equal, assert_unchanged, randn

check = Checks(points=4)

with check("three becomes six"):
    assert_equal(double(3), 6)
### BEGIN HIDDEN TESTS
with check("tensors are doubled", weight=2):
    x = randn(3, 2)
    assert_close(double(x), 2 * x)
with check("the input stays"):
    x = randn(3)
    before = x.clone()
    assert_close(double(x), 2 * before)
    assert_unchanged(x, before)
### END HIDDEN TESTS
check.report()
"""


def notebook(*cells: str, test: str = TEST, points: float = 4) -> NotebookNode:
    nb = nbformat.v4.new_notebook()
    for index, source in enumerate(cells):
        cell = nbformat.v4.new_code_cell(textwrap.dedent(source), id=f"cell-{index}")
        cell.metadata["autograder"] = {"origin": "gap"}
        nb.cells.append(cell)
    tested = nbformat.v4.new_code_cell(test, id="double-test")
    tested.metadata["nbgrader"] = {
        "grade": True, "grade_id": "double-test", "locked": True, "points": points, "schema_version": 3, "solution": False, "task": False,
    }  # fmt: skip
    tested.metadata["autograder"] = {"origin": "course"}
    nb.cells.append(tested)
    return nb


def grade(sandbox: Sandbox, *cells: str, test: str = TEST, points: float = 4) -> CellMark:
    mark = grade_notebook(notebook(*cells, test=test, points=points), sandbox, name="n", student="s", limits=LIMITS)
    assert isinstance(mark, NotebookMark)
    return mark.cells[0]


def test_a_right_answer_earns_everything(bubblewrap: Sandbox) -> None:
    mark = grade(bubblewrap, "def double(x):\n    return x + x")
    assert mark.earned == 4 and [check.passed for check in mark.checks] == [True, True, True]
    assert [check.hidden for check in mark.checks] == [False, True, True]


def test_partial_credit_is_by_named_check(bubblewrap: Sandbox) -> None:
    mark = grade(bubblewrap, "def double(x):\n    x *= 2\n    return x")
    # The right answer is computed from what was drawn, and only the last check asks what became of it.
    assert mark.earned == 3
    assert [check.passed for check in mark.checks] == [True, True, False]
    mark = grade(bubblewrap, "def double(x):\n    return 6")
    assert mark.earned == 1 and "shape" in mark.checks[1].message


def test_a_blank_earns_nothing_and_is_called_empty(bubblewrap: Sandbox) -> None:
    mark = grade(bubblewrap, "def double(x):\n    raise NotImplementedError")
    assert mark.earned == 0 and mark.empty
    mark = grade(bubblewrap, "# nothing")
    assert mark.earned == 0 and "`double` is not defined" in mark.checks[0].message


def test_warnings_and_stderr_cost_nothing(bubblewrap: Sandbox) -> None:
    code = "import sys, warnings\ndef double(x):\n    warnings.warn('careful')\n    print('noise', file=sys.stderr)\n    return 2 * x"
    assert grade(bubblewrap, "import warnings; warnings.warn('w')", code).earned == 4


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("def double(x):\n    import os; os._exit(0)", "ended the Python process (exit code 0)"),
        ("def double(x):\n    import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "segmentation fault"),
        ("def double(x):\n    while True: pass", "more than 1.5 s"),
        ("def double(x):\n    raise SystemExit", "SystemExit"),
        ("def double(x):\n    return None", "got None (is a `return` missing?)"),
        ("def double(x):\n    return lambda: 6", "function where a tensor or a plain value was expected"),
        ("def double(x):\n    return float('nan')", "should be 6"),
        ("def double(x)\n    return 2 * x", "not defined"),
        ("raise RuntimeError", "not defined"),
        ("import sys; sys.exit()", "not defined"),
    ],
)
def test_each_end_has_its_own_message_and_earns_nothing(bubblewrap: Sandbox, code: str, words: str) -> None:
    mark = grade(bubblewrap, code)
    assert mark.earned == 0
    assert words in mark.checks[0].message


def test_checks_that_finished_before_a_crash_keep_their_points(bubblewrap: Sandbox) -> None:
    code = "def double(x):\n    if isinstance(x, int):\n        return 2 * x\n    import os; os._exit(1)"
    mark = grade(bubblewrap, code)
    assert [check.passed for check in mark.checks] == [True, False, False] and mark.earned == 1


def test_a_lie_about_equality_earns_nothing(bubblewrap: Sandbox) -> None:
    code = """
    import torch
    class Yes:
        def __eq__(self, other): return True
        def __ne__(self, other): return False
        def __bool__(self): return True
        def __sub__(self, other): return 0
        def __abs__(self): return 0
    class Same(torch.Tensor):
        def __eq__(self, other): return torch.tensor(True)
        def allclose(self, *a): return True
    def double(x):
        return Yes() if isinstance(x, int) else torch.zeros(3, 2).as_subclass(Same)
    """
    assert grade(bubblewrap, code).earned == 0


def test_tampering_with_the_test_library_earns_nothing(bubblewrap: Sandbox) -> None:
    code = """
    import builtins, torch
    import llmkit.testing as t
    from llmkit.testing import checks
    t.assert_equal = t.assert_close = lambda *a, **k: None
    checks.Report.fraction = 1.0
    torch.allclose = torch.equal = lambda *a, **k: True
    def double(x):
        return 0
    """
    assert grade(bubblewrap, code).earned == 0


def test_a_print_of_points_earns_nothing(bubblewrap: Sandbox) -> None:
    assert grade(bubblewrap, "print('4.0')", "4.0").earned == 0


def test_a_plain_cell_of_asserts_is_all_or_nothing(bubblewrap: Sandbox) -> None:
    plain = "assert double(3) == 6\nassert double(4) == 8"
    assert grade(bubblewrap, "def double(x): return 2 * x", test=plain).earned == 4
    mark = grade(bubblewrap, "def double(x): return 6", test=plain)
    assert mark.earned == 0 and mark.error


@pytest.mark.parametrize(("value", "earned"), [("2.5", 2.5), ("99", 0), ("-1", 0), ("float('nan')", 0)])
def test_nbgraders_partial_credit_stays_in_range(bubblewrap: Sandbox, value: str, earned: float) -> None:
    assert grade(bubblewrap, "x = 1", test=f"{value}").earned == earned


def test_fractions_outside_zero_and_one_earn_nothing() -> None:
    assert [fair_points(f, 4) for f in (1, 0.5, 0, float("nan"), float("inf"), -0.1, 1.1)] == [4, 2, 0, 0, 0, 0, 0]


def test_names_are_those_at_the_place_of_the_test(bubblewrap: Sandbox) -> None:
    nb = notebook("def double(x):\n    return 2 * x")
    later = nbformat.v4.new_code_cell("def double(x):\n    return 0", id="later")
    nb.cells.append(later)
    assert grade_notebook(nb, bubblewrap, name="n", limits=LIMITS).earned == 4


def test_only_the_course_can_switch_a_cell_off(bubblewrap: Sandbox) -> None:
    nb = notebook("def double(x):\n    return 0", "def double(x):\n    return 2 * x")
    nb.cells[1].metadata["tags"] = ["skip-grading"]
    assert grade_notebook(nb, bubblewrap, name="n", limits=LIMITS).earned == 4
    nb.cells[1].metadata["autograder"] = {"origin": "course"}
    assert grade_notebook(nb, bubblewrap, name="n", limits=LIMITS).earned == 0


def test_the_same_submission_gets_the_same_inputs_and_another_gets_others(bubblewrap: Sandbox) -> None:
    test = TEST.replace("assert_close(double(x), 2 * x)", "assert False, str(x.tolist())")
    first = grade(bubblewrap, "def double(x): return x", test=test).checks[1].message
    assert first == grade(bubblewrap, "def double(x): return x", test=test).checks[1].message
    assert first != grade(bubblewrap, "def double(x): return x  # again", test=test).checks[1].message


WRONG = {
    "a class of a library's": """
        from dataclasses import dataclass

        @dataclass(frozen=True)
        class Point:
            x: int

        def double(x):
            point = Point(1)
            point.x = 2
            return x""",
    "a class of their own": """
        class Odd(Exception):
            pass

        def double(x):
            raise Odd("not even")""",
    "inside a comprehension": """
        def double(x):
            return [1 / 0 for _ in range(3)]""",
    "inside a lambda": "double = lambda x: x.nothing",
    "inside a library": """
        import torch

        def double(x):
            return torch.ones(2) @ torch.ones(3)""",
    "an assertion": """
        def double(x):
            assert x is None, "x should be None"
            return x""",
    "an exit": """
        def double(x):
            raise SystemExit(3)""",
    "a missing name": """
        def double(x):
            return twice(x)""",
    "a missing key": """
        def double(x):
            return {}["sol"]""",
    "nothing": "",
}


@pytest.mark.parametrize("language", ["en", "pt-BR"])
@pytest.mark.parametrize("code", WRONG.values(), ids=WRONG.keys())
def test_grader_and_notebook_say_the_same(bubblewrap: Sandbox, code: str, language: str) -> None:
    source = textwrap.dedent(code).strip()
    nb = notebook(source)
    nb.metadata["llmkit"] = {"language": language}
    graded = grade_notebook(nb, bubblewrap, name="n", student="s", attempt="1", limits=LIMITS).cells[0]
    names: dict[str, object] = {"__name__": "__main__"}
    exec(compile(source, "<ipython-input-1>", "exec"), names)
    with using(language):
        exec(compile(TEST, "<ipython-input-2>", "exec"), names)
        local = names["check"].report()  # type: ignore[attr-defined]
    if code:
        assert [check.message for check in graded.checks] == [outcome.message for outcome in local.outcomes]
    else:  # here the student can run the cell, there it is too late
        assert all("`double`" in check.message for check in graded.checks)
        assert all("`double`" in outcome.message for outcome in local.outcomes)
