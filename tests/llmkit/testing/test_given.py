"""What a student's code changes in its arguments is seen by `assert_unchanged`, and by nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from autograder.student.remote import mirror
from llmkit.testing import assert_unchanged, given, randn


@pytest.fixture(autouse=True)
def _a_new_test() -> Any:
    given.forget()
    yield
    given.forget()


@pytest.mark.parametrize(
    ("ours", "after"),
    [
        (torch.ones(2, 3), torch.zeros(2, 3)),
        (np.ones(3), np.zeros(3)),
        ([1, [2, 3]], [1, [2]]),
        ({"a": torch.ones(2)}, {"a": torch.zeros(2), "b": 1}),
    ],
)
def test_arguments_stay_as_they_were_drawn(ours: Any, after: Any) -> None:
    before = given.kept(ours)
    given.note([ours], [after], mirror)
    assert repr(ours) == repr(before)
    with given.as_left():
        assert repr(ours) == repr(after)
    assert repr(ours) == repr(before)


def test_a_change_through_a_view_is_seen_in_the_whole() -> None:
    whole = randn(4, 3)
    before = whole.clone()
    given.note([whole[1:3]], [torch.zeros(2, 3)], mirror)
    with pytest.raises(AssertionError, match="changed in place"):
        assert_unchanged(whole, before)
    assert torch.equal(whole, before)


def test_what_is_changed_twice_is_as_it_was_left_last() -> None:
    x = torch.tensor([1.0])
    given.note([x], [torch.tensor([2.0])], mirror)
    given.note([x], [torch.tensor([3.0])], mirror)
    with given.as_left():
        assert x.item() == 3
    assert x.item() == 1
