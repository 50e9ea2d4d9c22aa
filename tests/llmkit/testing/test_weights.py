"""The name-agnostic comparison: every layout of the same function passes, other functions fail and say how."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from llmkit.testing import assert_same_function, randn

D_IN, D_OUT, HEADS = 3, 4, 2


def oracle(
    x: torch.Tensor, query: Any, key: Any, value: Any, query_bias: Any = 0.0, key_bias: Any = 0.0, value_bias: Any = 0.0
) -> torch.Tensor:
    return F.scaled_dot_product_attention(
        x @ query + query_bias, x @ key + key_bias, x @ value + value_bias, is_causal=True
    )


SLOTS: dict[str, Any] = dict.fromkeys(("query", "key", "value"), (D_IN, D_OUT))
BIASES: dict[str, Any] = {f"{name}_bias": (D_OUT,) for name in ("query", "key", "value")}


class Base(nn.Module):
    def qkv(self, x: torch.Tensor) -> Any:
        raise NotImplementedError

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        q, k, v = self.qkv(x)
        scores = (q @ k.transpose(-2, -1) / k.shape[-1] ** 0.5).masked_fill(
            torch.ones(x.shape[-2], x.shape[-2]).triu(1).bool(), -torch.inf
        )
        return scores.softmax(-1) @ v


class Separate(Base):
    def __init__(self, bias: bool = False) -> None:
        super().__init__()
        self.v, self.k, self.q = (nn.Linear(D_IN, D_OUT, bias=bias) for _ in range(3))

    def qkv(self, x: torch.Tensor) -> Any:
        return self.q(x), self.k(x), self.v(x)


class Fused(Base):
    def __init__(self, bias: bool = False) -> None:
        super().__init__()
        self.c_attn = nn.Linear(D_IN, 3 * D_OUT, bias=bias)

    def qkv(self, x: torch.Tensor) -> Any:
        return self.c_attn(x).chunk(3, dim=-1)


class Interleaved(Base):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Linear(D_IN, 3 * D_OUT, bias=False)

    def qkv(self, x: torch.Tensor) -> Any:
        split = self.w(x).view(*x.shape[:-1], HEADS, 3, D_OUT // HEADS)
        return tuple(part.flatten(-2) for part in split.unbind(-2))


class InterleavedRoles(Base):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Linear(D_IN, 3 * D_OUT)

    def qkv(self, x: torch.Tensor) -> Any:
        return self.w(x).unflatten(-1, (D_OUT, 3)).unbind(-1)


class Plain(Base):
    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.c = (nn.Parameter(torch.randn(D_IN, D_OUT)) for _ in range(3))

    def qkv(self, x: torch.Tensor) -> Any:
        return x @ self.a, x @ self.b, x @ self.c


class Stacked(Base):
    def __init__(self) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.randn(3, D_IN, D_OUT))

    def qkv(self, x: torch.Tensor) -> Any:
        return (x[None] @ self.w[:, None]).unbind(0)


class PerHead(Base):
    def __init__(self, by_role: bool) -> None:
        super().__init__()
        self.by_role = by_role
        self.parts = nn.ModuleList(nn.Linear(D_IN, D_OUT // HEADS, bias=False) for _ in range(3 * HEADS))

    def qkv(self, x: torch.Tensor) -> Any:
        def join(role: int) -> torch.Tensor:
            own = self.parts[role * HEADS : (role + 1) * HEADS] if self.by_role else self.parts[role::3]
            return torch.cat([part(x) for part in own], dim=-1)

        return join(0), join(1), join(2)


@pytest.mark.parametrize(
    "build", [Separate, Fused, Interleaved, Plain, Stacked, lambda: PerHead(True), lambda: PerHead(False)]
)
def test_every_layout_passes(build: Any) -> None:
    assert_same_function(build(), oracle, SLOTS, randn(2, 5, D_IN), heads=HEADS)


def test_roles_may_change_faster_than_columns() -> None:
    assert_same_function(InterleavedRoles(), oracle, SLOTS | BIASES, randn(2, 5, D_IN))


@pytest.mark.parametrize("build", [Separate, Fused])
def test_biases_are_found(build: Any) -> None:
    assert_same_function(build(bias=True), oracle, SLOTS | BIASES, randn(2, 5, D_IN))
    assert_same_function(build(bias=False), oracle, SLOTS | BIASES, randn(2, 5, D_IN), optional=tuple(BIASES))


def test_a_module_that_insists_on_float32_is_compared_in_float32() -> None:
    class Stubborn(Separate):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            mask = torch.zeros(x.shape[-2], x.shape[-2], dtype=torch.float32).masked_fill(
                torch.ones(x.shape[-2], x.shape[-2]).triu(1).bool(), -torch.inf
            )
            return F.scaled_dot_product_attention(*self.qkv(x), attn_mask=mask)

    assert_same_function(Stubborn(), oracle, SLOTS, randn(2, 5, D_IN))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda q, k, v: (q * 2, k, v), "values differ"),
        (lambda q, k, v: (q, k, v * 2), "values differ"),
        (lambda q, k, v: (q, q, v), "values differ"),
        (lambda q, k, v: (q, k, v * float("nan")), "not finite"),
        (lambda q, k, v: (q, k, v[..., :2]), "should have shape (2, 5, 4); got shape (2, 5, 2)"),
    ],
)
def test_another_function_fails_and_says_how(change: Any, words: str) -> None:
    class Wrong(Separate):
        def qkv(self, x: torch.Tensor) -> Any:
            return change(self.q(x), self.k(x), self.v(x))

    with pytest.raises(AssertionError) as caught:
        assert_same_function(Wrong(), oracle, SLOTS, randn(2, 5, D_IN))
    assert words in str(caught.value)


def test_parameters_that_do_not_fit_are_listed() -> None:
    class Two(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.q, self.k = nn.Linear(D_IN, D_OUT, bias=False), nn.Linear(D_IN, D_OUT, bias=False)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.q(x)

    with pytest.raises(AssertionError, match=r"(?s)do not fit.*query \(3, 4\).*shapes: \(4, 3\), \(4, 3\)"):
        assert_same_function(Two(), oracle, SLOTS, randn(2, 5, D_IN))


def test_what_is_no_module_is_told() -> None:
    with pytest.raises(AssertionError, match=r"torch\.nn\.Module"):
        assert_same_function(lambda x: x, oracle, SLOTS, randn(2, 5, D_IN))


def test_queries_and_keys_under_each_others_names_are_the_same_function() -> None:
    class Exchanged(Separate):
        def qkv(self, x: torch.Tensor) -> Any:
            return self.k(x), self.q(x), self.v(x)

    assert_same_function(Exchanged(), oracle, SLOTS, randn(2, 5, D_IN))


def test_a_list_of_unlike_weights_keeps_its_order() -> None:
    def mlp(x: torch.Tensor, weight: list[torch.Tensor], bias: list[torch.Tensor]) -> torch.Tensor:
        (first, second), (one, two) = weight, bias
        return torch.relu(x @ first + one) @ second + two

    net = nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 2))
    slots: dict[str, Any] = {"weight": [(3, 5), (5, 2)], "bias": [(5,), (2,)]}
    assert_same_function(net, mlp, slots, randn(4, 3))
    with pytest.raises(AssertionError, match="on weights that the test chose"):
        assert_same_function(nn.Sequential(net[0], nn.GELU(), net[2]), mlp, slots, randn(4, 3))


def test_a_softmax_in_single_precision_passes() -> None:
    class Upcast(Separate):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            q, k, v = self.qkv(x)
            hidden = torch.ones(x.shape[1], x.shape[1]).triu(1).bool()
            scores = (q @ k.mT / k.shape[-1] ** 0.5).masked_fill(hidden, -torch.inf)
            return (scores.float().softmax(-1).to(x.dtype) @ v).float()

    for _ in range(20):
        assert_same_function(Upcast(), oracle, SLOTS, 3 * randn(2, 6, D_IN))


def test_a_module_that_changes_its_input_does_not_change_the_oracles() -> None:
    class Careless(Separate):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            result = super().forward(x)
            x.zero_()
            return result

    x = randn(2, 5, D_IN)
    assert_same_function(Careless(), oracle, SLOTS, x)
    assert x.abs().min() > 0


def test_an_assertion_on_the_dtype_means_single_precision() -> None:
    class Picky(Separate):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            assert x.dtype == torch.float32
            return super().forward(x)

    assert_same_function(Picky(), oracle, SLOTS, randn(2, 5, D_IN))


def test_the_caller_says_how_to_call() -> None:
    class Pair(Separate):
        def forward(self, x: torch.Tensor) -> Any:
            return super().forward(x), None

    assert_same_function(Pair(), oracle, SLOTS, randn(2, 5, D_IN), call=lambda module, x: module(x)[0])
    with pytest.raises(AssertionError, match="The output should be a tensor"):
        assert_same_function(Pair(), oracle, SLOTS, randn(2, 5, D_IN))


def test_a_missing_return_is_named() -> None:
    class Nothing(Separate):
        def forward(self, x: torch.Tensor) -> Any:
            super().forward(x)

    with pytest.raises(AssertionError, match="The output: None came back"):
        assert_same_function(Nothing(), oracle, SLOTS, randn(2, 5, D_IN))


def test_an_empty_gap_stays_an_empty_gap() -> None:
    with pytest.raises(NotImplementedError):
        assert_same_function(Base(), oracle, SLOTS, randn(2, 5, D_IN))


def test_weights_that_are_only_buffers_are_read() -> None:
    class Buffers(Base):
        def __init__(self) -> None:
            super().__init__()
            for name in ("q", "k", "v"):
                self.register_buffer(name, torch.randn(D_IN, D_OUT))

        def qkv(self, x: torch.Tensor) -> Any:
            return x @ self.q, x @ self.k, x @ self.v

    assert_same_function(Buffers(), oracle, SLOTS, randn(2, 5, D_IN))


def test_plain_tensors_are_told_to_become_parameters() -> None:
    class Loose(Base):
        def __init__(self) -> None:
            super().__init__()
            self.w = torch.randn(3, D_IN, D_OUT)

        def qkv(self, x: torch.Tensor) -> Any:
            return (x[None] @ self.w.to(x.dtype)[:, None]).unbind(0)

    with pytest.raises(AssertionError, match=r"shapes: none\. Make each weight an nn\.Linear or an nn\.Parameter"):
        assert_same_function(Loose(), oracle, SLOTS, randn(2, 5, D_IN))


# --- the weights are the test's ----------------------------------------------------------------------------------------


class Zeros(Separate):
    """Zero weights and zero outputs agree with every product."""

    def __init__(self) -> None:
        super().__init__()
        for parameter in self.parameters():
            nn.init.zeros_(parameter)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.new_zeros(*x.shape[:-1], D_OUT)


class ReportsOthers(Separate):
    """Its class tells of parameters that are zero, and hides its own."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.new_zeros(*x.shape[:-1], D_OUT)

    def named_parameters(self, *_args: Any, **_options: Any) -> Any:
        yield from ((name, nn.Parameter(torch.zeros(D_OUT, D_IN))) for name in "vkq")


