"""The fast Llama: equal to the plain one, with and without its cache, and near enough to it with few bits."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from llmkit import runtime
from llmkit.errors import WeightsError
from llmkit.models import (
    LlamaConfig,
    LlamaModel,
    LoRALinear,
    SplitLlama,
    SplitLlamaConfig,
    generate,
    load_llama,
    quantised,
)
from llmkit.models.inference import Reader
from llmkit.models.llama import llama_weights
from llmkit.models.one_row import for_rows
from llmkit.models.quantised import Int4Linear, Int8Linear

SIZES: dict[str, Any] = {
    "vocab_size": 51,
    "emb_dim": 64,
    "hidden_dim": 96,
    "n_layers": 2,
    "n_heads": 4,
    "n_kv_heads": 2,
    "rope_base": 500.0,
    "norm_eps": 1e-5,
}


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(3)


def split_weights() -> tuple[SplitLlama, dict[str, Tensor]]:
    """The plain model, and its weights under the hub's names."""
    model = SplitLlama(SplitLlamaConfig(**SIZES)).eval()
    for value in model.parameters():
        nn.init.normal_(value, std=0.3)
    return model, {f"model.{name}": value.detach() for name, value in model.state_dict().items()}


def hub_file(folder: Path, weights: dict[str, Tensor]) -> Path:
    """A safetensors file with the hub's config.json beside it."""
    from safetensors.torch import save_file

    about = {
        "model_type": "llama",
        "vocab_size": SIZES["vocab_size"],
        "max_position_embeddings": 24,
        "hidden_size": SIZES["emb_dim"],
        "num_attention_heads": SIZES["n_heads"],
        "num_key_value_heads": SIZES["n_kv_heads"],
        "num_hidden_layers": SIZES["n_layers"],
        "intermediate_size": SIZES["hidden_dim"],
        "rope_theta": SIZES["rope_base"],
        "rms_norm_eps": SIZES["norm_eps"],
        "tie_word_embeddings": "lm_head.weight" not in weights,
    }
    (folder / "config.json").write_text(json.dumps(about), encoding="utf-8")
    save_file(weights, folder / "model.safetensors")
    return folder / "model.safetensors"


def q4_1(values: Tensor) -> bytes:
    """A matrix in blocks of 32: scale, minimum, 32 codes of 4 bits."""
    found = b""
    for block in values.flatten().view(-1, 32):
        low = block.min().half()
        scale = ((block.max() - low) / 15).half()
        codes = ((block - low) / scale).round().clamp(0, 15).to(torch.uint8)
        found += struct.pack("<ee", scale.item(), low.item()) + bytes((codes[:16] | codes[16:] << 4).tolist())
    return found


def gguf_file(path: Path, weights: dict[str, Tensor], q4: bool) -> Path:
    """A GGUF file of the same weights, with the rows of queries and keys in llama.cpp's order."""
    names = {
        "input_layernorm": "attn_norm",
        "self_attn.q_proj": "attn_q",
        "self_attn.k_proj": "attn_k",
        "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output",
        "post_attention_layernorm": "ffn_norm",
        "mlp.gate_proj": "ffn_gate",
        "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down",
    }
    numbers = {
        "block_count": SIZES["n_layers"],
        "context_length": 24,
        "embedding_length": SIZES["emb_dim"],
        "feed_forward_length": SIZES["hidden_dim"],
        "attention.head_count": SIZES["n_heads"],
        "attention.head_count_kv": SIZES["n_kv_heads"],
    }

    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value)) + value.encode()

    entries = [text("general.architecture") + struct.pack("<I", 8) + text("llama")]
    entries += [text(f"llama.{key}") + struct.pack("<II", 4, value) for key, value in numbers.items()]
    for key, number in (
        ("rope.freq_base", SIZES["rope_base"]),
        ("attention.layer_norm_rms_epsilon", SIZES["norm_eps"]),
    ):
        entries.append(text(f"llama.{key}") + struct.pack("<If", 6, number))
    heads, content = [], b""
    for name, value in weights.items():
        parts = name.removeprefix("model.").removesuffix(".weight").split(".")
        if parts[0] == "layers":
            theirs = f"blk.{parts[1]}.{names['.'.join(parts[2:])]}.weight"
        else:
            theirs = {"embed_tokens": "token_embd.weight", "norm": "output_norm.weight"}[parts[0]]
        for part, count in (("attn_q", SIZES["n_heads"]), ("attn_k", SIZES["n_kv_heads"])):
            if part in theirs:
                value = value.view(count, 2, -1, SIZES["emb_dim"]).transpose(1, 2).reshape(value.shape)
        packed = q4 and value.dim() == 2 and parts[0] == "layers"
        raw = q4_1(value) if packed else value.contiguous().numpy().tobytes()
        shape = value.shape[::-1]
        head = text(theirs) + struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
        heads.append(head + struct.pack("<IQ", 3 if packed else 0, len(content)))
        content += raw + b"\0" * (-len(raw) % 32)
    start = b"GGUF" + struct.pack("<IQQ", 3, len(heads), len(entries)) + b"".join(entries) + b"".join(heads)
    path.write_bytes(start + b"\0" * (-len(start) % 32) + content)
    return path


