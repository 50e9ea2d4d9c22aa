"""Answers to exercise 5 of 05_real_bert: search by cosine."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="cosine-similarity",
        description="torch's cosine similarity and argsort.",
        code="""def nearest_texts(query, vectors, k):
    cosines = F.cosine_similarity(vectors, query.unsqueeze(0), dim=1)
    order = torch.argsort(cosines, descending=True)[:k]
    return [(i.item(), cosines[i].item()) for i in order]
""",
    ),
    Alternative(
        name="plain-python",
        description="Lists of numbers, sums and math.sqrt; sorted with a key.",
        code="""import math


def nearest_texts(query, vectors, k):
    q = query.tolist()
    size = math.sqrt(sum(a * a for a in q))
    pairs = []
    for index, row in enumerate(vectors.tolist()):
        length = math.sqrt(sum(a * a for a in row)) * size
        pairs.append((index, sum(a * b for a, b in zip(row, q)) / length if length > 0 else 0.0))
    return sorted(pairs, key=lambda pair: -pair[1])[:k]
""",
    ),
    Alternative(
        name="numpy-heap",
        description="numpy for the cosines, heapq.nlargest for the best of them.",
        code="""import heapq

import numpy as np


def nearest_texts(query, vectors, k):
    rows, q = vectors.double().numpy(), query.double().numpy()
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(q)
    cosines = np.divide(rows @ q, lengths, out=np.zeros(len(rows)), where=lengths > 0)
    best = heapq.nlargest(k, range(len(rows)), key=cosines.__getitem__)
    return [[index, float(cosines[index])] for index in best]
""",
    ),
]

_RIGHT = """def nearest_texts(query, vectors, k):
    rows = F.normalize(vectors, dim=-1)
    cosines = rows @ F.normalize(query, dim=-1)
    order = cosines.argsort(descending=True)[:k].tolist()
    return [(index, cosines[index].item()) for index in order]
"""

_mistake = partial(made_in, _RIGHT, see="05_real_bert: Exercise 5: nearest_texts")

MISTAKES = [
    _mistake(
        "dot-product",
        "You compare dot products, so that long vectors win. The cosine divides by both lengths.",
        ("F.normalize(vectors, dim=-1)", "vectors"),
        ("F.normalize(query, dim=-1)", "query"),
    ),
    _mistake(
        "query-not-normalised",
        "The order is right, but your numbers are no cosines: they still have the length of the query in them.",
        ("F.normalize(query, dim=-1)", "query"),
    ),
    _mistake(
        "texts-not-normalised",
        "You divide by the length of the query only, so that long vectors win. Divide by that of each text, too.",
        ("F.normalize(vectors, dim=-1)", "vectors"),
    ),
    _mistake(
        "distance",
        "You compare distances between the ends of the vectors. The cosine compares directions, whatever the lengths.",
        ("rows @ F.normalize(query, dim=-1)", "-(vectors - query).norm(dim=-1)"),
    ),
    _mistake(
        "furthest-first",
        "Your first text is the least similar one. Sort in descending order.",
        ("descending=True", "descending=False"),
    ),
    _mistake(
        "sign-ignored",
        "You ignore the sign of the cosine, so that opposite directions count as near.",
        ("rows @ F.normalize(query, dim=-1)", "(rows @ F.normalize(query, dim=-1)).abs()"),
    ),
    _mistake(
        "first-left-out",
        "You leave the nearest text out, as if it were the query itself. The query is not among the texts.",
        ("[:k]", "[1 : k + 1]"),
    ),
    _mistake(
        "equal-left-out",
        "You leave out texts whose cosine is 1. A text that says just the same is the best hit.",
        ("order = cosines", "order = cosines.where(cosines < 0.9999, -2.0)"),
    ),
    _mistake(
        "pairs-turned-round",
        "Your pairs begin with the cosine. The index comes first.",
        ("(index, cosines[index].item())", "(cosines[index].item(), index)"),
    ),
    _mistake(
        "places-counted",
        "You return places in the ranking, 0, 1, 2 ..., not the indices of the texts.",
        (
            "[(index, cosines[index].item()) for index in order]",
            "[(place, cosines[index].item()) for place, index in enumerate(order)]",
        ),
    ),
    _mistake(
        "unsorted",
        "You have the right texts, in the order of their indices. The nearest comes first.",
        ("for index in order]", "for index in sorted(order)]"),
    ),
    _mistake(
        "columns-normalised",
        "You bring the columns to length 1. Each text is a row: the last dimension.",
        ("F.normalize(vectors, dim=-1)", "F.normalize(vectors, dim=0)"),
    ),
    _mistake(
        "nan-for-zeros",
        "You divide by the length of a vector of zeros and get NaN. `F.normalize` leaves zeros alone.",
        ("F.normalize(vectors, dim=-1)", "vectors / vectors.norm(dim=-1, keepdim=True)"),
    ),
    _mistake(
        "too-few-texts",
        "Your function fails where there are fewer texts than k. Return all of them.",
        ("order = cosines.argsort(descending=True)[:k].tolist()", "order = cosines.topk(k).indices.tolist()"),
    ),
    _mistake(
        "always-all",
        "You return all texts. Only the `k` nearest are wanted.",
        ("[:k]", ""),
    ),
    _mistake(
        "distance-of-cosine",
        "You return 1 minus the cosine. The cosine itself is wanted.",
        ("(index, cosines[index].item())", "(index, 1 - cosines[index].item())"),
    ),
    _mistake(
        "softmax",
        "You make probabilities of the cosines. They are wanted as they are.",
        ("rows @ F.normalize(query, dim=-1)", "(rows @ F.normalize(query, dim=-1)).softmax(dim=0)"),
    ),
    _mistake(
        "vectors-changed",
        "You normalise the caller's vectors in place. Make new ones.",
        ("F.normalize(vectors, dim=-1)", "vectors.div_(vectors.norm(dim=-1, keepdim=True).clamp(min=1e-9))"),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "cosines = F.normalize(vectors, dim=1) @ F.normalize(query, dim=0)",
        "keyword dim dropped",
        "Rows, dimension 1, are the default.",
        nth=1,
    ),
    Equivalent(
        "cosines = F.normalize(vectors, dim=1) @ F.normalize(query, dim=0)",
        "0 → -1",
        "With one dimension the last one is number 0.",
    ),
]
