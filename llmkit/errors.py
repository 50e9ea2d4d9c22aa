"""What can go wrong with files and downloads, told with a remedy."""

from __future__ import annotations


class DataError(Exception):
    """A data set is unknown, damaged or out of reach."""


class WeightsError(Exception):
    """Weights are out of reach, damaged, or do not fit the model."""
