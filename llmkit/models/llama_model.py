"""The Llama architecture (Touvron et al., 2023), that of most small open models: fused projections, grouped queries and a cache for generation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypedDict, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from llmkit.models.one_row import Row, for_rows

_AHEAD = 256  # positions whose rotation is computed at once for single tokens


class LlamaConfig(TypedDict):
    """The sizes of a Llama.

    Attributes:
        vocab_size: tokens in the vocabulary.
        context_length: most tokens that the model reads at once.
        emb_dim: width of a token's vector; a multiple of n_heads.
        n_heads: query heads in a block; a multiple of n_kv_heads.
        n_kv_heads: key and value heads in a block, each shared by n_heads / n_kv_heads query heads.
        n_layers: transformer blocks.
        hidden_dim: width between the feed-forward network's layers.
        rope_base: base of the rotary positions' wavelengths.
        norm_eps: what RMSNorm adds to the mean square.
        tie_weights: whether the output head is the token embedding itself.
    """

    vocab_size: int
    context_length: int
    emb_dim: int
    n_heads: int
    n_kv_heads: int
    n_layers: int
    hidden_dim: int
    rope_base: float
    norm_eps: float
    tie_weights: bool


class LlamaCache:
    """The keys and values of the tokens read so far.

    Args:
        model: the model that will fill it.
        batch_size: rows generated together.
        capacity: maximum number of tokens; by default the model's context length. Room that is never filled takes no memory.
    """

    def __init__(self, model: LlamaModel, batch_size: int = 1, capacity: int | None = None) -> None:
        cfg, like = model.cfg, model.final_norm
        self.capacity = min(capacity or cfg["context_length"], cfg["context_length"])
        head_dim = cfg["emb_dim"] // cfg["n_heads"]
        shape = (2, batch_size, cfg["n_kv_heads"], self.capacity, head_dim)
        # One tensor for each layer: the views that a step needs are made with one index then.
        self._layers = [torch.empty(shape, device=like.device, dtype=like.dtype) for _ in range(cfg["n_layers"])]
        self.length = 0

    def extend(self, layer: int, keys_values: Tensor) -> tuple[Tensor, Tensor]:
        """Appends to one layer, and returns all that it holds.

        Args:
            layer: the block's number.
            keys_values: (2, batch, kv heads, new tokens, head_dim).

        Returns:
            Keys and values, each (batch, kv heads, all tokens, head_dim).
        """
        held, end = self._layers[layer], self.length + keys_values.shape[3]
        held[:, :, :, self.length : end] = keys_values
        keys, values = held[:, :, :, :end].unbind()
        return keys, values


Make = Callable[..., nn.Module]  # of a layer from its sizes


class LlamaBlock(nn.Module):
    """Attention and a SwiGLU network, each after an RMSNorm and with a shortcut around it.

    Args:
        cfg: the model's configuration.
        linear: makes a linear layer from its widths.
    """

    def __init__(self, cfg: LlamaConfig, linear: Make = nn.Linear) -> None:
        super().__init__()
        width, self._eps = cfg["emb_dim"], cfg["norm_eps"]
        self._heads, self._kv_heads = cfg["n_heads"], cfg["n_kv_heads"]
        head_dim = width // self._heads
        self.norm1 = nn.Parameter(torch.ones(width))
        self.qkv = linear(width, (self._heads + 2 * self._kv_heads) * head_dim, bias=False)
        self.out_proj = linear(width, width, bias=False)
        self.norm2 = nn.Parameter(torch.ones(width))
        self.gate_up = linear(width, 2 * cfg["hidden_dim"], bias=False)
        self.down = linear(cfg["hidden_dim"], width, bias=False)

    def forward(
        self, x: Tensor, rotation: Tensor, mask: Tensor | None, cache: LlamaCache | None = None, layer: int = 0
    ) -> Tensor:
        """One block.

        Args:
            x: (batch, tokens, emb_dim).
            rotation: of the tokens' positions, complex, (tokens, 1, head_dim / 2).
            mask: which tokens are seen, (tokens, all tokens), or None for a single token, which sees all.
            cache: what came before.
            layer: this block's number in the cache.

        Returns:
            The same shape as x.
        """
        x = x + self._attend(rms_norm(x, self.norm1, self._eps), rotation, mask, cache, layer)
        gate, up = self.gate_up(rms_norm(x, self.norm2, self._eps)).chunk(2, dim=-1)
        return x + cast(Tensor, self.down(F.silu(gate) * up))

    def _attend(self, x: Tensor, rotation: Tensor, mask: Tensor | None, cache: LlamaCache | None, layer: int) -> Tensor:
        batch, tokens, width = x.shape
        heads = self.qkv(x).view(batch, tokens, self._heads + 2 * self._kv_heads, -1)
        turned = rotate_pairs(heads[:, :, : -self._kv_heads], rotation)
        queries, keys = turned[:, :, : self._heads], turned[:, :, self._heads :]
        keys_values = torch.stack([keys, heads[:, :, -self._kv_heads :]]).transpose(2, 3)
        if cache is not None:
            all_keys, all_values = cache.extend(layer, keys_values)
        else:
            all_keys, all_values = keys_values.unbind()
        # The queries of a group, one head after the other, are read as more queries of one head: no key is repeated.
        groups = self._heads // self._kv_heads
        queries = queries.transpose(1, 2).reshape(batch, self._kv_heads, groups * tokens, -1)
        seen = None if mask is None else mask.repeat(groups, 1)
        context = F.scaled_dot_product_attention(queries, all_keys, all_values, seen)
        context = context.view(batch, self._heads, tokens, -1).transpose(1, 2)
        return cast(Tensor, self.out_proj(context.reshape(batch, tokens, width)))


def rotate_pairs(x: Tensor, rotation: Tensor) -> Tensor:
    """Rotary positions (Su et al., 2021) on neighbouring pairs: each is a complex number that is turned by its angle.

    Args:
        x: (batch, tokens, heads, head_dim), real.
        rotation: (tokens, 1, head_dim / 2), complex64.

    Returns:
        The shape and dtype of x.
    """
    pairs = torch.view_as_complex(x.float().reshape(*x.shape[:-1], -1, 2))
    return torch.view_as_real(pairs * rotation).flatten(-2).to(x.dtype)


class LlamaModel(nn.Module):
    """A Llama: token embeddings, blocks with rotary positions, a final RMSNorm, an output head.

    The rows of its query and key projections are in the order of neighbouring pairs, as in GGUF files;
    `llmkit.models.llama.load_llama` puts the hub's in this order.

    Args:
        cfg: a LlamaConfig.
        linear: makes a linear layer, with random weights by default.
        embedding: makes the token embedding, likewise.

    Raises:
        ValueError: a key is missing or unknown, or the heads do not divide each other or the width.
    """

    def __init__(
        self, cfg: LlamaConfig | Mapping[str, Any], linear: Make = nn.Linear, embedding: Make = nn.Embedding
    ) -> None:
        super().__init__()
        self.cfg = cfg = checked(cfg)
        self.tok_emb = embedding(cfg["vocab_size"], cfg["emb_dim"])
        self.blocks = nn.ModuleList(LlamaBlock(cfg, linear) for _ in range(cfg["n_layers"]))
        self.final_norm = nn.Parameter(torch.ones(cfg["emb_dim"]))
        self.out_head = linear(cfg["emb_dim"], cfg["vocab_size"], bias=False)
        if cfg["tie_weights"] and hasattr(self.tok_emb, "weight"):
            self.out_head.weight = self.tok_emb.weight
        head_dim = cfg["emb_dim"] // cfg["n_heads"]
        self._frequencies = 1.0 / cfg["rope_base"] ** (torch.arange(0, head_dim, 2, device="cpu").double() / head_dim)

    def hidden(self, in_idx: Tensor, cache: LlamaCache | None = None) -> Tensor:
        """The vectors before the output head.

        Args:
            in_idx: token ids, (batch, tokens), of dtype long.
            cache: holds what came before; it grows by these tokens.

        Returns:
            (batch, tokens, emb_dim).

        Raises:
            ValueError: more tokens than the context length or the cache's capacity.
        """
        before = cache.length if cache is not None else 0
        end, most = before + in_idx.shape[1], cache.capacity if cache is not None else self.cfg["context_length"]
        if end > most:
            raise ValueError(f"{end} tokens are more than the {most} that there is room for: keep only the last ones")
        x = self.tok_emb(in_idx)
        rotation = self.rotation(before, end)
        mask = None
        if in_idx.shape[1] > 1:
            mask = torch.ones(in_idx.shape[1], end, dtype=torch.bool, device=x.device).tril(before)
        for layer, block in enumerate(self.blocks):
            x = block(x, rotation, mask, cache, layer)
        if cache is not None:
            cache.length = end
        return rms_norm(x, self.final_norm, self.cfg["norm_eps"])

    def new_cache(self, batch_size: int = 1) -> LlamaCache:
        """An empty cache for generation, with room for the whole context."""
        return LlamaCache(self, batch_size)

    def steps(self, cache: LlamaCache) -> LlamaSteps:
        """The shorter way for single tokens, which fills this cache."""
        return LlamaSteps(self, cache)

    def rotation(self, start: int, end: int) -> Tensor:
        """What turns the pairs of a head at positions start to end - 1, complex64, (end - start, 1, head_dim / 2)."""
        angles = torch.outer(torch.arange(start, end, device="cpu").double(), self._frequencies)
        turns = torch.polar(torch.ones_like(angles), angles)
        return turns.to(self.final_norm.device, torch.complex64).unsqueeze(1)

    def forward(self, in_idx: Tensor) -> Tensor:
        """Token ids (batch, tokens) → logits (batch, tokens, vocab_size)."""
        return cast(Tensor, self.out_head(self.hidden(in_idx)))


def checked(cfg: LlamaConfig | Mapping[str, Any]) -> LlamaConfig:
    """A configuration with all keys and no others.

    Raises:
        ValueError: a key is missing or unknown, or the heads do not divide each other or the width.
    """
    known = set(LlamaConfig.__annotations__)
    missing, unknown = sorted(known - set(cfg)), sorted(set(cfg) - known)
    if missing or unknown:
        what = [f"{', '.join(missing)} missing"] * bool(missing) + [f"{', '.join(unknown)} unknown"] * bool(unknown)
        raise ValueError(f"the configuration has {' and '.join(what)}: the keys are {', '.join(sorted(known))}")
    if cfg["emb_dim"] % (2 * cfg["n_heads"]) or cfg["n_heads"] % cfg["n_kv_heads"]:
        raise ValueError(
            f"n_kv_heads should divide n_heads, and 2 * n_heads should divide emb_dim, but they are "
            f"{cfg['n_kv_heads']}, {cfg['n_heads']} and {cfg['emb_dim']}"
        )
    return cast(LlamaConfig, dict(cfg))


class LlamaSteps:
    """One token for each row at a time.

    Args:
        model: its weights must not change meanwhile.
        cache: what it has read; it grows with every step.
    """

    def __init__(self, model: LlamaModel, cache: LlamaCache) -> None:
        self._model, self._cache = model, cache
        row = for_rows(model)
        self._head = row(model.out_head)
        self._blocks = [_laid_out(cast(LlamaBlock, block), row) for block in model.blocks]
        self._first = 0  # position of the first row of _turns
        self._turns = torch.empty(0)

    def read(self, token: Tensor) -> Tensor:
        """One token for each row, (batch,) → logits of the next, (batch, vocab_size)."""
        model, cache = self._model, self._cache
        cfg, eps, rows = model.cfg, model.cfg["norm_eps"], len(token)
        queries, heads = cfg["n_heads"], cfg["n_heads"] + 2 * cfg["n_kv_heads"]
        grouped = (rows, cfg["n_kv_heads"], queries // cfg["n_kv_heads"], -1)
        turn = self._turn(cache.length)
        x = cast(Tensor, model.tok_emb(token))
        for layer, (norm1, qkv, out_proj, norm2, gate_up, down) in enumerate(self._blocks):
            pairs = torch.view_as_complex(qkv(rms_norm(x, norm1, eps)).float().view(rows, heads, -1, 2))
            turned = torch.view_as_real(pairs * turn).flatten(2)
            added = turned[:, queries:].view(rows, 2, cfg["n_kv_heads"], 1, -1).transpose(0, 1)
            keys, values = cache.extend(layer, added)
            asked = turned[:, :queries].to(x.dtype).view(grouped)
            x = x + out_proj(F.scaled_dot_product_attention(asked, keys, values).reshape(rows, -1))
            gate, up = gate_up(rms_norm(x, norm2, eps)).chunk(2, dim=-1)
            x = x + down(F.silu(gate).mul_(up))
        cache.length += 1
        return self._head(rms_norm(x, model.final_norm, eps))

    def _turn(self, position: int) -> Tensor:
        """What a token's heads are multiplied by, complex, (heads, head_dim / 2): queries and keys are turned, values are not."""
        place = position - self._first
        if not 0 <= place < len(self._turns):
            cfg = self._model.cfg
            turned = self._model.rotation(position, position + _AHEAD)
            turned = turned.expand(-1, cfg["n_heads"] + cfg["n_kv_heads"], -1)
            still = torch.ones_like(turned[:, : cfg["n_kv_heads"]])
            self._first, self._turns, place = position, torch.cat([turned, still], dim=1), 0
        return self._turns[place]


def _laid_out(block: LlamaBlock, row: Callable[[nn.Module], Row]) -> tuple[Tensor, Row, Row, Tensor, Row, Row]:
    return block.norm1, row(block.qkv), row(block.out_proj), block.norm2, row(block.gate_up), row(block.down)


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """Root mean square normalisation (Zhang and Sennrich, 2019) over the last dimension, in float32; the same shape and dtype."""
    if hasattr(F, "rms_norm"):  # since torch 2.4
        return F.rms_norm(x, weight.shape, weight, eps)
    wide = x.float()
    scale = torch.rsqrt(wide.square().mean(-1, keepdim=True) + eps)
    return (wide * scale).to(x.dtype) * weight
