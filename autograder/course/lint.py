"""The rules that source notebooks must follow before anything is built from them."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Iterator, Set
from copy import deepcopy
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.course.cells import (
    BEGIN_SCHEME,
    END_SCHEME,
    Region,
    defined_names,
    free_names,
    split_regions,
    visible_part,
)
from autograder.course.course import SourceNotebook, read_notebook
from autograder.course.links import unlinked
from autograder.course.order import late_oracles
from autograder.course.texts import findings
from autograder.errors import CourseError, Problem
from llmkit.cells import role

CELL_METADATA = {"nbgrader", "tags"}
NOTEBOOK_METADATA = {"kernelspec", "language_info", "title", "authors"}
REBUILD = "run autograder build and commit the result"

_RANDOM_ID = re.compile(r"(?=.*\d)[0-9a-f]{8}(-[0-9a-f-]+)?|[A-Za-z0-9_-]*[A-Z][A-Za-z0-9_-]*")


def lint_chapter(notebooks: list[SourceNotebook], root: Path) -> list[Problem]:
    """What is wrong with the source notebooks of one chapter."""
    problems = []
    owners: dict[str, str] = {}
    for notebook in notebooks:
        file = relative(notebook.path, root)
        problems += [
            Problem(file, *finding)
            for finding in (*_metadata(notebook.nb), *_cells(notebook), *findings(notebook.nb.cells))
        ]
        for cell in notebook.nb.cells:
            kind, grade_id = role(cell), cell.metadata.get("nbgrader", {}).get("grade_id", "")
            # Exercises are named by chapter and gap; a setup cell may have the same name in every notebook.
            other = owners.setdefault(grade_id, file) if kind in ("gap", "test", "manual", "task") else file
            if kind and (other != file or notebook.cells[grade_id] is not cell):
                what = f"the grade id {grade_id} is already in {other}"
                problems.append(
                    Problem(file, cell.get("id", ""), what, "give each exercise of a chapter its own grade id")
                )
    return problems


def relative(path: Path, root: Path) -> str:
    """A path relative to the course's folder, with forward slashes."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def load(path: Path) -> NotebookNode | None:
    """A notebook as its file has it; None if it cannot be read."""
    try:
        return read_notebook(path)
    except CourseError:
        return None


Finding = tuple[str, str, str]


def _metadata(nb: NotebookNode) -> Iterator[Finding]:
    """No outputs, no counts, no metadata that changes by itself; stable, meaningful ids."""
    from nbgrader.nbgraderformat import MetadataValidator, ValidationError
    from nbgrader.nbgraderformat.common import SchemaMismatchError

    strip = "clear all outputs, remove that metadata and save"
    extra = set(nb.metadata) - NOTEBOOK_METADATA
    if extra:
        yield "", f"metadata that a source should not have: {', '.join(sorted(extra))}", strip
    if "version" in nb.metadata.get("language_info", {}):
        yield "", "language_info names a Python version", "remove the version, it changes from machine to machine"
    if nb.get("nbformat_minor", 0) < 5:
        yield "", f"format 4.{nb.get('nbformat_minor')} has no cell ids", "save it with JupyterLab 4"
    seen: set[str] = set()
    for number, cell in enumerate(nb.cells, 1):
        id = cell.get("id", "")
        name = id or f"cell {number}"
        if not id or _RANDOM_ID.fullmatch(id):
            yield name, "the cell has no meaningful id", 'give it an id such as "causal-mask-hints"'
        if id in seen:
            yield name, "two cells have this id", "give each cell its own id"
        seen.add(id)
        extra = set(cell.metadata) - CELL_METADATA
        if extra:
            yield name, f"cell metadata that a source should not have: {', '.join(sorted(extra))}", strip
        if cell.get("outputs") or cell.get("execution_count") is not None:
            yield name, "the cell has outputs or an execution count", strip
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nbformat.validate(deepcopy(nb))  # a copy: it changes ids
        MetadataValidator().validate_nb(nb)
    except (nbformat.ValidationError, ValidationError, SchemaMismatchError) as error:
        yield "", f"not valid: {str(error).splitlines()[0]}", "fix it in JupyterLab's Create Assignment panel"


