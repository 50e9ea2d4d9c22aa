"""Answers to exercise 4 of 01_vocabulary_and_batches: neighbours and strangers."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="torch-dice-and-lists",
        description="Dice from torch, the other documents as a list, pairs as lists, shuffled at the end.",
        code="""def sentence_pairs(documents):
    pairs = []
    for d, document in enumerate(documents):
        others = [sentence for e, other in enumerate(documents) if e != d for sentence in other]
        for first, following in zip(document[:-1], document[1:]):
            if torch.rand(()).item() > 0.5:
                pairs.append([first, following, 1])
            else:
                pairs.append([first, others[torch.randint(len(others), ()).item()], 0])
    random.shuffle(pairs)
    return pairs
""",
    ),
    Alternative(
        name="exactly-half",
        description="All places first; a shuffled half of them gets a stranger.",
        code="""def sentence_pairs(documents):
    places = [(d, i) for d, document in enumerate(documents) for i in range(len(document) - 1)]
    order = random.sample(range(len(places)), len(places))
    half = len(places) // 2 + random.randrange(2) * (len(places) % 2)
    true = set(order[:half])
    result = []
    for number, (d, i) in enumerate(places):
        if number in true:
            result.append((documents[d][i], documents[d][i + 1], True))
        else:
            e = random.choice([e for e in range(len(documents)) if e != d])
            result.append((documents[d][i], random.choice(documents[e]), False))
    return result
""",
    ),
    Alternative(
        name="draw-again",
        description="A helper that draws any sentence again until its document is another one.",
        code="""def stranger(documents, own):
    while True:
        d = int(random.random() * len(documents))
        if d != own:
            return documents[d][int(random.random() * len(documents[d]))]


def sentence_pairs(documents):
    made = []
    for own, document in enumerate(documents):
        for place, first in enumerate(document):
            if place + 1 == len(document):
                break
            label = random.choice((0, 1))
            second = document[place + 1] if label else stranger(documents, own)
            made.append((first, second, label))
    return made
""",
    ),
]

_RIGHT = """def sentence_pairs(documents):
    result = []
    for d, document in enumerate(documents):
        for i in range(len(document) - 1):
            if random.random() < 0.5:
                result.append((document[i], document[i + 1], 1))
            else:
                e = d
                while e == d:
                    e = random.randrange(len(documents))
                result.append((document[i], random.choice(documents[e]), 0))
    return result
"""

_mistake = partial(made_in, _RIGHT, see="01_vocabulary_and_batches: Exercise 4: neighbours and strangers")

MISTAKES = [
    _mistake(
        "labels-swapped",
        "Your labels are swapped: 1 says that the second sentence follows.",
        ("document[i + 1], 1)", "document[i + 1], 0)"),
        ("random.choice(documents[e]), 0)", "random.choice(documents[e]), 1)"),
    ),
    _mistake(
        "always-neighbours",
        "All your pairs are neighbours. Half of them should come from two documents.",
        ("random.random() < 0.5", "True"),
    ),
    _mistake(
        "never-neighbours",
        "None of your pairs are neighbours. Half of them should be.",
        ("random.random() < 0.5", "False"),
    ),
    _mistake(
        "another-share",
        "Your die is loaded: the two kinds of pairs should be equally frequent.",
        ("< 0.5", "< 0.75"),
    ),
    _mistake(
        "from-the-same-document",
        "Your random sentence comes from the same document, so it may even be the true neighbour. Draw another document.",
        ("                while e == d:\n                    e = random.randrange(len(documents))\n", ""),
    ),
    _mistake(
        "any-document",
        "You draw from all documents, the own one included, so that a neighbour can get the label 0. Draw again until it is "
        "another one.",
        (
            "                while e == d:\n                    e = random.randrange(len(documents))\n",
            "                e = random.randrange(len(documents))\n",
        ),
    ),
    _mistake(
        "next-document-only",
        "You always take the next document. Every other document should be drawn with the same chance.",
        (
            "                while e == d:\n                    e = random.randrange(len(documents))\n",
            "                e = (d + 1) % len(documents)\n",
        ),
    ),
    _mistake(
        "always-its-first-sentence",
        "You always take the first sentence of the other document, which soon gives itself away. Draw any of its sentences.",
        ("random.choice(documents[e])", "documents[e][0]"),
    ),
    _mistake(
        "last-sentence-opens-a-pair",
        "The last sentence of a document has no next one, and opens no pair.",
        ("range(len(document) - 1)", "range(len(document))"),
        (
            "document[i + 1], 1)",
            "documents[(d + 1) % len(documents)][0] if i + 1 == len(document) else document[i + 1], 1)",
        ),
    ),
    _mistake(
        "last-pair-missing",
        "The last pair of each document is missing: `range` leaves out its end by itself.",
        ("range(len(document) - 1)", "range(len(document) - 2)"),
    ),
    _mistake(
        "every-second-sentence",
        "You step over every second sentence. Each sentence with a next one opens a pair.",
        ("range(len(document) - 1)", "range(0, len(document) - 1, 2)"),
    ),
    _mistake(
        "the-next-but-one",
        "Your neighbour is not the next sentence but another one.",
        ("document[i], document[i + 1], 1)", "document[i], document[min(i + 2, len(document) - 1)], 1)"),
    ),
    _mistake(
        "both-kinds-for-each",
        "You make two pairs from each sentence. One die decides which of the two kinds it gets.",
        (
            "            if random.random() < 0.5:\n                result.append((document[i], document[i + 1], 1))\n            else:\n",
            "            if True:\n                result.append((document[i], document[i + 1], 1))\n            if True:\n",
        ),
    ),
    _mistake(
        "one-die-for-a-document",
        "You roll the die once for each document. Each pair has a roll of its own.",
        ("        for i in range", "        toss = random.random()\n        for i in range"),
        ("if random.random() < 0.5", "if toss < 0.5"),
    ),
    _mistake(
        "seed-inside",
        "You set the seed inside of the function, so that each call gives the same pairs.",
        ("    result = []\n", "    random.seed(0)\n    result = []\n"),
    ),
    _mistake(
        "pair-turned-over",
        "In your pairs of neighbours the later sentence stands first.",
        ("document[i], document[i + 1], 1)", "document[i + 1], document[i], 1)"),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "if random.random() < 0.5:",
        "condition negated",
        "Both sides of a fair coin are equally likely.",
    ),
    Equivalent(
        "if random.random() < 0.5:",
        "< → <=",
        "A random number of 53 or 24 bits meets the bound itself about never.",
    ),
]
