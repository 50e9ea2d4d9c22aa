"""Tests the tests: right answers must get all marks, blanks none, known mistakes must lose some, in the judge as in a plain process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

from autograder.answers import answers_to
from autograder.answers.mutants import mutants
from autograder.course.course import Course, Exercise
from autograder.course.filled import only_exercise
from autograder.diagnosis.diagnose import Diagnosis
from autograder.grading.notebook import grade_notebook
from autograder.student.limits import Limits
from autograder.student.sandbox import Sandbox, open_sandbox
from autograder.verification.plain_process import run_locally

HASTY = Limits(cell_seconds=5, call_seconds=3, patience_seconds=1, notebook_seconds=30)


@dataclass(frozen=True)
class Case:
    """One answer to one exercise, and what it deserves.

    Attributes:
        exercise: id such as "ch03/causal-attention".
        kind: solution, blank, alternative, mistake, mutant, or equivalent (a mutant that behaves like the solution).
        name: which one.
        code: the gap's code; None leaves it empty.
    """

    exercise: str
    kind: str
    name: str
    code: str | None

    @property
    def deserves(self) -> str:
        return {"blank": "nothing", "mistake": "less", "mutant": "less"}.get(self.kind, "all")


@dataclass
class Verdict:
    """The outcome of a case.

    Attributes:
        case: the answer.
        earned: points in the judge.
        points: points available.
        problems: what is wrong with the tests; empty when the case got what it deserves everywhere.
        diagnosed: names of the known mistakes that the diagnosis found in it.
    """

    case: Case
    earned: float
    points: float
    problems: list[str] = field(default_factory=list)
    diagnosed: list[str] = field(default_factory=list)


def exercises(course: Course, wanted: list[str]) -> Iterator[Exercise]:
    """The exercises of the given chapters, notebooks or exercises.

    Args:
        course: the course.
        wanted: such as "ch03", "ch03/01_simple_self_attention" or "ch03/causal-attention".

    Raises:
        UnknownAssignment: the course has no such chapter, notebook or exercise.
    """
    for one in wanted:
        chapter = one.partition("/")[0]
        found = course.exercises(chapter)
        if one != chapter:
            found = [e for e in found if f"{chapter}/{e.notebook}" == one] or [course.exercise(one)]
        yield from found


def cases(course: Course, wanted: list[str], *, automatic: bool = True) -> Iterator[Case]:
    """Every case of the given chapters, notebooks or exercises.

    Args:
        course: the course.
        wanted: see `exercises`.
        automatic: also the mutants of the solutions.
    """
    for exercise in exercises(course, wanted):
        answers = answers_to(exercise.id)
        yield Case(exercise.id, "solution", "solution", exercise.solution)
        yield Case(exercise.id, "blank", "blank", None)
        for mutant in mutants(exercise.solution) if automatic else ():
            kind = "equivalent" if answers.is_equivalent(mutant) else "mutant"
            yield Case(exercise.id, kind, mutant.name, mutant.code)
        for alternative in answers.alternatives:
            yield Case(exercise.id, "alternative", alternative.name, alternative.code)
        for mistake in answers.mistakes:
            yield Case(exercise.id, "mistake", mistake.name, mistake.code)


def check_case(course: Course, sandbox: Sandbox, case: Case, seed: str = "") -> Verdict:
    """Grades one case in the judge and in a plain process, and compares both with what it deserves."""
    exercise = course.exercise(case.exercise)
    source = course.notebook(exercise)
    notebook = only_exercise(source, exercise, case.code)
    # A mutant may loop forever or use up all memory: it stays in the sandbox and is not looked up in the catalogue.
    automatic = case.kind in ("mutant", "equivalent")
    plain = {} if automatic else run_locally(notebook, seed=f"verify{seed}/0000")
    mark = grade_notebook(
        notebook,
        sandbox,
        name=exercise.notebook,
        student=f"verify{seed}",
        attempt="0000",
        limits=HASTY if automatic else None,
        diagnosis=None if automatic else Diagnosis(source, sandbox),
    )
    verdict = Verdict(case, mark.earned, mark.points)
    verdict.diagnosed = [mistake["name"] for cell in mark.cells for mistake in cell.mistakes]
    if case.kind in ("solution", "alternative", "blank") and verdict.diagnosed:
        verdict.problems.append(f"a mistake was named: {', '.join(verdict.diagnosed)}")
    wrong = {"all": mark.earned < mark.points, "nothing": mark.earned > 0, "less": mark.earned >= mark.points}[
        case.deserves
    ]
    if wrong:
        failed = [check.title for cell in mark.cells for check in cell.checks if not check.passed]
        verdict.problems.append(
            f"got {mark.earned:g} of {mark.points:g}, deserves {case.deserves}"
            + (f"; failed: {'; '.join(failed)}" if failed else "")
        )
    for cell in mark.cells:
        there = plain.get(cell.grade_id, {}).get("checks")
        here = {check.title: check.passed for check in cell.checks}
        if there is not None and there != here:
            differing = [title for title in {*here, *there} if here.get(title) != there.get(title)]
            verdict.problems.append(f"judge and plain process disagree on: {'; '.join(sorted(differing))}")
    return verdict


_course: Course
_sandbox: Sandbox


def _begin(root: str, sandbox: str) -> None:
    import torch

    global _course, _sandbox
    torch.set_num_threads(1)
    _course, _sandbox = Course.discover(root), open_sandbox(sandbox)


def _one(case: Case, seed: str) -> Verdict:
    try:
        return check_case(_course, _sandbox, case, seed)
    except Exception as error:  # a fault of the grader: the other cases are still worth checking
        return Verdict(case, 0.0, _course.exercise(case.exercise).points, [f"raised {type(error).__name__}: {error}"])


def verify(
    course: Course,
    chosen: list[Case],
    *,
    sandbox: str = "bubblewrap",
    seed: str = "",
    workers: int | None = None,
) -> Iterator[Verdict]:
    """Checks cases in parallel; yields verdicts as they come."""
    count = workers or max(1, min(8, os.cpu_count() or 1))
    with ProcessPoolExecutor(
        count, mp_context=get_context("spawn"), initializer=_begin, initargs=(str(course.root), sandbox)
    ) as pool:
        futures = [pool.submit(_one, case, seed) for case in chosen]
        for future in as_completed(futures):
            yield future.result()


def by_exercise(verdicts: list[Verdict]) -> dict[str, dict[str, Any]]:
    """Counts per exercise: solution and blank as points, alternatives and mistakes as passed out of all, problems."""
    table: dict[str, dict[str, Any]] = {}
    for verdict in verdicts:
        row = table.setdefault(
            verdict.case.exercise,
            {
                "points": 0.0,
                "solution": None,
                "blank": None,
                "alternative": [0, 0],
                "mistake": [0, 0],
                "mutant": [0, 0],
                "equivalent": [0, 0],
                "diagnosed": [0, 0],
                "problems": [],
            },
        )
        row["points"] = verdict.points
        if verdict.case.kind in ("solution", "blank"):
            row[verdict.case.kind] = verdict.earned
        else:
            row[verdict.case.kind][1] += 1
            full = verdict.earned >= verdict.points
            row[verdict.case.kind][0] += full if verdict.case.deserves == "all" else not full
        if verdict.case.kind == "mistake":
            row["diagnosed"][1] += 1
            row["diagnosed"][0] += verdict.diagnosed == [verdict.case.name]
        row["problems"] += [f"{verdict.case.kind} {verdict.case.name}: {problem}" for problem in verdict.problems]
    return table
