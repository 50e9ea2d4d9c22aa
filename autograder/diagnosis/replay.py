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

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from autograder.diagnosis.ways import Way, Weights, values, ways
from autograder.student.endings import Lost, TimeIsUp, WorkerDied
from autograder.student.remote import Remote
from autograder.student.session import StudentSession
from autograder.student.transcript import Question, Reply, Transcript
from autograder.student.worker import wire

# How a module names and lays out its parameters is up to its author: these questions are skipped.
LAYOUT = {
    *("parameters", "named_parameters", "buffers", "named_buffers", "modules", "named_modules", "children"),
    *("named_children", "state_dict", "load_state_dict"),
}
# Probes whose answers depend on the layout, with the parts of the answers that do not.
LAYOUT_PROBES = {"gradients": ("inputs",), "requires_grad": ()}

TELL_NOTHING = ("is_module",)  # probes whose answer says little about an answer

BY_HAND = ("AssertionError", "ValueError")  # errors that answers raise themselves, in words of their own
MOST_CHOICES = 40  # of the ways to fill a module
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
        self._session, self._seconds = session, seconds
        self._end = self._spent() + seconds

    def _spent(self) -> float:
        return time.process_time() + self._session.cpu_seconds

    @property
    def is_used_up(self) -> bool:
        return self._spent() > self._end

    @property
    def is_half_used(self) -> bool:
        return self._spent() > self._end - self._seconds / 2


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
        name: of the attribute or probe that is asked for; empty otherwise.
        weights: parameters of the module that came back, if it is a new one.
        check: title of the check that asked; empty outside of checks.
    """

    question: Question
    reply: Reply
    name: str
    weights: Weights | None
    check: str

    @property
    def is_layout(self) -> bool:
        """Whether it asks how a module names or lays out its parameters."""
        asks = {"getattr": LAYOUT, "probe": {"weights_of"}}.get(self.question.operation, set())
        return self.name in asks


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
    for (question, reply), check in zip(written.calls, written.checks, strict=True):
        weights = None
        if reply.kept is not None:
            found = session.request("getitem", target=session.stand_in(reply.kept), key=slice(None))
            weights = _weights(found)
        name = question.fields.get("name") if question.operation in ("getattr", "probe") else ""
        calls.append(Call(question, reply, str(name), weights, check))
    return calls


def _weights(found: Any) -> Weights:
    """Parameters as the worker tells them, if that is what it tells."""
    import torch

    if not isinstance(found, list) or not all(
        isinstance(one, tuple) and list(map(type, one)) == [str, torch.Tensor, str] for one in found
    ):
        raise wire.WireError("parameters are none")
    return found


@dataclass(frozen=True)
class Course:
    """Which calls of a transcript are put, and of which the answers are compared.

    Attributes:
        put: by place; what no later call needs is left out.
        compared: by place.
    """

    put: tuple[bool, ...]
    compared: tuple[bool, ...]


def whole(calls: list[Call]) -> Course:
    """All of a transcript."""
    everything = (True,) * len(calls)
    return Course(everything, everything)


def part(calls: list[Call], checks: set[str] | None) -> Course:
    """The part of a transcript that belongs to some checks, with what was asked outside of checks.

    Args:
        calls: the transcript.
        checks: titles; None for all.
    """
    compared = tuple(checks is None or not call.check or call.check in checks for call in calls)
    put, needed = list(compared), set[int]()
    named = {ident for call in calls if call.question.operation == "lookup" for ident in call.reply.made}
    for place in reversed(range(len(calls))):
        call = calls[place]
        put[place] |= call.question.operation == "lookup" or bool(needed & {*call.reply.made, *call.question.held})
        if put[place]:
            needed |= {*call.question.held} - named
    return Course(tuple(put), compared)


@dataclass(frozen=True)
class Outcome:
    """How far another answer responds alike.

    Attributes:
        alike: to the end.
        reached: place of the first call that it answers in another way; the number of calls if there is none.
        everywhere: to the end, and in the calls that are not compared, too.
        told: how many answers told more than that something was made, or that an error was raised.
        exact: whether all its modules have as many numbers to train as the student's.
    """

    alike: bool
    reached: int
    everywhere: bool = False
    told: int = 0
    exact: bool = True


def replay(
    session: StudentSession, calls: list[Call], budget: Budget, retries: int, course: Course, *, loosely: bool = False
) -> Outcome:
    """How far another answer responds alike to the same questions, as far as responses can be compared.

    Args:
        session: where the other answer is defined.
        calls: what was asked of the student's answer, and what it answered.
        budget: a replay that has not finished when it is used up counts as different.
        retries: how many further ways to try, for all modules together.
        course: which of the calls count.
        loosely: whether types do not count, where values are equal: 1.0 and True, a list and a tuple; and the student's layers may
            lack a bias.
    """
    return _Replay(session, calls, budget, retries, course, loosely).run()


class _Replay:
    def __init__(
        self, session: StudentSession, calls: list[Call], budget: Budget, retries: int, course: Course, loosely: bool
    ) -> None:
        self._session, self._calls, self._budget, self._retries = session, calls, budget, retries
        self._course, self._loosely = course, loosely
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
        # By names of the student's parameters: the way of the latest such module, which the next one tries first.
        self._usual: dict[tuple[str, ...], int] = {}
        self._turn: dict[int, int] = {}
        # Calls that were compared, those of them that told more than that something was made, and whether all errors read alike.
        self._compared = self._told = 0
        self._says_alike = self._exact = True

    def run(self) -> Outcome:
        place = tried = furthest = 0
        everywhere = True
        while place < len(self._calls):
            if self._budget.is_used_up:
                return Outcome(False, furthest)
            if not self._course.put[place]:
                everywhere = False
                place += 1
                continue
            alike = self._step(place)
            if alike or not self._course.compared[place]:
                everywhere = everywhere and alike
                place += 1
                continue
            furthest = max(furthest, place)
            # It differs: if a module is involved whose parameters could be filled in another way, go back to where it was made.
            made_at = next((self._origin[i] for i in self._calls[place].question.held if i in self._origin), None)
            tried += 1
            if made_at is None or tried > self._retries:
                return Outcome(False, furthest)
            choice = self._chosen.get(made_at, 0) + 1
            if choice >= MOST_CHOICES:
                return Outcome(False, furthest)
            # Modules made later start again with their first way.
            self._chosen = {index: found for index, found in self._chosen.items() if index < made_at} | {
                made_at: choice
            }
            place = made_at
        # If nothing could be compared, nothing is proved; and many mistakes raise an error of the same class, or fail for their layout.
        alike = self._compared > 0 and (self._told > 0 or (self._says_alike and self._exact))
        return Outcome(alike, place, everywhere and alike, self._told, self._exact)

    def _step(self, place: int) -> bool:
        """Puts one question; returns whether the answer is the same."""
        # 1. Questions about layout are skipped.
        call = self._calls[place]
        held = call.question.held
        if call.is_layout or any(ident in self._hidden for ident in held):
            self._hidden.update(call.reply.made)
            return True
        if call.name == "fill" and call.question.operation == "probe" and held and held[0] in self._origin:
            return self._refill(call)
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
            if self._course.compared[place]:
                self._compared += 1
                words_count = call.reply.error not in BY_HAND
                self._says_alike = self._says_alike and (
                    not words_count or _words(reply.said) == _words(call.reply.said)
                )
            return reply.error == call.reply.error
        value = None
        if not self._says_the_same(call, reply):
            expected, value = _decoded(call.reply, Handle), _decoded(reply, self._session.stand_in)
            if call.question.operation == "probe" and call.name in LAYOUT_PROBES:
                keys = LAYOUT_PROBES[call.name]
                # A model passed in by the test is the course's own: then the names do count.
                if call.name == "gradients" or list(value or ()) != list(expected or ()):
                    value, expected = _part(value, keys), _part(expected, keys)
            alike = _same(expected, value, self._handles, self._loosely)
            if not alike or not self._changes_the_same(call, question, reply):
                return False
        if self._course.compared[place]:
            self._compared += 1
            self._told += not call.reply.made and reply.value is not None and call.name not in TELL_NOTHING
        # 4. Remember where the new objects come from, to go back there.
        made_at = next((self._origin[ident] for ident in held if ident in self._origin), None)
        if call.weights is not None:
            made_at = place
        if made_at is not None:
            self._origin.update(dict.fromkeys(call.reply.made, made_at))
        if call.weights is None or not isinstance(value, Remote):
            return True
        # 5. A new module gets the student's parameters, in the way whose turn it is.
        return self._fill(place, value, call.weights)

    def _fill(self, place: int, module: Remote, weights: Weights) -> bool:
        if place not in self._ways:
            mine = self._session.request("probe", name="weights_of", args=[module], kwargs={})
            if mine is None:
                return False
            self._ways[place] = mine, [], ways(weights, mine, lacking=self._loosely)
        names = tuple(name for name, _, _ in weights)
        if place not in self._chosen:
            self._chosen[place] = 0
            self._turn[place] = self._usual.get(names, 0)
        if self._course.compared[place]:
            has, should = (sum(value.numel() for _, value, _ in some) for some in (self._ways[place][0], weights))
            self._exact = self._exact and has == should
        way = self._way(place)
        if way is None:
            return False
        self._usual[names] = self._index(place)
        fill(self._session, module, values(way, weights))
        return True

    def _index(self, place: int) -> int:
        """Which way it is: the usual one first, then all others in their order."""
        choice, usual = self._chosen[place], self._turn[place]
        return usual if choice == 0 else choice - 1 if choice <= usual else choice

    def _way(self, place: int) -> Way | None:
        _mine, drawn, others = self._ways[place]
        index = self._index(place)
        drawn.extend(islice(others, max(0, index + 1 - len(drawn))))
        if index < len(drawn):
            return drawn[index]
        # This module has fewer ways than the one before.
        if self._chosen[place] == 0 and drawn:
            self._turn[place] = 0
            return drawn[0]
        return None

    def _refill(self, call: Call) -> bool:
        """Values that a test has written into the student's module, by the student's names, are written into this one in its way."""
        if call.reply.error:
            return True
        place = self._origin[call.question.held[0]]
        made, module = self._calls[place].weights, self._handles.get(call.question.held[0])
        if made is None or place not in self._ways or not isinstance(module, Remote):
            return False
        _args, kwargs = _arguments(call.question, call.reply, Handle)
        given = kwargs["values"]
        weights = [(name, given.get(name, value), kind) for name, value, kind in made]
        way = self._way(place)
        if way is None:
            return False
        fill(self._session, module, values(way, weights))
        return True

    @staticmethod
    def _says_the_same(call: Call, reply: Reply) -> bool:
        """Whether a reply without objects is the recorded one, byte by byte: most often that settles it."""
        told = call.reply
        return not call.reply.made and (told.value, told.changed, told.blob) == (reply.value, reply.changed, reply.blob)

    def _changes_the_same(self, call: Call, question: Question, reply: Reply) -> bool:
        """Whether the arguments are the same afterwards."""
        if call.reply.changed is None and reply.changed is None:
            return True
        expected = _arguments(call.question, call.reply, Handle)
        found = _arguments(question, reply, self._session.stand_in)
        return _same(expected, found, self._handles, self._loosely)


def fill(session: StudentSession, module: Remote, found: dict[str, Any]) -> None:
    """Writes values into a module's parameters, by name.

    Raises:
        Lost, TimeIsUp, WorkerDied: the worker does not answer.
    """
    session.request("probe", name="fill", args=[module], kwargs={"values": found})


def _decoded(reply: Reply, on_handle: Callable[[int], Any]) -> Any:
    return wire.Decoder(reply.blob, lambda form: on_handle(int(form["id"]))).decode(reply.value)


def _arguments(question: Question, reply: Reply, on_handle: Callable[[int], Any]) -> Any:
    """The arguments after a call: positional ones, keywords."""
    if reply.changed is not None:
        return wire.Decoder(reply.blob, lambda form: on_handle(int(form["id"]))).decode(reply.changed)
    # What was sent is the judge's own, pickles included.
    sent = wire.Decoder(question.blob, lambda form: on_handle(int(form["id"])), allow_pickle=True)
    return [sent.decode(question.fields.get(part)) for part in ("args", "kwargs")]


def _words(text: str) -> list[str]:
    """The first words of an error's text, without names and numbers."""
    return re.sub(r"'[^']*'|[^A-Za-z]+", " ", text).split()[:5]


