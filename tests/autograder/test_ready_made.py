"""Every exercise x every ready-made answer: what it earns, in the judge as in a plain process."""

from __future__ import annotations

import pytest
from ready_made_answers import ALL, ANSWERS, NOTHING

from autograder.answers import answers_to
from autograder.course.course import Course, Exercise
from autograder.course.filled import only_exercise
from autograder.student.sandbox import Sandbox
from autograder.verification.verify import Bench, Case
from llmkit.cells import grade_id, role
from llmkit.testing.ready_made import lookups, used
from llmkit.testing.reserved import RESERVED

INPUTS = ("source", "autograder/answers")

COURSE = Course.discover()


def found(exercise: Exercise, code: str) -> list[str]:
    """What the exercise's tests would find in this answer."""
    notebook = only_exercise(COURSE.notebook(exercise), exercise, code)
    tests = [cell for cell in notebook.cells if grade_id(cell) in exercise.test_ids]
    before = notebook.cells[: max(notebook.cells.index(test) for test in tests)]
    cells = [cell.source for cell in before if cell.cell_type == "code" and role(cell) != "test"]
    return [name for test in tests for search in (used, lookups) for name in search(cells, test.source)]


def test_the_table_has_every_exercise() -> None:
    assert sorted(ANSWERS) == sorted(exercise.id for exercise in COURSE.exercises())
    assert {earned for answers in ANSWERS.values() for _code, earned in answers} == {NOTHING, ALL}


def test_what_is_reserved_belongs_to_an_exercise_and_has_an_example() -> None:
    known = {(f"{e.chapter}/{e.notebook}", name): e.id for e in COURSE.exercises() for name in e.names}
    for notebook, names in RESERVED.items():
        for name in names:
            assert (notebook, name) in known, f"{notebook} asks for no {name}"
            # The ranks of bpe_ranks are an input of such an engine, and no engine gives them.
            if name != "bpe_ranks":
                rows = ANSWERS[known[notebook, name]]
                assert any(earned == NOTHING for _code, earned in rows), (
                    f"no ready-made answer to {known[notebook, name]}"
                )


@pytest.mark.parametrize("exercise", [e for e in COURSE.exercises() if ANSWERS[e.id]], ids=lambda e: e.id)
def test_ready_made_answers_are_seen_and_fair_ones_are_not(exercise: Exercise) -> None:
    for code, earned in ANSWERS[exercise.id]:
        assert bool(found(exercise, code)) is (earned == NOTHING), code


def test_no_answer_of_the_catalogue_is_taken_for_a_ready_made_one() -> None:
    for exercise in COURSE.exercises():
        if any(name in RESERVED.get(f"{exercise.chapter}/{exercise.notebook}", {}) for name in exercise.names):
            answers = answers_to(exercise.id)
            for code in (exercise.solution, *(one.code for one in (*answers.alternatives, *answers.mistakes))):
                assert not found(exercise, code), f"{exercise.id}:\n{code}"


@pytest.mark.slow
@pytest.mark.parametrize("exercise", [e for e in COURSE.exercises() if ANSWERS[e.id]], ids=lambda e: e.id)
def test_they_earn_what_the_table_says(exercise: Exercise, bubblewrap: Sandbox) -> None:
    with Bench(COURSE, bubblewrap, exercise.id) as bench:
        for code, earned in ANSWERS[exercise.id]:
            kind = "alternative" if earned == ALL else "blank"
            assert bench.check(Case(exercise.id, kind, "ready-made", code)).problems == [], code
