"""Right answers in other styles of chapter 7: batches of rows of different lengths, and the instruction's mask."""

from __future__ import annotations

from autograder.catalogue import Alternative

_COLLATE = [
    Alternative(
        exercise="ch07/collate",
        name="longest-plus-one",
        description="Each row filled up to the longest plus one, shifted, masked by its length, stacked.",
        code='''def collate(batch, pad_id, ignore_index=-100, max_length=None, device="cpu"):
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
''',
    ),
    Alternative(
        exercise="ch07/collate",
        name="pad-sequence",
        description="pad_sequence twice, once with the padding and once with the ignored number.",
        code='''from torch.nn.utils.rnn import pad_sequence


def collate(batch, pad_id, ignore_index=-100, max_length=None, device="cpu"):
    rows = [torch.tensor(ids, dtype=torch.long) for ids in batch]
    nothing = torch.tensor([ignore_index])
    x = pad_sequence(rows, batch_first=True, padding_value=pad_id)
    y = pad_sequence([torch.cat([r[1:], nothing]) for r in rows], batch_first=True, padding_value=ignore_index)
    if max_length:
        x, y = x.narrow(1, 0, min(max_length, x.shape[1])), y.narrow(1, 0, min(max_length, y.shape[1]))
    return x.to(device), y.to(device)
''',
    ),
    Alternative(
        exercise="ch07/collate",
        name="lists-and-zip-longest",
        description="Plain lists; zip_longest fills up the columns.",
        code='''from itertools import zip_longest


def collate(batch, pad_id, ignore_index=-100, max_length=None, device="cpu"):
    columns = list(zip_longest(*batch, fillvalue=pad_id))
    answers = list(zip_longest(*[row[1:] + [ignore_index] for row in batch], fillvalue=ignore_index))
    x = torch.tensor(columns, device=device).T[:, :max_length].contiguous()
    y = torch.tensor(answers, device=device).T[:, :max_length].contiguous()
    return [x, y]
''',
    ),
    Alternative(
        exercise="ch07/collate",
        name="vectorised",
        description="All ids in one flat tensor, put in place by a mask; the targets by rolling the inputs.",
        code='''def collate(batch, pad_id, ignore_index=-100, max_length=None, device="cpu"):
    lengths = torch.tensor([len(row) for row in batch])
    width = int(lengths.max())
    places = torch.arange(width).expand(len(batch), width)
    inputs = torch.full((len(batch), width), pad_id, dtype=torch.long)
    inputs[places < lengths[:, None]] = torch.tensor(sum(batch, []), dtype=torch.long)
    targets = torch.where(places < lengths[:, None] - 1, inputs.roll(-1, dims=1), ignore_index)
    if max_length is not None:
        inputs, targets = inputs[:, :max_length], targets[:, :max_length]
    return inputs.to(device), targets.to(device)
''',
    ),
    Alternative(
        exercise="ch07/collate",
        name="padding-of-torch",
        description="F.pad row by row, straight on the device.",
        code='''def collate(batch, pad_id, ignore_index=-100, max_length=None, device="cpu"):
    n = max(map(len, batch))
    xs, ys = [], []
    for row in batch:
        ids = torch.as_tensor(row, device=device)
        xs.append(F.pad(ids, (0, n - len(ids)), value=pad_id))
        ys.append(F.pad(ids[1:], (0, n - len(ids) + 1), value=ignore_index))
    stop = n if max_length is None else max_length
    return torch.stack(xs)[..., :stop], torch.stack(ys)[..., :stop]
''',
    ),
]

_MASK = [
    Alternative(
        exercise="ch07/mask-instruction",
        name="clone-and-loop",
        description="A copy and a loop over the rows.",
        code='''def mask_instruction(targets, prompt_lengths, ignore_index=-100):
    out = targets.clone()
    for i, p in enumerate(prompt_lengths):
        if p > 1:
            out[i, : p - 1] = ignore_index
    return out
''',
    ),
    Alternative(
        exercise="ch07/mask-instruction",
        name="where",
        description="Broadcast comparison and torch.where.",
        code='''def mask_instruction(targets, prompt_lengths, ignore_index=-100):
    B, T = targets.shape
    place = torch.arange(T).repeat(B, 1)
    is_answer = place >= torch.as_tensor(prompt_lengths).reshape(B, 1) - 1
    return torch.where(is_answer, targets, torch.full_like(targets, ignore_index))
''',
    ),
    Alternative(
        exercise="ch07/mask-instruction",
        name="plain-lists",
        description="Rows as lists, rebuilt.",
        code='''def mask_instruction(targets, prompt_lengths, ignore_index=-100):
    rows = []
    for row, p in zip(targets.tolist(), prompt_lengths):
        k = min(max(p - 1, 0), len(row))
        rows.append([ignore_index] * k + row[k:])
    return torch.tensor(rows, dtype=targets.dtype, device=targets.device)
''',
    ),
    Alternative(
        exercise="ch07/mask-instruction",
        name="joined-pieces",
        description="Each row from two pieces, cat and stack.",
        code='''def mask_instruction(targets, prompt_lengths, ignore_index=-100):
    width = targets.shape[1]
    rows = []
    for row, p in zip(targets, prompt_lengths):
        hidden = sorted((0, p - 1, width))[1]
        rows.append(torch.cat([row.new_full((hidden,), ignore_index), row[hidden:]]))
    return torch.stack(rows)
''',
    ),
]

ALTERNATIVES: list[Alternative] = [*_COLLATE, *_MASK]