@pytest.mark.parametrize("kind", ["safetensors", "gguf"])
@torch.no_grad()
def test_the_fast_model_computes_what_the_plain_one_does(kind: str, tmp_path: Path) -> None:
    plain, weights = split_weights()
    path = hub_file(tmp_path, weights) if kind == "safetensors" else gguf_file(tmp_path / "x.gguf", weights, q4=False)
    fast = load_llama(path)
    ids = torch.randint(0, SIZES["vocab_size"], (2, 20))
    torch.testing.assert_close(fast(ids), plain(ids), rtol=1e-4, atol=1e-4)


@torch.no_grad()
def test_weights_of_both_files_are_the_same_under_the_hubs_names(tmp_path: Path) -> None:
    _plain, weights = split_weights()
    of_gguf = llama_weights(gguf_file(tmp_path / "x.gguf", weights, q4=False))[1]
    of_hub = llama_weights(hub_file(tmp_path, weights))[1]
    assert of_gguf.keys() == of_hub.keys() == weights.keys()
    for name, value in weights.items():
        assert torch.equal(of_gguf[name], value), name
        assert torch.equal(of_hub[name], value), name


def test_a_head_of_its_own_is_used(tmp_path: Path) -> None:
    _plain, weights = split_weights()
    head = torch.randn(SIZES["vocab_size"], SIZES["emb_dim"])
    model = load_llama(hub_file(tmp_path, weights | {"lm_head.weight": head}))
    ids = torch.tensor([[1, 2, 3]])
    torch.testing.assert_close(model(ids), model.hidden(ids) @ head.T)
    few = load_llama(tmp_path / "model.safetensors", quantised="int8")
    torch.testing.assert_close(few(ids).float(), few.hidden(ids).float() @ head.T, rtol=0.05, atol=0.3)


@pytest.mark.parametrize("change", ["float32", "bfloat16", "int8", "int4", "lora"])
@torch.no_grad()
def test_token_by_token_is_the_same_as_all_at_once(change: str, tmp_path: Path) -> None:
    _plain, weights = split_weights()
    path = gguf_file(tmp_path / "x.gguf", weights, q4=True)
    if change in ("int8", "int4"):
        model = load_llama(path, quantised=change)  # type: ignore[arg-type]
    else:
        model = load_llama(path, torch.bfloat16 if change == "bfloat16" else torch.float32)
    if change == "lora":
        lora = LoRALinear(model.blocks[1].down, 3, 6.0)  # type: ignore[arg-type]
        nn.init.normal_(lora.B)
        model.blocks[1].down = lora
    ids = torch.randint(0, SIZES["vocab_size"], (2, 15))
    wanted, reader = model(ids).float(), Reader(model, 2)
    found = [reader.read(ids[:, :6])] + [reader.read(ids[:, step : step + 1]) for step in range(6, 15)]
    near = {"rtol": 1e-4, "atol": 1e-4} if change in ("float32", "lora") else {"rtol": 0.05, "atol": 0.25}
    torch.testing.assert_close(torch.stack(found, dim=1).float(), wanted[:, 5:], **near)
    assert reader.length == 15


@torch.no_grad()
def test_beyond_its_context_generation_goes_on_with_the_last_tokens() -> None:
    cfg = LlamaConfig(**SIZES, context_length=8, tie_weights=True)
    model = LlamaModel(cfg).eval()
    prompt = torch.randint(0, SIZES["vocab_size"], (1, 5))
    assert torch.equal(generate(model, prompt, 9), generate(model, prompt, 9, use_cache=False))


@torch.no_grad()
def test_few_bits_are_near_the_file(tmp_path: Path) -> None:
    _plain, weights = split_weights()
    path = gguf_file(tmp_path / "x.gguf", weights, q4=True)
    ids = torch.randint(0, SIZES["vocab_size"], (1, 20))
    exact = load_llama(path)(ids)

    def error(model: LlamaModel) -> float:
        return float((model(ids).float() - exact).norm() / exact.norm())

    whole = error(load_llama(path, torch.bfloat16))
    # A file's 4 bits are taken as they are; 8 bits are made of them, and 4 bits of other numbers are a loss.
    assert error(load_llama(path, quantised="int4")) < 3 * whole
    assert error(load_llama(path, quantised="int8")) < 4 * whole
    again = load_llama(hub_file(tmp_path, llama_weights(path)[1]), quantised="int4")
    assert error(again) < 0.3


