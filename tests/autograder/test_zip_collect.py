"""A zip of `llmkit submit` in nbgrader's hands: its name in all the forms that it takes on the way, and the way to the marks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from classroom import CHAPTER, NAME, RIGHT, ROOT, filled, nbgrader, points, small_class
from traitlets.config import Config

from autograder.nbgrader_plugin import configure, zip_names

CHAPTERS = ["bert", "ch01", "ch03", "metrics"]
UNPACKED = "/c/downloaded/ch03/extracted/"


@pytest.mark.parametrize(
    ("path", "student", "file"),
    [
        ("ch03-ana/03_x.ipynb", "ana", "03_x.ipynb"),
        ("ch03-ana (1)/03_x.ipynb", "ana", "(1)/03_x.ipynb"),
        ("ch03-ana(12)/03_x.ipynb", "ana", "(12)/03_x.ipynb"),
        ("ch03-ana-maria/03_x.ipynb", "ana-maria", "03_x.ipynb"),
        ("ch03-ana.silva@uni.br/03_x.ipynb", "ana.silva@uni.br", "03_x.ipynb"),
        ("Ana Silva_123_assignsubmission_file_ch03-ana/03_x.ipynb", "ana", "03_x.ipynb"),  # Moodle
        ("Ana-Maria Silva_123_assignsubmission_file/ch03-ana/03_x.ipynb", "ana", "03_x.ipynb"),  # Moodle, with folders
        ("ana-maria_silva_9_ch03-ana-maria (2)/03_x.ipynb", "ana-maria", "(2)/03_x.ipynb"),
        ("silvaana_1234_56789_ch03-ana/03_x.ipynb", "ana", "03_x.ipynb"),  # Canvas
        ("bert-rosa/01_x.ipynb", "rosa", "01_x.ipynb"),
        ("ch03-ch03/03_x.ipynb", "ch03", "03_x.ipynb"),
        ("ch03-ch01-x/03_x.ipynb", "ch01-x", "03_x.ipynb"),
    ],
)
def test_the_name_tells_who_handed_in(path: str, student: str, file: str) -> None:
    found = re.match(zip_names(CHAPTERS), UNPACKED + path)
    assert found and found.groupdict() == {"student_id": student, "file_id": file}


@pytest.mark.parametrize("path", ["ana/03_x.ipynb", "ch04-ana/03_x.ipynb", "watch03-ana/03_x.ipynb", "ch03-ana.ipynb"])
def test_another_name_is_nobodys(path: str) -> None:
    assert re.match(zip_names(CHAPTERS), UNPACKED + path) is None


def test_an_instructors_own_pattern_stays() -> None:
    config = Config()
    config.FileNameCollectorPlugin.named_regexp = "mine"
    configure(config)
    assert config.FileNameCollectorPlugin.named_regexp == "mine"
    fresh = Config()
    configure(fresh)
    assert re.match(fresh.FileNameCollectorPlugin.named_regexp, UNPACKED + "ch03-ana/03_x.ipynb")


def pack(folder: Path, student: str, answers: dict[str, str], release: Path) -> Path:
    """What a student does: fills the gaps, and types llmkit submit."""
    notebook = filled(release, answers)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(f'import llmkit\n\nllmkit.start("{CHAPTER}/{NAME}", lang="en")'))
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{NAME}.ipynb")
    line = [sys.executable, "-m", "llmkit", "submit", CHAPTER, "--student", student]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "LLMKIT_CACHE": str(folder / "cache")}
    done = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / f"{CHAPTER}-{student}.zip"


@pytest.mark.slow
@pytest.mark.sandbox
def test_zips_become_marks_by_nbgraders_own_commands(tmp_path: Path) -> None:
    course = small_class(tmp_path / "course")
    release = course / "release/en" / CHAPTER / f"{NAME}.ipynb"
    archive = course / "downloaded" / CHAPTER / "archive"
    archive.mkdir(parents=True)
    ana = pack(tmp_path / "ana", "ana", RIGHT, release)
    (archive / ana.name).write_bytes(ana.read_bytes())
    rosa = pack(tmp_path / "rosa", "rosa-maria", {}, release)
    (archive / f"Rosa-Maria Lima_7_assignsubmission_file_{rosa.name}").write_bytes(rosa.read_bytes())
    again = pack(tmp_path / "again", "rosa-maria", {"double": RIGHT["double"]}, release)
    (archive / f"{again.stem} (1).zip").write_bytes(again.read_bytes())
    collected = nbgrader(course, "zip_collect", CHAPTER)
    assert collected.returncode == 0 and "skipped" not in collected.stderr, collected.stderr
    assert (course / "submitted/ana" / CHAPTER / f"{NAME}.ipynb").is_file()
    assert sorted(path.name for path in (course / "submitted").iterdir()) == ["ana", "rosa-maria"]
    graded = nbgrader(course, "autograde", CHAPTER, "--create")
    assert graded.returncode == 0, graded.stderr
    assert points(course) == {"ana": 5, "rosa-maria": 2}
