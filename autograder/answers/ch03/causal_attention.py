"""Answers to exercise 3 of 03_causal_attention: CausalAttention."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in
from autograder.answers.ch03._sentences import NEVER_DROPPED, NEVER_OFF, NOT_HIDDEN

ALTERNATIVES = [
    Alternative(
        name="fused-sdpa",
        description="One fused projection and F.scaled_dot_product_attention with is_causal and dropout_p.",
        code="""class CausalAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, qkv_bias=False):
        super().__init__()
        self.p = dropout
        self.qkv = nn.Linear(d_in, 3 * d_out, bias=qkv_bias)

    def forward(self, x):
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        return F.scaled_dot_product_attention(q, k, v, is_causal=True, dropout_p=self.p if self.training else 0.0)
""",
    ),
    Alternative(
        name="parameters-einsum",
        description="nn.Parameter matrices, einsum, an additive persistent buffer of finfo.min, F.dropout, all-zero biases.",
        code="""class CausalAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, qkv_bias=False):
        super().__init__()
        self.rate, self.scale = dropout, d_out**-0.5
        self.w = nn.ParameterDict({name: nn.Parameter(torch.rand(d_in, d_out)) for name in "qkv"})
        self.b = nn.ParameterDict({name: nn.Parameter(torch.zeros(d_out)) for name in "qkv"} if qkv_bias else {})
        self.register_buffer("penalty", torch.full((context_length, context_length), torch.finfo(torch.float32).min).triu(1))

    def project(self, x, name):
        y = torch.einsum("btd,de->bte", x, self.w[name])
        return y + self.b[name] if name in self.b else y

    def forward(self, x):
        n = x.size(1)
        q, k, v = (self.project(x, name) for name in "qkv")
        s = torch.einsum("bie,bje->bij", q, k) * self.scale + self.penalty[:n, :n]
        w = F.dropout(F.softmax(s, dim=2), p=self.rate, training=self.training)
        return torch.einsum("bij,bje->bie", w, v)
""",
    ),
    Alternative(
        name="on-the-fly",
        description="Values first, the mask built in forward, -1e9, the scale on the queries.",
        code="""class CausalAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, qkv_bias=False):
        super().__init__()
        self.v = nn.Linear(d_in, d_out, qkv_bias)
        self.k = nn.Linear(d_in, d_out, qkv_bias)
        self.q = nn.Linear(d_in, d_out, qkv_bias)
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        B, T, _ = x.shape
        q = self.q(x) / math.sqrt(self.q.out_features)
        scores = torch.bmm(q, self.k(x).permute(0, 2, 1))
        past = torch.ones(T, T, device=x.device).tril()
        scores = scores.masked_fill(past == 0, -1e9)
        return torch.bmm(self.drop(scores.softmax(dim=-1)), self.v(x))
""",
    ),
    Alternative(
        name="fused-parameter",
        description="One fused nn.Parameter of shape (d_in, 3 d_out), a boolean buffer of where one may look, torch.where.",
        code="""class CausalAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, qkv_bias=False):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(d_in, 3 * d_out) / d_in**0.5)
        self.bias = nn.Parameter(torch.randn(3 * d_out)) if qkv_bias else None
        self.drop = nn.Dropout(p=dropout)
        allowed = torch.ones(context_length, context_length, dtype=torch.bool).tril()
        self.register_buffer("allowed", allowed, persistent=False)

    def forward(self, x):
        mixed = x @ self.weight
        if self.bias is not None:
            mixed = mixed + self.bias
        values, queries, keys = mixed.split(mixed.shape[-1] // 3, dim=-1)
        scores = queries @ keys.mT / keys.size(-1) ** 0.5
        T = x.shape[1]
        scores = torch.where(self.allowed[:T, :T], scores, torch.tensor(float("-inf"), dtype=scores.dtype))
        return self.drop(F.softmax(scores, -1)) @ values
""",
    ),
    Alternative(
        name="dice-by-hand",
        description="Dropout written out with Bernoulli dice, and one sentence after the other.",
        code="""class CausalAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, qkv_bias=False):
        super().__init__()
        self.p = dropout
        self.projections = nn.ModuleList(nn.Linear(d_in, d_out, bias=qkv_bias) for _ in range(3))

    def one_sentence(self, x):
        q, k, v = (projection(x) for projection in self.projections)
        scores = (q @ k.T / math.sqrt(k.shape[1])).masked_fill(torch.ones(len(x), len(x)).triu(1) > 0, -math.inf)
        weights = scores.softmax(dim=1)
        if self.training:
            weights = weights * torch.bernoulli(torch.full_like(weights, 1 - self.p)) / (1 - self.p)
        return weights @ v

    def forward(self, x):
        return torch.stack([self.one_sentence(sentence) for sentence in x])
