"""A GPT as a first version is written: a matrix for each of q, k, v, every formula by hand, no cache. The baseline of `gpt_speed.py`."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


class Norm(nn.Module):
    """LayerNorm from its formula."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.scale, self.shift = nn.Parameter(torch.ones(width)), nn.Parameter(torch.zeros(width))

    def forward(self, x: Tensor) -> Tensor:
        mean, variance = x.mean(-1, keepdim=True), x.var(-1, keepdim=True, unbiased=False)
        return self.scale * (x - mean) / torch.sqrt(variance + 1e-5) + self.shift


class Gelu(nn.Module):
    """The tanh approximation from its formula."""

    def forward(self, x: Tensor) -> Tensor:
        return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


class Attention(nn.Module):
    """Causal multi-head attention with masked_fill."""

    def __init__(self, cfg: dict) -> None:
        super().__init__()
        width, self.heads = cfg["emb_dim"], cfg["n_heads"]
        self.query, self.key, self.value = (nn.Linear(width, width, bias=cfg["qkv_bias"]) for _ in range(3))
        self.out, self.dropout = nn.Linear(width, width), nn.Dropout(cfg["drop_rate"])
        length = cfg["context_length"]
        self.register_buffer("mask", torch.triu(torch.ones(length, length, dtype=torch.bool), diagonal=1))

    def forward(self, x: Tensor) -> Tensor:
        batch, tokens, width = x.shape
        query, key, value = (
            project(x).view(batch, tokens, self.heads, -1).transpose(1, 2)
            for project in (self.query, self.key, self.value)
        )
        scores = query @ key.transpose(2, 3)
        scores = scores.masked_fill(self.mask[:tokens, :tokens], -torch.inf)
        weights = self.dropout(torch.softmax(scores / key.shape[-1] ** 0.5, dim=-1))
        return self.out((weights @ value).transpose(1, 2).reshape(batch, tokens, width))


class Block(nn.Module):
    """Attention and feed-forward network with shortcuts."""

    def __init__(self, cfg: dict) -> None:
        super().__init__()
        width = cfg["emb_dim"]
        self.attention, self.norm1, self.norm2 = Attention(cfg), Norm(width), Norm(width)
        self.feed_forward = nn.Sequential(nn.Linear(width, 4 * width), Gelu(), nn.Linear(4 * width, width))
        self.dropout = nn.Dropout(cfg["drop_rate"])

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.dropout(self.attention(self.norm1(x)))
        return x + self.dropout(self.feed_forward(self.norm2(x)))


class PlainGPT(nn.Module):
    """The model."""

    def __init__(self, cfg: dict) -> None:
        super().__init__()
        self.cfg = cfg
        self.tokens = nn.Embedding(cfg["vocab_size"], cfg["emb_dim"])
        self.positions = nn.Embedding(cfg["context_length"], cfg["emb_dim"])
        self.dropout = nn.Dropout(cfg["drop_rate"])
        self.blocks = nn.Sequential(*(Block(cfg) for _ in range(cfg["n_layers"])))
        self.norm = Norm(cfg["emb_dim"])
        self.head = nn.Linear(cfg["emb_dim"], cfg["vocab_size"], bias=False)

    def forward(self, ids: Tensor) -> Tensor:
        places = torch.arange(ids.shape[1], device=ids.device)
        return self.head(self.norm(self.blocks(self.dropout(self.tokens(ids) + self.positions(places)))))


@torch.no_grad()
def generate(model: PlainGPT, ids: Tensor, steps: int) -> Tensor:
    """Greedy, reading everything again at each step."""
    for _ in range(steps):
        logits = model(ids[:, -model.cfg["context_length"] :])[:, -1]
        ids = torch.cat([ids, logits.argmax(dim=-1, keepdim=True)], dim=1)
    return ids
