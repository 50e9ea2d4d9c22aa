"""The judge's side of one student's worker: run cells, send requests, rebuild a worker that died."""

from __future__ import annotations

import builtins
import math
import time
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn

import nbformat

from autograder.errors import SandboxUnavailable
from autograder.student import endings
from autograder.student.endings import StudentError, TimeIsUp, WorkerDied
from autograder.student.limits import Limits
from autograder.student.remote import Holder, Missing, Remote, look_up, mirror
from autograder.student.sandbox import Connection, Sandbox
from autograder.student.told import FailedCells, event, reason
from autograder.student.worker import wire
from llmkit.testing.raised import Raised

Origin = Literal["course", "gap", "student"]

GRACE_SECONDS = 1.0  # between the worker's own alarm and killing it


@dataclass
class CellRun:
    """The result of running one cell.

    Attributes:
        outputs: in notebook form, clipped.
        error: ename, evalue, traceback and line of the exception, or None; `at` is the line of this cell.
        died: how the cell ended the process, or None.
        late: whether it was stopped because it took too long.
        events: what ran otherwise than on the student's machine, as pairs of kind and name; see `told.event`.
    """

    outputs: list[dict[str, Any]] = field(default_factory=list)
    error: dict[str, Any] | None = None
    died: str | None = None
    late: bool = False
    events: list[tuple[str, str]] = field(default_factory=list)


class StudentSession:
    """One notebook's worker.

    Args:
        sandbox: starts workers.
        limits: what the notebook may use.
        seed: seeds the worker's random generators.
    """

    def __init__(self, sandbox: Sandbox, limits: Limits, seed: int = 0) -> None:
        self._sandbox, self._limits, self._seed = sandbox, limits, seed
        self._survivors: list[tuple[str, Origin]] = []
        self._failed = FailedCells()
        self._connection: Connection | None = None
        self._rebuilds = 0
        self._left = {False: limits.notebook_seconds, True: limits.extra_seconds}  # seconds, by whether for extra cells
        self._patience = limits.call_seconds
        self._bound: dict[str, Any] = {}
        self.generation = 0
        self._trusted = True  # until the first of the student's cells has run in a fresh worker
        self.dropped: list[int] = []
        self.cpu_seconds = 0.0  # processor time of all answers, as the worker tells it

    @property
    def process(self) -> StudentSession:
        """The session whose process a stand-in talks to."""
        return self

    def __enter__(self) -> StudentSession:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the worker."""
        if self._connection is not None:
            self._connection.kill()
            self._connection = None

    def begin_test(self) -> None:
        """Marks the start of a test cell: full time limits again."""
        self._patience = self._limits.call_seconds

    def run_cell(self, source: str, origin: Origin = "course") -> CellRun:
        """Runs one notebook cell; a cell that ends the process is skipped when the worker is rebuilt.

        Args:
            source: the cell.
            origin: whose it is. A student's cells, gaps included, are helped over what only this machine lacks, and what they
                change for all code of the process is put back; those beside the gaps ("student") have their own time.
        """
        self._bound.clear()
        extra = origin == "student"
        seconds = self._limits.for_extra(self._left[True]) if extra else self._limits.cell_seconds
        message = {"op": "run", "code": source, "ours": origin == "course"}
        try:
            reply, _blob = self._exchange(message, b"", seconds, extra)
        except (WorkerDied, TimeIsUp) as end:
            run = CellRun(died=str(end), late=isinstance(end, TimeIsUp))
            if extra and run.late:
                run.died = str(endings.stopped(seconds))
        else:
            self._survivors.append((source, origin))
            error = reply.get("error")
            run = CellRun(_outputs(reply), _error(error) if error else None, events=_events(reply))
            if reply.get("late") or (run.error and run.error["ename"] == "TimeIsUp"):
                late = endings.stopped(seconds) if extra else self._late(seconds)
                run.error, run.died, run.late = None, str(late), True
        absent = (event(kind, what) for kind, what in run.events if kind == "package")
        self._failed.note(source, reason(run.error, run.died) or next(absent, ""))
        return run

    def why_missing(self, name: str) -> str:
        """Why the cell that should define a name has failed, for the student; empty if no such cell has."""
        return self._failed.reason(name)

    def bind(self, name: str) -> Any:
        """What a test cell sees under one of the student's names: a value, a Remote, or a Missing that says so when used."""
        if name not in self._bound:
            self._bound[name] = look_up(self, name)
        return self._bound[name]

    def request(self, operation: str, **fields: Any) -> Any:
        """`ask`, as stand-ins call it."""
        return self.ask(operation, fields)

    def ask(self, operation: str, fields: dict[str, Any], seed: int = -1, holder: Holder | None = None) -> Any:
        """Sends one operation to the worker and returns its value.

        Args:
            operation: see the worker.
            fields: its arguments; what the student's code changes in place is changed here as well.
            seed: seeds the worker's random numbers (Python, NumPy, torch) just before; negative leaves them alone.
            holder: what returned stand-ins send requests to; by default this session.

        Raises:
            WorkerDied, TimeIsUp, Lost: the student's code did not answer.
            Exception: the student's own exception, as its built-in class where it has one, else StudentError.
        """
        encoder = wire.Encoder(self._encode_other)
        message: dict[str, Any] = {
            "op": operation,
            "fields": {key: encoder.encode(value) for key, value in fields.items()},
        }
        message["drop"], self.dropped = self.dropped, []
        if seed >= 0:
            message["seed"] = seed
        reply, blob = self._exchange(message, encoder.blob, self._patience)
        if reply.get("late"):
            raise self._late(self._patience)
        try:
            decoder = wire.Decoder(blob, lambda form: self._stand_in(form, holder or self))
            if not reply.get("ok"):
                raise_again(_error(reply.get("error")))
            if "changed" in reply:
                args, kwargs = decoder.decode(reply["changed"])
                mirror(fields["args"], args)
                mirror(fields["kwargs"], kwargs)
            return decoder.decode(reply.get("value"))
        except wire.WireError as error:
            self._end()
            raise endings.unreadable(error) from None

    def _encode_other(self, value: Any) -> dict[str, Any]:
        if isinstance(value, Missing):
            value.fail()
        if isinstance(value, Remote):
            return {"!": "h", "id": value.ident_in(self)}
        return wire.pickled(value)

    @staticmethod
    def _stand_in(form: dict[str, Any], holder: Holder) -> Remote:
        return Remote(holder, int(form["id"]), str(form.get("kind", "object"))[:100])

    def _exchange(
        self, message: dict[str, Any], blob: bytes, seconds: float, extra: bool = False
    ) -> tuple[dict[str, Any], bytes]:
        connection = self._alive()
        seconds = seconds if extra else min(seconds, self._left[extra])
        if seconds <= 0:
            self._end()
            raise endings.used_up(self._limits.notebook_seconds)
        message["seconds"] = seconds
        began = time.monotonic()
        try:
            wire.send(connection.channel, message, blob)
            reply, data = wire.receive(connection.channel, time.monotonic() + seconds + GRACE_SECONDS)
        except TimeoutError:
            self._end()
            raise self._late(seconds) from None
        except (wire.Closed, OSError):
            code = connection.exit_code()
            self._end()
            raise endings.ended(code) from None
        except wire.WireError as error:
            self._end()
            raise endings.unreadable(error) from None
        finally:
            self._left[extra] -= time.monotonic() - began
        if "sandbox" in reply and not self._trusted:
            self._end()
            raise endings.broke_out()
        if "sandbox" in reply:
            self._end()
            raise SandboxUnavailable(
                f"a worker could not enter its sandbox: {str(reply['sandbox']).strip().splitlines()[-1]}",
                "see the system requirements in docs/sandbox.md",
            )
        self._trusted = False
        told = reply.get("cpu")
        self.cpu_seconds += told if isinstance(told, float) and 0 <= told < math.inf else 0.0
        return reply, data

    def _late(self, seconds: float) -> TimeIsUp:
        """The student's code took too long; later calls of the same test get less time."""
        self._patience = min(self._patience, self._limits.patience_seconds)
        return endings.late(seconds)

    def _alive(self) -> Connection:
        """The worker; if there is none, one rebuilt from the cells that survived."""
        if self._connection is not None:
            return self._connection
        if self.generation > 0:
            self._rebuilds += 1
            if self._rebuilds > self._limits.rebuilds:
                raise endings.ended_again(self._limits.rebuilds)
        self._connection = self._sandbox.spawn(self._seed, self._limits)
        self.generation += 1
        self._trusted = True
        self._bound.clear()
        survivors, self._survivors = self._survivors, []
        for source, origin in survivors:
            # A cell that dies only the second time is dropped as well.
            self.run_cell(source, origin)
        return self._alive()

    def _end(self) -> None:
        if self._connection is not None:
            self._connection.kill()
            self._connection = None


