"""Answers to exercise 3 of 04_byte_pair_encoding: training."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, in_other_choices, made_in

ALTERNATIVES = [
    Alternative(
        name="count-anew",
        description="Counts anew at each step; of equally frequent pairs the largest.",
        code="""def bpe_train(text, num_merges):
    words = byte_words(text)
    merges = []
    for _ in range(num_merges):
        counts = Counter()
        for word, n in words.items():
            for i in range(len(word) - 1):
                counts[word[i], word[i + 1]] += n
        if not counts:
            return merges
        best = max(counts, key=lambda pair: (counts[pair], pair))
        merges.append(best)
        merged = {}
        for word, n in words.items():
            new, i = [], 0
            while i < len(word):
                if word[i : i + 2] == best:
                    new.append(word[i] + word[i + 1])
                    i += 2
                else:
                    new.append(word[i])
                    i += 1
            merged[tuple(new)] = n
        words = merged
    return merges
""",
    ),
    Alternative(
        name="numbers",
        description="Ids in place of bytes, over all pre-tokens one by one; of equally frequent pairs the first that comes.",
        code="""def bpe_train(text, num_merges):
    sequences = [list(piece.encode("utf-8")) for piece in pre_tokenize(text)]
    tokens = [bytes([i]) for i in range(256)]
    merges = []
    while len(merges) < num_merges:
        stats = Counter(pair for ids in sequences for pair in zip(ids, ids[1:]))
        if not stats:
            break
        (a, b), _ = stats.most_common(1)[0]
        merges.append((tokens[a], tokens[b]))
        new_id = len(tokens)
        tokens.append(tokens[a] + tokens[b])
        for ids in sequences:
            i = 0
            while i < len(ids) - 1:
                if ids[i] == a and ids[i + 1] == b:
                    ids[i : i + 2] = [new_id]
                i += 1
    return merges
""",
    ),
    Alternative(
        name="only-changed-words",
        description="Keeps the counts and corrects them for the words that change; ties at random.",
        code="""import random

def bpe_train(text: str, num_merges: int) -> list[tuple[bytes, bytes]]:
    words = [[list(word), n] for word, n in byte_words(text).items()]
    counts = Counter()
    for word, n in words:
        for pair in pairwise(word):
            counts[pair] += n
    merges = []
    while len(merges) < num_merges and counts:
        top = max(counts.values())
        left, right = best = random.choice([pair for pair, count in counts.items() if count == top])
        merges.append(best)
        for entry in words:
            word, n = entry
            if best not in pairwise(word):
                continue
            counts.subtract({pair: n * c for pair, c in Counter(pairwise(word)).items()})
            i = 0
            while i < len(word) - 1:
                if word[i] == left and word[i + 1] == right:
                    word[i] = left + word.pop(i + 1)
                i += 1
            counts.update({pair: n * c for pair, c in Counter(pairwise(word)).items()})
        counts = +counts
    return merges
""",
    ),
]

_RIGHT = """def bpe_train(text, num_merges):
    words = byte_words(text)
    merges = []
    while len(merges) < num_merges:
        counts = Counter()
        for symbols, times in words.items():
            for pair in zip(symbols, symbols[1:]):
                counts[pair] += times
        if not counts:
            break
        best = max(counts, key=counts.get)
        merges.append(best)
        merged = Counter()
        for symbols, times in words.items():
            new, place = [], 0
            while place < len(symbols):
                if symbols[place : place + 2] == best:
                    new.append(best[0] + best[1])
                    place += 2
                else:
                    new.append(symbols[place])
                    place += 1
            merged[tuple(new)] += times
        words = merged
    return merges
"""
_TRAIN_LOOP = """            new, place = [], 0
            while place < len(symbols):
                if symbols[place : place + 2] == best:
                    new.append(best[0] + best[1])
                    place += 2
                else:
                    new.append(symbols[place])
                    place += 1
