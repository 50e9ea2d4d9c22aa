"""Answers to exercise 2 of 11_windows_and_embeddings: batches."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="tensor-dataset",
        description="All windows as two tensors in a TensorDataset.",
        code="""from torch.utils.data import TensorDataset


def create_dataloader(token_ids, context_length, stride, batch_size=4, shuffle=True, drop_last=True):
    windows = torch.tensor(token_ids).unfold(0, context_length + 1, stride)
    dataset = TensorDataset(windows[:, :-1], windows[:, 1:])
    return DataLoader(dataset, batch_size, shuffle, drop_last=drop_last, num_workers=0)
""",
    ),
    Alternative(
        name="batch-sampler",
        description="A BatchSampler around a random or a sequential sampler.",
        code="""from torch.utils.data import BatchSampler, RandomSampler, SequentialSampler


def create_dataloader(token_ids, context_length, stride, batch_size=4, shuffle=True, drop_last=True):
    data = WindowDataset(token_ids, context_length, stride)
    order = RandomSampler(data) if shuffle else SequentialSampler(data)
    return DataLoader(data, batch_sampler=BatchSampler(order, batch_size, drop_last))
""",
    ),
    Alternative(
        name="own-loader",
        description="A loader of one's own, with a generator and a permutation; batches are tuples.",
        code="""class Loader:
    def __init__(self, inputs, targets, batch_size, shuffle, drop_last):
        self.inputs, self.targets = inputs, targets
        self.batch_size, self.shuffle, self.drop_last = batch_size, shuffle, drop_last

    def __len__(self):
        full, rest = divmod(len(self.inputs), self.batch_size)
        return full + (rest > 0 and not self.drop_last)

    def __iter__(self):
        n = len(self.inputs)
        order = torch.randperm(n) if self.shuffle else torch.arange(n)
        for rows in order.split(self.batch_size):
            if len(rows) == self.batch_size or not self.drop_last:
                yield self.inputs[rows], self.targets[rows]


def create_dataloader(token_ids, context_length, stride, batch_size=4, shuffle=True, drop_last=True):
    starts = torch.arange(0, len(token_ids) - context_length, stride)
    places = starts[:, None] + torch.arange(context_length)
    ids = torch.tensor(token_ids)
    return Loader(ids[places], ids[places + 1], batch_size, shuffle, drop_last)
""",
    ),
    Alternative(
        name="collate-into-dictionaries",
        description="A collate function that makes dictionaries; a dataset that is a plain list; a seeded generator.",
        code="""def stack(rows):
    inputs, targets = zip(*rows)
    return {"inputs": torch.stack(inputs), "targets": torch.stack(targets)}


def create_dataloader(token_ids, context_length, stride, batch_size=4, shuffle=True, drop_last=True):
    ids = torch.tensor(token_ids)
    rows = [(ids[i : i + context_length], ids[i + 1 : i + context_length + 1])
            for i in range(0, len(ids) - context_length, stride)]
    generator = torch.Generator().manual_seed(0)
    return DataLoader(rows, batch_size, shuffle=shuffle, drop_last=drop_last, collate_fn=stack, generator=generator)
""",
    ),
]

_RIGHT = """def create_dataloader(token_ids, context_length, stride, batch_size=4, shuffle=True, drop_last=True):
    dataset = WindowDataset(token_ids, context_length, stride)
    return DataLoader(dataset, batch_size=batch_size, shuffle=shuffle, drop_last=drop_last)
"""

# A loader without PyTorch's.
_OWN_LOADER_RIGHT = """class Batches:
    def __init__(self, windows, size, shuffle, drop_last):
        self.windows, self.size, self.shuffle, self.drop_last = windows, size, shuffle, drop_last

    def __len__(self):
        return len(self.windows) // self.size if self.drop_last else -(-len(self.windows) // self.size)

    def __iter__(self):
        order = torch.randperm(len(self.windows)) if self.shuffle else torch.arange(len(self.windows))
        for number in range(len(self)):
            rows = order[number * self.size : (number + 1) * self.size].tolist()
            chosen = [self.windows[row] for row in rows]
            yield torch.stack([x for x, _ in chosen]), torch.stack([y for _, y in chosen])


def create_dataloader(token_ids, context_length, stride, batch_size=4, shuffle=True, drop_last=True):
    dataset = WindowDataset(token_ids, context_length, stride)
    return Batches(dataset, batch_size, shuffle, drop_last)
