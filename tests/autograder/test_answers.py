"""Answers are found by their path, and what an edit of the course leaves behind in them is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.answers import Answers, Equivalent, answers_to, check, file_of, made_in
from autograder.answers.mutants import mutants
from autograder.cli import app
from autograder.course.course import Course

SOLUTION = "def f(a):\n    b = a[1] + a[1]\n    return g(b, dim=0)"


@pytest.fixture(scope="module")
def course() -> Course:
    return Course.discover()


def test_every_exercise_has_answers_that_fit(course: Course) -> None:
    for exercise in course.exercises():
        answers = answers_to(exercise.id)
        assert answers.alternatives and answers.mistakes, exercise.id
        assert (course.root / file_of(exercise.id)).is_file()
        for named in (answers.alternatives, answers.mistakes):
            assert len({one.name for one in named}) == len(named), exercise.id
        assert all(len(equivalent.reason) > 10 for equivalent in answers.equivalents)
    assert check.strays(course) == [] and check.stale(course.exercises()) == []


def test_an_exercise_without_a_file_has_no_answers() -> None:
    assert answers_to("ch99/no-such-exercise") == Answers("ch99/no-such-exercise")


def test_an_old_text_must_occur_once() -> None:
    with pytest.raises(ValueError, match="'a' occurs 2 times"):
        made_in("a + a", "name", "explanation", ("a", "b"))


def test_a_file_for_no_exercise_is_told(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    rest = [exercise for exercise in course.exercises() if exercise.id != "ch03/causal-mask"]
    monkeypatch.setattr(course, "exercises", lambda: rest)
    (problem,) = check.strays(course)
    assert problem.file == "autograder/answers/ch03/causal_mask.py" and "no such exercise" in problem.what


def test_an_equivalent_that_is_no_mutant_any_more_is_told(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    exercise = replace(course.exercise("ch03/causal-mask"), solution=SOLUTION)
    there = [
        Equivalent("b = a[1] + a[1]", "1 → 2", "both of them", nth=0),
        Equivalent("b = a[1] + a[1]", "1 → 0", "the second one", nth=2),
        Equivalent("return g(b, dim=0)", "keyword dim dropped", "the default"),
    ]
    gone = [
        Equivalent("b = a[1] + a[1]", "1 → 0", "there is no third one", nth=3),
        Equivalent("b = a[0] + a[1]", "1 → 2", "another statement"),
        Equivalent("return g(b, dim=0)", "keyword keepdim dropped", "another keyword"),
    ]
    answers = Answers(exercise.id, equivalents=(*there, *gone))
    monkeypatch.setattr(check, "answers_to", lambda exercise, values: answers)
    told = check.stale([exercise])
    assert len(told) == len(gone) and "a[0] + a[1]" in told[1].what and "keepdim" in told[2].what
    assert {problem.file for problem in told} == {"autograder/answers/ch03/causal_mask.py"}
    covered = [mutant.name for mutant in mutants(SOLUTION) if answers.is_equivalent(mutant)]
    assert covered == [
        "b = a[1] + a[1] → b = a[2] + a[1]",
        "b = a[1] + a[1] → b = a[1] + a[2]",
        "b = a[1] + a[1] → b = a[1] + a[0]",
        "return g(b, dim=0) → return g(b)",
    ]


def test_verify_fails_on_a_stray_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "ch03").mkdir()
    for name in ("_shared.py", "__init__.py", "causal_masc.py"):
        (tmp_path / "ch03" / name).touch()
    monkeypatch.setattr(check, "__file__", str(tmp_path / "check.py"))
    monkeypatch.setattr("autograder.verification.verify.verify", lambda *_args, **_options: iter(()))
    result = CliRunner().invoke(app, ["verify", "ch03/causal-mask"])
    assert result.exit_code == 1
    assert "answers/ch03/causal_masc.py: the course has no such exercise" in result.stderr
