"""Makes and checks `solutions/`: the source solved, without hidden tests, executed."""

from __future__ import annotations

import base64
import io
import os
import re
import subprocess
import sys
import tempfile
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.build.leaks import Secrets, leaks
from autograder.course.cells import ONLY_STUDENTS, solved_part
from autograder.course.course import Course, SourceNotebook
from autograder.course.links import Home, linked, unlinked
from autograder.course.lint import REBUILD, load, relative
from autograder.errors import Problem
from autograder.progress import progress
from llmkit.cells import role

CELL_SECONDS = 900  # training
MOST_BYTES = 500_000  # of a notebook with its outputs: each rebuild stays in the repository's history
INVISIBLE = 4  # of 255: a colour may change by this much when a picture is compressed

# Up to 700 kB a figure, and only JupyterLab shows it; running the cell brings it back. The picture beside it shows everywhere.
_INTERACTIVE = "application/vnd.plotly.v1+json"

_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")


def solved(source: SourceNotebook) -> NotebookNode:
    """A source notebook as `solutions/` holds it, not yet executed: solutions and mark schemes without markers, no hidden test."""
    notebook = deepcopy(source.nb)
    for cell in notebook.cells:
        cell.source = solved_part(cell.source)
    return notebook


def make_solutions(
    course: Course,
    sources: dict[str, list[SourceNotebook]],
    language: str,
    home: Home | None,
    *,
    check: bool,
    execute_all: bool,
) -> list[Problem]:
    """Makes or checks the solutions of one language. Where only texts have changed, the outputs stay and nothing is executed.

    Args:
        course: the course.
        sources: source notebooks by chapter.
        language: its folder under `solutions/`.
        home: where the notebooks' links lead. New links alone are written without executing anything.
        check: write nothing.
        execute_all: also execute what is already up to date.
    """
    folder = course.root / "solutions" / language
    problems, todo, wanted = [], [], set()
    for chapter, notebooks in sources.items():
        secrets = Secrets.of(notebooks)
        for source in notebooks:
            path = folder / chapter / f"{source.name}.ipynb"
            wanted.add(path)
            expected, there = solved(source), load(path)
            linked_to = f"solutions/{language}/{chapter}/{source.name}.ipynb"
            problems += leaks(expected, secrets, relative(path, course.root), solved=True)
            found = _unlike(there, expected, relative(path, course.root))
            if not check and (found or execute_all):
                old = there if there is not None and not execute_all and _same_but_tests(there, expected) else None
                todo.append(_Todo(source, path, linked(expected, linked_to, language, home), old))
                continue
            problems += found
            if not check and there is not None:
                _renew_links(there, linked(expected, linked_to, language, home), path)
            if there is not None:
                problems += leaks(there, secrets, relative(path, course.root), solved=True)
    for path in sorted(folder.glob("**/*.ipynb")):
        if path not in wanted and ".ipynb_checkpoints" not in path.parts:
            if check:
                problems.append(Problem(relative(path, course.root), "", "nothing in source/ makes this file", REBUILD))
            else:
                path.unlink()
    problems = list(dict.fromkeys(problems))
    return problems if problems or not todo else _execute_all(todo, course.root)


def _renew_links(there: NotebookNode, expected: NotebookNode, path: Path) -> None:
    """Writes a notebook again whose texts differ from what is expected in nothing but links."""
    changed = [(old, new) for old, new in zip(there.cells, expected.cells, strict=True) if old.source != new.source]
    for old, new in changed:
        old.source = new.source
    if changed:
        nbformat.write(there, path)


def _only_students_run(cell: NotebookNode) -> bool:
    return ONLY_STUDENTS in cell.metadata.get("tags", ())