class ForgetsThem(Separate):
    """Sets its weights to zero in forward, so that they agree with what it returns."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for parameter in self.parameters():
            parameter.data.zero_()
        return super().forward(x)


@pytest.mark.parametrize("build", [Zeros, ReportsOthers, ForgetsThem])
def test_weights_that_agree_with_the_output_gain_nothing(build: Any) -> None:
    with pytest.raises(AssertionError, match=r"weights that the test chose|changes its weights"):
        assert_same_function(build(), oracle, SLOTS, randn(2, 5, D_IN))


def test_a_module_that_changes_its_weights_is_told_which() -> None:
    with pytest.raises(AssertionError, match=r"changes its weights: [vkq]\.weight"):
        assert_same_function(ForgetsThem(), oracle, SLOTS, randn(2, 5, D_IN))


def test_one_draw_is_not_enough() -> None:
    """A module that is right for the first weights, and then repeats itself."""

    class Stuck(Separate):
        seen: Any = None

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            changed = self.seen is None or not torch.equal(self.seen[0], self.v.weight)
            self.calls = getattr(self, "calls", 0) + changed
            if changed and self.calls <= 2:  # its own weights, and the first that are drawn
                self.seen = self.v.weight.detach().clone(), super().forward(x)
            return self.seen[1]

    with pytest.raises(AssertionError, match="weights that the test chose"):
        assert_same_function(Stuck(), oracle, SLOTS, randn(2, 5, D_IN))


def test_parameters_that_fit_no_slot_keep_their_values() -> None:
    class Scaled(Separate):
        def __init__(self) -> None:
            super().__init__()
            self.root = nn.Parameter(torch.tensor([1 / D_OUT**0.5]), requires_grad=False)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            q, k, v = self.qkv(x)
            hidden = torch.ones(x.shape[1], x.shape[1]).triu(1).bool()
            return (q @ k.mT / (1 / self.root)).masked_fill(hidden, -torch.inf).softmax(-1) @ v

    assert_same_function(Scaled(), oracle, SLOTS, randn(2, 5, D_IN))


def test_tied_lazy_and_half_precise_weights() -> None:
    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.one = nn.Linear(4, 4, bias=False)
            self.two = nn.Linear(4, 4, bias=False)
            self.two.weight = self.one.weight

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.two(torch.tanh(self.one(x)))

    class Lazy(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.LazyLinear(4)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.layer(x)

    class Half(nn.Linear):
        def double(self) -> Any:
            return self

        def float(self) -> Any:
            return self.bfloat16()

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return F.linear(x, self.weight.to(x.dtype), self.bias.to(x.dtype))

    def linear(x: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        return x @ w + b

    assert_same_function(Tied(), lambda x, w: torch.tanh(x @ w) @ w, {"w": (4, 4)}, randn(3, 4))
    assert_same_function(Lazy(), linear, {"w": (5, 4), "b": (4,)}, randn(3, 5))
    assert_same_function(Half(5, 4).bfloat16(), linear, {"w": (5, 4), "b": (4,)}, randn(3, 5))


def test_known_weights_are_not_tried() -> None:
    class Two(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.second = nn.Linear(4, 6, bias=False), nn.Linear(6, 4, bias=False)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.second(torch.tanh(self.first(x)))

    def by_second(x: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
        return torch.tanh(x.sum(-1, keepdim=True) * 0.25).expand(*x.shape[:-1], 6) @ second

    def known(shape: tuple[int, ...]) -> float | None:
        return 0.25 if shape == (6, 4) else None

    assert_same_function(Two(), by_second, {"second": (6, 4)}, randn(3, 4), fixed=known)


def test_an_oracle_that_tells_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nearly nothing"):
        assert_same_function(Separate(), lambda x, **_given: torch.zeros(2, 5, D_OUT), SLOTS, randn(2, 5, D_IN))
