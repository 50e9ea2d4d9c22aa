"""Right answers in other styles: the repaired sublayer, the encoder layer, the model with its heads."""

from __future__ import annotations

from autograder.catalogue import Alternative

_SUBLAYER = [
    Alternative(
        exercise="bert/feed-forward-sublayer",
        name="sequential",
        description="The inner part, dropout included, as one nn.Sequential.",
        code="""class FeedForwardSublayer(nn.Module):
    def __init__(self, emb_dim, hidden_dim, drop_rate):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(emb_dim, hidden_dim), nn.GELU(), nn.Linear(hidden_dim, emb_dim), nn.Dropout(drop_rate)
        )
        self.norm = nn.LayerNorm(emb_dim, eps=1e-12)

    def forward(self, x):
        return self.norm(self.net(x) + x)
""",
    ),
    Alternative(
        exercise="bert/feed-forward-sublayer",
        name="parameters-and-functions",
        description="nn.Parameter and functions only, the approximate GELU, the norm's weights first.",
        code="""class FeedForwardSublayer(nn.Module):
    def __init__(self, emb_dim, hidden_dim, drop_rate):
        super().__init__()
        self.g, self.s = nn.Parameter(torch.ones(emb_dim)), nn.Parameter(torch.zeros(emb_dim))
        self.w1 = nn.Parameter(torch.randn(emb_dim, hidden_dim) / emb_dim**0.5)
        self.w2 = nn.Parameter(torch.randn(hidden_dim, emb_dim) / hidden_dim**0.5)
        self.b1, self.b2 = nn.Parameter(torch.zeros(hidden_dim)), nn.Parameter(torch.zeros(emb_dim))
        self.p = drop_rate

    def forward(self, x):
        change = F.gelu(x @ self.w1 + self.b1, approximate="tanh") @ self.w2 + self.b2
        total = x + F.dropout(change, self.p, self.training)
        return F.layer_norm(total, total.shape[-1:], self.g, self.s)
""",
    ),
    Alternative(
        exercise="bert/feed-forward-sublayer",
        name="norm-by-formula",
        description="Layers in an nn.ModuleDict, GELU and LayerNorm written out.",
        code="""class FeedForwardSublayer(nn.Module):
    def __init__(self, emb_dim, hidden_dim, drop_rate):
        super().__init__()
        self.layers = nn.ModuleDict()
        self.layers["wide"] = nn.Linear(emb_dim, hidden_dim)
        self.layers["back"] = nn.Linear(hidden_dim, emb_dim)
        self.scale = nn.Parameter(torch.ones(emb_dim))
        self.shift = nn.Parameter(torch.zeros(emb_dim))
        self.dropout = nn.Dropout(drop_rate)

    def forward(self, x):
        wide = self.layers["wide"](x)
        y = x + self.dropout(self.layers["back"](0.5 * wide * (1 + torch.erf(wide / 2**0.5))))
        y = y - y.mean(-1, keepdim=True)
        return self.scale * y / (y.pow(2).mean(-1, keepdim=True) + 1e-5).sqrt() + self.shift
""",
    ),
]

_LAYER = [
    Alternative(
        exercise="bert/encoder-layer",
        name="sublayer-helper",
        description="A small module for shortcut, dropout and norm, used twice.",
        code="""class AddAndNorm(nn.Module):
    def __init__(self, width, rate):
        super().__init__()
        self.norm, self.drop = nn.LayerNorm(width), nn.Dropout(rate)

    def forward(self, x, said):
        return self.norm(self.drop(said) + x)


class EncoderLayer(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        width, rate = cfg["emb_dim"], cfg["drop_rate"]
        self.after = nn.ModuleList([AddAndNorm(width, rate), AddAndNorm(width, rate)])
        self.feed_forward = bert.FeedForward(width)
        self.attention = bert.MultiHeadAttention(width, cfg["n_heads"], rate)

    def forward(self, x, hidden=None):
        x = self.after[0](x, self.attention(x, hidden))
        return self.after[1](x, self.feed_forward(x))
""",
    ),
    Alternative(
        exercise="bert/encoder-layer",
        name="functional-norms",
        description="LayerNorm and dropout as functions, the norms' weights in one ParameterDict.",
        code="""class EncoderLayer(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        d = cfg["emb_dim"]
        self.rate = cfg["drop_rate"]
        self.w = nn.ParameterDict({"a": torch.ones(d), "b": torch.zeros(d), "c": torch.ones(d), "d": torch.zeros(d)})
        self.parts = nn.ModuleDict(
            {"attention": bert.MultiHeadAttention(d, cfg["n_heads"], self.rate), "mlp": bert.FeedForward(d)}
        )

    def forward(self, x, hidden=None):
        heard = F.dropout(self.parts["attention"](x, hidden), self.rate, self.training)
        x = F.layer_norm(x + heard, x.shape[-1:], self.w["a"], self.w["b"])
        thought = F.dropout(self.parts["mlp"](x), self.rate, self.training)
        return F.layer_norm(x + thought, x.shape[-1:], self.w["c"], self.w["d"])
""",
    ),
    Alternative(
        exercise="bert/encoder-layer",
        name="torch-parts",
        description="nn.MultiheadAttention and linear layers in the place of the course's parts.",
        code="""class EncoderLayer(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        d, p = cfg["emb_dim"], cfg["drop_rate"]
        self.self_attn = nn.MultiheadAttention(d, cfg["n_heads"], dropout=p, batch_first=True)
        self.linear1, self.linear2 = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.dropout1, self.dropout2 = nn.Dropout(p), nn.Dropout(p)

    def forward(self, x, hidden=None):
        ignore = None if hidden is None else hidden[:, 0, 0]
        heard, _weights = self.self_attn(x, x, x, key_padding_mask=ignore, need_weights=False)
        x = self.norm1(x + self.dropout1(heard))
        return self.norm2(x + self.dropout2(self.linear2(F.gelu(self.linear1(x)))))
""",
    ),
]

