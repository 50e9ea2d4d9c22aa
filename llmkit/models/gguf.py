"""Reads GGUF, the file format of llama.cpp: metadata, and tensors in blocks of few bits.

The `gguf` package reads them, too; it is not used because its reader takes seconds for a vocabulary, and Colab lacks it.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from llmkit.errors import WeightsError
from llmkit.i18n import gettext as _

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_TEXT, _ARRAY = 8, 9
# Numbers that the format's description gives to the kinds of blocks; only those with a value in _KINDS are read here.
_NAMES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 10: "Q2_K", 11: "Q3_K", 12: "Q4_K",
    13: "Q5_K", 14: "Q6_K", 15: "Q8_K", 30: "BF16",
}  # fmt: skip


def _q4_1_parts(blocks: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """20 bytes: float16 scale and minimum, 16 bytes with values 0 to 15 in their low halves, and 16 to 31 in their high ones."""
    packed = blocks[..., 4:]
    return torch.cat([packed & 15, packed >> 4], dim=-1), _half(blocks, 0), _half(blocks, 2)


def _q8_0(blocks: Tensor) -> Tensor:
    """34 bytes: a float16 scale, 32 signed bytes."""
    return _half(blocks, 0) * blocks[..., 2:].contiguous().view(torch.int8)


def _q4_1(blocks: Tensor) -> Tensor:
    codes, scale, minimum = _q4_1_parts(blocks)
    return codes * scale + minimum


def _half(blocks: Tensor, start: int) -> Tensor:
    return blocks[..., start : start + 2].contiguous().view(torch.float16).float()


@dataclass(frozen=True)
class _Kind:
    values: int  # in a block
    bytes: int  # of a block
    read: Callable[[Tensor], Tensor]


_KINDS = {
    "F32": _Kind(1, 4, lambda blocks: blocks.contiguous().view(torch.float32)),
    "F16": _Kind(1, 2, lambda blocks: _half(blocks, 0)),
    "Q8_0": _Kind(32, 34, _q8_0),
    "Q4_1": _Kind(32, 20, _q4_1),
}


@dataclass(frozen=True)
class GGUFTensor:
    """One tensor of a file.

    Attributes:
        name: llama.cpp's, such as "blk.0.attn_q.weight".
        shape: in torch's order: (out, in) for a matrix.
        kind: "F32", "F16", "Q8_0" or "Q4_1".
        raw: its bytes as they are in the file, uint8, (rows, bytes of a row); they are read when they are used.
    """

    name: str
    shape: tuple[int, ...]
    kind: str
    raw: Tensor

    def dequantised(self) -> Tensor:
        """The values, float32, of this shape."""
        return _KINDS[self.kind].read(self._blocks()).reshape(self.shape)

    def split(self, rows: int) -> Iterator[GGUFTensor]:
        """The matrix in pieces of so many rows; the last one may have fewer."""
        for raw in torch.split(self.raw, rows):
            yield GGUFTensor(self.name, (len(raw), *self.shape[1:]), self.kind, raw)

    def nibbles(self) -> tuple[Tensor, Tensor, Tensor]:
        """A Q4_1 matrix as it is: codes 0 to 15, (out, in), uint8, and for each 32 in a row a scale and a minimum, (out, in / 32)."""
        codes, scale, minimum = _q4_1_parts(self._blocks())
        return codes.flatten(1), scale.squeeze(-1), minimum.squeeze(-1)

    def _blocks(self) -> Tensor:
        return self.raw.view(len(self.raw), -1, _KINDS[self.kind].bytes)


@dataclass(frozen=True)
class GGUF:
    """A file's content.

    Attributes:
        metadata: sizes, tokens, merges and so on under llama.cpp's names, such as "llama.block_count".
        tensors: by name.
    """

    metadata: dict[str, Any]
    tensors: dict[str, GGUFTensor]


def read_gguf(path: Path | str) -> GGUF:
    """Reads a GGUF file (versions 2 and 3) with tensors of the kinds F32, F16, Q8_0 and Q4_1.

    Args:
        path: the file.

    Returns:
        Its metadata and tensors; the tensors' bytes are mapped, not copied.

    Raises:
        WeightsError: it is no GGUF file, is cut off, or has a tensor of another kind.
        FileNotFoundError: there is none.
    """
    path = Path(path)
    with path.open("rb") as opened:
        head = opened.read(8)
        if head[:4] != b"GGUF" or len(head) < 8 or struct.unpack("<I", head[4:])[0] not in (2, 3):
            told = _("{file} is no GGUF file of version 2 or 3. Remedy: llmkit data fetch smollm2 gives one that fits.")
            raise WeightsError(told.format(file=path))
        read = _Header(opened.read)
        try:
            tensors, entries = read.number("Q"), read.number("Q")
            metadata = {read.text(): read.value(read.number("I")) for _entry in range(entries)}
            places = [read.place() for _tensor in range(tensors)]
        except (struct.error, UnicodeDecodeError, KeyError, OverflowError, MemoryError) as error:
            raise _damaged(path) from error
        position = opened.tell()
    align = metadata.get("general.alignment", 32)
    if not isinstance(align, int) or align < 1:
        raise _damaged(path)
    start = -(-position // align) * align
    size = path.stat().st_size
    return GGUF(metadata, {place[0]: _tensor(path, size, start, *place) for place in places})


def _tensor(path: Path, size: int, start: int, name: str, shape: tuple[int, ...], code: int, at: int) -> GGUFTensor:
    label = _NAMES.get(code, str(code))
    kind = _KINDS.get(label)
    if kind is None:
        told = _(
            "{file}: {tensor} is stored as {kind}, and only {known} are read here. Remedy: take a file in Q4_1 or Q8_0."
        )
        raise WeightsError(told.format(file=path, tensor=name, kind=label, known=", ".join(_KINDS)))
    if not shape:
        raise _damaged(path)
    width = shape[-1] // kind.values * kind.bytes
    rows = math.prod(shape[:-1])
    begin = start + at
    if shape[-1] % kind.values or begin + rows * width > size:
        raise _damaged(path)
    # Each has a mapping of its own, so that what was read leaves the memory together with its tensor; "c" never writes to the file.
    mapped = np.memmap(path, np.uint8, mode="c", offset=begin, shape=(rows, width))
    return GGUFTensor(name, shape, label, torch.from_numpy(mapped))


def _damaged(path: Path) -> WeightsError:
    return WeightsError(_("{file} is damaged or cut off. Remedy: delete it and fetch it again.").format(file=path))


class _Header:
    """Reads what stands before the tensors: little-endian numbers, texts with their length, arrays with type and length."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read

    def number(self, code: str) -> Any:
        return struct.unpack(f"<{code}", self._read(struct.calcsize(f"<{code}")))[0]

    def text(self) -> str:
        length = self.number("Q")
        found = self._read(length)
        if len(found) < length:
            raise struct.error
        return found.decode()

    def value(self, kind: int) -> Any:
        if kind == _TEXT:
            return self.text()
        if kind == _ARRAY:
            inner, length = self.number("I"), self.number("Q")
            return [self.value(inner) for _item in range(length)]
        return self.number(_SCALARS[kind])

    def place(self) -> tuple[str, tuple[int, ...], int, int]:
        """Name, shape (the file has the innermost first), kind, offset."""
        name = self.text()
        shape = tuple(self.number("Q") for _dimension in range(self.number("I")))[::-1]
        return name, shape, self.number("I"), self.number("Q")
