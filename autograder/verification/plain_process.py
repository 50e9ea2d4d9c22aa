"""Runs a notebook's test cells the plain way, in one process with the code they test, as a student's kernel does."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.judge.judge import execute
from llmkit.cells import SKIP, role, run_plain

SECONDS = 60


def run_locally(notebook: NotebookNode, seed: str = "") -> dict[str, Any]:
    """Executes the notebook in a fork of this process. Only for code from the course's own catalogue.

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
    import torch

    torch.manual_seed(0)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    results = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if role(cell) == "test":
            info = cell.metadata.nbgrader
            mark = execute(namespace, cell.source, info["grade_id"], float(info["points"]), seed)
            results[mark.grade_id] = {
                "earned": mark.earned,
                "checks": {check.title: check.passed for check in mark.checks},
            }
        elif SKIP not in cell.metadata.get("tags", ()):
            with contextlib.suppress(Exception, SystemExit):
                run_plain(cell.source, "<cell>", namespace)
    return results
