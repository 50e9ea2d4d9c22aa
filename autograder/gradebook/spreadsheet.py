"""Tables for spreadsheets and learning platforms: no text of a student's becomes a formula, and numbers stay numbers."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

# Where a cell begins, also for a program that takes ; or a tab for the separator, as Excel does in Brazil. The last four signs are
# the full-width forms, which some programs take for the plain ones.
_FORMULA = re.compile("(^|[;\t\r\n])([ \"']*)(?=[=+@\t\r\uff1d\uff0b\uff0d\uff20-])")


def harmless(value: Any) -> Any:
    """A value for a cell: of a text that a spreadsheet would take for a formula, an apostrophe makes a text again.

    Args:
        value: a text, a number, or anything that the csv module writes; only texts are changed.
    """
    return _FORMULA.sub(r"\1'\2", value) if isinstance(value, str) else value


def number(value: float | None) -> int | float | str:
    """Points as a cell has them: at most two decimals, and none where it is whole; empty for None."""
    if value is None:
        return ""
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def write_table(stream: TextIO, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Writes a CSV table, every cell of it harmless.

    Args:
        stream: where to; opened with newline="".
        columns: the names of the columns, in order.
        rows: of each the values by column; numbers as numbers.
    """
    table = csv.writer(stream, lineterminator="\n")
    table.writerow([harmless(name) for name in columns])
    for row in rows:
        table.writerow([harmless(row[name]) for name in columns])
