"""Messages of assertions: each names what was expected, what came and where."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from llmkit import testing as t


def message(function: Callable[..., None], *args: Any, **kwargs: Any) -> str:
    with pytest.raises(AssertionError) as caught:
        function(*args, **kwargs)
    return str(caught.value)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (torch.ones(2), torch.ones(2)),
        (torch.ones(2) + 1e-6, torch.ones(2)),
        ([1.0, 2.0], torch.tensor([1.0, 2.0])),
        (np.ones(3, dtype=np.float32), torch.ones(3)),
        (1.0, 1.0),
        (torch.tensor([1, 2]), [1, 2]),
        (torch.tensor([math.nan, math.inf]), torch.tensor([math.nan, math.inf])),
        (torch.ones(2, requires_grad=True), torch.ones(2)),
        (torch.ones(2, dtype=torch.bfloat16), torch.ones(2) + 1e-3),
    ],
)
def test_close_accepts(got: Any, expected: Any) -> None:
    t.assert_close(got, expected)


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        (None, torch.ones(2), "None came back. Is a `return` missing?"),
        ("text", torch.ones(2), "should be a tensor; got 'text'"),
        (torch.ones(2, 1), torch.ones(2), "should have shape (2,); got shape (2, 1)"),
        (torch.tensor([1.0, math.nan]), torch.ones(2), "1 values are not finite numbers; the first is nan at [1]"),
        (torch.tensor([1.0, 3.0]), torch.ones(2), "first difference at [1]: expected 1.0000, got 3.0000"),
        (torch.tensor([1.0, 3.0]), torch.ones(2), "largest difference: 2"),
        (torch.zeros(20, 20), torch.ones(20, 20), "400 of 400 values differ"),
        (torch.zeros(20, 20), torch.ones(20, 20), "shape (20, 20), dtype float32"),
        (torch.ones(2), torch.tensor([1.0, math.inf]), "first difference at [1]"),
        (torch.tensor([1, 2]), torch.tensor([1, 3]), "expected 3, got 2"),
        (torch.ones(2, dtype=torch.float64) + 1e-6, torch.ones(2, dtype=torch.float64), "differ"),
        (torch.tensor([1 + 2j]), torch.tensor([1 + 3j]), "expected 1.0000+3.0000j, got 1.0000+2.0000j"),
        (torch.tensor([1 + 2j]), torch.tensor([1.0]), "expected 1.0000, got 1.0000+2.0000j"),
        (math.nan, 1.0, "The result is nan, which is not a finite number"),
        (torch.tensor([0.00011]), torch.tensor([0.00014]), "expected 0.000140, got 0.000110"),
        (torch.ones(1).double() + 3e-7, torch.ones(1).double(), "expected 1.00000000, got 1.00000030"),
    ],
)
def test_close_refuses_and_says_why(got: Any, expected: Any, words: str) -> None:
    assert words in message(t.assert_close, got, expected)


def test_close_shows_small_tensors_whole_and_names_what() -> None:
    text = message(
        t.assert_close,
        torch.tensor([[1.0, 2.0], [3.0, 4.0]]),
        torch.tensor([[1.0, 2.0], [3.0, 5.0]]),
        what="the weights",
    )
    assert text.startswith("The weights: 1 of 4 values differ")
    assert "[3.0000, 5.0000]" in text and "[3.0000, 4.0000]" in text


def test_dtype_is_compared_on_request_only() -> None:
    t.assert_close(torch.ones(2, dtype=torch.float64), torch.ones(2))
    assert "dtype float32; got float64" in message(
        t.assert_close, torch.ones(2, dtype=torch.float64), torch.ones(2), check_dtype=True
    )


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        (3, 4, "should be 4; got 3"),
        (True, 1, "should be 1; got True"),
        ([1, 2], [1, 3], "first difference at index 1: expected 3, got 2"),
        ([1], [1, 2], "expected 2 items, got 1"),
        ((1, 2), [1, 2], "got (1, 2)"),
        ({"a": 1}, {"a": 1, "b": 2}, "'b' is missing"),
        ("não", "nao", "should be 'nao'"),
        (torch.tensor([1, 2]), torch.tensor([1, 3]), "first difference at [1]"),
        (torch.ones(2, 2), 3, "a tensor of shape (2, 2)"),
        (None, [1], "is a `return` missing"),
        (math.nan, 1.0, "should be 1.0; got nan"),
        ({"a": 3}, {"a": 1}, "first difference at 'a': expected 1, got 3"),
        ({"a": 1, "c": 2}, {"a": 1}, "'c' should not be there"),
        ([1, torch.ones(2)], [1, torch.zeros(2)], "first difference at index 1"),
        ([1.0], [torch.ones(1)], "should be [tensor([1.])]; got [1.0]"),
    ],
)
def test_equal_refuses_and_says_why(got: Any, expected: Any, words: str) -> None:
    assert words in message(t.assert_equal, got, expected)


def test_equal_accepts() -> None:
    for value in (
        3,
        "a",
        [1, [2]],
        {"a": (1,)},
        {1, 2},
        torch.tensor([True]),
        None,
        [torch.ones(2)],
        {1: torch.ones(2)},
    ):
        t.assert_equal(value, value)
    t.assert_equal(torch.tensor(3), 3)
    t.assert_equal(torch.tensor([1, 2]), [1, 2])


def test_shape_finite_rows_unchanged_and_true() -> None:
    t.assert_shape(torch.ones(2, 3), (2, 3))
    assert "shape (3,)" in message(t.assert_shape, torch.ones(2), (3,))
    t.assert_finite([1.0, 2.0])
    assert "the first is inf at [0]" in message(t.assert_finite, [math.inf])
    t.assert_rows_sum_to_one(torch.full((2, 4), 0.25))
    assert "row [0] sums to 0.5000" in message(t.assert_rows_sum_to_one, torch.full((2, 2), 0.25))
    assert "negative" in message(t.assert_rows_sum_to_one, torch.tensor([[2.0, -1.0]]))
    assert "not finite" in message(t.assert_rows_sum_to_one, torch.tensor([[math.nan, 1.0]]))
    t.assert_rows_sum_to_one(torch.randn(4, 200).softmax(-1).bfloat16())
    for now, before in (
        (torch.ones(2), torch.zeros(2)),
        (torch.ones(2), torch.ones(1, 2)),
        ([1], [2]),
        (None, torch.ones(2)),
    ):
        assert "changed in place" in message(t.assert_unchanged, now, before, what="x")
    for same in (torch.tensor([math.nan, 1.0]), [1, 2], {"a": torch.ones(2)}):
        t.assert_unchanged(same, same)
    t.assert_true(torch.tensor(True), "never shown")
    assert message(t.assert_true, False, "row {row} is wrong", row=3) == "Row 3 is wrong"
    assert "Expected True or False, got 1" in message(t.assert_true, 1, "never shown")


def test_raises() -> None:
    def fail(error: Exception | None) -> None:
        if error:
            raise error

    t.assert_raises(ValueError, fail, ValueError("d_out is bad"), match="D_OUT")
    assert "nothing was raised" in message(t.assert_raises, ValueError, fail, None)
    assert "TypeError was raised: x" in message(t.assert_raises, ValueError, fail, TypeError("x"))
    assert "should mention 'heads'" in message(t.assert_raises, ValueError, fail, ValueError("no"), match="heads")
    for expected in (RuntimeError, ValueError):
        with pytest.raises(NotImplementedError):
            t.assert_raises(expected, fail, NotImplementedError())
    t.assert_raises(RuntimeError, fail, NotImplementedError("not implemented for 'Long'"))


def test_random_inputs_repeat_by_seed_and_leave_torch_alone() -> None:
    state = torch.get_rng_state()
    t.seed("a")
    first = t.randn(3, 2), t.randint(0, 9, (4,))
    t.seed("b")
    other = t.randn(3, 2)
    t.seed("a")
    again = t.randn(3, 2), t.randint(0, 9, (4,))
    assert torch.equal(first[0], again[0]) and torch.equal(first[1], again[1]) and not torch.equal(first[0], other)
    assert torch.equal(torch.get_rng_state(), state)
    assert t.randn(2, dtype=torch.float64).dtype == torch.float64
