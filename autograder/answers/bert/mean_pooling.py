"""Answers to exercise 3 of 05_real_bert: one vector for each text."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="row-by-row",
        description="A loop over the rows; the real tokens are chosen by the mask.",
        code="""def mean_pooling(vectors, mask):
    out = []
    for row, real in zip(vectors, mask):
        chosen = row[real.bool()]
        out.append(chosen.mean(dim=0) if len(chosen) else torch.zeros_like(row[0]))
    return torch.stack(out)
""",
    ),
    Alternative(
        name="einsum",
        description="The weights of the mean first, each row of the mask divided by its sum; then one einsum.",
        code="""def mean_pooling(vectors, mask):
    share = mask.to(vectors) / mask.sum(dim=-1, keepdim=True).clamp_min(1)
    return torch.einsum("btd,bt->bd", vectors, share.to(vectors))
""",
    ),
    Alternative(
        name="masked-fill",
        description="Padding filled with zeros, the batched product of a matrix and ones for the sum; where() for empty rows.",
        code="""def mean_pooling(vectors, mask):
    hidden = mask == 0
    kept = vectors.masked_fill(hidden.unsqueeze(2), 0.0)
    count = (~hidden).sum(1, keepdim=True)
    total = kept.transpose(1, 2) @ torch.ones(kept.shape[1], dtype=kept.dtype)
    return torch.where(count > 0, total / torch.where(count > 0, count, 1), torch.zeros_like(total))
""",
    ),
]

_RIGHT = """def mean_pooling(vectors, mask):
    weights = mask.unsqueeze(-1).to(vectors.dtype)
    total = (vectors * weights).sum(dim=1)
    count = weights.sum(dim=1).clamp(min=1)
    return total / count
"""

_mistake = partial(made_in, _RIGHT, see="05_real_bert: Exercise 3: mean_pooling")

MISTAKES = [
    _mistake(
        "padding-counted",
        "You take the mean of all tokens. Padding must count neither in the sum nor in the number.",
        ("weights = mask.unsqueeze(-1).to(vectors.dtype)", "weights = torch.ones_like(vectors[..., :1])"),
    ),
    _mistake(
        "divided-by-all-tokens",
        "Padding is left out of your sum, and then you divide by all tokens of the row. Divide by the real ones.",
        ("count = weights.sum(dim=1).clamp(min=1)", "count = vectors.shape[1]"),
    ),
    _mistake(
        "padding-in-the-sum",
        "You divide by the number of real tokens, but your sum has padding in it, too.",
        ("(vectors * weights).sum(dim=1)", "vectors.sum(dim=1)"),
    ),
    _mistake(
        "sum",
        "You return the sum. Divide it by the number of real tokens, or long texts get long vectors.",
        ("return total / count", "return total"),
    ),
    _mistake(
        "first-token",
        "You return the vector of the first token, [CLS]. This model was trained for the mean of all real tokens.",
        ("return total / count", "return vectors[:, 0]"),
    ),
    _mistake(
        "largest-numbers",
        "You take the largest number in each place. The mean is wanted.",
        (
            "return total / count",
            "return torch.nan_to_num(vectors.masked_fill(weights == 0, -torch.inf).amax(dim=1), neginf=0.0)",
        ),
    ),
    _mistake(
        "mask-inverted",
        "You take the mean of the padding. Here True means a real token.",
        ("mask.unsqueeze(-1).to(vectors.dtype)", "1 - mask.unsqueeze(-1).to(vectors.dtype)"),
    ),
    _mistake(
        "count-of-the-batch",
        "You divide every row by the real tokens of the whole batch. Each row has its own number.",
        ("weights.sum(dim=1).clamp(min=1)", "weights.sum().clamp(min=1)"),
    ),
    _mistake(
        "nan-for-empty-rows",
        "A row without tokens becomes NaN: zero divided by zero. Divide by at least 1.",
        (".clamp(min=1)", ""),
    ),
    _mistake(
        "one-more-in-the-count",
        "You add 1 to the number of tokens against division by zero. That shortens every vector; use the *maximum* of 1 and the number.",
        (".clamp(min=1)", ".add(1)"),
    ),
    _mistake(
        "over-the-width",
        "You take the mean over the width, so that each *token* has one number. The tokens are dimension 1.",
        ("return total / count", "return vectors.mean(dim=2) * mask"),
    ),
    _mistake(
        "over-the-rows",
        "You take the mean over the rows of the batch. The tokens are dimension 1.",
        ("return total / count", "return (vectors * weights).sum(dim=0) / weights.sum(dim=0).clamp(min=1)"),
    ),
    _mistake(
        "padding-taken-as-the-end",
        "You take as many tokens from the *beginning* as the mask has ones. Padding may stand anywhere.",
        ("mask.unsqueeze(-1)", "(torch.arange(mask.shape[1]) < mask.sum(dim=1, keepdim=True)).unsqueeze(-1)"),
    ),
    _mistake(
        "brought-to-length-one",
        "Your vectors have length 1. The mean is wanted as it is; the cosine takes care of the length later.",
        ("return total / count", "return F.normalize(total / count, dim=-1)"),
    ),
    _mistake(
        "dtype-changed",
        "Your result is `float32` for vectors in `float64`, too. Take the dtype of the vectors.",
        ("return total / count", "return (total / count).float()"),
    ),
    _mistake(
        "vectors-changed",
        "You multiply the caller's vectors in place. Make new ones.",
        ("(vectors * weights)", "vectors.mul_(weights)"),
    ),
]
