"""Answers to exercise 1 of 04_generation: a table of next tokens."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="topk-and-zip",
        description="topk on a batch of one, squeezed; without gradients.",
        code="""@torch.no_grad()
def next_token_table(model, idx, k):
    probs = torch.nn.functional.softmax(model(idx)[:, -1, :], dim=-1).squeeze(0)
    top = torch.topk(probs, k=min(k, probs.numel()))
    return list(zip(top.indices.tolist(), top.values.tolist()))
""",
    ),
    Alternative(
        name="plain-python",
        description="The softmax by hand on a list, the k largest by heapq.",
        code="""import heapq
import math


def next_token_table(model, idx, k):
    row = model(idx)[0][-1].tolist()
    top = max(row)
    weights = [math.exp(value - top) for value in row]
    total = sum(weights)
    pairs = [(token, weight / total) for token, weight in enumerate(weights)]
    return heapq.nlargest(k, pairs, key=lambda pair: pair[1])
""",
    ),
    Alternative(
        name="sorted-log-softmax",
        description="Log-softmax of all positions, a full sort, a slice.",
        code="""def next_token_table(model, idx, k):
    model.eval()
    logp = model(idx).log_softmax(dim=2).detach()
    ordered, order = logp[:, -1].sort(dim=1, descending=True)
    table = []
    for rank in range(min(k, order.size(1))):
        table.append((int(order[0, rank]), float(ordered[0, rank].exp())))
    return table
""",
    ),
    Alternative(
        name="numpy",
        description="numpy: exponentials of the differences to the largest, argsort.",
        code="""import numpy as np


def next_token_table(model, idx, k):
    z = model(idx).detach().numpy()[0, -1].astype(np.float64)
    e = np.exp(z - z.max())
    p = e / e.sum()
    return [(int(i), float(p[i])) for i in np.argsort(-p)[:k]]
""",
    ),
]

_RIGHT = """def next_token_table(model, idx, k):
    logits = model(idx)
    last = logits[0, -1]
    probs = torch.softmax(last, dim=-1)
    values, places = torch.topk(probs, min(k, probs.shape[-1]))
    return [(place.item(), value.item()) for value, place in zip(values, places)]
"""

_mistake = partial(made_in, _RIGHT, see="04_generation: Exercise 1: a table of next tokens")

MISTAKES = [
    _mistake(
        "first-position",
        "You read the row of the first position, which rates what follows the first token. The last row rates what follows "
        "the text: index -1.",
        ("logits[0, -1]", "logits[0, 0]"),
    ),
    _mistake(
        "one-before-the-last",
        "You read the row before the last one, which rates the text's last token. What follows it stands in the last row: "
        "index -1.",
        ("logits[0, -1]", "logits[0, max(0, logits.shape[1] - 2)]"),
    ),
    _mistake(
        "mean-over-positions",
        "You average the rows of all positions. Only the last one rates what follows the text.",
        ("logits[0, -1]", "logits[0].mean(dim=0)"),
    ),
    _mistake(
        "softmax-over-positions",
        "Your softmax runs over the positions, so that each token competes with itself. It runs over the vocabulary: "
        "`dim=-1`.",
        (
            "    last = logits[0, -1]\n    probs = torch.softmax(last, dim=-1)\n",
            "    probs = torch.softmax(logits[0], dim=0)[-1]\n",
        ),
    ),
    _mistake(
        "logits-for-probabilities",
        "You list logits. Turn the row into probabilities with a softmax.",
        ("torch.softmax(last, dim=-1)", "last"),
    ),
    _mistake(
        "log-probabilities",
        "You list logarithms of probabilities, which are negative. Use the softmax, or take the exponential of what you have.",
        ("torch.softmax(last, dim=-1)", "torch.log_softmax(last, dim=-1)"),
    ),
    _mistake(
        "sigmoid",
        "You turn each logit into a probability by itself, with a sigmoid, so that they do not sum to 1 over the vocabulary. "
        "Tokens compete: use the softmax.",
        ("torch.softmax(last, dim=-1)", "torch.sigmoid(last)"),
    ),
    _mistake(
        "softmax-over-the-chosen",
        "Your softmax runs over the k chosen tokens only, which hands them the share of all others. Take it over the whole "
        "vocabulary, then choose.",
        (
            "    probs = torch.softmax(last, dim=-1)\n    values, places = torch.topk(probs, min(k, probs.shape[-1]))\n",
            "    values, places = torch.topk(last, min(k, last.shape[-1]))\n    values = torch.softmax(values, dim=-1)\n",
        ),
    ),
    _mistake(
        "made-to-sum-to-one",
        "You divide the k probabilities by their sum. They are shares of the whole vocabulary, and the rest belongs to the "
        "tokens that are not shown.",
        ("    return [", "    values = values / values.sum()\n    return ["),
    ),
    _mistake(
        "exponentials-without-care",
        "You take exponentials of the logits themselves, which overflow when these are large, and vanish when they are very "
        "negative. Subtract the largest logit first, as `torch.softmax` does.",
        ("torch.softmax(last, dim=-1)", "last.exp() / last.exp().sum()"),
    ),
    _mistake(
        "no-division",
        "Your exponentials are not divided by their sum, so they are no probabilities.",
        ("torch.softmax(last, dim=-1)", "(last - last.max()).exp()"),
    ),
    _mistake(
        "pairs-swapped",
        "Your pairs begin with the probability. The id comes first.",
        ("(place.item(), value.item())", "(value.item(), place.item())"),
    ),
    _mistake(
        "rank-for-id",
        "You number the tokens by their rank. The id is the token's place in the vocabulary, which `topk` gives as its second "
        "result.",
        (
            "[(place.item(), value.item()) for value, place in zip(values, places)]",
            "[(rank, value.item()) for rank, value in enumerate(values)]",
        ),
    ),
    _mistake(
        "least-probable-first",
        "Your table begins with the smallest of the k probabilities. The most probable token comes first.",
        ("zip(values, places)", "zip(values.flip(0), places.flip(0))"),
    ),
    _mistake(
        "the-least-probable",
        "You list the least probable tokens. A sort goes upwards unless it is told otherwise: `descending=True`, or take its "
        "end.",
        ("torch.topk(probs, min(k, probs.shape[-1]))", "torch.topk(probs, min(k, probs.shape[-1]), largest=False)"),
    ),
    _mistake(
        "too-long-table-crashes",
        "When k is larger than the vocabulary, your `topk` raises an error. The table then has all tokens: limit k.",
        ("min(k, probs.shape[-1])", "k"),
    ),
    _mistake(
        "tensors-in-the-table",
        "Your table holds tensors. Turn them into plain numbers, with `.item()` or `.tolist()`.",
        ("(place.item(), value.item())", "(place, value)"),
    ),
    _mistake(
        "percent",
        "Your probabilities are in percent. They are to lie between 0 and 1.",
        ("value.item())", "100 * value.item())"),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "last = model(idx)[0, -1]",
        "0 → -1",
        "The batch has one row, which is the first and the last.",
    ),
    Equivalent(
        "chances = torch.softmax(last, dim=0)",
        "0 → -1",
        "A vector has one dimension, which is the first and the last.",
    ),
]
