"""Errors whose messages are shown to students as they are."""

from __future__ import annotations


class DataError(Exception):
    """A data set is unknown, damaged or unreachable."""


class WeightsError(Exception):
    """Weights are unreachable, damaged, or do not fit the model."""


class GraderError(Exception):
    """The grader's own words about the student's process: it died, it timed out. Messages show its text as it is."""
