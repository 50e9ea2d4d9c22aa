"""The BERT: its parts by formula, its behaviour, and the same logits as the transformers library on the same weights."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from llmkit.models import bert

SMALL = bert.config(vocab_size=31, context_length=12, emb_dim=24, n_heads=4, n_layers=2, drop_rate=0.0)


def rows() -> tuple[Tensor, Tensor]:
    """Two rows, the second with padding, and their segments."""
    ids = torch.tensor([[2, 9, 8, 3, 17, 30, 3], [2, 21, 3, 6, 3, 0, 0]])
    segments = torch.tensor([[0, 0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 0, 0]])
    return ids, segments


def random_weights(model: torch.nn.Module) -> None:
    """Weights far from their start, so that no part is idle."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(std=0.3)


@pytest.mark.parametrize("act", [False, True])
def test_logits_agree_with_transformers(act: bool) -> None:
    transformers = pytest.importorskip("transformers")
    theirs = transformers.BertForPreTraining(
        transformers.BertConfig(
            vocab_size=31,
            hidden_size=24,
            num_hidden_layers=2,
            num_attention_heads=4,
            intermediate_size=96,
            max_position_embeddings=12,
            pad_token_id=0,
        )
    ).eval()
    random_weights(theirs)
    ours = bert.BertModel(SMALL).eval()
    bert.load_transformers(ours, theirs.state_dict())
    ids, segments = rows()
    with torch.set_grad_enabled(act):  # the two ways in which attention is computed
        expected: Any = theirs(input_ids=ids, token_type_ids=segments, attention_mask=(ids != 0).long())
        words, follows = ours(ids, segments)
        vectors = ours.hidden(ids, segments)
        wanted = theirs.bert(input_ids=ids, token_type_ids=segments, attention_mask=(ids != 0).long())[0]
    seen = ids != 0
    assert (vectors - wanted)[seen].abs().max() < 1e-4
    assert (words - expected.prediction_logits)[seen].abs().max() < 1e-4
    assert (follows.flip(1) - expected.seq_relationship_logits).abs().max() < 1e-4
    assert expected.prediction_logits.abs().max() > 1  # there is something to differ


def test_weights_that_are_not_there_are_told() -> None:
    with pytest.raises(KeyError):
        bert.load_transformers(bert.BertModel(SMALL), {})
    transformers = pytest.importorskip("transformers")
    cfg = transformers.BertConfig(
        vocab_size=31, hidden_size=24, num_hidden_layers=2, num_attention_heads=4, intermediate_size=96
    )
    state = transformers.BertForPreTraining(cfg).state_dict()
    with pytest.raises(RuntimeError, match="position"):  # 512 positions in the place of 12
        bert.load_transformers(bert.BertModel(SMALL), state)
    del state["bert.pooler.dense.bias"]
    with pytest.raises(KeyError, match=r"pooler\.bias"):
        bert.load_transformers(bert.BertModel(SMALL), state)


def test_bert_base_has_110_million_parameters() -> None:
    with torch.device("meta"):
        model = bert.BertModel(bert.config())
    assert sum(parameter.numel() for parameter in model.parameters()) == 110_106_428


def test_the_mask_hides_padding_only() -> None:
    ids, _segments = rows()
    hidden = bert.where_padding(ids)
    assert hidden.shape == (2, 1, 1, 7) and hidden.dtype == torch.bool
    assert hidden[:, 0, 0].tolist() == [[False] * 7, [False] * 5 + [True] * 2]


def test_the_embedding_is_a_normalised_sum() -> None:
    part = bert.BertEmbedding(SMALL)
    random_weights(part)
    ids, segments = rows()
    total = part.token.weight[ids] + part.position.weight[:7] + part.segment.weight[segments]
    expected = F.layer_norm(total, (24,), part.norm.weight, part.norm.bias)
    assert torch.allclose(part(ids, segments), expected, atol=1e-6)


def test_padding_changes_nothing_and_every_word_is_heard() -> None:
    model = bert.BertModel(SMALL).eval()
    random_weights(model)
    ids, segments = rows()
    words, follows = model(ids, segments)
    short_words, short_follows = model(ids[1:, :5], segments[1:, :5])
    assert torch.allclose(words[1:, :5], short_words, atol=1e-4)
    assert torch.allclose(follows[1:], short_follows, atol=1e-4)
    for place in range(1, 7):
        other = ids[:1].clone()
        other[0, place] = 25
        assert ((model(other, segments[:1])[0] - words[:1]).abs().amax(-1) > 0).all()


def test_dropout_drops_in_training_only() -> None:
    model = bert.BertModel(SMALL | {"drop_rate": 0.5})
    given = rows()
    assert not torch.equal(model(*given)[0], model(*given)[0])
    model.eval()
    assert torch.equal(model(*given)[0], model(*given)[0])


def test_attention_is_the_same_with_and_without_gradients() -> None:
    part = bert.MultiHeadAttention(12, 3)
    random_weights(part)
    x, hidden = torch.randn(2, 5, 12), torch.tensor([[0, 0, 0, 0, 1], [0, 0, 1, 0, 0]]).bool()[:, None, None]
    with torch.no_grad():
        quiet = part(x, hidden)
    assert torch.allclose(part(x, hidden), quiet, atol=1e-5)
    with torch.no_grad():
        assert torch.allclose(part(x), part(x, torch.zeros_like(hidden)), atol=1e-5)


def test_a_step_of_training_lowers_the_loss() -> None:
    model = bert.BertModel(SMALL)
    ids, segments = rows()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    losses = []
    for _step in range(30):
        words, follows = model(ids, segments)
        loss = F.cross_entropy(words[:, 1], ids[:, 1]) + F.cross_entropy(follows, torch.tensor([1, 0]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.2 * losses[0]


def test_wrong_configurations_and_long_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown key width"):
        bert.config(width=3)
    with pytest.raises(ValueError, match="multiple of n_heads"):
        bert.config(emb_dim=10, n_heads=4)
    with pytest.raises(ValueError, match="13 tokens"):
        bert.BertModel(SMALL)(torch.ones(1, 13, dtype=torch.long), torch.zeros(1, 13, dtype=torch.long))
