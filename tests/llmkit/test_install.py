"""What is installed for whom: the sets of packages, the stamps of `make`, and what students' commands do without nbgrader."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]

# Only in `instructor` and `dev`, with what comes along; `llmkit check` runs without them.
NOT_FOR_STUDENTS = (
    "nbgrader",
    "nh3",
    "sqlalchemy",
    "alembic",
    "notebook",
    "sklearn",
    "scipy",
    "transformers",
    "gradio",
)
BLOCK = f"""
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {NOT_FOR_STUDENTS!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
"""


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement)[0].lower().replace("_", "-")


def test_every_package_that_is_asked_for_has_a_tested_version() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {name_of(line) for line in lines if "==" in line}
    asked = {
        name_of(each) for each in [*PROJECT["dependencies"], *(each for extra in EXTRAS.values() for each in extra)]
    }
    assert asked - pinned == {"llmkit"}


def test_a_student_gets_nothing_of_the_graders_and_developers() -> None:
    assert not {name_of(each) for each in [*PROJECT["dependencies"], *EXTRAS["lab"]]} & set(NOT_FOR_STUDENTS)
    assert "llmkit[lab]" in EXTRAS["instructor"]


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", BLOCK + code, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)


def test_a_notebook_is_checked_with_what_a_student_has() -> None:
    code = (
        "from pathlib import Path; import autograder.cli as shown; from autograder.grading.files import grade_file\n"
        "shown.show(grade_file(Path('release/en/ch01/02_measuring_a_language_model.ipynb'), 'none'))"
    )
    ran = run(code)
    assert ran.returncode == 0 and "02_measuring_a_language_model" in ran.stdout, ran.stderr


@pytest.mark.parametrize("arguments", [["build", "--check"], ["demo"]])
def test_what_a_student_does_not_have_is_one_line_with_the_remedy(arguments: list[str]) -> None:
    ran = run("from llmkit.instructor import main; main()", *arguments)
    assert ran.returncode == 2 and ran.stdout == ""
    remedy = 'Remedy: type in the course\'s folder: pip install -e ".[instructor]" -c constraints.txt'
    assert ran.stderr == f"error: the autograder needs nbgrader, which is not installed. {remedy}\n"


def test_check_names_the_small_set_where_a_library_is_missing() -> None:
    ran = run("sys.meta_path[0].__class__.find_spec = lambda self, name, *_: (_ for _ in ()).throw(ModuleNotFoundError(name=name))"
              " if name == 'rapidfuzz' else None\nfrom llmkit.cli import app; app()", "check", "ch03")  # fmt: skip
    assert (
        ran.returncode == 2
        and 'needs rapidfuzz, which is not installed. Remedy: type in the course\'s folder: pip install -e ".[lab]"'
        in ran.stderr
    )


@pytest.mark.parametrize(
    ("wanted", "stamps"),
    [
        ("lab", {"lab"}),
        ("apps", {"apps"}),
        ("instructor", {"lab", "instructor"}),
        ("all", {"lab", "instructor", "apps", "all"}),
    ],
)
def test_a_larger_set_satisfies_a_smaller(tmp_path: Path, wanted: str, stamps: set[str]) -> None:
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text('#!/bin/sh\necho "$@" >> "$(dirname "$0")/../asked"\n')
    python.chmod(0o755)
    subprocess.run(["sh", "tools/set-up.sh", str(tmp_path), wanted], cwd=ROOT, check=True, capture_output=True)
    assert {path.name.removeprefix(".ready-") for path in tmp_path.glob(".ready-*")} == stamps
    asked = (tmp_path / "asked").read_text()
    installed = re.findall(r"install --no-compile -e \.\[(.*)\] -c constraints\.txt", asked)
    assert installed == [{"all": "instructor,cluster,postgres,hub,apps,docs,dev"}.get(wanted, wanted)]
    assert ("compileall" in asked) is (wanted in ("instructor", "all"))
    # What is there is not installed again.
    for target in {"lab": "lab", "instructor": "check", "apps": "app-chat"}.items():
        listed = subprocess.run(
            ["make", "--dry-run", target[1], f"VENV={tmp_path}"], cwd=ROOT, check=True, capture_output=True, text=True
        )
        assert ("set-up.sh" in listed.stdout) is (target[0] not in stamps)
