"""A PostgreSQL server of the test's own: from the system's packages, in a temporary folder, on a free port of this machine alone."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

PASSWORD = "a long secret"


def programs() -> Path | None:
    """The folder of the newest server that is installed; Debian keeps it out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    elsewhere = shutil.which("initdb")
    return found[-1].parent if found else Path(elsewhere).parent if elsewhere else None


class Server:
    """A server with the user "teacher", to whom everything belongs.

    Args:
        folder: an empty one of the user that the server runs as.
        user: name of that user: the server refuses to run as root.
    """

    def __init__(self, folder: Path, user: str) -> None:
        found = programs()
        assert found is not None
        self._programs, self._folder, self._user = found, folder, user
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        (folder / "password").write_text(PASSWORD, encoding="utf-8")
        self._run(
            "initdb",
            "-D",
            "data",
            "-U",
            "teacher",
            "-A",
            "scram-sha-256",
            "--pwfile=password",
            "-E",
            "UTF8",
            "--locale=C",
        )
        self.start()

    @property
    def process(self) -> int:
        """The server's first process."""
        return int((self._folder / "data/postmaster.pid").read_text().split()[0])

    def _run(self, name: str, *arguments: str) -> None:
        line = [str(self._programs / name), *arguments]
        done = subprocess.run(
            line,
            cwd=self._folder,
            user=self._user,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        log = self._folder / "log"
        assert done.returncode == 0, f"{done.stdout}{done.stderr}{log.read_text() if log.exists() else ''}"

    def start(self) -> None:
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories='' -c fsync=off"
        # Not captured: what the server inherits stays open as long as it runs.
        line = [str(self._programs / "pg_ctl"), "-D", "data", "-l", "log", "-w", "-o", options, "start"]
        subprocess.run(
            line,
            cwd=self._folder,
            user=self._user,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        """Ends the server at once, if it runs; connections are cut."""
        if (self._folder / "data/postmaster.pid").exists():
            self._run("pg_ctl", "-D", "data", "-m", "immediate", "stop")

    def url(self, user: str = "teacher", database: str = "grades", password: str | None = PASSWORD) -> str:
        """What `c.CourseDirectory.db_url` is set to."""
        url = URL.create("postgresql+psycopg", user, password, "127.0.0.1", self.port, database)
        return url.render_as_string(hide_password=False)

    def sql(self, statement: str, database: str = "grades") -> list[tuple[object, ...]]:
        """Runs a statement as the owner."""
        import psycopg  # only with the extra "postgres"

        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="teacher", password=PASSWORD, dbname=database, autocommit=True
        ) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def server() -> Iterator[Server]:
    """Starts one, and leaves nothing of it behind."""
    user = pwd.getpwuid(os.geteuid()).pw_name if os.geteuid() else "nobody"
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    try:
        shutil.chown(folder, user)
        running = Server(folder, user)
        try:
            yield running
        finally:
            running.stop()
    finally:
        shutil.rmtree(folder)
