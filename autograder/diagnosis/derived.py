"""Mistakes that can be made in every exercise: made from its solution, where the student's text shows them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.answers import Mistake


def derived(solution: str, answer: str) -> list[Mistake]:
    """The mistakes of any exercise that the text of an answer shows; whether they are what it failed for is not said.

    Args:
        solution: the exercise's.
        answer: the student's.
    """
    try:
        theirs, ours = ast.parse(answer), ast.parse(solution)
    except SyntaxError:
        return []
    return [*_indented(theirs, ours)]


def _indented(theirs: ast.Module, ours: ast.Module) -> Iterator[Mistake]:
    """Methods that stand inside `__init__`."""
    wanted = {node.name: _methods(node) for node in ours.body if isinstance(node, ast.ClassDef)}
    for found in theirs.body:
        if not isinstance(found, ast.ClassDef) or found.name not in wanted or "__init__" not in _methods(found):
            continue
        inside = {node.name for node in _methods(found)["__init__"].body if isinstance(node, ast.FunctionDef)}
        inside &= wanted[found.name].keys() - _methods(found).keys()
        if not inside or "__init__" not in wanted[found.name]:
            continue
        for node in ours.body:
            if isinstance(node, ast.ClassDef) and node.name == found.name:
                moved = [wanted[node.name][name] for name in inside]
                node.body = [part for part in node.body if part not in moved]
                wanted[node.name]["__init__"].body += moved
        yield Mistake(
            "methods-inside-init",
            "Your other methods are indented one level too far: they stand inside `__init__`, as functions of its own that end "
            "with it, so your class does not have them. Move them to the left, level with `def __init__`.",
            ast.unparse(ours),
        )
        return


def _methods(node: ast.ClassDef) -> dict[str, ast.FunctionDef]:
    return {part.name: part for part in node.body if isinstance(part, ast.FunctionDef)}
