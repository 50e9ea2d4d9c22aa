"""Runs a test cell in this trusted process against names from the student's process."""

from __future__ import annotations

import ast
import contextlib
import functools
import io
from collections.abc import Sequence
from types import CodeType
from typing import Any

from autograder.course.cells import free_names, visible_part
from autograder.judge.fraction import fraction
from autograder.judge.marks import CellMark, CheckMark, fair_points
from autograder.student.session import StudentSession
from llmkit.i18n import gettext as _
from llmkit.runtime import seed_torch


def run_test(
    session: StudentSession, source: str, grade_id: str, points: float, seed: str, cells: Sequence[str] = ()
) -> CellMark:
    """The mark of one test cell.

    Args:
        session: the student's worker, in its state at this point of the notebook.
        source: the source notebook's test cell, hidden tests included.
        grade_id: nbgrader's id of the cell.
        points: what the cell is worth.
        seed: determines the random inputs for this student and attempt.
        cells: sources of the cells that have run, in which answers may not be ready-made.

    Returns:
        The mark. Only a cell that runs to the end earns points: with named checks the weight of those that passed, otherwise all or nothing.
    """
    session.begin_test(f"{seed}/{grade_id}")
    seed_torch(0)
    names = {name: session.bind(name) for name in _names_of(source)}
    return execute({"__name__": "__test__", **names}, source, grade_id, points, seed, cells)


def execute(
    namespace: dict[str, Any], source: str, grade_id: str, points: float, seed: str, cells: Sequence[str] = ()
) -> CellMark:
    """Runs a test cell in a namespace and marks it; see `run_test`."""
    from llmkit import testing
    from llmkit.testing import checks, given, ready_made

    given.forget()
    testing.seed(f"{seed}/{grade_id}")
    body, last = _compiled(source, grade_id)
    silent = checks.quiet.set(True)
    try:
        with contextlib.redirect_stdout(io.StringIO()), ready_made.after(cells, source):
            exec(body, namespace)
            value = eval(last, namespace) if last is not None else None
    except Exception as error:
        empty = isinstance(error, NotImplementedError)
        return CellMark(grade_id, points, 0.0, error=checks.explain(error), empty=empty)
    except checks.Failed:
        return CellMark(grade_id, points, 0.0)
    finally:
        checks.quiet.reset(silent)
    return _mark(value, source, grade_id, points)


# A class of hundreds asks for the same few.
@functools.lru_cache(maxsize=64)
def _compiled(source: str, grade_id: str) -> tuple[CodeType, CodeType | None]:
    """A test cell as code: all but a last line that is an expression, and that line."""
    name = f"<test {grade_id}>"
    tree, last = ast.parse(source, filename=name), None
    if tree.body and isinstance(end := tree.body[-1], ast.Expr):
        last = compile(ast.Expression(end.value), name, "eval")
        del tree.body[-1]
    return compile(tree, name, "exec"), last


@functools.lru_cache(maxsize=64)
def _names_of(source: str) -> tuple[str, ...]:
    return tuple(sorted(free_names(source)))


@functools.lru_cache(maxsize=64)
def _visible_texts(source: str) -> tuple[str, ...]:
    nodes = ast.walk(ast.parse(visible_part(source)))
    return tuple(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def _told_of(share: float) -> str:
    told = _(
        "The checks that passed hold for zeros, too. Where nothing else is right they earn {share:.0%} of the points."
    )
    return told.format(share=share)


def _mark(value: Any, source: str, grade_id: str, points: float) -> CellMark:
    """Marks a test cell by the value of its last line: partial credit is decided here."""
    from llmkit.testing import Report

    if isinstance(value, Report):
        visible = {_(text) for text in _visible_texts(source)}
        marks = [
            CheckMark(o.title, o.weight, o.passed, o.message, hidden=o.title not in visible) for o in value.outcomes
        ]
        empty = bool(marks) and all(not o.passed and o.error_type == "NotImplementedError" for o in value.outcomes)
        share = fraction(grade_id, marks)
        told = "" if share >= value.fraction else _told_of(share)
        return CellMark(grade_id, points, fair_points(share, points), marks, error=told, empty=empty)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        # nbgrader's own partial credit: the last value is the number of points.
        return CellMark(grade_id, points, fair_points(value / points if points else 0.0, points))
    return CellMark(grade_id, points, points)
