"""What a student is told about the file: what was repaired, and why something could not be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.errors import UnreadableNotebook
from autograder.i18n import gettext as _


@dataclass(frozen=True)
class Note:
    """Something about a submission that was repaired or refused, for the student.

    Attributes:
        kind: short name of what was done.
        cell: name of the cell it is about; None for the file.
        template: English message with fields, marked by `N_`; the msgid of its translations.
        values: values of the fields; a note among them is translated, too.
    """

    kind: str
    cell: str | None
    template: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """The message in the language in use."""
        return _(self.template).format(cell=self.cell, **self.values)


class Refused(UnreadableNotebook):
    """A submitted file that is not a readable notebook.

    Args:
        where: the file.
        problem: template of what is wrong with it.
        remedy: template of what to do.
        values: the fields of both.

    Attributes:
        where: the file.
        why: what is wrong, for the student.
        what_to_do: the remedy, for the student.
    """

    def __init__(self, where: str, problem: str, remedy: str, **values: Any) -> None:
        super().__init__(f"{where}: {problem.format(**values)}", remedy.format(**values))
        self.where = where
        self.why, self.what_to_do = Note("why", None, problem, values), Note("remedy", None, remedy, values)

    def at(self, where: str) -> Refused:
        """The same about a file under another name."""
        return Refused(where, self.why.template, self.what_to_do.template, **self.why.values)


def notes_of(notebook: NotebookNode) -> list[str]:
    """What was repaired in a notebook that `prepare` made, and what was noticed when it was graded, for the student."""
    return list(notebook.metadata.get("autograder", {}).get("notes", []))


def add_notes(notebook: NotebookNode, notes: Iterable[str]) -> None:
    """Adds what was found out later to the notes of a notebook, each once."""
    known = notes_of(notebook)
    notebook.metadata.setdefault("autograder", {})["notes"] = list(dict.fromkeys([*known, *notes]))


def refusal_of(notebook: NotebookNode) -> str:
    """Why nothing of a notebook that `prepare` made is graded, for the student; empty where it is."""
    return str(notebook.metadata.get("autograder", {}).get("refused", ""))
