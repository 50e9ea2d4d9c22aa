"""Answers to exercise 3 of 01_instruction_data: a split without a leak."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Mistake, made_in

ALTERNATIVES = [
    Alternative(
        name="shuffle-and-cut",
        description="Sorted sets of instructions per task, shuffled and cut; one pass over the rows.",
        code="""def split_by_instruction(rows, test_share, seed):
    rng = random.Random(seed)
    held = set()
    for task in sorted({row["task"] for row in rows}):
        texts = sorted({row["instruction"] for row in rows if row["task"] == task})
        rng.shuffle(texts)
        n = int(test_share * len(texts) + 0.5)
        n = 1 if n < 1 else len(texts) - 1 if n >= len(texts) else n
        held.update(texts[:n])
    train, test = [], []
    for row in rows:
        (test if row["instruction"] in held else train).append(row)
    return train, test
""",
    ),
    Alternative(
        name="torch-permutation",
        description="A torch generator; groups of rows by task and instruction; the parts come out grouped.",
        code="""def split_by_instruction(rows, test_share, seed):
    generator = torch.Generator().manual_seed(seed)
    groups = {}
    for row in rows:
        groups.setdefault(row["task"], {}).setdefault(row["instruction"], []).append(row)
    train, test = [], []
    for by_text in groups.values():
        blocks = list(by_text.values())
        order = torch.randperm(len(blocks), generator=generator).tolist()
        number = min(len(blocks) - 1, max(1, round(len(blocks) * test_share)))
        for place, which in enumerate(order):
            (test if place < number else train).extend(blocks[which])
    return train, test
""",
    ),
    Alternative(
        name="hash-order",
        description="Instructions ordered by a checksum of seed and text; lists of copies.",
        code="""def split_by_instruction(rows, test_share, seed):
    from hashlib import md5

    def key(text):
        return md5(f"{seed}/{text}".encode()).hexdigest()

    held = {}
    for row in rows:
        held.setdefault(row["task"], set()).add(row["instruction"])
    for task, texts in held.items():
        number = sorted([1, round(test_share * len(texts)), len(texts) - 1])[1]
        held[task] = sorted(texts, key=key)[:number]
    test = [dict(row) for row in rows if row["instruction"] in held[row["task"]]]
    return [dict(row) for row in rows if row["instruction"] not in held[row["task"]]], test
""",
    ),
    Alternative(
        name="numpy",
        description="numpy's generator chooses without replacement.",
        code="""def split_by_instruction(rows, test_share, seed):
    import numpy as np

    rng = np.random.default_rng(seed)
    test_texts = []
    for task in dict.fromkeys(r["task"] for r in rows):
        texts = list(dict.fromkeys(r["instruction"] for r in rows if r["task"] == task))
        size = int(np.clip(np.rint(test_share * len(texts)), 1, len(texts) - 1))
        test_texts += [texts[i] for i in rng.choice(len(texts), size=size, replace=False)]
    is_test = [r["instruction"] in test_texts for r in rows]
    return [r for r, t in zip(rows, is_test) if not t], [r for r, t in zip(rows, is_test) if t]
""",
    ),
]

_RIGHT = """def split_by_instruction(rows, test_share, seed):
    by_task = {}
    for row in rows:
        by_task.setdefault(row["task"], {})[row["instruction"]] = None
    rng = random.Random(seed)
    drawn = []
    for texts in by_task.values():
        k = len(texts)
        number = max(1, min(k - 1, round(test_share * k)))
        drawn.extend(rng.sample(list(texts), number))
    train = [row for row in rows if row["instruction"] not in drawn]
    test = [row for row in rows if row["instruction"] in drawn]
    return train, test
"""

_SEE = "01_instruction_data: Exercise 3: a split without a leak"
_mistake = partial(made_in, _RIGHT, see=_SEE)


def _other_split(name: str, explanation: str, body: str) -> Mistake:
    code = f"def split_by_instruction(rows, test_share, seed):\n{body}"
    return Mistake(name, explanation, code, _SEE)


MISTAKES = [
    _other_split(
        "rows-at-random",
        "You deal out single rows, so the same instruction stands in training and test: the test then asks in words that "
        "were trained on. Deal out instructions.",
        """    mixed = random.Random(seed).sample(rows, len(rows))
    cut = round(test_share * len(rows))
    return mixed[cut:], mixed[:cut]
