"""The judge's side of one student's worker: run cells, send requests, rebuild a worker that died."""

from __future__ import annotations

import math
import pickle
import socket
import time
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from autograder.student import endings, replies
from autograder.student.allowance import Allowance
from autograder.student.endings import Lost, TimeIsUp, WorkerDied
from autograder.student.limits import Limits
from autograder.student.remote import Missing, Remote, look_up, mirror_arguments
from autograder.student.sandbox import Connection, Sandbox
from autograder.student.told import FailedCells, event, reason
from autograder.student.transcript import Question, Reply, Transcript
from autograder.student.worker import clipped, wire

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


class _Branch:
    """A fork of a session's worker."""

    def __init__(self, origin: StudentSession, pid: int, channel: socket.socket) -> None:
        self.channel = channel
        self._origin, self._pid, self._ended = origin, pid, False

    def kill(self) -> None:
        self.channel.close()
        if not self._ended:
            self._ended = True
            self._origin.end_branch(self._pid)

    def exit_code(self) -> int | None:
        self._ended = True
        return self._origin.end_branch(self._pid, wait=2.0)


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
        self._allowance = Allowance(limits)
        self._patience = limits.call_seconds
        self._bound: dict[str, Any] = {}
        self.generation = 0
        self.dropped: list[int] = []
        self.transcript: Transcript | None = None
        self.cpu_seconds = 0.0  # processor time of all answers, as the worker tells it

    def __enter__(self) -> StudentSession:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the worker."""
        if self._connection is not None:
            self._connection.kill()
            self._connection = None

    def begin_test(self, text: str = "") -> None:
        """Marks the start of a test cell: full time limits again, and a new transcript.

        Args:
            text: seeds the random numbers that the student's code draws.
        """
        self._patience = self._limits.call_seconds
        self._allowance.begin_test(self._left[False])
        self._rebuilds = 0
        # Looked up again, so that it is written down.
        self._bound.clear()
        if self.transcript is not None:
            self.dropped += [reply.kept for _question, reply in self.transcript.calls if reply.kept is not None]
        self.transcript = Transcript(text)

    def end_test(self) -> Transcript | None:
        """Stops writing down what is asked; returns what was."""
        written, self.transcript = self.transcript, None
        return written

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
            run, late = self._read_run(reply)
        except (WorkerDied, TimeIsUp) as end:
            run = CellRun(died=str(end), late=isinstance(end, TimeIsUp))
            if extra and run.late:
                run.died = str(endings.stopped(seconds))
        else:
            self._survivors.append((source, origin))
            if late or (run.error and run.error["ename"] == "TimeIsUp"):
                told = endings.stopped(seconds) if extra else self._late(seconds)
                run.error, run.died, run.late = None, str(told), True
        absent = (event(kind, what) for kind, what in run.events if kind == "package")
        self._failed.note(source, reason(run.error, run.died) or next(absent, ""))
        return run

    def _read_run(self, reply: dict[str, Any]) -> tuple[CellRun, bool]:
        """What a reply says of a cell, and whether the worker has stopped it."""
        if replies.is_late(reply):
            return CellRun(), True
        try:
            if reply.get("ok") is False:
                return CellRun(error=replies.error(reply.get("error"))), False
            error = reply.get("error")
            outputs, events = replies.outputs(reply), replies.events(reply)
            run = CellRun(outputs, None if error is None else replies.error(error), events=events)
        except wire.WireError as unreadable:
            self._end()
            raise endings.unreadable(unreadable) from None
        if not self._allowance.keeps(replies.size(outputs)):
            run.outputs = [{"output_type": "stream", "name": "stdout", "text": clipped.NOTE}]
        return run, False

    def why_missing(self, name: str) -> str:
        """Why the cell that should define a name has failed, for the student; empty if no such cell has."""
        return self._failed.reason(name)

    def bind(self, name: str) -> Any:
        """What a test cell sees under one of the student's names: a value, a Remote, or a Missing that says so when used."""
        if name not in self._bound:
            self._bound[name] = look_up(self, name)
        return self._bound[name]

    def request(self, operation: str, **fields: Any) -> Any:
        """Sends one operation to the worker and returns its value.

        Args:
            operation: see the worker.
            fields: its arguments; they stay as they are, and what the student's code changes in place is noted in
                `llmkit.testing.given`.

        Raises:
            WorkerDied, TimeIsUp, Lost: the student's code did not answer.
            Exception: the student's own exception, as its built-in class where it has one, else StudentError.
        """
        written = self.transcript
        try:
            encoder = wire.Encoder(self._encode_other)
            forms = {key: encoder.encode(value) for key, value in fields.items()}
            seed = -1 if written is None else written.seed(operation)
            question = Question(operation, forms, encoder.blob, seed, tuple(encoder.handles))
            error, reply = self._put(question, keep=written is not None and written.makes(question))
        except (Lost, TimeIsUp, WorkerDied):
            if written is not None:
                written.broken = True
            raise
        try:
            decoder = wire.Decoder(reply.blob, self._stand_in, crowd=self._allowance.crowd)
            if reply.changed is not None:
                mirror_arguments(fields, decoder.decode(reply.changed))
            before = len(decoder.handles)
            value = decoder.decode(reply.value)
            if written is not None:
                written.add(question, replace(reply, made=tuple(decoder.handles[before:])))
        except wire.WireError as unreadable:
            self._end()
            raise endings.unreadable(unreadable) from None
        if error is not None:
            replies.raise_again(error)
        return value

    def put(self, question: Question) -> Reply:
        """Sends a request as it is, and returns the reply as it is.

        Raises:
            WorkerDied, TimeIsUp: no answer came.
        """
        return self._put(question)[1]

    def _put(self, question: Question, keep: bool = False) -> tuple[dict[str, Any] | None, Reply]:
        """Sends a request; returns the report of the exception, if there was one, and the reply."""
        seconds = min(self._patience, self._allowance.ask())
        message: dict[str, Any] = {"op": question.operation, "fields": question.fields}
        message["drop"], self.dropped = self.dropped, []
        if question.seed >= 0:
            message["seed"] = question.seed
        if keep:
            message["keep"] = True
        reply, blob = self._exchange(message, question.blob, seconds)
        if replies.is_late(reply):
            raise self._late(seconds)
        try:
            if reply.get("ok") is False:
                error = replies.error(reply.get("error"))
                name = replies.rebuilt(error).__name__
                return error, Reply(None, None, b"", error=name, said=str(error.get("evalue", "")))
            if reply.get("ok") is not True or "value" not in reply:
                raise wire.WireError("no answer")
            return None, Reply(reply["value"], reply.get("changed"), blob, kept=replies.kept(reply))
        except wire.WireError as unreadable:
            self._end()
            raise endings.unreadable(unreadable) from None

    def _encode_other(self, value: Any) -> dict[str, Any] | bytes:
        if isinstance(value, Missing):
            value.fail()
        if isinstance(value, Remote):
            return {"!": "h", "id": value.ident_in(self)}
        return pickle.dumps(value)  # which only the judge may send

    def _stand_in(self, form: dict[str, Any]) -> Remote:
        return Remote(self, wire.handle_number(form), replies.kind(form))

    def stand_in(self, number: int) -> Remote:
        """The object of that number in the worker."""
        return Remote(self, number, "object")

    @property
    def can_branch(self) -> bool:
        """Whether `branch` works here."""
        return wire.carries_descriptors(self._alive().channel)

    def release(self) -> Connection:
        """Hands the worker over; this session has none any more."""
        connection, self._connection = self._alive(), None
        return connection

    def branch(self) -> Connection:
        """A fork of the worker, with all that its cells have made; it dies with this session's worker.

        Raises:
            WorkerDied, TimeIsUp: the worker did not answer.
        """
        ours, theirs = socket.socketpair()
        try:
            reply, _blob = self._exchange({"op": "branch"}, b"", self._limits.cell_seconds, descriptor=theirs.fileno())
        finally:
            theirs.close()
        wire.receive(ours, time.monotonic() + self._limits.cell_seconds)
        return _Branch(self, int(reply["pid"]), ours)

    def end_branch(self, pid: int, wait: float = 0.0) -> int | None:
        """Ends a branch, after waiting some seconds for it to end by itself; its exit code, None if the worker has gone."""
        if self._connection is None:
            return None
        try:
            reply, _blob = self._exchange({"op": "end", "pid": pid, "wait": wait}, b"", self._limits.cell_seconds)
        except (WorkerDied, TimeIsUp):
            return None
        return int(reply["status"])

    def _exchange(
        self, message: dict[str, Any], blob: bytes, seconds: float, extra: bool = False, descriptor: int | None = None
    ) -> tuple[dict[str, Any], bytes]:
        connection = self._alive()
        seconds = seconds if extra else min(seconds, self._left[extra])
        if seconds <= 0:
            self._end()
            raise endings.used_up(self._limits.notebook_seconds)
        message["seconds"] = seconds
        began = time.monotonic()
        try:
            wire.send(connection.channel, message, blob, descriptor)
            reply, data = wire.receive(
                connection.channel,
                time.monotonic() + seconds + GRACE_SECONDS,
                most=(wire.MAX_REPLY_TEXT, wire.MAX_REPLY_BLOB),
                on_size=self._allowance.take_cell if message["op"] == "run" else self._allowance.take,
            )
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
            self._allowance.spend(time.monotonic() - began)
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
            self.generation += 1
