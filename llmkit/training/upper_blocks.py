"""Tuning the upper blocks of a Llama only: what the lower ones make of a text never changes, so it is computed once and kept."""

from __future__ import annotations

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn


def split_blocks(model: nn.Module, first: int) -> tuple[Callable[[Tensor], Tensor], nn.Module]:
    """The lower blocks as a function, and the upper ones as a model of their own; both use the model's own modules.

    Args:
        model: a `llmkit.models.llama.LlamaModel`.
        first: number of the lowest upper block, from 1 to the number of blocks minus 1.

    Returns:
        What turns ids (batch, tokens) into the vectors below block `first`, (batch, tokens, emb_dim), without gradients. And a
        model that takes such vectors where `model` takes ids, also in `hidden`. A layer that is replaced in one of its blocks is
        replaced in `model`, too.

    Raises:
        ValueError: there is no block above or none below.
    """
    blocks = model.blocks
    if not isinstance(blocks, nn.ModuleList) or not 0 < first < len(blocks):
        raise ValueError(f"block {first} should have blocks of the model above and below")
    lower = _with(model, blocks=blocks[:first])
    upper = _with(model, blocks=blocks[first:], tok_emb=nn.Identity())

    @torch.no_grad()
    def below(ids: Tensor) -> Tensor:
        kept: list[Tensor] = []
        hook = blocks[first - 1].register_forward_hook(lambda _block, _given, made: kept.append(made))
        try:
            lower.hidden(ids)  # type: ignore[operator]
        finally:
            hook.remove()
        return kept[0]

    return below, upper


def _with(model: nn.Module, **parts: nn.Module) -> nn.Module:
    """A model that shares all modules with another one but these."""
    other = copy.copy(model)
    other._modules = {**model._modules, **parts}
    return other
