"""Answers to exercise 1 of 05_perceptron: a neuron."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="where",
        description="Products summed over the last dimension, then torch.where.",
        code="""def neuron(x, weights, bias):
    return torch.where((x * weights).sum(dim=-1) + bias >= 0, 1, 0)
""",
    ),
    Alternative(
        name="heaviside",
        description="einsum and torch.heaviside, floating-point answers.",
        code="""def neuron(x, weights, bias):
    scores = torch.einsum("...d,d->...", x, weights) + bias
    return torch.heaviside(scores, torch.ones_like(scores))
""",
    ),
    Alternative(
        name="plain-python",
        description="Loops over lists, one point by recursion.",
        code="""def neuron(x, weights, bias):
    if x.dim() > 1:
        return torch.stack([neuron(point, weights, bias) for point in x])
    total = bias
    for value, weight in zip(x.tolist(), weights.tolist()):
        total += value * weight
    return torch.tensor(int(total >= 0))
""",
    ),
    Alternative(
        name="true-and-false",
        description="A tensor of True and False, the threshold on the other side.",
        code="""def neuron(x, weights, bias):
    return torch.matmul(x, weights) >= -bias
""",
    ),
]

_RIGHT = """def neuron(x, weights, bias):
    scores = x @ weights + bias
    return (scores >= 0).long()
"""

_mistake = partial(made_in, _RIGHT, see="05_perceptron: Exercise 1: a neuron")

MISTAKES = [
    _mistake(
        "no-bias",
        "Your neuron forgets the bias, so its line always goes through the origin. Add the bias to every score.",
        ("x @ weights + bias", "x @ weights"),
    ),
    _mistake(
        "zero-counts-as-0",
        "Your neuron answers 0 where the score is exactly zero. The statement counts zero as 1: compare with `>=`.",
        (">= 0", "> 0"),
    ),
    _mistake(
        "bias-subtracted",
        "Your neuron subtracts the bias. In some books the neuron fires when the sum reaches a threshold, which is "
        "subtracted; here the bias is added.",
        ("+ bias", "- bias"),
    ),
    _mistake(
        "answers-turned-over",
        "Your answers are exchanged: a score of zero or more means 1, a negative score means 0.",
        (">= 0", "< 0"),
    ),
    _mistake(
        "score-returned",
        "Your neuron returns its scores. The answer is 1 where the score is at least zero and 0 elsewhere.",
        ("(scores >= 0).long()", "scores"),
    ),
    _mistake(
        "signs",
        "Your neuron answers with the sign, -1 or 1. The classes here are 0 and 1.",
        ("(scores >= 0).long()", "torch.where(scores >= 0, 1, -1)"),
    ),
    _mistake(
        "sigmoid-for-step",
        "Your neuron answers with a number between 0 and 1. That smooth curve comes in the next notebook; this neuron "
        "says 0 or 1.",
        ("(scores >= 0).long()", "torch.sigmoid(scores)"),
    ),
    _mistake(
        "weights-not-summed",
        "You multiplied each input by its weight but did not add the products up: a point has one score.",
        ("x @ weights + bias", "x * weights + bias"),
    ),
    _mistake(
        "all-points-summed",
        "You added up the products of all points together. Each point has a score of its own: sum over the last dimension.",
        ("x @ weights + bias", "(x * weights).sum() + bias"),
    ),
    _mistake(
        "bias-in-every-term",
        "Your bias is added to every product, so it counts once for each input. It is added once, to the sum.",
        ("x @ weights + bias", "(x * weights + bias).sum(dim=-1)"),
    ),
    _mistake(
        "half-as-threshold",
        "Your neuron compares the score with one half. A score may be any number, and the boundary is at zero; "
        "one half is for probabilities.",
        (">= 0", ">= 0.5"),
    ),
]
