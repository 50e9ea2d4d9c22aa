"""Checks that code which computes nothing passes earn little alone, and in full beside others."""

from __future__ import annotations

import ast

import pytest

from autograder.answers.empty_handed import MORE, OF_FUNCTIONS, OF_MODULES, empty_handed
from autograder.course.course import Course
from autograder.judge.fraction import SIDE_SHARE, fraction
from autograder.judge.marks import CheckMark
from autograder.judge.side_checks import SIDE_CHECKS
from autograder.student.sandbox import Sandbox
from autograder.verification.verify import Bench, Case
from llmkit.cells import grade_id


def titles() -> dict[str, set[str]]:
    """The titles of all checks by the grade id of their cell."""
    found: dict[str, set[str]] = {}
    course = Course.discover()
    for chapter in course.chapters:
        for notebook in course.notebooks(chapter):
            for cell in notebook.nb.cells:
                calls = [n for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Call)] if grade_id(
                    cell
                ).endswith("-test") else []  # fmt: skip
                for call in calls:
                    if isinstance(call.func, ast.Name) and call.func.id == "check":
                        found.setdefault(grade_id(cell), set()).add(ast.literal_eval(call.args[0]))
    return found


def test_every_side_check_is_a_check_of_its_cell() -> None:
    found = titles()
    strays = {id: set(side) - found.get(id, set()) for id, side in SIDE_CHECKS.items()}
    assert not {id: names for id, names in strays.items() if names}
    assert not [id for id, side in SIDE_CHECKS.items() if found[id] == set(side)], "no check of content is left"


def test_every_exception_has_its_reason() -> None:
    known = {exercise.id for chapter in Course.discover().chapters for exercise in Course.discover().exercises(chapter)}
    assert set(MORE) <= known
    assert all(0.15 < most < 1 and reason for most, reason in MORE.values())


def marks(**passed: bool) -> list[CheckMark]:
    return [CheckMark(title.replace("_", " "), 2 if title == "content" else 1, on) for title, on in passed.items()]


@pytest.mark.parametrize(
    ("passed", "earned"),
    [
        ({"content": False, "shape": True, "input": True}, SIDE_SHARE),
        ({"content": False, "shape": False, "input": False}, 0),
        ({"content": True, "shape": False, "input": False}, 0.5),
        ({"content": True, "shape": True, "input": False}, 0.75),
        ({"content": True, "shape": True, "input": True}, 1),
    ],
)
def test_side_checks_count_beside_others(
    passed: dict[str, bool], earned: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SIDE_CHECKS, "some-test", ("shape", "input"))
    assert fraction("some-test", marks(**passed)) == pytest.approx(earned)


def test_small_shares_stay_what_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SIDE_CHECKS, "some-test", ("shape",))
    few = [CheckMark("shape", 1, True), *(CheckMark(f"content {n}", 1, False) for n in range(9))]
    assert fraction("some-test", few) == pytest.approx(0.1)
    assert fraction("another-test", few[:2]) == pytest.approx(0.5), "nothing is listed for it"
    assert fraction("some-test", []) == 0


def test_answers_that_compute_nothing_are_made_of_functions_and_modules() -> None:
    course = Course.discover()
    function, module = (course.exercise(id).solution for id in ("ch03/causal-mask", "ch03/causal-attention"))
    assert [one.name for one in empty_handed(function)] == list(OF_FUNCTIONS)
    assert [one.name for one in empty_handed(module)] == list(OF_MODULES)
    assert empty_handed("answer = 3") == []


@pytest.mark.sandbox
@pytest.mark.parametrize("exercise", ["ch03/self-attention", "ch03/attention-weights"])
def test_what_computes_nothing_earns_little_and_is_told_why(exercise: str, bubblewrap: Sandbox) -> None:
    course = Course.discover()
    solution = course.exercise(exercise).solution
    with Bench(course, bubblewrap, exercise) as bench:
        for answer in empty_handed(solution):
            verdict = bench.check(Case(exercise, "empty-handed", answer.name, answer.code))
            assert not verdict.problems
            assert verdict.earned <= SIDE_SHARE * verdict.points + 0.005
