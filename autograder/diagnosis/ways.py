"""The ways in which one author's parameters can stand in another author's module, the likeliest first.

The student's block has ln_1, attn (a fused qkv, proj), ln_2, mlp; the catalogue's has norm1, norm2, att (q, k, v, out), ff:

    1. parameters that belong together are one unit: a matrix with its bias, a scale with its shift; a fused matrix is three units
    2. units of one shape are paired by what their names tell: a query with a query, number 2 with number 2, else in order of creation
    3. the pairs are exchanged, within a shape
    4. any reading of any parameter: transposed, interleaved, one piece per head (see llmkit/testing/layouts.py)

A way says for each number of the module which of the student's numbers it is. So it is found once, and serves all values that a test
writes into the student's parameters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, permutations, product
from math import prod
from typing import TYPE_CHECKING

from llmkit.testing.weights import assignments

if TYPE_CHECKING:
    import torch

# Name, value and kind ("linear" or "plain") of each parameter of a module.
Weights = list[tuple[str, "torch.Tensor", str]]
# For each parameter of the module, by name: the places of its numbers among all of the student's; -1 where it is 0.
Way = dict[str, "torch.Tensor"]

MOST_WAYS = 720  # of the fourth kind, generated and sorted by likelihood
MOST_READ = 16  # parameters of a module that are read in every way
MOST_EXCHANGES = 200  # of pairs
FEW = 4  # units of one shape that are exchanged singly; more of them, as in several blocks, are exchanged in all blocks alike

_SHIFTS = {"bias", "shift", "beta", "b", "offset", "b_2"}
_ROLES = {"query": "q", "queries": "q", "key": "k", "keys": "k", "value": "v", "values": "v"}
_ROLES |= {"q": "q", "wq": "q", "k": "k", "wk": "k", "v": "v", "wv": "v"}
_ROLES |= dict.fromkeys(("o", "wo", "out", "proj", "projection", "output"), "o")


@dataclass(frozen=True)
class _Unit:
    """Parameters that belong together.

    Attributes:
        path: of names, with numbers apart.
        parts: the matrix, scale or table, and the bias or shift, if there is one: name and places, matrices as in x @ W.
    """

    path: tuple[str, ...]
    parts: tuple[tuple[str, torch.Tensor], ...]

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.parts[0][1].shape)

    @property
    def role(self) -> str:
        return next((_ROLES[word] for word in reversed(self.path) if word in _ROLES), "")

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(word for word in self.path if word.isdigit())

    @property
    def kind(self) -> tuple[str, ...]:
        return tuple(word for word in self.path if not word.isdigit())


def ways(weights: Weights, mine: Weights, *, lacking: bool = False) -> Iterator[Way]:
    """The ways to fill a module with the student's parameters, the likeliest first, each once.

    Args:
        weights: the student's parameters, in order of creation.
        mine: those of the module.
        lacking: whether the student's layers may have no bias where the module's have one; it is zero then.
    """
    seen: set[bytes] = set()
    for way in _all(weights, mine, lacking):
        if not lacking and any(bool((places < 0).any()) for places in way.values()):
            continue
        key = b"".join(way[name].contiguous().numpy().tobytes() for name, _, _ in mine)
        if key not in seen:
            seen.add(key)
            yield way


def values(way: Way, weights: Weights) -> dict[str, torch.Tensor]:
    """What the parameters of the module are in this way, by name, when the student's are these."""
    import torch

    flat = torch.cat([torch.zeros(1, dtype=torch.double), *(value.double().reshape(-1) for _, value, _ in weights)])
    return {name: flat[places + 1] for name, places in way.items()}


