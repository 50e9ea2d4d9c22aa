"""The worker's loop: it answers the judge's requests about one student's live objects."""

from __future__ import annotations

import contextlib
import itertools
import marshal
import os
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

from llmkit.runtime import seed_everything

from . import wire
from .shell import StudentShell, describe


class TimeIsUp(BaseException):
    """The request took longer than the judge allows; not an Exception, so that a student's `except Exception` lets it through."""


class Worker:
    """Serves one submission over one socket.

    Args:
        channel: stream socket to the judge.
        shell: the shell that holds the student's names.
    """

    def __init__(self, channel: socket.socket, shell: StudentShell) -> None:
        self._channel = channel
        self._shell = shell
        self._objects: dict[int, Any] = {}
        self._numbers = itertools.count(1)
        self._operations: dict[str, Callable[[dict[str, Any]], Any]] = {
            "lookup": self._lookup,
            "call": lambda m: self._of(m)(*m["args"], **m["kwargs"]),
            "getattr": lambda m: getattr(self._of(m), m["name"]),
            "setattr": lambda m: setattr(self._of(m), m["name"], m["value"]),
            "getitem": lambda m: self._of(m)[m["key"]],
            "setitem": self._setitem,
            "len": lambda m: len(self._of(m)),
            "iter": lambda m: _Iterator(iter(self._of(m))),
            "next": self._next,
            "probe": self._probe,
        }

    def serve(self) -> None:
        """Answers requests until the judge hangs up."""
        while True:
            descriptors: list[int] = []
            try:
                header, blob = wire.receive(self._channel, descriptors=descriptors)
            except wire.Closed:
                return
            for ident in header.get("drop", ()):
                self._objects.pop(ident, None)
            began = time.process_time()
            if header["op"] == "branch":
                reply, data = self._branch(descriptors), b""
            elif header["op"] == "end":
                reply, data = _end(header["pid"], header["wait"]), b""
            else:
                reply, data = self._answer(header, blob)
            reply["cpu"] = max(0.0, time.process_time() - began)  # a branch starts at zero
            try:
                wire.send(self._channel, reply, data, most=(wire.MAX_REPLY_TEXT, wire.MAX_REPLY_BLOB))
            except wire.WireError as error:
                wire.send(self._channel, {"ok": False, "error": describe(error), "cpu": reply["cpu"]})

    def _branch(self, descriptors: list[int]) -> dict[str, Any]:
        """Forks: the child goes on from here on a line of its own, the parent tells its number."""
        line = socket.socket(fileno=descriptors[0])
        pid = os.fork()
        if pid:
            line.close()
            return {"ok": True, "pid": pid}
        from . import isolate  # not everywhere

        isolate.die_with_parent()
        os.setsid()
        self._channel.close()
        self._channel = line
        return {"ok": True}

    def _answer(self, header: dict[str, Any], blob: bytes) -> tuple[dict[str, Any], bytes]:
        encoder = wire.Encoder(self._handle, wire.MAX_REPLY_BLOB)
        self._arm(header.get("seconds", 0))
        try:
            if header["op"] == "run":
                return self._shell.run(header["code"], header.get("ours", True)) | {"ok": True}, b""
            reply = self._operate(header, blob, encoder)
        except TimeIsUp:
            return {"ok": False, "late": True}, b""
        except BaseException as error:
            self._arm(0)
            return {"ok": False, "error": describe(error)}, b""
        finally:
            self._arm(0)
        return reply, encoder.blob

    def _operate(self, header: dict[str, Any], blob: bytes, encoder: wire.Encoder) -> dict[str, Any]:
        decoder = wire.Decoder(blob, lambda form: self._objects[form["id"]], allow_pickle=True)
        message = {key: decoder.decode(value) for key, value in header["fields"].items()}
        if isinstance(header.get("seed"), int):
            seed_everything(header["seed"])
        before = self._snapshot(message)
        value = self._operations[header["op"]](message)
        reply: dict[str, Any] = {"ok": True, "value": encoder.encode(value)}
        if header.get("keep"):
            kept = self._operations["probe"]({"name": "weights_of", "args": [value], "kwargs": {}})
            if kept is not None:
                reply["kept"] = self._handle(kept)
        if before is not None and self._snapshot(message) != before:
            # What the student's code changed in place is also changed for the caller, as it would be in one process.
            reply["changed"] = encoder.encode([message["args"], message["kwargs"]])
        return reply

    def _snapshot(self, message: dict[str, Any]) -> tuple[bytes, bytes] | None:
        if "args" not in message:
            return None
        return wire.snapshot([message["args"], message["kwargs"]])

    def _of(self, message: dict[str, Any]) -> Any:
        return message["target"]

    def _lookup(self, message: dict[str, Any]) -> Any:
        name = message["name"]
        if name not in self._shell.names:
            raise NameError(f"name '{name}' is not defined")
        return self._shell.names[name]

    def _setitem(self, message: dict[str, Any]) -> None:
        message["target"][message["key"]] = message["value"]

    def _next(self, message: dict[str, Any]) -> Any:
        try:
            return [next(message["target"].iterator)]
        except StopIteration:
            return []

    def _probe(self, message: dict[str, Any]) -> Any:
        if "code" in message:
            space: dict[str, Any] = {"__name__": "llmkit.testing.probes.sent"}
            exec(marshal.loads(message["code"]), space)  # the judge's own; in the register the student can write
            probe = space[message["name"]]
        else:
            from llmkit.testing import probes

            probe = probes.PROBES[message["name"]]
        return probe(*message["args"], **message["kwargs"])

    def _handle(self, value: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._objects[number] = value
        return {"!": "h", "id": number, "kind": type(value).__name__[:100]}

    @staticmethod
    def _arm(seconds: float) -> None:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, seconds)


def _end(pid: int, wait: float) -> dict[str, Any]:
    """Ends a branch, after waiting some seconds for it to end by itself; tells its exit code as a shell reports it."""
    deadline = time.monotonic() + wait
    ended, status = os.waitpid(pid, os.WNOHANG)
    while not ended and time.monotonic() < deadline:
        time.sleep(0.005)
        ended, status = os.waitpid(pid, os.WNOHANG)
    # What it has started belongs to its process group.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    if not ended:
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    return {"ok": True, "status": code if code >= 0 else 128 - code}


class _Iterator:
    """Keeps an iterator as a handle, whatever its type."""

    def __init__(self, iterator: Any) -> None:
        self.iterator = iterator


def _ring(signum: int, frame: Any) -> None:
    raise TimeIsUp


def start(channel: socket.socket, shell: StudentShell, seed: int) -> None:
    """Serves one submission: seeds, silences the file descriptors, tells the judge that all is ready, then loops."""
    seed_everything(seed)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, _ring)
    wire.send(channel, {"ready": True})
    Worker(channel, shell).serve()
