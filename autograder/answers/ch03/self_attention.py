"""Answers to exercise 2 of 02_self_attention: SelfAttention."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="fused-sdpa",
        description="One fused projection and F.scaled_dot_product_attention.",
        code="""class SelfAttention(nn.Module):
    def __init__(self, d_in, d_out, qkv_bias=False):
        super().__init__()
        self.qkv = nn.Linear(d_in, 3 * d_out, bias=qkv_bias)

    def forward(self, x):
        return F.scaled_dot_product_attention(*self.qkv(x).chunk(3, dim=-1))
""",
    ),
    Alternative(
        name="parameters",
        description="nn.Parameter matrices of shape (d_in, d_out), values first, all-zero biases.",
        code="""class SelfAttention(nn.Module):
    def __init__(self, d_in, d_out, qkv_bias=False):
        super().__init__()
        self.Wv = nn.Parameter(torch.rand(d_in, d_out))
        self.Wq = nn.Parameter(torch.rand(d_in, d_out))
        self.Wk = nn.Parameter(torch.rand(d_in, d_out))
        self.b = nn.Parameter(torch.zeros(3, d_out)) if qkv_bias else None

    def forward(self, x):
        q, k, v = x @ self.Wq, x @ self.Wk, x @ self.Wv
        if self.b is not None:
            q, k, v = q + self.b[0], k + self.b[1], v + self.b[2]
        return F.softmax(torch.einsum("...ie,...je->...ij", q, k) / k.shape[-1] ** 0.5, dim=-1) @ v
""",
    ),
    Alternative(
        name="stacked-parameter",
        description="One stacked nn.Parameter of shape (3, d_in, d_out).",
        code="""class SelfAttention(nn.Module):
    def __init__(self, d_in, d_out, qkv_bias=False):
        super().__init__()
        self.W = nn.Parameter(torch.randn(3, d_in, d_out))
        self.register_parameter("b", nn.Parameter(torch.randn(3 * d_out)) if qkv_bias else None)

    def forward(self, x):
        projected = [x @ w for w in self.W]
        if self.b is not None:
            projected = [y + b for y, b in zip(projected, self.b.chunk(3), strict=True)]
        q, k, v = projected
        return torch.softmax(q @ k.swapaxes(-1, -2) * k.size(-1) ** -0.5, -1) @ v
""",
    ),
    Alternative(
        name="always-a-batch",
        description="One sentence is made a batch of one; bmm; one sentence comes back out.",
        code="""class SelfAttention(nn.Module):
    def __init__(self, d_in, d_out, qkv_bias=False):
        super().__init__()
        self.scale = math.sqrt(d_out)
        self.layers = nn.ModuleDict({name: nn.Linear(d_in, d_out, bias=qkv_bias) for name in ("k", "q", "v")})

    def forward(self, x):
        single = x.dim() == 2
        if single:
            x = x[None]
        q, k, v = (self.layers[name](x) for name in "qkv")
        out = torch.bmm(torch.softmax(torch.bmm(q, k.permute(0, 2, 1)) / self.scale, dim=2), v)
        return out[0] if single else out
""",
    ),
]

_RIGHT = """class SelfAttention(nn.Module):
    def __init__(self, d_in, d_out, qkv_bias=False):
        super().__init__()
        self.d_in = d_in
        self.query = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.key = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.value = nn.Linear(d_in, d_out, bias=qkv_bias)

    def forward(self, x):
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.mT
        weights = torch.softmax(scores / k.shape[-1] ** 0.5, dim=-1)
        return weights @ v
