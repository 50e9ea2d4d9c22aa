"""Right answers of chapter 4 in other styles: the transformer block, and what it costs."""

from __future__ import annotations

from autograder.catalogue import Alternative

_BLOCK = [
    Alternative(
        exercise="ch04/transformer-block",
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
        exercise="ch04/transformer-block",
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
        exercise="ch04/transformer-block",
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
        exercise="ch04/transformer-block",
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
        exercise="ch04/transformer-block",
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

_FLOPS = [
    Alternative(
        exercise="ch04/block-flops",
        name="helper-and-loop",
        description="A function for one product, summed over the heads.",
        code="""def block_flops(cfg, length):
    def product(a, b, c):
        return 2 * a * b * c

    width, heads = cfg["emb_dim"], cfg["n_heads"]
    size = width // heads
    attention = 0
    for _ in range(heads):
        attention += product(length, size, length) + product(length, length, size)
    return dict(
        projections=sum(product(length, width, width) for _ in range(4)),
        attention=attention,
        feed_forward=product(length, width, 4 * width) + product(length, 4 * width, width),
    )
""",
    ),
    Alternative(
        exercise="ch04/block-flops",
        name="by-parameters",
        description="Twice the parameters of the matrices for each token.",
        code="""def block_flops(cfg, length):
    D, T = cfg["emb_dim"], length
    parameters = {"projections": 4 * D**2, "feed_forward": 8 * D**2}
    flops = {part: 2 * count * T for part, count in parameters.items()}
    flops["attention"] = 4 * T**2 * D
    return flops
""",
    ),
    Alternative(
        exercise="ch04/block-flops",
        name="on-meta-tensors",
        description="Sizes read from tensors on the meta device.",
        code="""def block_flops(cfg, length):
    x = torch.empty(length, cfg["emb_dim"], device="meta")
    square = torch.empty(cfg["emb_dim"], cfg["emb_dim"], device="meta")
    wide = torch.empty(cfg["emb_dim"], 4 * cfg["emb_dim"], device="meta")

    def cost(a, b):
        return 2 * (a @ b).numel() * a.shape[-1]

    table = x @ x.T
    return {
        "attention": cost(x, x.T) + cost(table, x),
        "feed_forward": cost(x, wide) + cost(x @ wide, wide.T),
        "projections": 4 * cost(x, square),
    }
""",
    ),
]

ALTERNATIVES: list[Alternative] = [*_BLOCK, *_FLOPS]
