"""Answers to exercise 2 of 08_cbow: exercises out of a text."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="distances",
        description="Indices from place - window to place + window, those outside left out.",
        code="""def cbow_pairs(ids, window):
    if window <= 0:
        raise ValueError("window too small")
    result = []
    for i in range(len(ids)):
        context = []
        for j in range(i - window, i + window + 1):
            if j != i and 0 <= j < len(ids):
                context.append(ids[j])
        if len(context) > 0:
            result.append((context, ids[i]))
    return result
""",
    ),
    Alternative(
        name="padding",
        description="The text with None at both ends, cut into windows; tuples come out.",
        code="""def cbow_pairs(ids, window):
    if not window > 0:
        raise ValueError(window)
    padded = [None] * window + list(ids) + [None] * window
    pairs = []
    for i in range(len(ids)):
        part = padded[i : i + 2 * window + 1]
        centre = part.pop(window)
        pairs.append((tuple(word for word in part if word is not None), centre))
    return tuple(pair for pair in pairs if pair[0])
""",
    ),
    Alternative(
        name="generator",
        description="A generator behind the check, over a deque of what came before.",
        code="""from collections import deque


def cbow_pairs(ids, window):
    if window < 1:
        raise ValueError("at least one word to each side")

    def pairs():
        before = deque(maxlen=window)
        for i, centre in enumerate(ids):
            context = [*before, *ids[i + 1 : i + 1 + window]]
            if context:
                yield context, centre
            before.append(centre)

    return list(pairs())
""",
    ),
]

_RIGHT = """def cbow_pairs(ids, window):
    if window < 1:
        raise ValueError(f"window should be at least 1, not {window}")
    pairs = []
    for place, centre in enumerate(ids):
        left = ids[max(0, place - window):place]
        right = ids[place + 1:place + 1 + window]
        context = left + right
        if context:
            pairs.append((context, centre))
    return pairs
"""

_mistake = partial(made_in, _RIGHT, see="08_cbow: Exercise 2: exercises out of a text")

MISTAKES = [
    _mistake(
        "centre-in-its-context",
        "Your contexts contain the centre itself, so the network is shown the answer. The right part begins one place "
        "after the centre.",
        ("ids[place + 1:place + 1 + window]", "ids[place:place + 1 + window]"),
    ),
    _mistake(
        "edges-left-out",
        "Your function leaves out the words near the edges. Their contexts are shorter, but they are pairs as well.",
        (
            "    for place, centre in enumerate(ids):\n",
            "    for place in range(window, len(ids) - window):\n        centre = ids[place]\n",
        ),
    ),
    _mistake(
        "negative-index",
        "Your left part begins at a negative index near the start, which Python counts from the end of the list. Use "
        "`max(0, place - window)`.",
        ("ids[max(0, place - window):place]", "ids[place - window:place]"),
    ),
    _mistake(
        "wraps-around",
        "Your contexts run over the edge and go on at the other end of the text. Beyond the edge there is nothing.",
        (
            "        left = ids[max(0, place - window):place]\n        right = ids[place + 1:place + 1 + window]\n",
            "        left = [ids[(place - step) % len(ids)] for step in range(window, 0, -1)]\n"
            "        right = [ids[(place + step) % len(ids)] for step in range(1, window + 1)]\n",
        ),
    ),
    _mistake(
        "same-words-left-out",
        "Your contexts leave out every word that equals the centre. Only the centre's own place is left out; the same "
        "word somewhere else stays.",
        ("context = left + right", "context = [word for word in left + right if word != centre]"),
    ),
    _mistake(
        "each-word-once",
        "Your contexts hold each word once. A word that occurs twice in the context stands there twice.",
        ("context = left + right", "context = list(dict.fromkeys(left + right))"),
    ),
    _mistake(
        "right-side-too-short",
        "Your right side is one word short: a slice ends before its second index.",
        ("place + 1 + window]", "place + window]"),
    ),
    _mistake(
        "left-side-too-long",
        "Your left side is one word too long: it begins `window` places before the centre.",
        ("place - window)", "place - window - 1)"),
    ),
    _mistake(
        "left-side-only",
        "Your contexts hold only the words before the centre. A bag of words looks to both sides.",
        ("left + right", "left"),
    ),
    _mistake(
        "window-for-both-sides-together",
        "Your window counts both sides together. It says how many words belong to the context on each side.",
        ("    pairs = []\n", "    pairs, window = [], window // 2\n"),
    ),
    _mistake(
        "sides-exchanged",
        "Your contexts put the right side before the left. The order is that of the text.",
        ("left + right", "right + left"),
    ),
    _mistake(
        "centre-and-context-exchanged",
        "Your pairs are (centre, context). Here the context comes first and the centre, which the model should "
        "predict, second.",
        ("(context, centre)", "(centre, context)"),
    ),
    _mistake(
        "skip-gram",
        "Your function makes a pair of every single word of the context with the centre. That is the skip-gram model; "
        "CBoW takes the whole context at once.",
        ("pairs.append((context, centre))", "pairs += [([word], centre) for word in context]"),
    ),
    _mistake(
        "empty-contexts-kept",
        "Your function keeps contexts without a word. Nothing can be guessed from nothing: leave such a pair out.",
        (
            "        if context:\n            pairs.append((context, centre))\n",
            "        pairs.append((context, centre))\n",
        ),
    ),
    _mistake(
        "no-check-of-the-window",
        "Your function takes a window of 0 or less. The statement asks for a ValueError.",
        ('    if window < 1:\n        raise ValueError(f"window should be at least 1, not {window}")\n', ""),
    ),
    _mistake(
        "zero-allowed",
        "Your function takes a window of 0. It should be at least 1, otherwise a ValueError.",
        ("window < 1", "window < 0"),
    ),
    _mistake(
        "last-place-left-out",
        "Your loop stops before the last word. It has a context as well, on its left.",
        ("enumerate(ids)", "enumerate(ids[:-1])"),
    ),
]
