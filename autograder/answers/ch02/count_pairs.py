"""Answers to exercise 1 of 04_byte_pair_encoding: count the pairs."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="places",
        description="Indexes and dict.get.",
        code="""def count_pairs(words):
    counts = {}
    for word in words:
        for i in range(len(word) - 1):
            pair = (word[i], word[i + 1])
            counts[pair] = counts.get(pair, 0) + words[word]
    return counts
""",
    ),
    Alternative(
        name="repeated",
        description="A Counter over all pairs, each repeated as often as its word.",
        code="""def count_pairs(words):
    return Counter(pair for word, n in words.items() for pair in list(zip(word, word[1:])) * n)
""",
    ),
    Alternative(
        name="summed-counters",
        description="A defaultdict filled from one Counter per word.",
        code="""def count_pairs(words: dict) -> dict:
    total = defaultdict(int)
    for word, n in words.items():
        for pair, places in Counter(pairwise(word)).items():
            total[pair] += n * places
    return dict(total)
""",
    ),
]

_RIGHT = """def count_pairs(words):
    counts = Counter()
    for symbols, times in words.items():
        for left, right in zip(symbols, symbols[1:]):
            counts[(left, right)] += times
    return counts
"""

_mistake = partial(made_in, _RIGHT, see="04_byte_pair_encoding: Exercise 1: count the pairs")

MISTAKES = [
    _mistake(
        "words-counted-once",
        "Your counts take each different word once. A word that comes 40 times brings each of its pairs 40 times.",
        ("+= times", "+= 1"),
    ),
    _mistake(
        "once-per-word",
        "Your counts take a pair once per word, also where it stands in the word twice. Each place counts.",
        ("in zip(symbols, symbols[1:])", "in set(zip(symbols, symbols[1:]))"),
    ),
    _mistake(
        "last-number-only",
        "Your counts keep the number of the last word only: `=` overwrites what was there. Add with `+=`.",
        ("+= times", "= times"),
    ),
    _mistake(
        "overlaps-left-out",
        "Your counts step over a pair once they have seen it, so `a a a` gives 1. Places may overlap: it is 2.",
        (
            "        for left, right in zip(symbols, symbols[1:]):\n            counts[(left, right)] += times",
            "        place = 0\n        while place + 1 < len(symbols):\n"
            "            pair = symbols[place : place + 2]\n            counts[pair] += times\n"
            "            place += 2 if symbols[place + 1 : place + 3] == pair else 1",
        ),
    ),
    _mistake(
        "every-second-pair",
        "Your loop takes every second pair, as if symbols were used up. Each symbol but the last has a pair with its right neighbour.",
        ("zip(symbols, symbols[1:])", "zip(symbols[::2], symbols[1::2])"),
    ),
    _mistake(
        "last-pair-missing",
        "Your loop ends one pair too early. A word of n symbols has n - 1 pairs.",
        ("zip(symbols, symbols[1:])", "zip(symbols, symbols[1:-1])"),
    ),
    _mistake(
        "around-the-end",
        "Your loop also pairs the last symbol of a word with its first. Neighbours stand side by side in the word.",
        ("zip(symbols, symbols[1:])", "zip(symbols, symbols[1:] + symbols[:1])"),
    ),
    _mistake(
        "across-words",
        "Your loop runs over all words as one sequence, so the end of a word and the beginning of the next make a pair. Stay inside each word.",
        (
            "    for symbols, times in words.items():\n        for left, right in zip(symbols, symbols[1:]):\n"
            "            counts[(left, right)] += times",
            "    symbols = [symbol for word, times in words.items() for symbol in word * times]\n"
            "    for left, right in zip(symbols, symbols[1:]):\n        counts[(left, right)] += 1",
        ),
    ),
    _mistake(
        "glued-keys",
        "Your keys are the glued symbols. `a` + `bc` and `ab` + `c` would be one and the same: let the key be the pair.",
        ("(left, right)] +=", "left + right] +="),
    ),
    _mistake(
        "single-bytes",
        "Your counts look at single bytes. After some merges a symbol holds several: pair whole symbols.",
        (
            "zip(symbols, symbols[1:])",
            'zip(*(lambda b: ([bytes([x]) for x in b[:-1]], [bytes([x]) for x in b[1:]]))(b"".join(symbols)))',
        ),
    ),
    _mistake(
        "order-ignored",
        "Your counts take `a b` and `b a` for the same pair. The left symbol comes first.",
        ("counts[(left, right)]", "counts[tuple(sorted((left, right)))]"),
    ),
    _mistake(
        "sides-exchanged",
        "Your pairs have the right symbol first. The left symbol comes first.",
        ("counts[(left, right)]", "counts[(right, left)]"),
    ),
]
