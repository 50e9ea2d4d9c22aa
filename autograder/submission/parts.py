"""The part of a cell that answers one exercise, where a student has written several answers into one cell."""

from __future__ import annotations

import ast
import functools
from collections.abc import Set

from llmkit.cells import bound_by, statements


def part_for(code: str, wanted: Set[str], others: Set[str]) -> str:
    """The statements at the top level of a cell that define some names, with the helpers that they use.

    Args:
        code: the cell.
        wanted: the names.
        others: names that other cells answer for; a helper is none of these.

    Returns:
        The statements as they stand in the cell, comments above them included; empty if it is not Python or defines none of the names.
    """
    body = statements(code)
    chosen = {node for node in body if bound_by([node]) & wanted}
    while True:
        used = {name.id for node in chosen for name in ast.walk(node) if isinstance(name, ast.Name)}
        helpers = {
            node for node in body if node not in chosen and _makes(node) & used and not bound_by([node]) & others
        }
        if not helpers:
            break
        chosen |= helpers
    lines = code.split("\n")
    kept: set[int] = set()
    for node in chosen:
        first = min([node.lineno, *(part.lineno for part in getattr(node, "decorator_list", ()))])
        while first > 1 and lines[first - 2].startswith("#"):
            first -= 1
        kept.update(range(first, (node.end_lineno or first) + 1))
    parts: list[str] = []
    for number in sorted(kept):
        if number - 1 not in kept and parts:
            parts.append("\n")
        parts.append(lines[number - 1])
    return "\n".join(parts)


def really_defined(code: str, shown: str) -> set[str]:
    """The names that a cell binds otherwise than the empty gap does, which a copy of the gap does not.

    Args:
        code: the cell.
        shown: the empty gap.
    """
    stubs = {_plain(node) for node in statements(shown)}
    return {name for node in statements(code) if _plain(node) not in stubs for name in bound_by([node])}


def is_same_code(code: str, other: str) -> bool:
    """Whether two cells are the same Python, apart from comments, layout, docstrings and annotations."""
    left, right = _plain_code(code), _plain_code(other)
    return bool(left) and left == right


# The course's gaps and solutions come again with every submission.
@functools.lru_cache(maxsize=512)
def _plain_code(code: str) -> tuple[str, ...]:
    return tuple(map(_plain, statements(code)))


def _makes(node: ast.stmt) -> set[str]:
    """Names that a statement binds, or whose object it changes: `table["a"] = 1`, `names.append(x)`."""
    made = bound_by([node])
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return made
    for part in ast.walk(node):
        if isinstance(part, (ast.Attribute, ast.Subscript)) and isinstance(part.ctx, ast.Store):
            made |= _owner(part)
        elif isinstance(part, ast.Expr) and isinstance(part.value, ast.Call):
            made |= _owner(part.value.func)
    return made


def _owner(node: ast.expr) -> set[str]:
    """The name before the dots and brackets; none if there are none."""
    within = False
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node, within = node.value, True
    return {node.id} if within and isinstance(node, ast.Name) else set()


def _plain(node: ast.stmt) -> str:
    """A statement without docstrings and annotations, for comparison."""
    copy = ast.parse(ast.unparse(node))
    for part in ast.walk(copy):
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            first = part.body[0]
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                part.body = part.body[1:] or [ast.Pass()]
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
            part.returns = None
        if isinstance(part, ast.arg):
            part.annotation = None
    return ast.dump(copy)
