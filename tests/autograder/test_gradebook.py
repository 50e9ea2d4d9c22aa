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
from classroom import (
    CHAPTER,
    HALF,
    NAME,
    RIGHT,
    ROOT,
    book,
    command,
    filled,
    hand_in,
    nbgrader,
    points,
    small_class,
    two_runs_at_once,
)
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.coursedir import CourseDirectory
from small_course import write_course
from sqlalchemy import create_engine

from autograder.errors import UnreadableDate
from autograder.gradebook import database
from autograder.gradebook.assignment import is_saved
from autograder.gradebook.dates import parse_utc, read_timestamp
from autograder.gradebook.records import FOLDER, Record, Records

pytestmark = pytest.mark.sandbox
INPUTS = ("autograder/nbgrader_plugin", "autograder/cli")  # of the commands, besides what this file imports
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
    assert (
        "ch01: 3 graded; due 2026-03-02 02:59:00 UTC" in told.stdout and "bruno: 5 points are taken off" in told.stdout
    )


def kill_when(folder: Path, ready: Path, *options: str) -> None:
    """Starts a grading and kills it as soon as a file is there."""
    line, environment = command(folder, "autograde", CHAPTER, *options)
    with (folder / "killed.log").open("w") as log:
        process = subprocess.Popen(line, cwd=folder, env=environment, stdout=log, stderr=log)
        while not ready.exists():
            assert process.poll() is None, (folder / "killed.log").read_text()
            time.sleep(0.002)
        process.kill()
        process.wait()


@pytest.mark.slow
def test_a_grading_that_was_killed_is_done_again(tmp_path: Path) -> None:
    folder = small_class(tmp_path, "c.GradingRun.workers = 1\n")  # ana before bruno
    for student in ("ana", "bruno"):
        hand_in(folder, student, RIGHT)
    graded = folder / f"autograded/bruno/{CHAPTER}/{NAME}.ipynb"
    kill_when(folder, graded)
    untouched = (folder / f"autograded/ana/{CHAPTER}/{NAME}.ipynb").stat().st_mtime_ns
    told = autograder(folder, "report")
    assert told.returncode == 1 and "bruno: its grading ended before its end" in told.stdout
    feedback = nbgrader(folder, "generate_feedback", CHAPTER)
    assert feedback.returncode == 1 and "no feedback for bruno: its grading ended before its end" in feedback.stderr
    assert (folder / f"feedback/ana/{CHAPTER}/{NAME}.html").exists() and not (folder / "feedback/bruno").exists()

    said = autograde(folder)
    assert "bruno is graded again: its grading ended before its end" in said and "1 graded, 1 kept" in said
    assert (folder / f"autograded/ana/{CHAPTER}/{NAME}.ipynb").stat().st_mtime_ns == untouched
    assert points(folder) == {"ana": 5, "bruno": 5}

    # A gradebook from before, graded files that are gone: what is not there any more is made again.
    with sqlite3.connect(folder / "gradebook.db") as database:
        database.execute("UPDATE grade SET auto_score = NULL")
    database.close()
    graded.unlink()
    said = autograde(folder)
    assert "ana is graded again: the gradebook does not hold its marks" in said
    assert "bruno is graded again: graded files are gone" in said
    assert points(folder) == {"ana": 5, "bruno": 5}


@pytest.mark.slow
def test_two_graders_at_once_share_the_class(tmp_path: Path) -> None:
    folder = small_class(tmp_path)
    students = ("ana", "bruno", "carla")
    for student in students:
        hand_in(folder, student, RIGHT)
    said = two_runs_at_once(folder)
    assert points(folder) == dict.fromkeys(students, 5)
    for student in students:
        assert sum(text.count(f"{student}, {NAME}: 5 of 5 points") for text in said) == 1, said


def test_a_notebook_that_the_assignment_lacks_is_named(tmp_path: Path) -> None:
    """And nobody is told that their folder has none."""
    folder = small_class(tmp_path)
    hand_in(folder, "ana", RIGHT)
    done = nbgrader(folder, "autograde", CHAPTER, "--notebook", "01_smal")
    assert done.returncode == 1
    assert f"{CHAPTER} has no notebook 01_smal. Remedy: choose from {NAME}" in done.stderr
    assert "ana" not in done.stderr and not (folder / "autograded" / "ana").exists()


