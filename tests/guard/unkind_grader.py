"""Grades cases, as the grader does a class: `python tests/guard/unkind_grader.py canary book port mark` writes one line of JSON for each.

Between them stand honest hand-ins, whose marks must not change. A thread watches this process's memory and how long it stands still.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
import nh3
from nbformat.notebooknode import NotebookNode
from unkind import CASES, COUNTER, HONEST, Case

from autograder.errors import printable
from autograder.grading.notebook import grade_notebook
from autograder.student.limits import Limits
from autograder.student.sandbox import Sandbox, open_sandbox

LIMITS = Limits(
    cell_seconds=3,
    call_seconds=1.5,
    patience_seconds=0.5,
    notebook_seconds=40,
    memory_bytes=1 << 30,
    scratch_megabytes=64,
)
_TESTS = {
    "double": (
        2.0,
        'with check("two"):\n    assert_equal(double(2), 4)\nwith check("others"):\n    assert_equal(double(-12345), -24690)',
    ),
    "batches": (2.0, 'with check("three batches"):\n    assert_equal(list(batches(3)), [0, 1, 2])'),
    "counter": (3.0, 'with check("counts"):\n    one, other = Counter(), Counter()\n    one()\n    assert_equal([one(), other()], [2, 1])'),
}  # fmt: skip


class Watch:
    """The memory of this process and the longest time in which its other threads could not run.

    Attributes:
        most: resident bytes.
        longest: seconds by the clock.
        busy: the most seconds of processor time in one of these pauses: what it would be on a machine that does nothing else.
    """

    def __init__(self) -> None:
        self.most, self.longest, self.busy = 0, 0.0, 0.0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        page = resource.getpagesize()
        last, worked = time.monotonic(), time.process_time()
        while not self._stopped.wait(0.02):
            now, done = time.monotonic(), time.process_time()
            self.longest, self.busy = max(self.longest, now - last - 0.02), max(self.busy, done - worked)
            last, worked = now, done
            self.most = max(self.most, int(Path("/proc/self/statm").read_text().split()[1]) * page)

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()


def notebook(case: Case, names: dict[str, str]) -> NotebookNode:
    """The hand-in as the repair gives it to the grader.

    Args:
        case: what is handed in.
        names: what stands for @CANARY@ and the others.
    """
    made = nbformat.v4.new_notebook()
    for gap, answer in (("double", case.double), ("batches", case.batches), ("counter", COUNTER)):
        for name, value in names.items():
            answer = answer.replace(f"@{name}@", value)
        cell = nbformat.v4.new_code_cell(answer, id=gap)
        cell.metadata = {"autograder": {"origin": "gap"}, "nbgrader": _nbgrader(gap, solution=True)}
        points, checks = _TESTS[gap]
        text = f"from llmkit.testing import Checks, assert_equal\n\ncheck = Checks(points={points:g})\n{checks}\ncheck.report()"
        test = nbformat.v4.new_code_cell(text, id=f"{gap}-test")
        test.metadata = {
            "autograder": {"origin": "course"},
            "nbgrader": _nbgrader(f"{gap}-test", grade=True, locked=True, points=points),
        }
        made.cells += [cell, test]
    return made


def _nbgrader(grade_id: str, **more: Any) -> dict[str, Any]:
    return {
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
        "schema_version": 3,
        "grade_id": grade_id,
    } | more


def _cleaned(page: str, ours: bool) -> str:
    """HTML without what a browser could run; the grader's own tables may have a style."""
    own = {"class", "style", "scope"} if ours else set()
    return nh3.clean(page, attributes={tag: nh3.ALLOWED_ATTRIBUTES.get(tag, set()) | own for tag in nh3.ALLOWED_TAGS})


def grade(case: Case, sandbox: Sandbox, names: dict[str, str]) -> dict[str, Any]:
    """The marks of a case, everything that a person reads of it, and what in that is not as it should be."""
    handed_in = notebook(case, names)
    began = time.monotonic()
    mark = grade_notebook(handed_in, sandbox, name=case.id, student="guard", limits=LIMITS)
    told = [mark.cells[n].error for n in range(3)] + [check.message for cell in mark.cells for check in cell.checks]
    outputs = [output for cell in handed_in.cells for output in cell.outputs]
    pages = [
        (output["data"]["text/html"], "mark" in cell.metadata.get("autograder", {}))
        for cell in handed_in.cells
        for output in cell.outputs
        if "text/html" in output.get("data", {})
    ]
    kinds = {mime for output in outputs for mime in output.get("data", {})}
    return {
        "case": case.id,
        "earned": [cell.earned for cell in mark.cells],
        "told": told,
        "shown": nbformat.writes(handed_in),
        "active": [page for page, ours in pages if _cleaned(page, ours) != page or r"\href" in page]
        + sorted(kinds - {"text/plain", "text/html", "image/png", "image/jpeg"})
        + [text for text in told if printable(text) != text],
        "seconds": round(time.monotonic() - began, 2),
    }


def grade_all(cases: Sequence[Case], names: dict[str, str], every: int) -> Iterator[dict[str, Any]]:
    """Grades cases with an honest one after so many, then tells of the memory and the longest pause."""
    watch, sandbox = Watch(), open_sandbox("bubblewrap")
    try:
        for number, case in enumerate(cases, start=1):
            yield grade(case, sandbox, names)
            if number % every == 0 or number == len(cases):
                yield grade(HONEST, sandbox, names)
    finally:
        sandbox.close()
    watch.stop()
    yield {"megabytes": watch.most >> 20, "pause": round(watch.longest, 2), "busy": round(watch.busy, 2)}


if __name__ == "__main__":
    import torch

    torch.set_num_threads(1)
    stand_for = dict(zip(("CANARY", "BOOK", "PORT", "MARK"), sys.argv[1:5], strict=True))
    wanted = [case for case in CASES if not sys.argv[5:] or case.id in sys.argv[5:]]
    for line in grade_all(wanted, stand_for, every=5):
        print(json.dumps(line), flush=True)
