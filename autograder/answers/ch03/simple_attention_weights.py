"""Answers to exercise 1 of 01_simple_self_attention: attention weights."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="einsum",
        description="einsum and the functional softmax.",
        code="""def simple_attention_weights(x):
    return F.softmax(torch.einsum("...id,...jd->...ij", x, x), dim=-1)
""",
    ),
    Alternative(
        name="by-hand",
        description="The softmax written out, with the largest score of each row taken off first.",
        code="""def simple_attention_weights(x: torch.Tensor) -> torch.Tensor:
    S = torch.matmul(x, torch.swapaxes(x, -1, -2))
    E = torch.exp(S - S.amax(dim=-1, keepdim=True))
    return E / E.sum(dim=-1, keepdim=True)
""",
    ),
    Alternative(
        name="loops",
        description="Row by row in loops, a batch by recursion.",
        code="""def simple_attention_weights(x):
    if x.dim() == 3:
        return torch.stack([simple_attention_weights(sentence) for sentence in x])
    weights = torch.empty(len(x), len(x), dtype=x.dtype)
    for i in range(len(x)):
        scores = torch.stack([torch.dot(x[i], x[j]) for j in range(len(x))])
        weights[i] = torch.softmax(scores, dim=0)
    return weights
""",
    ),
    Alternative(
        name="log-softmax",
        description="Broadcast products, summed; softmax as the exponential of its logarithm.",
        code="""def simple_attention_weights(x):
    scores = (x.unsqueeze(-2) * x.unsqueeze(-3)).sum(dim=-1)
    return scores.log_softmax(-1).exp()
""",
    ),
]

_RIGHT = """def simple_attention_weights(x):
    scores = x @ x.mT
    return torch.softmax(scores, dim=-1)
"""

_mistake = partial(made_in, _RIGHT, see="01_simple_self_attention: Exercise 1: attention weights")

MISTAKES = [
    _mistake(
        "softmax-over-columns",
        "Your columns sum to one, not your rows. The weights of one looking word lie in its row, so "
        "the softmax runs along the last dimension.",
        ("dim=-1", "dim=-2"),
    ),
    _mistake(
        "softmax-over-dimension-one",
        "Your softmax runs along `dim=1`, which is the last dimension for one sentence only. With a "
        "batch it is another one: count from the end, `dim=-1`.",
        ("dim=-1", "dim=1"),
    ),
    _mistake(
        "softmax-over-everything",
        "All your weights together sum to one. Each looking word needs a sum of its own: one softmax per row.",
        ("torch.softmax(scores, dim=-1)", "torch.softmax(scores.flatten(-2), dim=-1).view_as(scores)"),
    ),
    _mistake(
        "no-softmax",
        "Your function returns the scores. They still have to become shares: take the softmax of each row.",
        ("torch.softmax(scores, dim=-1)", "scores"),
    ),
    _mistake(
        "divided-by-the-sum",
        "You divided each score by the sum of its row. That fails for negative scores, and the sum "
        "may even be zero; the softmax uses e^score, which is always positive.",
        ("torch.softmax(scores, dim=-1)", "scores / scores.sum(dim=-1, keepdim=True)"),
    ),
    _mistake(
        "already-scaled",
        "Your scores are divided by the square root of the width. That comes in the next notebook; "
        "here they are plain dot products.",
        ("(scores,", "(scores / x.shape[-1] ** 0.5,"),
    ),
    _mistake(
        "cosine",
        "Your scores are cosines: the length of the vectors is lost. Here the plain dot product is "
        "wanted, in which long vectors count more.",
        ("scores = x @ x.mT", "x = F.normalize(x, dim=-1)\n    scores = x @ x.mT"),
    ),
    _mistake(
        "features-for-tokens",
        "Your matrix product compares features with features: the result has the width of the vectors, not the "
        "number of words. It is the second `x` that must be transposed.",
        ("x @ x.mT", "x.mT @ x"),
    ),
    _mistake(
        "batch-turned-over",
        "Your weights are right for one sentence; in a batch more than words and features change places. Exchange the last two "
        "dimensions: `transpose(-2, -1)` or `.mT`.",
        ("x.mT", "x.transpose(0, 1)"),
    ),
    _mistake(
        "overflow",
        "Your softmax breaks for large scores: e^1000 is too large for a computer. `torch.softmax` "
        "subtracts the largest score of each row first.",
        ("torch.softmax(scores, dim=-1)", "scores.exp() / scores.exp().sum(dim=-1, keepdim=True)"),
    ),
    _mistake(
        "contexts-for-weights",
        "Your function returns the mixed vectors. This exercise asks for the weights themselves, a square table.",
        ("torch.softmax(scores, dim=-1)", "torch.softmax(scores, dim=-1) @ x"),
    ),
    _mistake(
        "input-changed",
        "Your function changes `x` itself. Make new tensors; methods that end in an underscore and "
        "`*=` write into the caller's data.",
        ("scores = x @ x.mT", "x += 0.0\n    x -= x.mean() * 1e-3\n    scores = x @ x.mT"),
    ),
    _mistake(
        "scores-clamped",
        "You clamp the scores, so that all that lie beyond the limit become alike. Nothing has to be clamped: a "
        "softmax that takes the largest score off first cannot overflow.",
        ("(scores, dim=-1)", "(scores.clamp(-80, 80), dim=-1)"),
    ),
]
