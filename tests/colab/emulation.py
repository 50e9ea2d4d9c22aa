"""Colab on this machine: an environment with its versions and a stub of its module, a kernel there, and the file that it saves.

Not emulated: torch, which is the one of the environment that the tests run in (Colab's weighs gigabytes on the package index, for
it brings a GPU's libraries along), and Python's version. An interpreter that has Colab's own can be named in LLMKIT_COLAB_PYTHON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import nbformat
from edits import colab, marked, plain
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat.notebooknode import NotebookNode

from autograder.course.course import read_notebook
from autograder.course.links import bundled
from autograder.grading.files import grade_file
from autograder.student.sandbox import Sandbox
from autograder.submission.identify import Identifier
from llmkit.cells import grade_id, role

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PINS = HERE / "colab-2026.01.txt"
DRIVE = "/content/drive"
CELL_SECONDS = 600
MOST_BYTES = 2e6  # of a saved notebook: plotly's own script alone takes twice that
# Variables of Colab's that llmkit and the libraries look at.
SETTINGS = {
    "COLAB_RELEASE_TAG": "release-colab_20260115-060048_RC00",
    "COLAB_NOTEBOOK_ID": "1Ab",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
# Where torch and all that it imports lie, by package, in the interpreter that has it.
_FIND = """
import json, re
from importlib.metadata import distribution

found, todo = {}, ["torch"]
while todo:
    name = todo.pop()
    if name in found:
        continue
    here = distribution(name)
    tops = {file.parts[0] for file in here.files} - {"..", "__pycache__"}
    found[name] = sorted(str(here.locate_file(top)) for top in tops)
    asked = [line for line in here.requires or () if ";" not in line]
    todo += [re.match(r"[\\w.-]+", line)[0].lower().replace("-", "_") for line in asked]
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Colab:
    """A runtime.

    Attributes:
        python: its interpreter.
        folder: holds the stand-ins of Google Drive (`drive`, mounted at `mounted`) and of the browser's downloads.
    """

    python: Path
    folder: Path

    @property
    def drive(self) -> Path:
        return self.folder / "my drive"

    @property
    def mounted(self) -> Path:
        return self.folder / "content" / "drive"

    @property
    def downloads(self) -> Path:
        return self.folder / "downloads"

    @property
    def notebook(self) -> Path:
        """What the browser shows."""
        return self.folder / "shown.ipynb"

    def packages(self) -> set[str]:
        """What is installed, as pip names it."""
        listed = subprocess.run(
            [self.python, "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True, check=True
        )
        return set(listed.stdout.split())

    def environment(self) -> dict[str, str]:
        """The variables of the kernel: none that leads to the checkout."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LLMKIT_"))}
        stub = {"STUB_DRIVE": self.drive, "STUB_DOWNLOADS": self.downloads, "STUB_NOTEBOOK": self.notebook}
        kept |= SETTINGS | {name: str(place) for name, place in stub.items()}
        # As `make nbval` does: long training is cut short, and threads that wait for each other on a busy machine take nine times as long.
        return kept | {"LLMKIT_QUICK": "1", "OMP_NUM_THREADS": "1"}


def make_runtime(folder: Path) -> Colab:
    """Makes an environment with Colab's versions, without llmkit.

    Args:
        folder: where it goes; it should not exist.
    """
    own = os.environ.get("LLMKIT_COLAB_PYTHON", sys.executable)
    subprocess.run([own, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    python = folder / "venv" / "bin" / "python"
    # Without what the pins do not name: in Colab, too, ipython lacks jedi, which it asks for.
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-compile"]
    subprocess.run([*pip, "-r", str(PINS)], check=True)
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.run([python, "-c", asked], capture_output=True, text=True, check=True).stdout.strip())
    there = json.loads(subprocess.run([own, "-c", _FIND], capture_output=True, text=True, check=True).stdout)
    pinned = {
        line.partition("==")[0].lower().replace("-", "_") for line in PINS.read_text(encoding="utf-8").splitlines()
    }
    for place in (Path(place) for name, places in there.items() if name not in pinned for place in places):
        (packages / place.name).symlink_to(place)  # half a gigabyte need not be there twice
    (packages / "stub_of_colab.pth").write_text(f"{HERE / 'stub'}\n", encoding="utf-8")
    kernel = folder / "kernels" / "python3"
    kernel.mkdir(parents=True)
    command = [str(python), "-m", "colab_kernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": command, "display_name": "Python 3", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    runtime = Colab(python, folder)
    for place in (runtime.drive, runtime.downloads, folder / "content"):
        place.mkdir()
    return runtime


def release_notebooks() -> list[Path]:
    """Every notebook that students get, in both languages."""
    return sorted(ROOT.glob("release/*/*/*.ipynb"))


def answered(path: Path) -> NotebookNode:
    """A release notebook with the solutions' code in its gaps."""
    notebook = read_notebook(path)
    solutions = read_notebook(ROOT / "solutions" / path.relative_to(ROOT / "release"))
    code = {grade_id(cell): cell.source for cell in solutions.cells if role(cell) in ("gap", "manual")}
    for cell in notebook.cells:
        if role(cell) in ("gap", "manual"):
            cell.source = code.pop(grade_id(cell))
    assert not code, f"{path}: not among its gaps: {', '.join(code)}"
    return notebook


def run(runtime: Colab, notebook: NotebookNode, more: dict[str, str] | None = None) -> float:
    """Runs all cells in place, in a kernel of the runtime, with the state of widgets as the front end keeps it.

    Args:
        runtime: where it runs.
        notebook: what runs.
        more: variables of the kernel besides the runtime's.

    Returns:
        Seconds, with the start of the kernel.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell raised.
        nbclient.exceptions.CellTimeoutError: a cell took too long.
        nbclient.exceptions.DeadKernelError: a cell ended the process.
    """
    began = time.monotonic()
    specs = KernelSpecManager(kernel_dirs=[str(runtime.folder / "kernels")], ensure_native_kernel=False)
    client = NotebookClient(
        notebook,
        km=AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs),
        timeout=CELL_SECONDS,
        record_timing=False,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(runtime.folder / "content")}},
    )
    client.owns_km = True  # so that the kernel ends with the notebook
    client.execute(env=runtime.environment() | (more or {}), stderr=subprocess.DEVNULL)
    return time.monotonic() - began


