"""Answers to exercise 2 of 01_what_is_a_language_model: from counts to probabilities."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="comprehension",
        description="One nested comprehension; empty rows stay empty.",
        code="""def bigram_probs(counts):
    return {v: {w: c / sum(row.values()) for w, c in row.items() if c} for v, row in counts.items()}
""",
    ),
    Alternative(
        name="torch-rows",
        description="Each row as a tensor in single precision, divided by its sum.",
        code="""def bigram_probs(counts):
    import torch

    out = {}
    for v, row in counts.items():
        values = torch.tensor([float(c) for c in row.values()])
        if values.sum() > 0:
            out[v] = dict(zip(row, (values / values.sum()).tolist()))
    return out
""",
    ),
    Alternative(
        name="smoothing-off-by-default",
        description="Additive smoothing over the row as an argument that is 0 by default.",
        code="""def bigram_probs(counts, smoothing=0.0):
    probs = defaultdict(dict)
    for word in counts:
        denominator = sum(counts[word].values()) + smoothing * len(counts[word])
        for after in counts[word]:
            try:
                probs[word][after] = (counts[word][after] + smoothing) / denominator
            except ZeroDivisionError:
                probs[word][after] = 0.0
    return probs
""",
    ),
    Alternative(
        name="copied-then-divided",
        description="A deep copy of the counts, divided in place, with numpy's sum.",
        code="""def bigram_probs(counts):
    import copy

    import numpy as np

    probs = copy.deepcopy(counts)
    for row in probs.values():
        total = np.sum(list(row.values()))
        for after in list(row):
            if total == 0:
                del row[after]
            else:
                row[after] = row[after] / total
    return probs
""",
    ),
]

_RIGHT = """def bigram_probs(counts):
    probs = {}
    for word, row in counts.items():
        total = sum(row.values())
        if total == 0:
            continue
        probs[word] = {after: n / total for after, n in row.items()}
    return probs
"""

_mistake = partial(made_in, _RIGHT, see="01_what_is_a_language_model: Exercise 2: from counts to probabilities")

MISTAKES = [
    _mistake(
        "divided-by-all-pairs",
        "You divide by the number of all pairs of the text, so it is the whole table that sums to one. Each row is a "
        "distribution of its own: divide by the sum of the row.",
        ("sum(row.values())", "sum(sum(other.values()) for other in counts.values())"),
    ),
    _mistake(
        "divided-by-row-length",
        "You divide by the number of different words in the row. What the counts must be divided by is their sum.",
        ("sum(row.values())", "len(row)"),
    ),
    _mistake(
        "divided-by-largest",
        "You divide by the largest count of the row, so its best word gets probability 1 and the row sums to more.",
        ("sum(row.values())", "max(row.values(), default=0)"),
    ),
    _mistake(
        "columns-instead-of-rows",
        "You divide by how often the SECOND word occurs. Given the first word, the row of the first word must sum to one.",
        ("n / total", "n / sum(other.get(after, 0) for other in counts.values()) if n else 0.0"),
    ),
    _mistake(
        "whole-division",
        "`//` divides whole numbers and drops the rest, so almost every probability becomes 0. Use `/`.",
        ("n / total", "n // total"),
    ),
    _mistake(
        "rounded",
        "You round the probabilities. Then the rows no longer sum to one, and rare words vanish. Round only when you print.",
        ("n / total", "round(n / total, 2)"),
    ),
    _mistake(
        "per-cent",
        "Your rows sum to 100. A probability lies between 0 and 1.",
        ("n / total", "100 * n / total"),
    ),
    _mistake(
        "add-one",
        "You add one to each count before dividing, which is add-one smoothing. This exercise asks for the plain "
        "maximum-likelihood estimate; smoothing may be there only if it is off by default.",
        ("sum(row.values())", "sum(row.values()) and sum(row.values()) + len(row)"),
        ("n / total", "(n + 1) / total"),
    ),
    _mistake(
        "softmax",
        "You took the softmax of the counts. They are shares already once they are divided by their sum; e^count "
        "makes the frequent words far too probable.",
        ("    probs = {}", "    from math import exp\n\n    probs = {}"),
        (
            "{after: n / total for after, n in row.items()}",
            "{after: exp(n - max(row.values())) / sum(exp(m - max(row.values())) for m in row.values())"
            " for after, n in row.items()}",
        ),
    ),
    _mistake(
        "even-shares",
        "All words of your row get the same probability: the counts are not used. A word that came three times as "
        "often should get three times the probability.",
        ("n / total", "1 / len(row)"),
    ),
    _mistake(
        "empty-row-divides-by-zero",
        "A row without counts makes your function divide by zero. Look at the sum first, and leave such a row out.",
        ("        if total == 0:\n            continue\n", ""),
    ),
    _mistake(
        "empty-row-evenly",
        "You give a row without any count even probabilities. Nothing is known about what follows that word: leave "
        "the row out or empty.",
        (
            "        if total == 0:\n            continue\n",
            "        if total == 0:\n            row, total = dict.fromkeys(row or counts, 1), len(row or counts)\n",
        ),
    ),
    _mistake(
        "only-the-last-row",
        "Your `return` stands inside the loop, or your result is made anew for each word: one row only comes back.",
        ("        probs[word] = {", "        probs = {}\n        probs[word] = {"),
    ),
    _mistake(
        "counts-changed",
        "Your function writes the probabilities into the counts that it was given. Build new inner dictionaries.",
        (
            "        probs[word] = {after: n / total for after, n in row.items()}",
            "        for after in row:\n            row[after] /= total\n        probs[word] = row",
        ),
    ),
    _mistake(
        "running-sum",
        "Your numbers grow along the row: each one is the sum of all before it. Wanted is the share of each word alone.",
        (
            "        probs[word] = {after: n / total for after, n in row.items()}",
            "        probs[word], so_far = {}, 0\n"
            "        for after, n in row.items():\n"
            "            so_far += n\n"
            "            probs[word][after] = so_far / total",
        ),
    ),
    _mistake(
        "logarithms",
        "Your function returns logarithms of the probabilities. Here the probabilities themselves are wanted.",
        ("    probs = {}", "    from math import log\n\n    probs = {}"),
        ("n / total for after, n in row.items()", "log(n / total) for after, n in row.items() if n"),
    ),
]
