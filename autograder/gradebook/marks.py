"""Writes the marks of one student into the gradebook, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbgrader.api import BaseCell, Comment, Grade, Gradebook, MissingEntry, Notebook, SubmittedNotebook
from nbgrader.converters.base import BaseConverter
from nbgrader.preprocessors import AssignLatePenalties

from autograder.grading.submission import GradedNotebook


def save_marks(
    run: BaseConverter,
    assignment: str,
    student: str,
    graded: list[GradedNotebook],
    written: Mapping[str, Mapping[str, str]],
) -> None:
    """Saves automatic marks and comments, and the penalty for handing in late; what a person has given stays.

    What nbgrader's SaveAutoGrades and AssignLatePenalties do cell by cell, in one transaction each. Of a question that a person marks
    nbgrader saves nothing; here it waits for that person when it is answered, and again when the answer has changed.

    Args:
        run: the converter that grades, for its settings and its log.
        assignment: name of the assignment, which the gradebook knows.
        student: student id, of whom there is a submission.
        graded: the notebooks.
        written: digests of the answers that were there when the submission was graded before: by notebook, by grade id.

    Raises:
        MissingEntry: the gradebook does not know a cell.
        GradebookUnavailable: it cannot be written.
    """
    course = run.coursedir
    with Gradebook(course.db_url, course.course_id) as book:
        submission = book.find_submission(assignment, student)
        grades, comments = _by_cell(book, Grade, submission.id), _by_cell(book, Comment, submission.id)
        for notebook in graded:
            for name, score in notebook.scores.items():
                grade = _one(grades, notebook.name, name)
                grade.auto_score = score
                # A mark by hand was given to another answer.
                grade.needs_manual_grade = grade.manual_score is not None or score is None
            for name, digest in notebook.written.items():
                grade = _one(grades, notebook.name, name)
                grade.auto_score = None if digest else 0.0
                if grade.manual_score is None:
                    grade.needs_manual_grade = bool(digest)
                elif digest != written.get(notebook.name, {}).get(name):
                    grade.needs_manual_grade = True
            for name, comment in notebook.comments.items():
                _one(comments, notebook.name, name).auto_comment = comment
        book.db.commit()
        _penalise(run, book, submission, student, {notebook.name for notebook in graded})


def _by_cell(book: Gradebook, kind: Any, submission: str) -> dict[tuple[str, str], Any]:
    """Grades or comments of a submission by notebook and cell."""
    rows = (
        book.db.query(kind, BaseCell.name, Notebook.name)
        .join(BaseCell, BaseCell.id == kind.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == kind.notebook_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .filter(SubmittedNotebook.assignment_id == submission)
    )
    return {(notebook, cell): one for one, cell, notebook in rows}


def _one(found: dict[tuple[str, str], Any], notebook: str, cell: str) -> Any:
    try:
        return found[notebook, cell]
    except KeyError:
        raise MissingEntry(f"the gradebook does not know the cell {cell} of {notebook}") from None


def _penalise(run: BaseConverter, book: Gradebook, submission: Any, student: str, names: set[str]) -> None:
    late = submission.total_seconds_late
    rule = AssignLatePenalties(parent=run)
    rule.init_plugin()
    if late > 0:
        run.log.warning("%s is %s seconds late", submission, late)
    for notebook in submission.notebooks:
        if notebook.name in names:
            notebook.late_submission_penalty = None
            penalty = rule.plugin_inst.late_submission_penalty(student, notebook.score, late) if late > 0 else None
            if penalty is not None:
                run.log.warning("Late submission penalty: %s", penalty)
                notebook.late_submission_penalty = rule._check_late_penalty(notebook, penalty)
    book.db.commit()
