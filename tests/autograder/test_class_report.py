"""What the report says of a class as a whole, and its page: counts are right in two languages, and no text of a student's is HTML."""

from __future__ import annotations

import csv
import re
from html.parser import HTMLParser

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode

from autograder.gradebook.page import as_html
from autograder.gradebook.report import (
    GRADED,
    LOOK_AT,
    NOT_GRADED,
    ClassReport,
    Finding,
    StudentReport,
    as_statistics_csv,
)
from autograder.gradebook.statistics import Statistics, Tally
from autograder.judge.marks import CellMark, CheckMark

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202e{{ 7*7 }}"
MISTAKE = {"name": "upside-down", "explanation": "It is the other way round.", "see": ""}


def graded(*marks: CellMark) -> NotebookNode:
    notebook = nbformat.v4.new_notebook()
    for mark in marks:
        cell = nbformat.v4.new_code_cell("")
        cell.metadata["autograder"] = {"mark": mark.as_dict()}
        notebook.cells.append(cell)
    return notebook


def mark(earned: float, first: bool, second: bool | None, portuguese: bool = False, **more: object) -> CellMark:
    titles = ("dois vira quatro", "negativos também") if portuguese else ("two becomes four", "negative numbers too")
    checks = [CheckMark(titles[0], 1, first)]
    if second is not None:
        checks.append(CheckMark(titles[1], 3, second, hidden=True))
    return CellMark("double-test", 4, earned, checks, exercise="double", **more)  # type: ignore[arg-type]


@pytest.fixture
def numbers() -> Statistics:
    tally = Tally()
    for one in (
        mark(4, True, True),
        mark(1, True, False, mistakes=[MISTAKE]),
        mark(1, True, False, portuguese=True, mistakes=[MISTAKE]),
        mark(0, False, None, error="the time is up"),
        mark(0, False, False, empty=True),
    ):
        tally.add("01_small", graded(one))
    return tally.statistics([1, 0.25, 0.25, 0, 0])


def report(numbers: Statistics, *students: StudentReport) -> ClassReport:
    return ClassReport("ch01", "2026-03-02 02:59:00 UTC", 4, list(students), numbers)


def test_the_class_is_counted_whatever_language_it_speaks(numbers: Statistics) -> None:
    assert numbers.marks == [2, 0, 2, 0, 0, 0, 0, 0, 0, 1]
    assert (numbers.mean, numbers.median) == (0.3, 0.25)
    (exercise,) = numbers.exercises
    assert (exercise.full, exercise.partly, exercise.nothing, exercise.empty, exercise.mean) == (1, 2, 1, 1, 0.3)
    told = [(check.check, check.hidden, check.failed, check.of) for check in numbers.checks]
    assert told == [("negative numbers too", True, 2, 3), ("two becomes four", False, 1, 4)], (
        "the empty one met no check"
    )
    assert [(one.exercise, one.mistake, one.students) for one in numbers.mistakes] == [("double", "upside-down", 2)]
    rows = list(csv.DictReader(as_statistics_csv([report(numbers)]).splitlines()))
    assert ("hidden check", "double", "negative numbers too", "2", "3") in {
        (row["kind"], row["exercise"], row["what"], row["count"], row["of"]) for row in rows
    }
    assert {row["kind"] for row in rows} == {"marks", "exercise", "check", "hidden check", "mistake"}
    assert report(numbers).as_dict()["statistics"]["checks"][0]["failed"] == 2


class Page(HTMLParser):
    """The tags and attributes of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_holds_all_of_it_and_nothing_of_a_students_runs(numbers: Statistics) -> None:
    students = (
        StudentReport(EVIL, GRADED, points=4, findings=[Finding(LOOK_AT, EVIL, EVIL)]),
        StudentReport("bob", NOT_GRADED, EVIL),
    )
    page = Page(made := as_html([report(numbers, *students)]))
    assert set(page.tags).isdisjoint({"script", "img", "iframe", "object", "form", "link", "a", "svg"})
    assert not [name for name, _value in page.attributes if name.startswith("on") or name in ("src", "href")]
    assert EVIL.replace("\u202e", "\\u202e") in page.text and "\u202e" not in made
    for said in (
        "mean 30 %, median 25 %",
        "negative numbers too",
        "2 of 3",
        "It is the other way round.",
        "not graded: 1",
    ):
        assert said in re.sub(r"\s+", " ", page.text), said
    assert "Content-Security-Policy" in made and "prefers-color-scheme: dark" in made and "@media print" in made
    assert ("name", "viewport") in page.attributes


def test_a_class_without_anything_has_a_page(numbers: Statistics) -> None:
    assert "Nobody has handed in yet" in as_html([report(Statistics())])
    assert "no assignment yet" in as_html([])
    nothing_wrong = as_html([report(numbers, StudentReport("ana", GRADED, points=4))])
    assert "everybody was graded" in nothing_wrong
