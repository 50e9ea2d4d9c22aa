"""Linear layers and embeddings whose weights have 8 or 4 bits, while they compute in bfloat16 ("weight-only quantisation").

On a CPU torch multiplies them as they are; elsewhere, or where torch lacks the operation, they are unpacked for each product.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

GROUP = 32  # weights in a row that share a scale and a zero, as in a Q4_1 block
_ALIGN = 64  # bytes of a line of a processor's cache
_TILE = 16  # torch packs 4-bit outputs by this many

_int8_product = getattr(torch, "_weight_int8pack_mm", None)  # since torch 2.3
_int4_product: Any = getattr(torch.ops.aten, "_weight_int4pack_mm_for_cpu", None)  # since torch 2.6
_int4_packed: Any = getattr(torch.ops.aten, "_convert_weight_to_int4pack_for_cpu", None)


Empty = Callable[..., Tensor]  # torch.empty, or `Together.empty`


class Int8Linear(nn.Module):
    """A linear layer without bias: a signed byte for each weight, a scale for each output ("absmax").

    Args:
        weight: (out, in), int8.
        scale: (out,), bfloat16.
    """

    weight: Tensor
    scale: Tensor

    def __init__(self, weight: Tensor, scale: Tensor) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("scale", scale)

    @classmethod
    def of(cls, outputs: int, rows: Iterable[Tensor], empty: Empty = torch.empty) -> Int8Linear:
        """The layer for a float weight that comes in pieces of some rows, each (rows, in), `outputs` rows together."""
        layer: Int8Linear | None = None
        end = 0
        for part in rows:
            if layer is None:
                layer = cls(empty((outputs, part.shape[1]), dtype=torch.int8), empty((outputs,), dtype=torch.bfloat16))
            start, end = end, end + len(part)
            # The scale is rounded first, so that the bytes fit what they are multiplied by.
            scale = (part.abs().amax(dim=1).float() / 127).clamp(min=1e-12).bfloat16()
            layer.scale[start:end] = scale
            layer.weight[start:end] = (part.float() / scale.float()[:, None]).round().clamp(-127, 127)
        if layer is None or end != outputs:
            raise ValueError(f"there should be {outputs} rows, not {end}")
        return layer

    def forward(self, x: Tensor) -> Tensor:
        """(..., in) → (..., out), bfloat16 both."""
        if _int8_product is None or x.device.type != "cpu":
            return F.linear(x, self.weight.to(x.dtype)) * self.scale
        rows = x.reshape(-1, x.shape[-1])
        return cast(Tensor, _int8_product(rows, self.weight, self.scale)).view(*x.shape[:-1], -1)


class Int8Embedding(nn.Module):
    """Looks vectors up in the weights of a head, which are those of the embedding.

    Args:
        head: an output head with a row for each token.
    """

    def __init__(self, head: Int8Linear) -> None:
        super().__init__()
        self.head = head

    def forward(self, ids: Tensor) -> Tensor:
        """Ids (...) → vectors (..., in), bfloat16."""
        return self.head.weight[ids].to(torch.bfloat16) * self.head.scale[ids].unsqueeze(-1)


class Int4Linear(nn.Module):
    """A linear layer without bias: 4 bits for each weight, and for each 32 of a row a scale and a minimum.

    A weight is code * scale + minimum; scale and minimum are kept in bfloat16.

    Args:
        codes: 0 to 15, (out, in), uint8; `in` is a multiple of 32, `out` of 16.
        scale: (out, in / 32).
        minimum: likewise.
        empty: makes room for what is kept.

    Raises:
        ValueError: the sizes are no such multiples.
    """

    packed: Tensor
    scale_zero: Tensor

    def __init__(self, codes: Tensor, scale: Tensor, minimum: Tensor, empty: Empty = torch.empty) -> None:
        super().__init__()
        outputs, inputs = codes.shape
        if outputs % _TILE or inputs % GROUP:
            raise ValueError(f"4 bits need {_TILE} * n outputs and {GROUP} * n inputs, not {outputs} and {inputs}")
        # torch's zero is the value of code 8.
        pairs = torch.stack([scale.float(), minimum.float() + 8 * scale.float()], dim=-1)
        scale_zero = empty((inputs // GROUP, outputs, 2), dtype=torch.bfloat16).copy_(pairs.transpose(0, 1))
        self.register_buffer("scale_zero", scale_zero)
        self._fast = _int4_packed is not None and codes.device.type == "cpu"
        packed = _int4_packed(codes.int(), 1) if self._fast else codes[:, ::2] << 4 | codes[:, 1::2]
        self.register_buffer("packed", empty(packed.shape, dtype=torch.uint8).copy_(packed))

    @classmethod
    def of(cls, weight: Tensor, empty: Empty = torch.empty) -> Int4Linear:
        """The layer for a float weight, (out, in): codes that span the range of each 32."""
        groups = weight.float().view(len(weight), -1, GROUP)
        minimum = groups.amin(dim=-1)
        scale = ((groups.amax(dim=-1) - minimum) / 15).clamp(min=1e-12)
        codes = ((groups - minimum.unsqueeze(-1)) / scale.unsqueeze(-1)).round().clamp(0, 15)
        return cls(codes.flatten(1).to(torch.uint8), scale, minimum, empty)

    def forward(self, x: Tensor) -> Tensor:
        """(..., in) → (..., out), bfloat16 both."""
        if not self._fast:
            return F.linear(x, self._unpacked().to(x.dtype))
        if x.device.type != "cpu":
            raise ValueError("these 4-bit weights were packed for a CPU: load the model for it, or in bfloat16")
        rows = x.reshape(-1, x.shape[-1])
        found = cast(Tensor, _int4_product(rows, self.packed, GROUP, self.scale_zero))
        return found.view(*x.shape[:-1], -1)

    def _unpacked(self) -> Tensor:
        codes = torch.stack([self.packed >> 4, self.packed & 15], dim=-1).flatten(1)
        scale, zero = self.scale_zero.float().transpose(0, 1).unsqueeze(-1).unbind(2)
        return ((codes.view(len(codes), -1, GROUP).float() - 8) * scale + zero).flatten(1)


class Together:
    """One allocation for the weights of many layers.

    Layers are made one after the other from numbers in float32, and each time what stays would lie between what goes: without this,
    half as much memory again would be taken and not be used.

    Args:
        size: bytes; what no longer fits is allocated by itself.
    """

    def __init__(self, size: int) -> None:
        self._free = torch.empty(size, dtype=torch.uint8)

    def empty(self, shape: Sequence[int], *, dtype: torch.dtype) -> Tensor:
        """Room for a tensor, as `torch.empty` makes it."""
        size = math.prod(shape) * dtype.itemsize
        if size > len(self._free):
            return torch.empty(shape, dtype=dtype)
        place = self._free[:size].view(dtype).view(shape)
        self._free = self._free[-(-size // _ALIGN) * _ALIGN :]
        return place
