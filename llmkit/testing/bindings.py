"""What the names of a notebook can stand for, read from the text of its cells; nothing of them runs."""

from __future__ import annotations

import ast
import functools
import sys
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from llmkit.cells import plain_python

# Only of these it is looked up what a name means; of others the name is all that is known.
OURS = ("torch", "llmkit")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@functools.lru_cache(maxsize=512)
def parsed(source: str) -> ast.Module:
    """A cell as a tree; without statements where it is not Python, with or without the characters that nobody sees."""
    for text in (source, _visible(source)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(plain_python(text))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return ast.Module([], [])


def _visible(source: str) -> str:
    # The grader runs a cell without these, too.
    kinds = ((character, unicodedata.category(character)) for character in source)
    return "".join(
        " " if kind == "Zs" else character for character, kind in kinds if kind != "Cf" and character != "\0"
    )


@dataclass
class Meanings:
    """What a name can stand for.

    Attributes:
        paths: dotted names that were imported under it.
        nodes: functions, classes and values, each with what the names in it meant where it stands: `x = x` is about the older one.
    """

    paths: list[str] = field(default_factory=list)
    nodes: list[tuple[ast.AST, dict[str, Meanings]]] = field(default_factory=list)


class Scope:
    """The top level of a notebook after some cells. What may be bound either way is bound both ways; what is bound anew is forgotten.

    Args:
        cells: sources in order.
    """

    def __init__(self, cells: Sequence[str]) -> None:
        self.names: dict[str, Meanings] = {}
        self._read: dict[int, set[str]] = {}  # by the node that reads them
        for source in cells:
            for statement in parsed(source).body:
                self._add(statement, certain=True)

    def _bind(self, name: str, certain: bool, path: str = "", node: ast.AST | None = None) -> None:
        if node is not None and id(node) not in self._read:
            self._read[id(node)] = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
        read = self._read[id(node)] if node is not None else ()
        then = {one: self.names[one] for one in read if one in self.names}
        if certain:
            self.names[name] = Meanings()
        meanings = self.names.setdefault(name, Meanings())
        meanings.paths += [path] if path else []
        meanings.nodes += [(node, then)] if node is not None else []

    def _add(self, statement: ast.AST, certain: bool) -> None:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            for name, path in imported(statement):
                self._bind(name, certain, path)
        elif isinstance(statement, _DEFINED):
            self._bind(statement.name, certain, node=statement)
        elif isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                self._assign(target, statement.value, certain and not isinstance(statement, ast.AugAssign))
        elif isinstance(statement, ast.Expr):
            self._call(statement.value)
        else:
            # In a block: it may run or not.
            if isinstance(statement, (ast.For, ast.AsyncFor)):
                self._assign(statement.target, statement.iter, certain=False)
            for item in getattr(statement, "items", ()):
                self._assign(item.optional_vars, item.context_expr, certain=False)
            for walked in ast.walk(statement):
                if isinstance(walked, ast.NamedExpr):
                    self._assign(walked.target, walked.value, certain=False)
            for child in ast.iter_child_nodes(statement):
                if isinstance(child, (ast.stmt, ast.ExceptHandler, ast.match_case)):
                    self._add(child, certain=False)

    def _assign(self, target: ast.AST | None, value: ast.AST | None, certain: bool) -> None:
        if value is None:
            return
        if isinstance(target, ast.Name):
            self._bind(target.id, certain, node=value)
        elif isinstance(target, (ast.Attribute, ast.Subscript)):
            # `Class.method = ...` is a part of the class, and `globals()["name"] = ...` is the name.
            named = isinstance(target, ast.Subscript) and isinstance(target.value, ast.Call)
            root = _text(target.slice) if named and isinstance(target, ast.Subscript) else _root(target)
            if root:
                self._bind(root, certain=False, node=value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            values = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
            for place, one in enumerate(target.elts):
                fits = len(values) == len(target.elts)
                self._assign(one, values[place] if fits else value, certain)

    def _call(self, value: ast.AST) -> None:
        """`setattr(Class, "method", ...)` is a part of the class, too, and `exec("...")` is more of the cell."""
        for statement in run_as_code(value):
            self._add(statement, certain=False)
        if (
            isinstance(value, ast.Call)
            and isinstance(value.func, ast.Name)
            and value.func.id == "setattr"
            and value.args
        ):
            root = _root(value.args[0])
            if root is not None:
                self._bind(root, certain=False, node=value)


def imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """Each name that an import binds, with the dotted name of what it stands for."""
    for alias in node.names:
        if isinstance(node, ast.Import):
            yield (alias.asname, alias.name) if alias.asname else (alias.name.partition(".")[0],) * 2
        elif alias.name == "*":
            module = resolved(node.module or "")
            public = getattr(module, "__all__", None) or [name for name in dir(module) if not name.startswith("_")]
            yield from ((name, f"{node.module}.{name}") for name in public)
        else:
            yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def own_names(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> dict[str, list[str | ast.expr]]:
    """The names that a function binds itself, with the dotted names that it imports under them."""
    names: dict[str, list[str | ast.expr]] = {}
    everyone = node.args
    for arg in (*everyone.posonlyargs, *everyone.args, *everyone.kwonlyargs, everyone.vararg, everyone.kwarg):
        if arg is not None:
            names[arg.arg] = []
    todo: list[ast.AST] = list(node.body) if isinstance(node.body, list) else [node.body]
    elsewhere: set[str] = set()
    while todo:
        one = todo.pop()
        if isinstance(one, (ast.Import, ast.ImportFrom)):
            for name, path in imported(one):
                names.setdefault(name, []).append(path)
        elif isinstance(one, _DEFINED):
            names.setdefault(one.name, [])
            continue
        elif isinstance(one, ast.Lambda):
            continue
        elif isinstance(one, ast.Global):
            elsewhere.update(one.names)
        elif isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            names.setdefault(one.id, [])
        elif isinstance(one, ast.Assign):
            for target in one.targets:
                if isinstance(target, ast.Name) and isinstance(one.value, (ast.Name, ast.Attribute)):
                    names.setdefault(target.id, []).append(one.value)
        todo += ast.iter_child_nodes(one)
    return {name: paths for name, paths in names.items() if name not in elsewhere}


def children(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node that run: all but what only says of which type something is."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns"):
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, ast.AST):
                yield one


def step_of(node: ast.AST) -> tuple[ast.AST | None, str]:
    """`thing.name`, `getattr(thing, "name")`, `vars(thing)["name"]` and `thing.__dict__["name"]` as a thing and a name."""
    if isinstance(node, ast.Attribute):
        return node.value, node.attr
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "getattr"
        and len(node.args) >= 2
    ):
        return (node.args[0], _text(node.args[1])) if _text(node.args[1]) else (None, "")
    if isinstance(node, ast.Subscript) and _text(node.slice):
        inner = node.value
        if isinstance(inner, ast.Attribute) and inner.attr == "__dict__":
            return inner.value, _text(node.slice)
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "vars" and inner.args:
            return inner.args[0], _text(node.slice)
    return None, ""


def named_module(node: ast.AST) -> str:
    """The module that `import_module("a.b")`, `__import__("a.b")` or `sys.modules["a.b"]` stands for; empty for anything else."""
    if isinstance(node, ast.Call) and node.args:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called == "import_module" or (called == "__import__" and (len(node.args) > 3 or node.keywords)):
            return _text(node.args[0])
        if called == "__import__":
            return _text(node.args[0]).partition(".")[0]
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "modules":
        return _text(node.slice)
    return ""


def run_as_code(node: ast.AST) -> list[ast.AST]:
    """What `exec("...")` and `eval("...")` run."""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("exec", "eval")
        and node.args
    ):
        return list(parsed(_text(node.args[0])).body)
    return []


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _root(node: ast.AST) -> str | None:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def resolved(path: str) -> Any:
    """The thing of a dotted name in torch or llmkit, as far as it is loaded; None elsewhere, and where there is no such thing."""
    if path.split(".")[0] not in OURS:
        return None
    if path in sys.modules:
        return sys.modules[path]
    outer, _dot, name = path.rpartition(".")
    return getattr(resolved(outer), name, None) if outer else None