def _unlike(there: NotebookNode | None, expected: NotebookNode, file: str) -> list[Problem]:
    """Where a solutions notebook differs from its source in cells and metadata, or was not executed to the end."""
    if there is None:
        return [Problem(file, "", "the file is missing or unreadable", REBUILD)]
    there = unlinked(there)
    if there.metadata != expected.metadata or [c.get("id") for c in there.cells] != [
        c.get("id") for c in expected.cells
    ]:
        return [Problem(file, "", "its cells or metadata differ from what source/ makes", REBUILD)]
    problems = []
    for new, old in zip(expected.cells, there.cells, strict=True):
        if (new.cell_type, new.source, new.metadata) != (old.cell_type, old.source, old.metadata):
            problems.append(Problem(file, old.id, "is not what source/ makes", REBUILD))
        elif _only_students_run(old):
            if old.get("outputs") or old.get("execution_count") is not None:
                problems.append(Problem(file, old.id, "has an output, although nothing executes it here", REBUILD))
        elif old.cell_type == "code":
            raised = any(output.output_type == "error" for output in old.outputs)
            if raised and "raises-exception" not in old.metadata.get("tags", ()):
                problems.append(Problem(file, old.id, "was executed with an error", "fix the source and rebuild"))
            elif old.source.strip() and old.execution_count is None:
                problems.append(Problem(file, old.id, "was not executed", REBUILD))
            elif any(_is_double(output) for output in old.outputs):
                problems.append(Problem(file, old.id, "has an interactive figure beside its picture", REBUILD))
    return problems or _too_heavy(there, file)


@dataclass(frozen=True)
class _Todo:
    """A notebook to make.

    Attributes:
        source: what it is made from.
        path: where it goes.
        notebook: not yet executed.
        old: executed, with the same code but for tests; None where there is none.
    """

    source: SourceNotebook
    path: Path
    notebook: NotebookNode
    old: NotebookNode | None


def _same_but_tests(there: NotebookNode, expected: NotebookNode) -> bool:
    """Whether only prose, tests and cells that are not executed here differ: outputs of the other cells do not depend on them."""
    bare = unlinked(there)
    old, new = (
        [
            (cell.id, cell.source, cell.metadata)
            for cell in notebook.cells
            if _is_executed(cell) and role(cell) != "test"
        ]
        for notebook in (bare, expected)
    )
    return bool(old == new and bare.metadata == expected.metadata)


def _is_executed(cell: NotebookNode) -> bool:
    return bool(cell.cell_type == "code" and not _only_students_run(cell))


def _take_over(todo: _Todo) -> list[NotebookNode]:
    """Gives a notebook the outputs of its old version; returns the cells that have none from there."""
    old = {cell.id: cell for cell in todo.old.cells} if todo.old is not None else {}
    new = []
    for cell in todo.notebook.cells:
        if not _is_executed(cell):
            continue
        if cell.id in old and (role(cell) != "test" or cell.source == old[cell.id].source):
            cell.outputs, cell.execution_count = old[cell.id].outputs, old[cell.id].execution_count
        else:
            new.append(cell)
    return new


def _too_heavy(notebook: NotebookNode, file: str) -> list[Problem]:
    """Names the cell with the largest outputs where a notebook exceeds its limit."""
    size = len(nbformat.writes(notebook).encode())
    if size <= MOST_BYTES:
        return []
    heaviest = max(notebook.cells, key=lambda cell: len(str(cell.get("outputs", ""))))
    what = f"the notebook takes {size / 1000:.0f} kB, {MOST_BYTES / 1000:.0f} at most; most of it is this cell's output"
    return [Problem(file, heaviest.id, what, "show less there, or draw it smaller, and rebuild")]


def _execute_all(todo: list[_Todo], root: Path) -> list[Problem]:
    problems = []
    with progress() as bar:
        task = bar.add_task("executing solutions", total=len(todo))
        for one in todo:
            bar.update(task, description=f"executing {one.source.chapter}/{one.source.name}")
            file = relative(one.path, root)
            problem = execute(one.notebook, root, file) if one.old is None else _execute_tests(one, root, file)
            if problem:
                problems.append(problem)
            elif heavy := _too_heavy(one.notebook, file):
                problems += heavy
            else:
                one.path.parent.mkdir(parents=True, exist_ok=True)
                nbformat.write(one.notebook, one.path)
            bar.advance(task)
    return problems


def _execute_tests(todo: _Todo, root: Path, file: str) -> Problem | None:
    """Executes the tests that are new, after the other cells with their long computations cut short, whose outputs stay as they were."""
    new = _take_over(todo)
    if not new:
        return None
    made = deepcopy(todo.notebook)
    problem = execute(made, root, file, quick=True)
    outputs = {cell.id: cell for cell in made.cells}
    for cell in new:
        cell.outputs, cell.execution_count = outputs[cell.id].outputs, outputs[cell.id].execution_count
    return problem


