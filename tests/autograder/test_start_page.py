"""The start page, and the way from each notebook to the next."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from small_course import markdown, source_notebook, write_course

from autograder.build.release import build
from autograder.build.start_page import Stated, in_order, start_page
from autograder.course.course import Course, SourceNotebook, read_notebook
from autograder.language.notebooks import languages, translated
from llmkit.cells import role
from llmkit.outline import START_PAGE, outline_near

ROOT = Path(__file__).parents[2]
COURSE = Course(ROOT)
IN_ORDER = [notebook for chapter in in_order(COURSE.chapters) for notebook in COURSE.notebooks(chapter)]
TITLE = """# On *doubling* and `a|b`

**Chapter 1, notebook 1 of 1 · about 35 minutes · 5 points**

You will

- see.

You need numbers (all of them). No more."""


def small(title: str) -> SourceNotebook:
    notebook = source_notebook()
    notebook.cells[0] = markdown("title", title)
    return SourceNotebook(Path("source/ch01/01_small.ipynb"), "ch01", "01_small", notebook)


def test_the_title_says_what_a_notebook_takes() -> None:
    assert Stated.of(small(TITLE)) == Stated(
        "On *doubling* and `a|b`", "Chapter 1", "35", "5", "You need numbers (all of them)."
    )
    assert Stated.of(small("# Bare")) == Stated("Bare")


def test_the_page_lists_the_course_and_holds_its_outline() -> None:
    page = start_page({"ch01": [small(TITLE)]}, "en")
    nbformat.validate(page)
    table = next(cell.source for cell in page.cells if cell.id == "ch01-notebooks")
    assert table.startswith("## Chapter 1\n")
    row = r"| [On *doubling* and `a\|b`](ch01/01_small.ipynb) | 35 | 5 | You need numbers (all of them). |"
    assert row in table.splitlines()
    exercises = {"double": ["double-test"], "counter": ["counter-test"]}
    listed = [{"name": "01_small", "title": "On doubling and a|b", "exercises": exercises}]
    assert page.metadata.llmkit == {
        "language": "en",
        "course": [{"name": "ch01", "title": "Chapter 1", "notebooks": listed}],
    }
    assert not [cell.id for cell in page.cells if "nbgrader" in cell.metadata]  # nothing to be graded


def test_the_build_makes_it_and_notices_when_it_is_stale(tmp_path: Path) -> None:
    write_course(tmp_path)
    assert build(Course(tmp_path)) == []
    page = tmp_path / "release/en" / START_PAGE
    assert outline_near("en", page.parent) is not None
    assert not (tmp_path / "solutions/en" / START_PAGE).exists()
    page.write_text("{}")
    assert any(START_PAGE in str(problem) for problem in build(Course(tmp_path), check=True))


def test_numbered_chapters_come_first() -> None:
    assert in_order(["metrics", "ch02", "bert", "ch01"]) == ["ch01", "ch02", "bert", "metrics"]


@pytest.mark.parametrize("language", ["en", *languages(COURSE)])
def test_the_page_of_the_course_is_complete(language: str) -> None:
    page = read_notebook(ROOT / "release" / language / START_PAGE)
    text = "\n".join(cell.source for cell in page.cells)
    for notebook in IN_ORDER:
        stated = Stated.of(translated(COURSE, notebook, language))
        assert all((stated.chapter, stated.minutes, stated.points, stated.needs)), notebook.path
        assert f"]({notebook.chapter}/{notebook.name}.ipynb) | {stated.minutes} | {stated.points} | " in text
        assert (ROOT / "release" / language / notebook.chapter / f"{notebook.name}.ipynb").is_file()


@pytest.mark.parametrize("number", range(len(IN_ORDER)), ids=lambda n: f"{IN_ORDER[n].chapter}/{IN_ORDER[n].name}")
def test_a_notebook_ends_with_the_hand_in_and_a_link_to_the_next(number: int) -> None:
    notebook = IN_ORDER[number]
    # A question in words comes after the summary, which may begin with what a figure shows.
    *_others, summary, text, last = (cell for cell in notebook.nb.cells if role(cell) != "task")
    assert (summary.id, text.id, last.id, last.source) == ("summary", "hand-in", "submit", "llmkit.submit()")
    assert {"skip-grading", "skip-execution"} <= set(last.metadata.tags) and "nbgrader" not in last.metadata
    found = re.search(r"\[(?:Next: )?([^\]]+)\]\(([^)]+)\)$", text.source)
    assert found
    target = (Path("release/en") / notebook.chapter / found[2]).as_posix()
    if number + 1 < len(IN_ORDER):
        following = IN_ORDER[number + 1]
        assert found[1] == Stated.of(following).title
        same = following.chapter == notebook.chapter
        assert found[2] == ("" if same else f"../{following.chapter}/") + f"{following.name}.ipynb"
    else:
        assert found[2] == f"../{START_PAGE}"
    assert (ROOT / target).is_file()
