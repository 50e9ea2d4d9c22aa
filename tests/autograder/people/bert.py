"""BERT."""

from __future__ import annotations

from people.written import Written, by

_embedding = by(
    "bert/bert-embedding",
    """class BertEmbedding(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        d = cfg["emb_dim"]
        self.word = nn.Embedding(cfg["vocab_size"], d)
        self.pos = nn.Embedding(cfg["context_length"], d)
        self.seg = nn.Embedding(2, d)
        self.ln = nn.LayerNorm(d)
        self.drop = nn.Dropout(cfg["drop_rate"])

    def forward(self, ids, segments):
        n = ids.size(1)
        p = torch.arange(n, device=ids.device).unsqueeze(0).expand_as(ids)
        e = self.word(ids) + self.pos(p) + self.seg(segments)
        e = self.ln(e)
        return self.drop(e)
""",
)
_padding = by(
    "bert/padding-mask",
    """def padding_mask(ids):
    m = ids.eq(0)
    return m.unsqueeze(1).unsqueeze(2)
""",
)
_attention = by(
    "bert/masked-attention",
    """def attention(queries, keys, values, hidden=None):
    d_k = queries.size(-1)
    s = torch.matmul(queries, keys.transpose(-1, -2)) / math.sqrt(d_k)
    if hidden is not None:
        s = s.masked_fill(hidden, float("-inf"))
    p = F.softmax(s, dim=-1)
    return torch.matmul(p, values), p
""",
)
_heads = by(
    "bert/bert-multi-head-attention",
    """class MultiHeadAttention(nn.Module):
    def __init__(self, emb_dim, n_heads, drop_rate):
        super().__init__()
        if emb_dim % n_heads:
            raise ValueError("n_heads should divide emb_dim")
        self.h = n_heads
        self.d_k = emb_dim // n_heads
        self.linears = nn.ModuleList([nn.Linear(emb_dim, emb_dim) for _ in range(4)])
        self.dropout = nn.Dropout(p=drop_rate)

    def forward(self, x, hidden=None):
        nb = x.size(0)
        q, k, v = [lin(x).view(nb, -1, self.h, self.d_k).transpose(1, 2) for lin in self.linears[:3]]
        s = q @ k.transpose(-2, -1) / math.sqrt(self.d_k)
        if hidden is not None:
            s = s.masked_fill(hidden, float("-inf"))
        p = self.dropout(s.softmax(dim=-1))
        y = (p @ v).transpose(1, 2).contiguous().view(nb, -1, self.h * self.d_k)
        return self.linears[3](y)
""",
)
_ff = by(
    "bert/feed-forward-sublayer",
    """class FeedForwardSublayer(nn.Module):
    def __init__(self, emb_dim, hidden_dim, drop_rate):
        super().__init__()
        self.fc1 = nn.Linear(emb_dim, hidden_dim)
        self.fc2 = nn.Linear(hidden_dim, emb_dim)
        self.norm = nn.LayerNorm(emb_dim)
        self.drop = nn.Dropout(drop_rate)

    def forward(self, x):
        y = self.fc2(F.gelu(self.fc1(x)))
        y = self.drop(y)
        return self.norm(x + y)
""",
)
_layer = by(
    "bert/encoder-layer",
    """class EncoderLayer(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        d = cfg["emb_dim"]
        self.self_attn = bert.MultiHeadAttention(d, cfg["n_heads"], cfg["drop_rate"])
        self.ffn = bert.FeedForward(d)
        self.ln1 = nn.LayerNorm(d)
        self.ln2 = nn.LayerNorm(d)
        self.drop1 = nn.Dropout(cfg["drop_rate"])
        self.drop2 = nn.Dropout(cfg["drop_rate"])

    def forward(self, x, hidden=None):
        a = self.self_attn(x, hidden)
        x = self.ln1(x + self.drop1(a))
        f = self.ffn(x)
        x = self.ln2(x + self.drop2(f))
        return x
""",
)
_model = by(
    "bert/bert-model",
    """class BertModel(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        d = cfg["emb_dim"]
        self.emb = bert.BertEmbedding(cfg)
        self.layers = nn.ModuleList([bert.EncoderLayer(cfg) for _ in range(cfg["n_layers"])])
        self.mlm_dense = nn.Linear(d, d)
        self.mlm_norm = nn.LayerNorm(d)
        self.mlm_out = nn.Linear(d, cfg["vocab_size"])
        self.pool = nn.Linear(d, d)
        self.nsp = nn.Linear(d, 2)

    def forward(self, ids, segments):
        mask = bert.where_padding(ids)
        h = self.emb(ids, segments)
        for layer in self.layers:
            h = layer(h, mask)
        mlm = self.mlm_out(self.mlm_norm(F.gelu(self.mlm_dense(h))))
        cls = torch.tanh(self.pool(h[:, 0]))
        return mlm, self.nsp(cls)
""",
)
_mlm = by(
    "bert/mlm-loss",
    """def mlm_loss(logits, labels):
    flat, wanted = logits.reshape(-1, logits.size(-1)), labels.reshape(-1)
    if (wanted == -100).all():
        return (logits * 0).sum()
    return F.cross_entropy(flat, wanted, ignore_index=-100)
""",
)
_step = by(
    "bert/mlm-train-step",
    """def train_step(model, optimizer, batch):
    ids, segments, labels, is_next = batch
    model.train()
    optimizer.zero_grad()
    mlm, nsp = model(ids, segments)
    vocab = mlm.shape[-1]
    a = F.cross_entropy(mlm.view(-1, vocab), labels.view(-1), ignore_index=-100)
    b = F.cross_entropy(nsp, is_next)
    loss = a + b
    loss.backward()
    optimizer.step()
    return loss.item()
""",
)

