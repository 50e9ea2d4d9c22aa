"""Runs a notebook's test cells the plain way, in one process with the code they test, as a student's kernel does."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Callable, Sequence
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict

from autograder.judge.judge import execute
from autograder.verification.copies import with_copies
from llmkit.cells import only_shows, role, run_plain
from llmkit.runtime import seed_everything, seed_torch

SECONDS = 60

Results = dict[str, dict[str, Any]]


class _Line:
    """A fork of this process that answers lines of JSON, one by one.

    Args:
        answer: makes a reply of a question, in the fork.
        prepare: what the fork does first.
    """

    def __init__(self, answer: Callable[[Any], Results], prepare: Callable[[], None] | None = None) -> None:
        questions, replies = os.pipe(), os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            try:
                os.close(questions[1])
                os.close(replies[0])
                if prepare is not None:
                    prepare()
                with os.fdopen(questions[0], "rb") as lines, os.fdopen(replies[1], "wb") as told:
                    for line in lines:
                        told.write(json.dumps(answer(json.loads(line))).encode() + b"\n")
                        told.flush()
            finally:
                os._exit(0)
        os.close(questions[0])
        os.close(replies[1])
        self._ask, self._hear = os.fdopen(questions[1], "wb"), os.fdopen(replies[0], "rb")

    def ask(self, question: Any) -> Results | None:
        """The reply; None when the process has ended."""
        try:
            self._ask.write(json.dumps(question).encode() + b"\n")
            self._ask.flush()
        except BrokenPipeError:
            return None
        line = self._hear.readline()
        return dict(json.loads(line)) if line else None

    def close(self) -> None:
        for stream in (self._ask, self._hear):
            with contextlib.suppress(BrokenPipeError):
                stream.close()
        os.waitpid(self._pid, 0)


class PlainProcess:
    """A process in which some cells have run; forks of it run the cells of each case after them.

    Only for code from the course's own catalogue.

    Args:
        cells: the cells that all cases begin with.
        seed: as for the judge.
    """

    def __init__(self, cells: Sequence[NotebookNode], seed: str) -> None:
        self._cells, self._seed = cells, seed
        self._namespace: dict[str, Any] = {"__name__": "__main__"}
        self._first: _Line | None = None
        self._shared: _Line | None = None

    def run(self, cells: Sequence[NotebookNode], *, alone: bool, draw: int = 0) -> Results:
        """Runs the cells of one case.

        Args:
            cells: from the gap on.
            alone: in a fork of its own. Without, which is faster, an earlier case may have left something behind.
            draw: seeds the random numbers of the answer.

        Returns:
            For each test cell's grade_id: `earned` and `checks` ({title: passed}); empty when the process did not survive.
        """
        self._first = self._first or _Line(self._serve, self._begin)
        found = self._first.ask([alone, draw, cells])
        if found is None:
            self.close()
        return found or {}

    def close(self) -> None:
        """Ends the process."""
        if self._first is not None:
            self._first.close()
            self._first = None

    # In the process itself.

    def _begin(self) -> None:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        seed_torch(0)
        signal.alarm(SECONDS)
        _execute(self._cells, self._namespace, self._seed, [])
        signal.alarm(0)

    def _serve(self, question: Any) -> Results:
        alone, *case = question
        line = _Line(self._case) if alone or self._shared is None else self._shared
        found = line.ask(case)
        if alone or found is None:
            line.close()
        if not alone:
            self._shared = line if found is not None else None
        return found or {}

    # In a fork of it.

    def _case(self, case: list[Any]) -> Results:
        draw, cells = case
        seed_everything(draw)
        signal.alarm(SECONDS)
        try:
            ran = [cell.source for cell in self._cells]
            return _execute([from_dict(cell) for cell in cells], dict(self._namespace), self._seed, ran)
        finally:
            signal.alarm(0)


def _execute(cells: Sequence[NotebookNode], namespace: dict[str, Any], seed: str, ran: list[str]) -> Results:
    results = {}
    for cell in cells:
        if cell.cell_type != "code":
            continue
        if role(cell) == "test":
            info, names = cell.metadata.nbgrader, with_copies(namespace)
            mark = execute(names, cell.source, info["grade_id"], float(info["points"]), seed, ran)
            results[mark.grade_id] = {
                "earned": mark.earned,
                "checks": {check.title: check.passed for check in mark.checks},
            }
        elif not only_shows(cell):
            with contextlib.suppress(Exception, SystemExit):
                run_plain(cell.source, "<cell>", namespace)
            ran.append(cell.source)
    return results
