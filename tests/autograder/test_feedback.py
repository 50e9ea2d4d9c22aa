"""The feedback page: the result first, in the student's language, nothing that runs, nothing from the network."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from feedback_pages import EVIL, graded, page_of
from nbgrader.utils import determine_grade

from autograder.course.course import Course
from autograder.grading.formulas import markdown_with_marked_formulas, with_mathml
from autograder.language.notebooks import languages

ROOT = Path(__file__).parents[2]


def text(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def test_the_result_comes_first_with_links_to_what_it_is_about() -> None:
    page = page_of(graded())
    first, notebook = page.split("Your notebook")
    first = first.partition("<body>")[2]
    assert "2.57 of 6 points" in text(first) and "2.57 of 3 points" in text(first)
    assert "You add <code>one</code>." in first and "This gap is still empty." in first
    targets = re.findall(r'href="#([^"]*)"', first)
    assert {"double", "double-test-result", "counter-test-result"} <= set(targets)
    assert all(page.count(f'id="{target}"') == 1 for target in targets)
    assert "negative numbers are doubled too (hidden check)" in text(notebook)
    assert "01_small" not in text(first).replace("ch01/01_small", ""), "a link says where, not the name of a file"
    assert "1234567" not in page, "hidden tests stay hidden"


def test_in_portuguese_the_page_is_portuguese_with_decimal_commas() -> None:
    page = page_of(graded("pt-BR"), score=2.57, max_score=6.0, late_penalty=0.5)
    assert '<html lang="pt-BR">' in page
    shown = text(page)
    assert "2,57 de 6 pontos" in shown and "2,57 de 3 pontos" in shown and "descontados 0,5 pontos" in shown
    assert "verificação oculta" in shown and "Score" not in shown and " of " not in shown.partition("O seu notebook")[0]


def test_a_mistake_that_another_notebook_explains_is_linked_there() -> None:
    page = page_of(graded(mistakes=[{"name": "m", "explanation": "No.", "see": "02_other: Exercise 1"}]))
    assert '<a href="02_other.html"' in page


def test_points_and_comments_of_a_teacher_are_told() -> None:
    notebook = graded()
    test = next(cell for cell in notebook.cells if cell.id == "double-test")
    test.metadata.nbgrader["score"] = 3.0
    gap, other = (cell for cell in notebook.cells if cell.id in ("double", "counter"))
    gap.metadata.nbgrader["comment"], other.metadata.nbgrader["comment"] = "Look **again**.", "No response."
    page = page_of(notebook, score=3.0, max_score=6.0, late_penalty=0)
    assert "3 of 3 points, given by your teacher; the tests gave 2.57" in text(page)
    assert "Look <strong>again</strong>." in page and "No response" not in page


def test_what_a_person_still_marks_is_told_apart() -> None:
    notebook = graded()
    essay = next(cell for cell in notebook.cells if cell.id == "counter")
    essay.metadata.nbgrader.update(grade=True, points=4)
    shown = text(page_of(notebook, score=2.57, max_score=10.0, late_penalty=0))
    assert "2.57 of 10 points" in shown and "2.57 of 6 points from the automatic tests." in shown
    assert "up to 4 points" in shown and "0 of 4 points" in shown


def test_nothing_of_a_student_runs_and_nothing_comes_from_the_network() -> None:
    page = page_of(graded(f'x">{EVIL}'))
    body = page.partition("<body>")[2]
    assert "<script" not in page and EVIL not in page and "javascript:alert" in body and 'href="javascript' not in body
    assert not re.search(r"(?:src|@import|url\()[^>]{0,5}https?:|<link", page)
    assert "got &lt;script&gt;" in body


def test_formgrader_shows_the_same_remarks_and_nbgrader_reads_the_points() -> None:
    test = next(cell for cell in graded().cells if cell.id == "double-test")
    (output,) = test.outputs
    assert "You add <code>one</code>." in output.data["text/html"] and "2.57 of 3 points" in output.data["text/html"]
    test.metadata.nbgrader.points = 3
    assert determine_grade(test) == (2.57, 3.0)


@pytest.mark.parametrize("language", ["en", *languages(Course(ROOT))])
def test_every_formula_of_the_course_becomes_mathml(language: str) -> None:
    count = 0
    for path in sorted((ROOT / "release" / language).glob("*/*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown" and "$" in cell.source:
                made = with_mathml(markdown_with_marked_formulas(cell.source))
                count += made.count("<math")
                assert not re.search(r'class="formula[^>]*><code>', made), f"{path.name}: {cell.id}"
                left = re.search(r">\s*\\[A-Za-z]+\s*<", made)
                assert left is None, f"{path.name}: {cell.id}: {left}"
    assert count > 300


@pytest.mark.parametrize(
    "formula",
    [
        r"\frac{",
        r"\href{javascript:alert(1)}{x}",
        r"\begin{x}",
        "<img src=x onerror=alert(1)>",
        r"\text{<mtext><![CDATA[<img src=x onerror=alert(1)>]]></mtext>}",
        r"\text{<mi onclick=1>x</mi>}",
    ],
)
def test_a_formula_that_is_none_or_does_something_stays_text(formula: str) -> None:
    made = with_mathml(markdown_with_marked_formulas(f"${formula}$"))
    assert not re.search(r"<(?:img|[^>]* (?:href|onclick)=)", made) and "formula" in made
