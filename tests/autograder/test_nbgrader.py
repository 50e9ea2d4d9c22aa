"""The whole path by nbgrader's own commands: generate, hand in, autograde, feedback, export; with our plug-in, and stock."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.course.course import Course, read_notebook
from autograder.course.links import unlinked
from autograder.student.sandbox import Sandbox

# Every test here runs nbgrader several times.
pytestmark = pytest.mark.slow
# What these commands read, besides what this file imports; see `autograder.selection`.
INPUTS = (
    "autograder/nbgrader_plugin", "autograder/answers/ch03", "nbgrader_config.py", "source/ch03", "release/en/ch03",
    "README.md", "README.pt-BR.md",
)  # fmt: skip
ROOT = Path(__file__).parents[2]
NAME = "03_causal_attention"
PLUGIN = """
from autograder.nbgrader_plugin import configure
c = get_config()
configure(c)
c.JudgeSubmission.call_seconds = 2
"""
STOCK = """
c = get_config()
c.CourseDirectory.release_directory = "release/en"
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\\nraise NotImplementedError"}
"""


def nbgrader(folder: Path, *command: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    programs = path if path is not None else os.environ["PATH"]
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), programs]),
    }
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def make_course(folder: Path, config: str) -> Path:
    (folder / "source/ch03").mkdir(parents=True)
    shutil.copy(ROOT / f"source/ch03/{NAME}.ipynb", folder / "source/ch03")
    (folder / "nbgrader_config.py").write_text(config)
    done = nbgrader(folder, "generate_assignment", "ch03")
    assert done.returncode == 0, done.stderr
    return folder


def hand_in(folder: Path, student: str, answers: dict[str, str]) -> Path:
    notebook = nbformat.read(folder / f"release/en/ch03/{NAME}.ipynb", as_version=4)
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.get(grade_id, cell.source)
    target = folder / "submitted" / student / "ch03" / f"{NAME}.ipynb"
    target.parent.mkdir(parents=True)
    nbformat.write(notebook, target)
    return target


@pytest.fixture(scope="module")
def solutions() -> dict[str, str]:
    return {e.grade_id: e.solution for e in Course(ROOT).exercises("ch03") if e.notebook == NAME}


def points(folder: Path) -> dict[str, float]:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        return {s.student_id: s.score for s in gradebook.assignment_submissions("ch03")}


def test_generate_assignment_makes_the_committed_release(tmp_path: Path) -> None:
    make_course(tmp_path, PLUGIN)
    made = tmp_path / f"release/en/ch03/{NAME}.ipynb"
    committed = read_notebook(ROOT / f"release/en/ch03/{NAME}.ipynb")
    assert nbformat.writes(unlinked(read_notebook(made))) == nbformat.writes(unlinked(committed))


def instructors_lines(readme: str) -> list[str]:
    """The nbgrader commands of a README, as they stand there."""
    return re.findall(r"^(nbgrader [a-z_]+(?: ch03)?) +#", (ROOT / readme).read_text(encoding="utf-8"), flags=re.M)


@pytest.mark.sandbox
@pytest.mark.parametrize("readme", ["README.md", "README.pt-BR.md"])
def test_the_lines_of_the_readme_end_in_marks_and_feedback(
    tmp_path: Path, readme: str, solutions: dict[str, str]
) -> None:
    """On what a fresh clone has: the release is there, and no gradebook."""
    lines = instructors_lines(readme)
    assert [line.split()[1] for line in lines] == ["generate_assignment", "autograde", "generate_feedback", "export"]
    for folder in ("source/ch03", "release/en/ch03"):
        (tmp_path / folder).mkdir(parents=True)
        shutil.copy(ROOT / folder / f"{NAME}.ipynb", tmp_path / folder)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    before = (tmp_path / f"release/en/ch03/{NAME}.ipynb").read_bytes()
    hand_in(tmp_path, "ana", solutions)
    for line in lines:
        done = nbgrader(tmp_path, *line.split()[1:])
        assert done.returncode == 0 and "Traceback" not in done.stderr, f"{line}: {done.stderr}"
    assert (tmp_path / f"release/en/ch03/{NAME}.ipynb").read_bytes() == before
    with (tmp_path / "grades.csv").open(encoding="utf-8") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["student_id"], float(row["score"]), float(row["max_score"])) == ("ana", 13, 13)
    page = (tmp_path / f"feedback/ana/ch03/{NAME}.html").read_text(encoding="utf-8")
    assert "13 of 13 points" in page


@pytest.mark.sandbox
def test_an_assignment_is_registered_whatever_command_comes_first(tmp_path: Path) -> None:
    (tmp_path / "source/ch03").mkdir(parents=True)
    shutil.copy(ROOT / f"source/ch03/{NAME}.ipynb", tmp_path / "source/ch03")
    (tmp_path / "release/en").mkdir(parents=True)
    shutil.copytree(ROOT / "release/en/ch03", tmp_path / "release/en/ch03")
    (tmp_path / "nbgrader_config.py").write_text(PLUGIN)
    hand_in(tmp_path, "ana", {})
    done = nbgrader(tmp_path, "autograde", "ch03")
    assert done.returncode == 0 and "ch03 is in the gradebook now: 1 notebooks, 13 points" in done.stderr, done.stderr
    assert points(tmp_path) == {"ana": 0}
    again = nbgrader(tmp_path, "autograde", "ch03", "--force")
    assert again.returncode == 0 and "is in the gradebook now" not in again.stderr
    missing = nbgrader(tmp_path, "autograde", "ch99")
    assert missing.returncode != 0


@pytest.mark.sandbox
def test_a_class_is_graded_and_gets_feedback(tmp_path: Path, bubblewrap: Sandbox, solutions: dict[str, str]) -> None:
    folder = make_course(tmp_path, PLUGIN)
    name = "masked-attention-weights"
    hand_in(folder, "right", solutions)
    hand_in(folder, "blank", {})
    hand_in(
        folder,
        "noisy",
        {
            k: "import sys, warnings\nwarnings.warn('w')\nprint('e', file=sys.stderr)\n" + v
            for k, v in solutions.items()
        },
    )
    hand_in(folder, "loop", solutions | {name: "def masked_attention_weights(scores):\n    while True: pass"})
    hand_in(folder, "crash", solutions | {name: "import os\nos._exit(1)"})
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    hand_in(folder, "script", solutions | {name: f"from IPython.display import HTML\nHTML({evil!r})"})
    hand_in(folder, "torn", solutions).write_text('{"cells": [')

    done = nbgrader(folder, "autograde", "ch03")
    assert done.returncode != 0, "an unreadable notebook must be told by the exit status"
    assert re.search(r"torn.*cut off.*What to do", done.stderr), done.stderr
    assert "Traceback" not in done.stderr, "one line has said it"

    graded = points(folder)
    assert graded == {"torn": 0, "right": 13, "blank": 0, "noisy": 13, "loop": 10, "crash": 10, "script": 10}

    assert nbgrader(folder, "generate_feedback", "ch03").returncode == 0
    pages = {s: (folder / f"feedback/{s}/ch03/{NAME}.html").read_text() for s in graded}
    assert "still empty" in pages["blank"]
    assert "cut off before its end" in pages["torn"] and "still empty" not in pages["torn"]
    assert "never ends" in pages["loop"] and "ended the Python process" in pages["crash"]
    source = (ROOT / f"source/ch03/{NAME}.ipynb").read_text()
    assert "row_by_row" in source and not any("row_by_row" in page for page in pages.values()), (
        "hidden tests stay hidden"
    )
    assert "<script>alert(1)" not in pages["script"] and "onerror" not in pages["script"].replace(
        "onerror=alert(2)&gt;", ""
    )

    assert nbgrader(folder, "export").returncode == 0
    with (folder / "grades.csv").open() as stream:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(stream)}
    assert rows["right"] == 13 and rows["loop"] == 10

    again = nbgrader(folder, "autograde", "ch03", "--student", "right", "--force")
    assert again.returncode == 0 and points(folder)["right"] == 13


@pytest.mark.slow
@pytest.mark.sandbox
def test_each_notebook_of_a_student_stands_for_itself(tmp_path: Path) -> None:
    """A torn third notebook of four, names swapped, one handed in twice, links: each costs its own points at most."""
    for folder in ("source", "solutions/en"):
        shutil.copytree(ROOT / folder / "ch03", tmp_path / folder / "ch03")
    (tmp_path / "nbgrader_config.py").write_text(PLUGIN)
    solved = {path.stem: path.read_bytes() for path in sorted((tmp_path / "solutions/en/ch03").glob("*.ipynb"))}
    first, second, third, fourth = solved
    submitted = {
        "torn": solved | {third: solved[third][:9000]},
        "swapped": solved | {third: solved[fourth], fourth: solved[third]},
        "twice": solved | {fourth: solved[third]},
        "linked": {first: solved[first]},
    }
    for student, files in submitted.items():
        target = tmp_path / "submitted" / student / "ch03"
        target.mkdir(parents=True)
        for name, data in files.items():
            (target / f"{name}.ipynb").write_bytes(data)
    (target / f"{second}.ipynb").symlink_to(tmp_path / f"solutions/en/ch03/{second}.ipynb")
    (target / "data.csv").symlink_to(tmp_path / f"source/ch03/{second}.ipynb")
    done = nbgrader(tmp_path, "autograde", "ch03")
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    assert points(tmp_path) == {"torn": 27, "swapped": 40, "twice": 28, "linked": 5}
    assert f"the file {fourth}.ipynb is another notebook, ch03/{third}" in done.stderr
    assert not (tmp_path / "autograded/linked/ch03/data.csv").exists(), "a link would lead to the hidden tests"
    assert nbgrader(tmp_path, "generate_feedback", "ch03", "--student", "torn").returncode == 0
    pages = {name: (tmp_path / f"feedback/torn/ch03/{name}.html").read_text(encoding="utf-8") for name in solved}
    assert [name for name, page in pages.items() if "cut off before its end" in page] == [third]


FORMGRADER = """
import sys
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from autograder.nbgrader_plugin import configure
c = Config()
configure(c)
c.CourseDirectory.root = sys.argv[1]
print(NbGraderAPI(CourseDirectory(config=c), config=c).autograde("ch03", "ana"))
"""


@pytest.mark.sandbox
def test_the_formgrader_reads_a_folder_in_the_same_way(tmp_path: Path, solutions: dict[str, str]) -> None:
    folder = make_course(tmp_path, PLUGIN)
    path = hand_in(folder, "ana", solutions)
    path.rename(path.with_name("any name.ipynb"))
    done = subprocess.run(
        [sys.executable, "-c", FORMGRADER, str(folder)],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "'success': True" in done.stdout, done.stdout + done.stderr
    assert points(folder) == {"ana": 13}


@pytest.mark.sandbox
def test_nothing_is_graded_when_the_sandbox_cannot_start(tmp_path: Path, solutions: dict[str, str]) -> None:
    folder = make_course(tmp_path / "course", PLUGIN)
    hand_in(folder, "right", solutions)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "bwrap").write_text("#!/bin/sh\necho 'bwrap: no namespaces here' >&2\nexit 1\n")
    (programs / "bwrap").chmod(0o755)
    before = (folder / "gradebook.db").read_bytes()
    done = nbgrader(folder, "autograde", "ch03", path=f"{programs}:/usr/bin:/bin")
    assert done.returncode != 0 and "nothing was graded" in done.stderr and "no namespaces here" in done.stderr
    assert not (folder / "autograded" / "right").exists() and (folder / "gradebook.db").read_bytes() == before


def test_a_missing_source_is_named(tmp_path: Path, bubblewrap: Sandbox, solutions: dict[str, str]) -> None:
    folder = make_course(tmp_path, PLUGIN)
    hand_in(folder, "right", solutions)
    (folder / f"source/ch03/{NAME}.ipynb").unlink()
    done = nbgrader(folder, "autograde", "ch03")
    assert done.returncode != 0
    assert f"{NAME}.ipynb" in done.stderr and "is missing" in done.stderr


def test_the_same_cells_grade_under_stock_nbgrader(tmp_path: Path, solutions: dict[str, str]) -> None:
    folder = make_course(tmp_path, STOCK)
    hand_in(folder, "right", solutions)
    hand_in(folder, "blank", {})
    hand_in(folder, "half", {"causal-mask": solutions["causal-mask"]})
    done = nbgrader(folder, "autograde", "ch03")
    assert done.returncode == 0, done.stderr
    assert points(folder) == {"right": 13, "blank": 0, "half": 3}
