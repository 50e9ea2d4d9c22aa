"""The GPT with separate projections computes what the one with fused projections does."""

from __future__ import annotations

import pytest
import torch

from llmkit.models.decoding import generate
from llmkit.models.gpt import GPTModel, KVCache, config
from llmkit.models.split_gpt import SplitGPT

SMALL = config(vocab_size=11, context_length=8, emb_dim=12, n_heads=3, n_layers=2, drop_rate=0.0, qkv_bias=True)


def test_it_is_the_fused_model_with_the_projection_cut_in_three() -> None:
    split, fused = SplitGPT(SMALL).eval(), GPTModel(SMALL).eval()
    for parameter in split.parameters():
        torch.nn.init.normal_(parameter)
    values = dict(split.state_dict())
    for name in list(fused.state_dict()):
        if ".att.qkv." in name:
            parts = [name.replace("qkv", part) for part in ("W_query", "W_key", "W_value")]
            values[name] = torch.cat([values.pop(part) for part in parts])
    fused.load_state_dict(values)
    ids = torch.randint(11, (2, 8))
    torch.testing.assert_close(split(ids), fused(ids), rtol=1e-4, atol=1e-4)


def test_it_generates_without_a_cache_and_refuses_one() -> None:
    model, prompt = SplitGPT(SMALL), torch.tensor([[1, 2]])
    assert generate(model, prompt, 3, use_cache=False).shape == (1, 5)
    with pytest.raises(ValueError, match="use_cache=False"):
        model.trf_blocks[0](torch.randn(1, 2, 12), KVCache(model))


def test_dropout_of_the_weights_is_for_training_only() -> None:
    model, ids = SplitGPT({**SMALL, "drop_rate": 0.5}), torch.randint(11, (1, 8))
    attention, x = model.trf_blocks[0].att, torch.randn(1, 8, 12)
    assert not torch.equal(attention(x), attention(x))
    model.eval()
    assert torch.equal(attention(x), attention(x)) and torch.equal(model(ids), model(ids))
