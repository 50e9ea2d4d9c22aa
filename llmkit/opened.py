"""Which of the course's notebooks is open in this process, as its `llmkit.start` says, and what is in it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmkit import runtime

_START = re.compile(r"^[^#\n]*\bllmkit\.start\(\s*[\"']([a-z]+\d*)/(\w+)[\"'](?:[^)]*\blang=[\"']([\w-]+)[\"'])?", re.M)


@dataclass(frozen=True)
class Opened:
    """A notebook that has called `llmkit.start`.

    Attributes:
        chapter: such as "ch03".
        name: such as "03_causal_attention".
        folder: the working folder at that time, in which Jupyter has the file.
    """

    chapter: str
    name: str
    folder: Path


_opened: Opened | None = None


def remember(notebook: str) -> None:
    """Notes which notebook is open.

    Args:
        notebook: chapter and name, such as "ch03/03_causal_attention".
    """
    global _opened
    chapter, _, name = notebook.partition("/")
    _opened = Opened(chapter, name, Path.cwd())


def opened() -> Opened | None:
    """The open notebook; None before `llmkit.start`."""
    return _opened


@contextmanager
def kept() -> Iterator[None]:
    """Afterwards the same notebook is open as before, whatever starts inside the block."""
    global _opened
    before = _opened
    try:
        yield
    finally:
        _opened = before


def at_work() -> bool:
    """Whether a student is at work here: not while grading, nor where tests run a notebook."""
    return not (runtime.quick() or os.environ.get("LLMKIT_GRADING"))


def read(path: Path) -> list[dict[str, Any]]:
    """The cells of a notebook's file, each source as one text.

    Raises:
        ValueError: it is no notebook.
        OSError: it cannot be read.
    """
    return cells_of(load(path))


def load(path: Path) -> Any:
    """A notebook's file.

    Raises:
        ValueError: it is no JSON.
        OSError: it cannot be read.
    """
    return json.loads(path.read_text(encoding="utf-8-sig"))


def cells_of(notebook: Any) -> list[dict[str, Any]]:
    """The cells of a notebook, each source as one text.

    Raises:
        ValueError: it is no notebook of format 4.
    """
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise ValueError("it is no notebook of format 4")
    return [cell | {"source": "".join(cell.get("source") or "")} for cell in cells]


def identity(cells: list[dict[str, Any]]) -> tuple[str, str, str] | None:
    """Chapter, name and language of a notebook, from its call of `llmkit.start`; None if it is none of the course."""
    for cell in cells:
        found = _START.search(cell["source"]) if cell.get("cell_type") == "code" else None
        if found:
            return found[1], found[2], found[3] or "en"
    return None


def live_notebook(seconds: float = 30) -> dict[str, Any]:
    """The notebook of this Colab session as it is on the page.

    Args:
        seconds: in which the page must send it.

    Raises:
        OSError: the page did not send it.
    """
    from google.colab import _message  # type: ignore[import-not-found]

    answer = _message.blocking_request("get_ipynb", timeout_sec=seconds)
    notebook = answer.get("ipynb") if isinstance(answer, dict) else None
    if not isinstance(notebook, dict):
        raise OSError("Colab did not send the notebook")
    return notebook
