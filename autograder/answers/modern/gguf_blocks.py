"""Answers to exercise 5 of 04_quantisation: reading GGUF's blocks."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, Equivalent, made_in

ALTERNATIVES = [
    Alternative(
        name="numpy",
        description="Records of numpy, with the layout written down once for each kind.",
        code="""import numpy as np

Q8_0 = np.dtype([("scale", "<f2"), ("codes", "i1", 32)])
Q4_1 = np.dtype([("scale", "<f2"), ("low", "<f2"), ("pairs", "u1", 16)])


def read_q8_0(raw):
    records = np.ascontiguousarray(raw.numpy()).view(Q8_0)
    numbers = records["scale"].astype(np.float32)[..., None] * records["codes"]
    return torch.from_numpy(numbers.astype(np.float32).reshape(len(raw), -1))


def read_q4_1(raw):
    records = np.ascontiguousarray(raw.numpy()).view(Q4_1)
    codes = np.concatenate([records["pairs"] & 15, records["pairs"] >> 4], axis=-1).astype(np.float32)
    scale, low = (records[name].astype(np.float32)[..., None] for name in ("scale", "low"))
    return torch.from_numpy((scale * codes + low).reshape(len(raw), -1))
""",
    ),
    Alternative(
        name="struct",
        description="Python's struct, one block after the other.",
        code="""import struct


def each_block(raw, size, read):
    rows = [bytes(row) for row in raw.tolist()]
    return torch.tensor([[x for at in range(0, len(row), size) for x in read(row[at : at + size])] for row in rows])


def read_q8_0(raw):
    def block(data):
        scale, *codes = struct.unpack("<e32b", data)
        return [scale * code for code in codes]

    return each_block(raw, 34, block)


