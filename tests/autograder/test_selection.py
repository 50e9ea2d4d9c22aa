"""What `make test` leaves out has passed with the same inputs: every byte that may matter is among them, and what has failed is not proved."""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import grimp
import pytest
from copied_project import copy, declared

from autograder.errors import UnreadableNotebook
from autograder.selection import inputs, record
from autograder.selection import select as selecting
from autograder.selection.imports import Modules
from autograder.selection.inputs import Case, Project
from autograder.selection.record import FILE, Record
from autograder.selection.select import select
from autograder.selection.translations import english

ROOT = Path(__file__).parents[2]
CASES = [
    Case("verify", "ch03/causal-mask"),
    Case("verify", "ch05/train-loop"),
    Case("notebook", "solutions/pt-BR/ch02/01_simple_tokenizer.ipynb"),
    Case("notebook", "solutions/en/ch05/02_training_loop.ipynb"),
    Case("full", "solutions/en/ch07/03_instruction_tuning.ipynb"),
    Case("test", "tests/autograder/test_nbgrader.py"),
    Case("test", "tests/data/test_messages.py"),
]
# Who may import a module whose name is made at run time: what they import so is found in another way.
BY_NAME = {
    "autograder/answers/catalogue.py": "answers to an exercise: found by its name",
    "autograder/student/worker/colab.py": "modules of Google's, which are not the project's",
    "autograder/student/worker/settings.py": "modules of torch and NumPy",
    "llmkit/instructor.py": "commands of the grader, which no case runs",
    "llmkit/own_code.py": "STAND_INS, names that are written out",
    "llmkit/testing/ready_made.py": "what RESERVED names: modules of the project, which hold what a notebook may not use",
}


@pytest.fixture(scope="module")
def project() -> Project:
    return Project(ROOT)


@pytest.fixture
def small(tmp_path: Path) -> Callable[[str], Project]:
    """A copy of the inputs of a case."""
    return lambda case: copy(Project(ROOT), next(one for one in CASES if str(one) == case), tmp_path)


def changed(file: Path) -> None:
    data = bytearray(file.read_bytes()) or bytearray(b"\0")
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


# Completeness


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_digest_depends_on_nothing_but_the_inputs(case: Case, project: Project, tmp_path: Path) -> None:
    assert copy(project, case, tmp_path).digest(case) == project.digest(case)


@pytest.mark.parametrize("case", [CASES[0], CASES[2], CASES[6]], ids=str)
def test_a_changed_byte_of_any_input_chooses_the_case_again(case: Case, project: Project, tmp_path: Path) -> None:
    here, before = copy(project, case, tmp_path), project.digest(case)
    names = sorted(project.inputs(case).files)
    assert len(names) > 20
    for name in names:
        file = tmp_path / name
        data = file.read_bytes()
        changed(file)
        # A source notebook that cannot be read any more is told, and nothing is left out.
        with contextlib.suppress(UnreadableNotebook):
            assert here.again().digest(case) != before, name
        file.write_bytes(data)
    assert here.again().digest(case) == before


@pytest.mark.parametrize(
    ("case", "new"),
    [
        ("verify ch03/causal-mask", "data/messages/es.tsv"),
        ("verify ch03/causal-mask", "autograder/student/worker/more.py"),
        ("verify ch03/causal-mask", "llmkit/testing/probes/more.py"),
        ("verify ch03/causal-mask", "llmkit/data/more.toml"),
        ("verify ch03/causal-mask", "torch.py"),
        ("verify ch03/causal-mask", "numpy/__init__.py"),
        ("verify ch03/causal-mask", "llmkit/locale/es/llmkit.po"),
        ("notebook solutions/pt-BR/ch02/01_simple_tokenizer.ipynb", "solutions/pt-BR/ch02/re.py"),
        ("notebook solutions/en/ch05/02_training_loop.ipynb", "solutions/en/ch04/05_more.ipynb"),
        ("test tests/autograder/test_nbgrader.py", "tests/conftest.py"),
        ("test tests/autograder/test_nbgrader.py", "release/en/ch03/09_more.ipynb"),
    ],
)
def test_a_new_file_where_inputs_are_looked_for_counts(case: str, new: str, small: Callable[[str], Project]) -> None:
    here, one = small(case), next(one for one in CASES if str(one) == case)
    before = here.digest(one)
    (here.root / new).parent.mkdir(parents=True, exist_ok=True)
    (here.root / new).write_text("")
    assert here.again().digest(one) != before


