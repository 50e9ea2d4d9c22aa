"""Answers to exercise 1 of 01_what_is_a_language_model: count the pairs."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="nested-defaultdict",
        description="A defaultdict of defaultdicts, and indices.",
        code="""def bigram_counts(tokens):
    table = defaultdict(lambda: defaultdict(int))
    for i in range(len(tokens) - 1):
        table[tokens[i]][tokens[i + 1]] += 1
    return table
""",
    ),
    Alternative(
        name="counter-of-pairs",
        description="One Counter of pairs, unfolded into rows; the last token has an empty row.",
        code="""def bigram_counts(tokens: list[str]) -> dict[str, Counter]:
    rows = {token: Counter() for token in tokens}
    for (a, b), n in Counter(zip(tokens[:-1], tokens[1:])).items():
        rows[a][b] = n
    return rows
""",
    ),
    Alternative(
        name="torch-table",
        description="A square tensor of counts over the sorted vocabulary, read out into dictionaries, zeros included.",
        code="""def bigram_counts(tokens):
    import torch

    vocab = sorted(set(tokens))
    ids = torch.tensor([vocab.index(t) for t in tokens], dtype=torch.long)
    table = torch.zeros(len(vocab), len(vocab), dtype=torch.long)
    table.index_put_((ids[:-1], ids[1:]), torch.ones(max(len(ids) - 1, 0), dtype=torch.long), accumulate=True)
    return {v: {w: table[i, j] for j, w in enumerate(vocab)} for i, v in enumerate(vocab)}
""",
    ),
    Alternative(
        name="previous-remembered",
        description="One pass that remembers the token before, with if and else.",
        code="""def bigram_counts(tokens):
    counts = dict()
    previous = None
    for place, token in enumerate(tokens):
        if place > 0:
            if previous not in counts:
                counts[previous] = {}
            if token in counts[previous]:
                counts[previous][token] = counts[previous][token] + 1
            else:
                counts[previous][token] = 1
        previous = token
    return counts
""",
    ),
]

_RIGHT = """def bigram_counts(tokens):
    counts = {}
    for first, second in zip(tokens, tokens[1:]):
        row = counts.setdefault(first, {})
        row[second] = row.get(second, 0) + 1
    return counts
"""

_mistake = partial(made_in, _RIGHT, see="01_what_is_a_language_model: Exercise 1: count the pairs")

MISTAKES = [
    _mistake(
        "turned-over",
        "Your table is transposed: `counts[first][second]` should say what comes AFTER `first`, and yours says "
        "what came before it.",
        ("for first, second in", "for second, first in"),
    ),
    _mistake(
        "both-directions",
        "You count each pair in both directions. Order matters: `do re` in the text is no `re do`.",
        (
            "    return counts",
            "    for second, first in zip(tokens, tokens[1:]):\n"
            "        row = counts.setdefault(first, {})\n"
            "        row[second] = row.get(second, 0) + 1\n"
            "    return counts",
        ),
    ),
    _mistake(
        "in-a-circle",
        "Your last token is followed by the first one. A text is no circle: the last token begins no pair.",
        ("tokens[1:])", "tokens[1:] + tokens[:1])"),
    ),
    _mistake(
        "last-pair-lost",
        "Your loop ends one pair too early. A list of n tokens has n - 1 pairs, and the last one begins at index n - 2.",
        ("zip(tokens, tokens[1:])", "zip(tokens[:-2], tokens[1:])"),
    ),
    _mistake(
        "first-pair-lost",
        "Your loop begins one pair too late: the first pair is the one of the first and the second token, at index 0.",
        ("zip(tokens, tokens[1:])", "zip(tokens[1:], tokens[2:])"),
    ),
    _mistake(
        "every-second-pair",
        "You step over two tokens at a time, so half of the pairs are lost. Each token but the last begins a pair.",
        ("zip(tokens, tokens[1:])", "zip(tokens[::2], tokens[1::2])"),
    ),
    _mistake(
        "two-places-further",
        "You pair each token with the one after the next. The pair that counts is a token and the one right after it.",
        ("tokens[1:]", "tokens[2:]"),
    ),
    _mistake(
        "seen-or-not",
        "Your counts are never more than 1: each new pair overwrites the old count. Add one to what is there.",
        ("row.get(second, 0) + 1", "1"),
    ),
    _mistake(
        "begins-at-zero",
        "Your count is 0 when a pair is seen for the first time, so all counts are one too small.",
        ("row.get(second, 0)", "row.get(second, -1)"),
    ),
    _mistake(
        "begins-at-one",
        "Your count begins at 1 and then gets another one for the same place, so all counts are one too large.",
        ("row.get(second, 0)", "row.get(second, 1)"),
    ),
    _mistake(
        "row-made-anew",
        "You make a new inner dictionary each time that a token comes, and what it held before is lost. Make one only "
        "when the token is new.",
        ("counts.setdefault(first, {})", "counts[first] = {}"),
    ),
    _mistake(
        "small-letters",
        "You convert the tokens to lower case. They should stay as they are; `The` and `the` are two tokens.",
        ("zip(tokens, tokens[1:])", "zip([t.lower() for t in tokens], [t.lower() for t in tokens[1:]])"),
    ),
    _mistake(
        "punctuation-dropped",
        "You throw away tokens without letters. A comma is a token like any other, and what it stands between are no "
        "neighbours.",
        ("    counts = {}", "    tokens = [t for t in tokens if any(c.isalpha() for c in t)]\n    counts = {}"),
    ),
    _mistake(
        "repeats-skipped",
        "You leave out pairs of two equal tokens. A token may well follow itself, as in `ha ha ha`, and that counts.",
        ("        row = counts", "        if first == second:\n            continue\n        row = counts"),
    ),
    _mistake(
        "flat-pairs",
        "Your dictionary has pairs as its keys. Here a dictionary of dictionaries is wanted, `counts[first][second]`, "
        "so that all that follows one word stands in one row.",
        (
            "        row = counts.setdefault(first, {})\n        row[second] = row.get(second, 0) + 1",
            "        counts[first, second] = counts.get((first, second), 0) + 1",
        ),
    ),
    _mistake(
        "single-tokens",
        "You count single tokens. A bigram is a pair: for each token a dictionary of those that come right after it.",
        (
            "        row = counts.setdefault(first, {})\n        row[second] = row.get(second, 0) + 1",
            "        counts[first] = counts.get(first, 0) + 1",
        ),
    ),
    _mistake(
        "beyond-the-end",
        "Your loop asks for the token after the last one, and there is none: it must end one place earlier.",
        (
            "for first, second in zip(tokens, tokens[1:]):",
            "for i, first in enumerate(tokens):\n        second = tokens[i + 1]",
        ),
    ),
    _mistake(
        "list-changed",
        "Your function changes the list that it was given. Walk over it without taking tokens out.",
        (
            "for first, second in zip(tokens, tokens[1:]):",
            "while len(tokens) > 1:\n        first, second = tokens.pop(0), tokens[0]",
        ),
    ),
]
