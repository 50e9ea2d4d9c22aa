"""Answers to exercise 2 of 04_quantisation: 8 bits with a scale for each block."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="reshape",
        description="Folded with reshape, the scales kept as a column.",
        code="""def blockwise_int8(x, block=32):
    *lead, n = x.shape
    if n % block:
        raise ValueError(f"{block} does not divide {n}")
    folded = x.reshape(*lead, n // block, block)
    scales = folded.abs().max(dim=-1, keepdim=True).values / 127
    codes = (folded / scales).nan_to_num().round().clamp(-127, 127)
    return codes.reshape(x.shape).to(torch.int8), scales.squeeze(-1)
""",
    ),
    Alternative(
        name="loop-over-blocks",
        description="One block after the other, put together with cat and stack.",
        code="""def blockwise_int8(x, block=32):
    if x.size(-1) // block * block != x.size(-1):
        raise ValueError("the last block is not full")
    codes, scales = [], []
    for part in x.split(block, dim=-1):
        top = torch.maximum(part.amax(-1), -part.amin(-1))
        scale = torch.where(top == 0, torch.ones_like(top), top) / 127
        codes.append(torch.round(part / scale.unsqueeze(-1)).char())
        scales.append(scale)
    return torch.cat(codes, -1), torch.stack(scales, -1)
""",
    ),
    Alternative(
        name="own-function",
        description="A function for one block, called for each of them.",
        code="""def one_block(part):
    scale = part.abs().max() / 127
    if scale > 0:
        return torch.round(part / scale).to(torch.int8), scale
    return torch.zeros(len(part), dtype=torch.int8), scale


def blockwise_int8(x, block=32):
    if x.shape[-1] % block != 0:
        raise ValueError(f"rows of {x.shape[-1]} are no multiple of {block}")
    pairs = [one_block(part) for part in x.reshape(-1, block)]
    codes = torch.stack([codes for codes, _scale in pairs])
    scales = torch.stack([scale for _codes, scale in pairs])
    return codes.reshape(x.shape), scales.reshape(*x.shape[:-1], x.shape[-1] // block)
""",
    ),
    Alternative(
        name="spread-scales",
        description="The scales spread over the row by repeat_interleave.",
        code="""def blockwise_int8(x, block=32):
    if x.shape[-1] % block:
        raise ValueError("block does not divide the row")
    scales = x.unfold(-1, block, block).abs().amax(-1) / 127
    spread = scales.repeat_interleave(block, dim=-1)
    codes = torch.zeros_like(x)
    some = spread > 0
    codes[some] = (x[some] / spread[some]).round()
    return codes.to(torch.int8), scales
""",
    ),
]

_RIGHT = """def blockwise_int8(x, block=32):
    if x.shape[-1] % block != 0:
        raise ValueError("block does not divide the length of a row")
    blocks = x.reshape(*x.shape[:-1], -1, block)
    scales = blocks.abs().amax(dim=-1) / 127
    safe = scales.masked_fill(scales == 0, 1.0)
    codes = torch.round(blocks / safe.unsqueeze(-1)).to(torch.int8)
    return codes.reshape(x.shape), scales
"""

_mistake = partial(made_in, _RIGHT, see="04_quantisation: Exercise 2: a scale for each block")

MISTAKES = [
    _mistake(
        "one-scale",
        "You take the largest value of the whole tensor, so that all blocks have the same scale. Take the largest of each "
        "block: `amax(dim=-1)` of the folded tensor.",
        ("blocks.abs().amax(dim=-1) / 127", "(blocks.abs().amax() / 127).expand(blocks.shape[:-1])"),
    ),
    _mistake(
        "scale-of-the-row",
        "All blocks of a row share one scale. Each block needs its own: take the largest value after the row has been folded "
        "into blocks.",
        (
            "blocks.abs().amax(dim=-1) / 127",
            "(x.abs().amax(dim=-1, keepdim=True) / 127).expand(blocks.shape[:-1])",
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
        "cut-off-instead-of-rounded",
        "You convert to `int8` without rounding. The conversion cuts off what stands behind the point: `torch.round` first.",
        ("torch.round(blocks / safe.unsqueeze(-1))", "(blocks / safe.unsqueeze(-1))"),
    ),
    _mistake(
        "largest-without-abs",
        "You take the largest number of each block, not the largest absolute value. A negative number may be the farthest "
        "from zero.",
        ("blocks.abs().amax(dim=-1)", "blocks.amax(dim=-1)"),
    ),
    _mistake(
        "divided-by-128",
        "You divide by 128. The largest number of a block then gets the code 128, which wraps around to -128. The codes go "
        "up to 127.",
        ("/ 127", "/ 128"),
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
        "no-value-error",
        "When block does not divide the length, your code fails with torch's error about shapes, which names neither. Check "
        "first, and raise a `ValueError`.",
        (
            '    if x.shape[-1] % block != 0:\n        raise ValueError("block does not divide the length of a row")\n',
            "",
        ),
    ),
    _mistake(
        "codes-stay-folded",
        "Your codes have the shape (..., n / block, block). Unfold them to the shape of x.",
        ("return codes.reshape(x.shape), scales", "return codes, scales"),
    ),
    _mistake(
        "scales-stay-a-column",
        "Your scales have a last dimension of size 1, left over from the division. Return them as (..., n / block).",
        ("return codes.reshape(x.shape), scales", "return codes.reshape(x.shape), scales.unsqueeze(-1)"),
    ),
    _mistake(
        "a-scale-for-each-number",
        "You return a scale for each number. That would cost more than it saves: one scale for each block.",
        (
            "return codes.reshape(x.shape), scales",
            "return codes.reshape(x.shape), scales.repeat_interleave(block, dim=-1)",
        ),
    ),
    _mistake(
        "safe-scales-for-all",
        "You add a small number to every scale to avoid a division by zero. Blocks of small numbers then get other codes: "
        "treat only scales that are zero.",
        ("safe = scales.masked_fill(scales == 0, 1.0)", "safe = scales + 1e-3"),
    ),
    _mistake(
        "codes-stay-floats",
        "Your codes are whole numbers of a floating-point type, which still takes four bytes each: `.to(torch.int8)`.",
        ("safe.unsqueeze(-1)).to(torch.int8)", "safe.unsqueeze(-1))"),
    ),
    _mistake(
        "order-swapped",
        "You return the scales first. The order is codes, scales.",
        ("return codes.reshape(x.shape), scales", "return scales, codes.reshape(x.shape)"),
    ),
    _mistake(
        "changed-in-place",
        "You divide in place, which changes the tensor that you were given. Write `blocks / ...`.",
        ("torch.round(blocks / safe.unsqueeze(-1))", "torch.round(blocks.div_(safe.unsqueeze(-1)))"),
    ),
]

_STEPS = "steps = torch.where(scales > 0, scales, 1.0)"

EQUIVALENTS = [
    Equivalent(_STEPS, "> → >=", "0 / 0 is nan, which becomes the code 0, too."),
    Equivalent(_STEPS, "0 → -1", "0 / 0 is nan, which becomes the code 0, too."),
    Equivalent(_STEPS, "1.0 → 2.0", "Zero divided by any number is zero."),
]
