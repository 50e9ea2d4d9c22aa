"""Answers to exercise 4 of 03_grouped_queries_and_cache: cache_bytes."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="meta-tensor",
        description="A tensor without memory, of the shape of the cache, is asked for its bytes.",
        code="""def cache_bytes(cfg, length, batch_size=1, dtype=torch.float16):
    shape = (cfg["n_layers"], 2, batch_size, cfg["n_kv_heads"], length, cfg["d"] // cfg["n_heads"])
    return torch.empty(shape, dtype=dtype, device="meta").nbytes
""",
    ),
    Alternative(
        name="layer-by-layer",
        description="Added up layer by layer, keys and values apart, bits from finfo and iinfo.",
        code="""def cache_bytes(cfg, length, batch_size=1, dtype=torch.float16):
    info = torch.finfo(dtype) if dtype.is_floating_point else torch.iinfo(dtype)
    width = int(cfg["d"] / cfg["n_heads"])
    bits = 0
    for _layer in range(cfg["n_layers"]):
        for _part in ("keys", "values"):
            bits += batch_size * cfg["n_kv_heads"] * length * width * info.bits
    return bits // 8
""",
    ),
    Alternative(
        name="by-token",
        description="math.prod of the factors of one token, times the tokens; the element size of a small tensor.",
        code="""def cache_bytes(cfg, length, batch_size=1, dtype=torch.float16):
    size = torch.zeros(1, dtype=dtype).element_size()
    one_token = math.prod([2, cfg["n_layers"], cfg["d"], cfg["n_kv_heads"], size]) // cfg["n_heads"]
    return length * batch_size * one_token
""",
    ),
]

_RIGHT = """def cache_bytes(cfg, length, batch_size=1, dtype=torch.float16):
    d_head = cfg["d"] // cfg["n_heads"]
    total = 2 * cfg["n_layers"] * cfg["n_kv_heads"] * d_head
    total = total * length * batch_size
    return total * dtype.itemsize
"""

_mistake = partial(made_in, _RIGHT, see="03_grouped_queries_and_cache: Exercise 4: the memory of the cache")

MISTAKES = [
    _mistake(
        "keys-only",
        "You count keys or values. The cache has both: a factor of two.",
        ("total = 2 * cfg", "total = cfg"),
    ),
    # Also what comes out with n_kv_heads in both places: either way the heads have the full width together.
    _mistake(
        "nothing-shared",
        "You count the full width d in each layer, as if no head were shared. There are n_kv_heads heads, each of width d / n_heads.",
        ('cfg["n_kv_heads"]', 'cfg["n_heads"]'),
    ),
    _mistake(
        "full-width-per-head",
        "You give each head the full width d. A head has d / n_heads of it.",
        ('cfg["d"] // cfg["n_heads"]', 'cfg["d"]'),
    ),
    _mistake(
        "one-layer",
        "You count one layer. Each layer has a cache of its own.",
        ('cfg["n_layers"] * ', ""),
    ),
    _mistake(
        "batch-forgotten",
        "You forget the batch: each text has a cache of its own.",
        ("length * batch_size", "length"),
    ),
    _mistake(
        "always-two-bytes",
        "You always count two bytes for a number. It depends on the dtype: `dtype.itemsize`.",
        ("dtype.itemsize", "2"),
    ),
    _mistake(
        "always-four-bytes",
        "You count four bytes for each number, as in `float32`. It depends on the dtype: `dtype.itemsize`.",
        ("dtype.itemsize", "4"),
    ),
    _mistake(
        "numbers-not-bytes",
        "You return how many numbers there are. Each takes `dtype.itemsize` bytes.",
        (" * dtype.itemsize", ""),
    ),
    _mistake(
        "bits",
        "You return bits. A byte has 8 of them.",
        ("dtype.itemsize", "dtype.itemsize * 8"),
    ),
    _mistake(
        "mebibytes",
        "You return MiB. The function is asked for bytes.",
        ("total * dtype.itemsize", "total * dtype.itemsize // 2**20"),
    ),
    _mistake(
        "float",
        "Your result is a float. Divide whole numbers with `//`.",
        ('cfg["d"] // cfg["n_heads"]', 'cfg["d"] / cfg["n_heads"]'),
    ),
    _mistake(
        "square-of-the-length",
        "Your memory grows with the square of the length. That is so for the scores; the cache has one key and one value per token.",
        ("length * batch_size", "length**2 * batch_size"),
    ),
    _mistake(
        "one-head",
        "You count one head of keys and values per layer, as if it were multi-query attention.",
        (' * cfg["n_kv_heads"]', ""),
    ),
]
