"""Answers to exercise 1 of 02_transformer_block: TransformerBlock."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, in_other_choices, made_in

ALTERNATIVES = [
    Alternative(
        name="shortcut-variable",
        description="The input kept in a variable and `x` overwritten step by step, as in the book.",
        code="""class TransformerBlock(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.att = MultiHeadAttention(
            emb_dim=cfg["emb_dim"], n_heads=cfg["n_heads"], drop_rate=cfg["drop_rate"], qkv_bias=cfg["qkv_bias"]
        )
        self.ff = FeedForward(cfg)
        self.norm1 = nn.LayerNorm(cfg["emb_dim"])
        self.norm2 = nn.LayerNorm(cfg["emb_dim"])
        self.drop_shortcut = nn.Dropout(cfg["drop_rate"])

    def forward(self, x):
        shortcut = x
        x = self.norm1(x)
        x = self.att(x)
        x = self.drop_shortcut(x)
        x = x + shortcut

        shortcut = x
        x = self.norm2(x)
        x = self.ff(x)
        x = self.drop_shortcut(x)
        x = x + shortcut
        return x
""",
    ),
    Alternative(
        name="nanogpt",
        description="Parts of one's own as in nanoGPT: fused projections, PyTorch's attention, dropout inside the parts.",
        code="""class CausalSelfAttention(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.n_head, self.n_embd, self.dropout = cfg["n_heads"], cfg["emb_dim"], cfg["drop_rate"]
        self.c_attn = nn.Linear(self.n_embd, 3 * self.n_embd, bias=cfg["qkv_bias"])
        self.c_proj = nn.Linear(self.n_embd, self.n_embd)
        self.resid_dropout = nn.Dropout(self.dropout)

    def forward(self, x):
        B, T, C = x.size()
        q, k, v = self.c_attn(x).split(self.n_embd, dim=2)
        k = k.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        q = q.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        v = v.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        y = F.scaled_dot_product_attention(
            q, k, v, attn_mask=None, dropout_p=self.dropout if self.training else 0, is_causal=True
        )
        y = y.transpose(1, 2).contiguous().view(B, T, C)
        return self.resid_dropout(self.c_proj(y))


class MLP(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.c_fc = nn.Linear(cfg["emb_dim"], 4 * cfg["emb_dim"])
        self.gelu = nn.GELU()
        self.c_proj = nn.Linear(4 * cfg["emb_dim"], cfg["emb_dim"])
        self.dropout = nn.Dropout(cfg["drop_rate"])

    def forward(self, x):
        return self.dropout(self.c_proj(self.gelu(self.c_fc(x))))


class TransformerBlock(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.ln_1 = nn.LayerNorm(cfg["emb_dim"])
        self.attn = CausalSelfAttention(cfg)
        self.ln_2 = nn.LayerNorm(cfg["emb_dim"])
        self.mlp = MLP(cfg)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        x = x + self.mlp(self.ln_2(x))
        return x
""",
    ),
    Alternative(
        name="functional",
        description="Parameters and functions only: einsum, a mask with -1e9, matrices stored (in, out).",
        code="""class TransformerBlock(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        d, self.h, self.p = cfg["emb_dim"], cfg["n_heads"], cfg["drop_rate"]
        self.g1, self.b1 = nn.Parameter(torch.ones(d)), nn.Parameter(torch.zeros(d))
        self.g2, self.b2 = nn.Parameter(torch.ones(d)), nn.Parameter(torch.zeros(d))
        self.w_up, self.b_up = nn.Parameter(0.02 * torch.randn(d, 4 * d)), nn.Parameter(torch.zeros(4 * d))
        self.w_down, self.b_down = nn.Parameter(0.02 * torch.randn(4 * d, d)), nn.Parameter(torch.zeros(d))
        self.wq, self.wk, self.wv, self.wo = (nn.Parameter(0.02 * torch.randn(d, d)) for _ in range(4))
        self.bq = self.bk = self.bv = None
        if cfg["qkv_bias"]:
            self.bq, self.bk, self.bv = (nn.Parameter(torch.zeros(d)) for _ in range(3))
        self.bo = nn.Parameter(torch.zeros(d))

    def drop(self, x):
        return F.dropout(x, self.p, self.training)

    def listen(self, x):
        T = x.shape[1]
        q, k, v = x @ self.wq, x @ self.wk, x @ self.wv
        if self.bq is not None:
            q, k, v = q + self.bq, k + self.bk, v + self.bv
        q, k, v = (y.reshape(y.shape[0], T, self.h, -1) for y in (q, k, v))
        scores = torch.einsum("bqhe,bkhe->bhqk", q, k) / q.shape[-1] ** 0.5
        mask = torch.tril(torch.ones(T, T, device=x.device)) == 0
        weights = self.drop(scores.masked_fill(mask, -1e9).softmax(dim=-1))
        return torch.einsum("bhqk,bkhe->bqhe", weights, v).reshape(x.shape) @ self.wo + self.bo

    def think(self, x):
        return F.gelu(x @ self.w_up + self.b_up) @ self.w_down + self.b_down

    def forward(self, x):
        h = x + self.drop(self.listen(F.layer_norm(x, x.shape[-1:], self.g1, self.b1)))
        return h + self.drop(self.think(F.layer_norm(h, h.shape[-1:], self.g2, self.b2)))
""",
    ),
    Alternative(
        name="residual-wrapper",
        description="A module for normalise-work-drop-add, used twice in an nn.Sequential.",
        code="""class Residual(nn.Module):
    def __init__(self, width, part, rate):
        super().__init__()
        self.part = nn.Sequential(nn.LayerNorm(width), part, nn.Dropout(rate))

    def forward(self, x):
        return torch.add(x, self.part(x))


class TransformerBlock(nn.Sequential):
    def __init__(self, cfg):
        width, rate = cfg["emb_dim"], cfg["drop_rate"]
        attention = MultiHeadAttention(width, cfg["n_heads"], rate, cfg["qkv_bias"])
        super().__init__(Residual(width, attention, rate), Residual(width, FeedForward(cfg), rate))
""",
    ),
    Alternative(
        name="heads-in-a-list",
        description="Heads as modules of their own, LayerNorm written out, two dropouts, parts made in another order.",
        code="""class Norm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.shift, self.scale = nn.Parameter(torch.zeros(width)), nn.Parameter(torch.ones(width))

    def forward(self, x):
        z = x - x.mean(-1, keepdim=True)
        return self.scale * z / torch.sqrt(z.square().mean(-1, keepdim=True) + 1e-5) + self.shift


class Head(nn.Module):
    def __init__(self, width, size, rate, bias):
        super().__init__()
        self.k = nn.Linear(width, size, bias=bias)
        self.v = nn.Linear(width, size, bias=bias)
        self.q = nn.Linear(width, size, bias=bias)
        self.drop = nn.Dropout(rate)

    def forward(self, x):
        scores = self.q(x) @ self.k(x).mT * self.k.out_features**-0.5
        future = torch.ones_like(scores, dtype=torch.bool).triu(1)
        return self.drop(scores.masked_fill(future, float("-inf")).softmax(-1)) @ self.v(x)


class TransformerBlock(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        width, heads, rate = cfg["emb_dim"], cfg["n_heads"], cfg["drop_rate"]
        self.mlp = FeedForward(cfg)
        self.after = nn.Linear(width, width)
        self.heads = nn.ModuleList(Head(width, width // heads, rate, cfg["qkv_bias"]) for _ in range(heads))
        self.before_mlp, self.before_heads = Norm(width), Norm(width)
        self.drop1, self.drop2 = nn.Dropout(rate), nn.Dropout(rate)

    def forward(self, x):
        normed = self.before_heads(x)
        x = x + self.drop1(self.after(torch.cat([head(normed) for head in self.heads], dim=-1)))
        return x + self.drop2(self.mlp(self.before_mlp(x)))
""",
    ),
]

_RIGHT = """class TransformerBlock(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.norm1 = nn.LayerNorm(cfg["emb_dim"])
        self.norm2 = nn.LayerNorm(cfg["emb_dim"])
        self.att = MultiHeadAttention(cfg["emb_dim"], cfg["n_heads"], cfg["drop_rate"], cfg["qkv_bias"])
        self.ff = FeedForward(cfg)
        self.drop = nn.Dropout(cfg["drop_rate"])

    def forward(self, x):
        heard = self.drop(self.att(self.norm1(x)))
        h = x + heard
        thought = self.drop(self.ff(self.norm2(h)))
        return h + thought
"""

_ATTENTION_CALL = 'MultiHeadAttention(cfg["emb_dim"], cfg["n_heads"], cfg["drop_rate"], cfg["qkv_bias"])'

_OPEN_ATTENTION = """class OpenAttention(nn.Module):
    def __init__(self, width, heads, rate, bias):
        super().__init__()
        self.heads, self.rate = heads, rate
        self.qkv, self.proj = nn.Linear(width, 3 * width, bias=bias), nn.Linear(width, width)

    def forward(self, x):
        q, k, v = (y.unflatten(2, (self.heads, -1)).transpose(1, 2) for y in self.qkv(x).chunk(3, dim=-1))
        y = F.scaled_dot_product_attention(q, k, v, dropout_p=self.rate if self.training else 0.0)
        return self.proj(y.transpose(1, 2).flatten(2))


class TransformerBlock(nn.Module):"""

_mistake = partial(made_in, _RIGHT, see="02_transformer_block: Exercise 1: TransformerBlock")

MISTAKES = [
    _mistake(
        "no-shortcut-around-attention",
        "The shortcut around your attention is missing: what attention answers is added to `x` and does not take its place.",
        ("h = x + heard", "h = heard"),
    ),
    _mistake(
        "no-shortcut-around-feed-forward",
        "The shortcut around your feed-forward network is missing: its answer is added to the stream and does not take "
        "its place.",
        ("return h + thought", "return thought"),
    ),
    _mistake(
        "no-shortcuts",
        "Your block has no shortcuts. Both answers are added to the stream.",
        ("h = x + heard", "h = heard"),
        ("return h + thought", "return thought"),
    ),
    _mistake(
        "second-shortcut-from-the-start",
        "Your second addition begins at the block's input, so what attention has added is lost. It begins at the result of "
        "the first line.",
        ("return h + thought", "return x + thought"),
    ),
    _mistake(
        "post-norm",
        "You add first and normalise afterwards. That is post-norm; here LayerNorm stands before each part and the sum is "
        "left alone.",
        ("self.drop(self.att(self.norm1(x)))", "self.drop(self.att(x))"),
        ("h = x + heard", "h = self.norm1(x + heard)"),
        ("self.drop(self.ff(self.norm2(h)))", "self.drop(self.ff(h))"),
        ("return h + thought", "return self.norm2(h + thought)"),
    ),
    _mistake(
        "normalised-vectors-added-to",
        "You keep the vector for the shortcut after LayerNorm. What is added to is the vector before it, on both lines.",
        ("h = x + heard", "h = self.norm1(x) + heard"),
        ("return h + thought", "return self.norm2(h) + thought"),
    ),
    _mistake(
        "first-shortcut-after-the-norm",
        "Your first shortcut begins after LayerNorm. It begins at the untouched `x`.",
        ("h = x + heard", "h = self.norm1(x) + heard"),
    ),
    _mistake(
        "answers-normalised",
        "Your LayerNorm stands after attention and after the feed-forward network. It stands before them: they read "
        "normalised vectors, and their answers are added as they are.",
        ("self.drop(self.att(self.norm1(x)))", "self.drop(self.norm1(self.att(x)))"),
        ("self.drop(self.ff(self.norm2(h)))", "self.drop(self.norm2(self.ff(h)))"),
    ),
    _mistake(
        "one-norm-for-both",
        "You have one LayerNorm for both parts. There are two, each with a scale and a shift of its own.",
        ('        self.norm2 = nn.LayerNorm(cfg["emb_dim"])\n', ""),
        ("self.norm2(h)", "self.norm1(h)"),
    ),
    _mistake(
        "first-norm-twice",
        "You made two LayerNorms and use the first one in both places, so the second is never trained.",
        ("self.norm2(h)", "self.norm1(h)"),
    ),
    _mistake(
        "two-names-for-one-norm",
        "Both names of your LayerNorm lead to the same module. Make each one anew.",
        ('self.norm2 = nn.LayerNorm(cfg["emb_dim"])', "self.norm2 = self.norm1"),
    ),
    _mistake(
        "no-norm-before-attention",
        "Your attention reads vectors that are not normalised: LayerNorm stands before it.",
        ("self.att(self.norm1(x))", "self.att(x)"),
    ),
    _mistake(
        "no-norm-before-feed-forward",
        "Your feed-forward network reads vectors that are not normalised: a LayerNorm of its own stands before it.",
        ("self.ff(self.norm2(h))", "self.ff(h)"),
    ),
    _mistake(
        "feed-forward-first",
        "Your feed-forward network comes before attention. First the tokens hear each other, then each one thinks.",
        ("self.att(self.norm1(x))", "self.ff(self.norm1(x))"),
        ("self.ff(self.norm2(h))", "self.att(self.norm2(h))"),
    ),
    _mistake(
        "side-by-side",
        "Your feed-forward network reads the block's input. It reads the stream after attention has added to it.",
        ("self.ff(self.norm2(h))", "self.ff(self.norm2(x))"),
    ),
    _mistake(
        "no-dropout-after-attention",
        "Nothing is dropped from the answer of your attention. Dropout falls on both answers before they are added.",
        ("self.drop(self.att(self.norm1(x)))", "self.att(self.norm1(x))"),
    ),
    _mistake(
        "no-dropout-after-feed-forward",
        "Nothing is dropped from the answer of your feed-forward network. Dropout falls on both answers before they are "
        "added.",
        ("self.drop(self.ff(self.norm2(h)))", "self.ff(self.norm2(h))"),
    ),
    _mistake(
        "no-dropout",
        "Your block drops nothing from the two answers. Dropout falls on each of them before it is added.",
        ("self.drop(self.att(self.norm1(x)))", "self.att(self.norm1(x))"),
        ("self.drop(self.ff(self.norm2(h)))", "self.ff(self.norm2(h))"),
    ),
    _mistake(
        "dropout-on-the-stream",
        "Your dropout falls on the sums, so it makes holes in the stream itself. It falls on each answer before it is added.",
        ("self.drop(self.att(self.norm1(x)))", "self.att(self.norm1(x))"),
        ("h = x + heard", "h = self.drop(x + heard)"),
        ("self.drop(self.ff(self.norm2(h)))", "self.ff(self.norm2(h))"),
        ("return h + thought", "return self.drop(h + thought)"),
    ),
    _mistake(
        "dropout-before-the-parts",
        "Your dropout falls on what the parts read. It falls on what they answer.",
        ("self.drop(self.att(self.norm1(x)))", "self.att(self.drop(self.norm1(x)))"),
        ("self.drop(self.ff(self.norm2(h)))", "self.ff(self.drop(self.norm2(h)))"),
    ),
    _mistake(
        "dropout-never-off",
        "Your dropout works in evaluation mode too: `F.dropout` does not know the mode unless you pass "
        "`training=self.training`. `nn.Dropout` knows it.",
        ('self.drop = nn.Dropout(cfg["drop_rate"])', 'self.rate = cfg["drop_rate"]'),
        ("self.drop(self.att(self.norm1(x)))", "F.dropout(self.att(self.norm1(x)), self.rate)"),
        ("self.drop(self.ff(self.norm2(h)))", "F.dropout(self.ff(self.norm2(h)), self.rate)"),
    ),
    _mistake(
        "share-that-is-kept",
        "You gave `nn.Dropout` the share of numbers that is kept. Its argument is the share that is dropped.",
        ('nn.Dropout(cfg["drop_rate"])', 'nn.Dropout(1 - cfg["drop_rate"])'),
    ),
    _mistake(
        "dropout-always-a-tenth",
        "Your dropout's probability is a fixed number. It is `drop_rate` of the configuration.",
        ('nn.Dropout(cfg["drop_rate"])', "nn.Dropout(0.1)"),
    ),
    _mistake(
        "no-dropout-inside-attention",
        "You do not hand `drop_rate` to attention, so no attention weight is ever dropped.",
        (_ATTENTION_CALL, 'MultiHeadAttention(cfg["emb_dim"], cfg["n_heads"], qkv_bias=cfg["qkv_bias"])'),
    ),
    _mistake(
        "no-qkv-bias",
        "You do not hand `qkv_bias` to attention, so its projections never have a bias.",
        (_ATTENTION_CALL, 'MultiHeadAttention(cfg["emb_dim"], cfg["n_heads"], cfg["drop_rate"])'),
    ),
    _mistake(
        "one-head",
        "Your attention has one head. It has `n_heads` of the configuration.",
        (_ATTENTION_CALL, 'MultiHeadAttention(cfg["emb_dim"], 1, cfg["drop_rate"], cfg["qkv_bias"])'),
    ),
    _mistake(
        "future-seen",
        "Your attention sees the future: pass `is_causal=True`, or mask the scores above the diagonal.",
        (_ATTENTION_CALL, 'OpenAttention(cfg["emb_dim"], cfg["n_heads"], cfg["drop_rate"], cfg["qkv_bias"])'),
        ("class TransformerBlock(nn.Module):", _OPEN_ATTENTION),
    ),
    _mistake(
        "input-changed",
        "`x += …` writes into the caller's tensor. Write `x = x + …`, which makes a new one.",
        ("h = x + heard", "x += heard\n        h = x"),
    ),
    _mistake(
        "shortcut-cut-off",
        "Your shortcut is cut off from the gradient (`detach`), and the gradient is what it is for.",
        ("h = x + heard", "h = x.detach() + heard"),
    ),
    _mistake(
        "made-in-forward",
        "You make the feed-forward network in `forward`, so each call has a new one with random weights, and none is "
        "trained. Parts are made in `__init__`.",
        ("self.ff = FeedForward(cfg)", "self.cfg = cfg"),
        ("self.ff(self.norm2(h))", "FeedForward(self.cfg)(self.norm2(h))"),
    ),
    _mistake(
        "mean",
        "You take the mean of stream and answer. They are added.",
        ("h = x + heard", "h = (x + heard) / 2"),
        ("return h + thought", "return (h + thought) / 2"),
    ),
    _mistake(
        "relu",
        "Your feed-forward network uses ReLU; here it should use GELU.",
        (
            "self.ff = FeedForward(cfg)",
            'self.ff = nn.Sequential(nn.Linear(cfg["emb_dim"], 4 * cfg["emb_dim"]), nn.ReLU(), '
            'nn.Linear(4 * cfg["emb_dim"], cfg["emb_dim"]))',
        ),
    ),
]

# With a GELU of either kind.
MISTAKES = in_other_choices(
    MISTAKES,
    (
        "self.ff = FeedForward(cfg)",
        'self.ff = nn.Sequential(nn.Linear(cfg["emb_dim"], 4 * cfg["emb_dim"]), nn.GELU(), nn.Linear(4 * cfg["emb_dim"], cfg["emb_dim"]))',
    ),
)