"""

_mistake = partial(made_in, _RIGHT, see="02_self_attention: Exercise 2: SelfAttention")

MISTAKES = [
    _mistake(
        "scores-not-scaled",
        "Your output is what comes out when the scores are not divided by the square root of the key width.",
        ("scores / k.shape[-1] ** 0.5", "scores"),
    ),
    _mistake(
        "scaled-by-input-width",
        "Your scores are divided by the square root of d_in. The dot product of query and key has d_out terms.",
        ("k.shape[-1] ** 0.5", "self.d_in**0.5"),
    ),
    _mistake(
        "scaled-by-length",
        "Your scores are divided by the square root of the number of tokens; the width of the keys counts.",
        ("k.shape[-1] ** 0.5", "k.shape[-2] ** 0.5"),
    ),
    _mistake(
        "scaled-without-root",
        "Your scores are divided by the key width itself; the square root is missing.",
        ("k.shape[-1] ** 0.5", "k.shape[-1]"),
    ),
    _mistake(
        "softmax-over-queries",
        "Your softmax runs over the tokens that look; it must run over those that are looked at, the last dimension.",
        ("dim=-1", "dim=-2"),
    ),
    _mistake(
        "softmax-over-dimension-one",
        "Your softmax runs along `dim=1`, which is right for one sentence; in a batch it runs over "
        "the tokens that look.",
        ("dim=-1", "dim=1"),
    ),
    _mistake(
        "no-softmax",
        "You mixed the values with raw scores; they have to become shares by a softmax first.",
        ("torch.softmax(scores / k.shape[-1] ** 0.5, dim=-1)", "scores / k.shape[-1] ** 0.5"),
    ),
    _mistake(
        "keys-for-values",
        "Your context vectors are sums of keys. The keys say where to look; what is fetched from there are the values.",
        ("weights @ v", "weights @ k"),
    ),
    _mistake(
        "input-for-values",
        "Your context vectors are sums of the raw token vectors; the values were not projected.",
        ("weights @ v", "weights @ x"),
    ),
    _mistake(
        "one-projection-for-two",
        "Queries and keys share one projection, so a token can only look for what it is itself.",
        ("self.query(x), self.key(x)", "self.query(x), self.query(x)"),
    ),
    _mistake(
        "bias-always",
        "Your projections have a bias even when `qkv_bias` is false: `nn.Linear` adds one unless it "
        "is told `bias=qkv_bias`.",
        ("self.query = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.query = nn.Linear(d_in, d_out)"),
        ("self.key = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.key = nn.Linear(d_in, d_out)"),
        ("self.value = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.value = nn.Linear(d_in, d_out)"),
    ),
    _mistake(
        "bias-never",
        "Your projections have no bias even when `qkv_bias` is true.",
        ("self.query = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.query = nn.Linear(d_in, d_out, bias=False)"),
        ("self.key = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.key = nn.Linear(d_in, d_out, bias=False)"),
        ("self.value = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.value = nn.Linear(d_in, d_out, bias=False)"),
    ),
    _mistake(
        "weights-not-trainable",
        "Your projection matrices are plain tensors: no optimiser will find them. Use `nn.Linear`, "
        "or wrap them in `nn.Parameter`.",
        ("self.query = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.query = torch.rand(d_in, d_out)"),
        ("self.key = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.key = torch.rand(d_in, d_out)"),
        ("self.value = nn.Linear(d_in, d_out, bias=qkv_bias)", "self.value = torch.rand(d_in, d_out)"),
        ("self.query(x), self.key(x), self.value(x)", "x @ self.query, x @ self.key, x @ self.value"),
    ),
    _mistake(
        "layers-made-in-forward",
        "Your layers are made anew in every call of `forward`, with new random weights each time. "
        "They belong in `__init__`.",
        (
            "        q, k, v = self.query(x), self.key(x), self.value(x)\n",
            "        q, k, v = (nn.Linear(*f.weight.T.shape, False)(x) for f in (self.query, self.key, self.value))\n",
        ),
    ),
    _mistake(
        "graph-cut",
        "Your weights are detached from the graph, so queries and keys get no gradient and never learn.",
        ("weights @ v", "weights.detach() @ v"),
    ),
    _mistake(
        "batches-only",
        "Your module needs a batch: `transpose(1, 2)` does not exist for one sentence alone. Count "
        "from the end, `transpose(-2, -1)`.",
        ("k.mT", "k.transpose(1, 2)"),
    ),
    _mistake(
        "sentences-only",
        "Your module is right for one sentence; in a batch it transposes more than the last two dimensions, the "
        "sentences among them. `transpose(-2, -1)` and `.mT` transpose the last two, whatever comes before them.",
        ("k.mT", "k.transpose(0, 1)"),
    ),
    _mistake(
        "causal-already",
        "Your tokens do not see the future. That comes in the next notebook; here every token sees the whole sentence.",
        (
            "scores = q @ k.mT",
            "scores = (q @ k.mT).masked_fill(torch.ones(x.shape[-2], x.shape[-2]).triu(1) > 0, -torch.inf)",
        ),
    ),
    _mistake(
        "output-projection",
        "Your module has a fourth layer after the attention. That belongs to multi-head attention, two notebooks on.",
        ("        self.d_in = d_in\n", "        self.d_in = d_in\n        self.out = nn.Linear(d_out, d_out)\n"),
        ("weights @ v", "self.out(weights @ v)"),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "self.W_key = nn.Linear(d_in, d_out, bias=qkv_bias)",
        "keyword bias dropped",
        "A bias of the keys adds the same number to all scores of a row, and the softmax of a row does not change by that.",
    ),
]