@pytest.mark.slow
def test_a_locked_gradebook_is_named_and_nothing_is_lost(tmp_path: Path) -> None:
    patience = "\nfrom autograder.gradebook import database\ndatabase.BUSY_SECONDS = 1\n"
    folder = small_class(tmp_path, patience)
    for student in ("ana", "bruno"):
        hand_in(folder, student, RIGHT)
    with (folder / "nbgrader_config.py").open("a") as config:
        config.write("c.Autograde.post_convert_hook = 'holder.hold'\n")
    # What holds the gradebook from the first student on is a process of its own, as a browser of databases is.
    (folder / "holder.py").write_text(
        "import subprocess, sys\n"
        "CODE = '''import sqlite3, time\n"
        'base = sqlite3.connect("gradebook.db", isolation_level=None)\n'
        'base.execute("BEGIN EXCLUSIVE")\n'
        'print("held", flush=True)\n'
        "time.sleep(600)'''\n"
        "def hold(**_):\n"
        "    process = subprocess.Popen([sys.executable, '-c', CODE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)\n"
        "    process.stdout.readline()\n"
        "    open('holder.pid', 'w').write(str(process.pid))\n"
    )
    done = nbgrader(folder, "autograde", CHAPTER)
    holder = int((folder / "holder.pid").read_text())
    try:
        assert done.returncode == 1 and "recently upgraded" not in done.stderr and "Traceback" not in done.stderr
        assert (
            f"process {holder})" in done.stderr and "close that program, and run the same command again" in done.stderr
        )
        assert "not graded: bruno" in done.stderr
        export = nbgrader(folder, "export")
        assert export.returncode == 1 and "another program is writing to it" in export.stderr
        assert "Traceback" not in export.stderr
    finally:
        os.kill(holder, 9)
    (folder / "holder.py").write_text("def hold(**_): pass\n")
    assert "not graded" not in autograde(folder).replace("0 not graded", "")
    assert points(folder) == {"ana": 5, "bruno": 5}