_MODEL = [
    Alternative(
        exercise="bert/bert-model",
        name="tied-and-sequential",
        description="Heads as nn.Sequential, made first; the table of the tokens as the matrix of the head.",
        code="""class BertModel(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        d = cfg["emb_dim"]
        self.nsp_head = nn.Sequential(nn.Linear(d, d), nn.Tanh(), nn.Linear(d, 2))
        self.mlm_head = nn.Sequential(nn.Linear(d, d), nn.GELU(), nn.LayerNorm(d), nn.Linear(d, cfg["vocab_size"]))
        self.embeddings = bert.BertEmbedding(cfg)
        self.mlm_head[3].weight = self.embeddings.token.weight
        self.blocks = nn.ModuleList(bert.EncoderLayer(cfg) for _ in range(cfg["n_layers"]))

    def forward(self, ids, segments):
        padding, x = bert.where_padding(ids), self.embeddings(ids, segments)
        for block in self.blocks:
            x = block(x, padding)
        return self.mlm_head(x), self.nsp_head(x[:, 0, :])
""",
    ),
    Alternative(
        exercise="bert/bert-model",
        name="encoder-and-head-modules",
        description="An encoder and a head as modules of their own; the mask by hand; a bias beside a tied product.",
        code="""class Encoder(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.embedding = bert.BertEmbedding(cfg)
        for number in range(cfg["n_layers"]):
            self.add_module(f"layer_{number}", bert.EncoderLayer(cfg))
        self.n_layers = cfg["n_layers"]

    def forward(self, ids, segments):
        x = self.embedding(ids, segments)
        for number in range(self.n_layers):
            x = getattr(self, f"layer_{number}")(x, (ids == 0).view(len(ids), 1, 1, -1))
        return x


class WordHead(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.transform = nn.Linear(cfg["emb_dim"], cfg["emb_dim"])
        self.norm = nn.LayerNorm(cfg["emb_dim"], eps=1e-12)
        self.bias = nn.Parameter(torch.zeros(cfg["vocab_size"]))

    def forward(self, x, table):
        return self.norm(F.gelu(self.transform(x))) @ table.T + self.bias


class BertModel(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.encoder, self.words = Encoder(cfg), WordHead(cfg)
        self.follows = nn.Linear(cfg["emb_dim"], 2)
        self.pooler = nn.Linear(cfg["emb_dim"], cfg["emb_dim"])

    def forward(self, ids, segments):
        x = self.encoder(ids, segments)
        pooled = self.pooler(x.select(1, 0)).tanh()
        return self.words(x, self.encoder.embedding.token.weight), self.follows(pooled)
""",
    ),
    Alternative(
        exercise="bert/bert-model",
        name="plain-parameters",
        description="The heads from nn.Parameter and einsum; results as a list.",
        code="""class BertModel(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        d, v = cfg["emb_dim"], cfg["vocab_size"]
        self.bottom = bert.BertEmbedding(cfg)
        self.tower = nn.ModuleList()
        while len(self.tower) < cfg["n_layers"]:
            self.tower.append(bert.EncoderLayer(cfg))
        shapes = {"t": (d, d), "v": (d, v), "p": (d, d), "f": (d, 2)}
        self.w = nn.ParameterDict({k: nn.Parameter(0.02 * torch.randn(s)) for k, s in shapes.items()})
        self.b = nn.ParameterDict({k: nn.Parameter(torch.zeros(s[1])) for k, s in shapes.items()})
        self.g, self.s = nn.Parameter(torch.ones(d)), nn.Parameter(torch.zeros(d))

    def forward(self, ids, segments):
        hidden, x = bert.where_padding(ids), self.bottom(ids, segments)
        for floor in self.tower:
            x = floor(x, hidden)
        inner = F.gelu(torch.einsum("btd,de->bte", x, self.w["t"]) + self.b["t"], approximate="tanh")
        inner = F.layer_norm(inner, inner.shape[-1:], self.g, self.s)
        pooled = torch.tanh(x[:, 0] @ self.w["p"] + self.b["p"])
        return [inner @ self.w["v"] + self.b["v"], pooled @ self.w["f"] + self.b["f"]]
""",
    ),
]

ALTERNATIVES: list[Alternative] = [*_SUBLAYER, *_LAYER, *_MODEL]
