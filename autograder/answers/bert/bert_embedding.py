"""Answers to exercise 1 of 02_embeddings_and_attention: BertEmbedding."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, in_other_choices, made_in

ALTERNATIVES = [
    Alternative(
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

_RIGHT = """class BertEmbedding(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        width = cfg["emb_dim"]
        self.tok_emb = nn.Embedding(cfg["vocab_size"], width)
        self.pos_emb = nn.Embedding(cfg["context_length"], width)
        self.seg_emb = nn.Embedding(2, width)
        self.norm = nn.LayerNorm(width)
        self.drop = nn.Dropout(cfg["drop_rate"])

    def forward(self, ids, segments):
        pos = torch.arange(ids.shape[1])
        x = self.tok_emb(ids) + self.pos_emb(pos) + self.seg_emb(segments)
        return self.drop(self.norm(x))
"""

_mistake = partial(made_in, _RIGHT, see="02_embeddings_and_attention: Exercise 1: BertEmbedding")

MISTAKES = [
    _mistake(
        "no-segments",
        "Your segments are not added, so the model cannot tell whose words are whose.",
        (" + self.seg_emb(segments)", ""),
    ),
    _mistake(
        "no-positions",
        "Your positions are not added, so the order of the words is lost.",
        (" + self.pos_emb(pos)", ""),
    ),
    _mistake(
        "no-layer-norm",
        "The LayerNorm is missing: the sum is normalised before dropout.",
        ("self.drop(self.norm(x))", "self.drop(x)"),
    ),
    _mistake(
        "no-dropout",
        "The dropout at the end is missing.",
        ("self.drop(self.norm(x))", "self.norm(x)"),
    ),
    _mistake(
        "dropout-before-the-norm",
        "You drop before you normalise. In BERT dropout comes last, after the LayerNorm.",
        ("self.drop(self.norm(x))", "self.norm(self.drop(x))"),
    ),
    _mistake(
        "dropout-never-off",
        "Your dropout works in evaluation mode, too. Use `nn.Dropout`, or tell `F.dropout` with `training=self.training`.",
        ('        self.drop = nn.Dropout(cfg["drop_rate"])\n', '        self.rate = cfg["drop_rate"]\n'),
        ("self.drop(self.norm(x))", "F.dropout(self.norm(x), self.rate)"),
    ),
    _mistake(
        "only-the-token-normalised",
        "You normalise the token's vector and add the others afterwards. It is the sum that is normalised.",
        ("self.tok_emb(ids) + self.pos_emb", "self.norm(self.tok_emb(ids)) + self.pos_emb"),
        ("self.drop(self.norm(x))", "self.drop(x)"),
    ),
    _mistake(
        "tables-swapped",
        "You look up the segments in the table of positions, and the positions in another place than they belong.",
        ("self.pos_emb(pos) + self.seg_emb(segments)", "self.pos_emb(segments) + self.seg_emb(pos.clamp(max=1))"),
    ),
    _mistake(
        "positions-looked-up-by-id",
        "You look up positions by the ids of the tokens. A position is the place of a token in its row: 0, 1, 2, ...",
        ("self.pos_emb(pos)", "self.pos_emb(ids.clamp(max=self.pos_emb.num_embeddings - 1))"),
    ),
    _mistake(
        "positions-from-one",
        "Your positions begin at 1. They begin at 0, and a full row needs all rows of the table.",
        ("torch.arange(ids.shape[1])", "torch.arange(1, ids.shape[1] + 1).clamp(max=self.pos_emb.num_embeddings - 1)"),
    ),
    _mistake(
        "one-position-for-all",
        "In your code all tokens of a row get the same position. Use `torch.arange` over the tokens, not over the "
        "rows.",
        ("torch.arange(ids.shape[1])", "torch.zeros_like(ids)"),
    ),
    _mistake(
        "positions-of-the-whole-context",
        "You add the positions of the whole context, so a shorter row does not fit. Take as many as there are tokens.",
        ("torch.arange(ids.shape[1])", "torch.arange(self.pos_emb.num_embeddings)"),
    ),
    _mistake(
        "rows-counted",
        "You count the rows of the batch and not the tokens of a row: `ids.shape[1]`.",
        ("torch.arange(ids.shape[1])", "torch.arange(ids.shape[0]).clamp(max=8)[:, None]"),
    ),
    _mistake(
        "scaled-by-the-root-of-the-width",
        "You multiply the token's vector by the root of the width, as the first transformer did. BERT does not.",
        ("self.tok_emb(ids) +", "self.tok_emb(ids) * self.norm.normalized_shape[0] ** 0.5 +"),
    ),
    _mistake(
        "fixed-positions",
        "Your positions are sines and cosines. BERT learns its positions, in a table of their own.",
        (
            '        self.pos_emb = nn.Embedding(cfg["context_length"], width)\n',
            '        angle = torch.arange(cfg["context_length"])[:, None] / 100 ** (torch.arange(width) / width)\n'
            '        self.register_buffer("pos", torch.where(torch.arange(width) % 2 == 0, angle.sin(), angle.cos()))\n',
        ),
        ("self.pos_emb(pos)", "self.pos[pos].to(self.tok_emb.weight.dtype)"),
    ),
    _mistake(
        "tables-made-in-forward",
        "You make a table in `forward`, so it is new and random in each call and nothing ever trains it. Layers are made "
        "in `__init__`.",
        ("        self.seg_emb = nn.Embedding(2, width)\n", "        self.width = width\n"),
        ("self.seg_emb(segments)", "nn.Embedding(2, self.width).to(self.tok_emb.weight)(segments)"),
    ),
    _mistake(
        "norm-made-in-forward",
        "You make the LayerNorm in `forward`: a new one in each call, whose scale and shift nothing ever trains. Layers "
        "are made in `__init__`.",
        ("        self.norm = nn.LayerNorm(width)\n", "        self.width = width\n"),
        ("self.norm(x)", "nn.LayerNorm(self.width).to(x)(x)"),
    ),
    _mistake(
        "side-by-side",
        "You put the vectors side by side. They are added, so that the width stays D.",
        (
            "self.tok_emb(ids) + self.pos_emb(pos) + self.seg_emb(segments)",
            "torch.cat([self.tok_emb(ids) + self.pos_emb(pos), self.seg_emb(segments)], -1)[..., ::2]",
        ),
    ),
]

# With an error where the table ends.
MISTAKES = in_other_choices(
    MISTAKES,
    ("ids.clamp(max=self.pos_emb.num_embeddings - 1)", "ids"),
    (
        "torch.arange(1, ids.shape[1] + 1).clamp(max=self.pos_emb.num_embeddings - 1)",
        "torch.arange(1, ids.shape[1] + 1)",
    ),
)

EQUIVALENTS = [
    Equivalent(
        "positions = torch.arange(ids.shape[1], device=ids.device)",
        "keyword device dropped",
        "On a CPU there is one device only.",
    ),
]
