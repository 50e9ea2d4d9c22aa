"""Automatic mutants: the solution of an exercise with one small thing changed, as a slip of the finger would."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

Node = ast.AST
Change = Callable[[ast.AST], list[ast.AST]]

_COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
_NOT_INSIDE = ("body", "orelse", "finalbody", "handlers", "annotation", "returns", "decorator_list")


@dataclass(frozen=True)
class Mutant:
    """A changed solution.

    Attributes:
        name: the statement before and after the change, which is the mutant's name also when lines move.
        code: the whole cell.
    """

    name: str
    code: str


def mutants(solution: str) -> list[Mutant]:
    """All mutants of a solution cell; signatures, annotations and docstrings are left alone."""
    tree = ast.parse(solution)
    found: dict[str, Mutant] = {}
    for place, statement in enumerate(_statements(tree)):
        original = _head(statement)
        for number in range(len(list(_changes(statement)))):
            changed = copy.deepcopy(tree)
            target = list(_statements(changed))[place]
            apply = list(_changes(target))[number]
            apply()
            name = f"{original} → {_head(target)}"
            code = ast.unparse(ast.fix_missing_locations(changed))
            if code != ast.unparse(tree):
                found.setdefault(code, Mutant(name, code))
    return _distinct(list(found.values()))


def equivalents(chapter: str) -> dict[tuple[str, str], str]:
    """Mutants that behave as the solution does, by exercise and name, each with the reason; empty where none are listed."""
    name = f"autograder.equivalents.{chapter}"
    try:
        return dict(import_module(name).EQUIVALENT)
    except ModuleNotFoundError as error:
        if error.name in (name, "autograder.equivalents"):
            return {}
        raise


def _distinct(found: list[Mutant]) -> list[Mutant]:
    """Names made unique by counting."""
    seen: dict[str, int] = {}
    result = []
    for mutant in found:
        seen[mutant.name] = count = seen.get(mutant.name, 0) + 1
        result.append(mutant if count == 1 else Mutant(f"{mutant.name} ({count})", mutant.code))
    return result


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
    """A statement as text; of a compound one the first line."""
    text = ast.unparse(statement)
    return (
        text.splitlines()[0]
        if isinstance(statement, (ast.For, ast.While, ast.If, ast.With, ast.Try))
        else " ".join(text.split())
    )


def _changes(statement: ast.stmt) -> Iterator[Callable[[], None]]:
    """The changes of one statement, not of those inside it."""
    if isinstance(statement, (ast.AugAssign,)) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
    ):
        yield lambda: _empty(statement)
    if isinstance(statement, ast.AugAssign) and type(statement.op) in _ARITHMETIC:
        yield lambda: setattr(statement, "op", _ARITHMETIC[type(statement.op)]())
    if isinstance(statement, (ast.If, ast.While)):
        yield lambda: setattr(statement, "test", ast.UnaryOp(ast.Not(), statement.test))
    for parent, name, index, node in _expressions(statement):
        for new in _mutations(node):
            yield lambda parent=parent, name=name, index=index, new=new: _put(parent, name, index, new)  # type: ignore[misc]


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
    """Every expression under a node with its place, without the bodies of compound statements and without annotations."""
    for name, value in ast.iter_fields(node):
        if name in _NOT_INSIDE and not isinstance(node, (ast.IfExp, ast.Lambda)):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                yield node, name, index, child
                yield from _expressions(child)


def _mutations(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARE:
        return [_with(node, ops=[_COMPARE[type(node.ops[0])](), *node.ops[1:]])]
    if isinstance(node, ast.BinOp):
        return _binary(node)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not, ast.Invert)):
        return [node.operand]
    if isinstance(node, ast.BoolOp):
        return [_with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())]
    if isinstance(node, ast.Constant):
        return _constant(node)
    if isinstance(node, ast.Attribute) and node.attr in ("T", "mT"):
        return [node.value]
    return _call(node) if isinstance(node, ast.Call) else []


def _binary(node: ast.BinOp) -> list[ast.AST]:
    if isinstance(node.op, ast.MatMult):
        return [_with(node, left=node.right, right=node.left)]
    return [_with(node, op=_ARITHMETIC[type(node.op)]())] if type(node.op) in _ARITHMETIC else []


def _constant(node: ast.Constant) -> list[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        return [ast.Constant(not value)]
    if isinstance(value, int):
        return [ast.Constant(value + 1), ast.Constant(value - 1)]
    return [ast.Constant(value * 2 or 1.0)] if isinstance(value, float) and abs(value) < float("inf") else []


def _call(node: ast.Call) -> list[ast.AST]:
    found: list[ast.AST] = [
        _with(node, keywords=[other for other in node.keywords if other is not keyword]) for keyword in node.keywords
    ]
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    symmetric = called in ("transpose", "swapaxes", "max", "min")
    if len(node.args) >= 2 and not symmetric and not any(isinstance(arg, ast.Starred) for arg in node.args[:2]):
        found.append(_with(node, args=[node.args[1], node.args[0], *node.args[2:]]))
    return found


def _with(node: ast.AST, **changes: object) -> ast.AST:
    made = copy.copy(node)
    for name, value in changes.items():
        setattr(made, name, value)
    return made
