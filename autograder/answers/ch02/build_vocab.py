"""Answers to exercise 1 of 02_simple_encoder: a vocabulary."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="first-appearance",
        description="Ids in the order in which the tokens come in the text.",
        code="""def build_vocab(tokens):
    vocab = {}
    for token in tokens:
        vocab.setdefault(token, len(vocab))
    return vocab
""",
    ),
    Alternative(
        name="most-frequent-first",
        description="Ids by frequency; equally frequent ones in the order of the text.",
        code="""from collections import Counter

def build_vocab(tokens: list[str]) -> dict[str, int]:
    return {token: i for i, (token, _) in enumerate(Counter(tokens).most_common())}
""",
    ),
    Alternative(
        name="frequency-then-alphabet",
        description="Ids by frequency; equally frequent ones by the alphabet.",
        code="""from collections import Counter

def build_vocab(tokens):
    counts = Counter(tokens)
    ranked = sorted(counts, key=lambda token: (-counts[token], token))
    return dict(zip(ranked, range(len(ranked))))
""",
    ),
    Alternative(
        name="backwards",
        description="Sorted from the end of the alphabet, by hand.",
        code="""def build_vocab(tokens):
    different = []
    for token in sorted(tokens, reverse=True):
        if not different or different[-1] != token:
            different.append(token)
    return {different[i]: i for i in range(len(different))}
""",
    ),
]

_RIGHT = """def build_vocab(tokens):
    different = sorted(set(tokens))
    return {token: number for number, token in enumerate(different)}
"""

_mistake = partial(made_in, _RIGHT, see="02_simple_encoder: Exercise 1: a vocabulary")

MISTAKES = [
    _mistake(
        "unsorted-set",
        "Your ids follow the order of a set, which Python changes from one start to the next: tomorrow the same tokens would have "
        "other ids. Sort the set first.",
        ("sorted(set(tokens))", "set(tokens)"),
    ),
    _mistake(
        "list-of-a-set",
        "Your ids follow the order of a set: `list(...)` keeps that order and does not sort. It is another one each time Python "
        "starts. Use `sorted`.",
        ("sorted(set(tokens))", "list(set(tokens))"),
    ),
    _mistake(
        "repeated-tokens",
        "Your ids have gaps: tokens that repeat were counted each time, and the last id stayed. Take each token once before you "
        "number them.",
        ("sorted(set(tokens))", "sorted(tokens)"),
    ),
    _mistake(
        "places-in-the-text",
        "Your ids are places in the text, so there are gaps where a token repeats. Number the different tokens only.",
        ("sorted(set(tokens))", "list(tokens)"),
    ),
    _mistake(
        "begins-at-one",
        "Your ids begin at 1. They are row numbers of a table, and these begin at 0.",
        ("enumerate(different)", "enumerate(different, start=1)"),
    ),
    _mistake(
        "the-other-way-round",
        "Your dictionary goes from numbers to tokens. A vocabulary goes from tokens to numbers; the way back is made from it.",
        ("{token: number for", "{number: token for"),
    ),
    _mistake(
        "counts-for-ids",
        "Your numbers say how often each token comes. Two tokens with the same count would share an id.",
        (
            "{token: number for number, token in enumerate(different)}",
            "{token: list(tokens).count(token) for token in different}",
        ),
    ),
    _mistake(
        "lengths-for-ids",
        "Your numbers are the lengths of the tokens, so different tokens share an id. Number them one after the other.",
        ("{token: number for number, token in enumerate(different)}", "{token: len(token) for token in different}"),
    ),
    _mistake(
        "small-letters",
        "Your vocabulary is all in lower case, and then `The` cannot be found. Tokens go in as they are.",
        ("set(tokens)", "{token.lower() for token in tokens}"),
    ),
    _mistake(
        "words-only",
        "Your vocabulary leaves out signs or numbers. Every token of the text needs an id.",
        ("set(tokens)", "{token for token in tokens if token.isalpha()}"),
    ),
    _mistake(
        "characters",
        "Your vocabulary holds characters: the tokens were joined or taken apart. A token goes in whole.",
        ("set(tokens)", 'set("".join(tokens))'),
    ),
    _mistake(
        "tokens-sorted-in-place",
        "Your function sorts the list that it was given, which is the text itself. Use `sorted`, which makes a new list.",
        ("    different = sorted(set(tokens))", "    tokens.sort()\n    different = list(dict.fromkeys(tokens))"),
    ),
]
