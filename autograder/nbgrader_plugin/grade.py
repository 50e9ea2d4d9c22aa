"""nbgrader's two passes over a submission: repair instead of overwrite, the judge instead of a kernel."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Float, Int, Unicode

from autograder.course.course import Course, SourceNotebook
from autograder.diagnosis.diagnose import Diagnosis
from autograder.errors import CourseError, MissingSource
from autograder.grading.notebook import grade_notebook
from autograder.nbgrader_plugin.release import ReleaseExporter
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
