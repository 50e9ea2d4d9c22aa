"""Right answers of chapter 6 in other styles: balancing, splitting, padding."""

from __future__ import annotations

from autograder.catalogue import Alternative

_BALANCE = [
    Alternative(
        exercise="ch06/balance",
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
        exercise="ch06/balance",
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
        exercise="ch06/balance",
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
        exercise="ch06/balance",
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

_SPLIT = [
    Alternative(
        exercise="ch06/split",
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
        exercise="ch06/split",
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
        exercise="ch06/split",
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
        exercise="ch06/split",
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

_DATASET = [
    Alternative(
        exercise="ch06/spam-dataset",
        name="pads-on-demand",
        description="Ids are kept as lists; an item is padded when it is asked for; numbers as tensors.",
        code="""class SpamDataset(Dataset):
    def __init__(self, rows, tokenizer, pad_id, max_length=None):
        self.pad_id = pad_id
        self.data = []
        for row in rows:
            ids = tokenizer.encode_ordinary(row["text"])
            if not ids:
                ids = [pad_id]
            self.data.append((ids, 1 if row["label"] == "spam" else 0))
        if max_length is None:
            max_length = 0
            for ids, _ in self.data:
                if len(ids) > max_length:
                    max_length = len(ids)
        self.max_length = max_length

    def __len__(self):
        return len(self.data)

    def __getitem__(self, index):
        ids, label = self.data[index]
        ids = ids[: self.max_length]
        padded = ids + [self.pad_id] * (self.max_length - len(ids))
        return torch.tensor(padded, dtype=torch.long), torch.tensor(len(ids)), torch.tensor(label, dtype=torch.long)
""",
    ),
    Alternative(
        exercise="ch06/spam-dataset",
        name="pad-sequence",
        description="pad_sequence and F.pad; lengths as a tensor.",
        code="""class SpamDataset(Dataset):
    def __init__(self, rows, tokenizer, pad_id, max_length=None):
        import torch.nn.functional as F
        from torch.nn.utils.rnn import pad_sequence

        ids = [torch.tensor(tokenizer.encode_ordinary(r["text"]) or [pad_id]) for r in rows]
        longest = max(len(one) for one in ids)
        self.max_length = longest if max_length is None else max_length
        table = pad_sequence(ids, batch_first=True, padding_value=pad_id)[:, : self.max_length]
        self.inputs = F.pad(table, (0, self.max_length - table.shape[1]), value=pad_id)
        self.lengths = torch.tensor([len(one) for one in ids]).clamp(max=self.max_length)
        self.labels = torch.tensor([{"ham": 0, "spam": 1}[r["label"]] for r in rows])

    def __len__(self):
        return self.inputs.shape[0]

    def __getitem__(self, i):
        return self.inputs[i], self.lengths[i], self.labels[i]
""",
    ),
    Alternative(
        exercise="ch06/spam-dataset",
        name="list-of-items",
        description="A class without a base that keeps ready items; encode without specials.",
        code="""class SpamDataset:
    def __init__(self, rows, tokenizer, pad_id, max_length=None):
        encoded = [tokenizer.encode(row["text"], disallowed_special=()) for row in rows]
        self.max_length = max_length or max(1, max(map(len, encoded)))
        self.items = []
        for row, ids in zip(rows, encoded):
            tensor = torch.empty(self.max_length, dtype=torch.int64).fill_(pad_id)
            kept = min(len(ids), self.max_length)
            tensor[:kept] = torch.tensor(ids[:kept], dtype=torch.int64)
            self.items.append([tensor, max(kept, 1), int(row["label"] == "spam")])

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        return tuple(self.items[index])
""",
    ),
]

ALTERNATIVES: list[Alternative] = [*_BALANCE, *_SPLIT, *_DATASET]
