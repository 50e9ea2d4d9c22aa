"""Two languages and more: nothing is lost in translation, and what is out of date is told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import polib
import pytest

from autograder.build.release import build, translation_problems
from autograder.course.course import Course, SourceNotebook
from autograder.course.lint import lint_chapter
from autograder.course.texts import findings, without_marks
from autograder.grading.notebook import grade_notebook
from autograder.language import notebooks as translation
from autograder.language.coverage import coverage, update_all
from autograder.student.sandbox import Sandbox
from autograder.submission.repair import repair
from llmkit import i18n

ROOT = Path(__file__).parents[2]
NAME = "01_simple_self_attention"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The course with one notebook, to change at will."""
    for folder in ("source/ch03", "locale/pt-BR/ch03"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(ROOT / f"source/ch03/{NAME}.ipynb", tmp_path / "source/ch03")
    shutil.copy(ROOT / f"locale/pt-BR/ch03/{NAME}.po", tmp_path / "locale/pt-BR/ch03")
    (tmp_path / "nbgrader_config.py").touch()
    return Course(tmp_path)


def of_notebooks(course: Course) -> list[str]:
    return [str(problem) for problem in translation_problems(course) if NAME in str(problem)]


def test_every_catalogue_is_complete() -> None:
    course = Course(ROOT)
    assert "pt-BR" in translation.languages(course)
    assert [row.path for row in coverage(course) if row.translated < row.texts] == []
    assert translation_problems(course) == []


@pytest.mark.parametrize("path", sorted((ROOT / "source").glob("*/*.ipynb")), ids=lambda path: path.stem)
def test_translating_into_the_same_words_changes_nothing(path: Path) -> None:
    source = SourceNotebook.read(path)
    catalogue = translation.update(source, polib.POFile(), "en")
    for entry in catalogue:
        entry.msgstr = entry.msgid
    same = translation.translate(source.nb, catalogue, "en")
    bare = [without_marks(cell.source) if cell.cell_type == "code" else cell.source for cell in source.nb.cells]
    assert [cell.source for cell in same.cells] == bare


@pytest.mark.parametrize("path", sorted((ROOT / "source").glob("*/*.ipynb")), ids=lambda path: path.stem)
def test_code_is_the_same_in_every_language(path: Path) -> None:
    import ast

    def bare(source: str) -> str:
        tree = ast.parse("\n".join(line for line in source.split("\n") if not line.lstrip().startswith("%")))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                node.value = ""
            if isinstance(node, ast.JoinedStr):  # one language may begin with a word, another with a number
                node.values = [part for part in node.values if isinstance(part, ast.FormattedValue)]
        return ast.dump(tree)

    course, source = Course(ROOT), SourceNotebook.read(path)
    for language in translation.languages(course):
        there = translation.translated(course, source, language).nb
        for ours, theirs in zip(source.nb.cells, there.cells, strict=True):
            assert (ours.id, ours.cell_type, ours.metadata) == (theirs.id, theirs.cell_type, theirs.metadata)
            if ours.cell_type == "code":
                assert bare(ours.source) == bare(theirs.source)


def notebook_of(*sources: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source, id=f"look-{number}") for number, source in enumerate(sources)]
    )


def said(*sources: str) -> list[str]:
    return [f"[{cell}] {what}" for cell, what, _remedy in findings(notebook_of(*sources).cells)]


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ('print("the first one:", n)', ["the first one:"]),
        ('raise WeightsError("this needs a GPU")', ["this needs a GPU"]),
        ('print(f"loss {loss:.3f}", f"{word} {count}")', ["loss {loss:.3f}"]),
        ('rows["output"], "vocab_size", "[MASK]", " → ", r"\\w+", "\\n"', []),
        ('names = ["the", "cat"]  # translate', ["the", "cat"]),
        ('pooled(x, "last column")  # keep', []),
        ('print("tokens:")  # translate, since it is shown', ["translate, since it is shown"]),
        ('"""A docstring."""', ["A docstring."]),
    ],
)
def test_a_string_with_a_word_and_a_space_is_a_text_unless_its_line_says_otherwise(line: str, texts: list[str]) -> None:
    cell = notebook_of(line).cells[0]
    assert [message.text for message in translation.messages(cell)] == texts
    cell.metadata["nbgrader"] = {"grade": True, "points": 1, "grade_id": "look"}
    assert translation.messages(cell) == []


