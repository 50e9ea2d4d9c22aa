"""Answers to exercise 3 of 03_encoder_and_model: BertModel."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
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

_RIGHT = """class BertModel(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        d = cfg["emb_dim"]
        self.emb = bert.BertEmbedding(cfg)
        self.layers = nn.ModuleList([bert.EncoderLayer(cfg) for _ in range(cfg["n_layers"])])
        self.dense = nn.Linear(d, d)
        self.norm = nn.LayerNorm(d)
        self.decoder = nn.Linear(d, cfg["vocab_size"])
        self.pool = nn.Linear(d, d)
        self.nsp = nn.Linear(d, 2)

    def forward(self, ids, segments):
        mask = bert.where_padding(ids)
        h = self.emb(ids, segments)
        for layer in self.layers:
            h = layer(h, mask)
        t = self.norm(F.gelu(self.dense(h)))
        words = self.decoder(t)
        pooled = torch.tanh(self.pool(h[:, 0]))
        return words, self.nsp(pooled)
"""

_mistake = partial(made_in, _RIGHT, see="03_encoder_and_model: Exercise 3: BertModel")

MISTAKES = [
    _mistake(
        "padding-attended",
        "You do not pass the mask to the layers, so padding is looked at.",
        ("layer(h, mask)", "layer(h)"),
    ),
    _mistake(
        "mask-for-the-first-layer-only",
        "Only your first layer gets the mask. Every layer needs it.",
        ("            h = layer(h, mask)\n", "            h = layer(h, mask)\n            mask = None\n"),
    ),
    _mistake(
        "mask-turned-over",
        "You hide the words and show the padding: `bert.where_padding` is True at padding already.",
        ("mask = bert.where_padding(ids)", "mask = ~bert.where_padding(ids)"),
    ),
    _mistake(
        "causal-mask-kept",
        "You hide the future. BERT looks in both directions; only padding is hidden.",
        (
            "        h = self.emb",
            "        mask = mask | torch.ones(ids.shape[1], ids.shape[1]).triu(1).bool()\n        h = self.emb",
        ),
    ),
    _mistake(
        "one-layer-many-times",
        "All your layers are one and the same. Make a new `bert.EncoderLayer(cfg)` for each.",
        ('[bert.EncoderLayer(cfg) for _ in range(cfg["n_layers"])]', '[bert.EncoderLayer(cfg)] * cfg["n_layers"]'),
    ),
    _mistake(
        "layers-in-a-plain-list",
        "Your layers stand in a plain Python list, in which PyTorch does not find them: they are not trained. Use an "
        "`nn.ModuleList`.",
        (
            'nn.ModuleList([bert.EncoderLayer(cfg) for _ in range(cfg["n_layers"])])',
            '[bert.EncoderLayer(cfg) for _ in range(cfg["n_layers"])]',
        ),
    ),
    _mistake(
        "layers-made-in-forward",
        "Your encoder layers are made in `forward`: new and random in each call, and never trained. Make them in "
        "`__init__`.",
        ('nn.ModuleList([bert.EncoderLayer(cfg) for _ in range(cfg["n_layers"])])', "cfg"),
        (
            "for layer in self.layers:",
            'for layer in [bert.EncoderLayer(self.layers).to(h) for _ in range(self.layers["n_layers"])]:',
        ),
    ),
    _mistake(
        "heads-made-in-forward",
        "Your head for the next sentence is made in `forward`: new and random in each call, and never trained. Make it in "
        "`__init__`.",
        ("        self.nsp = nn.Linear(d, 2)\n", ""),
        ("self.nsp(pooled)", "nn.Linear(pooled.shape[-1], 2).to(pooled)(pooled)"),
    ),
    _mistake(
        "only-the-last-layer-counts",
        "Each of your layers reads the embedding, so only the last one counts. It reads what the layer before it made.",
        ("            h = layer(h, mask)\n        t", "            g = layer(h, mask)\n        h = g\n        t"),
    ),
    _mistake(
        "one-layer-too-few",
        "You make one layer too few.",
        ('range(cfg["n_layers"])', 'range(1, cfg["n_layers"])'),
    ),
    _mistake(
        "no-segments",
        "You do not pass on the segments: all tokens count as the first sentence.",
        ("self.emb(ids, segments)", "self.emb(ids, torch.zeros_like(segments))"),
    ),
    _mistake(
        "no-gelu-in-the-head",
        "The GELU in the head for words is missing.",
        ("F.gelu(self.dense(h))", "self.dense(h)"),
    ),
    _mistake(
        "no-norm-in-the-head",
        "The LayerNorm in the head for words is missing.",
        ("        self.norm = nn.LayerNorm(d)\n", ""),
        ("self.norm(F.gelu(self.dense(h)))", "F.gelu(self.dense(h))"),
    ),
    _mistake(
        "no-transformation-in-the-head",
        "Your head for words is one linear layer. Before it come linear, GELU and LayerNorm.",
        ("        self.dense = nn.Linear(d, d)\n        self.norm = nn.LayerNorm(d)\n", ""),
        ("self.norm(F.gelu(self.dense(h)))", "h"),
    ),
    _mistake(
        "norm-before-gelu",
        "You normalise before the GELU. First GELU, then LayerNorm.",
        ("self.norm(F.gelu(self.dense(h)))", "F.gelu(self.norm(self.dense(h)))"),
    ),
    _mistake(
        "no-tanh",
        "The tanh in the head for the next sentence is missing.",
        ("torch.tanh(self.pool(h[:, 0]))", "self.pool(h[:, 0])"),
    ),
    _mistake(
        "mean-of-all-tokens",
        "Your head for the next sentence reads the mean of all tokens, padding included. It reads the vector of [CLS].",
        ("h[:, 0]", "h.mean(dim=1)"),
    ),
    _mistake(
        "last-token",
        "Your head for the next sentence reads the last token, which often is padding. It reads the first one, [CLS].",
        ("h[:, 0]", "h[:, -1]"),
    ),
    _mistake(
        "first-row-of-the-batch",
        "You take the first row of the batch, and not the first token of each row: `h[:, 0]`.",
        ("h[:, 0]", "h[0].mean(dim=0, keepdim=True).repeat(len(ids), 1)"),
    ),
    _mistake(
        "probabilities",
        "You return probabilities. The losses want logits: no softmax.",
        ("words = self.decoder(t)", "words = torch.softmax(self.decoder(t), dim=-1)"),
    ),
    _mistake(
        "results-swapped",
        "You return the head for the next sentence first. The words come first.",
        ("return words, self.nsp(pooled)", "return self.nsp(pooled), words"),
    ),
    _mistake(
        "no-bias-for-the-words",
        "Your layer to the words has no bias.",
        ('nn.Linear(d, cfg["vocab_size"])', 'nn.Linear(d, cfg["vocab_size"], bias=False)'),
    ),
]
