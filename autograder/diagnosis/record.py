"""Writes down what a test cell asks of an answer and what comes back."""

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

# Operations that may draw random numbers: they are seeded, so that another answer draws the same.
RANDOM = ("call", "probe", "next", "getitem", "iter")

Weights = list[tuple[str, "torch.Tensor", str]]


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


class Recording:
    """A session that writes down every request of a test cell; whatever it hands out asks through it, too.

    Args:
        session: the student's, as it stands.

    Attributes:
        calls: what was written down.
        broken: whether something could not be written down, or the process of the answer ended: then there is nothing to compare.
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
        """As the session's; every name is looked up again, so that it is written down."""
        return look_up(self, name)

    def request(self, operation: str, **fields: Any) -> Any:
        """Sends the request on, and writes it down."""
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
        # What a class or function of the answer's makes; a method that gives its own module back makes nothing.
        made = operation == "call" and isinstance(value, Remote) and fields["target"].ident_in(self) in self._names
        if made:
            call.weights = weights_of(self._session, value)
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
