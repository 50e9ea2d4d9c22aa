"""What a test cell asked of an answer and what came back, and the same questions put to another answer."""

from __future__ import annotations

import functools
import io
import pickle
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from autograder.student.remote import Remote
from llmkit.testing.weights import assignments

if TYPE_CHECKING:
    import torch

    from autograder.student.session import StudentSession

# How a module's parameters are called and laid out is its author's own business.
LAYOUT = {
    *("parameters", "named_parameters", "buffers", "named_buffers", "modules", "named_modules", "children"),
    *("named_children", "state_dict", "load_state_dict"),
}
# Of these probes' answers only a part, or nothing, is independent of the layout.
LAYOUT_PROBES = {"gradients": ("inputs",), "requires_grad": ()}
RANDOM = ("call", "probe", "next", "getitem", "iter")

Weights = list[tuple[str, "torch.Tensor", str]]
Way = dict[str, "torch.Tensor"]


@dataclass(frozen=True)
class Handle:
    """An object that stays with the answer, by its number."""

    ident: int


@dataclass
class Call:
    """One question and its answer.

    Attributes:
        operation: of the wire: lookup, call, getattr and so on.
        fields: its arguments, frozen.
        seed: of the random numbers just before it.
        value: the answer, frozen; None when there was an error.
        after: the arguments afterwards, frozen: an answer may change them in place.
        error: class name of the exception; empty when there was none.
        weights: parameters of the module that came back, if it is one.
    """

    operation: str
    fields: bytes
    seed: int
    value: bytes | None = None
    after: bytes | None = None
    error: str = ""
    weights: Weights | None = None


@dataclass
class Recorder:
    """Writes down every request of a session while it is the session's recorder.

    Attributes:
        calls: what was written down.
        broken: whether something could not be written down, or the process of the answer ended: then there is nothing to compare.
    """

    calls: list[Call] = field(default_factory=list)
    broken: bool = False
    _names: set[int] = field(default_factory=set)

    def observe(self, session: StudentSession, operation: str, fields: dict[str, Any]) -> Any:
        """Sends the request on, and writes it down."""
        from autograder.student.session import Lost, TimeIsUp, WorkerDied

        seed = len(self.calls) if operation in RANDOM else -1
        try:
            call = Call(operation, freeze(fields), seed)
        except Exception:  # whatever pickle raises: the test itself goes on
            self.broken = True
            return session.ask(operation, fields)
        self.calls.append(call)
        try:
            value = session.ask(operation, fields, seed=seed)
        except (WorkerDied, TimeIsUp, Lost):
            self.broken = True
            raise
        except Exception as error:
            call.error = type(error).__name__
            raise
        call.value = freeze(value)
        call.after = freeze([fields.get("args"), fields.get("kwargs")])
        if operation == "lookup":
            self._names.update(_idents(thaw(call.value)))
        # What a class or function of the answer's makes; a method that gives its own module back makes nothing.
        made = operation == "call" and isinstance(value, Remote) and fields["target"].ident_in(session) in self._names
        if made:
            call.weights = weights_of(session, value)
        return value


def weights_of(session: StudentSession, module: Remote) -> Weights | None:
    """Name, value and kind ("linear" or "plain") of each parameter; None for what is no module."""
    found = session.ask("probe", {"name": "weights_of", "args": [module], "kwargs": {}})
    return None if found is None else [(name, value, kind) for name, value, kind in found]


class _Freezer(pickle.Pickler):
    def persistent_id(self, value: Any) -> int | None:
        return object.__getattribute__(value, "_ident") if type(value) is Remote else None


class _Thawer(pickle.Unpickler):
    def __init__(self, data: bytes, handles: dict[int, Any] | None) -> None:
        super().__init__(io.BytesIO(data))
        self._handles = handles

    def persistent_load(self, ident: int) -> Any:
        return Handle(ident) if self._handles is None else self._handles[ident]


def freeze(value: Any) -> bytes:
    """A copy that nothing changes; stand-ins become handles."""
    stream = io.BytesIO()
    _Freezer(stream).dump(value)
    return stream.getvalue()


def thaw(data: bytes, handles: dict[int, Any] | None = None) -> Any:
    """The value again, with these objects for its handles.

    Raises:
        KeyError: a handle that is not among them.
    """
    return _Thawer(data, handles).load()