def _part(answer: Any, keys: tuple[str, ...]) -> Any:
    return {key: answer[key] for key in keys} if isinstance(answer, dict) else answer


def _same(expected: Any, found: Any, handles: dict[int, Any], loosely: bool = False) -> bool:
    """Whether two answers are the same, up to rounding; handles and the objects that stand for them are paired in `handles`."""
    import numpy as np
    import torch

    if isinstance(expected, Handle) or isinstance(found, Remote):
        if not (isinstance(expected, Handle) and isinstance(found, Remote)):
            return False
        handles[expected.ident] = found
        return True
    if loosely:
        expected, found = _plain(expected), _plain(found)
    if isinstance(expected, np.ndarray) and isinstance(found, np.ndarray):
        return expected.shape == found.shape and bool(
            np.allclose(expected, found, rtol=1e-3, atol=1e-5, equal_nan=True)
        )
    if isinstance(expected, torch.Tensor) and isinstance(found, torch.Tensor):
        if expected.shape != found.shape or (expected.dtype != found.dtype and not loosely):
            return False
        if expected.is_meta or found.is_meta:
            return expected.is_meta and found.is_meta
        if not expected.is_floating_point() and expected.dtype == found.dtype:
            return torch.equal(expected, found)
        return torch.allclose(expected.double(), found.double(), rtol=1e-3, atol=1e-5, equal_nan=True)
    if type(expected) is not type(found):
        return False
    if isinstance(expected, dict):
        same_keys = expected.keys() == found.keys() if loosely else list(expected) == list(found)
        return same_keys and all(_same(expected[key], found[key], handles, loosely) for key in expected)
    if isinstance(expected, (list, tuple)):
        pairs = zip(expected, found, strict=False)
        return len(expected) == len(found) and all(_same(a, b, handles, loosely) for a, b in pairs)
    if isinstance(expected, float):
        return bool(np.isclose(expected, found, rtol=1e-4, atol=1e-7, equal_nan=True))
    return bool(expected == found)


def _plain(value: Any) -> Any:
    """Numbers, truth values and arrays as tensors, tuples as lists."""
    import numpy as np
    import torch

    if isinstance(value, (bool, int, float, np.number)):
        return torch.tensor(float(value), dtype=torch.double)
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return torch.as_tensor(value)
    return list(value) if isinstance(value, tuple) else value
