"""A beginning that is computed once: the same vectors and the same gradients as row by row."""

from __future__ import annotations

import pytest
import torch

from llmkit.models.gpt import GPTModel, config
from llmkit.training.shared_prefix import hidden_behind, shared_columns


def small(**changes: object) -> GPTModel:
    torch.manual_seed(3)
    return GPTModel(
        config(vocab_size=40, context_length=24, emb_dim=16, n_heads=2, n_layers=2, **{"drop_rate": 0.0, **changes})
    )


@pytest.mark.parametrize("qkv_bias", [False, True])
def test_vectors_and_gradients_are_those_of_the_whole_rows(qkv_bias: bool) -> None:
    model = small(qkv_bias=qkv_bias).double()
    prefix, rest = torch.randint(40, (1, 9)), torch.randint(40, (5, 7))
    weights = torch.randn(5, 7, 16, dtype=torch.float64)
    whole = model.hidden(torch.cat([prefix.expand(5, -1), rest], dim=1))[:, 9:]
    parts = hidden_behind(model, prefix, rest)
    assert torch.allclose(parts, whole, atol=1e-10)
    wanted = torch.autograd.grad((whole * weights).sum(), list(model.parameters()), allow_unused=True)
    found = torch.autograd.grad((parts * weights).sum(), list(model.parameters()), allow_unused=True)
    for one, other in zip(found, wanted, strict=True):
        assert (one is None) == (other is None)
        assert one is None or torch.allclose(one, other, atol=1e-8)


def test_columns_are_shared_up_to_the_first_difference() -> None:
    inputs = torch.arange(20).repeat(3, 1)
    inputs[1, 12] = 39
    ignored = torch.full_like(inputs, -100)
    assert shared_columns(inputs, ignored) == 12
    counted = ignored.clone()
    counted[2, 10] = 5
    assert shared_columns(inputs, counted) == 10
    counted[0, 2] = 5
    assert shared_columns(inputs, counted) == 0  # two columns do not pay
    assert shared_columns(inputs[:1], ignored[:1]) == 0  # nobody to share with


def test_dropout_and_too_many_tokens_are_refused() -> None:
    prefix, rest = torch.zeros(1, 9, dtype=torch.long), torch.zeros(2, 7, dtype=torch.long)
    with pytest.raises(ValueError, match="dropout"):
        hidden_behind(small(drop_rate=0.1).train(), prefix, rest)
    assert hidden_behind(small(drop_rate=0.1).eval(), prefix, rest).shape == (2, 7, 16)
    with pytest.raises(ValueError, match="context length of 24"):
        hidden_behind(small(), prefix, torch.zeros(2, 16, dtype=torch.long))
