"""Probes for generation: they see what a function does with its model, and hand it one generator."""

from __future__ import annotations

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
