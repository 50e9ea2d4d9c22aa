"""Answers to exercise 4 of 04_multi_head_attention: MultiHeadAttention."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in
from autograder.answers.ch03._sentences import NEVER_DROPPED, NEVER_OFF, NOT_HIDDEN

ALTERNATIVES = [
    Alternative(
        name="fused-sdpa",
        description="As in nanoGPT: one fused projection, F.scaled_dot_product_attention, an output projection without bias.",
        code="""class MultiHeadAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        if d_out % num_heads != 0:
            raise ValueError("width and heads do not fit")
        self.h, self.p = num_heads, dropout
        self.c_attn = nn.Linear(d_in, 3 * d_out, bias=qkv_bias)
        self.c_proj = nn.Linear(d_out, d_out, bias=False)

    def forward(self, x):
        B, T, _ = x.shape
        q, k, v = (y.view(B, T, self.h, -1).transpose(1, 2) for y in self.c_attn(x).chunk(3, dim=2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True, dropout_p=self.p if self.training else 0.0)
        return self.c_proj(y.transpose(1, 2).contiguous().view(B, T, -1))
""",
    ),
    Alternative(
        name="fused-per-head",
        description="A fused projection whose features are laid out head by head: queries, keys, values of head 0, then of head 1.",
        code="""class MultiHeadAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        if d_out % num_heads:
            raise ValueError(f"{d_out} % {num_heads} is not 0")
        self.h = num_heads
        self.qkv = nn.Linear(d_in, 3 * d_out, bias=qkv_bias)
        self.o = nn.Linear(d_out, d_out)
        self.drop = nn.Dropout(dropout)
        self.register_buffer("bias", torch.full((context_length, context_length), -1e9).triu(1))

    def forward(self, x):
        T = x.shape[1]
        q, k, v = self.qkv(x).unflatten(-1, (self.h, 3, -1)).permute(3, 0, 2, 1, 4)
        w = torch.softmax(q @ k.mT * q.shape[-1] ** -0.5 + self.bias[:T, :T], dim=-1)
        return self.o((self.drop(w) @ v).transpose(1, 2).flatten(2))
""",
    ),
    Alternative(
        name="einsum-parameters",
        description="Three-dimensional nn.Parameters (heads, d_in, d_head) and einsum throughout.",
        code="""class MultiHeadAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        width, rest = divmod(d_out, num_heads)
        if rest:
            raise ValueError("num_heads must divide d_out")
        self.p = dropout
        self.wq, self.wk, self.wv = (nn.Parameter(torch.randn(num_heads, d_in, width) / d_in**0.5) for _ in range(3))
        self.wo = nn.Parameter(torch.randn(d_out, d_out) / d_out**0.5)
        self.b = nn.ParameterList([nn.Parameter(torch.zeros(num_heads, width)) for _ in range(3)] if qkv_bias else [])

    def forward(self, x):
        q, k, v = (torch.einsum("btd,hde->bhte", x, w) for w in (self.wq, self.wk, self.wv))
        if len(self.b):
            q, k, v = (y + b[:, None] for y, b in zip((q, k, v), self.b, strict=True))
        scores = torch.einsum("bhie,bhje->bhij", q, k) / math.sqrt(q.size(-1))
        scores = scores.masked_fill(torch.ones_like(scores).triu(1) == 1, torch.finfo(scores.dtype).min)
        weights = F.dropout(scores.softmax(dim=-1), self.p, self.training)
        return torch.einsum("bhij,bhje->bihe", weights, v).flatten(2) @ self.wo
""",
    ),
    Alternative(
        name="list-of-heads",
        description="Small layers for each head in a ModuleList, and an output projection.",
        code="""class Head(nn.Module):
    def __init__(self, d_in, width, dropout, bias):
        super().__init__()
        self.q = nn.Linear(d_in, width, bias=bias)
        self.k = nn.Linear(d_in, width, bias=bias)
        self.v = nn.Linear(d_in, width, bias=bias)
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        s = self.q(x) @ self.k(x).transpose(-2, -1) / self.q.out_features**0.5
        s = s.masked_fill(torch.ones(x.shape[1], x.shape[1]).triu(1).bool(), float("-inf"))
        return self.drop(s.softmax(-1)) @ self.v(x)


class MultiHeadAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        if d_out % num_heads:
            raise ValueError("d_out must be divisible by num_heads")
        self.stack = nn.ModuleList([Head(d_in, d_out // num_heads, dropout, qkv_bias) for _ in range(num_heads)])
        self.last = nn.Linear(d_out, d_out)

    def forward(self, x):
        return self.last(torch.cat([head(x) for head in self.stack], dim=-1))
""",
    ),
    Alternative(
        name="folded-batch",
        description="Heads folded into the batch, bmm, the output projection created first.",
        code="""class MultiHeadAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        if d_out % num_heads:
            raise ValueError("d_out must be divisible by num_heads")
        super().__init__()
        self.out = nn.Linear(d_out, d_out)
        self.v, self.k, self.q = (nn.Linear(d_in, d_out, bias=qkv_bias) for _ in range(3))
        self.n, self.w = num_heads, d_out // num_heads
        self.drop = nn.Dropout(dropout)
        self.register_buffer("allowed", torch.tril(torch.ones(context_length, context_length)), persistent=False)

    def fold(self, y):
        return y.reshape(len(y), -1, self.n, self.w).transpose(1, 2).flatten(0, 1)

    def forward(self, x):
        B, T, _ = x.shape
        q, k, v = self.fold(self.q(x)), self.fold(self.k(x)), self.fold(self.v(x))
        scores = torch.bmm(q, k.transpose(1, 2)) / math.sqrt(self.w)
        scores = scores.masked_fill(self.allowed[:T, :T] == 0, float("-inf"))
        y = torch.bmm(self.drop(torch.softmax(scores, dim=2)), v)
        return self.out(y.reshape(B, self.n, T, self.w).transpose(1, 2).reshape(B, T, -1))
""",
    ),
]

_DICE = "03_causal_attention: Dropout on the weights"

_RIGHT = """class MultiHeadAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        if d_out % num_heads:
            raise ValueError("d_out must be divisible by num_heads")
        self.heads, self.d_head, self.d_out = num_heads, d_out // num_heads, d_out
        self.query = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.key = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.value = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.out = nn.Linear(d_out, d_out)
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("mask", torch.triu(torch.ones(context_length, context_length), diagonal=1))

    def split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, self.d_head).transpose(1, 2)

    def forward(self, x):
        B, T, _ = x.shape
        q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        scores = q @ k.transpose(2, 3)
        scores = scores.masked_fill(self.mask.bool()[:T, :T], -torch.inf)
        weights = torch.softmax(scores / self.d_head**0.5, dim=-1)
        weights = self.dropout(weights)
        context = weights @ v
        context = context.transpose(1, 2)
        return self.out(context.reshape(B, T, self.d_out))
"""
_SDPA = """class MultiHeadAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        if d_out % num_heads:
            raise ValueError("d_out must be divisible by num_heads")
        self.heads, self.d_out, self.rate = num_heads, d_out, dropout
        self.query = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.key = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.value = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.out = nn.Linear(d_out, d_out)

    def split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

    def forward(self, x):
        B, T, _ = x.shape
        q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        rate = self.rate if self.training else 0.0
        context = F.scaled_dot_product_attention(q, k, v, dropout_p=rate, is_causal=True)
        context = context.transpose(1, 2)
        return self.out(context.reshape(B, T, self.d_out))
"""
_MASKING = "        scores = scores.masked_fill(self.mask.bool()[:T, :T], -torch.inf)\n"

_with_sdpa = partial(made_in, _SDPA, see="04_multi_head_attention: Exercise 4: MultiHeadAttention")
_mistake = partial(made_in, _RIGHT, see="04_multi_head_attention: Exercise 4: MultiHeadAttention")

MISTAKES = [
    _mistake(
        "scores-not-scaled",
        "Your output is what comes out when the scores are not divided by the square root of the key width.",
        ("scores / self.d_head**0.5", "scores"),
    ),
    _mistake(
        "scaled-by-full-width",
        "Your scores are divided by the square root of d_out. Each head's dot products have d_head = "
        "d_out / num_heads terms only, so it is the width of ONE head that counts.",
        ("self.d_head**0.5", "self.d_out**0.5"),
    ),
    _mistake(
        "scaled-by-number-of-heads",
        "Your scores are divided by the square root of the number of heads; the width of one head counts.",
        ("self.d_head**0.5", "self.heads**0.5"),
    ),
    _mistake(
        "scaled-by-length",
        "Your scores are divided by the square root of the number of tokens; the width of one head counts.",
        ("self.d_head**0.5", "T**0.5"),
    ),
    _mistake(
        "scaled-without-root",
        "Your scores are divided by the width of a head itself; the square root is missing.",
        ("self.d_head**0.5", "self.d_head"),
    ),
    _mistake(
        "split-without-transpose",
        "Your split asks for the final shape in one step, so the heads get pieces of the wrong "
        "tokens, from the future among them.",
        (
            ".view(x.shape[0], x.shape[1], self.heads, self.d_head).transpose(1, 2)",
            ".view(x.shape[0], self.heads, x.shape[1], self.d_head)",
        ),
        see="04_multi_head_attention: Exercise 2: split the heads",
    ),
    _mistake(
        "merge-without-transpose",
        "Your merge asks for the final shape in one step: tokens and heads must change places first, "
        "or tokens get each other's numbers.",
        ("        context = context.transpose(1, 2)\n", ""),
        see="04_multi_head_attention: Exercise 3: merge the heads",
    ),
    _mistake(
        "no-output-projection",
        "Your output is the heads side by side; the output projection, the last layer, is missing.",
        ("        self.out = nn.Linear(d_out, d_out)\n", ""),
        ("self.out(context.reshape(B, T, self.d_out))", "context.reshape(B, T, self.d_out)"),
    ),
    _mistake(
        "output-projection-unused",
        "Your output projection is made and never used.",
        ("self.out(context.reshape(B, T, self.d_out))", "context.reshape(B, T, self.d_out)"),
    ),
    _mistake(
        "one-head-only",
        "Your module does not split: one head of full width does all the work, whatever num_heads says.",
        (
            "self.heads, self.d_head, self.d_out = num_heads, d_out // num_heads, d_out",
            "self.heads, self.d_head, self.d_out = 1, d_out, d_out",
        ),
    ),
    _mistake(
        "softmax-over-queries",
        "Your softmax runs over the tokens that look; it must run over those that are looked at, the last dimension.",
        ("dim=-1", "dim=-2"),
    ),
    _mistake(
        "softmax-over-heads",
        "Your softmax runs over the heads (`dim=1`), so the heads compete for each pair of tokens. "
        "It must run over the tokens that are looked at, the last dimension.",
        ("dim=-1", "dim=1"),
    ),
    _mistake("no-mask", NOT_HIDDEN, (_MASKING, "")),
    _mistake(
        "mask-thrown-away",
        NOT_HIDDEN,
        ("scores = scores.masked_fill", "scores.masked_fill"),
    ),
    _mistake(
        "float-mask",
        "Your mask is a tensor of numbers, and `masked_fill` takes booleans only: `mask.bool()`, or `mask == 1`.",
        ("self.mask.bool()[:T, :T]", "self.mask[:T, :T]"),
    ),
    _with_sdpa(
        "sdpa-mask-inverted",
        "Your mask for `F.scaled_dot_product_attention` is inverted: there True means that a token MAY look.",
        ("is_causal=True", "attn_mask=torch.ones(T, T, dtype=torch.bool, device=x.device).triu(1)"),
    ),
    _with_sdpa(
        "sdpa-dropout-never-off",
        NEVER_OFF,
        ("self.rate if self.training else 0.0", "self.rate"),
        see=_DICE,
    ),
    _with_sdpa(
        "sdpa-before-the-split",
        "Your attention runs before the heads are split, so there is one head of full width, whatever num_heads says. First split queries, "
        "keys and values, then let each head attend.",
        (
            "q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))",
            "q, k, v = self.query(x), self.key(x), self.value(x)",
        ),
        ("        context = context.transpose(1, 2)\n", ""),
    ),
    _with_sdpa(
        "heads-attend-to-each-other",
        "Tokens and heads have not changed places before your attention, so in each token the heads look at each other and no token hears "
        "another one. Bring the heads before the tokens: `transpose(1, 2)`.",
        (
            ".view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)",
            ".view(x.shape[0], x.shape[1], self.heads, -1)",
        ),
        ("        context = context.transpose(1, 2)\n", ""),
    ),
    _mistake(
        "mask-after-softmax",
        "Your mask comes after the softmax: the future has already made all other weights smaller.",
        (_MASKING, ""),
        ("self.dropout(weights)", "self.dropout(weights.tril())"),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    _mistake(
        "triangle-swapped",
        "Your tokens see their future and not their past: the mask hides the wrong triangle.",
        (
            "torch.triu(torch.ones(context_length, context_length), diagonal=1)",
            "torch.tril(torch.ones(context_length, context_length), diagonal=-1)",
        ),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    _mistake(
        "diagonal-hidden",
        "Your mask hides the diagonal, so the first token has nothing to look at and its output is NaN.",
        ("diagonal=1", "diagonal=0"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    _mistake(
        "diagonal-two",
        "Your mask begins one column too late: every token sees the next one, which is the one to be guessed.",
        ("diagonal=1", "diagonal=2"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    _mistake(
        "mask-not-cut",
        "Your mask always has the size of context_length. For a shorter sentence take its corner: `mask[:T, :T]`.",
        ("[:T, :T]", ""),
    ),
    _mistake(
        "dropout-missing",
        NEVER_DROPPED,
        ("        weights = self.dropout(weights)\n", ""),
        see=_DICE,
    ),
    _mistake(
        "dropout-never-off",
        NEVER_OFF,
        ("self.dropout(weights)", "F.dropout(weights, self.dropout.p)"),
        see=_DICE,
    ),
    _mistake(
        "dropout-on-the-output",
        "Your dropout falls on the finished output and deletes single features. It belongs on the "
        "attention weights, where it deletes whole looks at a token.",
        ("        weights = self.dropout(weights)\n", ""),
        ("self.out(context.reshape(B, T, self.d_out))", "self.dropout(self.out(context.reshape(B, T, self.d_out)))"),
        see=_DICE,
    ),
    _mistake(
        "dropout-on-the-output-too",
        "Your dropout falls on the attention weights, where it belongs, and a second time on the finished output. Leave the second one out: "
        "the block around the attention has it.",
        ("self.out(context.reshape(B, T, self.d_out))", "self.dropout(self.out(context.reshape(B, T, self.d_out)))"),
        see=_DICE,
    ),
    _mistake(
        "dropout-on-the-values",
        "Your dropout falls on the values. It belongs on the attention weights.",
        ("        weights = self.dropout(weights)\n", ""),
        ("weights @ v", "weights @ self.dropout(v)"),
        see=_DICE,
    ),
    _mistake(
        "dropout-on-the-contexts",
        "Your dropout falls on the context vectors of the heads. It belongs on the attention weights.",
        ("        weights = self.dropout(weights)\n", ""),
        ("weights @ v", "self.dropout(weights @ v)"),
        see=_DICE,
    ),
    _mistake(
        "dropout-not-rescaled",
        "Your dropout sets weights to zero but does not divide the others by 1 - p.",
        ("self.dropout(weights)", "self.dropout(weights) * (1 - self.dropout.p if self.training else 1)"),
        see=_DICE,
    ),
    _mistake(
        "dropout-same-for-all-heads",
        "All your heads share one roll of the dice; each head needs its own.",
        ("self.dropout(weights)", "weights * self.dropout(torch.ones_like(weights[:, :1]))"),
        see=_DICE,
    ),
    _mistake(
        "width-not-checked",
        "Your module does not raise a ValueError when d_out cannot be divided by num_heads.",
        ('        if d_out % num_heads:\n            raise ValueError("d_out must be divisible by num_heads")\n', ""),
    ),
    _mistake(
        "assert-for-value-error",
        "Your module uses `assert` where a ValueError is asked for. Assertions are switched off by "
        "`python -O`; errors in the arguments deserve an exception of their own.",
        (
            '        if d_out % num_heads:\n            raise ValueError("d_out must be divisible by num_heads")\n',
            '        assert d_out % num_heads == 0, "d_out must be divisible by num_heads"\n',
        ),
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
        "keys-for-values",
        "Your outputs are sums of keys. The weights say where to look; what is fetched from there are the values.",
        ("weights @ v", "weights @ k"),
    ),
    _mistake(
        "output-projection-per-head",
        "Your output projection falls on the values before the heads have looked. It is the last "
        "step, after the merge.",
        ("self.split(self.value(x))", "self.split(self.out(self.value(x)))"),
        ("self.out(context.reshape(B, T, self.d_out))", "context.reshape(B, T, self.d_out)"),
    ),
    _mistake(
        "three-dimensional-transpose",
        "`k.transpose(1, 2)` exchanges heads and tokens. With heads the last two dimensions are "
        "number 2 and 3, or -2 and -1.",
        ("k.transpose(2, 3)", "k.transpose(1, 2)"),
    ),
    _mistake(
        "graph-cut",
        "Your weights are detached from the graph, so queries and keys get no gradient and never learn.",
        ("weights @ v", "weights.detach() @ v"),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "self.W_key = nn.Linear(d_in, d_out, bias=qkv_bias)",
        "keyword bias dropped",
        "A bias of the keys adds the same number to all scores of a row, and the softmax of a row does not change by that.",
    ),
    Equivalent(
        "self.register_buffer('future', future, persistent=False)",
        "keyword persistent dropped",
        "Whether the mask is saved with the weights is left to the student: the statement allows any buffer, or none.",
    ),
    Equivalent(
        "self.register_buffer('future', future, persistent=False)",
        "False → True",
        "Whether the mask is saved with the weights is left to the student: the statement allows any buffer, or none.",
    ),
]
