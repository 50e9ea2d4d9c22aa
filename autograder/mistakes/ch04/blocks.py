"""Known mistakes of chapter 4: the transformer block, and what it costs."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- TransformerBlock ----------------------------------------------------------------------------------------------

_BLOCK_RIGHT = """class TransformerBlock(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.norm1 = nn.LayerNorm(cfg["emb_dim"])
        self.norm2 = nn.LayerNorm(cfg["emb_dim"])
        self.att = MultiHeadAttention(cfg["emb_dim"], cfg["n_heads"], cfg["drop_rate"], cfg["qkv_bias"])
        self.ff = FeedForward(cfg)
        self.drop = nn.Dropout(cfg["drop_rate"])

    def forward(self, x):
        heard = self.drop(self.att(self.norm1(x)))
        h = x + heard
        thought = self.drop(self.ff(self.norm2(h)))
        return h + thought
"""

_ATTENTION_CALL = 'MultiHeadAttention(cfg["emb_dim"], cfg["n_heads"], cfg["drop_rate"], cfg["qkv_bias"])'

_OPEN_ATTENTION = """class OpenAttention(nn.Module):
    def __init__(self, width, heads, rate, bias):
        super().__init__()
        self.heads, self.rate = heads, rate
        self.qkv, self.proj = nn.Linear(width, 3 * width, bias=bias), nn.Linear(width, width)

    def forward(self, x):
        q, k, v = (y.unflatten(2, (self.heads, -1)).transpose(1, 2) for y in self.qkv(x).chunk(3, dim=-1))
        y = F.scaled_dot_product_attention(q, k, v, dropout_p=self.rate if self.training else 0.0)
        return self.proj(y.transpose(1, 2).flatten(2))


class TransformerBlock(nn.Module):"""


def _block(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "02_transformer_block: Exercise 1: TransformerBlock"
    return made_in(_BLOCK_RIGHT, "ch04/transformer-block", name, explanation, *changes, see=see)


_BLOCK = [
    _block(
        "no-shortcut-around-attention",
        "The shortcut around your attention is missing: what attention answers is added to `x` and does not take its place.",
        ("h = x + heard", "h = heard"),
    ),
    _block(
        "no-shortcut-around-feed-forward",
        "The shortcut around your feed-forward network is missing: its answer is added to the stream and does not take "
        "its place.",
        ("return h + thought", "return thought"),
    ),
    _block(
        "no-shortcuts",
        "Your block has no shortcuts. Both answers are added to the stream.",
        ("h = x + heard", "h = heard"),
        ("return h + thought", "return thought"),
    ),
    _block(
        "second-shortcut-from-the-start",
        "Your second addition begins at the block's input, so what attention has added is lost. It begins at the result of "
        "the first line.",
        ("return h + thought", "return x + thought"),
    ),
    _block(
        "post-norm",
        "You add first and normalise afterwards. That is post-norm; here LayerNorm stands before each part and the sum is "
        "left alone.",
        ("self.drop(self.att(self.norm1(x)))", "self.drop(self.att(x))"),
        ("h = x + heard", "h = self.norm1(x + heard)"),
        ("self.drop(self.ff(self.norm2(h)))", "self.drop(self.ff(h))"),
        ("return h + thought", "return self.norm2(h + thought)"),
    ),
    _block(
        "normalised-vectors-added-to",
        "You keep the vector for the shortcut after LayerNorm. What is added to is the vector before it, on both lines.",
        ("h = x + heard", "h = self.norm1(x) + heard"),
        ("return h + thought", "return self.norm2(h) + thought"),
    ),
    _block(
        "first-shortcut-after-the-norm",
        "Your first shortcut begins after LayerNorm. It begins at the untouched `x`.",
        ("h = x + heard", "h = self.norm1(x) + heard"),
    ),
    _block(
        "answers-normalised",
        "Your LayerNorm stands after attention and after the feed-forward network. It stands before them: they read "
        "normalised vectors, and their answers are added as they are.",
        ("self.drop(self.att(self.norm1(x)))", "self.drop(self.norm1(self.att(x)))"),
        ("self.drop(self.ff(self.norm2(h)))", "self.drop(self.norm2(self.ff(h)))"),
    ),
    _block(
        "one-norm-for-both",
        "You have one LayerNorm for both parts. There are two, each with a scale and a shift of its own.",
        ('        self.norm2 = nn.LayerNorm(cfg["emb_dim"])\n', ""),
        ("self.norm2(h)", "self.norm1(h)"),
    ),
    _block(
        "first-norm-twice",
        "You made two LayerNorms and use the first one in both places, so the second is never trained.",
        ("self.norm2(h)", "self.norm1(h)"),
    ),
    _block(
        "two-names-for-one-norm",
        "Both names of your LayerNorm lead to the same module. Make each one anew.",
        ('self.norm2 = nn.LayerNorm(cfg["emb_dim"])', "self.norm2 = self.norm1"),
    ),
    _block(
        "no-norm-before-attention",
        "Your attention reads vectors that are not normalised: LayerNorm stands before it.",
        ("self.att(self.norm1(x))", "self.att(x)"),
    ),
    _block(
        "no-norm-before-feed-forward",
        "Your feed-forward network reads vectors that are not normalised: a LayerNorm of its own stands before it.",
        ("self.ff(self.norm2(h))", "self.ff(h)"),
    ),
    _block(
        "feed-forward-first",
        "Your feed-forward network comes before attention. First the tokens hear each other, then each one thinks.",
        ("self.att(self.norm1(x))", "self.ff(self.norm1(x))"),
        ("self.ff(self.norm2(h))", "self.att(self.norm2(h))"),
    ),
    _block(
        "side-by-side",
        "Your feed-forward network reads the block's input. It reads the stream after attention has added to it.",
        ("self.ff(self.norm2(h))", "self.ff(self.norm2(x))"),
    ),
    _block(
        "no-dropout-after-attention",
        "Nothing is dropped from the answer of your attention. Dropout falls on both answers before they are added.",
        ("self.drop(self.att(self.norm1(x)))", "self.att(self.norm1(x))"),
    ),
    _block(
        "no-dropout-after-feed-forward",
        "Nothing is dropped from the answer of your feed-forward network. Dropout falls on both answers before they are "
        "added.",
        ("self.drop(self.ff(self.norm2(h)))", "self.ff(self.norm2(h))"),
    ),
    _block(
        "no-dropout",
        "Your block drops nothing from the two answers. Dropout falls on each of them before it is added.",
        ("self.drop(self.att(self.norm1(x)))", "self.att(self.norm1(x))"),
        ("self.drop(self.ff(self.norm2(h)))", "self.ff(self.norm2(h))"),
    ),
    _block(
        "dropout-on-the-stream",
        "Your dropout falls on the sums, so it makes holes in the stream itself. It falls on each answer before it is added.",
        ("self.drop(self.att(self.norm1(x)))", "self.att(self.norm1(x))"),
        ("h = x + heard", "h = self.drop(x + heard)"),
        ("self.drop(self.ff(self.norm2(h)))", "self.ff(self.norm2(h))"),
        ("return h + thought", "return self.drop(h + thought)"),
    ),
    _block(
        "dropout-before-the-parts",
        "Your dropout falls on what the parts read. It falls on what they answer.",
        ("self.drop(self.att(self.norm1(x)))", "self.att(self.drop(self.norm1(x)))"),
        ("self.drop(self.ff(self.norm2(h)))", "self.ff(self.drop(self.norm2(h)))"),
    ),
    _block(
        "dropout-never-off",
        "Your dropout works in evaluation mode too: `F.dropout` does not know the mode unless you pass "
        "`training=self.training`. `nn.Dropout` knows it.",
        ('self.drop = nn.Dropout(cfg["drop_rate"])', 'self.rate = cfg["drop_rate"]'),
        ("self.drop(self.att(self.norm1(x)))", "F.dropout(self.att(self.norm1(x)), self.rate)"),
        ("self.drop(self.ff(self.norm2(h)))", "F.dropout(self.ff(self.norm2(h)), self.rate)"),
    ),
    _block(
        "share-that-is-kept",
        "You gave `nn.Dropout` the share of numbers that is kept. Its argument is the share that is dropped.",
        ('nn.Dropout(cfg["drop_rate"])', 'nn.Dropout(1 - cfg["drop_rate"])'),
    ),
    _block(
        "dropout-always-a-tenth",
        "Your dropout's probability is a fixed number. It is `drop_rate` of the configuration.",
        ('nn.Dropout(cfg["drop_rate"])', "nn.Dropout(0.1)"),
    ),
    _block(
        "no-dropout-inside-attention",
        "You do not hand `drop_rate` to attention, so no attention weight is ever dropped.",
        (_ATTENTION_CALL, 'MultiHeadAttention(cfg["emb_dim"], cfg["n_heads"], qkv_bias=cfg["qkv_bias"])'),
    ),
    _block(
        "no-qkv-bias",
        "You do not hand `qkv_bias` to attention, so its projections never have a bias.",
        (_ATTENTION_CALL, 'MultiHeadAttention(cfg["emb_dim"], cfg["n_heads"], cfg["drop_rate"])'),
    ),
    _block(
        "one-head",
        "Your attention has one head. It has `n_heads` of the configuration.",
        (_ATTENTION_CALL, 'MultiHeadAttention(cfg["emb_dim"], 1, cfg["drop_rate"], cfg["qkv_bias"])'),
    ),
    _block(
        "future-seen",
        "Your attention sees the future: pass `is_causal=True`, or mask the scores above the diagonal.",
        (_ATTENTION_CALL, 'OpenAttention(cfg["emb_dim"], cfg["n_heads"], cfg["drop_rate"], cfg["qkv_bias"])'),
        ("class TransformerBlock(nn.Module):", _OPEN_ATTENTION),
    ),
    _block(
        "input-changed",
        "`x += …` writes into the caller's tensor. Write `x = x + …`, which makes a new one.",
        ("h = x + heard", "x += heard\n        h = x"),
    ),
    _block(
        "shortcut-cut-off",
        "Your shortcut is cut off from the gradient (`detach`), and the gradient is what it is for.",
        ("h = x + heard", "h = x.detach() + heard"),
    ),
    _block(
        "made-in-forward",
        "You make the feed-forward network in `forward`, so each call has a new one with random weights, and none is "
        "trained. Parts are made in `__init__`.",
        ("self.ff = FeedForward(cfg)", "self.cfg = cfg"),
        ("self.ff(self.norm2(h))", "FeedForward(self.cfg)(self.norm2(h))"),
    ),
    _block(
        "mean",
        "You take the mean of stream and answer. They are added.",
        ("h = x + heard", "h = (x + heard) / 2"),
        ("return h + thought", "return (h + thought) / 2"),
    ),
    _block(
        "relu",
        "Your feed-forward network bends with ReLU; here it is GELU.",
        (
            "self.ff = FeedForward(cfg)",
            'self.ff = nn.Sequential(nn.Linear(cfg["emb_dim"], 4 * cfg["emb_dim"]), nn.ReLU(), '
            'nn.Linear(4 * cfg["emb_dim"], cfg["emb_dim"]))',
        ),
    ),
]

# --- FLOPs ---------------------------------------------------------------------------------------------------------

_FLOPS_RIGHT = """def block_flops(cfg, length):
    d = cfg["emb_dim"]
    projections = 4 * (2 * length * d * d)
    scores = 2 * length * d * length
    mixing = 2 * length * length * d
    layers = 2 * (2 * length * d * 4 * d)
    return {"projections": projections, "attention": scores + mixing, "feed_forward": layers}
"""


def _flops(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "02_transformer_block: Exercise 2: what a block costs"
    return made_in(_FLOPS_RIGHT, "ch04/block-flops", name, explanation, *changes, see=see)


_FLOPS = [
    _flops(
        "multiplications-only",
        "You count the multiplications only. Each comes with an addition, so a product takes 2abc FLOPs.",
        ("4 * (2 * length * d * d)", "4 * length * d * d"),
        ("2 * length * d * length", "length * d * length"),
        ("2 * length * length * d", "length * length * d"),
        ("2 * (2 * length * d * 4 * d)", "2 * length * d * 4 * d"),
    ),
    _flops(
        "three-projections",
        "You count three projections. Queries, keys, values and the output projection are four.",
        ("4 * (2 * length * d * d)", "3 * (2 * length * d * d)"),
    ),
    _flops(
        "one-projection",
        "You count one projection. There are four: queries, keys, values and output.",
        ("4 * (2 * length * d * d)", "2 * length * d * d"),
    ),
    _flops(
        "scores-only",
        "You count the scores, and not the product of weights and values, which takes as much again.",
        ("scores + mixing", "scores"),
    ),
    _flops(
        "width-for-each-head",
        "You count the full width in each head. A head has the width D / h, and all heads together have D.",
        ("scores + mixing", 'cfg["n_heads"] * (scores + mixing)'),
    ),
    _flops(
        "one-head-only",
        "You count attention for one head only. There are `n_heads` of them.",
        ("scores + mixing", '(scores + mixing) // cfg["n_heads"]'),
    ),
    _flops(
        "half-for-the-mask",
        "You count half of attention's tables because of the mask. Here the whole table counts: most programs compute it.",
        ("scores + mixing", "(scores + mixing) // 2"),
    ),
    _flops(
        "attention-not-squared",
        "Your attention grows with the length, and it grows with its square: each of the T tokens looks at T tokens.",
        ("2 * length * d * length", "2 * length * d"),
        ("2 * length * length * d", "2 * length * d"),
    ),
    _flops(
        "one-layer",
        "You count one layer of the feed-forward network; it has two.",
        ("2 * (2 * length * d * 4 * d)", "2 * length * d * 4 * d"),
    ),
    _flops(
        "hidden-layer-not-wider",
        "Your feed-forward network has a hidden layer of width D. It is 4 D wide.",
        ("2 * length * d * 4 * d", "2 * length * d * d"),
    ),
    _flops(
        "four-times-both-ways",
        "You count 4D both as the rows and as the columns of the feed-forward matrices. Each is D by 4D.",
        ("2 * length * d * 4 * d", "2 * length * 4 * d * 4 * d"),
    ),
    _flops(
        "for-one-token",
        "You count for one token. The sentence has `length` of them.",
        ("4 * (2 * length * d * d)", "4 * (2 * d * d)"),
        ("2 * length * d * length", "2 * d * length"),
        ("2 * length * length * d", "2 * length * d"),
        ("2 * length * d * 4 * d", "2 * d * 4 * d"),
    ),
    _flops(
        "context-length",
        "You count for the whole context. The sentence has `length` tokens, which may be fewer.",
        ('    d = cfg["emb_dim"]\n', '    d, length = cfg["emb_dim"], cfg["context_length"]\n'),
    ),
    _flops(
        "all-blocks",
        "You count all blocks of the model. The function counts one.",
        ("4 * (2 * length * d * d)", 'cfg["n_layers"] * 4 * (2 * length * d * d)'),
        ("scores + mixing", 'cfg["n_layers"] * (scores + mixing)'),
        ("2 * (2 * length * d * 4 * d)", 'cfg["n_layers"] * 2 * (2 * length * d * 4 * d)'),
    ),
    _flops(
        "no-whole-numbers",
        "Your counts are floats, which lose digits when they are large. Compute with whole numbers: `//` where you divide.",
        ("projections = 4 * (2 * length * d * d)", "projections = 16 * length * d * d / 2"),
        ("scores = 2 * length * d * length", "scores = 4 * length * d * length / 2"),
        ("layers = 2 * (2 * length * d * 4 * d)", "layers = 32 * length * d * d / 2"),
    ),
    _flops(
        "parts-mixed-up",
        "Two of your results stand under each other's name.",
        ('"projections": projections', '"projections": layers'),
        ('"feed_forward": layers', '"feed_forward": projections'),
    ),
]

MISTAKES: list[Mistake] = [*_BLOCK, *_FLOPS]
