"""Probes for training code: what a function did to a model, its gradients and its memory is told as it was."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from llmkit.testing import probes


def squares(model: nn.Module, x: Tensor) -> Tensor:
    loss: Tensor = (model(x) ** 2).mean()
    return loss


def test_watched_tells_mode_and_recording_of_each_call() -> None:
    model = nn.Sequential(nn.Linear(2, 1), nn.Dropout(0.5))

    def measure(model: nn.Module, x: Tensor) -> float:
        first = squares(model, x)
        model.eval()
        with torch.no_grad():
            return float(first + squares(model, x))

    found = probes.watched(measure, model, torch.ones(3, 2))
    assert found["training"] == [True, False] and found["recording"] == [True, False]
    assert found["training_after"] is False and set(found["gradients"].values()) == {None}
    assert not model._forward_pre_hooks


def test_watched_gives_the_gradients_of_a_loss() -> None:
    model = nn.Linear(2, 1, bias=False)
    x = torch.tensor([[1.0, 2.0]])
    found = probes.watched(squares, model, x, backward=True)
    assert torch.allclose(found["gradients"]["weight"], 2 * model.weight.detach() @ x.T @ x)


def test_a_part_left_in_evaluation_mode_counts_as_not_training() -> None:
    model = nn.Sequential(nn.Linear(2, 1), nn.Dropout(0.5))
    model[1].eval()
    assert probes.watched(squares, model, torch.ones(1, 2))["training"] == [False]


def descend(model: nn.Module, optimizer: torch.optim.Optimizer, parts: list[Tensor], together: bool) -> float:
    optimizer.zero_grad()
    if together:
        loss: Any = sum(squares(model, part) for part in parts)
        loss.backward()
    else:
        for part in parts:
            squares(model, part).backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return 1.0


@pytest.mark.parametrize("together", [False, True])
def test_trained_counts_steps_and_what_waits_for_backward(together: bool) -> None:
    model = nn.Linear(2, 1, bias=False)
    start = model.weight.detach().clone()
    parts = [torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 1.0]])]
    found = probes.trained(descend, model, partial(torch.optim.SGD, lr=0.1), (parts, together), (parts, together))
    assert found["results"] == [1.0, 1.0] and found["steps"] == 2
    # Each round takes 0.1 · 2w away from w.
    assert torch.allclose(found["parameters"]["weight"], start * 0.8**2)
    assert [count > 0 for count in found["held"]] == [False, together, False, together]


@pytest.mark.parametrize("generator", [False, True])
def test_with_gradients_tells_what_became_of_them(generator: bool) -> None:
    def halve(parameters: Any, factor: float) -> str:
        for parameter in parameters:
            if parameter.grad is not None:
                parameter.grad *= factor
        return type(parameters).__name__

    values, gradients = [torch.ones(2), torch.zeros(1)], [torch.tensor([2.0, 4.0]), None]
    found = probes.with_gradients(halve, values, gradients, 0.5, generator=generator)
    assert found["result"] == ("generator" if generator else "list")
    assert found["gradients"][0].tolist() == [1.0, 2.0] and found["gradients"][1] is None
    assert found["values"][0].tolist() == [1.0, 1.0]
    assert gradients[0] is not None and gradients[0].tolist() == [2.0, 4.0]
