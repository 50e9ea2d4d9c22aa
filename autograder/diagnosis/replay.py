"""Puts the questions of a recorded test cell to another answer: does it respond alike?

A test of a linear layer, say, has asked the student's code for this, and a known mistake is asked the same:

    recorded from the student's answer            put to the mistake
    lookup Linear            -> handle 1           lookup Linear            -> handle 7; from now on 1 stands for 7
    call 1(3, 2)             -> handle 2, weights  call 7(3, 2)             -> handle 8, gets these weights in the first way that fits
    call 2(x)                -> tensor             call 8(x)                -> another tensor: back to the call that made 8, next way
                                                   call 7(3, 2)             -> handle 9, gets the weights transposed
                                                   call 9(x)                -> the same tensor: go on
    getattr 2, "parameters"  -> handle 3           not asked: the names and layout of parameters are up to the author

When the last question is answered alike, the student has made this mistake, or one that the test cannot tell from it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from autograder.student.endings import Lost, TimeIsUp, WorkerDied
from autograder.student.remote import Remote
from autograder.student.session import StudentSession
from autograder.student.transcript import Question, Reply, Transcript, idents
from autograder.student.worker import wire
from llmkit.testing.weights import assignments

if TYPE_CHECKING:
    import torch

# Name, value and kind ("linear" or "plain") of each parameter of a module.
Weights = list[tuple[str, "torch.Tensor", str]]

# How a module names and lays out its parameters is up to its author: these questions are skipped.
LAYOUT = {
    *("parameters", "named_parameters", "buffers", "named_buffers", "modules", "named_modules", "children"),
    *("named_children", "state_dict", "load_state_dict"),
}
# Probes whose answers depend on the layout, with the parts of the answers that do not.
LAYOUT_PROBES = {"gradients": ("inputs",), "requires_grad": ()}

# A way to fill a module: a value for each of its parameters, by name.
Way = dict[str, "torch.Tensor"]

MOST_WAYS = 720  # generated for one module and sorted by likelihood
MOST_CHOICES = 40  # of them tried
MOST_RETRIES = 400  # for all modules of a test together
# Where a test has found no layout in which the answer is right, a few are enough to see that the solution answers otherwise.
RETRIES_ON_SOLUTION = 8


class Budget:
    """Processor time that may be spent, here and in a session's worker. Unlike a deadline it does not depend on how busy the machine is.

    Args:
        session: whose worker counts.
        seconds: how much there is.
    """

    def __init__(self, session: StudentSession, seconds: float) -> None:
        self._session = session
        self._end = self._spent() + seconds

    def _spent(self) -> float:
        return time.process_time() + self._session.cpu_seconds

    @property
    def is_used_up(self) -> bool:
        return self._spent() > self._end


@dataclass(frozen=True)
class Handle:
    """An object that stayed in the answer's process, by its number."""

    ident: int


@dataclass(frozen=True)
class Call:
    """One question of a transcript and its answer, ready to be asked again.

    Attributes:
        question: as it was sent.
        reply: as it came back.
        made: numbers of the objects in the reply.
        name: of the attribute or probe that is asked for; empty otherwise.
        weights: parameters of the module that came back, if it is a new one.
    """

    question: Question
    reply: Reply
    made: tuple[int, ...]
    name: str
    weights: Weights | None

    @property
    def is_layout(self) -> bool:
        """Whether it asks how a module names or lays out its parameters."""
        return self.question.operation == "getattr" and self.name in LAYOUT


def read(session: StudentSession, written: Transcript) -> list[Call]:
    """The calls of a transcript, with the parameters of the modules that were made.

    Args:
        session: the worker that answered.
        written: what it answered.

    Raises:
        Lost, TimeIsUp, WorkerDied: it does not answer any more.
        Exception: it answers something else; any, because what the student's process raises is raised here.
    """
    calls = []
    for question, reply in written.calls:
        weights = None
        if reply.kept is not None:
            found = session.request("getitem", target=session.stand_in(reply.kept), key=slice(None))
            weights = _weights(found)
        name = question.fields.get("name") if question.operation in ("getattr", "probe") else ""
        calls.append(Call(question, reply, tuple(idents(reply.value)), str(name), weights))
    return calls


