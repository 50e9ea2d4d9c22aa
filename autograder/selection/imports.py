"""Which of the project's own modules a piece of code needs, directly and through other modules, as far as its text tells.

Imports inside functions and under TYPE_CHECKING count. A name from a package's face (`__init__.pyi`) leads to the one module
that it comes from. What the text leaves open counts as the whole package: too much is run again rather than too little.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.util import resolve_name
from pathlib import PurePosixPath

ROOTS = ("autograder", "data", "llmkit")
EVERYTHING = "*"


@dataclass(frozen=True)
class Needs:
    """What code needs by itself.

    Attributes:
        modules: dotted names of modules and packages; a package means its `__init__.py`.
        names: names taken from a package's face, as (package, name).
        whole: packages of which anything may be used.
    """

    modules: set[str] = field(default_factory=set)
    names: set[tuple[str, str]] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)


def module_in(file: str) -> str:
    """The dotted name of the module that a file holds, from the project's folder."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


class Modules:
    """The project's modules.

    Args:
        files: paths of all files, relative to the project's folder.
        read: the content of one of them.
    """

    def __init__(self, files: Iterable[str], read: Callable[[str], bytes]) -> None:
        self._read = read
        self._file: dict[str, str] = {}
        self._faces: dict[str, str] = {}
        for file in files:
            path = PurePosixPath(file)
            if path.parts[0] not in ROOTS:
                continue
            if path.name == "__init__.pyi":
                self._faces[".".join(path.parent.parts)] = file
            elif path.suffix == ".py":
                parts = path.parent.parts if path.name == "__init__.py" else (*path.parent.parts, path.stem)
                self._file[".".join(parts)] = file
        self._packages = {module.rpartition(".")[0] for module in self._file} - {""}
        self._needs: dict[str, Needs] = {}
        self._face_entries: dict[str, dict[str, str] | None] = {}

    def file(self, module: str) -> str | None:
        """The file of a module; None where it is a folder without `__init__.py`."""
        return self._file.get(module)

    def has(self, module: str) -> bool:
        return module in self._file or module in self._packages

    def module_of(self, name: str) -> str:
        """The module that a dotted name stands for or, by the face of its package, is found in; empty where there is none."""
        if name in self._file:
            return name
        package, _, last = name.rpartition(".")
        return (self._face(package) or {}).get(last, package if package in self._file else "")

    def of_package(self, package: str) -> set[str]:
        """A package and all modules in it."""
        return {package, *(module for module in self._file if module.startswith(f"{package}."))}

    def closure(self, starts: Iterable[Needs]) -> tuple[set[str], dict[str, str]]:
        """Everything that code needs, directly and indirectly.

        Args:
            starts: what `needs` says of each piece of the code.

        Returns:
            Files, and what the faces among them say of the names that are used, by "file:name". A face of which anything may be
            used is among the files.
        """
        files: set[str] = set()
        entries: dict[str, str] = {}
        todo = list(starts)
        done: set[str] = set()
        while todo:
            needs = todo.pop()
            modules = set(needs.modules)
            for package in needs.whole:
                modules |= self.of_package(package)
                files.update(face for name, face in self._faces.items() if f"{name}.".startswith(f"{package}."))
            for package, name in needs.names:
                module = (self._face(package) or {})[name]
                entries[f"{self._faces[package]}:{name}"] = module
                modules.add(module)
            for module in list(modules):
                modules.update(".".join(module.split(".")[:end]) for end in range(1, module.count(".") + 1))
            for module in modules - done:
                done.add(module)
                if file := self.file(module):
                    files.add(file)
                    todo.append(self._of_module(module))
        return files, entries

    def needs(self, sources: Iterable[str], package: str = "") -> Needs:
        """What a piece of code needs by itself.

        Args:
            sources: plain Python that shares its names, such as the cells of a notebook; one that cannot be parsed tells nothing.
            package: the package that it stands in, for relative imports.
        """
        found = Needs()
        mentions = [_mentions(source) for source in sources]
        at_hand = set()  # packages that are names here
        for mention in mentions:
            for module, renamed in mention.imported:
                found.modules.add(module)
                if renamed:
                    self._whole(found, module)
                else:
                    at_hand.add(module.partition(".")[0])
            for relative, name in mention.taken:
                module = resolve_name(relative, package)
                if _is_ours(module):
                    self._taken(found, module, name)
            for text in mention.texts:  # a name for import_module
                if self.has(text):
                    self._whole(found, text)
        for mention in mentions:
            for root, *names in mention.used:
                if root in at_hand:
                    self._used(found, root, names)
        return found

    def _taken(self, found: Needs, module: str, name: str) -> None:
        """`from module import name`."""
        if self.has(f"{module}.{name}"):
            self._whole(found, f"{module}.{name}")
        elif name in (self._face(module) or {}):
            found.names.add((module, name))
        elif name == EVERYTHING or (module in self._faces and self._face(module) is None):
            self._whole(found, module)
        found.modules.add(module)

    def _used(self, found: Needs, module: str, names: list[str]) -> None:
        """`module.name.name`, or the package itself, with which anything may be done."""
        for name in names:
            if not self.has(f"{module}.{name}"):
                if name in (self._face(module) or {}):
                    found.names.add((module, name))
                elif not name.startswith("__"):
                    self._whole(found, module)
                return
            module = f"{module}.{name}"
        self._whole(found, module)

    def _whole(self, found: Needs, module: str) -> None:
        """An object of the module or package is at hand: anything in it may be used."""
        (found.whole if module in self._packages else found.modules).add(module)

    def _face(self, package: str) -> dict[str, str] | None:
        """Each name of a package's face with the module that it comes from; None without a face, or with one that is damaged."""
        if package not in self._face_entries:
            self._face_entries[package] = self._read_face(package)
        return self._face_entries[package]

    def _read_face(self, package: str) -> dict[str, str] | None:
        if package not in self._faces:
            return None
        try:
            tree = ast.parse(self._read(self._faces[package]))
        except (SyntaxError, ValueError):
            return None
        return {
            name.asname or name.name: f"{package}.{part.module}" if part.module else f"{package}.{name.name}"
            for part in tree.body
            if isinstance(part, ast.ImportFrom)
            for name in part.names
        }

    def _of_module(self, module: str) -> Needs:
        if module not in self._needs:
            file = self._file[module]
            package = module if file.endswith("/__init__.py") else module.rpartition(".")[0]
            self._needs[module] = self.needs([self._read(file).decode("utf-8", "replace")], package)
        return self._needs[module]


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in ROOTS


