"""Which known mistake answers like the student's code? Replays what a failed test asked on the catalogue; when in doubt, names none."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from itertools import combinations, pairwise

from rapidfuzz import fuzz

from autograder.answers import Mistake, answers_to
from autograder.course.course import SourceNotebook
from autograder.diagnosis.replay import MOST_RETRIES, RETRIES_ON_SOLUTION, Budget, Call, read, replay
from autograder.judge.marks import CellMark
from autograder.student.endings import Lost, TimeIsUp, WorkerDied
from autograder.student.limits import Limits
from autograder.student.prepared import Prepared
from autograder.student.sandbox import Sandbox
from autograder.student.session import StudentSession
from autograder.student.worker.wire import WireError
from llmkit.cells import SKIP, role

SECONDS = 4.0


class Diagnosis:
    """Compares failed answers to the exercises of one notebook with the known mistakes.

    The catalogue's code runs in a worker of its own, so that an endless loop in it does no harm.

    Args:
        source: the course's notebook.
        sandbox: where the catalogue's code runs.
        seconds: processor time for naming the mistakes of one test cell; when it is used up, none is named.
    """

    def __init__(self, source: SourceNotebook, sandbox: Sandbox, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._exercises = {test: exercise for exercise in source.exercises for test in exercise.test_ids}
        self._limits = Limits(cell_seconds=5, call_seconds=2, notebook_seconds=max(60.0, 3 * seconds), rebuilds=50)
        # What the notebook provides, with every gap solved.
        provided = [
            cell.source
            for cell in source.nb.cells
            if cell.cell_type == "code" and role(cell) != "test" and SKIP not in cell.metadata.get("tags", ())
        ]
        self._solved = Prepared(sandbox, provided, self._limits, seed=1)

    def __enter__(self) -> Diagnosis:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends its workers."""
        self._solved.close()

    def explain(self, session: StudentSession, mark: CellMark, answer: str) -> list[Mistake]:
        """The mistakes that together answer everything this test asks as the student's code does.

        Args:
            session: the student's worker, just after the test.
            mark: the test's result.
            answer: source of the student's gap, to choose among mistakes that behave alike.

        Returns:
            One mistake, or two; empty when the answer is right or blank, or no known mistake answers like it.
        """
        exercise = self._exercises.get(mark.grade_id)
        if mark.passed or mark.empty or exercise is None:
            return []
        known = list(answers_to(exercise.id).mistakes)
        if not known:
            return []
        written = session.end_test()
        if written is None or written.broken or not written.calls:
            return []
        try:
            calls = read(session, written)
        except Exception:  # whatever the student's process answers now, the marks are made
            return []
        with StudentSession(self._solved, self._limits, seed=1) as own:
            budget = Budget(own, self._seconds)
            found = _first_alike(own, _ordered(known, answer), calls, budget)
            # An answer that also behaves like the solution lost its marks for something else, such as time.
            if found and _answers_alike(own, exercise.solution, calls, Budget(own, self._seconds), RETRIES_ON_SOLUTION):
                return []
            return found


def _ordered(known: list[Mistake], answer: str) -> list[Mistake]:
    """The mistake whose code is most like the student's comes first."""
    plain = _plain(answer)
    return sorted(known, key=lambda mistake: -fuzz.ratio(plain, _plain(mistake.code)))


def _plain(code: str) -> str:
    """Code without docstrings, comments and spaces."""
    return re.sub(r'""".*?"""|#[^\n]*|\s+', "", code, flags=re.DOTALL)


def _first_alike(session: StudentSession, known: list[Mistake], calls: list[Call], budget: Budget) -> list[Mistake]:
    # Try the likeliest reading of the parameters on every mistake before all readings on the first.
    for retries in (0, MOST_RETRIES) if any(call.weights is not None for call in calls) else (0,):
        for mistake in known:
            if budget.is_used_up:
                return []
            if _answers_alike(session, mistake.code, calls, budget, retries):
                return [mistake]
    for first, second in combinations(known, 2):
        if budget.is_used_up:
            return []
        for code in _both(first, second):
            if _answers_alike(session, code, calls, budget):
                return [first, second]
    return []


def _answers_alike(
    session: StudentSession, code: str, calls: list[Call], budget: Budget, retries: int = MOST_RETRIES
) -> bool:
    """Whether code answers every question as recorded, within the budget."""
    run = session.run_cell(code, "gap")
    try:
        return run.error is None and run.died is None and replay(session, calls, budget, retries)
    except (Lost, TimeIsUp, WorkerDied, WireError):  # while parameters were read or set, or in what it answered
        return False


def _both(first: Mistake, second: Mistake) -> Iterator[str]:
    """The code with both mistakes, if both were made in the same right code and in different places."""
    if not first.base or first.base != second.base:
        return
    base = _tokens(first.base)
    changes = sorted([*_changes(base, _tokens(first.code)), *_changes(base, _tokens(second.code))])
    if any(left[1] > right[0] for left, right in pairwise(changes)):
        return
    for start, end, new in reversed(changes):
        base[start:end] = new
    yield "".join(base)


def _tokens(code: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", code)


def _changes(base: list[str], other: list[str]) -> Iterator[tuple[int, int, list[str]]]:
    matcher = difflib.SequenceMatcher(None, base, other, autojunk=False)
    for kind, start, end, low, high in matcher.get_opcodes():
        if kind != "equal":
            yield start, end, other[low:high]
