"""Records what a test cell asks of an answer and what comes back."""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograder.student.endings import Lost, TimeIsUp, WorkerDied
from autograder.student.remote import Remote, look_up
from autograder.student.session import StudentSession

if TYPE_CHECKING:
    import torch

# Operations that may draw random numbers are seeded, so that another answer draws the same ones.
RANDOM = ("call", "probe", "next", "getitem", "iter")

Weights = list[tuple[str, "torch.Tensor", str]]


@dataclass(frozen=True)
class Handle:
    """An object that stays in the answer's process, by its number."""

    ident: int


@dataclass
class Call:
    """One question and its answer.

    Attributes:
        operation: the wire's operation: lookup, call, getattr and so on.
        fields: its arguments, frozen.
        seed: seed of the random numbers, set just before it.
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


class Recording:
    """A session that records every request of a test cell; the stand-ins it returns ask through it as well.

    Args:
        session: the student's, in its current state.

    Attributes:
        calls: what was recorded.
        broken: whether something could not be recorded, or the answer's process ended: then there is nothing to compare.
    """

    def __init__(self, session: StudentSession) -> None:
        self._session = session
        self._names: set[int] = set()
        self.calls: list[Call] = []
        self.broken = False

    @property
    def generation(self) -> int:
        return self._session.generation

    @property
    def dropped(self) -> list[int]:
        return self._session.dropped

    @property
    def process(self) -> StudentSession:
        return self._session.process

    def begin_test(self) -> None:
        """As the session's."""
        self._session.begin_test()

    def bind(self, name: str) -> Any:
        """As the session's; looks every name up again, so that the lookup is recorded."""
        return look_up(self, name)

    def request(self, operation: str, **fields: Any) -> Any:
        """Forwards the request and records it."""
        seed = len(self.calls) if operation in RANDOM else -1
        try:
            call = Call(operation, freeze(fields), seed)
        except Exception:  # whatever pickle raises: the test itself goes on
            self.broken = True
            return self._session.ask(operation, fields, holder=self)
        self.calls.append(call)
        try:
            value = self._session.ask(operation, fields, seed=seed, holder=self)
        except (WorkerDied, TimeIsUp, Lost):
            self.broken = True
            raise
        except Exception as error:
            call.error = type(error).__name__
            raise
        call.value = freeze(value)
        call.after = freeze([fields.get("args"), fields.get("kwargs")])
        if operation == "lookup":
            self._names.update(idents(thaw(call.value)))
        # Made by a class or function of the answer; a method that returns its own module makes nothing.
        made = operation == "call" and isinstance(value, Remote) and fields["target"].ident_in(self) in self._names
        if made:
            call.weights = weights_of(self._session, value)
        return value


def weights_of(session: StudentSession, module: Remote) -> Weights | None:
    """Name, value and kind ("linear" or "plain") of each parameter; None for anything but a module."""
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
    """An immutable copy; stand-ins become handles."""
    stream = io.BytesIO()
    _Freezer(stream).dump(value)
    return stream.getvalue()


def thaw(data: bytes, handles: dict[int, Any] | None = None) -> Any:
    """The frozen value, with these objects in place of its handles.

    Raises:
        KeyError: a handle is not among them.
    """
    return _Thawer(data, handles).load()


def idents(value: Any) -> Iterator[int]:
    """Numbers of the handles in a thawed value."""
    if isinstance(value, Handle):
        yield value.ident
    elif isinstance(value, dict):
        for part in value.values():
            yield from idents(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from idents(part)
