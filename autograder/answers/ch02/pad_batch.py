"""Answers to exercise 3 of 03_special_tokens: one rectangle for many lengths."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="pad-sequence",
        description="torch's own pad_sequence, for the ids and for the mask.",
        code="""def pad_batch(sequences, pad_id, max_length=None):
    rows = [torch.tensor(s[:max_length], dtype=torch.long) for s in sequences]
    ids = nn_utils.pad_sequence(rows, batch_first=True, padding_value=pad_id)
    mask = nn_utils.pad_sequence([torch.ones_like(row, dtype=torch.bool) for row in rows], batch_first=True)
    return ids, mask

from torch.nn.utils import rnn as nn_utils
""",
    ),
    Alternative(
        name="lists",
        description="Lists filled up, tensors at the end.",
        code="""def pad_batch(sequences, pad_id, max_length=None):
    cut = [list(s) if max_length is None else list(s)[:max_length] for s in sequences]
    T = max(map(len, cut))
    ids = [s + [pad_id] * (T - len(s)) for s in cut]
    mask = [[True] * len(s) + [False] * (T - len(s)) for s in cut]
    return torch.tensor(ids), torch.tensor(mask)
""",
    ),
    Alternative(
        name="compare-positions",
        description="The mask by comparing positions with lengths, for all rows at once.",
        code="""def pad_batch(sequences, pad_id, max_length=None):
    limit = float("inf") if max_length is None else max_length
    lengths = torch.tensor([min(len(s), limit) for s in sequences], dtype=torch.long)
    mask = torch.arange(int(lengths.max())) < lengths.unsqueeze(1)
    ids = torch.full(mask.shape, pad_id, dtype=torch.long)
    ids[mask] = torch.tensor([token for s, n in zip(sequences, lengths.tolist()) for token in s[:n]], dtype=torch.long)
    return [ids, mask]
""",
    ),
]

_RIGHT = """def pad_batch(sequences, pad_id, max_length=None):
    kept = [sequence[:max_length] for sequence in sequences]
    longest = max(len(sequence) for sequence in kept)
    ids = torch.full((len(kept), longest), pad_id)
    mask = torch.zeros(len(kept), longest, dtype=torch.bool)
    for row, sequence in enumerate(kept):
        end = len(sequence)
        ids[row, :end] = torch.tensor(sequence, dtype=torch.int64)
        mask[row, :end] = True
    return ids, mask
"""

_mistake = partial(made_in, _RIGHT, see="03_special_tokens: Exercise 3: one rectangle for many lengths")

MISTAKES = [
    _mistake(
        "filled-in-front",
        "Your filling stands in front of the text. Here it stands behind it.",
        ("ids[row, :end]", "ids[row, longest - end :]"),
        ("mask[row, :end]", "mask[row, longest - end :]"),
    ),
    _mistake(
        "mask-from-the-ids",
        "Your mask compares ids with the pad id, so a real token that has that id counts as filling. Make the mask from the lengths.",
        ("return ids, mask", "return ids, ids != pad_id"),
    ),
    _mistake(
        "mask-turned-over",
        "Your mask is True where the filling is. Here True means a real token.",
        ("return ids, mask", "return ids, ~mask"),
    ),
    _mistake(
        "mask-of-numbers",
        "Your mask holds numbers. Let it hold truth values, `dtype=torch.bool`; with 0 and 1, `~mask` and indexing would mean something else.",
        ("return ids, mask", "return ids, mask.float()"),
    ),
    _mistake(
        "filled-with-zero",
        "Your filling is always 0. It is `pad_id`, which may be any id.",
        ("pad_id)\n    mask", "0)\n    mask"),
    ),
    _mistake(
        "never-cut",
        "Your function forgets `max_length`. Longer texts keep their first `max_length` tokens.",
        ("sequence[:max_length]", "sequence"),
    ),
    _mistake(
        "last-tokens-kept",
        "Your cut keeps the last tokens. A text that is too long keeps its first ones.",
        ("sequence[:max_length]", "sequence[-max_length:] if max_length else sequence"),
    ),
    _mistake(
        "filled-to-the-limit",
        "Your rectangle always has `max_length` columns. It is as wide as the longest text after the cut, so that no column is all filling.",
        ("    ids = torch", "    longest = max_length or longest\n    ids = torch"),
    ),
    _mistake(
        "longest-before-the-cut",
        "Your rectangle is as wide as the longest text before the cut. Cut first, then find the longest.",
        ("for sequence in kept)", "for sequence in sequences)"),
    ),
    _mistake(
        "one-token-too-few",
        "Your cut keeps one token less than `max_length` allows.",
        ("sequence[:max_length]", "sequence[: max_length - 1] if max_length else sequence"),
    ),
    _mistake(
        "floats",
        "Your ids are floating-point numbers. An embedding table wants whole numbers: int64.",
        ("(len(kept), longest), pad_id)", "(len(kept), longest), float(pad_id))"),
    ),
    _mistake(
        "texts-filled-in-place",
        "Your function appends the filling to the lists that it was given. They belong to the caller: work on copies.",
        (
            "    return ids",
            "    for row in sequences:\n        row.extend([pad_id] * (longest - len(row)))\n    return ids",
        ),
    ),
    _mistake(
        "first-text-decides",
        "Your rectangle is as wide as the first text. It must hold the longest one.",
        ("max(len(sequence) for sequence in kept)", "len(kept[0])"),
    ),
    _mistake(
        "mask-forgotten",
        "Your function returns the ids only. Return the mask as well: `return ids, mask`.",
        ("return ids, mask", "return ids"),
    ),
    _mistake(
        "one-place-more",
        "Your mask counts one filling place as real. A text of n tokens has n real places, 0 to n - 1.",
        ("mask[row, :end]", "mask[row, : end + 1]"),
    ),
]
