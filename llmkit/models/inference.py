"""Reads a text token by token, fast: keys and values are kept, and steps of one token take a shorter way than the model's own."""

from __future__ import annotations

from typing import Any, Protocol, cast, runtime_checkable

from torch import Tensor, nn


class Cache(Protocol):
    """Keys and values of what has been read.

    Attributes:
        length: tokens read so far.
    """

    length: int

    @property
    def capacity(self) -> int:
        """Maximum number of tokens."""
        ...


class Steps(Protocol):
    """A model's arithmetic for one token at a time; its cache grows with every step."""

    def read(self, token: Tensor) -> Tensor:
        """One token for each row, (batch,) → logits of the next, (batch, vocab_size)."""
        ...


@runtime_checkable
class Readable(Protocol):
    """A model that can go on from what it has read.

    Attributes:
        cfg: its configuration, with "context_length".
        out_head: turns hidden vectors into logits.
    """

    cfg: Any
    out_head: nn.Module

    def new_cache(self, batch_size: int = 1) -> Any:
        """An empty cache that fits the model."""
        ...

    def steps(self, cache: Any) -> Steps | None:
        """The shorter way for single tokens, if there is one here."""
        ...

    def hidden(self, in_idx: Tensor, cache: Any = None) -> Tensor:
        """Token ids (batch, tokens) → the vectors before the output head; the cache grows by these tokens."""
        ...


class Reader:
    """A model that has read some tokens and can read on from there.

    Args:
        model: it should be in evaluation mode, and its weights must not change meanwhile.
        batch_size: rows read together.
    """

    def __init__(self, model: Readable, batch_size: int = 1) -> None:
        self._model = model
        self._cache: Cache = model.new_cache(batch_size)
        self._steps = model.steps(self._cache)

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
            return self._steps.read(in_idx[:, 0])
        return cast(Tensor, self._model.out_head(self._model.hidden(in_idx, self._cache)[:, -1]))
