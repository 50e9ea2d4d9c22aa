"""Answers to exercise 1 of 01_rmsnorm_and_swiglu: RMSNorm."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="rsqrt",
        description="As in Llama's own code: a helper method, rsqrt, scale last.",
        code="""class RMSNorm(nn.Module):
    def __init__(self, d, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(d))

    def _norm(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps)

    def forward(self, x):
        return self._norm(x) * self.weight
""",
    ),
    Alternative(
        name="float32-inside",
        description="As in transformers: computed in float32, and back to the input's dtype.",
        code="""class RMSNorm(nn.Module):
    def __init__(self, d, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(d))
        self.variance_epsilon = eps

    def forward(self, hidden_states):
        input_dtype = hidden_states.dtype
        hidden_states = hidden_states.to(torch.float32)
        variance = hidden_states.pow(2).mean(-1, keepdim=True)
        hidden_states = hidden_states * torch.rsqrt(variance + self.variance_epsilon)
        return self.weight * hidden_states.to(input_dtype)
""",
    ),
    Alternative(
        name="length",
        description="By the length of the vector: its square is D times the mean square.",
        code="""class RMSNorm(nn.Module):
    def __init__(self, d, eps=1e-5):
        super().__init__()
        self.d, self.eps = d, eps
        self.g = nn.Parameter(torch.ones(d))

    def forward(self, x):
        length = torch.linalg.vector_norm(x, dim=-1, keepdim=True)
        return x / (length**2 / self.d + self.eps) ** 0.5 * self.g
""",
    ),
    Alternative(
        name="einsum",
        description="Mean square by einsum, eps in a buffer, the weight of shape (1, D).",
        code="""class RMSNorm(nn.Module):
    def __init__(self, d, eps=1e-5):
        super().__init__()
        self.register_buffer("eps", torch.tensor(eps))
        self.scale = nn.Parameter(torch.ones(1, d))

    def forward(self, x):
        square = torch.einsum("...d,...d->...", x, x) / x.size(-1)
        return torch.einsum("...d,...,d->...d", x, (square + self.eps).rsqrt(), self.scale[0])
""",
    ),
]

_RIGHT = """class RMSNorm(nn.Module):
    def __init__(self, d, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(d))

    def forward(self, x):
        ms = x.pow(2).mean(dim=-1, keepdim=True)
        normal = x / torch.sqrt(ms + self.eps)
        return self.weight * normal
