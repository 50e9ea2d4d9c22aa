"""Contracts of `autograder.build.release`, `solutions` and `lint`: the same bytes each time, stale products and leaks found."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator
from PIL import Image, ImageChops
from small_course import code, markdown, source_notebook, write_course

from autograder.build.leaks import Secrets, leaks
from autograder.build.release import build
from autograder.build.solutions import INVISIBLE, MOST_BYTES, execute, solved
from autograder.course.course import Course
from autograder.course.lint import lint_chapter


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.glob("**/*") if path.is_file()}


def said(root: Path, *, check: bool = True) -> str:
    return "\n".join(map(str, build(Course(root), check=check)))


def edit(path: Path, change: Callable[[NotebookNode], object]) -> None:
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)


def cell(notebook: NotebookNode, id: str) -> NotebookNode:
    return next(cell for cell in notebook.cells if cell.id == id)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small course, built once. Tests that change it work on a copy."""
    root = tmp_path_factory.mktemp("built")
    write_course(root)
    (root / "source" / "ch01" / "numbers.txt").write_text("1 2 3\n")
    assert said(root, check=False) == ""
    return root


@pytest.fixture
def course(built: Path, tmp_path: Path) -> Path:
    for name, data in tree(built).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return tmp_path


RELEASE, SOLUTIONS, SOURCE = (Path(p, "ch01", "01_small.ipynb") for p in ("release/en", "solutions/en", "source"))