def _weights(found: Any) -> Weights:
    """Parameters as the worker tells them, if that is what it tells."""
    import torch

    if not isinstance(found, list) or not all(
        isinstance(one, tuple) and list(map(type, one)) == [str, torch.Tensor, str] for one in found
    ):
        raise wire.WireError("parameters are none")
    return found


def replay(session: StudentSession, calls: list[Call], budget: Budget, retries: int = MOST_RETRIES) -> bool:
    """Whether another answer responds alike to the same questions, as far as responses can be compared.

    Args:
        session: where the other answer is defined.
        calls: what was asked of the student's answer, and what it answered.
        budget: a replay that has not finished when it is used up counts as different.
        retries: how many further ways to try, for all modules together.
    """
    return _Replay(session, calls, budget, retries).run()


class _Replay:
    def __init__(self, session: StudentSession, calls: list[Call], budget: Budget, retries: int) -> None:
        self._session, self._calls, self._budget, self._retries = session, calls, budget, retries
        # By the recorded handle: the object that stands for it here.
        self._handles: dict[int, Any] = {}
        # Recorded handles that came from questions about layout; questions to them are skipped as well.
        self._hidden: set[int] = set()
        # By the recorded handle: place of the call that made it or the module that it was taken from.
        self._origin: dict[int, int] = {}
        # By place of a call that makes a module: which way its parameters are filled; its own parameters, the ways generated so far,
        # and the rest.
        self._chosen: dict[int, int] = {}
        self._ways: dict[int, tuple[Weights, list[Way], Iterator[Way]]] = {}
        self._compared = 0

    def run(self) -> bool:
        place = tried = 0
        while place < len(self._calls):
            if self._budget.is_used_up:
                return False
            if self._step(place):
                place += 1
                continue
            # It differs: if a module is involved whose parameters could be filled in another way, go back to where it was made.
            made_at = next((self._origin[i] for i in self._calls[place].question.held if i in self._origin), None)
            tried += 1
            if made_at is None or tried > self._retries:
                return False
            choice = self._chosen.get(made_at, 0) + 1
            if choice >= MOST_CHOICES:
                return False
            # Modules made later start again with their first way.
            self._chosen = {index: found for index, found in self._chosen.items() if index < made_at} | {
                made_at: choice
            }
            place = made_at
        # If nothing could be compared, nothing is proved.
        return self._compared > 0

    def _step(self, place: int) -> bool:
        """Puts one question; returns whether the answer is the same."""
        # 1. Questions about layout are skipped.
        call = self._calls[place]
        held = call.question.held
        if call.is_layout or any(ident in self._hidden for ident in held):
            self._hidden.update(call.made)
            return True
        # 2. Put the question to the objects that stand for the recorded ones.
        if any(ident not in self._handles for ident in held):
            return False
        try:
            question = call.question.renumbered(lambda ident: self._handles[ident].ident_in(self._session))
            reply = self._session.put(question)
        except (Lost, TimeIsUp, WorkerDied):
            return False
        # 3. Compare the error, or the answer and the arguments afterwards.
        if reply.error or call.reply.error:
            self._compared += 1
            return reply.error == call.reply.error
        value = None
        if not self._says_the_same(call, reply):
            expected, value = _decoded(call.reply, Handle), _decoded(reply, self._session.stand_in)
            if call.question.operation == "probe" and call.name in LAYOUT_PROBES:
                keys = LAYOUT_PROBES[call.name]
                # A model passed in by the test is the course's own: then the names do count.
                if call.name != "requires_grad" or list(value or ()) != list(expected or ()):
                    value, expected = _part(value, keys), _part(expected, keys)
            if not _same(expected, value, self._handles) or not self._changes_the_same(call, question, reply):
                return False
        self._compared += 1
        # 4. Remember where the new objects come from, to go back there.
        made_at = next((self._origin[ident] for ident in held if ident in self._origin), None)
        if call.weights is not None:
            made_at = place
        if made_at is not None:
            self._origin.update(dict.fromkeys(call.made, made_at))
        if call.weights is None or not isinstance(value, Remote):
            return True
        # 5. A new module gets the student's parameters, in the way whose turn it is.
        if place not in self._ways:
            mine = self._session.request("probe", name="weights_of", args=[value], kwargs={})
            if mine is None:
                return False
            self._ways[place] = mine, [], _ways(call.weights, mine)
        choice = self._chosen.get(place, 0)
        mine, drawn, others = self._ways[place]
        drawn.extend(islice(others, max(0, choice + 1 - len(drawn))))
        if choice >= len(drawn):
            return False
        _fill(self._session, value, mine, drawn[choice])
        return True

    @staticmethod
    def _says_the_same(call: Call, reply: Reply) -> bool:
        """Whether a reply without objects is the recorded one, byte by byte: most often that settles it."""
        told = call.reply
        return not call.made and (told.value, told.changed, told.blob) == (reply.value, reply.changed, reply.blob)

    def _changes_the_same(self, call: Call, question: Question, reply: Reply) -> bool:
        """Whether the arguments are the same afterwards."""
        if call.reply.changed is None and reply.changed is None:
            return True
        expected = _arguments(call.question, call.reply, Handle)
        return _same(expected, _arguments(question, reply, self._session.stand_in), self._handles)


