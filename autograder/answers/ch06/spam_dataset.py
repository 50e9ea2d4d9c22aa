"""Answers to exercise 3 of 01_data: SpamDataset."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
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

_RIGHT = """class SpamDataset(Dataset):
    def __init__(self, rows, tokenizer, pad_id, max_length=None):
        lists = [tokenizer.encode_ordinary(row["text"]) or [pad_id] for row in rows]
        self.max_length = max(len(ids) for ids in lists) if max_length is None else max_length
        lists = [ids[: self.max_length] for ids in lists]
        self.counts = [len(ids) for ids in lists]
        self.table = torch.tensor([ids + [pad_id] * (self.max_length - len(ids)) for ids in lists])
        self.classes = [LABELS.index(row["label"]) for row in rows]

    def __len__(self):
        return len(self.classes)

    def __getitem__(self, index):
        return self.table[index], self.counts[index], self.classes[index]
"""

_mistake = partial(made_in, _RIGHT, see="01_data: Exercise 3: SpamDataset")

_OWN_LENGTH = "max(len(ids) for ids in lists) if max_length is None else max_length"

MISTAKES = [
    _mistake(
        "length-from-the-test-set",
        "You take the length from the rows at hand even where `max_length` is given. So the test set decides on its own "
        "length, and the model is asked at positions it was never trained on.",
        (_OWN_LENGTH, "max(len(ids) for ids in lists)"),
    ),
    _mistake(
        "shorter-than-told",
        "Where all messages are shorter than `max_length`, your inputs are shorter too. They always have `max_length` ids.",
        (_OWN_LENGTH, "min(max(len(ids) for ids in lists), max_length or 10**9)"),
    ),
    _mistake(
        "longer-than-told",
        "Where a message is longer than `max_length`, you take its length in place of the one that was given. What is too "
        "long is cut.",
        (_OWN_LENGTH, "max(max(len(ids) for ids in lists), max_length or 0)"),
    ),
    _mistake(
        "too-long-not-truncated",
        "Messages longer than `max_length` are not cut, so the rows have different lengths and do not fit into one tensor.",
        ("        lists = [ids[: self.max_length] for ids in lists]\n", ""),
    ),
    _mistake(
        "beginning-cut-off",
        "You keep the end of long messages. The statement keeps the beginning.",
        ("ids[: self.max_length]", "ids[-self.max_length :]"),
    ),
    _mistake(
        "last-real-token-trimmed",
        "You cut one token too early: of a message of exactly `max_length` tokens the last one is lost.",
        ("ids[: self.max_length]", "ids[: max(1, self.max_length - 1)]"),
    ),
    _mistake(
        "longest-message-trimmed",
        "Without `max_length` your inputs are one token shorter than the longest message.",
        ("max(len(ids) for ids in lists) if", "max(1, max(len(ids) for ids in lists) - 1) if"),
    ),
    _mistake(
        "length-in-characters",
        "You take the length of the longest text in characters. It is counted in tokens.",
        ("max(len(ids) for ids in lists) if", 'max(1, *(len(row["text"]) for row in rows), 1) if'),
    ),
    _mistake(
        "padding-on-the-left",
        "You pad on the left. The statement pads on the right: then every message begins at position 0, as in pre-training.",
        ("ids + [pad_id] * (self.max_length - len(ids))", "[pad_id] * (self.max_length - len(ids)) + ids"),
    ),
    _mistake(
        "zero-for-padding",
        "You pad with 0, which is the id of some token. Pad with `pad_id`.",
        ("ids + [pad_id] *", "ids + [0] *"),
    ),
    _mistake(
        "length-before-truncation",
        "Your length counts the tokens before truncation, so for long messages it points behind the end of the input.",
        (
            "        lists = [ids[: self.max_length] for ids in lists]\n        self.counts = [len(ids) for ids in lists]\n",
            "        self.counts = [len(ids) for ids in lists]\n        lists = [ids[: self.max_length] for ids in lists]\n",
        ),
    ),
    _mistake(
        "length-with-padding",
        "Your length is that of the padded input, the same for all. It should count the real tokens.",
        ("self.counts = [len(ids) for ids in lists]", "self.counts = [self.max_length for ids in lists]"),
    ),
    _mistake(
        "last-index-for-length",
        "You give the index of the last token. The length is one more: a message of three tokens has length 3.",
        ("self.counts = [len(ids) for ids in lists]", "self.counts = [len(ids) - 1 for ids in lists]"),
    ),
    _mistake(
        "padding-counted-by-its-id",
        "You count the ids that are not the padding id. A message may contain that id: count before you pad.",
        (
            "self.counts = [len(ids) for ids in lists]",
            "self.counts = [max(1, sum(i != pad_id for i in ids)) for ids in lists]",
        ),
    ),
    _mistake(
        "empty-has-length-zero",
        "An empty message has length 0 in your dataset, and then there is no token to read. It consists of one padding token "
        "and has length 1.",
        (" or [pad_id] for row in rows]", " for row in rows]"),
    ),
    _mistake(
        "labels-exchanged",
        "Ham is 0 and spam is 1, as in `LABELS`; yours are exchanged.",
        ('LABELS.index(row["label"])', '1 - LABELS.index(row["label"])'),
    ),
    _mistake(
        "label-as-text",
        "Your label is a text. A loss needs its number: `LABELS.index(...)`.",
        ('LABELS.index(row["label"])', 'row["label"]'),
    ),
    _mistake(
        "special-tokens-crash",
        "`encode` refuses a text in which a special token is written out, so a single message can stop your program. Use "
        "`encode_ordinary`.",
        ("tokenizer.encode_ordinary(", "tokenizer.encode("),
    ),
    _mistake(
        "special-tokens-allowed",
        "You let a message contain real special tokens: its sender can write control signs into your model. Use "
        "`encode_ordinary`.",
        ('tokenizer.encode_ordinary(row["text"])', 'tokenizer.encode(row["text"], allowed_special="all")'),
    ),
    _mistake(
        "rows-sorted",
        "You sort the messages and not the labels, so that they no longer belong together.",
        (
            "        lists = [ids[: self.max_length] for ids in lists]\n",
            "        lists = sorted((ids[: self.max_length] for ids in lists), key=len, reverse=True)\n",
        ),
    ),
    _mistake(
        "padded-again-at-each-look",
        "You pad the list that you keep, so the second look at a message finds it longer than the first. Pad a copy, or pad once, in `__init__`.",
        (
            "        self.counts = [len(ids) for ids in lists]\n        self.table = torch.tensor([ids + [pad_id] * "
            "(self.max_length - len(ids)) for ids in lists])\n",
            "        self.table, self.pad_id = lists, pad_id\n",
        ),
        (
            "        return self.table[index], self.counts[index], self.classes[index]",
            "        ids = self.table[index]\n        count = len(ids)\n        ids += [self.pad_id] * (self.max_length -"
            " count)\n        return torch.tensor(ids), count, self.classes[index]",
        ),
    ),
]
