"""The GPT of the later chapters: GPT-2's architecture, with fused projections, PyTorch's own attention and a cache for generation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NotRequired, TypedDict, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from llmkit.models.one_row import Row, for_rows


class GPTConfig(TypedDict):
    """The sizes of a GPT.

    Attributes:
        vocab_size: tokens in the vocabulary.
        context_length: most tokens that the model reads at once.
        emb_dim: width of a token's vector; a multiple of n_heads.
        n_heads: attention heads in a block.
        n_layers: transformer blocks.
        drop_rate: dropout's probability.
        qkv_bias: whether the query, key and value projections have a bias.
        tie_weights: whether the output head is the token embedding itself, as in GPT-2; False by default.
    """

    vocab_size: int
    context_length: int
    emb_dim: int
    n_heads: int
    n_layers: int
    drop_rate: float
    qkv_bias: bool
    tie_weights: NotRequired[bool]


# Widths, layers and heads: Radford et al. (2019), "Language Models are Unsupervised Multitask Learners", table 2; the
# names count the parameters of the published files, which differ from the paper's.
_SIZES = {"124M": (768, 12, 12), "355M": (1024, 24, 16), "774M": (1280, 36, 20), "1558M": (1600, 48, 25)}
SIZES = tuple(_SIZES)


def config(size: str = "124M", **changes: Any) -> GPTConfig:
    """The configuration of one of GPT-2's sizes, without qkv bias and with an untied output head.

    Args:
        size: "124M", "355M", "774M" or "1558M".
        **changes: keys to override, such as context_length=256.

    Raises:
        ValueError: the size or a key is unknown.
    """
    if size not in _SIZES:
        raise ValueError(f"size should be one of {', '.join(SIZES)}, not {size!r}")
    emb_dim, n_layers, n_heads = _SIZES[size]
    found: dict[str, Any] = {
        "vocab_size": 50257,
        "context_length": 1024,
        "emb_dim": emb_dim,
        "n_heads": n_heads,
        "n_layers": n_layers,
        "drop_rate": 0.1,
        "qkv_bias": False,
        "tie_weights": False,
    }
    unknown = set(changes) - set(found)
    if unknown:
        raise ValueError(f"unknown key {', '.join(sorted(unknown))}: a configuration has {', '.join(found)}")
    return cast(GPTConfig, found | changes)


class KVCache:
    """The keys and values of the tokens read so far, so that each further token costs one step, not all of them again.

    Args:
        model: the model that will fill it.
        batch_size: rows generated together.
    """

    def __init__(self, model: GPTModel, batch_size: int = 1) -> None:
        cfg, weight = model.cfg, model.tok_emb.weight
        head_dim = cfg["emb_dim"] // cfg["n_heads"]
        shape = (cfg["n_layers"], 2, batch_size, cfg["n_heads"], cfg["context_length"], head_dim)
        self._store = torch.empty(shape, device=weight.device, dtype=weight.dtype)
        self.length = 0

    @property
    def capacity(self) -> int:
        """Maximum number of tokens: the model's context length."""
        return self._store.shape[4]

    def extend(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Appends new keys and values to those of one layer, and returns all of them.

        Args:
            layer: the block's number.
            keys: (batch, heads, new tokens, head_dim).
            values: the same shape.

        Returns:
            Keys and values, each (batch, heads, all tokens, head_dim).
        """
        end = self.length + keys.shape[2]
        held_keys, held_values = self._store[layer, 0], self._store[layer, 1]
        held_keys[:, :, self.length : end] = keys
        held_values[:, :, self.length : end] = values
        return held_keys[:, :, :end], held_values[:, :, :end]


class MultiHeadAttention(nn.Module):
    """Causal attention with all heads in one matrix product.

    Args:
        emb_dim: width of the input and of the output.
        n_heads: heads; emb_dim is a multiple.
        drop_rate: dropout's probability on the attention weights.
        qkv_bias: whether queries, keys and values have a bias.
    """

    def __init__(self, emb_dim: int, n_heads: int, drop_rate: float = 0.0, qkv_bias: bool = False) -> None:
        super().__init__()
        if emb_dim % n_heads:
            raise ValueError(f"emb_dim should be a multiple of n_heads, but {emb_dim} is not a multiple of {n_heads}")
        self.n_heads, self.drop_rate = n_heads, drop_rate
        self.qkv = nn.Linear(emb_dim, 3 * emb_dim, bias=qkv_bias)
        self.out_proj = nn.Linear(emb_dim, emb_dim)

    def forward(self, x: Tensor, cache: KVCache | None = None, layer: int = 0) -> Tensor:
        """x: (batch, tokens, emb_dim) → (batch, tokens, emb_dim); with a cache, x is the tokens after those it holds."""
        batch, tokens, emb_dim = x.shape
        queries, keys, values = self.qkv(x).view(batch, tokens, 3, self.n_heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
        mask, causal = None, tokens > 1
        if cache is not None:
            before = cache.length
            keys, values = cache.extend(layer, keys, values)
            if before and causal:
                # is_causal aligns the triangle with the first key; after a prefix it has to be shifted.
                mask = torch.ones(tokens, before + tokens, dtype=torch.bool, device=x.device).tril(before)
                causal = False
        dropout = self.drop_rate if self.training else 0.0
        if (
            x.device.type == "cpu"
            and cache is None
            and torch.is_grad_enabled()
            and (dropout or queries.dtype != torch.float32)
        ):
            context = _attend(queries, keys, values, dropout)
        else:
            context = F.scaled_dot_product_attention(queries, keys, values, mask, dropout, is_causal=causal)
        merged: Tensor = self.out_proj(context.transpose(1, 2).reshape(batch, tokens, emb_dim))
        return merged


def _attend(queries: Tensor, keys: Tensor, values: Tensor, dropout: float) -> Tensor:
    """Causal attention written out, for training on a CPU: there PyTorch's own has no fast kernel with dropout, and a slow one in bfloat16.

    The mask is added in the product of queries and keys, so the scores are written once.
    """
    batch, heads, tokens, head_dim = queries.shape
    mask = torch.full((tokens, tokens), -torch.inf, dtype=queries.dtype).triu(1)
    flat = (batch * heads, tokens, head_dim)
    scores = torch.baddbmm(
        mask.expand(batch * heads, -1, -1),
        queries.reshape(flat),
        keys.reshape(flat).transpose(1, 2),
        alpha=head_dim**-0.5,
    )
    weights = F.dropout(scores.softmax(dim=-1), dropout)
    return torch.bmm(weights.to(values.dtype), values.reshape(flat)).view(batch, heads, tokens, head_dim)


class TransformerBlock(nn.Module):
    """Attention and a feed-forward network, each after its LayerNorm and with a shortcut around it (pre-norm).

    Args:
        cfg: the model's configuration.
    """

    def __init__(self, cfg: GPTConfig) -> None:
        super().__init__()
        width = cfg["emb_dim"]
        self.norm1 = nn.LayerNorm(width)
        self.att = MultiHeadAttention(width, cfg["n_heads"], cfg["drop_rate"], cfg["qkv_bias"])
        self.norm2 = nn.LayerNorm(width)
        # GPT-2's GELU is the tanh approximation of Hendrycks and Gimpel (2016).
        self.ff = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(approximate="tanh"), nn.Linear(4 * width, width))
        self.drop = nn.Dropout(cfg["drop_rate"])

    def forward(self, x: Tensor, cache: KVCache | None = None, layer: int = 0) -> Tensor:
        """x: (batch, tokens, emb_dim) → the same shape."""
        x = x + self.drop(self.att(self.norm1(x), cache, layer))
        return x + cast(Tensor, self.drop(self.ff(self.norm2(x))))


class GPTModel(nn.Module):
    """GPT-2 (Radford et al., 2019): token and position embeddings, transformer blocks, a final LayerNorm, an output head.

    Args:
        cfg: a GPTConfig; `config("124M")` returns one. `tie_weights` may be left out.

    Raises:
        ValueError: a key is missing or unknown, or n_heads does not divide emb_dim.

    Example:
        >>> model = GPTModel(config("124M", context_length=16, emb_dim=32, n_heads=4, n_layers=2))
        >>> model(torch.tensor([[1, 2, 3]])).shape
        torch.Size([1, 3, 50257])
    """

    def __init__(self, cfg: GPTConfig | Mapping[str, Any]) -> None:
        super().__init__()
        self.cfg = cfg = checked(cfg)
        self.tok_emb = nn.Embedding(cfg["vocab_size"], cfg["emb_dim"])
        self.pos_emb = nn.Embedding(cfg["context_length"], cfg["emb_dim"])
        self.drop_emb = nn.Dropout(cfg["drop_rate"])
        self.trf_blocks = nn.ModuleList(TransformerBlock(cfg) for _ in range(cfg["n_layers"]))
        self.final_norm = nn.LayerNorm(cfg["emb_dim"])
        self.out_head = nn.Linear(cfg["emb_dim"], cfg["vocab_size"], bias=False)
        self._initialize()
        if cfg.get("tie_weights"):
            self.out_head.weight = self.tok_emb.weight

    def _initialize(self) -> None:
        """GPT-2's initialisation: N(0, 0.02), biases 0, and the projections added to the shortcuts scaled by 1/√(number of additions)."""
        for name, parameter in self.named_parameters():
            if parameter.is_meta:
                continue  # it has a shape only, and torch takes long to fill it with nothing
            if parameter.dim() == 2:
                added = name.endswith(("out_proj.weight", "ff.2.weight"))
                scale = (2 * self.cfg["n_layers"]) ** -0.5 if added else 1.0
                nn.init.normal_(parameter, std=0.02 * scale)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def new_cache(self, batch_size: int = 1) -> KVCache:
        """An empty cache for generation."""
        return KVCache(self, batch_size)

    def steps(self, cache: KVCache) -> GPTSteps | None:
        """The shorter way for single tokens, which fills this cache: in float32 on a CPU, otherwise there is none."""
        weight = self.tok_emb.weight
        return GPTSteps(self, cache) if weight.device.type == "cpu" and weight.dtype == torch.float32 else None

    def hidden(self, in_idx: Tensor, cache: KVCache | None = None) -> Tensor:
        """The vectors before the output head.

        Args:
            in_idx: token ids, (batch, tokens), of dtype long.
            cache: holds what came before; it grows by these tokens.

        Returns:
            (batch, tokens, emb_dim).

        Raises:
            ValueError: more tokens than the context length.
        """
        before = cache.length if cache is not None else 0
        end = before + in_idx.shape[1]
        if end > self.cfg["context_length"]:
            raise ValueError(
                f"{end} tokens are more than the context length of {self.cfg['context_length']}: keep only the last ones"
            )
        x = self.drop_emb(self.tok_emb(in_idx) + self.pos_emb.weight[before:end])
        for layer, block in enumerate(self.trf_blocks):
            x = block(x, cache, layer)
        if cache is not None:
            cache.length = end
        return cast(Tensor, self.final_norm(x))

    def forward(self, in_idx: Tensor) -> Tensor:
        """Token ids (batch, tokens) → logits (batch, tokens, vocab_size)."""
        return cast(Tensor, self.out_head(self.hidden(in_idx)))


def checked(cfg: GPTConfig | Mapping[str, Any]) -> GPTConfig:
    """A configuration with all required keys and no others.

    Raises:
        ValueError: a key is missing, unknown, or has an invalid value.
    """
    known = set(GPTConfig.__annotations__)
    missing, unknown = sorted(known - {"tie_weights"} - set(cfg)), sorted(set(cfg) - known)
    if missing or unknown:
        what = [f"{', '.join(missing)} missing"] * bool(missing) + [f"{', '.join(unknown)} unknown"] * bool(unknown)
        raise ValueError(f"the configuration has {' and '.join(what)}: the keys are {', '.join(sorted(known))}")
    for key in ("vocab_size", "context_length", "emb_dim", "n_heads", "n_layers"):
        if not isinstance(cfg[key], int) or cfg[key] < 1:
            raise ValueError(f"{key} should be a positive whole number, not {cfg[key]!r}")
    return cast(GPTConfig, dict(cfg))


class GPTSteps:
    """The model's arithmetic for one token at a time, on a CPU.

    Args:
        model: its weights must not change meanwhile.
        cache: what it has read; it grows with every step.
    """

    def __init__(self, model: GPTModel, cache: KVCache) -> None:
        self._model, self._cache = model, cache
        row = for_rows(model)
        self._head = row(model.out_head)
        self._blocks = [_laid_out(cast(TransformerBlock, block), row) for block in model.trf_blocks]

    def read(self, token: Tensor) -> Tensor:
        """One token for each row, (batch,) → logits of the next, (batch, vocab_size)."""
        model, cache = self._model, self._cache
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


def _laid_out(
    block: TransformerBlock, row: Callable[[nn.Module], Row]
) -> tuple[nn.LayerNorm, Row, Row, nn.LayerNorm, Row, Row]:
    widen, narrow = row(block.ff[0]), row(block.ff[2])
    return block.norm1, row(block.att.qkv), row(block.att.out_proj), block.norm2, widen, narrow
