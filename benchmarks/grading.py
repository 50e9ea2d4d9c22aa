"""Grading a class: stock nbgrader, an earlier build of this project, and this one with one process and with two, in the same run.

    python benchmarks/grading.py [--chapters ch03 ch05] [--copies 8] [--stock-copies 2] [--before cdda711]
    python benchmarks/grading.py --growth 8 64 512 [--hostile 0.1]
    python benchmarks/grading.py --simulate 1.07 0.032

The first form grades the same submissions in all ways, solved ones and mixed ones (right, wrong in every exercise, half done, empty), and
prints processor and wall seconds for each submission, start of the command included, and ratios. Processor time is that of the whole
command and all that it starts, also of what is killed with a sandbox, where a control group can be made.
Stock nbgrader takes minutes for a submission, so it gets fewer.

The second form grades growing classes of copies of the solved chapter with this build: seconds for each submission, those of the
last quarter against the first, the largest memory of all processes together (proportional set size), and, with hostile ones among
them (loops without end and crashes), whether everybody else has full marks.

The third form computes what a large course takes, from wall seconds of a submission on one machine of two cores and processor seconds
of the one process that writes, each for one submission, as measured: nothing is graded.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil

ROOT = Path(__file__).resolve().parents[1]
STOCK = """c = get_config()
c.CourseDirectory.release_directory = "release/en"
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\\nraise NotImplementedError"}
c.Execute.timeout = 600
"""


@dataclass
class Cost:
    """What one command took.

    Attributes:
        cpu: processor seconds of it and its children.
        wall: seconds.
        memory: largest sum of the proportional set sizes of its processes, in MiB.
    """

    cpu: float
    wall: float
    memory: float


def answers(checkout: Path, chapter: str, kind: str) -> list[dict[str, str]]:
    """Answers by grade id: of one student who is right, or of four who are not all."""
    from autograder.answers import answers_to
    from autograder.course.course import Course

    exercises = Course.discover(checkout).exercises(chapter)
    right = {one.grade_id: one.solution for one in exercises}
    if kind == "solved":
        return [right]
    wrong = {one.grade_id: known[0].code for one in exercises if (known := list(answers_to(one.id).mistakes))}
    return [right, right | wrong, dict(list(right.items())[: len(right) // 2]), {}]


def own_config(checkout: Path) -> str:
    """The settings of nbgrader that a checkout comes with."""
    return (checkout / "nbgrader_config.py").read_text(encoding="utf-8")


def make_class(folder: Path, checkout: Path, chapter: str, config: str, everybody: list[dict[str, str]]) -> None:
    """Makes a course folder and what its students hand in."""
    folder.mkdir()
    shutil.copytree(checkout / "source" / chapter, folder / "source" / chapter)
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    run(folder, checkout, "generate_assignment", chapter)
    for path in sorted((folder / "release" / "en" / chapter).glob("*.ipynb")):
        released = path.read_text(encoding="utf-8")
        for number, given in enumerate(everybody):
            notebook = nbformat.reads(released, as_version=4)
            for cell in notebook.cells:
                cell.source = given.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
            target = folder / "submitted" / f"student{number:04d}" / chapter / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, target)


@contextlib.contextmanager
def largest_memory(process: subprocess.Popen[str], found: list[float]) -> Iterator[None]:
    """Looks at a process and its children twice a second."""
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.5):
            total = 0.0
            with contextlib.suppress(psutil.Error):
                for one in (psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)):
                    with contextlib.suppress(psutil.Error, OSError):
                        total += one.memory_full_info().pss / 2**20
            found.append(total)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


class Accounting:
    """Processor time of a command and all that it starts, also of what is killed with a sandbox and never waited for.

    Only a control group counts those. Where none can be made, it is the time of the children that were waited for.
    """

    def __init__(self) -> None:
        self.group: Path | None = None
        for top, tasks in ((Path("/sys/fs/cgroup/cpuacct"), "tasks"), (Path("/sys/fs/cgroup"), "cgroup.procs")):
            group = top / f"bench-{os.getpid()}-{time.monotonic_ns()}"
            with contextlib.suppress(OSError):
                group.mkdir()
                if (group / tasks).exists() and self._read(group) is not None:
                    self.group, self.tasks = group, group / tasks
                    break
                group.rmdir()
        self.before = self._waited_for()

    def enter(self) -> None:
        """Called in the command's process before it starts."""
        if self.group:
            self.tasks.write_text(str(os.getpid()), encoding="ascii")

    def seconds(self) -> float:
        """What has been used, after the command has ended."""
        if self.group is None:
            return self._waited_for() - self.before
        used = self._read(self.group) or 0.0
        with contextlib.suppress(OSError):
            self.group.rmdir()
        return used

    @staticmethod
    def _read(group: Path) -> float | None:
        with contextlib.suppress(OSError):
            return int((group / "cpuacct.usage").read_text(encoding="ascii")) / 1e9
        with contextlib.suppress(OSError):
            stat = dict(line.split() for line in (group / "cpu.stat").read_text(encoding="ascii").splitlines())
            return int(stat["usage_usec"]) / 1e6
        return None

    @staticmethod
    def _waited_for() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime


