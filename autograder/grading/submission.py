"""Grades all that one student handed in for one assignment: what comes out depends on the task alone, and nothing is written."""

from __future__ import annotations

import functools
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution

from autograder.course.cells import visible_part
from autograder.course.course import Course, SourceNotebook
from autograder.course.variants import mixed_up, root_of
from autograder.diagnosis.diagnose import Diagnosis
from autograder.grading.notebook import grade_notebook
from autograder.grading.refused import mark_refused
from autograder.student.limits import Limits
from autograder.student.sandbox import PlainProcesses, WarmParent, open_sandbox
from autograder.student.worker.preload import preload
from autograder.submission.choose import Chosen, broken, choose
from autograder.submission.handed_in import Packed, handed_in
from autograder.submission.identify import Identifier
from autograder.submission.notes import notes_of, refusal_of
from autograder.submission.prepare import prepare, prose
from autograder.submission.written import NO_ANSWER, digests
from llmkit.cells import grade_id, role


@dataclass(frozen=True)
class Task:
    """What one student handed in, and how to grade it.

    Attributes:
        student: student id; it seeds the random inputs of the tests.
        folder: what was handed in, where it lies or packed.
        sources: the course's notebooks that are wanted, under `source/`.
        sandbox: name of the backend that the student's code runs in.
        limits: what each notebook may use.
        diagnose: whether known mistakes are named.
        left_out: grade ids of questions that nobody marks in this class, see `CourseAutograde`; they are plain text then.
    """

    student: str
    folder: Path | Packed
    sources: tuple[Path, ...]
    sandbox: str
    limits: Limits
    diagnose: bool = True
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True)
class GradedNotebook:
    """One graded notebook.

    Attributes:
        name: its name in the course.
        text: the file, with outputs and marks.
        scores: the automatic mark of each graded cell by grade id; None where a person has to look.
        comments: nbgrader's own comment on each answered cell by grade id: that the gap is empty, or None.
        written: digest of the answer to each question that a person marks, by grade id; empty where nothing is written.
        refused: why it was not graded, where the instructor should see that; empty otherwise.
        told: lines for the log, each with its level.
    """

    name: str
    text: str
    scores: dict[str, float | None]
    comments: dict[str, str | None]
    written: dict[str, str]
    refused: str = ""
    told: list[tuple[int, str]] = field(default_factory=list)


def grade_submission(task: Task) -> list[GradedNotebook]:
    """Reads, repairs and grades all notebooks of a task, in the order of `sources`.

    What was not handed in or cannot be read is there, too, with the reason in place of marks.

    Raises:
        SandboxUnavailable: the sandbox cannot start.
    """
    identifier = _identifier(task.sources[0].parents[2])
    chosen = choose(identifier, list(map(_source, task.sources)), handed_in(task.folder))
    nothing = all(one.refused for one in chosen)
    return [_graded(task, identifier.course, one, nothing) for one in chosen]


def warm_up(sandbox: str, root: Path) -> None:
    """Starts the sandbox and reads the course: what is there before this process forks, all its forks have.

    Args:
        sandbox: name of the backend.
        root: the course's folder.

    Raises:
        SandboxUnavailable: the sandbox cannot start.
    """
    # formgrader's process lives on from run to run, while the course is edited and a sandbox may end.
    for read in (_identifier, _source, _diagnosis):
        read.cache_clear()
    if open_once(sandbox).ended:
        open_once(sandbox).close()
        open_once.cache_clear()
    open_once(sandbox)
    _identifier(root).warm_up()
    preload()


@functools.cache
def open_once(sandbox: str) -> WarmParent | PlainProcesses:
    """The sandbox of this process, started once, because importing torch is expensive.

    Raises:
        SandboxUnavailable: it cannot start.
    """
    return open_sandbox(sandbox)


@functools.cache
def _identifier(root: Path) -> Identifier:
    return Identifier(Course(root))


@functools.cache
def _source(path: Path) -> SourceNotebook:
    return SourceNotebook.read(path)


# For the whole class: what its cells make is there after the first student.
@functools.cache
def _diagnosis(path: Path, sandbox: str) -> Diagnosis:
    return Diagnosis(_source(path), open_once(sandbox))


@contextmanager
def _naming(task: Task, path: Path) -> Iterator[Diagnosis | None]:
    """What names known mistakes: kept for the next student, but for one whose notebook is their own."""
    if not task.diagnose:
        yield None
    elif root_of(path) != path.parents[2]:
        with Diagnosis(_source(path), open_once(task.sandbox)) as own:
            yield own
    else:
        yield _diagnosis(path, task.sandbox)


def _graded(task: Task, course: Course, chosen: Chosen, nothing: bool) -> GradedNotebook:
    told: list[tuple[int, str]] = []
    name = chosen.source.name
    try:
        notebook = prepare(course, chosen)
    except Exception as error:
        # What a student wrote has met a fault of ours: it costs this notebook, is seen, and costs no other.
        told.append((logging.ERROR, f"the file cannot be repaired: {type(error).__name__}: {error}"))
        notebook = prepare(course, broken(chosen, error))
    _leave_out(notebook, task.left_out)
    told += [(logging.INFO, note) for note in notes_of(notebook)]
    if (other := mixed_up(chosen.source.path, prose(chosen.submission))) is not None:
        owner = other.whose or "the class"
        told.append((logging.WARNING, f"handed in variant {other.code}, that of {owner}; graded by {other.own}"))
    if refusal_of(notebook):
        mark_refused(notebook, name)
    else:
        with _naming(task, chosen.source.path) as diagnosis:
            mark = grade_notebook(
                notebook,
                open_once(task.sandbox),
                name=name,
                student=task.student,
                limits=task.limits,
                diagnosis=diagnosis,
            )
        told.append((logging.INFO, f"{mark.earned:g} of {mark.points:g} points in {mark.seconds:.1f} s"))
    refused = str(chosen.refused) if chosen.error or (nothing and chosen.refused) else ""
    text = nbformat.writes(notebook, version=4) + "\n"
    written = digests(notebook)
    return GradedNotebook(name, text, _scores(notebook), _comments(notebook, written), written, refused, told)


def _leave_out(notebook: NotebookNode, questions: frozenset[str]) -> None:
    for cell in notebook.cells:
        if role(cell) == "task" and grade_id(cell) in questions:
            cell.source = visible_part(cell.source)
            del cell.metadata["nbgrader"]


def _scores(notebook: NotebookNode) -> dict[str, float | None]:
    """By nbgrader's own rule."""
    return {cell.metadata.nbgrader.grade_id: determine_grade(cell)[0] for cell in notebook.cells if is_grade(cell)}


def _comments(notebook: NotebookNode, written: dict[str, str]) -> dict[str, str | None]:
    comments: dict[str, str | None] = {id: None if digest else NO_ANSWER for id, digest in written.items()}
    for cell in notebook.cells:
        if is_solution(cell):
            empty = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
            comments[cell.metadata.nbgrader.grade_id] = NO_ANSWER if empty else None
    return comments
