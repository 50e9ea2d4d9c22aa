"""The course in Colab, as far as that can be had without Google: see docs/colab.md. Every notebook: python tests/colab/every_notebook.py."""

from __future__ import annotations

import html
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from emulation import PINS, ROOT, Colab, answered, in_drive, make_runtime, only_setup, run, work_through
from nbformat.notebooknode import NotebookNode
from packaging.requirements import Requirement

from autograder.build.bundle import make_wheel
from autograder.course.course import Course
from autograder.course.links import FOLDER, Home, linked
from autograder.errors import SandboxUnavailable
from autograder.student.sandbox import Sandbox, open_sandbox
from autograder.submission.identify import Identifier
from llmkit.cells import grade_id
from llmkit.version import __version__

# One in each language, both with figures and a widget.
NOTEBOOKS = ("release/en/ch03/04_multi_head_attention.ipynb", "release/pt-BR/ch02/03_special_tokens.ipynb")
MASKS = ROOT / "release/en/ch03/03_causal_attention.ipynb"
INPUTS = (
    *NOTEBOOKS,
    "release/en/ch03/03_causal_attention.ipynb",
    "solutions/en/ch03/03_causal_attention.ipynb",
    "solutions/en/ch03/04_multi_head_attention.ipynb",
    "solutions/pt-BR/ch02/03_special_tokens.ipynb",
    "autograder/locale",
    "autograder/student/worker",
    "llmkit",
    "locale",
    "source",
    "tests/malformed/edits.py",
    "pyproject.toml",
)


@pytest.fixture(scope="session")
def colab(tmp_path_factory: pytest.TempPathFactory) -> Colab:
    """A runtime with the course's bundle on its drive, and without llmkit."""
    runtime = make_runtime(tmp_path_factory.mktemp("runtime") / "colab")
    make_wheel(Course(ROOT), runtime.drive / FOLDER)
    return runtime


@pytest.fixture(scope="session")
def box() -> Iterator[Sandbox]:
    try:
        opened = open_sandbox("bubblewrap")
    except SandboxUnavailable as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    yield opened
    opened.close()


def text_of(cell: NotebookNode) -> str:
    return "".join(output.get("text", "") for output in cell.outputs)


def report_of(cell: NotebookNode) -> str:
    """What a person reads of a test's report."""
    pages = "".join(output.get("data", {}).get("text/html", "") for output in cell.outputs)
    return html.unescape(re.sub(r"<[^>]*>", " ", pages))


def pins() -> dict[str, str]:
    lines = PINS.read_text(encoding="utf-8").splitlines()
    return dict(line.lower().replace("_", "-").split("==") for line in lines if "==" in line)  # type: ignore[misc]


def test_colab_has_all_that_llmkit_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {each.name.lower().replace("_", "-"): each for each in map(Requirement, project["dependencies"])}
    assert asked.pop("torch").specifier.contains("2.9.0")
    for name, requirement in asked.items():
        assert requirement.specifier.contains(pins()[name]), requirement


def test_the_document_names_the_versions() -> None:
    text = (ROOT / "docs/colab.md").read_text(encoding="utf-8")
    assert PINS.name in text
    for name in ("ipython", "ipykernel", "ipywidgets", "traitlets", "numpy", "plotly", "matplotlib", "tiktoken"):
        assert f"| {name} | {pins()[name]} |" in text, name


@pytest.mark.slow
@pytest.mark.parametrize("way", ["repository", "bundle"])
def test_the_set_up_cell_installs_llmkit_and_changes_nothing_else(
    colab: Colab, way: str, record_property: pytest.RecordProperty
) -> None:
    subprocess.run([colab.python, "-m", "pip", "uninstall", "-q", "-y", "llmkit"], check=True, capture_output=True)
    before = colab.packages()
    notebook, more = answered(MASKS), {}
    if way == "bundle":
        notebook = in_drive(colab, notebook, "en")
    else:
        if not (ROOT / ".git").exists():
            pytest.skip("needs a git checkout")
        asked = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
        commit = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
        notebook = linked(notebook, "release/en/ch03/x.ipynb", "en", Home("ada/course", commit))
        # The cell stays as it is; git finds the checkout where it looks for GitHub.
        more = {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.file://{ROOT}.insteadOf",
            "GIT_CONFIG_VALUE_0": "https://github.com/ada/course",
        }
    setup = only_setup(notebook)
    record_property("seconds", run(colab, setup, more))
    assert "Google Colab" in text_of(setup.cells[0])
    assert colab.packages() - before == {f"llmkit=={__version__}"} and before < colab.packages()
    # Where it is, nothing is installed.
    again = only_setup(notebook)
    run(colab, again, {"PIP_INDEX_URL": "https://nowhere.invalid", "STUB_DRIVE": "/nowhere"})
    assert "Google Colab" in text_of(again.cells[0]) and "Mounted" not in text_of(again.cells[0])


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS)
def test_a_notebook_works_there_and_its_file_gets_full_marks(
    colab: Colab, box: Sandbox, tmp_path: Path, path: str
) -> None:
    assert work_through(colab, ROOT / path, Identifier(Course(ROOT)), box, tmp_path).problems == []


@pytest.mark.slow
def test_a_wrong_answer_is_told_there_as_elsewhere(colab: Colab) -> None:
    notebook = in_drive(colab, answered(MASKS), "en")
    cells = {grade_id(cell): cell for cell in notebook.cells if grade_id(cell)}
    cells["causal-mask"].source = "def causal_mask(length):\n    size = length\n    return torch.zeros(size, 1 // 0)\n"
    cells["masked-attention-weights"].source = "def masked_attention_weights(scores):\n    return scores.softmax(-1)\n"
    notebook.cells = [cell for name, cell in cells.items() if re.match(r"setup|causal-mask|masked-", name)]
    run(colab, notebook)
    raised, wrong = report_of(cells["causal-mask-test"]), report_of(cells["masked-attention-weights-test"])
    assert "ZeroDivisionError" in raised and "line 3 of" in raised, raised
    assert re.search(r"✗\s+failed\s+three tokens give the weights worked out by hand.*expected", wrong, re.DOTALL), (
        wrong
    )


@pytest.mark.slow
def test_the_stub_answers_what_a_hand_in_asks_of_colab(colab: Colab, tmp_path: Path) -> None:
    code = (
        "import json\nfrom google.colab import _message, files\n"
        "shown = _message.blocking_request('get_ipynb', request='', timeout_sec=30)['ipynb']\n"
        "open('mine.ipynb', 'w').write(json.dumps(shown))\nfiles.download('mine.ipynb')"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    colab.notebook.write_text('{"cells": []}', encoding="utf-8")
    run(colab, notebook)
    assert (colab.downloads / "mine.ipynb").read_text(encoding="utf-8") == '{"cells": []}'
