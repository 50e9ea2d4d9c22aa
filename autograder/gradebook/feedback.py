"""`nbgrader generate_feedback`, which writes a page again when what it shows has changed."""

from __future__ import annotations

from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import GetGrades

from autograder.errors import GradebookUnavailable
from autograder.gradebook.by_student import ByStudent
from autograder.gradebook.copies import CopiesRegularFiles
from autograder.gradebook.records import Record


class Marks(GetGrades):
    """nbgrader's own step, which also tells of a question whether it still waits for a person's mark."""

    def _get_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        super()._get_score(cell, resources)
        info = cell.metadata.nbgrader
        if info.get("task"):
            grade = self.gradebook.find_grade(info.grade_id, self.notebook_id, self.assignment_id, self.student_id)
            info["waiting"] = grade.needs_manual_grade


class FeedbackRun(ByStudent, GenerateFeedback, CopiesRegularFiles):
    """GenerateFeedback that writes a page again when what it shows has changed, and none of a grading that did not end."""

    def start(self) -> None:
        self._begin()
        self._unfinished: dict[str, str] = {}
        self._student = ""
        try:
            super().start()
        except GradebookUnavailable as error:
            self.log.error("no feedback was written: %s", error)
            raise NbGraderException(str(error)) from error

    def convert_notebooks(self) -> None:
        try:
            super().convert_notebooks()
        finally:
            for student, reason in sorted(self._unfinished.items()):
                remedy = f"nbgrader autograde {self.coursedir.assignment_id}"
                self.log.error("no feedback for %s: %s. Remedy: %s.", student, reason, remedy)
        if self._unfinished:
            raise NbGraderException("not everybody has feedback")

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        if self._excluded(student_id):
            return False
        if reason := self._records.why_unsound(student_id):
            self._unfinished[student_id] = reason
            return False
        folder = Path(self._format_dest(assignment_id, student_id))
        pages = [folder / f"{Path(notebook).stem}.html" for notebook in self.notebooks]
        record = self._records.read(student_id) or Record()
        self._student, self._shown = student_id, self._records.shown(student_id)
        if not self.force and record.feedback == self._shown and all(page.exists() for page in pages):
            self.log.info("%s has this feedback already; to write it again: --force", student_id)
            return False
        if folder.exists():
            self._clear(folder)
        return True

    def is_copied(self, path: Path) -> bool:
        """What nbgrader needs to hand the page out, and what the course's own notebooks show; nothing else of the student's."""
        course = self.coursedir
        ours = Path(course.format_path(course.source_directory, ".", course.assignment_id))
        return str(path) in ("timestamp.txt", "submission_secret.txt") or (ours / path).is_file()

    def run_post_convert_hook(self) -> None:
        super().run_post_convert_hook()
        if self.coursedir.notebook_id == "*" and (record := self._records.read(self._student)):
            record.feedback = self._shown
            self._records.write(self._student, record)
