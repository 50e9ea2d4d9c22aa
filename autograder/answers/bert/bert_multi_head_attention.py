"""Answers to exercise 4 of 02_embeddings_and_attention: MultiHeadAttention with padding."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="fused-and-torch-kernel",
        description="One fused projection and F.scaled_dot_product_attention.",
        code="""class MultiHeadAttention(nn.Module):
    def __init__(self, emb_dim, n_heads, drop_rate):
        super().__init__()
        if emb_dim % n_heads:
            raise ValueError("emb_dim should be a multiple of n_heads")
        self.n_heads, self.drop_rate = n_heads, drop_rate
        self.qkv = nn.Linear(emb_dim, 3 * emb_dim)
        self.out = nn.Linear(emb_dim, emb_dim)

    def forward(self, x, hidden=None):
        b, t, d = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, self.n_heads, -1).permute(2, 0, 3, 1, 4)
        seen = None if hidden is None else hidden.logical_not()
        p = self.drop_rate if self.training else 0.0
        context = F.scaled_dot_product_attention(q, k, v, attn_mask=seen, dropout_p=p)
        return self.out(context.transpose(1, 2).reshape(b, t, d))
""",
    ),
    Alternative(
        name="loop-over-heads",
        description="Separate projections, a loop over slices of the vectors, contexts side by side.",
        code="""class MultiHeadAttention(nn.Module):
    def __init__(self, emb_dim, n_heads, drop_rate):
        super().__init__()
        if emb_dim // n_heads * n_heads != emb_dim:
            raise ValueError("bad number of heads")
        self.w_o, self.w_q, self.w_k, self.w_v = (nn.Linear(emb_dim, emb_dim) for _ in range(4))
        self.size, self.p = emb_dim // n_heads, drop_rate

    def forward(self, x, hidden=None):
        contexts = []
        for q, k, v in zip(*(f(x).split(self.size, dim=-1) for f in (self.w_q, self.w_k, self.w_v))):
            s = q @ k.mT / self.size**0.5
            if hidden is not None:
                s = s + torch.where(hidden[:, 0], -1e9, 0.0)
            w = F.dropout(torch.softmax(s, -1), self.p, self.training)
            contexts.append(w @ v)
        return self.w_o(torch.cat(contexts, dim=-1))
