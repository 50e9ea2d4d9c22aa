"""Grades a self-learner's own notebooks where they were opened, in `release/`: on all cores, and again only what has changed."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import multiprocessing
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.course.course import Course
from autograder.errors import CourseError
from autograder.grading.digest import what_decides
from autograder.judge.marks import NotebookMark
from autograder.student.sandbox import WarmParent, start_sandbox
from llmkit.cells import only_shows
from llmkit.data.download import cache

if TYPE_CHECKING:
    from autograder.submission.identify import Identifier

MOST_KEPT = 200  # marks, of about 10 kB each


def own_files(course: Course, wanted: str, language: str) -> list[Path]:
    """The notebooks that a name stands for.

    Args:
        course: the course.
        wanted: a chapter, a notebook or an exercise: ch03, ch03/03_causal_attention, ch03/causal-attention.
        language: which of them: in `release/<language>`.

    Raises:
        CourseError: there is none.
    """
    chapter, _, name = wanted.partition("/")
    folder = course.root / "release" / language / chapter
    files = sorted(folder.glob("*.ipynb"))
    if not files:
        known = ", ".join(sorted(path.name for path in folder.parent.glob("*") if path.is_dir())) or "none"
        raise CourseError(f"{folder}: there is no notebook", f"choose a language and a chapter of the course: {known}")
    if not name:
        return files
    named = [file for file in files if file.stem == name]
    return named or [file for file in files if file.stem == course.exercise(wanted).notebook]


def grade_own(wanted: str, language: str, course: Course | None = None) -> Iterator[NotebookMark]:
    """Grades notebooks without a sandbox, as the learner's own code on the learner's own machine; yields each as soon as it is done.

    What has not changed since it was graded last is not graded again; a change of the course or the grader counts.

    Args:
        wanted: see `own_files`; of an exercise only its tests run.
        language: see `own_files`.
        course: the course; without, the one of the working directory.

    Raises:
        CourseError: there are no such notebooks, or one cannot be read.
    """
    course = course or Course.discover()
    files = own_files(course, wanted, language)
    only = wanted if wanted.partition("/")[2] not in ("", files[0].stem) else ""
    grader = json.dumps(what_decides(course.root))
    places = {file: _place(file, only, grader) for file in files}
    todo = []
    for file, place in places.items():
        mark = _kept(place)
        if mark is None:
            todo.append(file)
        else:
            yield mark
    for file, mark in _grade(course, todo, only):
        _keep(mark, places[file])
        yield mark


def _grade(course: Course, files: list[Path], only: str) -> Iterator[tuple[Path, NotebookMark]]:
    if not files:
        return
    if sys.platform != "linux":
        from autograder.grading.files import grade_file, opened  # imports torch
        from autograder.submission.identify import Identifier

        identifier = Identifier(course)
        with opened("none") as box:
            for file in files:
                yield file, grade_file(file, box, identifier, only)
        return
    # While the warm parent imports torch, this process does. Then a judge on each core, forks of this process, and one warm parent
    # for all their workers.
    parent = start_sandbox("none", optimizers=any(map(_makes_optimizers, files)))
    try:
        identifier = _learn_what_a_judge_needs(course, files[0])
        parent.await_ready()
        workers = min(len(files), os.cpu_count() or 1)
        with ProcessPoolExecutor(workers, multiprocessing.get_context("fork"), _begin, (parent, identifier)) as pool:
            futures = {pool.submit(_one, file, only): file for file in files}
            for future in as_completed(futures):
                yield futures[future], future.result()
    finally:
        parent.close()


def _makes_optimizers(file: Path) -> bool:
    """Whether a notebook's cells look as if they made an optimiser while they are graded. A wrong guess costs a second, no marks."""
    try:
        cells = json.loads(file.read_bytes())["cells"]
        return any(
            "optim" in "".join(cell["source"]) for cell in cells if cell["cell_type"] == "code" and not only_shows(cell)
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return True


def _learn_what_a_judge_needs(course: Course, file: Path) -> Identifier:
    """Imports, and reads one submission: what has been read, compiled and cached for it, all forks have."""
    gc.disable()  # of what is imported nothing becomes garbage, but looking for it takes a tenth of the time
    import torch

    import autograder.grading.files  # noqa: F401
    from autograder.submission.choose import choose_one
    from autograder.submission.identify import Identifier

    torch.set_num_threads(1)  # a process that has run operations in several threads should not fork
    identifier = Identifier(course)
    with contextlib.suppress(CourseError):  # told in its turn
        choose_one(identifier, file)
    gc.freeze()  # nor at the end of each process
    gc.enable()
    return identifier


_box: WarmParent
_identifier: Identifier


def _begin(parent: WarmParent, identifier: Identifier) -> None:
    global _box, _identifier
    parent.join()
    _box, _identifier = parent, identifier


def _one(file: Path, only: str) -> NotebookMark:
    from autograder.grading.files import grade_file  # imports torch

    return grade_file(file, _box, _identifier, only)


def _place(file: Path, only: str, grader: str) -> Path:
    """Where the marks that this grader gives this very file are kept."""
    digest = hashlib.sha256("\0".join([file.name, only, grader]).encode() + file.read_bytes()).hexdigest()
    return cache() / "checked" / f"{digest}.json"


def _kept(place: Path) -> NotebookMark | None:
    try:
        return NotebookMark.from_dict(json.loads(place.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(mark: NotebookMark, place: Path) -> None:
    # Without a cache it is graded again next time, and that is all.
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        for old in sorted(place.parent.glob("*.json"), key=lambda path: path.stat().st_mtime)[:-MOST_KEPT]:
            old.unlink(missing_ok=True)
        place.write_text(json.dumps(mark.as_dict(), ensure_ascii=False), encoding="utf-8")
