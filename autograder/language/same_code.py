"""Where the code of two translations of a cell differs, by their syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from llmkit.cells import plain_python

_TITLES = ("title", "x_title", "y_title")
_DOCUMENTED = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Difference:
    """A place where two cells differ.

    Attributes:
        line: of the first cell, from 1; 0 where the cells differ as a whole.
        column: likewise, from 0, in bytes.
        what: "text" for another string, or an f-string with other words around the same fields; "code" for all else.
        first: what the first cell has there.
        second: what the second has.
        shown: whether it is a text that is printed, titles a figure, documents or is the message of an error, and nothing else.
    """

    line: int
    column: int
    what: str
    first: str
    second: str
    shown: bool = False


def differences(first: str, second: str) -> list[Difference]:
    """The differences of two code cells, in order; comments and the places of things are none.

    Args:
        first: source of a cell.
        second: source of another.
    """
    if _commands(first) != _commands(second):
        return [Difference(0, 0, "code", first, second)]
    try:
        trees = ast.parse(plain_python(first)), ast.parse(plain_python(second))
    except SyntaxError:
        return [] if first == second else [Difference(0, 0, "code", first, second)]
    return list(_unlike(*trees, _shown(trees[0])))


def _commands(source: str) -> list[str]:
    """The lines that only IPython understands."""
    return [
        line for line, plain in zip(source.split("\n"), plain_python(source).split("\n"), strict=True) if line != plain
    ]


def _unlike(one: ast.AST, two: ast.AST, shown: set[int]) -> Iterator[Difference]:
    if isinstance(one, ast.JoinedStr) and isinstance(two, ast.JoinedStr):
        if ast.dump(one) != ast.dump(two):
            yield _difference(one, two, "text" if _fields(one) == _fields(two) else "code", shown)
    elif isinstance(one, ast.Constant) and isinstance(two, ast.Constant):
        if (type(one.value), one.value) != (type(two.value), two.value):
            both = isinstance(one.value, str) and isinstance(two.value, str)
            yield _difference(one, two, "text" if both else "code", shown)
    elif type(one) is not type(two):
        yield _difference(one, two, "code", shown)
    else:
        for name in one._fields:
            mine, theirs = _listed(getattr(one, name, None)), _listed(getattr(two, name, None))
            if len(mine) != len(theirs):
                yield _difference(one, two, "code", shown)
            for left, right in zip(mine, theirs, strict=False):
                if isinstance(left, ast.AST) and isinstance(right, ast.AST):
                    yield from _unlike(left, right, shown)
                elif left != right:
                    yield _difference(one, two, "code", shown)


def _shown(tree: ast.Module) -> set[int]:
    """The expressions whose values go nowhere but to a reader, by the ids of their nodes."""
    found: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node) is not None:
            found.append(node.body[0].value)  # type: ignore[attr-defined]
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            found += node.exc.args
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            found += node.args
        elif isinstance(node, ast.keyword) and node.arg in _TITLES:
            found.append(node.value)
    for node in found:  # which grows
        if isinstance(node, ast.IfExp):
            found += [node.body, node.orelse]
    return {id(node) for node in found}


def _fields(text: ast.JoinedStr) -> list[str]:
    """What stands in the braces of an f-string."""
    return sorted(ast.dump(part) for part in text.values if isinstance(part, ast.FormattedValue))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _difference(one: ast.AST, two: ast.AST, what: str, shown: set[int]) -> Difference:
    line, column = getattr(one, "lineno", 0), getattr(one, "col_offset", 0)
    return Difference(line, column, what, _text(one), _text(two), what == "text" and id(one) in shown)


def _text(node: ast.AST) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)
