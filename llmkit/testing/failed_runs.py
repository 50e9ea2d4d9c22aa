"""Which names of a notebook are missing, or older than their cell, because the last run of that cell failed."""

from __future__ import annotations

import ast
import sys
from typing import Any

from llmkit.cells import likely_names, statements
from llmkit.i18n import gettext as _
from llmkit.testing.raised import line_in_cell

_failed: dict[str, str] = {}  # by name: how the last run of its cell ended


def watch() -> None:
    """Takes down from now on how each cell of this notebook ends; outside IPython nothing happens."""
    shell = _shell()
    if shell is None:
        return
    if _note not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", _note)


def why(name: str) -> str:
    """How the last run of the cell that defines a name failed; empty if it did not, or nobody knows."""
    return _failed.get(name, "")


def outdated() -> list[str]:
    """A sentence for each name in the running cell whose own cell has failed since it was defined: what is tested is its old version."""
    shell = _shell()
    if shell is None or not _failed:
        return []
    cell = ast.Module(statements(shell.user_ns.get("In", [""])[-1]), [])
    used = {node.id for node in ast.walk(cell) if isinstance(node, ast.Name)}
    said = _(
        "The last run of the cell that defines `{name}` failed: {error}. What is tested here is its version from before."
    )
    return [
        said.format(name=name, error=error) for name, error in _failed.items() if name in shell.user_ns and name in used
    ]


def _note(result: Any) -> None:
    error = result.error_before_exec or result.error_in_exec
    for name in likely_names(result.info.raw_cell):
        if error is None:
            _failed.pop(name, None)
        else:
            _failed[name] = _told(error)


def _told(error: BaseException) -> str:
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    said = ": ".join(part for part in (type(error).__name__, text) if part and part != "None")
    line = line_in_cell(error)
    return said if line is None else _("{error} (line {number})").format(error=said, number=line)


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None
