"""What a cell contains: the regions that students must not see, and the names that its code defines and uses. See llmkit.cells."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator
from typing import Literal

from llmkit.cells import statements

ONLY_STUDENTS = "skip-execution"  # nbclient's tag of a cell that only a student runs
BEGIN_SCHEME, END_SCHEME = "=== BEGIN MARK SCHEME ===", "=== END MARK SCHEME ==="  # as nbgrader writes them

Region = Literal["visible", "marker", "solution", "hidden", "scheme"]

_BEGIN: dict[str, Region] = {
    "BEGIN SOLUTION": "solution",
    "BEGIN HIDDEN TESTS": "hidden",
    "BEGIN MARK SCHEME": "scheme",
}
_END = {"solution": "END SOLUTION", "hidden": "END HIDDEN TESTS", "scheme": "END MARK SCHEME"}


def split_regions(source: str) -> list[tuple[str, Region]]:
    """Each line of a cell with the region it is in, by nbgrader's own rules.

    Args:
        source: source of a cell.

    Raises:
        ValueError: a region is opened inside another, closed without being open, or never closed.
    """
    lines: list[tuple[str, Region]] = []
    region: Region = "visible"
    for line in source.split("\n"):
        opened = next((name for text, name in _BEGIN.items() if text in line), None)
        closed = next((name for name, text in _END.items() if text in line), None)
        if opened:
            if region != "visible":
                raise ValueError(f"a {opened} region begins inside a {region} region")
            region = opened
            lines.append((line, "marker"))
        elif closed:
            if region != closed:
                raise ValueError(f"{_END[closed]} without its beginning")
            region = "visible"
            lines.append((line, "marker"))
        else:
            lines.append((line, region))
    if region != "visible":
        raise ValueError(f"no {_END[region]} found")
    return lines


def region_lines(source: str, region: Region) -> list[str]:
    """The lines of a cell in one kind of region."""
    return [line for line, where in split_regions(source) if where == region]


def visible_part(source: str) -> str:
    """A cell without hidden tests, mark scheme and markers: a test or question as students see it, a gap as the solutions show it."""
    return "\n".join(line for line, where in split_regions(source) if where in ("visible", "solution"))


def solved_part(source: str) -> str:
    """A cell as the solutions show it: without hidden tests and markers; of a question also how it is marked, with a full answer."""
    return "\n".join(line for line, where in split_regions(source) if where in ("visible", "solution", "scheme"))


def free_names(code: str) -> set[str]:
    """Names that code uses but neither defines nor imports, except builtins.

    Args:
        code: plain Python, such as a test cell.

    Raises:
        SyntaxError: the code is not Python.
    """
    module = symtable.symtable(code, "<cell>", "exec")
    defined, used = set(), set()
    for table in _tables(module):
        for symbol in table.get_symbols():
            if table is module or symbol.is_global():
                if symbol.is_assigned() or symbol.is_imported() or (table is module and symbol.is_namespace()):
                    defined.add(symbol.get_name())
                if symbol.is_referenced():
                    used.add(symbol.get_name())
    return used - defined - set(dir(builtins)) - {"__name__", "__file__"}


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def defined_names(code: str) -> tuple[str, ...]:
    """Functions and classes that code defines at top level, then variables, each in order; empty if it is not Python."""
    body = statements(code)
    targets = [t for n in body if isinstance(n, ast.Assign) for t in n.targets]
    targets += [n.target for n in body if isinstance(n, ast.AnnAssign)]
    variables = [name.id for t in targets for name in ast.walk(t) if isinstance(name, ast.Name)]
    return tuple(dict.fromkeys([*definitions(code), *variables]))


def definitions(code: str) -> tuple[str, ...]:
    """Functions and classes that code defines at top level, in order; empty if it is not Python."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return tuple(dict.fromkeys(node.name for node in statements(code) if isinstance(node, kinds)))
