"""SmolLM2's tokenizer, from the tokens that stand in the GGUF file beside the weights, in tiktoken's engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import tiktoken

from llmkit import data
from llmkit.errors import WeightsError
from llmkit.i18n import gettext as _
from llmkit.models.gguf import read_gguf

# GPT-2's, and each digit is a token of its own; spaces before a digit stay together.
PATTERN = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++|\p{N}| ?[^\s\p{L}\p{N}]++|\s++$|\s++(?=\p{N})|\s+(?!\S)|\s"  # as llama.cpp's "smollm"
_CONTROL = 3  # token_type of tokens such as <|im_start|>


class ChatEncoding(tiktoken.Encoding):
    """A tiktoken.Encoding whose vocabulary lacks some bytes, which no text of its training had: they become the unknown token."""

    def __init__(self, name: str, ranks: dict[bytes, int], special: dict[str, int], unknown: int) -> None:
        self._size, self._unknown = len(ranks) + len(special), unknown
        absent = [bytes([value]) for value in range(256) if bytes([value]) not in ranks]
        # The engine needs all bytes; those that the model does not know get numbers after its last one.
        more = {byte: self._size + count for count, byte in enumerate(absent)}
        super().__init__(name, pat_str=PATTERN, mergeable_ranks=ranks | more, special_tokens=special)

    @property
    def n_vocab(self) -> int:
        """Tokens that the model knows."""
        return self._size

    def encode(self, text: str, **options: Any) -> list[int]:
        """As tiktoken's `encode`: the names of special tokens raise ValueError unless they are allowed, so a user cannot forge a turn."""
        return self._known(super().encode(text, **options))

    def encode_ordinary(self, text: str) -> list[int]:
        """As tiktoken's `encode_ordinary`: the names of special tokens are text like any other."""
        return self._known(super().encode_ordinary(text))

    def _known(self, ids: list[int]) -> list[int]:
        return [one if one < self._size else self._unknown for one in ids]


def smollm2_tokenizer(path: Path | str | None = None) -> ChatEncoding:
    """SmolLM2's tokenizer, with tiktoken's interface.

    Args:
        path: a GGUF file; by default `data.path("smollm2")`, which downloads it if need be.

    Returns:
        An encoding of 49,152 tokens; "<|im_start|>" and "<|im_end|>" are special: `encode(text, allowed_special="all")`.

    Raises:
        DataError: it is not in the cache and cannot be downloaded.
        WeightsError: the file has no tokenizer, or not one of this kind.
    """
    return _read(Path(path) if path is not None else data.path("smollm2"))


@cache
def _read(path: Path) -> ChatEncoding:
    about = read_gguf(path).metadata
    kind = (about.get("tokenizer.ggml.model"), about.get("tokenizer.ggml.pre"))
    if kind != ("gpt2", "smollm"):
        told = _("{file}: its tokenizer is {kind}, and only SmolLM2's is read here. Remedy: llmkit data fetch smollm2")
        raise WeightsError(told.format(file=path, kind="/".join(str(part) for part in kind)))
    tokens: Sequence[str] = about["tokenizer.ggml.tokens"]
    kinds: Sequence[int] = about["tokenizer.ggml.token_type"]
    of_sign = byte_of_sign()
    special = {token: number for number, token in enumerate(tokens) if kinds[number] == _CONTROL}
    try:
        ranks = {
            bytes(of_sign[sign] for sign in token): number
            for number, token in enumerate(tokens)
            if kinds[number] != _CONTROL
        }
    except KeyError as error:
        told = _("{file} is damaged or cut off. Remedy: delete it and fetch it again.")
        raise WeightsError(told.format(file=path)) from error
    _check_merges(path, ranks, about["tokenizer.ggml.merges"], of_sign)
    return ChatEncoding("smollm2", ranks, special, about.get("tokenizer.ggml.unknown_token_id", 0))


def _check_merges(path: Path, ranks: Mapping[bytes, int], merges: Sequence[str], of_sign: Mapping[str, int]) -> None:
    """Merges are done in the order of ids: that is how the engine knows them; so the file's should have that order."""
    last = -1
    for merge in merges:
        made = ranks.get(bytes(of_sign[sign] for sign in merge.replace(" ", "")), -1)
        if made <= last:
            told = _("{file}: its merges do not fit its tokens. Remedy: delete it and fetch it again.")
            raise WeightsError(told.format(file=path))
        last = made


def byte_of_sign() -> dict[str, int]:
    """GPT-2's printable sign for each byte, the other way round: Ġ is a space."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [value for value in range(256) if value not in printable]
    return {chr(value): value for value in printable} | {chr(256 + place): value for place, value in enumerate(others)}