def _cells(notebook: SourceNotebook) -> Iterator[Finding]:
    """Regions, gaps with tests, tests that agree with their points and use only what a gap defines; no links of a built notebook."""
    gaps: set[str] = set()
    for cell, bare in zip(notebook.nb.cells, unlinked(notebook.nb).cells, strict=True):
        if cell.source != bare.source:
            yield (
                cell.get("id", ""),
                "a badge or lines that install llmkit",
                "leave them out: autograder build adds them",
            )
    for number, cell in enumerate(notebook.nb.cells, 1):
        name, kind = cell.get("id", f"cell {number}"), role(cell)
        try:
            regions = {region for _, region in split_regions(cell.source)}
        except ValueError as error:
            yield name, str(error), "fix the region's markers"
            continue
        if "solution" in regions and kind not in ("gap", "manual"):
            yield name, "a solution outside a gap", "mark the cell as an autograded answer, or remove the markers"
        if "hidden" in regions and kind != "test":
            yield name, "hidden tests outside a test cell", "mark the cell as autograder tests"
        if "scheme" in regions and kind != "task":
            yield name, "a mark scheme outside a question", "mark the cell as a manually graded task"
        if kind == "task":
            yield from ((name, what, remedy) for what, remedy in _task(cell, regions))
        if kind == "gap":
            if cell.cell_type == "code" and "solution" not in regions:
                yield name, "the gap has no solution", "put it between ### BEGIN SOLUTION and ### END SOLUTION"
            gaps |= set(defined_names(visible_part(cell.source)))
        if kind == "test":
            yield from ((name, what, remedy) for what, remedy in _test(cell, regions, gaps))
    for exercise in notebook.exercises:
        if not exercise.test_ids:
            yield exercise.grade_id, "the gap has no test cell", "write one after it, with points"
        if not exercise.names:
            yield (
                exercise.grade_id,
                "the gap defines nothing that a test could use",
                "let it define a function, a class or a value",
            )


def _task(cell: NotebookNode, regions: Set[Region]) -> Iterator[tuple[str, str]]:
    info = cell.metadata.nbgrader
    if cell.cell_type != "markdown":
        yield "the question is not a text cell", "turn it into Markdown"
    if "scheme" not in regions:
        yield "the question has no mark scheme", f"write one between {BEGIN_SCHEME} and {END_SCHEME}"
    elif all(where == "scheme" or not line.strip() for line, where in split_regions(cell.source) if where != "marker"):
        yield "nothing of the question is outside the mark scheme", "write what students read before it"
    if not float(info.get("points") or 0) > 0:
        yield "the question is worth no points", "give it some in JupyterLab's Create Assignment panel"
    if not info.get("locked"):
        yield "the question is not locked", 'give it "locked": true'  # as JupyterLab's panel does


def _test(cell: NotebookNode, regions: Set[Region], gaps: set[str]) -> Iterator[tuple[str, str]]:
    if "hidden" not in regions:
        yield "the test cell has no hidden tests", "put some between ### BEGIN HIDDEN TESTS and ### END HIDDEN TESTS"
    for source, which in ((cell.source, "the test cell"), (visible_part(cell.source), "its visible part")):
        try:
            tree = ast.parse(source)
        except SyntaxError as error:
            yield (
                f"{which} is not plain Python ({error.msg}, line {error.lineno})",
                "write a test that also runs outside IPython",
            )
            return
        if not (tree.body and isinstance(tree.body[-1], ast.Expr) and ast.unparse(tree.body[-1]).endswith(".report()")):
            yield f"{which} does not end with check.report()", "make it the last line, outside the hidden tests"
        unknown = free_names(source) - gaps
        if which != "the test cell":  # the whole of it is only for the judge, where the student's code works on copies
            for name in late_oracles(tree, gaps):
                yield (
                    f"an assertion gives `{name}` to the student's code, and then to the right answer",
                    f"compute the right answer before, or give {name}.clone()",
                )
        if unknown:
            yield (
                f"{which} uses names that no gap before it defines: {', '.join(sorted(unknown))}",
                "import or define them in the cell",
            )
    points = float(cell.metadata.nbgrader.get("points", 0))
    stated = _stated_points(ast.parse(cell.source))
    if stated is None:
        yield "the test cell has no Checks(points=...)", f"begin it with check = Checks(points={points:g})"
    elif stated != points:
        yield f"Checks(points={stated:g}) where nbgrader gives {points:g} points", "make the two agree"


def _stated_points(tree: ast.Module) -> float | None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Checks":
            for value in [*node.args[:1], *(k.value for k in node.keywords if k.arg == "points")]:
                if isinstance(value, ast.Constant) and isinstance(value.value, int | float):
                    return float(value.value)
    return None


def main(paths: list[str]) -> int:
    """Checks source notebooks, for a commit hook: the chapters of the given files, or all."""
    from autograder.course.course import Course

    try:
        course = Course.discover()
        chapters = (
            sorted({Path(path).parent.name for path in paths} & set(course.chapters)) if paths else course.chapters
        )
        problems = [problem for chapter in chapters for problem in lint_chapter(course.notebooks(chapter), course.root)]
    except CourseError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
