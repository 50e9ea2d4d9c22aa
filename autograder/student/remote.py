"""Stand-ins in the judge for objects that live in the student's process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn, Protocol

from autograder.i18n import gettext as _
from autograder.student import endings
from autograder.student.worker import wire
from llmkit.testing import given
from llmkit.testing.probes.register import code_of

_REFUSED = (
    "bool lt le gt ge eq ne add radd sub rsub mul rmul truediv rtruediv floordiv rfloordiv mod rmod pow rpow matmul rmatmul and rand or ror "
    "xor rxor neg pos abs invert int float complex index contains lshift rshift round enter exit array"
)


MOST_THINGS = 10**7  # that an object may say to hold: Python makes room for so many


class Holder(Protocol):
    """What a stand-in sends its requests to: a session.

    Attributes:
        generation: counts the processes that it has had.
        dropped: numbers of objects whose stand-ins no longer exist.
    """

    @property
    def generation(self) -> int: ...
    @property
    def dropped(self) -> list[int]: ...

    def request(self, operation: str, **fields: Any) -> Any:
        """Sends one operation to the worker and returns its value."""

    def why_missing(self, name: str) -> str:
        """Why the cell that should define a name has failed, for the student; empty if no such cell has."""


class Remote:
    """An object in the worker: call it, read attributes, index, iterate, take its length.

    Nothing else, so that no test can mistake a handle for a value: truth, comparison and arithmetic raise NotAValue.

    Args:
        holder: what it sends requests to.
        ident: number of the object in the worker.
        kind: name of its class.
        name: by which the student's notebook knows it; then it is found again when the worker has died and been rebuilt.
    """

    __slots__ = ("_generation", "_holder", "_ident", "_kind", "_name")

    def __init__(self, holder: Holder, ident: int, kind: str, name: str = "") -> None:
        self._become(holder, ident, kind, name)

    def _become(self, holder: Holder, ident: int, kind: str, name: str) -> None:
        for attribute, value in (
            ("_holder", holder),
            ("_ident", ident),
            ("_kind", kind),
            ("_name", name),
            ("_generation", holder.generation),
        ):
            object.__setattr__(self, attribute, value)

    def ident_in(self, holder: Holder) -> int:
        """The object's number, as long as the worker that held it is alive.

        Raises:
            Lost: the worker has died since.
        """
        if holder is not self._holder:
            raise endings.lost(self._kind)
        if holder.generation != self._generation:
            again = holder.request("lookup", name=self._name) if self._name else None
            if not isinstance(again, Remote):
                raise endings.lost(self._kind)
            self._become(holder, again._ident, again._kind, self._name)
            object.__setattr__(again, "_generation", -1)  # the number is this stand-in's now
        return int(self._ident)

    def _ask(self, operation: str, **fields: Any) -> Any:
        return self._holder.request(operation, target=self, **fields)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("call", args=list(args), kwargs=kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in ("__name__", "__doc__"):
            raise AttributeError(name)
        return self._ask("getattr", name=name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._ask("setattr", name=name, value=value)

    def __getitem__(self, key: Any) -> Any:
        return self._ask("getitem", key=key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._ask("setitem", key=key, value=value)

    def __len__(self) -> int:
        found = self._ask("len")
        if type(found) is not int or not 0 <= found <= MOST_THINGS:
            raise endings.too_much() if type(found) is int else endings.not_a_value(type(found).__name__)
        return found

    def __iter__(self) -> Iterator[Any]:
        iterator = self._ask("iter")
        while True:
            found = iterator._ask("next") if isinstance(iterator, Remote) else None
            if not (isinstance(found, list) and found):
                return
            yield found[0]

    def __repr__(self) -> str:
        return f"<{self._kind} in the student's process>"

    __hash__ = object.__hash__

    def __del__(self) -> None:
        if self._holder.generation == self._generation:
            self._holder.dropped.append(self._ident)

    def __llmkit_probe__(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Runs a probe of llmkit.testing.probes beside the student's objects."""
        return self._holder.request("probe", name=name, code=code_of(name), args=list(args), kwargs=kwargs)


def _refuse(name: str) -> Any:
    def refuse(self: Remote, *args: Any) -> NoReturn:
        raise endings.not_a_value(self._kind)

    return refuse


