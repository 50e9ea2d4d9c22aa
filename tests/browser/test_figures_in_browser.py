"""Figures in JupyterLab: no white box in a dark theme, and nothing moves when plotly takes the place of the picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from gallery import FIGURES
from laboratory import Student, jupyterlab
from nbformat.v4 import new_code_cell, new_notebook, new_output

pytestmark = [pytest.mark.browser, pytest.mark.slow]
INPUTS = ("tools/student_lab.py",)  # what is opened here, besides what this file imports; see `autograder.selection`
SHOWN = ("attention", "losses", "confusion", "film")
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a notebook that has been run: one figure in each cell."""
    monkeypatch.setenv("PLOTLY_RENDERER", "plotly_mimetype")
    outputs = [new_output("display_data", FIGURES[name]()._repr_mimebundle_()) for name in SHOWN]
    cells = [new_code_cell(name, outputs=[one]) for name, one in zip(SHOWN, outputs, strict=True)]
    nbformat.write(new_notebook(cells=cells, metadata=KERNEL), tmp_path / "figures.ipynb")
    return tmp_path


def test_figures_have_the_colour_of_the_page_and_keep_their_size(window: Any, folder: Path) -> None:
    with jupyterlab(folder) as address:
        student = Student(window(1366, 1000).new_page(), address)
        student.open("figures.ipynb")
        student.theme("Dark")
        for number in range(len(SHOWN)):
            cell = student.page.locator(f".jp-CodeCell[data-windowed-list-index='{number}']")
            cell.scroll_into_view_if_needed()
            picture = cell.locator("img.plot-img")
            picture.wait_for()
            before, room = picture.bounding_box(), cell.locator(".jp-OutputArea-output").bounding_box()
            picture.dispatch_event("mouseenter")  # as when the pointer comes in
            drawn = cell.locator(".plot-container .main-svg").first
            drawn.wait_for()
            after = drawn.bounding_box()
            assert before and room and after
            assert (after["width"], after["height"]) == (before["width"], before["height"])
            assert before["width"] <= room["width"] and before["height"] == pytest.approx(room["height"], abs=2)
            background = drawn.evaluate("one => getComputedStyle(one).backgroundColor")
            assert background in ("rgba(0, 0, 0, 0)", "rgba(118, 118, 118, 0)")
