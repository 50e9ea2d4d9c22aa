"""Grades submissions on the workers of a Dask cluster: which of them are fit for it, and what happens when one ends."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from distributed import Client
from distributed.scheduler import KilledWorker

from autograder.course.variants import root_of
from autograder.errors import CannotGrade, NoWorkers
from autograder.grading.on_worker import Job, Refusal, examine, grade
from autograder.grading.submission import GradedNotebook, Task
from autograder.submission.handed_in import pack

CONNECT_SECONDS = 10
LOOK_SECONDS = 1.0  # between two looks at which workers there are
PATIENCE = 60.0  # seconds without a worker that can grade
MOST_LOSSES = 3  # how often all workers that might grade a submission may end before it is given up
GUIDE = "see docs/cluster.md"


@dataclass(eq=False)
class _Errand:
    """A task until it is graded.

    Attributes:
        task: packed, with sources relative to the course.
        outcome: what the caller waits for.
        attempt: the cluster's future; None while no worker can take it.
        workers: addresses of those that may.
        losses: how often all of them have ended.
    """

    task: Task
    outcome: Future[list[GradedNotebook]] = field(default_factory=Future)
    attempt: Future[Any] | None = None
    workers: frozenset[str] = frozenset()
    losses: int = 0


class Cluster:
    """Grades on those workers of a Dask cluster that can; see docs/cluster.md.

    Each worker is examined when it is first seen, and has one task at a time, so that its end is the fault of nobody else's. The scheduler
    gives a task whose worker has ended to another one. One thread owns all that follows; everybody else sends it events.

    Args:
        scheduler: its address.
        job: what a worker must have.
        limit: how many tasks at once; 0 for as many as there are workers.
        tell: is told of workers that cannot grade.

    Raises:
        NoWorkers: there is no scheduler, or none of its workers can grade.
    """

    alone = False

    def __init__(self, scheduler: str, job: Job, limit: int, tell: Callable[[str], None]) -> None:
        self._scheduler, self._job, self._limit, self._tell = scheduler, job, limit, tell
        self._fit: set[str] = set()
        self._asked: set[str] = set()
        self._refused: dict[str, str] = {}
        self._errands: set[_Errand] = set()
        self._over: NoWorkers | None = None
        self._ready: Future[None] = Future()
        self._alone_since: float | None = None
        self._stopped = threading.Event()
        self._events: SimpleQueue[Callable[[], None]] = SimpleQueue()
        try:
            self._client = Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, ImportError) as error:
            problem = f"{scheduler}: no Dask scheduler answers ({error})"
            raise NoWorkers(problem, f"start one, or check the address; {GUIDE}") from None
        self._executor = self._client.get_executor(pure=False, allow_other_workers=False)
        self._thread = threading.Thread(target=self._run, daemon=True, name="cluster")
        self._thread.start()
        try:
            self._ready.result()
        except BaseException:
            self.stop()
            raise

    @property
    def room(self) -> int:
        """How many tasks to hand over before the first is done: one for each worker."""
        return max(1, min(self._limit or len(self._fit), len(self._fit)))

    def submit(self, task: Task) -> Future[list[GradedNotebook]]:
        """Begins a task; its files are sent along.

        Raises:
            CannotGrade: they are too large for that.
        """
        root = root_of(task.sources[0])
        sources = tuple(source.relative_to(root) for source in task.sources)
        packed = pack(task.folder) if isinstance(task.folder, Path) else task.folder
        errand = _Errand(replace(task, folder=packed, sources=sources))
        self._events.put(functools.partial(self._begin, errand))
        return errand.outcome

    def restart(self, alone: bool) -> None:
        """Nothing to do: the cluster replaces its workers itself."""

    def stop(self) -> None:
        """Ends at once; what is being graded is dropped by the scheduler."""
        self._stopped.set()
        self._thread.join(timeout=CONNECT_SECONDS)
        with suppress(OSError, TimeoutError):
            self._client.close(timeout=CONNECT_SECONDS)

    def _run(self) -> None:
        looked = 0.0
        while not self._stopped.is_set():
            try:
                with suppress(Empty):
                    self._events.get(timeout=LOOK_SECONDS / 10)()
                if time.monotonic() - looked >= LOOK_SECONDS:
                    self._look()
                    looked = time.monotonic()
            except Exception as error:  # whoever waits must hear of it
                self._give_up(f"{self._scheduler}: {type(error).__name__}: {error}")

    def _look(self) -> None:
        """Who is there, who is new, and whose workers are all gone."""
        if self._over:
            return
        try:
            now = set(self._client.nthreads())
        except (OSError, TimeoutError):  # the client tries to find the scheduler again
            now = set()
        self._fit &= now
        self._asked &= now
        self._refused = {address: reason for address, reason in self._refused.items() if address in now}
        for address in now - self._asked:
            self._asked.add(address)
            asked = self._executor.submit(examine, self._job, workers=[address])
            asked.add_done_callback(lambda done, to=address: self._events.put(lambda: self._answered(to, done)))
        for errand in list(self._errands):
            if not errand.workers & now:
                self._lose(errand)
        self._wait_or_give_up(now)

    def _answered(self, address: str, asked: Future[str]) -> None:
        if address not in self._asked or asked.cancelled():
            return
        # Where something else is installed, not even the question can be read.
        error = asked.exception()
        reason = f"{type(error).__name__}: {error}" if error else asked.result()
        if reason:
            self._refuse(Refusal(address, reason))
            return
        self._fit.add(address)
        if not self._ready.done():
            self._ready.set_result(None)
            for other, why in self._refused.items():
                self._tell_of(Refusal(other, why))
        for errand in self._errands:
            if errand.attempt is None:
                self._send(errand)

    def _refuse(self, refusal: Refusal) -> None:
        self._fit.discard(refusal.worker)
        self._refused[refusal.worker] = refusal.reason.rstrip(".")
        if self._ready.done():  # where none can grade, the error has all the reasons
            self._tell_of(refusal)

    def _tell_of(self, refusal: Refusal) -> None:
        self._tell(f"{refusal.worker} does not grade: {refusal.reason}")

    def _wait_or_give_up(self, now: set[str]) -> None:
        if self._fit or now - self._refused.keys():  # some grade, or have not answered
            self._alone_since = None
            return
        since = self._alone_since = self._alone_since or time.monotonic()
        # In the middle of a run those that have ended may be about to come back.
        if (now and not self._ready.done()) or time.monotonic() - since > PATIENCE:
            reasons = "; ".join(f"{address}: {reason}" for address, reason in sorted(self._refused.items()))
            self._give_up(
                f"no worker of {self._scheduler} can grade: {reasons}"
                if reasons
                else f"{self._scheduler}: for {PATIENCE:g} s there was no worker"
            )

    def _give_up(self, problem: str) -> None:
        self._over = NoWorkers(problem.rstrip("."), f"{GUIDE}; then run the same command again")
        if not self._ready.done():
            self._ready.set_exception(self._over)
        for errand in list(self._errands):
            self._fail(errand, self._over)

    def _begin(self, errand: _Errand) -> None:
        self._errands.add(errand)
        if self._over:
            self._fail(errand, self._over)
        else:
            self._send(errand)

    def _send(self, errand: _Errand) -> None:
        errand.attempt, errand.workers = None, frozenset(self._fit)
        if not self._fit:
            return
        attempt = self._executor.submit(grade, self._job, errand.task, workers=sorted(self._fit))
        errand.attempt = attempt
        attempt.add_done_callback(lambda done: self._events.put(lambda: self._done(errand, done)))

    def _lose(self, errand: _Errand) -> None:
        """All workers that the scheduler might have given it to have ended."""
        if errand.attempt is not None:
            lost, errand.attempt = errand.attempt, None
            lost.cancel()
            errand.losses += 1
        if errand.losses > MOST_LOSSES:
            self._fail(errand, _killed(errand))
        else:
            self._send(errand)

    def _done(self, errand: _Errand, attempt: Future[Any]) -> None:
        if errand.attempt is not attempt:
            return
        if attempt.cancelled():  # the client has given up looking for the scheduler
            self._give_up(f"{self._scheduler}: the scheduler has ended")
            return
        error = attempt.exception()
        if error is not None:
            self._fail(errand, _killed(errand) if isinstance(error, KilledWorker) else error)
            return
        result = attempt.result()
        if isinstance(result, Refusal):
            self._refuse(result)
            self._send(errand)
            return
        self._errands.discard(errand)
        errand.outcome.set_result(result)

    def _fail(self, errand: _Errand, error: BaseException) -> None:
        self._errands.discard(errand)
        errand.outcome.set_exception(error)


def _killed(errand: _Errand) -> CannotGrade:
    return CannotGrade(
        "every worker that graded it has ended, several times",
        f"look at what {errand.task.student} has handed in, and at the memory of the workers",
    )
