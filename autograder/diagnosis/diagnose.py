"""Which known mistake answers like the student's code? Replays what a failed test asked on the catalogue; when in doubt, names none."""

from __future__ import annotations

import contextlib
import difflib
import functools
import math
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, pairwise

from rapidfuzz import fuzz

from autograder.answers import Mistake, answers_to
from autograder.course.course import SourceNotebook
from autograder.diagnosis.derived import derived
from autograder.diagnosis.replay import (
    MOST_RETRIES,
    RETRIES_ON_SOLUTION,
    Budget,
    Call,
    Course,
    Outcome,
    part,
    read,
    replay,
    whole,
)
from autograder.diagnosis.verdict import passes
from autograder.judge.marks import CellMark
from autograder.student.endings import Lost, TimeIsUp, WorkerDied
from autograder.student.limits import Limits
from autograder.student.prepared import Prepared
from autograder.student.sandbox import Sandbox
from autograder.student.session import StudentSession
from autograder.student.worker.wire import WireError
from llmkit.cells import grade_id, only_shows, role

SECONDS = 4.0
LIKELY = 2  # mistakes
SAME_CODE = 95  # of 100
MOST_SILENT = 6  # mistakes whose answers tell nothing, of which the fitting ones are counted
# Of one mistake fewer, of two, the most promising are combined with one more.
PROMISING = {2: 6, 3: 3}


class Diagnosis:
    """Compares failed answers to the exercises of one notebook with the known mistakes.

    The catalogue's code runs in a worker of its own, so that an endless loop in it does no harm.

    Args:
        source: the course's notebook.
        sandbox: where the catalogue's code runs.
        seconds: processor time for naming the mistakes of one test cell; when it is used up, none is named.
        one_worker: whether the catalogue's code runs in the same worker for all tests, until it dies. That costs a fork less for each
            test; but what a mistake leaves behind is there for the next, so it is for many answers to one exercise.
    """

    def __init__(
        self, source: SourceNotebook, sandbox: Sandbox, seconds: float = SECONDS, one_worker: bool = False
    ) -> None:
        self._seconds, self._one_worker = seconds, one_worker
        self._tests = {grade_id(cell): cell.source for cell in source.nb.cells if role(cell) == "test"}
        self._exercises = {test: exercise for exercise in source.exercises for test in exercise.test_ids}
        whole = math.inf if one_worker else max(60.0, 3 * seconds)
        self._limits = Limits(cell_seconds=5, call_seconds=2, notebook_seconds=whole, rebuilds=50)
        # What the notebook provides, with every gap solved.
        provided = [
            cell.source
            for cell in source.nb.cells
            if cell.cell_type == "code" and role(cell) != "test" and not only_shows(cell)
        ]
        self._solved = Prepared(sandbox, provided, self._limits, seed=1)
        self._own: StudentSession | None = None

    def __enter__(self) -> Diagnosis:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends its workers."""
        if self._own is not None:
            self._own.close()
            self._own = None
        self._solved.close()

    @contextlib.contextmanager
    def _worker(self) -> Iterator[StudentSession]:
        """A worker for one test, after the cells that the notebook provides."""
        own = self._own or StudentSession(self._solved, self._limits, seed=1)
        self._own = None
        try:
            yield own
        except BaseException:
            own.close()
            raise
        if self._one_worker and own.generation == 0:
            self._own = own
        else:
            own.close()

    def explain(self, session: StudentSession, mark: CellMark, answer: str) -> list[Mistake]:
        """The mistakes that together answer everything this test asks as the student's code does.

        Args:
            session: the student's worker, just after the test.
            mark: the test's result.
            answer: source of the student's gap, to choose among mistakes that behave alike.

        Returns:
            One mistake, two or three; empty when the answer is right or blank, or no known mistake answers like it.
        """
        exercise = self._exercises.get(mark.grade_id)
        if mark.passed or exercise is None or "raise NotImplementedError" in answer:  # a part of the gap is empty
            return []
        known = _ordered(list(answers_to(exercise.id, exercise.values).mistakes), answer)
        written = session.end_test()
        if written is None or written.broken or not written.calls:
            return []
        try:
            calls = read(session, written)
        except Exception:  # whatever the student's process answers now, the marks are made
            return []
        failed = {check.title for check in mark.checks if not check.passed}
        with self._worker() as own:
            search = _Search(own, calls, failed if mark.checks else None, Budget(own, self._seconds), answer)
            search.accepted = lambda: passes(own, self._tests[mark.grade_id], failed, written.text)
            for found in search.found(known, lambda: derived(exercise.solution, answer)):
                # An answer that also behaves like the solution lost its marks for something else, such as time.
                search.budget = Budget(own, self._seconds)
                loosely = search.loosely
                outcome = search.trial(exercise.solution, RETRIES_ON_SOLUTION, loosely)
                if outcome.alike and (outcome.exact or loosely):
                    return []
                return found
        return []


def _ordered(known: list[Mistake], answer: str) -> list[Mistake]:
    """The mistake whose code is most like the student's comes first."""
    plain = _plain(answer)
    return sorted(known, key=lambda mistake: -fuzz.ratio(plain, _plain(mistake.code)))


