"""Assertions in which the right answer is computed from what the student's code may have changed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set


def late_oracles(tree: ast.AST, students: Set[str]) -> Iterator[str]:
    """The variables that an assertion gives to the student's code, and then to the right answer.

    In `assert_close(scale(x), 2 * x)` Python calls `scale` first. In the judge the student's code has a copy of x; in a notebook it
    has x, so that an answer that doubles x in place would be compared with four times x.

    Args:
        tree: a test cell.
        students: names that the student's code defines.

    Yields:
        A variable for each such assertion.
    """
    plain = {
        loop.target.id
        for loop in ast.walk(tree)
        if isinstance(loop, ast.For) and isinstance(loop.target, ast.Name) and isinstance(loop.iter, ast.Tuple)
        if all(isinstance(one, ast.Constant) for one in loop.iter.elts)
    }  # numbers and texts do not change
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and ast.unparse(call.func).startswith("assert_") and len(call.args) > 1):
            continue
        asked = [node for node in ast.walk(call.args[0]) if isinstance(node, ast.Call) and _calls(node, students)]
        given = {arg.id for node in asked for arg in node.args if isinstance(arg, ast.Name)}
        yield from sorted((given & set(_read(call.args[1], students))) - plain)


def _calls(node: ast.AST, students: Set[str]) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in students


def _read(tree: ast.AST, students: Set[str]) -> Iterator[str]:
    """The variables that an expression reads, but for those that it gives to the student's code."""
    if _calls(tree, students):
        return
    if isinstance(tree, ast.Name):
        yield tree.id
    for child in ast.iter_child_nodes(tree):
        yield from _read(child, students)
