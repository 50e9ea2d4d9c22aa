"""Named checks: each one passes or fails on its own, and the report says which and why."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import TracebackType

from llmkit.errors import GraderError
from llmkit.i18n import gettext as _
from llmkit.testing import failed_runs, ready_made, results
from llmkit.testing.raised import Raised

LONGEST = 600  # characters shown of an exception's text

quiet: ContextVar[bool] = ContextVar("llmkit_checks_quiet", default=False)
_one_failure_is_enough: ContextVar[bool] = ContextVar("llmkit_checks_one_failure_is_enough", default=False)
started = 0  # counts the test cells of this process
running = ""  # title of the check whose block is running, in the reader's language


class Failed(BaseException):
    """A check has failed where one failure is enough; not an Exception, so that it ends the test cell."""


@contextmanager
def until_first_failure() -> Iterator[None]:
    """Test cells that run here end with the first check that fails, by `Failed`: for who only asks whether all pass."""
    before = _one_failure_is_enough.set(True)
    try:
        yield
    finally:
        _one_failure_is_enough.reset(before)


@dataclass(frozen=True)
class Outcome:
    """The outcome of one check.

    Attributes:
        title: what was checked, in the reader's language.
        weight: its share of the points, relative to the other checks.
        passed: whether it passed.
        message: why not; empty when passed.
        error_type: class name of the exception that ended it; empty when passed.
    """

    title: str
    weight: float
    passed: bool
    message: str = ""
    error_type: str = ""


class Report:
    """The outcomes of a test cell; its `repr` is the points earned, which nbgrader takes as partial credit.

    A notebook shows it as a table, a terminal as text.

    Args:
        points: what the cell is worth.
        outcomes: one per check, in order.
        hidden: how many more checks run when the notebook is graded.
        remarks: what the reader should know first, one sentence each.
    """

    def __init__(self, points: float, outcomes: list[Outcome], hidden: int = 0, remarks: Sequence[str] = ()) -> None:
        self.points = points
        self.outcomes = outcomes
        self.hidden = hidden
        self.remarks = list(remarks)

    @property
    def fraction(self) -> float:
        """Weight of the passed checks over the weight of all, in [0, 1]; 0 if nothing was checked."""
        total = sum(outcome.weight for outcome in self.outcomes)
        return sum(outcome.weight for outcome in self.outcomes if outcome.passed) / total if total else 0.0

    @property
    def earned(self) -> float:
        """Points for these checks, in [0, points]."""
        return round(self.points * self.fraction, 2)

    def __repr__(self) -> str:
        return repr(self.earned)

    def __str__(self) -> str:
        lines = [f"! {remark}" for remark in self.remarks]
        for outcome in self.outcomes:
            lines.append(f"{'✓' if outcome.passed else '✗'} {outcome.title}")
            lines += ["    " + line for line in outcome.message.splitlines()]
        return "\n".join([*lines, self._counted(), *self._not_yet(), self._scored()])

    def _repr_html_(self) -> str:
        lines = [results.Line(outcome.title, outcome.passed, outcome.message) for outcome in self.outcomes]
        return results.as_html(
            f"{self._counted()} {self._scored()}",
            lines,
            passed=self.fraction == 1 and not self.remarks,
            before=[results.remark(f"⚠ {remark}") for remark in self.remarks],
            after=" ".join(self._not_yet()),
        )

    def _counted(self) -> str:
        passed, count = sum(outcome.passed for outcome in self.outcomes), len(self.outcomes)
        if self.hidden:
            return _("{passed} of {count} visible checks pass.").format(passed=passed, count=count)
        if passed == count:
            return _("All {count} checks pass.").format(count=passed)
        return _("{passed} of {count} checks pass.").format(passed=passed, count=count)

    def _not_yet(self) -> list[str]:
        if not self.hidden:
            return []
        if self.hidden == 1:
            return [_("One hidden check runs when you hand in, and counts as well.")]
        return [_("{count} hidden checks run when you hand in, and count as well.").format(count=self.hidden)]

    def _scored(self) -> str:
        said = _("{earned} of {points} points by these checks.") if self.hidden else _("{earned} of {points} points.")
        return said.format(earned=results.score(self.earned), points=results.score(self.points))


hears: list[Callable[[Report], None]] = []  # hear of each report that is printed


class Checks:
    """The checks of one test cell.

    Args:
        points: what the cell is worth: nbgrader's points of the cell.
        hidden: how many checks of the cell students do not see; the build writes it into what they get.

    Raises:
        ReadyMade: an answer that this cell tests is somebody else's.

    Example:
        >>> check = Checks(points=2)
        >>> with check("two and two make four"):
        ...     assert 2 + 2 == 4
        >>> check.report().fraction
        ✓ two and two make four
        All 1 checks pass.
        2 of 2 points.
        1.0
    """

    def __init__(self, points: float, hidden: int = 0) -> None:
        if not points > 0:
            raise ValueError(f"points must be positive, not {points!r}")
        global started
        started += 1
        ready_made.refuse()
        self.points, self.hidden = points, hidden
        self._outcomes: dict[str, Outcome] = {}

    def __call__(self, title: str, weight: float = 1) -> _Check:
        """A context manager: whatever its block raises fails this check, and this check only.

        Args:
            title: what is checked, as a sentence; unique in the cell; an English msgid.
            weight: its share of the points, relative to the others.
        """
        if title in self._outcomes:
            raise ValueError(f"two checks are called {title!r}")
        if not weight > 0:
            raise ValueError(f"weight must be positive, not {weight!r}")
        return _Check(self._outcomes, title, weight)

    def report(self) -> Report:
        """The outcomes with the points earned: the last value of its cell, which a notebook shows. Elsewhere they are printed."""
        report = Report(self.points, list(self._outcomes.values()), self.hidden, failed_runs.outdated())
        if not quiet.get():
            if not _in_notebook():
                print(report)
            for hear in hears:
                hear(report)
        return report


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    return getattr(ipython.get_ipython(), "kernel", None) is not None if ipython else False


class _Check:
    def __init__(self, outcomes: dict[str, Outcome], title: str, weight: float) -> None:
        self._outcomes, self._title, self._weight = outcomes, title, weight

    def __enter__(self) -> None:
        global running
        running = _(self._title)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        global running
        running = ""
        if error is not None and not isinstance(error, (Exception, SystemExit)):
            return False
        title = _(self._title)
        if error is None:
            self._outcomes[self._title] = Outcome(title, self._weight, True)
        else:
            if _one_failure_is_enough.get():
                raise Failed
            self._outcomes[self._title] = Outcome(title, self._weight, False, explain(error), type(error).__name__)
        return True


def explain(error: BaseException) -> str:
    """An exception as a message for the student: what their code did, and on which line."""
    text, raised = _text(error), Raised.of(error)
    if isinstance(error, AssertionError) and not raised.theirs:
        return text or _("This does not hold.")
    if isinstance(error, NotImplementedError) and not text:
        return _("This gap is still empty: replace `raise NotImplementedError` with your code.")
    if isinstance(error, GraderError):
        return text
    if isinstance(error, NameError) and not raised.theirs:
        # Without `name` it is the grader's; with it, the test used a name that no cell has defined yet.
        return _undefined(error.name) if error.name else text
    said = f"{raised.name}: {text}" if text else raised.name
    if raised.line is not None:
        line = _("line {number} of {function}").format(number=raised.line, function=raised.function)
        return _("Your code raised {error} ({line})").format(error=said, line=line)
    if raised.theirs or isinstance(error, SystemExit):
        return _("Your code raised {error}").format(error=said)
    return _("The check could not continue: {error}. Does your code take and return what its docstring says?").format(
        error=said
    )


def _undefined(name: str) -> str:
    failed = failed_runs.why(name)
    if failed:
        return _("`{name}` is not defined, because its cell failed: {error}").format(name=name, error=failed)
    return _("`{name}` is not defined: run the cell that defines it").format(name=name)


def _text(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:  # a student's own exception may have a broken __str__
        return ""
    return text if len(text) <= LONGEST else text[:LONGEST] + " ..."
