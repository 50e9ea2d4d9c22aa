"""Which strings of a code cell are texts: a rule, two marks for what no rule can know, and the search for a mark that is missing.

A string with a word and a space in it is a text and gets translated, any other is code and stays as it is; a line that ends with
`# translate` or `# keep` decides for its own strings. Students get the cells without these marks.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeGuard

from nbformat.notebooknode import NotebookNode

from llmkit.cells import plain_python, role

MARKS = {"# translate": True, "# keep": False}

_WORD = re.compile(r"[^\W\d_]{2}")
# One word as labels have it; "float32", "vocab_size", "NFC" and "ReLU" are none.
_LABEL = re.compile(r"\W*[A-Z]?[a-z]+(?:[-'’][a-z]+)*\W*")
_TITLES = ("title", "x_title", "y_title")
_LOOK_UPS = ("get", "pop", "setdefault", "index", "count")
_DOCUMENTED = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

Finding = tuple[str, str, str]


@dataclass(frozen=True)
class Literal:
    """A string of a code cell.

    Attributes:
        node: a string constant or an f-string.
        value: what it says, without what stands in the braces.
        mark: what its line says of it: a text (True), code (False), nothing (None).
    """

    node: ast.Constant | ast.JoinedStr
    value: str
    mark: bool | None

    @property
    def is_text(self) -> bool:
        """The rule."""
        return self._has_word and (" " in self.value if self.mark is None else self.mark)

    @property
    def is_open(self) -> bool:
        """Whether it is a single word without a mark: a label for readers as well as a name in code."""
        return self._has_word and self.mark is None and not self.is_text and bool(_LABEL.fullmatch(self.value))

    @property
    def _has_word(self) -> bool:
        return _WORD.search(self.value) is not None


class Code:
    """A code cell, parsed.

    Args:
        source: the cell's source; magics may stand in it.

    Raises:
        SyntaxError: it is not Python.

    Attributes:
        tree: its syntax tree.
        docstrings: its docstrings.
        literals: its other strings by the id of their node, in order; without those in the braces of f-strings.
        braced: the strings in braces, likewise.
    """

    def __init__(self, source: str) -> None:
        self.tree = ast.parse(plain_python(source))
        self._marks = {line: text for line, (_, text) in marks(source).items()}
        owners = (n for n in ast.walk(self.tree) if isinstance(n, _DOCUMENTED) and ast.get_docstring(n) is not None)
        self.docstrings: list[ast.Constant] = [owner.body[0].value for owner in owners]  # type: ignore[attr-defined]
        self.literals: dict[int, Literal] = {}
        self.braced: dict[int, Literal] = {}
        self._visit(self.tree, None)

    def _visit(self, node: ast.AST, line: int | None) -> None:
        if _is_string(node) and not any(node is docstring for docstring in self.docstrings):
            # What stands in braces has no line of its own before Python 3.12.
            mark = self._marks.get(line or node.end_lineno or 0)
            (self.literals if line is None else self.braced)[id(node)] = Literal(node, _value(node), mark)
        if isinstance(node, ast.JoinedStr):
            within = line or node.end_lineno
            for value in node.values:
                if isinstance(value, ast.FormattedValue):
                    self._visit(value.value, within)
            return
        for child in ast.iter_child_nodes(node):
            self._visit(child, line)


def marks(source: str) -> dict[int, tuple[int, bool]]:
    """The marks of a cell by their lines: where each begins, and whether the strings of that line are texts."""
    if not any(mark in source for mark in MARKS):
        return {}
    tokens = tokenize.generate_tokens(io.StringIO(plain_python(source)).readline)
    return {
        token.start[0]: (token.start[1], MARKS[token.string])
        for token in tokens
        if token.type == tokenize.COMMENT and token.string in MARKS
    }


def without_marks(source: str) -> str:
    """A code cell as students get it."""
    lines = source.split("\n")
    for number, (column, _) in marks(source).items():
        lines[number - 1] = lines[number - 1][:column].rstrip()
    return "\n".join(lines)


def findings(cells: Iterable[NotebookNode]) -> Iterator[Finding]:
    """What a notebook's code leaves to guessing, or what a translation would break.

    That is a word that is shown, without a mark; a text that code looks something up by, or that is a name elsewhere in the
    notebook; and a text where none can be replaced: in the braces of an f-string, or in pieces.

    Args:
        cells: the cells of a source notebook.

    Returns:
        The cell, what is wrong, and the remedy, of each.
    """
    texts: dict[str, str] = {}
    names: dict[str, str] = {}
    for cell in cells:
        if cell.cell_type != "code" or role(cell) == "test":
            continue  # a test knows what its gap defines, nothing else
        try:
            code = Code(cell.source)
        except (SyntaxError, tokenize.TokenError):
            continue  # not for us to tell
        where = cell.get("id", "")
        found = [one for one in [*code.literals.values(), *code.braced.values()] if isinstance(one.node, ast.Constant)]
        texts |= {literal.value: where for literal in found if literal.is_text}
        names |= {literal.value: where for literal in found if not literal.is_text}
        yield from ((where, what, remedy) for what, remedy in _of_cell(code, cell.source))
    for value in sorted(set(texts) & set(names)):
        what = f"{value[:40]!r} is a text here and a name in [{names[value]}]"
        yield texts[value], what, "give one of them another name, or both the same mark"


def _of_cell(code: Code, source: str) -> Iterator[tuple[str, str]]:
    for one in code.literals.values():
        segment = ast.get_source_segment(plain_python(source), one.node) or ""
        if one.is_text and not one_literal(segment):
            yield f"{one.value[:40]!r} is in pieces", "write a text as one string"
    for literal in _in_braces(code):
        what = f"{literal.value[:40]!r} stands in the braces of an f-string"
        yield what, "give it a name before, or end its line with # keep"
    every = code.literals | code.braced
    for literal in dict.fromkeys(every[id(node)] for node in _looked_up(code.tree) if id(node) in every):
        if literal.is_text:
            what = f"{literal.value[:40]!r} is a text, and something is looked up by it"
            yield what, "look it up by a name without a space, or keep it in a variable"
    for literal in dict.fromkeys(code.literals[id(node)] for node in _shown(code) if id(node) in code.literals):
        if literal.is_open:
            what = f"{literal.value!r} is shown, and nothing tells whether it is a text"
            yield what, "end its line with # translate or # keep"


def one_literal(segment: str) -> re.Match[str] | None:
    """Prefix, quotes and content of a string's source; None where it is written in several pieces."""
    return re.fullmatch(
        r'([fFrR]{0,2})("""|\'\'\'|"|\')((?:(?!\2)[^\\]|\\.)*)\2',
        segment,
        flags=re.S,
    )


