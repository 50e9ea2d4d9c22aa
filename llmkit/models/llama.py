"""Weights of Llama models: from GGUF files and from the hub's safetensors, whose rows of queries and keys differ in order."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal, cast, get_args

import torch
from torch import Tensor, nn

from llmkit import data, runtime
from llmkit.errors import WeightsError
from llmkit.i18n import gettext as _
from llmkit.models.gguf import GGUF, GGUFTensor, read_gguf
from llmkit.models.llama_model import LlamaBlock as LlamaBlock
from llmkit.models.llama_model import LlamaCache as LlamaCache
from llmkit.models.llama_model import LlamaConfig as LlamaConfig
from llmkit.models.llama_model import LlamaModel as LlamaModel
from llmkit.models.llama_tokenizer import smollm2_tokenizer as smollm2_tokenizer
from llmkit.models.quantised import GROUP, Empty, Int4Linear, Int8Embedding, Int8Linear, Together
from llmkit.models.weights import tensors_of

# The hub's names for llama.cpp's.
_TOP = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}
_LAYER = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
HEAD = "lm_head.weight"
_ROWS = 512  # of the embedding, in float32 at once


Bits = Literal["int8", "int4"]


def load_smollm2(
    dtype: torch.dtype = torch.float32, *, quantised: Bits | None = None, path: Path | str | None = None
) -> LlamaModel:
    """SmolLM2-135M-Instruct, a small assistant.

    Args:
        dtype: of the weights and of the arithmetic.
        quantised: see `load_llama`.
        path: its GGUF or safetensors file; by default `data.path("smollm2")`, which downloads it if need be (98 MB).

    Returns:
        The model in evaluation mode, without gradients. It needs `smollm2_tokenizer()`.

    Raises:
        DataError: it is not in the cache and cannot be downloaded.
        WeightsError: the file is damaged, of another architecture or quantisation, or lacks a tensor, or the memory is too small.
    """
    return load_llama(Path(path) if path is not None else data.path("smollm2"), dtype, quantised=quantised)


def load_llama(path: Path, dtype: torch.dtype = torch.float32, *, quantised: Bits | None = None) -> LlamaModel:
    """A Llama from a GGUF file, or from a safetensors file with the hub's config.json beside it.

    Args:
        path: the file.
        dtype: of the weights and of the arithmetic.
        quantised: "int8" keeps the matrices in 8 bits, "int4" in 4 (a GGUF file's Q4_1 blocks as they are) and the embedding in 8;
            the arithmetic is in bfloat16 then, whatever dtype is. For generation only: see `llmkit.models.quantised`.

    Returns:
        The model in evaluation mode, without gradients.

    Raises:
        WeightsError: see `load_smollm2`.
        ValueError: `quantised` is something else, or the sizes do not allow 4 bits.
    """
    if quantised not in (None, *get_args(Bits)):
        raise ValueError(f"quantised should be None, {' or '.join(map(repr, get_args(Bits)))}, not {quantised!r}")
    cfg, tensors, paired = _opened(path)
    _check_names(path, cfg, tensors)
    _check_memory(path, tensors, dtype, quantised)
    kept = dtype if quantised is None else torch.bfloat16
    model = LlamaModel(cfg, linear=_set_later, embedding=_set_later)

    # What has been read is let go of, so that a file's numbers are not in memory twice.
    def vector(name: str) -> nn.Parameter:
        return nn.Parameter(_values(tensors.pop(name)).to(kept), requires_grad=False)

    def linear(*names: str) -> nn.Module:
        orders = [_as_it_is if paired else _to_pairs(name, cfg) for name in names]
        parts = [tensors.pop(name) for name in names]
        rows = (order(_values(part)) for part, order in zip(parts, orders, strict=True))
        return made(parts, rows) if quantised != "int4" else _int4(parts, rows, together.empty)

    def table(name: str) -> nn.Module:
        stored = tensors.pop(name)
        return made([stored], (_values(part) for part in stored.split(_ROWS)))

    def made(parts: Sequence[Stored], rows: Iterable[Tensor]) -> nn.Module:
        if quantised:
            return Int8Linear.of(sum(part.shape[0] for part in parts), rows, together.empty)
        return _linear(torch.cat([part.to(kept) for part in rows]))

    together = Together(memory_needed(tensors, dtype, quantised) if quantised else 0)
    tokens = table("model.embed_tokens.weight")
    model.tok_emb = Int8Embedding(tokens) if isinstance(tokens, Int8Linear) else _embedding(tokens)
    model.out_head = tokens if cfg["tie_weights"] else table(HEAD)
    model.final_norm = vector("model.norm.weight")
    for layer, block in enumerate(cast("list[LlamaBlock]", model.blocks)):
        of = f"model.layers.{layer}."
        block.norm1 = vector(f"{of}input_layernorm.weight")
        block.norm2 = vector(f"{of}post_attention_layernorm.weight")
        block.qkv = linear(*(f"{of}self_attn.{part}_proj.weight" for part in "qkv"))
        block.out_proj = linear(f"{of}self_attn.o_proj.weight")
        block.gate_up = linear(f"{of}mlp.gate_proj.weight", f"{of}mlp.up_proj.weight")
        block.down = linear(f"{of}mlp.down_proj.weight")
    return model.eval()


def llama_weights(path: Path | str) -> tuple[LlamaConfig, dict[str, Tensor]]:
    """All weights of a Llama under the hub's names, such as "model.layers.0.self_attn.q_proj.weight".

    Args:
        path: a GGUF file, or a safetensors file with the hub's config.json beside it.

    Returns:
        The configuration and the tensors, float32. The rows of queries and keys are in the hub's order, so rotary positions
        turn the two halves of a head. With tied weights there is no "lm_head.weight".

    Raises:
        WeightsError: the file is damaged, of another architecture or quantisation, or lacks a tensor.
    """
    cfg, tensors, paired = _opened(Path(path))
    _check_names(Path(path), cfg, tensors)
    found = {}
    for name, tensor in tensors.items():
        heads = _heads(name, cfg)
        values = _values(tensor).float()
        found[name] = pairs_to_halves(values, heads) if paired and heads else values
    return cfg, found


def pairs_to_halves(weight: Tensor, heads: int) -> Tensor:
    """The rows of a query or key projection for rotary positions on halves, from those for neighbouring pairs; (out, in) both."""
    return weight.view(heads, -1, 2, *weight.shape[1:]).transpose(1, 2).reshape(weight.shape)


def halves_to_pairs(weight: Tensor, heads: int) -> Tensor:
    """The other way round."""
    return weight.view(heads, 2, -1, *weight.shape[1:]).transpose(1, 2).reshape(weight.shape)


Stored = GGUFTensor | Tensor


def _opened(path: Path) -> tuple[LlamaConfig, dict[str, Stored], bool]:
    """The configuration, the tensors by their names on the hub, and whether the rows of queries and keys are in the order of pairs.

    A GGUF file's tensors are never all in memory as numbers.
    """
    if path.suffix == ".safetensors":
        return _hub_config(path), dict(tensors_of(path)), False
    content = read_gguf(path)
    return _gguf_config(path, content), dict(_hub_names(content)), True


def _values(stored: Stored) -> Tensor:
    return stored.dequantised() if isinstance(stored, GGUFTensor) else stored


def _heads(name: str, cfg: LlamaConfig) -> int:
    """Heads of a query or key projection; 0 for all other tensors."""
    return {"q_proj": cfg["n_heads"], "k_proj": cfg["n_kv_heads"]}.get(name.split(".")[-2], 0)


def _to_pairs(name: str, cfg: LlamaConfig) -> Callable[[Tensor], Tensor]:
    heads = _heads(name, cfg)
    return partial(halves_to_pairs, heads=heads) if heads else _as_it_is


def _as_it_is(tensor: Tensor) -> Tensor:
    return tensor


def _set_later(*_sizes: int, **_options: bool) -> nn.Module:
    """A layer that is replaced: one on the device "meta" would bring in 70 MB of torch's own modules for its first weights."""
    return nn.Module()


def _embedding(tokens: nn.Module) -> nn.Embedding:
    made: nn.Embedding = nn.Embedding.from_pretrained(cast(nn.Linear, tokens).weight, freeze=True)  # type: ignore[no-untyped-call]
    return made


def _linear(weight: Tensor) -> nn.Linear:
    outputs, inputs = weight.shape
    layer = nn.Linear(inputs, outputs, bias=False, device="meta")
    layer.weight = nn.Parameter(weight, requires_grad=False)
    return layer


def _int4(parts: Sequence[Stored], rows: Iterable[Tensor], empty: Empty) -> Int4Linear:
    """From Q4_1 blocks as they are, or from the values."""
    if all(isinstance(part, GGUFTensor) and part.kind == "Q4_1" for part in parts):
        nibbles = zip(*(cast(GGUFTensor, part).nibbles() for part in parts), strict=True)
        codes, scale, minimum = map(torch.cat, nibbles)
        return Int4Linear(codes, scale, minimum, empty)
    return Int4Linear.of(torch.cat(list(rows)), empty)


def _gguf_config(path: Path, content: GGUF) -> LlamaConfig:
    about = content.metadata
    kind = about.get("general.architecture")
    if kind != "llama":
        told = _("{file} is a {kind}, not a Llama. Remedy: llmkit data fetch smollm2 gives one that fits.")
        raise WeightsError(told.format(file=path, kind=kind))
    try:
        return LlamaConfig(
            vocab_size=content.tensors["token_embd.weight"].shape[0],
            context_length=about["llama.context_length"],
            emb_dim=about["llama.embedding_length"],
            n_heads=about["llama.attention.head_count"],
            n_kv_heads=about.get("llama.attention.head_count_kv", about["llama.attention.head_count"]),
            n_layers=about["llama.block_count"],
            hidden_dim=about["llama.feed_forward_length"],
            rope_base=about.get("llama.rope.freq_base", 10_000.0),
            norm_eps=about["llama.attention.layer_norm_rms_epsilon"],
            tie_weights="output.weight" not in content.tensors,
        )
    except KeyError as error:
        raise WeightsError(_("{file} does not tell {key}.").format(file=path, key=error.args[0])) from error


def _hub_config(path: Path) -> LlamaConfig:
    place = path.with_name("config.json")
    try:
        about: Mapping[str, Any] = json.loads(place.read_text(encoding="utf-8"))
        if about.get("model_type") != "llama":
            told = _("{file} is a {kind}, not a Llama. Remedy: llmkit data fetch smollm2 gives one that fits.")
            raise WeightsError(told.format(file=path, kind=about.get("model_type")))
        rope: Mapping[str, Any] = about.get("rope_parameters") or about
        return LlamaConfig(
            vocab_size=about["vocab_size"],
            context_length=about["max_position_embeddings"],
            emb_dim=about["hidden_size"],
            n_heads=about["num_attention_heads"],
            n_kv_heads=about["num_key_value_heads"],
            n_layers=about["num_hidden_layers"],
            hidden_dim=about["intermediate_size"],
            rope_base=rope["rope_theta"],
            norm_eps=about["rms_norm_eps"],
            tie_weights=about["tie_word_embeddings"],
        )
    except FileNotFoundError as error:
        told = _("{file} is missing: it tells the sizes of {weights}. Remedy: take it from the same place.")
        raise WeightsError(told.format(file=place, weights=path.name)) from error
    except KeyError as error:
        raise WeightsError(_("{file} does not tell {key}.").format(file=place, key=error.args[0])) from error


def _hub_names(content: GGUF) -> Iterator[tuple[str, GGUFTensor]]:
    for name, tensor in content.tensors.items():
        if name in _TOP:
            yield _TOP[name], tensor
        elif name.startswith("blk.") and name.split(".")[2] in _LAYER:
            _blk, layer, part, _weight = name.split(".")
            yield f"model.layers.{layer}.{_LAYER[part]}.weight", tensor


def _check_names(path: Path, cfg: LlamaConfig, found: Mapping[str, object]) -> None:
    wanted = [f"model.layers.{layer}.{part}.weight" for layer in range(cfg["n_layers"]) for part in _LAYER.values()]
    wanted += [name for name in _TOP.values() if name != HEAD or not cfg["tie_weights"]]
    missing = [name for name in wanted if name not in found]
    if missing:
        told = _("{file} lacks {count} tensors, the first is {name}. Remedy: delete it and fetch it again.")
        raise WeightsError(told.format(file=path, count=len(missing), name=missing[0]))


def _check_memory(path: Path, tensors: Mapping[str, Stored], dtype: torch.dtype, quantised: Bits | None) -> None:
    """Asks before, since an operating system that runs out of memory ends the whole notebook without a word."""
    free = runtime.free_memory()
    needed = memory_needed(tensors, dtype, quantised)
    if free is None or needed <= free:
        return
    least = memory_needed(tensors, dtype, "int4")
    if quantised != "int4" and least <= free:
        remedy = _('Remedy: quantised="int4" needs {least} MB; or close other notebooks and programs.')
    else:
        remedy = _("Remedy: close other notebooks and programs, or take a machine with more memory.")
    told = _("{file} needs {needed} MB of memory, and {free} MB are free.") + " " + remedy
    raise WeightsError(told.format(file=path, needed=needed // 10**6, free=free // 10**6, least=least // 10**6))


def memory_needed(tensors: Mapping[str, Stored], dtype: torch.dtype, quantised: Bits | None) -> int:
    """Bytes that loading takes at most: the weights as they are kept, and some rows in float32.

    Args:
        tensors: with their shapes, by the hub's names.
        dtype: see `load_llama`.
        quantised: see `load_llama`.
    """
    sizes = {name: math.prod(tensor.shape) for name, tensor in tensors.items()}
    tables = ("model.embed_tokens.weight", HEAD)
    each = {None: dtype.itemsize, "int8": 1.0, "int4": 0.5 + 4 / GROUP}[quantised]
    kept = sum(size * (1.0 if quantised and name in tables else each) for name, size in sizes.items())
    return int(kept + 3 * 4 * _ROWS * max(tensor.shape[-1] for tensor in tensors.values()))