@pytest.mark.parametrize(
    ("case", "file", "text"),
    [
        ("verify ch03/causal-mask", "llmkit/views/more.py", "x = 1\n"),
        ("verify ch03/causal-mask", "source/ch09/01_more.ipynb", '{"cells": [], "nbformat": 4, "metadata": {}}'),
        ("verify ch03/causal-mask", "autograder/answers/ch03/more.py", "MISTAKES = []\n"),
        ("verify ch03/causal-mask", "autograder/locale/pt-BR/autograder.po", "changed"),
        ("verify ch03/causal-mask", "autograder/submission/repair.py", "x = 1\n"),
        ("verify ch03/causal-mask", "docs/more.md", "changed"),
        ("verify ch03/causal-mask", "tests/autograder/test_more.py", "x = 1\n"),
        ("verify ch05/train-loop", "llmkit/locale/pt-BR/llmkit.po", "changed"),
        ("notebook solutions/pt-BR/ch02/01_simple_tokenizer.ipynb", "autograder/judge/judge.py", "x = 1\n"),
        ("notebook solutions/pt-BR/ch02/01_simple_tokenizer.ipynb", "solutions/en/ch04/05_more.ipynb", "{}"),
    ],
)
def test_what_a_case_cannot_reach_does_not_choose_it(
    case: str, file: str, text: str, small: Callable[[str], Project]
) -> None:
    here, one = small(case), next(one for one in CASES if str(one) == case)
    (here.root / file).parent.mkdir(parents=True, exist_ok=True)
    if file.endswith("llmkit.po"):
        (here.root / file).write_text("before")
    before = here.again().digest(one)
    (here.root / file).write_text(text)
    assert here.again().digest(one) == before


def test_of_a_face_only_the_names_that_are_used_count(small: Callable[[str], Project]) -> None:
    case = CASES[0]
    here = small(str(case))
    face = here.root / "llmkit" / "views" / "__init__.pyi"
    before, text = here.digest(case), face.read_text()
    line = "from .attention import attention_heatmap as attention_heatmap\n"
    assert line in text
    face.write_text(text + "from .figure import more as more\n")
    assert here.again().digest(case) == before
    # Both modules are inputs before and after: only what the face says of the name has changed.
    face.write_text(text.replace(line, "from .figure import attention_heatmap as attention_heatmap\n"))
    moved = here.again()
    assert "llmkit/views/figure.py" in moved.inputs(case).files
    assert moved.digest(case) != before
    face.write_text("from . import (\n")
    assert here.again().digest(case) != before


def test_an_exercise_that_moves_to_another_notebook_is_chosen(small: Callable[[str], Project]) -> None:
    case = CASES[0]
    here = small(str(case))
    before = here.digest(case)
    notebook = here.root / "source" / "ch03" / "03_causal_attention.ipynb"
    (notebook.parent / "09_later.ipynb").write_text(notebook.read_text().replace("def causal_mask", "def other_mask"))
    assert here.again().digest(case) != before


@pytest.mark.parametrize("case", [CASES[0], CASES[2], CASES[5]], ids=str)
def test_circumstances_count(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Project(ROOT).digest(case)
    with monkeypatch.context() as patch:
        patch.setenv("LLMKIT_QUICK", "1")
        assert Project(ROOT).digest(case) != before
    with monkeypatch.context() as patch:
        patch.setenv("LLMKIT_CACHE", "/elsewhere")
        assert Project(ROOT).digest(case) == before
    version = metadata.version
    with monkeypatch.context() as patch:
        patch.setattr(metadata, "version", lambda name: "9" if name == "torch" else version(name))
        assert Project(ROOT).digest(case) != before
    with monkeypatch.context() as patch:
        patch.setattr(metadata, "version", lambda name: version(name) + ("+cpu" if name == "torch" else ""))
        assert Project(ROOT).digest(case) == before
    with monkeypatch.context() as patch:
        patch.setattr(inputs, "ENVIRONMENT", "cpython-399/linux-x86_64")
        assert Project(ROOT).digest(case) != before


def test_settings_of_pytest_count_for_what_it_runs(small: Callable[[str], Project]) -> None:
    case = CASES[2]
    here = small(str(case))
    before, settings = here.digest(case), here.root / "pyproject.toml"
    text = settings.read_text()
    settings.write_text(text.replace('minversion = "8"', 'minversion = "9"'))
    assert here.again().digest(case) != before
    settings.write_text(text.replace('license = "MIT"', 'license = "none"'))
    assert here.again().digest(case) == before


def test_imports_are_at_least_those_that_import_linter_sees(project: Project) -> None:
    graph = grimp.build_graph("autograder", "llmkit", cache_dir=None)
    modules = Modules(project.files, project.read)
    for module in graph.modules:
        files, _ = modules.closure([modules.needs([f"import {module}"])])
        seen = {modules.file(name) for name in graph.find_upstream_modules(module)} - {None}
        assert seen <= files, module


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import llmkit\nllmkit.start('ch01/01_a')", {"llmkit/startup.py"}),
        ("import llmkit\nllmkit.data.rows('messages')", {"llmkit/data/sets.py"}),
        ("from llmkit import data\ndata.rows('messages')", {"llmkit/data/download.py", "llmkit/data/__init__.pyi"}),
        ("from llmkit.views import bars", {"llmkit/views/distributions.py"}),
        ("from llmkit.views import *", {"llmkit/views/attention.py", "llmkit/views/__init__.pyi"}),
        ("import llmkit as l\nl.start('ch01/01_a')", {"llmkit/apps/chat.py", "llmkit/__init__.pyi"}),
        ("import llmkit\nf(llmkit)", {"llmkit/apps/chat.py"}),
        ("import llmkit\ngetattr(llmkit, name)", {"llmkit/apps/chat.py"}),
        ("import llmkit.views\nllmkit.views.bars({})", {"llmkit/views/distributions.py"}),
        ("import llmkit.views\nv = llmkit.views", {"llmkit/views/attention.py"}),
        ("def f():\n    from llmkit.testing import probes", {"llmkit/testing/probes/training.py"}),
        ("import_module('llmkit.models.gpt')", {"llmkit/models/gpt.py"}),
    ],
)
def test_code_leads_to_modules(code: str, found: set[str], project: Project) -> None:
    modules = Modules(project.files, project.read)
    files, _ = modules.closure([modules.needs([code])])
    assert found <= files
    if "apps" not in str(found):
        assert "llmkit/apps/chat.py" not in files


