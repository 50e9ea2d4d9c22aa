"""Grades files without a gradebook: a chapter's hand-in, a whole notebook, or one answer to one exercise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.course.course import Course
from autograder.course.filled import keep_tests_of, only_exercise
from autograder.diagnosis.diagnose import Diagnosis
from autograder.errors import CourseError
from autograder.grading.notebook import grade_notebook
from autograder.grading.refused import mark_refused
from autograder.judge.marks import NotebookMark
from autograder.language.notebooks import language_of
from autograder.student.sandbox import Sandbox, open_sandbox
from autograder.submission.choose import choose, choose_one
from autograder.submission.handed_in import handed_in
from autograder.submission.identify import Identifier
from autograder.submission.notes import refusal_of
from autograder.submission.prepare import prepare


def grade_file(
    path: Path, sandbox: str | Sandbox, identifier: Identifier | None = None, only: str = ""
) -> NotebookMark:
    """Repairs and grades one notebook file.

    Args:
        path: the file.
        sandbox: where the student's code runs: a backend's name, or one that is open already.
        identifier: knows the course that the notebook is of; without, the course of the working directory.
        only: id of the one exercise whose tests run; all of them without.

    Raises:
        UnreadableNotebook: it is not a notebook, or several.
        UnknownAssignment: it is a notebook, but not of this course.
        SandboxUnavailable: the sandbox cannot start.
    """
    identifier = identifier or Identifier(Course.discover())
    chosen = choose_one(identifier, path)
    notebook = prepare(identifier.course, chosen)
    if only:
        keep_tests_of(notebook, identifier.course.exercise(only))
    with opened(sandbox) as box, Diagnosis(chosen.source, box) as diagnosis:
        return grade_notebook(notebook, box, name=chosen.source.name, diagnosis=diagnosis)


def grade_folder(
    course: Course, chapter: str, folder: Path, sandbox: str | Sandbox
) -> Iterator[tuple[str, NotebookMark]]:
    """Repairs and grades what somebody handed in for a chapter, under whatever names and in whatever zips.

    Args:
        course: the course.
        chapter: whose notebooks are wanted; one that is not there, or cannot be read, earns nothing and says why.
        folder: what was handed in.
        sandbox: see `grade_file`.

    Yields:
        The language of each notebook as it was handed in, and its marks.

    Raises:
        UnknownAssignment: there is no such chapter.
        SandboxUnavailable: the sandbox cannot start.
    """
    sources = course.notebooks(chapter)
    with opened(sandbox) as box:
        for chosen in choose(Identifier(course), sources, handed_in(folder)):
            notebook = prepare(course, chosen)
            name = chosen.source.name
            if refusal_of(notebook):
                yield language_of(notebook), mark_refused(notebook, name)
                continue
            with Diagnosis(chosen.source, box) as diagnosis:
                yield language_of(notebook), grade_notebook(notebook, box, name=name, diagnosis=diagnosis)


@contextmanager
def opened(sandbox: str | Sandbox) -> Iterator[Sandbox]:
    """A backend for a while: one that is open already stays open."""
    if not isinstance(sandbox, str):
        yield sandbox
        return
    box = open_sandbox(sandbox)
    try:
        yield box
    finally:
        box.close()


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
    source = course.notebook(found)
    with opened(sandbox) as box, Diagnosis(source, box) as diagnosis:
        return grade_notebook(only_exercise(source, found, code), box, name=found.id, diagnosis=diagnosis)
