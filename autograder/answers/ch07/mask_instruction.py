"""Answers to exercise 2 of 02_collate: mask the instruction."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="clone-and-loop",
        description="A copy and a loop over the rows.",
        code="""def mask_instruction(targets, prompt_lengths, ignore_index=-100):
    out = targets.clone()
    for i, p in enumerate(prompt_lengths):
        if p > 1:
            out[i, : p - 1] = ignore_index
    return out
""",
    ),
    Alternative(
        name="where",
        description="Broadcast comparison and torch.where.",
        code="""def mask_instruction(targets, prompt_lengths, ignore_index=-100):
    B, T = targets.shape
    place = torch.arange(T).repeat(B, 1)
    is_answer = place >= torch.as_tensor(prompt_lengths).reshape(B, 1) - 1
    return torch.where(is_answer, targets, torch.full_like(targets, ignore_index))
""",
    ),
    Alternative(
        name="plain-lists",
        description="Rows as lists, rebuilt.",
        code="""def mask_instruction(targets, prompt_lengths, ignore_index=-100):
    rows = []
    for row, p in zip(targets.tolist(), prompt_lengths):
        k = min(max(p - 1, 0), len(row))
        rows.append([ignore_index] * k + row[k:])
    return torch.tensor(rows, dtype=targets.dtype, device=targets.device)
""",
    ),
    Alternative(
        name="joined-pieces",
        description="Each row from two pieces, cat and stack.",
        code="""def mask_instruction(targets, prompt_lengths, ignore_index=-100):
    width = targets.shape[1]
    rows = []
    for row, p in zip(targets, prompt_lengths):
        hidden = sorted((0, p - 1, width))[1]
        rows.append(torch.cat([row.new_full((hidden,), ignore_index), row[hidden:]]))
    return torch.stack(rows)
""",
    ),
]

_RIGHT = """def mask_instruction(targets, prompt_lengths, ignore_index=-100):
    masked = targets.clone()
    for number, length in enumerate(prompt_lengths):
        masked[number, : max(length - 1, 0)] = ignore_index
    return masked
"""

_mistake = partial(made_in, _RIGHT, see="02_collate: Exercise 2: mask the instruction")

MISTAKES = [
    _mistake(
        "first-word-masked",
        "You mask one target too many: the first token of the answer, which is the most important one. A prompt of P "
        "tokens masks P - 1 targets, since targets are shifted by one.",
        ("max(length - 1, 0)", "length"),
    ),
    _mistake(
        "last-prompt-token-counts",
        "You mask one target too few: the last token of the prompt still counts. A prompt of P tokens masks P - 1 targets.",
        ("max(length - 1, 0)", "max(length - 2, 0)"),
    ),
    _mistake(
        "empty-prompt-masks-the-row",
        "With a prompt of no tokens your slice ends at -1, which means all but the last. Never let the end be negative.",
        ("max(length - 1, 0)", "length - 1"),
    ),
    _mistake(
        "changed-in-place",
        "You write into the targets that were given. Make a copy first: `clone`.",
        ("targets.clone()", "targets"),
    ),
    _mistake(
        "answer-masked",
        "You mask the answer and keep the prompt. It should be the other way round.",
        ("masked[number, : max(length - 1, 0)]", "masked[number, max(length - 1, 0) :]"),
    ),
    _mistake(
        "only-the-first-row",
        "Your `return` stands in the loop, so only the first row is masked.",
        ("    return masked", "        return masked"),
    ),
    _mistake(
        "one-border-for-all",
        "You use the length of one row for all rows. Each row has its own border.",
        ("max(length - 1, 0)", "max(prompt_lengths[0] - 1, 0)"),
    ),
    _mistake(
        "longest-prompt-for-all",
        "You mask as much as the longest prompt needs, in all rows. Each row has its own border.",
        ("max(length - 1, 0)", "max(max(prompt_lengths) - 1, 0)"),
    ),
    _mistake(
        "columns-for-rows",
        "Your index has rows and columns swapped: the first index of `targets` is the row.",
        ("masked[number, : max(length - 1, 0)]", "masked[: max(length - 1, 0), number]"),
    ),
    _mistake(
        "zero-for-ignored",
        "You set masked targets to 0, which is a token and counts. They become `ignore_index`.",
        ("] = ignore_index", "] = 0"),
    ),
    _mistake(
        "always-minus-100",
        "You wrote -100 into the code. The number is the argument `ignore_index`.",
        ("] = ignore_index", "] = -100"),
    ),
    _mistake(
        "only-one-place",
        "You mask a single place, not all before it: a slice is missing.",
        ("masked[number, : max(length - 1, 0)]", "masked[number, max(min(length, masked.shape[1]) - 2, 0)]"),
    ),
    _mistake(
        "floats",
        "Your result has decimals: -inf or a division made it so. Targets are ids, of dtype torch.long.",
        ("return masked", "return masked.float()"),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "lengths = torch.tensor(prompt_lengths, device=targets.device)",
        "keyword device dropped",
        "On a CPU there is one device only.",
    ),
    Equivalent(
        "following = torch.arange(targets.shape[1], device=targets.device) + 1",
        "keyword device dropped",
        "On a CPU there is one device only.",
    ),
]