def test_only_known_places_import_by_a_name_that_is_made_at_run_time(project: Project) -> None:
    places = set()
    for file in project.files:
        if file.endswith(".py") and file.startswith(("autograder/", "llmkit/")):
            for node in ast.walk(ast.parse(project.read(file))):
                name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
                if name in ("import_module", "__import__", "run_module", "spec_from_file_location"):
                    places.add(file)
    assert places == set(BY_NAME)


def test_every_exercise_notebook_and_file_of_slow_tests_is_a_case(project: Project) -> None:
    assert {case.name for case in project.cases("verify")} == {exercise.id for exercise in project.course.exercises()}
    notebooks = {path.relative_to(ROOT).as_posix() for path in (ROOT / "solutions").glob("*/*/*.ipynb")}
    assert {case.name for case in project.cases("notebook")} == notebooks
    full = {case.name for case in project.cases("full")}
    assert full < notebooks
    assert (
        "solutions/en/ch05/02_training_loop.ipynb" in full and "solutions/en/ch03/03_causal_attention.ipynb" not in full
    )
    slow = {case.name for case in project.cases("test")}
    assert {"tests/autograder/test_nbgrader.py", "tests/data/test_messages.py"} <= slow
    assert "tests/autograder/test_selection_plugin.py" not in slow, "it only speaks of them"


# Languages


def test_what_slow_tests_say_they_read_is_there(project: Project) -> None:
    for case in project.cases("test"):
        named = project._named_inputs(case.name)
        assert named or not re.search(r"^INPUTS\b", (ROOT / case.name).read_text(encoding="utf-8"), re.M), case
        for one in named:
            assert any(file == one or file.startswith(f"{one}/") for file in project.files), f"{case}: {one}"


def test_a_translation_is_left_to_the_english_notebook_only_where_it_can_show_nothing_more(project: Project) -> None:
    left = {case.name for case in project.cases("notebook") if english(project, case)}
    # Nothing but prints and titles differs in these; all others have data, tokens or labels in Portuguese.
    names = ("05_perceptron", "06_multilayer_perceptron", "07_mlp_in_pytorch")
    assert left == {f"solutions/pt-BR/ch02/{name}.ipynb" for name in names}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("import torch", "import torch\\nfrom llmkit import data"),
        ("import torch", "import torch\\nfrom llmkit.tasks import documents"),
        ("import torch", "import torch\\nx = 'outra coisa'"),
    ],
)
def test_a_translation_with_other_code_or_data_runs(
    old: str, new: str, small: Callable[[str], Project], tmp_path: Path
) -> None:
    here = small("verify ch03/causal-mask")
    case = Case("notebook", "solutions/pt-BR/ch02/05_perceptron.ipynb")
    for file in [*declared(Project(ROOT), case), "solutions/en/ch02/05_perceptron.ipynb"]:
        (here.root / file).parent.mkdir(parents=True, exist_ok=True)
        (here.root / file).write_bytes((ROOT / file).read_bytes())
    for folder in ("data", "tasks"):
        for path in (ROOT / "llmkit" / folder).glob("*.py*"):
            (here.root / "llmkit" / folder).mkdir(exist_ok=True)
            (here.root / "llmkit" / folder / path.name).write_bytes(path.read_bytes())
    assert english(here.again(), case) == Case("notebook", "solutions/en/ch02/05_perceptron.ipynb")
    languages = ("pt-BR",) if "=" in new else ("en", "pt-BR")
    for language in languages:
        notebook = here.root / "solutions" / language / "ch02" / "05_perceptron.ipynb"
        text = notebook.read_text(encoding="utf-8")
        assert text.count(f'"{old}') >= 1
        notebook.write_text(text.replace(f'"{old}', f'"{new}', 1), encoding="utf-8")
    assert english(here.again(), case) is None


