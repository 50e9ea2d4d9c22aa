"""Automatic mutants: the solution of an exercise with one small change, as a typing slip would make."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

Node = ast.AST

_COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
_SIGNS: dict[type[ast.AST], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.Is: "is", ast.IsNot: "is not",
    ast.In: "in", ast.NotIn: "not in", ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.BitAnd: "&", ast.BitOr: "|", ast.USub: "-", ast.Not: "not", ast.Invert: "~", ast.And: "and", ast.Or: "or",
}  # fmt: skip
_NOT_INSIDE = ("body", "orelse", "finalbody", "handlers", "annotation", "returns", "decorator_list")


@dataclass(frozen=True)
class Mutant:
    """A changed solution.

    Attributes:
        statement: the statement that was changed, as `ast.unparse` writes it; the first line of a compound one.
        kind: what was changed in it, such as "1 → 2" or "keyword bias dropped".
        nth: number among those with the same statement and kind, from 1.
        name: the statement before and after the change, for people.
        code: the whole cell.
    """

    statement: str
    kind: str
    nth: int
    name: str
    code: str


def mutants(solution: str) -> list[Mutant]:
    """All mutants of a solution cell; signatures, annotations and docstrings are left alone."""
    tree = ast.parse(solution)
    codes = {ast.unparse(tree)}
    same: Counter[tuple[str, str]] = Counter()
    names: Counter[str] = Counter()
    found = []
    for place, statement in enumerate(_statements(tree)):
        original = _head(statement)
        for number, (kind, _apply) in enumerate(_changes(statement)):
            changed = copy.deepcopy(tree)
            target = list(_statements(changed))[place]
            list(_changes(target))[number][1]()
            code = ast.unparse(ast.fix_missing_locations(changed))
            if code in codes:
                continue
            codes.add(code)
            name = f"{original} → {_head(target)}"
            same[original, kind] += 1
            names[name] += 1
            shown = name if names[name] == 1 else f"{name} ({names[name]})"
            found.append(Mutant(original, kind, same[original, kind], shown, code))
    return found


def _statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """The statements inside functions, outermost first; no docstrings."""
    for function in ast.walk(tree):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for statement in ast.walk(ast.Module(function.body, [])):
                if isinstance(statement, ast.stmt) and not _is_silent(statement):
                    yield statement


def _is_silent(statement: ast.stmt) -> bool:
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Raise)):
        return True
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _head(statement: ast.stmt) -> str:
    """A statement as text; the first line of a compound one."""
    text = ast.unparse(statement)
    return (
        text.splitlines()[0]
        if isinstance(statement, (ast.For, ast.While, ast.If, ast.With, ast.Try))
        else " ".join(text.split())
    )


def _changes(statement: ast.stmt) -> Iterator[tuple[str, Callable[[], None]]]:
    """The changes of one statement, not of those inside it: a description, and a function that applies it."""
    if isinstance(statement, (ast.AugAssign,)) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
    ):
        yield "removed", lambda: _empty(statement)
    if isinstance(statement, ast.AugAssign) and type(statement.op) in _ARITHMETIC:
        other = _ARITHMETIC[type(statement.op)]
        yield f"{_SIGNS[type(statement.op)]}= → {_SIGNS[other]}=", lambda: setattr(statement, "op", other())
    if isinstance(statement, (ast.If, ast.While)):
        yield "condition negated", lambda: setattr(statement, "test", ast.UnaryOp(ast.Not(), statement.test))
    for parent, name, index, node in _expressions(statement):
        for kind, new in _mutations(node):
            yield kind, partial(_put, parent, name, index, new)


def _empty(statement: ast.stmt) -> None:
    """Turns a statement into one that does nothing."""
    statement.__class__ = ast.Pass
    statement.__dict__.clear()


def _put(parent: Node, name: str, index: int | None, new: ast.AST) -> None:
    if index is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[index] = new


def _expressions(node: Node) -> Iterator[tuple[Node, str, int | None, ast.AST]]:
    """Every expression under a node with its place, except in annotations and in the bodies of compound statements."""
    for name, value in ast.iter_fields(node):
        if name in _NOT_INSIDE and not isinstance(node, (ast.IfExp, ast.Lambda)):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                yield node, name, index, child
                yield from _expressions(child)


def _mutations(node: ast.AST) -> list[tuple[str, ast.AST]]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARE:
        other = _COMPARE[type(node.ops[0])]
        return [(_turned(type(node.ops[0]), other), _with(node, ops=[other(), *node.ops[1:]]))]
    if isinstance(node, ast.BinOp):
        return _binary(node)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not, ast.Invert)):
        return [(f"{_SIGNS[type(node.op)]} dropped", node.operand)]
    if isinstance(node, ast.BoolOp):
        new = ast.Or if isinstance(node.op, ast.And) else ast.And
        return [(_turned(type(node.op), new), _with(node, op=new()))]
    if isinstance(node, ast.Constant):
        return [(f"{node.value!r} → {value!r}", ast.Constant(value)) for value in _values(node.value)]
    if isinstance(node, ast.Attribute) and node.attr in ("T", "mT"):
        return [(f".{node.attr} dropped", node.value)]
    return _call(node) if isinstance(node, ast.Call) else []


def _turned(old: type[ast.AST], new: type[ast.AST]) -> str:
    return f"{_SIGNS[old]} → {_SIGNS[new]}"


def _binary(node: ast.BinOp) -> list[tuple[str, ast.AST]]:
    if isinstance(node.op, ast.MatMult):
        return [("operands swapped", _with(node, left=node.right, right=node.left))]
    if type(node.op) not in _ARITHMETIC:
        return []
    other = _ARITHMETIC[type(node.op)]
    return [(_turned(type(node.op), other), _with(node, op=other()))]


def _values(value: object) -> list[bool] | list[int] | list[float]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    return [value * 2 or 1.0] if isinstance(value, float) and abs(value) < float("inf") else []


def _call(node: ast.Call) -> list[tuple[str, ast.AST]]:
    found: list[tuple[str, ast.AST]] = [
        (f"keyword {dropped.arg or '**'} dropped", _with(node, keywords=[k for k in node.keywords if k is not dropped]))
        for dropped in node.keywords
    ]
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    symmetric = called in ("transpose", "swapaxes", "max", "min")
    if len(node.args) >= 2 and not symmetric and not any(isinstance(arg, ast.Starred) for arg in node.args[:2]):
        swapped = _with(node, args=[node.args[1], node.args[0], *node.args[2:]])
        found.append(("first two arguments swapped", swapped))
    return found


def _with(node: ast.AST, **changes: object) -> ast.AST:
    made = copy.copy(node)
    for name, value in changes.items():
        setattr(made, name, value)
    return made