def _plain(code: str) -> str:
    """Code without docstrings, comments and spaces."""
    return re.sub(r'""".*?"""|#[^\n]*|\s+', "", code, flags=re.DOTALL)


class _Search:
    """Looks for mistakes that answer alike.

    Only what was asked in failed checks is compared at first: where a check has passed, right answers may differ, in a random draw
    or in a choice that the statement leaves open. A mistake that answers alike there answers alike everywhere, or passes what the
    student's answer has passed.
    """

    def __init__(
        self, session: StudentSession, calls: list[Call], failed: set[str] | None, budget: Budget, answer: str
    ) -> None:
        self._session, self._calls, self.budget, self._answer = session, calls, budget, _plain(answer)
        self._whole, self._part = whole(calls), part(calls, failed)
        self.accepted: Callable[[], bool] = lambda: False
        self.loosely = False

    def found(self, known: list[Mistake], more: Callable[[], list[Mistake]]) -> Iterator[list[Mistake]]:
        """What answers alike, the simplest first."""
        # The likeliest reading of the parameters on every mistake, then types that do not matter, before all readings on the first.
        reached: dict[str, int] = {}
        tries = [(0, False), (0, True)]
        if any(call.weights is not None for call in self._calls):
            tries += [(MOST_RETRIES, False), (MOST_RETRIES, True)]
        others: list[tuple[list[Mistake], str]] | None = None
        for retries, self.loosely in tries:
            yield from self._among([([mistake], mistake.code) for mistake in known], retries, reached)
            # Whoever answers alike for longest comes first from now on, and once in all readings before anything else is tried.
            known = sorted(known, key=lambda mistake: -reached.get(mistake.name, 0))
            if others is None and len(tries) > 2:
                yield from self._among([([mistake], mistake.code) for mistake in known[:LIKELY]], MOST_RETRIES, {})
            if others is None:
                others = [([mistake], mistake.code) for mistake in more()]
                others += [([mistake], code) for mistake in known for code in mistake.variants]
            yield from self._among(others, retries, {})
        self.loosely = False
        yield from self._several(known, reached)

    def _several(self, known: list[Mistake], reached: dict[str, int]) -> Iterator[list[Mistake]]:
        """Two or three mistakes at once: those first that answer alike for longer than others."""
        by_name = {mistake.name: mistake for mistake in known if mistake.base}
        reached = {name: place for name, place in reached.items() if name in by_name}
        tried: set[frozenset[str]] = set()
        for size, most in PROMISING.items():
            best = sorted(reached, key=lambda name: -reached[name])[:most]
            further: dict[str, int] = {}
            for name in best:
                parts = [by_name[one] for one in name.split("+")]
                together = []
                for other in by_name.values():
                    names = frozenset([*name.split("+"), other.name])
                    if len(names) == size and names not in tried:
                        tried.add(names)
                        together += [([*parts, other], code) for code in _together([*parts, other])]
                places: dict[str, int] = {}
                yield from self._among(together, 0, places)
                further |= {key: place for key, place in places.items() if place > reached[name]}
            if size == 2:
                pairs = [
                    pair
                    for pair in combinations(by_name.values(), 2)
                    if frozenset(one.name for one in pair) not in tried
                ]
                rest = ((list(pair), code) for pair in pairs for code in _together(list(pair)))
                pending = rest
            reached = further
        yield from self._among(pending, 0, {})

    def _among(
        self, candidates: Iterable[tuple[list[Mistake], str]], retries: int, reached: dict[str, int]
    ) -> Iterator[list[Mistake]]:
        """Those that answer alike everywhere; then, for lack of one, the first that passes what the student's answer has passed."""
        partly, silent, other_layout = [], [], []
        # The first are the likeliest: of them everything is asked at once.
        asks_all = Course(self._whole.put, self._part.compared)
        for number, (mistakes, code) in enumerate(candidates):
            # All readings of the parameters would use up what several mistakes at once are sought with.
            if self.budget.is_used_up or (retries and self.budget.is_half_used):
                break
            outcome = self.trial(code, retries, self.loosely, asks_all if number < LIKELY else None)
            reached["+".join(mistake.name for mistake in mistakes)] = outcome.reached
            if not outcome.alike:
                continue
            if not outcome.told:
                silent.append((mistakes, code, outcome.everywhere))
                continue
            if outcome.everywhere or self.trial(code, retries, self.loosely, self._whole).alike:
                if outcome.exact:
                    yield mistakes
                other_layout.append(mistakes)
            partly.append((mistakes, code))
        yield from other_layout  # modules with more or fewer numbers to train than the student's
        for mistakes, code in partly:
            if self._passes(code):
                yield mistakes
        # Where no answer told anything, as when all raised, the mistake must be the only one of this kind, or that very code.
        fitting = [mistakes for mistakes, code, everywhere in silent[:MOST_SILENT] if everywhere or self._passes(code)]
        if fitting and (len(fitting) == 1 or fuzz.ratio(self._answer, _plain(fitting[0][0].code)) >= SAME_CODE):
            yield fitting[0]

    def _passes(self, code: str) -> bool:
        """Whether code passes what the student's answer has passed."""
        if self.budget.is_used_up:
            return False
        run = self._session.run_cell(code)
        return run.error is None and run.died is None and self.accepted()

    def trial(self, code: str, retries: int, loosely: bool, course: Course | None = None) -> Outcome:
        """How far code answers alike, within the budget."""
        run = self._session.run_cell(code)
        if run.error is not None or run.died is not None:
            return Outcome(False, 0)
        try:
            return replay(self._session, self._calls, self.budget, retries, course or self._part, loosely=loosely)
        except (Lost, TimeIsUp, WorkerDied, WireError):  # while parameters were read or set, or in what it answered
            return Outcome(False, 0)


def _together(mistakes: list[Mistake]) -> list[str]:
    """The code with all of these mistakes, if they were made in the same right code and in different places."""
    base = mistakes[0].base
    if not base or any(mistake.base != base for mistake in mistakes):
        return []
    tokens = _tokens(base)
    changes = sorted(change for mistake in mistakes for change in _changes(base, mistake.code))
    if any(left[1] > right[0] for left, right in pairwise(changes)):
        return []
    for start, end, new in reversed(changes):
        tokens[start:end] = new
    return ["".join(tokens)]


def _tokens(code: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", code)


# Each mistake is one of many pairs.
@functools.lru_cache(maxsize=256)
def _changes(base: str, code: str) -> tuple[tuple[int, int, list[str]], ...]:
    other = _tokens(code)
    found = difflib.SequenceMatcher(None, _tokens(base), other, autojunk=False).get_opcodes()
    return tuple((start, end, other[low:high]) for kind, start, end, low, high in found if kind != "equal")
