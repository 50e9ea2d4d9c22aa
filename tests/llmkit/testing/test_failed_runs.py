"""In a notebook, a test says when what it tests is missing or old because a cell failed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

CHECK = """from llmkit.testing import Checks, assert_equal

check = Checks(points=1)
with check("two becomes four"):
    assert_equal(double(2), 4)
check.report()"""
START = 'import llmkit\nllmkit.start("ch03/x", lang="{lang}")'


@pytest.fixture(scope="module")
def run() -> Any:
    """Runs cells in a kernel, as a student does, and returns what each printed."""

    def run(*cells: str, lang: str = "en") -> list[str]:
        cells = (START.format(lang=lang), *cells)
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        NotebookClient(
            notebook, kernel_name="python3", allow_errors=True, resources={"metadata": {"path": str(Path.cwd())}}
        ).execute()
        return ["".join(o.get("text", "") for o in cell.outputs) for cell in notebook.cells][1:]

    return run


def test_a_name_whose_cell_did_not_parse_is_told_with_the_error_and_its_line(run: Any) -> None:
    *_, told = run("def double(x):\n    return x +", CHECK)
    assert "`double` is not defined, because its cell failed: SyntaxError: invalid syntax (line 2)" in told


def test_a_name_whose_cell_raised_is_told_in_the_notebooks_language(run: Any) -> None:
    *_, told = run("1 / 0\ndef double(x):\n    return 2 * x", CHECK, lang="pt-BR")
    assert "ZeroDivisionError: division by zero (linha 1)" in told and "a célula" in told


def test_the_old_version_is_told_apart_until_the_cell_runs_again(run: Any) -> None:
    right, wrong = "def double(x):\n    return 2 * x", "def double(x)\n    return 2 * x"
    _, first, _, old, _, again = run(right, CHECK, wrong, CHECK, right, CHECK)
    assert "!" not in first and "All 1 checks pass." in first
    assert old.startswith("! The last run of the cell that defines `double` failed: SyntaxError") and "line 1" in old
    assert again == first


def test_what_failed_elsewhere_is_not_told(run: Any) -> None:
    *_, told = run("def double(x):\n    return 2 * x", "other = 1 / 0", CHECK)
    assert "!" not in told and "All 1 checks pass." in told
