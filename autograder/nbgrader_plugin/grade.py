"""nbgrader's two passes over a submission: repair instead of overwrite, the judge instead of a kernel."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Float, Int, Unicode

from autograder.course.course import Course, SourceNotebook
from autograder.diagnosis.diagnose import Diagnosis
from autograder.errors import MissingSource
from autograder.grading.notebook import grade_notebook
from autograder.grading.refused import mark_refused
from autograder.student.limits import Limits
from autograder.student.sandbox import Sandbox, open_sandbox
from autograder.submission.choose import Chosen, broken
from autograder.submission.prepare import notes_of, prepare, refusal_of

_lock = threading.Lock()
_sandboxes: dict[str, Sandbox] = {}
_diagnoses: dict[Path, Diagnosis] = {}


def shared_sandbox(name: str) -> Sandbox:
    """The sandbox of this process, started once, because importing torch is expensive."""
    with _lock:
        if name not in _sandboxes:
            _sandboxes[name] = open_sandbox(name)
        return _sandboxes[name]


def shared_diagnosis(source: SourceNotebook, box: Sandbox) -> Diagnosis:
    """The diagnosis of a notebook, for the whole class: what its cells make is there after the first student."""
    with _lock:
        return _diagnoses.setdefault(source.path, Diagnosis(source, box))


class SubmissionExporter(NotebookExporter):
    """Takes in the first pass what the converter has chosen to grade; the second one reads what the first one wrote."""

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        chosen: Chosen | None = self.parent.chosen(Path(filename).stem) if self.parent is not None else None
        if chosen is None:
            return super().from_filename(filename, resources, **kw)
        resources = ResourcesDict(**(resources or {}))
        resources["metadata"] = ResourcesDict(name=Path(filename).stem, path=str(Path(filename).parent))
        resources["autograder"] = chosen
        return self.from_notebook_node(chosen.submission, resources, **kw)


def source_of(course: CourseDirectory, assignment: str, notebook: str, log: logging.Logger) -> SourceNotebook:
    """The course's notebook of a submission.

    Raises:
        MissingSource: there is none.
    """
    path = Path(course.format_path(course.source_directory, ".", assignment), f"{notebook}.ipynb")
    if not path.exists():
        problem = f"{path}: the source notebook of this submission is missing"
        error = MissingSource(problem, "grade in the course's own folder")
        log.error("%s", error)
        raise error
    return SourceNotebook.read(path)


class RepairSubmission(NbGraderPreprocessor):
    """Grafts the student's cells onto the course's notebook; nothing else in the submission is trusted."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        info = resources["nbgrader"]
        chosen = resources["autograder"]
        course = Course(chosen.source.path.parents[2])
        try:
            rebuilt = prepare(course, chosen)
        except Exception as error:
            # What a student wrote has met a fault of ours: it costs this notebook, is seen, and costs no other.
            self.log.exception("%s, %s: the file cannot be repaired", info["student"], info["notebook"])
            rebuilt = prepare(course, broken(chosen, error))
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
    extra_seconds = Float(
        Limits.extra_seconds, help="Wall time, apart from that, of all cells that a student has added, in seconds."
    ).tag(config=True)
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
            extra_seconds=self.extra_seconds,
            memory_bytes=self.memory_bytes,
        )
        if refusal_of(nb):
            mark_refused(nb, info["notebook"])
            return nb, resources
        box = shared_sandbox(self.sandbox)
        source = source_of(CourseDirectory(parent=self), info["assignment"], info["notebook"], self.log)
        diagnosis = shared_diagnosis(source, box) if self.diagnose else None
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
