"""The BERT of the appendix: post-norm encoder, heads for masked words and for the next sentence, and weights from transformers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# The special tokens; their ids are their indices.
SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PAD, UNK, CLS, SEP, MASK = range(5)
IGNORED = -100  # the label of a token that is not predicted


class BertConfig(TypedDict):
    """The sizes of a BERT.

    Attributes:
        vocab_size: tokens in the vocabulary, the special ones among them.
        context_length: most tokens that the model reads at once.
        emb_dim: width of a token's vector; a multiple of n_heads.
        n_heads: attention heads in a layer.
        n_layers: encoder layers.
        drop_rate: dropout's probability.
    """

    vocab_size: int
    context_length: int
    emb_dim: int
    n_heads: int
    n_layers: int
    drop_rate: float


# Devlin et al. (2019), "BERT: Pre-training of Deep Bidirectional Transformers": BERT-base.
_BASE: dict[str, Any] = {
    "vocab_size": 30522,
    "context_length": 512,
    "emb_dim": 768,
    "n_heads": 12,
    "n_layers": 12,
    "drop_rate": 0.1,
}


def config(**changes: Any) -> BertConfig:
    """The configuration of BERT-base.

    Args:
        **changes: keys to override, such as emb_dim=128.

    Raises:
        ValueError: a key is unknown, or n_heads does not divide emb_dim.
    """
    unknown = set(changes) - set(_BASE)
    if unknown:
        raise ValueError(f"unknown key {', '.join(sorted(unknown))}: a configuration has {', '.join(_BASE)}")
    found = _BASE | changes
    if found["emb_dim"] % found["n_heads"]:
        raise ValueError(
            f"emb_dim should be a multiple of n_heads, but {found['emb_dim']} is not a multiple of {found['n_heads']}"
        )
    return cast(BertConfig, found)


def where_padding(ids: Tensor) -> Tensor:
    """Token ids (batch, tokens) → bool (batch, 1, 1, tokens), True where attention must not look."""
    return ids.eq(PAD).unsqueeze(1).unsqueeze(1)


class BertEmbedding(nn.Module):
    """The sum of a token's, a position's and a segment's vector, normalised.

    Args:
        cfg: the model's configuration.
    """

    def __init__(self, cfg: BertConfig) -> None:
        super().__init__()
        width = cfg["emb_dim"]
        self.token = nn.Embedding(cfg["vocab_size"], width)
        self.position = nn.Embedding(cfg["context_length"], width)
        self.segment = nn.Embedding(2, width)
        self.norm = nn.LayerNorm(width)
        self.drop = nn.Dropout(cfg["drop_rate"])

    def forward(self, ids: Tensor, segments: Tensor) -> Tensor:
        """Ids and segments, each (batch, tokens) → vectors (batch, tokens, emb_dim)."""
        places = self.position.weight[: ids.shape[1]]
        return cast(Tensor, self.drop(self.norm(self.token(ids) + self.segment(segments) + places)))


class MultiHeadAttention(nn.Module):
    """Attention in both directions, with biases in all projections.

    Args:
        emb_dim: width of the input and of the output.
        n_heads: heads; emb_dim is a multiple.
        drop_rate: dropout's probability on the attention weights.
    """

    def __init__(self, emb_dim: int, n_heads: int, drop_rate: float = 0.0) -> None:
        super().__init__()
        self.n_heads, self.drop_rate = n_heads, drop_rate
        self.qkv = nn.Linear(emb_dim, 3 * emb_dim)
        self.out = nn.Linear(emb_dim, emb_dim)

    def forward(self, x: Tensor, hidden: Tensor | None = None) -> Tensor:
        """Vectors (batch, tokens, emb_dim) → the same shape.

        Args:
            x: the vectors.
            hidden: bool, broadcast to (batch, heads, tokens, tokens); True where a query must not look.
        """
        batch, tokens, width = x.shape
        q, k, v = self.qkv(x).view(batch, tokens, 3, self.n_heads, -1).permute(2, 0, 3, 1, 4)
        drop_rate = self.drop_rate if self.training else 0.0
        if x.device.type == "cpu" and (torch.is_grad_enabled() or drop_rate):
            # PyTorch's own attention trains slowly on a processor when it has a mask or dropout.
            scores = q.mul(k.shape[-1] ** -0.5) @ k.transpose(-1, -2)
            if hidden is not None:
                scores = scores.masked_fill(hidden, torch.finfo(scores.dtype).min)
            context = F.dropout(scores.softmax(-1), drop_rate).to(v.dtype) @ v
        else:
            seen = None if hidden is None else ~hidden
            context = F.scaled_dot_product_attention(q, k, v, attn_mask=seen, dropout_p=drop_rate)
        return cast(Tensor, self.out(context.transpose(1, 2).reshape(batch, tokens, width)))


class FeedForward(nn.Module):
    """Two linear layers with the exact GELU between them, four times as wide inside.

    Args:
        emb_dim: width of the input and of the output.
    """

    def __init__(self, emb_dim: int) -> None:
        super().__init__()
        self.up = nn.Linear(emb_dim, 4 * emb_dim)
        self.down = nn.Linear(4 * emb_dim, emb_dim)

    def forward(self, x: Tensor) -> Tensor:
        """Vectors (..., emb_dim) → the same shape."""
        return cast(Tensor, self.down(F.gelu(self.up(x))))


class EncoderLayer(nn.Module):
    """Attention and a feed-forward network, each with a shortcut around it and a LayerNorm after it (post-norm).

    Args:
        cfg: the model's configuration.
    """

    def __init__(self, cfg: BertConfig) -> None:
        super().__init__()
        self.attention = MultiHeadAttention(cfg["emb_dim"], cfg["n_heads"], cfg["drop_rate"])
        self.feed_forward = FeedForward(cfg["emb_dim"])
        self.norms = nn.ModuleList(nn.LayerNorm(cfg["emb_dim"]) for _ in range(2))
        self.drop = nn.Dropout(cfg["drop_rate"])

    def forward(self, x: Tensor, hidden: Tensor | None = None) -> Tensor:
        """Vectors (batch, tokens, emb_dim) → the same shape; see MultiHeadAttention for `hidden`."""
        first, second = self.norms
        heard = first(x + self.drop(self.attention(x, hidden)))
        return cast(Tensor, second(heard + self.drop(self.feed_forward(heard))))


class BertModel(nn.Module):
    """BERT with both heads of its pre-training.

    Args:
        cfg: a BertConfig; `config()` returns BERT-base's.

    Example:
        >>> model = BertModel(config(vocab_size=40, context_length=16, emb_dim=32, n_heads=4, n_layers=2))
        >>> words, follows = model(torch.tensor([[2, 17, 4, 3]]), torch.zeros(1, 4, dtype=torch.long))
        >>> words.shape, follows.shape
        (torch.Size([1, 4, 40]), torch.Size([1, 2]))
    """

    def __init__(self, cfg: BertConfig) -> None:
        super().__init__()
        self.cfg = cfg
        width = cfg["emb_dim"]
        self.embedding = BertEmbedding(cfg)
        self.layers = nn.ModuleList(EncoderLayer(cfg) for _ in range(cfg["n_layers"]))
        self.mlm_head = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))
        self.decoder = nn.Linear(width, cfg["vocab_size"])
        self.pooler = nn.Linear(width, width)
        self.nsp_head = nn.Linear(width, 2)
        for parameter in self.parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, std=0.02)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.zeros_(module.bias)
        self.decoder.weight = self.embedding.token.weight

    def hidden(self, ids: Tensor, segments: Tensor) -> Tensor:
        """The encoder's output.

        Args:
            ids: token ids, (batch, tokens), PAD where there is none.
            segments: 0 for the first sentence, 1 for the second, (batch, tokens).

        Returns:
            (batch, tokens, emb_dim).

        Raises:
            ValueError: more tokens than the context length.
        """
        if ids.shape[1] > self.cfg["context_length"]:
            raise ValueError(f"{ids.shape[1]} tokens are more than the context length {self.cfg['context_length']}")
        x, padding = self.embedding(ids, segments), where_padding(ids)
        for layer in self.layers:
            x = layer(x, padding)
        return cast(Tensor, x)

    def forward(self, ids: Tensor, segments: Tensor) -> tuple[Tensor, Tensor]:
        """Ids and segments (batch, tokens) → logits of each token's word (batch, tokens, vocab_size) and of "follows" (batch, 2)."""
        x = self.hidden(ids, segments)
        return self.decoder(self.mlm_head(x)), self.nsp_head(torch.tanh(self.pooler(x[:, 0])))


