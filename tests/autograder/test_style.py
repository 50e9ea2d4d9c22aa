"""The glossary is kept: what a machine can see of terms, numbers, headings and English words in the Portuguese texts."""

from __future__ import annotations

from pathlib import Path

import nbformat
import polib
import pytest

from autograder.build.release import translation_problems
from autograder.course.course import Course
from autograder.errors import CourseError
from autograder.language import messages, style
from autograder.language import notebooks as translation

ROOT = Path(__file__).parents[2]
TABLE = """| English | português | not |
|---|---|---|
| training | treinamento | treino |
| training set | conjunto de treinamento | conjunto de treino |
| prediction | previsão | predição |
| sentence | frase | sentença |
"""


def write(root: Path, *cells: tuple[str, str], comment: str = "", code: str = "") -> Course:
    """A course of one notebook, whose markdown cells are these texts in English and Portuguese."""
    for folder in ("docs", "source/ch01", "locale/pt-BR/ch01"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "docs/glossary.md").write_text(TABLE, encoding="utf-8")
    notebook, catalogue = nbformat.v4.new_notebook(), polib.POFile(wrapwidth=0)
    for number, (english, portuguese) in enumerate(cells):
        notebook.cells.append(nbformat.v4.new_markdown_cell(english, id=f"text-{number}"))
        entry = polib.POEntry(msgctxt=f"text-{number}", msgid=english, msgstr=portuguese, tcomment=comment)
        catalogue.append(entry)
    if code:
        notebook.cells.append(nbformat.v4.new_code_cell(f'print("{code}")', id="look"))
        catalogue.append(polib.POEntry(msgctxt="look", msgid=code, msgstr=code))
    nbformat.write(notebook, root / "source/ch01/01_small.ipynb")
    catalogue.save(str(root / "locale/pt-BR/ch01/01_small.po"))
    return Course(root)


def told(course: Course) -> list[tuple[str, str]]:
    return [(finding.kind, finding.problem.what) for finding in style.findings(course)]


@pytest.mark.parametrize(
    ("english", "portuguese", "kind", "what"),
    [
        ("training", "O treino acaba.", "term", "'treino' is not our term"),
        ("predictions", "Duas **predições**.", "term", "'predições' is not our term"),
        ("the set", "O conjunto\nde treino.", "term", "'conjunto\\nde treino' is not our term"),
        ("It is 0.35.", "Vale 0.35.", "number", "0.35 has English signs"),
        ("1,000 rows", "1,000 linhas", "number", "1,000 has English signs"),
        ("2.048 m", "2.048 m", "number", "2.048 has English signs"),
        ("$p = 0.5$", "$p = 0.5$", "number", "0.5 has a decimal point in a formula"),
        ("a and b", "a and b", "English word", "'and' is English"),
        ("$x_{\\text{the end}}$", "$x_{\\text{the fim}}$", "English word", "'the' is English"),
        ("## Exercise 1: x", "## Tarefa 1: x", "heading", "'Tarefa 1: x' for 'Exercise 1: x'"),
    ],
)
def test_what_breaks_the_glossary_is_found(tmp_path: Path, english: str, portuguese: str, kind: str, what: str) -> None:
    assert told(write(tmp_path, (english, portuguese))) == [(kind, what)]


@pytest.mark.parametrize(
    ("english", "portuguese"),
    [
        ("training", "O treinamento, `treino` e [a página](treino.ipynb)."),
        ("x", "```python\ntreino = 0.5  # and the rest\n```"),
        ("It is 0.35 of 1,000.", "Vale 0,35 de 1.000."),
        ("It is 3.141 of 2,048.", "Vale 3,141 de 2.048."),
        ("$p = 0.5$", "$p = 0{,}5$"),
        ("Python 3.11, arXiv 1706.03762, 1.2.3", "Python 3.11, arXiv 1706.03762, 1.2.3"),
        ('*the* and "and"', 'A palavra *the* e “and”, também "with".'),
        ("{count:.2f} rows", "{count:.2f} linhas"),
    ],
)
def test_code_quotations_and_names_are_left_alone(tmp_path: Path, english: str, portuguese: str) -> None:
    assert told(write(tmp_path, (english, portuguese))) == []


def test_what_python_prints_keeps_its_point(tmp_path: Path) -> None:
    assert told(write(tmp_path, ("a", "a"), code="loss of about 0.5")) == []


def test_one_heading_has_one_translation(tmp_path: Path) -> None:
    usual = ("## Try it", "## Experimente")
    course = write(tmp_path, usual, usual, ("## Try it", "## Tente"))
    assert told(course) == [("heading", "'Tente' for 'Try it'")]
    assert "write 'Experimente' as elsewhere" in str(style.findings(course)[0].problem)


def test_a_verb_that_comes_too_often_is_counted(tmp_path: Path) -> None:
    assert told(write(tmp_path, ("x", "Isso dá 1. " * style.MOST_DA))) == []
    assert [kind for kind, _what in told(write(tmp_path, ("x", "Isso dá 1. " * (style.MOST_DA + 1))))] == ["dá"]


def test_a_comment_allows_a_form_and_an_update_keeps_it(tmp_path: Path) -> None:
    course = write(tmp_path, ("training", "O treino acaba."), comment="a plan of sports. allow: treino; sentença")
    assert told(course) == []
    (source,) = course.notebooks("ch01")
    kept = translation.update(source, translation.catalogue(course, source, "pt-BR"), "pt-BR")
    assert "allow: treino" in kept[0].tcomment


def test_an_update_of_the_messages_keeps_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "texts", lambda course, domain: [("yes", "a.py")])
    old = polib.POFile()
    old.append(polib.POEntry(msgid="yes", msgstr="sim", tcomment="allow: treino"))
    assert messages.update(Course(ROOT), "llmkit", old, "pt-BR")[0].tcomment == "allow: treino"


def test_a_problem_names_file_place_and_remedy_and_binds_where_it_is_switched_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = write(tmp_path, ("training", "O treino acaba."))
    monkeypatch.setattr(style, "BINDING", False)
    assert style.problems(course) == []
    monkeypatch.setattr(style, "BINDING", True)
    assert [str(problem) for problem in style.problems(course)] == [
        "locale/pt-BR/ch01/01_small.po [text-0]: 'treino' is not our term. "
        'Remedy: write treinamento, or allow it here by a comment "allow: treino".'
    ]
    assert style.problems(course)[0] in translation_problems(course)


def test_a_glossary_that_is_no_table_is_an_error(tmp_path: Path) -> None:
    course = write(tmp_path, ("x", "x"))
    (tmp_path / "docs/glossary.md").write_text("no table", encoding="utf-8")
    with pytest.raises(CourseError, match=r"glossary\.md: there is no table of terms.*\| English \|"):
        style.findings(course)
    (tmp_path / "docs/glossary.md").unlink()
    with pytest.raises(CourseError, match=r"docs/glossary\.md: there is no glossary"):
        style.findings(course)


def test_the_courses_glossary_is_read() -> None:
    forms = style.forbidden(Course(ROOT))
    assert forms["treino"] == "treinamento" and len(forms) > 50


def test_a_formula_may_have_a_decimal_comma_and_no_other_number() -> None:
    lost = list(translation._lost("$p = 0.5$ of $n = 1{,}000$", "$p = 0{,}5$ de $n = 1.000$", True, set()))
    assert lost == []
    assert list(translation._lost("$p = 0.5$", "$p = 0{,}6$", True, set()))