"""

_mistake = partial(made_in, _RIGHT, see="01_rmsnorm_and_swiglu: Exercise 1: RMSNorm")

MISTAKES = [
    _mistake(
        "mean-subtracted",
        "You subtract the mean first. That is LayerNorm; RMSNorm leaves the mean where it is.",
        ("        ms =", "        x = x - x.mean(dim=-1, keepdim=True)\n        ms ="),
    ),
    _mistake(
        "divided-by-the-deviation",
        "You divide by the standard deviation, which is measured around the mean. RMSNorm measures around zero: the mean of the "
        "squares of `x` itself.",
        ("x.pow(2).mean(dim=-1, keepdim=True)", "x.var(dim=-1, keepdim=True, unbiased=False)"),
    ),
    _mistake(
        "eps-outside-the-root",
        "Your eps is added to the root. It stands under the root, beside the mean square; for small vectors that is another number.",
        ("torch.sqrt(ms + self.eps)", "(torch.sqrt(ms) + self.eps)"),
    ),
    _mistake(
        "no-eps",
        "Nothing guards your division: a vector of zeros becomes NaN. Add `eps` under the root.",
        ("ms + self.eps", "ms"),
    ),
    _mistake(
        "eps-argument-ignored",
        "Your eps is always 1e-5, whatever is given. Keep the argument: `self.eps = eps`.",
        ("self.eps = eps", "self.eps = 1e-5"),
    ),
    _mistake(
        "another-default",
        "Without an argument your eps is 1e-6. Here its default is 1e-5, which shows for small vectors.",
        ("eps=1e-5", "eps=1e-6"),
    ),
    _mistake(
        "sum-of-squares",
        "You divide by the root of the *sum* of the squares, which makes vectors of length 1. It is the root of their *mean*: "
        "vectors get the length √D.",
        ("x.pow(2).mean(", "x.pow(2).sum("),
    ),
    _mistake(
        "no-root",
        "You divide by the mean square. It is its square root that is needed.",
        ("torch.sqrt(ms + self.eps)", "(ms + self.eps)"),
    ),
    _mistake(
        "mean-of-absolute-values",
        "You divide by the mean of the absolute values. The name says it from right to left: square, mean, root.",
        ("x.pow(2).mean(dim=-1, keepdim=True)", "x.abs().mean(dim=-1, keepdim=True).pow(2)"),
    ),
    _mistake(
        "square-of-the-mean",
        "You square the mean. It is the mean of the squares: first square, then mean.",
        ("x.pow(2).mean(dim=-1, keepdim=True)", "x.mean(dim=-1, keepdim=True).pow(2)"),
    ),
    _mistake(
        "weight-not-used",
        "You made a weight and do not multiply by it in `forward`.",
        ("return self.weight * normal", "return normal"),
    ),
    _mistake(
        "no-weight",
        "You normalise, and that is all: the weight is missing, one trained number for each feature.",
        ("        self.weight = nn.Parameter(torch.ones(d))\n", ""),
        ("return self.weight * normal", "return normal"),
    ),
    _mistake(
        "weight-not-trained",
        "Your weight is a plain tensor, which no optimizer sees. Make it an `nn.Parameter`.",
        ("nn.Parameter(torch.ones(d))", "torch.ones(d)"),
    ),
    _mistake(
        "one-number-for-all",
        "Your weight is one number. Each feature has its own: shape (D).",
        ("torch.ones(d)", "torch.ones(1)"),
    ),
    _mistake(
        "weight-starts-as-zeros",
        "Your weight starts as zeros, so that everything becomes zero, and a tower of blocks learns next to nothing. It starts as ones.",
        ("torch.ones(d)", "torch.zeros(d)"),
    ),
    _mistake(
        "one-plus-weight",
        "You multiply by 1 + weight. Gemma's files are made for that; in Llama's, and here, the weight itself multiplies.",
        ("torch.ones(d)", "torch.zeros(d)"),
        ("self.weight * normal", "(1 + self.weight) * normal"),
    ),
    _mistake(
        "shift-too",
        "You add a shift, as LayerNorm does. RMSNorm has none: its only parameter is the weight.",
        (
            "        self.weight = nn.Parameter(torch.ones(d))\n",
            "        self.weight = nn.Parameter(torch.ones(d))\n        self.bias = nn.Parameter(torch.zeros(d))\n",
        ),
        ("self.weight * normal", "self.weight * normal + self.bias"),
    ),
    _mistake(
        "weight-first",
        "You multiply by the weight first and normalise afterwards, which takes most of it away again. The weight comes last.",
        ("        ms =", "        x = self.weight * x\n        ms ="),
        ("return self.weight * normal", "return normal"),
    ),
    _mistake(
        "over-the-tokens",
        "Your mean is taken over the tokens, so tokens hear of each other. Take it over the features of each token: `dim=-1`.",
        ("mean(dim=-1", "mean(dim=max(-2, -x.dim())"),
    ),
    _mistake(
        "over-everything",
        "You take one mean square of the whole batch. Each token has its own, over its features: `dim=-1`.",
        ("mean(dim=-1, keepdim=True)", "mean()"),
    ),
    _mistake(
        "over-dimension-one",
        "`dim=1` holds the features when there is no batch; in a batch it holds the tokens. Count from the end: `dim=-1`.",
        ("mean(dim=-1", "mean(dim=min(1, x.dim() - 1)"),
    ),
    _mistake(
        "dimension-lost",
        "Your mean has lost the dimension of the features, so that it does not fit beside `x`, or fits wrongly. Use `keepdim=True`.",
        (", keepdim=True", ""),
    ),
    _mistake(
        "no-gradient-through-the-mean-square",
        "Your mean square is cut off from the gradient. It depends on `x`, and the gradient must know it: no `detach`, no `no_grad`.",
        ("keepdim=True)", "keepdim=True).detach()"),
    ),
    _mistake(
        "input-changed",
        "You write into the caller's tensor: `/=` works in place. Make a new tensor.",
        (
            "        normal = x / torch.sqrt(ms + self.eps)\n",
            "        x /= torch.sqrt(ms + self.eps)\n        normal = x\n",
        ),
    ),
]
