"""Unkind hand-ins get the points that their answers deserve, leave nothing behind, and cost nobody else anything; for each kind of user."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from unkind import CASES, HONEST, Case

from autograder.student.sandbox import Sandbox

HERE = Path(__file__).parent
# What runs in processes of their own.
INPUTS = ("tests/guard/unkind_grader.py", "tests/guard/ordinary_user.py", "autograder/student/worker")
SECRET = "a secret text of somebody else's"
MOST_MEGABYTES, LONGEST_PAUSE = 600, 2.0


@dataclass
class Class:
    """What came of a run over all cases.

    Attributes:
        graded: by case, each of its gradings.
        judge: the judge's memory in MB and its longest pause in seconds.
        knocked: how often somebody connected to the port.
        left: processes that were still there afterwards.
        canary, book: the file and the table of marks afterwards.
    """

    graded: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    judge: dict[str, float] = field(default_factory=dict)
    knocked: int = 0
    left: list[str] = field(default_factory=list)
    canary: str = ""
    book: list[Any] = field(default_factory=list)


def _run(prefix: list[str]) -> Class:
    """Grades all cases in a process of their own, by the command that follows Python's."""
    # Not below /tmp, of which every worker has another one.
    with tempfile.TemporaryDirectory(prefix="guard-", dir="/var/tmp") as folder:
        return _watched(Path(folder), prefix)


def _watched(folder: Path, prefix: list[str]) -> Class:
    canary, book = folder / "canary.txt", folder / "book.db"
    canary.write_text(SECRET, encoding="utf-8")
    with contextlib.closing(sqlite3.connect(book)) as table:
        table.execute("create table marks (student, points)")
        table.execute("insert into marks values ('somebody else', 1)")
        table.commit()
    # Whoever can reach them may change them: only the sandbox is in the way.
    for path in (folder, canary, book):
        path.chmod(0o777)
    found = Class()
    mark = f"{60_000 + os.getpid()}.25"
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.setblocking(False)
        command = [
            sys.executable,
            *prefix,
            str(HERE / "unkind_grader.py"),
            str(canary),
            str(book),
            str(door.getsockname()[1]),
            mark,
        ]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE.parents[1]), str(HERE)]), "GUARD": SECRET}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        for line in map(json.loads, done.stdout.splitlines()):
            if "case" in line:
                found.graded.setdefault(line["case"], []).append(line)
            else:
                found.judge = line
        with contextlib.suppress(BlockingIOError):
            while door.accept():
                found.knocked += 1
    deadline = time.monotonic() + 5
    while (left := _processes(mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    found.left = left
    found.canary = canary.read_text(encoding="utf-8")
    with contextlib.closing(sqlite3.connect(book)) as table:
        found.book = [*table.execute("select * from marks"), *table.execute("select name from sqlite_master")]
    assert sorted(path.name for path in folder.iterdir()) == ["book.db", "canary.txt"]
    return found


def _processes(mark: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = path.read_bytes().decode("utf-8", "replace").split("\0")
            if words[:1] == ["sleep"] and mark in words:
                found.append(" ".join(words))
    return found


@pytest.fixture(scope="module")
def mine(bubblewrap: Sandbox) -> Class:
    """All cases, graded by the user of these tests."""
    return _run([])


@pytest.fixture(scope="module")
def ordinary(bubblewrap: Sandbox) -> Class:
    """All cases, graded by a user without rights."""
    if os.getuid() != 0:
        pytest.skip("these tests run as an ordinary user anyway")
    return _run([str(HERE / "ordinary_user.py")])


@pytest.fixture(params=["mine", pytest.param("ordinary", marks=pytest.mark.slow)])
def graded(request: pytest.FixtureRequest) -> Class:
    """The run of each user in turn."""
    found: Class = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_hand_in_gets_what_it_deserves(graded: Class, case: Case) -> None:
    (found,) = graded.graded[case.id]
    assert tuple(found["earned"]) == case.deserves, found["told"]
    assert SECRET not in found["shown"]
    assert found["active"] == []


def test_every_honest_hand_in_between_them_gets_everything(graded: Class) -> None:
    found = graded.graded[HONEST.id]
    assert len(found) > len(CASES) // 6
    assert {tuple(one["earned"]) for one in found} == {HONEST.deserves}


def test_nothing_outside_has_changed(graded: Class) -> None:
    assert graded.canary == SECRET
    assert graded.book == [("somebody else", 1), ("marks",)]
    assert graded.knocked == 0
    assert graded.left == []


def test_the_judge_stays_small_and_answers(graded: Class) -> None:
    assert graded.judge["megabytes"] < MOST_MEGABYTES
    assert graded.judge["busy"] < LONGEST_PAUSE  # processor time: the clock also tells what else the machine does