def _all(weights: Weights, mine: Weights, lacking: bool) -> Iterator[Way]:
    theirs, ours = _places(weights), _places(mine)
    stored = {name: kind == "linear" for name, _, kind in mine}

    def way(filled: dict[str, torch.Tensor]) -> Way:
        return {name: places.t() if stored[name] else places for name, places in filled.items()}

    yield from map(way, _paired(_units(theirs), _units(ours)))
    if [(tuple(p.shape), k) for _, p, k in theirs] == [(tuple(p.shape), k) for _, p, k in ours]:
        yield way({name: places for (name, _, _), (_, places, _) in zip(ours, theirs, strict=True)})
    yield from map(way, _read(theirs, ours, lacking))


def _places(weights: Weights) -> Weights:
    """The same parameters, with the places of their numbers for values; matrices as in x @ W."""
    import torch

    found, start = [], 0
    for name, value, kind in weights:
        places = torch.arange(start, start + value.numel()).reshape(value.shape)
        found.append((name, places.t() if kind == "linear" else places, kind))
        start += value.numel()
    return found


def _units(placed: Weights) -> list[_Unit]:
    groups: dict[str, list[tuple[str, torch.Tensor]]] = {}
    for name, places, _ in placed:
        groups.setdefault(name.rpartition(".")[0] or name, []).append((name, places))
    units = []
    for owner, parts in groups.items():
        if (
            len(parts) == 2
            and parts[0][1].dim() + parts[1][1].dim() in (2, 3)
            and parts[0][1].dim() * parts[1][1].dim()
        ):
            parts.sort(key=lambda part: (-part[1].dim(), part[0].rpartition(".")[2].lower() in _SHIFTS))
            units.append(_Unit(_words(owner), tuple(parts)))
        else:
            units += [_Unit(_words(name), ((name, places),)) for name, places in parts]
    return units


def _words(name: str) -> tuple[str, ...]:
    return tuple(
        word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+|\d+", name) if word.lower() not in ("w", "weight")
    )


def _paired(theirs: list[_Unit], ours: list[_Unit]) -> Iterator[dict[str, torch.Tensor]]:
    """Pairs of units, the likeliest first; none if there are too few."""
    shapes = {unit.shape for unit in ours}
    found = [piece for unit in theirs for piece in _cut(unit, shapes)]
    # Where the module has a fused matrix and the student has not, it is put together from pieces.
    cut = [_cut(unit, {piece.shape for piece in found}) for unit in ours]
    groups: dict[tuple[int, ...], list[_Unit]] = {}
    for pieces in cut:
        for piece in pieces:
            groups.setdefault(piece.shape, []).append(piece)
    paired: dict[tuple[int, ...], list[_Unit]] = {}
    for shape, group in groups.items():
        left = [unit for unit in found if unit.shape == shape]
        if len(left) < len(group):
            return
        chosen = []
        for unit in group:
            best = max(left, key=lambda other: _likeness(unit, other))  # the first of equals
            left.remove(best)
            chosen.append(best)
        paired[shape] = chosen
    # All exchanges of one shape, then of several.
    orders = {shape: list(islice(_exchanges(group, paired[shape]), MOST_EXCHANGES)) for shape, group in groups.items()}
    yield _joined(cut, groups, paired)
    for shape, others in orders.items():
        for order in others[1:]:
            yield _joined(cut, groups, paired | {shape: order})
    for combination in islice(product(*orders.values()), MOST_EXCHANGES):
        yield _joined(cut, groups, dict(zip(orders, combination, strict=True)))


def _cut(unit: _Unit, wanted: set[tuple[int, ...]]) -> list[_Unit]:
    """A fused matrix, cut side by side to a shape that is wanted; anything else as it is."""
    if unit.shape in wanted or len(unit.shape) != 2:
        return [unit]
    rows, columns = unit.shape
    widths = [
        shape[1] for shape in wanted if len(shape) == 2 and shape[0] == rows and shape[1] and columns % shape[1] == 0
    ]
    if not widths or not columns:
        return [unit]
    count = columns // max(widths)
    roles = ("q", "k", "v") if count == 3 else ("",) * count
    pieces = zip(*(places.chunk(count, dim=-1) for _, places in unit.parts), strict=True)
    names = [name for name, _ in unit.parts]
    return [
        _Unit((*unit.path, role), tuple(zip(names, parts, strict=True)))
        for role, parts in zip(roles, pieces, strict=True)
    ]


