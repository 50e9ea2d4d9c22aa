"""Answers to exercise 3 of 03_grouped_queries_and_cache: attend_with_cache."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="sdpa",
        description="F.scaled_dot_product_attention with enable_gqa and a boolean mask of where one may look.",
        code="""def attend_with_cache(queries, keys, values, cache=None, base=10_000.0):
    P, T = (0 if cache is None else cache[0].size(2)), queries.size(2)
    where = torch.arange(P, P + T)
    q, k, v = rotate(queries, where, base), rotate(keys, where, base), values
    if cache is not None:
        k = torch.cat((cache[0], k), dim=2)
        v = torch.cat((cache[1], v), dim=2)
    may_look = torch.ones(T, P + T, dtype=torch.bool).tril(P)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=may_look, enable_gqa=True), (k, v)
""",
    ),
    Alternative(
        name="empty-cache-first",
        description="An empty cache in place of None, a mask by comparing positions, -1e30, groups as a dimension in einsum.",
        code="""def attend_with_cache(queries, keys, values, cache=None, base=10_000.0):
    if cache is None:
        cache = keys[:, :, :0], values[:, :, :0]
    start = cache[0].shape[-2]
    places = torch.arange(start + keys.shape[-2])
    mine = places[start:]
    all_keys = torch.cat([cache[0], rotate(keys, mine, base)], dim=-2)
    all_values = torch.cat([cache[1], values], dim=-2)
    grouped = rotate(queries, mine, base).unflatten(1, (keys.shape[1], -1))
    scores = torch.einsum("bgrid,bgjd->bgrij", grouped, all_keys) * keys.shape[-1] ** -0.5
    scores = torch.where(places[None, :] > mine[:, None], -1e30, scores)
    contexts = torch.einsum("bgrij,bgjd->bgrid", scores.softmax(-1), all_values)
    return contexts.flatten(1, 2), (all_keys, all_values)
""",
    ),
    Alternative(
        name="token-by-token",
        description="One new token after the other; the rotation written with sine and cosine; no mask at all.",
        code="""def attend_with_cache(queries, keys, values, cache=None, base=10_000.0):
    past = [] if cache is None else [cache]
    start = 0 if cache is None else cache[0].shape[2]
    half = keys.shape[-1] // 2

    def turn(x, place):
        angle = place / base ** (torch.arange(half).double() / half)
        cos, sin = torch.cos(angle), torch.sin(angle)
        a, b = x[..., :half], x[..., half:]
        return torch.cat([a * cos - b * sin, b * cos + a * sin], dim=-1).to(x.dtype)

    k = torch.cat([one[0] for one in past] + [turn(keys[:, :, t : t + 1], start + t) for t in range(keys.shape[2])], dim=2)
    v = torch.cat([one[1] for one in past] + [values], dim=2)
    times = queries.shape[1] // keys.shape[1]
    results = []
    for t in range(queries.shape[2]):
        q = turn(queries[:, :, t : t + 1], start + t)
        seen_keys = k[:, :, : start + t + 1].repeat_interleave(times, dim=1)
        seen_values = v[:, :, : start + t + 1].repeat_interleave(times, dim=1)
        weights = F.softmax(q @ seen_keys.mT / math.sqrt(q.shape[-1]), dim=-1)
        results.append(weights @ seen_values)
    return torch.cat(results, dim=2), (k, v)
""",
    ),
    Alternative(
        name="preallocated",
        description="New tensors of the full length that are filled, an additive mask, one group of heads after the other.",
        code="""def attend_with_cache(queries, keys, values, cache=None, base=10_000.0):
    batch, kv_heads, new, width = keys.shape
    before = 0 if cache is None else cache[0].shape[2]
    store = [x.new_zeros(batch, kv_heads, before + new, width) for x in (keys, values)]
    where = torch.arange(before, before + new)
    for part, fresh, full in zip(cache or (None, None), (rotate(keys, where, base), values), store):
        if part is not None:
            full[:, :, :before] = part
        full[:, :, before:] = fresh
    penalty = torch.full((new, before + new), float("-inf"), dtype=queries.dtype).triu(before + 1)
    contexts = torch.empty_like(queries)
    size = queries.shape[1] // kv_heads
    turned = rotate(queries, where, base) / width**0.5
    for group in range(kv_heads):
        mine = slice(group * size, (group + 1) * size)
        scores = turned[:, mine] @ store[0][:, group, None].transpose(-2, -1)
        contexts[:, mine] = torch.softmax(scores + penalty, dim=-1) @ store[1][:, group, None]
    return contexts, tuple(store)
