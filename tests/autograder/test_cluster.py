"""A class graded on the workers of a Dask cluster: the same marks, whichever worker ends; and workers that must not grade."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import distributed
import pytest
from classroom import CHAPTER, HALF, NAME, RIGHT, ROOT, command, hand_in, nbgrader, points, small_class
from distributed import LocalCluster
from distributed.scheduler import KilledWorker
from small_course import write_course

from autograder.course.course import Course
from autograder.errors import CannotGrade, NoWorkers
from autograder.grading import cluster, on_worker
from autograder.grading.cluster import Cluster
from autograder.grading.digest import what_decides
from autograder.grading.on_worker import Job
from autograder.grading.submission import Task
from autograder.student.limits import Limits
from autograder.submission import handed_in as reading
from autograder.submission.handed_in import handed_in, pack

# What the commands read, besides what this file imports.
INPUTS = ("autograder/nbgrader_plugin", "autograder/gradebook", "autograder/cli")

# In this process: what a fixture replaces is replaced on the workers, too.
inside = partial(LocalCluster, processes=False, threads_per_worker=1, dashboard_address=None)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Course]:
    write_course(tmp_path)
    monkeypatch.chdir(tmp_path)
    on_worker._what_decides_here.cache_clear()
    yield Course(tmp_path)
    on_worker._what_decides_here.cache_clear()


@pytest.fixture
def no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_worker, "warm_up", lambda sandbox, sources: None)


def task(course: Course, student: str) -> Task:
    folder = course.root / "submitted" / student
    folder.mkdir(parents=True, exist_ok=True)
    return Task(student, folder, (course.notebooks(CHAPTER)[0].path,), "none", Limits())


def result(future: Future[Any]) -> Any:
    return future.result(timeout=60)


# What is sent


def test_what_is_sent_is_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "answer (1).ipynb").write_text(
        '{"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}'
    )
    shutil.copy(tmp_path / "deep" / "answer (1).ipynb", tmp_path / "saved.json")
    (tmp_path / "torn.ipynb").write_text("{")
    (tmp_path / "photo.png").write_bytes(b"not looked at")
    (tmp_path / "notes.txt").write_text("no notebook")
    (tmp_path / ".hidden.ipynb").write_text("{}")
    (tmp_path / "link.ipynb").symlink_to("torn.ipynb")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(tmp_path / "deep" / "answer (1).ipynb", "inner.ipynb")
    (tmp_path / "locked.ipynb").write_text("{}")
    opened = reading._open

    def locked(path: Path, name: str) -> Any:
        if name == "locked.ipynb":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, name)

    monkeypatch.setattr(reading, "_open", locked)
    packed = pack(tmp_path)
    here, there = handed_in(tmp_path), handed_in(packed)
    assert [one.name for one in there.notebooks] == [
        "all.zip/inner.ipynb",
        "locked.ipynb",
        "saved.json",
        "torn.ipynb",
        "deep/answer (1).ipynb",
    ]
    assert [(one.name, one.notebook, str(one.refused)) for one in here.notebooks] == [
        (one.name, one.notebook, str(one.refused)) for one in there.notebooks
    ]
    assert (here.others, here.links, here.looked, here.unpacked) == (
        there.others, there.links, there.looked, there.unpacked,
    )  # fmt: skip
    assert dict(packed.files)["photo.png"] == b""


def test_too_much_to_send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "large.ipynb").write_bytes(b" " * 101)
    monkeypatch.setattr(reading, "MAX_PACKED", 100)
    with pytest.raises(CannotGrade, match=r"too much to send .*without --scheduler"):
        pack(tmp_path)
    monkeypatch.setattr(reading, "MAX_PACKED", 101)
    assert len(pack(tmp_path).files) == 1


def test_what_decides_marks_does_not_depend_on_where_it_lies(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    write_course(one)
    write_course(other)
    assert what_decides(one) == what_decides(other)
    notebook = next((other / "source").glob("*/*.ipynb"))
    notebook.write_text(notebook.read_text(encoding="utf-8").replace("becomes four", "becomes 4"), encoding="utf-8")
    assert [name for name, digest in what_decides(one).items() if digest != what_decides(other)[name]] == ["source/"]


# Workers that must not grade


def refusal(job: Job, **options: Any) -> str:
    told: list[str] = []
    with inside(n_workers=1, **options) as workers, pytest.raises(NoWorkers) as refused:
        Cluster(workers.scheduler_address, job, 0, told.append)
    assert told == []  # the error says it
    return str(refused.value)


def test_a_worker_with_threads_does_not_grade(course: Course, no_sandbox: None) -> None:
    assert "it has 2 threads" in refusal(Job.of(course, "none"), threads_per_worker=2)


@pytest.mark.parametrize("name", ["source/", "autograder/", "torch"])
def test_a_worker_with_another_course_or_grader_does_not_grade(course: Course, no_sandbox: None, name: str) -> None:
    said = refusal(Job(what_decides(course.root) | {name: "another"}, "none"))
    assert f"{name}: not the same as where the run was started (its course is {course.root} on " in said


def test_a_worker_without_the_sandbox_does_not_grade(course: Course) -> None:
    assert "there is no sandbox called 'igloo'" in refusal(Job.of(course, "igloo"))


def test_a_worker_with_something_else_installed_does_not_grade(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(job: Job) -> str:
        raise ModuleNotFoundError("No module named 'autograder'")

    monkeypatch.setattr(cluster, "examine", unknown)
    assert "ModuleNotFoundError: No module named 'autograder'" in refusal(Job.of(course, "none"))


def test_the_others_do_the_work_of_one_that_cannot(
    course: Course, no_sandbox: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_worker, "grade_submission", lambda task: [distributed.get_worker().name])
    told: list[str] = []
    workers = {
        0: {"cls": distributed.Worker, "options": {"nthreads": 1}},
        1: {"cls": distributed.Worker, "options": {"nthreads": 3}},
    }
    scheduler = {"cls": distributed.Scheduler, "options": {"dashboard": False, "protocol": "inproc://", "port": 0}}
    with distributed.SpecCluster(workers, scheduler) as running:
        work = Cluster(running.scheduler_address, Job.of(course, "none"), 0, told.append)
        try:
            assert {result(work.submit(task(course, f"s{n}")))[0] for n in range(4)} == {0}
        finally:
            work.stop()
    assert len(told) == 1 and "it has 3 threads" in told[0]


def test_no_scheduler_there() -> None:
    with pytest.raises(NoWorkers, match="no Dask scheduler answers"):
        Cluster("nonsense://here", Job({}, "none"), 0, print)


# Workers that end


@contextmanager
def at_work(course: Course) -> Iterator[SimpleNamespace]:
    """A cluster of one worker."""
    with inside(n_workers=1) as workers:
        work = Cluster(workers.scheduler_address, Job.of(course, "none"), 0, print)
        try:
            yield SimpleNamespace(work=work, workers=workers)
        finally:
            work.stop()


def test_one_that_ends_its_workers_costs_itself_only(
    course: Course, no_sandbox: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def grade(one: Task) -> list[str]:
        if one.student == "bad":
            raise KilledWorker("key", SimpleNamespace(address="tcp://gone"), 3)  # type: ignore[arg-type]
        return [one.student]

    monkeypatch.setattr(on_worker, "grade_submission", grade)
    with at_work(course) as here:
        bad, good = (here.work.submit(task(course, student)) for student in ("bad", "good"))
        assert result(good) == ["good"]
        with pytest.raises(CannotGrade, match=r"has ended, several times.*what bad has handed in"):
            result(bad)


def test_a_worker_that_ends_is_replaced_by_one_that_comes(
    course: Course, no_sandbox: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    def grade(one: Task) -> list[str]:
        begun.append(distributed.get_worker().address)
        while len(begun) == 1:
            time.sleep(0.01)
        return [one.student]

    monkeypatch.setattr(on_worker, "grade_submission", grade)
    with at_work(course) as here:
        ana = here.work.submit(task(course, "ana"))
        while not begun:
            time.sleep(0.01)
        here.workers.sync(next(iter(here.workers.workers.values())).close, executor_wait=False)
        here.workers.scale(2)
        assert result(ana) == ["ana"] and len(set(begun)) == 2


def test_without_any_worker_all_that_wait_hear_of_it(
    course: Course, no_sandbox: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    with at_work(course) as here:
        here.workers.scale(0)
        while here.workers.scheduler.workers:
            time.sleep(0.01)
        for student in ("ana", "bruno"):
            with pytest.raises(NoWorkers, match=r"there was no worker.*run the same command again"):
                result(here.work.submit(task(course, student)))


# All of it, by the real commands


def test_grading_here_does_not_import_dask() -> None:
    program = "import sys, autograder.cli, autograder.nbgrader_plugin; sys.exit('distributed' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ("", "tcp://127.0.0.1:9: no Dask scheduler answers"),
        ("import sys\nsys.modules['distributed'] = None\n", "distributed is not installed, which --scheduler needs"),
    ],
)
def test_where_no_cluster_is_nothing_is_touched(tmp_path: Path, config: str, reason: str) -> None:
    folder = small_class(tmp_path, config)
    hand_in(folder, "ana", RIGHT)
    line = [sys.executable, "-m", "autograder", "class", CHAPTER, "--scheduler", "tcp://127.0.0.1:9"]
    done = subprocess.run(line, cwd=folder, env=command(folder)[1], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    assert [line for line in done.stderr.splitlines() if f"nothing was graded: {reason}" in line], done.stderr
    assert "not graded: ana" not in done.stderr and not (folder / "autograded" / "ana").exists()


@contextmanager
def processes(course: Path, workers: int) -> Iterator[distributed.Client]:
    """A scheduler and its workers on loopback, which see the course and not what was handed in; a client that watches them."""
    machine = course / "machine"
    shutil.copytree(course / "source", machine / "source")
    (machine / "nbgrader_config.py").touch()
    dask = [sys.executable, "-m", "dask"]
    known = machine / "scheduler.json"
    lines = [
        ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(known)],
        *workers * [["worker", "--scheduler-file", str(known), "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny",
                     "--no-dashboard", "--local-directory", str(machine)]],
    ]  # fmt: skip
    started: list[subprocess.Popen[bytes]] = []
    try:
        with (machine / "log").open("wb") as log:
            for line in lines:
                environment = os.environ | {"PYTHONPATH": str(ROOT)}
                started.append(subprocess.Popen([*dask, *line], cwd=machine, env=environment, stdout=log, stderr=log))
        with distributed.Client(scheduler_file=str(known), timeout=60, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=120)
            yield client
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.mark.slow
@pytest.mark.sandbox
def test_marks_are_those_of_a_local_run_although_a_worker_is_killed(tmp_path: Path) -> None:
    folder = small_class(tmp_path)
    # Long enough that a worker can be killed while it grades.
    slow = RIGHT | {"double": "import time\ntime.sleep(1)\n" + RIGHT["double"]}
    for number in range(12):
        hand_in(folder, f"s{number:02}", [slow, HALF, {}, slow][number % 4])
    (folder / "submitted" / "s10" / CHAPTER / f"{NAME}.ipynb").write_text("{torn")

    assert nbgrader(folder, "autograde", CHAPTER).returncode == 1  # s10
    expected = points(folder)
    assert set(expected.values()) == {5, 2, 0}
    (folder / "gradebook.db").unlink()
    shutil.rmtree(folder / "autograded")

    with processes(folder, 3) as client:
        said = folder / "run.log"
        _line, environment = command(folder)
        line = [sys.executable, "-m", "autograder", "class", CHAPTER, "--scheduler", client.scheduler.address]
        with said.open("w") as log:
            run = subprocess.Popen(line, cwd=folder, env=environment, stdout=log, stderr=log)
        pids = client.run(os.getpid)
        grading: list[str] = []
        while not grading or not any(folder.glob(f"autograded/*/{CHAPTER}/{NAME}.ipynb")):
            assert run.poll() is None, said.read_text()
            now = client.processing()
            grading = [worker for worker, keys in now.items() if any(key.startswith("grade-") for key in keys)]
        os.kill(pids[grading[0]], signal.SIGKILL)
        assert run.wait(timeout=300) == 1, said.read_text()
        assert grading[0] not in client.nthreads() and len(client.nthreads()) == 2
    assert points(folder) == expected
    assert "12 graded, 0 kept as they were, 0 not graded" in said.read_text()
