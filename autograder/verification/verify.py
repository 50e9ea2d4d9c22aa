"""Tests the tests: right answers must get all marks, blanks none, known mistakes must lose some, in the judge as in a plain process."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import nullcontext
from copy import deepcopy
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.answers import answers_to
from autograder.answers.empty_handed import empty_handed, most
from autograder.answers.mutants import mutants
from autograder.course.course import Course, Exercise
from autograder.course.filled import only_exercise
from autograder.diagnosis.diagnose import Diagnosis
from autograder.grading.notebook import grade_notebook
from autograder.judge.marks import NotebookMark
from autograder.student.limits import Limits
from autograder.student.prepared import Prepared
from autograder.student.sandbox import Sandbox, open_sandbox
from autograder.verification.plain_process import PlainProcess, Results
from llmkit.cells import grade_id, only_shows
from llmkit.testing.checks import until_first_failure

DRAWS = 8  # of random numbers in a plain process that disagrees with the judge
SHARE = 40  # cases that a process takes at a time
# For mutants, of which some loop forever. No call of a right answer takes a third of this.
HASTY = Limits(cell_seconds=5, call_seconds=1.5, patience_seconds=0.3, notebook_seconds=30)

AUTOMATIC = ("mutant", "equivalent", "empty-handed")  # generated, not from the catalogue
_DESERVES = {"blank": "nothing", "mistake": "less", "mutant": "less", "empty-handed": "little"}


@dataclass(frozen=True)
class Case:
    """One answer to one exercise, and what it deserves.

    Attributes:
        exercise: id such as "ch03/causal-attention".
        kind: solution, blank, alternative, mistake, mutant, equivalent (a mutant that behaves like the solution), or empty-handed
            (it computes nothing).
        name: which one.
        code: the gap's code; None leaves it empty.
    """

    exercise: str
    kind: str
    name: str
    code: str | None

    @property
    def deserves(self) -> str:
        return _DESERVES.get(self.kind, "all")


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
        automatic: also the mutants of the solutions, and answers that compute nothing.
    """
    for exercise in exercises(course, wanted):
        answers = answers_to(exercise.id, exercise.values)
        yield Case(exercise.id, "solution", "solution", exercise.solution)
        yield Case(exercise.id, "blank", "blank", None)
        for mutant in mutants(exercise.solution) if automatic else ():
            kind = "equivalent" if answers.is_equivalent(mutant) else "mutant"
            yield Case(exercise.id, kind, mutant.name, mutant.code)
        for idle in empty_handed(exercise.solution) if automatic else ():
            yield Case(exercise.id, "empty-handed", idle.name, idle.code)
        for alternative in answers.alternatives:
            yield Case(exercise.id, "alternative", alternative.name, alternative.code)
        for mistake in answers.mistakes:
            yield Case(exercise.id, "mistake", mistake.name, mistake.code)


class Bench:
    """What the cases of one exercise share: a worker and a plain process in which the cells before the gap have run, and a diagnosis.

    Args:
        course: the course.
        sandbox: where answers run.
        exercise: id of the exercise.
        seed: draws other inputs.
    """

    def __init__(self, course: Course, sandbox: Sandbox, exercise: str, seed: str = "") -> None:
        self._student = f"verify{seed}"
        self._exercise = course.exercise(exercise)
        self._source = course.notebook(self._exercise)
        notebook = only_exercise(self._source, self._exercise, None)
        ids = [grade_id(cell) for cell in notebook.cells]
        gap, last = ids.index(self._exercise.grade_id), max(ids.index(test) for test in self._exercise.test_ids)
        before, notebook.cells = notebook.cells[:gap], notebook.cells[gap : last + 1]
        self._blank = notebook  # from the gap to the exercise's last test
        ours = [cell for cell in before if cell.cell_type == "code" and not only_shows(cell)]
        self._ours = [cell.source for cell in ours]
        self._prepared = Prepared(sandbox, self._ours, Limits(), seed=1)
        self._plain = PlainProcess(ours, seed=f"{self._student}/0000")
        self._diagnosis = Diagnosis(self._source, sandbox, one_worker=True)

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *exc: object) -> None:
        self._prepared.close()
        self._plain.close()
        self._diagnosis.close()

    def _notebook(self, code: str | None) -> NotebookNode:
        notebook = deepcopy(self._blank)
        if code is not None:
            notebook.cells[0].source = code
        return notebook

    def check(self, case: Case) -> Verdict:
        """Grades one case in the judge and in a plain process, and compares both with what it deserves."""
        notebook = self._notebook(case.code)
        # A mutant may loop forever or use up all memory: it stays in the sandbox and is not looked up in the catalogue.
        automatic = case.kind in AUTOMATIC
        plain = {} if automatic else self._plain.run(notebook.cells, alone=False)
        with until_first_failure() if case.kind == "mutant" else nullcontext():
            mark = grade_notebook(
                notebook,
                self._prepared,
                name=self._exercise.notebook,
                student=self._student,
                attempt="0000",
                limits=HASTY if case.kind == "mutant" else None,
                diagnosis=None if automatic else self._diagnosis,
                before=self._ours,
            )
        differing = _differing(mark, plain)
        # Perhaps an earlier case has left something behind, or a wrong answer passes a check by chance: only what never agrees counts.
        for draw in range(DRAWS if differing else 0):
            plain = self._plain.run(notebook.cells, alone=True, draw=draw)
            still = _differing(mark, plain)
            differing = [title for title in differing if title in still]
        return _verdict(case, mark, differing)


