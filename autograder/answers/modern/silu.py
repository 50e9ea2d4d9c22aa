"""Answers to exercise 2 of 01_rmsnorm_and_swiglu: silu."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="fraction",
        description="The fraction with exp(-x), which is safe at both ends.",
        code="""def silu(x):
    return x / (1 + torch.exp(-x))
""",
    ),
    Alternative(
        name="tanh",
        description="The logistic function is a tanh: s(x) = (1 + tanh(x / 2)) / 2.",
        code="""def silu(x):
    half = 0.5 * x
    return half * torch.tanh(half) + half
""",
    ),
    Alternative(
        name="softplus",
        description="Through the logarithm of the gate.",
        code="""def silu(x):
    log_gate = -F.softplus(-x)
    return torch.mul(x, log_gate.exp())
""",
    ),
    Alternative(
        name="softmax-of-two",
        description="The gate as the softmax of x and 0.",
        code="""def silu(x):
    open_or_shut = torch.stack([x, torch.zeros_like(x)])
    return x * open_or_shut.softmax(dim=0)[0]
""",
    ),
]

_RIGHT = """def silu(x):
    gate = torch.sigmoid(x)
    return x * gate
"""

_mistake = partial(made_in, _RIGHT, see="01_rmsnorm_and_swiglu: Exercise 2: silu")

MISTAKES = [
    _mistake(
        "only-the-gate",
        "You return the gate. What passes is `x` times the gate.",
        ("x * gate", "gate"),
    ),
    _mistake(
        "gelu",
        "This is GELU. SiLU's gate is the logistic function: `torch.sigmoid(x)`.",
        ("torch.sigmoid(x)", "0.5 * (1 + torch.erf(x / 2**0.5))"),
    ),
    _mistake(
        "quick-gelu",
        "You multiply `x` by 1.702 inside the sigmoid. That is an approximation of GELU; SiLU's gate is the sigmoid of `x` itself.",
        ("torch.sigmoid(x)", "torch.sigmoid(1.702 * x)"),
    ),
    _mistake(
        "relu",
        "This is ReLU: it cuts at zero. SiLU multiplies by a gate that opens smoothly.",
        ("torch.sigmoid(x)", "(x > 0).to(x.dtype)"),
    ),
    _mistake(
        "tanh-as-a-gate",
        "Your gate is the tanh, which goes from -1 to 1. A gate goes from 0 to 1: the logistic function.",
        ("torch.sigmoid(x)", "torch.tanh(x)"),
    ),
    _mistake(
        "mish",
        "This is Mish, with tanh(softplus(x)) as its gate. SiLU's gate is the sigmoid of `x`.",
        ("torch.sigmoid(x)", "torch.tanh(F.softplus(x))"),
    ),
    _mistake(
        "exponent-without-its-minus",
        "Your gate falls where it should rise: the exponent has a minus, 1 / (1 + exp(-x)).",
        ("torch.sigmoid(x)", "1 / (1 + torch.exp(x))"),
    ),
    _mistake(
        "overflows",
        "Right on paper, but `exp(100)` does not fit into a float32, and infinity divided by infinity is NaN. Use `torch.sigmoid`, or "
        "1 / (1 + exp(-x)).",
        ("torch.sigmoid(x)", "torch.exp(x) / (1 + torch.exp(x))"),
    ),
    _mistake(
        "gate-squared",
        "You multiply by the gate twice.",
        ("x * gate", "x * gate * gate"),
    ),
    _mistake(
        "gate-added",
        "You add the gate. It multiplies `x`.",
        ("x * gate", "x + gate"),
    ),
    _mistake(
        "softmax",
        "Your gates are a softmax over the features, so that they compete with each other. Here each number has a gate of its own.",
        ("torch.sigmoid(x)", "torch.softmax(x, dim=-1)"),
    ),
    _mistake(
        "derivative",
        "x · s(x) · (1 - s(x)) is a part of the derivative. The function itself is x · s(x).",
        ("x * gate", "x * gate * (1 - gate)"),
    ),
    _mistake(
        "hard-swish",
        "Your gate is made of straight pieces: that is hard-swish. SiLU's is the logistic function.",
        ("torch.sigmoid(x)", "(x / 6 + 0.5).clamp(0, 1)"),
    ),
    _mistake(
        "no-gradient",
        "Your gate is cut off from the gradient. It depends on `x`, and the gradient must know it: no `detach`, no `no_grad`.",
        ("torch.sigmoid(x)", "torch.sigmoid(x.detach())"),
    ),
    _mistake(
        "input-changed",
        "You write into the caller's tensor: `*=` works in place. Make a new tensor.",
        ("    return x * gate\n", "    x *= gate\n    return x\n"),
    ),
    _mistake(
        "single-precision",
        "You compute in float32 whatever comes in. What goes in as float64 should come out as float64.",
        ("torch.sigmoid(x)", "torch.sigmoid(x.float())"),
        ("x * gate", "x.float() * gate"),
    ),
]
