"""Of what people write feedback names four in five, and hardly one wrongly."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

import pytest
from people import HALVES, PEOPLE, Written

from autograder.answers import answers_to
from autograder.course.course import Course
from autograder.course.filled import only_exercise
from autograder.diagnosis.derived import derived
from autograder.diagnosis.diagnose import Diagnosis
from autograder.grading.notebook import grade_notebook
from autograder.student.sandbox import Sandbox

# What these answers are graded with, besides what this file imports; see `autograder.selection`.
INPUTS = ("source", "autograder/answers", "tests/autograder/people")


@pytest.fixture(scope="module")
def course() -> Course:
    return Course.discover()


def test_each_answer_names_known_mistakes(course: Course) -> None:
    assert len(PEOPLE) >= 150
    assert max(Counter((one.exercise, one.name) for one in PEOPLE).values()) == 1
    for one in PEOPLE:
        known = {mistake.name for mistake in answers_to(one.exercise).mistakes}
        known |= {mistake.name for mistake in derived(course.exercise(one.exercise).solution, one.code)}
        assert known.issuperset(one.named), one


@pytest.mark.slow
@pytest.mark.parametrize("half", sorted(HALVES))
def test_most_are_named_and_hardly_one_wrongly(course: Course, bubblewrap: Sandbox, half: str) -> None:
    named, wrong, total = 0, [], 0
    for exercise, some in groupby(sorted(HALVES[half], key=lambda one: one.exercise), key=lambda one: one.exercise):
        for one, found in _found(course, bubblewrap, exercise, list(some)):
            total += bool(one.named)
            named += bool(found) and found <= set(one.named)
            if not found <= set(one.named):
                wrong.append((exercise, one.name, found))
    assert named >= 0.8 * total, (named, total)
    assert len(wrong) <= 0.01 * total, wrong


def _found(course: Course, sandbox: Sandbox, exercise: str, some: list[Written]) -> list[tuple[Written, set[str]]]:
    """What is named of the answers to one exercise; each must lose marks."""
    known = course.exercise(exercise)
    source, results = course.notebook(known), []
    with Diagnosis(source, sandbox) as diagnosis:
        for one in some:
            notebook = only_exercise(source, known, one.code)
            mark = grade_notebook(notebook, sandbox, name="x", attempt="0", diagnosis=diagnosis)
            assert mark.earned < mark.points, one
            results.append((one, {mistake["name"] for cell in mark.cells for mistake in cell.mistakes}))
    return results
