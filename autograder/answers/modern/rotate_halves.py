"""Answers to exercise 2 of 02_rotary_positions: rotate halves."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="rotate-half",
        description="As in transformers: x cos + rotate_half(x) sin, with every angle twice.",
        code="""def rotate_half(x):
    x1 = x[..., : x.shape[-1] // 2]
    x2 = x[..., x.shape[-1] // 2 :]
    return torch.cat((-x2, x1), dim=-1)


def rotate_halves(x, cos, sin):
    cos = torch.cat((cos, cos), dim=-1)
    sin = torch.cat((sin, sin), dim=-1)
    return (x * cos) + (rotate_half(x) * sin)
""",
    ),
    Alternative(
        name="complex",
        description="A plane is a complex number, and turning it is a product.",
        code="""def rotate_halves(x, cos, sin):
    half = x.shape[-1] // 2
    planes = torch.complex(x[..., :half], x[..., half:]) * torch.complex(cos, sin)
    return torch.cat([planes.real, planes.imag], dim=-1)
""",
    ),
    Alternative(
        name="matrix",
        description="The 2 x 2 rotation matrix of each plane, applied by einsum.",
        code="""def rotate_halves(x, cos, sin):
    matrix = torch.stack([torch.stack([cos, -sin]), torch.stack([sin, cos])])
    planes = x.unflatten(-1, (2, -1))
    return torch.einsum("abti,...tbi->...tai", matrix, planes).flatten(-2)
""",
    ),
    Alternative(
        name="written-into",
        description="Written into an empty tensor, half by half.",
        code="""def rotate_halves(x, cos, sin):
    half = x.size(-1) // 2
    out = torch.empty_like(x)
    out[..., :half] = x[..., :half] * cos - x[..., half:] * sin
    out[..., half:] = x[..., half:] * cos + x[..., :half] * sin
    return out
""",
    ),
]

_RIGHT = """def rotate_halves(x, cos, sin):
    half = x.shape[-1] // 2
    a, b = x[..., :half], x[..., half:]
    new_a = a * cos - b * sin
    new_b = a * sin + b * cos
    return torch.cat([new_a, new_b], dim=-1)
"""

_mistake = partial(made_in, _RIGHT, see="02_rotary_positions: Exercise 2: rotate halves")

MISTAKES = [
    _mistake(
        "pairs",
        "You turn neighbours. That is the other layout, of exercise 3; here feature i goes with feature i + d/2.",
        ("x[..., :half], x[..., half:]", "x[..., 0::2], x[..., 1::2]"),
        ("torch.cat([new_a, new_b], dim=-1)", "torch.stack([new_a, new_b], dim=-1).flatten(-2)"),
    ),
    _mistake(
        "from-pairs-to-halves",
        "You take neighbours apart and put them back as halves: a mixture of both layouts. Take the first and the second half.",
        ("x[..., :half], x[..., half:]", "x[..., 0::2], x[..., 1::2]"),
    ),
    _mistake(
        "from-halves-to-pairs",
        "You turn the right planes, and then put the halves back like the teeth of a zip. They go one behind the other: `torch.cat`.",
        ("torch.cat([new_a, new_b], dim=-1)", "torch.stack([new_a, new_b], dim=-1).flatten(-2)"),
    ),
    _mistake(
        "turned-backwards",
        "You turn in the other direction. It is a cos - b sin, and a sin + b cos.",
        ("a * cos - b * sin", "a * cos + b * sin"),
        ("a * sin + b * cos", "b * cos - a * sin"),
    ),
    _mistake(
        "two-plus-signs",
        "Both of your sums have a plus. That is no rotation, and lengths change: the first has a minus.",
        ("a * cos - b * sin", "a * cos + b * sin"),
    ),
    _mistake(
        "two-minus-signs",
        "Both of your sums have a minus. The second has a plus: a sin + b cos.",
        ("a * sin + b * cos", "b * cos - a * sin"),
    ),
    _mistake(
        "cosine-and-sine-swapped",
        "You have exchanged cosine and sine: the angle 0 should change nothing.",
        ("a * cos - b * sin", "a * sin - b * cos"),
        ("a * sin + b * cos", "a * cos + b * sin"),
    ),
    _mistake(
        "old-value-lost",
        "Your second half is computed from the new first half. Both need the old values.",
        ("a * sin + b * cos", "new_a * sin + b * cos"),
    ),
    _mistake(
        "halves-swapped",
        "You put the second half first.",
        ("[new_a, new_b]", "[new_b, new_a]"),
    ),
    _mistake(
        "second-half-as-it-was",
        "You turn the first half and leave the second as it was. Both members of a plane change.",
        ("[new_a, new_b]", "[new_a, b]"),
    ),
    _mistake(
        "only-cosines",
        "You multiply by the cosines and leave the sines out, so vectors shrink.",
        ("a * cos - b * sin", "a * cos"),
        ("a * sin + b * cos", "b * cos"),
    ),
    _mistake(
        "angles-added",
        "You add cosines and sines, as one adds a position embedding. Rotary positions multiply.",
        ("a * cos - b * sin", "a + cos"),
        ("a * sin + b * cos", "b + sin"),
    ),
    _mistake(
        "one-angle-for-all-tokens",
        "All tokens are turned by the angles of the first one. Row t of the angles belongs to token t.",
        ("    half =", "    cos, sin = cos[:1], sin[:1]\n    half ="),
    ),
    _mistake(
        "second-half-reversed",
        "You pair the first feature with the last, the second with the last but one, and so on. Feature i goes with feature i + d/2.",
        ("x[..., half:]", "x[..., half:].flip(-1)"),
        ("[new_a, new_b]", "[new_a, new_b.flip(-1)]"),
    ),
    _mistake(
        "input-changed",
        "You write into the caller's tensor. Make a new one.",
        (
            "    return torch.cat([new_a, new_b], dim=-1)\n",
            "    x[..., :half], x[..., half:] = new_a, new_b\n    return x\n",
        ),
    ),
    _mistake(
        "single-precision",
        "You compute in float32 whatever comes in. What goes in as float64 should come out as float64.",
        ("    half =", "    x, cos, sin = x.float(), cos.float(), sin.float()\n    half ="),
    ),
    _mistake(
        "no-gradient",
        "Your result is cut off from the gradient, so nothing before it could learn: no `detach`, no `no_grad`.",
        ("    half =", "    x = x.detach()\n    half ="),
    ),
]
