"""The door to Colab: badges and install lines lead to the course's own repository, or are not there."""

from __future__ import annotations

import subprocess
from pathlib import Path
from zipfile import ZipFile

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode
from small_course import write_course

from autograder.build import bundle
from autograder.build.release import build
from autograder.course.course import Course, read_notebook
from autograder.course.links import PLAIN, Home, bundled, home_of, linked, unlinked
from autograder.course.lint import lint_chapter
from autograder.errors import CourseError
from autograder.submission.repair import repair
from llmkit.cells import grade_id, plain_python

ROOT = Path(__file__).parents[2]
HOME = Home("ada/course", "v1.0")
SOURCE = "source/ch03/03_causal_attention.ipynb"


def setup_cell(notebook: NotebookNode) -> str:
    return str(next(cell.source for cell in notebook.cells if grade_id(cell) == "setup"))


def settings(root: Path, text: str) -> Path:
    (root / "pyproject.toml").write_text(f"[tool.course]\n{text}\n", encoding="utf-8")
    return root


def remote(root: Path, address: str) -> None:
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    subprocess.run(["git", "-C", str(root), "remote", "add", "origin", address], check=True)


@pytest.mark.parametrize(
    ("address", "repository"),
    [
        ("https://github.com/ada/course.git", "ada/course"),
        ("https://token@github.com/ada/course", "ada/course"),
        ("git@github.com:ada/course.git", "ada/course"),
        ("ssh://git@github.com/ada/my.course/", "ada/my.course"),
        ("https://gitlab.com/ada/course.git", None),
        ("/srv/git/course", None),
    ],
)
def test_a_fork_works_by_itself(tmp_path: Path, address: str, repository: str | None) -> None:
    assert home_of(tmp_path) is None
    remote(tmp_path, address)
    found = home_of(tmp_path)
    assert (found and found.repository) == repository


def test_the_setting_wins_and_its_tag_is_that_of_the_version(tmp_path: Path) -> None:
    remote(tmp_path, "https://github.com/ada/fork")
    home = home_of(settings(tmp_path, 'repository = "ada/course"'))
    assert home is not None and home.repository == "ada/course" and home.ref.startswith("v")
    assert home_of(settings(tmp_path, 'repository = "ada/course"\nref = "abc123"')) == Home("ada/course", "abc123")
    with pytest.raises(CourseError, match="owner/name"):
        home_of(settings(tmp_path, 'repository = "https://github.com/ada/course"'))
    (tmp_path / "pyproject.toml").write_text("[tool.course", encoding="utf-8")
    with pytest.raises(CourseError, match=r"pyproject\.toml"):
        home_of(tmp_path)


def test_sources_have_no_links_and_the_course_has_no_placeholder() -> None:
    for path in sorted(ROOT.glob("source/*/*.ipynb")):
        assert setup_cell(read_notebook(path)).startswith(PLAIN), path
    home = home_of(ROOT)
    for path in sorted([*ROOT.glob("release/*/*/*.ipynb"), *ROOT.glob("solutions/*/*/*.ipynb")]):
        text = path.read_text(encoding="utf-8")
        assert "pip install -q llmkit" not in text, f"{path}: a bare name that anybody could register"
        if home is None:
            assert "colab.research.google.com" not in text, path


def test_a_built_notebook_opens_and_installs_what_its_repository_has() -> None:
    plain = read_notebook(ROOT / SOURCE)
    made = linked(plain, "release/pt-BR/ch03/03_causal_attention.ipynb", "pt-BR", HOME)
    address = (
        "https://colab.research.google.com/github/ada/course/blob/v1.0/release/pt-BR/ch03/03_causal_attention.ipynb"
    )
    title, badge = made.cells[0].source.split("\n\n")[:2]
    assert title.startswith("# ") and badge.startswith("[![Abrir no Colab](") and badge.endswith(f"]({address})")
    setup = setup_cell(made)
    assert (
        '    %pip install -q --no-deps "llmkit @ git+https://github.com/ada/course@v1.0"\n    import llmkit\n' in setup
    )
    compile(plain_python(setup), "setup", "exec")
    assert [cell.source for cell in unlinked(made).cells] == [cell.source for cell in plain.cells]
    # Again, and for another home, it is the same notebook with other links.
    other = linked(made, "release/en/x.ipynb", "en", Home("bob/fork", "main"))
    assert "bob/fork@main" in setup_cell(other) and "ada/course" not in nbformat.writes(other)