# Ways to read the parameters of one module that are tried (the likeliest of so many), and tries for all modules of a test together.
MOST_CHOICES = 40
MOST_WAYS = 720
MOST_RETRIES = 400


def replay(session: StudentSession, calls: list[Call], deadline: float, retries: int = MOST_RETRIES) -> bool:
    """Whether the names of another session answer the same questions in the same way, as far as answers can be compared.

    A module of theirs gets the parameters of the first one's in one of the ways in which these can be read; when it then answers
    otherwise, the next way is tried.

    Args:
        session: where the other answer is defined.
        calls: what was asked of the first one, with its answers.
        deadline: on the monotonic clock; a replay that is not through by then has not answered alike.
        retries: how many further ways are tried, for all modules together.
    """
    return _Replay(session, calls, deadline, retries).run()


class _Replay:
    def __init__(self, session: StudentSession, calls: list[Call], deadline: float, retries: int) -> None:
        self._session, self._calls, self._deadline, self._retries = session, calls, deadline, retries
        self._handles: dict[int, Any] = {}
        self._hidden: set[int] = set()
        # Of an object the call that made it, or made what it was taken from.
        self._origin: dict[int, int] = {}
        self._chosen: dict[int, int] = {}
        # Of a made module the ways that were drawn already, and the others.
        self._ways: dict[int, tuple[list[Way], Iterator[Way]]] = {}
        self._compared = 0

    def run(self) -> bool:
        place = tried = 0
        while place < len(self._calls):
            if time.monotonic() > self._deadline:
                return False
            if self._step(place):
                place += 1
                continue
            made_at = next(
                (self._origin[i] for i in _idents(thaw(self._calls[place].fields)) if i in self._origin), None
            )
            tried += 1
            if made_at is None or tried > self._retries:
                return False
            choice = self._chosen.get(made_at, 0) + 1
            if choice >= MOST_CHOICES:
                return False
            self._chosen = {index: found for index, found in self._chosen.items() if index < made_at} | {
                made_at: choice
            }
            place = made_at
        return self._compared > 0

    def _step(self, place: int) -> bool:
        """Puts one question; whether the answer is the same."""
        call = self._calls[place]
        asked = thaw(call.fields)
        idents = list(_idents(asked))
        if any(ident in self._hidden for ident in idents) or _is_layout(call.operation, asked):
            self._hidden.update(_idents(thaw(call.value)) if call.value else ())
            return True
        if any(ident not in self._handles for ident in idents):
            return False
        fields = thaw(call.fields, self._handles)
        error, value = "", None
        try:
            value = self._session.ask(call.operation, fields, seed=call.seed)
        except Exception as raised:
            error = type(raised).__name__
        if error or call.error:
            self._compared += 1
            return error == call.error
        expected = thaw(call.value) if call.value is not None else None
        changed = [fields.get("args"), fields.get("kwargs")]
        if call.operation == "probe" and asked["name"] in LAYOUT_PROBES:
            keys = LAYOUT_PROBES[asked["name"]]
            # Of a model that the test has handed over, the course's own, the names say something.
            if asked["name"] != "requires_grad" or list(value or ()) != list(expected or ()):
                value, expected = _part(value, keys), _part(expected, keys)
        if not _same(expected, value, self._handles) or not _same(
            thaw(call.after) if call.after else None, changed, self._handles
        ):
            return False
        self._compared += 1
        made_at = next((self._origin[ident] for ident in idents if ident in self._origin), None)
        if call.weights is not None:
            made_at = place
        if made_at is not None:
            self._origin.update(dict.fromkeys(_idents(expected), made_at))
        if call.weights is None or not isinstance(value, Remote):
            return True
        mine = weights_of(self._session, value)
        if mine is None:
            return False
        choice = self._chosen.get(place, 0)
        drawn, others = self._ways.setdefault(place, ([], _ways(call.weights, mine)))
        drawn.extend(islice(others, max(0, choice + 1 - len(drawn))))
        if choice >= len(drawn):
            return False
        _fill(self._session, value, mine, drawn[choice])
        return True


def _part(answer: Any, keys: tuple[str, ...]) -> Any:
    return {key: answer[key] for key in keys} if isinstance(answer, dict) else answer


