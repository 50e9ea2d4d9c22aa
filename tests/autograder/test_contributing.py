"""CONTRIBUTING.md, followed literally in a copy of the course: what it tells a newcomer to type works."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

# The second test goes on where the first one ended, in the same copy.
pytestmark = [pytest.mark.slow, pytest.mark.sandbox]
ROOT = Path(__file__).resolve().parents[2]
NEEDED = (
    "autograder", "exam", "llmkit", "source", "locale", "release", "solutions", "pyproject.toml", "nbgrader_config.py",
)  # fmt: skip
# What decides how these tests end; see `autograder.selection`.
INPUTS = (*NEEDED, "CONTRIBUTING.md")
EXERCISE = "ch02/my-exercise"
PORTUGUESE = "Você divide todos os tokens pelos diferentes. É o contrário."


def blocks(section: str, language: str) -> list[str]:
    """The fenced blocks of one section of CONTRIBUTING.md, in order."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    body = re.search(rf"^## {section}\n(.*?)(?=^## |\Z)", text, flags=re.M | re.S)
    assert body, f"there is no section {section!r}"
    fenced = re.findall(rf"^( *)```{language}\n(.*?)^\1```$", body[1], flags=re.M | re.S)
    return [re.sub(rf"^{indent}", "", block, flags=re.M) for indent, block in fenced]


class Copy:
    """A copy of the course, and a shell in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in NEEDED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, root / name)
        (root / "data").symlink_to(ROOT / "data")

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """A command of CONTRIBUTING.md, in this environment; this copy's packages come before the installed ones."""
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        environment = os.environ | {"PATH": path, "PYTHONPATH": str(self.root), "COLUMNS": "160"}
        return subprocess.run(
            command, shell=True, cwd=self.root, env=environment, capture_output=True, text=True, timeout=300
        )

    def released(self, language: str) -> str:
        """The notebook of the exercise as students get it."""
        path = self.root / "release" / language / "ch02" / "03_special_tokens.ipynb"
        return path.read_text(encoding="utf-8")

    def works(self, command: str) -> str:
        done = self.run(command)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def steps(course: Copy, bubblewrap: object) -> list[str]:
    """The commands of "Add an exercise", done."""
    *commands, build = [line for block in blocks("Add an exercise", "sh") for line in block.splitlines()]
    said = [course.works(command) for command in commands]
    assert "my_exercise" not in course.released("en"), "the last step is not needed"
    return [*said, course.works(build)]


def test_the_steps_for_an_exercise_lead_to_one_that_passes_everything(course: Copy, steps: list[str]) -> None:
    (row,) = [line.split("│") for line in "\n".join(steps).splitlines() if EXERCISE in line and "│" in line]
    points, solution, blank, alternatives, mistakes, named, mutants = (cell.strip() for cell in row[2:9])
    assert (points, solution, blank) == ("2", "2", "0")
    assert (alternatives, mistakes, named) == ("1/1", "1/1", "1/1")
    caught, of = mutants.split("/")
    assert caught == of != "0"
    for language in ("en", "pt-BR"):
        assert "def my_exercise(" in course.released(language)
        assert "len(set(tokens))" not in course.released(language)


def test_the_steps_for_a_mistake_lead_to_one_that_is_caught_and_named(course: Copy, steps: list[str]) -> None:
    (shown,) = blocks("Add a mistake or an alternative", "python")
    entry = shown[shown.index("    _mistake(") : shown.rindex("]")]
    (verify,) = blocks("Add a mistake or an alternative", "sh")
    answers = course.root / "autograder" / "answers" / "ch02" / "my_exercise.py"
    code = answers.read_text(encoding="utf-8")
    assert code.endswith("]\n")
    answers.write_text(code.removesuffix("]\n") + entry + "]\n", encoding="utf-8")
    untranslated = course.run("autograder translations --update")
    assert untranslated.returncode == 1
    assert "'You divide all tokens" in untranslated.stderr
    catalogue = polib.pofile(str(course.root / "autograder" / "locale" / "pt-BR" / "autograder.po"), wrapwidth=0)
    (waiting,) = catalogue.untranslated_entries()
    waiting.msgstr = PORTUGUESE
    catalogue.save()
    row = next(line for line in course.works(verify).splitlines() if EXERCISE in line)
    assert [cell.strip() for cell in row.split("│")][6:8] == ["2/2", "2/2"]
