"""`pytest --changed`: what it runs, and what it writes down."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from autograder.selection import select as selecting
from autograder.selection.record import FILE

pytest_plugins = ["pytester"]

TESTS = """
import os, pytest
@pytest.mark.slow
def test_slow(): assert "BREAK" not in os.environ
@pytest.mark.slow
def test_slow_too(): pass
def test_quick(): pass
"""
WITH_ONE_CELL = """{"cells": [{"cell_type": "code", "id": "a", "metadata": {}, "source": "1 + 1", "outputs": [],
"execution_count": 1}], "metadata": {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}},
"nbformat": 4, "nbformat_minor": 5}"""
QUIET = ("-p", "no:cacheprovider", "--nbval-lax", "-p", "autograder.selection.pytest_plugin")


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setattr(selecting, "_decides", lambda root: True)
    monkeypatch.delenv("LLMKIT_QUICK", raising=False)
    pytester.makeini("[pytest]\nmarkers = slow\n")
    for name in ("tests/a/test_one.py", "tests/a/test_two.py"):
        (pytester.path / name).parent.mkdir(parents=True, exist_ok=True)
        (pytester.path / name).write_text(TESTS)
    return pytester


def run(project: pytest.Pytester, *arguments: str) -> dict[str, int]:
    return project.runpytest_inprocess(*QUIET, "--changed", "--share", "0", *arguments).parseoutcomes()


def test_slow_tests_that_passed_are_left_out_until_their_file_changes(project: pytest.Pytester) -> None:
    assert run(project, "tests") == {"passed": 6}
    assert run(project, "tests") == {"passed": 2, "deselected": 4}
    (project.path / "tests" / "a" / "test_two.py").write_text(TESTS + "# changed\n")
    assert run(project, "tests") == {"passed": 4, "deselected": 2}
    assert run(project, "tests", "--share", "1") == {"passed": 6}


def test_one_that_fails_is_not_written_down_and_taken_out(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(project, "tests")
    monkeypatch.setenv("BREAK", "1")
    assert run(project, "tests", "--share", "1") == {"passed": 4, "failed": 2}
    assert run(project, "tests") == {"passed": 4, "failed": 2}
    monkeypatch.delenv("BREAK")
    assert run(project, "tests") == {"passed": 6}


@pytest.mark.parametrize("narrowing", [("-k", "too"), ("-x",), ("--deselect", "tests/a/test_one.py::test_slow_too")])
def test_a_part_of_a_file_proves_nothing(project: pytest.Pytester, narrowing: tuple[str, ...]) -> None:
    run(project, "tests", *narrowing)
    run(project, "tests/a/test_one.py::test_slow")
    assert run(project, "tests") == {"passed": 6}


def test_a_skipped_test_proves_nothing(project: pytest.Pytester) -> None:
    (project.path / "tests" / "a" / "test_one.py").write_text(TESTS.replace("too(): pass", "too(): pytest.skip('no')"))
    for _ in range(2):
        assert run(project, "tests/a/test_one.py") == {"passed": 2, "skipped": 1}


def test_workers_do_what_was_chosen_once(project: pytest.Pytester) -> None:
    for name in ("one", "two"):
        path = project.path / "tests" / "a" / f"test_{name}.py"
        path.write_text(TESTS)
    assert run(project, "tests/a/test_one.py") == {"passed": 3}
    assert run(project, "tests", "-n", "1", "--dist", "loadfile") == {"passed": 4}
    assert run(project, "tests", "-n", "1", "--dist", "loadfile") == {"passed": 2}


def test_a_notebook_is_proved_for_the_length_it_ran_at(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project.path / "solutions" / "en" / "ch01" / "01_a.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(WITH_ONE_CELL)
    assert run(project, "solutions") == {"passed": 1}
    assert not (project.path / FILE).exists()
    monkeypatch.setenv("LLMKIT_QUICK", "1")
    assert run(project, "solutions") == {"passed": 1}
    assert (project.path / FILE).read_text().splitlines()[-1].startswith("notebook solutions/en/ch01/01_a.ipynb ")
    again = project.runpytest_inprocess(*QUIET, "--changed", "--share", "0", "solutions")
    assert again.parseoutcomes() == {"deselected": 1} and again.ret == 0
    monkeypatch.delenv("LLMKIT_QUICK")
    monkeypatch.setenv("LLMKIT_STRICT", "1")
    # At full length it would do the same: no case.
    assert run(project, "solutions") == {"deselected": 1}


def test_it_says_what_it_chose_and_how_to_choose_so_again(project: pytest.Pytester) -> None:
    run(project, "tests")
    done = project.runpytest_inprocess(*QUIET, "--changed", "--sample-seed", "abc", "-q", "tests")
    done.stdout.fnmatch_lines(["*0 changed since they last passed, 1 of the other 2 at random (--sample-seed abc)*"])


def test_without_the_option_everything_runs(project: pytest.Pytester) -> None:
    run(project, "tests")
    assert project.runpytest_inprocess(*QUIET, "tests").parseoutcomes() == {"passed": 6}


def test_a_cell_for_students_only_is_no_part_of_its_notebooks_case() -> None:
    from autograder.selection import pytest_plugin  # here: loaded earlier, pytest would warn that it cannot rewrite it

    def item(*tags: str) -> Any:
        return SimpleNamespace(cell=SimpleNamespace(metadata={"tags": list(tags)}))

    assert pytest_plugin._is_for_students_only(item("skip-execution", "nbval-skip"))
    assert not pytest_plugin._is_for_students_only(item("skip-grading"))
    assert not pytest_plugin._is_for_students_only(SimpleNamespace())  # type: ignore[arg-type]
