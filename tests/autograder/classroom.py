"""A course of one small notebook in nbgrader's hands, students who hand it in, and nbgrader's own commands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from small_course import SECOND_GAP, code, source_notebook, write_course

ROOT = Path(__file__).parents[2]
CHAPTER, NAME = "ch01", "01_small"
PLUGIN = """
from autograder.nbgrader_plugin import configure
c = get_config()
configure(c)
c.JudgeSubmission.call_seconds = 2
"""
# Worth 2 and 3 points; the cell that a person marks has 4.
RIGHT = {
    "double": "def double(number):\n    return 2 * number",
    "counter": "\n".join(line for line in SECOND_GAP.splitlines() if "### " not in line),
}
HALF = {"double": RIGHT["double"]}


def command(folder: Path, *arguments: str, path: str | None = None) -> tuple[list[str], dict[str, str]]:
    """How nbgrader is called in a course, and its environment."""
    programs = path if path is not None else os.environ["PATH"]
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), programs]),
    }
    return [sys.executable, "-m", "nbgrader", *arguments], environment


def nbgrader(folder: Path, *arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """Runs one of nbgrader's commands in a course."""
    line, environment = command(folder, *arguments, path=path)
    return subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def small_class(folder: Path, config: str = "") -> Path:
    """Makes the course and its release."""
    notebook = source_notebook()
    flags = {"grade": True, "solution": True, "points": 4}
    notebook.cells.insert(-1, code("essay", "# Your thoughts.", "essay", **flags))
    write_course(folder, notebook)
    (folder / "nbgrader_config.py").write_text(PLUGIN + config, encoding="utf-8")
    done = nbgrader(folder, "generate_assignment", CHAPTER)
    assert done.returncode == 0, done.stderr
    return folder


def hand_in(folder: Path, student: str, answers: dict[str, str], when: str = "", release: str = "release/en") -> Path:
    """Writes a student's notebook, and with `when` a timestamp.txt; returns the notebook's path."""
    target = folder / "submitted" / student / CHAPTER / f"{NAME}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(filled(folder / release / CHAPTER / f"{NAME}.ipynb", answers), target)
    if when:
        (target.parent / "timestamp.txt").write_text(when, encoding="utf-8")
    return target


def filled(release: Path, answers: dict[str, str]) -> NotebookNode:
    """A release notebook with answers in its gaps, by grade id."""
    notebook = nbformat.read(release, as_version=4)
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.get(grade_id, cell.source)
    return notebook


def book(folder: Path) -> Gradebook:
    """The course's gradebook, to be used in a with statement."""
    return Gradebook(f"sqlite:///{folder / 'gradebook.db'}")


def points(folder: Path, chapter: str = CHAPTER) -> dict[str, float]:
    """Each student's score, as nbgrader has it."""
    with book(folder) as gradebook:
        return {s.student_id: s.score for s in gradebook.assignment_submissions(chapter)}


def two_runs_at_once(folder: Path) -> list[str]:
    """What two gradings that share the class say; both end well."""
    line, environment = command(folder, "autograde", CHAPTER)
    runs = [
        subprocess.Popen(line, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    said = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    return said
