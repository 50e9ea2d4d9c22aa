"""Tokenizers: GPT-2's, and the course's own byte-level BPE, both on tiktoken's engine."""

from __future__ import annotations

import base64
import os
import sys
from functools import cache
from hashlib import sha1
from pathlib import Path
from typing import TYPE_CHECKING

from llmkit import data
from llmkit.errors import DataError
from llmkit.i18n import gettext as _

if TYPE_CHECKING:
    import tiktoken

END_OF_TEXT = "<|endoftext|>"
OWN = "llmkit-8k"
# Contractions, words, numbers, other characters, spaces: how GPT-2 splits text before merging
# (Radford et al., 2019; written as in tiktoken's gpt2).
PATTERN = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"
_GPT2_FILES = "https://openaipublic.blob.core.windows.net/gpt-2/encodings/main/"


def tokenizer(name: str = "gpt2", *, strict: bool = False) -> tiktoken.Encoding:
    """A tokenizer with tiktoken's interface: `encode`, `decode`, `n_vocab`, `eot_token`.

    Args:
        name: "gpt2"; "llmkit-8k", the course's own (8,192 tokens, trained on the shipped texts in both languages, always
            there offline); or another of tiktoken's encodings.
        strict: whether to raise, rather than fall back to "llmkit-8k" with an explanation, when the files of
            another encoding are neither cached nor available. GPT-2's weights need GPT-2's own.

    Raises:
        DataError: no such encoding, or strict and not available.

    Example:
        >>> encoding = tokenizer("llmkit-8k")
        >>> encoding.decode(encoding.encode("Olá, mundo!"))
        'Olá, mundo!'
    """
    if name == OWN:
        return _own()
    import tiktoken

    if name not in tiktoken.list_encoding_names():
        names = ", ".join([OWN, *tiktoken.list_encoding_names()])
        raise DataError(_("There is no tokenizer {name!r}. There are: {names}.").format(name=name, names=names))
    try:
        return _tiktokens(name)
    except DataError as error:
        if strict:
            raise
        told = _("{reason} The course's own tokenizer, {own}, takes its place: other ids, the same interface.")
        print(told.format(reason=error, own=OWN), file=sys.stderr)
        return _own()


def from_ranks(name: str, ranks: dict[bytes, int]) -> tiktoken.Encoding:
    """Merges in tiktoken's engine, followed by <|endoftext|>.

    Args:
        name: name of the new encoding.
        ranks: each token's bytes and its id, 0 upward; the order of ids is the order of merges.
    """
    import tiktoken

    return tiktoken.Encoding(
        name,
        pat_str=PATTERN,
        mergeable_ranks=ranks,
        special_tokens={END_OF_TEXT: len(ranks)},
        explicit_n_vocab=len(ranks) + 1,
    )


@cache
def _own() -> tiktoken.Encoding:
    place = data.path("tokenizer-8k")
    try:
        pairs = (line.split() for line in place.read_text("ascii").splitlines())
        ranks = {base64.b64decode(token, validate=True): int(rank) for token, rank in pairs}
    except ValueError as error:
        told = _(
            "{place} cannot be read ({error}). Remedy: install llmkit again, or in a checkout: git checkout -- data"
        )
        raise DataError(told.format(place=place, error=error)) from error
    return from_ranks(OWN, ranks)


@cache
def _tiktokens(name: str) -> tiktoken.Encoding:
    import requests
    import tiktoken

    from llmkit.data.download import TIMEOUT
    from llmkit.data.download import cache as cache_folder

    # tiktoken's default is the folder of temporary files, which is emptied when the machine restarts.
    if not {"TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"} & set(os.environ):
        os.environ["TIKTOKEN_CACHE_DIR"] = str(cache_folder() / "tiktoken")
    reason = _("The tokenizer {name!r} is not in the cache and cannot be downloaded ({error}).")
    try:
        if name == "gpt2" and not _gpt2_is_cached():
            if os.environ.get("LLMKIT_OFFLINE", "0") not in ("", "0"):
                raise DataError(reason.format(name=name, error=_("LLMKIT_OFFLINE is set")))
            # tiktoken waits forever on a network that drops packets: try it first.
            requests.head(_GPT2_FILES, timeout=TIMEOUT)
        return tiktoken.get_encoding(name)
    except (requests.RequestException, ValueError, OSError) as error:
        raise DataError(reason.format(name=name, error=type(error).__name__)) from error


def _gpt2_is_cached() -> bool:
    folder = Path(os.environ.get("TIKTOKEN_CACHE_DIR") or os.environ["DATA_GYM_CACHE_DIR"])
    # tiktoken names a file by the SHA-1 of its address.
    return all(
        (folder / sha1((_GPT2_FILES + file).encode()).hexdigest()).is_file() for file in ("vocab.bpe", "encoder.json")
    )
