"""Answers to exercise 1 of 03_grouped_queries_and_cache: repeat_heads."""

from __future__ import annotations

from autograder.answers import Alternative, Mistake

ALTERNATIVES = [
    Alternative(
        name="expand-reshape",
        description="A new dimension, expanded without a copy, joined by reshape.",
        code="""def repeat_heads(x, times):
    B, heads, T, width = x.shape
    return x[:, :, None].expand(B, heads, times, T, width).reshape(B, heads * times, T, width)
""",
    ),
    Alternative(
        name="index",
        description="Heads chosen by a list of their numbers.",
        code="""def repeat_heads(x, times):
    return x[:, torch.arange(x.shape[1] * times) // times]
""",
    ),
    Alternative(
        name="stack-flatten",
        description="Copies stacked behind the heads, and flattened.",
        code="""def repeat_heads(x, times):
    return torch.stack([x] * times, dim=2).flatten(1, 2)
""",
    ),
    Alternative(
        name="list-of-heads",
        description="A list of single heads, joined by cat.",
        code="""def repeat_heads(x, times):
    heads = []
    for head in x.split(1, dim=1):
        heads += [head] * times
    return torch.cat(heads, dim=1)
""",
    ),
    Alternative(
        name="einsum",
        description="An outer product with ones.",
        code="""def repeat_heads(x, times):
    return torch.einsum("bhtd,r->bhrtd", x, torch.ones(times, dtype=x.dtype)).flatten(1, 2)
""",
    ),
]


def _mistake(name: str, explanation: str, result: str) -> Mistake:
    code = f"def repeat_heads(x, times):\n    B, heads, T, width = x.shape\n    return {result}\n"
    return Mistake(name, explanation, code, "03_grouped_queries_and_cache: Exercise 1: repeat the heads")


MISTAKES = [
    _mistake(
        "in-turn",
        "Your heads come in turn: a, b, a, b. Neighbours share a head: a, a, b, b. `repeat` goes through all heads "
        "again and again, `repeat_interleave` stays at each.",
        "x.repeat(1, times, 1, 1)",
    ),
    _mistake(
        "expanded-before-the-heads",
        "Your new dimension stands before the heads, so the copies come in turn: a, b, a, b. Put it behind them: `x[:, :, None]`.",
        "x[:, None].expand(B, times, heads, T, width).flatten(1, 2).contiguous()",
    ),
    _mistake(
        "no-dimension",
        "`repeat_interleave` without `dim` flattens everything first. The heads are dimension 1.",
        "x.repeat_interleave(times)",
    ),
    _mistake(
        "tokens-repeated",
        "You repeat the tokens. The heads are dimension 1, the tokens dimension 2.",
        "x.repeat_interleave(times, dim=2)",
    ),
    _mistake(
        "batch-repeated",
        "You repeat the texts of the batch. The heads are dimension 1.",
        "x.repeat_interleave(times, dim=0)",
    ),
    _mistake(
        "features-repeated",
        "You repeat the numbers inside each head. The heads are dimension 1.",
        "x.repeat_interleave(times, dim=-1)",
    ),
    _mistake(
        "poured-into-the-shape",
        "You repeat the tokens, then ask for the final shape: it fits, but the heads hold wrong tokens. "
        "Repeat along the heads, dimension 1.",
        "x.repeat_interleave(times, dim=2).reshape(B, heads * times, T, width)",
    ),
    _mistake(
        "features-poured-into-heads",
        "You repeat the numbers inside each head, then ask for the final shape: it fits, but the numbers of a head are mixed. "
        "Repeat along the heads, dimension 1.",
        "x.repeat_interleave(times, dim=-1).reshape(B, heads * times, T, width)",
    ),
    _mistake(
        "once-too-often",
        "Each head comes once too often: `times` counts the head itself.",
        "x.repeat_interleave(times + 1, dim=1)",
    ),
    _mistake(
        "groups-not-joined",
        "Your groups are a dimension of their own. Join the heads and their copies to one: `flatten(1, 2)`.",
        "x[:, :, None].expand(B, heads, times, T, width)",
    ),
    _mistake(
        "number-of-heads-for-times",
        "You repeat each head as often as there are heads. `times` says how often.",
        "x.repeat_interleave(heads, dim=1)",
    ),
    _mistake(
        "shared-out",
        "You divide by the number of copies. Each query head gets the head as it is.",
        "x.repeat_interleave(times, dim=1) / times",
    ),
    _mistake(
        "not-repeated",
        "Your heads come back as they were: nothing is repeated.",
        "x",
    ),
    _mistake(
        "graph-cut",
        "Your copies are cut from the graph, so no gradient reaches x, and keys and values would never learn.",
        "x.detach().repeat_interleave(times, dim=1)",
    ),
]
