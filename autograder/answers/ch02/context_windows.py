"""Answers to exercise 1 of 09_bpe_and_cbow: windows of a fixed shape."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="shifts",
        description="One column for each step, cut from the padded text.",
        code="""def context_windows(ids, window, pad):
    edge = torch.full((window,), pad, dtype=ids.dtype)
    text = torch.cat([edge, ids, edge])
    columns = [text[window + step : window + step + len(ids)] for step in range(-window, window + 1) if step != 0]
    return torch.stack(columns, dim=1)
""",
    ),
    Alternative(
        name="index-table",
        description="A table of places; those outside the text are replaced.",
        code="""def context_windows(ids, window, pad):
    steps = torch.tensor([*range(-window, 0), *range(1, window + 1)])
    places = torch.arange(len(ids)).unsqueeze(1) + steps
    inside = (places >= 0) & (places < len(ids))
    return torch.where(inside, ids[places.clamp(0, len(ids) - 1)], pad)
""",
    ),
    Alternative(
        name="lists",
        description="Slices of lists, filled up.",
        code="""def context_windows(ids, window, pad):
    text, rows = ids.tolist(), []
    for i in range(len(text)):
        left, right = text[max(i - window, 0) : i], text[i + 1 : i + 1 + window]
        rows.append([pad] * (window - len(left)) + left + right + [pad] * (window - len(right)))
    return torch.tensor(rows, dtype=ids.dtype)
""",
    ),
]

_RIGHT = """def context_windows(ids, window, pad):
    padded = F.pad(ids, (window, window), value=pad)
    windows = padded.unfold(0, 2 * window + 1, 1)
    return torch.cat([windows[:, :window], windows[:, window + 1:]], dim=1)
"""

_mistake = partial(made_in, _RIGHT, see="09_bpe_and_cbow: Exercise 1: windows of a fixed shape")

_WINDOWS_END = "    return torch.cat([windows[:, :window], windows[:, window + 1:]], dim=1)\n"

MISTAKES = [
    _mistake(
        "centre-left-in",
        "Your contexts contain the centre, so the model is shown the answer. Leave the middle column out.",
        (_WINDOWS_END, "    return windows\n"),
    ),
    _mistake(
        "centre-for-the-last-neighbour",
        "Your contexts contain the centre, and miss the last token on the right. The right half begins after the middle column.",
        ("windows[:, window + 1:]", "windows[:, window:-1]"),
    ),
    _mistake(
        "edges-left-out",
        "Your table leaves out the tokens near the edges. Every token gets a row, filled up with padding.",
        ("F.pad(ids, (window, window), value=pad)", "ids"),
    ),
    _mistake(
        "wraps-around",
        "Your contexts go on at the other end of the text: `torch.roll` turns in a circle. Beyond the edge there is padding.",
        (
            _WINDOWS_END,
            "    steps = [*range(window, 0, -1), *range(-1, -window - 1, -1)]\n"
            "    return torch.stack([torch.roll(ids, step) for step in steps], dim=1)\n",
        ),
    ),
    _mistake(
        "edge-repeated",
        "Your padding repeats the first and the last token. The statement asks for the number `pad`.",
        (
            "F.pad(ids, (window, window), value=pad)",
            "torch.cat([ids[:1].expand(window), ids, ids[-1:].expand(window)])",
        ),
    ),
    _mistake(
        "padding-always-zero",
        "Your padding is always 0. Use the number that the function is given, `pad`.",
        ("value=pad", "value=0"),
    ),
    _mistake(
        "all-padding-at-the-end",
        "Your padding is all at the end, so each row shows the tokens after it only. Pad by `window` at both ends.",
        ("(window, window)", "(0, 2 * window)"),
    ),
    _mistake(
        "right-before-left",
        "Your contexts have the right side first. The order is that of the text: left side, then right side.",
        ("[windows[:, :window], windows[:, window + 1:]]", "[windows[:, window + 1:], windows[:, :window]]"),
    ),
    _mistake(
        "left-side-reversed",
        "Your left sides run backwards, the nearest token first. They should stand in the order of the text.",
        ("windows[:, :window],", "windows[:, :window].flip(1),"),
    ),
    _mistake(
        "left-side-only",
        "Your contexts hold the left side only. A bag of words looks to both sides.",
        (_WINDOWS_END, "    return windows[:, :window]\n"),
    ),
    _mistake(
        "same-tokens-removed",
        "Your contexts replace every token that equals the centre by padding. Only the centre's own place is left out.",
        (
            _WINDOWS_END,
            "    rows = torch.cat([windows[:, :window], windows[:, window + 1:]], dim=1)\n"
            "    return torch.where(rows == ids[:, None], pad, rows)\n",
        ),
    ),
    _mistake(
        "floats",
        "Your table holds floating-point numbers. Token numbers are integers, and stay so.",
        ("F.pad(ids, (window, window), value=pad)", "F.pad(ids.float(), (window, window), value=pad)"),
    ),
    _mistake(
        "turned-over",
        "Your table is transposed: it should have one row for each token, one column for each position of its context.",
        ("window + 1:]], dim=1)", "window + 1:]], dim=1).T"),
    ),
    _mistake(
        "short-texts-refused",
        "Your function refuses texts that are shorter than a window. They get contexts as well, with much padding.",
        (
            "    padded =",
            "    if len(ids) <= window:\n        return torch.empty(0, 2 * window, dtype=ids.dtype)\n    padded =",
        ),
    ),
]
