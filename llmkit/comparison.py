"""The course's solution of an exercise, for who has solved it: beside their own code, or where it is."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from difflib import get_close_matches
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

from llmkit import i18n, opened, passed
from llmkit.cells import gaps_of_tests, grade_id, role
from llmkit.i18n import gettext as _
from llmkit.languages import localised
from llmkit.views.difference import Difference

Cells = list[dict[str, Any]]


def solution(exercise: str) -> Difference | None:
    """Shows the course's solution beside your own code, once your exercise has all its points in `llmkit check`.

    Where the solutions are not on this machine, as in Colab, it says where they are as soon as the visible tests have passed.

    Args:
        exercise: of the open notebook, such as "causal-attention".

    Returns:
        The two side by side; None where there is nothing to show yet, and then it prints why.
    """
    if not opened.at_work():
        print(_("No solution is shown while this notebook is being tested or graded."))
        return None
    here = opened.opened()
    if here is None:
        print(_("Nobody knows which notebook this is. Run its first code cell, and then this one again."))
        return None
    cells = _cells(here)
    exercise = exercise.rpartition("/")[2]
    known = _gaps(cells)
    if exercise not in known:
        print(_no_such(exercise, list(reversed(known))))
        return None
    found = opened.identity(cells)
    language = found[2] if found else i18n.language()
    solved = solution_file(here.chapter, here.name, language, here.folder)
    if solved is None:
        print(_elsewhere(here, exercise, cells, language))
        return None
    name = f"{here.chapter}/{exercise}"
    marks = passed.marks(language).get(name)
    if marks is None or not marks.full:
        print(_not_yet(name, language, marks))
        return None
    address = quote(Path(os.path.relpath(solved)).as_posix())
    found_or_told = _difference(name, cells, solved, address)
    if isinstance(found_or_told, str):
        print(found_or_told)
        return None
    return found_or_told


def solutions(files: Iterable[Path], marks: Mapping[str, passed.Marks], lang: str) -> Iterator[Difference | str]:
    """What a student sees of the solutions after a check: of each exercise the two versions, or why not.

    Args:
        files: the student's notebooks.
        marks: of the exercises, such as "ch03/causal-attention", in the order in which they are shown.
        lang: of the notebooks.
    """
    course: dict[str, tuple[str, Path, Cells]] = {}
    for file in files:
        cells = opened.read(file)
        found = opened.identity(cells)
        course |= {f"{found[0]}/{name}": (found[1], file, cells) for name in _gaps(cells)} if found else {}
    for exercise, given in marks.items():
        if not given.full:
            yield _not_yet(exercise, lang, given)
            continue
        if exercise not in course:
            yield _lost(exercise)
            continue
        notebook, file, cells = course[exercise]
        solved = solution_file(exercise.partition("/")[0], notebook, lang, file.parent)
        yield _difference(exercise, cells, solved, os.path.relpath(solved)) if solved else _lost(exercise)


def _difference(exercise: str, yours: Cells, solved: Path, address: str) -> Difference | str:
    """An exercise's gap in two notebooks, or that one of them has lost it."""
    name = exercise.rpartition("/")[2]
    try:
        return Difference(
            _gaps(yours)[name], _gaps(opened.read(solved))[name], title=exercise, address=address, lang=i18n.language()
        )
    except (OSError, ValueError, KeyError):
        return _lost(exercise)


def _lost(exercise: str) -> str:
    return _("{exercise}: your cell or the course's cannot be found. Look into the folder solutions.").format(
        exercise=exercise
    )


def _gaps(cells: Cells) -> dict[str, str]:
    """The source of each gap."""
    return {grade_id(cell): cell["source"] for cell in reversed(cells) if role(cell) == "gap"}


def solution_file(chapter: str, notebook: str, lang: str, near: Path) -> Path | None:
    """The course's notebook with the solutions, in the course that a folder is in, else in the one that llmkit was installed from.

    Args:
        chapter: such as "ch03".
        notebook: its name, such as "03_causal_attention".
        lang: its language.
        near: a folder.
    """
    name = Path("solutions", lang, chapter, f"{notebook}.ipynb")
    places = [near.resolve(), *near.resolve().parents, Path(__file__).resolve().parents[1]]
    return next((place / name for place in places if (place / name).is_file()), None)


def _not_yet(exercise: str, lang: str, marks: passed.Marks | None) -> str:
    """What a student reads who has not solved an exercise yet, or has not had it checked."""
    command = f"llmkit check {exercise}" + (f" --lang {lang}" if lang != i18n.SOURCE else "")
    if marks is None:
        told = _("First let the grader look at your code. Save the notebook and type in a terminal: {command}")
        return told.format(command=command)
    told = _(
        "{exercise} has {earned} of {points} points so far. Its solution opens when it has all of them: the hints below "
        "the exercise help, and so does what the check says. Then check again: {command}"
    )
    return told.format(
        exercise=exercise, earned=localised(marks.earned, "g"), points=localised(marks.points, "g"), command=command
    )


def _elsewhere(here: opened.Opened, exercise: str, cells: Cells, language: str) -> str:
    """Where the solution is, for who has passed the exercise's visible tests."""
    done = passed.tests()
    tests = [test for test, gap in gaps_of_tests(cells).items() if gap == exercise]
    if not all(f"{here.chapter}/{test}" in done for test in tests):
        told = _("First let the tests below {exercise} pass: then this tells you where to find the course's solution.")
        return told.format(exercise=exercise)
    path = f"solutions/{language}/{here.chapter}/{here.name}.ipynb"
    home = _repository()
    if home:
        return _("The course's solution: {address}").format(address=f"{home}/{path}")
    return _("The course's solution is in the course's repository: {path}").format(path=path)


def _repository() -> str:
    """The address of the files of the repository on GitHub that llmkit was installed from, as pip has kept it; empty if it was not."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, metadata.PackageNotFoundError):
        origin = json.loads(metadata.distribution("llmkit").read_text("direct_url.json") or "{}")
        url, revision = origin["url"], origin["vcs_info"].get("requested_revision") or origin["vcs_info"]["commit_id"]
        if url.startswith("https://github.com/"):
            return f"{url.rstrip('/').removesuffix('.git')}/blob/{quote(revision)}"
    return ""


def _cells(here: opened.Opened) -> Cells:
    """The open notebook's cells; none where its file cannot be found."""
    for cells in passed.notebooks(here):
        found = opened.identity(cells)
        if found and found[:2] == (here.chapter, here.name):
            return cells
    return []


def _no_such(exercise: str, known: list[str]) -> str:
    if not known:
        return _("This notebook's file cannot be found, or has no exercise. Save it and run this again.")
    close = get_close_matches(exercise, known, 1)
    if close:
        told = _("This notebook has no exercise {exercise}. Do you mean {close}?")
        return told.format(exercise=exercise, close=close[0])
    told = _("This notebook has no exercise {exercise}. It has: {known}")
    return told.format(exercise=exercise, known=", ".join(known))
