"""Right answers of chapter 3 in other styles."""

from __future__ import annotations

from autograder.catalogue import Alternative

# --- notebook 1 ----------------------------------------------------------------------------------------------------

_NOTEBOOK_1 = [
    Alternative(
        exercise="ch03/simple-attention-weights",
        name="einsum",
        description="einsum and the functional softmax.",
        code="""def simple_attention_weights(x):
    return F.softmax(torch.einsum("...id,...jd->...ij", x, x), dim=-1)
""",
    ),
    Alternative(
        exercise="ch03/simple-attention-weights",
        name="by-hand",
        description="The softmax written out, with the largest score of each row taken off first.",
        code="""def simple_attention_weights(x: torch.Tensor) -> torch.Tensor:
    S = torch.matmul(x, torch.swapaxes(x, -1, -2))
    E = torch.exp(S - S.amax(dim=-1, keepdim=True))
    return E / E.sum(dim=-1, keepdim=True)
""",
    ),
    Alternative(
        exercise="ch03/simple-attention-weights",
        name="loops",
        description="Row by row in loops, a batch by recursion.",
        code="""def simple_attention_weights(x):
    if x.dim() == 3:
        return torch.stack([simple_attention_weights(sentence) for sentence in x])
    weights = torch.empty(len(x), len(x), dtype=x.dtype)
    for i in range(len(x)):
        scores = torch.stack([torch.dot(x[i], x[j]) for j in range(len(x))])
        weights[i] = torch.softmax(scores, dim=0)
    return weights
""",
    ),
    Alternative(
        exercise="ch03/simple-attention-weights",
        name="log-softmax",
        description="Broadcast products, summed; softmax as the exponential of its logarithm.",
        code="""def simple_attention_weights(x):
    scores = (x.unsqueeze(-2) * x.unsqueeze(-3)).sum(dim=-1)
    return scores.log_softmax(-1).exp()
""",
    ),
    Alternative(
        exercise="ch03/simple-context-vectors",
        name="sdpa",
        description="F.scaled_dot_product_attention with the scale switched off.",
        code="""def simple_context_vectors(x):
    return F.scaled_dot_product_attention(x, x, x, scale=1.0)
""",
    ),
    Alternative(
        exercise="ch03/simple-context-vectors",
        name="einsum",
        description="Two einsums.",
        code="""def simple_context_vectors(x):
    weights = torch.einsum("...id,...jd->...ij", x, x).softmax(dim=-1)
    return torch.einsum("...ij,...jd->...id", weights, x)
""",
    ),
    Alternative(
        exercise="ch03/simple-context-vectors",
        name="sums",
        description="Weighted sums word by word.",
        code="""def simple_context_vectors(x):
    contexts = []
    for i in range(x.shape[-2]):
        scores = (x * x[..., i : i + 1, :]).sum(-1, keepdim=True)
        contexts.append((torch.softmax(scores, dim=-2) * x).sum(dim=-2))
    return torch.stack(contexts, dim=-2)
""",
    ),
]

# --- notebook 2 ----------------------------------------------------------------------------------------------------

