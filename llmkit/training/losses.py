"""Cross-entropy over a large vocabulary without ever keeping all logits in memory."""

from __future__ import annotations

from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from llmkit.models.gpt import GPTModel

IGNORED = -100
# Logits held at once: on a CPU, this many stay in the cache and in memory that malloc does not return to the system.
CHUNK = 1 << 20


def loss_of(model: nn.Module, inputs: Tensor, targets: Tensor) -> Tensor:
    """Mean cross-entropy in nats per token; a target of -100 does not count.

    Args:
        model: a GPTModel, or any module that returns logits (batch, tokens, vocab_size).
        inputs: token ids, (batch, tokens).
        targets: the token that follows each input, the same shape.
    """
    if isinstance(model, GPTModel) and torch.is_grad_enabled():
        hidden = model.hidden(inputs)
        return linear_cross_entropy(hidden.flatten(0, 1), model.out_head.weight, targets.reshape(-1))
    logits = model(inputs)
    return F.cross_entropy(logits.flatten(0, 1).float(), targets.reshape(-1), ignore_index=IGNORED)


def linear_cross_entropy(hidden: Tensor, weight: Tensor, targets: Tensor) -> Tensor:
    """cross_entropy(hidden @ weight.T, targets) and its gradients, a few rows at a time.

    The gradient of the mean cross-entropy is (softmax − one-hot) / rows; it is computed with the loss, so the
    logits of a chunk can be dropped at once. With 8 × 1,024 rows and GPT-2's 50,257 tokens, the logits alone would take 1.6 GB.

    Args:
        hidden: (rows, width).
        weight: of the output head, (vocab_size, width).
        targets: token ids, (rows,); -100 does not count.

    Returns:
        A scalar in nats, of dtype float32; NaN if no target counts, as in PyTorch.
    """
    return cast(Tensor, _LinearCrossEntropy.apply(hidden, weight, targets))  # type: ignore[no-untyped-call]


class _LinearCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor) -> Tensor:
        kind = hidden.device.type
        dtype = torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else hidden.dtype
        rows, table = hidden.to(dtype), weight.to(dtype)
        counted = targets != IGNORED
        count = counted.sum()
        hidden_grad, weight_grad = torch.empty_like(rows), torch.zeros_like(weight)
        total = torch.zeros((), device=hidden.device)
        with torch.autocast(kind, enabled=False):
            step = max(1, CHUNK // len(weight))
            for start in range(0, len(rows), step):
                part = slice(start, start + step)
                ids = targets[part].clamp(min=0)[:, None]
                log_probs = (rows[part] @ table.t()).float().log_softmax(dim=-1)
                total -= (log_probs.gather(1, ids)[:, 0] * counted[part]).sum()
                grad = log_probs.exp_()
                grad.scatter_add_(1, ids, grad.new_full(ids.shape, -1.0))
                grad = grad.mul_((counted[part] / count)[:, None]).to(dtype)
                torch.mm(grad, table, out=hidden_grad[part])
                if dtype == weight_grad.dtype:
                    weight_grad.addmm_(grad.t(), rows[part])
                else:
                    weight_grad += grad.t() @ rows[part]
        ctx.save_for_backward(hidden_grad.to(hidden.dtype), weight_grad)
        return total / count

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, None]:
        hidden_grad, weight_grad = ctx.saved_tensors
        return grads[0] * hidden_grad, grads[0] * weight_grad, None