def _is_string(node: ast.AST) -> TypeGuard[ast.Constant | ast.JoinedStr]:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _value(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    return str(node.value) if isinstance(node, ast.Constant) else ""


def _in_braces(code: Code) -> Iterator[Literal]:
    """Texts in braces, and words that an f-string may print as they are."""
    printed: set[int] = set()
    for node in ast.walk(code.tree):
        if isinstance(node, ast.FormattedValue):
            printed |= {id(value) for value in _choices(node.value)}
    for key, literal in code.braced.items():
        if literal.is_text or (literal.is_open and key in printed):
            yield literal


def _choices(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression may be: itself, or the branches of a conditional one."""
    if isinstance(node, ast.IfExp):
        yield from (*_choices(node.body), *_choices(node.orelse))
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _choices(value)
    else:
        yield node


def _looked_up(tree: ast.Module) -> Iterator[ast.expr]:
    """Strings that something is looked up by or compared with; to store under one is no look-up."""
    changed = {id(node.target) for node in ast.walk(tree) if isinstance(node, ast.AugAssign)}
    for node in ast.walk(tree):
        keys: list[ast.expr] = []
        if isinstance(node, ast.Subscript) and (not isinstance(node.ctx, ast.Store) or id(node) in changed):
            keys = [node.slice]
        elif isinstance(node, ast.Compare):
            keys = [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _LOOK_UPS:
            keys = node.args[:1]
        for key in keys:
            yield from key.elts if isinstance(key, (ast.Tuple, ast.List, ast.Set)) else [key]


def _shown(code: Code) -> Iterator[ast.expr]:
    """Strings in places where readers may see them."""

    def texts(nodes: Iterable[ast.expr | None]) -> bool:
        return any(id(node) in code.literals and code.literals[id(node)].is_text for node in nodes)

    labelled = {
        ast.unparse(node.value)
        for node in ast.walk(code.tree)
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and texts([node.slice])
    }
    made = [node for node in ast.walk(code.tree) if isinstance(node, ast.Assign)]
    dicts = {ast.unparse(node.targets[0]): keys for node in made if (keys := _keys(node.value))}
    for node in ast.walk(code.tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            yield from node.args if name == "print" else node.args[:1] if name == "band" else ()
            titles = [keyword.value for keyword in node.keywords if keyword.arg in _TITLES]
            yield from titles
            for shown in node.args if titles else ():
                yield from (key for key in getattr(shown, "keys", ()) if key)
                yield from getattr(shown, "elts", ())
        elif isinstance(node, ast.Assign):
            target = ast.unparse(node.targets[0])
            yield from _choices(node.value) if target == "title" or texts(_choices(node.value)) else ()
            if target in labelled and isinstance(node.value, ast.Dict):
                yield from (key for key in node.value.keys if key)
        elif isinstance(node, ast.Dict) and texts(node.keys):
            yield from (key for key in node.keys if key)
        elif isinstance(node, ast.List) and len(node.elts) > 1 and all(id(e) in code.literals for e in node.elts):
            yield from node.elts
        elif isinstance(node, (ast.For, ast.comprehension)) and (rows := _rows(node, dicts)):
            seen = isinstance(node, ast.For) and _first(node.target) in _printed(node)
            yield from rows if seen or texts(rows) else ()


def _rows(loop: ast.For | ast.comprehension, dicts: dict[str, list[ast.expr]]) -> list[ast.expr]:
    """What a loop's first variable goes through, where that is written out: in the loop, or as the keys of a dict before it."""
    over = loop.iter
    if isinstance(over, ast.Call) and ast.unparse(over.func) in ("zip", "enumerate") and over.args:
        over = over.args[0]
    if isinstance(over, (ast.Tuple, ast.List)):
        return [row.elts[0] if isinstance(row, ast.Tuple) and row.elts else row for row in over.elts]
    return dicts.get(ast.unparse(over).removesuffix(".items()"), [])


def _keys(made: ast.expr) -> list[ast.expr]:
    """The keys of a dict, as far as they are written out."""
    if isinstance(made, ast.Dict):
        return [key for key in made.keys if key]
    if isinstance(made, ast.DictComp) and ast.unparse(made.key) == _first(made.generators[0].target):
        return _rows(made.generators[0], {})
    return []


def _first(target: ast.expr) -> str:
    """Name of a loop's variable, or of the first of several."""
    target = target.elts[0] if isinstance(target, ast.Tuple) and target.elts else target
    return target.id if isinstance(target, ast.Name) else ""


def _printed(loop: ast.For) -> set[str]:
    """Names of variables that a loop prints or puts into titles, as they are."""
    shown: list[ast.expr] = []
    for node in ast.walk(loop):
        if isinstance(node, ast.Call):
            shown += node.args if isinstance(node.func, ast.Name) and node.func.id == "print" else []
            shown += [keyword.value for keyword in node.keywords if keyword.arg in _TITLES]
    for text in [*shown]:
        if isinstance(text, ast.JoinedStr):
            shown += [part.value for part in text.values if isinstance(part, ast.FormattedValue)]
    return {node.id for node in shown if isinstance(node, ast.Name)}
