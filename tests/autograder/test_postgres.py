"""The gradebook in a PostgreSQL server: a class in it, graders at once, and what is said when the server is away or refuses."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import postgres_server
import pytest
from classroom import CHAPTER, NAME, RIGHT, hand_in, nbgrader, small_class, two_runs_at_once
from filelock import Timeout
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from postgres_server import PASSWORD, Server
from sqlalchemy.exc import SQLAlchemyError

from autograder.errors import CannotGrade, CourseError, GradebookUnavailable
from autograder.gradebook import database, doctor
from autograder.gradebook.records import Records
from autograder.nbgrader_plugin import converter

COURSE = "llm"


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """nbgrader calls alembic by name."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if postgres_server.programs() is None:
        pytest.skip("no PostgreSQL server here: tools/system-packages.sh postgresql")
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip("no driver for PostgreSQL here: pip install -e .[postgres] -c constraints.txt")
    with postgres_server.server() as running:
        yield running


@pytest.fixture
def grades(server: Server) -> Iterator[Server]:
    """The server, with an empty database."""
    server.sql("CREATE DATABASE grades", "postgres")
    yield server
    server.stop()
    server.start()
    server.sql("DROP DATABASE grades WITH (FORCE)", "postgres")


def in_postgres(folder: Path, server: Server) -> Path:
    """A class of three whose gradebook is empty yet: its release was made in another one."""
    small_class(folder)
    (folder / "gradebook.db").unlink()
    with (folder / "nbgrader_config.py").open("a") as config:
        config.write(f"c.CourseDirectory.db_url = {server.url()!r}\nc.CourseDirectory.course_id = {COURSE!r}\n")
    for student in ("ana", "bruno", "carla"):
        hand_in(folder, student, RIGHT)
    return folder


def points(server: Server) -> dict[str, float]:
    with Gradebook(server.url(), COURSE) as book:
        return {s.student_id: s.score for s in book.assignment_submissions(CHAPTER)}


@pytest.mark.slow
@pytest.mark.sandbox
def test_two_graders_begin_a_gradebook_and_share_the_class(tmp_path: Path, grades: Server) -> None:
    folder = in_postgres(tmp_path, grades)
    said = two_runs_at_once(folder)
    assert points(grades) == {"ana": 5, "bruno": 5, "carla": 5}
    for student in ("ana", "bruno", "carla"):
        assert sum(text.count(f"{student}, {NAME}: 5 of 5 points") for text in said) == 1, said

    with Gradebook(grades.url(), COURSE) as book:
        grade = book.find_grade("essay", NAME, CHAPTER, "ana")
        grade.manual_score, grade.needs_manual_grade = 3, False
        book.find_comment("essay", NAME, CHAPTER, "ana").manual_comment = "Com acentuação."
        book.db.commit()
    done = nbgrader(folder, "generate_feedback", CHAPTER)
    assert done.returncode == 0, done.stderr
    assert "Com acentuação." in (folder / f"feedback/ana/{CHAPTER}/{NAME}.html").read_text(encoding="utf-8")
    done = nbgrader(folder, "export")
    assert done.returncode == 0, done.stderr
    assert ",ana,,,,8.0,0.0,8.0,9.0" in (folder / "grades.csv").read_text(encoding="utf-8")
    assert not (folder / "gradebook.db").exists()


@pytest.mark.slow
@pytest.mark.sandbox
def test_a_server_that_goes_away_is_named_and_nothing_is_lost(tmp_path: Path, grades: Server) -> None:
    folder = in_postgres(tmp_path, grades)
    # The server is killed when the first student is done.
    with (folder / "nbgrader_config.py").open("a") as config:
        config.write("c.Autograde.post_convert_hook = 'away.away'\n")
    away = folder / "away.py"
    away.write_text(
        f"import os, time\ndef away(**_):\n    os.kill({grades.process}, {int(signal.SIGQUIT)})\n    time.sleep(2)\n"
    )
    done = nbgrader(folder, "autograde", CHAPTER)
    assert done.returncode == 1 and "Traceback" not in done.stderr and "recently upgraded" not in done.stderr
    assert all(f"not graded: {name}: " in done.stderr for name in ("ana", "bruno", "carla")), done.stderr
    assert PASSWORD not in done.stderr
    assert f"postgresql://teacher@127.0.0.1:{grades.port}/grades: the server cannot be reached" in done.stderr
    export = nbgrader(folder, "export")
    assert (
        export.returncode == 1 and "the server cannot be reached" in export.stderr and "Traceback" not in export.stderr
    )
    assert len(export.stderr.splitlines()) == 2 and PASSWORD not in export.stderr

    grades.start()
    away.write_text("def away(**_): pass\n")
    done = nbgrader(folder, "autograde", CHAPTER)
    assert done.returncode == 0, done.stderr
    assert points(grades) == {"ana": 5, "bruno": 5, "carla": 5}


