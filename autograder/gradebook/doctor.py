"""What an instructor's machine needs to grade a class, tried out: packages, the sandbox, memory, disk, nbgrader's settings, exchange, gradebook."""

from __future__ import annotations

import os
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory
from packaging.requirements import Requirement
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from autograder.errors import CourseError, printable
from autograder.gradebook import database, exchange
from autograder.gradebook.run import GradingRun
from autograder.student.limits import Limits
from autograder.student.sandbox import Sandbox, open_sandbox
from autograder.student.session import StudentSession
from llmkit.doctor import Finding, disk, python
from llmkit.runtime import free_memory

INSTALL = 'pip install -e ".[instructor]" -c constraints.txt'
EXTRAS = ("lab", "instructor")
LEAST_DISK = 2.0  # GiB: graded notebooks, feedback, the gradebook
# What a worker tells of itself: its user, its capabilities, other processes in sight, and whether it has a network.
LOOK = """
import os, socket
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
try:
    socket.create_connection(("127.0.0.1", 9), 1)
    network = True
except ConnectionRefusedError:
    network = len(open("/proc/net/dev").readlines()) > 3
except OSError:
    network = False
print(status["CapEff"].strip().strip("0") or 0, status["Seccomp"].strip(), len([n for n in os.listdir("/proc") if n.isdigit()]), int(network))
"""


def examine() -> list[Finding]:
    """Tries out everything; starts a sandbox, changes nothing."""
    return [
        python(),
        *packages(),
        bubblewrap(),
        *sandbox(),
        memory(),
        disk(
            Path.cwd(),
            LEAST_DISK,
            "make room: grading ends where the disk is full, and goes on when it is started again",
        ),
        hashes(),
        *course(),
    ]


def packages() -> list[Finding]:
    """Whether the packages are those that pyproject.toml asks for: one line where they are, else one for each that is not."""
    try:
        lines = metadata.requires("llmkit") or []
    except metadata.PackageNotFoundError:
        return [Finding("packages", "llmkit is not installed", False, INSTALL)]
    wanted = [requirement for requirement in map(Requirement, lines) if _applies(requirement)]
    wrong = [finding for requirement in wanted if (finding := _package(requirement)) is not None]
    return wrong or [Finding("packages", f"{len(wanted)}, as pyproject.toml asks for", True)]


def _applies(requirement: Requirement) -> bool:
    marker = requirement.marker
    return requirement.name != "llmkit" and (
        marker is None or any(marker.evaluate({"extra": extra}) for extra in EXTRAS)
    )


def _package(requirement: Requirement) -> Finding | None:
    try:
        found = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return Finding(requirement.name, "not installed", False, INSTALL)
    if requirement.specifier.contains(found, prereleases=True):
        return None
    return Finding(requirement.name, f"{found}, not {requirement.specifier}", False, INSTALL)


def bubblewrap() -> Finding:
    """Whether bubblewrap is there."""
    program = shutil.which("bwrap")
    if program is None:
        remedy = "Debian, Ubuntu: sudo apt-get install bubblewrap; elsewhere see docs/sandbox.md"
        return Finding("bubblewrap", "not installed", False, remedy)
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return Finding("bubblewrap", done.stdout.strip() or program, True)


def sandbox() -> list[Finding]:
    """Starts a sandbox and runs a cell in it that looks at where it is."""
    try:
        box = open_sandbox("bubblewrap")
    except CourseError as error:
        return [Finding("sandbox", error.problem, False, error.remedy)]
    try:
        return [_isolation(box)]
    except CourseError as error:
        return [Finding("sandbox", error.problem, False, error.remedy)]
    finally:
        box.close()


