"""Compares a module with an oracle on weights that the test chooses, whatever the names and layout of the module's attributes.

The oracle of attention wants W_query, W_key and W_value, each (4, 2); the student's module has one parameter `qkv.weight` of (6, 4):

    1. random values are drawn and written into the parameters; the module computes with them, and must still hold them afterwards
    2. each parameter is read in every way that yields pieces of a wanted shape (see layouts.py): rows 0-1, 2-3, 4-5, transposed;
       or rows 0, 3 and 1, 4 and 2, 5, if it goes head by head; ...
    3. the pieces of one reading are assigned to the slots in every order: (query, key, value) as created, then the other five
    4. the oracle computes with each such assignment of the values that were drawn; one that yields the module's output must yield it
       for a second draw, too, and that settles it

Of the module nothing is believed but its output: names and shapes of its parameters only say where values are written.
If no assignment fits, the message shows the difference from the natural one: usual readings, in order of creation.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, permutations, product
from math import prod
from typing import Any

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from llmkit.errors import GraderError
from llmkit.i18n import gettext as _
from llmkit.testing import checks, inputs
from llmkit.testing.asserts import as_tensor, assert_close, assert_finite, assert_shape, is_empty_gap
from llmkit.testing.effort import Effort
from llmkit.testing.layouts import Pieces, Shape, readings, stackings
from llmkit.testing.probes import fill, is_module, weights_of

Slots = Mapping[str, Shape | list[Shape]]
Assignment = dict["_Slot", torch.Tensor | None]
Kinds = dict[Shape, list["_Slot"]]
Readings = tuple[list[Pieces], list[Pieces]]
Fixed = Callable[[Shape], "torch.Tensor | float | None"]

# Assignments tried before a module counts as wrong. The right answers of the catalogue need 5,000 of both kinds at most, most of them fewer than 10.
MOST_ASSIGNMENTS = 6_000
MOST_UNUSUAL = 4_000  # of layouts in which pieces or heads change faster than columns
# Once a search in a test cell was in vain, each further one of the cell tries no more than this: a wrong transformer block would
# otherwise be tried for minutes.
MOST_IN_VAIN = 1_500
# The oracle's work in one search, see `Effort`; about five seconds. A search after one in vain may take a quarter of it.
MOST_WORK = 5_000_000_000
ONE_BY_ONE = 16
AT_ONCE = 128
# In float64; loose enough for a softmax that a module computes in float32. The other pair is for modules all in float32.
DOUBLE = 1e-5, 1e-6
SINGLE = 1e-4, 1e-5
PRECISIONS = (torch.float64, torch.float32, torch.bfloat16, torch.float16)
DRAWS = 2  # of weights that one and the same layout must explain
# An oracle whose output is smaller than this, or varies less in proportion, is given other weights, a few times.
SMALLEST = 1e-2
MOST_DRAWS = 20


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

    @property
    def numel(self) -> int:
        """How many numbers it has."""
        return prod(self.shape)


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
    fixed: Fixed | None = None,
) -> None:
    """Fails unless `module` computes what `oracle` computes, for some way to read the module's parameters as the oracle's weights.

    The values of the weights are drawn here. The comparison is made in eval mode and float64 (float32 where the module insists on
    it). Parameters may be separate or fused, `(in, out)` or `(out, in)`, stacked, or kept per head; names and order do not matter. A
    parameter that can be none of the oracle's weights keeps its value.

    Args:
        module: a fresh instance of the student's module; it is left in eval mode, in another precision and with other weights.
        oracle: a function `oracle(*inputs, **weights)`.
        slots: the oracle's weights: shapes by keyword, matrices as in `x @ W`; a list of shapes asks for a list of weights, such as
            one for each head.
        inputs: what both are called with.
        optional: slots that a module may lack, such as biases; the oracle then gets zeros.
        heads: number of heads, where weights may be kept per head.
        rtol: relative tolerance, see `assert_close`.
        atol: absolute tolerance, see `assert_close`.
        call: how to get the output: `call(module, *inputs)`; the module is called when None.
        fixed: the value of a parameter of a shape, or a number for all of its values: such parameters are not tried for the slots,
            the oracle knows them. None for those that are.

    Raises:
        AssertionError: it is not a module, its parameters do not fit the slots, it changes them, or its output differs.
    """
    if not is_module(module):
        raise AssertionError(
            _("The class should be a torch.nn.Module: does it derive from nn.Module and call super().__init__()?")
        )
    module.eval()
    # Parameters that are made in the first call exist from here on.
    output, given, dtype = _forward(module, inputs, call)
    default = SINGLE if torch.float32 in (dtype, output.dtype) else DOUBLE
    tolerance = default[0] if rtol is None else rtol, default[1] if atol is None else atol
    wanted = _wanted(slots, frozenset(optional), heads)
    parameters: list[_Parameter] = []
    # A weight that is only a buffer is not trained, but that is for another check to say.
    for buffers in (False, True):
        told = _told(module, buffers)
        parameters = parameters or told
        read = _Read(told, wanted, fixed)
        found = read.assignments()
        first = next(found, None)
        if first is None:
            continue
        draws = [_drawn(read, first, oracle, given, dtype) for _number in range(DRAWS)]
        outputs = [_computed(module, draw.values, given, dtype, call) for draw in draws]
        for output, draw in zip(outputs, draws, strict=True):
            assert_shape(output, draw.natural.shape, what="the output")
            assert_finite(output, what="the output")
        if _Search(oracle, given, outputs, draws, tolerance).finds(chain([first], found)):
            return
        for output, draw in zip(outputs, draws, strict=True):
            assert_close(
                output,
                draw.natural,
                what="the output on weights that the test chose",
                rtol=tolerance[0],
                atol=tolerance[1],
            )
        raise GraderError(
            "an output that is close to the natural one was not found"
        )  # rounding at the tolerance's edge
    raise AssertionError(_misfit(wanted, [one.shape for one in parameters]))


@dataclass(frozen=True)
class _Parameter:
    """What a module says of one of its parameters: only where values may be written."""

    name: str
    shape: Shape
    dtype: torch.dtype


def _told(module: Any, buffers: bool) -> list[_Parameter]:
    """A module's floating-point parameters, and its buffers if requested."""
    told = weights_of(module, buffers=True) if buffers else weights_of(module)
    return [
        _Parameter(str(name), tuple(value.shape), value.dtype)
        for name, value, _kind in told or ()
        if isinstance(value, torch.Tensor) and value.dtype in PRECISIONS
    ]


