"""Answers to exercise 1 of 01_layer_norm_gelu_feed_forward: LayerNorm."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, in_other_choices, made_in

ALTERNATIVES = [
    Alternative(
        name="var",
        description="mean and var with unbiased=False, as in the book.",
        code="""class LayerNorm(nn.Module):
    def __init__(self, emb_dim):
        super().__init__()
        self.eps = 1e-5
        self.scale = nn.Parameter(torch.ones(emb_dim))
        self.shift = nn.Parameter(torch.zeros(emb_dim))

    def forward(self, x):
        mean = x.mean(dim=-1, keepdim=True)
        var = x.var(dim=-1, keepdim=True, unbiased=False)
        norm_x = (x - mean) / torch.sqrt(var + self.eps)
        return self.scale * norm_x + self.shift
""",
    ),
    Alternative(
        name="shift-first",
        description="Bias before weight, var_mean, rsqrt, addcmul.",
        code="""class LayerNorm(nn.Module):
    def __init__(self, emb_dim):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(emb_dim))
        self.weight = nn.Parameter(torch.ones(emb_dim))

    def forward(self, x):
        v, m = torch.var_mean(x, -1, correction=0, keepdim=True)
        return torch.addcmul(self.bias, self.weight, (x - m) * torch.rsqrt(v + 1e-5))
""",
    ),
    Alternative(
        name="one-parameter",
        description="Scale and shift as the rows of one parameter, with a random start; E[x²] - E[x]².",
        code="""class LayerNorm(nn.Module):
    def __init__(self, emb_dim):
        super().__init__()
        self.gb = nn.Parameter(torch.randn(2, emb_dim))

    def forward(self, x):
        gamma, beta = self.gb
        mu = x.sum(-1, keepdim=True) / x.shape[-1]
        var = ((x * x).mean(-1, keepdim=True) - mu**2).clamp(min=0)
        return gamma * (x - mu) * (var + 1e-5) ** -0.5 + beta
""",
    ),
    Alternative(
        name="buffer",
        description="The 1e-5 in a buffer.",
        code="""class LayerNorm(nn.Module):
    def __init__(self, emb_dim):
        super().__init__()
        self.register_buffer("eps", torch.tensor(1e-5))
        self.gain, self.bias = nn.Parameter(torch.rand(emb_dim)), nn.Parameter(torch.rand(emb_dim))

    def forward(self, x):
        z = x - x.mean(-1, True)
        return z / (z.pow(2).mean(-1, True) + self.eps).sqrt() * self.gain + self.bias
""",
    ),
    Alternative(
        name="einsum",
        description="Mean and variance as products with a vector of 1/D.",
        code="""class LayerNorm(nn.Module):
    def __init__(self, emb_dim):
        super().__init__()
        self.g = nn.Parameter(torch.ones(emb_dim))
        self.b = nn.Parameter(torch.zeros(emb_dim))
        self.emb_dim = emb_dim

    def forward(self, x):
        centred = x - (torch.einsum("...d->...", x) / self.emb_dim)[..., None]
        var = torch.einsum("...d,...d->...", centred, centred) / self.emb_dim
        return centred / (var + 1e-5).sqrt().unsqueeze(-1) * self.g + self.b
""",
    ),
]

_RIGHT = """class LayerNorm(nn.Module):
    def __init__(self, emb_dim):
        super().__init__()
        self.eps = 1e-5
        self.scale = nn.Parameter(torch.ones(emb_dim))
        self.shift = nn.Parameter(torch.zeros(emb_dim))

    def forward(self, x):
        mean = x.mean(dim=-1, keepdim=True)
        var = x.var(dim=-1, keepdim=True, unbiased=False)
        norm_x = (x - mean) / torch.sqrt(var + self.eps)
        return self.scale * norm_x + self.shift
