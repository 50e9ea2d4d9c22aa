"""JupyterLab as a student gets it: the start page, how far they are, a wrong answer, the course's solution; no panel for who teaches."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from laboratory import CHAPTER, LANGUAGE, NAME, NOTEBOOK, Student, copy_course, jupyterlab

from llmkit import passed

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# What is opened here, besides what this file imports; see `autograder.selection`.
INPUTS = (
    "release/en/00_start.ipynb", "release/en/ch03/03_causal_attention.ipynb", "solutions/en/ch03/03_causal_attention.ipynb",
    "tools/student_lab.py", "autograder/gradebook/exchange.py", "llmkit/comparison.py", "llmkit/overview.py",
)  # fmt: skip
GAP, TEST = "def causal_mask(", "check.report()"
WRONG = "def causal_mask(length):\n    # <b>mine</b>\n    return torch.ones(length, length).tril()"
RIGHT = WRONG.replace("tril()", "triu(1) > 0")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    copy_course(folder, until="causal-mask-test")
    return folder


@pytest.fixture(scope="module")
def student(window: Any, course: Path) -> Iterator[Student]:
    with jupyterlab(course) as address:
        yield Student(window(1366, 768).new_page(), address)


def test_no_panel_is_for_who_teaches(student: Student) -> None:
    student.open(f"release/{LANGUAGE}/00_start.ipynb")
    menus = student.page.locator("#jp-MainMenu .lm-MenuBar-itemLabel").all_inner_texts()
    assert "Kernel" in menus and "Nbgrader" not in menus
    tabs = student.page.locator(".jp-SideBar .lm-TabBar-tab").evaluate_all("all => all.map(one => one.title)")
    assert any("File Browser" in tab for tab in tabs) and not any("Assignment" in tab for tab in tabs)
    assert student.page.locator(".jp-Notification-Toast, .Toastify__toast").count() == 0  # no question about news


def test_the_start_page_leads_to_a_notebook(student: Student) -> None:
    student.open(f"release/{LANGUAGE}/00_start.ipynb")
    outputs = student.run("llmkit.progress()")
    assert "Chapter 3" in outputs.inner_text() and "0 of 11 exercises" in outputs.inner_text()
    student.page.locator(f'.jp-MarkdownCell a[href*="{NAME}"]').first.click()
    student.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) h1", has_text="Causal attention").wait_for()


def test_a_wrong_answer_and_then_the_solution(student: Student, course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    student.open(NOTEBOOK)
    student.run("llmkit.start(")
    student.write(GAP, WRONG)
    student.run(GAP)
    assert any("✗" in text for text in student.run(TEST).all_inner_texts())
    student.write(GAP, RIGHT)
    student.run(GAP)
    said = student.run(TEST).all_inner_texts()
    assert any("✓" in text for text in said) and not any("✗" in text for text in said)
    student.command("notebook:insert-cell-below")
    student.command("notebook:enter-edit-mode")
    student.page.keyboard.insert_text('llmkit.solution("causal-mask")')
    student.command("docmanager:save")
    assert "llmkit check ch03/causal-mask" in student.run("llmkit.solution(").inner_text()

    monkeypatch.setenv("LLMKIT_CACHE", str(course / ".cache"))
    passed.note_marks(LANGUAGE, {f"{CHAPTER}/causal-mask": passed.Marks(3, 3)})  # as a check does
    student.run("llmkit.solution(")
    table = student.cell("llmkit.solution(").locator("table")
    table.wait_for()
    cells = table.locator("td").all_inner_texts()
    assert "    # <b>mine</b>" in cells and any("triu(diagonal=1)" in cell for cell in cells)
    left, right = (table.locator("td").nth(number).bounding_box() for number in (0, 1))
    assert left and right and left["y"] == right["y"] and left["width"] == pytest.approx(right["width"], abs=2)
    assert right["x"] + right["width"] <= 1366
    letters = {}
    for theme in ("Dark", "Light"):
        student.theme(theme)
        letters[theme] = sum(
            table.locator("pre").last.evaluate(
                "one => getComputedStyle(one).color.match(/\\d+/g).slice(0, 3).map(Number)"
            )
        )
    assert letters["Dark"] > 450 and letters["Light"] < 315  # bright on dark, dark on bright

    student.cell("llmkit.solution(").locator("a", has_text=NAME).click()
    student.page.wait_for_function(
        "window.jupyterapp.shell.currentWidget?.context?.path?.startsWith('solutions/en/ch03')"
    )
    assert os.listdir(course / ".cache")