@pytest.mark.slow
def test_nothing_is_lost_by_two_rounds_of_kill_and_restart(tmp_path: Path) -> None:
    """The benchmark's fifty rounds, in short."""
    line = [sys.executable, str(ROOT / "benchmarks/kill_and_restart.py"), "--rounds", "2", "--seed", "7"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "2 rounds, nothing lost" in done.stdout, done.stdout + done.stderr


def test_an_assignment_that_was_saved_in_part_is_not_taken_for_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    source = write_course(tmp_path).parent
    with book(tmp_path) as gradebook:
        assert not is_saved(gradebook, CHAPTER, source)
        gradebook.add_assignment(CHAPTER)
        gradebook.add_notebook(NAME, CHAPTER)
        assert not is_saved(gradebook, CHAPTER, source)
        for name in ("double-test", "counter-test"):
            gradebook.add_grade_cell(name, NAME, CHAPTER, max_score=2, cell_type="code")
        gradebook.add_solution_cell("double", NAME, CHAPTER)
        gradebook.add_source_cell("setup", NAME, CHAPTER, cell_type="code")
        assert not is_saved(gradebook, CHAPTER, source)
        gradebook.add_solution_cell("counter", NAME, CHAPTER)
        assert is_saved(gradebook, CHAPTER, source)
        shutil.copy(source / f"{NAME}.ipynb", source / "02_more.ipynb")
        assert not is_saved(gradebook, CHAPTER, source)


def test_a_gradebook_that_is_busy_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    """Python's own patience is five seconds; a formgrader that saves a class needs longer."""
    database.install()
    with create_engine(f"sqlite:///{tmp_path / 'gradebook.db'}").connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 60_000


@pytest.mark.slow
def test_what_a_learning_platform_gives_is_collected_graded_and_exported(tmp_path: Path) -> None:
    """A zip of a class in two languages, with the times of submission in the names."""
    folder = small_class(
        tmp_path,
        '\nc.FileNameCollectorPlugin.named_regexp = r".*/(?P<student_id>[^/_]+)_(?P<timestamp>[^_]+)_(?P<file_id>[^/]+)"\n',
    )
    release = folder / f"release/en/{CHAPTER}/{NAME}.ipynb"
    archive = folder / f"downloaded/{CHAPTER}/archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "class.zip", "w") as made:
        for name, language, answers in (("ana", "en", RIGHT), ("joão", "pt-BR", HALF)):
            notebook = filled(release, answers | {"essay": "# I think so."})
            notebook.cells[0].source += f"\n\n`llmkit.start('{CHAPTER}/{NAME}', lang='{language}')`"
            made.writestr(f"{name}_2026-03-01 23:00:00 -0300_{NAME}.ipynb", nbformat.writes(notebook))
        made.writestr(f"torn_2026-03-01 23:00:00 UTC_{NAME}.ipynb", '{"cells": [')
    collected = nbgrader(folder, "zip_collect", CHAPTER)
    assert collected.returncode == 0, collected.stderr
    assert (folder / f"submitted/joão/{CHAPTER}/timestamp.txt").read_text().startswith("2026-03-02 02:00:00")

    checked = nbgrader(folder, "validate", str(folder / f"submitted/ana/{CHAPTER}/{NAME}.ipynb"))
    assert "Success" in checked.stdout, checked.stdout + checked.stderr

    done = nbgrader(folder, "autograde", CHAPTER)
    assert done.returncode == 1 and f"on the feedback page: torn, {NAME}" in done.stderr, done.stderr
    with book(folder) as gradebook:
        student = gradebook.find_student("ana")
        student.last_name, student.first_name = "Silva, Souza", 'Ana "Aninha"'
        gradebook.db.commit()
    made_pages = pages(folder)
    rows = exported(folder)
    assert rows["ana"]["last_name"] == "Silva, Souza" and rows["ana"]["first_name"] == 'Ana "Aninha"'
    assert (rows["ana"]["score"], rows["joão"]["score"]) == ("5.0", "2.0")
    assert "2 of 5 points" not in made_pages["joão"] and "2 de 5 pontos" in made_pages["joão"]


@pytest.mark.slow
def test_the_report_names_everybody_who_needs_a_look(tmp_path: Path) -> None:
    folder = small_class(tmp_path)
    hand_in(folder, "ana", RIGHT)
    hand_in(folder, "loop", RIGHT | {"double": "def double(number):\n    while True: pass"})
    torn = hand_in(folder, "torn", RIGHT)
    torn.write_text('{"cells": [')
    renamed = hand_in(folder, "renamed", RIGHT)
    notebook = nbformat.read(renamed, as_version=4)
    for cell in notebook.cells:
        cell.metadata.pop("nbgrader", None)
        cell["id"] = f"new-{cell['id']}"
    nbformat.write(notebook, renamed)
    (folder / f"submitted/empty/{CHAPTER}").mkdir(parents=True)
    (folder / f"submitted/ana/{CHAPTER}/timestamp.txt").write_bytes("amanhã".encode("latin-1"))
    done = nbgrader(folder, "autograde", CHAPTER)
    summary = "5 graded, 0 kept as they were, 0 not graded; notebooks not graded: 2"
    assert done.returncode == 1 and summary in done.stderr, done.stderr
    again = nbgrader(folder, "autograde", CHAPTER)
    assert again.returncode == 1 and "0 graded, 5 kept as they were" in again.stderr, again.stderr
    assert again.stderr.count("with the reason on the feedback page: ") == 2
    with book(folder) as gradebook:
        gradebook.update_or_create_student("absent")

    told = autograder(folder, "report", CHAPTER, "--json")
    assert told.returncode == 1, told.stderr
    (report,) = json.loads(told.stdout)
    students = {student["student"]: student for student in report["students"]}
    states = {name: student["state"] for name, student in students.items()}
    assert states == {
        "absent": "not handed in", "ana": "graded", "empty": "graded", "loop": "graded", "renamed": "graded", "torn": "graded",
    }  # fmt: skip
    for name, why in (("torn", "cut off before its end"), ("empty", "was not handed in")):
        assert [(f["kind"], why in f["what"]) for f in students[name]["findings"]] == [("refused", True)]
    assert "is not a date" in students["ana"]["findings"][0]["what"]
    cut = [f["what"] for f in students["loop"]["findings"] if f["kind"] == "timed out"]
    assert any("double: " in what and "ran for more than 2 s" in what for what in cut), cut
    assert {f["kind"] for f in students["renamed"]["findings"]} == {"repaired"}
    assert report["counts"]["timed out"] == report["counts"]["repaired"] == 1

    shown = autograder(folder, "report").stdout
    assert f"torn, {NAME}: " in shown and "not handed in\n    absent\n" in shown
    rows = list(csv.DictReader(autograder(folder, "report", "--csv").stdout.splitlines()))
    assert {row["student"] for row in rows} == set(students) and any(row["kind"] == "timed out" for row in rows)
    counted = list(csv.DictReader(autograder(folder, "report", "--csv", "--statistics").stdout.splitlines()))
    marks = {row["what"]: int(row["count"]) for row in counted if row["kind"] == "marks"}
    assert sum(marks.values()) == 5 and {row["exercise"] for row in counted} == {"", "double", "counter"}
    page = autograder(folder, "report", CHAPTER, "--html", "class.html")
    assert page.returncode == 1 and "Traceback" not in page.stderr
    html = (folder / "class.html").read_text(encoding="utf-8")
    assert "Hardest checks" in html and "two becomes four" in html and "cut off before its end" in html
    nowhere = autograder(folder, "report", "--html", "nowhere/class.html")
    assert nowhere.returncode == 2 and "choose another file" in nowhere.stderr
    missing = autograder(folder, "report", "ch99")
    assert missing.returncode == 2 and "no such assignment" in missing.stderr
    (folder / "elsewhere").mkdir()
    nowhere = autograder(folder / "elsewhere", "report")
    assert nowhere.returncode == 2 and "there is no gradebook" in nowhere.stderr


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-03-01 12:00:00 -0300", 15),
        ("2026-03-01 12:00:00.000000 -03", 15),
        ("2026-03-01 12:00:00 -03:00", 15),
        ("2026-03-01T12:00:00-03:00", 15),
        ("2026-03-01 12:00:00 America/Sao_Paulo", 15),
        ("2026-03-01 12:00:00 +0530", 6),
        ("2026-03-01 12:00:00 UTC", 12),
        ("2026-03-01 12:00:00", 12),
    ],
)
def test_a_date_is_read_with_its_zone(text: str, hour: int) -> None:
    found = parse_utc(text)
    assert found is not None and found.tzinfo is None and (found.day, found.hour) == (1, hour)