"""

_mistake = partial(made_in, _RIGHT, see="04_byte_pair_encoding: Exercise 3: training")

MISTAKES = [
    _mistake(
        "words-counted-once",
        "Your training counts each different word once. A word that comes 40 times brings each of its pairs 40 times.",
        ("counts[pair] += times", "counts[pair] += 1"),
    ),
    _mistake(
        "never-merged",
        "Your training takes the most frequent pairs of the beginning and never merges. After each merge the words have other symbols: "
        "count again.",
        ("        words = merged\n", "        words = {w: n for w, n in words.items()}\n        counts.pop(best)\n"),
        (
            "        best = max(counts, key=counts.get)",
            "        best = max((p for p in counts if p not in merges), key=counts.get, default=None)",
        ),
    ),
    _mistake(
        "same-pair-again",
        "Your words stay as they were after a merge, so the same pair is the most frequent one again and again. The next round must see the "
        "words with the new symbol.",
        ("        words = merged\n", ""),
    ),
    _mistake(
        "counts-of-the-beginning",
        "Your training counts once, at the beginning, and takes one pair after the other from these counts. A merge changes which pairs "
        "there are, and how often: count again, or correct the counts.",
        (
            "    while len(merges) < num_merges:\n        counts = Counter()\n"
            "        for symbols, times in words.items():\n            for pair in zip(symbols, symbols[1:]):\n"
            "                counts[pair] += times\n",
            "    counts = Counter()\n    for symbols, times in words.items():\n        for pair in zip(symbols, symbols[1:]):\n"
            "            counts[pair] += times\n    while len(merges) < num_merges:\n",
        ),
        ("        words = merged\n", "        words = merged\n        del counts[best]\n"),
    ),
    _mistake(
        "old-counts-stay",
        "Your counts go on from the round before: pairs that are gone still have their old numbers, and the others are counted again and "
        "again. Begin each round with empty counts, or take away what a merge has destroyed.",
        ("    merges = []\n", "    merges = []\n    counts = Counter()\n"),
        ("        counts = Counter()\n", ""),
    ),
    _mistake(
        "new-pairs-not-counted",
        "After a merge you take away the merged pair and do not count the pairs that its new symbol makes with its neighbours. So no token "
        "ever grows beyond two symbols.",
        (
            "            for pair in zip(symbols, symbols[1:]):\n                counts[pair] += times\n",
            "            for pair in zip(symbols, symbols[1:]):\n"
            "                if max(map(len, pair)) == 1:\n                    counts[pair] += times\n",
        ),
    ),
    _mistake(
        "neighbours-not-reduced",
        "After a merge you add the new pairs and leave the old ones of its neighbours as they were: a pair whose symbol is now part of "
        "another one does not stand there any more. Take it away.",
        (
            "    while len(merges) < num_merges:\n        counts = Counter()\n"
            "        for symbols, times in words.items():\n            for pair in zip(symbols, symbols[1:]):\n"
            "                counts[pair] += times\n",
            "    counts = Counter()\n    for symbols, times in words.items():\n        for pair in zip(symbols, symbols[1:]):\n"
            "            counts[pair] += times\n    while len(merges) < num_merges:\n",
        ),
        (
            "        words = merged\n",
            "        words = merged\n        del counts[best]\n        for symbols, times in words.items():\n"
            "            for pair in zip(symbols, symbols[1:]):\n                if best[0] + best[1] in pair:\n"
            "                    counts[pair] += times\n",
        ),
    ),
    _mistake(
        "rarest-first",
        "Your training merges the rarest pair. It is the most frequent one that is merged.",
        ("max(counts,", "min(counts,"),
    ),
    _mistake(
        "largest-pair",
        "Your training takes the largest pair in the order of the bytes: `max(counts)` compares the keys. Compare the counts: `key=counts.get`.",
        ("max(counts, key=counts.get)", "max(counts)"),
    ),
    _mistake(
        "no-pre-tokens",
        "Your training runs over the text as one piece, so merges cross the borders of words. Begin with `byte_words(text)`.",
        ("byte_words(text)", 'Counter({tuple(bytes([b]) for b in text.encode("utf-8")): 1})'),
    ),
    _mistake(
        "spaces-lost",
        "Your training cuts at white space and loses it. In a pre-token the space before a word is a part of it, and learned from.",
        ("byte_words(text)", 'Counter(tuple(bytes([b]) for b in w.encode("utf-8")) for w in text.split())'),
    ),
    _mistake(
        "characters-for-bytes",
        "Your training begins with characters. The first symbols are single bytes, so `ã` begins as two.",
        ("byte_words(text)", "Counter(tuple(c.encode() for c in w) for w in pre_tokenize(text))"),
    ),
    _mistake(
        "ascii-only",
        "Your training throws away what is no plain letter of English. All bytes are learned from.",
        ("byte_words(text)", 'byte_words(text.encode("ascii", "ignore").decode())'),
    ),
    _mistake(
        "overlapping-merges",
        "Your training uses a symbol twice when it merges, so `a a a` becomes `aa aa`. After a merge go on by two places.",
        ("place += 2", "place += 1"),
    ),
    _mistake(
        "overlaps-not-counted",
        "Your training counts `a a` in `a a a` once. By the rule places may overlap: it stands there twice.",
        (
            "            for pair in zip(symbols, symbols[1:]):\n                counts[pair] += times",
            "            place = 0\n            while place + 1 < len(symbols):\n"
            "                pair = symbols[place : place + 2]\n                counts[pair] += times\n"
            "                place += 2 if symbols[place + 1 : place + 3] == pair else 1",
        ),
    ),
    _mistake(
        "merged-from-the-right",
        "Your training merges from right to left: `a a a` becomes `a aa`. The rule is from left to right.",
        (
            _TRAIN_LOOP,
            "            new, place = [], len(symbols) - 1\n            while place >= 0:\n"
            "                if place and symbols[place - 1 : place + 1] == best:\n"
            "                    new.insert(0, best[0] + best[1])\n                    place -= 2\n"
            "                else:\n                    new.insert(0, symbols[place])\n                    place -= 1\n",
        ),
    ),
    _mistake(
        "replaced-across-borders",
        "Your training replaces in the text with marks between the symbols. The end of one symbol can look like the whole of "
        "another, so wrong places are merged. Compare symbols.",
        (
            _TRAIN_LOOP,
            '            mark = b"\\x00"\n'
            "            new = mark.join(symbols).replace(mark.join(best), best[0] + best[1]).split(mark)\n",
        ),
    ),
    _mistake(
        "letters-glued-again",
        "Your training merges wherever the glued letters fit, so a symbol is broken to make the new one. A symbol is never broken again.",
        (
            _TRAIN_LOOP,
            '            new = [b for p in b"".join(symbols).split(best[0] + best[1]) for b in (best[0] + best[1], *[bytes([x]) for x in p])][1:]\n',
        ),
    ),
    _mistake(
        "tokens-for-pairs",
        "Your list holds the glued tokens. A merge is the pair, so that one knows which two symbols become one.",
        ("merges.append(best)", "merges.append(best[0] + best[1])"),
    ),
    _mistake(
        "counts-in-the-result",
        "Your list holds the counts as well. A merge is a pair of two bytes objects and nothing more.",
        ("merges.append(best)", "merges.append((*best, counts[best]))"),
    ),
    _mistake(
        "bytes-for-merges",
        "Your training stops when bytes and merges together are as many as `num_merges`. The number asked for is that of the merges.",
        ("len(merges) < num_merges", "len(merges) + 256 < num_merges"),
    ),
    _mistake(
        "one-merge-too-few",
        "Your training ends one merge too early.",
        ("len(merges) < num_merges", "len(merges) < num_merges - 1"),
    ),
    _mistake(
        "no-end",
        "Your training raises when no pair is left: the largest of nothing does not exist. Leave the loop then.",
        ("        if not counts:\n            break\n", ""),
    ),
    _mistake(
        "ends-at-one",
        "Your training ends as soon as every pair comes once only. By the rule it goes on while there is a pair.",
        ("        merges.append(best)", "        if counts[best] < 2:\n            break\n        merges.append(best)"),
    ),
]
# Which of several equally frequent pairs is merged first is left open.
MISTAKES = in_other_choices(
    MISTAKES,
    ("max(counts, key=counts.get)", "max(counts, key=lambda pair: (counts[pair], pair))"),
    ("max(counts, key=counts.get)", "min(counts, key=lambda pair: (-counts[pair], pair))"),
    ("max(counts, key=counts.get)", "counts.most_common(1)[0][0]"),
)
