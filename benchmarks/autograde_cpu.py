"""CPU time of `nbgrader autograde` on copies of the solved chapter 3: with our plug-in against stock nbgrader, in the same run.

    python benchmarks/autograde_cpu.py [--copies 8]

Both grade the same submissions with the same release; the time is that of the whole command and all its children, from the operating
system's accounting.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHAPTER = "ch03"
OURS = "from autograder.nbgrader_plugin import configure\nc = get_config()\nconfigure(c)\n"
STOCK = """c = get_config()
c.CourseDirectory.release_directory = "release/en"
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\\nraise NotImplementedError"}
c.Execute.timeout = 120
"""


def course(folder: Path, config: str, copies: int) -> None:
    """Makes a course folder with a class in which everybody submits the solution."""
    from autograder.course.course import Course
    from autograder.demo.classroom import Student
    from autograder.demo.demo import hand_in

    checkout = Course.discover(ROOT)
    folder.mkdir()
    shutil.copytree(ROOT / "source" / CHAPTER, folder / "source" / CHAPTER)
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    nbgrader(folder, "generate_assignment")
    solved = {exercise.id: exercise.solution for exercise in checkout.exercises(CHAPTER)}
    for number in range(copies):
        hand_in(checkout, Student(f"student{number}", "", solved), folder)


def nbgrader(folder: Path, command: str) -> float:
    """Runs one nbgrader command; returns the CPU seconds of it and all its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", command, CHAPTER],
        cwd=folder,
        capture_output=True,
        text=True,
        env=os.environ
        | {"PYTHONPATH": str(ROOT), "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])},
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(done.stderr[-2000:])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def points(folder: Path) -> list[float]:
    """Points of every student, from the gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        return sorted(submission.score for submission in gradebook.assignment_submissions(CHAPTER))


def main() -> None:
    """Grades the same class both ways and prints the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, default=8, help="submissions to grade (default 8)")
    copies = parser.parse_args().copies
    seconds = {}
    with tempfile.TemporaryDirectory() as name:
        for label, config in (("plug-in", OURS), ("stock", STOCK)):
            folder = Path(name, label)
            course(folder, config, copies)
            seconds[label] = nbgrader(folder, "autograde")
            print(
                f"{label:8} {seconds[label]:7.1f} s CPU for {copies} submissions, points {points(folder)}", flush=True
            )
    print(f"plug-in / stock = {seconds['plug-in'] / seconds['stock']:.3f}")


if __name__ == "__main__":
    main()
