"""Answers to exercise 2 of 01_layer_norm_gelu_feed_forward: GELU."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="error-function",
        description="The exact formula.",
        code="""class GELU(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, x):
        return x * (1 + torch.erf(x / 2**0.5)) / 2
""",
    ),
    Alternative(
        name="tensor-constants",
        description="The tanh formula with the root as a float32 tensor, as in the book.",
        code="""class GELU(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, x):
        return 0.5 * x * (1 + torch.tanh(
            torch.sqrt(torch.tensor(2.0 / torch.pi)) *
            (x + 0.044715 * torch.pow(x, 3))
        ))
""",
    ),
    Alternative(
        name="sigmoid",
        description="The tanh as a sigmoid: (1 + tanh u) / 2 is the sigmoid of 2 u; Horner's scheme.",
        code="""class GELU(nn.Module):
    def forward(self, x):
        u = 0.7978845608028654 * x * (1 + 0.044715 * x * x)
        return x * torch.sigmoid(2 * u)
""",
    ),
    Alternative(
        name="normal-distribution",
        description="The distribution function from torch.special.",
        code="""class GELU(nn.Module):
    def forward(self, x):
        return x * torch.special.ndtr(x)
""",
    ),
]

_RIGHT = """class GELU(nn.Module):
    def __init__(self):
        super().__init__()

    def forward(self, x):
        root = math.sqrt(2.0 / math.pi)
        return 0.5 * x * (1 + torch.tanh(root * (x + 0.044715 * torch.pow(x, 3))))
"""

_ERF_RIGHT = """class GELU(nn.Module):
    def forward(self, x):
        return x * 0.5 * (1 + torch.erf(x / math.sqrt(2)))
"""

_SEE = "01_layer_norm_gelu_feed_forward: Exercise 2: GELU"
_mistake = partial(made_in, _RIGHT, see=_SEE)
_erf_mistake = partial(made_in, _ERF_RIGHT, see=_SEE)

MISTAKES = [
    _mistake(
        "relu",
        "That is ReLU, which cuts at zero. GELU bends smoothly and dips a little below zero.",
        ("0.5 * x * (1 + torch.tanh(root * (x + 0.044715 * torch.pow(x, 3))))", "torch.relu(x)"),
    ),
    _mistake(
        "logistic-gate",
        "That is the SiLU, x times the sigmoid of x. GELU's gate is the normal distribution function.",
        ("0.5 * x * (1 + torch.tanh(root * (x + 0.044715 * torch.pow(x, 3))))", "x * torch.sigmoid(x)"),
    ),
    _mistake(
        "quick-gelu",
        "x times the sigmoid of 1.702 x is a coarser approximation, off by up to 0.02. Use one of the two formulas.",
        ("0.5 * x * (1 + torch.tanh(root * (x + 0.044715 * torch.pow(x, 3))))", "x * torch.sigmoid(1.702 * x)"),
    ),
    _mistake(
        "cubed-the-constant-too",
        "You cube 0.044715 together with x. Only x is cubed.",
        ("0.044715 * torch.pow(x, 3)", "torch.pow(0.044715 * x, 3)"),
    ),
    _mistake(
        "squared",
        "Your x is squared where it should be cubed; with a square the two sides of zero come out wrong.",
        ("torch.pow(x, 3)", "torch.pow(x, 2)"),
    ),
    _mistake(
        "cube-missing",
        "The term with the cube is missing: it is x + 0.044715 x³ that is multiplied by the root.",
        (" + 0.044715 * torch.pow(x, 3)", ""),
    ),
    _mistake(
        "constant-misread",
        "The constant is 0.044715, and yours is another number.",
        ("0.044715", "0.44715"),
    ),
    _mistake(
        "root-missing",
        "Your 2 / pi has no root over it: the factor is sqrt(2 / pi) = 0.7979.",
        ("math.sqrt(2.0 / math.pi)", "2.0 / math.pi"),
    ),
    _mistake(
        "root-of-two-only",
        "Your root ends too early: it is over the whole fraction 2 / pi.",
        ("math.sqrt(2.0 / math.pi)", "math.sqrt(2.0) / math.pi"),
    ),
    _mistake(
        "root-outside-the-tanh",
        "Your factor sqrt(2 / pi) multiplies the tanh. It belongs inside.",
        ("torch.tanh(root * (x + 0.044715 * torch.pow(x, 3)))", "root * torch.tanh(x + 0.044715 * torch.pow(x, 3))"),
    ),
    _mistake(
        "half-missing",
        "The factor one half is missing: for large x your result is 2 x, and it should be x.",
        ("0.5 * x", "x"),
    ),
    _mistake(
        "one-missing",
        "The 1 + in front of the tanh is missing: a probability lies between 0 and 1, and the tanh between -1 and 1.",
        (
            "(1 + torch.tanh(root * (x + 0.044715 * torch.pow(x, 3))))",
            "torch.tanh(root * (x + 0.044715 * torch.pow(x, 3)))",
        ),
    ),
    _mistake(
        "gate-alone",
        "You return the gate, the probability. It is still to be multiplied by x.",
        ("0.5 * x *", "0.5 *"),
    ),
    _mistake(
        "bracket-too-early",
        "Your bracket closes too early: 1 + tanh as a whole is multiplied by x / 2.",
        (
            "0.5 * x * (1 + torch.tanh(root * (x + 0.044715 * torch.pow(x, 3))))",
            "0.5 * x * 1 + torch.tanh(root * (x + 0.044715 * torch.pow(x, 3)))",
        ),
    ),
    _erf_mistake(
        "no-root-of-two",
        "Your error function gets x itself. The normal distribution function is (1 + erf(x / sqrt(2))) / 2.",
        ("x / math.sqrt(2)", "x"),
    ),
    _erf_mistake(
        "density-for-distribution",
        "You multiply by the density of the normal distribution. GELU's gate is its distribution function, the area to "
        "the left of x.",
        ("0.5 * (1 + torch.erf(x / math.sqrt(2)))", "torch.exp(-x * x / 2) / math.sqrt(2 * math.pi)"),
    ),
    _erf_mistake(
        "complementary-error-function",
        "`erfc` is 1 - erf, so your gate opens on the wrong side.",
        ("(1 + torch.erf(x / math.sqrt(2)))", "torch.erfc(x / math.sqrt(2))"),
    ),
    _erf_mistake(
        "input-changed",
        "You write into the caller's tensor: methods that end in an underscore, and `*=`, work in place.",
        ("        return x * 0.5 *", "        gate = 0.5 *"),
        ("math.sqrt(2)))\n", "math.sqrt(2)))\n        x *= gate\n        return x\n"),
    ),
]
