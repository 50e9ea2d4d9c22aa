"""`llmkit.solution`: when it shows the course's solution, and what it says where it does not."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path
from typing import Any

import nbformat
import pytest

from llmkit import comparison, opened, passed, runtime, solution
from llmkit.passed import Marks
from llmkit.views.difference import Difference

NAME = "01_words"
COMMIT = "0123456789012345678901234567890123456789"


def write(path: Path, code: str, lang: str = "en") -> None:
    def cell(id: str, source: str, **flags: Any) -> Any:
        made = nbformat.v4.new_code_cell(source, id=id)
        if flags:
            made.metadata["nbgrader"] = {"grade_id": id, "schema_version": 3, "locked": False, **flags}
        return made

    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        cell("setup", f'import llmkit\n\nllmkit.start("ch01/{NAME}", lang="{lang}")'),
        cell("double", code, solution=True, grade=False),
        cell("double-test", "check.report()", solution=False, grade=True, points=2),
        cell("double-test-more", "check.report()", solution=False, grade=True, points=1),
        cell("triple", "raise NotImplementedError", solution=True, grade=False),
        cell("triple-test", "check.report()", solution=False, grade=True, points=1),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with its solutions, one of its notebooks open."""
    for name in ("LLMKIT_QUICK", "LLMKIT_GRADING", "LLMKIT_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LLMKIT_CACHE", str(tmp_path / "cache"))
    write(tmp_path / f"release/en/ch01/{NAME}.ipynb", "def double(n):\n    return n + n")
    write(tmp_path / f"solutions/en/ch01/{NAME}.ipynb", "def double(n):\n    return 2 * n")
    monkeypatch.chdir(tmp_path / "release/en/ch01")
    monkeypatch.setattr(opened, "_opened", opened.Opened("ch01", NAME, Path.cwd()))
    return tmp_path


@pytest.fixture
def without_solutions(course: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A student who has the notebooks, and a wheel of llmkit."""
    (course / f"solutions/en/ch01/{NAME}.ipynb").unlink()
    monkeypatch.setattr(comparison, "__file__", str(course / "site-packages/llmkit/comparison.py"))
    return course


def origin(monkeypatch: pytest.MonkeyPatch, **content: Any) -> None:
    class Installed:
        def read_text(self, name: str) -> str | None:
            return json.dumps(content) if name == "direct_url.json" and content else None

    monkeypatch.setattr(metadata, "distribution", lambda name: Installed())


def test_it_is_shown_beside_the_students_code_after_full_marks(course: Path) -> None:
    passed.note_marks("en", {"ch01/double": Marks(3, 3)})
    for name in ("double", "ch01/double"):
        shown = solution(name)
        assert isinstance(shown, Difference)
        assert "-     return n + n\n+     return 2 * n" in str(shown)
        assert f'href="../../../solutions/en/ch01/{NAME}.ipynb"' in shown._repr_html_()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            [],
            "First let the grader look at your code. Save the notebook and type in a terminal: llmkit check ch01/double\n",
        ),
        ([Marks(1.5, 3)], "ch01/double has 1.5 of 3 points so far."),
        ([Marks(3, 3), Marks(2, 3)], "ch01/double has 2 of 3 points so far."),  # the last check counts
    ],
)
def test_before_it_says_what_is_missing(
    course: Path, capsys: pytest.CaptureFixture[str], given: list[Marks], told: str
) -> None:
    for marks in given:
        passed.note_marks("en", {"ch01/double": marks})
    passed.note_marks("pt-BR", {"ch01/double": Marks(3, 3)})  # of other notebooks
    assert solution("double") is None
    said = capsys.readouterr().out
    assert told in said and "2 * n" not in said


def test_a_name_that_the_notebook_does_not_have(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert solution("duble") is None and solution("nonsense") is None
    assert capsys.readouterr().out.splitlines() == [
        "This notebook has no exercise duble. Do you mean double?",
        "This notebook has no exercise nonsense. It has: double, triple",
    ]


def test_a_renamed_notebook_is_found_by_what_it_holds(course: Path) -> None:
    Path(f"{NAME}.ipynb").rename("my copy.ipynb")
    passed.note_marks("en", {"ch01/double": Marks(3, 3)})
    assert isinstance(solution("double"), Difference)


def test_nothing_is_shown_while_grading_or_before_the_notebook_has_started(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    passed.note_marks("en", {"ch01/double": Marks(3, 3)})
    with monkeypatch.context() as patched:
        patched.setenv("LLMKIT_GRADING", "1")
        assert solution("double") is None
    monkeypatch.setattr(opened, "_opened", None)
    assert solution("double") is None
    said = capsys.readouterr().out
    assert "2 * n" not in said and "tested or graded" in said and "Run its first code cell" in said


def test_who_has_only_the_wheel_is_told_where_it_is(
    without_solutions: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def said() -> str:
        assert solution("double") is None
        return capsys.readouterr().out

    origin(monkeypatch, url="https://github.com/ada/course", vcs_info={"requested_revision": "v1", "commit_id": COMMIT})
    passed._add({"test": "ch01/double-test"})
    assert "First let the tests below double pass" in said()  # another of its tests has not
    passed._add({"test": "ch01/double-test-more"})
    address = f"https://github.com/ada/course/blob/v1/solutions/en/ch01/{NAME}.ipynb"
    assert said() == f"The course's solution: {address}\n"
    origin(monkeypatch, url="https://github.com/ada/course.git", vcs_info={"commit_id": COMMIT})
    assert f"/ada/course/blob/{COMMIT}/solutions/" in said()
    nowhere = f"The course's solution is in the course's repository: solutions/en/ch01/{NAME}.ipynb\n"
    for url, info in (("file:///tmp/llmkit.whl", {}), ("https://example.org/a/b", {"vcs_info": {"commit_id": COMMIT}})):
        origin(monkeypatch, url=url, **info)
        assert said() == nowhere
    origin(monkeypatch)
    assert said() == nowhere


def test_in_colab_the_cells_are_those_on_the_page(
    without_solutions: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = json.loads(Path(f"{NAME}.ipynb").read_text(encoding="utf-8"))
    Path(f"{NAME}.ipynb").unlink()
    monkeypatch.setattr(runtime, "environment", lambda: "colab")
    monkeypatch.setattr(opened, "live_notebook", lambda seconds=0: page)
    origin(monkeypatch, url="https://github.com/ada/course", vcs_info={"requested_revision": "v1", "commit_id": COMMIT})
    passed._in_colab.cache_clear()
    passed._add({"test": "ch01/triple-test"})
    assert solution("triple") is None
    passed._in_colab.cache_clear()
    assert capsys.readouterr().out.endswith(f"/blob/v1/solutions/en/ch01/{NAME}.ipynb\n")


def test_marks_are_kept_through_damage_and_a_full_disk(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passed.note_marks("en", {"ch01/double": Marks(3, 3)})
    before = passed.file().read_bytes()
    passed.note_marks("en", {"ch01/double": Marks(3, 3)})
    assert passed.file().read_bytes() == before  # what is known is not written again
    passed.file().write_bytes(before + b'{"exercise": "ch01/double", "lang": "en", "earned": "x"}\n[3]\n{"exerc')
    assert passed.marks("en") == {"ch01/double": Marks(3, 3)} and passed.tests() == {}

    def full(record: dict[str, Any]) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(passed, "_add", full)
    passed.note_marks("en", {"ch01/double": Marks(1, 3)})
    assert passed.marks("en")["ch01/double"].full
