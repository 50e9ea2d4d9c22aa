"""The ways in which one parameter can hold weights: transposed, fused, interleaved, stacked, or one piece per head.

A fused projection of shape (12, 5) may contain the weights of queries, keys and values, each of shape (5, 4), with two heads
of width 2. Its axes are k = 3 pieces, h = 2 heads, e = 2 columns of a head, r = 5 rows. Each dimension must be the product of adjacent
axes:

    order     12          5    meaning
    k h e r   3 * 2 * 2   5    nn.Linear(5, 12) that gives all queries, then all keys, then all values: rows 0-3, 4-7, 8-11
    h k e r   2 * 3 * 2   5    head by head, first its queries, then its keys, then its values: rows 0, 1, 6, 7 are the queries
    h e k r   2 * 2 * 3   5    query, key and value of each column side by side: rows 0, 3, 6, 9 are the queries (unusual)
    r k h e   no               it multiplies out to (5, 12): a parameter used as x @ W
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import permutations
from math import prod

import torch

Shape = tuple[int, ...]
Pieces = tuple[torch.Tensor, ...]
Axis = tuple[str, int]

# Axes by letter: k and K number the pieces, H and E are heads and width per head of the rows r, h and e those of the columns c.
_CANONICAL = "kKrHEche"


def readings(parameter: torch.Tensor, shape: Shape, heads: int, most: int) -> tuple[list[Pieces], list[Pieces]]:
    """The ways to read a parameter as pieces of one shape.

    A reading writes every dimension of the parameter as a product of axes (piece, row, column; columns or rows may be split
    into heads and width per head) and orders the axes. No value is lost or used twice.

    Args:
        parameter: any shape.
        shape: of a piece: (rows, columns) as in `x @ W`, or (columns,); other ranks are not supported. A parameter with
            fewer dimensions, such as a bias, is not read as matrices.
        heads: how many heads share the columns, or the rows of an output projection.
        most: how many pieces there may be.

    Returns:
        The usual readings, the one of `nn.Linear` first, and the unusual ones, in which pieces or heads change faster than columns.
    """
    count, rest = divmod(parameter.numel(), max(1, prod(shape)))
    if rest or not 1 <= count <= most or parameter.dim() < len(shape):
        return [], []
    if len(shape) not in (1, 2):
        return ([(parameter,)] if tuple(parameter.shape) == shape else []), []
    usual: dict[str, Pieces] = {}
    unusual: dict[str, Pieces] = {}
    # Every choice of axes, in every order that multiplies out to the parameter's dimensions.
    for axes in _axes(count, shape, heads):
        for order in permutations(axes):
            if not _merges(order, parameter.shape):
                continue
            # Axes of size 1 change nothing; without them, readings that cut alike get the same name.
            names = "".join(name for name, size in order if size > 1)
            if (names.find("K") < names.find("k") and "K" in names) or names.find("E") < names.find("H"):
                continue  # the same pieces in another order; rows whose heads are faster
            # Axes that follow one another merge into one.
            names = names.replace("kK", "k").replace("HE", "r").replace("he", "c")
            into = usual if _is_usual(names) else unusual
            if names not in into:
                into[names] = _cut(parameter, order, count, shape)
    return list(usual.values()), list(unusual.values())


def _is_usual(names: str) -> bool:
    """Whether no piece and no head changes faster than the columns."""
    columns = max(names.find("c"), names.find("e"))
    return max(names.find(name) for name in "kKh") < columns or columns < 0


def _axes(count: int, shape: Shape, heads: int) -> Iterator[list[Axis]]:
    """The axes of a parameter that holds `count` pieces, at each level of detail."""
    numbers: list[list[Axis]] = [[]] if count == 1 else [[("k", count)]]
    numbers += [[("k", a), ("K", count // a)] for a in range(2, count) if count % a == 0]
    rows: list[Axis] = [("r", shape[0])] if len(shape) == 2 else []
    places: list[list[Axis]] = [[("c", shape[-1]), *rows]]
    if heads > 1 and shape[-1] % heads == 0:
        places.append([("h", heads), ("e", shape[-1] // heads), *rows])
    if heads > 1 and rows and shape[0] % heads == 0:
        places.append([("c", shape[-1]), ("H", heads), ("E", shape[0] // heads)])
    for number in numbers:
        for place in places:
            yield [*number, *place]


def _merges(order: Sequence[Axis], shape: Sequence[int]) -> bool:
    """Whether each dimension is the product of axes that follow one another."""
    sizes = iter(size for _name, size in order)
    for dimension in shape:
        merged = 1
        while merged < dimension:
            merged *= next(sizes, dimension + 1)
        if merged != dimension:
            return False
    return all(size == 1 for size in sizes)


def _cut(parameter: torch.Tensor, order: Sequence[Axis], count: int, shape: Shape) -> Pieces:
    """The pieces: split into the axes, put in the order of `_CANONICAL`, joined to `count` pieces of `shape`."""
    axes = sorted(range(len(order)), key=lambda axis: _CANONICAL.index(order[axis][0]))
    whole = parameter.reshape([size for _name, size in order]).permute(axes)
    return whole.reshape(count, *shape).unbind(0)


def stackings(named: Sequence[tuple[str, torch.Tensor]]) -> Iterator[list[torch.Tensor]]:
    """The parameters as they are; stacked where names differ only in numbers; stacked where shapes are the same.

    A stack is a list of heads or layers as one parameter: its first dimension counts them in order of creation.

    Args:
        named: parameters with their names, in order of creation.
    """
    yield [parameter for _name, parameter in named]
    seen: set[tuple[tuple[int, ...], ...]] = set()
    for by_name in (True, False):
        groups: dict[tuple[str, Shape], list[int]] = {}
        for index, (name, parameter) in enumerate(named):
            key = re.sub(r"\d+", "#", name) if by_name else "", tuple(parameter.shape)
            groups.setdefault(key, []).append(index)
        partition = tuple(map(tuple, groups.values()))
        if len(partition) < len(named) and partition not in seen:
            seen.add(partition)
            yield [
                torch.stack([named[i][1] for i in group]) if len(group) > 1 else named[group[0]][1]
                for group in partition
            ]
