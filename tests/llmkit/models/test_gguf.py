"""GGUF files as llama.cpp writes them: what is read back, and what is said of a file that does not fit."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest
import torch

from llmkit.errors import WeightsError
from llmkit.models import llama_weights, read_gguf, smollm2_tokenizer

KINDS = {"F32": 0, "F16": 1, "Q4_1": 3, "Q8_0": 8, "Q4_K": 12}


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def value(found: Any) -> bytes:
    if isinstance(found, str):
        return struct.pack("<I", 8) + text(found)
    if isinstance(found, float):
        return struct.pack("<If", 6, found)
    if isinstance(found, list):
        inner = 8 if found and isinstance(found[0], str) else 4
        parts = b"".join(text(one) if inner == 8 else struct.pack("<I", one) for one in found)
        return struct.pack("<IIQ", 9, inner, len(found)) + parts
    return struct.pack("<II", 4, found)


def gguf(path: Path, metadata: dict[str, Any], tensors: dict[str, tuple[str, tuple[int, ...], bytes]]) -> Path:
    """Writes a file; each tensor is kind, shape in torch's order, bytes."""
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata))
    head += b"".join(text(name) + value(found) for name, found in metadata.items())
    body = b""
    for name, (kind, shape, data) in tensors.items():
        sizes = b"".join(struct.pack("<Q", size) for size in reversed(shape))
        head += text(name) + struct.pack("<I", len(shape)) + sizes + struct.pack("<IQ", KINDS[kind], len(body))
        body += data + b"\0" * (-len(data) % 32)
    path.write_bytes(head + b"\0" * (-len(head) % 32) + body)
    return path


def half(number: float) -> bytes:
    return struct.pack("<e", number)


def test_each_kind_of_tensor_is_read_back(tmp_path: Path) -> None:
    plain = torch.arange(6.0).reshape(2, 3)
    q8 = half(0.5) + struct.pack("<32b", *range(-16, 16))
    q4 = half(0.25) + half(-1.0) + bytes(low | (15 - low) << 4 for low in range(16))
    found = read_gguf(
        gguf(
            tmp_path / "a.gguf",
            {"general.architecture": "llama", "a.number": 7, "a.list": ["x", "é"]},
            {
                "plain": ("F32", (2, 3), plain.numpy().tobytes()),
                "half": ("F16", (1, 2), half(1.5) + half(-2.0)),
                "q8": ("Q8_0", (1, 32), q8),
                "q4": ("Q4_1", (2, 32), q4 + q4),
            },
        )
    )
    assert found.metadata == {"general.architecture": "llama", "a.number": 7, "a.list": ["x", "é"]}
    read = {name: tensor.dequantised() for name, tensor in found.tensors.items()}
    assert torch.equal(read["plain"], plain)
    assert torch.equal(read["half"], torch.tensor([[1.5, -2.0]]))
    assert torch.equal(read["q8"], 0.5 * torch.arange(-16.0, 16.0)[None])
    # The low halves of the bytes are values 0 to 15, the high ones 16 to 31.
    row = 0.25 * torch.cat([torch.arange(16.0), 15 - torch.arange(16.0)]) - 1.0
    assert torch.equal(read["q4"], row.repeat(2, 1))


def test_a_file_of_another_kind_of_blocks_is_refused_by_name(tmp_path: Path) -> None:
    path = gguf(tmp_path / "k.gguf", {}, {"blk.0.attn_q.weight": ("Q4_K", (1, 256), bytes(144))})
    with pytest.raises(WeightsError, match=r"blk\.0\.attn_q\.weight is stored as Q4_K.*Remedy: "):
        read_gguf(path)


def test_a_file_that_is_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    path = gguf(tmp_path / "a.gguf", {"general.name": "tiny"}, {"a": ("F32", (4, 16), bytes(256))})
    whole = path.read_bytes()
    for length in (6, 20, 40, 60, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(WeightsError, match="Remedy: ") as raised:
            read_gguf(path)
        assert str(path) in str(raised.value) and "\n" not in str(raised.value)


@pytest.mark.parametrize("alignment", [0, "32"])
def test_an_alignment_that_is_none_is_refused(tmp_path: Path, alignment: Any) -> None:
    path = gguf(tmp_path / "a.gguf", {"general.alignment": alignment}, {"a": ("F32", (1, 4), bytes(16))})
    with pytest.raises(WeightsError, match=r"is damaged or cut off\. Remedy: "):
        read_gguf(path)


def test_no_byte_of_the_header_gives_another_error(tmp_path: Path) -> None:
    tensors = {"a": ("F32", (4, 16), bytes(256)), "q": ("Q8_0", (1, 32), bytes(34))}
    path = gguf(tmp_path / "a.gguf", {"general.alignment": 32, "a.list": ["x", "y"]}, tensors)
    whole = path.read_bytes()
    refused = 0
    for at in range(whole.index(b"q") + 40):
        for byte in {0, 1, 255, whole[at] ^ 128} - {whole[at]}:
            path.write_bytes(whole[:at] + bytes([byte]) + whole[at + 1 :])
            try:
                read_gguf(path)
            except WeightsError:
                refused += 1
    assert refused > 100


def test_what_is_no_gguf_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.gguf"
    path.write_bytes(b"PK\3\4 a wheel under the wrong name")
    with pytest.raises(WeightsError, match=r"is no GGUF file of version 2 or 3. Remedy: llmkit data fetch smollm2"):
        read_gguf(path)


def test_another_architecture_is_told(tmp_path: Path) -> None:
    path = gguf(tmp_path / "a.gguf", {"general.architecture": "mamba"}, {})
    with pytest.raises(WeightsError, match=r"is a mamba, not a Llama. Remedy: "):
        llama_weights(path)


def test_a_missing_tensor_and_a_missing_size_are_named(tmp_path: Path) -> None:
    sizes = {
        "general.architecture": "llama", "llama.context_length": 8, "llama.embedding_length": 4, "llama.attention.head_count": 2,
        "llama.block_count": 1, "llama.feed_forward_length": 8, "llama.attention.layer_norm_rms_epsilon": 1e-5,
    }  # fmt: skip
    table = {"token_embd.weight": ("F32", (5, 4), bytes(80))}
    with pytest.raises(WeightsError, match=r"lacks 10 tensors, the first is model\.layers\.0\..*Remedy: "):
        llama_weights(gguf(tmp_path / "a.gguf", sizes, table))
    del sizes["llama.block_count"]
    with pytest.raises(WeightsError, match=r"does not tell llama\.block_count"):
        llama_weights(gguf(tmp_path / "b.gguf", sizes, table))


def test_another_tokenizer_is_told(tmp_path: Path) -> None:
    about = {"tokenizer.ggml.model": "llama", "tokenizer.ggml.pre": "default"}
    with pytest.raises(WeightsError, match=r"its tokenizer is llama/default.*Remedy: "):
        smollm2_tokenizer(gguf(tmp_path / "a.gguf", about, {}))


def test_merges_that_do_not_fit_the_tokens_are_told(tmp_path: Path) -> None:
    about = {
        "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": "smollm", "tokenizer.ggml.tokens": ["a", "b", "ab"],
        "tokenizer.ggml.token_type": [1, 1, 1], "tokenizer.ggml.merges": ["b a"],
    }  # fmt: skip
    with pytest.raises(WeightsError, match=r"its merges do not fit its tokens. Remedy: "):
        smollm2_tokenizer(gguf(tmp_path / "a.gguf", about, {}))