def test_links_are_no_change_of_the_student() -> None:
    opened = read_notebook(ROOT / "release/en/ch03/03_causal_attention.ipynb")
    for made in (linked(opened, "release/en/ch03/x.ipynb", "en", HOME), bundled(opened, "en")):
        assert [cell.source for cell in made.cells] != [cell.source for cell in opened.cells]
        rebuilt, notes = repair(made, read_notebook(ROOT / SOURCE))
        assert notes == []
        assert setup_cell(rebuilt).startswith(PLAIN)
        assert not [cell for cell in rebuilt.cells if cell.metadata.autograder.origin == "student"]


def test_lint_finds_links_in_a_source(tmp_path: Path) -> None:
    write_course(tmp_path)
    course = Course(tmp_path)
    (source,) = course.notebooks("ch01")
    assert lint_chapter([source], tmp_path) == []
    source.nb.cells[0].source = "# A title\n\n[![Open](https://colab.x/badge.svg)](https://colab.y)\n\nText."
    (problem,) = lint_chapter([source], tmp_path)
    assert "leave them out" in str(problem)


def test_new_links_are_written_without_executing_and_are_no_stale_build(tmp_path: Path) -> None:
    write_course(tmp_path)
    assert build(Course(tmp_path)) == []
    solution = tmp_path / "solutions/en/ch01/01_small.ipynb"
    marked = read_notebook(solution)
    code = next(cell for cell in marked.cells if cell.cell_type == "code")
    code.execution_count = 77
    nbformat.write(marked, solution)
    # As in a fork whose build has not run yet.
    settings(tmp_path, 'repository = "ada/course"')
    assert build(Course(tmp_path), check=True) == []
    assert build(Course(tmp_path)) == []
    again = read_notebook(solution)
    assert "blob/v" in again.cells[0].source and "/solutions/en/ch01/" in again.cells[0].source
    assert next(cell for cell in again.cells if cell.cell_type == "code").execution_count == 77
    assert "blob/v" in read_notebook(tmp_path / "release/en/ch01/01_small.ipynb").cells[0].source
    assert build(Course(tmp_path), check=True) == []


def test_a_bundle_holds_the_wheel_and_notebooks_that_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wheel(course: Course, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "llmkit-1.0-py3-none-any.whl").write_bytes(b"a wheel")
        return folder / "llmkit-1.0-py3-none-any.whl"

    monkeypatch.setattr(bundle, "make_wheel", wheel)
    made = bundle.make_bundle(Course(ROOT), "pt-BR", tmp_path)
    first = made.read_bytes()
    with ZipFile(made) as archive:
        names = archive.namelist()
        notebook = nbformat.reads(
            archive.read("llm-from-scratch/ch03/03_causal_attention.ipynb").decode(), as_version=4
        )
        assert archive.read("llm-from-scratch/llmkit-1.0-py3-none-any.whl") == b"a wheel"
        assert "Google Drive" in archive.read("llm-from-scratch/README.txt").decode()
    assert sum(name.endswith(".ipynb") for name in names) == len(list(ROOT.glob("release/pt-BR/*/*.ipynb")))
    setup = setup_cell(notebook)
    assert 'glob("*/llm-from-scratch/llmkit-*.whl")' in setup and '%pip install -q --no-deps "{wheels[-1]}"' in setup
    compile(plain_python(setup), "setup", "exec")
    assert bundle.make_bundle(Course(ROOT), "pt-BR", tmp_path).read_bytes() == first
    with pytest.raises(CourseError, match="choose a language"):
        bundle.make_bundle(Course(ROOT), "fr", tmp_path)


def test_the_cell_of_a_bundle_says_where_its_folder_belongs() -> None:
    setup = setup_cell(bundled(read_notebook(ROOT / SOURCE), "pt-BR"))
    assert "na raiz do seu Google Drive" in setup


@pytest.mark.slow
def test_the_wheel_is_small_the_same_each_time_and_without_answers(tmp_path: Path) -> None:
    first, second = (bundle.make_wheel(Course(ROOT), tmp_path / name) for name in ("a", "b"))
    assert first.read_bytes() == second.read_bytes() and first.stat().st_size <= 16e6
    with ZipFile(first) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"llmkit"}
    assert not [name for name in names if name.endswith(".ipynb")]


def test_a_wheel_that_cannot_be_built_is_told(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="could not be built"):
        bundle.make_wheel(Course(tmp_path), tmp_path / "dist")
