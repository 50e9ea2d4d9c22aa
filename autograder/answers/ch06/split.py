"""Answers to exercise 2 of 01_data: split."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="count-placed",
        description="One list of parts, an index that moves on when a part is full.",
        code="""def split(rows, fractions, seed):
    if round(sum(fractions), 6) != 1:
        raise ValueError("the fractions must sum to one")
    by_text = {}
    for row in rows:
        by_text.setdefault(fingerprint(row["text"]), []).append(row)
    keys = random.Random(seed).sample(sorted(by_text), len(by_text))
    parts, current, border, placed = [[], [], []], 0, fractions[0], 0
    for key in keys:
        while current < 2 and placed >= border * len(rows) - 1e-9:
            current += 1
            border += fractions[current]
        parts[current] += by_text[key]
        placed += len(by_text[key])
    return parts
""",
    ),
    Alternative(
        name="stratified",
        description="Class by class, groups kept together.",
        code="""def split(rows, fractions, seed):
    if not math.isclose(sum(fractions), 1.0):
        raise ValueError(fractions)
    rng = random.Random(seed)
    groups = {}
    for row in rows:
        groups.setdefault(fingerprint(row["text"]), []).append(row)
    parts = [], [], []
    for label in sorted({row["label"] for row in rows}):
        own = [group for group in groups.values() if group[0]["label"] == label]
        rng.shuffle(own)
        total = sum(map(len, own))
        done = 0
        for group in own:
            where = 0 if done < fractions[0] * total else 1 if done < (fractions[0] + fractions[1]) * total else 2
            parts[where].extend(group)
            done += len(group)
    return parts
""",
    ),
    Alternative(
        name="cut-the-list-of-groups",
        description="Cumulative sizes of the shuffled groups by numpy, and searchsorted for the two borders.",
        code="""def split(rows, fractions, seed):
    import numpy as np

    if abs(sum(fractions) - 1) > 1e-8:
        raise ValueError("fractions")
    texts = [fingerprint(row["text"]) for row in rows]
    names = list(dict.fromkeys(texts))
    order = np.random.default_rng(seed).permutation(len(names))
    sizes = np.array([texts.count(names[i]) for i in order])
    before = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    borders = np.cumsum(fractions)[:2] * len(rows)
    part_of = {names[i]: int((start >= borders - 1e-9).sum()) for i, start in zip(order, before)}
    return tuple([row for row, text in zip(rows, texts) if part_of[text] == part] for part in range(3))
""",
    ),
    Alternative(
        name="pop-from-a-stack",
        description="A stack of shuffled groups; each part pops until it has its share.",
        code="""def split(rows, fractions, seed):
    total = sum(fractions)
    if total < 0.999999 or total > 1.000001:
        raise ValueError(f"fractions sum to {total}")
    stack = {}
    for number, row in enumerate(rows):
        stack.setdefault(fingerprint(row["text"]), []).append(number)
    stack = list(stack.values())
    random.Random(seed).shuffle(stack)
    result = []
    taken = 0
    for until in (fractions[0], fractions[0] + fractions[1], 2.0):
        part = []
        while stack and taken < round(until * len(rows), 6):
            group = stack.pop()
            taken += len(group)
            part.extend(rows[number] for number in group)
        result.append(part)
    return tuple(result)
""",
    ),
]

_RIGHT = """def split(rows, fractions, seed):
    if abs(sum(fractions) - 1) > 1e-6:
        raise ValueError("fractions must sum to 1")
    groups = {}
    for row in rows:
        groups.setdefault(fingerprint(row["text"]), []).append(row)
    order = list(groups.values())
    random.Random(seed).shuffle(order)
    train, validation, test = [], [], []
    for group in order:
        if len(train) < fractions[0] * len(rows):
            train += group
        elif len(train) + len(validation) < (fractions[0] + fractions[1]) * len(rows):
            validation += group
        else:
            test += group
    return train, validation, test
