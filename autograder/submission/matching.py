"""Finds out which cell of a submission is which cell of the course."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from nbformat.notebooknode import NotebookNode
from rapidfuzz import fuzz

from autograder.course.cells import defined_names, definitions, solved_part, visible_part
from autograder.course.released import without_number
from autograder.course.stubs import stub_cell
from autograder.submission.parts import is_same_code
from llmkit.cells import likely_names, role

GAP_LIKENESS = 70.0
COURSE_LIKENESS = 85.0
COMPARED = 10_000

_FENCE = re.compile(r"```[a-z]*\n(.*?)```", re.DOTALL)
_BEGINS_CODE = re.compile(r"(?:async\s+def|def|class|import|from|@|#|%)\s*\w")
_DEFINITION = re.compile(r"^(?:async\s+def|def|class)\s+(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Theirs:
    """A cell of the submission.

    Attributes:
        cell: the cleaned cell.
        code: its source as code, without fences and the text before it if the cell had become text.
    """

    cell: NotebookNode
    code: str

    @classmethod
    def of(cls, cell: NotebookNode) -> Theirs:
        """Reads a cleaned cell."""
        return cls(cell, cell.source if cell.cell_type == "code" else _code_in(cell.source))

    @property
    def text(self) -> str:
        # The release tells how many checks are hidden; solutions and older releases do not.
        return _squeezed(without_number(self.cell.source))

    @cached_property
    def definitions(self) -> frozenset[str]:
        """Functions and classes; where the code does not parse, what looks like them."""
        return frozenset(definitions(self.code) or _DEFINITION.findall(self.code))

    @cached_property
    def names(self) -> frozenset[str]:
        return self.definitions | frozenset(defined_names(self.code))


class Ours:
    """A cell of the course, as students receive it.

    Args:
        cell: the cell of the source.

    Attributes:
        role: "gap", "manual", "test", "task", "locked" or "".
        cell: the source's cell; a gap emptied as in the release.
        shown: the text that the student saw.
        wanted: names that an answer to the gap defines.
    """

    def __init__(self, cell: NotebookNode) -> None:
        self.role = role(cell)
        self.is_gap = self.role in ("gap", "manual")
        self.cell = stub_cell(cell) if self.is_gap else cell
        self.shown = self.cell.source if self.is_gap else visible_part(cell.source)
        solution = visible_part(cell.source) if self.is_gap and cell.cell_type == "code" else ""
        self.wanted = frozenset(definitions(solution) or defined_names(solution))
        self._defines = bool(definitions(solution))

    @property
    def name(self) -> str:
        """The name that students see."""
        return str(self.cell.metadata.get("nbgrader", {}).get("grade_id") or self.cell.get("id", ""))

    @cached_property
    def text(self) -> str:
        return _squeezed(self.shown)

    def answered_by(self, theirs: Theirs) -> frozenset[str]:
        """The wanted names that a cell defines."""
        return self.wanted & (theirs.definitions if self._defines else theirs.names)

    def is_answered_by(self, theirs: Theirs) -> bool:
        """Whether a cell of the student's in this gap tries to answer it: it is not empty, nor all about other names."""
        names = likely_names(theirs.code)
        return not self.is_blank(theirs) and (not self.wanted or "*" in names or bool(self.wanted & names))

    def is_blank(self, theirs: Theirs) -> bool:
        """Whether a cell leaves the gap empty."""
        code = theirs.code if self.cell.cell_type == "code" else theirs.cell.source
        return not _bare(code) or _bare(code) == _bare(self.shown) or is_same_code(code, self.shown)

    def is_same(self, theirs: Theirs) -> bool:
        """Whether a cell of the course came back unchanged, apart from spaces and, in code, comments and layout."""
        if theirs.text == self.text:
            return True
        if self.role == "task" and theirs.text == _squeezed(solved_part(self.cell.source)):
            return True  # from the solutions
        if self.cell.cell_type != "code":
            return False
        try:
            return ast.dump(ast.parse(without_number(theirs.code))) == ast.dump(ast.parse(self.shown))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False


def match(theirs: list[Theirs], ours: list[Ours]) -> tuple[dict[int, int], dict[int, str]]:
    """Which cell of the course each submitted cell is.

    By grade_id, cell id and Colab's metadata.id; by text; gaps by the names that they define and by likeness; finally the rest by likeness.

    Returns:
        Index into `ours` by index into `theirs`, and by the same index how it was found: "id", "text", "names" or "likeness".
    """
    owner: dict[int, int] = {}
    how: dict[int, str] = {}

    def found(index: int, target: int, way: str) -> None:
        owner[index], how[index] = target, way

    for key in (_grade_id, _cell_id, _colab_id):
        known = {id: k for k, mine in reversed(list(enumerate(ours))) if (id := key(mine.cell, ours=True))}
        for i, cell in enumerate(theirs):
            id = key(cell.cell)
            if i not in owner and id in known:
                found(i, known[id], "id")
    by_text = {mine.text: k for k, mine in reversed(list(enumerate(ours))) if k not in owner.values()}
    for i, cell in enumerate(theirs):
        if i not in owner and cell.text in by_text:
            found(i, by_text[cell.text], "text")
    gaps = [k for k, mine in enumerate(ours) if mine.is_gap and k not in owner.values()]
    for i, cell in enumerate(theirs):
        if i not in owner:
            overlap = {k: len(ours[k].answered_by(cell)) for k in gaps}
            best = max(gaps, key=lambda k: overlap[k], default=None)
            if best is not None and overlap[best]:
                found(i, best, "names")
    for gap, floor in ((True, GAP_LIKENESS), (False, COURSE_LIKENESS)):
        left = [k for k, mine in enumerate(ours) if mine.is_gap == gap and k not in owner.values() and mine.text]
        for _, i, k in _by_likeness(theirs, ours, [i for i in range(len(theirs)) if i not in owner], left, floor):
            if i not in owner and k not in owner.values():
                found(i, k, "likeness")
    return owner, how


def _by_likeness(
    theirs: list[Theirs], ours: list[Ours], free: list[int], left: Iterable[int], floor: float
) -> list[tuple[float, int, int]]:
    """Pairs of cells that are alike, the most alike first."""
    pairs = []
    for k in left:
        for i in free:
            mine, cell = ours[k], theirs[i]
            if not mine.is_gap and mine.cell.cell_type != cell.cell.cell_type:
                continue
            likeness = fuzz.ratio(_bare(mine.shown)[:COMPARED], _bare(cell.code)[:COMPARED], score_cutoff=floor)
            if likeness >= floor:
                pairs.append((-likeness, i, k))
    return sorted(pairs)


def _code_in(text: str) -> str:
    """The code in a text cell: from the line on from which all of it is Python, or between fences; else the text."""
    lines = text.split("\n")
    for start, line in enumerate(lines):
        rest = "\n".join(lines[start:])
        if _BEGINS_CODE.match(line) and definitions(rest):
            return rest
    fenced = _FENCE.findall(text)
    return "\n".join(fenced).rstrip("\n") if fenced else text


def _grade_id(cell: NotebookNode, ours: bool = False) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id") or "")


def _cell_id(cell: NotebookNode, ours: bool = False) -> str:
    return str(cell.get("id") or "")


def _colab_id(cell: NotebookNode, ours: bool = False) -> str:
    return _cell_id(cell) if ours else str(cell.metadata.get("id") or "")


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _bare(code: str) -> str:
    """Code without comment lines and spaces, for comparison."""
    return "\n".join(
        "".join(line.split()) for line in code.split("\n") if line.strip() and not line.lstrip().startswith("#")
    )
