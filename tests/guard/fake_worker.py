"""A worker that says what it is told to say: the judge's end of the wire without a process at the other."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any

from autograder.student.limits import Limits

HONEST = {"ok": True, "value": None, "outputs": [], "error": None, "events": []}


def framed(header: Any, blob: bytes = b"") -> bytes:
    """A message as it goes over the wire; a header that is bytes goes as it is."""
    text = (
        header if isinstance(header, bytes) else json.dumps(header, ensure_ascii=False).encode("utf-8", "surrogatepass")
    )
    return struct.pack(">II", len(text), len(blob)) + text + blob


class FakeSocket:
    """Answers each message with the next of some replies, and honestly when there are none left."""

    family = None

    def __init__(self, replies: Iterator[bytes]) -> None:
        self._replies = replies
        self._waiting = b""

    def sendall(self, data: bytes) -> None:
        self._waiting = next(self._replies, framed(HONEST))

    def recv(self, most: int) -> bytes:
        said, self._waiting = self._waiting[:most], self._waiting[most:]
        return said

    def settimeout(self, seconds: float) -> None:
        pass

    def close(self) -> None:
        pass


class FakeSandbox:
    """Its workers share one list of replies.

    Args:
        replies: whole messages, or what is none.
    """

    name = "fake"

    def __init__(self, replies: list[bytes]) -> None:
        self._replies = iter(replies)

    def spawn(self, seed: int, limits: Limits) -> Any:
        self.channel = FakeSocket(self._replies)
        return self

    def kill(self) -> None:
        pass

    def exit_code(self) -> int | None:
        return 0

    def close(self) -> None:
        pass