_PARTS = {
    "embedding.token": "bert.embeddings.word_embeddings",
    "embedding.position": "bert.embeddings.position_embeddings",
    "embedding.segment": "bert.embeddings.token_type_embeddings",
    "embedding.norm": "bert.embeddings.LayerNorm",
    "mlm_head.0": "cls.predictions.transform.dense",
    "mlm_head.2": "cls.predictions.transform.LayerNorm",
    "pooler": "bert.pooler.dense",
}
_LAYER_PARTS = {
    "attention.out": "attention.output.dense",
    "norms.0": "attention.output.LayerNorm",
    "feed_forward.up": "intermediate.dense",
    "feed_forward.down": "output.dense",
    "norms.1": "output.LayerNorm",
}


def load_transformers(model: BertModel, state: Mapping[str, Tensor]) -> None:
    """Puts the weights of a `BertForPreTraining` of the transformers library into a model of the same sizes.

    There, class 0 of the next-sentence head means "follows", here class 1 does: the two rows are swapped. The LayerNorms
    take over its epsilon of 1e-12.

    Args:
        model: changed in place.
        state: `BertForPreTraining(...).state_dict()`.

    Raises:
        KeyError: a weight is missing.
        RuntimeError: a weight has another shape.
    """
    parts, found = dict(_PARTS), dict[str, Tensor]()
    for number in range(len(model.layers)):
        theirs = f"bert.encoder.layer.{number}"
        parts |= {f"layers.{number}.{ours}": f"{theirs}.{name}" for ours, name in _LAYER_PARTS.items()}
        for kind in ("weight", "bias"):
            three = [state[f"{theirs}.attention.self.{name}.{kind}"] for name in ("query", "key", "value")]
            found[f"layers.{number}.attention.qkv.{kind}"] = torch.cat(three)
    kinds = {name.rpartition(".")[2] for name in state}
    for ours, name in parts.items():
        found |= {f"{ours}.{kind}": state[f"{name}.{kind}"] for kind in sorted(kinds) if f"{name}.{kind}" in state}
    found["decoder.weight"] = found["embedding.token.weight"]
    found["decoder.bias"] = state["cls.predictions.bias"]
    found |= {f"nsp_head.{kind}": state[f"cls.seq_relationship.{kind}"].flip(0) for kind in ("weight", "bias")}
    missing = sorted(set(model.state_dict()) - set(found))
    if missing:
        raise KeyError(f"the weights of transformers have nothing for: {', '.join(missing)}")
    model.load_state_dict(found)
    for module in model.modules():
        if isinstance(module, nn.LayerNorm):
            module.eps = 1e-12
