"""nbgrader's Autograde, made to go through a student's folder as a person would."""

from __future__ import annotations

import glob
import logging
from contextlib import suppress
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path

from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters.base import NbGraderException

from autograder.course.course import read_notebook
from autograder.course.variants import own_source
from autograder.errors import MissingSource
from autograder.gradebook.copies import links
from autograder.gradebook.run import GradingRun
from autograder.grading.submission import Task
from autograder.nbgrader_plugin.grade import JudgeSubmission
from autograder.nbgrader_plugin.release import register
from llmkit.cells import grade_id, role


class CourseAutograde(GradingRun):
    """Grades what students really hand in; `Autograde.…` in a configuration is meant for it, too.

    Every notebook of the assignment is graded for every student: what was not handed in, or cannot be read, gets a page that says so.
    """

    def init_notebooks(self) -> None:
        """Lists the notebooks that should be there, whatever is."""
        if not any(isinstance(known, _SaidBefore) for known in self.log.filters):
            self.log.addFilter(_SaidBefore())
        with self._records.whole():  # two runs that begin a course would both make its tables and assignments
            register(self.coursedir, self.log)
        names = self._names()
        wanted = [name for name in names if fnmatch(name, self.coursedir.notebook_id)]
        if names and not wanted:
            problem = f"{self.coursedir.assignment_id} has no notebook {self.coursedir.notebook_id}"
            self.log.error("%s. Remedy: choose from %s", problem, ", ".join(names))
            raise NbGraderException(problem)
        found = glob.glob(self._format_source(self.coursedir.assignment_id, self.coursedir.student_id))
        folders = [folder for folder in found if Path(folder).is_dir()]
        if not wanted or not folders:
            super().init_notebooks()  # says what is wrong
            return
        self.assignments = {folder: [str(Path(folder, f"{name}.ipynb")) for name in wanted] for folder in folders}

    def _names(self) -> list[str]:
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                assignment = gradebook.find_assignment(self.coursedir.assignment_id)
            except MissingEntry:
                return []
            return sorted(notebook.name for notebook in assignment.notebooks)

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Copies the other files of a submission, and makes its entries in the gradebook."""
        for link in links(Path(self._format_source(assignment_id, student_id))):
            self.log.warning("%s: %s is a symbolic link and was left out", student_id, link)
        super().init_assignment(assignment_id, student_id)

    def task(self, student: str, notebooks: list[str]) -> Task:
        judge, assignment = JudgeSubmission(parent=self), self.coursedir.assignment_id
        folder = Path(self._format_source(assignment, student)).resolve()
        sources = tuple(own_source(self._source(assignment, name), student) for name in notebooks)
        return Task(student, folder, sources, judge.sandbox, judge.limits, judge.diagnose, self._left_out)

    @cached_property
    def _left_out(self) -> frozenset[str]:
        """Questions that the gradebook does not know, because submissions were there before: nbgrader adds no cells then."""
        assignment, course = self.coursedir.assignment_id, self.coursedir
        with Gradebook(course.db_url, course.course_id) as gradebook:
            known = {cell.name for one in gradebook.find_assignment(assignment).notebooks for cell in one.task_cells}
        cells: list[NotebookNode] = []
        for name in self._names():
            with suppress(MissingSource):  # told where the notebook is graded
                cells += read_notebook(self._source(assignment, name)).cells
        missing = sorted({grade_id(cell) for cell in cells if role(cell) == "task"} - known)
        for name in missing:
            self.log.warning(
                "%s: nobody marks the question %s: it is newer than the class's first hand-in", assignment, name
            )
        return frozenset(missing)

    def _source(self, assignment: str, notebook: str) -> Path:
        """The course's notebook of a submission.

        Raises:
            MissingSource: there is none.
        """
        course = self.coursedir
        path = Path(course.format_path(course.source_directory, ".", assignment), f"{notebook}.ipynb").resolve()
        if not path.exists():
            problem = f"{path}: the source notebook of this submission is missing"
            raise MissingSource(problem, "grade in the course's own folder")
        return path


class _SaidBefore(logging.Filter):
    """Drops what nbgrader says of a file under another name: the choice of files has been told."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not str(record.msg).startswith("No submitted file: ")
