"""All cases through plain nbgrader, as an instructor runs it: one run of each chapter, one student for each case."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cases import hopeless, right
from hand_ins import CHAPTERS, ROOT, exercises

RIGHT, HOPELESS = right(), hopeless()
CONFIG = "from autograder.nbgrader_plugin import configure\nc = get_config()\nconfigure(c)\n"


def nbgrader(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *command],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "locale", made / "locale")
    (made / "nbgrader_config.py").write_text(CONFIG)
    for chapter, names in CHAPTERS.items():
        (made / "source" / chapter).mkdir(parents=True)
        for name in names:
            shutil.copy(ROOT / "source" / chapter / f"{name}.ipynb", made / "source" / chapter)
    return made


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()
    }


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_case_earns_what_it_deserves(folder: Path, chapter: str) -> None:
    from nbgrader.api import Gradebook

    wanted, other = CHAPTERS[chapter]
    good = {student: case for student, case in RIGHT.items() if case.chapter == chapter}
    bad = {student: case for student, case in HOPELESS.items() if case.chapter == chapter}
    for student, case in (good | bad).items():
        (folder / "submitted" / student / chapter).mkdir(parents=True)
        case.write(folder / "submitted" / student / chapter)
    before = files(folder / "submitted")
    done = nbgrader(folder, "autograde", chapter)
    assert files(folder / "submitted") == before, "what students handed in is never changed"
    assert done.returncode == 1, "what could not be graded is told by the exit status"
    assert "Traceback" not in done.stderr, done.stderr

    full = sum(exercise.points for exercise in exercises(chapter, wanted, "en"))
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        marks = {
            one.student.id: {notebook.name: notebook.score for notebook in one.notebooks}
            for one in gradebook.assignment_submissions(chapter)
        }
        assert not any(one.needs_manual_grade for one in gradebook.assignment_submissions(chapter))
    assert marks == {student: {wanted: full if student in good else 0, other: 0} for student in good | bad}
    for student, case in bad.items():
        graded = json.loads((folder / "autograded" / student / chapter / f"{wanted}.ipynb").read_text(encoding="utf-8"))
        reason = graded["metadata"]["autograder"]["refused"]
        assert case.reason in reason
        tests = [cell for cell in graded["cells"] if "mark" in cell["metadata"].get("autograder", {})]
        assert tests and all(cell["metadata"]["autograder"]["mark"]["error"] == reason for cell in tests)
        assert f"{student}, {wanted}: {reason}" in done.stderr, "the instructor reads it, too"


@pytest.mark.slow
@pytest.mark.sandbox
def test_every_page_says_why(folder: Path) -> None:
    chapter = "ch01"
    if not (folder / "autograded").exists():
        pytest.skip("nothing was graded: run the test before this one, too")
    for student, case in HOPELESS.items():
        if case.chapter == chapter:
            assert nbgrader(folder, "generate_feedback", chapter, "--student", student).returncode == 0
            page = folder / "feedback" / student / chapter / f"{CHAPTERS[chapter][0]}.html"
            text = re.sub(r"<[^>]*>", "", page.read_text(encoding="utf-8"))
            assert case.reason in text and "What to do: " in text and "0 of 8 points" in text
