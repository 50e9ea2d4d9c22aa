"""Runs a notebook's test cells the plain way, in one process with the code they test: what a student's kernel does."""

from __future__ import annotations

import json
import os
import signal
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.grading.notebook import SKIP
from autograder.judge.judge import compile_test
from autograder.judge.marks import fair_points

SECONDS = 60


def run_locally(notebook: NotebookNode, seed: str = "") -> dict[str, Any]:
    """Executes the notebook in a fork of this process. Only for code of the course's own catalogue.

    Args:
        notebook: a notebook as `answered` makes it.
        seed: as for the judge.

    Returns:
        For each test cell's grade_id: `earned` and `checks` ({title: passed}); empty when the process did not survive.
    """
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        signal.alarm(SECONDS)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        try:
            data = json.dumps(_execute(notebook, seed)).encode()
            with os.fdopen(writer, "wb") as stream:
                stream.write(data)
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        data = stream.read()
    os.waitpid(pid, 0)
    return dict(json.loads(data)) if data else {}


def _execute(notebook: NotebookNode, seed: str) -> dict[str, Any]:
    import contextlib
    import io

    import torch

    from llmkit import testing

    torch.manual_seed(0)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    results = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        info = cell.metadata.get("nbgrader", {})
        if info.get("grade") and not info.get("solution"):
            testing.seed(f"{seed}/{info['grade_id']}")
            test = compile_test(cell.source, info["grade_id"])
            result: dict[str, Any] = {"earned": 0.0, "checks": {}}
            with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
                exec(test.body, namespace)
                report = eval(test.result, namespace) if test.result is not None else None
                if isinstance(report, testing.Report):
                    result = {
                        "earned": fair_points(report.fraction, float(info["points"])),
                        "checks": {outcome.title: outcome.passed for outcome in report.outcomes},
                    }
                else:
                    result = {"earned": float(info["points"]), "checks": {}}
            results[info["grade_id"]] = result
        elif SKIP not in cell.metadata.get("tags", ()):
            source = "\n".join(line for line in cell.source.splitlines() if not line.lstrip().startswith(("%", "!")))
            with contextlib.suppress(Exception, SystemExit):
                exec(compile(source, "<cell>", "exec"), namespace)
    return results
