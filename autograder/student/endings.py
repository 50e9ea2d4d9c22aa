"""How the student's process, or a call into it, can end: as exceptions with the messages that students read."""

from __future__ import annotations

import re

from autograder.i18n import gettext as _
from llmkit.errors import GraderError


class StudentError(Exception):
    """An exception from the student's code whose class has no built-in counterpart; `raised` names it."""


class WorkerDied(GraderError):
    """The student's code ended its own process."""


class TimeIsUp(GraderError):
    """The student's code took longer than a limit."""


class Lost(GraderError):
    """An object is gone with the worker that held it."""


class NotAValue(GraderError, TypeError):
    """A test used a stand-in as if it were a value."""


def ended(code: int | None) -> WorkerDied:
    """The process ended by itself.

    Args:
        code: its exit code, as a shell reports it; None if unknown.
    """
    signals = {  # 128 + the signal's number
        134: _("aborted"),
        137: _("killed: too much memory or time"),
        139: _("segmentation fault"),
        152: _("processor time used up"),
    }
    how = "" if code is None else f" ({signals.get(code, _('exit code {code}').format(code=code))})"
    return WorkerDied(_("your code ended the Python process{how}").format(how=how))


def ended_again(count: int) -> WorkerDied:
    """The process had to be restarted too often."""
    return WorkerDied(_("your code ended the Python process more than {count} times").format(count=count))


def unreadable(error: Exception) -> WorkerDied:
    """The process answered with something that the wire does not allow."""
    return WorkerDied(_("your code answered with something that cannot be read: {error}").format(error=error))


def too_much() -> WorkerDied:
    """An answer, or all answers to one test together, are larger than the grader reads."""
    return WorkerDied(
        _("your code returned far more than this test asks for: is the value much larger than it should be?")
    )


def too_many(count: int) -> WorkerDied:
    """A test has asked too often, most likely in a loop over an object of the student's."""
    return WorkerDied(
        _("this test stopped after {count} questions to your code: does what it loops over ever end?").format(
            count=count
        )
    )


def late(seconds: float) -> TimeIsUp:
    """A cell or a call took too long."""
    return TimeIsUp(
        _("your code ran for more than {seconds} s: is there a loop that never ends?").format(seconds=f"{seconds:g}")
    )


def stopped(seconds: float) -> TimeIsUp:
    """A cell that the student added took too long."""
    return TimeIsUp(
        _("stopped after {seconds} s: your own cells must not take time from the answers and their tests").format(
            seconds=f"{seconds:g}"
        )
    )


def used_up(seconds: float) -> TimeIsUp:
    """The course's cells, the answers and all calls of a notebook together took too long."""
    return TimeIsUp(_("the notebook used all of its {seconds} s").format(seconds=f"{seconds:g}"))


def test_used_up(seconds: float) -> TimeIsUp:
    """The calls of one test cell together took too long."""
    return TimeIsUp(_("the calls of this test used all of its {seconds} s").format(seconds=f"{seconds:g}"))


def tells_of_time(message: str) -> bool:
    """Whether a message, in the language in use, says that a limit of time was met."""
    texts = (str(late(0)), str(used_up(0)), str(test_used_up(0)), _("processor time used up"))
    return any(re.search(re.escape(text).replace("0", r"[\d.e+]+"), message) for text in texts)


def lost(kind: str) -> Lost:
    """An object of this class died with its process."""
    return Lost(_("the {kind} that your code made is gone, because the process that held it ended").format(kind=kind))


def not_a_value(kind: str) -> NotAValue:
    """An object of this class came back where a tensor or a plain value was expected."""
    return NotAValue(
        _(
            "Your code returned something that only it can use: a {kind} where a tensor or a plain value was expected"
        ).format(kind=kind)
    )
