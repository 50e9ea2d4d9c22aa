"""`autograder doctor`: what is missing is named with the remedy, and what is there is tried out."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.gradebook import doctor
from autograder.student.sandbox import Sandbox
from llmkit.doctor import Finding


def test_the_packages_of_this_environment_are_as_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = doctor.packages()
    assert found.good
    monkeypatch.setattr(
        doctor.metadata, "requires", lambda _name: ["nh3>=999", "no-such-package", 'torch; extra == "other"']
    )
    old, missing = doctor.packages()
    assert (old.what, missing.what) == ("nh3", "no-such-package") and not old.good and not missing.good
    assert "pip install" in old.remedy


def test_a_sandbox_that_works_is_told_from_one_that_leaves_ways_open(
    bubblewrap: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert doctor._isolation(bubblewrap).good
    monkeypatch.setattr(doctor, "LOOK", "print('000001', '2', 9, 1)")
    found = doctor._isolation(bubblewrap)
    assert not found.good and "capabilities, other processes, the network" in found.found
    monkeypatch.setattr(doctor, "LOOK", "1 / 0")
    assert "division by zero" in doctor._isolation(bubblewrap).found


def test_what_is_missing_has_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    monkeypatch.chdir(tmp_path)
    for found in (doctor.bubblewrap(), *doctor.sandbox(), doctor.hashes(), *doctor.course()[:2]):
        assert found.good is False and found.remedy, found


def test_a_gradebook_that_is_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gradebook.db").write_text("no database", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found = doctor.course()[-1]
    assert found.what == "gradebook" and found.good is False


@pytest.mark.parametrize(("good", "status"), [(True, 0), (None, 0), (False, 1)])
def test_the_exit_status_tells_of_a_problem(monkeypatch: pytest.MonkeyPatch, good: bool | None, status: int) -> None:
    monkeypatch.setattr(doctor, "examine", lambda: [Finding("thing", "[b]found", good, "mend it")])
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == status and "[b]found" in done.stdout
