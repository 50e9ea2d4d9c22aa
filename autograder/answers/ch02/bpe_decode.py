"""Answers to exercise 5 of 04_byte_pair_encoding: decode."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="bytearray",
        description="Bytes collected one token at a time.",
        code="""def bpe_decode(ids, merges):
    data = bytearray()
    for i in ids:
        if i < 256:
            data.append(i)
        else:
            left, right = merges[i - 256]
            data += left + right
    return str(data, encoding="utf-8", errors="replace")
""",
    ),
    Alternative(
        name="dictionary",
        description="A dictionary from id to bytes.",
        code="""def bpe_decode(ids: list[int], merges: list[tuple[bytes, bytes]]) -> str:
    table = dict(enumerate([bytes((b,)) for b in range(256)]))
    for merge in merges:
        table[len(table)] = b"".join(merge)
    return b"".join(map(table.__getitem__, ids)).decode(errors="replace")
""",
    ),
    Alternative(
        name="incremental",
        description="An incremental decoder, token by token.",
        code="""import codecs

def bpe_decode(ids, merges):
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    text = ""
    for i in ids:
        text += decoder.decode(bytes([i]) if i < 256 else b"".join(merges[i - 256]))
    return text + decoder.decode(b"", final=True)
""",
    ),
    Alternative(
        name="pairs-of-ids",
        description="Each token as the ids of its two parts, spelled out by recursion.",
        code="""def bpe_decode(ids, merges):
    number = {bytes([value]): value for value in range(256)}
    parts = {}
    for left, right in merges:
        parts[256 + len(parts)] = number[left], number[right]
        number[left + right] = 255 + len(parts)

    def spelled(token):
        if token < 256:
            return bytes([token])
        left, right = parts[token]
        return spelled(left) + spelled(right)

    return b"".join(map(spelled, ids)).decode("utf-8", errors="replace")
""",
    ),
]

_RIGHT = """def bpe_decode(ids, merges):
    tokens = {value: bytes([value]) for value in range(256)}
    for k, (left, right) in enumerate(merges):
        tokens[256 + k] = left + right
    data = b"".join(tokens[number] for number in ids)
    return data.decode("utf-8", errors="replace")
"""

_mistake = partial(made_in, _RIGHT, see="04_byte_pair_encoding: Exercise 5: decode")

_DATA = """    data = b"".join(tokens[number] for number in ids)
    return data.decode("utf-8", errors="replace")"""

MISTAKES = [
    _mistake(
        "each-token-alone",
        "Your `bpe_decode` decodes each token by itself. A character may be spread over several tokens: join all bytes first, decode once.",
        (_DATA, '    return "".join(tokens[number].decode("utf-8", errors="replace") for number in ids)'),
    ),
    _mistake(
        "raises-at-half-characters",
        'Your `bpe_decode` raises when the bytes are no UTF-8, which a model can write at any time. Decode with `errors="replace"`.',
        (', errors="replace"', ""),
    ),
    _mistake(
        "broken-bytes-ignored",
        'Your `bpe_decode` drops broken bytes silently. With `errors="replace"` the reader sees that something is missing.',
        ('"replace"', '"ignore"'),
    ),
    _mistake(
        "broken-bytes-escaped",
        'Your `bpe_decode` writes broken bytes as `\\xc3`. With `errors="replace"` they become the replacement character.',
        ('"replace"', '"backslashreplace"'),
    ),
    _mistake(
        "latin-1",
        "Your `bpe_decode` takes each byte for a character. The bytes are UTF-8, in which `é` has two.",
        ('.decode("utf-8", errors="replace")', '.decode("latin-1")'),
    ),
    _mistake(
        "spaces-between",
        "Your `bpe_decode` puts spaces between the tokens. The spaces of the text are in the tokens already.",
        ('b"".join', 'b" ".join'),
    ),
    _mistake(
        "white-space-trimmed",
        "Your `bpe_decode` takes white space off the ends. It belongs to the text.",
        ('errors="replace")', 'errors="replace").strip()'),
    ),
    _mistake(
        "parts-exchanged",
        "Your tokens have their parts in the wrong order: left plus right.",
        ("left + right", "right + left"),
    ),
    _mistake(
        "one-id-too-large",
        "Your tokens begin at 257. The bytes are 0 to 255, so the first merge makes token 256.",
        ("256 + k", "257 + k"),
    ),
    _mistake(
        "merges-unknown",
        "Your `bpe_decode` knows the single bytes only. From 256 upward an id is the token of a merge.",
        ("    for k, (left, right) in enumerate(merges):\n        tokens[256 + k] = left + right\n", ""),
        ("tokens[number] for number in ids", 'tokens.get(number, b"") for number in ids'),
    ),
    _mistake(
        "bytes-for-a-text",
        "Your `bpe_decode` returns bytes. The text is their decoded form.",
        ('data.decode("utf-8", errors="replace")', "data"),
    ),
]
