"""A Llama in plain form: separate projections, the Hub's names, and a cache that is a dictionary. The notebooks build on its parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypedDict, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LayerCache = dict[str, Tensor]  # empty, or "keys" and "values", both (batch, kv heads, tokens, head dimension)


class SplitLlamaConfig(TypedDict):
    """Sizes and settings of a Llama; the head dimension is emb_dim / n_heads."""

    vocab_size: int
    emb_dim: int
    hidden_dim: int
    n_layers: int
    n_heads: int
    n_kv_heads: int
    rope_base: float
    norm_eps: float


class RMSNorm(nn.Module):
    """Divides each vector by the root of its mean square, and scales each component.

    Args:
        d: the vectors' width.
        eps: added to the mean square.
    """

    def __init__(self, d: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(d))

    def forward(self, x: Tensor) -> Tensor:
        """x: (..., d) → the same shape."""
        return x * torch.rsqrt(x.pow(2).mean(dim=-1, keepdim=True) + self.eps) * self.weight


class SwiGLU(nn.Module):
    """The gated feed-forward network: down(silu(gate(x)) * up(x)), without biases.

    Args:
        d: width of input and output.
        d_hidden: width inside.
    """

    def __init__(self, d: int, d_hidden: int) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(d, d_hidden, bias=False)
        self.up_proj = nn.Linear(d, d_hidden, bias=False)
        self.down_proj = nn.Linear(d_hidden, d, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """x: (..., d) → the same shape."""
        return cast(Tensor, self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x)))


def rotary_angles(positions: Tensor, d_head: int, base: float = 10_000.0) -> tuple[Tensor, Tensor]:
    """Cosines and sines of the angles by which rotary positions rotate.

    Args:
        positions: (T,), counted from 0.
        d_head: the head dimension, an even number.
        base: the slowest pair rotates by about 1 / base a position.

    Returns:
        Two tensors of shape (T, d_head / 2).
    """
    speeds = base ** -(torch.arange(0, d_head, 2, device=positions.device, dtype=torch.float32) / d_head)
    angles = positions[:, None] * speeds
    return angles.cos(), angles.sin()


def rotate_halves(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotates component i together with component i + d_head / 2.

    Args:
        x: (..., T, d_head).
        cos: (T, d_head / 2).
        sin: likewise.
    """
    first, second = x.chunk(2, dim=-1)
    cos, sin = cos.to(x.dtype), sin.to(x.dtype)
    return torch.cat([first * cos - second * sin, first * sin + second * cos], dim=-1)


class GroupedQueryAttention(nn.Module):
    """Causal attention in which several query heads share one head of keys and values, with rotary positions.

    Args:
        d: width of input and output.
        n_heads: query heads, each d / n_heads wide.
        n_kv_heads: heads of keys and values; divides n_heads.
        base: see `rotary_angles`.
    """

    def __init__(self, d: int, n_heads: int, n_kv_heads: int, base: float = 10_000.0) -> None:
        super().__init__()
        self.d_head, self.base = d // n_heads, base
        self.q_proj = nn.Linear(d, n_heads * self.d_head, bias=False)
        self.k_proj = nn.Linear(d, n_kv_heads * self.d_head, bias=False)
        self.v_proj = nn.Linear(d, n_kv_heads * self.d_head, bias=False)
        self.o_proj = nn.Linear(n_heads * self.d_head, d, bias=False)

    def forward(self, x: Tensor, cache: LayerCache | None = None) -> Tensor:
        """Attend to these tokens, and to those whose keys and values are in the cache.

        Args:
            x: (B, T, d), the new tokens.
            cache: keys and values of the tokens before them; those of the new ones are added.

        Returns:
            The same shape as x.
        """
        queries, keys, values = (
            part(x).unflatten(-1, (-1, self.d_head)).transpose(1, 2) for part in (self.q_proj, self.k_proj, self.v_proj)
        )
        before = cache["keys"].shape[2] if cache else 0
        length = x.shape[1]
        cos, sin = rotary_angles(torch.arange(before, before + length, device=x.device), self.d_head, self.base)
        queries, keys = rotate_halves(queries, cos, sin), rotate_halves(keys, cos, sin)
        if cache is not None:
            if cache:
                keys = torch.cat([cache["keys"], keys], dim=2)
                values = torch.cat([cache["values"], values], dim=2)
            cache["keys"], cache["values"] = keys, values
        seen = torch.ones(length, before + length, dtype=torch.bool, device=x.device).tril(before)
        heads = F.scaled_dot_product_attention(queries, keys, values, attn_mask=seen, enable_gqa=True)
        return cast(Tensor, self.o_proj(heads.transpose(1, 2).flatten(2)))


class SplitLlamaBlock(nn.Module):
    """One layer: attention and SwiGLU, each behind an RMSNorm and with a residual connection.

    Args:
        cfg: the configuration.
    """

    def __init__(self, cfg: SplitLlamaConfig) -> None:
        super().__init__()
        d = cfg["emb_dim"]
        self.input_layernorm = RMSNorm(d, cfg["norm_eps"])
        self.self_attn = GroupedQueryAttention(d, cfg["n_heads"], cfg["n_kv_heads"], cfg["rope_base"])
        self.post_attention_layernorm = RMSNorm(d, cfg["norm_eps"])
        self.mlp = SwiGLU(d, cfg["hidden_dim"])

    def forward(self, x: Tensor, cache: LayerCache | None = None) -> Tensor:
        """x: (B, T, emb_dim), with the layer's cache → the same shape."""
        x = x + self.self_attn(self.input_layernorm(x), cache)
        return cast(Tensor, x + self.mlp(self.post_attention_layernorm(x)))


class SplitLlama(nn.Module):
    """The whole model: embeddings, blocks, a last RMSNorm, and the embeddings once more as the head.

    Args:
        cfg: the configuration.
        block: makes a layer from it.
    """

    def __init__(self, cfg: SplitLlamaConfig, block: Callable[[SplitLlamaConfig], nn.Module] = SplitLlamaBlock) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(cfg["vocab_size"], cfg["emb_dim"])
        self.layers = nn.ModuleList(block(cfg) for _layer in range(cfg["n_layers"]))
        self.norm = RMSNorm(cfg["emb_dim"], cfg["norm_eps"])

    def forward(self, ids: Tensor, caches: Sequence[LayerCache] | None = None) -> Tensor:
        """ids: (B, T), with a cache for each layer → logits (B, T, vocab_size)."""
        x = self.embed_tokens(ids)
        for number, layer in enumerate(self.layers):
            x = layer(x, None if caches is None else caches[number])
        return cast(Tensor, self.norm(x) @ self.embed_tokens.weight.T)
