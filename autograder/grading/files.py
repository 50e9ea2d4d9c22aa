"""Grades one file without a gradebook: a whole notebook, or one answer to one exercise."""

from __future__ import annotations

from pathlib import Path

from autograder.course.course import Course
from autograder.course.filled import only_exercise
from autograder.diagnosis.diagnose import Diagnosis
from autograder.errors import CourseError
from autograder.grading.notebook import grade_notebook
from autograder.judge.marks import NotebookMark
from autograder.student.sandbox import open_sandbox
from autograder.submission.identify import identify
from autograder.submission.prepare import prepare
from autograder.submission.read import read_submission


def grade_file(path: Path, sandbox: str, course: Course | None = None) -> NotebookMark:
    """Repairs and grades one notebook file.

    Raises:
        UnreadableNotebook: it is not a notebook.
        UnknownAssignment: it is a notebook, but not of this course.
        SandboxUnavailable: the sandbox cannot start.
    """
    course = course or Course.discover()
    submission = read_submission(path)
    source = identify(course, submission, path)
    notebook = prepare(course, source, submission)
    box = open_sandbox(sandbox)
    try:
        return grade_notebook(notebook, box, name=source.name, diagnosis=Diagnosis(source, box))
    finally:
        box.close()


def grade_chapter(chapter: str, language: str, course: Course | None = None) -> list[NotebookMark]:
    """Grades a self-learner's own notebooks of a chapter where they live, in release/.

    They run without a sandbox: it is the learner's own code on their own machine.

    Raises:
        CourseError: there are no such notebooks, or one cannot be read.
    """
    course = course or Course.discover()
    folder = course.root / "release" / language / chapter
    files = sorted(folder.glob("*.ipynb"))
    if not files:
        known = ", ".join(sorted(path.name for path in folder.parent.glob("*") if path.is_dir())) or "none"
        raise CourseError(f"{folder}: there is no notebook", f"choose a language and a chapter of the course: {known}")
    return [grade_file(file, "none", course) for file in files]


def try_answer(exercise: str, path: Path, sandbox: str, course: Course | None = None) -> NotebookMark:
    """Grades a Python file as the answer to one exercise; every other gap stays empty.

    Raises:
        CourseError: the file cannot be read.
        UnknownAssignment: there is no such exercise.
        SandboxUnavailable: the sandbox cannot start.
    """
    course = course or Course.discover()
    found = course.exercise(exercise)
    try:
        code = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path}: {error}", "give a UTF-8 Python file that holds the answer") from None
    box = open_sandbox(sandbox)
    try:
        source = course.notebook(found)
        return grade_notebook(only_exercise(source, found, code), box, name=found.id, diagnosis=Diagnosis(source, box))
    finally:
        box.close()