"""

_mistake = partial(made_in, _RIGHT, see="01_data: Exercise 2: split")

MISTAKES = [
    _mistake(
        "leak-rows-one-by-one",
        "You split row by row, so copies of one message stand in several parts: a leak. Put rows with the same fingerprint "
        "into one group, and split the groups.",
        (
            '    groups = {}\n    for row in rows:\n        groups.setdefault(fingerprint(row["text"]), []).append(row)\n'
            "    order = list(groups.values())\n",
            "    order = [[row] for row in rows]\n",
        ),
    ),
    _mistake(
        "leak-other-capitals",
        "You group by the text as it is written. Copies with other capitals or spaces still leak: group by `fingerprint`.",
        ('fingerprint(row["text"])', 'row["text"]'),
    ),
    _mistake(
        "leak-spaces-inside",
        "You compare texts in lower case without the spaces at both ends, but spaces inside count too: group by "
        "`fingerprint`.",
        ('fingerprint(row["text"])', 'row["text"].lower().strip()'),
    ),
    _mistake(
        "copies-dropped",
        "You keep one message of each group and lose its copies. Every row is used; copies only have to stay together.",
        (
            '        groups.setdefault(fingerprint(row["text"]), []).append(row)\n',
            '        groups[fingerprint(row["text"])] = [row]\n',
        ),
    ),
    _mistake(
        "not-shuffled",
        "You cut the list without shuffling it. Lists are often sorted, by label or by date: then the parts differ.",
        ("    random.Random(seed).shuffle(order)\n", ""),
    ),
    _mistake(
        "seed-not-used",
        "Your parts are other ones every time, because the seed is not used: nobody can repeat your figures. Shuffle with "
        "`random.Random(seed)`.",
        ("random.Random(seed)", "random.Random()"),
    ),
    _mistake(
        "seed-fixed",
        "Your seed is a number in the code, so the argument `seed` changes nothing.",
        ("random.Random(seed)", "random.Random(0)"),
    ),
    _mistake(
        "validation-inside-training",
        "Your validation rows stand in the training set as well: a leak. Each row is in exactly one part.",
        ("            validation += group\n", "            validation += group\n            train = train + group\n"),
    ),
    _mistake(
        "test-is-validation",
        "Your test set is your validation set. It has to be a third part that no decision has seen.",
        ("return train, validation, test", "return train, validation + test, validation + test"),
    ),
    _mistake(
        "two-parts-exchanged",
        "Validation and test set are exchanged: the order is training, validation, test.",
        ("return train, validation, test", "return train, test, validation"),
    ),
    _mistake(
        "border-by-the-second-fraction-alone",
        "The border behind the validation set lies at the sum of the first two fractions, and yours at the second alone.",
        (
            "len(train) + len(validation) < (fractions[0] + fractions[1]) * len(rows)",
            "len(train) + len(validation) < fractions[1] * len(rows)",
        ),
    ),
    _mistake(
        "any-fractions-accepted",
        "Fractions that do not sum to 1 should be a ValueError, and you go on with them.",
        ('    if abs(sum(fractions) - 1) > 1e-6:\n        raise ValueError("fractions must sum to 1")\n', ""),
    ),
    _mistake(
        "sum-compared-exactly",
        "You compare the sum of the fractions with 1 by `!=`, and 0.6 + 0.3 + 0.1 is not exactly 1 in floating point. Use "
        "`math.isclose`.",
        ("abs(sum(fractions) - 1) > 1e-6", "fractions[0] + fractions[1] + fractions[2] != 1"),
    ),
    _mistake(
        "rest-lost",
        "You round the size of each part down, and the rows that are left over get lost. Every row is used: the rest goes "
        "into the test set.",
        ("if len(train) < fractions[0] * len(rows):", "if len(train) < int(fractions[0] * len(rows)):"),
        ("(fractions[0] + fractions[1]) * len(rows)", "int(fractions[0] * len(rows)) + int(fractions[1] * len(rows))"),
        ("return train, validation, test", "return train, validation, test[: int(fractions[2] * len(rows))]"),
    ),
    _mistake(
        "input-shuffled",
        "You shuffle the list that was given, in place. Work on a list of your own.",
        ("    groups = {}\n", "    random.Random(seed).shuffle(rows)\n    groups = {}\n"),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "if not math.isclose(sum(fractions), 1):",
        "first two arguments swapped",
        "Closeness is symmetric.",
    ),
]