def test_the_reason_that_stayed_english_is_a_text_now() -> None:
    source = SourceNotebook.read(ROOT / "source/ch06/03_training_a_classifier.ipynb")
    texts = [message.text for cell in source.nb.cells for message in translation.messages(cell)]
    assert "this needs a GPU, a network connection and your exercises 3 and 4" in texts


def test_the_lint_finds_the_table_header_that_stayed_english() -> None:
    header = "print(f\"{'':10}{'thing action feeling':>22}\")"
    assert said(header) == ["[look-0] 'thing action feeling' stands in the braces of an f-string"]
    assert said(f"{header}  # keep") == []
    assert said("print(f\"{'all' if n is None else n:>3} batches\")") == [
        "[look-0] 'all' stands in the braces of an f-string"
    ]


def test_the_lint_finds_the_internal_key_that_was_renamed() -> None:
    cell = 'tally["sure and right"] += 1\nresult = {"right, where sure": tally["sure and right"]}'
    found = "[look-0] 'sure and right' is a text, and something is looked up by it"
    assert set(said(cell)) == {found}
    label = 'result = {"first wins": 1, "consistent": tally["consistent"]}'
    assert said(label) == ["[look-0] 'consistent' is shown, and nothing tells whether it is a text"]
    assert any("looked up" in what for what in said(label + "  # translate"))


@pytest.mark.parametrize(
    ("sources", "what"),
    [
        (
            ('rates = {"by hand": 1}', 'print(rates["by hand"])'),
            "[look-1] 'by hand' is a text, and something is looked",
        ),
        (
            ('rates = {"plain": 1}  # translate', 'key = "plain"'),
            "[look-0] 'plain' is a text here and a name in [look-1]",
        ),
        (('rates["by hand"] = 1', 'rates.get("by hand")'), "[look-1] 'by hand' is a text, and something is looked"),
        (('if kind == "by hand":\n    pass',), "[look-0] 'by hand' is a text, and something is looked up by it"),
        (('print("a text in " "two pieces")',), "[look-0] 'a text in two pieces' is in pieces"),
        (('chart(rows, x_title="step")',), "[look-0] 'step' is shown"),
        (('chart({"gradients": g}, title="Sizes")  # keep', 'print("joined:", j)'), "[look-1] 'joined:' is shown"),
        (('for name, part in (("plain", a), ("other", b)):\n    print(name, part)',), "[look-0] 'plain' is shown"),
        (
            ('s = {n: f(p) for n, p in (("test", t),)}\nfor n, v in s.items():\n    print(f"{n:>9}: {v}")',),
            "'test' is shown",
        ),
        (('words = ["the", "cat"]',), "[look-0] 'the' is shown"),
    ],
)
def test_the_lint_leaves_nothing_to_guessing(sources: tuple[str, ...], what: str) -> None:
    assert any(what in found for found in said(*sources)), said(*sources)


def test_the_lint_reports_such_strings_with_the_notebook(course: Course) -> None:
    notebook = course.notebooks("ch03")[0]
    cell = next(cell for cell in notebook.nb.cells if cell.id == "running-sentence")
    assert lint_chapter([notebook], course.root) == []
    cell.source = cell.source.replace("  # translate", "")
    assert "[running-sentence]: 'cat' is shown" in " ".join(map(str, lint_chapter([notebook], course.root)))


def test_students_never_see_the_marks(course: Course) -> None:
    source = course.notebooks("ch03")[0]
    for language in ("en", "pt-BR"):
        there = translation.translated(course, source, language)
        code = "\n".join(cell.source for cell in there.nb.cells if cell.cell_type == "code")
        assert "# translate" not in code and "# keep" not in code
        assert ("gato" in code) is (language == "pt-BR")
    assert "# translate" in "\n".join(cell.source for cell in source.nb.cells)


def test_a_changed_paragraph_fails_until_its_entry_is_updated(course: Course) -> None:
    assert of_notebooks(course) == []
    path = course.root / f"source/ch03/{NAME}.ipynb"
    path.write_text(
        path.read_text(encoding="utf-8").replace("Everything else is built here.", "All else is built here."),
        encoding="utf-8",
    )
    changed = Course(course.root)
    assert any("is not translated" in problem for problem in of_notebooks(changed))
    update_all(changed)
    assert len(of_notebooks(changed)) == 1 and "has changed in English" in of_notebooks(changed)[0]
    catalogue = course.root / f"locale/pt-BR/ch03/{NAME}.po"
    mended = polib.pofile(str(catalogue), wrapwidth=0)
    for entry in mended.fuzzy_entries():
        entry.flags.remove("fuzzy")
    mended.save(str(catalogue))
    assert of_notebooks(Course(course.root)) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("$j$", "$k$", "a formula differs"),
        ("](02_self_attention.ipynb)", "](02_autoatencao.ipynb)", "a link differs"),
        ("</details>", "", "a tag differs"),
        ("## ", "", "a heading differs"),
    ],
)
def test_a_translation_that_lost_something_is_told(course: Course, old: str, new: str, words: str) -> None:
    path = course.root / f"locale/pt-BR/ch03/{NAME}.po"
    catalogue = polib.pofile(str(path), wrapwidth=0)
    entry = next(entry for entry in catalogue if old in entry.msgstr and old in entry.msgid)
    entry.msgstr = entry.msgstr.replace(old, new, 1)
    catalogue.save(str(path))
    assert any(words in problem for problem in of_notebooks(course))


