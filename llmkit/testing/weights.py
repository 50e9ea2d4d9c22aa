"""Compares a module with an oracle on the module's own weights, whatever its attributes are called and however they are laid out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, permutations, product
from typing import Any

import torch

from llmkit.i18n import gettext as _
from llmkit.testing.asserts import assert_close, assert_finite, assert_shape
from llmkit.testing.probes import is_module

Shape = tuple[int, ...]
Slots = Mapping[str, Shape | list[Shape]]
View = list[torch.Tensor]

MOST_ASSIGNMENTS = 20_000


def assert_same_function(
    module: Any,
    oracle: Callable[..., torch.Tensor],
    slots: Slots,
    *inputs: Any,
    optional: Sequence[str] = (),
    heads: int = 1,
    rtol: float | None = None,
    atol: float | None = None,
) -> None:
    """Fails unless `module` computes what `oracle` computes, for some way to read the module's parameters into the oracle's weights.

    The comparison is made in eval mode and float64 (float32 where the module insists on it). Parameters may be separate or fused,
    `(in, out)` or `(out, in)`, stacked, or kept per head; names and order do not matter.

    Args:
        module: a fresh module of the student's.
        oracle: a function `oracle(*inputs, **weights)`.
        slots: the oracle's weights: shapes by keyword, matrices as in `x @ W`; a list of shapes asks for a list of weights.
        inputs: what both are called with.
        optional: slots that a module may leave out, such as biases; the oracle then gets zeros.
        heads: number of heads, where weights may be kept per head.
        rtol: relative tolerance, see `assert_close`.
        atol: absolute tolerance, see `assert_close`.

    Raises:
        AssertionError: it is no module, its parameters do not fit the slots, or its output differs.
    """
    if not is_module(module):
        raise AssertionError(
            _("The class should be a torch.nn.Module: does it derive from nn.Module and call super().__init__()?")
        )
    module.eval()
    got, inputs, dtype = _forward(module, inputs)
    parameters = [value.detach().to(dtype) for _name, value in module.named_parameters()]
    leaves = _leaves(slots)
    natural: torch.Tensor | None = None
    for weights in islice(_assignments(parameters, leaves, set(optional), heads, dtype), MOST_ASSIGNMENTS):
        expected = oracle(*inputs, **_gather(slots, weights))
        if natural is None:
            natural = expected
            assert_shape(got, expected.shape, what="the output")
            assert_finite(got, what="the output")
        if torch.allclose(got, expected, rtol=1e-6 if rtol is None else rtol, atol=1e-8 if atol is None else atol):
            return
        if dtype == torch.float32 and torch.allclose(got, expected, rtol=1e-4, atol=1e-5):
            return
    if natural is None:
        wanted = ", ".join(f"{name} {tuple(shape)}" for (name, _index), shape in leaves.items() if name not in optional)
        found = ", ".join(str(tuple(p.shape)) for p in parameters) or _("none")
        raise AssertionError(
            _(
                "The parameters do not fit. The layer needs weights for: {wanted} (input width first). Your module's parameters have shapes: {found}"
            ).format(wanted=wanted, found=found)
        )
    assert_close(got, natural, what="the output, compared on your own weights,", rtol=rtol or 1e-6, atol=atol or 1e-8)


def _forward(module: Any, inputs: tuple[Any, ...]) -> tuple[torch.Tensor, tuple[Any, ...], torch.dtype]:
    """The module's output in float64, or in float32 where it cannot compute in float64."""
    double = tuple(_cast(x, torch.float64) for x in inputs)
    try:
        module.double()
        return module(*double).detach(), double, torch.float64
    except RuntimeError:
        module.float()
        single = tuple(_cast(x, torch.float32) for x in inputs)
        return module(*single).detach(), single, torch.float32


def _cast(value: Any, dtype: torch.dtype) -> Any:
    return value.to(dtype) if isinstance(value, torch.Tensor) and value.is_floating_point() else value


def _leaves(slots: Slots) -> dict[tuple[str, int], Shape]:
    leaves: dict[tuple[str, int], Shape] = {}
    for name, shape in slots.items():
        for index, one in enumerate(shape if isinstance(shape, list) else [shape]):
            leaves[name, index] = tuple(one)
    return leaves


def _gather(slots: Slots, weights: dict[tuple[str, int], torch.Tensor]) -> dict[str, Any]:
    return {
        name: [weights[name, i] for i in range(len(shape))] if isinstance(shape, list) else weights[name, 0]
        for name, shape in slots.items()
    }


def _assignments(
    parameters: list[torch.Tensor],
    leaves: dict[tuple[str, int], Shape],
    optional: set[str],
    heads: int,
    dtype: torch.dtype,
) -> Iterator[dict[tuple[str, int], torch.Tensor]]:
    """Every way to fill the leaves from the parameters, the natural ones (in order of creation) first."""
    shapes = list(dict.fromkeys(leaves.values()))
    readings = [_views(p, shapes, heads) for p in parameters]
    for joined in _joined_heads(parameters, shapes, heads):
        readings_of_joined = [_views(p, shapes, heads) for p in joined]
        yield from _fill(readings_of_joined, leaves, shapes, optional, dtype)
    yield from _fill(readings, leaves, shapes, optional, dtype)