def read_q4_1(raw):
    def block(data):
        scale, minimum, *pairs = struct.unpack("<ee16B", data)
        return [scale * code + minimum for code in [p % 16 for p in pairs] + [p // 16 for p in pairs]]

    return each_block(raw, 20, block)
""",
    ),
    Alternative(
        name="one-helper",
        description="All blocks as one long list, float16 put together by a helper; shapes restored in the end.",
        code="""def half(two_bytes):
    return two_bytes.contiguous().view(torch.float16).to(torch.float32)


def read_q8_0(raw):
    blocks = raw.reshape(-1, 34)
    numbers = half(blocks[:, :2]) * blocks[:, 2:].contiguous().view(torch.int8).float()
    return numbers.reshape(raw.shape[0], -1)


def read_q4_1(raw):
    blocks = raw.reshape(-1, 20)
    scale_and_minimum, pairs = half(blocks[:, :4]), blocks[:, 4:]
    numbers = torch.empty(len(blocks), 32)
    numbers[:, :16], numbers[:, 16:] = pairs % 16, pairs // 16
    numbers = scale_and_minimum[:, :1] * numbers + scale_and_minimum[:, 1:]
    return numbers.reshape(raw.shape[0], -1)
""",
    ),
    Alternative(
        name="signs-by-hand",
        description="Codes of Q8_0 as whole numbers from which 256 is taken where the sign bit is set.",
        code="""def read_q8_0(raw):
    rows, width = raw.shape
    blocks = raw.view(rows, width // 34, 34)
    scales = blocks[:, :, :2].view(torch.float16).double()
    codes = blocks[:, :, 2:].long()
    codes = torch.where(codes > 127, codes - 256, codes)
    return (scales * codes).float().view(rows, -1)


def read_q4_1(raw):
    rows, width = raw.shape
    blocks = raw.view(rows, width // 20, 20)
    scales, minima = blocks[:, :, :4].view(torch.float16).double().split(1, dim=-1)
    halves = [(blocks[:, :, 4:] >> shift) & 15 for shift in (0, 4)]
    return (scales * torch.cat(halves, -1) + minima).float().view(rows, -1)
""",
    ),
]

_RIGHT = """def read_q8_0(raw):
    parts = raw.unflatten(-1, (-1, 34))
    scale = parts[..., :2].view(torch.float16).float()
    codes = parts[..., 2:].view(torch.int8)
    return (scale * codes).flatten(1)


def read_q4_1(raw):
    blocks = raw.unflatten(-1, (-1, 20))
    step = blocks[..., :2].view(torch.float16).float()
    minimum = blocks[..., 2:4].view(torch.float16).float()
    low, high = blocks[..., 4:] % 16, blocks[..., 4:] // 16
    return (step * torch.cat([low, high], dim=-1) + minimum).flatten(1)
"""

_mistake = partial(made_in, _RIGHT, see="04_quantisation: Exercise 5: the blocks of a real file")

MISTAKES = [
    _mistake(
        "codes-without-sign",
        "You read the codes of Q8_0 as `uint8`, so that -1 becomes 255. Look at the same bytes as `torch.int8`.",
        ("parts[..., 2:].view(torch.int8)", "parts[..., 2:]"),
    ),
    _mistake(
        "neighbouring-nibbles",
        "You put the two codes of a byte side by side. GGUF has the first 16 codes of a block in the low nibbles, the last 16 "
        "in the high ones.",
        ("torch.cat([low, high], dim=-1)", "torch.stack([low, high], dim=-1).flatten(-2)"),
    ),
    _mistake(
        "nibbles-swapped",
        "You take the high nibbles as the first 16 codes. The low ones come first.",
        ("torch.cat([low, high], dim=-1)", "torch.cat([high, low], dim=-1)"),
    ),
    _mistake(
        "scale-and-minimum-swapped",
        "You take scale and minimum in the wrong order. A block of Q4_1 begins with the scale, the minimum comes second.",
        ("step = blocks[..., :2]", "step = blocks[..., 2:4]"),
        ("minimum = blocks[..., 2:4]", "minimum = blocks[..., :2]"),
    ),
    _mistake(
        "minimum-subtracted",
        "You subtract the minimum. Numbers are scale times code *plus* minimum.",
        (" + minimum)", " - minimum)"),
    ),
    _mistake(
        "minimum-forgotten",
        "You leave the minimum out, as if the block were of a kind without one. Add it.",
        (" + minimum)", ")"),
    ),
    _mistake(
        "minimum-as-zero-point",
        "You take the minimum for a zero point, in steps: scale times (code + minimum). Here it is added after the "
        "multiplication.",
        ("(step * torch.cat([low, high], dim=-1) + minimum)", "(step * (torch.cat([low, high], dim=-1) + minimum))"),
    ),
    _mistake(
        "centred-codes",
        "You take 8 away from the codes, as the kind Q4_0 wants it. Q4_1 has a minimum instead: its codes are 0 to 15.",
        ("torch.cat([low, high], dim=-1)", "(torch.cat([low, high], dim=-1).float() - 8)"),
    ),
    _mistake(
        "bfloat16",
        "You look at the two bytes as `bfloat16`. GGUF's scales are `float16`.",
        ("parts[..., :2].view(torch.float16)", "parts[..., :2].view(torch.bfloat16)"),
        ("blocks[..., :2].view(torch.float16)", "blocks[..., :2].view(torch.bfloat16)"),
        ("blocks[..., 2:4].view(torch.float16)", "blocks[..., 2:4].view(torch.bfloat16)"),
    ),
    _mistake(
        "bytes-swapped",
        "You read the two bytes of a `float16` in the wrong order. The byte of least worth comes first; `view` does it so.",
        ("parts[..., :2].view(torch.float16)", "parts[..., :2].flip(-1).view(torch.float16)"),
        ("blocks[..., :2].view(torch.float16)", "blocks[..., :2].flip(-1).view(torch.float16)"),
        ("blocks[..., 2:4].view(torch.float16)", "blocks[..., 2:4].flip(-1).view(torch.float16)"),
    ),
    _mistake(
        "converted-instead-of-viewed",
        "You convert bytes into numbers with `.to`, or take one byte as the scale. The two bytes *together* are one "
        "`float16`: `view(torch.float16)`.",
        ("parts[..., :2].view(torch.float16).float()", "parts[..., :1].to(torch.float16).float()"),
        ("blocks[..., :2].view(torch.float16).float()", "blocks[..., :1].to(torch.float16).float()"),
        ("blocks[..., 2:4].view(torch.float16).float()", "blocks[..., 2:3].to(torch.float16).float()"),
    ),
    _mistake(
        "computed-in-float16",
        "You compute the numbers of Q4_1 in `float16`, which rounds each product and each sum to 11 bits, and convert "
        "afterwards. Make scale and minimum `float32` first.",
        ("step = blocks[..., :2].view(torch.float16).float()", "step = blocks[..., :2].view(torch.float16)"),
        ("minimum = blocks[..., 2:4].view(torch.float16).float()", "minimum = blocks[..., 2:4].view(torch.float16)"),
        (" + minimum).flatten(1)", " + minimum).flatten(1).float()"),
    ),
    _mistake(
        "scales-first",
        "You take all scales of a row from its beginning, as if they stood together. Each block has its own scale right "
        "before its codes.",
        (
            "    parts = raw.unflatten(-1, (-1, 34))\n    scale = parts[..., :2].view(torch.float16).float()\n"
            "    codes = parts[..., 2:].view(torch.int8)\n",
            "    count = raw.shape[-1] // 34\n"
            "    scale = raw[..., : 2 * count].contiguous().view(torch.float16).float().unsqueeze(-1)\n"
            "    codes = raw[..., 2 * count :].contiguous().view(torch.int8).unflatten(-1, (-1, 32))\n",
        ),
    ),
    _mistake(
        "not-unfolded",
        "You return the numbers folded into blocks. Unfold them: (rows, n).",
        ("(scale * codes).flatten(1)", "(scale * codes)"),
        (" + minimum).flatten(1)", " + minimum)"),
    ),
]

_MATRIX = "A matrix has two dimensions: the last one is number 1."

EQUIVALENTS = [
    Equivalent("blocks = raw.unflatten(-1, (-1, 34))", "- dropped", _MATRIX, nth=1),
    Equivalent("blocks = raw.unflatten(-1, (-1, 20))", "- dropped", _MATRIX, nth=1),
]
