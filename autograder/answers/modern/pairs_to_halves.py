"""Answers to exercise 4 of 02_rotary_positions: from one layout to the other."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="index",
        description="A list of row numbers, then one indexing.",
        code="""def pairs_to_halves(weight, n_heads):
    d = len(weight) // n_heads
    order = [head * d + row for head in range(n_heads) for row in (*range(0, d, 2), *range(1, d, 2))]
    return weight[order]
""",
    ),
    Alternative(
        name="slices",
        description="Every other row of each head, put one behind the other.",
        code="""def pairs_to_halves(weight, n_heads):
    heads = weight.reshape(n_heads, -1, weight.shape[1])
    return torch.cat([heads[:, 0::2], heads[:, 1::2]], dim=1).flatten(0, 1)
""",
    ),
    Alternative(
        name="head-by-head",
        description="Cut into heads and glued together again.",
        code="""def pairs_to_halves(weight, n_heads):
    moved = []
    for head in weight.chunk(n_heads):
        moved += [head[0::2], head[1::2]]
    return torch.cat(moved)
""",
    ),
    Alternative(
        name="permutation-matrix",
        description="A product with a matrix of zeros and ones.",
        code="""def pairs_to_halves(weight, n_heads):
    d = weight.shape[0] // n_heads
    one_head = torch.zeros(d, d, dtype=weight.dtype)
    for i in range(d // 2):
        one_head[i, 2 * i] = 1
        one_head[i + d // 2, 2 * i + 1] = 1
    return torch.block_diag(*[one_head] * n_heads) @ weight
""",
    ),
    Alternative(
        name="view-and-swap",
        description="As in scripts that convert files: view, transpose, reshape.",
        code="""def pairs_to_halves(w, n_heads):
    dim1, dim2 = w.shape
    return w.view(n_heads, dim1 // n_heads // 2, 2, dim2).transpose(1, 2).reshape(dim1, dim2)
""",
    ),
]

_RIGHT = """def pairs_to_halves(weight, n_heads):
    d_head = weight.shape[0] // n_heads
    heads = weight.reshape(n_heads, d_head, -1)
    moved = torch.cat([heads[:, 0::2], heads[:, 1::2]], dim=1)
    return moved.reshape(weight.shape)
"""

_mistake = partial(made_in, _RIGHT, see="02_rotary_positions: Exercise 4: from one layout to the other")

MISTAKES = [
    _mistake(
        "the-other-way",
        "You go from halves to pairs. Asked for is the way from pairs to halves: even rows first, then odd ones.",
        (
            "torch.cat([heads[:, 0::2], heads[:, 1::2]], dim=1)",
            "heads.reshape(n_heads, 2, d_head // 2, -1).transpose(1, 2)",
        ),
    ),
    _mistake(
        "heads-ignored",
        "You sort the even and odd rows of the whole matrix, across heads. The rows of a head stay together: permute within each head.",
        ("weight.reshape(n_heads, d_head, -1)", "weight.reshape(1, n_heads * d_head, -1)"),
    ),
    _mistake(
        "columns",
        "You permute the columns. They belong to the input and stay where they are; the features of a head are rows.",
        (
            "    heads = weight.reshape(n_heads, d_head, -1)\n    moved = torch.cat([heads[:, 0::2], heads[:, 1::2]], dim=1)\n",
            "    moved = torch.cat([weight[:, 0::2], weight[:, 1::2]], dim=1)\n",
        ),
        ("    d_head = weight.shape[0] // n_heads\n", ""),
    ),
    _mistake(
        "odd-rows-first",
        "You put the odd rows first. The even ones come first: they are the first members of the planes.",
        ("[heads[:, 0::2], heads[:, 1::2]]", "[heads[:, 1::2], heads[:, 0::2]]"),
    ),
    _mistake(
        "as-it-was",
        "Your rows are where they were. A `reshape` there and back moves nothing; the members of the planes must change places.",
        ("torch.cat([heads[:, 0::2], heads[:, 1::2]], dim=1)", "heads"),
    ),
    _mistake(
        "as-many-rows-as-heads",
        "You have exchanged the number of heads and the width of a head: the heads come first, each with its d rows.",
        ("weight.reshape(n_heads, d_head, -1)", "weight.reshape(d_head, n_heads, -1)"),
    ),
    _mistake(
        "heads-that-alternate",
        "You take row h, h + heads, h + 2 heads ... for head h. The rows of a head lie one behind the other.",
        ("weight.reshape(n_heads, d_head, -1)", "weight.reshape(d_head, n_heads, -1).transpose(0, 1)"),
    ),
    _mistake(
        "only-the-first-head",
        "Only your first head is permuted; the others stay in the pairs layout.",
        (
            "    moved = torch.cat([heads[:, 0::2], heads[:, 1::2]], dim=1)\n",
            "    first = torch.cat([heads[:1, 0::2], heads[:1, 1::2]], dim=1)\n    moved = torch.cat([first, heads[1:]])\n",
        ),
    ),
    _mistake(
        "members-transposed-with-heads",
        "You move the even rows of all heads to the front, and the odd rows of all heads behind them. Each head keeps its place.",
        (
            "    moved = torch.cat([heads[:, 0::2], heads[:, 1::2]], dim=1)\n",
            "    moved = torch.cat([heads[:, 0::2], heads[:, 1::2]])\n",
        ),
    ),
    _mistake(
        "second-half-reversed",
        "Your odd rows come in reversed order. Row 2i + 1 goes to the place i + d/2.",
        ("heads[:, 1::2]]", "heads[:, 1::2].flip(1)]"),
    ),
    _mistake(
        "transposed",
        "You return the matrix transposed. Its shape stays: one row for each feature of the output.",
        ("moved.reshape(weight.shape)", "moved.reshape(weight.shape).T"),
    ),
    _mistake(
        "shape-lost",
        "You return a tensor with a dimension for the heads. Bring it back to the shape of the weight.",
        ("return moved.reshape(weight.shape)", "return moved"),
    ),
    _mistake(
        "input-changed",
        "You write into the weight that you were given, and read rows that have been overwritten already where they overlap. Make a new "
        "tensor.",
        (
            "    return moved.reshape(weight.shape)\n",
            "    weight.copy_(moved.reshape(weight.shape))\n    return weight\n",
        ),
    ),
]