"""

_mistake = partial(made_in, _RIGHT, see="01_layer_norm_gelu_feed_forward: Exercise 1: LayerNorm")

MISTAKES = [
    _mistake(
        "sample-variance",
        "Your variance divides by D - 1, which is PyTorch's default. LayerNorm divides by D: pass `correction=0` (or "
        "`unbiased=False`).",
        (", unbiased=False", ""),
    ),
    _mistake(
        "eps-outside-the-root",
        "Your epsilon is added to the root. It stands under the root, beside the variance; for small vectors that is "
        "another number.",
        ("torch.sqrt(var + self.eps)", "(torch.sqrt(var) + self.eps)"),
    ),
    _mistake(
        "sample-deviation-eps-outside",
        "You divide by `x.std(...) + eps`. PyTorch's `std` divides by D - 1 unless it is told otherwise, and epsilon belongs under the "
        "root: `torch.sqrt(variance + eps)` with the variance that divides by D.",
        (", unbiased=False", ""),
        ("torch.sqrt(var + self.eps)", "(torch.sqrt(var) + self.eps)"),
    ),
    _mistake(
        "no-eps",
        "Nothing guards your division: a vector of equal numbers has variance 0 and becomes NaN. Add 1e-5 under the "
        "root.",
        ("var + self.eps", "var"),
    ),
    _mistake(
        "another-eps",
        "Your epsilon is another number than 1e-5, which shows for small vectors.",
        ("self.eps = 1e-5", "self.eps = 1e-6"),
    ),
    _mistake(
        "no-shift",
        "The shift is missing: the formula ends with + b, one trained number for each feature.",
        ("        self.shift = nn.Parameter(torch.zeros(emb_dim))\n", ""),
        (" + self.shift", ""),
    ),
    _mistake(
        "no-scale",
        "The scale is missing: the normalised vector is multiplied by g, one trained number for each feature.",
        ("        self.scale = nn.Parameter(torch.ones(emb_dim))\n", ""),
        ("self.scale * norm_x", "norm_x"),
    ),
    _mistake(
        "shift-not-used",
        "You made a shift and do not add it in `forward`.",
        (" + self.shift", ""),
    ),
    _mistake(
        "scale-not-used",
        "You made a scale and do not multiply by it in `forward`.",
        ("self.scale * norm_x", "norm_x"),
    ),
    _mistake(
        "only-normalised",
        "You normalise, and that is all: scale and shift are missing.",
        ("        self.scale = nn.Parameter(torch.ones(emb_dim))\n", ""),
        ("        self.shift = nn.Parameter(torch.zeros(emb_dim))\n", ""),
        ("self.scale * norm_x + self.shift", "norm_x"),
    ),
    _mistake(
        "not-trained",
        "Your scale and shift are plain tensors, which no optimiser sees. Make them `nn.Parameter`.",
        ("nn.Parameter(torch.ones(emb_dim))", "torch.ones(emb_dim)"),
        ("nn.Parameter(torch.zeros(emb_dim))", "torch.zeros(emb_dim)"),
    ),
    _mistake(
        "one-number-for-all",
        "Your scale and shift are one number each. Each feature has its own: shape (D).",
        ("torch.ones(emb_dim)", "torch.ones(1)"),
        ("torch.zeros(emb_dim)", "torch.zeros(1)"),
    ),
    _mistake(
        "over-the-tokens",
        "Your mean and variance are taken over the tokens, so tokens hear of each other. Take them over the features of "
        "each token: `dim=-1`.",
        ("x.mean(dim=-1", "x.mean(dim=max(-2, -x.dim())"),
        ("x.var(dim=-1", "x.var(dim=max(-2, -x.dim())"),
    ),
    _mistake(
        "over-the-batch",
        "Your mean and variance are taken over the batch. That is batch normalisation; here each token has its own, over "
        "its features.",
        ("x.mean(dim=-1", "x.mean(dim=0"),
        ("x.var(dim=-1", "x.var(dim=0"),
    ),
    _mistake(
        "over-everything",
        "You take one mean and one variance of the whole batch. Each token has its own, over its features: `dim=-1`.",
        ("x.mean(dim=-1, keepdim=True)", "x.mean()"),
        ("x.var(dim=-1, keepdim=True, unbiased=False)", "x.var(unbiased=False)"),
    ),
    _mistake(
        "over-dimension-one",
        "`dim=1` holds the features when there is no batch; in a batch it holds the tokens. Count from the end: "
        "`dim=-1`.",
        ("x.mean(dim=-1", "x.mean(dim=min(1, x.dim() - 1)"),
        ("x.var(dim=-1", "x.var(dim=min(1, x.dim() - 1)"),
    ),
    _mistake(
        "divided-by-the-variance",
        "You divide by the variance; it is its square root, the standard deviation, that is needed.",
        ("torch.sqrt(var + self.eps)", "(var + self.eps)"),
    ),
    _mistake(
        "not-centred",
        "Your mean is not subtracted: you only divide by the standard deviation.",
        ("(x - mean) /", "x /"),
    ),
    _mistake(
        "root-mean-square",
        "You divide by the root of the mean square and leave the mean where it is. That is RMSNorm; GPT-2's LayerNorm "
        "subtracts the mean.",
        ("x.var(dim=-1, keepdim=True, unbiased=False)", "x.square().mean(dim=-1, keepdim=True)"),
        ("(x - mean) /", "x /"),
    ),
    _mistake(
        "dimension-lost",
        "Your mean and variance have lost the dimension of the features, so that they do not fit beside `x`, or fit "
        "wrongly. Use `keepdim=True`.",
        ("x.mean(dim=-1, keepdim=True)", "x.mean(dim=-1)"),
        ("x.var(dim=-1, keepdim=True, unbiased=False)", "x.var(dim=-1, unbiased=False)"),
    ),
    _mistake(
        "no-gradient-through-the-statistics",
        "Your mean and variance are cut off from the gradient. They depend on `x`, and the gradient must know it: no "
        "`detach`, no `no_grad`.",
        ("x.mean(dim=-1, keepdim=True)", "x.mean(dim=-1, keepdim=True).detach()"),
        ("unbiased=False)", "unbiased=False).detach()"),
    ),
    _mistake(
        "scaled-before",
        "You scale and shift first and normalise afterwards, which takes most of both away again. They come last.",
        ("        mean = x.mean", "        x = self.scale * x + self.shift\n        mean = x.mean"),
        ("return self.scale * norm_x + self.shift", "return norm_x"),
    ),
    _mistake(
        "shift-inside-the-bracket",
        "You add the shift before you multiply by the scale, so the scale stretches the shift too. The shift comes last.",
        ("self.scale * norm_x + self.shift", "self.scale * (norm_x + self.shift)"),
    ),
    _mistake(
        "input-changed",
        "You write into the caller's tensor: `-=` and `/=` work in place. Make new tensors.",
        (
            "        norm_x = (x - mean) / torch.sqrt(var + self.eps)\n",
            "        x -= mean\n        x /= torch.sqrt(var + self.eps)\n        norm_x = x\n",
        ),
    ),
]

# Other epsilons that people write.
MISTAKES = in_other_choices(
    MISTAKES,
    ("self.eps = 1e-6", "self.eps = 1e-3"),
    ("self.eps = 1e-6", "self.eps = 1e-4"),
    ("self.eps = 1e-6", "self.eps = 1e-8"),
    ("self.eps = 1e-6", "self.eps = 1e-12"),
)
