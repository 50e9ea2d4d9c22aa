"""nbgrader's Autograde, made to go through a student's folder as a person would."""

from __future__ import annotations

import glob
import logging
from fnmatch import fnmatch
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from autograder.course.course import Course
from autograder.gradebook.copies import links
from autograder.gradebook.run import GradingRun
from autograder.nbgrader_plugin.grade import source_of
from autograder.nbgrader_plugin.release import register
from autograder.submission.choose import Chosen, choose
from autograder.submission.handed_in import handed_in
from autograder.submission.identify import Identifier


class CourseAutograde(GradingRun):
    """Grades what students really hand in; `Autograde.…` in a configuration is meant for it, too.

    Every notebook of the assignment is graded for every student: what was not handed in, or cannot be read, gets a page that says so.
    """

    def init_notebooks(self) -> None:
        """Lists the notebooks that should be there, whatever is."""
        self._identifier: Identifier | None = None
        self._chosen: dict[str, Chosen] = {}
        if not any(isinstance(known, _SaidBefore) for known in self.log.filters):
            self.log.addFilter(_SaidBefore())
        register(self.coursedir, self.log)
        wanted = [name for name in self._names() if fnmatch(name, self.coursedir.notebook_id)]
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
        """Reads the student's folder, before nbgrader copies the other files in it."""
        with self.reasons(student_id):
            self._read(assignment_id, student_id)

    def _read(self, assignment_id: str, student_id: str) -> None:
        folder = Path(self._format_source(assignment_id, student_id))
        for link in links(folder):
            self.log.warning("%s: %s is a symbolic link and was left out", student_id, link)
        super().init_assignment(assignment_id, student_id)
        names = [Path(notebook).stem for notebook in self.notebooks]
        sources = [source_of(self.coursedir, assignment_id, name, self.log) for name in names]
        if self._identifier is None:
            self._identifier = Identifier(Course(sources[0].path.parents[2]))
        self._chosen = {one.source.name: one for one in choose(self._identifier, sources, handed_in(folder))}
        nothing = all(one.refused for one in self._chosen.values())
        for name, one in self._chosen.items():
            if one.error or nothing:
                self.refuse(f"{name}: {one.refused}")

    def chosen(self, name: str) -> Chosen | None:
        """What is graded as a notebook; None in nbgrader's second pass, which reads what the first one wrote."""
        return self._chosen[name] if self._sanitizing else None


class _SaidBefore(logging.Filter):
    """Drops what nbgrader says of a file under another name: the choice of files has been told."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not str(record.msg).startswith("No submitted file: ")
