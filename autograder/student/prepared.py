"""Workers that have some cells behind them already: the cells run once, and every further worker is a fork of the first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from autograder.student.endings import TimeIsUp, WorkerDied
from autograder.student.limits import Limits
from autograder.student.sandbox import Connection, Sandbox
from autograder.student.session import StudentSession


class Prepared:
    """A sandbox whose workers have run some cells. Only for the course's own code: forks of one worker share its namespaces.

    Args:
        sandbox: where the first worker starts.
        cells: sources, in order; one that raises is passed over, as in a notebook.
        limits: what each worker may use.
        seed: of the first worker's random generators; the state after the cells is that of all.
    """

    def __init__(self, sandbox: Sandbox, cells: Sequence[str], limits: Limits, seed: int) -> None:
        self.name = sandbox.name
        self._sandbox, self._cells, self._seed = sandbox, cells, seed
        self._limits = replace(limits, notebook_seconds=math.inf)
        self._first: StudentSession | None = None

    def spawn(self, seed: int, limits: Limits) -> Connection:
        """A worker after the cells; without forks (macOS, Windows) a new one, in which they run."""
        for _attempt in range(2):
            first = self._first or self._run()
            if not first.can_branch:
                return first.release()
            self._first = first
            try:
                return first.branch()
            except (WorkerDied, TimeIsUp):
                self.close()
        raise WorkerDied("the cells that come first end the process")

    def _run(self) -> StudentSession:
        session = StudentSession(self._sandbox, self._limits, self._seed)
        for cell in self._cells:
            session.run_cell(cell)
        return session

    def close(self) -> None:
        """Ends the first worker, and with it all others."""
        if self._first is not None:
            self._first.close()
            self._first = None