""",
    ),
]

_RIGHT = """def attend_with_cache(queries, keys, values, cache=None, base=10_000.0):
    past = 0 if cache is None else cache[0].shape[2]
    new = queries.shape[2]
    positions = torch.arange(past, past + new)
    queries = rotate(queries, positions, base)
    keys = rotate(keys, positions, base)
    if cache is not None:
        keys = torch.cat([cache[0], keys], dim=2)
        values = torch.cat([cache[1], values], dim=2)
    grown = (keys, values)
    times = queries.shape[1] // keys.shape[1]
    keys = keys.repeat_interleave(times, dim=1)
    values = values.repeat_interleave(times, dim=1)
    scores = queries @ keys.transpose(2, 3)
    scores = scores / math.sqrt(queries.shape[-1])
    future = torch.ones(new, past + new, dtype=torch.bool).triu(past + 1)
    scores = scores.masked_fill(future, -torch.inf)
    contexts = scores.softmax(dim=-1) @ values
    return contexts, grown
"""

_SEE = "03_grouped_queries_and_cache: Exercise 3: the KV cache"
_GROUPS = "03_grouped_queries_and_cache: Exercise 1: repeat the heads"

_MASK = """    future = torch.ones(new, past + new, dtype=torch.bool).triu(past + 1)
    scores = scores.masked_fill(future, -torch.inf)
