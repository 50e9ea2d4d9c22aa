"""Reads what the worker says about a cell or a request: a reply has the form that ours have, part by part, or it is none."""

from __future__ import annotations

import builtins
from typing import Any, NoReturn

from autograder.student import endings
from autograder.student.endings import StudentError
from autograder.student.worker import clipped, wire
from llmkit.testing.raised import Raised

MOST_LINES = 20  # of a traceback, and classes that an exception's class is made from


def outputs(reply: dict[str, Any]) -> list[dict[str, Any]]:
    """A cell's outputs in notebook form: text, and data of the kinds that a worker keeps.

    Raises:
        WireError: they are more than a worker keeps, or have another form.
    """
    made = [_output(one) for one in _list(reply.get("outputs"), clipped.MAX_OUTPUTS + 1)]
    if size(made) > clipped.MAX_TEXT + clipped.MAX_RICH + len(clipped.NOTE):
        raise wire.WireError("a cell's outputs are too large")
    return made


def size(made: list[dict[str, Any]]) -> int:
    """Characters of a cell's outputs."""
    return sum(len(one["text"]) if "text" in one else sum(map(len, one["data"].values())) for one in made)


def _output(one: Any) -> dict[str, Any]:
    kind = one.get("output_type") if isinstance(one, dict) else None
    if kind == "stream" and one.get("name") in ("stdout", "stderr"):
        return {"output_type": kind, "name": one["name"], "text": _text(one.get("text"), clipped.MAX_TEXT)}
    if kind not in ("display_data", "execute_result") or not isinstance(one.get("data"), dict):
        raise wire.WireError("an output is none")
    if not set(one["data"]) <= set(clipped.KEPT_TYPES):
        raise wire.WireError("an output of a kind that is not kept")
    data = {mime: _text(value, clipped.MAX_RICH) for mime, value in one["data"].items()}
    made: dict[str, Any] = {"output_type": kind, "data": data, "metadata": {}}
    return made | {"execution_count": _number(one.get("execution_count"))} if kind == "execute_result" else made


def events(reply: dict[str, Any]) -> list[tuple[str, str]]:
    """What ran otherwise than on the student's machine, as pairs of kind and name; see `told.event`.

    Raises:
        WireError: they have another form.
    """
    pairs = [_list(pair, 2) for pair in _list(reply.get("events"), clipped.MAX_EVENTS)]
    if any(len(pair) != 2 for pair in pairs):
        raise wire.WireError("an event is no pair")
    return [(_text(kind)[:20], _text(what)[:100]) for kind, what in pairs]


def error(found: Any) -> dict[str, Any]:
    """The report of an exception.

    Raises:
        WireError: it has another form.
    """
    if not isinstance(found, dict) or not isinstance(found.get("theirs"), bool):
        raise wire.WireError("the report of an exception is none")
    name = _text(found.get("ename"))[:200]
    return {
        "ename": name,
        "evalue": _text(found.get("evalue"))[:2000],
        "theirs": found["theirs"],
        "mro": [_text(cls) for cls in _list(found.get("mro"), MOST_LINES)],
        "raised": Raised(
            name,
            theirs=found["theirs"],
            line=_number(found.get("line")),
            function=_text(found.get("function"))[:200],
        ),
        "at": _number(found.get("at")),
        "module": _text(found.get("module"))[:200],
        "traceback": [_text(line)[:2000] for line in _list(found.get("traceback"), MOST_LINES)],
    }


def kept(reply: dict[str, Any]) -> int | None:
    """The number of the list of parameters, if the reply has one.

    Raises:
        WireError: it has another form.
    """
    form = reply.get("kept")
    return None if form is None else wire.handle_number(form)


def kind(form: dict[str, Any]) -> str:
    """The name of an object's class, from its handle.

    Raises:
        WireError: it is no text.
    """
    return _text(form.get("kind", "object"))[:100]


def is_late(reply: dict[str, Any]) -> bool:
    """Whether the worker has stopped a cell or a call by its own alarm."""
    return reply.get("ok") is False and reply.get("late") is True


def _text(value: Any, most: int = wire.MAX_REPLY_TEXT) -> str:
    if not isinstance(value, str) or len(value) > most + len(clipped.NOTE):
        raise wire.WireError("a text is none, or too long")
    # No file can hold half of a surrogate pair.
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise wire.WireError("a list is none, or too long")
    return value


def _number(value: Any) -> int | None:
    if value is not None and (type(value) is not int or not -(2**53) < value < 2**53):
        raise wire.WireError("a number is none")
    return value


class _KeyError(KeyError):
    """With a text in place of the key, which KeyError's own text would quote once more."""

    __str__ = Exception.__str__


_REBUILT = {
    name: cls
    for name, cls in vars(builtins).items()
    if isinstance(cls, type)
    and issubclass(cls, Exception)
    and not issubclass(cls, (UnicodeError, Warning, BaseExceptionGroup))
} | {"KeyError": _KeyError}


def rebuilt(report: dict[str, Any]) -> type[Exception]:
    """The class that stands for that of the student's exception: the nearest built-in one."""
    cls = next((_REBUILT[name] for name in report["mro"] if name in _REBUILT), StudentError)
    return StudentError if cls is Exception else cls


def raise_again(report: dict[str, Any]) -> NoReturn:
    """Raises the student's exception here, as its nearest built-in class with its text, and `raised` for messages."""
    if report["ename"] == "WireError" and not report["theirs"]:
        raise endings.too_much()
    copy = rebuilt(report)(report["evalue"])
    copy.raised = report["raised"]  # type: ignore[attr-defined]
    raise copy
