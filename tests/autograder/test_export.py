"""What `nbgrader export` writes for spreadsheets, Canvas and Moodle: any name, no formula, and what their importers look for."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from classroom import CHAPTER, NAME, RIGHT, book, hand_in, nbgrader, small_class
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from small_course import write_course

from autograder.gradebook.export import CanvasExport, CsvExport, ExerciseExport, MoodleExport
from autograder.gradebook.spreadsheet import harmless, number, write_table

# What the slow test reads, besides what this file imports; see `autograder.selection`.
INPUTS = ("docs/lms.md", "autograder/nbgrader_plugin")
FORMULA = re.compile(r"[=+@\t\r-]")


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gradebook]:
    """Two assignments; names that break tables; one who was late, one who has handed in nothing, one mark by hand to come."""
    folder = tmp_path_factory.mktemp("course")
    write_course(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        # nbgrader calls alembic by name.
        patch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
        yield from filled_gradebook(folder)


def filled_gradebook(folder: Path) -> Iterator[Gradebook]:
    with book(folder) as made:
        made.add_student("joao", first_name="João", last_name="Silva, Souza", email="joao@uni.br", lms_user_id="1017")
        made.add_student("evil", first_name='=HYPERLINK("http://x","y")', last_name="@SUM(1)", email="evil@uni.br")
        made.add_student("quote", first_name='"Ana"\n', last_name="O'Neil; =1+1", email=None)
        made.add_student("absent")
        for assignment in (CHAPTER, "ch02"):
            made.add_assignment(assignment)
            made.add_notebook(NAME, assignment)
            made.add_grade_cell("double-test", NAME, assignment, max_score=2, cell_type="code")
            made.add_grade_cell("counter-test", NAME, assignment, max_score=3, cell_type="code")
        for student, double, counter in (("joao", 2, 1.125), ("evil", 0, 3), ("quote", 2, None)):
            made.add_submission(CHAPTER, student)
            for name, score in (("double-test", double), ("counter-test", counter)):
                grade = made.find_grade(name, NAME, CHAPTER, student)
                grade.auto_score, grade.needs_manual_grade = score, score is None
        made.find_submission_notebook(NAME, CHAPTER, "joao").late_submission_penalty = 0.5
        made.db.commit()
        yield made


def written(exporter: Any, gradebook: Gradebook, path: Path) -> list[dict[str, str]]:
    exporter.to = str(path)
    exporter.export(gradebook)
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_canvas_gets_its_columns_its_points_possible_and_no_zero_for_nothing(
    gradebook: Gradebook, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    exporter = CanvasExport(titles={CHAPTER: "Attention, part 1 (5512)"}, section="Turma A")
    exporter.log.propagate = True
    rows = written(exporter, gradebook, tmp_path / "canvas.csv")
    title = "Attention, part 1 (5512)"
    assert list(rows[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title, "ch02"]
    assert "Points Possible" in rows[0]["Student"] and (rows[0][title], rows[0]["ch02"]) == ("5", "5")
    by_login = {row["SIS Login ID"]: row for row in rows[1:]}
    joao = by_login["joao"]
    assert (joao["Student"], joao["ID"], joao["Section"], joao[title]) == (
        "Silva, Souza, João",
        "1017",
        "Turma A",
        "2.62",
    )
    assert by_login["evil"]["Student"].startswith("'@SUM(1)") and by_login["evil"][title] == "3"
    assert (by_login["absent"][title], by_login["absent"]["Student"]) == ("", "absent")
    assert all(row["ch02"] == "" for row in rows[1:])
    assert "1 submissions wait for a mark by hand" in caplog.text
    by_number = written(CanvasExport(student_id_is="SIS User ID"), gradebook, tmp_path / "canvas.csv")
    assert (by_number[1]["SIS User ID"], by_number[1]["SIS Login ID"]) == ("absent", "")


def test_moodle_gets_one_identifier_in_every_row(
    gradebook: Gradebook, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rows = written(MoodleExport(), gradebook, tmp_path / "moodle.csv")
    assert list(rows[0]) == [
        "First name", "Last name", "Username", CHAPTER, f"{CHAPTER} (feedback)", "ch02", "ch02 (feedback)",
    ]  # fmt: skip
    by_name = {row["Username"]: row for row in rows}
    assert set(by_name) == {"joao", "evil", "quote", "absent"}
    assert by_name["joao"][CHAPTER] == "2.62"
    assert by_name["joao"][f"{CHAPTER} (feedback)"] == "double 2/2; counter 1.12/3; −0.5"
    assert by_name["absent"][CHAPTER] == "" == by_name["absent"][f"{CHAPTER} (feedback)"]
    exporter = MoodleExport(identify_by="Email address")
    exporter.log.propagate = True
    rows = written(exporter, gradebook, tmp_path / "moodle.csv")
    assert {row["Email address"] for row in rows} == {"joao@uni.br", "evil@uni.br"}
    assert "quote is left out" in caplog.text and "absent is left out" in caplog.text


def test_students_without_names_come_in_the_order_of_their_ids(tmp_path: Path) -> None:
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        for student in ("zoe", "ana", "bia"):
            gradebook.add_student(student)
        gradebook.add_student("yan", last_name="Alves")
        assert [one.id for one in CsvExport().chosen(gradebook)[1]] == ["ana", "bia", "zoe", "yan"]


def test_every_exercise_of_every_student(gradebook: Gradebook, tmp_path: Path) -> None:
    rows = written(ExerciseExport(), gradebook, tmp_path / "exercises.csv")
    found = {(row["student_id"], row["exercise"]): (row["points"], row["max_points"], row["by_hand"]) for row in rows}
    assert found["joao", "double"] == ("2", "2", "no") and found["joao", "counter"] == ("1.12", "3", "no")
    assert found["quote", "counter"] == ("0", "3", "waiting") and len(found) == len(rows) == 6
    exporter = ExerciseExport(to=str(tmp_path / "exercises.json"))
    exporter.export(gradebook)
    told = json.loads((tmp_path / "exercises.json").read_text(encoding="utf-8"))
    assert [row["points"] for row in told if row["student_id"] == "joao"] == [2, 1.12]
    assert {row["first_name"] for row in told} >= {"João", '=HYPERLINK("http://x","y")'}, "JSON has no formulas"


@pytest.mark.parametrize("exporter", [CsvExport, CanvasExport, MoodleExport, ExerciseExport])
def test_no_cell_is_a_formula_and_what_is_not_there_is_told(
    exporter: Any, gradebook: Gradebook, tmp_path: Path
) -> None:
    path = tmp_path / "table.csv"
    written(exporter(), gradebook, path)
    for separator in ",;":
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8")), delimiter=separator):
            assert not [
                cell for cell in row if FORMULA.match(cell.lstrip(" \"'")) and not cell.lstrip().startswith("'")
            ]
    with pytest.raises(
        SystemExit, match=r"ch99: the gradebook has no such assignment\. Remedy: choose from ch01, ch02"
    ):
        exporter(assignment=["ch99"]).export(gradebook)
    with pytest.raises(SystemExit, match=r"nowhere.*--to"):
        exporter(to=str(tmp_path / "nowhere" / "x.csv")).export(gradebook)


@given(st.text(alphabet="=+-@\t\r\n;, \"'ax1=") | st.text())
def test_a_text_stays_a_text_for_any_separator(text: str) -> None:
    made = harmless(text)
    assert made.replace("'", "") == text.replace("'", "")
    for part in re.split("[;\n]", made):
        assert not FORMULA.match(part.lstrip(' "')), part
    assert harmless(made) == made or made.count("'") < 99


def test_numbers_stay_numbers() -> None:
    stream = io.StringIO()
    write_table(stream, ["a", "b", "c"], [{"a": number(-1.5), "b": number(3.0), "c": number(None)}])
    assert stream.getvalue() == "a,b,c\n-1.5,3,\n"
    assert number(2.675000001) == 2.68 and number(100.0) == 100


@pytest.mark.slow
@pytest.mark.sandbox
def test_the_lines_of_the_document_write_the_files(tmp_path: Path) -> None:
    """As a person types them, after a real grading."""
    folder = small_class(tmp_path)
    hand_in(folder, "ana", RIGHT)
    assert nbgrader(folder, "autograde", CHAPTER).returncode == 0
    document = (Path(__file__).parents[2] / "docs/lms.md").read_text(encoding="utf-8")
    lines = re.findall(r"^nbgrader (export --exporter=\S+(?: --\S+(?: [\w.]+)?)*)", document, flags=re.M)
    assert len(lines) >= 4
    for line in lines:
        done = nbgrader(folder, *line.split())
        assert done.returncode == 0 and "Unrecognized" not in done.stderr and "Traceback" not in done.stderr, (
            line,
            done.stderr,
        )
    assert "ana" in (folder / "canvas.csv").read_text() and "ana" in (folder / "moodle.csv").read_text()
    assert json.loads((folder / "exercises.json").read_text())[0]["points"] == 2
    wrong = nbgrader(folder, "export", "--exporter=autograder.gradebook.export.MoodleExport", "--assignment", "ch99")
    assert wrong.returncode == 1 and "no such assignment" in wrong.stderr and "Traceback" not in wrong.stderr