def _is_layout(operation: str, fields: dict[str, Any]) -> bool:
    return operation == "getattr" and fields["name"] in LAYOUT


def _idents(value: Any) -> Iterator[int]:
    if isinstance(value, Handle):
        yield value.ident
    elif isinstance(value, dict):
        for part in value.values():
            yield from _idents(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _idents(part)


def _same(expected: Any, found: Any, handles: dict[int, Any]) -> bool:
    """Whether two answers are the same, up to rounding; objects that stay there are paired."""
    import numpy as np
    import torch

    if isinstance(expected, Handle) or isinstance(found, Remote):
        if not (isinstance(expected, Handle) and isinstance(found, Remote)):
            return False
        handles[expected.ident] = found
        return True
    if isinstance(expected, np.ndarray) and isinstance(found, np.ndarray):
        return expected.shape == found.shape and bool(
            np.allclose(expected, found, rtol=1e-3, atol=1e-5, equal_nan=True)
        )
    if isinstance(expected, torch.Tensor) and isinstance(found, torch.Tensor):
        if expected.shape != found.shape or expected.dtype != found.dtype:
            return False
        if expected.is_meta or found.is_meta:
            return expected.is_meta and found.is_meta
        if not expected.is_floating_point():
            return torch.equal(expected, found)
        return torch.allclose(expected.double(), found.double(), rtol=1e-3, atol=1e-5, equal_nan=True)
    if type(expected) is not type(found):
        return False
    # What a test hands over comes back as a copy, and copies of these are not equal by themselves.
    if isinstance(expected, torch.nn.Module):
        return expected.training == found.training and _same(expected.state_dict(), found.state_dict(), handles)
    if isinstance(expected, functools.partial):
        one, other = ([part.func, part.args, part.keywords] for part in (expected, found))
        return _same(one, other, handles)
    if isinstance(expected, dict):
        return list(expected) == list(found) and all(_same(expected[key], found[key], handles) for key in expected)
    if isinstance(expected, (list, tuple)):
        return len(expected) == len(found) and all(_same(a, b, handles) for a, b in zip(expected, found, strict=True))
    if isinstance(expected, float):
        return bool(np.isclose(expected, found, rtol=1e-4, atol=1e-7, equal_nan=True))
    if expected == found:
        return True
    if any("__eq__" in vars(kind) for kind in type(expected).__mro__[:-1]):
        return False
    try:  # equal would mean identical, and these are copies
        return _same(expected.__reduce_ex__(4)[1:3], found.__reduce_ex__(4)[1:3], handles)
    except (TypeError, RecursionError):
        return False


def _ways(weights: Weights, mine: Weights) -> Iterator[Way]:
    """The ways to read the first one's parameters as the other's.

    First one by one, where both have the same shapes in the same order: whole models need no more, and drawing up the others
    takes a second. Then those that read matrices and biases in the same order.
    """
    # Slots are matrices as in x @ W; a linear layer holds them the other way round.
    slots = {name: tuple(value.t().shape if kind == "linear" else value.shape) for name, value, kind in mine}
    named = [(name, value) for name, value, _ in weights]
    alike = [(value.shape, kind) for _, value, kind in weights] == [(value.shape, kind) for _, value, kind in mine]
    if alike:
        pairs = zip(mine, weights, strict=True)
        yield {name: value.t() if kind == "linear" else value for (name, _, kind), (_, value, _) in pairs}
    found = list(islice(assignments(named, slots), MOST_WAYS))
    places = {value.untyped_storage().data_ptr(): place for place, (_, value) in enumerate(named)}

    def orders(way: Way) -> int:
        groups: dict[tuple[int, ...], list[tuple[int, int]]] = {}
        for name, piece in way.items():
            storage = piece.untyped_storage().data_ptr()
            groups.setdefault(slots[name], []).append((places.get(storage, 0), int(piece.storage_offset())))
        ranks = {tuple(sorted(range(len(group)), key=group.__getitem__)) for group in groups.values() if len(group) > 1}
        return len(ranks)

    yield from sorted(found, key=orders)


def _fill(session: StudentSession, module: Remote, mine: Weights, way: Way) -> None:
    values = {name: way[name].t() if kind == "linear" else way[name] for name, _, kind in mine}
    session.ask("probe", {"name": "fill", "args": [module], "kwargs": {"values": values}})
