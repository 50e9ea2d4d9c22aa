"""Answers to exercise 2 of 03_grouped_queries_and_cache: GroupedQueryAttention."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="sdpa-enable-gqa",
        description="F.scaled_dot_product_attention with is_causal and enable_gqa; keys and values from one matrix.",
        code="""class GroupedQueryAttention(nn.Module):
    def __init__(self, d, n_heads, n_kv_heads, base=10_000.0):
        super().__init__()
        if d % n_heads != 0:
            raise ValueError("n_heads must divide d")
        if n_heads % n_kv_heads != 0:
            raise ValueError("n_kv_heads must divide n_heads")
        self.n_heads, self.n_kv_heads, self.base = n_heads, n_kv_heads, base
        self.queries = nn.Linear(d, d, bias=False)
        self.keys_and_values = nn.Linear(d, 2 * n_kv_heads * (d // n_heads), bias=False)
        self.out = nn.Linear(d, d, bias=False)

    def forward(self, x):
        B, T, d = x.shape
        where = torch.arange(T)
        q = self.queries(x).view(B, T, self.n_heads, -1).transpose(1, 2)
        k, v = self.keys_and_values(x).view(B, T, 2, self.n_kv_heads, -1).permute(2, 0, 3, 1, 4)
        q, k = rotate(q, where, self.base), rotate(k, where, self.base)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
        return self.out(y.transpose(1, 2).reshape(B, T, d))
""",
    ),
    Alternative(
        name="parameters-einsum",
        description="nn.Parameter matrices used as x @ W, the group as a dimension in einsum, the rotation by sine and cosine.",
        code="""class GroupedQueryAttention(nn.Module):
    def __init__(self, d, n_heads, n_kv_heads, base=10_000.0):
        super().__init__()
        if d % n_heads or n_heads % n_kv_heads:
            raise ValueError(f"{d}, {n_heads} and {n_kv_heads} do not fit")
        self.groups, self.width = n_kv_heads, d // n_heads
        scale, narrow = d**-0.5, self.width * n_kv_heads
        self.o = nn.Parameter(scale * torch.randn(d, d))
        self.v = nn.Parameter(scale * torch.randn(d, narrow))
        self.k = nn.Parameter(scale * torch.randn(d, narrow))
        self.q = nn.Parameter(scale * torch.randn(d, d))
        self.speeds = [base ** (-2 * i / self.width) for i in range(self.width // 2)]

    def turn(self, y):
        angles = torch.arange(y.shape[1])[:, None] * torch.tensor(self.speeds, dtype=y.dtype)
        shape = (1, y.shape[1]) + (1,) * (y.dim() - 3) + (-1,)
        cos, sin = angles.cos().view(shape), angles.sin().view(shape)
        a, b = y.chunk(2, dim=-1)
        return torch.cat([a * cos - b * sin, b * cos + a * sin], dim=-1)

    def forward(self, x):
        q = self.turn((x @ self.q).unflatten(-1, (self.groups, -1, self.width)))  # (B, T, groups, heads per group, width)
        k = self.turn((x @ self.k).unflatten(-1, (self.groups, self.width)))
        v = (x @ self.v).unflatten(-1, (self.groups, self.width))
        s = torch.einsum("bigrd,bjgd->bgrij", q, k) * self.width**-0.5
        s = s + torch.full(s.shape[-2:], torch.finfo(s.dtype).min, dtype=s.dtype).triu(1)
        return torch.einsum("bgrij,bjgd->bigrd", s.softmax(-1), v).flatten(2) @ self.o
""",
    ),
    Alternative(
        name="head-by-head",
        description="A loop over the query heads, each with the slices of its group; a mask by comparing positions.",
        code="""class GroupedQueryAttention(nn.Module):
    def __init__(self, d, n_heads, n_kv_heads, base=10_000.0):
        if d % n_heads:
            raise ValueError(f"d={d} is not a multiple of n_heads={n_heads}")
        if n_heads % n_kv_heads:
            raise ValueError(f"n_heads={n_heads} is not a multiple of n_kv_heads={n_kv_heads}")
        super().__init__()
        self.h, self.h_kv, self.w, self.base = n_heads, n_kv_heads, d // n_heads, base
        self.to_q = nn.Linear(d, n_heads * self.w, bias=False)
        self.to_k = nn.Linear(d, n_kv_heads * self.w, bias=False)
        self.to_v = nn.Linear(d, n_kv_heads * self.w, bias=False)
        self.to_out = nn.Linear(n_heads * self.w, d, bias=False)

    def forward(self, x):
        n = x.size(1)
        place = torch.arange(n)
        q_all = self.to_q(x).split(self.w, dim=2)
        k_all = [rotate(k, place, self.base) for k in self.to_k(x).split(self.w, dim=2)]
        v_all = self.to_v(x).split(self.w, dim=2)
        out = []
        for head, q in enumerate(q_all):
            group = head // (self.h // self.h_kv)
            s = torch.bmm(rotate(q, place, self.base) / math.sqrt(self.w), k_all[group].transpose(1, 2))
            s = s.masked_fill(place[None, :] > place[:, None], float("-inf"))
            out.append(torch.bmm(F.softmax(s, dim=-1), v_all[group]))
        return self.to_out(torch.cat(out, dim=-1))
""",
    ),
    Alternative(
        name="repeated-values-last",
        description="Weights without a softmax function; keys repeated by indexing, values by expand; a lower triangle.",
        code="""class GroupedQueryAttention(nn.Module):
    def __init__(self, d, n_heads, n_kv_heads, base=10_000.0):
        super().__init__()
        self.d_head, wrong = divmod(d, n_heads)
        times, wrong_too = divmod(n_heads, n_kv_heads)
        if wrong or wrong_too:
            raise ValueError("the heads do not fit")
        self.times, self.n_kv, self.base = times, n_kv_heads, base
        self.proj = nn.ModuleDict({
            "v": nn.Linear(d, n_kv_heads * self.d_head, bias=False),
            "k": nn.Linear(d, n_kv_heads * self.d_head, bias=False),
            "q": nn.Linear(d, d, bias=False),
            "o": nn.Linear(d, d, bias=False),
        })

    def forward(self, x):
        batch, length, d = x.shape
        q, k, v = (self.proj[name](x).reshape(batch, length, -1, self.d_head).movedim(2, 1) for name in "qkv")
        q, k = (rotate(part, torch.arange(length), base=self.base) for part in (q, k))
        k = k[:, torch.arange(self.n_kv * self.times) // self.times]
        v = v.unsqueeze(2).expand(-1, -1, self.times, -1, -1).flatten(1, 2)
        s = (q @ k.mT) * self.d_head**-0.5
        w = (s - s.amax(dim=-1, keepdim=True)).exp().tril()
        w = w / w.sum(dim=-1, keepdim=True)
        return self.proj["o"]((w @ v).movedim(1, 2).reshape(batch, length, d))
""",
    ),
]

_RIGHT = """class GroupedQueryAttention(nn.Module):
    def __init__(self, d, n_heads, n_kv_heads, base=10_000.0):
        super().__init__()
        if d % n_heads:
            raise ValueError("d must be a multiple of n_heads")
        if n_heads % n_kv_heads:
            raise ValueError("n_heads must be a multiple of n_kv_heads")
        self.d, self.d_head, self.base = d, d // n_heads, base
        self.n_kv_heads = n_kv_heads
        self.times = n_heads // n_kv_heads
        self.query = nn.Linear(d, d, bias=False)
        self.key = nn.Linear(d, n_kv_heads * self.d_head, bias=False)
        self.value = nn.Linear(d, n_kv_heads * self.d_head, bias=False)
        self.out = nn.Linear(d, d, bias=False)

    def split(self, y):
        B, T, width = y.shape
        return y.view(B, T, width // self.d_head, self.d_head).transpose(1, 2)

    def forward(self, x):
        B, T, d = x.shape
        q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        positions = torch.arange(T)
        q = rotate(q, positions, self.base)
        k = rotate(k, positions, self.base)
        k = k.repeat_interleave(self.times, dim=1)
        v = v.repeat_interleave(self.times, dim=1)
        scores = q @ k.transpose(2, 3)
        scores = scores / self.d_head**0.5
        future = torch.ones(T, T, dtype=torch.bool).triu(diagonal=1)
        scores = scores.masked_fill(future, -torch.inf)
        weights = scores.softmax(dim=-1)
        context = (weights @ v).transpose(1, 2)
        return self.out(context.reshape(B, T, d))
"""

_SEE = "03_grouped_queries_and_cache: Exercise 2: `GroupedQueryAttention`"
_GROUPS = "03_grouped_queries_and_cache: Exercise 1: repeat the heads"

# A rotation of neighbouring pairs, as GGUF files need it.
_PAIRS = """def _rotate_pairs(x, positions, base):
    half = x.shape[-1] // 2
    angles = positions[:, None] / base ** (torch.arange(half, dtype=torch.float64) / half)
    cos, sin = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack([even * cos - odd * sin, even * sin + odd * cos], dim=-1).flatten(-2)


class GroupedQueryAttention(nn.Module):
"""

_mistake = partial(made_in, _RIGHT, see=_SEE)

MISTAKES = [
    _mistake(
        "heads-in-turn",
        "Your heads are repeated in turn: a, b, a, b. Neighbouring query heads share a head of keys and values: a, a, b, b.",
        ("k = k.repeat_interleave(self.times, dim=1)", "k = k.repeat(1, self.times, 1, 1)"),
        ("v = v.repeat_interleave(self.times, dim=1)", "v = v.repeat(1, self.times, 1, 1)"),
        see=_GROUPS,
    ),
    _mistake(
        "values-in-turn",
        "Your values are repeated in turn: a, b, a, b, while your keys are not. Both go with neighbouring query heads: a, a, b, b.",
        ("v = v.repeat_interleave(self.times, dim=1)", "v = v.repeat(1, self.times, 1, 1)"),
        see=_GROUPS,
    ),
    _mistake(
        "not-rotated",
        "Your attention knows nothing of positions: queries and keys are not rotated.",
        ("        q = rotate(q, positions, self.base)\n", ""),
        ("        k = rotate(k, positions, self.base)\n", ""),
    ),
    _mistake(
        "rotation-thrown-away",
        "Your attention knows nothing of positions: `rotate` returns a new tensor, and yours is thrown away.",
        ("q = rotate(q", "rotate(q"),
        ("k = rotate(k", "rotate(k"),
    ),
    _mistake(
        "keys-not-rotated",
        "You rotate the queries only, so a score depends on one place instead of a distance. The keys are rotated too.",
        ("        k = rotate(k, positions, self.base)\n", ""),
    ),
    _mistake(
        "queries-not-rotated",
        "You rotate the keys only, so a score depends on one place instead of a distance. The queries are rotated too.",
        ("        q = rotate(q, positions, self.base)\n", ""),
    ),
    _mistake(
        "values-rotated",
        "You rotate the values, too. Positions belong into queries and keys only.",
        (
            "        k = rotate(k, positions, self.base)\n",
            "        k = rotate(k, positions, self.base)\n        v = rotate(v, positions, self.base)\n",
        ),
    ),
    _mistake(
        "pairs-for-halves",
        "You rotate neighbouring pairs. Here the layout is that of halves: number i goes with number i + d_head / 2.",
        ("class GroupedQueryAttention(nn.Module):\n", _PAIRS),
        ("q = rotate(q", "q = _rotate_pairs(q"),
        ("k = rotate(k", "k = _rotate_pairs(k"),
    ),
    _mistake(
        "rotated-before-the-split",
        "You rotate the whole vector before it is cut into heads, so each head turns by other angles. Cut first, then rotate.",
        (
            "self.split(self.query(x)), self.split(self.key(x))",
            "self.split(rotate(self.query(x), torch.arange(T), self.base)), "
            "self.split(rotate(self.key(x), torch.arange(T), self.base))",
        ),
        ("        q = rotate(q, positions, self.base)\n", ""),
        ("        k = rotate(k, positions, self.base)\n", ""),
    ),
    _mistake(
        "rotated-the-other-way",
        "Your positions run backwards: the last token stands at 0. The first one does.",
        ("torch.arange(T)", "torch.arange(T).flip(0)"),
    ),
    _mistake(
        "positions-of-the-heads",
        "You rotate before tokens and heads have changed places, so `rotate` takes heads for tokens. It wants (..., T, d_head).",
        (
            "q = rotate(q, positions, self.base)",
            "q = rotate(q.transpose(1, 2), torch.arange(q.shape[1]), self.base).transpose(1, 2)",
        ),
        (
            "k = rotate(k, positions, self.base)",
            "k = rotate(k.transpose(1, 2), torch.arange(k.shape[1]), self.base).transpose(1, 2)",
        ),
    ),
    _mistake(
        "base-forgotten",
        "You rotate by the angles of base 10,000, whatever `base` says. Pass it on to `rotate`.",
        ("q = rotate(q, positions, self.base)", "q = rotate(q, positions)"),
        ("k = rotate(k, positions, self.base)", "k = rotate(k, positions)"),
    ),
    _mistake(
        "scores-not-scaled",
        "Your scores are not divided by the square root of the width of a head.",
        ("        scores = scores / self.d_head**0.5\n", ""),
    ),
    _mistake(
        "scaled-by-full-width",
        "Your scores are divided by the square root of the full width d. Each head has a dot product of d_head terms.",
        ("self.d_head**0.5", "self.d**0.5"),
    ),
    _mistake(
        "scaled-without-root",
        "Your scores are divided by the width of a head itself; the square root is missing.",
        ("self.d_head**0.5", "self.d_head"),
    ),
    _mistake(
        "width-from-key-heads",
        "Your scores are divided by the root of d / n_kv_heads. A head has the width d / n_heads, however many heads of keys there are.",
        ("self.d_head**0.5", "(self.d / self.n_kv_heads) ** 0.5"),
    ),
    _mistake(
        "no-mask",
        "Your tokens see their future: it is not hidden before the softmax.",
        ("        scores = scores.masked_fill(future, -torch.inf)\n", ""),
    ),
    _mistake(
        "mask-thrown-away",
        "Your tokens see their future: `masked_fill` returns a new tensor, and yours is thrown away.",
        ("scores = scores.masked_fill", "scores.masked_fill"),
    ),
    _mistake(
        "mask-after-softmax",
        "Your mask comes after the softmax: the future has no weight of its own any more, but it has made all other weights smaller.",
        ("        scores = scores.masked_fill(future, -torch.inf)\n", ""),
        ("scores.softmax(dim=-1)", "scores.softmax(dim=-1).masked_fill(future, 0.0)"),
    ),
    _mistake(
        "score-zero",
        "You gave the future the score 0 instead of -inf; the softmax turns 0 into a weight like any other.",
        ("-torch.inf", "0.0"),
    ),
    _mistake(
        "diagonal-hidden",
        "Your mask hides the diagonal, so the first token has nothing to look at and its output is NaN.",
        ("diagonal=1", "diagonal=0"),
    ),
    _mistake(
        "diagonal-two",
        "Your mask begins one column too late: every token sees the next one.",
        ("diagonal=1", "diagonal=2"),
    ),
    _mistake(
        "softmax-over-queries",
        "Your softmax runs over the tokens that look. The weights of one token lie along the last dimension.",
        ("dim=-1", "dim=-2"),
    ),
    _mistake(
        "keys-for-values",
        "Your outputs are sums of keys. The weights say where to look; what is fetched from there are the values.",
        ("weights @ v", "weights @ k"),
    ),
    _mistake(
        "nothing-shared",
        "Your keys and values have as many heads as the queries: that is multi-head attention. They have n_kv_heads heads.",
        ("self.key = nn.Linear(d, n_kv_heads * self.d_head, bias=False)", "self.key = nn.Linear(d, d, bias=False)"),
        ("self.value = nn.Linear(d, n_kv_heads * self.d_head, bias=False)", "self.value = nn.Linear(d, d, bias=False)"),
        ("        k = k.repeat_interleave(self.times, dim=1)\n", ""),
        ("        v = v.repeat_interleave(self.times, dim=1)\n", ""),
    ),
    _mistake(
        "bias-everywhere",
        "Your projections have a bias. `nn.Linear` adds one unless it is told `bias=False`.",
        ("self.query = nn.Linear(d, d, bias=False)", "self.query = nn.Linear(d, d)"),
        (
            "self.key = nn.Linear(d, n_kv_heads * self.d_head, bias=False)",
            "self.key = nn.Linear(d, n_kv_heads * self.d_head)",
        ),
        (
            "self.value = nn.Linear(d, n_kv_heads * self.d_head, bias=False)",
            "self.value = nn.Linear(d, n_kv_heads * self.d_head)",
        ),
        ("self.out = nn.Linear(d, d, bias=False)", "self.out = nn.Linear(d, d)"),
    ),
    _mistake(
        "bias-of-the-output",
        "Your output projection has a bias. Here none of the four has one: `bias=False`.",
        ("self.out = nn.Linear(d, d, bias=False)", "self.out = nn.Linear(d, d)"),
    ),
    _mistake(
        "no-output-projection",
        "Your heads are merged and returned as they are: the output projection is missing.",
        ("        self.out = nn.Linear(d, d, bias=False)\n", ""),
        ("return self.out(context.reshape(B, T, d))", "return context.reshape(B, T, d)"),
    ),
    _mistake(
        "split-without-transpose",
        "You cut into heads by asking for the final shape in one step, which pours the numbers in their old order. "
        "Cut first, then let tokens and heads change places.",
        (
            "y.view(B, T, width // self.d_head, self.d_head).transpose(1, 2)",
            "y.view(B, width // self.d_head, T, self.d_head)",
        ),
    ),
    _mistake(
        "merge-without-transpose",
        "You merge the heads without letting heads and tokens change places first, so the tokens are mixed.",
        ("context = (weights @ v).transpose(1, 2)", "context = weights @ v"),
    ),
    _mistake(
        "heads-not-checked",
        "Your module does not raise a ValueError when n_heads is not a multiple of n_kv_heads.",
        (
            '        if n_heads % n_kv_heads:\n            raise ValueError("n_heads must be a multiple of n_kv_heads")\n',
            "",
        ),
    ),
    _mistake(
        "width-not-checked",
        "Your module does not raise a ValueError when d is not a multiple of n_heads.",
        ('        if d % n_heads:\n            raise ValueError("d must be a multiple of n_heads")\n', ""),
    ),
    _mistake(
        "assert-for-value-error",
        "Your module uses `assert` where a ValueError is asked for. Assertions are switched off by `python -O`.",
        (
            '        if d % n_heads:\n            raise ValueError("d must be a multiple of n_heads")\n',
            "        assert d % n_heads == 0\n",
        ),
        (
            '        if n_heads % n_kv_heads:\n            raise ValueError("n_heads must be a multiple of n_kv_heads")\n',
            "        assert n_heads % n_kv_heads == 0\n",
        ),
    ),
    _mistake(
        "graph-cut",
        "Your weights are detached from the graph, so queries and keys get no gradient and never learn.",
        ("weights @ v", "weights.detach() @ v"),
    ),
]
