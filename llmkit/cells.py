"""What a cell of the course's notebooks is. Students' notebooks and the grader follow these rules and no others."""

from __future__ import annotations

import ast
import asyncio
import difflib
import inspect
import re
import warnings
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

SKIP = "skip-grading"  # tag of a cell that only shows something

_LOOKS_BOUND = re.compile(r"^(?:(?:async\s+)?def\s+|class\s+)?(\w+)(?=\s*[(:=])", re.MULTILINE)

# Cell magics whose body is Python that runs in the notebook.
_RUN_PYTHON = ("capture", "prun", "time", "timeit")


def role(cell: Mapping[str, Any]) -> str:
    """A cell's role for nbgrader, or "" for none.

    gap and test; manual, an answer in a cell of the course that a person marks; task, a question that is answered in cells of the
    student's own below it, and marked by a person, too; locked.
    """
    info = _about(cell)
    if info.get("solution"):
        return "manual" if info.get("grade") else "gap"
    if info.get("grade"):
        return "test"
    return "task" if info.get("task") else "locked" if info.get("locked") else ""


def grade_id(cell: Mapping[str, Any]) -> str:
    """Nbgrader's id of a cell; empty if it has none."""
    return str(_about(cell).get("grade_id") or "")


def only_shows(cell: Mapping[str, Any]) -> bool:
    """Whether a cell only shows something, so that it is not run while a notebook is graded."""
    return SKIP in (cell.get("metadata", {}).get("tags") or ())


def gaps_of_tests(cells: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Which gap each test belongs to: the one whose id starts the test's id (`causal-mask-test`), else the last gap before it.

    Args:
        cells: of one notebook, in order.

    Returns:
        The gap's id by the test's id. Tests of no gap are left out.
    """
    cells = list(cells)
    gaps = {grade_id(cell) for cell in cells if role(cell) == "gap"}
    owners: dict[str, str] = {}
    before = None
    for cell in cells:
        if role(cell) == "gap":
            before = grade_id(cell)
        elif role(cell) == "test":
            named = [gap for gap in gaps if grade_id(cell).startswith(f"{gap}-test")]
            owner = max(named, key=len, default=before)
            if owner is not None:
                owners[grade_id(cell)] = owner
    return owners


def plain_python(source: str) -> str:
    """A cell as plain Python: what only IPython understands (`%time`, `!pip`, `name?`) is blanked out; length and lines stay.

    IPython's own transformer decides, so that `(a` followed by a line `% b)` is arithmetic. A cell whose magic makes all of it
    something else (`%%bash`, `%%writefile`) comes out without code; as in Colab, a form's title and other comments may stand before.
    """
    lines = source.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip() and not line.startswith("#")), None)
    if first is not None and lines[first].startswith("%%"):
        if lines[first][2:].split()[:1] and lines[first][2:].split()[0] not in _RUN_PYTHON:
            return "\n".join(map(_blank, lines))
        lines[first] = _blank(lines[first])
    special = _special(lines)
    made = list(lines)
    for number in special:
        # A line that continues a command after a backslash does not begin a statement.
        follows = number - 1 in special and lines[number - 1].endswith("\\")
        made[number] = _blank(lines[number], "#" if follows else "0")
    return "\n".join(made)


def run_plain(source: str, filename: str, names: dict[str, Any]) -> None:
    """Runs a cell as plain Python (see `plain_python`), with `await` at its top level as in a notebook.

    Args:
        source: the cell.
        filename: what tracebacks call it.
        names: its namespace, which it fills.

    Raises:
        BaseException: whatever the cell raises.
    """
    code = compile(plain_python(source), filename, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    if code.co_flags & inspect.CO_COROUTINE:
        # A thread of its own, because a notebook's kernel is already running a loop in this one.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, eval(code, names)).result()
    else:
        exec(code, names)


def _special(lines: list[str]) -> set[int]:
    """Numbers of the lines that IPython's transformer rewrites."""
    if not any(sign in line for line in lines for sign in "%!?"):
        return set()
    from IPython.core.inputtransformer2 import TransformerManager

    ended = [line + "\n" for line in lines]
    try:
        changed = TransformerManager().do_token_transforms(list(ended))  # type: ignore[no-untyped-call]
    except SyntaxError:
        return set()
    matcher = difflib.SequenceMatcher(None, ended, changed, autojunk=False)
    return {number for kind, start, end, *_ in matcher.get_opcodes() if kind != "equal" for number in range(start, end)}


def _blank(line: str, first: str = "0") -> str:
    """A statement that does nothing, or a comment, of the same length at the same indentation."""
    code = line.strip()
    return line if not code else line.replace(code, first + "#" * (len(code) - 1), 1)


def _about(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    info = (cell.get("metadata") or {}).get("nbgrader")
    return info if isinstance(info, Mapping) else {}


def bound_names(code: str) -> set[str]:
    """All names that code binds at top level, imports and names inside `if`, `for`, `with` and `try` included."""
    return bound_by(statements(code))


def bound_by(body: Iterable[ast.stmt]) -> set[str]:
    """All names that statements bind, as `bound_names` means it."""
    found: set[str] = set()
    todo: list[ast.AST] = list(body)
    while todo:
        node = todo.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                found.add(node.id)
        elif not isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            todo += ast.iter_child_nodes(node)
    return found


def likely_names(code: str) -> set[str]:
    """All names that code binds at top level; where it is not Python, what looks like them."""
    return bound_names(code) or set(_LOOKS_BOUND.findall(code))


def statements(code: str) -> list[ast.stmt]:
    """The statements at the top level of a cell, at their own lines; none if it is not Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(plain_python(code)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
