"""What a student reads in a terminal: tables that fit 80 columns, the sandbox, the language in which the course opens."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from llmkit import data, doctor
from llmkit.cli import app

ROOT = Path(__file__).parents[2]


def test_the_list_of_data_sets_is_read_at_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = CliRunner().invoke(app, ["data", "list"]).output.splitlines()
    assert max(map(len, lines)) <= 80
    heads = [line for line in lines if line and not line.startswith(" ")]
    assert [line.split()[0] for line in heads] == [entry.name for entry in data.catalogue()]
    for entry, head in zip(data.catalogue(), heads, strict=True):
        assert entry.language in head and entry.licence in head and " MB" in head
        text = " ".join(" ".join(lines).split())
        assert f"{entry.title}: {entry.purpose}" in text  # no word is cut in two
    assert len(lines) <= 4 * len(heads)


def sandbox() -> doctor.Finding:
    return next(finding for finding in doctor.examine() if finding.what == "sandbox")


def test_doctor_looks_at_the_sandbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor.platform, "system", lambda: "Linux")
    program = tmp_path / "bwrap"
    monkeypatch.setattr(doctor.shutil, "which", lambda name: str(program))
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    assert (sandbox().found, sandbox().good) == ("bubblewrap works", True)
    program.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    assert sandbox().found == "bwrap: No permissions to create new namespace" and "docs/sandbox.md" in sandbox().remedy
    # Nobody who learns needs it, so the doctor finds nothing wrong.
    assert sandbox().good is None and CliRunner().invoke(app, ["doctor"]).exit_code == 0
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    monkeypatch.setattr(doctor, "SANDBOX_SECONDS", 0.2)
    assert "timed out" in sandbox().found
    program.unlink()
    assert sandbox().good is None and sandbox().found
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    assert "apt-get install bubblewrap" in sandbox().remedy
    monkeypatch.setattr(doctor.platform, "system", lambda: "Darwin")
    assert sandbox().found == "not on this system"


@pytest.mark.parametrize(
    ("machine", "given", "opened"),
    [
        ({"LANG": "pt_BR.UTF-8"}, [], "pt-BR"),
        ({"LANG": "pt_PT@euro"}, [], "pt-BR"),
        ({"LANG": "pt_BR.UTF-8", "LC_ALL": "en_US.UTF-8"}, [], "en"),
        ({"LANG": "de_DE.UTF-8"}, [], "en"),
        ({"LANG": "C"}, [], "en"),
        ({}, [], "en"),
        ({"LANG": "pt_BR.UTF-8"}, ["COURSE_LANG=en"], "en"),
        ({"LANG": "en_US.UTF-8", "COURSE_LANG": "pt-BR"}, [], "pt-BR"),
    ],
)
def test_make_lab_opens_the_start_page_in_the_right_language(
    machine: dict[str, str], given: list[str], opened: str
) -> None:
    known = {name: value for name, value in os.environ.items() if not name.startswith(("LANG", "LC_", "COURSE_LANG"))}
    asked = subprocess.run(
        ["make", "--dry-run", "lab", *given], cwd=ROOT, env=known | machine, capture_output=True, text=True, check=True
    )
    assert f"--LabApp.default_url=/lab/tree/release/{opened}/00_start.ipynb\n" in asked.stdout
