"""Finds an answer that is somebody else's: code that leads to what `reserved` keeps for the student to write.

It reads the text of the cells and runs nothing of them, so that a notebook's own test and the grader come to the same result, and no
answer can talk its way out. Only code that an answer can reach counts: the functions and classes that the test uses, and what these use.
Whoever compares an answer with the library's, on lines of their own, has not used it. Names that are put together while code runs
are not seen.
"""

from __future__ import annotations

import ast
import functools
import importlib
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from types import ModuleType
from typing import Any

from llmkit.errors import GraderError
from llmkit.i18n import gettext as _
from llmkit.testing.bindings import (
    FUNCTIONS,
    OURS,
    Meanings,
    Scope,
    children,
    imported,
    named_module,
    own_names,
    parsed,
    resolved,
    run_as_code,
    step_of,
)
from llmkit.testing.lookups import Lookups
from llmkit.testing.reserved import RESERVED

_START = re.compile(r"\bstart\(\s*['\"]([a-z]+\d*/\w+)['\"]")
_DEPTH = 20  # names of names
_MOST_STEPS = 200_000  # a long answer takes some thousands
_TANGLED = "..."
# `llmkit.mine("ch04").GPTModel` is llmkit's where there is none of the student's.
_OWN_CODE = {"llmkit.mine", "llmkit.own_code.mine"}
_STAND_INS = ("llmkit.models", "llmkit.training")
_Local = list[dict[str, list[str | ast.expr]]]

_cells: ContextVar[tuple[Sequence[str], str] | None] = ContextVar("llmkit_cells_of_a_test", default=None)


