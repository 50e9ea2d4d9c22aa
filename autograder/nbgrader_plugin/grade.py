"""How submissions are graded, as settings of nbgrader's."""

from __future__ import annotations

from traitlets import Bool, Float, Int, Unicode
from traitlets.config import LoggingConfigurable

from autograder.student.limits import Limits


class JudgeSubmission(LoggingConfigurable):
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

    @property
    def limits(self) -> Limits:
        """What each notebook may use."""
        return Limits(
            cell_seconds=self.cell_seconds,
            call_seconds=self.call_seconds,
            notebook_seconds=self.notebook_seconds,
            extra_seconds=self.extra_seconds,
            memory_bytes=self.memory_bytes,
        )
