"""Pictures of a batch: the coloured places are the targets that count, and pointing at one tells both tokens."""

from __future__ import annotations

import pytest
import torch

from llmkit.views.batches import batch_picture, task_bars

INPUTS = torch.tensor([[1, 2, 3], [4, 9, 9]])
TARGETS = torch.tensor([[-100, 3, 9], [9, -100, -100]])


def texts(ids: list[int]) -> list[str]:
    return [{1: "a", 2: " b", 3: "\n", 4: "$x$", 9: "<|endoftext|>"}[token] for token in ids]


def test_a_place_is_coloured_where_its_target_counts() -> None:
    figure = batch_picture(INPUTS, TARGETS, texts, title="t")
    (table,) = figure.plotly.data
    assert [list(row) for row in table.z] == [[0, 1, 1], [1, 0, 0]]
    assert figure.png.startswith(b"\x89PNG")


def test_pointing_tells_what_is_read_and_what_is_to_be_said() -> None:
    (table,) = batch_picture(INPUTS, TARGETS, texts).plotly.data
    assert [tuple(place) for place in table.customdata[0]] == [("a", "nothing"), ("␣b", "⏎"), ("⏎", "END")]
    assert tuple(table.customdata[1][0]) == ("$x$", "END")


@pytest.mark.parametrize(
    ("inputs", "targets"),
    [(INPUTS, TARGETS[:, :2]), (INPUTS[0], TARGETS[0]), (INPUTS[:0], TARGETS[:0]), (INPUTS[:, :0], TARGETS[:, :0])],
)
def test_what_is_no_batch_is_refused(inputs: torch.Tensor, targets: torch.Tensor) -> None:
    with pytest.raises(ValueError, match="1 to 12 rows"):
        batch_picture(inputs, targets, texts)


def test_bars_are_shares_in_per_cent() -> None:
    figure = task_bars(
        {"before": {"count": (0, 4), "odd": (1, 4)}, "after": {"count": (3, 4), "odd": (4, 4)}}, title="t"
    )
    before, after = figure.plotly.data
    assert list(before.x) == ["count", "odd"] and list(before.y) == [0, 25] and list(after.y) == [75, 100]
    assert before.marker.color != after.marker.color and figure.png.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "shares", [{}, {"a": {"x": (1, 1)}, "b": {"y": (1, 1)}}, {str(k): {"x": (1, 1)} for k in range(4)}]
)
def test_bars_of_other_tasks_and_of_too_many_are_refused(shares: dict[str, dict[str, tuple[int, int]]]) -> None:
    with pytest.raises(ValueError, match="1 to 3 names"):
        task_bars(shares)
