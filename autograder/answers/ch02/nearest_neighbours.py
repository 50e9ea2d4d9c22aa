"""Answers to exercise 2 of 10_cbow_with_embedding: which words are alike?"""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="topk",
        description="The word's own cosine set to minus infinity, then topk; a tensor comes back.",
        code="""def nearest_neighbours(vectors, index, k):
    similarity = F.cosine_similarity(vectors, vectors[index].unsqueeze(0), dim=1)
    similarity[index] = -math.inf
    return similarity.topk(min(k, len(vectors) - 1)).indices
""",
    ),
    Alternative(
        name="sorted",
        description="Python's sorted with a key, in float64.",
        code="""def nearest_neighbours(vectors, index, k):
    table = vectors.double()
    lengths = table.norm(dim=1).clamp(min=1e-12)
    cosines = (table @ table[index] / lengths / lengths[index]).tolist()
    others = [word for word in range(len(table)) if word != index]
    return sorted(others, key=lambda word: cosines[word], reverse=True)[:k]
""",
    ),
    Alternative(
        name="row-taken-out",
        description="The word's row is taken out before the comparison, and the indices behind it are put right; numpy.",
        code="""import numpy as np


def nearest_neighbours(vectors, index, k):
    rows = vectors.numpy()
    others = np.delete(np.arange(len(rows)), index)
    lengths = np.linalg.norm(rows[others], axis=1)
    scores = rows[others] @ rows[index] / np.where(lengths > 0, lengths, 1)
    return others[np.argsort(-scores)][:k].tolist()
""",
    ),
]

_RIGHT = """def nearest_neighbours(vectors, index, k):
    directions = F.normalize(vectors, dim=1)
    cosines = directions @ directions[index]
    order = cosines.argsort(descending=True).tolist()
    order.remove(index)
    return order[:k]
"""

_mistake = partial(made_in, _RIGHT, see="10_cbow_with_embedding: Exercise 2: which words are alike?")

MISTAKES = [
    _mistake(
        "own-neighbour",
        "Your function returns the word itself as its nearest neighbour. Leave its index out.",
        ("    order.remove(index)\n", ""),
    ),
    _mistake(
        "first-left-out",
        "Your function leaves out whatever comes first. That may be another word of the same direction, and the word "
        "itself stays in: leave out its index.",
        ("    order.remove(index)\n    return order[:k]", "    return order[1:k + 1]"),
    ),
    _mistake(
        "equal-vectors-left-out",
        "Your function leaves out every word whose cosine is 1. Another word with the same direction is a neighbour; "
        "only the word's own index is left out.",
        (
            "    order.remove(index)\n    return order[:k]",
            "    return [word for word in order if cosines[word] < 0.99999][:k]",
        ),
    ),
    _mistake(
        "one-too-few",
        "Your function cuts the list to k before it takes the word itself out, so one neighbour is missing.",
        ("    order.remove(index)\n    return order[:k]", "    return [word for word in order[:k] if word != index]"),
    ),
    _mistake(
        "dot-product",
        "Your function compares dot products, so long vectors win. The cosine divides by both lengths.",
        ("F.normalize(vectors, dim=1)", "vectors"),
    ),
    _mistake(
        "euclidean-distance",
        "Your function compares distances between the points. The cosine compares directions, whatever the lengths.",
        ("directions @ directions[index]", "-(vectors - vectors[index]).norm(dim=1)"),
    ),
    _mistake(
        "furthest-first",
        "Your function returns the least similar words first. Sort the cosines in descending order.",
        ("descending=True", "descending=False"),
    ),
    _mistake(
        "sign-ignored",
        "Your function ignores the sign of the cosine, so opposite words count as alike.",
        ("directions @ directions[index]", "(directions @ directions[index]).abs()"),
    ),
    _mistake(
        "columns-normalised",
        "You brought the columns to length 1. Each word is a row: normalise along dimension 1.",
        ("dim=1", "dim=0"),
    ),
    _mistake(
        "nan-for-zeros",
        "Your function divides by the length of a vector of zeros, and gets nan. `F.normalize` leaves zeros alone.",
        ("F.normalize(vectors, dim=1)", "vectors / vectors.norm(dim=1, keepdim=True)"),
    ),
    _mistake(
        "cosines-returned",
        "Your function returns the cosines. The indices of the words are wanted.",
        ("return order[:k]", "return cosines[order[:k]].tolist()"),
    ),
    _mistake(
        "unsorted",
        "Your neighbours are the right ones in the order of the vocabulary. The most similar comes first.",
        ("return order[:k]", "return sorted(order[:k])"),
    ),
    _mistake(
        "too-few-words",
        "Your function fails when fewer than k other words exist. Return all of them.",
        (
            "    order.remove(index)\n    return order[:k]",
            "    cosines[index] = -2\n    return cosines.topk(k).indices.tolist()[: len(order) - 1]",
        ),
    ),
    _mistake(
        "vectors-changed",
        "Your function normalises the caller's vectors in place. Make new ones.",
        (
            "directions = F.normalize(vectors, dim=1)",
            "directions = vectors.div_(vectors.norm(dim=1, keepdim=True).clamp(min=1e-9))",
        ),
    ),
]
