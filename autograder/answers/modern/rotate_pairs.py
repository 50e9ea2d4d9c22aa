"""Answers to exercise 3 of 02_rotary_positions: rotate pairs."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="complex",
        description="As in Meta's code: view_as_complex and back.",
        code="""def rotate_pairs(x, cos, sin):
    planes = torch.view_as_complex(x.reshape(*x.shape[:-1], -1, 2).contiguous())
    turned = planes * torch.complex(cos, sin)
    return torch.view_as_real(turned).flatten(-2)
""",
    ),
    Alternative(
        name="every-angle-twice",
        description="repeat_interleave, and neighbours swapped with a sign.",
        code="""def rotate_pairs(x, cos, sin):
    c = cos.repeat_interleave(2, dim=-1)
    s = sin.repeat_interleave(2, dim=-1)
    swapped = torch.stack((-x[..., 1::2], x[..., ::2]), dim=-1).reshape(x.shape)
    return x * c + swapped * s
""",
    ),
    Alternative(
        name="matrix",
        description="The 2 x 2 rotation matrix of each plane, applied by matmul.",
        code="""def rotate_pairs(x, cos, sin):
    matrix = torch.stack([cos, -sin, sin, cos], dim=-1).unflatten(-1, (2, 2))
    planes = x.unflatten(-1, (-1, 2)).unsqueeze(-1)
    return (matrix @ planes).squeeze(-1).flatten(-2)
""",
    ),
    Alternative(
        name="written-into",
        description="Written into an empty tensor, every other feature.",
        code="""def rotate_pairs(x, cos, sin):
    out = torch.empty_like(x)
    out[..., ::2] = x[..., ::2] * cos - x[..., 1::2] * sin
    out[..., 1::2] = x[..., ::2] * sin + x[..., 1::2] * cos
    return out
""",
    ),
]

_RIGHT = """def rotate_pairs(x, cos, sin):
    a, b = x[..., 0::2], x[..., 1::2]
    new_a = a * cos - b * sin
    new_b = a * sin + b * cos
    return torch.stack([new_a, new_b], dim=-1).flatten(-2)
"""

_mistake = partial(made_in, _RIGHT, see="02_rotary_positions: Exercise 3: rotate pairs")

MISTAKES = [
    _mistake(
        "halves",
        "You turn feature i with feature i + d/2. That is the layout of exercise 2; here neighbours form a plane.",
        ("x[..., 0::2], x[..., 1::2]", "x.chunk(2, dim=-1)"),
        ("torch.stack([new_a, new_b], dim=-1).flatten(-2)", "torch.cat([new_a, new_b], dim=-1)"),
    ),
    _mistake(
        "from-pairs-to-halves",
        "You turn the right planes, and then put them one behind the other. They go back side by side: `torch.stack` along a new last "
        "dimension, then `flatten(-2)`.",
        ("torch.stack([new_a, new_b], dim=-1).flatten(-2)", "torch.cat([new_a, new_b], dim=-1)"),
    ),
    _mistake(
        "stacked-along-the-wrong-dimension",
        "You stack along the dimension before the last, which puts the parts one behind the other after `flatten`. Stack along a new last "
        "one: `dim=-1`.",
        ("dim=-1)", "dim=-2)"),
    ),
    _mistake(
        "from-halves-to-pairs",
        "You take halves and put them back as neighbours: a mixture of both layouts. Take every other feature, `x[..., 0::2]` and "
        "`x[..., 1::2]`.",
        ("x[..., 0::2], x[..., 1::2]", "x.chunk(2, dim=-1)"),
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
        "Your odd features are computed from the new even ones. Both need the old values.",
        ("a * sin + b * cos", "new_a * sin + b * cos"),
    ),
    _mistake(
        "neighbours-swapped",
        "You put the odd features in the places of the even ones.",
        ("[new_a, new_b]", "[new_b, new_a]"),
    ),
    _mistake(
        "angles-like-tiles",
        "Your angles are repeated as tiles, 0, 1, ..., 0, 1, ...; neighbours need the same angle: 0, 0, 1, 1, ... (`repeat_interleave`).",
        (
            "    a, b = x[..., 0::2], x[..., 1::2]\n",
            "    cos, sin = torch.cat([cos, cos], dim=-1), torch.cat([sin, sin], dim=-1)\n    a, b = x[..., 0::2], x[..., 1::2]\n",
        ),
        ("a * cos - b * sin", "a * cos[..., 0::2] - b * sin[..., 0::2]"),
        ("a * sin + b * cos", "a * sin[..., 1::2] + b * cos[..., 1::2]"),
    ),
    _mistake(
        "one-angle-for-all-tokens",
        "All tokens are turned by the angles of the first one. Row t of the angles belongs to token t.",
        ("    a, b =", "    cos, sin = cos[:1], sin[:1]\n    a, b ="),
    ),
    _mistake(
        "only-cosines",
        "You multiply by the cosines and leave the sines out, so vectors shrink.",
        ("a * cos - b * sin", "a * cos"),
        ("a * sin + b * cos", "b * cos"),
    ),
    _mistake(
        "input-changed",
        "You write into the caller's tensor. Make a new one.",
        (
            "    return torch.stack([new_a, new_b], dim=-1).flatten(-2)\n",
            "    x[..., 0::2], x[..., 1::2] = new_a, new_b\n    return x\n",
        ),
    ),
    _mistake(
        "single-precision",
        "You compute in float32 whatever comes in. What goes in as float64 should come out as float64.",
        ("    a, b =", "    x, cos, sin = x.float(), cos.float(), sin.float()\n    a, b ="),
    ),
    _mistake(
        "no-gradient",
        "Your result is cut off from the gradient, so nothing before it could learn: no `detach`, no `no_grad`.",
        ("    a, b =", "    x = x.detach()\n    a, b ="),
    ),
]
