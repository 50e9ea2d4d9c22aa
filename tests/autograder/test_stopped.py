"""What ends in mid-run, by Ctrl-C or for lack of memory, costs nobody a mark, and is told in a few lines."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from classroom import CHAPTER, HALF, RIGHT, command, hand_in, nbgrader, points, small_class

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(sys.platform != "linux", reason="side by side on Linux only"),
]

STUDENTS = ("ana", "bruno", "carla", "davi", "eva", "fabio", "gil", "hugo")
MARKS = {student: 2.0 if student == "gil" else 5.0 for student in STUDENTS}
# While the first marks are saved, something happens to {whom}, and there is time for it to be noticed.
MEANWHILE = """
import multiprocessing, os, signal, time
from autograder.gradebook import run
from autograder.grading import pool, submission
save, restart, done = run.save_marks, pool.Forks.restart, []
def save_marks(*arguments):
    save(*arguments)
    if not done:
        done.append(True)
        {whom}
        time.sleep(0.5)
def told(self, alone):
    print("RESTART, ALONE:", alone)
    restart(self, alone)
if not hasattr(run, "changed"):  # nbgrader reads this twice
    run.save_marks, pool.Forks.restart, run.changed = save_marks, told, True
"""


def small_class_of_eight(folder: Path, whom: str) -> Path:
    small_class(folder, MEANWHILE.format(whom=whom) + "c.GradingRun.workers = 2\n")
    for student in STUDENTS:
        hand_in(folder, student, HALF if student == "gil" else RIGHT)
    return folder


@pytest.mark.slow
def test_a_process_that_ends_while_marks_are_saved_costs_nobody(tmp_path: Path) -> None:
    folder = small_class_of_eight(tmp_path, "multiprocessing.active_children()[0].kill()")
    done = nbgrader(folder, "autograde", CHAPTER)
    assert done.returncode == 0, done.stderr
    assert points(folder) == MARKS and "Traceback" not in done.stderr
    # Whoever was being graded then is graded alone; the others side by side again.
    assert done.stdout.split("RESTART, ALONE: ")[1:] == ["True\n", "False\n"]


@pytest.mark.slow
def test_a_sandbox_that_has_ended_ends_the_run_in_few_words(tmp_path: Path) -> None:
    folder = small_class_of_eight(tmp_path, "submission.open_once('bubblewrap')._process.kill()")
    done = nbgrader(folder, "autograde", CHAPTER)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    # Whoever is being graded then is told of it, whoever comes later that the run has stopped.
    assert "not graded: hugo: " in done.stderr and ": the sandbox has ended" in done.stderr
    config = folder / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8").replace("if not done", "if False"), encoding="utf-8")
    done = nbgrader(folder, "autograde", CHAPTER)
    assert done.returncode == 0, done.stderr
    assert points(folder) == MARKS


@pytest.mark.slow
def test_ctrl_c_in_a_terminal_ends_with_who_was_not_graded(tmp_path: Path) -> None:
    """The terminal sends it to every process of the command; the sandbox stays until the command ends it."""
    pressed = """try:
            os.killpg(0, signal.SIGINT)
        finally:
            time.sleep(0.5)
            print("SANDBOX:", submission.open_once("bubblewrap")._process.poll())"""
    folder = small_class_of_eight(tmp_path, pressed)
    line, environment = command(folder, "autograde", CHAPTER)
    done = subprocess.run(
        line, cwd=folder, env=environment, capture_output=True, text=True, check=False, start_new_session=True
    )
    assert done.returncode == -signal.SIGINT
    assert done.stderr.splitlines()[-1].endswith(
        "hugo: the run was stopped before. Remedy: run the same command again."
    )
    assert "Traceback" not in done.stderr and "SANDBOX: None" in done.stdout


FORMGRADER = """
from pathlib import Path
from nbgrader.apps import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader
from autograder.grading.submission import open_once
app = NbGrader()
app.initialize([])
api = NbGraderAPI(config=app.config)
source = Path("source/ch01/01_small.ipynb")
def grade():
    done = api.autograde("ch01", "ana")
    with api.gradebook as book:
        print("MARK:", done["success"], book.find_submission("ch01", "ana").score)
grade()
source.write_text(source.read_text().replace("-2469134)", "-246913)"))
grade()
source.write_text(source.read_text().replace("-246913)", "-2469134)"))
open_once("bubblewrap")._process.kill()
grade()
"""


@pytest.mark.slow
def test_the_formgrader_sees_an_edited_test_and_survives_its_sandbox(tmp_path: Path) -> None:
    """Its process lives on from one click to the next."""
    folder = small_class(tmp_path)
    hand_in(folder, "ana", RIGHT)
    _line, environment = command(folder)
    done = subprocess.run(
        [sys.executable, "-c", FORMGRADER], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    marks = [line for line in done.stdout.splitlines() if line.startswith("MARK")]
    assert marks == ["MARK: True 5.0", "MARK: True 3.5", "MARK: True 5.0"], done.stderr