def _decoded(reply: Reply, on_handle: Callable[[int], Any]) -> Any:
    return wire.Decoder(reply.blob, lambda form: on_handle(int(form["id"]))).decode(reply.value)


def _arguments(question: Question, reply: Reply, on_handle: Callable[[int], Any]) -> Any:
    """The arguments after a call: positional ones, keywords."""
    if reply.changed is not None:
        return wire.Decoder(reply.blob, lambda form: on_handle(int(form["id"]))).decode(reply.changed)
    # What was sent is the judge's own, pickles included.
    sent = wire.Decoder(question.blob, lambda form: on_handle(int(form["id"])), allow_pickle=True)
    return [sent.decode(question.fields.get(part)) for part in ("args", "kwargs")]


def _part(answer: Any, keys: tuple[str, ...]) -> Any:
    return {key: answer[key] for key in keys} if isinstance(answer, dict) else answer


def _same(expected: Any, found: Any, handles: dict[int, Any]) -> bool:
    """Whether two answers are the same, up to rounding; handles and the objects that stand for them are paired in `handles`."""
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
    if isinstance(expected, dict):
        return list(expected) == list(found) and all(_same(expected[key], found[key], handles) for key in expected)
    if isinstance(expected, (list, tuple)):
        return len(expected) == len(found) and all(_same(a, b, handles) for a, b in zip(expected, found, strict=True))
    if isinstance(expected, float):
        return bool(np.isclose(expected, found, rtol=1e-4, atol=1e-7, equal_nan=True))
    return bool(expected == found)


def _ways(weights: Weights, mine: Weights) -> Iterator[Way]:
    """The ways to fill a module (`mine`) with the student's parameters (`weights`), the likeliest first.

    First, one by one, where both have the same shapes in the same order: whole models need no more, and generating the others
    takes a second. Then those in which matrices and biases are in one order: with a fused `qkv` and its bias on one side and three
    layers on the other, (W_q, b_q), (W_k, b_k), (W_v, b_v) before (W_q, b_k), (W_k, b_q), (W_v, b_v).
    """
    # Slots are matrices as in x @ W; a linear layer stores them transposed.
    slots = {name: tuple(value.t().shape if kind == "linear" else value.shape) for name, value, kind in mine}
    named = [(name, value) for name, value, _ in weights]
    alike = [(value.shape, kind) for _, value, kind in weights] == [(value.shape, kind) for _, value, kind in mine]
    if alike:
        pairs = zip(mine, weights, strict=True)
        yield {name: value.t() if kind == "linear" else value for (name, _, kind), (_, value, _) in pairs}
    found = list(islice(assignments(named, slots), MOST_WAYS))
    places = {value.untyped_storage().data_ptr(): place for place, (_, value) in enumerate(named)}

    def orders(way: Way) -> int:
        """How many different orders the pieces are in: 1 when all kinds of parameters share one."""
        groups: dict[tuple[int, ...], list[tuple[int, int]]] = {}
        for name, piece in way.items():
            storage = piece.untyped_storage().data_ptr()
            groups.setdefault(slots[name], []).append((places.get(storage, 0), int(piece.storage_offset())))
        ranks = {tuple(sorted(range(len(group)), key=group.__getitem__)) for group in groups.values() if len(group) > 1}
        return len(ranks)

    yield from sorted(found, key=orders)


def _fill(session: StudentSession, module: Remote, mine: Weights, way: Way) -> None:
    values = {name: way[name].t() if kind == "linear" else way[name] for name, _, kind in mine}
    session.request("probe", name="fill", args=[module], kwargs={"values": values})
