"""Do the answers still fit the course? Finds what became stale when a notebook was edited."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from autograder.answers.catalogue import FOLDER, answers_to, file_of
from autograder.answers.mutants import mutants
from autograder.course.course import Course, Exercise
from autograder.errors import Problem


def strays(course: Course) -> list[Problem]:
    """Files of answers that belong to no exercise, so nothing reads them."""
    if course.is_exam:
        return []  # the course has the others
    here = Path(__file__).parent
    exam = course.exam
    known = {file_of(one.id) for one in (*course.exercises(), *(exam.exercises() if exam else ()))}
    files = sorted(f"{FOLDER}/{path.relative_to(here).as_posix()}" for path in here.glob("*/[!_]*.py"))
    return [
        Problem(file, "", "the course has no such exercise", "name the file after the exercise, or remove it")
        for file in files
        if file not in known
    ]


def stale(exercises: Iterable[Exercise]) -> list[Problem]:
    """Equivalents that are no longer mutants of the solution, because it has changed."""
    return [
        Problem(
            file_of(exercise.id),
            "",
            f"no mutant of the solution is {equivalent.statement!r} with {equivalent.kind!r}",
            "write it as the solution now has it, or remove it",
        )
        for exercise in exercises
        for equivalent in answers_to(exercise.id, exercise.values).equivalents
        if not any(equivalent.covers(mutant) for mutant in mutants(exercise.solution))
    ]
