"""Weights of Llama models: from GGUF files and from the hub's safetensors, whose rows of queries and keys differ in order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from llmkit import data
from llmkit.errors import WeightsError
from llmkit.i18n import gettext as _
from llmkit.models.gguf import GGUF, GGUFTensor, read_gguf
from llmkit.models.llama_model import LlamaBlock as LlamaBlock
from llmkit.models.llama_model import LlamaCache as LlamaCache
from llmkit.models.llama_model import LlamaConfig as LlamaConfig
from llmkit.models.llama_model import LlamaModel as LlamaModel
from llmkit.models.llama_tokenizer import smollm2_tokenizer as smollm2_tokenizer
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


def load_smollm2(dtype: torch.dtype = torch.float32, *, path: Path | str | None = None) -> LlamaModel:
    """SmolLM2-135M-Instruct, a small assistant.

    Args:
        dtype: of the weights and of the arithmetic.
        path: its GGUF or safetensors file; by default `data.path("smollm2")`, which downloads it if need be (98 MB).

    Returns:
        The model in evaluation mode, without gradients. It needs `smollm2_tokenizer()`.

    Raises:
        DataError: it is not in the cache and cannot be downloaded.
        WeightsError: the file is damaged, of another architecture or quantisation, or lacks a tensor.
    """
    return load_llama(Path(path) if path is not None else data.path("smollm2"), dtype)


def load_llama(path: Path, dtype: torch.dtype = torch.float32) -> LlamaModel:
    """A Llama from a GGUF file, or from a safetensors file with the hub's config.json beside it; see `load_smollm2`."""
    cfg, tensors = _opened(path)
    with torch.device("meta"):
        model = LlamaModel(cfg)
    found = dict(tensors)
    _check_names(path, cfg, found)

    def one(name: str) -> Tensor:
        return found[name]().to(dtype)

    def pairs(name: str, heads: int) -> Tensor:
        return halves_to_pairs(one(name), heads)

    def parameter(value: Tensor) -> nn.Parameter:
        return nn.Parameter(value, requires_grad=False)

    model.tok_emb.weight = parameter(one("model.embed_tokens.weight"))
    model.out_head.weight = model.tok_emb.weight if cfg["tie_weights"] else parameter(one(HEAD))
    model.final_norm = parameter(one("model.norm.weight"))
    for layer, block in enumerate(cast("list[LlamaBlock]", model.blocks)):
        of = f"model.layers.{layer}."
        queries, keys = (f"{of}self_attn.{part}_proj.weight" for part in "qk")
        block.norm1 = parameter(one(f"{of}input_layernorm.weight"))
        block.norm2 = parameter(one(f"{of}post_attention_layernorm.weight"))
        block.qkv.weight = parameter(
            torch.cat([
                pairs(queries, cfg["n_heads"]),
                pairs(keys, cfg["n_kv_heads"]),
                one(f"{of}self_attn.v_proj.weight"),
            ])
        )  # fmt: skip
        block.out_proj.weight = parameter(one(f"{of}self_attn.o_proj.weight"))
        block.gate_up.weight = parameter(torch.cat([one(f"{of}mlp.{part}_proj.weight") for part in ("gate", "up")]))
        block.down.weight = parameter(one(f"{of}mlp.down_proj.weight"))
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
    cfg, tensors = _opened(Path(path))
    found = {name: read().float() for name, read in tensors}
    _check_names(Path(path), cfg, found)
    return cfg, found


def pairs_to_halves(weight: Tensor, heads: int) -> Tensor:
    """The rows of a query or key projection for rotary positions on halves, from those for neighbouring pairs; (out, in) both."""
    return weight.view(heads, -1, 2, *weight.shape[1:]).transpose(1, 2).reshape(weight.shape)


def halves_to_pairs(weight: Tensor, heads: int) -> Tensor:
    """The other way round."""
    return weight.view(heads, 2, -1, *weight.shape[1:]).transpose(1, 2).reshape(weight.shape)


Read = Callable[[], Tensor]


def _opened(path: Path) -> tuple[LlamaConfig, Iterator[tuple[str, Read]]]:
    """The configuration, and for each tensor, by its name on the hub, what reads it: a GGUF file's are never all in memory as numbers."""
    if path.suffix != ".safetensors":
        content = read_gguf(path)
        cfg = _gguf_config(path, content)
        return cfg, _gguf_tensors(content, cfg)
    cfg = _hub_config(path)
    return cfg, ((name, partial(_as_it_is, tensor)) for name, tensor in tensors_of(path))


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


def _gguf_tensors(content: GGUF, cfg: LlamaConfig) -> Iterator[tuple[str, Read]]:
    heads = {"attn_q": cfg["n_heads"], "attn_k": cfg["n_kv_heads"]}
    for name, tensor in content.tensors.items():
        if name in _TOP:
            yield _TOP[name], tensor.dequantised
        elif name.startswith("blk.") and name.split(".")[2] in _LAYER:
            _blk, layer, part, _weight = name.split(".")
            read = partial(_in_halves, tensor, heads[part]) if part in heads else tensor.dequantised
            yield f"model.layers.{layer}.{_LAYER[part]}.weight", read


def _as_it_is(tensor: Tensor) -> Tensor:
    return tensor


def _in_halves(tensor: GGUFTensor, heads: int) -> Tensor:
    return pairs_to_halves(tensor.dequantised(), heads)


def _check_names(path: Path, cfg: LlamaConfig, found: Mapping[str, object]) -> None:
    wanted = [f"model.layers.{layer}.{part}.weight" for layer in range(cfg["n_layers"]) for part in _LAYER.values()]
    wanted += [name for name in _TOP.values() if name != HEAD or not cfg["tie_weights"]]
    missing = [name for name in wanted if name not in found]
    if missing:
        told = _("{file} lacks {count} tensors, the first is {name}. Remedy: delete it and fetch it again.")
        raise WeightsError(told.format(file=path, count=len(missing), name=missing[0]))
