"""How values look in the messages of assertions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from llmkit.i18n import gettext as _


def indented(tensor: torch.Tensor, digits: str) -> str:
    """A whole tensor, on lines of its own; `digits` is a format."""
    return "\n    " + rows(tensor, digits).replace("\n", "\n    ")


def rows(tensor: torch.Tensor, digits: str) -> str:
    """A whole tensor, one line per row of its last dimension."""
    if tensor.dim() == 0:
        return number(tensor, digits)
    if tensor.dim() == 1:
        return "[" + ", ".join(number(value, digits) for value in tensor) + "]"
    return "\n".join(rows(row, digits) for row in tensor)


def digits_apart(got: torch.Tensor, expected: torch.Tensor) -> str:
    """The shortest format in which two numbers look different."""
    formats = (".4f", ".6f", ".8f", ".10g")
    return next((digits for digits in formats if number(got, digits) != number(expected, digits)), ".17g")


def number(value: torch.Tensor, digits: str) -> str:
    """One element; whole numbers and truth values as they are."""
    element = value.item()
    return format(element, digits) if isinstance(element, (float, complex)) else str(element)


def shape_of(shape: Sequence[int]) -> str:
    """A shape as Python writes a tuple."""
    return str(tuple(shape))


def short(dtype: torch.dtype) -> str:
    """A dtype without `torch.`."""
    return str(dtype).removeprefix("torch.")


def show(value: Any) -> str:
    """A value as Python writes it, shortened if long."""
    text = repr(value)
    return text if len(text) <= 300 else text[:300] + " ..."


def what_is(value: Any) -> str:
    """Describes what came back, when it is not what was expected."""
    if value is None:
        return _("None (is a `return` missing?)")
    if isinstance(value, torch.Tensor):
        return _("a tensor of shape {shape}").format(shape=shape_of(value.shape))
    return show(value)
