"""The gradebook's database, SQLite or PostgreSQL: patience with other programs, and errors that say what to do."""

from __future__ import annotations

import sqlite3
import warnings
from typing import Any

import nbgrader.api
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, OperationalError, SAWarning

from autograder.errors import CannotGrade, CourseError, GradebookUnavailable

GUIDE = "docs/gradebook.md"

# How long to wait for another program to finish writing.
BUSY_SECONDS = 60.0

_AGAIN = "run the same command again: what is graded stays graded"
_SETTING = "c.CourseDirectory.db_url"
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


# The same for PostgreSQL, by the beginning of its SQLSTATE.
_STATES = (
    ("08", "the connection to the server is lost", f"see that the server runs, and {_AGAIN}"),
    ("25006", "it may only be read: the server is a copy, or set to read-only", f"name the main server in {_SETTING}"),
    ("40", "another program has changed the same at the same time", _AGAIN),
    ("42501", "its user has not the right to do this", f"make the user the owner of the database, see {GUIDE}, and {_AGAIN}"),
    ("42703", "its tables are those of another nbgrader", "make a copy with pg_dump, then run nbgrader db upgrade"),
    ("53100", "the disk of the server is full", f"make room there, and {_AGAIN}"),
    ("53", "the server has too many connections, or too little memory", f"close other programs that use it, and {_AGAIN}"),
    ("55P03", "another program is writing to it, for {seconds:g} s now", f"close that program, which pg_stat_activity names, and {_AGAIN}"),
    ("57014", "the server has cancelled a statement", _AGAIN),
    ("57", "the server is starting, stopping or has stopped", f"see that it runs, and {_AGAIN}"),
    ("58", "the server failed to read or write its files", f"look at its log and its disk, and {_AGAIN}"),
    ("XX", "the server has found its files damaged", "look at its log; put back a copy, then run the same command again"),
)  # fmt: skip


def install() -> None:
    """Sees to every database that this process opens; more than once is like once."""
    if not event.contains(Engine, "connect", _be_patient):
        event.listen(Engine, "connect", _be_patient)
        event.listen(Engine, "handle_error", _explain)
        # nbgrader's models make SQLAlchemy 2.1 say this three times for each student.
        warnings.filterwarnings("ignore", "Object of type .* not in session", SAWarning)
        nbgrader.api.create_engine = open_engine
        Gradebook.check_course = _needs_course_id(Gradebook.check_course)


def open_engine(url: str, **settings: Any) -> Engine:
    """In place of SQLAlchemy's create_engine.

    Raises:
        GradebookUnavailable: the URL names no database, or one whose driver is not installed.
    """
    try:
        return create_engine(url, **settings)
    except ArgumentError:  # also that the dialect is unknown; the text itself may hold a password
        problem = f"{_SETTING} is not the URL of a database that SQLAlchemy knows"
        raise GradebookUnavailable(problem, f"write it as in {GUIDE}") from None
    except ImportError as error:
        remedy = 'pip install -e ".[instructor,postgres]" -c constraints.txt, and postgresql+psycopg:// in ' + _SETTING
        raise GradebookUnavailable(f"{shown(make_url(url))}: its driver is not installed ({error})", remedy) from None


def shown(url: URL) -> str:
    """Where a database is, without password and settings: the path of a file, else user, host, port and name."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return str(URL.create(url.get_backend_name(), url.username, None, url.host, url.port, url.database))


def _needs_course_id(check: Any) -> Any:
    """A server refuses assignments of a course without a name, for which nbgrader makes no entry; SQLite does not look."""

    def check_course(self: Gradebook, course_id: str = "default_course", **settings: Any) -> Any:
        if not course_id and self.engine.dialect.name != "sqlite":
            problem = f"{shown(self.engine.url)}: the course has no name, which this database needs"
            raise GradebookUnavailable(problem, "set c.CourseDirectory.course_id in nbgrader_config.py")
        return check(self, course_id, **settings)

    return check_course


def _be_patient(connection: Any, record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute(f"PRAGMA busy_timeout = {round(BUSY_SECONDS * 1000)}")
    elif type(connection).__module__.partition(".")[0] in ("psycopg", "psycopg2"):
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {round(BUSY_SECONDS * 1000)}")
        connection.commit()


def _explain(context: Any) -> None:
    """Raises our own error in place of SQLAlchemy's."""
    original = context.original_exception
    if isinstance(original, sqlite3.DatabaseError):
        said = str(original).lower()
        path = str(context.engine.url.database) if context.engine is not None else "gradebook.db"
        for sign, meaning, remedy in _REASONS:
            if sign in said:
                raise GradebookUnavailable(f"{path}: {meaning.format(holders=_holders(path))}", remedy)
    elif context.engine is not None and context.engine.dialect.name == "postgresql":
        server = shown(context.engine.url)
        # Drivers say no SQLSTATE where there is no connection, or none any more.
        state = getattr(original, "sqlstate", None) or getattr(original, "pgcode", None) or ""
        if error := _of_server(server, state, original, isinstance(context.sqlalchemy_exception, OperationalError)):
            raise error


def _of_server(server: str, state: str, original: BaseException, is_operational: bool) -> CourseError | None:
    """What an error of PostgreSQL's means; None where it is one of a program's, for which nobody has a remedy."""
    said = " ".join(str(original).split())
    if state == "22001":
        return CannotGrade(
            f"{server}: a name is too long for it ({said})", "shorten the name of the folder or notebook"
        )
    for sign, meaning, remedy in _STATES:
        if state.startswith(sign):
            return GradebookUnavailable(f"{server}: {meaning.format(seconds=BUSY_SECONDS)} ({said})", remedy)
    if state or not is_operational:
        return None
    problem = f"{server}: the server cannot be reached, or does not let this user in ({said})"
    remedy = f"see that the server runs, and look at user, password, host and database in {_SETTING}, see {GUIDE}"
    return GradebookUnavailable(problem, f"{remedy}; then {_AGAIN}")


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
