"""The gradebook's database: patience with other programs, and errors that say what to do."""

from __future__ import annotations

import sqlite3
import warnings
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SAWarning

from autograder.errors import GradebookUnavailable

# How long to wait for another program to finish writing.
BUSY_SECONDS = 60.0

_AGAIN = "run the same command again: what is graded stays graded"
# What SQLite says, what it means, what to do. An error that is not here may well be that of an old gradebook, as nbgrader says.
_REASONS = (
    ("is locked", "another program is writing to it{holders}", f"close that program, and {_AGAIN}"),
    ("disk is full", "the disk is full", f"make room, and {_AGAIN}"),
    ("readonly", "it may not be written to", f"look at the permissions of the file and of its folder, and {_AGAIN}"),
    ("unable to open", "it cannot be opened", f"look at the permissions of the file and of its folder, and {_AGAIN}"),
    ("disk i/o", "the disk failed while reading or writing it", f"check the disk, and {_AGAIN}"),
    ("malformed", "the file is damaged", "put back a copy, or delete it; then run the same command again"),
    ("not a database", "the file is damaged", "put back a copy, or delete it; then run the same command again"),
)


def install() -> None:
    """Sees to every database that this process opens; more than once is like once."""
    if not event.contains(Engine, "connect", _be_patient):
        event.listen(Engine, "connect", _be_patient)
        event.listen(Engine, "handle_error", _explain)
        # nbgrader's models make SQLAlchemy 2.1 say this three times for each student.
        warnings.filterwarnings("ignore", "Object of type .* not in session", SAWarning)


def _be_patient(connection: Any, record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute(f"PRAGMA busy_timeout = {round(BUSY_SECONDS * 1000)}")


def _explain(context: Any) -> None:
    """Raises our own error in place of SQLAlchemy's."""
    original = context.original_exception
    if not isinstance(original, sqlite3.DatabaseError):
        return
    said = str(original).lower()
    path = str(context.engine.url.database) if context.engine is not None else "gradebook.db"
    for sign, meaning, remedy in _REASONS:
        if sign in said:
            raise GradebookUnavailable(f"{path}: {meaning.format(holders=_holders(path))}", remedy)


def _holders(path: str) -> str:
    """The programs that have a file open, as far as this user may know: " (formgrader, process 12)"."""
    import os

    import psutil

    found = []
    for process in psutil.process_iter(["pid", "name", "cmdline"]):
        try:
            if process.pid != os.getpid() and any(os.path.samefile(f.path, path) for f in process.open_files()):
                found.append(f"{' '.join(process.info['cmdline'])[:80] or process.info['name']}, process {process.pid}")
        except (psutil.Error, OSError):
            continue
    listed = "; ".join(found) or "often formgrader, another nbgrader or a database browser"
    return f", for {BUSY_SECONDS:g} s now ({listed})"
