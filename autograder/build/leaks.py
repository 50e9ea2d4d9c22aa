"""Searches what was made for students for lines that they must not see."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.course.cells import Region, region_lines
from autograder.course.course import SourceNotebook
from autograder.errors import Problem

MIN_SECRET = 16

# Lines that give nothing away: every other cell has them.
_COMMON = re.compile(
    r"(import |from \S+ import |def |class |@|#|super\(\).__init__|return \w+$|return self\.\w+$|if __name__|check = Checks\("
    # What every PyTorch program has, and no exercise hinges on.
    r"|with torch\.(no_grad|inference_mode)\(\):$|optimizer\.(step|zero_grad)\(\)$|loss\.backward\(\)$|except \w+:$)"
)


@dataclass(frozen=True)
class Secrets:
    """The lines of a chapter that its students must not see, each with the cell that it comes from.

    Attributes:
        solutions: lines of solutions.
        hidden: lines of hidden tests.
        schemes: lines that tell how a question is marked.
    """

    solutions: dict[str, str]
    hidden: dict[str, str]
    schemes: dict[str, str]

    @classmethod
    def of(cls, notebooks: list[SourceNotebook]) -> Secrets:
        """The secrets of a chapter."""
        found: dict[Region, dict[str, str]] = {"solution": {}, "hidden": {}, "scheme": {}}
        for notebook in notebooks:
            for grade_id, cell in notebook.cells.items():
                shown = {_plain(line) for line in region_lines(cell.source, "visible")}
                for region, lines in found.items():
                    for line in map(_plain, region_lines(cell.source, region)):
                        if len(line) >= MIN_SECRET and not _COMMON.match(line) and line not in shown:
                            lines.setdefault(line, grade_id)
        return cls(found["solution"], found["hidden"], found["scheme"])


def leaks(nb: NotebookNode, secrets: Secrets, file: str, *, solved: bool = False) -> list[Problem]:
    """Where a notebook shows what it must not.

    Args:
        nb: a notebook of `release/` or `solutions/`; all its text is searched, outputs and metadata too.
        secrets: the secrets of its chapter.
        file: name for the problems.
        solved: whether it is a notebook of `solutions/`, which shows solutions and mark schemes.
    """
    problems = []
    kinds = [(secrets.hidden, "a hidden test")]
    if not solved:
        kinds += [(secrets.solutions, "the solution"), (secrets.schemes, "the mark scheme")]
    for index, cell in enumerate([*nb.cells, {"id": "metadata", "metadata": nb.metadata}]):
        lines = {_plain(line) for text in _texts(cell) for line in text.splitlines()}
        for known, kind in kinds:
            for line in sorted(lines & known.keys()):
                what = f"contains a line of {kind} of {known[line]}: {line}"
                remedy = "hide it in the source: a marker is missing, or write the line differently"
                problems.append(Problem(file, cell.get("id", f"cell {index + 1}"), what, remedy))
    return problems


def _plain(line: str) -> str:
    """A line without the marks that differ between code, a list, a quotation and HTML."""
    return " ".join(html.unescape(line).strip("`>*- \t").split())


def _texts(value: Any) -> Iterator[str]:
    """All strings in part of a notebook."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
