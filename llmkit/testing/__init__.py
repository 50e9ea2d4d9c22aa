"""Checks, assertions, random inputs and probes for test cells."""

from llmkit.testing import probes
from llmkit.testing.asserts import (
    assert_close,
    assert_dtype,
    assert_equal,
    assert_finite,
    assert_raises,
    assert_rows_sum_to_one,
    assert_shape,
    assert_true,
    assert_unchanged,
)
from llmkit.testing.checks import Checks, Outcome, Report
from llmkit.testing.inputs import randint, randn, seed
from llmkit.testing.weights import assert_same_function

__all__ = [
    "Checks",
    "Outcome",
    "Report",
    "assert_close",
    "assert_dtype",
    "assert_equal",
    "assert_finite",
    "assert_raises",
    "assert_rows_sum_to_one",
    "assert_same_function",
    "assert_shape",
    "assert_true",
    "assert_unchanged",
    "probes",
    "randint",
    "randn",
    "seed",
]
