"""What students read about the runs of their own cells: in the marks, beside the cells, in the notes."""

from __future__ import annotations

from dataclasses import replace

from nbformat.notebooknode import NotebookNode

from autograder.i18n import gettext as _
from autograder.judge.marks import CellMark
from autograder.student import told
from autograder.student.session import CellRun
from llmkit.cells import grade_id

LONGEST = 40  # characters shown of a cell's first line


class Told:
    """Collects it over one notebook."""

    def __init__(self) -> None:
        self._notes: list[str] = []
        self._failed: dict[str, str] = {}
        self._blank: set[str] = set()
        self._in_marks: set[str] = set()

    def about(self, cell: NotebookNode, origin: str, run: CellRun) -> list[str]:
        """Takes down how a cell ended.

        Args:
            cell: the cell.
            origin: course, gap or student.
            run: its run.

        Returns:
            What stands beside the cell's outputs.
        """
        if origin == "course":
            return []
        name, why = _name(cell, origin), told.reason(run.error, run.died)
        lines = [line for kind, what in run.events if (line := told.event(kind, what))]
        noted = [line for kind, what in run.events if (line := told.event(kind, what)) and (why or kind in told.NOTED)]
        self._notes += [f"{name}: {line}" for line in noted]
        if origin == "gap" and why:
            id = grade_id(cell)
            self._failed[id] = why
            if run.error is not None and run.error["ename"] == "NotImplementedError" and not run.error["evalue"]:
                self._blank.add(id)
        elif run.late:
            self._notes.append(f"{name}: {why}.")
        elif run.died:
            self._notes.append(f"{name}: " + _("{reason}; the cells after it ran without it.").format(reason=why))
        return lines

    def with_reason(self, mark: CellMark) -> CellMark:
        """The mark of a test, with the reason why the cell of its gap failed, if it did and that is not said yet."""
        why = self._failed.get(mark.exercise, "")
        if not why or mark.passed:
            return mark
        self._in_marks.add(mark.exercise)
        if mark.exercise in self._blank:
            return replace(mark, empty=mark.empty or mark.earned == 0)
        if any(why in text for text in (mark.error, *(check.message for check in mark.checks))):
            return mark
        said = _("The cell of this exercise failed: {reason}").format(reason=why)
        return replace(mark, error="\n".join(part for part in (said, mark.error) if part))

    def notes(self) -> list[str]:
        """What belongs into the notes on the file."""
        after = _("The cell failed: {reason}. What it had defined by then was graded.")
        left = {id: why for id, why in self._failed.items() if id not in self._in_marks | self._blank}
        return [*self._notes, *(f"{_gap(id)}: " + after.format(reason=why) for id, why in left.items())]


def _name(cell: NotebookNode, origin: str) -> str:
    if origin == "gap":
        return _gap(grade_id(cell))
    first = next((line.strip() for line in cell.source.split("\n") if line.strip()), "")
    shown = first if len(first) <= LONGEST else first[:LONGEST] + "…"
    return _("Your own cell `{line}`").format(line=shown)


def _gap(id: str) -> str:
    return _("Cell {cell}").format(cell=id)