""",
    ),
    _other_split(
        "whole-tasks",
        "Your test holds whole tasks out. What was never trained cannot be known: each task needs instructions in both "
        "parts.",
        """    tasks = list(dict.fromkeys(row["task"] for row in rows))
    number = min(max(1, round(test_share * len(tasks))), len(tasks) - 1)
    held = random.Random(seed).sample(tasks, number)
    return [row for row in rows if row["task"] not in held], [row for row in rows if row["task"] in held]
""",
    ),
    _other_split(
        "all-tasks-in-one-pot",
        "You draw from all instructions together, so one task may lose most of its instructions and another none. Draw "
        "within each task.",
        """    texts = list(dict.fromkeys(row["instruction"] for row in rows))
    number = min(max(1, round(test_share * len(texts))), len(texts) - 1)
    held = random.Random(seed).sample(texts, number)
    return [row for row in rows if row["instruction"] not in held], [row for row in rows if row["instruction"] in held]
""",
    ),
    _other_split(
        "rows-at-random-within-the-task",
        "You split each task's rows, and the instructions still stand in both parts. Split each task's instructions.",
        """    rng = random.Random(seed)
    train, test = [], []
    for task in dict.fromkeys(row["task"] for row in rows):
        own = [row for row in rows if row["task"] == task]
        rng.shuffle(own)
        cut = round(test_share * len(own))
        train, test = train + own[cut:], test + own[:cut]
    return train, test
""",
    ),
    _mistake(
        "seed-ignored",
        "Your draw does not use `seed`, so every seed gives the same split.",
        ("random.Random(seed)", "random.Random(0)"),
    ),
    _mistake(
        "not-drawn",
        "You always hold the first instructions out. They should be drawn, and the seed decide.",
        ("rng.sample(list(texts), number)", "list(texts)[:number]"),
    ),
    _mistake(
        "without-a-seed",
        "Your generator starts differently each time, so nobody can repeat your split. Give it the seed.",
        ("random.Random(seed)", "random.Random()"),
    ),
    _mistake(
        "parts-swapped",
        "You return the test first. The training rows come first, and they are most of them.",
        ("return train, test", "return test, train"),
    ),
    _mistake(
        "test-rows-stay-in-training",
        "The test's rows are in your training part as well.",
        ('[row for row in rows if row["instruction"] not in drawn]', "list(rows)"),
    ),
    _mistake(
        "none-for-a-small-share",
        "With a small share a task may give the test nothing at all in your code. At least one instruction is held out.",
        ("max(1, min(k - 1, round(test_share * k)))", "min(k - 1, round(test_share * k))"),
    ),
    _mistake(
        "none-left-to-train",
        "With a large share a task may lose all its instructions to the test. At most k - 1 are held out.",
        ("max(1, min(k - 1, round(test_share * k)))", "max(1, round(test_share * k))"),
    ),
    _mistake(
        "rounded-down",
        "You round down. The number of instructions is rounded to the nearest whole number.",
        ("round(test_share * k)", "int(test_share * k)"),
    ),
    _mistake(
        "share-of-the-rows",
        "Your number is a share of the task's rows; it should be a share of its different instructions.",
        (
            "round(test_share * k)",
            'round(test_share * sum(row["instruction"] in texts for row in rows))',
        ),
    ),
    _mistake(
        "one-row-per-instruction",
        "Your test keeps one row of each instruction that is held out, and the others are lost.",
        (
            "    return train, test\n",
            '    test = list({row["instruction"]: row for row in test}.values())\n    return train, test\n',
        ),
    ),
    _mistake(
        "always-one",
        "You hold out one instruction of each task, whatever `test_share` says.",
        ("max(1, min(k - 1, round(test_share * k)))", "1"),
    ),
    _mistake(
        "rows-changed",
        "Your function shuffles the list that it was given. That list is the caller's: work on a copy.",
        ("    by_task = {}\n", "    random.Random(seed).shuffle(rows)\n    rows.pop()\n    by_task = {}\n"),
    ),
]
