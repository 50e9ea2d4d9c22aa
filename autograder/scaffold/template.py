"""Reads the templates: one Markdown file per language, in which a comment starts each part and says what it becomes."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

NAME = "my-exercise"  # placeholder in the templates for the exercise's own name
POINTS = 2  # what the template's test cell is worth
TAGS = {
    "locked": ["nbval-ignore-output"],
    "look": ["skip-grading", "nbval-ignore-output"],
    "submit": ["skip-grading", "skip-execution", "nbval-skip"],
}

_FOLDER = Path(__file__).parent
_PART = re.compile(r"<!-- (\w+)(?:: (\S+))? -->\n")


@dataclass(frozen=True)
class Part:
    """One part of a template.

    Attributes:
        kind: markdown, locked, gap, test, look or submit for a cell; answers, explanations (one paragraph per mistake), or labels
            (what a title calls a chapter, and an appendix).
        id: the cell's id.
        text: its text; for code, without the fence.
    """

    kind: str
    id: str
    text: str

    def cell(self) -> NotebookNode:
        """The notebook cell that it becomes."""
        if self.kind == "markdown":
            return nbformat.v4.new_markdown_cell(self.text, id=self.id)
        metadata: dict[str, Any] = {}
        if self.kind not in TAGS or self.kind == "locked":
            metadata["nbgrader"] = {
                "grade": self.kind == "test",
                "grade_id": self.id,
                "locked": self.kind != "gap",
                "schema_version": 3,
                "solution": self.kind == "gap",
                "task": False,
            } | ({"points": POINTS} if self.kind == "test" else {})
        tags = TAGS.get(self.kind)
        return nbformat.v4.new_code_cell(self.text, id=self.id, metadata=metadata | ({"tags": tags} if tags else {}))


def parts(template: str, language: str, name: str, words: Mapping[str, str]) -> list[Part]:
    """The parts of a template, filled in; none where there is no template in that language.

    Args:
        template: exercise or notebook.
        language: such as "pt-BR".
        name: the exercise's own name, such as "causal-mask".
        words: replacements for `@word@`.
    """
    path = _FOLDER / f"{template}.{language}.md"
    if not path.is_file():
        return []
    own = {NAME: name, NAME.replace("-", "_"): name.replace("-", "_")} | {f"@{word}@": words[word] for word in words}
    text = re.sub("|".join(map(re.escape, own)), lambda found: own[found.group()], path.read_text(encoding="utf-8"))
    _before, *pieces = _PART.split(text)
    return [
        Part(kind, id or "", _without_fence(piece.strip("\n")))
        for kind, id, piece in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True)
    ]


def names() -> set[str]:
    """Every name that the templates' code uses besides the exercise's own."""
    code = [part.text for part in parts("exercise", "en", NAME, {}) if part.kind in ("gap", "test", "look", "answers")]
    nodes = [node for text in code for node in ast.walk(ast.parse(text))]
    found = {node.id for node in nodes if isinstance(node, ast.Name)}
    found |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    found |= {node.name for node in nodes if isinstance(node, ast.alias)}
    return found - {NAME.replace("-", "_")}


def _without_fence(text: str) -> str:
    found = re.fullmatch(r"```python\n(.*)\n```", text, flags=re.S)
    return found.group(1) if found else text
