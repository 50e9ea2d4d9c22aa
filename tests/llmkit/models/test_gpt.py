"""The GPT: shapes, causality, the cache against no cache, the fast paths against the plain ones."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F

from llmkit.models.decoding import choose, generate, stream
from llmkit.models.gpt import GPTConfig, GPTModel, KVCache, MultiHeadAttention, config
from llmkit.models.inference import Reader
from llmkit.training import losses
from llmkit.training.losses import linear_cross_entropy, loss_of
from llmkit.training.recipe import adamw, mean_loss, random_windows
from llmkit.training.schedule import warmup_cosine


def small(**changes: Any) -> GPTConfig:
    return config(
        **(
            {"vocab_size": 61, "context_length": 16, "emb_dim": 24, "n_heads": 4, "n_layers": 3, "drop_rate": 0.0}
            | changes
        )
    )


def model_of(**changes: Any) -> GPTModel:
    model = GPTModel(small(**changes)).eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)  # far from uniform, so that an arg-max is one
    return model


def parameters(model: torch.nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


def test_the_parameters_are_gpt2s() -> None:
    with torch.device("meta"):
        assert parameters(GPTModel(config("124M"))) == 163_009_536
        assert parameters(GPTModel(config("124M", tie_weights=True))) == 124_412_160
        assert parameters(GPTModel(config("1558M", tie_weights=True, qkv_bias=True))) == 1_557_611_200


@pytest.mark.parametrize(
    ("cfg", "told"),
    [
        ({"vocab_size": 10}, "missing"),
        ({**small(), "width": 3}, "width unknown"),
        ({**small(), "n_heads": 5}, "multiple of n_heads"),
        ({**small(), "n_layers": 0}, "n_layers should be a positive whole number"),
    ],
)
def test_a_wrong_configuration_is_told(cfg: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        GPTModel(cfg)
    with pytest.raises(ValueError, match="124M"):
        config("125M")
    with pytest.raises(ValueError, match="unknown key"):
        config("124M", heads=3)


def test_the_future_is_not_seen() -> None:
    model, ids = model_of(), torch.randint(61, (2, 9))
    changed = ids.clone()
    changed[:, 5:] = (changed[:, 5:] + 1) % 61
    before, after = model(ids), model(changed)
    torch.testing.assert_close(before[:, :5], after[:, :5])
    assert not torch.allclose(before[:, 5:], after[:, 5:])
    with pytest.raises(ValueError, match="context length of 16"):
        model(torch.zeros(1, 17, dtype=torch.long))


@pytest.mark.parametrize("drop_rate", [0.0, 0.5])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_attention_written_out_is_attention(drop_rate: float, dtype: torch.dtype) -> None:
    attention = MultiHeadAttention(24, 4, drop_rate).to(dtype)
    x = torch.randn(2, 7, 24, dtype=dtype)
    tolerance = {"atol": 2e-2, "rtol": 2e-2} if dtype == torch.bfloat16 else {}
    if drop_rate:
        kept = torch.stack([attention.train()(x).float() for _ in range(400)]).mean(0)
        assert (kept - attention.eval()(x).float()).abs().max() < 0.15, "dropout keeps the mean"
        assert not torch.equal(attention.train()(x), attention.train()(x))
    else:
        with torch.no_grad():
            expected = attention(x)
        torch.testing.assert_close(attention(x), expected, **tolerance)


@pytest.mark.parametrize("tie_weights", [True, False])
@pytest.mark.parametrize("qkv_bias", [True, False])
def test_generation_with_the_cache_is_generation_without(qkv_bias: bool, tie_weights: bool) -> None:
    model = model_of(qkv_bias=qkv_bias, tie_weights=tie_weights)
    ids = torch.randint(61, (3, 5))
    new = 30  # beyond the context of 16
    expected = ids
    for _ in range(new):
        expected = torch.cat([expected, model(expected[:, -16:])[:, -1].argmax(-1, keepdim=True)], dim=1)
    assert torch.equal(generate(model, ids, new), expected)
    assert torch.equal(generate(model, ids, new, use_cache=False), expected)
    assert len(expected[0].unique()) > 3, "a test of something"


def test_a_reader_reads_in_pieces() -> None:
    model, ids = model_of(vocab_size=67), torch.randint(61, (2, 16))
    whole = model(ids)
    reader = Reader(model, 2)
    for start, end in ((0, 4), (4, 5), (5, 6), (6, 11), (11, 12), (12, 16)):
        torch.testing.assert_close(reader.read(ids[:, start:end]), whole[:, end - 1])
    assert reader.full and reader.length == 16
    with pytest.raises(ValueError, match="context length"):
        reader.read(ids[:, :1])
    cache = KVCache(model, 2)
    torch.testing.assert_close(
        torch.cat([model.hidden(ids[:, :7], cache), model.hidden(ids[:, 7:], cache)], 1), model.hidden(ids)
    )


def test_generation_ends_rows_and_gives_the_mode_back() -> None:
    model, ids = model_of(), torch.randint(61, (2, 3))
    model.train()
    free = generate(model, ids, 8)
    assert model.training
    eos = int(free[0, 3])
    ended = generate(model, ids, 8, eos_id=eos)
    assert (ended[0, 3:] == eos).all()
    alone = generate(model, ids[:1], 8, eos_id=eos)
    assert alone.shape[1] == 4, "it stops when all rows have ended"
    torch.testing.assert_close(ended[1, : len(free[1])], free[1][: ended.shape[1]])
    assert [t.shape for t in stream(model, ids, 2)] == [(2, 1), (2, 1)]
    with pytest.raises(ValueError, match="at least one token"):
        generate(model, ids[:, :0], 1)
    with pytest.raises(ValueError, match="context_length is needed"):
        generate(torch.nn.Identity(), ids, 1)


def test_choosing_follows_the_distribution() -> None:
    logits = torch.tensor([[2.0, 1.0, 0.0, -1.0]]).expand(20_000, -1)
    generator = torch.Generator().manual_seed(0)

    def shares(**options: Any) -> torch.Tensor:
        return choose(logits, generator=generator, **options).flatten().bincount(minlength=4) / len(logits)

    torch.testing.assert_close(shares(temperature=2.0), (logits[0] / 2).softmax(-1), atol=0.015, rtol=0)
    torch.testing.assert_close(shares(temperature=1.0, top_k=2)[:2], logits[0, :2].softmax(-1), atol=0.015, rtol=0)
    assert shares(temperature=1.0, top_k=2)[2:].sum() == 0
    # 0.644, 0.237, 0.087, 0.032: the first two reach 0.8, the first alone 0.6.
    assert (shares(temperature=1.0, top_p=0.8) > 0).tolist() == [True, True, False, False]
    assert (shares(temperature=1.0, top_p=0.6) > 0).tolist() == [True, False, False, False]
    assert shares(temperature=0.0)[0] == 1 and shares(temperature=1.0, top_k=9)[3] > 0
    for wrong in ({"temperature": -1.0}, {"top_k": 0}, {"top_p": 0.0}, {"top_p": 1.1}):
        with pytest.raises(ValueError, match="temperature"):
            choose(logits, **wrong)


@pytest.mark.parametrize("chunk", [20, 61 * 4, 10**6])
def test_the_chunked_loss_is_cross_entropy(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(losses, "CHUNK", chunk)
    hidden, weight = torch.randn(13, 8, requires_grad=True), torch.randn(61, 8, requires_grad=True)
    targets = torch.randint(61, (13,))
    targets[[2, 7]] = -100
    ours, theirs = linear_cross_entropy(hidden, weight, targets), F.cross_entropy(hidden @ weight.T, targets)
    torch.testing.assert_close(ours, theirs)
    for got, wanted in zip(
        torch.autograd.grad(3 * ours, (hidden, weight)), torch.autograd.grad(3 * theirs, (hidden, weight)), strict=True
    ):
        torch.testing.assert_close(got, wanted)
    assert linear_cross_entropy(hidden, weight, torch.full((13,), -100)).isnan()


def test_a_step_of_training_is_pytorchs() -> None:
    model = GPTModel(small(tie_weights=True))
    inputs, targets = torch.randint(61, (2, 3, 16))
    targets[0, :4] = -100
    loss = loss_of(model, inputs, targets)
    loss.backward()
    fast = {name: p.grad.clone() for name, p in model.named_parameters()}
    model.zero_grad()
    plain = F.cross_entropy(model(inputs).flatten(0, 1), targets.flatten())
    plain.backward()
    torch.testing.assert_close(loss, plain)
    for name, parameter in model.named_parameters():
        torch.testing.assert_close(fast[name], parameter.grad, msg=name)
    with torch.no_grad():
        torch.testing.assert_close(loss_of(model, inputs, targets), plain)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        mixed = loss_of(model, inputs, targets)
    assert mixed.dtype == torch.float32 and abs(mixed.item() - plain.item()) < 0.02


def test_training_learns_and_decays_matrices_only() -> None:
    model = GPTModel(small(tie_weights=True))
    optimizer = adamw(model, lr=3e-3)
    assert {p.dim() for p in optimizer.param_groups[0]["params"]} == {2}
    assert optimizer.param_groups[1]["weight_decay"] == 0
    tokens = torch.arange(400) % 17
    windows = random_windows(tokens, 4, 12, torch.Generator().manual_seed(0))
    before = mean_loss(model, tokens)
    for _ in range(120):
        inputs, targets = next(windows)
        assert torch.equal((inputs + 1) % 17, targets)
        optimizer.zero_grad()
        loss_of(model, inputs, targets).backward()
        optimizer.step()
    assert mean_loss(model, tokens) < 0.5 < before
    with pytest.raises(ValueError, match="too few"):
        next(random_windows(tokens[:5], 4, 12, torch.Generator()))


def test_mean_loss_counts_every_token_once() -> None:
    model = model_of()
    tokens = torch.randint(61, (16 * 2 + 6,))
    pieces = [(0, 16), (16, 32), (32, 37)]
    total = sum(
        F.cross_entropy(model(tokens[None, a:b])[0], tokens[a + 1 : b + 1], reduction="sum").item() for a, b in pieces
    )
    assert mean_loss(model, tokens, batch_size=1) == pytest.approx(total / 37, rel=1e-5)


def test_the_learning_rate_rises_and_falls() -> None:
    rates = [warmup_cosine(step, 100, 10, 1.0, 0.1) for step in range(101)]
    assert rates[:10] == sorted(rates[:10]) and rates[10] == 1.0 and rates[55] == pytest.approx(0.55)
    assert rates[10:] == sorted(rates[10:], reverse=True) and rates[100] == pytest.approx(0.1)
