"""Answers to exercise 1 of 03_special_tokens: room for the special tokens."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="specials-last",
        description="Words first, special tokens behind them, as GPT-2 does.",
        code="""def build_special_vocab(tokens, specials):
    vocab = {}
    for token in sorted(set(tokens)):
        if token not in specials:
            vocab[token] = len(vocab)
    for special in specials:
        vocab[special] = len(vocab)
    return vocab
""",
    ),
    Alternative(
        name="first-appearance",
        description="The special tokens, then the tokens as they come.",
        code="""def build_special_vocab(tokens, specials):
    return {token: i for i, token in enumerate(dict.fromkeys(specials + tokens))}
""",
    ),
    Alternative(
        name="all-sorted",
        description="Special tokens and words sorted together.",
        code="""def build_special_vocab(tokens: list[str], specials: list[str]) -> dict[str, int]:
    everything = sorted({*tokens, *specials})
    return dict(zip(everything, range(len(everything))))
""",
    ),
]

_RIGHT = """def build_special_vocab(tokens, specials):
    words = sorted(set(tokens) - set(specials))
    order = [*specials, *words]
    return {token: number for number, token in enumerate(order)}
"""

_mistake = partial(made_in, _RIGHT, see="03_special_tokens: Exercise 1: room for the special tokens")

MISTAKES = [
    _mistake(
        "specials-missing",
        "Your vocabulary has no special tokens. They need ids like all others: put them into the list that you number.",
        ("[*specials, *words]", "words"),
    ),
    _mistake(
        "words-missing",
        "Your vocabulary holds the special tokens only; the words of the text are gone.",
        ("[*specials, *words]", "list(specials)"),
    ),
    _mistake(
        "ids-twice",
        "Your special tokens and your words are numbered separately, both from 0, so ids are used twice. Number one list.",
        (
            "return {token: number for number, token in enumerate(order)}",
            "return {t: i for i, t in enumerate(words)} | {t: i for i, t in enumerate(specials)}",
        ),
    ),
    _mistake(
        "special-counted-twice",
        "Your ids have a gap when a special token also stands in the text: it was numbered twice. Leave the special ones out of the words.",
        ("set(tokens) - set(specials)", "set(tokens)"),
    ),
    _mistake(
        "unsorted-set",
        "Your ids follow the order of a set, which Python changes from one start to the next. Sort the set first.",
        ("sorted(set(tokens) - set(specials))", "list(set(tokens) - set(specials))"),
    ),
    _mistake(
        "repeated-tokens",
        "Your ids have gaps: tokens that repeat were counted each time. Take each token once before you number them.",
        ("sorted(set(tokens) - set(specials))", "[token for token in sorted(tokens) if token not in specials]"),
    ),
    _mistake(
        "one-behind-the-end",
        "Your special tokens begin one id too late: with n words the last word has n - 1, and n is free.",
        (
            "return {token: number for number, token in enumerate(order)}",
            "return {t: i for i, t in enumerate(words)} | {t: len(words) + 1 + i for i, t in enumerate(specials)}",
        ),
    ),
    _mistake(
        "begins-at-one",
        "Your ids begin at 1. They are row numbers of a table, and these begin at 0.",
        ("enumerate(order)", "enumerate(order, 1)"),
    ),
    _mistake(
        "list-changed",
        "Your function appends to the list of special tokens that it was given, so the caller's list grows with every call. Make a new list.",
        ("    order = [*specials, *words]", "    order = specials\n    order += words"),
    ),
    _mistake(
        "two-specials-only",
        "Your vocabulary has room for [UNK] and <|endoftext|> only. All special tokens of the list belong in.",
        ("[*specials, *words]", '[s for s in specials if s in ("[UNK]", "<|endoftext|>")] + words'),
    ),
]