class _Read:
    """The ways to read parameters as the oracle's weights, as places in one long row of numbers of which the last is zero.

    Args:
        told: the module's parameters.
        wanted: the oracle's weights.
        fixed: see `assert_same_function`.
    """

    def __init__(self, told: list[_Parameter], wanted: list[_Slot], fixed: Fixed | None) -> None:
        most = sum(slot.numel for slot in wanted)
        self.fixed: dict[str, torch.Tensor] = {}
        self.dtypes = {one.name: one.dtype for one in told}
        self._places: dict[str, torch.Tensor] = {}
        self._wanted = wanted
        for one in told:
            value = None if fixed is None else fixed(one.shape)
            size = prod(one.shape)
            if value is not None:
                self.fixed[one.name] = torch.zeros(one.shape) + value
            elif one.name not in self._places and 0 < size <= most:
                self._places[one.name] = torch.arange(self.length, self.length + size).reshape(one.shape)

    @property
    def length(self) -> int:
        """How many numbers the parameters have."""
        return sum(places.numel() for places in self._places.values())

    def assignments(self) -> Iterator[Assignment]:
        """Every way to fill the slots, the likeliest first."""
        yield from _assignments(list(self._places.items()), self._wanted)

    def used(self) -> dict[str, torch.Tensor]:
        """Places of the parameters that some reading puts into a slot."""
        pools, kinds = _pools(list(self._places.items()), self._wanted)
        marked = torch.zeros(self.length, dtype=torch.bool)
        for pool in pools:
            for parameter, (usual, unusual) in zip(pool, _read(pool, kinds), strict=True):
                if any([*usual, *unusual]):
                    marked[parameter.flatten()] = True
        return {name: places for name, places in self._places.items() if marked[places.flatten()[0]]}


@dataclass(frozen=True)
class _Draw:
    """Weights that were drawn.

    Attributes:
        values: of each parameter, by name, in its precision.
        row: the same in a row, then a zero; what the assignments' places are places in.
        natural: the oracle's output with the natural assignment.
        effort: of the oracle.
    """

    values: dict[str, torch.Tensor]
    row: torch.Tensor
    natural: torch.Tensor
    effort: Effort


def _drawn(
    read: _Read, natural: Assignment, oracle: Callable[..., torch.Tensor], given: tuple[Any, ...], dtype: torch.dtype
) -> _Draw:
    """Random weights with which the oracle's output is neither near zero nor all the same."""
    generator = torch.Generator().manual_seed(int(inputs.randint(0, 2**62, ())))
    used = read.used()
    for _attempt in range(MOST_DRAWS):
        row, values = torch.zeros(read.length + 1, dtype=dtype), {}
        for name, places in used.items():
            value = _random(tuple(places.shape), generator).to(read.dtypes[name])
            values[name] = value
            row[places] = value.to(dtype)
        for name, value in read.fixed.items():
            values[name] = value.to(read.dtypes[name])
        effort = Effort()
        with effort:
            output = oracle(*given, **_gather(natural, row))
        size, spread = output.double().square().mean().sqrt(), output.double().std(correction=0)
        if size >= SMALLEST and (output.numel() == 1 or spread >= SMALLEST * size):
            return _Draw(values, row, output, effort)
    raise ValueError("the oracle gives nearly nothing, or always the same, whatever its weights")


