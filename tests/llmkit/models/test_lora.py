"""A low-rank layer and the two halves of a Llama: what they compute."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from llmkit.models import LoRALinear
from llmkit.training import split_blocks


def test_a_low_rank_layer_adds_the_scaled_product_of_its_matrices() -> None:
    layer = nn.Linear(5, 3)
    adapted, x = LoRALinear(layer, 2, 6.0), torch.randn(4, 5)
    assert torch.equal(adapted(x), layer(x))
    nn.init.normal_(adapted.B)
    merged = layer.weight + 3.0 * adapted.B @ adapted.A
    torch.testing.assert_close(adapted(x), x @ merged.T + layer.bias)
    assert [name for name, one in adapted.named_parameters() if one.requires_grad] == ["A", "B"]


def test_a_low_rank_layer_has_the_dtype_of_the_layer() -> None:
    adapted = LoRALinear(nn.Linear(4, 2, dtype=torch.bfloat16), 1, 1.0)
    assert {one.dtype for one in adapted.parameters()} == {torch.bfloat16}


class _Body(nn.Module):
    """What split_blocks needs of a LlamaModel."""

    def __init__(self) -> None:
        super().__init__()
        self.tok_emb = nn.Embedding(7, 4)
        self.blocks = nn.ModuleList(nn.Sequential(nn.Linear(4, 4), nn.Tanh()) for _layer in range(3))
        self.out_head = nn.Linear(4, 7)

    def hidden(self, x: Tensor) -> Tensor:
        x = self.tok_emb(x)
        for block in self.blocks:
            x = block(x)
        return x.square()

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.out_head(self.hidden(x))
        return logits


@pytest.mark.parametrize("first", [1, 2])
def test_upper_blocks_on_kept_vectors_are_the_whole_model(first: int) -> None:
    model, ids = _Body(), torch.randint(7, (2, 5))
    whole = model(ids)
    below, upper = split_blocks(model, first)
    vectors = below(ids)
    assert not vectors.requires_grad
    torch.testing.assert_close(upper(vectors), whole)
    assert len(upper.blocks) == 3 - first and len(model.blocks) == 3  # type: ignore[arg-type]


def test_a_layer_replaced_in_the_upper_blocks_is_replaced_in_the_model() -> None:
    model, ids = _Body(), torch.randint(7, (1, 4))
    _below, upper = split_blocks(model, 2)
    nn.init.zeros_(upper.blocks[0][0].weight)  # type: ignore[index, union-attr]
    assert not model.blocks[2][0].weight.any()  # type: ignore[index]
    assert model(ids).shape == (1, 4, 7)


@pytest.mark.parametrize("first", [0, 3])
def test_there_are_blocks_above_and_below(first: int) -> None:
    with pytest.raises(ValueError, match="above and below"):
        split_blocks(_Body(), first)