def test_the_release_has_stubs_and_no_hidden_tests(built: Path) -> None:
    notebook = nbformat.read(built / RELEASE, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    assert [c.id for c in notebook.cells] == [c.id for c in source_notebook().cells]
    assert cell(notebook, "double").source.endswith("    # YOUR CODE HERE\n    raise NotImplementedError")
    assert "1234567" not in (built / RELEASE).read_text()
    assert "twice_the_number" not in (built / RELEASE).read_text()
    assert cell(notebook, "double-test").metadata.editable is False
    assert (built / "release/en/ch01/numbers.txt").read_text() == "1 2 3\n"


def test_the_solutions_are_executed_and_without_hidden_tests(built: Path) -> None:
    notebook = nbformat.read(built / SOLUTIONS, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert cell(notebook, "double").source.endswith("twice_the_number = number + number\n    return twice_the_number")
    assert "1234567" not in (built / SOLUTIONS).read_text()
    assert cell(notebook, "double-look").outputs[0].text == "42\n"
    assert cell(notebook, "double-test").outputs[-1].data["text/plain"] == "2.0"
    assert notebook.metadata == source_notebook().metadata
    assert all("execution" not in c.metadata for c in notebook.cells)


def test_a_second_build_changes_nothing(course: Path) -> None:
    before = tree(course)
    assert said(course) == ""
    (course / RELEASE).unlink()
    (course / SOLUTIONS).unlink()
    assert said(course, check=False) == ""
    assert tree(course) == before


def test_what_is_as_it_should_be_is_not_executed_again(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    executed = []
    monkeypatch.setattr("autograder.build.solutions.execute", lambda notebook, root, file: executed.append(file))
    assert said(course, check=False) == ""
    assert executed == []
    edit(course / SOURCE, lambda nb: cell(nb, "setup").update(source="import math"))
    said(course, check=False)
    assert executed == [SOLUTIONS.as_posix()]


def test_new_tests_are_executed_and_the_other_outputs_stay(course: Path) -> None:
    edit(course / SOLUTIONS, lambda nb: cell(nb, "double-look").update(execution_count=77))
    edit(
        course / SOURCE,
        lambda nb: cell(nb, "double-test").update(
            source=cell(nb, "double-test").source.replace("two becomes four", "two is doubled")
        ),
    )
    assert said(course, check=False) == ""
    after = nbformat.read(course / SOLUTIONS, as_version=nbformat.NO_CONVERT)
    assert "two is doubled" in cell(after, "double-test").outputs[0].data["text/html"]
    assert cell(after, "double-look").execution_count == 77
    assert said(course) == ""


def students_cell(source: str) -> NotebookNode:
    made = code("submit", source)
    made.metadata["tags"] = ["skip-execution"]
    return made


def test_new_texts_and_cells_that_students_run_cost_no_execution(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    executed: list[str] = []
    monkeypatch.setattr("autograder.build.solutions.execute", lambda notebook, root, file: executed.append(file))
    before = {c.id: c.get("outputs") for c in nbformat.read(course / SOLUTIONS, as_version=4).cells}
    edit(course / SOURCE, lambda nb: cell(nb, "title").update(source="# Other words"))
    edit(course / SOURCE, lambda nb: nb.cells.insert(1, markdown("more", "More.")))
    edit(course / SOURCE, lambda nb: nb.cells.append(students_cell("raise ValueError")))
    assert said(course, check=False) == "" and executed == [] and said(course) == ""
    after = nbformat.read(course / SOLUTIONS, as_version=4)
    assert [c.id for c in after.cells[:2]] == ["title", "more"] and after.cells[0].source == "# Other words"
    assert {c.id: c.get("outputs") for c in after.cells if c.id in before} == before
    assert (after.cells[-1].id, after.cells[-1].outputs, after.cells[-1].execution_count) == ("submit", [], None)
    edit(course / SOLUTIONS, lambda nb: nb.cells[-1].update(execution_count=3))
    assert "[submit]: has an output, although nothing executes it here" in said(course)


@pytest.mark.parametrize(
    "change",
    [
        lambda nb: cell(nb, "double-look").update(source="print(double(4))"),
        lambda nb: cell(nb, "double-look").metadata.update(tags=["skip-grading"]),
        lambda nb: nb.cells.append(code("more", "1 + 1")),
        lambda nb: nb.cells.insert(0, nb.cells.pop(5)),
        lambda nb: nb.metadata.update(title="x"),
    ],
)
def test_other_code_is_executed(
    course: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[NotebookNode], object]
) -> None:
    executed: list[str] = []
    monkeypatch.setattr("autograder.build.solutions.execute", lambda notebook, root, file: executed.append(file))
    edit(course / SOURCE, change)
    said(course, check=False)
    assert executed == [SOLUTIONS.as_posix()]


def test_a_cell_that_only_students_run_is_not_executed(tmp_path: Path) -> None:
    notebook = source_notebook()
    notebook.cells.append(students_cell("raise ValueError"))
    write_course(tmp_path, notebook)
    assert said(tmp_path, check=False) == "" and said(tmp_path) == ""


def test_check_finds_every_kind_of_stale_product(course: Path) -> None:
    (course / "release/en/ch01/left-over.txt").write_text("old")
    (course / "release/en/ch01/numbers.txt").unlink()
    edit(course / RELEASE, lambda nb: cell(nb, "title").update(source="# Another title"))
    edit(course / SOLUTIONS, lambda nb: cell(nb, "double-look").update(source="print('changed')"))
    (course / "solutions/en/ch01/02_gone.ipynb").write_bytes((course / SOLUTIONS).read_bytes())
    before = tree(course)
    found = said(course)
    for line in (
        "release/en/ch01/left-over.txt: nothing in source/ makes this file",
        "release/en/ch01/numbers.txt: the file is missing",
        "release/en/ch01/01_small.ipynb [title]: is not what source/ makes",
        "solutions/en/ch01/01_small.ipynb [double-look]: is not what source/ makes",
        "solutions/en/ch01/02_gone.ipynb: nothing in source/ makes this file",
    ):
        assert line in found
    assert found.count("Remedy: run autograder build") == 5
    assert tree(course) == before
    assert said(course, check=False) == ""
    assert said(course) == ""


def test_check_wants_solutions_that_ran_without_error(course: Path) -> None:
    error = nbformat.v4.new_output("error", ename="ValueError", evalue="no", traceback=[])
    edit(course / SOLUTIONS, lambda nb: cell(nb, "setup").update(outputs=[error]))
    assert "[setup]: was executed with an error" in said(course)
    edit(course / SOLUTIONS, lambda nb: cell(nb, "setup").update(outputs=[], execution_count=None))
    assert "[setup]: was not executed" in said(course)


def test_check_refuses_a_solution_that_takes_much_room(course: Path) -> None:
    much = nbformat.v4.new_output("stream", name="stdout", text="0123456789\n" * (MOST_BYTES // 10))
    edit(course / SOLUTIONS, lambda nb: cell(nb, "setup").update(outputs=[much]))
    found = said(course)
    assert f"{SOLUTIONS.as_posix()} [setup]: the notebook takes " in found and "500 at most" in found
    both = {"image/png": "iVBORw0KGgo=", "application/vnd.plotly.v1+json": {"data": []}}
    figure = nbformat.v4.new_output("display_data", both)
    edit(course / SOLUTIONS, lambda nb: cell(nb, "setup").update(outputs=[figure]))
    assert "[setup]: has an interactive figure beside its picture" in said(course)


def test_a_solution_that_takes_much_room_is_not_written(tmp_path: Path) -> None:
    notebook = source_notebook()
    cell(notebook, "setup").source = f"print('0123456789' * {MOST_BYTES // 10})"
    write_course(tmp_path, notebook)
    assert f"{SOLUTIONS.as_posix()} [setup]: the notebook takes " in said(tmp_path, check=False)
    assert not (tmp_path / SOLUTIONS).exists()


def test_check_takes_other_outputs_of_the_same_cells(course: Path) -> None:
    other = nbformat.v4.new_output("stream", name="stdout", text="took 0.2 s\n")
    edit(course / SOLUTIONS, lambda nb: cell(nb, "setup").update(outputs=[other]))
    assert said(course) == ""


@pytest.mark.parametrize(
    ("product", "id", "text"),
    [
        (RELEASE, "summary", "The answer:\n\n    twice_the_number = number + number\n"),
        (RELEASE, "summary", "- `self.calls_so_far = 0`"),
        (RELEASE, "setup", "assert_equal(double(-1234567), -2469134)"),
        (SOLUTIONS, "setup", "assert_equal(double(-1234567), -2469134)"),
        (SOLUTIONS, "summary", '<pre>with check(&quot;two counters count apart&quot;):</pre>'),
    ],
)  # fmt: skip
def test_check_names_a_leak_in_a_product(course: Path, product: Path, id: str, text: str) -> None:
    text = text.removeprefix("<pre>").removesuffix("</pre>")
    edit(course / product, lambda nb: cell(nb, id).update(source=text))
    assert f"{product.as_posix()} [{id}]: contains a line of " in said(course)


def test_a_leak_in_an_output_or_in_metadata_is_found(course: Path) -> None:
    text = nbformat.v4.new_output("stream", name="stdout", text="...\nassert_equal(double(-1234567), -2469134)\n")
    edit(course / SOLUTIONS, lambda nb: cell(nb, "setup").update(outputs=[text]))
    assert "[setup]: contains a line of a hidden test of double-test" in said(course)


def test_the_build_refuses_a_source_that_leaks_into_its_release(course: Path) -> None:
    edit(course / SOURCE, lambda nb: nb.cells.append(markdown("hint", "Try `twice_the_number = number + number`.")))
    edit(course / SOURCE, lambda nb: nb.cells.append(code("answer", "twice_the_number = number + number")))
    before = tree(course)
    found = said(course, check=False)
    assert "release/en/ch01/01_small.ipynb [answer]: contains a line of the solution of double" in found
    assert tree(course) == before


def test_lines_that_give_nothing_away_are_no_leak() -> None:
    notebook = source_notebook()
    gap = cell(notebook, "double")
    gap.source = gap.source.replace(
        "    ### BEGIN SOLUTION\n", "    given_in_the_open = number * 1\n    ### BEGIN SOLUTION\n    given_in_the_open = number * 1\n"
    ).replace("    return twice", "    import itertools as it\n    # a comment only\n    return twice")  # fmt: skip
    from autograder.course.course import SourceNotebook

    secrets = Secrets.of([SourceNotebook(Path("ch01/x.ipynb"), "ch01", "x", notebook)])
    assert set(secrets.solutions) == {
        "twice_the_number = number + number", "self.calls_so_far = 0", "self.calls_so_far += 1",
    }  # fmt: skip
    innocent = [code("a", "import itertools as it\n# a comment only\ngiven_in_the_open = number * 1")]
    assert leaks(nbformat.v4.new_notebook(cells=innocent), secrets, "x") == []


@pytest.mark.parametrize(
    ("id", "change", "message"),
    [
        ("double-test", lambda c: c.update(source=c.source.replace("points=2", "points=4")), r"Checks(points=4) where nbgrader gives 2"),
        ("double-test", lambda c: c.update(source=c.source.replace("check = Checks(points=2)", "")), "no Checks(points=...)"),
        ("double-test", lambda c: c.update(source=c.source.replace("double(2)", "halve(2)")), "no gap before it defines: halve"),
        ("double-test", lambda c: c.update(source=c.source.replace("check.report()", "")), "does not end with check.report()"),
        ("double-test", lambda c: c.update(source="from llmkit.testing import Checks\ncheck = Checks(2)\ncheck.report()"), "no hidden tests"),
        ("double-test", lambda c: c.update(source="%time\n" + c.source), "is not plain Python"),
        ("double-test", lambda c: c.update(source=c.source.replace("### END HIDDEN TESTS", "")), "no END HIDDEN TESTS found"),
        ("double-test", lambda c: c.metadata.clear(), "hidden tests outside a test cell"),
        ("double", lambda c: c.update(source="def double(number):\n    return 2 * number"), "the gap has no solution"),
        ("double", lambda c: c.metadata.clear(), "a solution outside a gap"),
        ("double", lambda c: c.metadata.nbgrader.update(grade_id="counter"), "the grade id counter is already in source/ch01/01_small.ipynb"),
        ("double-test", lambda c: c.metadata.clear() or c.update(source=""), "the gap has no test cell"),
        ("setup", lambda c: c.update(execution_count=3), "outputs or an execution count"),
        ("setup", lambda c: c.metadata.update(collapsed=True), "cell metadata that a source should not have: collapsed"),
        ("setup", lambda c: c.update(id="3f9a1c2e"), "no meaningful id"),
        ("setup", lambda c: c.update(id="title"), "two cells have this id"),
        ("setup", lambda c: c.metadata.nbgrader.pop("schema_version"), "not valid"),
    ],
)  # fmt: skip
def test_the_lint_finds_what_is_wrong_with_a_source(
    tmp_path: Path, id: str, change: Callable[[NotebookNode], object], message: str
) -> None:
    notebook = source_notebook()
    change(cell(notebook, id))
    path = write_course(tmp_path)
    from autograder.course.course import SourceNotebook

    found = [str(p) for p in lint_chapter([SourceNotebook(path, "ch01", path.stem, notebook)], tmp_path)]
    assert any(message in problem for problem in found), found
    assert all(problem.startswith("source/ch01/01_small.ipynb") and "\n" not in problem for problem in found)


def test_a_source_that_is_right_has_no_problems(tmp_path: Path) -> None:
    write_course(tmp_path)
    course = Course(tmp_path)
    assert lint_chapter(course.notebooks("ch01"), tmp_path) == []


def test_two_cells_of_one_id_in_a_file_are_found(tmp_path: Path) -> None:
    path = write_course(tmp_path)
    path.write_text(path.read_text().replace('"id": "summary"', '"id": "title"'))
    course = Course(tmp_path)
    assert "[title]: two cells have this id" in " ".join(map(str, lint_chapter(course.notebooks("ch01"), tmp_path)))


def test_a_solution_that_fails_is_named_and_not_written(tmp_path: Path) -> None:
    notebook = source_notebook()
    cell(notebook, "setup").source = "raise RuntimeError('two\\nlines')"
    write_course(tmp_path, notebook)
    found = said(tmp_path, check=False)
    assert found == "solutions/en/ch01/01_small.ipynb [setup]: raised RuntimeError: two. Remedy: fix the source."
    assert not (tmp_path / SOLUTIONS).exists()


def test_outputs_are_kept_steady_and_small(tmp_path: Path) -> None:
    write_course(tmp_path)
    source = Course(tmp_path).notebooks()[0]
    notebook = solved(source)
    lines = (
        "import sys, pathlib, ipywidgets", "print(object())", "sys.stdout.flush()", "print(pathlib.Path.home() / 'more')",
        "display(ipywidgets.IntSlider())", "object()",
    )  # fmt: skip
    cell(notebook, "setup").source = "\n".join(lines)
    assert execute(notebook, tmp_path, "x") is None
    outputs = cell(notebook, "setup").outputs
    assert [o.output_type for o in outputs] == ["stream", "execute_result"]
    assert outputs[0].text == "<object object at 0x0>\n~/more\n"
    assert outputs[1].data["text/plain"] == "<object at 0x0>"
    assert notebook.metadata == source.nb.metadata


def _executed_figures(root: Path, *drawn: str) -> list[NotebookNode]:
    """What the solutions keep of figures that are shown with plotly's data and with a picture that these expressions make."""
    write_course(root)
    notebook = solved(Course(root).notebooks()[0])
    lines = ["import base64, io, os", "from PIL import Image", "def show(picture):", "    data = io.BytesIO()",
             "    picture.save(data, 'png')", "    png = base64.b64encode(data.getvalue()).decode()",
             "    both = {'image/png': png, 'application/vnd.plotly.v1+json': {'data': []}, 'text/plain': 'F'}",
             "    display(both, raw=True)", *(f"show({picture})" for picture in drawn)]  # fmt: skip
    cell(notebook, "setup").source = "\n".join(lines)
    assert execute(notebook, root, "x") is None
    return list(cell(notebook, "setup").outputs)


def test_a_figure_is_kept_as_a_picture_of_few_bytes_that_looks_the_same(tmp_path: Path) -> None:
    curves = "Image.effect_mandelbrot((200, 200), (-2, -1.5, 1, 1.5), 100).convert('RGBA')"
    many = "Image.merge('RGB', [Image.linear_gradient('L').rotate(a) for a in (0, 90, 45)])"
    glass = "Image.new('RGBA', (9, 9), (1, 2, 3, 4))"
    outputs = _executed_figures(tmp_path, curves, many, glass)
    assert [set(output.data) for output in outputs] == [{"image/png", "text/plain"}] * 3
    kept = [Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))) for output in outputs]
    assert [picture.mode for picture in kept] == ["P", "RGB", "RGBA"]
    grey = Image.effect_mandelbrot((200, 200), (-2, -1.5, 1, 1.5), 100)
    colours = [Image.linear_gradient("L").rotate(a) for a in (0, 90, 45)]
    for picture, drawn in zip(kept, (grey.convert("RGB"), Image.merge("RGB", colours)), strict=False):
        extrema = ImageChops.difference(picture.convert("RGB"), drawn).getextrema()
        assert max(most for _least, most in extrema) <= INVISIBLE
    assert kept[2].getpixel((0, 0)) == (1, 2, 3, 4)


def test_an_interactive_figure_without_a_picture_stays(tmp_path: Path) -> None:
    write_course(tmp_path)
    notebook = solved(Course(tmp_path).notebooks()[0])
    cell(notebook, "setup").source = "display({'application/vnd.plotly.v1+json': {'data': []}}, raw=True)"
    assert execute(notebook, tmp_path, "x") is None
    assert set(cell(notebook, "setup").outputs[0].data) == {"application/vnd.plotly.v1+json"}
