"""What a worker of a cluster does: it says whether it can grade as the machine that asks would, and grades."""

from __future__ import annotations

import functools
import platform
from dataclasses import dataclass, replace
from pathlib import Path

from distributed import get_worker

from autograder.course.course import Course
from autograder.errors import CourseError
from autograder.grading.digest import what_decides
from autograder.grading.submission import GradedNotebook, Task, grade_submission, warm_up


@dataclass(frozen=True)
class Job:
    """What a worker must have to grade as this machine would.

    Attributes:
        decides: see `what_decides`.
        sandbox: name of the backend.
    """

    decides: dict[str, str]
    sandbox: str

    @classmethod
    def of(cls, course: Course, sandbox: str) -> Job:
        return cls(what_decides(course.root), sandbox)


@dataclass(frozen=True)
class Refusal:
    """A worker that cannot grade.

    Attributes:
        worker: its address.
        reason: why not.
    """

    worker: str
    reason: str


# Each grades with what it has imported: what is changed on its disk later must not make it look alike.
@functools.cache
def _what_decides_here() -> tuple[Path, dict[str, str]]:
    root = Course.discover().root
    return root, what_decides(root)


def examine(job: Job) -> str:
    """On a worker: why it cannot grade; empty where it can."""
    # The judge seeds the random generators of its process.
    if (threads := get_worker().state.nthreads) != 1:
        return f"it has {threads} threads, and grading needs a process of its own: start it with --nthreads 1"
    try:
        root, here = _what_decides_here()
        if other := [name for name in job.decides if here.get(name) != job.decides[name]]:
            return (
                f"{', '.join(other)}: not the same as where the run was started (its course is {root} on "
                f"{platform.node()}); bring both to the same state, and start the worker again"
            )
        warm_up(job.sandbox, root)
    except CourseError as error:
        return str(error)
    return ""


def grade(job: Job, task: Task) -> list[GradedNotebook] | Refusal:
    """On a worker: grades a task that `Cluster` has packed."""
    if reason := examine(job):  # another process may have come to the same address
        return Refusal(get_worker().address, reason)
    root = _what_decides_here()[0]
    return grade_submission(replace(task, sources=tuple(root / source for source in task.sources)))
