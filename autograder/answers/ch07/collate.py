"""Answers to exercise 1 of 02_collate: collate."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="longest-plus-one",
        description="Each row filled up to the longest plus one, shifted, masked by its length, stacked.",
        code="""def collate(batch, pad_id, ignore_index=-100, max_length=None, device="cpu"):
    batch_max_length = max(len(item) + 1 for item in batch)
    inputs_lst, targets_lst = [], []
    for item in batch:
        padded = item.copy() + [pad_id] * (batch_max_length - len(item))
        inputs = torch.tensor(padded[:-1])
        targets = torch.tensor(padded[1:])
        places = torch.arange(len(targets))
        targets[places >= len(item) - 1] = ignore_index
        if max_length is not None:
            inputs, targets = inputs[:max_length], targets[:max_length]
        inputs_lst.append(inputs)
        targets_lst.append(targets)
    return torch.stack(inputs_lst).to(device), torch.stack(targets_lst).to(device)
""",
    ),
    Alternative(
        name="pad-sequence",
        description="pad_sequence twice, once with the padding and once with the ignored number.",
        code="""from torch.nn.utils.rnn import pad_sequence


def collate(batch, pad_id, ignore_index=-100, max_length=None, device="cpu"):
    rows = [torch.tensor(ids, dtype=torch.long) for ids in batch]
    nothing = torch.tensor([ignore_index])
    x = pad_sequence(rows, batch_first=True, padding_value=pad_id)
    y = pad_sequence([torch.cat([r[1:], nothing]) for r in rows], batch_first=True, padding_value=ignore_index)
    if max_length:
        x, y = x.narrow(1, 0, min(max_length, x.shape[1])), y.narrow(1, 0, min(max_length, y.shape[1]))
    return x.to(device), y.to(device)
""",
    ),
    Alternative(
        name="lists-and-zip-longest",
        description="Plain lists; zip_longest fills up the columns.",
        code="""from itertools import zip_longest


def collate(batch, pad_id, ignore_index=-100, max_length=None, device="cpu"):
    columns = list(zip_longest(*batch, fillvalue=pad_id))
    answers = list(zip_longest(*[row[1:] + [ignore_index] for row in batch], fillvalue=ignore_index))
    x = torch.tensor(columns, device=device).T[:, :max_length].contiguous()
    y = torch.tensor(answers, device=device).T[:, :max_length].contiguous()
    return [x, y]
""",
    ),
    Alternative(
        name="vectorised",
        description="All ids in one flat tensor, put in place by a mask; the targets by rolling the inputs.",
        code="""def collate(batch, pad_id, ignore_index=-100, max_length=None, device="cpu"):
    lengths = torch.tensor([len(row) for row in batch])
    width = int(lengths.max())
    places = torch.arange(width).expand(len(batch), width)
    inputs = torch.full((len(batch), width), pad_id, dtype=torch.long)
    inputs[places < lengths[:, None]] = torch.tensor(sum(batch, []), dtype=torch.long)
    targets = torch.where(places < lengths[:, None] - 1, inputs.roll(-1, dims=1), ignore_index)
    if max_length is not None:
        inputs, targets = inputs[:, :max_length], targets[:, :max_length]
    return inputs.to(device), targets.to(device)
""",
    ),
    Alternative(
        name="padding-of-torch",
        description="F.pad row by row, straight on the device.",
        code="""def collate(batch, pad_id, ignore_index=-100, max_length=None, device="cpu"):
    n = max(map(len, batch))
    xs, ys = [], []
    for row in batch:
        ids = torch.as_tensor(row, device=device)
        xs.append(F.pad(ids, (0, n - len(ids)), value=pad_id))
        ys.append(F.pad(ids[1:], (0, n - len(ids) + 1), value=ignore_index))
    stop = n if max_length is None else max_length
    return torch.stack(xs)[..., :stop], torch.stack(ys)[..., :stop]
