"""Generation: choosing the next token (temperature, top-k, top-p), token after token with or without the cache, and their text."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from typing import Protocol

import torch
from torch import Tensor, nn

from llmkit.models.inference import Readable, Reader


def choose(
    logits: Tensor,
    temperature: float = 0.0,
    top_k: int | None = None,
    top_p: float | None = None,
    generator: torch.Generator | None = None,
) -> Tensor:
    """One token for each row.

    Args:
        logits: (batch, vocab_size).
        temperature: divides the logits; 0 takes the most probable token.
        top_k: only the k most probable tokens stay; so do tokens that tie with the k-th.
        top_p: only the most probable tokens stay whose probabilities together reach p (Holtzman et al., 2020).
        generator: source of random numbers; by default torch's own.

    Returns:
        Token ids, (batch, 1).

    Raises:
        ValueError: an argument out of its range.
    """
    if temperature < 0 or (top_k is not None and top_k < 1) or (top_p is not None and not 0 < top_p <= 1):
        raise ValueError("temperature should be at least 0, top_k at least 1, and top_p above 0 and at most 1")
    if temperature == 0:
        return logits.argmax(dim=-1, keepdim=True)
    logits = logits.float() / temperature
    if top_k is not None and top_k < logits.shape[-1]:
        least = logits.topk(top_k, dim=-1).values[:, -1:]
        logits = logits.masked_fill(logits < least, -torch.inf)
    if top_p is not None and top_p < 1:
        ordered, order = logits.sort(dim=-1, descending=True)
        probabilities = ordered.softmax(dim=-1)
        # A token is dropped when those before it already reach p, so the first always stays.
        gone = probabilities.cumsum(dim=-1) - probabilities >= top_p
        logits = logits.masked_fill(gone.scatter(-1, order, gone), -torch.inf)
    return torch.multinomial(logits.softmax(dim=-1), 1, generator=generator)


@torch.no_grad()
def stream(
    model: nn.Module,
    idx: Tensor,
    max_new_tokens: int,
    *,
    context_length: int | None = None,
    temperature: float = 0.0,
    top_k: int | None = None,
    top_p: float | None = None,
    generator: torch.Generator | None = None,
    use_cache: bool = True,
) -> Iterator[Tensor]:
    """The new tokens, step by step.

    With a `GPTModel` or a `LlamaModel` the keys and values of earlier tokens are kept. When the context is full, its window moves by one
    token each step, every position changes, and the whole window is read again.

    Args:
        model: a GPTModel, a LlamaModel, or any module that returns logits (batch, tokens, vocab_size) for ids.
        idx: the prompt's token ids, (batch, tokens), at least one token.
        max_new_tokens: steps.
        context_length: maximum number of tokens that the model reads; llmkit's models know their own.
        temperature: see `choose`.
        top_k: see `choose`.
        top_p: see `choose`.
        generator: see `choose`.
        use_cache: False reads everything again at every step, as a model without a cache must.

    Yields:
        Token ids, (batch, 1).

    Raises:
        ValueError: an empty prompt, or an unknown context length.
    """
    if idx.dim() != 2 or idx.shape[1] == 0:
        raise ValueError(f"idx should be (batch, tokens) with at least one token, not {tuple(idx.shape)}")
    if context_length is None:
        if not isinstance(model, Readable):
            raise ValueError("context_length is needed: only llmkit's models know their own")
        context_length = model.cfg["context_length"]
    was_training = model.training
    model.eval()
    try:
        reader = Reader(model, idx.shape[0]) if use_cache and isinstance(model, Readable) else None
        for _ in range(max_new_tokens):
            window = idx[:, -context_length:]
            if reader is None:
                logits = model(window)[:, -1]
            else:
                if reader.length >= context_length:
                    reader.forget()
                logits = reader.read(window[:, reader.length :])
            token = choose(logits, temperature, top_k, top_p, generator)
            idx = torch.cat([idx, token], dim=1)
            yield token
    finally:
        model.train(was_training)


def generate(
    model: nn.Module, idx: Tensor, max_new_tokens: int, *, eos_id: int | None = None, **options: object
) -> Tensor:
    """The prompt and what follows.

    Args:
        model: see `stream`.
        idx: the prompt's token ids, (batch, tokens).
        max_new_tokens: maximum number of tokens to add.
        eos_id: the token that ends a row: the rest of the row is filled with it, and generation stops when all rows have ended.
        **options: of `stream`: context_length, temperature, top_k, top_p, generator, use_cache.

    Returns:
        (batch, tokens + new tokens).
    """
    ended = torch.zeros(idx.shape[0], 1, dtype=torch.bool, device=idx.device)
    new = []
    for token in stream(model, idx, max_new_tokens, **options):  # type: ignore[arg-type]
        if eos_id is not None:
            token = token.masked_fill(ended, eos_id)
            ended |= token == eos_id
        new.append(token)
        if eos_id is not None and ended.all():
            break
    return torch.cat([idx, *new], dim=1)


class Bytes(Protocol):
    """A tokenizer that knows its tokens' bytes, such as tiktoken's."""

    def decode_single_token_bytes(self, token: int, /) -> bytes:
        """The bytes of a token."""
        ...


def texts(tokens: Iterable[Tensor], encoding: Bytes, eos_id: int) -> Iterator[str]:
    """One row's tokens as text, as they come.

    Args:
        tokens: each with one id, such as those of `stream`.
        encoding: their tokenizer.
        eos_id: the token that ends the text; it is not part of it.

    Yields:
        Pieces, which joined are the text. No piece ends inside a character, and none is empty.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for token in tokens:
        if token.item() == eos_id:
            break
        if piece := decoder.decode(encoding.decode_single_token_bytes(int(token.item()))):
            yield piece
    if rest := decoder.decode(b"", final=True):
        yield rest
