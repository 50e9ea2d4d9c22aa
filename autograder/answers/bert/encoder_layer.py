"""Answers to exercise 2 of 03_encoder_and_model: EncoderLayer."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
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

_RIGHT = """class EncoderLayer(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.att = bert.MultiHeadAttention(cfg["emb_dim"], cfg["n_heads"], cfg["drop_rate"])
        self.norm1 = nn.LayerNorm(cfg["emb_dim"])
        self.ff = bert.FeedForward(cfg["emb_dim"])
        self.norm2 = nn.LayerNorm(cfg["emb_dim"])
        self.drop = nn.Dropout(cfg["drop_rate"])

    def forward(self, x, hidden=None):
        a = self.drop(self.att(x, hidden))
        x = self.norm1(x + a)
        f = self.drop(self.ff(x))
        return self.norm2(x + f)
"""

_mistake = partial(made_in, _RIGHT, see="03_encoder_and_model: Exercise 2: EncoderLayer")

MISTAKES = [
    _mistake(
        "pre-norm",
        "You normalise what goes into each part, as GPT-2 does. BERT normalises the sum of shortcut and part, behind it.",
        ("self.att(x, hidden)", "self.att(self.norm1(x), hidden)"),
        ("x = self.norm1(x + a)", "x = x + a"),
        ("self.ff(x)", "self.ff(self.norm2(x))"),
        ("self.norm2(x + f)", "x + f"),
    ),
    _mistake(
        "shortcut-after-the-norm",
        "You normalise what a part says and add the shortcut afterwards. The LayerNorm is over the sum.",
        ("self.norm1(x + a)", "x + self.norm1(a)"),
        ("self.norm2(x + f)", "x + self.norm2(f)"),
    ),
    _mistake(
        "no-shortcut-around-attention",
        "The shortcut around attention is missing.",
        ("self.norm1(x + a)", "self.norm1(a)"),
    ),
    _mistake(
        "no-shortcut-around-feed-forward",
        "The shortcut around the feed-forward network is missing.",
        ("self.norm2(x + f)", "self.norm2(f)"),
    ),
    _mistake(
        "no-norm-after-attention",
        "The LayerNorm after attention is missing.",
        ("x = self.norm1(x + a)", "x = x + a"),
    ),
    _mistake(
        "no-norm-at-the-end",
        "The LayerNorm after the feed-forward network is missing.",
        ("self.norm2(x + f)", "x + f"),
    ),
    _mistake(
        "one-norm-for-both",
        "You use one LayerNorm twice. There are two, each with a scale and a shift of its own.",
        ('        self.norm2 = nn.LayerNorm(cfg["emb_dim"])\n', ""),
        ("self.norm2(", "self.norm1("),
    ),
    _mistake(
        "norms-swapped",
        "Your two LayerNorms follow one another at the end of the layer. One stands behind attention, one behind the "
        "feed-forward network.",
        ("x = self.norm1(x + a)", "x = x + a"),
        ("self.norm2(x + f)", "self.norm2(self.norm1(x + f))"),
    ),
    _mistake(
        "padding-attended",
        "You do not pass the mask on to attention, so padding is looked at.",
        ("self.att(x, hidden)", "self.att(x)"),
    ),
    _mistake(
        "causal-mask-kept",
        "You hide the future. BERT looks in both directions.",
        (
            "        a = self.drop(self.att(x, hidden))\n",
            "        future = torch.ones(x.shape[1], x.shape[1]).triu(1).bool()\n"
            "        a = self.drop(self.att(x, future if hidden is None else future | hidden))\n",
        ),
    ),
    _mistake(
        "feed-forward-reads-the-old-vectors",
        "Your feed-forward network gets the vectors that came into the layer. It gets those that attention has changed.",
        (
            "        x = self.norm1(x + a)\n        f = self.drop(self.ff(x))\n",
            "        f = self.drop(self.ff(x))\n        x = self.norm1(x + a)\n",
        ),
    ),
    _mistake(
        "second-shortcut-from-the-start",
        "Your second shortcut starts at the beginning of the layer. It starts behind the first LayerNorm.",
        (
            "        x = self.norm1(x + a)\n        f = self.drop(self.ff(x))\n",
            "        f = self.drop(self.ff(self.norm1(x + a)))\n",
        ),
    ),
    _mistake(
        "feed-forward-first",
        "Your feed-forward network comes first. First attention, then feed-forward.",
        ("a = self.drop(self.att(x, hidden))", "a = self.drop(self.ff(x))"),
        ("f = self.drop(self.ff(x))", "f = self.drop(self.att(x, hidden))"),
    ),
    _mistake(
        "no-dropout",
        "The dropout on what the parts say is missing.",
        ("self.drop(self.att(x, hidden))", "self.att(x, hidden)"),
        ("self.drop(self.ff(x))", "self.ff(x)"),
    ),
    _mistake(
        "dropout-on-one-part-only",
        "The dropout on what the feed-forward network says is missing.",
        ("self.drop(self.ff(x))", "self.ff(x)"),
    ),
    _mistake(
        "dropout-on-the-sum",
        "You drop from the sum, the shortcut included. Dropout acts on what a part says, before it is added.",
        ("self.drop(self.att(x, hidden))", "self.att(x, hidden)"),
        ("self.norm1(x + a)", "self.norm1(self.drop(x + a))"),
    ),
    _mistake(
        "dropout-never-off",
        "Your dropout works in evaluation mode, too. Use `nn.Dropout`, or tell `F.dropout` with `training=self.training`.",
        ("self.drop(self.ff(x))", "F.dropout(self.ff(x), self.drop.p)"),
    ),
    _mistake(
        "norms-made-in-forward",
        "Your LayerNorms are made in `forward`, so that their scale and shift are never trained. Make them in `__init__`.",
        ('        self.norm1 = nn.LayerNorm(cfg["emb_dim"])\n', ""),
        ('        self.norm2 = nn.LayerNorm(cfg["emb_dim"])\n', ""),
        ("self.norm1(x + a)", "nn.LayerNorm(x.shape[-1]).to(x)(x + a)"),
        ("self.norm2(x + f)", "nn.LayerNorm(x.shape[-1]).to(x)(x + f)"),
    ),
    _mistake(
        "attention-made-in-forward",
        "Your attention is made in `forward`: new and random in each call, and never trained. Make it in `__init__`.",
        (
            '        self.att = bert.MultiHeadAttention(cfg["emb_dim"], cfg["n_heads"], cfg["drop_rate"])\n',
            "        self.cfg = cfg\n",
        ),
        (
            "self.att(x, hidden)",
            'bert.MultiHeadAttention(self.cfg["emb_dim"], self.cfg["n_heads"], self.cfg["drop_rate"]).to(x)(x, hidden)',
        ),
    ),
    _mistake(
        "one-head",
        'You give attention one head. It has `cfg["n_heads"]` of them.',
        ('cfg["n_heads"]', "1"),
    ),
]