def run(folder: Path, checkout: Path, *arguments: str) -> Cost:
    """Runs one nbgrader command of a checkout in a course folder."""
    accounting, began, memory = Accounting(), time.perf_counter(), [0.0]
    environment = os.environ | {
        "PYTHONPATH": str(checkout),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    line = [sys.executable, "-m", "nbgrader", *arguments, "--log-level=ERROR"]
    with (
        (folder / "log.txt").open("a") as log,
        subprocess.Popen(
            line, cwd=folder, stdout=log, stderr=log, text=True, env=environment, preexec_fn=accounting.enter
        ) as process,
        largest_memory(process, memory),
    ):
        process.wait()
    return Cost(accounting.seconds(), time.perf_counter() - began, max(memory))


def points(folder: Path, chapter: str) -> list[float]:
    """Points of every student, from the gradebook, in the order of their names."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        found = {one.student_id: one.score for one in gradebook.assignment_submissions(chapter)}
    return [found[name] for name in sorted(found)]


def compare(folder: Path, chapter: str, kind: str, copies: int, stock_copies: int, before: str) -> None:
    """Grades one class in all ways."""
    earlier = folder / "earlier"
    if not earlier.exists():
        earlier.mkdir()
        archive = subprocess.run(["git", "archive", before], cwd=ROOT, stdout=subprocess.PIPE, check=True)
        subprocess.run(["tar", "-x", "-C", str(earlier)], input=archive.stdout, check=True)
    ways = [
        ("stock nbgrader", ROOT, STOCK, stock_copies, []),
        (before, earlier, own_config(earlier), copies, []),
        ("1 process", ROOT, own_config(ROOT), copies, ["--GradingRun.workers=1"]),
        ("2 processes", ROOT, own_config(ROOT), copies, ["--GradingRun.workers=2"]),
    ]
    costs = {}
    for name, checkout, config, count, options in ways:
        if not count:
            continue
        kinds = answers(checkout, chapter, kind)
        course = folder / f"{chapter}-{kind}-{name.replace(' ', '-')}"
        make_class(course, checkout, chapter, config, [kinds[n % len(kinds)] for n in range(count)])
        cost = run(course, checkout, "autograde", chapter, *options)
        costs[name] = Cost(cost.cpu / count, cost.wall / count, cost.memory)
        print(
            f"{chapter} {kind:6} {name:15} {count:4} submissions: {cost.cpu / count:7.2f} s CPU, {cost.wall / count:7.2f} s each, "
            f"{cost.memory:5.0f} MiB at most, points {points(course, chapter)[:4]}",
            flush=True,
        )
    ours = costs["1 process"]
    for name in ("stock nbgrader", before):
        if name in costs:
            print(f"{chapter} {kind:6} {name} / 1 process = {costs[name].cpu / ours.cpu:.2f} (CPU)", flush=True)
    print(
        f"{chapter} {kind:6} 2 processes / 1 process = {costs['2 processes'].wall / ours.wall:.2f} (wall)", flush=True
    )


def grow(folder: Path, chapter: str, sizes: list[int], hostile: float) -> None:
    """Grades growing classes."""
    (right,) = answers(ROOT, chapter, "solved")
    first = next(iter(right))
    bad = [right | {first: f"{right[first]}\n{line}"} for line in ("while True: pass", "import os; os._exit(1)")]
    for size in sizes:
        evil = [n for n in range(size) if hostile and n % round(1 / hostile) == 1]
        course = folder / f"grow-{size}"
        everybody = [bad[evil.index(n) % 2] if n in evil else right for n in range(size)]
        make_class(course, ROOT, chapter, own_config(ROOT), everybody)
        cost = run(course, ROOT, "autograde", chapter)
        done = sorted(path.stat().st_mtime for path in (course / "autograded" / ".grading" / chapter).glob("*.json"))
        quarter = max(1, size // 4)
        ratio = ""
        if size >= 16:
            began, ended = done[quarter] - done[0], done[-1] - done[-1 - quarter]
            ratio = f", last quarter / first = {ended / began:.2f}"
        marks = points(course, chapter)
        most = max(marks)
        spared = sum(mark == most for n, mark in enumerate(marks) if n not in evil)
        print(
            f"{chapter} {size:4} submissions, {len(evil)} hostile: {cost.cpu / size:6.2f} s CPU, {cost.wall / size:6.2f} s each, "
            f"{cost.memory:5.0f} MiB at most{ratio}; full marks {spared} of {size - len(evil)} others",
            flush=True,
        )


def simulate(wall: float, writing: float, students: int = 50_000, assignments: int = 9, price: float = 0.05) -> None:
    """Prints hours and money for a course on several machines.

    Args:
        wall: seconds of a submission on one machine of two cores.
        writing: seconds that the one writer of the gradebook takes for it; machines beyond that wait.
        students: how many there are.
        assignments: of each.
        price: US dollars for an hour of a core; a machine is paid for as long as the run takes.
    """
    count = students * assignments
    for machines in (1, 10, 100):
        hours = max(wall / machines, writing) * count / 3600
        print(
            f"{machines:3} machines: {hours:6.1f} h in all, {hours / assignments:5.1f} h an assignment, "
            f"{hours * machines * 2:6.0f} core-hours, {hours * machines * 2 * price:5.0f} US dollars",
            flush=True,
        )


def main() -> None:
    """Prints a line for each measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chapters", nargs="+", default=["ch03", "ch05"])
    parser.add_argument("--kinds", nargs="+", default=["solved", "mixed"], choices=["solved", "mixed"])
    parser.add_argument("--copies", type=int, default=8, help="submissions (default 8)")
    parser.add_argument(
        "--stock-copies", type=int, default=2, help="submissions that stock nbgrader grades (default 2)"
    )
    parser.add_argument("--before", default="cdda711", help="commit of the earlier build")
    parser.add_argument("--growth", nargs="+", type=int, help="sizes of classes to grade with this build alone")
    parser.add_argument("--hostile", type=float, default=0.0, help="share of hostile submissions")
    parser.add_argument("--simulate", nargs=2, type=float, metavar=("WALL", "WRITING"), help="seconds; see above")
    given = parser.parse_args()
    if given.simulate:
        simulate(*given.simulate)
        return
    with tempfile.TemporaryDirectory() as name:
        if given.growth:
            grow(Path(name), given.chapters[0], given.growth, given.hostile)
            return
        for chapter in given.chapters:
            for kind in given.kinds:
                compare(Path(name), chapter, kind, given.copies, given.stock_copies, given.before)


if __name__ == "__main__":
    main()
