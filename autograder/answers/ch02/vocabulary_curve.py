"""Answers to exercise 2 of 01_simple_tokenizer: how the vocabulary grows."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="slices",
        description="A set of each beginning of the text.",
        code="""def vocabulary_curve(tokens):
    return [len(set(tokens[: n + 1])) for n in range(len(tokens))]
""",
    ),
    Alternative(
        name="accumulate",
        description="The running sum of what is new.",
        code="""from itertools import accumulate

def vocabulary_curve(tokens):
    first = {}
    for place, token in enumerate(tokens):
        first.setdefault(token, place)
    return list(accumulate(int(first[token] == place) for place, token in enumerate(tokens)))
""",
    ),
    Alternative(
        name="ids",
        description="A dictionary that numbers the tokens as they come.",
        code="""def vocabulary_curve(tokens: list[str]) -> list[int]:
    ids: dict[str, int] = {}
    result = []
    for token in tokens:
        if token not in ids:
            ids[token] = len(ids)
        result += [len(ids)]
    return result
""",
    ),
]

_RIGHT = """def vocabulary_curve(tokens):
    seen = set()
    curve = []
    for token in tokens:
        seen.add(token)
        curve.append(len(seen))
    return curve
"""

_mistake = partial(made_in, _RIGHT, see="01_simple_tokenizer: Exercise 2: how the vocabulary grows")

MISTAKES = [
    _mistake(
        "all-tokens-counted",
        "Your curve counts all tokens, also those that have come before. A token that is known adds nothing.",
        ("seen = set()", "seen = []"),
        ("seen.add(", "seen.append("),
    ),
    _mistake(
        "before-the-token",
        "Your curve is one token late: number n counts the tokens before the n-th. The n-th token itself counts.",
        (
            "        seen.add(token)\n        curve.append(len(seen))",
            "        curve.append(len(seen))\n        seen.add(token)",
        ),
    ),
    _mistake(
        "starts-at-zero",
        "Your curve has one number more than there are tokens: it begins before the first one.",
        ("curve = []", "curve = [0]"),
    ),
    _mistake(
        "only-the-end",
        "Your function returns one number, for the whole text. Write down the count after each token.",
        ("return curve", "return len(seen)"),
    ),
    _mistake(
        "only-new-tokens",
        "Your curve has a number for new tokens only. A token that is known gets one too: the same as before.",
        ("        seen.add(token)", "        if token in seen:\n            continue\n        seen.add(token)"),
    ),
    _mistake(
        "capitals-ignored",
        "Your curve takes `The` and `the` for one token. Capitals count, as `tokenize` left them.",
        ("seen.add(token)", "seen.add(token.lower())"),
    ),
    _mistake(
        "characters-counted",
        "Your set holds characters, because `set.update` (and `|=`) take a string apart. Put the token in with `add`.",
        ("seen.add(token)", "seen.update(token)"),
    ),
    _mistake(
        "how-often",
        "Your numbers say how often each token has come so far. Count how many different tokens there are.",
        ("seen = set()", "seen = []"),
        ("seen.add(", "seen.append("),
        ("len(seen)", "seen.count(token)"),
    ),
    _mistake(
        "is-it-new",
        "Your numbers say whether each token is new (1) or not (0). The curve is the running sum of these.",
        (
            "        seen.add(token)\n        curve.append(len(seen))",
            "        curve.append(int(token not in seen))\n        seen.add(token)",
        ),
    ),
    _mistake(
        "set-kept",
        "Your set lives on after the call, so a second text begins with the words of the first. Make a new set in the function.",
        ("(tokens):", "(tokens, seen=set()):"),
        ("    seen = set()\n", ""),
    ),
]
