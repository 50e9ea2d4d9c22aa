"""Answers to exercise 1 of 04_quantisation: absmax quantisation with one scale."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="float-scale",
        description="The scale as a plain number, codes clamped for safety.",
        code="""def absmax_int8(x):
    largest = x.abs().max().item()
    scale = largest / 127 if largest else 1.0
    codes = (x / scale).round().clamp(-127, 127)
    return codes.to(torch.int8), scale
""",
    ),
    Alternative(
        name="half-up",
        description="Multiplied by 127 first, rounded by floor of a half more.",
        code="""def absmax_int8(x):
    top = torch.maximum(x.max(), -x.min())
    if top == 0:
        return x.to(torch.int8), top
    wide = x.double() * (127 / top.double())
    return torch.floor(wide + 0.5).char(), top / 127
""",
    ),
    Alternative(
        name="number-by-number",
        description="Python's own round, one number after the other.",
        code="""def absmax_int8(x):
    numbers = x.flatten().tolist()
    scale = max(abs(number) for number in numbers) / 127
    codes = [round(number / scale) if scale else 0 for number in numbers]
    return torch.tensor(codes, dtype=torch.int8).reshape(x.shape), torch.tensor(scale, dtype=x.dtype)
""",
    ),
    Alternative(
        name="norm",
        description="The largest absolute value as the infinity norm; nan of a zero tensor replaced afterwards.",
        code="""def absmax_int8(x):
    scale = torch.linalg.vector_norm(x, ord=float("inf")) / 127
    return torch.nan_to_num(x / scale).round().to(dtype=torch.int8), scale
""",
    ),
]

_RIGHT = """def absmax_int8(x):
    scale = x.abs().max() / 127
    if scale == 0:
        return torch.zeros_like(x, dtype=torch.int8), scale
    codes = torch.round(x / scale).to(torch.int8)
    return codes, scale
"""

_mistake = partial(made_in, _RIGHT, see="04_quantisation: Exercise 1: one scale for all")

MISTAKES = [
    _mistake(
        "cut-off-instead-of-rounded",
        "You convert to `int8` without rounding. The conversion cuts off what stands behind the point, so numbers move by up "
        "to a whole step, always towards zero: `torch.round` first.",
        ("torch.round(x / scale)", "(x / scale)"),
    ),
    _mistake(
        "rounded-down",
        "You round down with `floor`. Take the nearest mark: `torch.round`.",
        ("torch.round(x / scale)", "torch.floor(x / scale)"),
    ),
    _mistake(
        "largest-without-abs",
        "You take the largest number, not the largest absolute value. A negative number may be the farthest from zero; its "
        "code then does not fit into a byte and wraps around.",
        ("x.abs().max()", "x.max()"),
    ),
    _mistake(
        "divided-by-128",
        "You divide by 128. The largest number then gets the code 128, which `int8` does not have: it wraps around to -128. "
        "The codes go up to 127.",
        ("/ 127", "/ 128"),
    ),
    _mistake(
        "divided-by-255",
        "You divide by 255, as if all codes were positive. From zero to the end of the ruler there are 127 steps.",
        ("/ 127", "/ 255"),
    ),
    _mistake(
        "whole-range",
        "You take the distance from the smallest to the largest number. The ruler of this exercise has zero in its middle: "
        "only the largest absolute value counts.",
        ("x.abs().max() / 127", "(x.max() - x.min()) / 254"),
    ),
    _mistake(
        "scale-upside-down",
        "You return 127 divided by the largest value: numbers times it are codes. The scale is the length of a step, so that "
        "codes times it are numbers.",
        ("return codes, scale", "return codes, 1 / scale"),
    ),
    _mistake(
        "multiplied-instead-of-divided",
        "You multiply by the scale. A code says how many steps a number is away from zero: divide.",
        ("x / scale", "x * scale"),
    ),
    _mistake(
        "scale-of-each-row",
        "You give each row a scale of its own. Here one scale holds for the whole tensor.",
        (
            "    scale = x.abs().max() / 127\n    if scale == 0:",
            "    scale = x.abs().amax(-1, keepdim=True) / 127\n    if (scale == 0).all():",
        ),
    ),
    _mistake(
        "codes-stay-floats",
        "Your codes are whole numbers, but of a floating-point type that still takes four bytes each. Convert them: "
        "`.to(torch.int8)`.",
        ("torch.round(x / scale).to(torch.int8)", "torch.round(x / scale)"),
    ),
    _mistake(
        "unsigned-codes",
        "Your codes are `uint8`, which has no negative numbers. Take `torch.int8`.",
        ("torch.round(x / scale).to(torch.int8)", "torch.round(x / scale).to(torch.uint8)"),
    ),
    _mistake(
        "numbers-instead-of-codes",
        "You return the numbers after rounding, scale times code. The codes themselves are asked for.",
        ("torch.round(x / scale).to(torch.int8)", "torch.round(x / scale) * scale"),
    ),
    _mistake(
        "order-swapped",
        "You return the scale first. The order is codes, scale.",
        ("return codes, scale", "return scale, codes"),
    ),
    _mistake(
        "codes-only",
        "You return the codes alone. Without their scale nobody can turn them back into numbers: return both.",
        ("return codes, scale", "return codes"),
    ),
    _mistake(
        "changed-in-place",
        "You divide with `div_`, which changes the tensor that you were given. Write `x / scale`.",
        ("torch.round(x / scale)", "torch.round(x.div_(scale))"),
    ),
]

EQUIVALENTS = [
    Equivalent("step = scale if scale > 0 else 1.0", "> → >=", "0 / 0 is nan, which becomes the code 0, too."),
    Equivalent("step = scale if scale > 0 else 1.0", "0 → -1", "0 / 0 is nan, which becomes the code 0, too."),
    Equivalent("step = scale if scale > 0 else 1.0", "1.0 → 2.0", "Zero divided by any number is zero."),
]
