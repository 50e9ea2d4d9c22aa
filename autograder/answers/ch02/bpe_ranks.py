"""Answers to exercise 6 of 04_byte_pair_encoding: your merges in a real engine."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="one-list",
        description="All tokens in one list, numbered.",
        code="""def bpe_ranks(merges):
    tokens = [bytes([b]) for b in range(256)] + [a + b for a, b in merges]
    return {token: rank for rank, token in enumerate(tokens)}
""",
    ),
    Alternative(
        name="zip",
        description="dict and zip.",
        code="""def bpe_ranks(merges):
    ranks = dict(zip((bytes([b]) for b in range(256)), range(256)))
    ranks.update(zip(map(b"".join, merges), range(256, 256 + len(merges))))
    return ranks
""",
    ),
    Alternative(
        name="union",
        description="Two dictionaries joined; bytes by int.to_bytes.",
        code="""def bpe_ranks(merges: list[tuple[bytes, bytes]]) -> dict[bytes, int]:
    single = {number.to_bytes(1, "big"): number for number in range(0x100)}
    learned = {pair[0] + pair[1]: 0x100 + number for number, pair in enumerate(merges)}
    return single | learned
""",
    ),
    Alternative(
        name="pairs-of-ids",
        description="Merges as pairs of ids on the way.",
        code="""def bpe_ranks(merges):
    ids = {bytes([value]): value for value in range(256)}
    made = {}
    for left, right in merges:
        made[ids[left], ids[right]] = 256 + len(made)
        ids[left + right] = made[ids[left], ids[right]]
    return ids
""",
    ),
]

_RIGHT = """def bpe_ranks(merges):
    ranks = {bytes([value]): value for value in range(256)}
    for k, (left, right) in enumerate(merges):
        ranks[left + right] = 256 + k
    return ranks
"""

_mistake = partial(made_in, _RIGHT, see="04_byte_pair_encoding: Exercise 6: your merges in a real engine")

MISTAKES = [
    _mistake(
        "bytes-missing",
        "Your dictionary has no single bytes. Without them the engine cannot read a text: ranks 0 to 255 are theirs.",
        ("{bytes([value]): value for value in range(256)}", "{}"),
    ),
    _mistake(
        "one-byte-missing",
        "Your dictionary lacks the last byte, 255: `range(255)` ends at 254.",
        ("range(256)", "range(255)"),
    ),
    _mistake(
        "merges-missing",
        "Your dictionary has the single bytes only. Each merge's token belongs in as well.",
        ("    for k, (left, right) in enumerate(merges):\n        ranks[left + right] = 256 + k\n", ""),
    ),
    _mistake(
        "ranks-from-zero",
        "Your merges are numbered from 0, where the single bytes are. The first merge has rank 256.",
        ("256 + k", "k"),
    ),
    _mistake(
        "one-rank-too-large",
        "Your merges begin at rank 257. The bytes are 0 to 255, so the first merge has rank 256.",
        ("256 + k", "257 + k"),
    ),
    _mistake(
        "last-merge-first",
        "Your ranks run backwards: the last merge has the lowest. What was learned first has the lowest rank.",
        ("enumerate(merges)", "enumerate(reversed(merges))"),
    ),
    _mistake(
        "pairs-for-tokens",
        "Your keys are pairs. The engine knows tokens, that is the two parts glued together.",
        ("ranks[left + right]", "ranks[left, right]"),
    ),
    _mistake(
        "parts-exchanged",
        "Your tokens have their parts in the wrong order: left plus right.",
        ("ranks[left + right]", "ranks[right + left]"),
    ),
    _mistake(
        "tokens-sorted",
        "Your merges are numbered in the order of the alphabet. Their own order is what counts: it decides what is merged first.",
        ("enumerate(merges)", "enumerate(sorted(merges))"),
    ),
    _mistake(
        "the-other-way-round",
        "Your dictionary goes from ranks to tokens. The engine wants the rank of each token.",
        ("return ranks", "return {rank: token for token, rank in ranks.items()}"),
    ),
    _mistake(
        "texts-for-bytes",
        "Your keys are texts. A token may be half a character, so the keys are bytes.",
        ("return ranks", 'return {token.decode("latin-1"): rank for token, rank in ranks.items()}'),
    ),
]
