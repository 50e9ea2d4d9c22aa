"""A model whose output tells how it was used."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


class Telling(nn.Module):
    """Computes something else than its model in training mode, and again something else while gradients are recorded.

    What a test would otherwise have to believe of the student's process, it sees in the result: a loss or an answer is right only
    where the model was in evaluation mode and no gradients were recorded.

    Args:
        model: gives a tensor, or a tuple of them. It is used as it is; its mode follows that of this one.
        tells_gradients: whether recording changes the output.
    """

    def __init__(self, model: nn.Module, *, tells_gradients: bool = True) -> None:
        super().__init__()
        self.model, self.tells_gradients = model, tells_gradients
        self.train(model.training)

    def forward(self, *args: Any) -> Any:
        """The model's output, a tensor or a tuple of them; with its last axis turned round, and moved by one, where it tells something."""
        output = self.model(*args)
        return tuple(map(self._told, output)) if isinstance(output, tuple) else self._told(output)

    def _told(self, output: torch.Tensor) -> torch.Tensor:
        if self.training:
            output = output.flip(-1)
        if self.tells_gradients and torch.is_grad_enabled():
            output = output.roll(1, -1) * 1.5
        return output