# The record, and what is chosen by it


def test_lines_of_two_branches_are_all_true(tmp_path: Path) -> None:
    one, two = Case("verify", "ch01/a"), Case("notebook", "solutions/en/ch01/a.ipynb")
    path = tmp_path / "proved.txt"
    Record(path).update({one: "1111", two: "2222"})
    mine = path.read_text()
    Record(path).update({one: "3333"})
    path.write_text(mine + path.read_text() + "<<<<<<< HEAD\nverify ch01/a\n")
    for digest in ("1111", "3333"):
        assert Record(path).proves({one: digest, two: "2222"}) == {one, two}
    assert Record(path).proves({one: "2222", two: "1111"}) == set()
    Record(path).update({one: "3333"})
    assert path.read_text().count("ch01/a ") == 1 and "<<<" not in path.read_text()


def test_a_record_speaks_of_its_own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case, path = Case("verify", "ch01/a"), tmp_path / "proved.txt"
    Record(path).update({case: "1111"})
    with monkeypatch.context() as patch:
        patch.setattr(record, "ENVIRONMENT", "cpython-399/else")
        assert Record(path).proves({case: "1111"}) == set()
        Record(path).update({case: "2222"})
        Record(path).update({}, [case])
    assert Record(path).proves({case: "1111"}) == {case}


def test_what_there_is_no_more_is_taken_out(tmp_path: Path) -> None:
    gone, stays, other = Case("verify", "ch01/a"), Case("verify", "ch01/b"), Case("full", "solutions/en/ch01/a.ipynb")
    path = tmp_path / "proved.txt"
    Record(path).update({gone: "1", stays: "2", other: "3"})
    Record(path).update({}, [], [stays])
    assert Record(path).proves({gone: "1", stays: "2", other: "3"}) == {stays, other}


@pytest.fixture
def chapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Twenty solutions, of which all but the first two are proved."""
    monkeypatch.setattr(selecting, "_decides", lambda root: True)
    folder = tmp_path / "solutions" / "en" / "ch01"
    folder.mkdir(parents=True)
    for number in range(20):
        (folder / f"{number:02}.ipynb").write_text('{"cells": []}')
    project = Project(tmp_path)
    cases = project.cases("notebook")
    Record(tmp_path / FILE).update({case: project.digest(case) for case in cases[2:]})
    return project


def test_what_has_changed_and_a_part_of_the_rest_is_chosen(chapter: Project) -> None:
    cases = chapter.cases("notebook")
    made = select(chapter, cases, seed="a")
    assert made.changed == tuple(cases[:2]) and len(made.drawn) == 2 and len(made.left_out) == 16
    assert select(chapter, cases, seed="a") == made
    assert len({select(chapter, cases, seed=str(number)).drawn for number in range(9)}) > 1
    assert select(chapter, cases).seed != select(chapter, cases).seed
    assert select(chapter, cases, share=1).chosen == tuple(cases) and not select(chapter, cases, share=0).drawn
    assert "2 changed" in str(made) and "--sample-seed a" in str(made)
    changed(chapter.root / cases[7].name)
    assert select(chapter.again(), cases, share=0).changed == (*cases[:2], cases[7])


def test_what_passed_is_written_and_what_failed_is_taken_out(chapter: Project) -> None:
    cases = chapter.cases("notebook")
    made = select(chapter, cases, share=1)
    made.finish(passed=cases[:10], failed=cases[10:])
    assert select(chapter, cases, share=0).changed == tuple(cases[10:])


def test_what_was_changed_while_it_ran_is_not_proved(chapter: Project) -> None:
    cases = chapter.cases("notebook")
    made = select(chapter, cases, share=1)
    file = chapter.root / cases[0].name
    before = file.read_bytes()
    changed(file)
    made.finish(passed=cases, failed=())
    assert select(chapter.again(), cases, share=0).changed == (cases[0],)
    file.write_bytes(before)
    assert select(chapter.again(), cases, share=0).changed == (cases[0],)


def test_a_program_from_elsewhere_proves_nothing(chapter: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    before = (chapter.root / FILE).read_text()
    select(chapter, chapter.cases("notebook"), share=1).finish(chapter.cases("notebook"), ())
    assert (chapter.root / FILE).read_text() == before
