"""Grades one notebook: a rebuilt notebook in, the same notebook with outputs and marks out. Nothing else is touched."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import replace

from nbformat.notebooknode import NotebookNode, from_dict

from autograder.diagnosis.diagnose import Diagnosis
from autograder.errors import printable
from autograder.grading.card import card
from autograder.grading.harmless import harmless_cell, harmless_output
from autograder.grading.told import Told
from autograder.judge.judge import run_test
from autograder.judge.marks import CellMark, NotebookMark, Question
from autograder.language.notebooks import language_of
from autograder.student.limits import Limits
from autograder.student.sandbox import Sandbox
from autograder.student.session import CellRun, StudentSession
from autograder.submission.notes import add_notes, notes_of
from autograder.submission.written import digests
from llmkit.cells import gaps_of_tests, grade_id, only_shows, role
from llmkit.i18n import using


def grade_notebook(
    notebook: NotebookNode,
    sandbox: Sandbox,
    *,
    name: str,
    student: str = "",
    attempt: str | None = None,
    limits: Limits | None = None,
    diagnosis: Diagnosis | None = None,
    before: Sequence[str] = (),
) -> NotebookMark:
    """Runs the student's cells in a sandboxed worker and the test cells here, in notebook order.

    Args:
        notebook: what `prepare` made; its outputs are replaced in place, and each test cell gets its mark under `metadata.autograder.mark`.
        sandbox: runs the student's cells.
        name: the notebook's name.
        student: student id; with the attempt it seeds the random inputs of the tests.
        attempt: name of the attempt; by default a digest of the notebook's code.
        limits: what the notebook may use.
        diagnosis: finds the likely mistake behind a failed test; by default none is sought.
        before: sources of the cells that have run in the sandbox's workers already.

    Returns:
        The marks.
    """
    began = time.monotonic()
    seed = f"{student}/{attempt or _digest(notebook)}"
    marks: list[CellMark] = []
    with (
        using(language_of(notebook)),
        StudentSession(
            sandbox, limits or Limits(), seed=int(hashlib.sha256(seed.encode()).hexdigest()[:8], 16)
        ) as session,
    ):
        count = 0
        ran = list(before)
        told = Told()
        sources = {grade_id(cell): cell.source for cell in notebook.cells}
        gap_of = gaps_of_tests(notebook.cells)
        for cell in notebook.cells:
            if cell.cell_type != "code":
                if cell.metadata.get("autograder", {}).get("origin") in ("gap", "student"):
                    harmless_cell(cell)
                continue
            cell.outputs, cell.execution_count = [], None
            if role(cell) == "test":
                mark = run_test(session, cell.source, grade_id(cell), float(cell.metadata.nbgrader.points), seed, ran)
                mark = _plain(told.with_reason(replace(mark, exercise=gap_of.get(mark.grade_id, ""))))
                if diagnosis is not None:
                    found = diagnosis.explain(session, mark, sources.get(mark.exercise, ""))
                    mark = replace(mark, mistakes=[mistake.about() for mistake in found])
                marks.append(mark)
                record_mark(cell, mark)
            elif not _skipped(cell):
                count += 1
                origin = cell.metadata.get("autograder", {}).get("origin", "course")
                run = session.run_cell(cell.source, origin)
                ran.append(cell.source)
                record_run(cell, run, count, told.about(cell, origin, run))
        add_notes(notebook, list(map(printable, told.notes())))
    return NotebookMark(name, marks, notes_of(notebook), round(time.monotonic() - began, 3), questions_of(notebook))


def questions_of(notebook: NotebookNode) -> list[Question]:
    """The questions that a person marks, in the order of the notebook that `prepare` made."""
    written = digests(notebook)
    return [
        Question(grade_id(cell), float(cell.metadata.nbgrader.points), bool(written[grade_id(cell)]))
        for cell in notebook.cells
        if role(cell) == "task"
    ]


def _plain(mark: CellMark) -> CellMark:
    """A mark whose messages any file can hold and any terminal can show: parts of them are the student's."""
    checks = [replace(check, message=printable(check.message)) for check in mark.checks]
    return replace(mark, error=printable(mark.error), checks=checks)


def _digest(notebook: NotebookNode) -> str:
    code = "\0".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()[:16]


def _skipped(cell: NotebookNode) -> bool:
    """Only a cell of the course can be switched off by a tag, never a student's."""
    ours = cell.metadata.get("autograder", {}).get("origin") == "course"
    return not cell.source.strip() or (ours and only_shows(cell))


def record_run(cell: NotebookNode, run: CellRun, count: int, lines: Sequence[str] = ()) -> None:
    """Writes the outcome of a run into the cell.

    Args:
        cell: the cell.
        run: its run.
        count: number of the run.
        lines: what the student should know about it, besides.
    """
    cell.execution_count = count
    outputs = list(run.outputs)
    if lines:
        outputs.append({"output_type": "stream", "name": "stderr", "text": "".join(f"{line}\n" for line in lines)})
    if run.error is not None:
        outputs.append({"output_type": "error", **{key: run.error[key] for key in ("ename", "evalue", "traceback")}})
    if run.died is not None:
        outputs.append({"output_type": "error", "ename": "Stopped", "evalue": run.died, "traceback": [run.died]})
    # What a person opens in formgrader shows them as they are.
    cell.outputs = [safe for output in outputs if (safe := harmless_output(output))]


def record_mark(cell: NotebookNode, mark: CellMark) -> None:
    """Writes a mark into its test cell in the form that nbgrader's own grade reader understands, and formgrader shows."""
    data = {"text/plain": repr(float(mark.earned)), "text/html": card(mark)}
    cell.outputs = [from_dict({"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": data})]
    cell.metadata.setdefault("autograder", {})["mark"] = mark.as_dict()