def _random(shape: Shape, generator: torch.Generator) -> torch.Tensor:
    """Normal random numbers, of a matrix smaller ones, so that products of several neither vanish nor saturate a softmax."""
    scale = min(shape[-2:]) ** -0.5 if len(shape) > 1 else 0.7
    return scale * torch.randn(shape, generator=generator)


def _computed(
    module: Any,
    values: dict[str, torch.Tensor],
    given: tuple[Any, ...],
    dtype: torch.dtype,
    call: Callable[..., Any] | None,
) -> torch.Tensor:
    """The module's output on these weights, which it must still hold afterwards."""
    fill(module, values=values)
    output = _output(module, given, call)
    held = {name: value for name, value, _kind in weights_of(module, buffers=True) or ()}
    for name, value in values.items():
        now = held.get(name)
        if not isinstance(now, torch.Tensor) or now.dtype != value.dtype or not torch.equal(now.cpu(), value):
            raise AssertionError(
                _("Calling the module changes its weights: {name} has other values afterwards").format(name=name)
            )
    return output


class _Search:
    """Looks for an assignment with which the oracle yields the module's outputs.

    Args:
        oracle: the oracle.
        given: its inputs.
        outputs: of the module, one for each draw.
        draws: the weights.
        tolerance: relative and absolute.
    """

    def __init__(
        self,
        oracle: Callable[..., torch.Tensor],
        given: tuple[Any, ...],
        outputs: list[torch.Tensor],
        draws: list[_Draw],
        tolerance: tuple[float, float],
    ) -> None:
        self._oracle, self._given, self._outputs, self._draws = oracle, given, outputs, draws
        self._rtol, self._atol = tolerance
        self._left = float(MOST_WORK)

    def finds(self, found: Iterator[Assignment]) -> bool:
        """Whether one of the assignments fits, of as many as the work allows.

        Right answers seldom need more than a few; of the thousands that wrong ones are tried with, many go through the oracle at once.
        """
        global _in_vain
        most = None
        if _in_vain == checks.started:
            most, self._left = MOST_IN_VAIN, self._left / 4
        if self._one_fits(islice(found, most)):
            return True
        _in_vain = checks.started
        return False

    def _one_fits(self, found: Iterator[Assignment]) -> bool:
        effort = self._draws[0].effort
        for assignment in islice(found, ONE_BY_ONE):
            if self._fits(assignment):
                return True
        vmapped, size = True, effort.at_once(AT_ONCE)
        while self._left > 0 and (batch := list(islice(found, size))):
            expected = self._at_once(batch) if vmapped else None
            vmapped = expected is not None
            if expected is None:
                near = batch
            else:
                self._left -= effort.of(len(batch))
                near = [one for one, is_near in zip(batch, self._near(expected), strict=True) if is_near]
            # Rounding may differ a little from that of the oracle alone, which has the last word.
            for assignment in near:
                if self._left > 0 and self._fits(assignment):
                    return True
        return False

    def _fits(self, assignment: Assignment) -> bool:
        """Whether the oracle yields the module's outputs, draw for draw."""
        for output, draw in zip(self._outputs, self._draws, strict=True):
            self._left -= draw.effort.of(1)
            expected = self._oracle(*self._given, **_gather(assignment, draw.row))
            if not torch.allclose(output.to(expected.dtype), expected, rtol=self._rtol, atol=self._atol):
                return False
        return True

    def _at_once(self, batch: list[Assignment]) -> torch.Tensor | None:
        """The oracle's outputs on the first draw along a new first axis; None where it looks at values, or draws random numbers."""

        def compute(weights: dict[str, Any]) -> torch.Tensor:
            return self._oracle(*self._given, **weights)

        try:
            with sdpa_kernel(SDPBackend.MATH):  # the only one that vmap knows
                return torch.vmap(compute)(_gather(_side_by_side(batch), self._draws[0].row))
        except Exception:
            return None

    def _near(self, expected: torch.Tensor) -> list[bool]:
        output = self._outputs[0].to(expected.dtype)
        near = (expected - output).abs() <= 2 * (self._atol + self._rtol * expected.abs())
        found: list[bool] = near.flatten(1).all(1).tolist()
        return found