@pytest.mark.parametrize("text", ["2026-03-01 12:00:00 BRT", "tomorrow", "", "2026-13-01", "9" * 30])
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    with pytest.raises(UnreadableDate, match="Remedy"):
        parse_utc(text)


@given(st.integers(-12 * 60, 14 * 60), st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))
def test_every_offset_counts_hours_and_minutes(minutes: int, when: datetime) -> None:
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    found = parse_utc(f"{when.replace(microsecond=0)} {sign}{hours:02}{rest:02}")
    assert found is not None and (when.replace(microsecond=0) - found).total_seconds() == 60 * minutes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_a_timestamp_is_read_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "timestamp.txt").write_bytes("2026-03-01 12:00:00 -0300\r\n".encode(encoding))
    assert read_timestamp(tmp_path) == (datetime(2026, 3, 1, 15), "")


@given(st.binary(max_size=80))
def test_no_timestamp_stops_a_grading(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "timestamp.txt").write_bytes(data)
    when, problem = read_timestamp(folder)
    assert (when is None) == bool(problem) and (not problem or "Remedy" in problem)


def test_a_record_is_whole_or_not_there(tmp_path: Path) -> None:
    course = CourseDirectory(root=str(tmp_path))
    records = Records(course, "ch01")
    record = Record(submitted={"a.ipynb": "1"}, graded=["a"], marks={"a": {"t": 1.5, "u": None}})
    records.write("ana", record)
    assert records.read("ana") == record
    path = tmp_path / "autograded" / FOLDER / "ch01" / "ana.json"
    for torn in (path.read_text()[:-5], "", "[]", '{"else": 1}'):
        path.write_text(torn)
        assert records.read("ana") is None
    shutil.rmtree(tmp_path / "autograded" / FOLDER)
    assert records.read("ana") is None


def test_links_and_pipes_of_a_submission_are_not_followed(tmp_path: Path) -> None:
    records = Records(CourseDirectory(root=str(tmp_path)), "ch01")
    folder = records.submission("ana")
    folder.mkdir(parents=True)
    (folder / "link").symlink_to("/etc/hostname")
    os.mkfifo(folder / "pipe")
    assert records.digests("ana") == {"link": "link to /etc/hostname", "pipe": "not a file"}
