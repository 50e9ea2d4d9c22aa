"""Mistakes that can be made in every exercise: made from its solution, where the student's text shows them.

They are candidates like those of the catalogue: one is named only if it answers as the student's code does.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator

from rapidfuzz import fuzz, process

from autograder.answers import Mistake
from autograder.i18n import N_

ALIKE = 75  # of 100: two words of which one may be the other with a slip
MOST_CONSTANTS = 8


def derived(solution: str, answer: str) -> list[Mistake]:
    """The mistakes of any exercise that the text of an answer shows.

    Args:
        solution: the exercise's.
        answer: the student's.
    """
    try:
        theirs, ours = ast.parse(answer), ast.parse(solution)
    except SyntaxError:
        return []
    return [*_indented(theirs, ours), *_misspelt(theirs, ours), *_slips(theirs, ours), *_constants(theirs, ours)]


def _indented(theirs: ast.Module, ours: ast.Module) -> Iterator[Mistake]:
    """Methods that stand inside `__init__`."""
    for found in _classes(theirs):
        wanted = next((_methods(node) for node in _classes(ours) if node.name == found.name), {})
        if "__init__" not in wanted or "__init__" not in _methods(found):
            continue
        inside = {node.name for node in _methods(found)["__init__"].body if isinstance(node, ast.FunctionDef)}
        inside &= wanted.keys() - _methods(found).keys()
        if not inside:
            continue
        changed = copy.deepcopy(ours)
        for node in _classes(changed):
            if node.name == found.name:
                methods = _methods(node)
                node.body = [part for part in node.body if getattr(part, "name", "") not in inside]
                methods["__init__"].body += [methods[name] for name in sorted(inside)]
        yield Mistake(
            "methods-inside-init",
            N_(
                "Methods of your class are indented one level too far: they stand inside `__init__`, as functions that end with it, so "
                "the class does not have them. Move them to the left, level with `def __init__`."
            ),
            ast.unparse(changed),
        )


def _misspelt(theirs: ast.Module, ours: ast.Module) -> Iterator[Mistake]:
    """Attributes that are set under a name with a slip."""
    wanted = _set_attributes(ours)
    for name in sorted(_set_attributes(theirs) - wanted):
        near = process.extractOne(name, sorted(wanted), scorer=fuzz.ratio, score_cutoff=ALIKE)
        if near is None or any(isinstance(n, ast.Attribute) and n.attr == near[0] for n in ast.walk(theirs)):
            continue
        changed = copy.deepcopy(ours)
        for node in ast.walk(changed):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr == near[0]:
                node.attr = name
        yield Mistake(
            "attribute-misspelt",
            N_(
                "You set an attribute with a typo in its name: Python makes a new one and says nothing, and the "
                "one that is read keeps its old value."
            ),
            ast.unparse(changed),
        )


def _slips(theirs: ast.Module, ours: ast.Module) -> Iterator[Mistake]:
    """Fixed texts in which a word has a slip."""
    said, wanted = _words(theirs), _words(ours)
    slips = {}
    for word in sorted(said - wanted):
        near = process.extractOne(word, sorted(wanted - said), scorer=fuzz.ratio, score_cutoff=ALIKE)
        if near is not None:
            slips[near[0]] = word
    if not slips:
        return
    changed = copy.deepcopy(ours)
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, slips)) + r")\b")
    for node in _texts(changed):
        node.value = pattern.sub(lambda found: slips[found[0]], str(node.value))
    yield Mistake(
        "text-slip",
        N_(
            "A fixed text in your code is not the one that is asked for: there is a typo in it, a letter or an "
            "accent. Compare them letter by letter."
        ),
        ast.unparse(changed),
    )


def _constants(theirs: ast.Module, ours: ast.Module) -> Iterator[Mistake]:
    """Numbers where the solution reads an argument or the configuration, and the answer does not."""
    used = {node.id for node in ast.walk(theirs) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    keys = {
        str(node.value) for node in ast.walk(theirs) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    numbers = {
        node.value
        for node in ast.walk(theirs)
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
    }
    arguments = {
        arg.arg for node in ast.walk(ours) if isinstance(node, ast.arguments) for arg in node.args + node.kwonlyargs
    }
    read = {
        node.slice.value
        for node in ast.walk(ours)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)
    }
    settings = [("argument", name) for name in sorted(arguments - used - {"self", "cls"})]
    settings += [("key", key) for key in sorted(key for key in read if isinstance(key, str) and key not in keys)]
    for kind, name in settings:
        for number in sorted(numbers, key=lambda number: (number in (0, 1, 2), number))[:MOST_CONSTANTS]:
            changed = _WithConstant(kind, name, number).visit(copy.deepcopy(ours))
            yield Mistake(
                "constant-for-a-setting",
                N_(
                    "A number is written into your code where it should read one of its arguments, or the configuration."
                ),
                ast.unparse(changed),
            )


class _WithConstant(ast.NodeTransformer):
    def __init__(self, kind: str, name: str, number: float) -> None:
        self._kind, self._name, self._number = kind, name, number

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if self._kind == "argument" and node.id == self._name and isinstance(node.ctx, ast.Load):
            return ast.Constant(self._number)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if self._kind == "key" and isinstance(node.slice, ast.Constant) and node.slice.value == self._name:
            return ast.Constant(self._number)
        return self.generic_visit(node)


def _classes(tree: ast.Module) -> list[ast.ClassDef]:
    return [node for node in tree.body if isinstance(node, ast.ClassDef)]


def _methods(node: ast.ClassDef) -> dict[str, ast.FunctionDef]:
    return {part.name: part for part in node.body if isinstance(part, ast.FunctionDef)}


def _set_attributes(tree: ast.Module) -> set[str]:
    return {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}


def _texts(tree: ast.Module) -> list[ast.Constant]:
    """The strings that are no docstrings."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]


def _words(tree: ast.Module) -> set[str]:
    return {word for node in _texts(tree) for word in re.findall(r"\w{3,}", str(node.value))}
