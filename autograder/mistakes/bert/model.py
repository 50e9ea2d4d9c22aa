"""Known mistakes of the appendix on BERT: layers made in forward, the encoder layer, the model with its heads."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

_SEE = "03_encoder_and_model: Exercise "

# --- FeedForwardSublayer -------------------------------------------------------------------------------------------

_SUBLAYER_RIGHT = """class FeedForwardSublayer(nn.Module):
    def __init__(self, emb_dim, hidden_dim, drop_rate):
        super().__init__()
        self.up = nn.Linear(emb_dim, hidden_dim)
        self.down = nn.Linear(hidden_dim, emb_dim)
        self.norm = nn.LayerNorm(emb_dim)
        self.drop = nn.Dropout(drop_rate)

    def forward(self, x):
        change = self.down(F.gelu(self.up(x)))
        return self.norm(x + self.drop(change))
"""


def _sublayer(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    return made_in(
        _SUBLAYER_RIGHT, "bert/feed-forward-sublayer", name, explanation, *changes, see=_SEE + "1: repair it"
    )


_SUBLAYER = [
    _sublayer(
        "all-layers-made-in-forward",
        "Your layers are made in `forward`: new and random in each call, found by no optimiser, kept in no file. Make them "
        "in `__init__`, as attributes of `self`.",
        ("        self.up = nn.Linear(emb_dim, hidden_dim)\n        self.down = nn.Linear(hidden_dim, emb_dim)\n"
         "        self.norm = nn.LayerNorm(emb_dim)\n",
         "        self.sizes = emb_dim, hidden_dim\n"),
        ("        change =", "        d, f = self.sizes\n        up, down, norm = nn.Linear(d, f), nn.Linear(f, d), nn.LayerNorm(d)\n"
         "        change ="),
        ("self.down(F.gelu(self.up(x)))", "down(F.gelu(up(x)))"),
        ("self.norm(x +", "norm(x +"),
    ),
    _sublayer(
        "norm-made-in-forward",
        "Your LayerNorm is made in `forward`: its scale and shift are never trained. Make it in `__init__`.",
        ("        self.norm = nn.LayerNorm(emb_dim)\n", "        self.width = emb_dim\n"),
        ("self.norm(x + self.drop(change))", "nn.LayerNorm(self.width).to(x)(x + self.drop(change))"),
    ),
    _sublayer(
        "second-layer-made-in-forward",
        "Your second layer is made in `forward`: it is random in each call, and nothing trains it. Make it in `__init__`.",
        ("        self.down = nn.Linear(hidden_dim, emb_dim)\n", "        self.sizes = hidden_dim, emb_dim\n"),
        ("self.down(F", "nn.Linear(*self.sizes).to(x)(F"),
    ),
    _sublayer(
        "layers-in-a-plain-list",
        "Your layers stand in a plain Python list, in which PyTorch does not find them. Take attributes of `self`, or an "
        "`nn.ModuleList`.",
        ("        self.up = nn.Linear(emb_dim, hidden_dim)\n        self.down = nn.Linear(hidden_dim, emb_dim)\n",
         "        self.both = [nn.Linear(emb_dim, hidden_dim), nn.Linear(hidden_dim, emb_dim)]\n"),
        ("self.down(F.gelu(self.up(x)))", "self.both[1](F.gelu(self.both[0](x)))"),
    ),
    _sublayer(
        "no-shortcut",
        "The shortcut is missing: `x` is added before the LayerNorm.",
        ("self.norm(x + self.drop(change))", "self.norm(self.drop(change))"),
    ),
    _sublayer(
        "no-layer-norm",
        "The LayerNorm at the end is missing.",
        ("        self.norm = nn.LayerNorm(emb_dim)\n", ""),
        ("self.norm(x + self.drop(change))", "x + self.drop(change)"),
    ),
    _sublayer(
        "pre-norm",
        "You normalise the input and leave the sum as it is. That is GPT-2's pre-norm; BERT normalises the sum, at the end.",
        ("self.up(x)", "self.up(self.norm(x))"),
        ("self.norm(x + self.drop(change))", "x + self.drop(change)"),
    ),
    _sublayer(
        "shortcut-after-the-norm",
        "You normalise what is added, and add the shortcut afterwards. The LayerNorm comes last, over the sum.",
        ("self.norm(x + self.drop(change))", "x + self.norm(self.drop(change))"),
    ),
    _sublayer(
        "relu",
        "Your bend is ReLU. BERT uses GELU.",
        ("F.gelu", "F.relu"),
    ),
    _sublayer(
        "no-bend",
        "There is no GELU between your layers.",
        ("F.gelu(self.up(x))", "self.up(x)"),
    ),
    _sublayer(
        "no-bias",
        "Your linear layers have no bias. Both have one.",
        ("nn.Linear(emb_dim, hidden_dim)", "nn.Linear(emb_dim, hidden_dim, bias=False)"),
        ("nn.Linear(hidden_dim, emb_dim)", "nn.Linear(hidden_dim, emb_dim, bias=False)"),
    ),
    _sublayer(
        "always-four-times-as-wide",
        "Your inner width is four times the outer one. Here it is an argument, `hidden_dim`.",
        ("nn.Linear(emb_dim, hidden_dim)", "nn.Linear(emb_dim, 4 * emb_dim)"),
        ("nn.Linear(hidden_dim, emb_dim)", "nn.Linear(4 * emb_dim, emb_dim)"),
    ),
    _sublayer(
        "no-dropout",
        "The dropout on what is added is missing.",
        ("self.drop(change)", "change"),
    ),
    _sublayer(
        "dropout-on-the-shortcut",
        "You drop from the sum, the shortcut included. Dropout acts on what is added to it.",
        ("x + self.drop(change)", "self.drop(x + change)"),
    ),
    _sublayer(
        "dropout-at-the-end",
        "You drop after the LayerNorm. Dropout acts on what is added to the shortcut.",
        ("self.norm(x + self.drop(change))", "self.drop(self.norm(x + change))"),
    ),
    _sublayer(
        "dropout-never-off",
        "Your dropout works in evaluation mode, too. Use `nn.Dropout`, or tell `F.dropout` with `training=self.training`.",
        ("self.drop(change)", "F.dropout(change, self.drop.p)"),
    ),
]  # fmt: skip

# --- EncoderLayer --------------------------------------------------------------------------------------------------

_LAYER_RIGHT = """class EncoderLayer(nn.Module):
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


