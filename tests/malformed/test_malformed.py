"""What students really hand in: right answers keep their marks, whatever people and tools did to the file; the rest is told why not."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from cases import hopeless, right
from hand_ins import CHAPTERS, HandIn, answered, check, chosen_from, hand_ins, rebuilt
from hypothesis import given, settings

RIGHT, HOPELESS = right(), hopeless()


def test_there_are_enough_cases() -> None:
    assert len(RIGHT) >= 70
    assert len(HOPELESS) >= 15
    for chapter in CHAPTERS:
        assert {case.language for case in RIGHT.values() if case.chapter == chapter} == {"en", "pt-BR"}


@pytest.mark.parametrize("student", RIGHT)
def test_a_right_solution_is_graded_as_it_is(tmp_path: Path, student: str) -> None:
    check(RIGHT[student], tmp_path)


@pytest.mark.parametrize("student", HOPELESS)
def test_a_hopeless_one_is_told_why(tmp_path: Path, student: str) -> None:
    case = HOPELESS[student]
    case.write(tmp_path)
    chosen = chosen_from(tmp_path, case.chapter)
    mine = chosen[CHAPTERS[case.chapter][0]]
    assert mine.refused is not None
    assert case.reason in str(mine.refused), str(mine.refused)
    assert "What to do: " in str(mine.refused)
    assert all(one.refused is not None for one in chosen.values())
    notebook = rebuilt(mine)
    assert answered(notebook, notebook) == []
    assert notebook.metadata.autograder.refused == str(mine.refused)


@given(hand_ins())
@settings(max_examples=100, deadline=None)
def test_edits_that_keep_the_meaning_keep_the_answers(hand_in: HandIn) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check(hand_in, Path(folder))
