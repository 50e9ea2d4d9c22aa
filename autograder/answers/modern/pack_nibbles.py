"""Answers to exercise 4 of 04_quantisation: two codes in one byte."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="arithmetic",
        description="Sums, remainders and quotients instead of bits.",
        code="""def pack_nibbles(codes):
    if ((codes < 0) | (codes > 15)).any():
        raise ValueError("a code is out of range")
    half = codes.shape[-1] // 2
    wide = codes.long()
    return (wide[..., :half] + 16 * wide[..., half:]).to(torch.uint8)


def unpack_nibbles(packed):
    return torch.cat((packed % 16, packed // 16), -1)
""",
    ),
    Alternative(
        name="folded",
        description="Both halves as a dimension of size two.",
        code="""def pack_nibbles(codes):
    if codes.amin() < 0 or codes.amax() >= 16:
        raise ValueError("codes need four bits")
    halves = codes.byte().unflatten(-1, (2, -1))
    return halves[..., 0, :] + halves[..., 1, :] * 16


def unpack_nibbles(packed):
    low = packed.bitwise_and(0x0F)
    high = packed.bitwise_right_shift(4)
    return torch.stack([low, high], dim=-2).flatten(-2)
""",
    ),
    Alternative(
        name="filled",
        description="Writes into tensors made for the result.",
        code="""def pack_nibbles(codes):
    for code in codes.flatten().tolist():
        if code not in range(16):
            raise ValueError(f"{code} needs more than four bits")
    half = codes.shape[-1] // 2
    packed = torch.empty(*codes.shape[:-1], half, dtype=torch.uint8)
    for j in range(half):
        packed[..., j] = codes[..., j].int() | codes[..., j + half].int() << 4
    return packed


def unpack_nibbles(packed):
    half = packed.shape[-1]
    codes = packed.new_empty(*packed.shape[:-1], 2 * half)
    codes[..., :half] = packed & 0b1111
    codes[..., half:] = packed >> 4
    return codes
""",
    ),
]

_RIGHT = """def pack_nibbles(codes):
    if codes.min() < 0 or codes.max() > 15:
        raise ValueError("a code does not fit into four bits")
    low, high = codes.to(torch.uint8).chunk(2, dim=-1)
    return low + 16 * high


def unpack_nibbles(packed):
    low, high = packed % 16, packed // 16
    return torch.cat([low, high], dim=-1)
"""

_mistake = partial(made_in, _RIGHT, see="04_quantisation: Exercise 4: two codes in one byte")

MISTAKES = [
    _mistake(
        "neighbours-share-a-byte",
        "You put neighbours into one byte. GGUF puts the first half of the codes into the low nibbles and the second half "
        "into the high ones.",
        (
            "low, high = codes.to(torch.uint8).chunk(2, dim=-1)",
            "low, high = codes.to(torch.uint8)[..., ::2], codes.to(torch.uint8)[..., 1::2]",
        ),
        ("torch.cat([low, high], dim=-1)", "torch.stack([low, high], dim=-1).flatten(-2)"),
    ),
    _mistake(
        "neighbours-unpacked",
        "You pack as GGUF does, but `unpack_nibbles` puts the two codes of a byte side by side. First come all low nibbles, "
        "then all high ones.",
        ("torch.cat([low, high], dim=-1)", "torch.stack([low, high], dim=-1).flatten(-2)"),
    ),
    _mistake(
        "neighbours-packed",
        "You unpack as GGUF does, but `pack_nibbles` puts neighbours into one byte. Code j shares its byte with code "
        "j + n / 2.",
        (
            "low, high = codes.to(torch.uint8).chunk(2, dim=-1)",
            "low, high = codes.to(torch.uint8)[..., ::2], codes.to(torch.uint8)[..., 1::2]",
        ),
    ),
    _mistake(
        "nibbles-swapped",
        "You put the first half of the codes into the high nibbles. They belong into the low ones.",
        ("low + 16 * high", "high + 16 * low"),
        ("torch.cat([low, high], dim=-1)", "torch.cat([high, low], dim=-1)"),
    ),
    _mistake(
        "high-nibbles-packed-first",
        "`pack_nibbles` puts the first half of the codes into the high nibbles, and `unpack_nibbles` does not. They belong "
        "into the low ones.",
        ("low + 16 * high", "high + 16 * low"),
    ),
    _mistake(
        "high-nibbles-unpacked-first",
        "`unpack_nibbles` gives the high nibbles first. The first half of the codes is in the low ones.",
        ("torch.cat([low, high], dim=-1)", "torch.cat([high, low], dim=-1)"),
    ),
    _mistake(
        "overflow-in-the-given-dtype",
        "You multiply by 16 before you convert. Codes that come as `int8` overflow: 15 times 16 is 240, and `int8` ends at "
        "127. The bytes must be `uint8` in any case.",
        ("codes.to(torch.uint8).chunk(2, dim=-1)", "codes.chunk(2, dim=-1)"),
    ),
    _mistake(
        "ten-for-sixteen",
        "You take 10 where a nibble has 16 values: that is right for decimal digits, not for nibbles.",
        ("low + 16 * high", "low + 10 * high"),
        ("packed % 16, packed // 16", "packed % 10, packed // 10"),
    ),
    _mistake(
        "shifted-by-three",
        "You multiply by 8, a shift by three bits. A nibble has four: 16.",
        ("low + 16 * high", "low + 8 * high"),
        ("packed % 16, packed // 16", "packed % 8, packed // 8"),
    ),
    _mistake(
        "fifteen-for-sixteen",
        "You calculate with 15, the largest code. The high nibble counts sixteens, because a nibble has 16 values.",
        ("low + 16 * high", "low + 15 * high"),
        ("packed % 16, packed // 16", "packed % 15, packed // 15"),
    ),
    _mistake(
        "true-division",
        "You divide with `/`, which gives fractions. The high nibble is the whole part: `//`, or a shift by four bits.",
        ("packed // 16", "packed / 16"),
    ),
    _mistake(
        "high-nibble-not-shifted",
        "Your high nibbles are still worth sixteen times too much: `& 240` cuts them out, but leaves them where they are. "
        "Shift by four bits.",
        ("packed // 16", "packed & 240"),
    ),
    _mistake(
        "first-dimension-cut",
        "You cut the first dimension in the middle. The codes of a block lie along the last one: `dim=-1`.",
        ("chunk(2, dim=-1)", "chunk(2)"),
    ),
    _mistake(
        "joined-along-the-first",
        "You join the halves along the first dimension. The codes of a block lie along the last one: `dim=-1`.",
        ("torch.cat([low, high], dim=-1)", "torch.cat([low, high])"),
    ),
    _mistake(
        "nothing-checked",
        "A code above 15 or below 0 spills into its neighbour, and you let it. Raise a `ValueError`.",
        (
            '    if codes.min() < 0 or codes.max() > 15:\n        raise ValueError("a code does not fit into four bits")\n',
            "",
        ),
    ),
    _mistake(
        "negative-codes-allowed",
        "You look at the largest code only. A code below 0 does not fit either.",
        ("codes.min() < 0 or codes.max() > 15", "codes.max() > 15"),
    ),
    _mistake(
        "sixteen-allowed",
        "You let the code 16 pass. Four bits end at 15.",
        ("codes.max() > 15", "codes.max() > 16"),
    ),
    _mistake(
        "silently-clamped",
        "You clamp codes that do not fit. The exercise wants a `ValueError`: whoever passes such codes has made a mistake, "
        "and should hear of it.",
        (
            '    if codes.min() < 0 or codes.max() > 15:\n        raise ValueError("a code does not fit into four bits")\n',
            "    codes = codes.clamp(0, 15)\n",
        ),
    ),
]