def said_by(what: Callable[[], object], kind: type[CourseError] = GradebookUnavailable) -> str:
    """One line without a password."""
    database.install()
    with pytest.raises(kind) as error:
        what()
    said = str(error.value)
    assert "\n" not in said and "Remedy: " in said and PASSWORD not in said and "secret" not in said
    return said


def opened(url: str, course: str = COURSE) -> None:
    with Gradebook(url, course) as book:
        assert book.students == []


@pytest.mark.slow
def test_what_the_server_refuses_is_told_with_the_remedy(
    tmp_path: Path, grades: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = said_by(lambda: opened(grades.url(password="another secret")))
    assert "password authentication failed" in said and "look at user, password" in said
    # Without a password in the URL, the one in the user's .pgpass.
    passwords = tmp_path / "pgpass"
    passwords.write_text(f"127.0.0.1:{grades.port}:*:teacher:{PASSWORD}\n")
    passwords.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(passwords))
    opened(grades.url(password=None))
    assert 'database "nowhere" does not exist' in said_by(lambda: opened(grades.url(database="nowhere")))
    assert "c.CourseDirectory.course_id" in said_by(lambda: opened(grades.url(), ""))

    # Somebody who may log in, and nothing else: neither in an empty database nor in one with tables.
    grades.sql("DROP ROLE IF EXISTS guest")
    grades.sql(f"CREATE ROLE guest LOGIN PASSWORD '{PASSWORD}'")
    grades.sql("DROP DATABASE grades WITH (FORCE)", "postgres")
    grades.sql("CREATE DATABASE grades", "postgres")
    grades.sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    assert "has not the right" in said_by(lambda: opened(grades.url("guest")))
    opened(grades.url())
    assert "has not the right" in said_by(lambda: opened(grades.url("guest")))

    with Gradebook(grades.url(), COURSE) as book:
        assert "shorten the name" in said_by(lambda: book.add_student("x" * 129), CannotGrade)

    # A program that has changed a table and waits; patience ends.
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    with Gradebook(grades.url(), COURSE) as holder, Gradebook(grades.url(), COURSE) as book:
        holder.db.connection().exec_driver_sql("LOCK TABLE student")
        assert "another program is writing to it, for 0.2 s now" in said_by(lambda: book.add_student("ana"))

    # What is nobody's fault but the program's stays as it is.
    with Gradebook(grades.url(), COURSE) as book, pytest.raises(SQLAlchemyError, match="syntax error"):
        book.db.connection().exec_driver_sql("nonsense")


@pytest.mark.slow
def test_the_doctor_looks_into_a_server(tmp_path: Path, grades: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def found(url: str) -> doctor.Finding:
        settings = f"c = get_config()\nc.CourseDirectory.db_url = {url!r}\nc.CourseDirectory.course_id = {COURSE!r}\n"
        (tmp_path / "nbgrader_config.py").write_text(settings, encoding="utf-8")
        return doctor.course()[-1]

    database.install()
    assert "is empty" in found(grades.url()).found and found(grades.url()).good is None
    assert grades.sql("SELECT * FROM pg_tables WHERE schemaname = 'public'") == []
    opened(grades.url())
    assert found(grades.url()).found == "0 assignments, 0 students"
    refused = found(grades.url(password="another secret"))
    assert refused.good is False and "password authentication failed" in refused.found and "password" in refused.remedy


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("postgresql+no_driver://ana:secret@here/grades", "is not the URL of a database"),
        ("secret", "is not the URL of a database"),
        ("postgresql+pg8000://ana:secret@here/grades", "postgresql://ana@here/grades: its driver is not installed"),
    ],
)
def test_a_url_that_leads_nowhere_is_told_without_its_password(url: str, meant: str) -> None:
    assert importlib.util.find_spec("pg8000") is None
    assert meant in said_by(lambda: opened(url))


def test_only_one_run_at_a_time_makes_an_assignment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that make the tables, or the assignment, at the same time fail now and then."""
    monkeypatch.chdir(tmp_path)
    course = CourseDirectory(root=str(tmp_path), assignment_id=CHAPTER)
    taken = []

    def register(course: CourseDirectory, log: object) -> None:
        with pytest.raises(Timeout):
            Records(course, CHAPTER).whole().acquire(timeout=0)
        taken.append(course)

    monkeypatch.setattr(converter, "register", register)
    with pytest.raises(NbGraderException, match="No notebooks were matched"):
        converter.CourseAutograde(coursedir=course).start()
    assert taken == [course]
    Records(course, CHAPTER).whole().acquire(timeout=0).lock.release()
