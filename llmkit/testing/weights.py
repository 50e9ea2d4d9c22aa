"""Compares a module with an oracle on the module's own weights, whatever the names and layout of its attributes.

The oracle of attention wants W_query, W_key and W_value, each (4, 2); the student's module has one parameter `qkv.weight` of (6, 4):

    1. each parameter is read in every way that yields pieces of a wanted shape (see layouts.py): rows 0-1, 2-3, 4-5, transposed;
       or rows 0, 3 and 1, 4 and 2, 5, if it goes head by head; ...
    2. the pieces of one reading are assigned to the slots in every order: (query, key, value) as created, then the other five
    3. the oracle computes with each such assignment; the first that yields the module's output settles it

If none does, the message shows the difference from the natural assignment: usual readings, in order of creation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, permutations, product
from typing import Any

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from llmkit.errors import GraderError
from llmkit.i18n import gettext as _
from llmkit.testing import checks
from llmkit.testing.asserts import as_tensor, assert_close, assert_finite, assert_shape, is_empty_gap
from llmkit.testing.layouts import Pieces, Shape, readings, stackings
from llmkit.testing.probes import is_module

Slots = Mapping[str, Shape | list[Shape]]
Assignment = dict["_Slot", torch.Tensor | None]
Kinds = dict[Shape, list["_Slot"]]
Readings = tuple[list[Pieces], list[Pieces]]

# Assignments tried before a module counts as wrong. The right answers of the catalogue need 5,000 of both kinds at most, most of them fewer than 10.
MOST_ASSIGNMENTS = 6_000
MOST_UNUSUAL = 4_000  # of layouts in which pieces or heads change faster than columns
# Once a search in a test cell was in vain, each further one of the cell tries no more than this: a wrong transformer block would
# otherwise be tried for minutes.
MOST_IN_VAIN = 1_500
ONE_BY_ONE = 16
AT_ONCE = 128
# In float64; loose enough for a softmax that a module computes in float32. The other pair is for modules all in float32.
DOUBLE = 1e-5, 1e-6
SINGLE = 1e-4, 1e-5


# The test cell (`checks.started`) in which a search was in vain.
_in_vain = -1


@dataclass(frozen=True, eq=False)  # each is itself alone, which makes a fast key
class _Slot:
    """One weight of the oracle.

    Attributes:
        name: the oracle's keyword.
        shape: as in `x @ W`; that of all weights side by side for a list.
        heads: how many heads share the columns.
        index: index in a list of weights of different shapes; None otherwise.
        length: of a list of weights of one shape; 0 for a single weight.
        optional: whether the module may lack it.
    """

    name: str
    shape: Shape
    heads: int
    index: int | None
    length: int
    optional: bool


def assert_same_function(
    module: Any,
    oracle: Callable[..., torch.Tensor],
    slots: Slots,
    *inputs: Any,
    optional: Sequence[str] = (),
    heads: int = 1,
    rtol: float | None = None,
    atol: float | None = None,
    call: Callable[..., Any] | None = None,
) -> None:
    """Fails unless `module` computes what `oracle` computes, for some way to read the module's parameters as the oracle's weights.

    The comparison is made in eval mode and float64 (float32 where the module insists on it). Parameters may be separate or fused,
    `(in, out)` or `(out, in)`, stacked, or kept per head; names and order do not matter.

    Args:
        module: a fresh instance of the student's module; it is left in eval mode and in another precision.
        oracle: a function `oracle(*inputs, **weights)`.
        slots: the oracle's weights: shapes by keyword, matrices as in `x @ W`; a list of shapes asks for a list of weights, such as
            one for each head.
        inputs: what both are called with.
        optional: slots that a module may lack, such as biases; the oracle then gets zeros.
        heads: number of heads, where weights may be kept per head.
        rtol: relative tolerance, see `assert_close`.
        atol: absolute tolerance, see `assert_close`.
        call: how to get the output: `call(module, *inputs)`; the module is called when None.

    Raises:
        AssertionError: it is not a module, its parameters do not fit the slots, or its output differs.
    """
    if not is_module(module):
        raise AssertionError(
            _("The class should be a torch.nn.Module: does it derive from nn.Module and call super().__init__()?")
        )
    # What the module computes.
    module.eval()
    got, inputs, dtype = _forward(module, inputs, call)
    default = SINGLE if torch.float32 in (dtype, got.dtype) else DOUBLE
    rtol, atol = default[0] if rtol is None else rtol, default[1] if atol is None else atol
    # What the oracle computes with the module's parameters, one assignment after the other.
    wanted = _wanted(slots, frozenset(optional), heads)
    parameters = list(module.named_parameters())
    global _in_vain
    # A weight that is only a buffer is not trained, but that is for another check to say.
    for with_buffers in (False, True):
        named = [*parameters, *module.named_buffers()] if with_buffers else parameters
        floats = [(name, value.detach().to(dtype)) for name, value in named if value.is_floating_point()]
        found = islice(_assignments(floats, wanted), MOST_IN_VAIN if _in_vain == checks.started else None)
        first = next(found, None)
        if first is None:
            continue
        natural = oracle(*inputs, **_gather(first, dtype))
        assert_shape(got, natural.shape, what="the output")
        assert_finite(got, what="the output")
        if torch.allclose(got.to(natural.dtype), natural, rtol=rtol, atol=atol):
            return
        if _one_fits(found, lambda weights: oracle(*inputs, **weights), got, dtype, rtol, atol):
            return
        _in_vain = checks.started
        assert_close(got, natural, what="the output on your own weights", rtol=rtol, atol=atol)
    raise AssertionError(_misfit(wanted, [p for _name, p in parameters]))


def _one_fits(
    found: Iterator[Assignment],
    oracle: Callable[[dict[str, Any]], torch.Tensor],
    got: torch.Tensor,
    dtype: torch.dtype,
    rtol: float,
    atol: float,
) -> bool:
    """Whether the oracle yields the output with one of these assignments.

    Right answers seldom need more than a few; of the thousands that wrong ones are tried with, many go through the oracle at once.
    """

    def fits(assignment: Assignment) -> bool:
        expected = oracle(_gather(assignment, dtype))
        return torch.allclose(got.to(expected.dtype), expected, rtol=rtol, atol=atol)

    if any(fits(assignment) for assignment in islice(found, ONE_BY_ONE)):
        return True
    while batch := list(islice(found, AT_ONCE)):
        try:
            with sdpa_kernel(SDPBackend.MATH):  # the only one that vmap knows
                expected = torch.vmap(oracle)(_gather(_side_by_side(batch, dtype), dtype))
        except Exception:  # an oracle that vmap cannot take: it looks at values, or draws random numbers
            return any(fits(assignment) for assignment in [*batch, *found])
        # Rounding may differ a little from that of the oracle alone, which has the last word.
        near = ((expected - got.to(expected.dtype)).abs() <= 2 * (atol + rtol * expected.abs())).flatten(1).all(1)
        if any(fits(assignment) for assignment, is_near in zip(batch, near.tolist(), strict=True) if is_near):
            return True
    return False


def _side_by_side(batch: list[Assignment], dtype: torch.dtype) -> Assignment:
    """Assignments stacked along a new first axis."""
    stacked: Assignment = {}
    for slot in batch[0]:
        pieces = [assignment[slot] for assignment in batch]
        different = {id(piece): piece for piece in pieces}
        order = {ident: place for place, ident in enumerate(different)}
        blank = torch.zeros(slot.shape, dtype=dtype)
        stack = torch.stack([blank if piece is None else piece for piece in different.values()])
        stacked[slot] = stack[torch.tensor([order[id(piece)] for piece in pieces])]
    return stacked


def assignments(
    named: Sequence[tuple[str, torch.Tensor]], slots: Mapping[str, Shape]
) -> Iterator[dict[str, torch.Tensor]]:
    """Every way to read parameters as weights of the given shapes, the natural ones (in order of creation) first.

    Args:
        named: parameters with their names, in order of creation.
        slots: shapes by name, matrices as in `x @ W`; all are filled.

    Yields:
        A tensor for each slot.
    """
    for assignment in _assignments(list(named), _wanted(slots, frozenset(), 1)):
        yield {slot.name: piece for slot, piece in assignment.items() if piece is not None}


def _misfit(wanted: list[_Slot], parameters: list[torch.Tensor]) -> str:
    needed = ", ".join(f"{slot.name} {slot.shape}" for slot in wanted if not slot.optional)
    text = _(
        "The parameters do not fit. The layer needs weights for: {wanted} (input width first). Your module's parameters have shapes: {found}"
    ).format(wanted=needed, found=", ".join(str(tuple(p.shape)) for p in parameters) or _("none"))
    if parameters:
        return text
    return text + ". " + _("Make each weight an nn.Linear or an nn.Parameter, and an attribute of self")


def _forward(
    module: Any, inputs: tuple[Any, ...], call: Callable[..., Any] | None
) -> tuple[torch.Tensor, tuple[Any, ...], torch.dtype]:
    """The module's output in float64, or in float32 where it cannot compute in float64."""

    def run(dtype: torch.dtype) -> tuple[torch.Tensor, tuple[Any, ...], torch.dtype]:
        cast = tuple(x.to(dtype) if isinstance(x, torch.Tensor) and x.is_floating_point() else x for x in inputs)
        # The module may change what it is given; the oracle must not see that.
        given = tuple(x.clone() if isinstance(x, torch.Tensor) else x for x in cast)
        output = module(*given) if call is None else call(module, *given)
        return as_tensor(output, "the output"), cast, dtype

    module.double()
    try:
        return run(torch.float64)
    except Exception as error:
        if is_empty_gap(error) or isinstance(error, GraderError):
            raise
        module.float()
        return run(torch.float32)


