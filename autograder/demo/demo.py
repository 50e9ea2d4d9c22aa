"""The demo: a class hands in chapter 3, nbgrader grades it with our plug-in, every student gets feedback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograder.demo.classroom import demo_class, Student
from autograder.course.course import Course
from autograder.errors import CourseError, SandboxUnavailable
from autograder.progress import progress
from autograder.student.sandbox import open_sandbox
from llmkit.cells import role

CHAPTER = "ch03"
CONFIG = """\
from autograder.nbgrader_plugin import configure

c = get_config()  # noqa: F821
configure(c, sandbox="{sandbox}")
c.CourseDirectory.course_id = "demo"
"""

console = Console()


def run(folder: Path, sandbox: str | None) -> int:
    """Runs the whole path in `folder`.

    Returns:
        0 if every student of the demo class got what they deserve, else 1.
    """
    import nbgrader  # noqa: F401  # fails here, not in the log of the first step, where it is not installed

    began = time.monotonic()
    course = Course.discover()
    chosen = sandbox or choose_sandbox()
    folder = folder.resolve()
    _empty(folder, chosen, course)
    students = demo_class(course, CHAPTER)
    _step(folder, "generate the assignment", ["generate_assignment", CHAPTER])
    for student in students:
        hand_in(course, student, folder)
    console.print(f"[green]✓[/] {len(students)} students hand in chapter 3")
    clock = time.monotonic()
    _step(folder, "autograde", ["autograde", CHAPTER], watch=("autograded", len(students)))
    seconds = time.monotonic() - clock
    _step(folder, "write the feedback", ["generate_feedback", CHAPTER], watch=("feedback", len(students)))
    _step(folder, "export the grades", ["export"])
    surprises = report(course, students, folder)
    notebooks = len(students) * len({e.notebook for e in course.exercises(CHAPTER)})
    console.print(
        f"Graded {notebooks} notebooks in {seconds:.0f} s ({seconds / notebooks:.2f} s each); all steps took {time.monotonic() - began:.0f} s."
    )
    console.print(f"Feedback pages: {folder}/feedback/<student>/{CHAPTER}/*.html", soft_wrap=True)
    console.print(f"Grades as CSV:  {folder}/grades.csv", soft_wrap=True)
    console.print(
        f"Formgrader:     cd {folder} && {Path(sys.executable).parent / 'jupyter'} lab, menu Nbgrader, Formgrader",
        soft_wrap=True,
    )
    for surprise in surprises:
        console.print(f"[red]not as deserved:[/] {escape(surprise)}", soft_wrap=True)
    return 1 if surprises else 0


def choose_sandbox() -> str:
    """Bubblewrap where it starts; otherwise none, with one line of warning: the demo's files are our own."""
    try:
        open_sandbox("bubblewrap").close()
    except SandboxUnavailable as error:
        console.print(
            f"[yellow]Grading the demo's own files without a sandbox: {escape(str(error))}[/]", soft_wrap=True
        )
        return "none"
    return "bubblewrap"


def hand_in(course: Course, student: Student, folder: Path) -> None:
    """Writes a student's submission: the release notebooks with their answers in the gaps, and their words below the question."""
    target = folder / "submitted" / student.name / CHAPTER
    target.mkdir(parents=True)
    answers = {
        exercise.grade_id: student.answers[exercise.id]
        for exercise in course.exercises(CHAPTER)
        if exercise.id in student.answers
    }
    for path in sorted((folder / "release/en" / CHAPTER).glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
            if grade_id in answers:
                cell.source = answers[grade_id]
        asked = next((place for place, cell in enumerate(notebook.cells) if role(cell) == "task"), None)
        if asked is not None and student.words:
            notebook.cells.insert(asked + 1, nbformat.v4.new_markdown_cell(student.words))
        nbformat.write(notebook, target / path.name)


def report(course: Course, students: list[Student], folder: Path) -> list[str]:
    """Prints the gradebook; returns what is not as deserved."""
    from nbgrader.api import Gradebook

    exercises = list(course.exercises(CHAPTER))
    table = Table(title="The gradebook")
    table.add_column("student")
    table.add_column("handed in")
    table.add_column("points", justify="right")
    table.add_column("lost in")
    surprises = []
    waiting = []
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        for student in students:
            grades = {
                grade.name: (grade.auto_score or 0.0, grade.max_score)
                for notebook in gradebook.find_submission(CHAPTER, student.name).notebooks
                for grade in notebook.grades
            }
            if gradebook.find_submission(CHAPTER, student.name).needs_manual_grade:
                waiting.append(student.name)
            lost = []
            total = most = 0.0
            for exercise in exercises:
                earned = sum(grades[test][0] for test in exercise.test_ids)
                points = sum(grades[test][1] for test in exercise.test_ids)
                total, most = total + earned, most + points
                if earned < points:
                    lost.append(exercise.id.split("/")[1])
                deserved = student.expected(exercise.id)
                right = {"all": earned == points, "nothing": earned == 0, "less": earned < points}[deserved]
                if not right:
                    surprises.append(
                        f"{student.name}, {exercise.id}: {earned:g} of {points:g} points, deserves {deserved}"
                    )
            names = ", ".join(lost) if len(lost) < 4 else f"{len(lost)} of {len(exercises)} exercises"
            table.add_row(student.name, student.story, f"{total:g} / {most:g}", names)
    console.print(table)
    if waiting:
        told = f"Answers in words that wait for your mark, in Formgrader under Manual Grading: {', '.join(waiting)}."
        console.print(told, soft_wrap=True, highlight=False)
    return surprises


def _empty(folder: Path, sandbox: str, course: Course) -> None:
    if folder.exists():
        if not (folder / "demo-course").exists():
            raise CourseError(
                f"{folder}: this folder is not a demo course", "choose another --folder, because it would be emptied"
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / "demo-course").touch()
    shutil.copytree(course.root / "source" / CHAPTER, folder / "source" / CHAPTER)
    if (course.root / "locale").is_dir():
        shutil.copytree(course.root / "locale", folder / "locale")
    (folder / "nbgrader_config.py").write_text(CONFIG.format(sandbox=sandbox), encoding="utf-8")


def _step(folder: Path, title: str, command: list[str], watch: tuple[str, int] | None = None) -> None:
    """Runs one nbgrader command; its output goes to a log, its progress to a bar."""
    log = folder / "logs" / f"{command[0]}.log"
    log.parent.mkdir(exist_ok=True)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    }
    with log.open("w", encoding="utf-8") as stream, progress() as bar:
        task = bar.add_task(title, total=watch[1] if watch else None)
        process = subprocess.Popen(
            [sys.executable, "-m", "nbgrader", *command], cwd=folder, stdout=stream, stderr=stream, env=environment
        )
        while process.poll() is None:
            if watch:
                bar.update(task, completed=len(list((folder / watch[0]).glob(f"*/{CHAPTER}"))))
            time.sleep(0.2)
    if process.returncode != 0:
        raise CourseError(f"nbgrader {' '.join(command)} failed; its last lines:\n{_tail(log)}", f"read {log}")
    console.print(f"[green]✓[/] {title}")


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:])