@pytest.mark.parametrize(
    ("english", "translated", "same"),
    [
        (r"$(0.5,\ 1{,}000)$", r"$(0{,}5;\ 1.000)$", True),
        (r"$2\,359\,296$", "$2.359.296$", True),
        (r"$\operatorname{hide}(\text{words})$", r"$\operatorname{esconder}(\text{palavras})$", True),
        ("$0.5$", "$0{,}6$", False),
        ("$0.5$", "$05$", False),
        (r"$\operatorname{hide}(x)$", r"$\operatorname{esconder}(y)$", False),
        (r"$\operatorname{hide}(x)$", "$(x)$", False),
    ],
)
def test_a_formula_may_have_the_words_and_numbers_of_its_language(english: str, translated: str, same: bool) -> None:
    lost = list(translation._lost(english, translated, True, set()))
    assert lost == [] if same else "a formula differs" in lost[0]


def test_a_new_language_is_new_catalogues_only(course: Course) -> None:
    (course.root / "locale/eo").mkdir()
    update_all(course)
    path = course.root / f"locale/eo/ch03/{NAME}.po"
    catalogue = polib.pofile(str(path), wrapwidth=0)
    for entry in catalogue:
        entry.msgstr = entry.msgid.replace("the ", "la ")
    catalogue.save(str(path))
    source = course.notebooks("ch03")[0]
    there = translation.translated(course, source, "eo").nb
    assert 'lang="eo"' in "".join(cell.source for cell in there.cells) and there.metadata["llmkit"]["language"] == "eo"
    assert "la " in there.cells[2].source


def test_building_twice_gives_the_same_bytes(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.build.release.make_solutions", lambda *args, **kwargs: [])
    assert build(course) == []
    first = {path: path.read_bytes() for path in (course.root / "release").rglob("*.ipynb")}
    shutil.rmtree(course.root / "release")
    assert build(course) == []
    assert {path: path.read_bytes() for path in (course.root / "release").rglob("*.ipynb")} == first
    assert {path.relative_to(course.root / "release").parts[0] for path in first} == {"en", "pt-BR"}


def test_the_same_answer_gets_the_same_marks_and_messages_in_its_own_language(bubblewrap: Sandbox) -> None:
    wrong = "def simple_attention_weights(x):\n    return x @ x.mT"
    course = Course(ROOT)
    source = next(notebook for notebook in course.notebooks("ch03") if notebook.name == NAME)
    marks = {}
    for language in ("en", "pt-BR"):
        submission = nbformat.read(ROOT / f"release/{language}/ch03/{NAME}.ipynb", as_version=4)
        for cell in submission.cells:
            if cell.id == "simple-attention-weights":
                cell.source = wrong
        assert translation.language_of(submission) == language
        rebuilt, _notes = repair(submission, translation.translated(course, source, language).nb)
        marks[language] = grade_notebook(rebuilt, bubblewrap, name=NAME, attempt="same")
    english, portuguese = marks["en"], marks["pt-BR"]
    assert [(c.grade_id, c.earned) for c in english.cells] == [(c.grade_id, c.earned) for c in portuguese.cells]
    failed = [(a, b) for a, b in zip(english.cells[0].checks, portuguese.cells[0].checks, strict=True) if not a.passed]
    assert failed and all(a.title != b.title and a.message != b.message for a, b in failed)
    assert "Os pesos" in json.dumps([b.message for _, b in failed], ensure_ascii=False)
    hidden = [[check.hidden for cell in mark.cells for check in cell.checks] for mark in (english, portuguese)]
    assert hidden[0] == hidden[1] and {*hidden[0]} == {True, False}
    assert i18n.language() == "en", "one submission's language is not the next one's"
