"""Answers to exercise 1 of the exam: overlapping_chunks."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="while-loop",
        description="A place that moves on while something is left.",
        code="""def overlapping_chunks(ids):
    chunks, place = [], 0
    while ids[place:]:
        part = list(ids[place : place + VARIANT_chunk_length - 1])
        place += len(part)
        while len(part) < VARIANT_chunk_length - 1:
            part.append(VARIANT_pad_id)
        chunks.append([VARIANT_start_id, *part])
        if place < len(ids):
            place -= VARIANT_overlap
    return chunks
""",
    ),
    Alternative(
        name="counted-before",
        description="The number of chunks is computed first.",
        code="""import math


def overlapping_chunks(ids):
    size, back = VARIANT_chunk_length - 1, VARIANT_overlap
    if not ids:
        return []
    count = 1 + max(0, math.ceil((len(ids) - size) / (size - back)))
    filled = list(ids) + [VARIANT_pad_id] * (size * count)
    return [[VARIANT_start_id] + filled[k * (size - back) : k * (size - back) + size] for k in range(count)]
""",
    ),
    Alternative(
        name="recursion",
        description="The first chunk, then the chunks of the rest.",
        code="""def overlapping_chunks(ids):
    size = VARIANT_chunk_length - 1
    if len(ids) == 0:
        return []
    chunk = [VARIANT_start_id] + ids[:size] + [VARIANT_pad_id] * max(0, size - len(ids))
    rest = overlapping_chunks(ids[size - VARIANT_overlap :]) if len(ids) > size else []
    return [chunk] + rest
""",
    ),
    Alternative(
        name="unfold",
        description="PyTorch cuts the windows of the filled text.",
        code="""def overlapping_chunks(ids):
    size, step = VARIANT_chunk_length - 1, VARIANT_chunk_length - 1 - VARIANT_overlap
    if not ids:
        return []
    missing = size - len(ids) if len(ids) < size else -(len(ids) - size) % step
    text = torch.tensor(ids + [VARIANT_pad_id] * missing)
    windows = text.unfold(0, size, step)
    return torch.cat([torch.full((len(windows), 1), VARIANT_start_id), windows], dim=1).tolist()
""",
    ),
]

_RIGHT = """def overlapping_chunks(ids):
    room = VARIANT_chunk_length - 1
    chunks = []
    for first in range(0, len(ids), room - VARIANT_overlap):
        part = ids[first : first + room]
        chunks.append([VARIANT_start_id] + part + [VARIANT_pad_id] * (room - len(part)))
        if first + room >= len(ids):
            break
    return chunks
"""

_mistake = partial(made_in, _RIGHT)

MISTAKES = [
    _mistake(
        "no-room-for-the-start",
        "Your chunks are one id too long: the start id is one of the ids of a chunk.",
        ("room = VARIANT_chunk_length - 1", "room = VARIANT_chunk_length"),
    ),
    _mistake(
        "overlap-counts-the-start",
        "Your chunks move on by the length of a whole chunk, start id included, less the overlap. Only the ids of text overlap.",
        ("room - VARIANT_overlap)", "VARIANT_chunk_length - VARIANT_overlap)"),
    ),
    _mistake(
        "no-overlap",
        "Your chunks do not overlap: each begins where the one before it ends.",
        ("room - VARIANT_overlap)", "room)"),
    ),
    _mistake(
        "moves-by-the-overlap",
        "Your chunks move on by the overlap. They move on by what is new: the ids of text in a chunk, less the overlap.",
        ("room - VARIANT_overlap)", "VARIANT_overlap)"),
    ),
    _mistake(
        "a-chunk-too-many",
        "Your last chunk may hold nothing but ids that the chunk before it has already: stop when the end of the text has been reached.",
        ("        if first + room >= len(ids):\n            break\n", ""),
    ),
    _mistake(
        "stops-too-late",
        "When the text ends exactly where a chunk ends, you make one chunk more.",
        ("first + room >= len(ids)", "first + room > len(ids)"),
    ),
    _mistake(
        "rest-dropped",
        "You drop the end of the text when it does not fill a chunk. It belongs into a last chunk that is filled up.",
        (
            "        chunks.append(",
            "        if len(part) < room:\n            break\n        chunks.append(",
        ),
    ),
    _mistake(
        "not-filled-up",
        "Your last chunk is shorter than the others: fill it up on the right.",
        (" + [VARIANT_pad_id] * (room - len(part))", ""),
    ),
    _mistake(
        "filled-on-the-left",
        "You fill up on the left, between the start id and the text. The filling belongs on the right.",
        (" + part + [VARIANT_pad_id] * (room - len(part))", " + [VARIANT_pad_id] * (room - len(part)) + part"),
    ),
    _mistake(
        "filled-with-the-start",
        "You fill up with the start id: the id of the filling is another one.",
        ("[VARIANT_pad_id]", "[VARIANT_start_id]"),
    ),
    _mistake(
        "filled-with-zeros",
        "You fill up with zeros: the id of the filling is another one.",
        ("[VARIANT_pad_id]", "[0]"),
    ),
    _mistake(
        "no-start",
        "Your chunks do not begin with the start id.",
        ("[VARIANT_start_id] + part", "part"),
    ),
    _mistake(
        "start-only-once",
        "Only your first chunk has the start id: each chunk begins with it.",
        ("[VARIANT_start_id] + part", "([] if first else [VARIANT_start_id]) + part"),
    ),
    _mistake(
        "an-empty-chunk",
        "A text without ids has no chunks, and you make one of nothing but filling.",
        ("range(0, len(ids), ", "range(0, max(len(ids), 1), "),
    ),
]