def _wanted(slots: Slots, optional: frozenset[str], heads: int) -> list[_Slot]:
    wanted = []
    for name, given in slots.items():
        if not isinstance(given, list):
            wanted.append(_Slot(name, tuple(given), heads, None, 0, name in optional))
        elif len({tuple(shape) for shape in given}) == 1:
            shape = *given[0][:-1], given[0][-1] * len(given)
            wanted.append(_Slot(name, shape, len(given), None, len(given), name in optional))
        else:
            wanted += [_Slot(name, tuple(one), heads, i, 0, name in optional) for i, one in enumerate(given)]
    return wanted


def _gather(assignment: Assignment, dtype: torch.dtype) -> dict[str, Any]:
    weights: dict[str, Any] = {}
    for slot, piece in sorted(assignment.items(), key=lambda item: item[0].index or 0):
        weight = torch.zeros(slot.shape, dtype=dtype) if piece is None else piece
        if slot.index is not None:
            weights.setdefault(slot.name, []).append(weight)
        else:
            weights[slot.name] = list(weight.chunk(slot.length, dim=-1)) if slot.length else weight
    return weights


def _assignments(named: list[tuple[str, torch.Tensor]], wanted: list[_Slot]) -> Iterator[Assignment]:
    """Every way to fill the slots from the parameters, the natural ones (in order of creation) first."""
    # A list of heads may keep one parameter per head, so stacks of them are read as well.
    per_head = any(slot.heads > 1 for slot in wanted)
    pools = list(islice(stackings(named), None if per_head else 1))
    kinds: Kinds = {}
    for slot in wanted:
        kinds.setdefault(slot.shape, []).append(slot)
    # All combinations of usual readings first; of the unusual ones only those that treat like parameters alike.
    read = [_read(pool, kinds) for pool in pools]
    usual = (product(*[views for views, _unusual in pool]) for pool in read)
    yield from islice(_fill(usual, kinds), MOST_ASSIGNMENTS)
    yield from islice(_fill((_alike(pool) for pool in read), kinds), MOST_UNUSUAL)