def _outputs(reply: dict[str, Any]) -> list[dict[str, Any]]:
    """The worker's outputs, as far as they have the form of notebook outputs."""
    good = []
    for output in reply.get("outputs") or []:
        try:
            nbformat.validate(output, ref="output", version=4)
        except Exception:
            continue
        good.append(output)
    return good


def _error(error: Any) -> dict[str, Any]:
    """An error report with every part of the right type."""
    error = error if isinstance(error, dict) else {}
    name = str(error.get("ename", "Error"))[:200]
    return {
        "ename": name,
        "evalue": str(error.get("evalue", ""))[:2000],
        "mro": [str(name) for name in error.get("mro") or []][:20],
        "raised": Raised(
            name,
            theirs=error.get("theirs") is True,
            line=_number(error.get("line")),
            function=str(error.get("function", ""))[:200],
        ),
        "at": _number(error.get("at")),
        "module": str(error.get("module", ""))[:200],
        "traceback": [str(part)[:2000] for part in error.get("traceback") or []][:20],
    }


def _number(line: Any) -> int | None:
    return line if isinstance(line, int) and not isinstance(line, bool) else None


def _events(reply: dict[str, Any]) -> list[tuple[str, str]]:
    """The worker's events, as far as they have their form."""
    found = reply.get("events")
    pairs = [event for event in found if isinstance(event, list) and len(event) == 2] if isinstance(found, list) else []
    return [(str(kind)[:20], str(what)[:100]) for kind, what in pairs[:20]]


_REBUILT = {
    name: cls
    for name, cls in vars(builtins).items()
    if isinstance(cls, type) and issubclass(cls, Exception) and not issubclass(cls, (UnicodeError, Warning))
}


def raise_again(error: dict[str, Any]) -> NoReturn:
    """Raises the student's exception here, as its nearest built-in class with its text, and `raised` for messages."""
    cls = next((_REBUILT[name] for name in error["mro"] if name in _REBUILT), StudentError)
    copy = (StudentError if cls is Exception else cls)(error["evalue"])
    copy.raised = error["raised"]  # type: ignore[attr-defined]
    raise copy
