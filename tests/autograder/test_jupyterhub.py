"""A JupyterHub on this machine alone: an instructor and two students, each with a user of their own, and nbgrader's exchange between them.

Everything goes the way of a click: through the hub's proxy, to the panels' own addresses on each user's server.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import nbformat
import pytest
import requests
from classroom import CHAPTER, HALF, NAME, RIGHT, ROOT, filled, points, small_class

# What is read here, besides what this file imports; see `autograder.selection`.
INPUTS = (
    "docs/jupyterhub.md",
    "tests/autograder/private_hub.py",
    "tests/guard/ordinary_user.py",
    "tools/student_lab.py",
)
COURSE = "llm-from-scratch"
TEACHER, STUDENTS = "teacher", ("ana", "bruno")
FIRST_UID = 41_000
SECONDS = 180.0  # for a server to start, on a busy machine
GUIDE = (ROOT / "docs/jupyterhub.md").read_text(encoding="utf-8")


def block(title: str) -> str:
    """The guide's first Python block that has this comment in its first line."""
    found = map(dedent, re.findall(r"^ *```python\n(.*?)^ *```", GUIDE, re.S | re.M))
    return next(text for text in found if text.startswith(f"# {title}\n"))


def proxy(folder: Path) -> str:
    """The hub's proxy, installed into a folder where the machine has none."""
    if found := shutil.which("configurable-http-proxy"):
        return found
    if shutil.which("npm") is None:
        pytest.skip("JupyterHub's proxy is not here: npm install -g configurable-http-proxy")
    done = subprocess.run(
        ["npm", "install", "--silent", "--prefix", str(folder), "configurable-http-proxy"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        pytest.skip(f"JupyterHub's proxy cannot be installed: {done.stderr[-300:]}")
    return str(folder / "node_modules/.bin/configurable-http-proxy")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def environment(*paths: Path) -> dict[str, str]:
    """Where a process finds the checkout's own packages, before those of the tests."""
    found = [*map(str, paths), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PYTHONPATH": os.pathsep.join(found), "PYTHONDONTWRITEBYTECODE": "1"}


class Hub:
    """A running hub.

    Args:
        folder: everybody may enter it; homes and the exchange are in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.token = folder, secrets.token_hex(16)
        self.address = f"http://127.0.0.1:{free_port()}"
        self.uids = {name: FIRST_UID + number for number, name in enumerate((TEACHER, *STUDENTS))}
        (folder / "exchange").mkdir()
        (folder / "exchange").chmod(0o777)
        lines = [Path("/etc/passwd").read_text(encoding="utf-8")]
        for name, uid in self.uids.items():
            lines.append(f"{name}:x:{uid}:{os.getgid() or 65534}::{self.home(name)}:/bin/sh\n")
            (self.home(name) / ".jupyter").mkdir(parents=True)
            settings = block("nbgrader_config.py, for everybody").replace(
                "/srv/nbgrader/exchange", str(folder / "exchange")
            )
            if name == TEACHER:
                settings += block("nbgrader_config.py, of the instructor").replace(
                    "/home/teacher", str(self.home(name))
                )
            (self.home(name) / ".jupyter/nbgrader_config.py").write_text(settings, encoding="utf-8")
        small_class(self.home(TEACHER) / COURSE, f"c.CourseDirectory.course_id = {COURSE!r}\n")
        (self.home(TEACHER) / COURSE / "gradebook.db").unlink()
        for name in self.uids:
            for path in (self.home(name), *self.home(name).rglob("*")):
                os.chown(path, self.uids[name], 65534)
            self.home(name).chmod(0o700)
        (folder / "passwd").write_text("".join(lines), encoding="utf-8")
        (folder / "passwd").chmod(0o644)
        self._configure()

    def _configure(self) -> None:
        settings = block("jupyterhub_config.py").replace("/srv/llm-from-scratch", str(ROOT))
        settings += f"""
c.JupyterHub.bind_url = {self.address!r}
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{free_port()}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{free_port()}"
c.ConfigurableHTTPProxy.command = [{proxy(self.folder / "npm")!r}]
c.ConfigurableHTTPProxy.pid_file = {str(self.folder / "proxy.pid")!r}
c.JupyterHub.db_url = "sqlite://"
c.JupyterHub.cookie_secret = {secrets.token_bytes(32)!r}
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allowed_users = {set(self.uids)!r}
c.Spawner.cmd = [{sys.executable!r}, "-m", "jupyterhub.singleuser"]
c.Spawner.environment = {environment(ROOT)!r}
c.Spawner.start_timeout = c.Spawner.http_timeout = {round(SECONDS)}
c.JupyterHub.services = [{{"name": "test", "api_token": {self.token!r}}}]
c.JupyterHub.load_roles = [{{"name": "test", "services": ["test"], "scopes": ["admin:users", "admin:servers", "access:servers"]}}]
"""
        (self.folder / "hub").mkdir()
        (self.folder / "hub/jupyterhub_config.py").write_text(settings, encoding="utf-8")

    def home(self, user: str) -> Path:
        return self.folder / "home" / user

    def start(self) -> None:
        line = [
            sys.executable,
            str(ROOT / "tests/autograder/private_hub.py"),
            str(self.folder / "passwd"),
            "jupyterhub_config.py",
        ]
        paths = environment(ROOT, ROOT / "tests/guard")
        with (self.folder / "hub.log").open("w") as log:
            self._process = subprocess.Popen(
                line, cwd=self.folder / "hub", env=os.environ | paths, stdout=log, stderr=log
            )
        self._await(lambda: self.ask("GET", "/hub/api").ok)
        for user in self.uids:
            self.ask("POST", f"/hub/api/users/{user}")
            self.ask("POST", f"/hub/api/users/{user}/server")
        for user in self.uids:
            self._await(lambda user=user: self.ask("GET", f"/hub/api/users/{user}").json()["servers"][""]["ready"])

    def _await(self, ready: Any) -> None:
        end = time.monotonic() + SECONDS
        while True:
            assert self._process.poll() is None and time.monotonic() < end, self.log()
            try:
                if ready():
                    return
            except (requests.ConnectionError, KeyError):
                pass
            time.sleep(0.5)

    def log(self) -> str:
        return (self.folder / "hub.log").read_text(encoding="utf-8", errors="replace")[-6000:]

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def ask(self, method: str, path: str, **settings: Any) -> requests.Response:
        headers = {"Authorization": f"token {self.token}"}
        return requests.request(method, self.address + path, headers=headers, timeout=300, **settings)

    def click(self, user: str, path: str, **fields: str) -> Any:
        """What a panel of nbgrader's asks of a user's server."""
        answer = self.ask("POST", f"/user/{user}/{path}", data=fields)
        assert answer.ok, f"{user}, {path}: {answer.status_code} {answer.text[:2000]}"
        said = answer.json()
        assert said.get("success", True), f"{user}, {path}: {json.dumps(said)[:3000]}"
        return said


@pytest.fixture
def hub() -> Iterator[Hub]:
    if os.name != "posix" or sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("users of their own need root on Linux")
    if importlib.util.find_spec("jupyterhub") is None:
        pytest.skip("JupyterHub is not here: pip install -e .[hub] -c constraints.txt")
    folder = Path(tempfile.mkdtemp(prefix="hub-"))
    folder.chmod(0o755)
    try:
        running = Hub(folder)
        try:
            running.start()
            yield running
        finally:
            running.stop()
    finally:
        shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.sandbox
def test_a_chapter_goes_out_and_comes_back_through_a_hub(hub: Hub) -> None:
    chapter = {"course_id": COURSE, "assignment_id": CHAPTER}
    hub.click(TEACHER, f"formgrader/api/assignment/{CHAPTER}/release")
    for student, answers in zip(STUDENTS, (RIGHT, HALF), strict=True):
        hub.click(student, "assignments/fetch", **chapter)
        there = f"/user/{student}/api/contents/{CHAPTER}/{NAME}.ipynb"
        fetched = hub.home(student) / CHAPTER / f"{NAME}.ipynb"
        body = {"type": "notebook", "content": json.loads(nbformat.writes(filled(fetched, answers)))}
        assert hub.ask("PUT", there, json=body).ok
        assert fetched.stat().st_uid == hub.uids[student]
        hub.click(student, "assignments/submit", **chapter)

    # What one student has handed in has a name that no other can list or guess.
    inbound = hub.folder / "exchange" / COURSE / "inbound"
    (handed_in,) = inbound.glob("ana+*")
    assert handed_in.stat().st_uid == hub.uids["ana"] and len(handed_in.name.rpartition("+")[2]) >= 8
    for path in (inbound, hub.home("ana"), hub.home(TEACHER)):
        bruno = {"user": hub.uids["bruno"], "group": 65534, "extra_groups": [], "cwd": "/"}
        seen = subprocess.run(["ls", str(path)], **bruno, capture_output=True, text=True, check=False)
        assert seen.returncode != 0 and "Permission denied" in seen.stderr, (path, seen)

    hub.click(TEACHER, f"formgrader/api/assignment/{CHAPTER}/collect")
    for student in STUDENTS:
        hub.click(TEACHER, f"formgrader/api/submission/{CHAPTER}/{student}/autograde")
    assert points(hub.home(TEACHER) / COURSE) == {"ana": 5, "bruno": 2}
    hub.click(TEACHER, f"formgrader/api/assignment/{CHAPTER}/generate_feedback")
    hub.click(TEACHER, f"formgrader/api/assignment/{CHAPTER}/release_feedback")
    for student, result in zip(STUDENTS, ("<h1>5 of 9 points", "<h1>2 of 9 points"), strict=True):
        hub.click(student, "assignments/fetch_feedback", **chapter)
        (page,) = (hub.home(student) / CHAPTER / "feedback").rglob(f"{NAME}.html")
        assert result in page.read_text(encoding="utf-8") and page.stat().st_uid == hub.uids[student]
    # A student's server has the list of assignments, and nothing of an instructor's.
    assert hub.ask("GET", "/user/ana/formgrader/api/grades").status_code == 404