""",
    ),
]

_RIGHT = """class CausalAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, qkv_bias=False):
        super().__init__()
        self.d_in, self.d_out = d_in, d_out
        self.query = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.key = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.value = nn.Linear(d_in, d_out, bias=qkv_bias)
        self.dropout = nn.Dropout(dropout)
        self.register_buffer("mask", torch.triu(torch.ones(context_length, context_length), diagonal=1))

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = self.query(x), self.key(x), self.value(x)
        scores = q @ k.transpose(1, 2)
        scores = scores.masked_fill(self.mask.bool()[:length, :length], -torch.inf)
        weights = torch.softmax(scores / k.shape[-1] ** 0.5, dim=-1)
        weights = self.dropout(weights)
        return weights @ v
"""

_DICE = "03_causal_attention: Dropout on the weights"

_mistake = partial(made_in, _RIGHT, see="03_causal_attention: Exercise 3: CausalAttention")

MISTAKES = [
    _mistake(
        "scores-not-scaled",
        "Your output is what comes out when the scores are not divided by the square root of the key width.",
        ("scores / k.shape[-1] ** 0.5", "scores"),
    ),
    _mistake(
        "scaled-by-input-width",
        "Your scores are divided by the square root of d_in. The sum in a dot product of query and "
        "key has d_out terms, so it is d_out that counts.",
        ("k.shape[-1] ** 0.5", "self.d_in**0.5"),
    ),
    _mistake(
        "scaled-by-length",
        "Your scores are divided by the square root of the number of tokens. The width of the keys "
        "counts, not the length of the sentence.",
        ("k.shape[-1] ** 0.5", "length**0.5"),
    ),
    _mistake(
        "scaled-without-root",
        "Your scores are divided by the key width itself; the square root is missing.",
        ("k.shape[-1] ** 0.5", "k.shape[-1]"),
    ),
    _mistake(
        "softmax-over-queries",
        "Your softmax runs over the tokens that look (`dim=1`). In a batch of score tables the "
        "weights of one token lie along the last dimension.",
        ("dim=-1", "dim=1"),
    ),
    _mistake(
        "no-mask",
        NOT_HIDDEN,
        ("        scores = scores.masked_fill(self.mask.bool()[:length, :length], -torch.inf)\n", ""),
    ),
    _mistake(
        "mask-thrown-away",
        NOT_HIDDEN,
        ("scores = scores.masked_fill", "scores.masked_fill"),
    ),
    _mistake(
        "mask-after-softmax",
        "Your mask comes after the softmax: the future no longer has a weight of its own, but it has "
        "already made all other weights smaller.",
        ("        scores = scores.masked_fill(self.mask.bool()[:length, :length], -torch.inf)\n", ""),
        ("        weights = self.dropout(weights)\n", "        weights = self.dropout(weights.tril())\n"),
        see="03_causal_attention: Exercise 2: mask first, softmax second",
    ),
    _mistake(
        "score-zero",
        "You gave the future the score 0 instead of -inf; the softmax turns 0 into a weight like any other.",
        ("-torch.inf", "0.0"),
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
        "Your mask hides the diagonal, so the first token has nothing to look at and its context vector is NaN.",
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
        ("[:length, :length]", ""),
    ),
    _mistake(
        "float-mask",
        "`masked_fill` wants a mask of True and False; yours holds the numbers 1.0 and 0.0.",
        (".bool()", ""),
    ),
    _mistake(
        "sdpa-mask-inverted",
        "In `F.scaled_dot_product_attention` a boolean mask says where a token MAY look, so yours "
        "shows the future and hides the past.",
        ("        scores = q @ k.transpose(1, 2)\n", "        rate = self.dropout.p if self.training else 0.0\n"),
        (
            "        scores = scores.masked_fill(self.mask.bool()[:length, :length], -torch.inf)\n",
            "        future = self.mask.bool()[:length, :length]\n",
        ),
        ("        weights = torch.softmax(scores / k.shape[-1] ** 0.5, dim=-1)\n", ""),
        ("        weights = self.dropout(weights)\n", ""),
        ("weights @ v", "F.scaled_dot_product_attention(q, k, v, attn_mask=future, dropout_p=rate)"),
    ),
    _mistake(
        "sdpa-dropout-never-off",
        NEVER_OFF,
        ("        scores = q @ k.transpose(1, 2)\n", ""),
        ("        scores = scores.masked_fill(self.mask.bool()[:length, :length], -torch.inf)\n", ""),
        ("        weights = torch.softmax(scores / k.shape[-1] ** 0.5, dim=-1)\n", ""),
        ("        weights = self.dropout(weights)\n", ""),
        ("weights @ v", "F.scaled_dot_product_attention(q, k, v, is_causal=True, dropout_p=self.dropout.p)"),
        see=_DICE,
    ),
    _mistake(
        "dropout-never-off",
        NEVER_OFF,
        ("self.dropout(weights)", "F.dropout(weights, self.dropout.p)"),
        see=_DICE,
    ),
    _mistake(
        "dropout-missing",
        NEVER_DROPPED,
        ("        weights = self.dropout(weights)\n", ""),
        see=_DICE,
    ),
    _mistake(
        "dropout-thrown-away",
        NEVER_DROPPED,
        ("weights = self.dropout(weights)", "self.dropout(weights)"),
        see=_DICE,
    ),
    _mistake(
        "dropout-on-the-output",
        "Your dropout falls on the finished context vectors, so it deletes single features. It "
        "belongs on the attention weights, where it deletes whole looks at a token.",
        ("        weights = self.dropout(weights)\n", ""),
        ("weights @ v", "self.dropout(weights @ v)"),
        see=_DICE,
    ),
    _mistake(
        "dropout-on-the-values",
        "Your dropout falls on the values, so it deletes single features of a token for everybody "
        "who looks at it. It belongs on the attention weights.",
        ("        weights = self.dropout(weights)\n", ""),
        ("weights @ v", "weights @ self.dropout(v)"),
        see=_DICE,
    ),
    _mistake(
        "dropout-on-the-input",
        "Your dropout falls on the token vectors that come in. It belongs on the attention weights.",
        ("        weights = self.dropout(weights)\n", ""),
        (
            "        batch, length, width = x.shape\n",
            "        batch, length, width = x.shape\n        x = self.dropout(x)\n",
        ),
        see=_DICE,
    ),
    _mistake(
        "dropout-before-softmax",
        "Your dropout falls on the scores. A dropped score becomes 0, and the softmax turns 0 into a "
        "weight like any other: nothing is really dropped. Roll the dice after the softmax.",
        ("        weights = self.dropout(weights)\n", ""),
        ("softmax(scores / k", "softmax(self.dropout(scores) / k"),
        see=_DICE,
    ),
    _mistake(
        "dropout-renormalised",
        "You made the rows sum to one again after the dropout. That undoes the scaling by 1 / (1 - "
        "p), and a row that was dropped as a whole becomes 0 / 0.",
        ("self.dropout(weights)", "F.normalize(self.dropout(weights), p=1, dim=-1)"),
        see=_DICE,
    ),
    _mistake(
        "dropout-not-rescaled",
        "Your dropout sets weights to zero but does not divide the others by 1 - p, so the context "
        "vectors are too small on average.",
        ("self.dropout(weights)", "self.dropout(weights) * (1 - self.dropout.p if self.training else 1)"),
        see=_DICE,
    ),
    _mistake(
        "dropout-same-for-the-batch",
        "All sentences of your batch share one roll of the dice: each sentence needs its own.",
        ("self.dropout(weights)", "weights * self.dropout(torch.ones_like(weights[:1]))"),
        see=_DICE,
    ),
    _mistake(
        "keep-rate-for-drop-rate",
        "Your dropout keeps with probability p instead of dropping with probability p.",
        ("nn.Dropout(dropout)", "nn.Dropout(1 - dropout)"),
        see=_DICE,
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
        "Your context vectors are sums of keys. The weights say where to look; what is fetched from "
        "there are the values.",
        ("weights @ v", "weights @ k"),
    ),
    _mistake(
        "input-for-values",
        "Your context vectors are sums of the raw token vectors; the values were not projected.",
        ("weights @ v", "weights @ x"),
    ),
    _mistake(
        "one-projection-for-two",
        "Queries and keys share one projection, so looking is always mutual. They need weights of their own.",
        ("self.query(x), self.key(x)", "self.query(x), self.query(x)"),
    ),
    _mistake(
        "weights-not-trainable",
        "Your projection matrices are plain tensors: no optimiser will find them. Use `nn.Linear`, "
        "or wrap them in `nn.Parameter`.",
        ("self.query = nn.Linear(d_in, d_out, bias=qkv_bias)", "query = nn.Linear(d_in, d_out, bias=qkv_bias)"),
        ("self.key = nn.Linear(d_in, d_out, bias=qkv_bias)", "key = nn.Linear(d_in, d_out, bias=qkv_bias)"),
        (
            "self.value = nn.Linear(d_in, d_out, bias=qkv_bias)",
            "value = nn.Linear(d_in, d_out, bias=qkv_bias)\n        self.projections = lambda x: "
            "(query(x), key(x), value(x))",
        ),
        ("self.query(x), self.key(x), self.value(x)", "self.projections(x)"),
    ),
    _mistake(
        "graph-cut",
        "Your weights are detached from the graph, so queries and keys get no gradient and never learn.",
        ("weights @ v", "weights.detach() @ v"),
    ),
    _mistake(
        "whole-tensor-turned-over",
        "`k.T` transposes all dimensions of a batch. Only the last two may change places: `k.transpose(1, 2)`.",
        ("k.transpose(1, 2)", "k.T"),
    ),
    _mistake(
        "batch-mixed",
        "The sentences of your batch look at each other: all of them are laid end to end before the attention.",
        (
            "        batch, length, width = x.shape\n",
            "        shape, x = x.shape, x.reshape(1, -1, x.shape[-1])\n        batch, length, width = x.shape\n",
        ),
        (
            ".masked_fill(self.mask.bool()[:length, :length], -torch.inf)",
            ".masked_fill(torch.ones(length, length).triu(1).bool(), -torch.inf)",
        ),
        ("weights @ v", "(weights @ v).reshape(*shape[:-1], -1)"),
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
