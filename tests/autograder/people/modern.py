"""The parts of modern language models."""

from __future__ import annotations

from people.written import Written, by

_norm = by(
    "modern/rms-norm",
    """class RMSNorm(nn.Module):
    def __init__(self, d, eps=1e-5):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(d))
        self.eps = eps
        self.d = d

    def forward(self, x):
        sq = x * x
        rms = (sq.sum(dim=-1, keepdim=True) / self.d + self.eps).sqrt()
        return x / rms * self.gamma
""",
)
_silu = by(
    "modern/silu",
    """def silu(x):
    e = torch.exp(-x)
    return x * (1 / (1 + e))
""",
)
_swiglu = by(
    "modern/swiglu",
    """class SwiGLU(nn.Module):
    def __init__(self, d, d_hidden):
        super().__init__()
        self.w1 = nn.Linear(d, d_hidden, bias=False)
        self.w3 = nn.Linear(d, d_hidden, bias=False)
        self.w2 = nn.Linear(d_hidden, d, bias=False)
        self.act = nn.SiLU()

    def forward(self, x):
        h = self.act(self.w1(x))
        h = h * self.w3(x)
        return self.w2(h)
""",
)
_angles = by(
    "modern/rotary-angles",
    """def rotary_angles(positions, d_head, base=10_000.0):
    i = torch.arange(d_head // 2, dtype=torch.float32)
    freq = torch.pow(base, -2 * i / d_head)
    phi = torch.einsum("p,i->pi", positions.float(), freq)
    return torch.cos(phi), torch.sin(phi)
""",
)
_halves = by(
    "modern/rotate-halves",
    """def rotate_halves(x, cos, sin):
    d = x.size(-1)
    x1, x2 = torch.split(x, d // 2, dim=-1)
    y1 = cos * x1 - sin * x2
    y2 = cos * x2 + sin * x1
    return torch.cat((y1, y2), -1)
""",
)
_pairs = by(
    "modern/rotate-pairs",
    """def rotate_pairs(x, cos, sin):
    shape = x.shape
    p = x.reshape(*shape[:-1], shape[-1] // 2, 2)
    u, v = p.unbind(-1)
    y = torch.stack((u * cos - v * sin, v * cos + u * sin), -1)
    return y.reshape(shape)
""",
)
_layout = by(
    "modern/pairs-to-halves",
    """def pairs_to_halves(weight, n_heads):
    rows, cols = weight.shape
    w = weight.view(n_heads, rows // n_heads // 2, 2, cols)
    w = w.permute(0, 2, 1, 3).contiguous()
    return w.view(rows, cols)
""",
)

MODERN: list[Written] = [
    _norm("the epsilon forgotten", "no-eps", (" / self.d + self.eps)", " / self.d)")),
    _norm("a length instead of a mean", "sum-of-squares", (" / self.d + self.eps", " + self.eps")),
    _norm(
        "centred like LayerNorm",
        "mean-subtracted",
        ("        sq =", "        x = x - x.mean(-1, keepdim=True)\n        sq ="),
    ),
    _norm("epsilon after the root", "eps-outside-the-root", (" + self.eps).sqrt()", ").sqrt() + self.eps")),
    _silu("exponent with the wrong sign", "exponent-without-its-minus", ("torch.exp(-x)", "torch.exp(x)")),
    _silu("a sigmoid and nothing else", "only-the-gate", ("x * (1 / (1 + e))", "1 / (1 + e)")),
    _swiglu("GELU as in GPT-2", "gelu", ("nn.SiLU()", "nn.GELU()")),
    _swiglu(
        "the activation on the other product",
        "silu-of-the-product",
        ("self.act(self.w1(x))", "self.w1(x)"),
        ("self.w2(h)", "self.w2(self.act(h))"),
    ),
    _angles("the two forgotten", "exponent-without-its-two", ("-2 * i", "-i")),
    _angles("counts by itself", "positions-ignored", ("positions.float()", "torch.arange(len(positions)).float()")),
    _halves(
        "reversed sense",
        "turned-backwards",
        ("cos * x1 - sin * x2", "cos * x1 + sin * x2"),
        ("cos * x2 + sin * x1", "cos * x2 - sin * x1"),
    ),
    _halves("overwritten half", "old-value-lost", ("sin * x1\n", "sin * y1\n")),
    _pairs(
        "cat for stack",
        "from-pairs-to-halves",
        ("torch.stack((", "torch.cat(("),
    ),
    _pairs("both with a plus", "two-plus-signs", ("u * cos - v * sin", "u * cos + v * sin")),
    _layout(
        "heads forgotten",
        "heads-ignored",
        ("weight.view(n_heads, rows // n_heads // 2, 2, cols)", "weight.view(1, rows // 2, 2, cols)"),
    ),
    _layout("backwards", "the-other-way", ("rows // n_heads // 2, 2, cols", "2, rows // n_heads // 2, cols")),
]
