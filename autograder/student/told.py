"""What students are told about a cell that ran: why it failed, and what ran otherwise than on their own machine."""

from __future__ import annotations

from typing import Any

from autograder.i18n import gettext as _
from llmkit.cells import likely_names

# Worth a note even when the cell came to its end: it may explain what a later test says.
NOTED = ("input", "package", "changed", "characters")


def reason(error: dict[str, Any] | None, died: str | None) -> str:
    """Why a cell failed, with the line; empty if it came to its end.

    Args:
        error: the exception, as a session reports it.
        died: how the cell ended the process, or that it took too long.
    """
    if died is not None:
        return died
    if error is None:
        return ""
    if error["ename"] == "ModuleNotFoundError" and error["module"]:
        said = _(
            "`{module}` cannot be imported: it is not one of this course's packages, and no earlier cell writes it"
        ).format(module=error["module"])
    else:
        said = ": ".join(part for part in (error["ename"], error["evalue"]) if part and part != "None")
    line = error["at"]
    return said if line is None else _("{error} (line {number})").format(error=said, number=line)


def event(kind: str, what: str) -> str:
    """One of the worker's events as a sentence; empty for a kind that there is not."""
    what = " ".join(what.split())
    sentences = {
        "input": _("`input()` got an empty line, because there is nobody to type during grading."),
        "package": _(
            "`{what}` is not one of this course's packages: importing it does no harm, but code that uses it fails."
        ),
        "changed": _("The cell changed `{what}` for all code; it was put back before the tests."),
        "characters": _("Invisible characters that Python cannot read, such as null bytes, were removed."),
        "colab": _("Colab's `{what}` does nothing during grading."),
        "command": _("`{what}` was skipped: nothing is installed or downloaded during grading."),
        "figure": _(
            "An interactive figure stands here in your notebook. It came without a picture, so this page cannot show it."
        ),
        "magic": _("`%{what}` only works in a notebook and was skipped."),
    }
    return sentences.get(kind, "").format(what=what)


class FailedCells:
    """Which names are missing because of which cell."""

    def __init__(self) -> None:
        self._reasons: dict[str, str] = {}

    def note(self, source: str, why: str) -> None:
        """Takes down how a cell ended.

        Args:
            source: the cell.
            why: see `reason`.
        """
        if not (why or self._reasons):
            return
        for name in likely_names(source):
            if why:
                self._reasons[name] = why
            else:
                self._reasons.pop(name, None)

    def reason(self, name: str) -> str:
        """Why the last cell that should have defined a name failed; empty if it did not, or there is none."""
        return self._reasons.get(name, "")
