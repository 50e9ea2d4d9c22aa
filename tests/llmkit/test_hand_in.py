"""Handing in: what is named before, what the zip holds, who hands it in, and that nothing happens while grading."""

from __future__ import annotations

import json
import sys
import types
import zipfile
from pathlib import Path
from typing import Any

import IPython
import pytest
from typer.testing import CliRunner

from llmkit import hand_in, i18n, opened, runtime
from llmkit.cli import app
from llmkit.errors import NotHandedIn
from llmkit.hand_in import findings, submit
from llmkit.outline import START_PAGE

NAME = "03_causal_attention"
RIGHT = "def causal_mask(size):\n    return size\n"
STUB = 'def causal_mask(size):\n    """A mask."""\n    # YOUR CODE HERE\n    raise NotImplementedError'


def cell(id: str, source: str, kind: str = "code", **flags: Any) -> dict[str, Any]:
    about = {"nbgrader": {"grade_id": id, "cell_type": "code", **flags}} if flags else {}
    return {"cell_type": kind, "metadata": about, "source": source.splitlines(keepends=True)}


def notebook(
    answer: str = RIGHT, essay: str = "I think so.", lang: str = "en", name: str = NAME
) -> list[dict[str, Any]]:
    essay_cell = cell("essay", essay, "markdown", solution=True, grade=True)
    essay_cell["metadata"]["nbgrader"]["cell_type"] = "markdown"
    return [
        cell("setup", f'import llmkit\n\nllmkit.start("ch03/{name}", lang="{lang}")', locked=True),
        cell("", "## Exercise 1: the mask\n\nWrite it.", "markdown"),
        cell("causal-mask", answer, solution=True, grade=False),
        cell("causal-mask-test", "check.report()", grade=True, locked=True),
        essay_cell,
    ]


