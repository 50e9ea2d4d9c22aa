"""Answers to exercise 2 of 02_embeddings_and_attention: padding_mask."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="view",
        description="The comparison first, then a view.",
        code="""def padding_mask(ids):
    rows, length = ids.shape
    return torch.logical_not(ids).view(rows, 1, 1, length)
""",
    ),
    Alternative(
        name="loops",
        description="Plain Python lists, made a tensor at the end; 1 and 0.",
        code="""def padding_mask(ids):
    return torch.tensor([[[[1 if token == 0 else 0 for token in row]]] for row in ids.tolist()])
""",
    ),
    Alternative(
        name="nested-unsqueeze",
        description="Two dimensions first, the comparison last.",
        code="""def padding_mask(ids):
    PAD = 0
    return torch.unsqueeze(torch.unsqueeze(ids, 1), 1) == PAD
""",
    ),
]

_RIGHT = """def padding_mask(ids):
    mask = ids.eq(0)
    return mask.unsqueeze(1).unsqueeze(2)
"""

_mistake = partial(made_in, _RIGHT, see="02_embeddings_and_attention: Exercise 2: padding_mask")

MISTAKES = [
    _mistake(
        "turned-over",
        "Your mask is True at the tokens that may be looked at. Here True means hidden: `ids == 0`.",
        ("ids.eq(0)", "ids.ne(0)"),
    ),
    _mistake(
        "two-dimensions",
        "Your mask has the shape (B, T). Beside scores of shape (B, H, T, T) it needs two dimensions of size 1 in the "
        "middle.",
        ("mask.unsqueeze(1).unsqueeze(2)", "mask"),
    ),
    _mistake(
        "three-dimensions",
        "Your mask has the shape (B, 1, T). One more dimension is needed, for the heads.",
        (".unsqueeze(2)", ""),
    ),
    _mistake(
        "rows-hidden",
        "You hide the rows of padding, so padding does not look, and is looked at all the same. The tokens belong to the "
        "last dimension.",
        ("mask.unsqueeze(1).unsqueeze(2)", "mask.unsqueeze(1).unsqueeze(3)"),
    ),
    _mistake(
        "batch-behind",
        "Your batch is not the first dimension any more.",
        ("mask.unsqueeze(1).unsqueeze(2)", "mask[None, None]"),
    ),
    _mistake(
        "special-tokens-hidden",
        "You hide all special tokens. Only [PAD], id 0, is hidden.",
        ("ids.eq(0)", "ids.lt(5)"),
    ),
    _mistake(
        "unknown-words-hidden",
        "You hide [UNK], too. Only [PAD], id 0, is hidden.",
        ("ids.eq(0)", "ids.le(1)"),
    ),
    _mistake(
        "another-id",
        "You look for another id. [PAD] has the id 0.",
        ("ids.eq(0)", "ids.eq(3)"),
    ),
    _mistake(
        "causal-mask-kept",
        "You hide the future as well. BERT looks in both directions; only padding is hidden.",
        (
            "return mask.unsqueeze(1).unsqueeze(2)",
            "future = torch.ones(ids.shape[1], ids.shape[1]).triu(1).bool()\n    return mask.unsqueeze(1).unsqueeze(2) | future",
        ),
    ),
    _mistake(
        "pairs-of-tokens",
        "You hide rows and columns of padding, in the shape (B, 1, T, T). A row of which everything is hidden makes the "
        "softmax divide by zero; hide the columns only.",
        ("return mask.unsqueeze(1).unsqueeze(2)", "return (mask[:, :, None] | mask[:, None, :]).unsqueeze(1)"),
    ),
    _mistake(
        "first-row-for-all",
        "You use the padding of the first row for all rows. Each row has its own.",
        ("mask = ids.eq(0)", "mask = ids[:1].eq(0).expand(ids.shape)"),
    ),
    _mistake(
        "counted-from-the-end",
        "You count the tokens and hide the end of the row. Ask each token by itself: padding may stand anywhere.",
        ("mask = ids.eq(0)", "mask = torch.arange(ids.shape[1]) >= ids.ne(0).sum(dim=1, keepdim=True)"),
    ),
]
