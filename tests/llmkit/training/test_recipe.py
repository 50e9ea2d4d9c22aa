"""What trainings share: mixed precision that may stand around one step or around all of them."""

import contextlib

import pytest
import torch
from torch import nn

from llmkit import runtime
from llmkit.training.recipe import autocast


def _losses(around_all: bool) -> list[float]:
    torch.manual_seed(0)
    model, inputs, losses = nn.Linear(4, 4), torch.randn(8, 4), []
    optimizer = torch.optim.SGD(model.parameters(), 0.5)
    with autocast("cpu") if around_all else contextlib.nullcontext():
        for _step in range(4):
            with contextlib.nullcontext() if around_all else autocast("cpu"):
                loss = model(inputs).float().square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def test_a_step_counts_within_mixed_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "has_bf16", lambda _device: True)
    around_all, around_each = _losses(True), _losses(False)
    assert around_all == around_each and around_all[-1] < 0.5 * around_all[0]
