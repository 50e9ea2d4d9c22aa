"""Answers to exercise 2 of the exam: sink_weights."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="triangles",
        description="Masks of triu and tril, and a mask that is added.",
        code="""def sink_weights(scores):
    t = scores.size(-1)
    ones = torch.ones(t, t)
    future, far = ones.triu(1).bool(), ones.tril(-VARIANT_window).bool()
    far[:, :VARIANT_sinks] = False
    steps = torch.arange(t).unsqueeze(1) - torch.arange(t).unsqueeze(0)
    price = steps * VARIANT_slope
    price[:, :VARIANT_sinks] = 0
    mask = torch.zeros(t, t).masked_fill(future | far, float("-inf"))
    return torch.softmax(scores - price.to(scores.dtype) + mask.to(scores.dtype), dim=-1)
""",
    ),
    Alternative(
        name="loops",
        description="A mask that is filled number by number.",
        code="""def sink_weights(scores):
    length = scores.shape[-1]
    bias = torch.full((length, length), -torch.inf, dtype=scores.dtype)
    for i in range(length):
        for j in range(i + 1):
            if j < VARIANT_sinks:
                bias[i, j] = 0.0
            elif i - j < VARIANT_window:
                bias[i, j] = -VARIANT_slope * (i - j)
    return F.softmax(scores + bias, dim=-1)
""",
    ),
    Alternative(
        name="exponentials-by-hand",
        description="No softmax: exponentials of what is visible, less the largest score of the row.",
        code="""def sink_weights(scores):
    index = torch.arange(scores.shape[-1])
    i, j = torch.meshgrid(index, index, indexing="ij")
    visible = (j <= i) & ((i - j < VARIANT_window) | (j < VARIANT_sinks))
    lowered = scores - torch.where(j < VARIANT_sinks, 0.0, VARIANT_slope * (i - j))
    lowered = torch.where(visible, lowered, torch.finfo(scores.dtype).min)
    powers = torch.exp(lowered - lowered.max(dim=-1, keepdim=True).values) * visible
    return powers / powers.sum(dim=-1, keepdim=True)
""",
    ),
    Alternative(
        name="row-by-row",
        description="A softmax over the visible tokens of each row alone.",
        code="""def sink_weights(scores):
    result = torch.zeros_like(scores)
    for i in range(scores.shape[-1]):
        seen = sorted({*range(min(VARIANT_sinks, i + 1)), *range(max(0, i - VARIANT_window + 1), i + 1)})
        costs = torch.tensor([0 if j < VARIANT_sinks else VARIANT_slope * (i - j) for j in seen])
        result[..., i, seen] = (scores[..., i, seen] - costs).softmax(dim=-1)
    return result
""",
    ),
]

_RIGHT = """def sink_weights(scores):
    place = torch.arange(scores.shape[-1])
    distance = place[:, None] - place
    first = place < VARIANT_sinks
    hidden = (distance < 0) | ((distance >= VARIANT_window) & ~first)
    costs = VARIANT_slope * distance.masked_fill(first, 0)
    return (scores - costs).masked_fill(hidden, -torch.inf).softmax(-1)
"""

_mistake = partial(made_in, _RIGHT)

MISTAKES = [
    _mistake(
        "window-without-itself",
        "Your window is one token too wide: the token that looks is one of its most recent ones.",
        (">= VARIANT_window", "> VARIANT_window"),
    ),
    _mistake(
        "window-too-narrow",
        "Your window is one token too narrow.",
        (">= VARIANT_window", ">= VARIANT_window - 1"),
    ),
    _mistake(
        "no-window",
        "Your tokens see all of their past: apart from the first ones, only the window is visible.",
        ("(distance < 0) | ((distance >= VARIANT_window) & ~first)", "distance < 0"),
    ),
    _mistake(
        "first-tokens-hidden",
        "The first tokens of the text vanish when the window has moved on. They stay visible.",
        ("(distance >= VARIANT_window) & ~first", "distance >= VARIANT_window"),
    ),
    _mistake(
        "first-tokens-seen-from-the-past",
        "Your first tokens are visible from everywhere, even where they lie in the future of the token that looks.",
        (
            "(distance < 0) | ((distance >= VARIANT_window) & ~first)",
            "((distance < 0) | (distance >= VARIANT_window)) & ~first",
        ),
    ),
    _mistake(
        "one-first-token-more",
        "One token too many at the beginning stays visible: count the first tokens from 0.",
        ("place < VARIANT_sinks", "place <= VARIANT_sinks"),
    ),
    _mistake(
        "future-visible",
        "Your tokens look into the future: what comes after a token is hidden from it.",
        ("(distance < 0) | ((distance >= VARIANT_window) & ~first)", "(distance >= VARIANT_window) & ~first"),
    ),
    _mistake(
        "first-tokens-pay",
        "Your first tokens pay for the distance. They cost nothing, however far away they are.",
        ("distance.masked_fill(first, 0)", "distance"),
    ),
    _mistake(
        "no-costs",
        "Distance costs nothing in your weights: each step lowers the score.",
        ("(scores - costs)", "scores"),
    ),
    _mistake(
        "far-is-better",
        "You raise the score with the distance. It is lowered: what is far away counts less.",
        ("scores - costs", "scores + costs"),
    ),
    _mistake(
        "costs-after-the-softmax",
        "You take the costs off the weights, after the softmax. They lower the scores before it; then each row sums to one.",
        (
            "(scores - costs).masked_fill(hidden, -torch.inf).softmax(-1)",
            "(scores.masked_fill(hidden, -torch.inf).softmax(-1) - costs).masked_fill(hidden, 0)",
        ),
    ),
    _mistake(
        "hidden-after-the-softmax",
        "You hide after the softmax, so that your rows do not sum to one. Hide before it.",
        (
            ".masked_fill(hidden, -torch.inf).softmax(-1)",
            ".softmax(-1).masked_fill(hidden, 0)",
        ),
    ),
    _mistake(
        "hidden-with-zeros",
        "You give hidden places the score 0, and a softmax turns 0 into a weight like any other. It takes minus infinity.",
        ("masked_fill(hidden, -torch.inf)", "masked_fill(hidden, 0)"),
    ),
    _mistake(
        "softmax-over-columns",
        "Your softmax runs over the tokens that look. The weights of one looking token are a row: the last dimension.",
        ("softmax(-1)", "softmax(-2)"),
    ),
    _mistake(
        "rows-and-columns-exchanged",
        "You have exchanged rows and columns: row i is the token that looks, column j the one that is looked at.",
        ("place[:, None] - place\n", "place - place[:, None]\n"),
    ),
    _mistake(
        "scaled-again",
        "You scale the scores once more: they come in scaled.",
        ("(scores - costs)", "(scores / scores.shape[-1] ** 0.5 - costs)"),
    ),
    _mistake(
        "scores-changed",
        "You change the scores that you were given: a method whose name ends in an underscore works in place.",
        ("(scores - costs).masked_fill(hidden", "scores.sub_(costs).masked_fill(hidden"),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "place = torch.arange(scores.shape[-1])",
        "1 → 2",
        "The last two dimensions of scores are both T.",
    ),
]
