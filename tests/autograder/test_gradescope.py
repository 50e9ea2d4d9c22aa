"""`autograder bundle gradescope`: what Gradescope unpacks and runs grades a hand-in, and says no more than it should."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from classroom import CHAPTER, NAME, RIGHT, filled
from hypothesis import given
from hypothesis import strategies as st
from small_course import write_course
from typer.testing import CliRunner

from autograder.build.release import build
from autograder.cli import app
from autograder.course.course import Course
from autograder.grading.gradescope import VISIBILITIES, results
from autograder.judge.marks import CellMark, CheckMark, NotebookMark

# What the slow test reads, besides what this file imports; see `autograder.selection`.
INPUTS = ("autograder", "llmkit", "data", "pyproject.toml", "README.md", "LICENSE", "constraints.txt")
# By hand, the fields of https://gradescope-autograders.readthedocs.io/en/latest/specs/ that are used, and what they may hold.
RESULT = {
    "score": float,
    "execution_time": int,
    "output": str,
    "output_format": str,
    "stdout_visibility": str,
    "tests": list,
}
TEST = {
    "name": str, "score": float, "max_score": float, "status": str, "output": str, "output_format": str, "visibility": str,
}  # fmt: skip
SHARED = {  # right for the first call only
    "counter": "class Counter:\n    calls = 0\n\n    def __call__(self):\n        Counter.calls += 1\n        return Counter.calls"
}


def conforms(made: dict[str, Any]) -> None:
    assert made.keys() == RESULT.keys()
    assert all(isinstance(value, RESULT[key]) for key, value in made.items())
    for test in made["tests"]:
        assert test.keys() == TEST.keys() and all(isinstance(value, TEST[key]) for key, value in test.items())
        assert test["visibility"] in VISIBILITIES and test["status"] in ("passed", "failed")
        assert 0 <= test["score"] <= test["max_score"], test
    assert sum(test["score"] for test in made["tests"]) == pytest.approx(made["score"], abs=0.005)


checks = st.lists(
    st.builds(
        CheckMark,
        st.text(max_size=5),
        st.sampled_from([0.5, 1.0, 2.0, 3.0]),
        st.booleans(),
        st.text(max_size=9),
        st.booleans(),
    ),
    max_size=6,
)


@given(checks, st.sampled_from([1.0, 2.5, 3.0, 10.0]), st.booleans(), st.sampled_from([1.0, 0.15, 0.0]))
def test_scores_add_up_and_nothing_hidden_is_said_where_students_look(
    made: list[CheckMark], points: float, empty: bool, cap: float
) -> None:
    whole = sum(check.weight for check in made)
    fraction = sum(check.weight for check in made if check.passed) / whole if whole else 0.0
    mark = CellMark("double-test", points, 0.0 if empty else round(points * fraction * cap, 2), made, empty=empty)
    told = results([("en", NotebookMark(NAME, [mark]))], "hidden")
    conforms(told)
    assert sum(test["max_score"] for test in told["tests"]) == pytest.approx(points)
    shown = [line for test in told["tests"] if test["visibility"] == "visible" for line in test["output"].split("\n")]
    titles = {f"{'✓' if check.passed else '✗'} {check.title}" for check in made if not check.hidden}
    secret = {f"{'✓' if check.passed else '✗'} {check.title}" for check in made if check.hidden} - titles
    assert empty or not secret & set(shown) or any("\n" in check.message + check.title for check in made)


def test_a_likely_reason_found_by_hidden_tests_stays_with_them() -> None:
    mistake = {"name": "x", "explanation": "You forgot the diagonal.", "see": ""}
    passed, failed = CheckMark("seen", 1, True), CheckMark("unseen", 3, False, "expected 4, got 5", hidden=True)
    mark = CellMark("mask-test", 4, 1, [passed, failed], mistakes=[mistake], exercise="mask")
    known, secret = results([("en", NotebookMark(NAME, [mark]))], "after_published")["tests"]
    assert (known["score"], known["max_score"], known["visibility"]) == (1, 1, "visible")
    assert (secret["score"], secret["max_score"], secret["visibility"]) == (0, 3, "after_published")
    assert "diagonal" not in known["output"] and "expected 4" not in known["output"]
    assert "diagonal" in secret["output"] and "expected 4" in secret["output"]


def test_bad_choices_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write_course(tmp_path).parents[2])
    for arguments, said in ((("ch99",), "no such chapter"), ((CHAPTER, "--hidden", "never"), "choose one of hidden")):
        done = CliRunner().invoke(app, ["bundle", "gradescope", *arguments])
        assert done.exception and said in str(done.exception)


@pytest.mark.slow
@pytest.mark.sandbox
def test_the_zip_grades_a_hand_in_where_nothing_else_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folders of Gradescope's container under another root, without network and without this checkout.

    Instead of what setup.sh installs, this environment's Python is used: the test needs no package index.
    """
    course = tmp_path / "course"
    write_course(course)
    build(Course(course))
    monkeypatch.chdir(course)
    done = CliRunner().invoke(app, ["bundle", "gradescope", CHAPTER, "--folder", str(tmp_path)], catch_exceptions=False)
    assert done.exit_code == 0 and "worth 5 points" in done.stdout
    root = tmp_path / "autograder"
    with zipfile.ZipFile(tmp_path / f"gradescope-{CHAPTER}.zip") as archive:
        scripts = {name: archive.getinfo(name) for name in ("setup.sh", "run_autograder")}
        assert all(stat.S_IMODE(info.external_attr >> 16) == 0o755 for info in scripts.values())
        archive.extractall(root / "source")
    assert subprocess.run(["bash", "-n", root / "source/setup.sh"], check=False).returncode == 0
    shutil.copy(root / "source/run_autograder", root)
    (root / "results").mkdir()
    (root / "submission").mkdir()
    notebook = course / f"release/en/{CHAPTER}/{NAME}.ipynb"
    with zipfile.ZipFile(root / "submission/homework.zip", "w") as archive:
        archive.writestr("final (2).ipynb", nbformat.writes(filled(notebook, RIGHT | SHARED)))
    shutil.rmtree(course)

    def grade(path: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": path, "AUTOGRADER_ROOT": str(root), "AUTOGRADER_PYTHON": sys.executable}
        return subprocess.run(
            ["/bin/bash", root / "run_autograder"],
            env=environment,
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )

    done = grade(os.environ["PATH"])
    assert done.returncode == 0, done.stdout + done.stderr
    made = json.loads((root / "results/results.json").read_text(encoding="utf-8"))
    conforms(made)
    tests = {test["name"]: test for test in made["tests"]}
    assert set(tests) == {"double", "double: hidden tests", "counter", "counter: hidden tests"}
    assert [tests[name]["score"] for name in tests] == [0.5, 1.5, 1.5, 0] and made["score"] == 3.5
    assert tests["counter: hidden tests"]["visibility"] == "after_due_date"
    assert "✗ two counters count apart" in tests["counter: hidden tests"]["output"]
    assert "the other counter" not in tests["counter"]["output"] and "✓ the first call" in tests["counter"]["output"]
    assert "recognised by what it contains" in made["output"]

    # Nothing handed in that is a notebook: no points, and why.
    (root / "submission/homework.zip").write_bytes(b"PK torn")
    assert grade(os.environ["PATH"]).returncode == 0
    made = json.loads((root / "results/results.json").read_text(encoding="utf-8"))
    conforms(made)
    assert made["score"] == 0 and "homework.zip could not be read" in made["output"]

    # Where the sandbox cannot start, nothing is graded, and the marks of before are no answer.
    done = grade("/nowhere")
    assert done.returncode == 1 and "bubblewrap is not installed" in done.stderr
    assert not (root / "results/results.json").exists()
