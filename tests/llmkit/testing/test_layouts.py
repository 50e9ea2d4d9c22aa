"""The name-agnostic comparison of several heads: every way to lay out their weights, in this process and behind stand-ins."""

from __future__ import annotations

import contextlib
import math
from functools import partial
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from llmkit.testing import Checks, assert_same_function, probes, randn, weights
from llmkit.testing.layouts import readings

HEADS = 2


def several_heads(
    x: torch.Tensor, query: Any, key: Any, value: Any, out: Any, query_bias: Any = 0.0, key_bias: Any = 0.0,
    value_bias: Any = 0.0, out_bias: Any = 0.0,
) -> torch.Tensor:  # fmt: skip
    def split(y: torch.Tensor) -> torch.Tensor:
        return y.unflatten(-1, (HEADS, -1)).transpose(-3, -2)

    q, k, v = split(x @ query + query_bias), split(x @ key + key_bias), split(x @ value + value_bias)
    merged = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(-3, -2).flatten(-2)
    return merged @ out + out_bias


def attend(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)


class SeparateHead(nn.Module):
    def __init__(self, d_in: int, width: int, bias: bool) -> None:
        super().__init__()
        self.k, self.v, self.q = (nn.Linear(d_in, width, bias=bias) for _ in range(3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return attend(self.q(x), self.k(x), self.v(x))


class FusedHead(nn.Module):
    def __init__(self, d_in: int, width: int, bias: bool) -> None:
        super().__init__()
        self.qkv = nn.Linear(d_in, 3 * width, bias=bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return attend(*self.qkv(x).chunk(3, dim=-1))


class PlainHead(nn.Module):
    def __init__(self, d_in: int, width: int, bias: bool) -> None:
        super().__init__()
        self.w = nn.ParameterList(nn.Parameter(torch.randn(d_in, width)) for _ in range(3))
        self.b = nn.Parameter(torch.randn(3, width) * bias, requires_grad=bias) if bias else torch.zeros(3, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        b = self.b.to(x.dtype)
        return attend(*(x @ w + b[i] for i, w in enumerate(self.w)))


class HeadByHead(nn.Module):
    def __init__(self, head: Any, d_in: int, d_out: int, bias: bool = False) -> None:
        super().__init__()
        self.heads = nn.ModuleList(head(d_in, d_out // HEADS, bias) for _ in range(HEADS))
        self.out = nn.Linear(d_out, d_out)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(torch.cat([head(x) for head in self.heads], dim=-1))


class PerHeadTensors(nn.Module):
    """Tensors of shape (heads, d_in, width) or (d_in, heads, width), and an output projection per head."""

    def __init__(self, layout: str, d_in: int, d_out: int) -> None:
        super().__init__()
        sizes = {"h": HEADS, "d": d_in, "e": d_out // HEADS}
        self.layout = layout
        self.w = nn.ParameterDict({r: nn.Parameter(torch.randn([sizes[c] for c in layout])) for r in "qkv"})
        self.out = nn.Parameter(torch.randn(HEADS, d_out // HEADS, d_out))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        q, k, v = (torch.einsum(f"btd,{self.layout}->bhte", x, self.w[r]) for r in "qkv")
        return torch.einsum("bhte,heo->bto", attend(q, k, v), self.out)


class FusedInOrder(nn.Module):
    """One projection whose features are role (k), head (h) and width (e) in any order."""

    def __init__(self, order: str, d_in: int, d_out: int, bias: bool = False) -> None:
        super().__init__()
        self.qkv, self.out = nn.Linear(d_in, 3 * d_out, bias=bias), nn.Linear(d_out, d_out)
        self.order, self.sizes = order, {"k": 3, "h": HEADS, "e": d_out // HEADS}

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.qkv(x).unflatten(-1, [self.sizes[c] for c in self.order])
        q, k, v = torch.einsum(f"bt{self.order}->kbhte", y)
        return self.out(attend(q, k, v).transpose(1, 2).flatten(2))


class OneTensor(nn.Module):
    def __init__(self, d_in: int, d_out: int) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.randn(3, HEADS, d_in, d_out // HEADS))
        self.out = nn.Linear(d_out, d_out)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        q, k, v = torch.einsum("btd,khde->kbhte", x, self.w)
        return self.out(attend(q, k, v).transpose(1, 2).flatten(2))


class TorchsOwn(nn.Module):
    def __init__(self, d_in: int, d_out: int) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(d_in, HEADS, batch_first=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mask = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        return self.attention(x, x, x, attn_mask=mask, need_weights=False)[0]


def several_slots(d_in: int, d_out: int) -> dict[str, Any]:
    return dict.fromkeys(("query", "key", "value"), (d_in, d_out)) | {"out": (d_out, d_out), "out_bias": (d_out,)}


def several_biases(d_out: int) -> dict[str, Any]:
    return {f"{name}_bias": (d_out,) for name in ("query", "key", "value")}


SEVERAL: list[Any] = [
    *(pytest.param(lambda i, o, h=h: HeadByHead(h, i, o), id=h.__name__) for h in (SeparateHead, FusedHead, PlainHead)),
    *(pytest.param(lambda i, o, s=s: PerHeadTensors(s, i, o), id=f"tensors-{s}") for s in ("hde", "dhe", "hed")),
    *(pytest.param(lambda i, o, s=s: FusedInOrder(s, i, o), id=f"fused-{s}")
      for s in ("khe", "hke", "hek", "keh", "ekh", "ehk")),
    pytest.param(OneTensor, id="one-tensor"),
]  # fmt: skip


@pytest.mark.parametrize(("d_in", "d_out"), [(3, 4), (4, 4), (5, 6)])
@pytest.mark.parametrize("build", SEVERAL)
def test_every_layout_of_several_heads_passes(build: Any, d_in: int, d_out: int) -> None:
    slots = several_slots(d_in, d_out)
    assert_same_function(
        build(d_in, d_out), several_heads, slots, randn(2, 5, d_in), optional=["out_bias"], heads=HEADS
    )


@pytest.mark.parametrize(
    "build",
    [
        *(lambda i, o, h=h: HeadByHead(h, i, o, True) for h in (SeparateHead, FusedHead, PlainHead)),
        *(lambda i, o, s=s: FusedInOrder(s, i, o, True) for s in ("khe", "hke", "keh")),
    ],
)
def test_biases_of_several_heads_are_found(build: Any) -> None:
    slots = several_slots(5, 4) | several_biases(4)
    assert_same_function(build(5, 4), several_heads, slots, randn(2, 5, 5), heads=HEADS)


def test_torchs_own_attention_passes() -> None:
    optional = ["out_bias", *several_biases(4)]
    slots = several_slots(4, 4) | several_biases(4)
    assert_same_function(TorchsOwn(4, 4), several_heads, slots, randn(2, 5, 4), optional=optional, heads=HEADS)


class Wrong(nn.Module):
    """Several heads with one thing wrong."""

    def __init__(self, wrong: str, d_in: int, d_out: int) -> None:
        super().__init__()
        self.q, self.k, self.v = (nn.Linear(d_in, d_out, bias=False) for _ in range(3))
        self.out, self.wrong = nn.Linear(d_out, d_out), wrong

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        wrong, (batch, length) = self.wrong, x.shape[:2]
        q, k, v = self.q(x), self.k(x), self.v(x)
        if wrong == "split":
            q, k, v = (y.reshape(batch, HEADS, length, -1) for y in (q, k, v))
        else:
            q, k, v = (y.unflatten(-1, (HEADS, -1)).transpose(1, 2) for y in (q, k, v))
        scale = {"scale": 1.0, "width": (HEADS * q.shape[-1]) ** -0.5}.get(wrong, q.shape[-1] ** -0.5)
        scores = q @ k.mT * scale
        hidden = torch.ones(length, length).triu({"diagonal": 2}.get(wrong, 1)).bool()
        if wrong != "mask":
            scores = scores.masked_fill(hidden, -1e9)
        weights = scores.softmax(-2 if wrong == "axis" else -1)
        if wrong == "mask-after":
            weights = scores.masked_fill(hidden, 0).softmax(-1)
        y = weights @ (k if wrong == "values" else v)
        merged = y.reshape(batch, length, -1) if wrong == "merge" else y.transpose(1, 2).flatten(2)
        return merged if wrong == "projection" else self.out(merged)


@pytest.mark.parametrize(("d_in", "d_out"), [(3, 4), (4, 4)])
@pytest.mark.parametrize(
    "wrong",
    ["split", "merge", "scale", "width", "mask", "mask-after", "diagonal", "axis", "values", "projection"],
)  # fmt: skip
def test_wrong_heads_fail_in_every_layout(wrong: str, d_in: int, d_out: int) -> None:
    slots = several_slots(d_in, d_out)
    with pytest.raises(AssertionError, match="on weights that the test chose"):
        assert_same_function(
            Wrong(wrong, d_in, d_out), several_heads, slots, 3 * randn(2, 5, d_in), optional=["out_bias"], heads=HEADS
        )
    assert_same_function(
        Wrong("", d_in, d_out), several_heads, slots, randn(2, 5, d_in), optional=["out_bias"], heads=HEADS
    )


# --- lists of weights ------------------------------------------------------------------------------------------------


def concatenated(x: torch.Tensor, query: Any, key: Any, value: Any, out: Any, out_bias: Any) -> torch.Tensor:
    heads = [attend(x @ q, x @ k, x @ v) for q, k, v in zip(query, key, value, strict=True)]
    return torch.cat(heads, dim=-1) @ out + out_bias


@pytest.mark.parametrize("head", [SeparateHead, FusedHead, PlainHead])
def test_an_oracle_can_ask_for_a_list_of_weights(head: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "HEADS", 4)
    slots = {name: [(3, 2)] * 4 for name in ("query", "key", "value")} | {"out": (8, 8), "out_bias": (8,)}
    x = randn(2, 5, 3)
    assert_same_function(HeadByHead(head, 3, 8), concatenated, slots, x)
    calls = []

    def counted(x: torch.Tensor, **weights: Any) -> torch.Tensor:
        calls.append(len(weights["query"]))
        return 2 * concatenated(x, **weights)

    with pytest.raises(AssertionError, match="on weights that the test chose"):
        assert_same_function(HeadByHead(head, 3, 8), counted, slots, x)
    assert set(calls) == {4} and len(calls) < 2000, "twelve matrices are not permuted one by one"


# --- the judge's stand-ins -------------------------------------------------------------------------------------------


class StandIn:
    """Like the judge's: calls, attributes, items, iteration and length; tensors come back as copies, the rest as stand-ins."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return hand_over(self._inner(*args, **kwargs))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return hand_over(getattr(self._inner, name))

    def __iter__(self) -> Any:
        return (hand_over(value) for value in self._inner)

    def __llmkit_probe__(self, name: str, args: Any, kwargs: Any) -> Any:
        return hand_over(probes.PROBES[name](*(getattr(arg, "_inner", arg) for arg in args), **kwargs))

    def _refuse(self, *_args: Any) -> Any:
        raise TypeError("a stand-in was taken for a value")

    __bool__ = __eq__ = __ne__ = __add__ = __sub__ = __mul__ = __matmul__ = __float__ = _refuse  # type: ignore[assignment]
    __hash__ = object.__hash__


def hand_over(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if isinstance(value, (list, tuple)):
        return type(value)(map(hand_over, value))
    return value if value is None or isinstance(value, (bool, int, float, str)) else StandIn(value)


def test_a_module_in_another_process_is_compared_too() -> None:
    slots = several_slots(3, 4)
    x = randn(2, 5, 3)
    for module in (HeadByHead(FusedHead, 3, 4), OneTensor(3, 4)):
        assert_same_function(StandIn(module), several_heads, slots, x, optional=["out_bias"], heads=HEADS)
    with pytest.raises(AssertionError, match="on weights that the test chose"):
        assert_same_function(
            StandIn(Wrong("scale", 3, 4)), several_heads, slots, 3 * x, optional=["out_bias"], heads=HEADS
        )
    with pytest.raises(AssertionError, match=r"torch\.nn\.Module"):
        assert_same_function(StandIn(len), several_heads, slots, x)


# --- the readings themselves -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "shape", "heads", "most"), [
    ((12, 3), (3, 4), 2, 3), ((3, 12), (3, 4), 2, 4), ((2, 3, 6), (3, 4), 2, 3), ((6, 6), (6, 6), 3, 4), ((12,), (4,), 2, 4),
    ((2, 3, 3, 2), (3, 4), 2, 3), ((2, 3, 4), (3, 4), 1, 6),
])  # fmt: skip
def test_a_reading_uses_every_value_once(size: Any, shape: Any, heads: int, most: int) -> None:
    numbers = torch.arange(math.prod(size)).reshape(size)
    usual, unusual = readings(numbers, shape, heads, most)
    seen = {tuple(torch.cat([piece.flatten() for piece in pieces]).tolist()) for pieces in usual + unusual}
    assert usual and len(seen) == len(usual) + len(unusual), "no reading twice"
    assert all(sorted(values) == list(range(numbers.numel())) for values in seen)
    assert all(tuple(piece.shape) == shape for pieces in usual + unusual for piece in pieces)


def test_what_does_not_fit_has_no_reading() -> None:
    assert readings(torch.ones(5, 3), (3, 4), 1, 9) == ([], [])
    assert readings(torch.ones(12, 3), (3, 4), 1, 2) == ([], []), "three pieces where two are wanted"
    assert readings(torch.ones(2, 18), (3, 4), 1, 9) == ([], []), "dimensions that no axes make"
    assert readings(torch.ones(12), (3, 4), 1, 1) == ([], []), "a bias is no matrix"
    assert readings(torch.ones(2, 2, 2), (2, 2, 2), 1, 1)[0] and not readings(torch.ones(4, 2), (2, 2, 2), 1, 1)[0]


def test_a_search_in_vain_is_bounded_and_cuts_the_next_ones_of_the_test_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts assignments: a superfluous layer leaves too many ways to try them all."""

    class Wrong(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = torch.nn.ModuleList([torch.nn.Linear(4, 4) for _ in range(9)])

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x + 1

    tried = 0
    every = weights._assignments

    def counted(*args: Any) -> Any:
        nonlocal tried
        for assignment in every(*args):
            tried += 1
            yield assignment

    def oracle(x: torch.Tensor, **given: torch.Tensor) -> torch.Tensor:
        return x @ sum(given.values(), torch.zeros(4, 4))

    monkeypatch.setattr(weights, "_assignments", counted)
    slots = {f"w{i}": (4, 4) for i in range(7)}
    seen = []
    for new_cell in (True, False, True):
        if new_cell:
            Checks(points=1)
        tried = 0
        with pytest.raises(AssertionError):
            assert_same_function(Wrong(), oracle, slots, torch.ones(2, 4))
        seen.append(tried)
    assert seen[0] == seen[2] <= weights.MOST_ASSIGNMENTS + weights.MOST_UNUSUAL
    assert seen[1] == weights.MOST_IN_VAIN < seen[0]


class Reversed(nn.Module):
    """Six layers, used in the opposite order: far down the list of assignments."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(4, 4, bias=False) for _ in range(6)])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in reversed(self.layers):
            x = torch.tanh(layer(x))
        return x


def in_a_row(x: torch.Tensor, **given: torch.Tensor) -> torch.Tensor:
    for weight in given.values():
        x = torch.tanh(x @ weight)
    return x


def with_a_look(x: torch.Tensor, **given: torch.Tensor) -> torch.Tensor:
    found = in_a_row(x, **given)
    return found if float(found.abs().max()) <= 1 else x  # many assignments at once have no single largest number


@pytest.mark.parametrize("oracle", [in_a_row, with_a_look])
@pytest.mark.parametrize("right", [True, False])
def test_what_fits_is_found_among_many_tried_at_once(oracle: Any, right: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = 0
    module, gather = Reversed(), weights._gather

    def counted(*args: Any) -> Any:
        nonlocal alone
        alone += 1
        return gather(*args)

    monkeypatch.setattr(weights, "_gather", counted)
    if not right:
        module.forward = lambda x: torch.tanh(x)  # type: ignore[method-assign]
    Checks(points=1)
    with contextlib.nullcontext() if right else pytest.raises(AssertionError):
        assert_same_function(module, oracle, {f"w{i}": (4, 4) for i in range(6)}, randn(3, 4))
    assert (alone < 100) == (oracle is in_a_row)


def test_a_costly_oracle_is_asked_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search ends by the work that it has done: an oracle of a thousand times the work is tried that much less."""
    tried: dict[int, int] = {}
    every = weights._assignments

    def oracle(x: torch.Tensor, size: int, **given: torch.Tensor) -> torch.Tensor:
        result = x @ sum(given.values(), torch.zeros(4, 4))
        return result + 0 * (torch.ones(size) * result.sum()).sum()

    for size in (1_000, 1_000_000):

        def counted(*args: Any, size: int = size) -> Any:
            for assignment in every(*args):
                tried[size] = tried.get(size, 0) + 1
                yield assignment

        monkeypatch.setattr(weights, "_assignments", counted)
        monkeypatch.setattr(weights, "MOST_WORK", 100_000_000)
        Checks(points=1)
        module = nn.ModuleList([nn.Linear(4, 4) for _ in range(7)])
        module.forward = lambda x: x + 1  # type: ignore[method-assign]
        with pytest.raises(AssertionError):
            assert_same_function(module, partial(oracle, size=size), {f"w{i}": (4, 4) for i in range(5)}, randn(2, 4))
    assert tried[1_000_000] < 200 < 2_000 < tried[1_000]


@pytest.fixture(autouse=True)
def _a_test_cell_of_its_own() -> None:
    Checks(points=1)
