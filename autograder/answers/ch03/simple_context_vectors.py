"""Answers to exercise 2 of 01_simple_self_attention: context vectors."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="einsum",
        description="Two einsums.",
        code="""def simple_context_vectors(x):
    weights = torch.einsum("...id,...jd->...ij", x, x).softmax(dim=-1)
    return torch.einsum("...ij,...jd->...id", weights, x)
""",
    ),
    Alternative(
        name="sums",
        description="Weighted sums word by word.",
        code="""def simple_context_vectors(x):
    contexts = []
    for i in range(x.shape[-2]):
        scores = (x * x[..., i : i + 1, :]).sum(-1, keepdim=True)
        contexts.append((torch.softmax(scores, dim=-2) * x).sum(dim=-2))
    return torch.stack(contexts, dim=-2)
""",
    ),
]

_RIGHT = """def simple_context_vectors(x):
    weights = torch.softmax(x @ x.mT, dim=-1)
    return weights @ x
"""

_mistake = partial(made_in, _RIGHT, see="01_simple_self_attention: Exercise 2: context vectors")

MISTAKES = [
    _mistake(
        "weights-for-contexts",
        "Your function returns the weights; they still have to mix the word vectors.",
        ("weights @ x", "weights"),
    ),
    _mistake(
        "weights-turned-over",
        "Your weights are transposed: column i mixes the words, but the shares of word i are in row i.",
        ("weights @ x", "weights.mT @ x"),
    ),
    _mistake(
        "softmax-over-columns",
        "Your softmax runs over the columns, so the shares of a word do not sum to one.",
        ("dim=-1", "dim=-2"),
    ),
    _mistake(
        "softmax-over-dimension-one",
        "Your softmax runs along `dim=1`, which is right for one sentence only; with a batch it is another dimension.",
        ("dim=-1", "dim=1"),
    ),
    _mistake(
        "scores-for-weights",
        "You mixed with the raw scores. They are no shares: take the softmax of each row first.",
        ("torch.softmax(x @ x.mT, dim=-1)", "x @ x.mT"),
    ),
    _mistake(
        "plain-mean",
        "In your code every word gets the plain mean of the sentence: the weights are not used.",
        ("weights @ x", "x.mean(dim=-2, keepdim=True).expand_as(x)"),
    ),
    _mistake(
        "already-scaled",
        "Your scores are divided by the square root of the width. That comes in the next notebook.",
        ("x @ x.mT", "x @ x.mT / x.shape[-1] ** 0.5"),
    ),
    _mistake(
        "input-added",
        "You added the word's own vector to its context vector. A context vector is the weighted mean alone.",
        ("weights @ x", "x + weights @ x"),
    ),
    _mistake(
        "last-word-only",
        "Your function gives the context vector of the last word only; every word needs one.",
        ("weights @ x", "(weights @ x)[..., -1, :]"),
    ),
    _mistake(
        "softmax-twice",
        "Your weights go through the softmax twice, which makes them nearly even.",
        ("weights @ x", "torch.softmax(weights, dim=-1) @ x"),
    ),
]
