"""Multiplying one row by many matrices, on a CPU: bound by reading the matrices from memory, so all threads should read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import ClassVar, cast
from weakref import WeakKeyDictionary

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Row = Callable[[Tensor], Tensor]  # (rows, in) → (rows, out)

# Weights of more bytes than this do not stay in a processor's cache from one step to the next.
_CACHED = 2**26


def for_rows(model: nn.Module) -> Callable[[nn.Module], Row]:
    """What gives, for a linear layer of the model or whatever stands in its place, the fastest way to put few rows through it.

    Args:
        model: its weights must not be replaced meanwhile.
    """
    streamed = _bytes(model.parameters()) > _CACHED

    def one(layer: nn.Module) -> Row:
        if type(layer) is nn.Linear and layer.weight.device.type == "cpu":
            if layer.weight.dtype == torch.float32:
                return _Sliced(layer, streamed)
            if layer.weight.dtype == torch.bfloat16 and _can_pack():
                return _Packed(layer)
        return layer

    return one


def _bytes(parameters: Iterable[Tensor]) -> int:
    return sum(value.numel() * value.element_size() for value in parameters)


class _Sliced:
    """A float32 linear layer whose outputs are computed in slices, one for each thread.

    BLAS reads the weight of an `nn.Linear` with one thread where there is one row. The slices are views: nothing is copied.
    Of the two orders of the product, one is faster from memory, the other from the cache.
    """

    def __init__(self, linear: nn.Linear, streamed: bool) -> None:
        slices = torch.get_num_threads()
        weight, bias = linear.weight.detach(), linear.bias
        even = linear.out_features - linear.out_features % slices
        biases = (weight.new_zeros(even) if bias is None else bias.detach()[:even]).view(slices, -1, 1)
        parts = weight[:even].view(slices, -1, linear.in_features)
        self._weight, self._bias = (parts, biases) if streamed else (parts.mT, biases.mT)
        self._streamed = streamed
        self._rest = None if even == len(weight) else (weight[even:], None if bias is None else bias.detach()[even:])

    def __call__(self, x: Tensor) -> Tensor:
        """(rows, in) → (rows, out)."""
        each = x.expand(len(self._weight), -1, -1)
        if self._streamed:
            found = torch.baddbmm(self._bias, self._weight, each.mT).permute(2, 0, 1).flatten(1)
        else:
            found = torch.baddbmm(self._bias, each, self._weight).transpose(0, 1).flatten(1)
        return found if self._rest is None else torch.cat([found, F.linear(x, *self._rest)], dim=-1)


@cache
def _can_pack() -> bool:
    """Whether oneDNN is here and multiplies in bfloat16 natively."""
    return hasattr(torch.ops.mkldnn, "_reorder_linear_weight") and bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


class _Packed:
    """A bfloat16 linear layer whose weight is copied into the order in which oneDNN reads it: otherwise each step puts it into that order.

    The copy is kept as long as the layer and its weight stay as they are.
    """

    _kept: ClassVar[WeakKeyDictionary[nn.Linear, tuple[Tensor, int, Tensor]]] = WeakKeyDictionary()

    def __init__(self, linear: nn.Linear) -> None:
        weight, version, packed = self._kept.get(linear, (None, 0, torch.empty(0)))
        if weight is not linear.weight or version != weight._version:
            weight = linear.weight
            packed = torch.ops.mkldnn._reorder_linear_weight(weight.detach(), 1)
            self._kept[linear] = weight, weight._version, packed
        self._weight, self._bias = packed, linear.bias

    def __call__(self, x: Tensor) -> Tensor:
        """(rows, in) → (rows, out)."""
        return cast(Tensor, torch.ops.mkldnn._linear_pointwise(x, self._weight, self._bias, "none", [], ""))
