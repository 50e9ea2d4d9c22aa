"""The Llama in plain form: its caches change nothing, and with real weights it agrees with the transformers library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from llmkit import data
from llmkit.errors import DataError
from llmkit.models import SplitLlama, SplitLlamaConfig

NOTEBOOK = Path(__file__).parents[3] / "source" / "modern" / "05_a_real_assistant.ipynb"
INPUTS = ("source/modern/05_a_real_assistant.ipynb",)
TINY = SplitLlamaConfig(
    vocab_size=11, emb_dim=12, hidden_dim=20, n_layers=3, n_heads=6, n_kv_heads=2, rope_base=500.0, norm_eps=1e-5
)
TEXT = """The sea covers most of our planet. Fish, whales and countless smaller creatures live in it, and the oldest of them have been
there for hundreds of millions of years. Near the coast the water is shallow and warm, and plants grow on the ground. Far out it is dark
and cold, and the pressure is so high that only few animals survive. Ships cross it with goods from all over the world, and the people who
live by the sea have always fished in it. In 1492 three ships left Spain to find a way to India, and found something else. Today more than
50,000 ships are on their way at any moment, and the largest of them carry 20,000 containers. What they burn is heavy oil, and there is a
long debate about how to replace it. Sails are one of the answers, and
perhaps, after two hundred years of steam and oil, the wind will carry goods across the sea once more."""


@torch.no_grad()
def test_pieces_with_caches_give_the_same_as_the_whole() -> None:
    torch.manual_seed(1)
    model = SplitLlama(TINY)
    ids = torch.randint(0, 11, (2, 9))
    caches: list[dict[str, torch.Tensor]] = [{} for _layer in range(3)]
    pieces = [model(piece, caches) for piece in ids.split([4, 1, 3, 1], dim=1)]
    torch.testing.assert_close(torch.cat(pieces, dim=1), model(ids))


def reference(cfg: SplitLlamaConfig) -> torch.nn.Module:
    """The model of the transformers library, with random weights."""
    transformers = pytest.importorskip("transformers")
    settings = transformers.LlamaConfig(
        vocab_size=cfg["vocab_size"],
        hidden_size=cfg["emb_dim"],
        intermediate_size=cfg["hidden_dim"],
        num_hidden_layers=cfg["n_layers"],
        num_attention_heads=cfg["n_heads"],
        num_key_value_heads=cfg["n_kv_heads"],
        rms_norm_eps=cfg["norm_eps"],
        rope_parameters={"rope_type": "default", "rope_theta": cfg["rope_base"]},
        tie_word_embeddings=True,
    )
    model: torch.nn.Module = transformers.LlamaForCausalLM(settings).eval()
    return model


@torch.no_grad()
def test_a_tiny_model_agrees_with_transformers() -> None:
    torch.manual_seed(2)
    theirs, ours = reference(TINY), SplitLlama(TINY)
    for value in theirs.parameters():
        value.normal_(std=0.5)
    state = {
        name.removeprefix("model."): value for name, value in theirs.state_dict().items() if name != "lm_head.weight"
    }
    ours.load_state_dict(state)
    ids = torch.randint(0, 11, (2, 40))
    torch.testing.assert_close(ours(ids), theirs(ids).logits, rtol=1e-4, atol=1e-4)


def solved(*cells: str) -> dict[str, Any]:
    """What these cells of the solved notebook define."""
    names: dict[str, Any] = {}
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if cell["id"] in cells:
            exec("".join(line for line in cell["source"] if not line.startswith("llmkit.start(")), names)
    return names


@pytest.fixture(scope="module")
def smollm2() -> Path:
    try:
        return data.path("smollm2")
    except DataError as error:
        pytest.skip(f"SmolLM2 is not here and cannot be fetched: {error}")


@pytest.mark.real_weights
@pytest.mark.slow
@torch.no_grad()
def test_smollm2_in_the_notebooks_code_agrees_with_transformers(smollm2: Path) -> None:
    """The solved notebook's own functions and classes, filled from the file, against transformers with the same weights."""
    from llmkit.models import llama_weights, read_gguf, smollm2_tokenizer

    names = solved("setup", "llama-block", "llama-model", "load-weights")
    cfg, published = llama_weights(smollm2)
    tensors = {name: tensor.dequantised() for name, tensor in read_gguf(smollm2).tensors.items()}
    with torch.device("meta"):
        ours = names["LlamaModel"](cfg, names["LlamaBlock"]).eval()
    ours.load_state_dict(names["state_from_gguf"](tensors, cfg["n_heads"], cfg["n_kv_heads"]), assign=True)
    with torch.device("meta"):
        theirs = reference(cfg)
    theirs.load_state_dict(published | {"lm_head.weight": published["model.embed_tokens.weight"]}, assign=True)
    theirs.model.rotary_emb = type(theirs.model.rotary_emb)(theirs.config)  # its buffer is in no file
    ids = torch.tensor([smollm2_tokenizer().encode_ordinary(TEXT)[:200]])
    assert ids.shape == (1, 200)
    got, wanted = ours(ids), theirs(ids).logits
    assert (got - wanted).abs().max() < 1e-3
    assert torch.equal(got.argmax(dim=-1), wanted.argmax(dim=-1))
