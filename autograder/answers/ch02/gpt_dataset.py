"""Answers to exercise 1 of 11_windows_and_embeddings: a dataset of windows."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="two-lists",
        description="All windows cut at the start, in two lists of tensors, as in the book.",
        code="""class GPTDataset(Dataset):
    def __init__(self, token_ids, context_length, stride):
        self.input_ids = []
        self.target_ids = []
        for i in range(0, len(token_ids) - context_length, stride):
            input_chunk = token_ids[i:i + context_length]
            target_chunk = token_ids[i + 1: i + context_length + 1]
            self.input_ids.append(torch.tensor(input_chunk))
            self.target_ids.append(torch.tensor(target_chunk))

    def __len__(self):
        return len(self.input_ids)

    def __getitem__(self, idx):
        return self.input_ids[idx], self.target_ids[idx]
""",
    ),
    Alternative(
        name="dictionary",
        description="Items are dictionaries; windows are cut when asked for, and counted by a formula.",
        code="""class GPTDataset(Dataset):
    def __init__(self, token_ids, context_length, stride):
        self.data = torch.LongTensor(token_ids)
        self.T, self.s = context_length, stride

    def __len__(self):
        room = len(self.data) - 1 - self.T
        return 0 if room < 0 else room // self.s + 1

    def __getitem__(self, i):
        if not 0 <= i < len(self):
            raise IndexError(f"window {i} of {len(self)}")
        at = i * self.s
        return {"inputs": self.data[at : at + self.T], "targets": self.data[at + 1 : at + 1 + self.T]}
""",
    ),
    Alternative(
        name="unfold",
        description="A view of all windows by unfold; items are lists.",
        code="""class GPTDataset(Dataset):
    def __init__(self, token_ids, context_length, stride):
        if len(token_ids) > context_length:
            self.rows = torch.tensor(token_ids).unfold(0, context_length + 1, stride)
        else:
            self.rows = torch.empty(0, context_length + 1, dtype=torch.long)

    def __len__(self):
        return self.rows.size(0)

    def __getitem__(self, index):
        return [self.rows[index, :-1], self.rows[index, 1:]]
""",
    ),
    Alternative(
        name="one-tensor-of-pairs",
        description="A while loop; each window one tensor of two rows, inputs and targets; no base class.",
        code="""class GPTDataset:
    def __init__(self, token_ids, context_length, stride):
        self.pairs = []
        start = 0
        while start + context_length < len(token_ids):
            chunk = torch.as_tensor(token_ids[start : start + context_length + 1])
            self.pairs.append(torch.stack([chunk[:-1], chunk[1:]]))
            start += stride

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, index):
        return self.pairs[index]
""",
    ),
    Alternative(
        name="numpy",
        description="numpy's sliding windows, and a named tuple.",
        code="""from collections import namedtuple

import numpy as np

Window = namedtuple("Window", "inputs targets")


class GPTDataset(Dataset):
    def __init__(self, token_ids, context_length, stride):
        ids = np.asarray(token_ids, dtype=np.int64)
        places = np.arange(0, max(0, len(ids) - context_length), stride)
        self.table = torch.from_numpy(ids[places[:, None] + np.arange(context_length + 1)])

    def __len__(self):
        return len(self.table)

    def __getitem__(self, index):
        row = self.table[index]
        return Window(inputs=row[:-1].clone(), targets=row[1:].clone())
""",
    ),
]

_RIGHT = """class GPTDataset(Dataset):
    def __init__(self, token_ids, context_length, stride):
        self.windows = []
        for start in range(0, len(token_ids) - context_length, stride):
            inputs = torch.tensor(token_ids[start : start + context_length])
            targets = torch.tensor(token_ids[start + 1 : start + context_length + 1])
            self.windows.append((inputs, targets))

    def __len__(self):
        return len(self.windows)

    def __getitem__(self, index):
        return self.windows[index]
