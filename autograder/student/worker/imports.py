"""Imports in a student's cells that only fail because this is not the student's machine: Colab's module, and packages that are not here."""

from __future__ import annotations

import ast
import builtins
import sys
from typing import Any, NoReturn

from . import colab

_HOOK = "__imported_instead__"  # in builtins, so that it is not among the student's names


class Absent:
    """What a package that is not here would have given: it may be named, and fails when it is used.

    Args:
        package: the package.
    """

    def __init__(self, package: str) -> None:
        self.__dict__["_package"] = package

    def _fail(self, *args: Any, **kwargs: Any) -> NoReturn:
        package = self.__dict__["_package"]
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    # Annotations such as `Float[Tensor, "b d"]` and `Array | None` need no package.
    def __getitem__(self, key: Any) -> Any:
        return self

    def __or__(self, other: Any) -> Any:
        return self

    __ror__ = __or__
    __call__ = __iter__ = __len__ = __bool__ = __enter__ = __mro_entries__ = __setattr__ = _fail


class Imports(ast.NodeTransformer):
    """Rewrites the imports of a student's cell, for IPython.

    `google.colab` is replaced wherever it is imported; any other package that is not here, only at the top of the cell: inside a
    function the error comes when the function is called, which is soon enough. What stands in a `try` is left alone: there the
    student has said what to do without it.

    Args:
        tell: hears of each replacement.
    """

    def __init__(self, tell: colab.Tell) -> None:
        self._tell = tell
        self._colab = colab.make(tell)
        self._in_function = False
        setattr(builtins, _HOOK, self._instead)

    def visit_Module(self, node: ast.Module) -> ast.AST:
        return ast.fix_missing_locations(self.generic_visit(node))

    def visit_Try(self, node: ast.Try) -> ast.AST:
        guarded, node.body = (node.body, []) if node.handlers else ([], node.body)
        self.generic_visit(node)
        node.body = guarded or node.body
        return node

    def visit_FunctionDef(self, node: Any) -> ast.AST:
        before, self._in_function = self._in_function, True
        self.generic_visit(node)
        self._in_function = before
        return node

    visit_AsyncFunctionDef = visit_ClassDef = visit_FunctionDef

    def visit_Import(self, node: ast.Import) -> list[ast.stmt]:
        made: list[ast.stmt] = []
        for alias in node.names:
            # `import a.b` binds `a`, `import a.b as c` binds `a.b`.
            bound = alias.name if alias.asname else alias.name.partition(".")[0]
            made += self._replaced(node, ast.Import([alias]), alias.name, {alias.asname or bound: bound})
        return made

    def visit_ImportFrom(self, node: ast.ImportFrom) -> list[ast.stmt]:
        if node.level or not node.module:
            return [node]
        names = {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names if alias.name != "*"}
        module = "google.colab" if "google.colab" in names.values() else node.module
        return self._replaced(node, node, module, names)

    def _replaced(self, node: ast.stmt, single: ast.stmt, module: str, names: dict[str, str]) -> list[ast.stmt]:
        """One import as it should run.

        Args:
            node: the statement in the cell.
            single: the part of it that is meant.
            module: what it imports.
            names: what each name that it binds stands for.
        """
        for_colab = module.startswith("google.colab")
        if self._in_function and not for_colab:
            return [ast.copy_location(single, node)]
        instead: list[ast.stmt] = [
            ast.Assign(
                [ast.Name(name, ast.Store())],
                ast.Call(ast.Name(_HOOK, ast.Load()), [ast.Constant(module), ast.Constant(path)], []),
            )
            for name, path in names.items()
        ]
        if not for_colab:
            missing = ast.Name("ModuleNotFoundError", ast.Load())
            handler = ast.ExceptHandler(missing, None, instead or [ast.Pass()])
            instead = [ast.Try([single], [handler], [], [])]
        for part in (statement for one in instead for statement in ast.walk(one)):
            ast.copy_location(part, node)
        return instead

    def _instead(self, module: str, path: str) -> Any:
        if path == "google":
            return colab.google(self._colab)
        if module.startswith("google.colab"):
            found: Any = colab.google(self._colab)
            for part in path.split(".")[1:]:
                if not hasattr(found, part):
                    raise ImportError(f"cannot import name {part!r} from {module!r}", name=module)
                found = getattr(found, part)
            return found
        error = sys.exc_info()[1]
        root = module.partition(".")[0]
        if not isinstance(error, ModuleNotFoundError) or root in sys.modules or error.name != root:
            raise  # it was called where that was caught
        self._tell("package", root)
        return Absent(root)
