"""A class in nbgrader's hands over weeks: late, again, by hand, by two graders; and what the report tells of it. By the real commands."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from classroom import CHAPTER, HALF, NAME, RIGHT, ROOT, book, command, filled, hand_in, nbgrader, points, small_class
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.coursedir import CourseDirectory

from autograder.errors import UnreadableDate
from autograder.gradebook.dates import parse_utc, read_timestamp
from autograder.gradebook.records import FOLDER, Record, Records

pytestmark = pytest.mark.sandbox
LATE = """
c.LateSubmissionPlugin.penalty_method = "zero"
"""


def autograde(folder: Path, *options: str) -> str:
    """Grades everybody who was not; returns what was said."""
    done = nbgrader(folder, "autograde", CHAPTER, *options)
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    return done.stderr


def pages(folder: Path) -> dict[str, str]:
    """Writes the feedback; each student's page."""
    done = nbgrader(folder, "generate_feedback", CHAPTER)
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    return {p.parts[-3]: p.read_text(encoding="utf-8") for p in folder.glob(f"feedback/*/{CHAPTER}/{NAME}.html")}


def autograder(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "autograder", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def mark_by_hand(folder: Path, student: str, score: float, comment: str) -> None:
    """What formgrader does when a person marks the essay."""
    with book(folder) as gradebook:
        grade = gradebook.find_grade("essay", NAME, CHAPTER, student)
        grade.manual_score, grade.needs_manual_grade = score, False
        gradebook.find_comment("essay", NAME, CHAPTER, student).manual_comment = comment
        gradebook.db.commit()


def exported(folder: Path) -> dict[str, dict[str, str]]:
    done = nbgrader(folder, "export")
    assert done.returncode == 0, done.stderr
    with (folder / "grades.csv").open(encoding="utf-8", newline="") as stream:
        return {row["student_id"]: row for row in csv.DictReader(stream)}


@pytest.mark.slow
def test_weeks_of_a_class(tmp_path: Path) -> None:
    """Late penalties, marks by hand, a student added later and a resubmission, in one course."""
    folder = small_class(tmp_path, LATE)
    due = nbgrader(folder, "db", "assignment", "add", CHAPTER, "--duedate", "2026-03-01 23:59:00 -0300")
    assert due.returncode == 0, due.stderr
    essay = {"essay": "# I think so."}
    # 02:00 UTC on the next day is 23:00 in São Paulo; what nbgrader writes for the second one there ends in -03.
    hand_in(folder, "ana", RIGHT | essay, "2026-03-02 02:00:00 UTC")
    hand_in(folder, "bruno", RIGHT | essay, "2026-03-02 00:30:00.000000 -03")
    autograde(folder)
    rows = exported(folder)
    assert [rows[s]["late_submission_penalty"] for s in ("ana", "bruno")] == ["0.0", "5.0"]
    assert (rows["ana"]["duedate"], rows["bruno"]["timestamp"]) == ("2026-03-02 02:59:00", "2026-03-02 03:30:00")

    mark_by_hand(folder, "ana", 3, "Well said, com acentuação.")
    assert "Well said, com acentuação." in pages(folder)["ana"]

    # A student comes later: nobody else is graded again, and nothing of a person's is lost.
    hand_in(folder, "carla", HALF, "2026-03-01 10:00:00 -0300")
    before = {s: (folder / f"autograded/{s}/{CHAPTER}/{NAME}.ipynb").read_bytes() for s in ("ana", "bruno")}
    said = autograde(folder)
    assert "ch01: 1 graded, 2 kept as they were, 0 not graded" in said
    assert before == {s: (folder / f"autograded/{s}/{CHAPTER}/{NAME}.ipynb").read_bytes() for s in before}
    assert points(folder) == {"ana": 8, "bruno": 5, "carla": 2}

    # Ana hands in again, without a newer timestamp.txt; the marks by hand stay, for the person to look at.
    hand_in(folder, "ana", HALF | essay)
    said = autograde(folder)
    assert "ana is graded again: handed in again since it was graded" in said
    assert points(folder)["ana"] == 2 + 3
    with book(folder) as gradebook:
        grade = gradebook.find_grade("essay", NAME, CHAPTER, "ana")
        assert (grade.manual_score, grade.needs_manual_grade) == (3, True)
        assert gradebook.find_comment("essay", NAME, CHAPTER, "ana").manual_comment == "Well said, com acentuação."
    mark_by_hand(folder, "ana", 1, "On second thoughts.")
    made = pages(folder)
    assert "2 of 5 points" in made["ana"] and "On second thoughts." in made["ana"]
    assert "has this feedback already" in nbgrader(folder, "generate_feedback", CHAPTER).stderr

    again = autograde(folder, "--force")
    assert "3 graded, 0 kept" in again
    rows = exported(folder)
    assert [(rows[s]["raw_score"], rows[s]["late_submission_penalty"]) for s in ("ana", "bruno", "carla")] == [
        ("3.0", "0.0"), ("5.0", "5.0"), ("2.0", "0.0"),
    ]  # fmt: skip
    told = autograder(folder, "report", CHAPTER)
    assert told.returncode == 0, told.stderr
    assert "ch01: 3 graded; due 2026-03-02 02:59:00 UTC" in told.stdout and "bruno: 5 points are taken off" in told.stdout
