"""Contracts of `autograder new`: what it writes passes the lint and is translated, bad input is told and nothing is written."""

from __future__ import annotations

import io
import shutil
import tokenize
from pathlib import Path

import nbformat
import polib
import pytest

from autograder.course.course import Course
from autograder.course.filled import only_exercise
from autograder.course.lint import lint_chapter
from autograder.errors import CourseError
from autograder.language import notebooks as translation
from autograder.scaffold import template
from autograder.scaffold.scaffold import add_exercise
from autograder.verification.plain_process import PlainProcess

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = "03_special_tokens"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Two notebooks of chapter 2, with their translations."""
    (tmp_path / "nbgrader_config.py").touch()
    for name in (NOTEBOOK, "05_perceptron"):
        for file in (f"source/ch02/{name}.ipynb", f"locale/pt-BR/ch02/{name}.po"):
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, tmp_path / file)
    return Course(tmp_path)


def files(course: Course) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in course.root.rglob("*") if path.is_file()}


def untranslated(course: Course, chapter: str) -> list[str]:
    found = []
    for notebook in course.notebooks(chapter):
        catalogue = translation.catalogue(course, notebook, "pt-BR")
        found += [str(problem) for problem in translation.problems(notebook, catalogue, notebook.name)]
    return found


@pytest.mark.parametrize(
    ("id", "options", "name"),
    [
        ("ch02/my-exercise", {"notebook": NOTEBOOK}, NOTEBOOK),
        ("ch02/count-2-words", {"notebook": f"source/ch02/{NOTEBOOK}.ipynb"}, NOTEBOOK),
        ("ch02/my-exercise", {}, "06_my_exercise"),
        ("ch09/my-exercise", {}, "01_my_exercise"),
        ("appendix/my-exercise", {}, "01_my_exercise"),
    ],
)
def test_the_new_exercise_passes_the_lint_and_is_translated(
    course: Course, id: str, options: dict[str, str], name: str
) -> None:
    add_exercise(course, id, **options)
    chapter, _slash, grade_id = id.partition("/")
    made = Course(course.root)
    exercise = made.exercise(id)
    assert (exercise.notebook, exercise.points) == (name, 2)
    assert lint_chapter(made.notebooks(chapter), made.root) == []
    assert untranslated(made, chapter) == []
    assert [cell.id for cell in made.notebook(exercise).nb.cells][-8:] == [
        *(f"{grade_id}{end}" for end in ("-exercise", "", "-test", "-hints", "-look")),
        "summary",
        "hand-in",
        "submit",
    ]
    assert (made.root / "autograder" / "answers" / chapter / "__init__.py").is_file()
    english, translated = (
        translation.translated(made, made.notebook(exercise), language).nb.cells[0].source
        for language in ("en", "pt-BR")
    )
    label = {"ch02": ("Chapter 2", "Capítulo 2"), "ch09": ("Chapter 9", "Capítulo 9")}.get(
        chapter, ("Appendix appendix", "Apêndice appendix")
    )
    assert f"**{label[0]}, notebook " in english
    assert f"**{label[1]}, notebook " in translated


def test_each_answer_gets_what_it_deserves_in_a_plain_process(course: Course) -> None:
    add_exercise(course, "ch02/my-exercise")
    made = Course(course.root)
    exercise = made.exercise("ch02/my-exercise")
    answers: dict[str, list] = {}
    file = made.root / "autograder" / "answers" / "ch02" / "my_exercise.py"
    exec(file.read_text(encoding="utf-8"), answers)

    def passed(code: str | None) -> list[bool]:
        notebook = only_exercise(made.notebook(exercise), exercise, code)
        process = PlainProcess([], seed="x")
        try:
            return list(process.run(notebook.cells, alone=True)["my-exercise-test"]["checks"].values())
        finally:
            process.close()

    assert all(passed(exercise.solution))
    assert not any(passed(None))
    assert all(all(passed(alternative.code)) for alternative in answers["ALTERNATIVES"])
    assert not any(all(passed(mistake.code)) for mistake in answers["MISTAKES"])


def test_titles_count_the_new_points_in_every_language(course: Course) -> None:
    def titles() -> tuple[str, str]:
        notebook = next(n for n in Course(course.root).notebooks("ch02") if n.name == NOTEBOOK)
        return notebook.nb.cells[0].source, translation.translated(course, notebook, "pt-BR").nb.cells[0].source

    before = titles()
    add_exercise(course, "ch02/my-exercise", notebook=NOTEBOOK)
    after = titles()
    assert after == (before[0].replace("10 points", "12 points"), before[1].replace("10 pontos", "12 pontos"))
    assert before[0] != after[0]


def test_a_second_exercise_is_the_next_one(course: Course) -> None:
    add_exercise(course, "ch02/one")
    add_exercise(Course(course.root), "ch02/two", notebook="06_one")
    made = Course(course.root)
    cells = {cell.id: cell.source for cell in made.notebook(made.exercise("ch02/two")).nb.cells}
    assert cells["one-exercise"].startswith("## Exercise 1: `one` (2 points)")
    assert cells["two-exercise"].startswith("## Exercise 2: `two` (2 points)")
    assert "4 points" in cells["title"]
    assert lint_chapter(made.notebooks("ch02"), made.root) == []


def test_the_authors_own_title_waits_for_its_translation(course: Course) -> None:
    added = add_exercise(course, "ch02/my-exercise", title="Rich vocabularies")
    catalogue = polib.pofile(str(course.root / "locale" / "pt-BR" / "ch02" / "06_my_exercise.po"))
    assert {entry.msgctxt for entry in catalogue if entry.fuzzy} == {"title", "my-exercise-exercise"}
    assert any("Rich vocabularies" in note for note in added.notes)


def test_a_language_without_a_template_has_texts_to_translate(course: Course) -> None:
    (course.root / "locale" / "es").mkdir()
    add_exercise(course, "ch02/my-exercise", notebook=NOTEBOOK)
    catalogue = polib.pofile(str(course.root / "locale" / "es" / "ch02" / f"{NOTEBOOK}.po"))
    assert {"my-exercise", "my-exercise-hints"} <= {entry.msgctxt for entry in catalogue.untranslated_entries()}


@pytest.mark.parametrize(
    ("id", "options", "problem", "remedy"),
    [
        ("my-exercise", {}, "a chapter and a name", "such as ch05/my-exercise"),
        ("ch02/My_Exercise", {}, "a chapter and a name", "such as ch05/my-exercise"),
        ("ch02/../../x", {}, "a chapter and a name", "such as ch05/my-exercise"),
        ("ch2/my-exercise", {}, "no such chapter", "ch02"),
        ("ch02/perceptron", {}, "already an exercise of 05_perceptron", "another name"),
        ("ch02/class", {}, "means something in Python", "another name"),
        ("ch02/print", {}, "means something in Python", "another name"),
        ("ch02/tokens", {}, "already defines tokens", "another name"),
        ("ch02/llmkit", {"notebook": NOTEBOOK}, "already defines llmkit", "another name"),
        ("ch02/my-exercise", {"notebook": "04_none"}, "no such notebook", NOTEBOOK),
        ("ch09/my-exercise", {"notebook": "04_none"}, "no such notebook", "leave --notebook out"),
        ("ch02/my-exercise", {"title": 'The "share"'}, "quotation mark", "without"),
        ("ch02/deadbee1", {}, "no meaningful id", "id such as"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(
    course: Course, id: str, options: dict[str, str], problem: str, remedy: str
) -> None:
    before = files(course)
    with pytest.raises(CourseError) as told:
        add_exercise(course, id, **options)
    assert problem in told.value.problem
    assert remedy in told.value.remedy
    assert "\n" not in str(told.value)
    assert files(course) == before


def test_a_file_of_answers_is_never_overwritten(course: Course) -> None:
    file = course.root / "autograder" / "answers" / "ch02" / "my_exercise.py"
    file.parent.mkdir(parents=True)
    file.write_text("mine")
    with pytest.raises(CourseError, match="this file already exists"):
        add_exercise(course, "ch02/my-exercise")
    assert file.read_text() == "mine"


@pytest.mark.parametrize(
    "language", [path.name.split(".")[1] for path in sorted((ROOT / "autograder/scaffold").glob("exercise.*.md"))]
)
def test_the_templates_say_the_same_in_every_language(language: str) -> None:
    for name in ("exercise", "notebook"):
        english, other = (template.parts(name, one, "my-exercise", {}) for one in ("en", language))
        cells = [[(part.kind, part.id) for part in side if part.id] for side in (english, other)]
        assert cells[0] == cells[1]
        for one, two in zip(english, other, strict=False):
            if one.kind in ("gap", "look", "locked", "test"):
                assert without_texts(one.text) == without_texts(two.text)
    if language != "en":
        (answers,) = [
            part.text for part in template.parts("exercise", "en", "my-exercise", {}) if part.kind == "answers"
        ]
        (explained,) = [
            part.text for part in template.parts("exercise", language, "my-exercise", {}) if part.kind == "explanations"
        ]
        assert len(explained.split("\n\n")) == answers.count("    _mistake(")


def without_texts(code: str) -> list[str]:
    """The tokens of code but for its strings and comments."""
    magics = code.replace("%pip", "pass  #")
    kinds = (tokenize.STRING, tokenize.COMMENT, tokenize.NL)
    return [token.string for token in tokenize.generate_tokens(io.StringIO(magics).readline) if token.type not in kinds]


def test_the_notebook_is_written_as_nbformat_writes_it(course: Course) -> None:
    add_exercise(course, "ch02/my-exercise", notebook=NOTEBOOK)
    path = course.root / "source" / "ch02" / f"{NOTEBOOK}.ipynb"
    assert path.read_text(encoding="utf-8") == nbformat.writes(nbformat.read(path, as_version=4)) + "\n"
