"""Tables of the course's texts are tables: a bar inside a cell, also inside code, would end the cell."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]


def columns(row: str) -> int:
    """Cells of a row, as GitHub and JupyterLab count them."""
    return len(re.findall(r"(?<!\\)\|", row.strip().strip("|"))) + 1


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_each_row_of_a_table_has_as_many_cells_as_its_head(language: str) -> None:
    tables = 0
    for path in sorted((ROOT / "release" / language).glob("*/*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            lines = (
                re.sub(r"```.*?```", "", cell.source, flags=re.DOTALL).split("\n")
                if cell.cell_type == "markdown"
                else []
            )
            for is_table, rows in groupby(lines, key=lambda line: line.startswith("|")):
                if is_table:
                    counts = {columns(row) for row in rows}
                    tables += 1
                    assert len(counts) == 1, f"{path.name}: {cell.id}: {counts}"
    assert tables > 100
