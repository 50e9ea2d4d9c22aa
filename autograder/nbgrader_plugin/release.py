"""What students get: nbgrader's release without marks for the translation, and every assignment in the gradebook with its points."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config import Config

from autograder.build.steps import release_steps
from autograder.course.links import home_of, linked
from autograder.course.stubs import release_config
from autograder.course.texts import without_marks
from autograder.gradebook.assignment import is_saved
from autograder.language.notebooks import SOURCE


class ReleaseExporter(NotebookExporter):
    """nbgrader's own, which first sees to it that the gradebook knows the assignment: nbgrader makes one when a converter starts."""

    def __init__(self, config: Config | None = None, **kw: Any) -> None:
        super().__init__(config=config, **kw)
        if self.parent is not None:
            register(self.parent.coursedir, self.log)


class StripMarks(NbGraderPreprocessor):
    """Takes out what a source says to the translation, as `autograder build` does: students get the same notebook from both."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        if cell.cell_type == "code":
            cell.source = without_marks(cell.source)
        return cell, resources


class AddLinks(NbGraderPreprocessor):
    """Puts in what opens and installs the course in Colab, as `autograder build` does."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        info = resources["nbgrader"]
        path = f"release/{SOURCE}/{info['assignment']}/{info['notebook']}.ipynb"
        return linked(nb, path, SOURCE, home_of(Path(CourseDirectory(parent=self).root))), resources


RELEASE_STEPS = [AddLinks, StripMarks, *release_steps()]


def register(course: CourseDirectory, log: logging.Logger) -> None:
    """Puts an assignment into the gradebook, with its points, if it is not there: whatever command comes first.

    A checkout comes with its release, so `nbgrader generate_assignment` finds nothing to do, and on its own would register nothing.

    Args:
        course: nbgrader's course folder, with the assignment that the command is about.
        log: says that it was done.
    """
    name = course.assignment_id
    source = Path(course.format_path(course.source_directory, ".", name))
    if not source.is_dir():
        return  # nbgrader says that there is no such assignment
    with Gradebook(course.db_url, course.course_id) as gradebook:
        if is_saved(gradebook, name, source):
            return
    with tempfile.TemporaryDirectory() as folder:
        config = release_config()
        config.CourseDirectory.root, config.CourseDirectory.source_directory = course.root, course.source_directory
        config.CourseDirectory.db_url, config.CourseDirectory.course_id = course.db_url, course.course_id
        config.CourseDirectory.assignment_id, config.CourseDirectory.release_directory = name, folder
        config.GenerateAssignment.preprocessors = RELEASE_STEPS
        GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()
    with Gradebook(course.db_url, course.course_id) as gradebook:
        found = gradebook.find_assignment(name)
        log.info("%s is in the gradebook now: %d notebooks, %g points", name, len(found.notebooks), found.max_score)
