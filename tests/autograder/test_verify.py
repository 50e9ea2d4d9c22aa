from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder import cli
from autograder.course.course import Course
from autograder.errors import UnknownAssignment
from autograder.selection import select as selecting
from autograder.verification import verify
from autograder.verification.verify import cases


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
    }


def test_a_fault_of_the_grader_is_a_problem_of_its_case(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_anything: object) -> None:
        raise OSError("no room")

    course = Course.discover()
    monkeypatch.setattr(verify, "_course", course, raising=False)
    monkeypatch.setattr(verify, "_sandbox", None, raising=False)
    monkeypatch.setattr(verify, "check_case", fails)
    case = next(cases(course, ["ch03/causal-mask"]))
    found = verify.by_exercise([verify._one(case, "")])["ch03/causal-mask"]
    assert found["problems"] == ["solution solution: raised OSError: no room"]


def test_one_exercise_alone():
    assert {case.exercise for case in cases(Course.discover(), ["ch03/causal-mask"])} == {"ch03/causal-mask"}


@pytest.mark.parametrize("wanted", ["ch99", "ch03/causal-masc"])
def test_what_the_course_has_not_is_told(wanted):
    with pytest.raises(UnknownAssignment, match=wanted):
        list(cases(Course.discover(), [wanted]))


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
