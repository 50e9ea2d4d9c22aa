"""Errors whose messages are shown to students as they are."""

from __future__ import annotations


class DataError(Exception):
    """A data set is unknown, damaged or unreachable."""


class WeightsError(Exception):
    """Weights are unreachable, damaged, or do not fit the model."""


class Stopped(KeyboardInterrupt):
    """Someone stopped a long step; the message says what is kept. A notebook shows it without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class NotHandedIn(Exception):
    """Nothing could be packed for handing in; the message says what to do. A notebook shows it without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class GraderError(Exception):
    """The grader's own words about the student's process: it died, it timed out. Messages show its text as it is."""