"""

_SEE = "11_windows_and_embeddings: Exercise 2: batches"
_mistake = partial(made_in, _RIGHT, see=_SEE)
_own_mistake = partial(made_in, _OWN_LOADER_RIGHT, see=_SEE)

MISTAKES = [
    _mistake(
        "shuffle-not-passed-on",
        "Your loader never shuffles: `shuffle` is not passed on, and the DataLoader's own default is False.",
        (" shuffle=shuffle,", ""),
    ),
    _mistake(
        "always-shuffled",
        "Your loader shuffles also when `shuffle` is False. Pass the argument on.",
        (" shuffle=shuffle,", " shuffle=True,"),
    ),
    _mistake(
        "drop-last-not-passed-on",
        "Your loader never drops the last batch: `drop_last` is not passed on, and the DataLoader's own default is "
        "False.",
        (", drop_last=drop_last)", ")"),
    ),
    _mistake(
        "always-dropped",
        "Your loader drops the last batch also when `drop_last` is False. Pass the argument on.",
        (" drop_last=drop_last)", " drop_last=True)"),
    ),
    _mistake(
        "shuffle-and-drop-last-exchanged",
        "`shuffle` and `drop_last` have changed places in your call.",
        ("shuffle=shuffle, drop_last=drop_last)", "shuffle=drop_last, drop_last=shuffle)"),
    ),
    _mistake(
        "shuffle-twice",
        "Your `drop_last` depends on `shuffle`. They are two different things: a loader may shuffle and keep all "
        "windows.",
        ("drop_last=drop_last)", "drop_last=shuffle)"),
    ),
    _mistake(
        "batch-size-not-passed-on",
        "Your batches hold one window each: `batch_size` is not passed on, and the DataLoader's own default is 1.",
        (" batch_size=batch_size,", ""),
    ),
    _mistake(
        "fourth-by-position",
        "The fourth positional argument of DataLoader is `sampler`, so your `drop_last` ends up there. Pass the arguments "
        "by name.",
        (
            "dataset, batch_size=batch_size, shuffle=shuffle, drop_last=drop_last",
            "dataset, batch_size, shuffle, drop_last",
        ),
    ),
    _mistake(
        "stride-ignored",
        "Your windows lie side by side, whatever the stride: pass it on to the dataset.",
        ("(token_ids, context_length, stride)\n    return", "(token_ids, context_length, context_length)\n    return"),
    ),
    _mistake(
        "stride-of-one",
        "Your windows begin at every token, whatever the stride: pass it on to the dataset.",
        ("(token_ids, context_length, stride)\n    return", "(token_ids, context_length, 1)\n    return"),
    ),
    _mistake(
        "stride-and-context-exchanged",
        "Context length and stride have changed places when you make the dataset.",
        ("(token_ids, context_length, stride)\n    return", "(token_ids, stride, context_length)\n    return"),
    ),
    _mistake(
        "the-dataset-itself",
        "Your function returns the dataset: single windows, no batches. Wrap it in a DataLoader.",
        ("DataLoader(dataset, batch_size=batch_size, shuffle=shuffle, drop_last=drop_last)", "dataset"),
    ),
    _mistake(
        "an-iterator",
        "Your function returns an iterator, which is used up after one epoch. Return the loader: each `for` loop makes an "
        "iterator of its own.",
        (
            "return DataLoader(dataset, batch_size=batch_size, shuffle=shuffle, drop_last=drop_last)",
            "return iter(DataLoader(dataset, batch_size=batch_size, shuffle=shuffle, drop_last=drop_last))",
        ),
    ),
    _mistake(
        "pairs-not-stacked",
        "Your batches are lists of pairs. A batch is one pair of two tensors: all inputs stacked, all targets stacked. "
        "The DataLoader does that by itself when you give it no `collate_fn`.",
        ("drop_last=drop_last)", "drop_last=drop_last, collate_fn=list)"),
    ),
    _mistake(
        "tokens-shuffled",
        "You shuffled the tokens. That leaves no sentence to learn from; cut the windows first, then shuffle them.",
        (
            "    dataset =",
            "    if shuffle:\n        token_ids = [token_ids[i] for i in torch.randperm(len(token_ids))]\n    dataset =",
        ),
        (" shuffle=shuffle,", ""),
    ),
    _own_mistake(
        "shuffled-once",
        "You shuffle once, when the loader is made, so every epoch has the same order. The order is drawn anew at the "
        "begin of each epoch.",
        (
            "        self.windows, self.size",
            "        order = torch.randperm(len(windows)).tolist() if shuffle else range(len(windows))\n"
            "        windows = [windows[i] for i in order]\n        self.windows, self.size",
        ),
        (
            "torch.randperm(len(self.windows)) if self.shuffle else torch.arange(len(self.windows))",
            "torch.arange(len(self.windows))",
        ),
    ),
    _own_mistake(
        "torn-pairs",
        "Your inputs and your targets are shuffled apart, each in an order of its own. A window must stay with its "
        "answers.",
        (
            "            chosen = [self.windows[row] for row in rows]\n",
            "            chosen = [self.windows[row] for row in rows]\n"
            "            others = [chosen[i] for i in torch.randperm(len(chosen))] if self.shuffle else chosen\n",
        ),
        ("for _, y in chosen", "for _, y in others"),
    ),
    _own_mistake(
        "drawn-with-repetition",
        "Your batches are drawn with repetition: some windows come twice in an epoch, others not at all. Draw a "
        "permutation.",
        ("torch.randperm(len(self.windows))", "torch.randint(len(self.windows), (len(self.windows),))"),
    ),
    _own_mistake(
        "length-in-windows",
        "The length of your loader is the number of windows. It is the number of batches.",
        (
            "return len(self.windows) // self.size if self.drop_last else -(-len(self.windows) // self.size)",
            "return len(self.windows)",
        ),
        ("range(len(self)):", "range(len(self) // self.size if self.drop_last else -(-len(self) // self.size)):"),
    ),
]
