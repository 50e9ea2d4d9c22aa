"""Answers to exercise 2 of 03_causal_attention: mask first, softmax second."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, Mistake, made_in
from autograder.answers.ch03._sentences import NOT_HIDDEN

ALTERNATIVES = [
    Alternative(
        name="very-negative",
        description="-1e9 by torch.where.",
        code="""def masked_attention_weights(scores):
    T = scores.size(-1)
    may_look = torch.tril(torch.ones(T, T)) == 1
    return F.softmax(torch.where(may_look, scores, -1e9), dim=-1).to(scores.dtype)
""",
    ),
    Alternative(
        name="additive",
        description="An additive mask of the type's most negative number.",
        code="""def masked_attention_weights(scores):
    T = scores.shape[-1]
    penalty = torch.full((T, T), torch.finfo(scores.dtype).min, dtype=scores.dtype, device=scores.device).triu(1)
    return (scores + penalty).softmax(-1)
""",
    ),
    Alternative(
        name="by-hand",
        description="The softmax written out, on a copy changed in place.",
        code="""def masked_attention_weights(scores):
    T = scores.shape[-1]
    hidden = torch.arange(T) > torch.arange(T).view(-1, 1)
    s = scores.clone()
    s[..., hidden] = -math.inf
    e = torch.exp(s - s.max(dim=-1, keepdim=True).values)
    return e / e.sum(dim=-1, keepdim=True)
""",
    ),
    Alternative(
        name="row-by-row",
        description="One softmax per row, over its own past.",
        code="""def masked_attention_weights(scores):
    T = scores.shape[-1]
    rows = [F.pad(torch.softmax(scores[..., i, : i + 1], dim=-1), (0, T - i - 1)) for i in range(T)]
    return torch.stack(rows, dim=-2)
""",
    ),
]

_RIGHT = """def masked_attention_weights(scores):
    size = scores.shape[-1]
    mask = torch.ones(size, size, dtype=torch.bool).triu(1)
    masked = scores.masked_fill(mask, float("-inf"))
    return torch.softmax(masked, dim=-1)
"""

_SEE = "03_causal_attention: Exercise 2: mask first, softmax second"
_mistake = partial(made_in, _RIGHT, see=_SEE)

MISTAKES = [
    Mistake(
        name="mask-after-softmax",
        explanation="Your weights are masked after the softmax. By then the future has already taken its share "
        "of every row, so the rows no longer sum to one. Put -inf in the scores first.",
        code="def masked_attention_weights(scores):\n    return torch.softmax(scores, dim=-1).tril()\n",
        see=_SEE,
    ),
    Mistake(
        name="renormalised-after-softmax",
        explanation="Your weights are masked after the softmax and divided by their new sum. That is right on "
        "paper, but a large score in the future rounds everything that you keep to zero, and 0 / 0 "
        "is not a number.",
        code="""def masked_attention_weights(scores):
    weights = torch.softmax(scores, dim=-1).tril()
    return weights / weights.sum(dim=-1, keepdim=True)
""",
        see=_SEE,
    ),
    _mistake(
        "score-zero",
        "You gave the future the score 0, but the softmax turns 0 into e^0 = 1, not into nothing. "
        "Only -inf (or a very negative number) vanishes.",
        ('scores.masked_fill(mask, float("-inf"))', "scores * ~mask"),
    ),
    _mistake(
        "tiny-instead-of-very-negative",
        "The scores of your future are 0 or nearly 0, and e^0 = 1: it is seen. If you wrote 1e-9, you may have meant -1e9, a very negative "
        "number; -inf is surest.",
        ('float("-inf")', "1e-9"),
    ),
    _mistake(
        "mask-thrown-away",
        NOT_HIDDEN,
        ('masked = scores.masked_fill(mask, float("-inf"))', 'scores.masked_fill(mask, float("-inf"))'),
        ("(masked,", "(scores,"),
    ),
    _mistake(
        "softmax-over-columns",
        "Your softmax runs down the columns. The weights of one looking token lie in a row, so it "
        "must run along the last dimension (`dim=-1`).",
        ("dim=-1", "dim=-2"),
    ),
    _mistake(
        "softmax-over-dimension-one",
        "Your softmax runs along `dim=1`, which is the last dimension for one table of scores only. "
        "With a batch it is another one; count from the end: `dim=-1`.",
        ("dim=-1", "dim=1"),
    ),
    _mistake(
        "triangle-swapped",
        "You hid the past and kept the future: the corner to hide is the one above the diagonal.",
        ("triu(1)", "tril(-1)"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    _mistake(
        "diagonal-hidden",
        "You hid the diagonal too. The first row is then all -inf, and a softmax over nothing gives NaN: 0 / 0.",
        ("triu(1)", "triu(0)"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    _mistake(
        "diagonal-two",
        "Your mask begins one column too late, so that every token sees the one right after it.",
        ("triu(1)", "triu(2)"),
        see="03_causal_attention: Exercise 1: the causal mask",
    ),
    _mistake(
        "scaled-again",
        "You divided the scores by a square root, but they come in already scaled. Scaling twice "
        "makes the weights too even.",
        ("softmax(masked,", "softmax(masked / size**0.5,"),
    ),
    _mistake(
        "in-place",
        "`masked_fill_`, with the underscore, writes the -inf into the caller's own scores. Use "
        "`masked_fill`, which makes a new tensor.",
        ("masked_fill(", "masked_fill_("),
    ),
    _mistake(
        "float-mask",
        "`masked_fill` wants a mask of True and False; yours holds the numbers 1.0 and 0.0. Turn it "
        "into booleans, for instance with `mask.bool()` or `mask != 0`.",
        (", dtype=torch.bool", ""),
    ),
    _mistake(
        "single-precision-forced",
        "Your weights come back in float32 although the scores came in as float64: somewhere the number type is fixed.",
        ("scores.masked_fill", "scores.float().masked_fill"),
    ),
    _mistake(
        "no-mask",
        NOT_HIDDEN,
        ("(masked,", "(scores,"),
    ),
    _mistake(
        "overflow",
        "Your softmax breaks where the largest score that counts is large: e^1000 is too large for a computer. "
        "`torch.softmax` takes the largest score of each row off first.",
        ("torch.softmax(masked, dim=-1)", "masked.exp() / masked.exp().sum(dim=-1, keepdim=True)"),
    ),
    _mistake(
        "scores-clamped",
        "You clamp the scores, so that all that lie beyond the limit become alike. Nothing has to be clamped: a "
        "softmax that takes the largest score off first cannot overflow.",
        ("masked = scores.masked_fill", "masked = scores.clamp(-80, 80).masked_fill"),
    ),
    _mistake(
        "largest-of-the-whole-table",
        "You take the largest score of the whole table off. Rows whose scores are much smaller then vanish, and 0 / 0"
        " is not a number: each row has a largest score of its own.",
        (
            "torch.softmax(masked, dim=-1)",
            "(masked - masked.amax()).exp() / (masked - masked.amax()).exp().sum(dim=-1, keepdim=True)",
        ),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "length = scores.shape[-1]",
        "1 → 2",
        "Scores are square.",
    ),
    Equivalent(
        "future = torch.triu(torch.ones(length, length, dtype=torch.bool, device=scores.device), diagonal=1)",
        "keyword device dropped",
        "On a CPU there is one device only.",
    ),
]
