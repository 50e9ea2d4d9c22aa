"""Names that are put together while code runs: what no reading of the code can follow."""

from __future__ import annotations

import ast
from collections.abc import Callable
from types import ModuleType

from llmkit.testing.bindings import resolved, step_of

# Functions that run a text, or import what a text says.
_BY_TEXT = ("exec", "eval", "compile", "__import__", "import_module")
_OF_NAMES = ("globals", "locals", "vars", "dir")
# Ways to everything that is loaded.
_ATTRIBUTES = ("__globals__", "__builtins__", "__subclasses__", "__getattribute__", "__loader__")
_MODULES = ("gc", "pickle", "marshal", "ctypes", "builtins", "inspect", "operator")


class Lookups:
    """Collects them from the nodes of a syntax tree, each given before its parts.

    Attributes:
        found: each way of looking up, as code has it.
    """

    def __init__(self) -> None:
        self.found: set[str] = set()
        self._explained: set[int] = set()

    def explain(self, node: ast.AST | None) -> None:
        """Marks a module that is only the way to a name which is written out."""
        if node is not None:
            self._explained.add(id(node))

    def look(self, node: ast.AST, paths_of: Callable[[ast.AST], list[str]]) -> None:
        """Looks at one node.

        Args:
            node: the node.
            paths_of: the dotted names that an expression can stand for.
        """
        base, _step = step_of(node)
        self.explain(base)
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
            self.explain(node.value)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            self.explain(node.value)
            # `vars(module)["name"]`
            self.explain(node.value.func if isinstance(node.value, ast.Call) else None)
        if isinstance(node, ast.Call):
            self._call(node, paths_of)
        elif isinstance(node, ast.Attribute):
            self._attribute(node, paths_of)
        read = isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load)
        if read and id(node) not in self._explained:
            for path in paths_of(node):
                if isinstance(resolved(path), ModuleType) or path.partition(".")[0] in _MODULES:
                    self.found.add(ast.unparse(node))
        if isinstance(node, ast.Name) and node.id == "__builtins__":
            self.found.add(node.id)

    def _call(self, node: ast.Call, paths_of: Callable[[ast.AST], list[str]]) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        written = bool(node.args) and isinstance(node.args[0], ast.Constant)
        # `model.eval()` and `re.compile(...)` are something else.
        meant = isinstance(node.func, ast.Name) or name == "import_module"
        if name in _BY_TEXT and meant and not written:
            self.found.add(f"{name}(...)")
        if name in _OF_NAMES and not node.args and isinstance(node.func, ast.Name):
            self.found.add(f"{name}()")
        if name == "getattr" and len(node.args) > 1 and not isinstance(node.args[1], ast.Constant):
            if any(isinstance(resolved(path), ModuleType) for path in paths_of(node.args[0])):
                self.found.add("getattr(...)")
            self.explain(node.args[0])

    def _attribute(self, node: ast.Attribute, paths_of: Callable[[ast.AST], list[str]]) -> None:
        everything = node.attr in _ATTRIBUTES or (node.attr == "modules" and "sys" in paths_of(node.value))
        of_a_module = node.attr == "__dict__" and any(isinstance(resolved(p), ModuleType) for p in paths_of(node.value))
        if (everything or of_a_module) and id(node) not in self._explained:
            self.found.add(node.attr)
