"""Low-rank adaptation of a linear layer (LoRA; Hu et al., 2021), as the appendix on modern language models builds it."""

from __future__ import annotations

from typing import cast

import torch.nn.functional as F
from torch import Tensor, nn


class LoRALinear(nn.Module):
    """A frozen linear layer, and the product of two thin trained matrices beside it.

    Its output is `linear(x) + scale * (x @ A.T) @ B.T`: at the start that of the layer, since B is zero.

    Args:
        linear: the layer, d_in → d_out; it is kept, and frozen.
        rank: width r between the two matrices, at least 1.
        alpha: what they add is multiplied by alpha / r.

    Attributes:
        linear: the layer.
        A: shape (r, d_in), random.
        B: shape (d_out, r), zero.
        scale: alpha / r.
    """

    def __init__(self, linear: nn.Linear, rank: int, alpha: float) -> None:
        super().__init__()
        self.linear = linear.requires_grad_(False)
        self.A = nn.Parameter(linear.weight.new_empty(rank, linear.in_features))
        self.B = nn.Parameter(linear.weight.new_zeros(linear.out_features, rank))
        self.scale = alpha / rank
        nn.init.normal_(self.A, std=linear.in_features**-0.5)

    def forward(self, x: Tensor) -> Tensor:
        """x: (..., d_in) → (..., d_out)."""
        added = F.linear(F.linear(x, self.A), self.B)
        return cast(Tensor, self.linear(x) + self.scale * added)
