"""Tokenizers: ours, GPT-2's from a cache, and what happens without either network or cache."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmkit import data, tokenizer
from llmkit.errors import DataError
from llmkit.models import tokenizers

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "tiktoken_cache"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="GPT-2's merges are not beside the checkout")


@given(st.text())
def test_ours_loses_nothing(text: str) -> None:
    encoding = tokenizer("llmkit-8k")
    assert encoding.decode(encoding.encode(text, allowed_special=set(), disallowed_special=())) == text


def test_ours_is_what_it_says() -> None:
    encoding = tokenizer("llmkit-8k")
    assert encoding.n_vocab == 8192 and encoding.eot_token == 8191
    assert encoding.encode("<|endoftext|>", allowed_special="all") == [8191]
    assert sorted(encoding.token_byte_values(), key=encoding.encode_single_token)[:256] == [
        bytes([value]) for value in range(256)
    ] or {bytes([value]) for value in range(256)} <= set(encoding.token_byte_values())
    for lang, most in (("en", 1.6), ("pt-BR", 1.7)):
        text = data.text("short-story", lang)
        assert len(encoding.encode(text)) / len(text.split()) < most + 0.4


def test_merges_take_effect_in_their_order() -> None:
    ranks = {bytes([value]): value for value in range(256)} | {b"bc": 256, b"ab": 257, b"abc": 258}
    encoding = tokenizers.from_ranks("tiny", ranks)
    # bc is merged before ab, so "abc" is a + bc, and their merge abc comes last.
    assert (
        encoding.encode("abc") == [258]
        and encoding.encode("ab") == [257]
        and encoding.encode("xabx") == [120, 257, 120]
    )
    assert encoding.eot_token == 259


@needs_shared
@pytest.mark.shared
def test_gpt2_from_a_cache(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(SHARED))
    tokenizers._tiktokens.cache_clear()
    encoding = tokenizer("gpt2", strict=True)
    assert encoding.n_vocab == 50257 and encoding.encode("Hello") == [15496]
    assert capsys.readouterr().err == ""


OFFLINE = """
import socket
def refuse(*args, **kwargs):
    raise OSError("no network")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
from llmkit import tokenizer
"""


def test_without_network_and_cache_ours_takes_its_place(tmp_path: Path) -> None:
    env = {
        name: value for name, value in os.environ.items() if name not in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR")
    }
    env["LLMKIT_CACHE"] = str(tmp_path)
    code = OFFLINE + "encoding = tokenizer('gpt2'); print(encoding.name, encoding.decode(encoding.encode('Olá')))"
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "llmkit-8k Olá"
    assert "cannot be downloaded" in done.stderr and "takes its place" in done.stderr
    code = OFFLINE + "tokenizer('gpt2', strict=True)"
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert "DataError" in done.stderr and done.returncode == 1


def test_an_unknown_name_and_a_damaged_file_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match=r"There are: llmkit-8k, .*gpt2"):
        tokenizer("gpt5")
    (tmp_path / "x.tiktoken").write_text("IQ== 0\nnonsense\n")
    monkeypatch.setattr(data, "path", lambda _: tmp_path / "x.tiktoken")
    tokenizers._own.cache_clear()
    try:
        with pytest.raises(DataError, match=r"x\.tiktoken cannot be read .*Remedy"):
            tokenizer("llmkit-8k")
    finally:
        tokenizers._own.cache_clear()
