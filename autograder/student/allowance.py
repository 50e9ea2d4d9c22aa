"""What the replies of one worker may take of the judge's memory and time: for each test cell, and for the notebook."""

from __future__ import annotations

import math
import sys

from autograder.student import endings
from autograder.student.limits import LEAST_SECONDS, Limits
from autograder.student.worker.wire import Crowd


class Allowance:
    """Counts replies, their bytes and their parts, and refuses what is too much; the next smaller one is heard again.

    Args:
        limits: of the notebook.

    Attributes:
        crowd: which values this test cell's replies have held that share a hash.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._bytes, self._parts, self._outputs = limits.notebook_bytes, limits.notebook_parts, limits.output_characters
        # Outside a test, where the course's own code answers, there is only what the notebook has.
        self._test_bytes, self._test_parts, self._calls = self._bytes, self._parts, sys.maxsize
        self._given = self._seconds = math.inf
        self.crowd = Crowd()

    def begin_test(self, left: float) -> None:
        """A new test cell.

        Args:
            left: seconds that the notebook still has; the test may use half of them.
        """
        limits = self._limits
        self._test_bytes, self._test_parts, self._calls = limits.test_bytes, limits.test_parts, limits.test_calls
        self._given = self._seconds = max(left / 2, LEAST_SECONDS)
        self.crowd = Crowd()

    def ask(self) -> float:
        """Counts one more question; returns how many seconds the test has for it.

        Raises:
            WorkerDied: there were too many; the worker is still there.
            TimeIsUp: the test has used up its time.
        """
        if self._calls <= 0:
            raise endings.too_many(self._limits.test_calls)
        if self._seconds <= 0:
            raise endings.test_used_up(self._given)
        self._calls -= 1
        return self._seconds

    def spend(self, seconds: float) -> None:
        """Takes wall time from the test's."""
        self._seconds -= seconds

    def take(self, size: int, parts: int) -> None:
        """Counts the reply to a test's question.

        Args:
            size: its bytes.
            parts: of its JSON.

        Raises:
            WorkerDied: it is too much; the worker is still there.
        """
        if size > self._test_bytes or parts > self._test_parts:
            raise endings.too_much()
        self.take_cell(size, parts)
        self._test_bytes, self._test_parts = self._test_bytes - size, self._test_parts - parts

    def take_cell(self, size: int, parts: int) -> None:
        """Counts the reply to a cell, as `take`."""
        if size > self._bytes or parts > min(self._parts, self._limits.reply_parts):
            raise endings.too_much()
        self._bytes, self._parts = self._bytes - size, self._parts - parts

    def keeps(self, characters: int) -> bool:
        """Whether a cell's outputs still find room in the notebook; takes it."""
        if characters > self._outputs:
            return False
        self._outputs -= characters
        return True