def write(folder: Path, name: str, cells: list[dict[str, Any]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A student's process, in which no notebook is open yet."""
    for name in ("LLMKIT_QUICK", "LLMKIT_GRADING", "JUPYTERHUB_USER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LLMKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(opened, "_opened", None)


@pytest.fixture
def chapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A chapter's folder, in which its third notebook is open."""
    folder = tmp_path / "ch03"
    write(folder, NAME, notebook())
    monkeypatch.chdir(folder)
    opened.remember(f"ch03/{NAME}")
    return folder


def names_in(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def test_the_zip_holds_the_chapters_notebooks_as_they_are(chapter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second = write(chapter, "04_renamed", notebook(name="04_multi_head_attention"))
    write(chapter, "other", [cell("x", 'llmkit.start("ch04/01_x", lang="en")')])
    (chapter / "broken.ipynb").write_text("{")
    (chapter / "notes.txt").write_text("mine")
    submit(student="ana")
    made = chapter / "ch03-ana.zip"
    assert names_in(made) == [f"{NAME}.ipynb", "04_renamed.ipynb"]
    with zipfile.ZipFile(made) as archive:
        assert archive.read("04_renamed.ipynb") == second.read_bytes()
    said = capsys.readouterr().out
    assert str(made) in said and "Nothing has been sent" in said and "⚠" not in said
    assert {path.name for path in chapter.iterdir() if path.suffix == ".zip" or path.name.startswith(".")} == {
        made.name
    }


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda cells: cells[2].update(source=STUB), "Exercise 1: the mask: this gap is still empty (line 4)"),
        (lambda cells: cells[2].update(source="# later"), "Exercise 1: the mask: this gap is still empty"),
        (lambda cells: cells[2].update(source="def f(:\n    pass"), "Exercise 1: the mask: this is not Python yet (line 1: "),
        (lambda cells: cells[2].update(source="%time x = 1\ny = (\n"), "(line 2: "),
        (lambda cells: cells[4].update(source="YOUR ANSWER HERE"), "Exercise 1: the mask: this answer is still empty"),
        (lambda cells: cells.pop(2), "the cell causal-mask is gone"),
        (lambda cells: cells.append(cells[3]), "the cell causal-mask-test occurs 2 times"),
        (lambda cells: cells[2].update(cell_type="markdown"), "the cell causal-mask is of another kind now: turn it back into Code"),
        (lambda cells: [one.update(metadata={}) for one in cells], "all marks of the exercises are gone"),
    ],
)  # fmt: skip
def test_what_costs_points_is_named_and_packed_all_the_same(
    chapter: Path, capsys: pytest.CaptureFixture[str], change: Any, told: str
) -> None:
    cells = notebook()
    change(cells)
    write(chapter, NAME, cells)
    submit(student="ana")
    assert [line for line in capsys.readouterr().out.splitlines() if "⚠" in line and told in line]
    assert names_in(chapter / "ch03-ana.zip") == [f"{NAME}.ipynb"]


def test_the_start_page_says_which_cells_there_should_be(chapter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    course = [
        {
            "name": "ch03",
            "notebooks": [{"name": NAME, "exercises": {"causal-mask": ["causal-mask-test"], "b": ["b-test"]}}],
        }
    ]
    about = {"metadata": {"llmkit": {"language": "en", "course": course}}}
    (chapter.parent / START_PAGE).write_text(json.dumps(about), encoding="utf-8")
    submit(student="ana")
    said = capsys.readouterr().out
    assert "the cell b is gone" in said and "the cell b-test is gone" in said and "causal-mask is gone" not in said


@pytest.mark.parametrize(
    ("ran", "warned"),
    [
        (["", RIGHT, "llmkit.submit()"], False),
        (["", "def causal_mask(size):\n    return 2", RIGHT, "llmkit.submit()"], False),
        (["", RIGHT, "def causal_mask(size):\n    return 2", "llmkit.submit()"], True),
        (["", "x = 3", "llmkit.submit()"], False),
    ],
)
def test_an_answer_that_ran_and_is_not_saved_is_told(
    chapter: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, ran: list[str], warned: bool
) -> None:
    shell = types.SimpleNamespace(history_manager=types.SimpleNamespace(input_hist_raw=ran))
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    monkeypatch.setattr(runtime, "environment", lambda: "jupyter")
    submit(student="ana")
    assert ("save the notebook" in capsys.readouterr().out) is warned


def test_who_hands_in_is_asked_once(chapter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotHandedIn, match=r'llmkit\.submit\(student="ana"\)') as error:
        submit()
    assert error.value._render_traceback_() == [str(error.value)]
    monkeypatch.setenv("JUPYTERHUB_USER", "hub-name")
    submit()
    submit("ana.silva@uni.br")
    submit()
    (chapter / "ch03-hub-name.zip").unlink()
    (chapter / "ch03-ana.silva@uni.br.zip").unlink()
    submit()
    assert [path.name for path in chapter.glob("*.zip")] == ["ch03-ana.silva@uni.br.zip"]


@pytest.mark.parametrize("name", ["", "ana silva", "../ana", "joão", "-ana", "a/b", "a" * 65])
def test_an_id_that_cannot_be_a_files_name_is_refused(chapter: Path, name: str) -> None:
    with pytest.raises(NotHandedIn, match="is no id"):
        submit(name)
    assert not list(chapter.glob("*.zip"))


@pytest.mark.parametrize("name", ["LLMKIT_GRADING", "LLMKIT_QUICK"])
def test_nothing_happens_while_grading_and_in_tests(
    chapter: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.setenv(name, "1")
    submit("ana")
    assert not list(chapter.glob("*.zip")) and "Nothing is handed in" in capsys.readouterr().out


def test_what_cannot_be_packed_says_why(tmp_path: Path, chapter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotHandedIn, match="no notebook of ch05"):
        submit("ana", "ch05")

    def full(*_given: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(hand_in.zipfile.ZipFile, "writestr", full)
    with pytest.raises(NotHandedIn, match="No space left on device"):
        submit("ana")
    assert not [path for path in chapter.iterdir() if path.suffix != ".ipynb"]
    monkeypatch.setattr(opened, "_opened", None)
    with pytest.raises(NotHandedIn, match="Run its first code cell"):
        submit("ana")


def colab(monkeypatch: pytest.MonkeyPatch, answer: Any) -> list[str]:
    """Colab's modules, whose page answers with this; returns the files that are downloaded."""
    downloaded: list[str] = []

    def blocking_request(name: str, timeout_sec: float) -> Any:
        assert name == "get_ipynb" and timeout_sec > 0
        return answer

    here = types.ModuleType("google.colab")
    here._message = types.SimpleNamespace(blocking_request=blocking_request)  # type: ignore[attr-defined]
    here.files = types.SimpleNamespace(download=downloaded.append)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", here)
    return downloaded


def test_in_colab_the_page_itself_is_packed_and_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = {"cells": notebook(STUB), "metadata": {"colab": {}}, "nbformat": 4, "nbformat_minor": 0}
    downloaded = colab(monkeypatch, {"ipynb": page})
    opened.remember(f"ch03/{NAME}")
    submit("ana")
    assert downloaded == [str(tmp_path / "ch03-ana.zip")]
    with zipfile.ZipFile(downloaded[0]) as archive:
        assert json.loads(archive.read(f"{NAME}.ipynb")) == page
    said = capsys.readouterr().out
    assert "this gap is still empty (line 4)" in said and "this notebook only" in said


def test_a_page_of_colab_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert colab(monkeypatch, None) == []
    opened.remember(f"ch03/{NAME}")
    with pytest.raises(NotHandedIn, match="hand in that file"):
        submit("ana")
    assert not list(tmp_path.glob("*.zip"))


@pytest.mark.parametrize("where", [".", "ch03", "release/pt-BR/ch03"])
def test_the_command_finds_the_chapters_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    folder = tmp_path / ("ch03" if where == "." else where)
    write(folder, NAME, notebook(STUB, lang="pt-BR"))
    if where == ".":
        monkeypatch.chdir(folder)
    with i18n.using("en"):
        done = CliRunner().invoke(app, ["submit", "ch03", "--student", "ana", "--lang", "pt-BR"])
    assert done.exit_code == 0 and "esta lacuna ainda está vazia (linha 4)" in done.output
    assert names_in(folder / "ch03-ana.zip") == [f"{NAME}.ipynb"]


def test_the_command_says_in_one_line_what_it_lacks(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["submit", "ch03", "--student", "ana"])
    assert (
        done.exit_code == 2 and done.output.count("\n") == 1 and "error: There is no notebook of ch03 in" in done.output
    )


@pytest.mark.parametrize(
    ("below", "told"),
    [
        ([("hand-in", "## Hand in")], True),
        ([], True),
        ([("3f9a1c2e", "  "), ("hand-in", "## Hand in")], True),
        ([("3f9a1c2e", "Because 2 times 2 is 4."), ("hand-in", "## Hand in")], False),
        ([("", "Because 2 times 2 is 4.")], False),  # a service has dropped all ids
    ],
)
def test_a_question_without_an_answer_is_told(below: list[tuple[str, str]], told: bool) -> None:
    question = cell("explain", "## In your own words: why? (4 points)\n\nWhy?", "markdown", task=True, locked=True)
    cells = [*notebook(), question, *({"id": id} | cell("", text, "markdown") for id, text in below)]
    found = list(findings("ch03", f"{NAME}.ipynb", opened.cells_of({"cells": cells})))
    said = "In your own words: why? (4 points): there is no answer yet: write it in a new cell below the question"
    assert found == [said] * told
