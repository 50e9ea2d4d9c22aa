"""Which visible tests of the student's notebooks have passed, and the marks of their last check: a file in the local folder for nobody else."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from llmkit import opened, runtime
from llmkit.cells import grade_id, role

FILE = "progress.jsonl"


class Report(Protocol):
    """A report of checks."""

    @property
    def fraction(self) -> float:
        """Of the points, in [0, 1]."""
        ...


def note(report: Report) -> None:
    """Writes down that the test cell that is running has passed with all its checks; never raises.

    Nothing is written where the cell is no test of the open notebook, such as one that the student has changed.

    Args:
        report: what the cell ends with.
    """
    here = opened.opened()
    if report.fraction < 1 or here is None or not opened.at_work():
        return
    with suppress(Exception):  # a test must not fail because of what is written down about it
        test = _running_test(here)
        if test and f"{here.chapter}/{test}" not in tests():
            _add({"test": f"{here.chapter}/{test}", "at": _now()})


def tests() -> dict[str, str]:
    """The tests that have passed at least once, such as "ch03/causal-mask-test", each with the time of its first pass, oldest first."""
    found: dict[str, str] = {}
    for record in _records():
        if isinstance(record.get("test"), str):
            found.setdefault(record["test"], str(record.get("at", "")))
    return found


@dataclass(frozen=True)
class Marks:
    """What the grader gave for an exercise.

    Attributes:
        earned: points earned.
        points: that there are.
    """

    earned: float
    points: float

    @property
    def full(self) -> bool:
        """Whether nothing is missing."""
        return self.earned >= self.points


def note_marks(lang: str, given: dict[str, Marks]) -> None:
    """Writes down the marks of a check; never raises.

    Args:
        lang: of the notebooks.
        given: the marks of each exercise, such as "ch03/causal-mask".
    """
    before = marks(lang)
    for exercise, one in given.items():
        if before.get(exercise) != one:
            with suppress(OSError):  # a full disk costs the comparison with the solution, and nothing else
                _add({"exercise": exercise, "lang": lang, "earned": one.earned, "points": one.points, "at": _now()})


def marks(lang: str) -> dict[str, Marks]:
    """The marks of each exercise in its last check, such as of "ch03/causal-mask".

    Args:
        lang: of the notebooks.
    """
    found: dict[str, Marks] = {}
    for record in _records():
        if isinstance(record.get("exercise"), str) and record.get("lang") == lang:
            with suppress(KeyError, TypeError, ValueError):
                found[record["exercise"]] = Marks(float(record["earned"]), float(record["points"]))
    return found


def file() -> Path:
    """Where they are written down."""
    return runtime.local_folder() / FILE


def _records() -> Iterator[dict[str, Any]]:
    try:
        data = file().read_bytes()
    except OSError:
        return
    for line in data.decode("utf-8", errors="replace").splitlines():
        with suppress(ValueError):  # what a crash or an editor left of a line
            record = json.loads(line)
            if isinstance(record, dict):
                yield record


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S%z")


def _add(record: dict[str, Any]) -> None:
    """Appends a line: two notebooks can do so at once, and neither can damage what the other wrote."""
    file().parent.mkdir(parents=True, exist_ok=True)
    # The line before may have lost its end.
    line = f"\n{json.dumps(record)}\n".encode()
    with file().open("ab", buffering=0) as stream:
        stream.write(line)


def _running_test(here: opened.Opened) -> str:
    """The grade id of the test cell that is running, by its text; empty if it is none of the notebook's."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return ""
    running = shell.history_manager.input_hist_raw[-1].strip()
    for cells in notebooks(here):
        for cell in cells:
            if role(cell) == "test" and cell["source"].strip() == running:
                return grade_id(cell)
    return ""


@cache
def _in_colab(here: opened.Opened) -> list[dict[str, Any]]:
    """The notebook on Colab's page, asked for once: its test cells do not change."""
    return opened.cells_of(opened.live_notebook(seconds=5))


def notebooks(here: opened.Opened) -> Iterator[list[dict[str, Any]]]:
    """The cells of the open notebook; then, for it may be called otherwise than the course calls it, those of others in its folder."""
    if runtime.environment() == "colab":
        yield _in_colab(here)
        return
    own = here.folder / f"{here.name}.ipynb"
    for path in [own, *sorted(set(here.folder.glob("*.ipynb")) - {own})]:
        with suppress(OSError, ValueError):
            yield opened.read(path)
