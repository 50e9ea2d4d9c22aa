"""The inputs of a case are all that it reads: it runs in a folder that holds nothing else, and opens nothing else there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from copied_project import Opened, copy, declared

from autograder.selection.inputs import Case, Project
from autograder.student.sandbox import Sandbox

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]
EXERCISES = ("ch03/causal-mask", "ch01/bigram-counts")
NOTEBOOKS = ("solutions/en/ch03/03_causal_attention.ipynb", "solutions/pt-BR/ch01/01_what_is_a_language_model.ipynb")
# What these runs read, besides what this file imports.
INPUTS = (
    "autograder/verification/verify.py", "autograder/student/worker", "autograder/answers/ch01", "autograder/answers/ch03",
    "source/ch01", "source/ch03", *NOTEBOOKS,
)  # fmt: skip
ROOT = Path(__file__).parents[2]
VERIFY = """
import json, sys
from autograder.course.course import Course
from autograder.verification.verify import cases, verify
if __name__ == "__main__":
    course = Course.discover()
    print(json.dumps([verdict.problems for verdict in verify(course, list(cases(course, sys.argv[1:], automatic=False)))]))
"""


@pytest.fixture(scope="module")
def project() -> Project:
    return Project(ROOT)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_an_exercise_is_verified_where_nothing_is_but_its_inputs(
    exercise: str, project: Project, tmp_path: Path, bubblewrap: Sandbox
) -> None:
    case = Case("verify", exercise)
    small = copy(project, case, tmp_path / "course")
    opened = Opened(small.root, tmp_path / "opened")
    (tmp_path / "run.py").write_text(VERIFY)
    done = opened.run(str(tmp_path / "run.py"), exercise)
    assert done.returncode == 0, done.stderr
    problems = json.loads(done.stdout)
    assert len(problems) > 5 and not any(problems)
    assert opened.files() - {"nbgrader_config.py"} <= declared(project, case)
    assert {
        "autograder/judge/judge.py",
        *(file for file in declared(project, case) if file.startswith("source/")),
    } <= opened.files()


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_notebook_runs_where_nothing_is_but_its_inputs(notebook: str, project: Project, tmp_path: Path) -> None:
    case = Case("notebook", notebook)
    small = copy(project, case, tmp_path / "course")
    opened = Opened(small.root, tmp_path / "opened")
    done = opened.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval-lax", notebook, LLMKIT_QUICK="1")
    assert done.returncode == 0, done.stdout
    # Folders in which pytest looks for modules are no files, and not here.
    found = {name for name in opened.files() if not (ROOT / name).is_dir()}
    assert found <= declared(project, case)
    assert {notebook, "llmkit/testing/checks.py"} <= found
