"""Errors that are told to the student in their own words."""

from __future__ import annotations


class DataError(Exception):
    """A data set is unknown, damaged or out of reach."""


class WeightsError(Exception):
    """Weights are out of reach, damaged, or do not fit the model."""


class GraderError(Exception):
    """The grader's own words about the student's process: it died, its time was up. A message shows its text as it is."""
