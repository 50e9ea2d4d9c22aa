"""Known mistakes of chapter 7: batches of rows of different lengths, and the instruction's mask."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- collate -------------------------------------------------------------------------------------------------------

_COLLATE_RIGHT = '''def collate(batch, pad_id, ignore_index=-100, max_length=None, device="cpu"):
    longest = max(len(item) for item in batch) + 1
    inputs_list, targets_list = [], []
    for item in batch:
        padded = item + [pad_id] * (longest - len(item))
        inputs = torch.tensor(padded[:-1])
        targets = torch.tensor(padded[1:])
        targets[len(item) - 1 :] = ignore_index
        if max_length is not None:
            inputs = inputs[:max_length]
            targets = targets[:max_length]
        inputs_list.append(inputs)
        targets_list.append(targets)
    return torch.stack(inputs_list).to(device), torch.stack(targets_list).to(device)
'''


def _collate(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "02_collate: Exercise 1: collate"
    return made_in(_COLLATE_RIGHT, "ch07/collate", name, explanation, *changes, see=see)


_MASKED = "        targets[len(item) - 1 :] = ignore_index\n"
_CUT = (
    "        if max_length is not None:\n            inputs = inputs[:max_length]\n            targets = targets[:max_length]\n"
)
_COLLATE = [
    _collate(
        "every-pad-masked",
        "You mask every target that is the padding's id, and with it the row's own end-of-text: the model would never "
        "learn to stop. Where the filling begins follows from the row's length.",
        (_MASKED, "        targets[targets == pad_id] = ignore_index\n"),
    ),
    _collate(
        "first-end-masked-too",
        "Your mask begins one place too early and takes the row's own last token out of the loss.",
        ("targets[len(item) - 1 :]", "targets[max(len(item) - 2, 0) :]"),
    ),
    _collate(
        "one-pad-counts",
        "Your mask begins one place too late: after the row's own end one token of filling still counts.",
        ("targets[len(item) - 1 :]", "targets[len(item) :]"),
    ),
    _collate(
        "nothing-masked",
        "Your filling counts: the model is trained to say end-of-text after end-of-text. The filling's targets are "
        "`ignore_index`.",
        (_MASKED, ""),
    ),
    _collate(
        "first-pad-value-kept",
        "You keep the first target that is the padding's id and mask the others. That is right only when each row ends "
        "with this id: a row that was cut, or another padding, breaks it. Count from the row's length.",
        (
            _MASKED,
            "        places = torch.nonzero(targets == pad_id).flatten()\n        targets[places[1:]] = ignore_index\n",
        ),
    ),
    _collate(
        "no-shift",
        "Your targets are the inputs themselves. At each place the target is the token that comes next.",
        ("targets = torch.tensor(padded[1:])", "targets = torch.tensor(padded[:-1])"),
        ("targets[len(item) - 1 :]", "targets[len(item) :]"),
    ),
    _collate(
        "shifted-twice",
        "Your targets are shifted by two places: they skip a token.",
        ("padded[1:])", "padded[2:] + [pad_id])"),
        ("targets[len(item) - 1 :]", "targets[max(len(item) - 2, 0) :]"),
    ),
    _collate(
        "shifted-backwards",
        "You have inputs and targets the wrong way round: the model would read a token and say the one before it.",
        ("torch.tensor(padded[:-1])", "torch.tensor(padded[1:])"),
        ("targets = torch.tensor(padded[1:])", "targets = torch.tensor(padded[:-1])"),
    ),
    _collate(
        "not-cut",
        "`max_length` changes nothing in your code: what is longer than the model's context would make it fail.",
        (_CUT, ""),
    ),
    _collate(
        "only-inputs-cut",
        "You cut the inputs and not the targets, so the two no longer fit.",
        ("            targets = targets[:max_length]\n", ""),
    ),
    _collate(
        "cut-before-the-shift",
        "You cut the rows before the targets are made, so the last input that is left has no target, though it is known. "
        "Cut both tensors at the end.",
        ("    longest = ", "    batch = [item[:max_length] for item in batch]\n    longest = "),
    ),
    _collate(
        "cut-at-the-front",
        "You keep the last `max_length` columns. The first ones stay.",
        ("inputs[:max_length]", "inputs[-max_length:]"),
        ("targets[:max_length]", "targets[-max_length:]"),
    ),
    _collate(
        "rows-grow",
        "`item += …` (like `append` and `extend`) changes the caller's rows, and they grow from epoch to epoch. "
        "`item + …` makes a new list.",
        (
            "        padded = item + [pad_id] * (longest - len(item))\n",
            "        length = len(item)\n        item += [pad_id] * (longest - len(item))\n        padded = item\n",
        ),
        ("targets[len(item) - 1 :]", "targets[length - 1 :]"),
    ),
    _collate(
        "one-column-too-few",
        "Your tensors lack a column: each token of the longest row is an input, its last one too.",
        (
            "    return torch.stack(inputs_list).to(device), torch.stack(targets_list).to(device)\n",
            "    return torch.stack(inputs_list)[:, :-1].to(device), torch.stack(targets_list)[:, :-1].to(device)\n",
        ),
    ),
    _collate(
        "one-column-too-many",
        "Your tensors have one column too many: it is all filling.",
        (") + 1", ") + 2"),
    ),
    _collate(
        "always-minus-100",
        "You wrote -100 into the code. The number is the argument `ignore_index`.",
        ("] = ignore_index", "] = -100"),
    ),
    _collate(
        "filled-up-with-zeros",
        "You fill up with 0 and not with `pad_id`.",
        ("[pad_id] *", "[0] *"),
    ),
    _collate(
        "filled-up-on-the-left",
        "You fill up on the left, so the real tokens stand at other positions and read the filling before them.",
        ("item + [pad_id] * (longest - len(item))", "[pad_id] * (longest - 1 - len(item)) + item + [pad_id]"),
        (_MASKED, "        targets[-1] = ignore_index\n        targets[: longest - 1 - len(item)] = ignore_index\n"),
    ),
    _collate(
        "inputs-masked",
        "You put `ignore_index` into the inputs. It is a target's value: as an input it is no token.",
        (_MASKED, _MASKED + "        inputs[len(item) :] = ignore_index\n"),
    ),
    _collate(
        "device-ignored",
        "Your tensors stay on the processor. Move both to `device`.",
        ("torch.stack(inputs_list).to(device), torch.stack(targets_list).to(device)", "torch.stack(inputs_list), torch.stack(targets_list)"),
    ),
    _collate(
        "end-added-to-each-row",
        "You add an end-of-text to each row, and the rows have their own: it would be learnt twice, and a row that was "
        "cut would seem to be over.",
        ("padded = item + [pad_id] * (longest - len(item))", "padded = item + [pad_id] + [pad_id] * (longest - 1 - len(item))"),
        ("targets[len(item) - 1 :]", "targets[len(item) :]"),
    ),
]  # fmt: skip

# --- mask_instruction ----------------------------------------------------------------------------------------------

_MASK_RIGHT = '''def mask_instruction(targets, prompt_lengths, ignore_index=-100):
    masked = targets.clone()
    for number, length in enumerate(prompt_lengths):
        masked[number, : max(length - 1, 0)] = ignore_index
    return masked
'''


def _mask(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = "02_collate: Exercise 2: mask the instruction"
    return made_in(_MASK_RIGHT, "ch07/mask-instruction", name, explanation, *changes, see=see)


_MASK = [
    _mask(
        "first-word-masked",
        "You mask one target too many: the first token of the answer, which is the most important one. A prompt of P "
        "tokens masks P - 1 targets, since targets are shifted by one.",
        ("max(length - 1, 0)", "length"),
    ),
    _mask(
        "last-prompt-token-counts",
        "You mask one target too few: the last token of the prompt still counts. A prompt of P tokens masks P - 1 targets.",
        ("max(length - 1, 0)", "max(length - 2, 0)"),
    ),
    _mask(
        "empty-prompt-masks-the-row",
        "With a prompt of no tokens your slice ends at -1, which means all but the last. Never let the end be negative.",
        ("max(length - 1, 0)", "length - 1"),
    ),
    _mask(
        "changed-in-place",
        "You write into the targets that were given. Make a copy first: `clone`.",
        ("targets.clone()", "targets"),
    ),
    _mask(
        "answer-masked",
        "You mask the answer and keep the prompt. It is the other way round.",
        ("masked[number, : max(length - 1, 0)]", "masked[number, max(length - 1, 0) :]"),
    ),
    _mask(
        "only-the-first-row",
        "Your `return` stands in the loop, so only the first row is masked.",
        ("    return masked", "        return masked"),
    ),
    _mask(
        "one-border-for-all",
        "You use the length of one row for all rows. Each row has its own border.",
        ("max(length - 1, 0)", "max(prompt_lengths[0] - 1, 0)"),
    ),
    _mask(
        "longest-prompt-for-all",
        "You mask as much as the longest prompt needs, in all rows. Each row has its own border.",
        ("max(length - 1, 0)", "max(max(prompt_lengths) - 1, 0)"),
    ),
    _mask(
        "columns-for-rows",
        "Your index has rows and columns swapped: the first index of `targets` is the row.",
        ("masked[number, : max(length - 1, 0)]", "masked[: max(length - 1, 0), number]"),
    ),
    _mask(
        "zero-for-ignored",
        "You set masked targets to 0, which is a token and counts. They become `ignore_index`.",
        ("] = ignore_index", "] = 0"),
    ),
    _mask(
        "always-minus-100",
        "You wrote -100 into the code. The number is the argument `ignore_index`.",
        ("] = ignore_index", "] = -100"),
    ),
    _mask(
        "only-one-place",
        "You mask a single place, not all before it: a slice is missing.",
        ("masked[number, : max(length - 1, 0)]", "masked[number, max(min(length, masked.shape[1]) - 2, 0)]"),
    ),
    _mask(
        "floats",
        "Your result has decimals: -inf or a division made it so. Targets are ids, of dtype torch.long.",
        ("return masked", "return masked.float()"),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_COLLATE, *_MASK]
