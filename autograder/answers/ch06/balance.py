"""Answers to exercise 1 of 01_data: balance."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="shuffle-first",
        description="All rows shuffled once; of each class the first ones are taken.",
        code="""def balance(rows, seed):
    mixed = list(rows)
    random.Random(seed).shuffle(mixed)
    size = min(Counter(row["label"] for row in rows).values())
    taken, result = Counter(), []
    for row in mixed:
        if taken[row["label"]] < size:
            taken[row["label"]] += 1
            result.append(row)
    return result
""",
    ),
    Alternative(
        name="torch-generator",
        description="Random permutations of indices from a torch generator.",
        code="""def balance(rows, seed):
    generator = torch.Generator().manual_seed(seed)
    names = sorted({row["label"] for row in rows})
    classes = torch.tensor([names.index(row["label"]) for row in rows])
    size = int(torch.bincount(classes).min())
    chosen = []
    for number in range(len(names)):
        where = torch.nonzero(classes == number).flatten()
        chosen.append(where[torch.randperm(len(where), generator=generator)[:size]])
    chosen = torch.cat(chosen)
    chosen = chosen[torch.randperm(len(chosen), generator=generator)]
    return [rows[i] for i in chosen.tolist()]
""",
    ),
    Alternative(
        name="remove-until-balanced",
        description="A shuffled copy, read from the end: rows of a class that is still too large are dropped; global generator, seeded.",
        code="""def balance(rows, seed):
    random.seed(seed)
    result = random.sample(rows, k=len(rows))
    counts = Counter(row["label"] for row in result)
    least = min(counts.values())
    for index in range(len(result) - 1, -1, -1):
        label = result[index]["label"]
        if counts[label] > least:
            counts[label] -= 1
            del result[index]
    return result
""",
    ),
    Alternative(
        name="numpy",
        description="numpy's generator; a tuple comes back as a list of copies.",
        code="""def balance(rows, seed):
    import numpy as np

    rng = np.random.default_rng(seed)
    labels = np.array([row["label"] for row in rows])
    names, counts = np.unique(labels, return_counts=True)
    picks = np.concatenate([rng.choice(np.flatnonzero(labels == name), counts.min(), replace=False) for name in names])
    rng.shuffle(picks)
    return [dict(rows[int(pick)]) for pick in picks]
""",
    ),
]

_RIGHT = """def balance(rows, seed):
    rng = random.Random(seed)
    boxes = {}
    for row in rows:
        boxes.setdefault(row["label"], []).append(row)
    n = min(len(box) for box in boxes.values())
    result = []
    for box in boxes.values():
        result += rng.sample(box, n)
    rng.shuffle(result)
    return result
"""

_mistake = partial(made_in, _RIGHT, see="01_data: Exercise 1: balance")

MISTAKES = [
    _mistake(
        "always-the-first",
        "You keep the first messages of each class. Lists are often sorted, by date for instance: draw at random.",
        ("rng.sample(box, n)", "box[:n]"),
    ),
    _mistake(
        "drawn-with-replacement",
        "You draw with replacement, so a message can occur twice. `sample` draws each at most once; `choices` does not.",
        ("rng.sample(box, n)", "rng.choices(box, k=n)"),
    ),
    _mistake(
        "small-class-repeated",
        "You make the small class larger by repeating its messages. Here the larger ones are to be made smaller; copies "
        "could later stand on both sides of the split.",
        ("n = min(", "n = max("),
        ("rng.sample(box, n)", "[box[i % len(box)] for i in range(n)]"),
    ),
    _mistake(
        "not-shuffled",
        "Your result holds one class after the other. Shuffle it at the end.",
        ("    rng.shuffle(result)\n", ""),
    ),
    _mistake(
        "seed-not-used",
        "Your result is another one every time: the seed is not used. Draw from `random.Random(seed)`.",
        ("random.Random(seed)", "random.Random()"),
    ),
    _mistake(
        "seed-fixed",
        "Your seed is a number in the code, so the argument `seed` changes nothing.",
        ("random.Random(seed)", "random.Random(123)"),
    ),
    _mistake(
        "input-shuffled",
        "You shuffle the list that was given, in place: the caller's messages are in another order afterwards. Work on a "
        "list of your own.",
        ("    boxes = {}\n", "    rng.shuffle(rows)\n    boxes = {}\n"),
    ),
    _mistake(
        "spam-taken-for-the-smallest",
        "You take for granted that spam is the smallest class. Compare the classes.",
        ("min(len(box) for box in boxes.values())", 'len(boxes.get("spam", []))'),
    ),
    _mistake(
        "two-labels-expected",
        "You know the labels ham and spam only. The labels are what stands in the rows, and there may be more than two.",
        (
            "    boxes = {}\n",
            '    boxes = {"ham": [], "spam": []}\n    rows = [r for r in rows if r["label"] in boxes]\n',
        ),
    ),
    _mistake(
        "one-too-few",
        "Each of your classes has one message fewer than the smallest had.",
        ("len(box) for box in boxes.values())", "len(box) for box in boxes.values()) - 1"),
    ),
    _mistake(
        "shuffle-returned",
        "You return what `shuffle` gives back, and that is None: it works in place.",
        ("    rng.shuffle(result)\n    return result\n", "    return rng.shuffle(result)\n"),
    ),
    _mistake(
        "half-of-everything",
        "You draw half of all rows. In it the classes have about the same shares as before.",
        (
            "    result = []\n    for box in boxes.values():\n        result += rng.sample(box, n)\n",
            "    result = rng.sample(rows, len(boxes) * n)\n",
        ),
    ),
]
