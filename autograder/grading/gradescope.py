"""Grades a hand-in inside a Gradescope container: what lies in submission/ becomes results/results.json. `autograder bundle gradescope` packs it.

The format: https://gradescope-autograders.readthedocs.io/en/latest/specs/. What is printed here only instructors read.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autograder.course.course import Course
from autograder.errors import CourseError
from autograder.grading.files import grade_folder
from autograder.i18n import gettext as _
from autograder.judge.marks import CellMark, CheckMark, NotebookMark, Question, likely_reasons
from llmkit.i18n import using
from llmkit.languages import localised

SETTINGS = "gradescope.json"  # beside run_autograder
VISIBILITIES = ("hidden", "after_due_date", "after_published", "visible")


def results(graded: Iterable[tuple[str, NotebookMark]], hidden: str, seconds: float = 0.0) -> dict[str, Any]:
    """What Gradescope reads.

    Args:
        graded: the marks of the notebooks, each with the language of its submission.
        hidden: when students see the hidden tests, and what these say of their answer: one of VISIBILITIES.
        seconds: wall time of the grading.

    Returns:
        The score; for each exercise a test with the checks that students know, and one with the hidden ones; an entry without points
        for each question that a person marks; and what was repaired.
    """
    tests: list[dict[str, Any]] = []
    notes: list[str] = []
    score = 0.0
    for language, mark in graded:
        score += mark.earned
        with using(language):
            notes += [f"{mark.name}: {note}" for note in mark.notes]
            tests += [{"output_format": "text", **test} for cell in mark.cells for test in _tests(cell, hidden)]
            tests += [{"output_format": "text", **_by_hand(question)} for question in mark.questions]
    return {
        "score": round(score, 2),
        "execution_time": round(seconds),
        "output": "\n".join(notes),
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": tests,
    }


def _tests(mark: CellMark, hidden: str) -> list[dict[str, Any]]:
    """An exercise as one test, or as two where it has hidden checks; the scores add up to what was earned."""
    secret = [check for check in mark.checks if check.hidden]
    known = [check for check in mark.checks if not check.hidden]
    if mark.empty or not secret:
        lines = [_("This gap is still empty.")] if mark.empty else [*_lines(known), *_why(mark)]
        return [_test(mark.title, mark.earned, mark.points, lines, "visible")]
    whole = sum(check.weight for check in mark.checks)
    worth = round(mark.points * sum(check.weight for check in known) / whole, 2) if whole else 0.0
    passed = sum(check.weight for check in mark.checks if check.passed)
    # Not the weights alone: an answer that passes side checks only, or does not come to its end, earns less.
    part = sum(check.weight for check in known if check.passed) / passed if passed else 0.0
    earned = min(worth, round(mark.earned * part, 2))
    why = _why(mark)
    shown = any(not check.passed for check in known)
    return [
        _test(mark.title, earned, worth, [*_lines(known), *(why if shown else [])], "visible"),
        _test(
            _("{exercise}: hidden tests").format(exercise=mark.title),
            round(mark.earned - earned, 2),
            round(mark.points - worth, 2),
            [*_lines(secret), *([] if shown else why)],
            hidden,
        ),
    ]


def _by_hand(question: Question) -> dict[str, Any]:
    """A question that a person marks: in Gradescope its points belong to a question of its own, beside the automatic ones."""
    found = _("An answer was found.") if question.answered else _("No answer was found below it.")
    told = _("Marked by a person, up to {points} points.").format(points=localised(question.points, "g"))
    return {"name": question.grade_id, "output": f"{told} {found}", "visibility": "visible"}


def _test(name: str, score: float, most: float, lines: list[str], visibility: str) -> dict[str, Any]:
    return {
        "name": name,
        "score": score,
        "max_score": most,
        "status": "passed" if score >= most else "failed",
        "output": "\n".join(lines),
        "visibility": visibility,
    }


def _lines(checks: list[CheckMark]) -> list[str]:
    lines = []
    for check in checks:
        lines.append(f"{'✓' if check.passed else '✗'} {check.title}")
        if check.message:
            lines.append("    " + check.message.replace("\n", "\n    "))
    return lines


def _why(mark: CellMark) -> list[str]:
    """What is said of the whole answer."""
    reasons = [f"{_('A likely reason.')} {' '.join(likely_reasons(mark))}"] if mark.mistakes else []
    return [*([f"✗ {mark.error}"] if mark.error else []), *reasons]


def run(root: Path) -> Path:
    """Grades what is in `root`/submission as the settings say; returns the file with the results.

    Args:
        root: Gradescope's folder: source, submission and results are in it.

    Raises:
        CourseError: nothing could be graded, for a reason that is not the student's; then there are no results.
    """
    target = root / "results" / "results.json"
    target.unlink(missing_ok=True)
    began = time.monotonic()
    settings = json.loads((root / "source" / SETTINGS).read_text(encoding="utf-8"))
    course = Course.discover(root / "source" / "course")
    graded = list(grade_folder(course, settings["chapter"], root / "submission", settings["sandbox"]))
    made = results(graded, settings["hidden"], time.monotonic() - began)
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(made, ensure_ascii=False, indent=1), encoding="utf-8")
    return target


if __name__ == "__main__":
    try:
        print(run(Path(sys.argv[1])))
    except CourseError as error:
        sys.exit(f"nothing was graded: {error}")
