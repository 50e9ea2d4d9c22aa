"""Answers to exercise 3 of 04_quantisation: 4 bits with a scale and a minimum for each block."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="reshape-and-aminmax",
        description="Folded with reshape, both ends by aminmax, codes clamped.",
        code="""def blockwise_4bit(x, block=32):
    n = x.shape[-1]
    if n % block:
        raise ValueError(f"{block} does not divide {n}")
    folded = x.reshape(*x.shape[:-1], n // block, block)
    low, high = folded.aminmax(dim=-1, keepdim=True)
    scale = (high - low) / 15
    codes = ((folded - low) / scale).nan_to_num().round().clamp(0, 15).to(torch.uint8)
    return codes.reshape(x.shape), scale.squeeze(-1), low.squeeze(-1)
""",
    ),
    Alternative(
        name="loop-over-blocks",
        description="One block after the other; a block of equal numbers has the scale 1.",
        code="""def blockwise_4bit(x, block=32):
    if x.size(-1) // block * block != x.size(-1):
        raise ValueError("the last block is not full")
    codes, scales, minima = [], [], []
    for start in range(0, x.size(-1), block):
        part = x[..., start : start + block]
        low = part.min(dim=-1).values
        width = part.max(dim=-1).values - low
        width[width == 0] = 15
        step = width / 15
        codes.append(torch.floor((part - low[..., None]) / step[..., None] + 0.5).byte())
        scales.append(step)
        minima.append(low)
    return torch.cat(codes, -1), torch.stack(scales, -1), torch.stack(minima, -1)
""",
    ),
    Alternative(
        name="nearest-mark",
        description="Compares each number with all sixteen marks.",
        code="""def blockwise_4bit(x, block=32):
    if x.shape[-1] % block != 0:
        raise ValueError("block does not divide the row")
    blocks = x.unfold(-1, block, block)
    minima, maxima = blocks.amin(-1), blocks.amax(-1)
    scales = (maxima - minima) / 15
    marks = minima[..., None] + scales[..., None] * torch.arange(16, dtype=x.dtype)
    codes = (blocks[..., :, None] - marks[..., None, :]).abs().argmin(-1)
    return codes.flatten(-2).to(torch.uint8), scales, minima
""",
    ),
]

_RIGHT = """def blockwise_4bit(x, block=32):
    if x.shape[-1] % block != 0:
        raise ValueError("block does not divide the length of a row")
    blocks = x.reshape(*x.shape[:-1], -1, block)
    low = blocks.amin(dim=-1)
    high = blocks.amax(dim=-1)
    scales = (high - low) / 15
    safe = scales.masked_fill(scales == 0, 1.0)
    codes = torch.round((blocks - low.unsqueeze(-1)) / safe.unsqueeze(-1)).to(torch.uint8)
    return codes.reshape(x.shape), scales, low
"""

_mistake = partial(made_in, _RIGHT, see="04_quantisation: Exercise 3: four bits, with a scale and a minimum")

MISTAKES = [
    _mistake(
        "divided-by-16",
        "You divide by 16. There are 16 marks, but only 15 steps between them.",
        ("/ 15", "/ 16"),
    ),
    _mistake(
        "divided-by-7",
        "You divide by 7, as for codes with a sign. These go from 0 to 15: 15 steps.",
        ("/ 15", "/ 7"),
    ),
    _mistake(
        "minimum-not-subtracted",
        "You divide the numbers by the scale without taking away the minimum. The ruler begins at the minimum: code 0 means "
        "the smallest number of the block.",
        ("(blocks - low.unsqueeze(-1))", "blocks"),
    ),
    _mistake(
        "largest-instead-of-range",
        "Your scale is the largest number divided by 15. The ruler goes from the smallest to the largest number: divide "
        "their distance.",
        ("(high - low) / 15", "high / 15"),
    ),
    _mistake(
        "largest-absolute-value",
        "You take the largest absolute value, as in exercises 1 and 2. The ruler goes from the smallest to the largest "
        "number of the block: divide their distance by 15.",
        ("(high - low) / 15", "blocks.abs().amax(dim=-1) / 15"),
    ),
    _mistake(
        "cut-off-instead-of-rounded",
        "You convert to `uint8` without rounding. The conversion cuts off what stands behind the point: `torch.round` first.",
        (
            "torch.round((blocks - low.unsqueeze(-1)) / safe.unsqueeze(-1))",
            "((blocks - low.unsqueeze(-1)) / safe.unsqueeze(-1))",
        ),
    ),
    _mistake(
        "one-ruler-for-all",
        "All blocks share one minimum and one scale. Take the smallest and the largest number of each block.",
        (
            "    low = blocks.amin(dim=-1)\n    high = blocks.amax(dim=-1)\n",
            "    low = blocks.amin().expand(blocks.shape[:-1])\n    high = blocks.amax().expand(blocks.shape[:-1])\n",
        ),
    ),
    _mistake(
        "every-so-many-th",
        "Your blocks hold every so many-th number of a row instead of neighbours. Fold into (..., n / block, block), not "
        "into (..., block, n / block).",
        (
            "    blocks = x.reshape(*x.shape[:-1], -1, block)\n",
            "    blocks = x.reshape(*x.shape[:-1], block, -1).transpose(-2, -1)\n",
        ),
    ),
    _mistake(
        "minimum-counted-in-steps",
        "You return the minimum in steps, divided by the scale (a *zero point*, as other formats have it). Here the minimum "
        "is a number like those of x.",
        ("return codes.reshape(x.shape), scales, low", "return codes.reshape(x.shape), scales, low / safe"),
    ),
    _mistake(
        "minimum-with-the-other-sign",
        "Your minima have the wrong sign. Codes times scale *plus* minimum must give the numbers.",
        ("return codes.reshape(x.shape), scales, low", "return codes.reshape(x.shape), scales, -low"),
    ),
    _mistake(
        "maximum-instead-of-minimum",
        "You return the maxima. Code 0 must mean the minimum.",
        ("return codes.reshape(x.shape), scales, low", "return codes.reshape(x.shape), scales, high"),
    ),
    _mistake(
        "order-swapped",
        "You return the minima before the scales. The order is codes, scales, minima.",
        ("return codes.reshape(x.shape), scales, low", "return codes.reshape(x.shape), low, scales"),
    ),
    _mistake(
        "signed-codes",
        "Your codes are `int8`. They have no sign here: `torch.uint8`.",
        ("torch.uint8", "torch.int8"),
    ),
    _mistake(
        "codes-from-minus-eight",
        "Your codes go from -8 to 7. With a minimum they begin at 0: the smallest number of a block has the code 0.",
        ("safe.unsqueeze(-1)).to(torch.uint8)", "safe.unsqueeze(-1)).sub(8).to(torch.int8)"),
    ),
    _mistake(
        "no-value-error",
        "When block does not divide the length, your code fails with torch's error about shapes, which names neither. Check "
        "first, and raise a `ValueError`.",
        (
            '    if x.shape[-1] % block != 0:\n        raise ValueError("block does not divide the length of a row")\n',
            "",
        ),
    ),
    _mistake(
        "rest-left-out",
        "When the last block is not full you leave its numbers out. The exercise wants a `ValueError`.",
        (
            '    if x.shape[-1] % block != 0:\n        raise ValueError("block does not divide the length of a row")\n',
            "    x = x[..., : x.shape[-1] // block * block]\n",
        ),
    ),
    _mistake(
        "changed-in-place",
        "You subtract in place, which changes the tensor that you were given. Write `blocks - ...`.",
        ("(blocks - low.unsqueeze(-1))", "blocks.sub_(low.unsqueeze(-1))"),
    ),
]

_STEPS = "steps = torch.where(scales > 0, scales, 1.0)"

EQUIVALENTS = [
    Equivalent(_STEPS, "> → >=", "0 / 0 is nan, which becomes the code 0, too."),
    Equivalent(_STEPS, "0 → -1", "0 / 0 is nan, which becomes the code 0, too."),
    Equivalent(_STEPS, "1.0 → 2.0", "Zero divided by any number is zero."),
]
