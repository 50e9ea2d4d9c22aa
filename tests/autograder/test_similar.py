"""`autograder similar`: finds what was copied and changed a little, keeps quiet about what everybody has, never a verdict."""

from __future__ import annotations

import ast
import csv
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from classroom import CHAPTER, NAME, RIGHT, hand_in
from hypothesis import given
from hypothesis import strategies as st
from small_course import write_course
from typer.testing import CliRunner

from autograder.build.release import build
from autograder.cli import app
from autograder.course.course import Course
from autograder.gradebook.similar import COMMON, LEAST, LONGEST, compare
from autograder.gradebook.winnowing import GRAM, WINDOW, fingerprints, winnow

ODD = """def double(number):
    halves = [number / 2 for _ in range(4)]
    while len(halves) > 1:
        halves = [sum(halves[:2]), *halves[2:]]
    return int(halves[0]) if number == int(number) else halves[0]
"""
# The same with other names, layout, a docstring, annotations and comments.
CHANGED = '''def double(x: int) -> int:
    """My very own answer."""
    parts = [x / 2 for i in range(4)]   # four of them

    while len(parts) > 1:
        parts = [sum(parts[:2]),
                 *parts[2:]]
    return int(parts[0]) if x == int(x) else parts[0]
'''
OTHER = """def double(number):
    total = 0
    for sign, step in ((1, 3), (-1, 1)):
        total += sign * step * number
    result = divmod(total, 1)
    return result[0] if not result[1] else total
"""


def prints(code: str) -> frozenset[int]:
    return fingerprints(ast.parse(code).body)


def test_names_texts_and_layout_do_not_count_and_what_the_code_does_does() -> None:
    assert prints(ODD) == prints(CHANGED) and len(prints(ODD)) >= LEAST
    assert not prints(ODD) & prints(OTHER)
    assert prints(ODD.replace("/ 2", "/ 3")) != prints(ODD)
    assert prints(ODD + OTHER) >= prints(ODD) | prints(OTHER) or prints(ODD + OTHER) & prints(ODD)


@given(st.lists(st.sampled_from("abc"), max_size=60), st.lists(st.sampled_from("abc"), max_size=60), st.data())
def test_what_is_long_enough_is_found_wherever_it_stands(
    before: list[str], after: list[str], data: st.DataObject
) -> None:
    """The guarantee of winnowing; and nothing shorter than a gram is a match."""
    shared = data.draw(st.lists(st.sampled_from("xyz"), min_size=GRAM + WINDOW - 1, max_size=40))
    assert winnow(before + shared) & winnow(shared + after)
    assert not winnow(["a", *"xyz"] * 2) and not winnow([])


def test_a_passage_that_many_have_is_the_classes() -> None:
    passages = dict.fromkeys(range(20), "double")
    few, left_out = compare({f"s{n}": passages for n in range(COMMON)}, 0.5)
    assert len(few) == COMMON * (COMMON - 1) // 2 and not left_out
    assert few[0].where == {"double": 20} and few[0].share == 1
    assert compare({f"s{n}": passages for n in range(COMMON + 1)}, 0.5) == ([], 20)
    short = dict.fromkeys(range(LEAST - 1), "double")
    assert compare({"a": short, "b": short}, 0.5) == ([], 0)


@pytest.fixture
def a_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two who share an odd answer, one with the course's, one with another, one blank, one with an error."""
    write_course(tmp_path)
    build(Course(tmp_path))
    monkeypatch.chdir(tmp_path)
    for student, answers in {
        "ana": RIGHT | {"double": ODD},
        "bia": RIGHT | {"double": CHANGED},
        "caio": RIGHT,
        "davi": RIGHT | {"double": OTHER},
        "eva": {},
        "frank": RIGHT,
        "torn": RIGHT | {"double": "def double(number:\n    return"},
    }.items():
        hand_in(tmp_path, student, answers)
    # Renamed, and in a zip.
    path = tmp_path / f"submitted/bia/{CHAPTER}/{NAME}.ipynb"
    with zipfile.ZipFile(path.with_name("homework.zip"), "w") as archive:
        archive.write(path, "Copy of final (2).ipynb")
    path.unlink()
    return tmp_path


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["similar", CHAPTER, *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_only_those_who_share_something_unusual_are_listed(a_class: Path) -> None:
    told = json.loads(run("--json"))
    assert [pair["students"] for pair in told["pairs"]] == [["ana", "bia"]]
    assert told["pairs"][0]["share"] == 1 and set(told["pairs"][0]["where"]) == {"double"}
    assert told["students"] == 7 and told["unreadable"] == {"torn": 1}
    (row,) = csv.DictReader(run("--csv").splitlines())
    assert (row["student"], row["other"], row["share"]) == ("ana", "bia", "1.0")
    shown = run()
    assert "Similar is not copied" in shown and "torn (1)" in shown
    assert not any(word in shown.lower() for word in ("plagiar", "cheat", "guilt", "fraud"))


def test_no_cell_stops_the_reading(a_class: Path) -> None:
    unkind = {
        "number": ("x = 0x" + "f" * 9000, False),
        "minus": ("x = " + "-" * 3000 + "1", None),  # Python decides, by version
        "nested": ("x = " + "[" * 90 + "]" * 90, False),
        "null": ("x = 'a\x00'", None),
        "escape": ("x = '\\ud800'", False),
        "unfinished": ("if 1:", True),
        "long": (ODD + "x = 1\n" * LONGEST, True),
        "magic": ("%%bash\nls", False),
    }
    for student, (code, _fails) in unkind.items():
        hand_in(a_class, student, RIGHT | {"double": code})
    told = json.loads(run("--json"))
    assert told["students"] == 7 + len(unkind)
    for student, (_code, fails) in unkind.items():
        assert fails is None or (student in told["unreadable"]) == fails, student
    assert [pair["students"] for pair in told["pairs"]] == [["ana", "bia"]]


def test_nothing_to_list_is_said_in_a_line(a_class: Path) -> None:
    shutil.rmtree(a_class / "submitted/ana")
    assert "no pair of 6 submissions stands out" in run()
