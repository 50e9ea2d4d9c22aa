"""Reads a text token by token, fast: keys and values are kept, and on a CPU weights are laid out for steps of one token."""

from __future__ import annotations

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from llmkit.models.gpt import GPTModel, KVCache, TransformerBlock

# Weights of more bytes than this are not copied: there may be no room for a second copy.
LARGEST_COPY = 2**30


class Reader:
    """A model that has read some tokens and can read on from there.

    Args:
        model: it should be in evaluation mode, and its weights must not change meanwhile.
        batch_size: rows read together.
    """

    def __init__(self, model: GPTModel, batch_size: int = 1) -> None:
        self._model, self._batch = model, batch_size
        self._cache = KVCache(model, batch_size)
        weight = model.tok_emb.weight
        size = sum(p.numel() * p.element_size() for p in model.parameters())
        self._steps: Steps | None = None
        if weight.device.type == "cpu" and weight.dtype == torch.float32 and size <= LARGEST_COPY:
            self._steps = Steps(model)

    @property
    def length(self) -> int:
        """Tokens read so far."""
        return self._cache.length

    @property
    def full(self) -> bool:
        """Whether the model's context has no room left."""
        return self._cache.length >= self._cache.capacity

    def forget(self) -> None:
        """Starts again."""
        self._cache.length = 0

    def read(self, in_idx: Tensor) -> Tensor:
        """Reads on.

        Args:
            in_idx: the tokens after those already read, (batch, tokens).

        Returns:
            Logits of the token that follows the last one, (batch, vocab_size).

        Raises:
            ValueError: more tokens than the context has room for.
        """
        if self._steps is not None and in_idx.shape[1] == 1 and not self.full:
            return self._steps.read(in_idx[:, 0], self._cache)
        return cast(Tensor, self._model.out_head(self._model.hidden(in_idx, self._cache)[:, -1]))


class Steps:
    """The model's arithmetic for one token at a time, on a CPU.

    A step multiplies one row by every matrix, so it is bound by reading memory. BLAS reads a weight of nn.Linear, (out, in),
    with only one thread in that case; split into one slice per thread, each (in, out / slices), it is read by all.
    """

    def __init__(self, model: GPTModel) -> None:
        self._model = model
        self._slices = torch.get_num_threads()
        self._head = self._lay_out(model.out_head)
        self._blocks = [self._lay_out_block(cast(TransformerBlock, block)) for block in model.trf_blocks]

    def _lay_out(self, linear: nn.Linear) -> _Sliced:
        return _Sliced(linear, self._slices)

    def _lay_out_block(
        self, block: TransformerBlock
    ) -> tuple[nn.LayerNorm, _Sliced, _Sliced, nn.LayerNorm, _Sliced, _Sliced]:
        widen, narrow = cast(nn.Linear, block.ff[0]), cast(nn.Linear, block.ff[2])
        return (
            block.norm1,
            self._lay_out(block.att.qkv),
            self._lay_out(block.att.out_proj),
            block.norm2,
            self._lay_out(widen),
            self._lay_out(narrow),
        )

    def read(self, token: Tensor, cache: KVCache) -> Tensor:
        """One token for each row, (batch,) → logits of the next, (batch, vocab_size)."""
        model = self._model
        width, heads = model.cfg["emb_dim"], model.cfg["n_heads"]
        x = model.tok_emb.weight[token] + model.pos_emb.weight[cache.length]
        for layer, (norm1, qkv, out_proj, norm2, widen, narrow) in enumerate(self._blocks):
            normed = F.layer_norm(x, (width,), norm1.weight, norm1.bias, norm1.eps)
            query, key, value = qkv(normed).view(len(token), 3, heads, 1, -1).unbind(1)
            keys, values = cache.extend(layer, key, value)
            x = x + out_proj(F.scaled_dot_product_attention(query, keys, values).view(len(token), width))
            normed = F.layer_norm(x, (width,), norm2.weight, norm2.bias, norm2.eps)
            x = x + narrow(F.gelu(widen(normed), approximate="tanh"))
        cache.length += 1
        norm = model.final_norm
        return self._head(F.layer_norm(x, (width,), norm.weight, norm.bias, norm.eps))


class _Sliced:
    """A linear layer whose outputs are cut into slices of the same width; the last one is padded with zeros."""

    def __init__(self, linear: nn.Linear, slices: int) -> None:
        self._outputs = linear.out_features
        missing = -linear.out_features % slices
        weight = F.pad(linear.weight.detach(), (0, 0, 0, missing))
        self._weight = weight.view(slices, -1, linear.in_features).transpose(1, 2).contiguous()
        bias = torch.zeros(linear.out_features) if linear.bias is None else linear.bias.detach()
        self._bias = F.pad(bias, (0, missing)).view(slices, 1, -1)

    def __call__(self, x: Tensor) -> Tensor:
        """(batch, in) → (batch, out)."""
        found = torch.baddbmm(self._bias, x.expand(len(self._weight), -1, -1), self._weight)
        return found.transpose(0, 1).reshape(len(x), -1)[:, : self._outputs]