@dataclass(frozen=True)
class _Mentions:
    """What one piece of code says that may lead to modules.

    Attributes:
        imported: of `import`: the module, and whether it gets another name.
        taken: of `from ... import`: the module, with a dot for each level, and the name.
        used: names with their attributes, such as ("llmkit", "data", "text").
        texts: strings that may be names of modules.
    """

    imported: frozenset[tuple[str, bool]] = frozenset()
    taken: frozenset[tuple[str, str]] = frozenset()
    used: frozenset[tuple[str, ...]] = frozenset()
    texts: frozenset[str] = frozenset()


@cache  # many cells are the same in source and solutions, and in two languages
def _mentions(source: str) -> _Mentions:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return _Mentions()  # it fails when it is run, and is an input itself
    imported: set[tuple[str, bool]] = set()
    taken: set[tuple[str, str]] = set()
    used: set[tuple[str, ...]] = set()
    texts: set[str] = set()
    reached: set[int] = set()
    for node in ast.walk(tree):  # an attribute comes before what it is an attribute of
        if isinstance(node, ast.Import):
            imported.update((alias.name, alias.asname is not None) for alias in node.names if _is_ours(alias.name))
        elif isinstance(node, ast.ImportFrom):
            taken.update(("." * node.level + (node.module or ""), alias.name) for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if "." in node.value and _is_ours(node.value):
                texts.add(node.value)
        elif isinstance(node, (ast.Attribute, ast.Name)) and id(node) not in reached:
            chain = list(_chain(node))
            reached.update(id(part) for part, _ in chain)
            if chain[-1][1] in ROOTS:
                used.add(tuple(name for _, name in reversed(chain)))
    return _Mentions(frozenset(imported), frozenset(taken), frozenset(used), frozenset(texts))


def _chain(node: ast.expr) -> Iterator[tuple[ast.AST, str]]:
    """The names of `a.b.c` from the last to the first; what does not begin with a name has none at its beginning."""
    while isinstance(node, ast.Attribute):
        yield node, node.attr
        node = node.value
    yield node, node.id if isinstance(node, ast.Name) else ""