def _verdict(case: Case, mark: NotebookMark, differing: list[str]) -> Verdict:
    verdict = Verdict(case, mark.earned, mark.points)
    verdict.diagnosed = [mistake["name"] for cell in mark.cells for mistake in cell.mistakes]
    if case.kind in ("solution", "alternative", "blank") and verdict.diagnosed:
        verdict.problems.append(f"a mistake was named: {', '.join(verdict.diagnosed)}")
    wrong = {
        "all": mark.earned < mark.points,
        "nothing": mark.earned > 0,
        "less": mark.earned >= mark.points,
        "little": mark.earned > most(case.exercise) * mark.points + 0.005,  # marks are rounded
    }[case.deserves]
    if wrong and case.deserves == "little":
        passed = "; ".join(
            f"{check.title} ({check.weight:g})" for cell in mark.cells for check in cell.checks if check.passed
        )
        share = mark.earned / mark.points
        verdict.problems.append(f"got {share:.0%}, deserves {most(case.exercise):.0%} at most; passed: {passed}")
    elif wrong:
        failed = [check.title for cell in mark.cells for check in cell.checks if not check.passed]
        verdict.problems.append(
            f"got {mark.earned:g} of {mark.points:g}, deserves {case.deserves}"
            + (f"; failed: {'; '.join(failed)}" if failed else "")
        )
    if differing:
        verdict.problems.append(f"judge and plain process disagree on: {'; '.join(differing)}")
    return verdict


def _differing(mark: NotebookMark, plain: Results) -> list[str]:
    """Titles of the checks that came out otherwise in a plain process that survived."""
    differing = []
    for cell in mark.cells:
        there = plain.get(cell.grade_id, {}).get("checks")
        here = {check.title: check.passed for check in cell.checks}
        if there is not None:
            differing += [title for title in sorted({*here, *there}) if here.get(title) != there.get(title)]
    return differing


_course: Course
_sandbox: Sandbox


def _begin(root: str, sandbox: str) -> None:
    import torch

    global _course, _sandbox
    torch.set_num_threads(1)
    _course, _sandbox = Course.discover(root), open_sandbox(sandbox)


def _check(some: list[Case], seed: str) -> list[Verdict]:
    """The verdicts on some cases of one exercise."""
    verdicts = []
    with Bench(_course, _sandbox, some[0].exercise, seed) as bench:
        for case in some:
            try:
                verdicts.append(bench.check(case))
                if len(verdicts) == 1:
                    gc.freeze()  # what is there now stays: looking through it for garbage was half of a judge's work
            except Exception as error:  # a fault of the grader: the other cases are still worth checking
                points, problem = _course.exercise(case.exercise).points, f"raised {type(error).__name__}: {error}"
                verdicts.append(Verdict(case, 0.0, points, [problem]))
    return verdicts


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
        futures = [pool.submit(_check, some, seed) for some in _shares(chosen)]
        for future in as_completed(futures):
            yield from future.result()


def _shares(chosen: list[Case]) -> list[list[Case]]:
    """Cases of one exercise together, and the largest shares first, so that all processes end at about the same time."""
    by_exercise: dict[str, list[Case]] = {}
    for case in chosen:
        by_exercise.setdefault(case.exercise, []).append(case)
    shares = [cases[at : at + SHARE] for cases in by_exercise.values() for at in range(0, len(cases), SHARE)]
    return sorted(shares, key=len, reverse=True)


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
                "empty-handed": [0, 0],
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
            right = full if verdict.case.deserves == "all" else not full
            row[verdict.case.kind][0] += not verdict.problems if verdict.case.deserves == "little" else right
        if verdict.case.kind == "mistake":
            row["diagnosed"][1] += 1
            row["diagnosed"][0] += verdict.diagnosed == [verdict.case.name]
        row["problems"] += [f"{verdict.case.kind} {verdict.case.name}: {problem}" for problem in verdict.problems]
    return table