def _fill(
    readings: list[list[View]],
    leaves: dict[tuple[str, int], Shape],
    shapes: list[Shape],
    optional: set[str],
    dtype: torch.dtype,
) -> Iterator[dict[tuple[str, int], torch.Tensor]]:
    for views in product(*readings):
        pieces = [piece for view in views for piece in view]
        groups = []
        for shape in shapes:
            keys = [key for key, wanted in leaves.items() if wanted == shape]
            have: list[torch.Tensor | None] = [piece for piece in pieces if tuple(piece.shape) == shape]
            missing = len(keys) - len(have)
            if missing > sum(key[0] in optional for key in keys):
                break
            have += [None] * max(0, missing)
            groups.append([(keys, order) for order in permutations(have, len(keys)) if _allowed(keys, order, optional)])
        else:
            for choice in product(*groups):
                filled = {key: piece for keys, order in choice for key, piece in zip(keys, order, strict=True)}
                yield {
                    key: torch.zeros(leaves[key], dtype=dtype) if piece is None else piece
                    for key, piece in filled.items()
                }


def _allowed(keys: list[tuple[str, int]], order: tuple[torch.Tensor | None, ...], optional: set[str]) -> bool:
    return all(piece is not None or key[0] in optional for key, piece in zip(keys, order, strict=True))


def _views(parameter: torch.Tensor, shapes: list[Shape], heads: int) -> list[View]:
    """The ways to read one parameter as pieces of the wanted shapes; one empty view when it fits none."""
    views: list[View] = []
    for shape in shapes:
        if len(shape) == 1:
            views += _vector_views(parameter, shape[0], heads)
        elif len(shape) == 2:
            views += _matrix_views(parameter, *shape, heads)
        elif tuple(parameter.shape) == shape:
            views.append([parameter])
    return views or [[]]


def _vector_views(p: torch.Tensor, width: int, heads: int) -> list[View]:
    if tuple(p.shape) == (width,):
        return [[p]]
    if p.dim() == 2 and p.shape[1] == width:
        return [list(p)]
    if p.dim() == 1 and p.shape[0] > width and p.shape[0] % width == 0:
        parts = p.shape[0] // width
        views = [list(p.chunk(parts))]
        if heads > 1 and width % heads == 0:
            views.append([part.reshape(-1) for part in p.view(heads, parts, width // heads).unbind(1)])
        return views
    if p.dim() == 2 and heads > 1 and p.numel() == width:
        return [[p.reshape(-1)]]
    return []


def _matrix_views(p: torch.Tensor, rows: int, columns: int, heads: int) -> list[View]:
    """Pieces of shape (rows, columns) in `x @ W` convention."""
    if p.dim() == 2:
        views: list[View] = []
        if tuple(p.shape) == (columns, rows):
            views.append([p.T])
        if tuple(p.shape) == (rows, columns):
            views.append([p])
        for weight in (p, p.T):  # as nn.Linear keeps it: (out, in)
            if weight.shape[1] == rows and weight.shape[0] > columns and weight.shape[0] % columns == 0:
                parts = weight.shape[0] // columns
                views.append([part.T for part in weight.chunk(parts)])
                if heads > 1 and columns % heads == 0:
                    split = weight.reshape(heads, parts, columns // heads, rows)
                    views.append([part.reshape(columns, rows).T for part in split.unbind(1)])
        return views
    if p.dim() == 3:
        if tuple(p.shape[1:]) == (rows, columns):
            return [list(p)]
        if tuple(p.shape[1:]) == (columns, rows):
            return [[part.T for part in p]]
        if heads > 1 and p.shape[0] == heads and p.shape[1] == rows and p.shape[2] * heads == columns:
            return [[p.permute(1, 0, 2).reshape(rows, columns)]]
        if heads > 1 and p.shape[0] == heads and p.shape[2] == rows and p.shape[1] * heads == columns:
            return [[p.reshape(columns, rows).T]]
    return []


def _joined_heads(parameters: list[torch.Tensor], shapes: list[Shape], heads: int) -> Iterator[list[torch.Tensor]]:
    """Parameter lists in which small matrices that each serve one head are joined into whole ones, by role or by head in order of creation."""
    if heads < 2:
        return
    for rows, columns in (shape for shape in shapes if len(shape) == 2 and shape[1] % heads == 0):
        small = [
            p
            for p in parameters
            if tuple(p.shape) == (columns // heads, rows) and (columns // heads, rows) not in shapes
        ]
        if not small or len(small) % heads:
            continue
        roles = len(small) // heads
        rest = [p for p in parameters if not any(p is s for s in small)]
        # Linear(in, head) one after another: either all roles of head 1, then of head 2, or all heads of the first role, then the next.
        yield [torch.cat(small[role::roles]) for role in range(roles)] + rest
        yield [torch.cat(small[role * heads : (role + 1) * heads]) for role in range(roles)] + rest