def not_passed(notebook: NotebookNode) -> Iterator[str]:
    """The visible tests of an executed notebook whose output is not that all checks pass."""
    for cell in notebook.cells:
        if role(cell) == "test":
            text = "".join(output.get("data", {}).get("text/html", "") for output in cell.outputs)
            points = [output["data"].get("text/plain") for output in cell.outputs if "data" in output]
            if "✗" in text or "✓" not in text or points != [f"{float(cell.metadata.nbgrader.points)}"]:
                yield f"{grade_id(cell)}: {text} {points}"


def saved(notebook: NotebookNode) -> str:
    """The file that Colab makes of an executed notebook.

    Ids move into the metadata, which get Colab's own keys; outputs, too, have metadata; the first gap is folded into a form
    with a field; widgets are kept with their state.
    """
    made = marked(json.loads(nbformat.writes(notebook)))
    widgets = made["metadata"].get("widgets")
    colab(made, Random(0))
    if widgets:
        made["metadata"]["widgets"] = widgets
    for number, cell in enumerate(cell for cell in made["cells"] if cell["cell_type"] == "code"):
        cell["metadata"]["executionInfo"] = {
            "status": "ok", "timestamp": 1768000000000 + number, "user_tz": 180, "elapsed": 12,
            "user": {"displayName": "Ada", "userId": "01234567890123456789"},
        }  # fmt: skip
        for output in cell["outputs"]:
            if "metadata" in output:
                output["metadata"] |= {"needs_background": "light", "tags": []}
    gap = next((one for one in made["cells"] if one["_role"] == "gap" and one["cell_type"] == "code"), None)
    if gap is not None:
        gap["source"] = (
            f'#@title My answer {{ display-mode: "form" }}\nfield = 7 #@param {{type:"slider"}}\n{gap["source"]}'
        )
    file: dict[str, Any] = plain(made) | {"nbformat": 4, "nbformat_minor": 0}
    return json.dumps(file, ensure_ascii=False, indent=2)


def in_drive(runtime: Colab, notebook: NotebookNode, language: str) -> NotebookNode:
    """A notebook as `make colab-bundle` writes it, which finds the drive where the emulation mounts it."""
    made = bundled(notebook, language)
    for cell in made.cells:
        if grade_id(cell) == "setup":
            assert DRIVE in cell.source
            cell.source = cell.source.replace(DRIVE, str(runtime.mounted))
    return made


def only_setup(notebook: NotebookNode) -> NotebookNode:
    """A notebook of nothing but the set-up cell."""
    made = deepcopy(notebook)
    made.cells = [cell for cell in made.cells if grade_id(cell) == "setup"]
    return made


@dataclass(frozen=True)
class Outcome:
    """How a student who knows everything fared with one notebook.

    Attributes:
        ran: seconds in Colab.
        graded: seconds of grading.
        problems: what was not as it should be.
    """

    ran: float
    graded: float
    problems: list[str]


def work_through(runtime: Colab, path: Path, identifier: Identifier, sandbox: Sandbox, folder: Path) -> Outcome:
    """Answers a release notebook, runs it in Colab, saves it there and grades the file.

    Args:
        runtime: where it runs.
        path: the notebook.
        identifier: of the course.
        sandbox: for the grading.
        folder: where the file goes.
    """
    notebook = in_drive(runtime, answered(path), path.parts[-3])
    problems = []
    began = time.monotonic()
    try:
        run(runtime, notebook)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        problems.append(f"{type(error).__name__}: {str(error).strip().splitlines()[-1]}")
    ran = time.monotonic() - began
    problems += [f"visible test {found}" for found in not_passed(notebook)]
    problems += [f"widget {model} has no state" for model in _without_state(notebook)]
    file = folder / f"Copy of {path.name}"
    file.write_text(saved(notebook), encoding="utf-8")
    if file.stat().st_size > MOST_BYTES:
        problems.append(f"the file takes {file.stat().st_size / 1e6:.1f} MB")
    began = time.monotonic()
    mark = grade_file(file, sandbox, identifier)
    problems += [f"note: {note}" for note in mark.notes]
    points = sum(cell.metadata.nbgrader.points for cell in notebook.cells if role(cell) == "test")
    if mark.earned != points or not points:
        problems.append(f"{mark.earned:g} of {points:g} points")
    for cell in mark.cells:
        if not cell.passed:
            failed = [f"{check.title}: {check.message}" for check in cell.checks if not check.passed]
            problems.append(f"{cell.grade_id}: {cell.earned:g} of {cell.points:g}: {cell.error} {failed}")
    return Outcome(ran, time.monotonic() - began, problems)


def _without_state(notebook: NotebookNode) -> Iterator[str]:
    """Widgets on show that the file cannot bring back."""
    view, state = "application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json"
    known = notebook.metadata.get("widgets", {}).get(state, {}).get("state", {})
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if view in output.get("data", {}) and output["data"][view]["model_id"] not in known:
                yield output["data"][view]["model_id"]
