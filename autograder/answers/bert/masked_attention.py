"""Answers to exercise 3 of 02_embeddings_and_attention: attention with a mask."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="einsum-and-additive-mask",
        description="einsum, the mask added as a large negative number, softmax by hand.",
        code="""def attention(queries, keys, values, hidden=None):
    scores = torch.einsum("...td,...sd->...ts", queries, keys) * keys.shape[-1] ** -0.5
    if hidden is not None:
        scores = scores + torch.zeros_like(scores).masked_fill(hidden, torch.finfo(scores.dtype).min)
    powers = (scores - scores.amax(dim=-1, keepdim=True)).exp()
    weights = powers / powers.sum(dim=-1, keepdim=True)
    return torch.einsum("...ts,...se->...te", weights, values), weights
""",
    ),
    Alternative(
        name="torch-kernel",
        description="F.scaled_dot_product_attention, the weights as the context of an identity matrix.",
        code="""def attention(queries, keys, values, hidden=None):
    shape = torch.broadcast_shapes(queries.shape[:-2], keys.shape[:-2]) + (queries.shape[-2], keys.shape[-2])
    allowed = None if hidden is None else ~hidden.expand(shape)
    identity = torch.eye(keys.shape[-2], dtype=keys.dtype).expand(*keys.shape[:-2], -1, -1)
    weights = F.scaled_dot_product_attention(queries, keys, identity, attn_mask=allowed)
    return F.scaled_dot_product_attention(queries, keys, values, attn_mask=allowed), weights
""",
    ),
    Alternative(
        name="scaled-queries-and-where",
        description="Queries scaled beforehand, torch.where with -1e9, a log-softmax.",
        code="""def attention(queries, keys, values, hidden=None):
    q = queries.div(math.sqrt(queries.size(-1)))
    s = torch.matmul(q, keys.mT)
    if hidden is not None:
        s = torch.where(hidden, torch.full_like(s, -1e9), s)
    w = torch.log_softmax(s, -1).exp()
    return [torch.matmul(w, values), w]
""",
    ),
]

_RIGHT = """def attention(queries, keys, values, hidden=None):
    d_k = keys.shape[-1]
    scores = queries @ keys.transpose(-2, -1)
    scores = scores / d_k**0.5
    if hidden is not None:
        scores = scores.masked_fill(hidden, float("-inf"))
    weights = scores.softmax(dim=-1)
    context = weights @ values
    return context, weights
"""

_mistake = partial(made_in, _RIGHT, see="02_embeddings_and_attention: Exercise 3: attention with a mask")

_HIDE = '        scores = scores.masked_fill(hidden, float("-inf"))\n'
MISTAKES = [
    _mistake(
        "no-scale",
        "Your scores are not divided by the root of the width of the keys.",
        ("    scores = scores / d_k**0.5\n", ""),
    ),
    _mistake(
        "scaled-by-the-width",
        "You divide by the width itself. It is its square root.",
        ("d_k**0.5", "d_k"),
    ),
    _mistake(
        "scaled-by-the-values",
        "You take the width of the values. It is that of queries and keys that counts.",
        ("d_k = keys.shape[-1]", "d_k = values.shape[-1]"),
    ),
    _mistake(
        "scaled-by-the-length",
        "You divide by the root of the number of tokens. It is the width of the keys that counts.",
        ("d_k = keys.shape[-1]", "d_k = keys.shape[-2]"),
    ),
    _mistake(
        "causal-mask-kept",
        "You hide the future. BERT looks in both directions: only what `hidden` says is hidden.",
        (
            "    if hidden",
            '    future = torch.ones_like(scores).triu(1).bool()\n    scores = scores.masked_fill(future, float("-inf"))\n'
            "    if hidden",
        ),
    ),
    _mistake(
        "mask-ignored",
        "Your mask is not used, so padding is looked at.",
        (_HIDE, "        pass\n"),
    ),
    _mistake(
        "mask-thrown-away",
        "`masked_fill` gives a new tensor and leaves the old one as it is. Keep its result.",
        (_HIDE, _HIDE.replace("scores = ", "")),
    ),
    _mistake(
        "mask-turned-over",
        "You hide what may be looked at. True means hidden here.",
        ("masked_fill(hidden,", "masked_fill(~hidden,"),
    ),
    _mistake(
        "mask-after-the-softmax",
        "You hide after the softmax, so that the rows do not sum to 1 any more. Hide the scores, before it.",
        (
            "    if hidden is not None:\n" + _HIDE + "    weights = scores.softmax(dim=-1)\n",
            "    weights = scores.softmax(dim=-1)\n    if hidden is not None:\n        weights = weights.masked_fill(hidden, 0.0)\n",
        ),
    ),
    _mistake(
        "scores-multiplied",
        "You multiply the hidden scores by zero. A score of 0 is not hidden: its weight is e⁰ = 1 before division. Fill in "
        "minus infinity.",
        (_HIDE, "        scores = scores * ~hidden\n"),
    ),
    _mistake(
        "hidden-by-a-small-number",
        "You fill in a number that large scores can reach. Fill in minus infinity.",
        ('float("-inf")', "-5.0"),
    ),
    _mistake(
        "softmax-over-the-queries",
        "Your softmax goes over the queries. The weights of one query sum to 1: `dim=-1`.",
        ("softmax(dim=-1)", "softmax(dim=-2)"),
    ),
    _mistake(
        "no-softmax",
        "The softmax is missing.",
        ("scores.softmax(dim=-1)", "scores"),
    ),
    _mistake(
        "one-result",
        "You return the context only. The weights belong beside it.",
        ("return context, weights", "return context"),
    ),
    _mistake(
        "results-swapped",
        "You return the weights first. The context comes first.",
        ("return context, weights", "return weights, context"),
    ),
    _mistake(
        "scores-for-weights",
        "You return the scores in the place of the weights.",
        ("return context, weights", "return context, scores"),
    ),
    _mistake(
        "mask-needed",
        "Without a mask your function fails: `hidden` may be None.",
        ("    if hidden is not None:\n    ", ""),
    ),
    _mistake(
        "scores-turned-over",
        "You multiply keys by queries, so rows and columns of the scores have changed places.",
        ("queries @ keys.transpose(-2, -1)", "keys @ queries.transpose(-2, -1)"),
    ),
]
