"""Answers to exercise 3 of 02_classifier_head: which position to read."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="gather",
        description="gather with an expanded index.",
        code="""def last_logits(logits, lengths):
    index = (lengths - 1).view(-1, 1, 1).expand(-1, 1, logits.size(-1))
    return logits.gather(1, index).squeeze(1)
""",
    ),
    Alternative(
        name="loop",
        description="Row by row, stacked.",
        code="""def last_logits(logits, lengths):
    picked = []
    for i in range(len(logits)):
        picked.append(logits[i, int(lengths[i]) - 1, :])
    return torch.stack(picked, dim=0)
""",
    ),
    Alternative(
        name="one-hot-product",
        description="A one-hot mask over the positions, as a product; padding set to zero first so that it may hold anything.",
        code="""def last_logits(logits, lengths):
    places = torch.arange(logits.shape[1], device=logits.device)
    mask = places[None, :] == (lengths - 1)[:, None]
    return logits.masked_fill(~mask[:, :, None], 0.0).sum(dim=1)
""",
    ),
    Alternative(
        name="flat-index",
        description="The table as one long list of rows.",
        code="""def last_logits(logits, lengths):
    batch, width, classes = logits.shape
    return logits.reshape(batch * width, classes).index_select(0, torch.arange(batch) * width + lengths - 1)
""",
    ),
]

_RIGHT = """def last_logits(logits, lengths):
    rows = torch.arange(logits.shape[0])
    return logits[rows, lengths - 1]
"""

_mistake = partial(made_in, _RIGHT, see="02_classifier_head: Exercise 3: which position to read")

MISTAKES = [
    _mistake(
        "first-token",
        "You read the first position, which has seen one token of the message. Read the last real one.",
        ("logits[rows, lengths - 1]", "logits[:, 0]"),
    ),
    _mistake(
        "last-column",
        "You read the last column of the batch, which for short messages is padding. Read the last real position of each row.",
        ("logits[rows, lengths - 1]", "logits[:, -1]"),
    ),
    _mistake(
        "one-behind",
        "You read one position too late: behind the message, in its padding. Positions count from 0, so the last is at "
        "length minus 1.",
        ("lengths - 1", "lengths.clamp(max=logits.shape[1] - 1)"),
    ),
    _mistake(
        "length-as-index",
        "You use the length as an index. Positions count from 0: the last one is at length minus 1.",
        ("lengths - 1", "lengths"),
    ),
    _mistake(
        "one-too-early",
        "You read the last token but one: the last real token is trimmed.",
        ("lengths - 1", "(lengths - 2).clamp(min=0)"),
    ),
    _mistake(
        "one-length-for-all",
        "You read every row at the same position, the end of the longest message. Each row has its own length.",
        ("logits[rows, lengths - 1]", "logits[:, int(lengths.max()) - 1]"),
    ),
    _mistake(
        "length-of-the-first",
        "You read every row at the end of the first message. Each row has its own length.",
        ("logits[rows, lengths - 1]", "logits[:, lengths[0] - 1]"),
    ),
    _mistake(
        "rows-not-paired",
        "With a slice for the rows you get every position of the list for every row. Pair row numbers and positions: two "
        "index tensors of equal length.",
        ("logits[rows, lengths - 1]", "logits[:, lengths - 1]"),
    ),
    _mistake(
        "mean-over-everything",
        "You take the mean over all positions, padding included. Read the last real position.",
        ("logits[rows, lengths - 1]", "logits.mean(dim=1)"),
    ),
    _mistake(
        "mean-over-the-real",
        "You take the mean over the real positions. That is a method of its own; here the last real position is asked for.",
        (
            "    return logits[rows, lengths - 1]\n",
            "    return torch.stack([logits[row, : lengths[row]].mean(dim=0) for row in rows])\n",
        ),
    ),
    _mistake(
        "largest-anywhere",
        "You take each logit's maximum over the positions. Read all of them at the last real position.",
        ("logits[rows, lengths - 1]", "logits.amax(dim=1)"),
    ),
    _mistake(
        "counted-from-the-end",
        "You count from the end of the row, where the padding is. The message begins at position 0.",
        ("lengths - 1", "-lengths"),
    ),
    _mistake(
        "dimension-kept",
        "Your result has a dimension of size 1 for the position that was read. The shape should be (B, C).",
        ("logits[rows, lengths - 1]", "logits[rows, lengths - 1].unsqueeze(1)"),
    ),
    _mistake(
        "class-for-position",
        "You index the dimension of the classes with the positions. Positions are dimension 1.",
        ("logits[rows, lengths - 1]", "logits[rows, :, (lengths - 1).clamp(max=logits.shape[2] - 1)]"),
    ),
    _mistake(
        "cut-off-from-the-gradient",
        "Your result is cut off from the gradient, so nothing in front of it can learn.",
        ("logits[rows, lengths - 1]", "logits[rows, lengths - 1].detach()"),
    ),
    _mistake(
        "lengths-changed",
        "You subtract 1 from the caller's lengths in place. Write `lengths - 1`.",
        ("logits[rows, lengths - 1]", "logits[rows, lengths.sub_(1)]"),
    ),
]
