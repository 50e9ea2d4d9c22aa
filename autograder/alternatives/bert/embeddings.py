"""Right answers in other styles: the embedding, the padding mask, attention in both directions."""

from __future__ import annotations

from autograder.catalogue import Alternative

_EMBEDDING = [
    Alternative(
        exercise="bert/bert-embedding",
        name="parameters-and-indexing",
        description="nn.Parameter tables indexed like tensors, positions cut from the table.",
        code="""class BertEmbedding(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        d = cfg["emb_dim"]
        self.norm = nn.LayerNorm(d)
        self.where = nn.Parameter(0.02 * torch.randn(cfg["context_length"], d))
        self.whose = nn.Parameter(0.02 * torch.randn(2, d))
        self.what = nn.Parameter(0.02 * torch.randn(cfg["vocab_size"], d))
        self.rate = cfg["drop_rate"]

    def forward(self, ids, segments):
        x = self.what[ids] + self.whose[segments] + self.where[: ids.shape[1]]
        return F.dropout(self.norm(x), self.rate, training=self.training)
""",
    ),
    Alternative(
        exercise="bert/bert-embedding",
        name="padding-index-and-expanded-places",
        description="padding_idx for the tokens, places expanded to (B, T), a sequential of norm and dropout.",
        code="""class BertEmbedding(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.word_embeddings = nn.Embedding(cfg["vocab_size"], cfg["emb_dim"], padding_idx=0)
        self.position_embeddings = nn.Embedding(cfg["context_length"], cfg["emb_dim"])
        self.token_type_embeddings = nn.Embedding(2, cfg["emb_dim"])
        self.register_buffer("position_ids", torch.arange(cfg["context_length"])[None])
        self.finish = nn.Sequential(nn.LayerNorm(cfg["emb_dim"], eps=1e-12), nn.Dropout(cfg["drop_rate"]))

    def forward(self, ids, segments):
        places = self.position_ids[:, : ids.size(1)].expand_as(ids)
        embeddings = self.word_embeddings(ids)
        embeddings = embeddings + self.position_embeddings(places)
        embeddings = embeddings + self.token_type_embeddings(segments)
        return self.finish(embeddings)
""",
    ),
    Alternative(
        exercise="bert/bert-embedding",
        name="one-hot-products",
        description="One-hot vectors times matrices, LayerNorm by formula.",
        code="""class BertEmbedding(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.rows = cfg["vocab_size"], cfg["context_length"], 2
        self.tables = nn.ParameterList([nn.Parameter(torch.randn(n, cfg["emb_dim"])) for n in self.rows])
        self.gain = nn.Parameter(torch.ones(cfg["emb_dim"]))
        self.bias = nn.Parameter(torch.zeros(cfg["emb_dim"]))
        self.drop = nn.Dropout(cfg["drop_rate"])

    def forward(self, ids, segments):
        places = torch.arange(ids.shape[1]).repeat(ids.shape[0], 1)
        total = 0
        for numbers, n, table in zip((ids, places, segments), self.rows, self.tables):
            total = total + F.one_hot(numbers, n).to(table.dtype) @ table
        mean, var = total.mean(-1, keepdim=True), total.var(-1, keepdim=True, correction=0)
        return self.drop(self.gain * (total - mean) / torch.sqrt(var + 1e-5) + self.bias)
""",
    ),
]

_PADDING = [
    Alternative(
        exercise="bert/padding-mask",
        name="view",
        description="The comparison first, then a view.",
        code="""def padding_mask(ids):
    rows, length = ids.shape
    return torch.logical_not(ids).view(rows, 1, 1, length)
""",
    ),
    Alternative(
        exercise="bert/padding-mask",
        name="loops",
        description="Plain Python lists, made a tensor at the end; 1 and 0.",
        code="""def padding_mask(ids):
    return torch.tensor([[[[1 if token == 0 else 0 for token in row]]] for row in ids.tolist()])
""",
    ),
    Alternative(
        exercise="bert/padding-mask",
        name="nested-unsqueeze",
        description="Two dimensions first, the comparison last.",
        code="""def padding_mask(ids):
    PAD = 0
    return torch.unsqueeze(torch.unsqueeze(ids, 1), 1) == PAD
""",
    ),
]

_ATTENTION = [
    Alternative(
        exercise="bert/masked-attention",
        name="einsum-and-additive-mask",
        description="einsum, the mask added as a large negative number, softmax by hand.",
        code="""def attention(queries, keys, values, hidden=None):
    scores = torch.einsum("...td,...sd->...ts", queries, keys) * keys.shape[-1] ** -0.5
    if hidden is not None:
        scores = scores + torch.zeros_like(scores).masked_fill(hidden, torch.finfo(scores.dtype).min)
    powers = (scores - scores.amax(dim=-1, keepdim=True)).exp()
    weights = powers / powers.sum(dim=-1, keepdim=True)
    return torch.einsum("...ts,...se->...te", weights, values), weights
""",
    ),
    Alternative(
        exercise="bert/masked-attention",
        name="torch-kernel",
        description="F.scaled_dot_product_attention, the weights as the context of an identity matrix.",
        code="""def attention(queries, keys, values, hidden=None):
    shape = torch.broadcast_shapes(queries.shape[:-2], keys.shape[:-2]) + (queries.shape[-2], keys.shape[-2])
    allowed = None if hidden is None else ~hidden.expand(shape)
    identity = torch.eye(keys.shape[-2], dtype=keys.dtype).expand(*keys.shape[:-2], -1, -1)
    weights = F.scaled_dot_product_attention(queries, keys, identity, attn_mask=allowed)
    return F.scaled_dot_product_attention(queries, keys, values, attn_mask=allowed), weights
""",
    ),
    Alternative(
        exercise="bert/masked-attention",
        name="scaled-queries-and-where",
        description="Queries scaled beforehand, torch.where with -1e9, a log-softmax.",
        code="""def attention(queries, keys, values, hidden=None):
    q = queries.div(math.sqrt(queries.size(-1)))
    s = torch.matmul(q, keys.mT)
    if hidden is not None:
        s = torch.where(hidden, torch.full_like(s, -1e9), s)
    w = torch.log_softmax(s, -1).exp()
    return [torch.matmul(w, values), w]
""",
    ),
]

_HEADS = [
    Alternative(
        exercise="bert/bert-multi-head-attention",
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
        exercise="bert/bert-multi-head-attention",
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
        exercise="bert/bert-multi-head-attention",
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
        exercise="bert/bert-multi-head-attention",
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

ALTERNATIVES: list[Alternative] = [*_EMBEDDING, *_PADDING, *_ATTENTION, *_HEADS]
