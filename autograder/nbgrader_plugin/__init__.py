"""The nbgrader plug-in: repair instead of overwrite, the judge instead of a kernel, feedback that explains. See nbgrader_config.py."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

from traitlets.config import Config

from autograder.course.course import Course
from autograder.course.stubs import release_config
from autograder.errors import SandboxUnavailable
from autograder.gradebook import exchange
from autograder.gradebook.export import CsvExport
from autograder.gradebook.feedback import Marks
from autograder.gradebook.places import install
from autograder.grading.feedback import FeedbackExporter, FeedbackPage
from autograder.grading.submission import open_once
from autograder.nbgrader_plugin.converter import CourseAutograde
from autograder.nbgrader_plugin.grade import JudgeSubmission
from autograder.nbgrader_plugin.release import RELEASE_STEPS, ReleaseExporter

__all__ = ["JudgeSubmission", "configure"]


def require_sandbox(name: str) -> Any:
    """A hook for Autograde: if the sandbox cannot start, no submission is touched."""

    def hook(**kwargs: Any) -> None:
        try:
            open_once(name)
        except SandboxUnavailable as error:
            raise SystemExit(f"nothing was graded: {error}") from None

    return hook


def zip_names(chapters: list[str]) -> str:
    """What nbgrader's zip_collect reads from the path of a notebook that it has unpacked from a zip of `llmkit submit`.

    Such a zip is called ch03-ana.zip. Systems that collect hand-ins put words before the name, and browsers " (1)" after it; the
    notebooks of such a second zip go to a folder of their own, for nbgrader stops at two of one name.

    Args:
        chapters: names of the course's chapters.
    """
    chapter = "|".join(map(re.escape, chapters)) or r"[a-z]+\d*"
    return rf".*/(?:[^/]*?[^a-z0-9/])??(?:{chapter})-(?P<student_id>[\w@.+-]+?)(?:/| ?(?=\(\d+\)/))(?P<file_id>[^/]+|\(\d+\)/[^/]+)$"


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
    install(CourseAutograde)
    c.merge(release_config())
    c.CourseDirectory.release_directory = "release/en"
    c.CourseDirectory.ignore = [
        ".ipynb_checkpoints", "*.pyc", "__pycache__", ".pytest_cache", ".git", ".DS_Store",
    ]  # fmt: skip
    c.GenerateAssignment.preprocessors = RELEASE_STEPS
    c.GenerateAssignment.exporter_class = ReleaseExporter
    c.Autograde.pre_convert_hook = require_sandbox(sandbox)
    c.JudgeSubmission.sandbox = sandbox
    if "named_regexp" not in c.FileNameCollectorPlugin:
        c.FileNameCollectorPlugin.named_regexp = zip_names(Course.discover().chapters)
    exchange.configure(c)
    c.ExportApp.plugin_class = CsvExport
    c.GenerateFeedback.exporter_class = FeedbackExporter
    c.GenerateFeedback.preprocessors = [Marks, FeedbackPage]
