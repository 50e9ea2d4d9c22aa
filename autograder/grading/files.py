"""Grades one file outside of any gradebook: a whole notebook, or one answer to one exercise."""

from __future__ import annotations

from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.course.course import Course, SourceNotebook
from autograder.course.filled import only_exercise
from autograder.diagnosis.diagnose import Diagnosis
from autograder.errors import CourseError, UnknownAssignment
from autograder.grading.notebook import grade_notebook
from autograder.judge.marks import NotebookMark
from autograder.language.notebooks import language_of, translated
from autograder.student.sandbox import open_sandbox
from autograder.submission.read import read_submission
from autograder.submission.repair import repair
from llmkit.i18n import using


def grade_file(path: Path, sandbox: str, course: Course | None = None) -> NotebookMark:
    """Repairs and grades one notebook file.

    Raises:
        UnreadableNotebook: it is no notebook.
        UnknownAssignment: it is a notebook, but not of this course.
        SandboxUnavailable: the sandbox cannot start.
    """
    course = course or Course.discover()
    submission = read_submission(path)
    source = _which(course, submission, path)
    language = language_of(submission)
    with using(language):
        rebuilt, notes = repair(submission, translated(course, source, language).nb)
        words = tuple(str(note) for note in notes)
    box = open_sandbox(sandbox)
    try:
        return grade_notebook(rebuilt, box, name=source.name, notes=words, diagnosis=Diagnosis(source, box))
    finally:
        box.close()


def grade_chapter(chapter: str, language: str, course: Course | None = None) -> list[NotebookMark]:
    """Grades a self-learner's own notebooks of a chapter, where they were opened: in release/.

    They run without a sandbox: it is the learner's own code on the learner's own machine.

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


def _which(course: Course, submission: NotebookNode, path: Path) -> SourceNotebook:
    """The course notebook that a submission answers: the one that shares most cells, else the one of the same name."""
    ids = {cell.get("id") for cell in submission.cells} | {
        cell.metadata.get("nbgrader", {}).get("grade_id")
        for cell in submission.cells
        if isinstance(cell.metadata.get("nbgrader"), dict)
    }
    sources = list(course.notebooks())
    best = max(sources, key=lambda source: (len(ids & set(source.cells)), source.name in path.stem), default=None)
    if best is not None and (ids & set(best.cells) or best.name in path.stem):
        return best
    known = ", ".join(source.name for source in sources)
    raise UnknownAssignment(
        f"{path}: no exercise of this course is in it", f"submit one of the course's notebooks: {known}"
    )