"""

_mistake = partial(made_in, _RIGHT, see=_SEE)

MISTAKES = [
    _mistake(
        "positions-from-zero",
        "Your new tokens stand at position 0, 1, ... again. With P tokens in the cache they stand at P, P + 1, ...",
        ("torch.arange(past, past + new)", "torch.arange(new)"),
    ),
    _mistake(
        "positions-one-too-far",
        "Your new tokens stand one place too far: with P tokens in the cache, the next position is P, since positions begin at 0.",
        ("torch.arange(past, past + new)", "torch.arange(past, past + new) + (past > 0)"),
    ),
    _mistake(
        "positions-stop-before-the-last",
        "You take the position of the last token in the cache, P - 1, for the first new one. It is P.",
        ("torch.arange(past, past + new)", "torch.arange(past, past + new) - (past > 0)"),
    ),
    _mistake(
        "query-position-zero",
        "Your queries are rotated as if the new tokens stood at 0, 1, ..., your keys by their places. Both have the same positions.",
        ("rotate(queries, positions, base)", "rotate(queries, positions - past, base)"),
    ),
    _mistake(
        "cache-rotated-again",
        "You rotate the keys of the cache once more. They are rotated already; only the new ones are not.",
        ("    keys = rotate(keys, positions, base)\n", ""),
        (
            "    grown = (keys, values)\n",
            "    keys = rotate(keys, torch.arange(past + new), base)\n    grown = (keys, values)\n",
        ),
    ),
    _mistake(
        "keys-kept-unrotated",
        "Your cache has the new keys as they came. It holds rotated keys.",
        (
            "    keys = rotate(keys, positions, base)\n",
            "    plain = keys\n    keys = rotate(keys, positions, base)\n",
        ),
        (
            "    grown = (keys, values)\n",
            "    grown = (plain if cache is None else torch.cat([cache[0], plain], dim=2), values)\n",
        ),
    ),
    _mistake(
        "keys-not-rotated",
        "You rotate the queries only. The new keys are rotated too.",
        ("    keys = rotate(keys, positions, base)\n", ""),
    ),
    _mistake(
        "queries-not-rotated",
        "You rotate the keys only. The queries are rotated too.",
        ("    queries = rotate(queries, positions, base)\n", ""),
    ),
    _mistake(
        "values-rotated",
        "You rotate the values. Positions belong into queries and keys only.",
        (
            "    if cache is not None:\n",
            "    values = rotate(values, positions, base)\n    if cache is not None:\n",
        ),
    ),
    _mistake(
        "base-forgotten",
        "You rotate by the angles of base 10,000, whatever `base` says. Pass it on to `rotate`.",
        ("rotate(queries, positions, base)", "rotate(queries, positions)"),
        ("rotate(keys, positions, base)", "rotate(keys, positions)"),
    ),
    _mistake(
        "mask-not-shifted",
        "The triangle of your mask begins at column 0, so new tokens see hardly anything of the cache. "
        "It begins behind the P tokens of the cache: `triu(P + 1)`.",
        ("triu(past + 1)", "triu(1)"),
    ),
    _mistake(
        "is-causal",
        "`is_causal=True` begins its triangle at column 0, so new tokens see hardly anything of the cache. Give a mask.",
        (
            _MASK,
            "    fused = F.scaled_dot_product_attention(queries, keys, values, is_causal=True)\n",
        ),
        ("    contexts = scores.softmax(dim=-1) @ values\n", "    contexts = fused\n"),
    ),
    _mistake(
        "sdpa-mask-inverted",
        "In `F.scaled_dot_product_attention` a boolean mask says where a token MAY look; yours shows the future and hides the past.",
        ("    scores = scores.masked_fill(future, -torch.inf)\n", ""),
        (
            "    contexts = scores.softmax(dim=-1) @ values\n",
            "    contexts = F.scaled_dot_product_attention(queries, keys, values, attn_mask=future)\n",
        ),
    ),
    _mistake(
        "no-mask",
        "Your new tokens see those behind them. When several come at once, their future must be hidden.",
        (_MASK, ""),
    ),
    _mistake(
        "mask-without-cache-only",
        "You hide the future only where there is no cache. Several new tokens after a cache have a future as well.",
        (
            "    scores = scores.masked_fill(future, -torch.inf)\n",
            "    if cache is None:\n        scores = scores.masked_fill(future, -torch.inf)\n",
        ),
    ),
    _mistake(
        "diagonal-open",
        "Your mask begins one column too late: each new token sees the one behind it.",
        ("triu(past + 1)", "triu(past + 2)"),
    ),
    _mistake(
        "diagonal-hidden",
        "Your mask begins one column too early: a token does not see itself.",
        ("triu(past + 1)", "triu(past)"),
    ),
    _mistake(
        "cache-behind",
        "You put the new tokens before those of the cache. They come behind them.",
        ("[cache[0], keys]", "[keys, cache[0]]"),
        ("[cache[1], values]", "[values, cache[1]]"),
    ),
    _mistake(
        "cache-not-read",
        "Your new tokens see only each other: the cache is not read.",
        ("    if cache is not None:\n", "    if cache is not None and False:\n"),
        (
            "torch.ones(new, past + new, dtype=torch.bool).triu(past + 1)",
            "torch.ones(new, new, dtype=torch.bool).triu(1)",
        ),
    ),
    _mistake(
        "cache-not-grown",
        "You return the cache as it came, without the new tokens.",
        ("return contexts, grown", "return contexts, grown if cache is None else cache"),
    ),
    _mistake(
        "only-the-new-kept",
        "Your new cache holds the new tokens only. It holds all tokens that have been read.",
        ("return contexts, grown", "return contexts, tuple(part[:, :, past:] for part in grown)"),
    ),
    _mistake(
        "repeated-heads-kept",
        "Your cache holds repeated heads, and with them gives away the memory that grouping saves. "
        "Keep the pair before you repeat anything.",
        ("    grown = (keys, values)\n", ""),
        (
            "    scores = queries @ keys.transpose(2, 3)\n",
            "    grown = (keys, values)\n    scores = queries @ keys.transpose(2, 3)\n",
        ),
        see=_GROUPS,
    ),
    _mistake(
        "joined-along-the-heads",
        "You join the cache and the new tokens along the heads. The tokens are dimension 2.",
        ("[cache[0], keys], dim=2", "[cache[0], keys], dim=1"),
        ("[cache[1], values], dim=2", "[cache[1], values], dim=1"),
    ),
    _mistake(
        "keys-and-values-swapped",
        "Your cache has the values first. It is a pair of keys and values, in this order.",
        ("grown = (keys, values)", "grown = (values, keys)"),
    ),
    _mistake(
        "heads-in-turn",
        "Your heads are repeated in turn: a, b, a, b. Neighbouring query heads share a head: a, a, b, b.",
        ("keys = keys.repeat_interleave(times, dim=1)", "keys = keys.repeat(1, times, 1, 1)"),
        ("values = values.repeat_interleave(times, dim=1)", "values = values.repeat(1, times, 1, 1)"),
        see=_GROUPS,
    ),
    _mistake(
        "scores-not-scaled",
        "Your scores are not divided by the square root of the width of a head.",
        ("    scores = scores / math.sqrt(queries.shape[-1])\n", ""),
    ),
    _mistake(
        "scaled-without-root",
        "You divide by the width of a head itself; the square root is missing.",
        ("math.sqrt(queries.shape[-1])", "queries.shape[-1]"),
    ),
    _mistake(
        "scaled-by-length",
        "You divide by the square root of the number of tokens. The width of a head counts.",
        ("math.sqrt(queries.shape[-1])", "math.sqrt(keys.shape[2])"),
    ),
    _mistake(
        "softmax-over-queries",
        "Your softmax runs over the tokens that look. The weights of one token lie along the last dimension.",
        ("softmax(dim=-1)", "softmax(dim=-2)"),
    ),
    _mistake(
        "keys-for-values",
        "Your contexts are sums of keys. The weights say where to look; what is fetched from there are the values.",
        ("softmax(dim=-1) @ values", "softmax(dim=-1) @ keys"),
    ),
    _mistake(
        "context-only",
        "You return the contexts alone. The caller needs the new cache as well: `return contexts, (keys, values)`.",
        ("return contexts, grown", "return contexts"),
    ),
]

_PAST = "past, new = (0 if cache is None else cache[0].shape[2], queries.shape[2])"
_BOTH = "Keys and values of the cache are of the same tokens, so either of them says how many there are."

EQUIVALENTS = [
    Equivalent(_PAST, "0 → 1", _BOTH, nth=2),
    Equivalent(_PAST, "0 → -1", _BOTH, nth=2),
]