def execute(notebook: NotebookNode, root: Path, file: str, *, quick: bool = False) -> Problem | None:
    """Executes a solved notebook in place, in this interpreter's environment, and keeps its outputs small and reproducible.

    Args:
        notebook: the notebook.
        root: the course's folder, from which the notebook may import.
        file: name for the problem.
        quick: with long computations cut short.

    Returns:
        What went wrong, if anything did.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    metadata, cells = deepcopy(notebook.metadata), [deepcopy(cell.metadata) for cell in notebook.cells]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH", "")])),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "PYTHONHASHSEED": "0",
        # Without plotly's own script, 4 MB, in every notebook.
        "PLOTLY_RENDERER": "plotly_mimetype",
    }
    for name in ("LLMKIT_LANG", "LLMKIT_QUICK"):
        environment.pop(name, None)
    if quick:
        environment["LLMKIT_QUICK"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook, timeout=CELL_SECONDS, kernel_name="python3", record_timing=False, store_widget_state=False,
            resources={"metadata": {"path": folder}},
        )  # fmt: skip
        try:
            client.execute(env=environment, stderr=subprocess.DEVNULL)
        except CellExecutionError as error:
            return Problem(
                file,
                _last_run(notebook),
                f"raised {error.ename}: {error.evalue.partition(chr(10))[0]}",
                "fix the source",
            )
        except (CellTimeoutError, DeadKernelError) as error:
            reason = "took too long" if isinstance(error, CellTimeoutError) else "ended the kernel"
            return Problem(
                file, _last_run(notebook), reason, f"let a cell take less than {CELL_SECONDS} s and little memory"
            )
    notebook.metadata = metadata
    for cell, kept in zip(notebook.cells, cells, strict=True):
        cell.metadata = kept
        if cell.cell_type == "code":
            cell.outputs = _light(_steady(cell.outputs))
    return None


def _last_run(notebook: NotebookNode) -> str:
    """Id of the cell that was executed last."""
    run = [cell for cell in notebook.cells if cell.get("execution_count") or cell.get("outputs")]
    return str(run[-1].id) if run else ""


def _steady(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Outputs without what changes from run to run, and without widgets, which need their kernel."""
    steady: list[NotebookNode] = []
    for output in outputs:
        if "data" in output:
            if output.data.pop("application/vnd.jupyter.widget-view+json", None) and set(output.data) <= {"text/plain"}:
                continue
            if isinstance(text := output.data.get("text/plain"), str):
                output.data["text/plain"] = _ADDRESS.sub("0x0", text)
        if output.output_type == "stream":
            output.text = _ADDRESS.sub("0x0", output.text).replace(str(Path.home()), "~")
            if steady and steady[-1].output_type == "stream" and steady[-1].name == output.name:
                steady[-1].text += output.text
                continue
        steady.append(output)
    return steady


def _light(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Outputs with each figure once, and with compressed pictures."""
    for output in outputs:
        if _is_double(output):
            del output.data[_INTERACTIVE]
        if picture := output.get("data", {}).get("image/png"):
            output.data["image/png"] = base64.b64encode(_smaller(base64.b64decode(picture))).decode("ascii")
    return outputs


def _is_double(output: NotebookNode) -> bool:
    """Whether an output holds a figure both as plotly's data and as a picture."""
    return {_INTERACTIVE, "image/png"} <= set(output.get("data", ()))


def _smaller(png: bytes) -> bytes:
    """The same picture to the eye: without an unused alpha channel, and in 256 colours where that hardly changes any."""
    from PIL import Image, ImageChops

    picture: Image.Image = Image.open(io.BytesIO(png))
    if picture.mode == "RGBA" and not any(picture.getchannel("A").histogram()[:255]):
        picture = picture.convert("RGB")
    if picture.mode == "RGB":
        # The default method, the median of colours, is 20 levels off where a colour is rare: thin lines, antialiased text.
        few = picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        bands = ImageChops.difference(picture, few.convert("RGB")).split()
        if not any(any(band.histogram()[INVISIBLE + 1 :]) for band in bands):
            picture = few
    data = io.BytesIO()
    picture.save(data, "png", optimize=True)
    return min(png, data.getvalue(), key=len)
