"""Fingerprints of code: winnowing over syntax trees in which names, texts and layout do not count.

The method is of Schleimer, Wilkerson and Aiken, "Winnowing: Local Algorithms for Document Fingerprinting" (SIGMOD 2003), which MOSS uses:
of all hashes of GRAM tokens in a row, the smallest of each WINDOW is kept, so that whatever GRAM + WINDOW - 1 tokens two texts have in
common is found, and nothing shorter than GRAM. Here a token is a node of the syntax tree.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator

GRAM = 12  # nodes; what is shorter is everybody's
WINDOW = 6

_DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def fingerprints(body: list[ast.stmt]) -> frozenset[int]:
    """The fingerprints of a cell.

    Args:
        body: its statements at the top level. Each counts for itself: their order says nothing.

    Returns:
        Hashes of 64 bits; none where all is too short.
    """
    own = _bound(body)
    return frozenset().union(*(winnow(list(_tokens(node, own))) for node in body))


def winnow(tokens: list[str]) -> frozenset[int]:
    """The hashes that winnowing keeps of a row of tokens."""
    grams = (tokens[i : i + GRAM] for i in range(len(tokens) - GRAM + 1))
    hashes = [
        int.from_bytes(hashlib.blake2b("\0".join(gram).encode("utf-8", "replace"), digest_size=8).digest())
        for gram in grams
    ]
    return frozenset(min(hashes[i : i + WINDOW]) for i in range(max(1, len(hashes) - WINDOW + 1)) if hashes)


def _bound(body: Iterable[ast.stmt]) -> set[str]:
    """The names that code gives itself, which whoever copies it can change: not those of Python and the libraries."""
    names: set[str] = set()
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, _DEFINES):
                names.add(node.name)
            elif isinstance(node, ast.arg):
                names.add(node.arg)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
    return names


def _tokens(top: ast.AST, own: set[str]) -> Iterator[str]:
    """The nodes in order, each with what cannot be changed without changing what the code does."""
    left: list[ast.AST] = [top]  # not recursive: a tree may be as deep as a student likes
    while left:
        node = left.pop()
        yield _token(node, own)
        children = [
            child
            for name, value in ast.iter_fields(node)
            if name not in ("annotation", "returns", "type_params", "type_comment", "decorator_list")
            for child in (value if isinstance(value, list) else [value])
            if isinstance(child, ast.AST) and not isinstance(child, ast.expr_context)
        ]
        left += reversed([child for child in children if not _is_text(child)])


def _token(node: ast.AST, own: set[str]) -> str:
    kind = type(node).__name__
    if isinstance(node, ast.Name):
        return "name" if node.id in own else node.id
    if isinstance(node, ast.Attribute):
        return f"attribute {'' if node.attr in own else node.attr}"
    if isinstance(node, ast.Constant):
        if isinstance(node.value, (str, bytes)):
            return "text"
        # Python refuses to write out a number of thousands of digits.
        return hex(node.value) if type(node.value) is int else repr(node.value)
    if isinstance(node, ast.keyword):
        return f"keyword {node.arg}"
    if isinstance(node, ast.AnnAssign):
        return "Assign"
    return kind


def _is_text(node: ast.AST) -> bool:
    """A docstring, or a text that nothing is done with."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
