"""Test cells as students get them: they tell how many checks are hidden."""

from __future__ import annotations

import ast
import re

from autograder.course.cells import split_regions

_NUMBER = re.compile(r"(?<=\bChecks\()([^()\n]*), hidden=\d+(?=\))")


def with_number(source: str) -> str:
    """A test cell that says how many of its named checks are hidden: `check = Checks(points=3, hidden=2)`.

    Args:
        source: of the course's test cell. One without hidden checks, or without named ones, stays as it is.
    """
    hidden = {number for number, (_line, region) in enumerate(split_regions(source), start=1) if region == "hidden"}
    try:
        tree = ast.parse(source)
    except SyntaxError:  # told by the lint
        return source
    made = [node for node in tree.body if isinstance(node, ast.Assign) and _calls(node.value, "Checks")]
    if len(made) != 1 or not isinstance(name := made[0].targets[0], ast.Name):
        return source
    count = sum(
        _calls(item.context_expr, name.id)
        for node in ast.walk(tree)
        if isinstance(node, ast.With) and node.lineno in hidden
        for item in node.items
    )
    lines = source.split("\n")
    line, end = (made[0].value.end_lineno or 0) - 1, made[0].value.end_col_offset or 0
    if count:
        code = lines[line].encode()
        lines[line] = (code[: end - 1] + f", hidden={count}".encode() + code[end - 1 :]).decode()
    return "\n".join(lines)


def without_number(source: str) -> str:
    """A test cell without what `with_number` has put in."""
    return _NUMBER.sub(r"\1", source)


def _calls(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
