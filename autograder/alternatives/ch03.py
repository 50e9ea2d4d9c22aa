"""Right answers of chapter 3 in other styles."""

from __future__ import annotations

from autograder.catalogue import Alternative

# --- notebook 3 ----------------------------------------------------------------------------------------------------

_NOTEBOOK_3 = [
    Alternative(
        exercise="ch03/causal-mask",
        name="comparison",
        description="Column number against row number, by broadcasting; booleans.",
        code="""def causal_mask(length):
    positions = torch.arange(length)
    return positions[None, :] > positions[:, None]
""",
    ),
    Alternative(
        exercise="ch03/causal-mask",
        name="additive",
        description="The additive kind: -inf in the future, 0 elsewhere.",
        code="""def causal_mask(length: int) -> torch.Tensor:
    return torch.full((length, length), float("-inf")).triu(1)
""",
    ),
    Alternative(
        exercise="ch03/causal-mask",
        name="loops",
        description="Two loops that write whole numbers.",
        code="""def causal_mask(length):
    mask = torch.zeros(length, length, dtype=torch.int64)
    for i in range(length):
        for j in range(i + 1, length):
            mask[i, j] = 1
    return mask
""",
    ),
    Alternative(
        exercise="ch03/causal-mask",
        name="not-lower",
        description="The complement of the lower triangle, as floats.",
        code="""def causal_mask(length):
    return 1.0 - torch.tril(torch.ones(length, length))
""",
    ),
    Alternative(
        exercise="ch03/masked-attention-weights",
        name="very-negative",
        description="-1e9 by torch.where.",
        code="""def masked_attention_weights(scores):
    T = scores.size(-1)
    may_look = torch.tril(torch.ones(T, T)) == 1
    return F.softmax(torch.where(may_look, scores, -1e9), dim=-1).to(scores.dtype)
""",
    ),
    Alternative(
        exercise="ch03/masked-attention-weights",
        name="additive",
        description="An additive mask of the type's most negative number.",
        code="""def masked_attention_weights(scores):
    T = scores.shape[-1]
    penalty = torch.full((T, T), torch.finfo(scores.dtype).min, dtype=scores.dtype, device=scores.device).triu(1)
    return (scores + penalty).softmax(-1)
""",
    ),
    Alternative(
        exercise="ch03/masked-attention-weights",
        name="by-hand",
        description="The softmax written out, on a copy changed in place.",
        code="""def masked_attention_weights(scores):
    T = scores.shape[-1]
    hidden = torch.arange(T) > torch.arange(T).view(-1, 1)
    s = scores.clone()
    s[..., hidden] = -math.inf
    e = torch.exp(s - s.max(dim=-1, keepdim=True).values)
    return e / e.sum(dim=-1, keepdim=True)
""",
    ),
    Alternative(
        exercise="ch03/masked-attention-weights",
        name="row-by-row",
        description="One softmax per row, over its own past.",
        code="""def masked_attention_weights(scores):
    T = scores.shape[-1]
    rows = [F.pad(torch.softmax(scores[..., i, : i + 1], dim=-1), (0, T - i - 1)) for i in range(T)]
    return torch.stack(rows, dim=-2)
""",
    ),
    Alternative(
        exercise="ch03/causal-attention",
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
        exercise="ch03/causal-attention",
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
        exercise="ch03/causal-attention",
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
        exercise="ch03/causal-attention",
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
        exercise="ch03/causal-attention",
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

ALTERNATIVES = [*_NOTEBOOK_3]
