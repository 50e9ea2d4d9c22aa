"""Is anything lost when a grading is killed and started again? Rounds of it, at random moments.

    python benchmarks/kill_and_restart.py [--rounds 50] [--seed 1]

Each round a part of a small class hands in new work, `nbgrader autograde` is killed at a random moment (in the start, in a student's
first or second notebook, between two students; by SIGKILL, SIGTERM or Ctrl-C; now and then twice), and started again. Then every
automatic mark is that of the last submission, marks and comments by hand and late penalties are what they were, and nobody whose
grading had come to its end was graded again. Every fifth round begins with a new gradebook. Exit status 1 on the first loss.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

ROOT = Path(__file__).resolve().parents[1]
CHAPTER = "ch01"
NOTEBOOKS = {"01_double": 2, "02_triple": 3}
STUDENTS = ("ana", "bruno", "carla", "davi")
LATE, COMMENT, BY_HAND = "davi", "Well said.", 3.0
CONFIG = """
from autograder.nbgrader_plugin import configure
from nbgrader.plugins import LateSubmissionPlugin


class OnePoint(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 1.0


c = get_config()
configure(c, sandbox="{sandbox}")
c.AssignLatePenalties.plugin_class = OnePoint
"""


@dataclass
class Class:
    """A course folder, and what everybody deserves.

    Attributes:
        folder: the course.
        right: which notebooks of each student's last submission are right.
        marked: who has a mark and a comment by hand, and from then on a due date.
        penalised: who has handed in too late since there is a due date.
    """

    folder: Path
    right: dict[str, set[str]] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)
    penalised: set[str] = field(default_factory=set)

    def nbgrader(self, *arguments: str, log: Path) -> subprocess.Popen[bytes]:
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        with log.open("w") as stream:
            return subprocess.Popen(
                [sys.executable, "-m", "nbgrader", *arguments], cwd=self.folder, env=environment, stdout=stream, stderr=stream
            )  # fmt: skip

    def hand_in(self, student: str, right: set[str], essay: str) -> None:
        target = self.folder / "submitted" / student / CHAPTER
        target.mkdir(parents=True, exist_ok=True)
        for name, factor in NOTEBOOKS.items():
            body = f"return {factor if name in right else -factor} * number"
            nbformat.write(made(name, factor, body, essay), target / f"{name}.ipynb")
        (target / "timestamp.txt").write_text(f"2026-03-0{3 if student == LATE else 1} 12:00:00 -0300")
        self.right[student] = right
        if student == LATE and self.marked:
            self.penalised.add(student)

    def losses(self) -> Iterator[str]:
        """What is not in the gradebook as it should be."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as gradebook:
            for student, right in self.right.items():
                submission = gradebook.find_submission(CHAPTER, student)
                for notebook in submission.notebooks:
                    grades = {grade.name: grade for grade in notebook.grades}
                    earned, deserved = grades[f"{notebook.name}-test"].auto_score, 5.0 * (notebook.name in right)
                    if earned != deserved:
                        yield f"{student}, {notebook.name}: {earned} points, deserves {deserved}"
                    comments = {comment.name: comment.manual_comment for comment in notebook.comments}
                    essay = f"{notebook.name}-essay"
                    if student in self.marked and (grades[essay].manual_score, comments[essay]) != (BY_HAND, COMMENT):
                        yield f"{student}, {notebook.name}: by hand {grades[essay].manual_score}, {comments[essay]!r}"
                    penalty = notebook.late_submission_penalty or 0.0
                    if penalty != float(student in self.penalised):
                        yield f"{student}, {notebook.name}: {penalty} points are taken off"
                if {notebook.name for notebook in submission.notebooks} != set(NOTEBOOKS):
                    yield f"{student}: only {[notebook.name for notebook in submission.notebooks]} in the gradebook"

    def mark_by_hand(self) -> None:
        """What a person does in formgrader after the first grading."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as gradebook:
            for student in self.right:
                for name in NOTEBOOKS:
                    grade = gradebook.find_grade(f"{name}-essay", name, CHAPTER, student)
                    grade.manual_score, grade.needs_manual_grade = BY_HAND, False
                    gradebook.find_comment(f"{name}-essay", name, CHAPTER, student).manual_comment = COMMENT
            gradebook.update_or_create_assignment(CHAPTER, duedate="2026-03-02 12:00:00 UTC")
        self.marked = set(self.right)


def made(name: str, factor: int, body: str, essay: str) -> NotebookNode:
    """A notebook with one gap, its test and a cell that a person marks."""
    flags = {"schema_version": 3, "task": False}
    gap = nbformat.v4.new_code_cell(f"def times(number):\n    {body}", id=f"{name}-gap")
    gap.metadata["nbgrader"] = flags | {"grade_id": gap.id, "grade": False, "solution": True, "locked": False}
    test = nbformat.v4.new_code_cell(f"assert times(7) == {7 * factor}", id=f"{name}-test")
    test.metadata["nbgrader"] = flags | {
        "grade_id": test.id, "grade": True, "solution": False, "locked": True, "points": 5,
    }  # fmt: skip
    opinion = nbformat.v4.new_code_cell(f"# {essay}", id=f"{name}-essay")
    opinion.metadata["nbgrader"] = flags | {
        "grade_id": opinion.id, "grade": True, "solution": True, "locked": False, "points": 4,
    }  # fmt: skip
    return nbformat.v4.new_notebook(cells=[gap, test, opinion], metadata={"language_info": {"name": "python"}})


def new_class(folder: Path, sandbox: str) -> Class:
    """A course in which nothing has been done yet: what comes first registers the assignment."""
    (folder / "source" / CHAPTER).mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(CONFIG.format(sandbox=sandbox))
    for name, factor in NOTEBOOKS.items():
        body = f"### BEGIN SOLUTION\n    return {factor} * number\n    ### END SOLUTION"
        nbformat.write(made(name, factor, body, "Your thoughts."), folder / f"source/{CHAPTER}/{name}.ipynb")
    return Class(folder)


def kill(course: Class, chance: random.Random, log: Path) -> str:
    """Starts a grading and kills it at a random moment; says when and how."""
    process = course.nbgrader("autograde", CHAPTER, log=log)
    student = chance.choice(STUDENTS)
    moment = chance.choice(["start", f"'{student}': ", f"{student}, 01_double", f"{student}, 02_triple"])
    delay = chance.uniform(0, 3) if moment == "start" else chance.expovariate(8)
    how = chance.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
    while moment != "start" and moment not in log.read_text() and process.poll() is None:
        time.sleep(0.005)
    time.sleep(delay)
    process.send_signal(how)
    process.wait()
    return f"{how.name} {delay:.3f} s after {moment!r}"


def ended(log: Path) -> list[str]:
    """Those whose grading has come to its end: the next student was begun, or the sum in the end says so."""
    text = log.read_text()
    begun = re.findall(r"Creating/updating student with ID '(\w+)'", text)
    if "kept as they were" in text:
        return [student for student in begun if f"not graded: {student}:" not in text]
    return begun[:-1]


def graded(log: Path) -> set[str]:
    """Those of whom a notebook was graded."""
    return set(re.findall(r"(\w+), 0\w+: [\d.]+ of", log.read_text()))


def one_round(course: Class, chance: random.Random) -> tuple[str, list[str]]:
    """Kills and restarts once or twice; returns what was done, and what was lost."""
    for student in STUDENTS:
        if student not in course.right or chance.random() < 0.6:
            # The late one is always right, so that there is a point to take off.
            right = {name for name in NOTEBOOKS if student == LATE or chance.random() < 0.7}
            course.hand_in(student, right, f"Thought number {chance.random()}.")
    done, said, losses = set[str](), [], []
    for n in range(chance.choice([1, 1, 2])):
        log = course.folder / f"killed-{n}.log"
        said.append(kill(course, chance, log))
        losses += [f"{student} was graded twice" for student in done & graded(log)]
        done |= set(ended(log))
    log = course.folder / "restarted.log"
    if course.nbgrader("autograde", CHAPTER, log=log).wait():
        return "; ".join(said), [f"the restart failed:\n{log.read_text()[-3000:]}"]
    losses += [f"{student} was graded twice" for student in done & graded(log)]
    losses += course.losses()
    return f"{'; '.join(said)}: {len(done)} had been graded", losses


def main() -> int:
    """Runs the rounds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sandbox", default="bubblewrap")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        course = Class(Path())
        for n in range(options.rounds):
            if n % 5 == 0:
                course = new_class(Path(folder, str(n)), options.sandbox)
            seed = f"{options.seed}/{n}"
            what, losses = one_round(course, random.Random(seed))
            print(f"round {n + 1}, seed {seed}: {what}", flush=True)
            for loss in losses:
                print(f"  LOST: {loss}", flush=True)
            if losses:
                return 1
            if not course.marked:
                course.mark_by_hand()
    print(f"{options.rounds} rounds, nothing lost")
    return 0


if __name__ == "__main__":
    sys.exit(main())