BERT: list[Written] = [
    _embedding("segments forgotten", "no-segments", (" + self.seg(segments)", "")),
    _embedding("no norm", "no-layer-norm", ("        e = self.ln(e)\n", "")),
    _embedding(
        "dropout before the norm",
        "dropout-before-the-norm",
        ("        e = self.ln(e)\n        return self.drop(e)", "        e = self.drop(e)\n        return self.ln(e)"),
    ),
    _embedding("positions by id", "positions-looked-up-by-id", ("self.pos(p)", "self.pos(ids)")),
    _embedding("no dropout", "no-dropout", ("return self.drop(e)", "return e")),
    _embedding("positions from one", "positions-from-one", ("torch.arange(n, device", "torch.arange(1, n + 1, device")),
    _padding("real tokens", "turned-over", ("ids.eq(0)", "ids.ne(0)")),
    _padding("one dimension less", "three-dimensions", (".unsqueeze(1).unsqueeze(2)", ".unsqueeze(1)")),
    _padding("rows instead of columns", "rows-hidden", (".unsqueeze(1).unsqueeze(2)", ".unsqueeze(1).unsqueeze(3)")),
    _attention("mask of the other kind", "mask-turned-over", ("masked_fill(hidden,", "masked_fill(~hidden,")),
    _attention("no scale", "no-scale", (" / math.sqrt(d_k)", "")),
    _attention("result of masked_fill lost", "mask-thrown-away mask-ignored", ("s = s.masked_fill", "s.masked_fill")),
    _attention("only the context", "one-result", (", p\n", "\n")),
    _attention(
        "causal as in the GPT",
        "causal-mask-kept",
        (
            "    p = F.softmax",
            "    s = s.masked_fill(torch.ones(s.shape[-2:], dtype=torch.bool).triu(1), float('-inf'))\n    p = F.softmax",
        ),
    ),
    _heads("no scale", "no-scale", (" / math.sqrt(self.d_k)", "")),
    _heads("all of the width", "scaled-by-the-whole-width", ("math.sqrt(self.d_k)", "math.sqrt(self.d_k * self.h)")),
    _heads(
        "padding seen",
        "padding-attended",
        ('        if hidden is not None:\n            s = s.masked_fill(hidden, float("-inf"))\n', ""),
    ),
    _heads("mask of real tokens", "mask-turned-over", ("masked_fill(hidden,", "masked_fill(hidden == 0,")),
    _heads("no projection", "no-output-projection", ("return self.linears[3](y)", "return y")),
    _heads(
        "merged without swapping",
        "merged-without-transpose",
        (".transpose(1, 2).contiguous().view(nb, -1, self.h * self.d_k)", ".reshape(nb, -1, self.h * self.d_k)"),
    ),
    _heads(
        "dropout at the end",
        "dropout-on-the-result",
        ("self.dropout(s.softmax(dim=-1))", "s.softmax(dim=-1)"),
        ("return self.linears[3](y)", "return self.dropout(self.linears[3](y))"),
    ),
    _ff("pre-norm", "pre-norm", ("self.fc1(x)", "self.fc1(self.norm(x))"), ("return self.norm(x + y)", "return x + y")),
    _ff("no shortcut", "no-shortcut", ("self.norm(x + y)", "self.norm(y)")),
    _ff("relu", "relu", ("F.gelu", "F.relu")),
    _ff("no norm", "no-layer-norm", ("self.norm(x + y)", "x + y")),
    _ff("shortcut after the norm", "shortcut-after-the-norm", ("self.norm(x + y)", "x + self.norm(y)")),
    _ff(
        "hidden width written in",
        "always-four-times-as-wide",
        ("nn.Linear(emb_dim, hidden_dim)", "nn.Linear(emb_dim, 4 * emb_dim)"),
        ("nn.Linear(hidden_dim, emb_dim)", "nn.Linear(4 * emb_dim, emb_dim)"),
    ),
    _layer(
        "pre-norm",
        "pre-norm",
        ("self.self_attn(x, hidden)", "self.self_attn(self.ln1(x), hidden)"),
        ("x = self.ln1(x + self.drop1(a))", "x = x + self.drop1(a)"),
        ("self.ffn(x)", "self.ffn(self.ln2(x))"),
        ("x = self.ln2(x + self.drop2(f))", "x = x + self.drop2(f)"),
    ),
    _layer("mask not passed on", "padding-attended", ("self.self_attn(x, hidden)", "self.self_attn(x)")),
    _layer(
        "no shortcut at attention",
        "no-shortcut-around-attention",
        ("self.ln1(x + self.drop1(a))", "self.ln1(self.drop1(a))"),
    ),
    _layer("one norm", "one-norm-for-both", ("self.ln2(x + self.drop2(f))", "self.ln1(x + self.drop2(f))")),
    _layer("no dropout", "no-dropout", ("self.drop1(a)", "a"), ("self.drop2(f)", "f")),
    _layer("no norm at the end", "no-norm-at-the-end", ("self.ln2(x + self.drop2(f))", "x + self.drop2(f)")),
    _model("no mask", "padding-attended", ("h = layer(h, mask)", "h = layer(h)")),
    _model("mean pooling", "mean-of-all-tokens", ("h[:, 0]", "h.mean(dim=1)")),
    _model("no tanh", "no-tanh", ("torch.tanh(self.pool(h[:, 0]))", "self.pool(h[:, 0])")),
    _model("no gelu", "no-gelu-in-the-head", ("F.gelu(self.mlm_dense(h))", "self.mlm_dense(h)")),
    _model("no norm", "no-norm-in-the-head", ("self.mlm_norm(F.gelu(self.mlm_dense(h)))", "F.gelu(self.mlm_dense(h))")),
    _model("straight to the words", "no-transformation-in-the-head", ("self.mlm_norm(F.gelu(self.mlm_dense(h)))", "h")),
    _model("softmax on the words", "probabilities", ("return mlm, ", "return mlm.softmax(-1), ")),
    _model(
        "plain list",
        "layers-in-a-plain-list",
        (
            'nn.ModuleList([bert.EncoderLayer(cfg) for _ in range(cfg["n_layers"])])',
            '[bert.EncoderLayer(cfg) for _ in range(cfg["n_layers"])]',
        ),
    ),
    _model(
        "no bias for the words",
        "no-bias-for-the-words",
        ('nn.Linear(d, cfg["vocab_size"])', 'nn.Linear(d, cfg["vocab_size"], bias=False)'),
    ),
    _mlm(
        "counts all",
        "unmasked-tokens-counted nan-without-labels",
        (
            "flat, wanted = logits.reshape(-1, logits.size(-1)), labels.reshape(-1)",
            "flat, wanted = logits.reshape(-1, logits.size(-1)), labels.clamp(min=0).reshape(-1)",
        ),
    ),
    _mlm(
        "nan without labels",
        "nan-without-labels",
        ("    if (wanted == -100).all():\n        return (logits * 0).sum()\n", ""),
    ),
    _mlm("softmax first", "softmax-twice", ("F.cross_entropy(flat,", "F.cross_entropy(flat.softmax(-1),")),
    _step("no zero_grad", "gradients-not-cleared", ("    optimizer.zero_grad()\n", "")),
    _step("a tensor back", "loss-as-a-tensor", ("loss.item()", "loss")),
    _step("mean of the two", "mean-of-both", ("loss = a + b", "loss = (a + b) / 2")),
]
