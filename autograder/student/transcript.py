"""What a test cell asked of the student's code and what came back, as it went over the wire: nothing can change it afterwards."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from llmkit.testing import checks

# Operations that may draw random numbers. Each is seeded, so that another answer to the same question draws the same ones.
RANDOM = frozenset({"call", "probe", "next", "getitem", "iter"})
_HOLDING = ("l", "t", "s", "d", "slice")  # the wire's tags of what can hold objects
MOST_BYTES = 32 << 20  # of tensors; a test that moves more is not written down to its end


@dataclass(frozen=True)
class Question:
    """One request.

    Attributes:
        operation: the wire's operation: lookup, call, getattr and so on.
        fields: its arguments, encoded.
        blob: the bytes of their tensors.
        seed: of the random numbers, set just before; negative leaves them alone.
        held: numbers of the objects in the worker that the arguments hold.
    """

    operation: str
    fields: dict[str, Any]
    blob: bytes
    seed: int
    held: tuple[int, ...]

    def renumbered(self, number: Callable[[int], int]) -> Question:
        """The same question about other objects."""
        if not self.held:
            return self
        fields = {key: _renumbered(form, number) for key, form in self.fields.items()}
        return Question(self.operation, fields, self.blob, self.seed, tuple(number(ident) for ident in self.held))


@dataclass(frozen=True)
class Reply:
    """What came back.

    Attributes:
        value: encoded; None as well when there was an error.
        changed: the arguments, encoded, if the student's code changed them in place.
        blob: the bytes of the tensors of both.
        error: class of the exception; empty when there was none.
        said: the exception's text.
        kept: number of the list of parameters, if the value is a new module.
        made: numbers of the objects that the value holds.
    """

    value: Any
    changed: Any
    blob: bytes
    error: str = ""
    said: str = ""
    kept: int | None = None
    made: tuple[int, ...] = ()


@dataclass
class Transcript:
    """The questions and answers of one test cell.

    Args:
        text: seeds the random numbers of the student's code.

    Attributes:
        calls: in order.
        checks: for each call the title of the check that asked; empty outside of checks.
        broken: whether it is incomplete, or the process ended: then there is nothing to compare.
    """

    text: str
    calls: list[tuple[Question, Reply]] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)
    broken: bool = False
    _size: int = 0
    _names: set[int] = field(default_factory=set)

    def seed(self, operation: str) -> int:
        """The seed for the next question; negative where nothing is random."""
        return zlib.crc32(f"{self.text}/{len(self.calls)}".encode()) if operation in RANDOM else -1

    def makes(self, question: Question) -> bool:
        """Whether a question calls a class or function of the answer by its name; a method that returns its own module makes nothing."""
        return question.operation == "call" and question.held[0] in self._names

    def add(self, question: Question, reply: Reply) -> None:
        """Writes down one question and its answer."""
        self._size += len(question.blob) + len(reply.blob)
        if self.broken or self._size > MOST_BYTES:
            self.broken = True
            self.calls.clear()
            self.checks.clear()
            return
        self.calls.append((question, reply))
        self.checks.append(checks.running)
        if question.operation == "lookup":
            self._names.update(reply.made)


def _renumbered(form: Any, number: Callable[[int], int]) -> Any:
    if isinstance(form, dict):
        if form.get("!") == "h":
            return form | {"id": number(form["id"])}
        return form | {"v": _renumbered(form["v"], number)} if form.get("!") in _HOLDING and "v" in form else form
    if isinstance(form, list):
        return [_renumbered(part, number) for part in form]
    return form
