"""Answers to exercise 1 of 02_self_attention: scaled dot-product attention weights."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="einsum",
        description="einsum, and the scale as a power.",
        code="""def attention_weights(queries, keys):
    scores = torch.einsum("...qd,...kd->...qk", queries, keys) * keys.size(-1) ** -0.5
    return F.softmax(scores, dim=-1)
""",
    ),
    Alternative(
        name="sdpa-identity",
        description="F.scaled_dot_product_attention over the identity matrix.",
        code="""def attention_weights(queries, keys):
    n = keys.shape[-2]
    values = torch.eye(n, dtype=keys.dtype, device=keys.device).expand(*keys.shape[:-2], n, n)
    return F.scaled_dot_product_attention(queries, keys, values)
""",
    ),
    Alternative(
        name="both-scaled",
        description="The fourth root on queries and on keys; the softmax written out.",
        code="""def attention_weights(queries, keys):
    root = keys.shape[-1] ** 0.25
    s = torch.matmul(queries / root, (keys / root).swapaxes(-2, -1))
    e = (s - s.max(-1, keepdim=True)[0]).exp()
    return e / e.sum(-1, keepdim=True)
""",
    ),
    Alternative(
        name="module-softmax",
        description="nn.Softmax and a width taken from the queries.",
        code="""def attention_weights(queries: torch.Tensor, keys: torch.Tensor) -> torch.Tensor:
    d_k = torch.tensor(queries.shape[-1], dtype=queries.dtype)
    scores = queries @ keys.mT
    return nn.Softmax(dim=-1)(scores / torch.sqrt(d_k))
""",
    ),
]

_RIGHT = """def attention_weights(queries, keys):
    scores = queries @ keys.mT
    scores = scores / math.sqrt(keys.shape[-1])
    return torch.softmax(scores, dim=-1)
"""

_mistake = partial(made_in, _RIGHT, see="02_self_attention: Exercise 1: scaled dot-product attention weights")

MISTAKES = [
    _mistake(
        "not-scaled",
        "Your weights are what comes out when the scores are not divided by the square root of the "
        "key width: too sure of themselves.",
        ("scores / math.sqrt(keys.shape[-1])", "scores"),
    ),
    _mistake(
        "scaled-by-number-of-keys",
        "Your scores are divided by the square root of the NUMBER of keys. The variance of a dot "
        "product grows with the number of its terms, which is the width of the keys, the last "
        "dimension.",
        ("keys.shape[-1]", "keys.shape[-2]"),
    ),
    _mistake(
        "scaled-by-first-dimension",
        "Your scores are divided by the square root of `shape[0]`, which is the number of keys or "
        "the batch size. The width of the keys is the last dimension.",
        ("keys.shape[-1]", "keys.shape[0]"),
    ),
    _mistake(
        "scaled-without-root",
        "Your scores are divided by the key width itself; the square root is missing, so the weights are too even.",
        ("math.sqrt(keys.shape[-1])", "keys.shape[-1]"),
    ),
    _mistake(
        "multiplied",
        "Your scores are multiplied by the square root of the key width instead of being divided by it.",
        ("scores / math", "scores * math"),
    ),
    _mistake(
        "scaled-after-softmax",
        "You divided after the softmax, so your rows no longer sum to one. It is the scores that should be divided.",
        ("    scores = scores / math.sqrt(keys.shape[-1])\n", ""),
        ("torch.softmax(scores, dim=-1)", "torch.softmax(scores, dim=-1) / math.sqrt(keys.shape[-1])"),
    ),
    _mistake(
        "softmax-over-queries",
        "Your softmax runs over the queries. Each query shares out its attention among the keys, "
        "which are the last dimension.",
        ("dim=-1", "dim=-2"),
    ),
    _mistake(
        "softmax-over-dimension-one",
        "Your softmax runs along `dim=1`, which holds the keys only when there is no batch. Count "
        "from the end: `dim=-1`.",
        ("dim=-1", "dim=1"),
    ),
    _mistake(
        "roles-swapped",
        "Your rows belong to the keys and your columns to the queries: the factors of the matrix product are swapped.",
        ("queries @ keys.mT", "keys @ queries.mT"),
    ),
    _mistake(
        "batch-turned-over",
        "You transpose the keys correctly only where there is no batch. Transpose the last two dimensions, counted "
        "from the end: `transpose(-2, -1)` or `.mT`.",
        ("keys.mT", "keys.transpose(0, 1)"),
    ),
    _mistake(
        "three-dimensions-only",
        "`transpose(1, 2)` is right for a batch and for nothing else; with heads, or with one "
        "sentence alone, it exchanges other dimensions.",
        ("keys.mT", "keys.transpose(1, 2)"),
    ),
    _mistake(
        "overflow",
        "Your softmax breaks for large scores, because e^1000 is too large for a computer. "
        "`torch.softmax` subtracts the largest score first.",
        ("torch.softmax(scores, dim=-1)", "scores.exp() / scores.exp().sum(dim=-1, keepdim=True)"),
    ),
    _mistake(
        "causal-already",
        "Your weights hide the future. That comes in the next notebook; here every query may look at every key.",
        ("(scores, dim", "(scores.masked_fill(torch.ones(scores.shape[-2:]).triu(1) > 0, -torch.inf), dim"),
    ),
    _mistake(
        "queries-changed",
        "Your function divides the caller's queries in place. Use `/`, which makes a new tensor, rather than `/=`.",
        ("    scores = scores / math.sqrt(keys.shape[-1])\n", ""),
        ("    scores = queries", "    queries /= math.sqrt(keys.shape[-1])\n    scores = queries"),
    ),
    _mistake(
        "scores-clamped",
        "You clamp the scores, so that all that lie beyond the limit become alike. Nothing has to be clamped: a "
        "softmax that takes the largest score off first cannot overflow.",
        ("(scores, dim=-1)", "(scores.clamp(-80, 80), dim=-1)"),
    ),
]
