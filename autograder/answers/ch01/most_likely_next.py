"""Answers to exercise 3 of 01_what_is_a_language_model: a first prediction."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="sorted-pairs",
        description="Sorts the pairs by falling probability and then by word.",
        code="""def most_likely_next(probs, word):
    if word not in probs or len(probs[word]) == 0:
        return None
    ranking = sorted(probs[word].items(), key=lambda item: (-item[1], item[0]))
    return ranking[0][0]
""",
    ),
    Alternative(
        name="stable-max",
        description="Words sorted first, then max, which keeps the first of several largest.",
        code="""def most_likely_next(probs, word):
    row = probs.get(word, {})
    return max(sorted(row), key=row.get, default=None)
""",
    ),
    Alternative(
        name="loop",
        description="A loop that keeps the best so far.",
        code="""def most_likely_next(probs, word):
    best_word, best_p = None, -1.0
    try:
        row = probs[word]
    except KeyError:
        return None
    for w, p in row.items():
        if p > best_p or (p == best_p and w < best_word):
            best_word, best_p = w, p
    return best_word
""",
    ),
    Alternative(
        name="torch-argmax",
        description="torch.argmax over the words in alphabetical order.",
        code="""def most_likely_next(probs, word):
    import torch

    words = sorted(probs.get(word, ()))
    if not words:
        return None
    values = torch.tensor([probs[word][w] for w in words], dtype=torch.float64)
    return words[int((values == values.max()).nonzero()[0])]
""",
    ),
]

_RIGHT = """def most_likely_next(probs, word):
    row = probs.get(word)
    if not row:
        return None
    return min(row, key=lambda after: (-row[after], after))
"""

_mistake = partial(made_in, _RIGHT, see="01_what_is_a_language_model: Exercise 3: a first prediction")

MISTAKES = [
    _mistake(
        "last-in-the-alphabet",
        "Your function answers with the largest WORD of the row: `max` over a dictionary compares its keys. You want "
        "the word whose probability is largest.",
        ("min(row, key=lambda after: (-row[after], after))", "max(row)"),
    ),
    _mistake(
        "first-in-the-alphabet",
        "Your function answers with the first word of the alphabet, whatever its probability. The alphabet decides "
        "between equally probable words only.",
        ("(-row[after], after)", "after"),
    ),
    _mistake(
        "least-likely",
        "Your function answers with the LEAST likely word: reverse the order of the probabilities.",
        ("(-row[after], after)", "(row[after], after)"),
    ),
    _mistake(
        "first-seen-wins",
        "Between equally likely words yours takes the one that was put into the row first. The alphabet is to decide.",
        ("(-row[after], after)", "-row[after]"),
    ),
    _mistake(
        "last-of-the-ties",
        "Between equally likely words yours takes the LAST one of the alphabet, as `max` does with pairs of "
        "probability and word. The first one is wanted.",
        ("min(row, key=lambda after: (-row[after], after))", "max(row, key=lambda after: (row[after], after))"),
    ),
    _mistake(
        "probability-returned",
        "Your function returns the probability. The word that has it is wanted.",
        ("min(row, key=lambda after: (-row[after], after))", "max(row.values())"),
    ),
    _mistake(
        "pair-returned",
        "Your function returns a pair of word and probability. The word alone is wanted.",
        (
            "min(row, key=lambda after: (-row[after], after))",
            "min(row.items(), key=lambda pair: (-pair[1], pair[0]))",
        ),
    ),
    _mistake(
        "list-of-ties",
        "Your function returns a list of all best words. One word is wanted: the first of them in the alphabet.",
        (
            "min(row, key=lambda after: (-row[after], after))",
            "sorted(after for after in row if row[after] == max(row.values()))",
        ),
    ),
    _mistake(
        "unknown-word-raises",
        "A word that is not in the table makes your function fail. The answer for it is `None`; `dict.get` helps.",
        ("probs.get(word)", "probs[word]"),
    ),
    _mistake(
        "empty-row-raises",
        "A word whose row is empty makes your function fail, because `max` or `min` of nothing is an error. The "
        "answer for it is `None`.",
        ("if not row:", "if row is None:"),
    ),
    _mistake(
        "empty-text-for-unknown",
        'For an unknown word your function returns an empty text. The answer is `None`, so that it differs from the token "".',
        ("return None", 'return ""'),
    ),
    _mistake(
        "word-itself-for-unknown",
        "For an unknown word your function returns the word itself. The answer is `None`: the model has nothing to say.",
        ("return None", "return word"),
    ),
    _mistake(
        "best-of-the-whole-table",
        "Your function looks at all rows of the table, so its answer does not depend on the word. Look at the row of "
        "`word` only.",
        (
            "    return min(row, key=lambda after: (-row[after], after))",
            "    pairs = [(-p, after) for other in probs.values() for after, p in other.items()]\n"
            "    return min(pairs)[1]",
        ),
    ),
    _mistake(
        "row-left-behind",
        "Your function adds a row to the table when it is asked for an unknown word, as `setdefault` and `defaultdict` "
        "do. A question must not change the model.",
        ("probs.get(word)", "probs.setdefault(word, {})"),
    ),
    _mistake(
        "best-taken-out",
        "Your function takes the best word out of the table, so the next question gets another answer. Look without "
        "changing anything.",
        (
            "    return min(row, key=lambda after: (-row[after], after))",
            "    best = min(row, key=lambda after: (-row[after], after))\n    row.pop(best)\n    return best",
        ),
    ),
]
