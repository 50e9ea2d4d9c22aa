"""Answers to exercise 1 of 02_rotary_positions: the angles."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="outer",
        description="As in transformers: inverse frequencies and an outer product.",
        code="""def rotary_angles(positions, d_head, base=10_000.0):
    inv_freq = 1.0 / (base ** (torch.arange(0, d_head, 2).float() / d_head))
    freqs = torch.outer(positions.float(), inv_freq)
    return freqs.cos(), freqs.sin()
""",
    ),
    Alternative(
        name="logarithm",
        description="Powers by exp and log, as in many codes of the sinusoidal embedding.",
        code="""def rotary_angles(positions, d_head, base=10_000.0):
    half = d_head // 2
    theta = torch.exp(-math.log(base) * torch.arange(half) / half)
    angles = torch.einsum("t,i->ti", positions.to(theta.dtype), theta)
    return torch.cos(angles), torch.sin(angles)
""",
    ),
    Alternative(
        name="complex",
        description="Real and imaginary part of complex numbers of length 1, as in Meta's code.",
        code="""def rotary_angles(positions, d_head, base=10_000.0):
    theta = torch.tensor([base ** (-2 * i / d_head) for i in range(d_head // 2)])
    angles = positions.unsqueeze(1) * theta
    turned = torch.polar(torch.ones_like(angles), angles)
    return turned.real, turned.imag
""",
    ),
    Alternative(
        name="loops",
        description="Number by number, with math.",
        code="""def rotary_angles(positions, d_head, base=10_000.0):
    rows = [[p * base ** (-2 * i / d_head) for i in range(d_head // 2)] for p in positions.tolist()]
    cos = torch.tensor([[math.cos(angle) for angle in row] for row in rows])
    sin = torch.tensor([[math.sin(angle) for angle in row] for row in rows])
    return cos, sin
""",
    ),
]

_RIGHT = """def rotary_angles(positions, d_head, base=10_000.0):
    exponents = torch.arange(0, d_head, 2) / d_head
    theta = base**-exponents
    angles = positions[:, None] * theta
    return angles.cos(), angles.sin()
"""

_mistake = partial(made_in, _RIGHT, see="02_rotary_positions: Exercise 1: the angles")

MISTAKES = [
    _mistake(
        "exponent-without-its-two",
        "Your exponents are -i/d. The formula has -2i/d: over the d/2 planes they go from 0 nearly to -1.",
        ("torch.arange(0, d_head, 2)", "torch.arange(d_head // 2)"),
    ),
    _mistake(
        "exponent-too-fast",
        "Your exponents go up by 4/d from plane to plane. With i = 0, 1, ... it is 2i/d; `torch.arange(0, d_head, 2)` already holds 2i.",
        ("/ d_head", "* 2 / d_head"),
    ),
    _mistake(
        "exponent-without-its-minus",
        "Your speeds grow from plane to plane. The exponent has a minus: the first plane turns fastest, by one radian for each token.",
        ("base**-exponents", "base**exponents"),
    ),
    _mistake(
        "speed-of-each-feature",
        "You have a speed for each feature, so your tables have d columns. Two features form one plane: d/2 columns.",
        ("torch.arange(0, d_head, 2)", "torch.arange(d_head)"),
    ),
    _mistake(
        "twice-side-by-side",
        "Your tables have every angle twice. In transformers they are kept so; here they have d/2 columns, one for each plane.",
        ("    return", "    angles = torch.cat([angles, angles], dim=-1)\n    return"),
    ),
    _mistake(
        "base-ignored",
        "Your base is always 10 000, whatever is given. SmolLM2 has another: use the argument.",
        ("theta = base**", "theta = 10_000.0**"),
    ),
    _mistake(
        "positions-ignored",
        "You count the positions from 0, whatever is given. A model that goes on writing asks for one position alone, such as 57.",
        ("positions[:, None]", "torch.arange(len(positions))[:, None]"),
    ),
    _mistake(
        "positions-from-one",
        "Your positions are one too large. The position 0 has the angle 0: nothing is turned.",
        ("positions[:, None]", "(positions[:, None] + 1)"),
    ),
    _mistake(
        "planes-from-one",
        "Your planes are counted from 1, so the fastest is missing. Plane 0 has the speed 1.",
        ("torch.arange(0, d_head, 2)", "torch.arange(2, d_head + 2, 2)"),
    ),
    _mistake(
        "cosine-and-sine-swapped",
        "You return the sines first. Cosines come first.",
        ("angles.cos(), angles.sin()", "angles.sin(), angles.cos()"),
    ),
    _mistake(
        "angles-instead-of-both",
        "You return the angles. Asked for are their cosines and their sines.",
        ("return angles.cos(), angles.sin()", "return angles, angles"),
    ),
    _mistake(
        "one-table",
        "You return one tensor in which cosines and sines stand together. Return two: `return cos, sin`.",
        ("return angles.cos(), angles.sin()", "return torch.cat([angles.cos(), angles.sin()], dim=-1)"),
    ),
    _mistake(
        "transposed",
        "Your rows are planes and your columns positions. It is the other way round: (T, d/2).",
        ("return angles.cos(), angles.sin()", "return angles.T.cos(), angles.T.sin()"),
    ),
    _mistake(
        "degrees",
        "You turn by degrees. `torch.cos` and `torch.sin` take radians, and the formula is in radians already.",
        ("positions[:, None] * theta", "torch.deg2rad(positions[:, None] * theta)"),
    ),
    _mistake(
        "whole-turns",
        "You multiply by 2π. The speeds are radians for each token already: plane 0 turns by 1, not by a whole turn.",
        ("positions[:, None] * theta", "2 * math.pi * positions[:, None] * theta"),
    ),
    _mistake(
        "spread-to-the-end",
        "Your exponents reach -1 at the last plane. They are -2i/d, and the last one is -(d - 2)/d.",
        ("torch.arange(0, d_head, 2) / d_head", "torch.linspace(0, 1, d_head // 2)"),
    ),
    _mistake(
        "added",
        "You add position and speed. The angle is their product.",
        ("positions[:, None] * theta", "positions[:, None] + theta"),
    ),
    _mistake(
        "divided",
        "You divide the position by the speed, so later planes turn faster. The angle is the product of the two.",
        ("positions[:, None] * theta", "positions[:, None] / theta"),
    ),
    _mistake(
        "whole-number-division",
        "`//` leaves whole numbers, so all your exponents are 0 and all planes turn alike. Divide with `/`.",
        ("/ d_head", "// d_head"),
    ),
    _mistake(
        "half-precision",
        "You compute the angles in bfloat16, which has three digits: at the position 8191 an angle is off by many radians. Compute them in "
        "float32, whatever the model computes in.",
        ("positions[:, None] * theta", "(positions[:, None].bfloat16() * theta.bfloat16()).float()"),
    ),
]

EQUIVALENTS = [
    Equivalent(
        "speeds = base ** (-torch.arange(0, d_head, 2, device=positions.device) / d_head)",
        "keyword device dropped",
        "The tests run on the CPU.",
    ),
]
