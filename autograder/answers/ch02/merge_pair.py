"""Answers to exercise 2 of 04_byte_pair_encoding: merge a pair."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="while-loop",
        description="A while loop that goes on by one or two places.",
        code="""def merge_pair(symbols, pair):
    out = []
    i = 0
    while i < len(symbols):
        if i < len(symbols) - 1 and symbols[i] == pair[0] and symbols[i + 1] == pair[1]:
            out.append(symbols[i] + symbols[i + 1])
            i += 2
        else:
            out.append(symbols[i])
            i += 1
    return out
""",
    ),
    Alternative(
        name="slices",
        description="A copy in which slices are replaced.",
        code="""def merge_pair(symbols, pair):
    symbols = list(symbols)
    for place in range(len(symbols)):
        if tuple(symbols[place : place + 2]) == tuple(pair):
            symbols[place : place + 2] = [b"".join(pair)]
    return symbols
""",
    ),
    Alternative(
        name="iterator",
        description="A generator that keeps one symbol waiting.",
        code="""def merge_pair(symbols, pair):
    def walk():
        waiting = None
        for symbol in symbols:
            if waiting is not None and (waiting, symbol) == pair:
                yield waiting + symbol
                waiting = None
            else:
                if waiting is not None:
                    yield waiting
                waiting = symbol
        if waiting is not None:
            yield waiting

    return list(walk())
""",
    ),
]

_RIGHT = """def merge_pair(symbols, pair):
    merged = []
    place = 0
    while place < len(symbols):
        if tuple(symbols[place : place + 2]) == pair:
            merged.append(pair[0] + pair[1])
            place += 2
        else:
            merged.append(symbols[place])
            place += 1
    return merged
"""
_MERGE_LOOP = _RIGHT.partition("    merged = []\n")[2].removesuffix("    return merged\n")

_mistake = partial(made_in, _RIGHT, see="04_byte_pair_encoding: Exercise 2: merge a pair")

MISTAKES = [
    _mistake(
        "overlapping",
        "Your loop goes on by one place after a merge, so a symbol is used twice: `a a a` becomes `aa aa`. Go on by two.",
        ("place += 2", "place += 1"),
    ),
    _mistake(
        "replaced-in-the-text",
        "You replaced in the text with marks between the symbols. The end of one symbol can look like the whole of another: "
        "`xa b` would be taken for `a b`. Compare symbols.",
        (
            _MERGE_LOOP,
            '    text = b"|".join(symbols).replace(b"|".join(pair), b"".join(pair))\n    merged = text.split(b"|")\n',
        ),
    ),
    _mistake(
        "letters-compared",
        "Your loop compares the glued letters, so `a` and `bc` are taken for `ab` and `c`. Compare both symbols of the pair.",
        ("tuple(symbols[place : place + 2]) == pair", 'b"".join(symbols[place : place + 2]) == pair[0] + pair[1]'),
    ),
    _mistake(
        "first-place-only",
        "Your loop merges the first place only. The pair is merged wherever it stands.",
        (
            "tuple(symbols[place : place + 2]) == pair",
            "tuple(symbols[place : place + 2]) == pair and len(merged) == place",
        ),
    ),
    _mistake(
        "either-order",
        "Your loop also merges the pair turned around. `b a` is not the pair `a b`.",
        ("== pair:", "in (pair, pair[::-1]):"),
    ),
    _mistake(
        "from-the-right",
        "Your merges go from right to left, so `a a a` becomes `a aa`. The rule is from left to right.",
        (
            _MERGE_LOOP,
            "    place = len(symbols) - 1\n    while place >= 0:\n"
            "        if place > 0 and (symbols[place - 1], symbols[place]) == pair:\n"
            "            merged.insert(0, pair[0] + pair[1])\n            place -= 2\n"
            "        else:\n            merged.insert(0, symbols[place])\n            place -= 1\n",
        ),
    ),
    _mistake(
        "right-symbol-kept",
        "Your result holds the right symbol once more behind the glued one. Both are used up: go on by two places.",
        ("merged.append(pair[0] + pair[1])", "merged += [pair[0] + pair[1], pair[1]]"),
    ),
    _mistake(
        "last-symbol-lost",
        "Your loop ends before the last symbol, which has no neighbour on its right. It still belongs to the word.",
        ("while place < len(symbols):", "while place < len(symbols) - 1:"),
    ),
    _mistake(
        "pair-lost",
        "Your result leaves the pair out. Put the glued symbol in its place.",
        ("            merged.append(pair[0] + pair[1])\n", ""),
    ),
    _mistake(
        "nested",
        "Your result holds the pair as a tuple. Glue the two symbols to one: `pair[0] + pair[1]`.",
        ("merged.append(pair[0] + pair[1])", "merged.append(pair)"),
    ),
    _mistake(
        "glued-from-the-right",
        "Your new symbol has its parts in the wrong order: left plus right.",
        ("pair[0] + pair[1]", "pair[1] + pair[0]"),
    ),
    _mistake(
        "merged-in-place",
        "Your function changes the list that it was given. Build a new one.",
        ("    return merged", "    symbols[:] = merged\n    return merged"),
    ),
    _mistake(
        "one-symbol-for-all",
        "Your function glues all neighbours that take part in the pair into one symbol. Each pair becomes a symbol of its own.",
        (
            "            merged.append(pair[0] + pair[1])\n            place += 2",
            '            glued = b""\n            while tuple(symbols[place : place + 2]) == pair:\n'
            "                glued += pair[0] + pair[1]\n                place += 2\n            merged.append(glued)",
        ),
    ),
]