""",
    ),
    Alternative(
        name="einsum-with-head-dimensions",
        description="Weights with a dimension for the heads, all by einsum, weights first in the class.",
        code="""class MultiHeadAttention(nn.Module):
    def __init__(self, emb_dim, n_heads, drop_rate):
        super().__init__()
        if emb_dim % n_heads != 0:
            raise ValueError(f"{emb_dim} and {n_heads}")
        d, h = emb_dim, n_heads
        self.w = nn.ParameterDict({n: nn.Parameter(torch.randn(d, h, d // h) / d**0.5) for n in "qkv"})
        self.b = nn.ParameterDict({n: nn.Parameter(torch.zeros(h, d // h)) for n in "qkv"})
        self.drop = nn.Dropout(drop_rate)
        self.o = nn.Parameter(torch.randn(d, d) / d**0.5)
        self.c = nn.Parameter(torch.zeros(d))

    def forward(self, x, hidden=None):
        q, k, v = (torch.einsum("btd,dhe->bthe", x, self.w[n]) + self.b[n] for n in "qkv")
        s = torch.einsum("bthe,bshe->bhts", q, k) / math.sqrt(q.shape[-1])
        if hidden is not None:
            s = s.masked_fill(hidden, torch.finfo(s.dtype).min)
        c = torch.einsum("bhts,bshe->bthe", self.drop(s.softmax(-1)), v)
        return c.flatten(2) @ self.o + self.c
""",
    ),
    Alternative(
        name="torch-module",
        description="nn.MultiheadAttention inside, with key_padding_mask.",
        code="""class MultiHeadAttention(nn.Module):
    def __init__(self, emb_dim, n_heads, drop_rate):
        super().__init__()
        if emb_dim % n_heads:
            raise ValueError("n_heads does not divide emb_dim")
        self.inner = nn.MultiheadAttention(emb_dim, n_heads, dropout=drop_rate, batch_first=True)

    def forward(self, x, hidden=None):
        ignore = None if hidden is None else hidden[:, 0, 0]
        return self.inner(x, x, x, key_padding_mask=ignore, need_weights=False)[0]
""",
    ),
]

_RIGHT = """class MultiHeadAttention(nn.Module):
    def __init__(self, emb_dim, n_heads, drop_rate):
        super().__init__()
        if emb_dim % n_heads:
            raise ValueError("emb_dim should be a multiple of n_heads")
        self.n_heads = n_heads
        self.head_dim = emb_dim // n_heads
        self.query = nn.Linear(emb_dim, emb_dim)
        self.key = nn.Linear(emb_dim, emb_dim)
        self.value = nn.Linear(emb_dim, emb_dim)
        self.out = nn.Linear(emb_dim, emb_dim)
        self.drop = nn.Dropout(drop_rate)

    def forward(self, x, hidden=None):
        b, t, d = x.shape
        q = self.query(x).view(b, t, self.n_heads, self.head_dim).transpose(1, 2)
        k = self.key(x).view(b, t, self.n_heads, self.head_dim).transpose(1, 2)
        v = self.value(x).view(b, t, self.n_heads, self.head_dim).transpose(1, 2)
        scores = q @ k.transpose(2, 3) / self.head_dim**0.5
        if hidden is not None:
            scores = scores.masked_fill(hidden, float("-inf"))
        weights = self.drop(scores.softmax(dim=-1))
        context = (weights @ v).transpose(1, 2).reshape(b, t, d)
        return self.out(context)
"""

_mistake = partial(made_in, _RIGHT, see="02_embeddings_and_attention: Exercise 4: MultiHeadAttention with padding")

MISTAKES = [
    _mistake(
        "causal-mask-kept",
        "You hide the future, as a GPT does. BERT looks in both directions; hide only what `hidden` says.",
        (
            "        if hidden is not None:",
            "        future = torch.ones(t, t).triu(1).bool()\n"
            '        scores = scores.masked_fill(future, float("-inf"))\n        if hidden is not None:',
        ),
    ),
    _mistake(
        "padding-attended",
        "Your mask is not used, so padding is looked at.",
        ('            scores = scores.masked_fill(hidden, float("-inf"))\n', "            pass\n"),
    ),
    _mistake(
        "mask-thrown-away",
        "`masked_fill` gives a new tensor and leaves the old one as it is. Keep its result.",
        ("            scores = scores.masked_fill", "            scores.masked_fill"),
    ),
    _mistake(
        "mask-turned-over",
        "You hide the words and look at the padding. True means hidden here.",
        ("masked_fill(hidden,", "masked_fill(~hidden,"),
    ),
    _mistake(
        "rows-hidden",
        "You hide the rows of padding. It is the columns, what is looked at, that have to be hidden.",
        ("masked_fill(hidden,", "masked_fill(hidden.transpose(2, 3),"),
        ('float("-inf")', "-1e9"),
    ),
    _mistake(
        "mask-after-the-softmax",
        "You hide after the softmax, so the rows do not sum to 1 any more. Hide the scores, before it.",
        ('            scores = scores.masked_fill(hidden, float("-inf"))\n', "            pass\n"),
        ("self.drop(scores.softmax(dim=-1))", "self.drop(scores.softmax(dim=-1) * (1 if hidden is None else ~hidden))"),
    ),
    _mistake(
        "no-scale",
        "Your scores are not divided by the root of the width of a head.",
        (" / self.head_dim**0.5", ""),
    ),
    _mistake(
        "scaled-by-the-whole-width",
        "You divide by the root of the whole width D. It is that of one head, D / H.",
        ("/ self.head_dim**0.5", "/ d**0.5"),
    ),
    _mistake(
        "no-output-projection",
        "The last projection is missing: merged heads go through one more linear layer.",
        ("        self.out = nn.Linear(emb_dim, emb_dim)\n", ""),
        ("self.out(context)", "context"),
    ),
    _mistake(
        "no-biases",
        "Your queries, keys and values have no bias. In BERT all four projections have one.",
        ("self.query = nn.Linear(emb_dim, emb_dim)", "self.query = nn.Linear(emb_dim, emb_dim, bias=False)"),
        ("self.key = nn.Linear(emb_dim, emb_dim)", "self.key = nn.Linear(emb_dim, emb_dim, bias=False)"),
        ("self.value = nn.Linear(emb_dim, emb_dim)", "self.value = nn.Linear(emb_dim, emb_dim, bias=False)"),
    ),
    _mistake(
        "merged-without-transpose",
        "You merge the heads without letting heads and tokens change places first, so the tokens get mixed.",
        ("(weights @ v).transpose(1, 2).reshape", "(weights @ v).reshape"),
    ),
    _mistake(
        "split-without-transpose",
        "You split with one `view` into (B, H, T, D/H), which cuts the vectors in the wrong places. First (B, T, H, D/H), "
        "then let T and H change places.",
        (
            "self.query(x).view(b, t, self.n_heads, self.head_dim).transpose(1, 2)",
            "self.query(x).view(b, self.n_heads, t, self.head_dim)",
        ),
        (
            "self.key(x).view(b, t, self.n_heads, self.head_dim).transpose(1, 2)",
            "self.key(x).view(b, self.n_heads, t, self.head_dim)",
        ),
        (
            "self.value(x).view(b, t, self.n_heads, self.head_dim).transpose(1, 2)",
            "self.value(x).view(b, self.n_heads, t, self.head_dim)",
        ),
    ),
    _mistake(
        "one-projection-for-queries-and-keys",
        "Your keys are made by the projection of the queries. They have one of their own.",
        ("self.key(x)", "self.query(x)"),
    ),
    _mistake(
        "softmax-over-the-queries",
        "Your softmax runs along the queries. The weights of one query sum to 1: `dim=-1`.",
        ("softmax(dim=-1)", "softmax(dim=-2)"),
    ),
    _mistake(
        "dropout-never-off",
        "Your dropout works in evaluation mode, too. Use `nn.Dropout`, or tell `F.dropout` with `training=self.training`.",
        ("self.drop(scores", "F.dropout(scores"),
        ("softmax(dim=-1))", "softmax(dim=-1), self.drop.p)"),
    ),
    _mistake(
        "no-dropout",
        "The dropout on the attention weights is missing.",
        ("self.drop(scores.softmax(dim=-1))", "scores.softmax(dim=-1)"),
    ),
    _mistake(
        "dropout-on-the-result",
        "You drop features of the result. Dropout acts on the attention weights here.",
        ("self.drop(scores.softmax(dim=-1))", "scores.softmax(dim=-1)"),
        ("self.out(context)", "self.drop(self.out(context))"),
    ),
    _mistake(
        "projection-made-in-forward",
        "You make the last projection in `forward`: it is new and random in each call, and nothing ever trains it. Layers "
        "are made in `__init__`.",
        ("        self.out = nn.Linear(emb_dim, emb_dim)\n", ""),
        ("self.out(context)", "nn.Linear(d, d).to(x)(context)"),
    ),
    _mistake(
        "heads-that-do-not-fit-accepted",
        "When n_heads does not divide emb_dim your module says nothing. Raise a ValueError.",
        (
            '        if emb_dim % n_heads:\n            raise ValueError("emb_dim should be a multiple of n_heads")\n',
            "",
        ),
    ),
    _mistake(
        "residual-inside",
        "You add the input to the result. The shortcut belongs to the encoder layer of notebook 3.",
        ("return self.out(context)", "return x + self.out(context)"),
    ),
]
