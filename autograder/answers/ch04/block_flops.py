"""Answers to exercise 2 of 02_transformer_block: what a block costs."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="helper-and-loop",
        description="A function for one product, summed over the heads.",
        code="""def block_flops(cfg, length):
    def product(a, b, c):
        return 2 * a * b * c

    width, heads = cfg["emb_dim"], cfg["n_heads"]
    size = width // heads
    attention = 0
    for _ in range(heads):
        attention += product(length, size, length) + product(length, length, size)
    return dict(
        projections=sum(product(length, width, width) for _ in range(4)),
        attention=attention,
        feed_forward=product(length, width, 4 * width) + product(length, 4 * width, width),
    )
""",
    ),
    Alternative(
        name="by-parameters",
        description="Twice the parameters of the matrices for each token.",
        code="""def block_flops(cfg, length):
    D, T = cfg["emb_dim"], length
    parameters = {"projections": 4 * D**2, "feed_forward": 8 * D**2}
    flops = {part: 2 * count * T for part, count in parameters.items()}
    flops["attention"] = 4 * T**2 * D
    return flops
""",
    ),
    Alternative(
        name="on-meta-tensors",
        description="Sizes read from tensors on the meta device.",
        code="""def block_flops(cfg, length):
    x = torch.empty(length, cfg["emb_dim"], device="meta")
    square = torch.empty(cfg["emb_dim"], cfg["emb_dim"], device="meta")
    wide = torch.empty(cfg["emb_dim"], 4 * cfg["emb_dim"], device="meta")

    def cost(a, b):
        return 2 * (a @ b).numel() * a.shape[-1]

    table = x @ x.T
    return {
        "attention": cost(x, x.T) + cost(table, x),
        "feed_forward": cost(x, wide) + cost(x @ wide, wide.T),
        "projections": 4 * cost(x, square),
    }
""",
    ),
]

_RIGHT = """def block_flops(cfg, length):
    d = cfg["emb_dim"]
    projections = 4 * (2 * length * d * d)
    scores = 2 * length * d * length
    mixing = 2 * length * length * d
    layers = 2 * (2 * length * d * 4 * d)
    return {"projections": projections, "attention": scores + mixing, "feed_forward": layers}
"""

_mistake = partial(made_in, _RIGHT, see="02_transformer_block: Exercise 2: what a block costs")

MISTAKES = [
    _mistake(
        "multiplications-only",
        "You count the multiplications only. Each comes with an addition, so a product takes 2abc FLOPs.",
        ("4 * (2 * length * d * d)", "4 * length * d * d"),
        ("2 * length * d * length", "length * d * length"),
        ("2 * length * length * d", "length * length * d"),
        ("2 * (2 * length * d * 4 * d)", "2 * length * d * 4 * d"),
    ),
    _mistake(
        "three-projections",
        "You count three projections. Queries, keys, values and the output projection are four.",
        ("4 * (2 * length * d * d)", "3 * (2 * length * d * d)"),
    ),
    _mistake(
        "one-projection",
        "You count one projection. There are four: queries, keys, values and output.",
        ("4 * (2 * length * d * d)", "2 * length * d * d"),
    ),
    _mistake(
        "scores-only",
        "You count the scores, and not the product of weights and values, which takes as much again.",
        ("scores + mixing", "scores"),
    ),
    _mistake(
        "width-for-each-head",
        "You count the full width in each head. A head has the width D / h, and all heads together have D.",
        ("scores + mixing", 'cfg["n_heads"] * (scores + mixing)'),
    ),
    _mistake(
        "one-head-only",
        "You count attention for one head only. There are `n_heads` of them.",
        ("scores + mixing", '(scores + mixing) // cfg["n_heads"]'),
    ),
    _mistake(
        "half-for-the-mask",
        "You count half of attention's tables because of the mask. Here the whole table counts: most programs compute it.",
        ("scores + mixing", "(scores + mixing) // 2"),
    ),
    _mistake(
        "attention-not-squared",
        "Your attention grows with the length, and it grows with its square: each of the T tokens looks at T tokens.",
        ("2 * length * d * length", "2 * length * d"),
        ("2 * length * length * d", "2 * length * d"),
    ),
    _mistake(
        "one-layer",
        "You count one layer of the feed-forward network; it has two.",
        ("2 * (2 * length * d * 4 * d)", "2 * length * d * 4 * d"),
    ),
    _mistake(
        "hidden-layer-not-wider",
        "Your feed-forward network has a hidden layer of width D. It is 4 D wide.",
        ("2 * length * d * 4 * d", "2 * length * d * d"),
    ),
    _mistake(
        "four-times-both-ways",
        "You count 4D both as the rows and as the columns of the feed-forward matrices. Each is D by 4D.",
        ("2 * length * d * 4 * d", "2 * length * 4 * d * 4 * d"),
    ),
    _mistake(
        "for-one-token",
        "You count for one token. The sentence has `length` of them.",
        ("4 * (2 * length * d * d)", "4 * (2 * d * d)"),
        ("2 * length * d * length", "2 * d * length"),
        ("2 * length * length * d", "2 * length * d"),
        ("2 * length * d * 4 * d", "2 * d * 4 * d"),
    ),
    _mistake(
        "context-length",
        "You count for the whole context. The sentence has `length` tokens, which may be fewer.",
        ('    d = cfg["emb_dim"]\n', '    d, length = cfg["emb_dim"], cfg["context_length"]\n'),
    ),
    _mistake(
        "all-blocks",
        "You count all blocks of the model. The function counts one.",
        ("4 * (2 * length * d * d)", 'cfg["n_layers"] * 4 * (2 * length * d * d)'),
        ("scores + mixing", 'cfg["n_layers"] * (scores + mixing)'),
        ("2 * (2 * length * d * 4 * d)", 'cfg["n_layers"] * 2 * (2 * length * d * 4 * d)'),
    ),
    _mistake(
        "no-whole-numbers",
        "Your counts are floats, which lose digits when they are large. Compute with whole numbers: `//` where you divide.",
        ("projections = 4 * (2 * length * d * d)", "projections = 16 * length * d * d / 2"),
        ("scores = 2 * length * d * length", "scores = 4 * length * d * length / 2"),
        ("layers = 2 * (2 * length * d * 4 * d)", "layers = 32 * length * d * d / 2"),
    ),
    _mistake(
        "parts-mixed-up",
        "Two of your results stand under each other's name.",
        ('"projections": projections', '"projections": layers'),
        ('"feed_forward": layers', '"feed_forward": projections'),
    ),
]
