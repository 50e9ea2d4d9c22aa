"""Runs a test cell in this trusted process against names that live in the student's process."""

from __future__ import annotations

import ast
import contextlib
import io
from dataclasses import dataclass
from types import CodeType
from typing import Any

from autograder.course.cells import free_names, visible_part
from autograder.judge.marks import CellMark, CheckMark, fair_points
from autograder.student.session import StudentSession


@dataclass(frozen=True)
class _Compiled:
    body: CodeType
    result: CodeType | None
    names: frozenset[str]


def compile_test(source: str, grade_id: str) -> _Compiled:
    """A test cell ready to run: its statements, its last expression apart, and the names that the student must give."""
    tree = ast.parse(source, filename=f"<test {grade_id}>")
    result = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)  # type: ignore[attr-defined]
        result = compile(last, f"<test {grade_id}>", "eval")
    return _Compiled(compile(tree, f"<test {grade_id}>", "exec"), result, frozenset(free_names(source)))


def run_test(session: StudentSession, source: str, grade_id: str, points: float, seed: str) -> CellMark:
    """The mark of one test cell.

    Args:
        session: the student's worker, as it stands at this place of the notebook.
        source: the master's test cell, hidden tests included.
        grade_id: nbgrader's id of the cell.
        points: what the cell is worth.
        seed: makes the random inputs of this student and attempt.

    Returns:
        The mark. Only a cell that runs to its end earns points: with named checks the weight of those that passed, otherwise all or nothing.
    """
    import torch

    from llmkit import testing
    from llmkit.testing import checks

    session.begin_test()
    torch.manual_seed(0)
    testing.seed(f"{seed}/{grade_id}")
    compiled = compile_test(source, grade_id)
    namespace: dict[str, Any] = {"__name__": "__test__"}
    for name in compiled.names:
        namespace[name] = session.bind(name)
    silent = checks.quiet.set(True)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compiled.body, namespace)
            value = eval(compiled.result, namespace) if compiled.result is not None else None
    except Exception as error:
        return CellMark(
            grade_id, points, 0.0, error=checks.explain(error), empty=isinstance(error, NotImplementedError)
        )
    finally:
        checks.quiet.reset(silent)
    return _mark(value, source, grade_id, points)


def _mark(value: Any, source: str, grade_id: str, points: float) -> CellMark:
    from llmkit.i18n import gettext
    from llmkit.testing import Report

    if isinstance(value, Report):
        texts = (node.value for node in ast.walk(ast.parse(visible_part(source))) if isinstance(node, ast.Constant))
        visible = {gettext(text) for text in texts if isinstance(text, str)}
        marks = [
            CheckMark(
                o.title,
                o.weight,
                o.passed,
                o.message,
                hidden=o.title not in visible,
            )
            for o in value.outcomes
        ]
        empty = bool(marks) and all(not o.passed and o.error_type == "NotImplementedError" for o in value.outcomes)
        return CellMark(grade_id, points, fair_points(value.fraction, points), marks, empty=empty)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        # nbgrader's own partial credit: the last value is the points.
        return CellMark(grade_id, points, fair_points(value / points if points else 0.0, points))
    return CellMark(grade_id, points, points)