def _layer(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    return made_in(_LAYER_RIGHT, "bert/encoder-layer", name, explanation, *changes, see=_SEE + "2: EncoderLayer")


_LAYER = [
    _layer(
        "pre-norm",
        "You normalise what goes into each part, as GPT-2 does. BERT normalises the sum of shortcut and part, behind it.",
        ("self.att(x, hidden)", "self.att(self.norm1(x), hidden)"),
        ("x = self.norm1(x + a)", "x = x + a"),
        ("self.ff(x)", "self.ff(self.norm2(x))"),
        ("self.norm2(x + f)", "x + f"),
    ),
    _layer(
        "shortcut-after-the-norm",
        "You normalise what a part says and add the shortcut afterwards. The LayerNorm is over the sum.",
        ("self.norm1(x + a)", "x + self.norm1(a)"),
        ("self.norm2(x + f)", "x + self.norm2(f)"),
    ),
    _layer(
        "no-shortcut-around-attention",
        "The shortcut around attention is missing.",
        ("self.norm1(x + a)", "self.norm1(a)"),
    ),
    _layer(
        "no-shortcut-around-feed-forward",
        "The shortcut around the feed-forward network is missing.",
        ("self.norm2(x + f)", "self.norm2(f)"),
    ),
    _layer(
        "no-norm-after-attention",
        "The LayerNorm after attention is missing.",
        ("x = self.norm1(x + a)", "x = x + a"),
    ),
    _layer(
        "no-norm-at-the-end",
        "The LayerNorm after the feed-forward network is missing.",
        ("self.norm2(x + f)", "x + f"),
    ),
    _layer(
        "one-norm-for-both",
        "You use one LayerNorm twice. There are two, each with a scale and a shift of its own.",
        ("        self.norm2 = nn.LayerNorm(cfg[\"emb_dim\"])\n", ""),
        ("self.norm2(", "self.norm1("),
    ),
    _layer(
        "norms-swapped",
        "Your two LayerNorms follow one another at the end of the layer. One stands behind attention, one behind the "
        "feed-forward network.",
        ("x = self.norm1(x + a)", "x = x + a"),
        ("self.norm2(x + f)", "self.norm2(self.norm1(x + f))"),
    ),
    _layer(
        "padding-attended",
        "You do not hand the mask on to attention, so padding is looked at.",
        ("self.att(x, hidden)", "self.att(x)"),
    ),
    _layer(
        "causal-mask-kept",
        "You hide the future. BERT looks in both directions.",
        ("        a = self.drop(self.att(x, hidden))\n",
         "        future = torch.ones(x.shape[1], x.shape[1]).triu(1).bool()\n"
         "        a = self.drop(self.att(x, future if hidden is None else future | hidden))\n"),
    ),
    _layer(
        "feed-forward-reads-the-old-vectors",
        "Your feed-forward network gets the vectors that came into the layer. It gets those that attention has changed.",
        ("        x = self.norm1(x + a)\n        f = self.drop(self.ff(x))\n",
         "        f = self.drop(self.ff(x))\n        x = self.norm1(x + a)\n"),
    ),
    _layer(
        "second-shortcut-from-the-start",
        "Your second shortcut starts at the beginning of the layer. It starts behind the first LayerNorm.",
        ("        x = self.norm1(x + a)\n        f = self.drop(self.ff(x))\n",
         "        f = self.drop(self.ff(self.norm1(x + a)))\n"),
    ),
    _layer(
        "feed-forward-first",
        "Your feed-forward network comes first. First attention, then feed-forward.",
        ("a = self.drop(self.att(x, hidden))", "a = self.drop(self.ff(x))"),
        ("f = self.drop(self.ff(x))", "f = self.drop(self.att(x, hidden))"),
    ),
    _layer(
        "no-dropout",
        "The dropout on what the parts say is missing.",
        ("self.drop(self.att(x, hidden))", "self.att(x, hidden)"),
        ("self.drop(self.ff(x))", "self.ff(x)"),
    ),
    _layer(
        "dropout-on-one-part-only",
        "The dropout on what the feed-forward network says is missing.",
        ("self.drop(self.ff(x))", "self.ff(x)"),
    ),
    _layer(
        "dropout-on-the-sum",
        "You drop from the sum, the shortcut included. Dropout acts on what a part says, before it is added.",
        ("self.drop(self.att(x, hidden))", "self.att(x, hidden)"),
        ("self.norm1(x + a)", "self.norm1(self.drop(x + a))"),
    ),
    _layer(
        "dropout-never-off",
        "Your dropout works in evaluation mode, too. Use `nn.Dropout`, or tell `F.dropout` with `training=self.training`.",
        ("self.drop(self.ff(x))", "F.dropout(self.ff(x), self.drop.p)"),
    ),
    _layer(
        "norms-made-in-forward",
        "Your LayerNorms are made in `forward`, so that their scale and shift are never trained. Make them in `__init__`.",
        ("        self.norm1 = nn.LayerNorm(cfg[\"emb_dim\"])\n", ""),
        ("        self.norm2 = nn.LayerNorm(cfg[\"emb_dim\"])\n", ""),
        ("self.norm1(x + a)", "nn.LayerNorm(x.shape[-1]).to(x)(x + a)"),
        ("self.norm2(x + f)", "nn.LayerNorm(x.shape[-1]).to(x)(x + f)"),
    ),
    _layer(
        "attention-made-in-forward",
        "Your attention is made in `forward`: new and random in each call, and never trained. Make it in `__init__`.",
        ("        self.att = bert.MultiHeadAttention(cfg[\"emb_dim\"], cfg[\"n_heads\"], cfg[\"drop_rate\"])\n",
         "        self.cfg = cfg\n"),
        ("self.att(x, hidden)",
         "bert.MultiHeadAttention(self.cfg[\"emb_dim\"], self.cfg[\"n_heads\"], self.cfg[\"drop_rate\"]).to(x)(x, hidden)"),
    ),
    _layer(
        "one-head",
        "You give attention one head. It has `cfg[\"n_heads\"]` of them.",
        ("cfg[\"n_heads\"]", "1"),
    ),
]  # fmt: skip

# --- BertModel -----------------------------------------------------------------------------------------------------

_MODEL_RIGHT = """class BertModel(nn.Module):
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


def _model(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    return made_in(_MODEL_RIGHT, "bert/bert-model", name, explanation, *changes, see=_SEE + "3: BertModel")


_MODEL = [
    _model(
        "padding-attended",
        "You do not hand the mask to the layers, so padding is looked at.",
        ("layer(h, mask)", "layer(h)"),
    ),
    _model(
        "mask-for-the-first-layer-only",
        "Only your first layer gets the mask. Every layer needs it.",
        ("            h = layer(h, mask)\n", "            h = layer(h, mask)\n            mask = None\n"),
    ),
    _model(
        "mask-turned-over",
        "You hide the words and show the padding: `bert.where_padding` is True at padding already.",
        ("mask = bert.where_padding(ids)", "mask = ~bert.where_padding(ids)"),
    ),
    _model(
        "causal-mask-kept",
        "You hide the future. BERT looks in both directions; only padding is hidden.",
        ("        h = self.emb", "        mask = mask | torch.ones(ids.shape[1], ids.shape[1]).triu(1).bool()\n        h = self.emb"),
    ),
    _model(
        "one-layer-many-times",
        "All your layers are one and the same. Make a new `bert.EncoderLayer(cfg)` for each.",
        ("[bert.EncoderLayer(cfg) for _ in range(cfg[\"n_layers\"])]", "[bert.EncoderLayer(cfg)] * cfg[\"n_layers\"]"),
    ),
    _model(
        "layers-in-a-plain-list",
        "Your layers stand in a plain Python list, in which PyTorch does not find them: they are not trained. Use an "
        "`nn.ModuleList`.",
        ("nn.ModuleList([bert.EncoderLayer(cfg) for _ in range(cfg[\"n_layers\"])])",
         "[bert.EncoderLayer(cfg) for _ in range(cfg[\"n_layers\"])]"),
    ),
    _model(
        "layers-made-in-forward",
        "Your encoder layers are made in `forward`: new and random in each call, and never trained. Make them in "
        "`__init__`.",
        ("nn.ModuleList([bert.EncoderLayer(cfg) for _ in range(cfg[\"n_layers\"])])", "cfg"),
        ("for layer in self.layers:", "for layer in [bert.EncoderLayer(self.layers).to(h) for _ in range(self.layers[\"n_layers\"])]:"),
    ),
    _model(
        "heads-made-in-forward",
        "Your head for the next sentence is made in `forward`: new and random in each call, and never trained. Make it in "
        "`__init__`.",
        ("        self.nsp = nn.Linear(d, 2)\n", ""),
        ("self.nsp(pooled)", "nn.Linear(pooled.shape[-1], 2).to(pooled)(pooled)"),
    ),
    _model(
        "only-the-last-layer-counts",
        "Each of your layers reads the embedding, so only the last one counts. It reads what the layer before it made.",
        ("            h = layer(h, mask)\n        t", "            g = layer(h, mask)\n        h = g\n        t"),
    ),
    _model(
        "one-layer-too-few",
        "You make one layer too few.",
        ("range(cfg[\"n_layers\"])", "range(1, cfg[\"n_layers\"])"),
    ),
    _model(
        "no-segments",
        "You do not hand on the segments: all tokens count as the first sentence.",
        ("self.emb(ids, segments)", "self.emb(ids, torch.zeros_like(segments))"),
    ),
    _model(
        "no-gelu-in-the-head",
        "The GELU in the head for words is missing.",
        ("F.gelu(self.dense(h))", "self.dense(h)"),
    ),
    _model(
        "no-norm-in-the-head",
        "The LayerNorm in the head for words is missing.",
        ("        self.norm = nn.LayerNorm(d)\n", ""),
        ("self.norm(F.gelu(self.dense(h)))", "F.gelu(self.dense(h))"),
    ),
    _model(
        "no-transformation-in-the-head",
        "Your head for words is one linear layer. Before it come linear, GELU and LayerNorm.",
        ("        self.dense = nn.Linear(d, d)\n        self.norm = nn.LayerNorm(d)\n", ""),
        ("self.norm(F.gelu(self.dense(h)))", "h"),
    ),
    _model(
        "norm-before-gelu",
        "You normalise before the GELU. First GELU, then LayerNorm.",
        ("self.norm(F.gelu(self.dense(h)))", "F.gelu(self.norm(self.dense(h)))"),
    ),
    _model(
        "no-tanh",
        "The tanh in the head for the next sentence is missing.",
        ("torch.tanh(self.pool(h[:, 0]))", "self.pool(h[:, 0])"),
    ),
    _model(
        "mean-of-all-tokens",
        "Your head for the next sentence reads the mean of all tokens, padding included. It reads the vector of [CLS].",
        ("h[:, 0]", "h.mean(dim=1)"),
    ),
    _model(
        "last-token",
        "Your head for the next sentence reads the last token, which often is padding. It reads the first one, [CLS].",
        ("h[:, 0]", "h[:, -1]"),
    ),
    _model(
        "first-row-of-the-batch",
        "You take the first row of the batch, and not the first token of each row: `h[:, 0]`.",
        ("h[:, 0]", "h[0].mean(dim=0, keepdim=True).repeat(len(ids), 1)"),
    ),
    _model(
        "probabilities",
        "You return probabilities. The losses want logits: no softmax.",
        ("words = self.decoder(t)", "words = torch.softmax(self.decoder(t), dim=-1)"),
    ),
    _model(
        "results-swapped",
        "You return the head for the next sentence first. The words come first.",
        ("return words, self.nsp(pooled)", "return self.nsp(pooled), words"),
    ),
    _model(
        "no-bias-for-the-words",
        "Your layer to the words has no bias.",
        ("nn.Linear(d, cfg[\"vocab_size\"])", "nn.Linear(d, cfg[\"vocab_size\"], bias=False)"),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_SUBLAYER, *_LAYER, *_MODEL]
