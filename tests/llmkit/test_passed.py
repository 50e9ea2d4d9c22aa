"""How far a student is: what a passing test writes down, what damage does to it, and what `llmkit.progress` makes of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from typer.testing import CliRunner

from llmkit import opened, passed
from llmkit.cli import app
from llmkit.outline import START_PAGE
from llmkit.overview import Progress, progress

ROOT = Path(__file__).parents[2]
TEST = "from llmkit.testing import Checks\n\ncheck = Checks(points=2)\n\nwith check({title!r}):\n    assert double(2) == 4\ncheck.report()"
EXERCISES = {"ch01": {"01_words": ["a", "b"], "02_more": ["c"]}, "ch02": {"01_text": ["d", "e"]}}


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LLMKIT_QUICK", "LLMKIT_GRADING", "LLMKIT_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LLMKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(opened, "_opened", None)


def start_page(folder: Path, language: str = "en") -> None:
    course = [
        {
            "name": chapter,
            "title": f"Chapter {chapter[-1]}",
            "notebooks": [
                {"name": name, "title": f"On <{name}>", "exercises": {gap: [f"{gap}-test"] for gap in gaps}}
                for name, gaps in notebooks.items()
            ],
        }
        for chapter, notebooks in EXERCISES.items()
    ]
    folder.mkdir(parents=True, exist_ok=True)
    page = {"metadata": {"llmkit": {"language": language, "course": course}}}
    (folder / START_PAGE).write_text(json.dumps(page), encoding="utf-8")


def passes(*tests: str) -> None:
    for test in tests:
        passed._add({"test": test, "at": "2026-01-01T10:00:00+0000"})


def notebook(*sources: tuple[str, str, dict[str, Any]]) -> Any:
    made = nbformat.v4.new_notebook()
    for id, source, flags in sources:
        cell = nbformat.v4.new_code_cell(source, id=id)
        if flags:
            cell.metadata["nbgrader"] = {"grade_id": id, "schema_version": 3, "locked": False, **flags}
        made.cells.append(cell)
    return made


def execute(made: Any, folder: Path, **environment: str) -> None:
    client = NotebookClient(made, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.execute(env=os.environ | {"PYTHONPATH": str(ROOT)} | environment)


def test_a_notebook_writes_down_which_of_its_own_tests_have_passed(tmp_path: Path) -> None:
    made = notebook(
        ("setup", 'import llmkit\n\nllmkit.start("ch01/01_words", lang="en")', {}),
        ("worse", "def double(number):\n    return number", {"solution": True, "grade": False}),
        ("worse-test", TEST.format(title="worse"), {"grade": True, "solution": False}),
        ("double", "def double(number):\n    return 2 * number", {"solution": True, "grade": False}),
        ("double-test", TEST.format(title="two"), {"grade": True, "solution": False}),
        ("changed-test", TEST.format(title="changed"), {"grade": True, "solution": False}),
    )
    nbformat.write(made, tmp_path / "01_words-Copy1.ipynb")  # as JupyterLab calls a copy
    made.cells[-1].source = (
        "def double(number):\n    return 4\n" + made.cells[-1].source
    )  # not saved: no test of the course
    execute(made, tmp_path, LLMKIT_GRADING="1")
    assert passed.tests() == {}
    execute(made, tmp_path)
    execute(made, tmp_path)
    assert list(passed.tests()) == ["ch01/double-test"]
    assert passed.file().read_text().count("double-test") == 1


def test_damage_costs_the_damaged_line_only() -> None:
    passes("ch01/a-test", "ch01/b-test")
    data = passed.file().read_bytes()
    passed.file().write_bytes(b"\xff\x00 not json\n[1]\n{}\n" + data[: len(data) - 9])  # the last line was cut off
    passes("ch01/c-test")
    assert list(passed.tests()) == ["ch01/a-test", "ch01/c-test"]


def test_two_notebooks_at_once_lose_nothing() -> None:
    code = (
        "import sys; from llmkit import passed\nfor n in range(200): passed._add({'test': f'{sys.argv[1]}/{n}-test'})"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, name], env=os.environ | {"PYTHONPATH": str(ROOT)})
        for name in ("ch01", "ch02")
    ]
    assert [process.wait() for process in running] == [0, 0]
    assert set(passed.tests()) == {f"{name}/{n}-test" for name in ("ch01", "ch02") for n in range(200)}


def test_a_folder_that_cannot_be_written_fails_no_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LLMKIT_CACHE", str(tmp_path / "file" / "below"))
    opened.remember("ch01/01_words")
    monkeypatch.setattr(passed, "_running_test", lambda here: "a-test")

    class Full:
        fraction = 1.0

    passed.note(Full())
    assert passed.tests() == {}


def continued(*tests: str) -> str:
    passes(*tests)
    found = progress().next
    return found.id if found else ""


def test_it_goes_on_where_the_student_was(tmp_path: Path) -> None:
    start_page(tmp_path)
    assert continued() == "ch01/01_words"
    assert continued("ch02/d-test") == "ch02/01_text"
    assert continued("ch02/e-test") == "ch01/01_words"  # nothing is left after it
    assert continued("ch01/a-test") == "ch01/01_words"
    assert continued("ch01/b-test") == "ch01/02_more"
    assert continued("ch01/c-test") == ""
    assert "Congratulations" in str(progress())


def test_the_text_counts_each_chapter(tmp_path: Path) -> None:
    start_page(tmp_path)
    assert "No exercise's tests have passed here yet." in str(progress())
    passes("ch01/a-test", "ch01/gone-test", "ch09/x-test")
    lines = str(progress()).splitlines()
    assert lines == [
        "Chapter 1  ███████·············  1 of 3 exercises",
        "Chapter 2  ····················  0 of 2 exercises",
        "Continue here: ch01/01_words (On <01_words>)",
    ]
    assert repr(progress()) == str(progress())


def test_the_table_links_the_next_notebook_from_wherever_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_page(tmp_path)
    passes("ch01/a-test", "ch01/b-test", "ch01/c-test")
    assert '<a href="ch02/01_text.ipynb">On &lt;01_text&gt;</a>' in progress()._repr_html_()
    (tmp_path / "ch01").mkdir()
    monkeypatch.chdir(tmp_path / "ch01")
    html = progress()._repr_html_()
    assert '<a href="../ch02/01_text.ipynb">' in html and "width:100%" in html and "3 of 3 exercises" in html


def test_it_speaks_the_language_of_the_start_page(tmp_path: Path) -> None:
    start_page(tmp_path, "pt-BR")
    assert "0 de 3 exercícios" in str(progress())


def test_without_the_course_it_still_counts() -> None:
    assert progress().next is None
    passes("ch03/causal-mask-test", "ch03/causal-attention-test-1", "ch03/causal-attention-test-2", "ch01/quiz-test")
    assert str(progress()).splitlines() == ["ch01  exercises passed: 1", "ch03  exercises passed: 2"]
    assert isinstance(progress(), Progress) and "<table>" in progress()._repr_html_()


def test_the_command_finds_the_course_in_its_language(tmp_path: Path) -> None:
    start_page(tmp_path / "release" / "en")
    start_page(tmp_path / "release" / "pt-BR", "pt-BR")
    assert "of 3 exercises" in CliRunner().invoke(app, ["progress"]).output
    assert "de 3 exercícios" in CliRunner().invoke(app, ["progress", "--lang", "pt-BR"]).output
