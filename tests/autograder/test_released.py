"""Test cells of the release tell how many checks are hidden, and nothing about them."""

from __future__ import annotations

import pytest
from small_course import SECOND_TEST, TEST, markdown, source_notebook

from autograder.course.cells import visible_part
from autograder.course.released import with_number, without_number
from autograder.submission.matching import Ours, Theirs


def test_the_number_is_that_of_the_hidden_named_checks() -> None:
    three = TEST.replace("### END", 'with check("a"):\n    pass\nwith check("b"), open("f"):\n    pass\n### END')
    assert "check = Checks(points=2, hidden=3)\n" in with_number(three)
    assert visible_part(with_number(TEST)) == visible_part(TEST).replace("(points=2)", "(points=2, hidden=1)")
    assert "hidden=1" in with_number(SECOND_TEST) and "1234567" not in visible_part(with_number(TEST))


@pytest.mark.parametrize(
    "source",
    [
        visible_part(TEST),  # none is hidden
        "assert double(1) == 2\n### BEGIN HIDDEN TESTS\nassert double(2) == 4\n### END HIDDEN TESTS",  # none has a name
        "check = (\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS",  # no Python
    ],
)
def test_where_there_is_nothing_to_count_nothing_is_written(source: str) -> None:
    assert with_number(source) == source


def test_a_number_in_the_text_before_does_not_shift_it() -> None:
    assert (
        with_number(TEST.replace("check = Checks(points=2)", 'ç = "é"; check = Checks(points=2)')).count("hidden=1")
        == 1
    )


@pytest.mark.parametrize(
    "theirs", [visible_part(with_number(TEST)), visible_part(TEST)], ids=["release", "older release"]
)
def test_an_untouched_test_cell_is_known_with_the_number_and_without(theirs: str) -> None:
    mine = next(Ours(cell) for cell in source_notebook().cells if cell.source == TEST)
    cell = markdown("x", theirs)
    cell.cell_type = "code"
    assert mine.is_same(Theirs.of(cell)) and without_number(theirs) == visible_part(TEST)
    cell.source = theirs.replace("double(2), 4", "double(2), 5")
    assert not mine.is_same(Theirs.of(cell))