def _side_by_side(batch: list[Assignment]) -> Assignment:
    """Assignments stacked along a new first axis."""
    stacked: Assignment = {}
    for slot in batch[0]:
        # Few different pieces are in many assignments.
        different = {id(assignment[slot]): assignment[slot] for assignment in batch}
        order = {ident: place for place, ident in enumerate(different)}
        stack = torch.stack([_blank(slot) if piece is None else piece for piece in different.values()])
        stacked[slot] = stack[torch.tensor([order[id(assignment[slot])] for assignment in batch])]
    return stacked


def _blank(slot: _Slot) -> torch.Tensor:
    """Places of zeros."""
    return torch.full(slot.shape, -1)


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


def _misfit(wanted: list[_Slot], shapes: list[Shape]) -> str:
    needed = ", ".join(f"{slot.name} {slot.shape}" for slot in wanted if not slot.optional)
    text = _(
        "The parameters do not fit. The layer needs weights for: {wanted} (input width first). Your module's parameters have shapes: {found}"
    ).format(wanted=needed, found=", ".join(map(str, shapes)) or _("none"))
    if shapes:
        return text
    return text + ". " + _("Make each weight an nn.Linear or an nn.Parameter, and an attribute of self")


def _forward(
    module: Any, inputs: tuple[Any, ...], call: Callable[..., Any] | None
) -> tuple[torch.Tensor, tuple[Any, ...], torch.dtype]:
    """The module's output on its own weights in float64, or in float32 where it cannot compute in float64; the inputs likewise."""

    def run(dtype: torch.dtype) -> tuple[torch.Tensor, tuple[Any, ...], torch.dtype]:
        cast = tuple(x.to(dtype) if isinstance(x, torch.Tensor) and x.is_floating_point() else x for x in inputs)
        return _output(module, cast, call), cast, dtype

    module.double()
    try:
        return run(torch.float64)
    except Exception as error:
        if is_empty_gap(error) or isinstance(error, GraderError):
            raise
        module.float()
        return run(torch.float32)


def _output(module: Any, inputs: tuple[Any, ...], call: Callable[..., Any] | None) -> torch.Tensor:
    # The module may change what it is given; the oracle must not see that.
    given = copy.deepcopy(inputs)
    return as_tensor(module(*given) if call is None else call(module, *given), "the output")


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


def _gather(assignment: Assignment, row: torch.Tensor) -> dict[str, Any]:
    """The oracle's weights: the numbers of the row at the assignment's places."""
    weights: dict[str, Any] = {}
    for slot, places in sorted(assignment.items(), key=lambda item: item[0].index or 0):
        weight = row[_blank(slot) if places is None else places]
        if slot.index is not None:
            weights.setdefault(slot.name, []).append(weight)
        else:
            weights[slot.name] = list(weight.chunk(slot.length, dim=-1)) if slot.length else weight
    return weights


def _pools(named: list[tuple[str, torch.Tensor]], wanted: list[_Slot]) -> tuple[list[list[torch.Tensor]], Kinds]:
    """The parameters, and stacks of them; the slots by shape."""
    # A list of heads may keep one parameter per head, so stacks of them are read as well.
    per_head = any(slot.heads > 1 for slot in wanted)
    kinds: Kinds = {}
    for slot in wanted:
        kinds.setdefault(slot.shape, []).append(slot)
    return list(islice(stackings(named), None if per_head else 1)), kinds


def _assignments(named: list[tuple[str, torch.Tensor]], wanted: list[_Slot]) -> Iterator[Assignment]:
    """Every way to fill the slots from the parameters, the natural ones (in order of creation) first."""
    pools, kinds = _pools(named, wanted)
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
    """Every order of every group of slots of one shape; the last group changes fastest.

    First come those in which groups of the same size, such as matrices and biases of some layers, have the same order.
    """
    slots = [slot for some, _pieces in groups for slot in some]
    every = [list(islice(_orders(*group), MOST_ASSIGNMENTS)) for group in groups]
    sizes = [(len(some), len(pieces)) for some, pieces in groups]
    alike: dict[tuple[int, int], int] = {}
    for size, orders in zip(sizes, every, strict=True):
        alike[size] = min(len(orders), alike.get(size, len(orders)))
    if len(alike) < len(groups):
        for numbers in product(*(range(count) for count in alike.values())):
            number = dict(zip(alike, numbers, strict=True))
            chosen = (orders[number[size]] for size, orders in zip(sizes, every, strict=True))
            yield dict(zip(slots, chain.from_iterable(chosen), strict=True))
    for some_orders in product(*every):
        yield dict(zip(slots, chain.from_iterable(some_orders), strict=True))


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