_NOTEBOOK_2 = [
    Alternative(
        exercise="ch03/attention-weights",
        name="einsum",
        description="einsum, and the scale as a power.",
        code="""def attention_weights(queries, keys):
    scores = torch.einsum("...qd,...kd->...qk", queries, keys) * keys.size(-1) ** -0.5
    return F.softmax(scores, dim=-1)
""",
    ),
    Alternative(
        exercise="ch03/attention-weights",
        name="sdpa-identity",
        description="F.scaled_dot_product_attention over the identity matrix.",
        code="""def attention_weights(queries, keys):
    n = keys.shape[-2]
    values = torch.eye(n, dtype=keys.dtype, device=keys.device).expand(*keys.shape[:-2], n, n)
    return F.scaled_dot_product_attention(queries, keys, values)
""",
    ),
    Alternative(
        exercise="ch03/attention-weights",
        name="both-scaled",
        description="The fourth root on queries and on keys; the softmax written out.",
        code="""def attention_weights(queries, keys):
    root = keys.shape[-1] ** 0.25
    s = torch.matmul(queries / root, (keys / root).swapaxes(-2, -1))
    e = (s - s.max(-1, keepdim=True)[0]).exp()
    return e / e.sum(-1, keepdim=True)
""",
    ),
    Alternative(
        exercise="ch03/attention-weights",
        name="module-softmax",
        description="nn.Softmax and a width taken from the queries.",
        code="""def attention_weights(queries: torch.Tensor, keys: torch.Tensor) -> torch.Tensor:
    d_k = torch.tensor(queries.shape[-1], dtype=queries.dtype)
    scores = queries @ keys.mT
    return nn.Softmax(dim=-1)(scores / torch.sqrt(d_k))
""",
    ),
    Alternative(
        exercise="ch03/self-attention",
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
        exercise="ch03/self-attention",
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
        exercise="ch03/self-attention",
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
        exercise="ch03/self-attention",
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

# --- notebook 4 ----------------------------------------------------------------------------------------------------

_NOTEBOOK_4 = [
    Alternative(
        exercise="ch03/multi-head-wrapper",
        name="append",
        description="A ModuleList that is appended to, and a loop that collects.",
        code="""class MultiHeadAttentionWrapper(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        self.stack = nn.ModuleList()
        for _ in range(num_heads):
            self.stack.append(CausalHead(d_in, d_out, context_length, dropout, qkv_bias=qkv_bias))

    def forward(self, x):
        answers = []
        for one in self.stack:
            answers.append(one(x))
        return torch.concat(answers, 2)
""",
    ),
    Alternative(
        exercise="ch03/multi-head-wrapper",
        name="registered-by-name",
        description="Heads registered by add_module, answers stacked and flattened.",
        code="""class MultiHeadAttentionWrapper(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        for n in range(num_heads):
            self.add_module(f"head_{n}", CausalHead(d_in, d_out, context_length, dropout, qkv_bias))

    def forward(self, x):
        return torch.stack([head(x) for head in self.children()], dim=2).flatten(2)
""",
    ),
    Alternative(
        exercise="ch03/multi-head-wrapper",
        name="own-heads",
        description="Heads of its own: separate projections per role, the softmax written in the open.",
        code="""class MultiHeadAttentionWrapper(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        self.roles = nn.ModuleList(
            nn.ModuleDict({role: nn.Linear(d_in, d_out, bias=qkv_bias) for role in ("v", "q", "k")}) for _ in range(num_heads)
        )
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        future = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        answers = []
        for role in self.roles:
            scores = role["q"](x) @ role["k"](x).mT / math.sqrt(role["k"].out_features)
            answers.append(self.drop(scores.masked_fill(future, -torch.inf).softmax(-1)) @ role["v"](x))
        return torch.cat(answers, dim=-1)
""",
    ),
    Alternative(
        exercise="ch03/split-heads",
        name="chunk-stack",
        description="Chunks of the features, stacked.",
        code="""def split_heads(x, num_heads):
    return torch.stack(x.chunk(num_heads, dim=-1), dim=1)
""",
    ),
    Alternative(
        exercise="ch03/split-heads",
        name="unflatten",
        description="unflatten and movedim.",
        code="""def split_heads(x, num_heads):
    return x.unflatten(-1, (num_heads, -1)).movedim(-2, -3)
""",
    ),
    Alternative(
        exercise="ch03/split-heads",
        name="loop",
        description="Slices written into an empty tensor.",
        code="""def split_heads(x, num_heads):
    B, T, C = x.size()
    w = C // num_heads
    out = torch.empty((B, num_heads, T, w), dtype=x.dtype)
    for n in range(num_heads):
        out[:, n] = x[:, :, n * w : (n + 1) * w]
    return out
""",
    ),
    Alternative(
        exercise="ch03/split-heads",
        name="view-permute",
        description="view, permute and contiguous.",
        code="""def split_heads(x, num_heads):
    B, T, _ = x.shape
    return x.view(B, T, num_heads, -1).permute(0, 2, 1, 3).contiguous()
""",
    ),
    Alternative(
        exercise="ch03/merge-heads",
        name="cat",
        description="The heads taken apart and joined along the features.",
        code="""def merge_heads(x):
    return torch.cat(x.unbind(dim=1), dim=-1)
""",
    ),
    Alternative(
        exercise="ch03/merge-heads",
        name="contiguous-view",
        description="transpose, contiguous, view.",
        code="""def merge_heads(x):
    B, h, T, w = x.shape
    return x.transpose(1, 2).contiguous().view(B, T, h * w)
""",
    ),
    Alternative(
        exercise="ch03/merge-heads",
        name="permute-flatten",
        description="permute and flatten.",
        code="""def merge_heads(x):
    return x.permute(0, 2, 1, 3).flatten(start_dim=2)
""",
    ),
    Alternative(
        exercise="ch03/multi-head-attention",
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
        exercise="ch03/multi-head-attention",
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
        exercise="ch03/multi-head-attention",
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
        exercise="ch03/multi-head-attention",
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
        exercise="ch03/multi-head-attention",
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

ALTERNATIVES = [*_NOTEBOOK_1, *_NOTEBOOK_2, *_NOTEBOOK_3, *_NOTEBOOK_4]