def _read(pool: list[torch.Tensor], kinds: Kinds) -> list[Readings]:
    """For each parameter its usual and its unusual readings; one that fits no slot yields no pieces."""
    read = []
    for parameter in pool:
        usual: list[Pieces] = []
        unusual: list[Pieces] = []
        for shape, slots in kinds.items():
            heads = max(slot.heads for slot in slots)
            some, others = readings(parameter, shape, heads, most=len(slots))
            usual += some
            unusual += others
        read.append((usual or ([()] if not unusual else []), unusual))
    return read


def _alike(pool: list[Readings]) -> Iterator[tuple[Pieces, ...]]:
    """Unusual readings: parameters with equally many readings, such as a fused weight and its bias, are read the same way."""
    counts = list(dict.fromkeys((len(usual), len(unusual)) for usual, unusual in pool))
    for chosen in product(*(range(sum(count)) for count in counts)):
        choice = dict(zip(counts, chosen, strict=True))
        if any(index >= count[0] for count, index in choice.items()):
            yield tuple([*usual, *unusual][choice[len(usual), len(unusual)]] for usual, unusual in pool)


def _fill(pools: Iterator[Iterator[tuple[Pieces, ...]]], kinds: Kinds) -> Iterator[Assignment]:
    """Every assignment of the pieces of one combination of readings; combinations with too few pieces have none."""
    for pool in pools:
        for views in islice(pool, MOST_ASSIGNMENTS):
            pieces = [piece for view in views for piece in view]
            groups = []
            for shape, slots in kinds.items():
                have = [piece for piece in pieces if tuple(piece.shape) == shape]
                if len(slots) - len(have) > sum(slot.optional for slot in slots):
                    break
                groups.append((slots, have))
            else:
                yield from _choices(groups)


def _choices(groups: list[tuple[list[_Slot], list[torch.Tensor]]]) -> Iterator[Assignment]:
    """Every order of every group of slots of one shape; the last group changes fastest."""
    slots = [slot for some, _pieces in groups for slot in some]
    for orders in product(*(list(islice(_orders(*group), MOST_ASSIGNMENTS)) for group in groups)):
        yield dict(zip(slots, chain.from_iterable(orders), strict=True))


def _orders(slots: list[_Slot], pieces: list[torch.Tensor]) -> Iterator[tuple[torch.Tensor | None, ...]]:
    """The ways to give each slot a piece, or None to an optional slot where there are too few."""
    if len(pieces) >= len(slots):
        yield from permutations(pieces, len(slots))
        return
    seen: set[tuple[int, ...]] = set()
    for order in permutations([*range(len(pieces)), *[-1] * (len(slots) - len(pieces))], len(slots)):
        if order in seen or any(i < 0 and not slot.optional for i, slot in zip(order, slots, strict=True)):
            continue
        if len(slots) > len(pieces) + 1:
            seen.add(order)  # the Nones are alike
        yield tuple(None if i < 0 else pieces[i] for i in order)
