"""A GPT with separate projections for queries, keys and values, as chapter 3 builds attention: GPT-2's weights are loaded into it by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import torch.nn.functional as F
from torch import Tensor, nn

from llmkit.models.gpt import GPTConfig, GPTModel, KVCache, TransformerBlock


class SplitAttention(nn.Module):
    """Causal attention with heads, and one matrix each for queries, keys and values.

    Args:
        cfg: the model's configuration; uses "emb_dim", "n_heads", "drop_rate" and "qkv_bias".
    """

    def __init__(self, cfg: GPTConfig) -> None:
        super().__init__()
        width, bias = cfg["emb_dim"], cfg["qkv_bias"]
        self.n_heads, self.drop_rate = cfg["n_heads"], cfg["drop_rate"]
        self.W_query, self.W_key, self.W_value = (nn.Linear(width, width, bias=bias) for _part in range(3))
        self.out_proj = nn.Linear(width, width)

    def forward(self, x: Tensor, cache: KVCache | None = None, layer: int = 0) -> Tensor:
        """x: (batch, tokens, emb_dim) → the same shape. It keeps no cache: generate with use_cache=False."""
        if cache is not None:
            raise ValueError("this attention keeps no cache: generate with use_cache=False")
        queries, keys, values = (
            part(x).unflatten(-1, (self.n_heads, -1)).transpose(1, 2)
            for part in (self.W_query, self.W_key, self.W_value)
        )
        dropout = self.drop_rate if self.training else 0.0
        heads = F.scaled_dot_product_attention(queries, keys, values, dropout_p=dropout, is_causal=True)
        return cast(Tensor, self.out_proj(heads.transpose(1, 2).flatten(2)))


class SplitGPT(GPTModel):
    """`llmkit.models.gpt.GPTModel` with a `SplitAttention` in each block, and the same names for everything else.

    Args:
        cfg: see `GPTModel`.
    """

    def __init__(self, cfg: GPTConfig | Mapping[str, Any]) -> None:
        super().__init__(cfg)
        for block in self.trf_blocks:
            cast(TransformerBlock, block).att = SplitAttention(self.cfg)  # type: ignore[assignment]
