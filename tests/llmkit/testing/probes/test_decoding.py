"""Probes for generation: they see what a function does with its model, and hand it one generator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import nn

from llmkit.testing import probes


def test_a_watched_function_is_called_and_its_calls_of_the_model_are_written_down() -> None:
    def generates(model: nn.Module, ids: torch.Tensor, more: int, *, shift: int = 0) -> torch.Tensor:
        model.eval()
        first = model(ids)
        with torch.no_grad():
            second = model(ids[:, 1:] + shift)
        ids[0, 0] = 5
        return first.sum() + second.sum() + more

    model = nn.Embedding.from_pretrained(torch.ones(6, 6))
    ids = torch.tensor([[1, 2]])
    found = probes.generated(generates, model, ids, 100, shift=3)
    assert found["result"].item() == 118
    assert [seen.tolist() for seen in found["seen"]] == [[[1, 2]], [[5]]], "as they were at the time of the call"
    assert found["training"] == [False, False] and found["gradients"] == [True, False]
    assert found["training_after"] is False


def test_a_watched_model_is_handed_over_in_the_mode_that_is_asked_for() -> None:
    def looks(model: nn.Module) -> bool:
        return model.training and all(part.training for part in model.modules())

    for mode in (True, False):
        found = probes.generated(looks, nn.Sequential(nn.Dropout(0.5)), training=mode)
        assert found == {
            "result": mode,
            "seen": [],
            "training": [],
            "gradients": [],
            "training_after": mode,
            "after": None,
        }


def test_draws_follow_one_generator() -> None:
    def draws(count: int, *, low: float = 0.0, generator: torch.Generator) -> torch.Tensor:
        return low + torch.rand(count, generator=generator)

    first, second = probes.drawn(draws, 4, seed=3, times=2, low=1.0)
    expected = 1 + torch.rand(8, generator=torch.Generator().manual_seed(3))
    assert torch.equal(torch.cat([first, second]), expected)
    assert not torch.equal(probes.drawn(draws, 4, seed=4, low=1.0)[0], first)


TABLE = torch.zeros(10, 10)
TABLE[9, 4] = TABLE[1, 9] = TABLE[7, 0] = 5.0  # after 5, 7 the toy wants 4, then 9, then 0


def greedy(model: Any, ids: list[int], most: int, *, again: bool = False, shared: bool = False) -> Iterator[int]:
    """A right answer to the exercise `modern/answer`, or one that reads everything again, or has one cache for all layers."""
    caches: list[dict[str, torch.Tensor]] = [{}] * len(model.layers) if shared else [{} for _layer in model.layers]
    unread = [*ids]
    for _step in range(most):
        token = int(model(torch.tensor([unread]), caches)[0, -1].argmax())
        yield token
        unread = [*unread, token] if again else [token]


def test_streamed_tells_what_was_read_and_takes_no_more_than_it_should() -> None:
    found = probes.streamed(greedy, TABLE, [5, 7], 3)
    assert found == {"result": [4, 9, 0], "seen": [[5, 7], [4], [9]]}
    assert probes.streamed(greedy, TABLE, [5, 7], 3, most=2) == {"result": [4, 9], "seen": [[5, 7], [4]]}


@pytest.mark.parametrize("fault", ["again", "shared"])
def test_the_toys_answers_show_wrong_caches(fault: str) -> None:
    table = torch.randn(13, 13, generator=torch.Generator().manual_seed(1))
    right = probes.streamed(greedy, table, [5, 7], 8)["result"]
    assert probes.streamed(greedy, table, [5, 7], 8, **{fault: True})["result"] != right


def test_in_pieces_joins_the_outputs_and_returns_the_caches() -> None:
    def counting(piece: torch.Tensor, cache: dict[str, torch.Tensor]) -> torch.Tensor:
        cache["keys"] = torch.cat([cache["keys"], piece], dim=1) if cache else piece
        return piece * cache["keys"].shape[1]

    found = probes.in_pieces(counting, torch.ones(1, 4), [3, 1], {})
    assert found["result"].tolist() == [[3.0, 3.0, 3.0, 4.0]]
    assert found["values"]["keys"].shape == (1, 4)
