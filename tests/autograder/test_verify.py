from pathlib import Path
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell
from typer.testing import CliRunner

from autograder import cli
from autograder.course.course import Course
from autograder.errors import UnknownAssignment
from autograder.selection import select as selecting
from autograder.student.sandbox import Sandbox
from autograder.verification import verify
from autograder.verification.plain_process import PlainProcess
from autograder.verification.verify import Bench, Case, cases


def test_a_chapter_is_the_sum_of_its_notebooks():
    course = Course.discover()
    whole = list(cases(course, ["ch01"]))
    assert sorted(whole, key=repr) == sorted(
        cases(course, [f"ch01/{notebook.name}" for notebook in course.notebooks("ch01")]), key=repr
    )
    assert {case.kind for case in whole} >= {"solution", "blank", "alternative", "mistake", "mutant"}


def test_mutants_can_be_left_out() -> None:
    course = Course.discover()
    kinds = {case.kind for case in cases(course, ["ch03/causal-mask"])}
    assert "mutant" in kinds
    assert {case.kind for case in cases(course, ["ch03/causal-mask"], automatic=False)} == kinds - {
        "mutant",
        "equivalent",
        "empty-handed",
    }


def test_a_fault_of_the_grader_is_a_problem_of_its_case(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_anything: object) -> None:
        raise OSError("no room")

    course = Course.discover()
    monkeypatch.setattr(verify, "_course", course, raising=False)
    monkeypatch.setattr(verify, "_sandbox", SimpleNamespace(name="none"), raising=False)
    monkeypatch.setattr(verify.Bench, "check", fails)
    case = next(cases(course, ["ch03/causal-mask"]))
    found = verify.by_exercise(verify._check([case], ""))["ch03/causal-mask"]
    assert found["problems"] == ["solution solution: raised OSError: no room"]


def test_one_exercise_alone():
    assert {case.exercise for case in cases(Course.discover(), ["ch03/causal-mask"])} == {"ch03/causal-mask"}


@pytest.mark.parametrize("wanted", ["ch99", "ch03/causal-masc"])
def test_what_the_course_has_not_is_told(wanted):
    with pytest.raises(UnknownAssignment, match=wanted):
        list(cases(Course.discover(), [wanted]))


@pytest.mark.sandbox
def test_cases_that_share_a_worker_do_not_hear_of_each_other(bubblewrap: Sandbox) -> None:
    """A wrong answer that leaves a changed torch, and one that ends its process, cost the next one nothing."""
    course = Course.discover()
    exercise = course.exercise("ch03/causal-mask")
    spoiler = "import torch\ntorch.ones = torch.zeros\n" + exercise.solution.replace("def ", "def other_", 1)
    with Bench(course, bubblewrap, exercise.id) as bench:
        first = bench.check(Case(exercise.id, "mistake", "spoils torch", spoiler))
        ends = bench.check(Case(exercise.id, "mistake", "ends", "import os\nos._exit(3)"))
        right = bench.check(Case(exercise.id, "solution", "solution", exercise.solution))
    assert first.earned == ends.earned == 0
    assert right.earned == exercise.points and not right.problems


def test_cases_of_a_plain_process() -> None:
    def cells(code: str, test: str) -> list[object]:
        graded = new_code_cell(test)
        graded.metadata["nbgrader"] = {"grade": True, "solution": False, "locked": True, "grade_id": "t", "points": 1}
        return [new_code_cell(code), graded]

    process = PlainProcess([new_code_cell("kept = [1]")], seed="")
    try:
        passes = {"t": {"earned": 1.0, "checks": {}}}
        assert process.run(cells("kept.append(2)", "assert kept == [1, 2]"), alone=True) == passes
        assert process.run(cells("kept.append(2)", "assert kept == [1, 2]"), alone=False) == passes
        # The next one may see what it has left behind, unless it is alone.
        assert process.run(cells("", "assert kept == [1, 2]"), alone=False) == passes
        assert process.run(cells("", "assert kept == [1]"), alone=True) == passes
        assert process.run(cells("import os\nos._exit(1)", "assert True"), alone=False) == {}
        assert process.run(cells("", "assert kept == [1]"), alone=False) == passes
    finally:
        process.close()


def test_exercises_that_passed_are_left_out_until_an_input_changes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    exercises = ("ch03/causal-mask", "ch03/causal-attention")
    verified: list[str] = []
    spoilt: set[str] = set()

    def graded(_course: Course, chosen: list[verify.Case], **_: object) -> list[verify.Verdict]:
        verified[:] = dict.fromkeys(case.exercise for case in chosen)
        return [verify.Verdict(case, 1, 1, ["bad"] if case.exercise in spoilt else []) for case in chosen]

    def run(*arguments: str) -> list[str]:
        done = CliRunner().invoke(cli.app, ["verify", *exercises, *arguments])
        assert done.exit_code == bool(spoilt & set(verified)), done.output
        return verified

    monkeypatch.setattr(verify, "verify", graded)
    monkeypatch.setattr(selecting, "FILE", str(tmp_path / "proved.txt"))
    only_changed = ("--changed", "--share", "0")
    # What is no proof: without mutants, with another seed, without the sandbox.
    for arguments in (["--no-mutants"], ["--seed", "s1"], ["--sandbox", "none"]):
        assert run(*arguments) == list(exercises)
    assert run(*only_changed) == sorted(exercises)
    assert run(*only_changed) == []
    assert len(run("--changed", "--share", "0.1")) == 1
    spoilt.add(exercises[0])
    assert run() == list(exercises)
    assert run(*only_changed) == [exercises[0]]
    spoilt.clear()
    assert run(*only_changed) == [exercises[0]]
    assert run(*only_changed) == []
