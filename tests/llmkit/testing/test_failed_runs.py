"""In a notebook, a test says when what it tests is missing or old because a cell failed."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.utils import determine_grade

CHECK = """from llmkit.testing import Checks, assert_equal

check = Checks(points=1)
with check("two becomes four"):
    assert_equal(double(2), 4)
check.report()"""
START = 'import llmkit\nllmkit.start("ch03/x", lang="{lang}")'


def shown(output: Any) -> str:
    html = output.get("data", {}).get("text/html", "")
    return output.get("text", "") + unescape(re.sub("<[^>]*>", "", html))


@pytest.fixture(scope="module")
def run() -> Any:
    """Runs cells in a kernel, as a student does, and returns what each shows, as text."""

    def run(*cells: str, lang: str = "en") -> list[str]:
        cells = (START.format(lang=lang), *cells)
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        NotebookClient(
            notebook, kernel_name="python3", allow_errors=True, resources={"metadata": {"path": str(Path.cwd())}}
        ).execute()
        return ["".join(map(shown, cell.outputs)) for cell in notebook.cells][1:]

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
    assert "⚠" not in first and first.startswith("All 1 checks pass.")
    assert "⚠ The last run of the cell that defines double failed: SyntaxError" in old and "line 1" in old
    assert again == first


def test_the_old_version_is_told_apart_in_portuguese_too(run: Any) -> None:
    *_, old = run("def double(x):\n    return 2 * x", "def double(x)\n    return 2 * x", CHECK, lang="pt-BR")
    assert "⚠ Na última execução, a célula que define double deu erro: SyntaxError" in old and "versão anterior" in old


def test_one_output_is_a_table_for_people_and_the_points_for_nbgrader() -> None:
    cells = [nbformat.v4.new_code_cell(source) for source in (START.format(lang="en"), "double = abs", CHECK)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="python3").execute()
    cell = notebook.cells[2]
    (output,) = cell.outputs
    assert output["output_type"] == "execute_result" and output["data"]["text/plain"] == "0.0"
    assert "0 of 1 checks pass. 0 of 1 points." in shown(output)
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "points": 1}
    assert determine_grade(cell) == (0, 1), "nbgrader's own reader of marks"


def test_what_failed_elsewhere_is_not_told(run: Any) -> None:
    *_, told = run("def double(x):\n    return 2 * x", "other = 1 / 0", CHECK)
    assert "⚠" not in told and told.startswith("All 1 checks pass.")
