"""A self-learner's own notebooks: one by name, all at once, and again only what has changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.cli import show
from autograder.course.course import Course
from autograder.errors import CourseError, UnknownAssignment
from autograder.grading import own
from autograder.grading.own import grade_own, own_files
from autograder.judge.marks import CellMark, NotebookMark
from llmkit import cli, i18n, passed

ROOT = Path(__file__).parents[2]
NAMES = ("02_self_attention", "03_causal_attention")


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """Two notebooks of chapter 3, the second solved."""
    monkeypatch.setenv("LLMKIT_CACHE", str(tmp_path / "cache"))
    for name in NAMES:
        done = "solutions" if name.startswith("03") else "release"
        for origin, place in ((ROOT / "source/ch03", "source/ch03"), (ROOT / done / "en/ch03", "release/en/ch03")):
            (tmp_path / place).mkdir(parents=True, exist_ok=True)
            shutil.copy(origin / f"{name}.ipynb", tmp_path / place)
    return Course(tmp_path)


def test_a_name_is_a_chapter_a_notebook_or_an_exercise(course: Course) -> None:
    assert [file.stem for file in own_files(course, "ch03", "en")] == list(NAMES)
    assert [file.stem for file in own_files(course, "ch03/02_self_attention", "en")] == [NAMES[0]]
    assert [file.stem for file in own_files(course, "ch03/causal-mask", "en")] == [NAMES[1]]
    with pytest.raises(UnknownAssignment, match="perhaps you mean ch03/causal-mask"):
        own_files(course, "ch03/causal-masks", "en")
    with pytest.raises(CourseError, match="choose a language and a chapter"):
        own_files(course, "ch09", "en")


def test_notebooks_are_graded_side_by_side_and_again_only_when_they_change(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = {mark.name: mark for mark in grade_own("ch03", "en", course)}
    assert [first[name].earned for name in NAMES] == [0, first[NAMES[1]].points] and first[NAMES[1]].points == 13
    graded: list[list[str]] = []

    def none_graded(course: Course, files: list[Path], only: str) -> list[tuple[Path, object]]:
        graded.append([file.stem for file in files])
        return []

    monkeypatch.setattr(own, "_grade", none_graded)
    assert {mark.name: mark for mark in grade_own("ch03", "en", course)} == first
    changed = course.root / f"release/en/ch03/{NAMES[0]}.ipynb"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert [mark.name for mark in grade_own("ch03", "en", course)] == [NAMES[1]]
    source = course.root / f"source/ch03/{NAMES[1]}.ipynb"
    source.write_text(source.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert list(grade_own("ch03", "en", course)) == []
    assert graded == [[], [NAMES[0]], list(NAMES)]


def test_of_an_exercise_only_its_tests_run(course: Course) -> None:
    (mark,) = grade_own("ch03/causal-mask", "en", course)
    assert [cell.exercise for cell in mark.cells] == ["causal-mask"] and mark.earned == mark.points > 0


def test_marks_that_were_kept_damaged_are_made_again(course: Course) -> None:
    (before,) = grade_own("ch03/causal-mask", "en", course)
    (kept,) = (Path(str(own.cache())) / "checked").glob("*.json")
    kept.write_text("{", encoding="utf-8")
    (after,) = grade_own("ch03/causal-mask", "en", course)
    assert after.cells == before.cells


def test_only_cells_that_are_graded_call_for_optimisers(course: Course) -> None:
    shown = course.root / f"release/en/ch03/{NAMES[0]}.ipynb"
    assert "optim" in shown.read_text(encoding="utf-8")  # in a cell that only shows something
    assert not own._makes_optimizers(shown)
    assert own._makes_optimizers(ROOT / "release/en/ch05/02_training_loop.ipynb")
    shown.write_text('{"cells": 3}', encoding="utf-8")
    assert own._makes_optimizers(shown)  # nobody knows


def test_the_command_shows_marks_and_then_solutions(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LLMKIT_LANG", raising=False)
    monkeypatch.setenv("COLUMNS", "140")
    (course.root / "pyproject.toml").touch()  # as a course has it
    monkeypatch.chdir(course.root)
    path = course.root / f"release/en/ch03/{NAMES[1]}.ipynb"
    solved = path.read_text(encoding="utf-8")
    path.write_text(
        solved.replace("length = scores.shape[-1]", "length = scores.size(-1)").replace(
            "weights @ values", "weights @ x"
        ),
        encoding="utf-8",
    )

    def said(*arguments: str) -> str:
        done = CliRunner().invoke(cli.app, ["check", *arguments])
        assert done.exit_code == 0, done.output
        return done.output

    checked = said("ch03")
    assert checked.index(NAMES[0]) < checked.index(NAMES[1])  # in the course's order
    assert "for each exercise with all its points: llmkit check ch03 --solution" in checked
    assert passed.marks("en")["ch03/masked-attention-weights"] == passed.Marks(3, 3)
    monkeypatch.setattr(own, "_grade", lambda course, files, only: pytest.fail(str(files)) if files else [])
    shown = said("ch03", "--solution")
    beside = [line for line in shown.splitlines() if "scores.size(-1)" in line]
    assert len(beside) == 1 and "length = scores.shape[-1]" in beside[0]
    assert f"solutions/en/ch03/{NAMES[1]}.ipynb" in shown
    assert "of 7 points so far. Its solution opens when it has all of them" in shown and "@ values" not in shown
    for closed in (name for name, marks in passed.marks("en").items() if not marks.full):
        assert f"{closed} has " in shown


def test_points_of_an_exercise_are_those_of_all_its_tests(course: Course) -> None:
    (mark,) = grade_own(f"ch03/{NAMES[1]}", "en", course)
    found = mark.by_exercise()
    assert sum(points for _earned, points in found.values()) == mark.points
    assert all(both[0] == both[1] for both in found.values()) and next(iter(found)) == "causal-mask"


def test_the_table_speaks_the_language_of_the_notebook(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LLMKIT_LANG", raising=False)
    empty = CellMark("causal-mask-test", 3, 0, empty=True, exercise="causal-mask")
    with i18n.using("pt-BR"):
        show(NotebookMark("03_causal_attention", [empty], notes=["[x]"]))
    said = capsys.readouterr().out
    for words in ("0 de 3 pontos", "exercício", "verificações", "Esta lacuna ainda está vazia.", "observação: [x]"):
        assert words in said