""",
    ),
]

_RIGHT = """def collate(batch, pad_id, ignore_index=-100, max_length=None, device="cpu"):
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
"""

_mistake = partial(made_in, _RIGHT, see="02_collate: Exercise 1: collate")

_MASKED = "        targets[len(item) - 1 :] = ignore_index\n"
_CUT = "        if max_length is not None:\n            inputs = inputs[:max_length]\n            targets = targets[:max_length]\n"
MISTAKES = [
    _mistake(
        "every-pad-masked",
        "You mask every target that is the padding's id, and with it the row's own end-of-text: the model would never "
        "learn to stop. Where the filling begins follows from the row's length.",
        (_MASKED, "        targets[targets == pad_id] = ignore_index\n"),
    ),
    _mistake(
        "first-end-masked-too",
        "Your mask begins one place too early and takes the row's own last token out of the loss.",
        ("targets[len(item) - 1 :]", "targets[max(len(item) - 2, 0) :]"),
    ),
    _mistake(
        "one-pad-counts",
        "Your mask begins one place too late: after the row's own end one token of filling still counts.",
        ("targets[len(item) - 1 :]", "targets[len(item) :]"),
    ),
    _mistake(
        "nothing-masked",
        "Your filling counts: the model is trained to say end-of-text after end-of-text. The filling's targets are "
        "`ignore_index`.",
        (_MASKED, ""),
    ),
    _mistake(
        "first-pad-value-kept",
        "You keep the first target that is the padding's id and mask the others. That is right only when each row ends "
        "with this id: a row that was cut, or another padding, breaks it. Count from the row's length.",
        (
            _MASKED,
            "        places = torch.nonzero(targets == pad_id).flatten()\n        targets[places[1:]] = ignore_index\n",
        ),
    ),
    _mistake(
        "no-shift",
        "Your targets are the inputs themselves. At each place the target is the token that comes next.",
        ("targets = torch.tensor(padded[1:])", "targets = torch.tensor(padded[:-1])"),
        ("targets[len(item) - 1 :]", "targets[len(item) :]"),
    ),
    _mistake(
        "shifted-twice",
        "Your targets are shifted by two places: they skip a token.",
        ("padded[1:])", "padded[2:] + [pad_id])"),
        ("targets[len(item) - 1 :]", "targets[max(len(item) - 2, 0) :]"),
    ),
    _mistake(
        "shifted-backwards",
        "Your inputs and targets are swapped: the model would read a token and predict the one before it.",
        ("torch.tensor(padded[:-1])", "torch.tensor(padded[1:])"),
        ("targets = torch.tensor(padded[1:])", "targets = torch.tensor(padded[:-1])"),
    ),
    _mistake(
        "not-cut",
        "`max_length` changes nothing in your code: what is longer than the model's context would make it fail.",
        (_CUT, ""),
    ),
    _mistake(
        "only-inputs-cut",
        "You cut the inputs and not the targets, so the two no longer fit.",
        ("            targets = targets[:max_length]\n", ""),
    ),
    _mistake(
        "cut-before-the-shift",
        "You cut the rows before the targets are made, so the last input that is left has no target, though it is known. "
        "Cut both tensors at the end.",
        ("    longest = ", "    batch = [item[:max_length] for item in batch]\n    longest = "),
    ),
    _mistake(
        "cut-at-the-front",
        "You keep the last `max_length` columns. The first ones stay.",
        ("inputs[:max_length]", "inputs[-max_length:]"),
        ("targets[:max_length]", "targets[-max_length:]"),
    ),
    _mistake(
        "rows-grow",
        "`item += …` (like `append` and `extend`) changes the caller's rows, and they grow from epoch to epoch. "
        "`item + …` makes a new list.",
        (
            "        padded = item + [pad_id] * (longest - len(item))\n",
            "        length = len(item)\n        item += [pad_id] * (longest - len(item))\n        padded = item\n",
        ),
        ("targets[len(item) - 1 :]", "targets[length - 1 :]"),
    ),
    _mistake(
        "one-column-too-few",
        "Your tensors lack a column: each token of the longest row is an input, its last one too.",
        (
            "    return torch.stack(inputs_list).to(device), torch.stack(targets_list).to(device)\n",
            "    return torch.stack(inputs_list)[:, :-1].to(device), torch.stack(targets_list)[:, :-1].to(device)\n",
        ),
    ),
    _mistake(
        "one-column-too-many",
        "Your tensors have one column too many: it is all filling.",
        (") + 1", ") + 2"),
    ),
    _mistake(
        "always-minus-100",
        "You wrote -100 into the code. The number is the argument `ignore_index`.",
        ("] = ignore_index", "] = -100"),
    ),
    _mistake(
        "filled-up-with-zeros",
        "You fill up with 0 and not with `pad_id`.",
        ("[pad_id] *", "[0] *"),
    ),
    _mistake(
        "filled-up-on-the-left",
        "You fill up on the left, so the real tokens stand at other positions and read the filling before them.",
        ("item + [pad_id] * (longest - len(item))", "[pad_id] * (longest - 1 - len(item)) + item + [pad_id]"),
        (_MASKED, "        targets[-1] = ignore_index\n        targets[: longest - 1 - len(item)] = ignore_index\n"),
    ),
    _mistake(
        "inputs-masked",
        "You put `ignore_index` into the inputs. It is a target's value: as an input it is no token.",
        (_MASKED, _MASKED + "        inputs[len(item) :] = ignore_index\n"),
    ),
    _mistake(
        "device-ignored",
        "Your tensors stay on the processor. Move both to `device`.",
        (
            "torch.stack(inputs_list).to(device), torch.stack(targets_list).to(device)",
            "torch.stack(inputs_list), torch.stack(targets_list)",
        ),
    ),
    _mistake(
        "end-added-to-each-row",
        "You add an end-of-text to each row, and the rows have their own: it would be learnt twice, and a row that was "
        "cut would seem to be over.",
        (
            "padded = item + [pad_id] * (longest - len(item))",
            "padded = item + [pad_id] + [pad_id] * (longest - 1 - len(item))",
        ),
        ("targets[len(item) - 1 :]", "targets[len(item) :]"),
    ),
]
