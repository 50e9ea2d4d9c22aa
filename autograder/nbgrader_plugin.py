"""The nbgrader plug-in: repair instead of overwrite, the judge instead of a kernel, feedback that explains. See nbgrader_config.py."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    GetGrades,
    NbGraderPreprocessor,
    SaveAutoGrades,
)
from traitlets import Bool, Float, Int, Unicode
from traitlets.config import Config

from autograder.course.course import Course, SourceNotebook
from autograder.course.stubs import release_config
from autograder.course.texts import without_marks
from autograder.diagnosis.diagnose import Diagnosis
from autograder.errors import CourseError, MissingSource, SandboxUnavailable
from autograder.gradebook.assignment import is_saved
from autograder.gradebook.export import CsvExport
from autograder.gradebook.run import install
from autograder.grading.feedback import FeedbackPage
from autograder.grading.notebook import grade_notebook
from autograder.student.limits import Limits
from autograder.student.sandbox import Sandbox, open_sandbox
from autograder.submission.prepare import notes_of, prepare
from autograder.submission.read import read_submission

_lock = threading.Lock()
_sandboxes: dict[str, Sandbox] = {}


def shared_sandbox(name: str) -> Sandbox:
    """The sandbox of this process, started once, because importing torch is expensive."""
    with _lock:
        if name not in _sandboxes:
            _sandboxes[name] = open_sandbox(name)
        return _sandboxes[name]


class ReleaseExporter(NotebookExporter):
    """nbgrader's own, which first sees to it that the gradebook knows the assignment: nbgrader makes one when a converter starts."""

    def __init__(self, config: Config | None = None, **kw: Any) -> None:
        super().__init__(config=config, **kw)
        if self.parent is not None:
            register(self.parent.coursedir, self.log)


class SubmissionExporter(ReleaseExporter):
    """Reads what students really submit, and reports what cannot be read."""

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        if not getattr(self.parent, "_sanitizing", True):
            # nbgrader's second pass reads what the first one wrote.
            return super().from_filename(filename, resources, **kw)
        try:
            notebook = read_submission(Path(filename))
        except CourseError as error:
            self.log.error("%s", error)
            raise
        resources = ResourcesDict(**(resources or {}))
        resources["metadata"] = ResourcesDict(name=Path(filename).stem, path=str(Path(filename).parent))
        return self.from_notebook_node(notebook, resources, **kw)


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
        config.GenerateAssignment.preprocessors = _RELEASE_STEPS
        GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()
    with Gradebook(course.db_url, course.course_id) as gradebook:
        found = gradebook.find_assignment(name)
        log.info("%s is in the gradebook now: %d notebooks, %g points", name, len(found.notebooks), found.max_score)


def source_of(step: NbGraderPreprocessor, info: dict[str, str]) -> SourceNotebook:
    """The course's notebook of a submission."""
    course = CourseDirectory(parent=step)
    path = Path(course.format_path(course.source_directory, ".", info["assignment"]), f"{info['notebook']}.ipynb")
    if not path.exists():
        problem = f"{path}: the source notebook of this submission is missing"
        error = MissingSource(problem, "grade in the course's own folder")
        step.log.error("%s", error)
        raise error
    return SourceNotebook.read(path)


class StripMarks(NbGraderPreprocessor):
    """Takes out what a source says to the translation, as `autograder build` does: students get the same notebook from both."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        if cell.cell_type == "code":
            cell.source = without_marks(cell.source)
        return cell, resources


class RepairSubmission(NbGraderPreprocessor):
    """Grafts the student's cells onto the course's notebook; nothing else in the submission is trusted."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        info = resources["nbgrader"]
        source = source_of(self, info)
        rebuilt = prepare(Course(source.path.parents[2]), source, nb)
        for note in notes_of(rebuilt):
            self.log.info("%s, %s: %s", info["student"], info["notebook"], note)
        return rebuilt, resources


class JudgeSubmission(NbGraderPreprocessor):
    """Runs the student's cells in the sandbox and decides the marks outside it."""

    sandbox = Unicode(
        "bubblewrap", help="Where the students' code runs: bubblewrap, or none for your own notebooks."
    ).tag(config=True)
    cell_seconds = Float(Limits.cell_seconds, help="Wall time of one notebook cell, in seconds.").tag(config=True)
    call_seconds = Float(Limits.call_seconds, help="Wall time of one call from a test, in seconds.").tag(config=True)
    notebook_seconds = Float(Limits.notebook_seconds, help="Wall time of one notebook, in seconds.").tag(config=True)
    memory_bytes = Int(Limits.memory_bytes, help="Data segment of a student's process, in bytes.").tag(config=True)

    diagnose = Bool(True, help="Whether feedback names the known mistake that behaves like a wrong answer.").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        info = resources["nbgrader"]
        limits = Limits(
            cell_seconds=self.cell_seconds,
            call_seconds=self.call_seconds,
            notebook_seconds=self.notebook_seconds,
            memory_bytes=self.memory_bytes,
        )
        box = shared_sandbox(self.sandbox)
        diagnosis = Diagnosis(source_of(self, info), box) if self.diagnose else None
        mark = grade_notebook(
            nb, box, name=info["notebook"], student=info["student"], limits=limits, diagnosis=diagnosis
        )
        self.log.info(
            "%s, %s: %g of %g points in %.1f s",
            info["student"],
            info["notebook"],
            mark.earned,
            mark.points,
            mark.seconds,
        )
        return nb, resources


_RELEASE_STEPS = [StripMarks, *GenerateAssignment.preprocessors.default()]


def require_sandbox(name: str) -> Any:
    """A hook for Autograde: if the sandbox cannot start, no submission is touched."""

    def hook(**kwargs: Any) -> None:
        try:
            shared_sandbox(name)
        except SandboxUnavailable as error:
            raise SystemExit(f"nothing was graded: {error}") from None

    return hook


def configure(c: Config, *, sandbox: str = "bubblewrap") -> None:
    """Puts the plug-in into an nbgrader configuration; every trait set here can be overridden after the call.

    Args:
        c: nbgrader's configuration object.
        sandbox: backend for the students' code.
    """
    # nbgrader calls `alembic` by name, even when it was itself called by path from an environment that is not active.
    programs = str(Path(sys.executable).parent)
    if programs not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", "")])
    install()
    c.merge(release_config())
    c.CourseDirectory.release_directory = "release/en"
    c.CourseDirectory.ignore = [
        ".ipynb_checkpoints", "*.pyc", "__pycache__", ".pytest_cache", ".git", ".DS_Store",
    ]  # fmt: skip
    c.GenerateAssignment.preprocessors = _RELEASE_STEPS
    c.GenerateAssignment.exporter_class = ReleaseExporter
    c.Autograde.exporter_class = SubmissionExporter
    c.Autograde.sanitize_preprocessors = [RepairSubmission, CheckCellMetadata]
    c.Autograde.autograde_preprocessors = [JudgeSubmission, SaveAutoGrades, AssignLatePenalties, CheckCellMetadata]
    c.Autograde.pre_convert_hook = require_sandbox(sandbox)
    c.JudgeSubmission.sandbox = sandbox
    c.ExportApp.plugin_class = CsvExport
    c.GenerateFeedback.preprocessors = [GetGrades, FeedbackPage, CSSHTMLHeaderPreprocessor]
