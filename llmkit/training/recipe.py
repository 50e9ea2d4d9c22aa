"""What a fast training step needs: a fused optimiser, mixed precision where it helps, batches, a mean loss."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor, nn

from llmkit import runtime
from llmkit.models.gpt import GPTModel
from llmkit.training.losses import loss_of


def adamw(model: nn.Module, lr: float, weight_decay: float = 0.1) -> torch.optim.AdamW:
    """AdamW (Loshchilov and Hutter, 2019), fused, with decay on matrices only: biases and LayerNorms are left alone.

    Args:
        model: its parameters that require a gradient are trained.
        lr: learning rate.
        weight_decay: share of a weight subtracted per step, times lr.
    """
    trained = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in trained if p.dim() >= 2], "weight_decay": weight_decay},
        {"params": [p for p in trained if p.dim() < 2], "weight_decay": 0.0},
    ]
    # Fused kernels exist for the CPU, CUDA and MPS; elsewhere PyTorch's own choice.
    fused = {p.device.type for p in trained} <= {"cpu", "cuda", "mps"}
    return torch.optim.AdamW(groups, lr=lr, betas=(0.9, 0.95), fused=fused or None)


def autocast(device: torch.device | str) -> AbstractContextManager[object]:
    """Mixed precision where it helps: bfloat16 on a device that supports it natively, plain float32 elsewhere.

    A T4 has no bfloat16, and float16 needs a gradient scaler: there this does nothing. It may enclose a single step
    or a whole training run: PyTorch's cache of rounded weights, which outlives an optimiser's step, is off.
    """
    kind = torch.device(device).type
    if not runtime.has_bf16(kind):
        return nullcontext()
    return torch.autocast(kind, dtype=torch.bfloat16, cache_enabled=False)


def random_windows(
    tokens: Tensor, batch_size: int, length: int, generator: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Endless batches: windows from random positions, and the same windows one token later.

    Args:
        tokens: ids in one row, (n,), n > length.
        batch_size: windows in a batch.
        length: tokens in a window.
        generator: draws the positions; on the CPU.

    Yields:
        Inputs and targets, each (batch_size, length), on the device of `tokens`.
    """
    if len(tokens) <= length:
        raise ValueError(f"{len(tokens)} tokens are too few for windows of {length} and a target after each")
    offsets = torch.arange(length + 1)
    while True:
        starts = torch.randint(len(tokens) - length, (batch_size, 1), generator=generator)
        windows = tokens[(starts + offsets).to(tokens.device)]
        yield windows[:, :-1], windows[:, 1:]


@torch.no_grad()
def mean_loss(model: GPTModel, tokens: Tensor, batch_size: int = 16, length: int | None = None) -> float:
    """Loss over a whole text, in windows without overlap, in nats per token.

    Args:
        model: in evaluation mode meanwhile.
        tokens: ids in one row, (n,), n ≥ 2.
        batch_size: windows computed together.
        length: tokens in a window; by default the model's context length.
    """
    length = length or model.cfg["context_length"]
    was_training = model.training
    model.eval()
    try:
        whole = (len(tokens) - 1) // length
        inputs, targets = (
            tokens[: whole * length].view(whole, length),
            tokens[1 : whole * length + 1].view(whole, length),
        )
        total, count = 0.0, 0
        for start in range(0, whole, batch_size):
            rows = slice(start, start + batch_size)
            size = targets[rows].numel()
            total, count = total + loss_of(model, inputs[rows], targets[rows]).item() * size, count + size
        rest = tokens[whole * length :]
        if len(rest) > 1:
            total += loss_of(model, rest[None, :-1], rest[None, 1:]).item() * (len(rest) - 1)
            count += len(rest) - 1
        return total / count
    finally:
        model.train(was_training)