for _name in _REFUSED.split():
    setattr(Remote, f"__{_name}__", _refuse(_name))


class Missing:
    """A name that the student's notebook does not define; any use says so.

    Args:
        name: the name.
        reason: why it could not be asked for.
        failed: why the cell that should define it failed.
    """

    def __init__(self, name: str, reason: str = "", failed: str = "") -> None:
        self._name, self._reason, self._failed = name, reason, failed

    def fail(self) -> NoReturn:
        """Raises the NameError of this name."""
        if self._reason:
            raise NameError(_("`{name}` could not be reached: {reason}").format(name=self._name, reason=self._reason))
        if self._failed:
            told = _("`{name}` is not defined, because its cell failed: {reason}")
            raise NameError(told.format(name=self._name, reason=self._failed))
        raise NameError(_("`{name}` is not defined: no cell of this notebook defines it").format(name=self._name))

    def __call__(self, *args: Any, **kwargs: Any) -> NoReturn:
        self.fail()

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        self.fail()

    def __getitem__(self, key: Any) -> NoReturn:
        self.fail()

    def __iter__(self) -> NoReturn:
        self.fail()

    def __len__(self) -> NoReturn:
        self.fail()

    def __bool__(self) -> NoReturn:
        self.fail()

    def __llmkit_probe__(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> NoReturn:
        self.fail()


def look_up(holder: Holder, name: str) -> Any:
    """What a test cell sees under one of the student's names: a value, a Remote, or a Missing that says so when used."""
    try:
        found = holder.request("lookup", name=name)
        if isinstance(found, Remote):
            object.__setattr__(found, "_name", name)
        return found
    except NameError:
        return Missing(name, failed=holder.why_missing(name))
    except Exception as error:  # whatever the student's process answers, it costs the checks that use this name
        return Missing(name, str(error) or type(error).__name__)


def mirror_arguments(fields: dict[str, Any], theirs: Any) -> None:
    """Notes what the student's code made of the arguments of a call; see `llmkit.testing.given`.

    Args:
        fields: with `args` and `kwargs`.
        theirs: both, as the worker tells.

    Raises:
        WireError: it tells of something else.
    """
    if "args" not in fields or not (isinstance(theirs, list) and list(map(type, theirs)) == [list, dict]):
        raise wire.WireError("changed arguments are none")
    for ours, after in zip((fields["args"], fields["kwargs"]), theirs, strict=True):
        try:
            mirror(given.kept(ours), after)
        except (RuntimeError, TypeError, ValueError) as error:
            raise wire.WireError(f"changed arguments do not fit: {str(error)[:100]!a}") from None
        given.note(ours, after, mirror)


def mirror(ours: Any, theirs: Any) -> None:
    """Changes `ours` in place into `theirs`, part by part: what the student's code did to its arguments."""
    import numpy as np
    import torch

    if isinstance(ours, torch.Tensor) and isinstance(theirs, torch.Tensor):
        expanded = any(step == 0 and size > 1 for step, size in zip(ours.stride(), ours.shape, strict=True))
        if ours.shape == theirs.shape and ours.dtype == theirs.dtype and not expanded:
            ours.data.copy_(theirs)
        else:
            ours.data = theirs
    elif isinstance(ours, np.ndarray) and isinstance(theirs, np.ndarray) and ours.shape == theirs.shape:
        ours[...] = theirs
    elif isinstance(ours, list) and isinstance(theirs, list):
        for index, part in enumerate(theirs[: len(ours)]):
            if _scalar(part) or type(part) is not type(ours[index]):
                ours[index] = part
            else:
                mirror(ours[index], part)
        ours[len(ours) :] = theirs[len(ours) :]
        del ours[len(theirs) :]
    elif isinstance(ours, tuple) and isinstance(theirs, tuple):
        for mine, part in zip(ours, theirs, strict=False):
            mirror(mine, part)
    elif isinstance(ours, dict) and isinstance(theirs, dict):
        for key in [key for key in ours if key not in theirs]:
            del ours[key]
        for key, part in theirs.items():
            if key not in ours or _scalar(part) or type(part) is not type(ours[key]):
                ours[key] = part
            else:
                mirror(ours[key], part)


def _scalar(value: Any) -> bool:
    return value is None or isinstance(value, (bool, int, float, str, bytes))
