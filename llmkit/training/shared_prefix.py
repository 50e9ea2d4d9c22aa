"""The loss of instruction tuning, fast: rows with a common beginning share its computation, and only answers go through the head."""

from __future__ import annotations

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from llmkit.models.gpt import GPTModel, TransformerBlock
from llmkit.training.losses import IGNORED, linear_cross_entropy

LEAST = 8  # fewest columns worth the trouble


def answer_loss(model: nn.Module, inputs: Tensor, targets: Tensor) -> Tensor:
    """Mean cross-entropy in nats per token over the targets that are not -100; 0 where there are none.

    In a GPTModel only the positions that count go through the output head, and the rows' common beginning is computed once:
    together they save a good half of the work, and neither changes the result.

    Args:
        model: a GPTModel, or any module that returns logits (batch, tokens, vocab_size).
        inputs: token ids, (batch, tokens).
        targets: the tokens that follow, the same shape.
    """
    counted = targets != IGNORED
    if not counted.any():
        return model(inputs).sum() * 0.0  # type: ignore[no-any-return]
    if isinstance(model, GPTModel):
        alike = 0 if model.training and model.cfg["drop_rate"] else shared_columns(inputs, targets)
        hidden = hidden_behind(model, inputs[:1, :alike], inputs[:, alike:]) if alike else model.hidden(inputs)
        counted, said = counted[:, alike:], targets[:, alike:]
        return linear_cross_entropy(hidden[counted], model.out_head.weight, said[counted])
    return F.cross_entropy(model(inputs)[counted].float(), targets[counted])


def shared_columns(inputs: Tensor, targets: Tensor) -> int:
    """How many leading columns are the same in all rows and count in none; 0 where sharing would not pay.

    Args:
        inputs: token ids, (batch, tokens).
        targets: the tokens that follow, -100 where none counts, the same shape.
    """
    if len(inputs) < 2:
        return 0
    alike = (inputs == inputs[:1]).all(dim=0) & (targets == IGNORED).all(dim=0)
    found = int(alike.cumprod(dim=0).sum())
    return found if found >= LEAST else 0


def hidden_behind(model: GPTModel, prefix: Tensor, inputs: Tensor) -> Tensor:
    """The vectors before the output head, for rows that all begin with the same tokens.

    Attention is causal, so the beginning's vectors do not depend on what follows. Its keys and values are computed for
    one row and used by all.

    Args:
        model: without dropout, or in evaluation mode.
        prefix: the common beginning, (1, tokens before).
        inputs: what follows it in each row, (batch, tokens).

    Returns:
        (batch, tokens, emb_dim): what `model.hidden` returns for the whole rows, without the beginning.

    Raises:
        ValueError: dropout is on (each row would need its own), or a row is longer than the context.
    """
    before, tokens = prefix.shape[1], inputs.shape[1]
    if model.training and model.cfg["drop_rate"]:
        raise ValueError("with dropout, rows do not begin alike: set drop_rate to 0")
    if before + tokens > model.cfg["context_length"]:
        raise ValueError(f"{before + tokens} tokens are more than the context length of {model.cfg['context_length']}")
    places = model.pos_emb.weight
    first = model.tok_emb(prefix) + places[:before]
    rows = model.tok_emb(inputs) + places[before : before + tokens]
    for block in model.trf_blocks:
        first, rows = _through(cast(TransformerBlock, block), first, rows)
    return cast(Tensor, model.final_norm(rows))


def _through(block: TransformerBlock, first: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
    queries, keys, values = _projected(block, first)
    row_queries, row_keys, row_values = _projected(block, rows)
    all_keys = torch.cat([keys.expand(len(rows), -1, -1, -1), row_keys], dim=2)
    all_values = torch.cat([values.expand(len(rows), -1, -1, -1), row_values], dim=2)
    return (
        _finished(block, first, _attend(queries, keys, values)),
        _finished(block, rows, _attend(row_queries, all_keys, all_values)),
    )


def _projected(block: TransformerBlock, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Queries, keys and values, each (batch, heads, tokens, head_dim)."""
    found = block.att.qkv(block.norm1(x)).view(*x.shape[:2], 3, block.att.n_heads, -1)
    queries, keys, values = found.permute(2, 0, 3, 1, 4).unbind(0)
    return queries, keys, values


def _attend(queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    """Causal attention of the last tokens; the queries belong to the last of the keys' positions."""
    tokens, all_tokens = queries.shape[2], keys.shape[2]
    mask = torch.full((tokens, all_tokens), -torch.inf, dtype=queries.dtype, device=queries.device)
    scores = (queries * queries.shape[3] ** -0.5) @ keys.transpose(2, 3) + mask.triu(all_tokens - tokens + 1)
    context: Tensor = scores.softmax(dim=-1).to(values.dtype) @ values
    return context


def _finished(block: TransformerBlock, x: Tensor, context: Tensor) -> Tensor:
    x = x + cast(Tensor, block.att.out_proj(context.transpose(1, 2).reshape(x.shape)))
    return x + cast(Tensor, block.ff(block.norm2(x)))
