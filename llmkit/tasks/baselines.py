"""Classifiers to compare a GPT with: logistic regression on any features, and on the words of a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor

ROUNDS = 200  # maximum number of L-BFGS steps


def logistic_regression(features: Tensor, labels: Tensor, decay: float = 1e-3) -> Callable[[Tensor], Tensor]:
    """A logistic regression on standardised features.

    Args:
        features: (N, width).
        labels: classes from 0 upward, (N,).
        decay: weight of half the squared weights in the mean loss.

    Returns:
        A function from features (M, width) to logits (M, classes).
    """
    middle, spread = features.mean(dim=0), features.std(dim=0).clamp_min(1e-6)
    weight, bias = _fitted((features - middle) / spread, labels, decay)
    return lambda new: (new - middle) / spread @ weight + bias


def bag_of_words(
    texts: Sequence[str], labels: Tensor, decay: float = 1e-3, runs: int = 1
) -> Callable[[Sequence[str]], Tensor]:
    """Logistic regression on which words and punctuation marks a text contains, in any order.

    Args:
        texts: training texts; their words are the features.
        labels: classes from 0 upward, (texts,).
        decay: see `logistic_regression`.
        runs: longest n-gram used as a feature; 1 for single words.

    Returns:
        A function from texts to logits (texts, classes).
    """

    def found(text: str) -> set[str]:
        words = re.findall(r"\w+|[^\w\s]", text.lower())
        return {" ".join(words[at : at + size]) for size in range(1, runs + 1) for at in range(len(words) - size + 1)}

    places = {feature: place for place, feature in enumerate(sorted(set().union(*map(found, texts))))}

    def table(some: Sequence[str]) -> Tensor:
        there = torch.zeros(len(some), len(places))
        for row, text in enumerate(some):
            there[row, [places[feature] for feature in found(text) if feature in places]] = 1.0
        return there

    # Not standardised: that would give a word that occurs once as much weight as one in every message.
    weight, bias = _fitted(table(texts), labels, decay)
    return lambda some: table(some) @ weight + bias


def _fitted(features: Tensor, labels: Tensor, decay: float) -> tuple[Tensor, Tensor]:
    """Weights (width, classes) and biases (classes,) of the least penalised cross-entropy, which is convex."""
    classes = int(labels.max()) + 1
    weight = torch.zeros(features.shape[1], classes, requires_grad=True)
    bias = torch.zeros(classes, requires_grad=True)
    search = torch.optim.LBFGS([weight, bias], max_iter=ROUNDS, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        search.zero_grad()
        value = F.cross_entropy(features @ weight + bias, labels) + decay / 2 * weight.square().sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    cast(Callable[[Callable[[], Tensor]], Tensor], search.step)(loss)
    return weight.detach(), bias.detach()
