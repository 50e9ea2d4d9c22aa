"""docs/promises.md is true: each promise is said in its exercise, each check holds one, and none is left out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from nbformat.notebooknode import NotebookNode

from autograder.course.course import Course, Exercise, SourceNotebook
from llmkit.cells import role

ROOT = Path(__file__).resolve().parents[1]
INPUTS = ["source/**/*.ipynb", "docs/promises.md"]
RULES = ("**rule 2**", "**rule 3**")  # the first belongs to no check

COURSE = Course.discover(ROOT)


def table(text: str) -> dict[str, list[tuple[str, list[str]]]]:
    """For each exercise its promises in order, each with the titles of its checks."""
    found: dict[str, list[tuple[str, list[str]]]] = {}
    for section in re.split(r"^## ", text, flags=re.M)[1:]:
        name, _newline, body = section.partition("\n")
        rows = found.setdefault(name, [])
        for line in filter(None, body.split("\n")):
            if line.startswith("- "):
                rows.append((line[2:], []))
            else:
                assert line.startswith("  - ") and rows, f"{name}: what is {line!r}?"
                rows[-1][1].append(line[4:])
    return found


PROMISES = table((ROOT / "docs" / "promises.md").read_text(encoding="utf-8"))


def said(notebook: SourceNotebook, exercise: Exercise) -> str:
    """The text of an exercise and its gap, from the cell after the exercise before it."""
    cells = notebook.nb.cells
    gap = next(place for place, cell in enumerate(cells) if cell is notebook.cells[exercise.grade_id])
    before: list[NotebookNode] = []
    for cell in reversed(cells[:gap]):
        if role(cell) in ("gap", "test"):
            break
        before.append(cell)
    return "\n".join(
        cell.source for cell in [*reversed(before), cells[gap]] if cell.cell_type == "markdown" or cell is cells[gap]
    )


def titles(notebook: SourceNotebook, exercise: Exercise) -> list[str]:
    """The titles of an exercise's checks, hidden ones too."""
    calls = (
        item.context_expr
        for test in exercise.test_ids
        for node in ast.walk(ast.parse(notebook.cells[test].source))
        if isinstance(node, ast.With)
        for item in node.items
    )
    return [
        ast.literal_eval(call.args[0])
        for call in calls
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "check"
    ]


def test_every_exercise_has_its_section_in_order() -> None:
    assert list(PROMISES) == [exercise.id for exercise in COURSE.exercises()]


@pytest.mark.parametrize("exercise", COURSE.exercises(), ids=lambda exercise: exercise.id)
def test_promises_and_checks_belong_together(exercise: Exercise) -> None:
    notebook, rows = COURSE.notebook(exercise), PROMISES[exercise.id]
    text, checks = said(notebook, exercise), titles(notebook, exercise)
    for promise, held_by in rows:
        assert promise in RULES or promise in text, f"the exercise does not say: {promise}"
        assert held_by, f"no check holds this promise: {promise}"
        for title in held_by:
            assert title in checks, f"there is no such check: {title}"
    named = {title for _promise, held_by in rows for title in held_by}
    assert [title for title in checks if title not in named] == [], "these checks hold no promise of docs/promises.md"


def test_the_rules_are_said_at_the_first_exercise() -> None:
    first = COURSE.exercise("ch01/bigram-counts")
    text = said(COURSE.notebook(first), first)
    for rule in ("*What you may use:*", "*What you are given* stays as it was", "*What goes in as `float64`*"):
        assert rule in text
