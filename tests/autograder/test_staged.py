"""A release of the first chapters: what is in it works, what is left out says when it comes, and no later answer is inside."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder import staged
from autograder.course.course import Course
from autograder.errors import CourseError, UnknownAssignment
from autograder.selection.inputs import Project
from llmkit.cells import plain_python
from llmkit.testing.reserved import RESERVED

ROOT = Path(__file__).parents[2]
COURSE = Course(ROOT)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the wheel of chapters 1 to 4 is built of."""
    place = tmp_path_factory.mktemp("staged") / "course"
    staged.copy_without(ROOT, staged.plan(COURSE, "ch04"), place)
    return place


def python(package: Path, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = os.environ | {"PYTHONPATH": str(package)} | environment
    return subprocess.run([sys.executable, "-c", code], cwd=package, env=settings, capture_output=True, text=True)


def test_a_module_with_a_later_answer_is_left_out_unless_an_earlier_notebook_uses_it() -> None:
    plan = staged.plan(COURSE, "ch04")
    assert plan.chapters == ["ch01", "ch02", "ch03", "ch04"]
    assert plan.left_out["llmkit.training.losses"] == "ch05"
    assert plan.left_out["llmkit.tasks.classifier"] == "ch06"
    assert plan.kept == {"llmkit.views.decoding": "ch04/04_generation"}
    # Chapter 4 asks for these itself: what is left out then answers later exercises only.
    assert "llmkit.models.gpt" not in plan.left_out
    project = Project(ROOT)
    reserved = [name for ask in RESERVED["ch05/03_learning_rate_and_gradients"].values() for name in ask]
    assert {project.module_of(name) for name in reserved if name.startswith("llmkit.")} <= set(plan.left_out)


def test_the_last_chapter_leaves_out_nothing() -> None:
    last = staged.in_order(COURSE.chapters)[-1]
    assert not staged.plan(COURSE, last).left_out


def test_all_that_the_notebooks_import_is_there(package: Path) -> None:
    wanted = set()
    for chapter in ("ch01", "ch02", "ch03", "ch04"):
        for notebook in COURSE.notebooks(chapter):
            for cell in notebook.nb.cells:
                if cell.cell_type == "code":
                    tree = ast.parse(plain_python(cell.source))
                    imports = (one for one in ast.walk(tree) if isinstance(one, (ast.Import, ast.ImportFrom)))
                    wanted |= {line for one in imports if "llmkit" in (line := ast.unparse(one))}
    assert len(wanted) > 20
    done = python(package, "\n".join(sorted(wanted)) + "\nprint(llmkit.__version__)")
    assert done.stderr == ""
    assert done.stdout.strip().endswith("+through.ch04")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "llmkit.tasks.classifier comes with ch06. Remedy: install the wheel"),
        ("pt-BR", "llmkit.tasks.classifier vem com o ch06. Solução: instale o wheel"),
    ],
)
def test_what_is_left_out_says_when_it_comes(package: Path, language: str, told: str) -> None:
    done = python(package, "from llmkit.tasks import SpamClassifier", LLMKIT_LANG=language)
    assert told in done.stderr.splitlines()[-1]


def test_notebooks_and_start_page_lead_nowhere_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staged, "make_wheel", lambda _course, folder: folder)
    folder = tmp_path / "out"
    (folder / "en" / "ch07").mkdir(parents=True)  # of an earlier release
    staged.make_staged(COURSE, "ch02", folder)
    for language in ("en", "pt-BR"):
        assert sorted(path.name for path in (folder / language).iterdir()) == ["00_start.ipynb", "ch01", "ch02"]
        for path in (folder / language).rglob("*.ipynb"):
            notebook = nbformat.read(path, as_version=4)
            nbformat.validate(notebook)
            for cell in notebook.cells:
                for link in staged._LINK.finditer(cell.source):
                    assert (path.parent / link[2]).resolve().is_file(), (path, link[0])
                assert "ch03/" not in cell.source
    last = nbformat.read(folder / "en" / "ch02" / "11_windows_and_embeddings.ipynb", as_version=4)
    said = "\n".join(cell.source for cell in last.cells)
    assert "Next: " in said and "[Next: " not in said


def test_an_unknown_chapter_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(UnknownAssignment, match="ch01, ch02"):
        staged.plan(COURSE, "ch99")


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(CourseError, match=r"thesis\.txt is in it.*--folder"):
        staged.make_staged(COURSE, "ch02", tmp_path)
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "years of work"