class ReadyMade(GraderError):
    """An answer uses what it was to write. In a notebook the message stands alone, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@contextmanager
def after(cells: Sequence[str], test: str) -> Iterator[None]:
    """Says what has run when a test cell does not run in IPython, which remembers it by itself.

    Args:
        cells: sources of the cells before it, in order.
        test: source of the test cell.
    """
    token = _cells.set((cells, test))
    try:
        yield
    finally:
        _cells.reset(token)


def refuse() -> None:
    """Called by a test cell, before it looks at anything.

    Raises:
        ReadyMade: an answer that this cell tests uses something reserved; the text says what.
    """
    known = _cells.get() or _in_ipython()
    searches = _searches(*known) if known is not None else []
    found, looked_up = _used(searches), _lookups(searches)
    if found:
        raise ReadyMade(
            _(
                "Your answer uses {names}. This exercise asks you to write that yourself, so there are no points for it. "
                "Its text says what may be used."
            ).format(names=", ".join(f"`{name}`" for name in found))
        )
    if looked_up:
        raise ReadyMade(
            _(
                "Your answer looks names up while it runs ({ways}), so nobody can read what it uses. "
                "In this exercise write them out, such as `torch.exp`; then it is checked."
            ).format(ways=", ".join(f"`{way}`" for way in looked_up))
        )


def used(cells: Sequence[str], test: str) -> list[str]:
    """What answers use although it is reserved.

    Args:
        cells: sources of the cells that have run, in order; one of them calls `start`.
        test: source of the test cell.

    Returns:
        Names as `reserved` writes them, sorted; empty where all is fair.
    """
    return _used(_searches(cells, test))


def lookups(cells: Sequence[str], test: str) -> list[str]:
    """How answers to exercises that reserve something look up names while they run, which hides what they use; arguments as in `used`."""
    return _lookups(_searches(cells, test))


def _used(searches: list[_Search]) -> list[str]:
    return sorted({name for search in searches for name in search.found})


def _lookups(searches: list[_Search]) -> list[str]:
    return sorted({way for search in searches for way in search.lookups.found})


def _searches(cells: Sequence[str], test: str) -> list[_Search]:
    notebooks = dict.fromkeys(name for cell in cells for name in _START.findall(cell))
    wanted: dict[str, set[str]] = {}
    for notebook in notebooks:
        for name, reserved in RESERVED.get(notebook, {}).items():
            wanted.setdefault(name, set()).update(reserved)
    tested = [name for name in _names_in(test) if name in wanted]
    if not tested:
        return []
    scope = Scope(cells)
    return [_Search(scope, wanted[name], name) for name in tested]


def _in_ipython() -> tuple[list[str], str] | None:
    """The cells of this notebook so far, and the one that is running; None where there is no notebook."""
    if "IPython" not in sys.modules:
        return None
    shell = sys.modules["IPython"].get_ipython()
    inputs = shell.user_ns.get("In") if shell is not None else None
    if not isinstance(inputs, list) or not inputs:
        return None
    return [str(source) for source in inputs[:-1]], str(inputs[-1])


@functools.lru_cache(maxsize=64)
def _names_in(test: str) -> list[str]:
    """Names that a test cell reads, in order."""
    nodes = (node for node in ast.walk(parsed(test)) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))
    return list(dict.fromkeys(node.id for node in nodes))


class _TooManySteps(Exception):
    """Code is so tangled that following its names would take for ever, which nobody writes by accident."""


class _Search:
    """Walks through what an answer can reach.

    Args:
        scope: the notebook's names.
        reserved: what to look for.
        name: the answer's.

    Attributes:
        found: what of it the answer uses.
        lookups: how it looks up names, besides.
    """

    def __init__(self, scope: Scope, reserved: set[str], name: str) -> None:
        self._scope = scope
        self._attributes = {entry[2:]: entry for entry in reserved if entry.startswith("*.")}
        self._paths = sorted(entry for entry in reserved if not entry.startswith("*."))
        self._objects = {entry: _reserved(entry) for entry in self._paths}
        self._seen: set[int] = set()
        self.found: set[str] = set()
        self.lookups = Lookups()
        self._steps = 0
        try:
            self._follow(scope.names.get(name, Meanings()))
        except (_TooManySteps, RecursionError):
            self.lookups.found.add(_TANGLED)

    def _follow(self, meanings: Meanings) -> None:
        if id(meanings) in self._seen:
            return
        self._seen.add(id(meanings))
        for path in meanings.paths:
            self._judge(path)
        for node, then in meanings.nodes:
            self.lookups.explain(node)
            self._visit(node, [], then)

    def _judge(self, path: str) -> None:
        for entry in self._paths:
            if path == entry or path.startswith(entry + "."):
                self.found.add(entry)
        steps = path.split(".")
        if steps[0] not in OURS:
            return
        for end in range(2, len(steps) + 1):
            thing = resolved(".".join(steps[:end]))
            for entry, one in self._objects.items():
                if thing is not None and _is_or_is_in(thing, one):
                    self.found.add(entry)

    def _visit(self, node: ast.AST, local: _Local, then: dict[str, Meanings]) -> None:
        """Looks at code.

        Args:
            node: the code.
            local: for each function around it its own names, with the paths that are imported under them.
            then: what names meant where it stands; empty for what runs later, such as a function's body.
        """
        if isinstance(node, FUNCTIONS):
            own = [*local, own_names(node)]
            body = node.body if isinstance(node.body, list) else [node.body]
            for child in children(node):
                later = any(child is one for one in body)
                self._visit(child, own if later else local, {} if later else then)
            return
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for _name, path in imported(node):
                if isinstance(node, ast.ImportFrom):
                    self._judge(path)
            return
        for path in self._paths_of(node, local, then, _DEPTH):
            self._judge(path)
        self.lookups.look(node, lambda part: self._paths_of(part, local, then, _DEPTH))
        self._attribute(node)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and not any(node.id in one for one in local):
            self._follow(self._meanings(node.id, then))
        for code in run_as_code(node):
            self._visit(code, local, then)
        for child in children(node):
            self._visit(child, local, then)

    def _meanings(self, name: str, then: dict[str, Meanings]) -> Meanings:
        return then.get(name) or self._scope.names.get(name) or Meanings()

    def _attribute(self, node: ast.AST) -> None:
        name = ""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
        elif isinstance(node, ast.Assign) and not _is_false(node.value):
            name = next((t.attr for t in node.targets if isinstance(t, ast.Attribute)), "")
        elif isinstance(node, ast.keyword) and node.arg and not _is_false(node.value):
            name = node.arg
        if name in self._attributes:
            self.found.add(self._attributes[name])

    def _paths_of(self, node: ast.AST, local: _Local, then: dict[str, Meanings], depth: int) -> list[str]:
        """The dotted names that an expression can stand for."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise _TooManySteps
        if depth == 0:
            return []
        if isinstance(node, ast.Name):
            for table in reversed(local):
                if node.id in table:
                    return [path for one in table[node.id] for path in self._path_or_paths(one, local, then, depth)]
            meanings, found = self._meanings(node.id, then), []
            for value, before in meanings.nodes:
                found += self._paths_of(value, [], before, depth - 1) if isinstance(value, ast.expr) else []
            return meanings.paths + found
        base, step = step_of(node)
        if base is not None:
            return [f"{path}.{step}" for path in self._paths_of(base, local, then, depth - 1)]
        if isinstance(node, ast.Call) and set(self._paths_of(node.func, local, then, depth - 1)) & _OWN_CODE:
            return list(_STAND_INS)
        named = named_module(node)
        return [named] if named else []

    def _path_or_paths(self, one: str | ast.expr, local: _Local, then: dict[str, Meanings], depth: int) -> list[str]:
        return [one] if isinstance(one, str) else self._paths_of(one, local, then, depth - 1)


@functools.lru_cache(maxsize=512)
def _reserved(entry: str) -> Any:
    """The thing that an entry of the table means, loaded where it was not; None where it is in another library."""
    if entry.split(".")[0] not in OURS:
        return None
    try:
        return importlib.import_module(entry)
    except ImportError:
        outer, _dot, name = entry.rpartition(".")
        return getattr(_reserved(outer), name, None) if outer else None


def _is_or_is_in(thing: Any, reserved: Any) -> bool:
    """Whether a thing is reserved, or stands in a module that is."""
    if reserved is None:
        return False
    if thing is reserved:
        return True
    if isinstance(reserved, ModuleType):
        home = thing.__name__ if isinstance(thing, ModuleType) else getattr(thing, "__module__", None)
        return isinstance(home, str) and (home == reserved.__name__ or home.startswith(reserved.__name__ + "."))
    return False


def _is_false(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and not node.value