def _isolation(box: Sandbox) -> Finding:
    with StudentSession(box, Limits()) as session:
        run = session.run_cell(LOOK)
    said = "".join(output.get("text", "") for output in run.outputs).split()
    if len(said) != 4:
        why = run.died or (run.error or {}).get("evalue", "") or "no answer"
        return Finding("sandbox", printable(f"a cell does not run: {why}"), False, "see docs/sandbox.md")
    capabilities, filtered, processes, network = said
    open_ways = [
        what
        for what, is_open in (
            ("capabilities", capabilities != "0"),
            ("system calls", filtered != "2"),
            ("other processes", int(processes) > 3),
            ("the network", network != "0"),
        )
        if is_open
    ]
    if open_ways:
        return Finding(
            "sandbox",
            f"runs cells, but leaves open: {', '.join(open_ways)}",
            False,
            "see docs/sandbox.md; do not grade here",
        )
    return Finding("sandbox", "runs cells, without network, rights or sight of other processes", True)


def memory() -> Finding:
    """Whether a worker may use what its limit allows, besides the judge."""
    free, needed = (free_memory() or 0) / 2**30, Limits.memory_bytes / 2**30 + 0.6
    remedy = f"end other programs, or lower c.JudgeSubmission.memory_bytes: a notebook may take {needed:.1f} GiB with the judge"
    return Finding("free memory", f"{free:.1f} GiB", free >= needed, remedy)


def hashes() -> Finding:
    """Whether the hashes of texts are secret: else a text can be made that slows the judge down."""
    fixed = os.environ.get("PYTHONHASHSEED", "random") not in ("", "random")
    return Finding("PYTHONHASHSEED", "fixed" if fixed else "random", not fixed, "unset PYTHONHASHSEED where you grade")


def course() -> list[Finding]:
    """The settings, exchange and gradebook of nbgrader, as its commands would find them in the working folder."""
    app = NbGrader()
    try:
        app.initialize([])
    except Exception as error:  # a configuration is Python, and fails in any way
        return [Finding("nbgrader", printable(f"{type(error).__name__}: {error}"), False, "mend nbgrader_config.py")]
    found = app.coursedir
    return [_plugin(app), _source(found), _exchange(app), _gradebook(found)]


def _plugin(app: NbGrader) -> Finding:
    import nbgrader.apps.autogradeapp as commands

    configured = "pre_convert_hook" in app.config.Autograde and issubclass(commands.Autograde, GradingRun)
    remedy = "copy the course's nbgrader_config.py here, or run this in the course's folder"
    return Finding(
        "plug-in", "in nbgrader's settings" if configured else "not in nbgrader's settings", configured, remedy
    )


def _source(found: CourseDirectory) -> Finding:
    folder = Path(found.root, found.source_directory)
    chapters = sorted(path.name for path in folder.glob("*") if any(path.glob("*.ipynb")))
    return Finding(
        "source", ", ".join(chapters) or f"nothing in {folder}", bool(chapters), "run this in the course's folder"
    )


def _exchange(app: NbGrader) -> Finding:
    folder = exchange.folder_of(app)
    wrong = exchange.problem(folder)
    if not folder.is_dir():
        return Finding("exchange", f"{folder} {wrong}: only needed for nbgrader collect, see {exchange.GUIDE}", None)
    return Finding("exchange", f"{folder} {wrong}".strip(), not wrong, f"chmod ugo+rwx {folder}")


def _gradebook(found: CourseDirectory) -> Finding:
    try:
        engine = database.open_engine(found.db_url)
        path = Path(engine.url.database or "")
        if engine.dialect.name == "sqlite":
            if not path.exists():
                return Finding("gradebook", "not there yet: nbgrader's first command makes it", None)
            if not os.access(path, os.R_OK | os.W_OK):
                return Finding("gradebook", f"{path} cannot be written", False, "look at its owner and its rights")
        elif not inspect(engine).get_table_names():
            return Finding(
                "gradebook", f"{database.shown(engine.url)} is empty: nbgrader's first command fills it", None
            )
        with Gradebook(found.db_url, found.course_id) as gradebook:
            count, students = len(gradebook.assignments), len(gradebook.students)
    except CourseError as error:
        return Finding("gradebook", printable(error.problem), False, printable(error.remedy))
    except SQLAlchemyError as error:
        told = printable(str(error).partition("\n")[0])
        return Finding(
            "gradebook", told, False, "wait until nobody uses it; if that does not help, take a copy from before"
        )
    return Finding("gradebook", f"{count} assignments, {students} students", True)