"""

# Windows that are cut when they are asked for.
_LAZY_RIGHT = """class GPTDataset(Dataset):
    def __init__(self, token_ids, context_length, stride):
        self.ids = torch.tensor(token_ids, dtype=torch.long)
        self.length = context_length
        self.stride = stride

    def __len__(self):
        return max(0, (len(self.ids) - self.length + self.stride - 1) // self.stride)

    def __getitem__(self, index):
        if index >= len(self):
            raise IndexError(index)
        start = index * self.stride
        return self.ids[start : start + self.length], self.ids[start + 1 : start + self.length + 1]
"""

_SEE = "11_windows_and_embeddings: Exercise 1: a dataset of windows"
_mistake = partial(made_in, _RIGHT, see=_SEE)
_lazy_mistake = partial(made_in, _LAZY_RIGHT, see=_SEE)

MISTAKES = [
    _mistake(
        "no-shift",
        "Your targets are the inputs themselves. At each place the model must guess the token that comes next: the "
        "targets begin one token later.",
        ("token_ids[start + 1 : start + context_length + 1]", "token_ids[start : start + context_length]"),
    ),
    _mistake(
        "shifted-by-two",
        "Your targets begin two tokens after the inputs, so one token is skipped. They begin one later.",
        ("len(token_ids) - context_length,", "len(token_ids) - context_length - 1,"),
        ("token_ids[start + 1 : start + context_length + 1]", "token_ids[start + 2 : start + context_length + 2]"),
    ),
    _mistake(
        "shifted-backwards",
        "Your inputs and targets are exchanged in time: the inputs are one token later than the targets, so your model "
        "would learn to guess the past.",
        ("append((inputs, targets))", "append((targets, inputs))"),
    ),
    _mistake(
        "last-window-missing",
        "Your last window is missing when it just fits: it is whole as long as its last target is still a token of the "
        "text. Windows begin at all multiples of the stride below N - T.",
        ("len(token_ids) - context_length,", "len(token_ids) - context_length - 1,"),
    ),
    _mistake(
        "last-target-missing",
        "Your last window has its inputs, but one answer too few: a window needs T + 1 tokens, so it cannot begin "
        "at N - T.",
        ("len(token_ids) - context_length,", "len(token_ids) - context_length + 1,"),
    ),
    _mistake(
        "windows-to-the-very-end",
        "Your windows begin at places up to the end of the text, where fewer than T tokens are left. Only whole windows "
        "are wanted.",
        ("len(token_ids) - context_length,", "len(token_ids),"),
    ),
    _mistake(
        "last-window-filled-up",
        "You filled the last window up with zeros. Windows that would reach beyond the end of the text are not made; "
        "padding would be learned as if it were text.",
        (
            "        self.windows = []\n        for start in range(0, len(token_ids) - context_length, stride):",
            "        self.windows = []\n        count = len(token_ids)\n"
            "        token_ids = token_ids + [0] * (context_length + stride)\n"
            "        for start in range(0, count - 1, stride):",
        ),
    ),
    _mistake(
        "stride-ignored",
        "Your windows begin at every token, whatever the stride. Each begins `stride` tokens after the one before.",
        (" - context_length, stride):", " - context_length):"),
    ),
    _mistake(
        "stride-is-the-context",
        "Your windows lie side by side, whatever the stride: they begin `context_length` tokens apart rather than "
        "`stride`.",
        (" - context_length, stride):", " - context_length, context_length):"),
    ),
    _lazy_mistake(
        "stride-ignored-in-the-length",
        "Your `__len__` counts a window at every token; it forgets the stride. A loader would then ask for windows that "
        "do not exist.",
        (" + self.stride - 1) // self.stride)", "))"),
    ),
    _lazy_mistake(
        "stride-ignored-in-the-item",
        "Your `__getitem__` begins window i at token i. It begins at i times the stride.",
        ("start = index * self.stride", "start = index"),
    ),
    _lazy_mistake(
        "length-rounded-down",
        "Your `__len__` rounds down. Windows begin at 0, s, 2s, … below N - T, and the number of these is (N - T) / s "
        "rounded up.",
        (" + self.stride - 1) // self.stride)", ") // self.stride)"),
    ),
    _lazy_mistake(
        "length-plus-one",
        "Your `__len__` counts one window too many when the stride divides N - T: there the last window would have no "
        "last target.",
        (" + self.stride - 1) // self.stride)", ") // self.stride + 1)"),
    ),
    _lazy_mistake(
        "length-in-tokens",
        "Your `__len__` gives the number of tokens. The length of a dataset is its number of items, here of windows.",
        ("max(0, (len(self.ids) - self.length + self.stride - 1) // self.stride)", "len(self.ids)"),
    ),
    _lazy_mistake(
        "negative-length",
        "Your `__len__` is negative for a text that is shorter than the context, which Python refuses. Such a text has "
        "no window: the length is 0.",
        (
            "max(0, (len(self.ids) - self.length + self.stride - 1) // self.stride)",
            "(len(self.ids) - self.length + self.stride - 1) // self.stride",
        ),
    ),
    _lazy_mistake(
        "no-index-error",
        "Your `__getitem__` raises no IndexError after the last window: a slice of a tensor just becomes shorter, and a "
        "`for` loop over your dataset never ends. Compare the index with the length first.",
        ("        if index >= len(self):\n            raise IndexError(index)\n", ""),
    ),
    _mistake(
        "one-target-per-window",
        "Your target is the one token after the window. A GPT is trained at all places at once, so a window of T inputs "
        "has T targets.",
        ("token_ids[start + 1 : start + context_length + 1]", "token_ids[start + context_length]"),
    ),
    _mistake(
        "inputs-one-too-long",
        "Your inputs hold T + 1 tokens, the last answer included. The inputs are the first T of them, the targets the "
        "last T.",
        ("token_ids[start : start + context_length]", "token_ids[start : start + context_length + 1]"),
    ),
    _mistake(
        "windows-one-too-short",
        "Your windows hold T - 1 tokens: you cut T tokens and made inputs and targets out of these. It takes T + 1 "
        "tokens for T inputs and T targets.",
        ("token_ids[start : start + context_length]", "token_ids[start : start + context_length - 1]"),
        ("token_ids[start + 1 : start + context_length + 1]", "token_ids[start + 1 : start + context_length]"),
    ),
    _mistake(
        "lists-for-tensors",
        "Your items hold lists. Make them tensors, or the loader cannot stack them: it would transpose the batch.",
        ("torch.tensor(token_ids[start : start + context_length])", "token_ids[start : start + context_length]"),
        (
            "torch.tensor(token_ids[start + 1 : start + context_length + 1])",
            "token_ids[start + 1 : start + context_length + 1]",
        ),
    ),
    _mistake(
        "floats",
        "Your ids are floating-point numbers. An id names a row of a table: embeddings and losses want torch.long.",
        ("start + context_length])", "start + context_length], dtype=torch.float32)"),
        ("context_length + 1])", "context_length + 1], dtype=torch.float32)"),
    ),
    _mistake(
        "only-the-inputs",
        "Your items are the inputs alone. An item is a pair: inputs and targets.",
        ("return self.windows[index]", "return self.windows[index][0]"),
    ),
    _mistake(
        "shared-between-datasets",
        "Your list of windows belongs to the class, so all datasets put their windows into the same list. Make the list "
        "in `__init__`, as an attribute of `self`.",
        (
            "    def __init__(self, token_ids, context_length, stride):\n        self.windows = []\n",
            "    windows = []\n\n    def __init__(self, token_ids, context_length, stride):\n",
        ),
    ),
]
