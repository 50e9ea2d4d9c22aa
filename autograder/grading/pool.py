"""Processes that grade submissions side by side, and what happens when one of them ends."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
from concurrent.futures import Future, ProcessPoolExecutor, wait
from pathlib import Path
from typing import Protocol, cast

from autograder.grading.submission import GradedNotebook, Task, grade_submission, open_once, warm_up
from autograder.student.sandbox import WarmParent
from llmkit.runtime import free_memory

AHEAD = 2  # tasks for each process, so that none waits for the next
BYTES_EACH = 1 << 30  # of a judge and an ordinary notebook's worker


def fitting() -> int:
    """How many processes there are processors and memory for."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(processors, (free_memory() or 0) // BYTES_EACH))


class Work(Protocol):
    """Where tasks are graded."""

    @property
    def room(self) -> int:
        """How many tasks to hand over before the first is done."""

    @property
    def alone(self) -> bool:
        """Whether it takes one task at a time because a process has ended."""

    def submit(self, task: Task) -> Future[list[GradedNotebook]]:
        """Begins a task."""

    def restart(self, alone: bool) -> None:
        """After a process has ended: anew, with one task at a time or side by side again."""

    def stop(self) -> None:
        """Ends at once; what is not done is lost."""


class Here:
    """Grades in this process, one task after another."""

    room, alone = 1, False

    def submit(self, task: Task) -> Future[list[GradedNotebook]]:
        done: Future[list[GradedNotebook]] = Future()
        try:
            done.set_result(grade_submission(task))
        except Exception as error:
            done.set_exception(error)
        return done

    def restart(self, alone: bool) -> None:
        pass

    def stop(self) -> None:
        pass


class Forks:
    """Grades in forks of this process, which share its warm parent.

    Args:
        count: of processes.
        sandbox: name of the backend.
    """

    def __init__(self, count: int, sandbox: str) -> None:
        self._count, self._sandbox, self.alone = count, sandbox, False
        self._begin(count)

    def _begin(self, count: int) -> None:
        self.room = count * AHEAD if count > 1 else 1
        context = multiprocessing.get_context("fork")
        before = set(multiprocessing.active_children())
        self._pool = ProcessPoolExecutor(count, context, _join, (self._sandbox,))
        # All of them start now, before this process holds locks that a fork would keep.
        wait([self._pool.submit(int) for _ in range(count)])
        self._processes = [child for child in multiprocessing.active_children() if child not in before]

    def submit(self, task: Task) -> Future[list[GradedNotebook]]:
        return self._pool.submit(grade_submission, task)

    def restart(self, alone: bool) -> None:
        self.stop()
        self.alone = alone
        self._begin(1 if alone else self._count)

    def stop(self) -> None:
        for process in self._processes:
            process.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)


def _join(sandbox: str) -> None:
    """A fork's first steps: Ctrl-C is for the process that it comes from, and it ends with that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from autograder.student.worker import isolate

    isolate.die_with_parent()
    gc.freeze()  # looking through all that is there for garbage, again and again, is half of a judge's work
    cast(WarmParent, open_once(sandbox)).join()


def start(workers: int, tasks: int, sandbox: str, root: Path) -> Work:
    """As many processes as there is work for; only on Linux more than this one.

    Raises:
        SandboxUnavailable: the sandbox cannot start.
    """
    if not tasks:
        return Here()  # starts what it needs when somebody hands in meanwhile
    warm_up(sandbox, root)
    count = min(workers, tasks)
    return Forks(count, sandbox) if count > 1 and sys.platform == "linux" else Here()