def test_int8_rounds_to_the_nearest_step_of_each_row() -> None:
    weight = torch.randn(7, 12) * torch.logspace(-3, 3, 7)[:, None]
    layer = Int8Linear.of(7, weight.split(3))
    back = layer.weight.float() * layer.scale.float()[:, None]
    step = weight.abs().amax(dim=1, keepdim=True) / 127
    assert ((back - weight).abs() <= 0.5 * step + 0.005 * weight.abs().amax(dim=1, keepdim=True)).all()
    with pytest.raises(ValueError, match="8 rows, not 7"):
        Int8Linear.of(8, weight.split(3))


@pytest.mark.parametrize("bits", [8, 4])
def test_without_torchs_operation_the_result_is_the_same(bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    weight, x = torch.randn(32, 64), torch.randn(2, 3, 64).bfloat16()

    def layer() -> nn.Module:
        return Int8Linear.of(32, [weight]) if bits == 8 else Int4Linear.of(weight)

    fast = layer()(x)
    for name in ("_int8_product", "_int4_product", "_int4_packed"):
        assert getattr(quantised, name) is not None
        monkeypatch.setattr(quantised, name, None)
    assert fast.shape == (2, 3, 32)
    torch.testing.assert_close(layer()(x).float(), fast.float(), rtol=0.02, atol=0.05)


def test_four_bits_need_whole_groups() -> None:
    with pytest.raises(ValueError, match=r"16 \* n outputs and 32 \* n inputs, not 10 and 64"):
        Int4Linear.of(torch.randn(10, 64))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("outputs", [6, 7, 1])
@pytest.mark.parametrize("bias", [True, False])
@torch.no_grad()
def test_rows_go_through_a_layer_in_slices(dtype: torch.dtype, outputs: int, bias: bool) -> None:
    layer = nn.Linear(8, outputs, bias=bias).to(dtype)
    for model in (layer, nn.Sequential(layer, nn.Linear(1 << 13, 1 << 12))):  # small, and too large for a cache
        for rows in (1, 3):
            x = torch.randn(rows, 8, dtype=dtype)
            torch.testing.assert_close(for_rows(model)(layer)(x), layer(x))


@torch.no_grad()
def test_a_changed_weight_is_read_again() -> None:
    layer, x = nn.Linear(8, 4).bfloat16(), torch.ones(1, 8, dtype=torch.bfloat16)
    for_rows(layer)(layer)(x)
    layer.weight.fill_(2)
    torch.testing.assert_close(for_rows(layer)(layer)(x), layer(x))
    layer.weight = nn.Parameter(torch.full((4, 8), 3.0, dtype=torch.bfloat16))
    torch.testing.assert_close(for_rows(layer)(layer)(x), layer(x))


def test_too_little_memory_is_told_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _plain, weights = split_weights()
    path = gguf_file(tmp_path / "x.gguf", weights, q4=True)
    needed = sum(value.numel() for value in weights.values()) * 4
    monkeypatch.setattr(runtime, "free_memory", lambda: 12 * 512 * 96 + needed // 2)
    with pytest.raises(WeightsError, match=r'x\.gguf needs .* MB .* Remedy: quantised="int4" needs'):
        load_llama(path)
    load_llama(path, quantised="int4")
    monkeypatch.setattr(runtime, "free_memory", lambda: 1000)
    for bits in ("int8", "int4"):
        with pytest.raises(WeightsError, match=r"0 MB are free\. Remedy: close other notebooks"):
            load_llama(path, quantised=bits)  # type: ignore[arg-type]
    monkeypatch.setattr(runtime, "free_memory", lambda: None)  # a system that does not tell
    load_llama(path)


def test_loading_brings_in_no_symbolic_algebra(tmp_path: Path) -> None:
    """An embedding on the device "meta" would: 70 MB that a model in 4 bits is meant to save."""
    _plain, weights = split_weights()
    path = gguf_file(tmp_path / "x.gguf", weights, q4=True)
    code = (
        f"from llmkit.models import load_llama; load_llama(__import__('pathlib').Path({str(path)!r}), quantised='int4')"
    )
    code += "; import sys; sys.exit('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_containers_limit_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "_CGROUP", tmp_path)
    whole = runtime.free_memory()
    assert whole is not None
    (tmp_path / "memory.max").write_text("5000\n")
    (tmp_path / "memory.current").write_text("3000\n")
    assert runtime.free_memory() == 2000
    (tmp_path / "memory.stat").write_text("anon 1000\ninactive_file 1500\nactive_file 500\n")  # files that were read
    assert runtime.free_memory() == 3500
    (tmp_path / "memory.max").write_text("max\n")
    assert runtime.free_memory() != 2000


def test_an_unknown_number_of_bits_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="None, 'int8' or 'int4', not 'int3'"):
        load_llama(tmp_path / "x.gguf", quantised="int3")  # type: ignore[arg-type]
