"""A class graded side by side: the same marks, a process that ends costs nobody else, one student by name."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from classroom import CHAPTER, HALF, NAME, RIGHT, command, hand_in, nbgrader, points, small_class

from autograder.student.sandbox import Sandbox

STUDENTS = {"ana": RIGHT, "bruno": HALF, "carla": {}, "davi": RIGHT, "eva": HALF}
MARKS = {"ana": 5.0, "bruno": 2.0, "carla": 0.0, "davi": 5.0, "eva": 2.0}
# A process that reads what one student handed in ends, as if the machine had no memory left.
ENDS = """
import os
from autograder.grading import submission
read = submission.handed_in
submission.handed_in = lambda folder: os._exit(9) if "davi" in str(folder) else read(folder)
"""

# What the commands read, besides what this file imports.
INPUTS = ("autograder/nbgrader_plugin", "autograder/gradebook/command.py", "autograder/cli")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="side by side on Linux only"),
]


@pytest.fixture
def class_of_five(tmp_path: Path, bubblewrap: Sandbox) -> Path:
    folder = small_class(tmp_path)
    for student, answers in STUDENTS.items():
        hand_in(folder, student, answers)
    return folder


def autograder(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs our command in a course."""
    _line, environment = command(folder)
    line = [sys.executable, "-m", "autograder", *arguments]
    return subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def graded(folder: Path, student: str) -> list[tuple[str, object]]:
    """Sources and marks of a graded notebook."""
    notebook = json.loads((folder / "autograded" / student / CHAPTER / f"{NAME}.ipynb").read_text(encoding="utf-8"))
    return [(cell["source"], cell["metadata"].get("autograder", {}).get("mark")) for cell in notebook["cells"]]


def test_side_by_side_gives_the_marks_of_one_after_another(class_of_five: Path) -> None:
    done = nbgrader(class_of_five, "autograde", CHAPTER, "--GradingRun.workers=1")
    assert done.returncode == 0, done.stderr
    assert points(class_of_five) == MARKS
    alone = {student: graded(class_of_five, student) for student in STUDENTS}
    done = autograder(class_of_five, "class", CHAPTER, "--workers", "3", "--no-resume")
    assert done.returncode == 0, done.stderr
    assert "5 graded, 0 kept as they were" in done.stderr
    assert points(class_of_five) == MARKS
    assert {student: graded(class_of_five, student) for student in STUDENTS} == alone
    done = autograder(class_of_five, "class", CHAPTER)
    assert "0 graded, 5 kept as they were" in done.stderr
    # Where nobody waits, nothing is started.
    programs = class_of_five / "programs"
    programs.mkdir()
    (programs / "bwrap").write_text("#!/bin/sh\nexit 1\n")
    (programs / "bwrap").chmod(0o755)
    done = nbgrader(class_of_five, "autograde", CHAPTER, path=f"{programs}:/usr/bin:/bin")
    assert done.returncode == 0 and "0 graded, 5 kept as they were" in done.stderr, done.stderr


def test_one_student_is_graded_by_name(class_of_five: Path) -> None:
    done = autograder(class_of_five, "class", CHAPTER, "--student", "bruno", "--student", "eva")
    assert done.returncode == 0, done.stderr
    assert points(class_of_five) == {"bruno": 2.0, "eva": 2.0}
    done = autograder(class_of_five, "class", CHAPTER, "--student", "brumo")
    assert done.returncode == 1
    assert "brumo has handed in nothing. Remedy: did you mean bruno" in done.stderr


def test_a_process_that_ends_costs_only_whoever_ended_it(class_of_five: Path) -> None:
    config = class_of_five / "nbgrader_config.py"
    whole = config.read_text(encoding="utf-8")
    config.write_text(whole + ENDS, encoding="utf-8")
    done = autograder(class_of_five, "class", CHAPTER, "--workers", "2")
    assert done.returncode == 1
    assert points(class_of_five) == {name: mark for name, mark in MARKS.items() if name != "davi"}
    assert "not graded: davi: the process that graded it has ended twice" in done.stderr
    config.write_text(whole, encoding="utf-8")
    done = autograder(class_of_five, "class", CHAPTER)
    assert "1 graded, 4 kept as they were" in done.stderr, done.stderr
    assert points(class_of_five) == MARKS


def test_settings_without_the_course_are_named(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    done = autograder(tmp_path, "class", CHAPTER)
    assert done.returncode == 2
    assert "do not load the course's plug-in. Remedy: " in done.stderr