def _likeness(one: _Unit, other: _Unit) -> int:
    score = 1 if len(one.parts) == len(other.parts) else 0
    if one.role and other.role:
        score += 8 if one.role == other.role else -8
    if one.numbers == other.numbers:
        score += 4
    ends = zip(reversed(one.kind), reversed(other.kind), strict=False)
    return score + next((count for count, (a, b) in enumerate(ends) if a != b), min(len(one.kind), len(other.kind)))


def _exchanges(group: list[_Unit], chosen: list[_Unit]) -> Iterator[list[_Unit]]:
    """Every order of units of one shape; of many, those that are the same in every block."""
    if len(group) <= FEW:
        yield from map(list, permutations(chosen))
        return
    rows: dict[tuple[str, ...], list[int]] = {}
    for place, unit in enumerate(group):
        rows.setdefault(unit.kind, []).append(place)
    yield chosen
    if len({len(places) for places in rows.values()}) != 1:
        return
    for order in permutations(rows.values()):
        exchanged = list(chosen)
        for places, sources in zip(rows.values(), order, strict=True):
            for place, source in zip(places, sources, strict=True):
                exchanged[place] = chosen[source]
        yield exchanged


def _joined(
    cut: list[list[_Unit]], groups: dict[tuple[int, ...], list[_Unit]], paired: dict[tuple[int, ...], list[_Unit]]
) -> dict[str, torch.Tensor]:
    """The parameters of the module, each put together from the pieces into which it was cut."""
    import torch

    source = {id(unit): paired[shape][place] for shape, group in groups.items() for place, unit in enumerate(group)}
    filled = {}
    for pieces in cut:
        for place, (name, _places) in enumerate(pieces[0].parts):
            found = []
            for piece in pieces:
                parts = source[id(piece)].parts
                # A bias that the student's layer does not have is zero.
                found.append(parts[place][1] if place < len(parts) else torch.full_like(piece.parts[place][1], -1))
            filled[name] = torch.cat(found, dim=-1) if len(found) > 1 else found[0]
    return filled


def _read(theirs: Weights, ours: Weights, lacking: bool) -> Iterator[dict[str, torch.Tensor]]:
    """All readings of all parameters, those first in which all shapes are in one order."""
    import torch

    if max(len(theirs), len(ours)) > MOST_READ:
        return
    slots = {name: tuple(places.shape) for name, places, _ in ours}
    named = [(name, places.t() if kind == "linear" else places) for name, places, kind in theirs]
    biases = {name: places for name, places, _ in ours if name.endswith("bias") and places.dim() == 1}
    if sum(prod(slot) for slot in slots.values()) <= sum(places.numel() for _, places in named):
        found = list(islice(assignments(named, slots), MOST_WAYS))
    else:
        # Layers without a bias, where the module's have one.
        without = {name: slot for name, slot in slots.items() if name not in biases}
        empty = {name: torch.full_like(places, -1) for name, places in biases.items()}
        found = [empty | way for way in islice(assignments(named, without), MOST_WAYS)] if lacking and biases else []

    def orders(way: dict[str, torch.Tensor]) -> int:
        """How many different orders the pieces are in: 1 when all kinds of parameters share one."""
        groups: dict[tuple[int, ...], list[int]] = {}
        for name, piece in way.items():
            groups.setdefault(slots[name], []).append(int(piece.reshape(-1)[0]) if piece.numel() else 0)
        ranks = {tuple(sorted(range(len(group)), key=group.__getitem__)) for group in groups.values() if len(group) > 1}
        return len(ranks)

    yield from sorted(found, key=orders)
