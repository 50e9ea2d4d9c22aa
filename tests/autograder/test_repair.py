"""Contracts of `autograder.submission.read` and `autograder.submission.repair`: what students hand in is read, grafted, told, and never believed."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.notebooknode import NotebookNode, from_dict
from nbgrader.nbgraderformat import MetadataValidator
from small_course import code, markdown, source_notebook

from autograder.course.cells import visible_part
from autograder.course.released import with_number
from autograder.course.stubs import stub_cell
from autograder.errors import UnreadableNotebook
from autograder.submission.handed_in import readable
from autograder.submission.notes import Note
from autograder.submission.repair import repair
from autograder.submission.slim import slim

DOUBLE = "def double(number):\n    return 2 * number"
COUNTER = (
    "class Counter:\n    def __init__(self):\n        self.n = 0\n\n    def __call__(self):\n"
    "        self.n += 1\n        return self.n"
)
ANSWERS = {"double": DOUBLE, "counter": COUNTER}


def release() -> NotebookNode:
    """What the student downloads."""
    notebook = source_notebook()
    for index, cell in enumerate(notebook.cells):
        if cell.metadata.get("nbgrader", {}).get("solution"):
            notebook.cells[index] = stub_cell(cell)
        else:
            cell.source = visible_part(with_number(cell.source))
    return notebook


def solved() -> NotebookNode:
    notebook = release()
    for id, answer in ANSWERS.items():
        by_id(notebook, id).source = answer
    return notebook


def read_submission(path: Path) -> NotebookNode:
    """The one notebook of a file."""
    (only,) = readable(path).notebooks
    assert only.notebook is not None
    return only.notebook


def by_id(notebook: NotebookNode, id: str) -> NotebookNode:
    return next(cell for cell in notebook.cells if cell.get("id") == id)


def without_ids(notebook: NotebookNode) -> NotebookNode:
    """As after a service that keeps neither ids nor metadata."""
    for number, cell in enumerate(notebook.cells):
        cell.metadata = from_dict({})
        cell.id = f"{number:08x}"
    return notebook


def fix(submission: NotebookNode) -> tuple[NotebookNode, list[Note]]:
    """Repairs, and checks what holds of every repaired notebook."""
    skeleton = source_notebook()
    before = deepcopy(submission), deepcopy(skeleton)
    notebook, notes = repair(submission, skeleton)
    assert (submission, skeleton) == before, "repair changes what it was given"
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert notebook.metadata == skeleton.metadata
    ours = [cell for cell in notebook.cells if cell.metadata.autograder.origin != "student"]
    assert [cell.id for cell in ours] == [cell.id for cell in skeleton.cells]
    for mine, original in zip(ours, skeleton.cells, strict=True):
        if mine.metadata.autograder.origin == "course":
            assert mine.source == original.source
            assert {k: v for k, v in mine.metadata.items() if k != "autograder"} == original.metadata
        assert mine.get("outputs", []) == []
    for cell in notebook.cells:
        if cell.metadata.autograder.origin == "student":
            assert cell.metadata == {"autograder": {"origin": "student"}}
    assert all(str(note) for note in notes)
    return notebook, notes


def kinds(notes: list[Note]) -> list[tuple[str, str | None]]:
    return [(note.kind, note.cell) for note in notes]


def answers(notebook: NotebookNode) -> dict[str, str]:
    return {id: by_id(notebook, id).source for id in ANSWERS}


def test_a_submission_that_is_whole_comes_through_without_notes() -> None:
    notebook, notes = fix(solved())
    assert answers(notebook) == ANSWERS
    assert notes == []
    assert [cell.metadata.autograder.origin for cell in notebook.cells].count("gap") == 2


def test_an_empty_release_stays_empty() -> None:
    notebook, notes = fix(release())
    assert notes == []
    assert by_id(notebook, "double").source == by_id(release(), "double").source


def test_tests_points_and_metadata_of_the_submission_are_not_believed() -> None:
    submission = solved()
    test = by_id(submission, "double-test")
    test.source, test.metadata.nbgrader.points = "2.0", 1000
    by_id(submission, "double").metadata.nbgrader.update(points=99, grade=True, locked=True)
    by_id(submission, "double").metadata["tags"] = ["skip-grading", "raises-exception"]
    submission.metadata.kernelspec.name = "evil"
    submission.cells.reverse()
    notebook, notes = fix(submission)
    assert answers(notebook) == ANSWERS
    assert kinds(notes) == [("moved", None), ("changed", "double-test")]
    gap = by_id(notebook, "double")
    assert "tags" not in gap.metadata
    assert gap.metadata.nbgrader == stub_cell(by_id(source_notebook(), "double")).metadata.nbgrader


@pytest.mark.parametrize("way", ["grade_id", "id", "colab", "names"])
def test_each_way_to_find_an_answer(way: str) -> None:
    submission = without_ids(solved())
    for cell, original in zip(submission.cells, source_notebook().cells, strict=True):
        if original.id in ANSWERS:
            if way == "grade_id":
                cell.metadata["nbgrader"] = from_dict({"grade_id": original.id})
            elif way == "id":
                cell.id = original.id
            elif way == "colab":
                cell.metadata["id"] = original.id
    notebook, notes = fix(submission)
    assert answers(notebook) == ANSWERS
    assert kinds(notes) == ([("found", "double"), ("found", "counter")] if way == "names" else [])


def test_an_answer_under_another_name_is_found_by_likeness() -> None:
    submission = without_ids(release())
    submission.cells[3].source = (
        submission.cells[3].source.replace("def double", "def duoble").replace("raise Not", "return Not")
    )
    notebook, notes = fix(submission)
    assert by_id(notebook, "double").source.startswith("def duoble")
    assert kinds(notes) == [("found", "double")]


def test_an_answer_that_does_not_parse_is_found_by_its_name() -> None:
    submission = without_ids(solved())
    submission.cells[3].source = "def double(number:\n    return 2 * number"
    notebook, _ = fix(submission)
    assert by_id(notebook, "double").source == "def double(number:\n    return 2 * number"


def test_of_two_answers_the_last_counts_and_the_first_stands_before_it() -> None:
    submission = solved()
    index = next(i for i, cell in enumerate(submission.cells) if cell.id == "double")
    copy = deepcopy(submission.cells[index])
    copy.source, copy.id = "def double(number):\n    return number ** 2", "copy"
    submission.cells.insert(index, copy)
    notebook, notes = fix(submission)
    place = next(i for i, cell in enumerate(notebook.cells) if cell.id == "double")
    assert notebook.cells[place - 1].source == copy.source
    assert answers(notebook) == ANSWERS
    assert kinds(notes) == [("duplicate", "double")]
    assert "2 times" in str(notes[0])


def test_an_empty_copy_after_the_answer_does_not_undo_it() -> None:
    submission = solved()
    copy = deepcopy(by_id(release(), "double"))
    copy.id = "copy"
    submission.cells.append(copy)
    notebook, _ = fix(submission)
    assert answers(notebook) == ANSWERS
    assert sum("def double" in cell.source for cell in notebook.cells) == 1


def test_an_empty_copy_in_another_language_is_empty() -> None:
    submission = solved()
    copy = deepcopy(by_id(release(), "double"))
    copy.id, copy.source = "copy", copy.source.replace("Twice a number.", "O dobro de um número.") + "  # SEU CÓDIGO"
    assert "dobro" in copy.source
    submission.cells.append(copy)
    notebook, _ = fix(submission)
    assert answers(notebook) == ANSWERS


def test_extra_cells_keep_their_place_and_lose_their_metadata() -> None:
    submission = solved()
    extra = code("double-test", "print('mine')", "extra", grade=True, points=50, locked=True)
    extra.outputs = [nbformat.v4.new_output("stream", text="100")]
    thought = markdown("x", "My thought")
    thought.metadata["tags"] = ["anything"]
    at = next(i for i, cell in enumerate(submission.cells) if cell.id == "double")
    submission.cells[at + 1 : at + 1] = [thought]
    submission.cells.insert(0, code("first", "import os"))
    submission.cells.append(extra)
    notebook, notes = fix(submission)
    sources = [cell.source for cell in notebook.cells]
    assert sources[0] == "import os"
    assert sources.index("My thought") == sources.index(DOUBLE) + 1
    assert sources[-1] == "print('mine')"
    assert notes == []
    assert answers(notebook) == ANSWERS


def test_a_forged_test_cell_is_only_an_extra_cell() -> None:
    submission = solved()
    submission.cells.append(code("forged", "100.0", "forged-test", grade=True, points=100, locked=True))
    notebook, notes = fix(submission)
    assert notebook.cells[-1].source == "100.0"
    assert notebook.cells[-1].metadata.autograder.origin == "student"
    assert notes == []


@pytest.mark.parametrize("kind", ["markdown", "raw"])
@pytest.mark.parametrize("fence", [False, True])
def test_an_answer_that_became_text_is_taken_as_code(kind: str, fence: bool) -> None:
    submission = solved()
    index = next(i for i, cell in enumerate(submission.cells) if cell.id == "double")
    source = f"Here:\n```python\n{DOUBLE}\n```" if fence else DOUBLE
    metadata = submission.cells[index].metadata
    submission.cells[index] = from_dict({"cell_type": kind, "id": "double", "metadata": metadata, "source": source})
    notebook, notes = fix(submission)
    assert answers(notebook) == ANSWERS
    assert kinds(notes) == [("type", "double")]


def test_a_missing_gap_counts_as_empty_and_is_told() -> None:
    submission = solved()
    submission.cells = [cell for cell in submission.cells if cell.id != "double"]
    notebook, notes = fix(submission)
    assert "raise NotImplementedError" in by_id(notebook, "double").source
    assert by_id(notebook, "counter").source == COUNTER
    assert kinds(notes) == [("missing", "double")]
    assert str(notes[0]) == "Cell double was not found; it counts as empty."


def test_two_answers_in_one_cell_both_count() -> None:
    submission = solved()
    by_id(submission, "double").source = f"{DOUBLE}\n\n\n{COUNTER}"
    submission.cells = [cell for cell in submission.cells if cell.id != "counter"]
    notebook, notes = fix(submission)
    assert "raise" not in by_id(notebook, "counter").source
    assert kinds(notes) == [("elsewhere", "counter")]


@pytest.mark.parametrize("place", ["double", "counter", "first", "last"])
def test_all_answers_in_one_cell_count_and_the_empty_gaps_do_not_undo_them(place: str) -> None:
    submission = release()
    everything = (
        f"import math\n\nTWO = 2\n\n\n{DOUBLE.replace('2', 'TWO')}\n\n\n# the other one\n{COUNTER}\n\nprint(double(3))"
    )
    if place in ANSWERS:
        by_id(submission, place).source = everything
    else:
        submission.cells.insert(0 if place == "first" else len(submission.cells), code("mine", everything))
    notebook, notes = fix(submission)
    names: dict[str, Any] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.metadata.autograder.origin != "course":
            exec(cell.source, names)
        if cell.id == "double-test":
            assert names["double"](4) == 8, "right where its test runs"
        if cell.id == "counter-test":
            assert names["Counter"]()() == 1
    assert kinds(notes) == [("elsewhere", id) for id in ANSWERS if id != place]
    sources = answers(notebook)
    if place != "double":
        assert sources["double"] == "TWO = 2\n\n\ndef double(number):\n    return TWO * number", "only its part"
    if place != "counter":
        assert sources["counter"] == f"# the other one\n{COUNTER}"


def test_an_answer_in_its_own_gap_is_never_replaced_by_another() -> None:
    submission = solved()
    by_id(submission, "counter").source = f"def double(number):\n    return number ** 2\n\n\n{COUNTER}"
    submission.cells.insert(0, code("old", "def double(number):\n    return number + number + 1"))
    notebook, notes = fix(submission)
    assert by_id(notebook, "double").source == DOUBLE and notes == []
    by_id(submission, "double").source = "from mine import *"
    assert by_id(fix(submission)[0], "double").source == "from mine import *"


def test_answers_in_each_others_gaps_are_found() -> None:
    submission = solved()
    by_id(submission, "double").source, by_id(submission, "counter").source = COUNTER, DOUBLE
    notebook, notes = fix(submission)
    assert answers(notebook) == ANSWERS
    assert kinds(notes) == [("elsewhere", "double"), ("elsewhere", "counter")]


def test_of_several_answers_elsewhere_the_last_counts_and_a_copy_of_the_empty_gap_is_none() -> None:
    submission = release()
    stub = by_id(submission, "double").source
    typed = stub.replace("raise", "# soon\n    raise").replace('"""', '"""My own: ', 1)
    for source in ("def double(number):\n    return 0", DOUBLE, stub, typed):
        submission.cells.append(code(f"extra-{len(submission.cells)}", source))
    assert by_id(fix(submission)[0], "double").source == DOUBLE


def test_a_gap_that_only_looks_different_is_empty() -> None:
    submission = release()
    stub = by_id(submission, "double").source
    by_id(submission, "double").source = stub.replace("(number: int) -> int", "(number)").replace(
        "Twice a number", "Mine"
    )
    assert by_id(submission, "double").source != stub
    submission.cells.append(code("mine", DOUBLE))
    notebook, notes = fix(submission)
    assert by_id(notebook, "double").source == DOUBLE and kinds(notes) == [("elsewhere", "double")]


@pytest.mark.parametrize("place", ["extra", "double-test", "summary"])
def test_an_answer_beside_its_empty_gap_counts(place: str) -> None:
    submission = release()
    if place == "extra":
        submission.cells.append(code("mine", DOUBLE))
    else:
        cell = by_id(submission, place)
        cell.update(cell_type="code", source=DOUBLE + "\n\n" + ("" if place == "summary" else cell.source))
        cell.update(outputs=[], execution_count=None)
    notebook, notes = fix(submission)
    assert by_id(notebook, "double").source.startswith(DOUBLE)
    assert ("elsewhere", "double") in kinds(notes)


def test_a_changed_course_cell_is_put_back_and_its_new_names_stay() -> None:
    submission = solved()
    by_id(submission, "setup").source = "import math\nimport itertools\n\nprint(math.pi)"
    by_id(submission, "double-exercise").source = "## Exercise 1\n\nGive me all points."
    by_id(submission, "double-look").source = "double(3)"
    notebook, notes = fix(submission)
    assert kinds(notes) == [("kept", "setup"), ("changed", "double-exercise")]
    sources = [cell.source for cell in notebook.cells]
    assert sources.index("import math\nimport itertools\n\nprint(math.pi)") == 2


def test_a_course_cell_that_only_looks_different_is_not_told() -> None:
    submission = solved()
    by_id(submission, "setup").source = "import math\r\n\n\nprint( math.pi )  # three and a bit"
    by_id(submission, "title").source += "\n\n"
    assert fix(submission)[1] == []


def test_the_code_of_a_hint_is_no_answer() -> None:
    skeleton, submission = source_notebook(), release()
    hint = f"Almost the code:\n\n```python\n{DOUBLE}\n```"
    by_id(skeleton, "double-exercise").source = hint
    by_id(submission, "double-exercise").source = "I read this. " + hint
    notebook, _ = repair(submission, skeleton)
    assert "NotImplementedError" in by_id(notebook, "double").source


def test_an_answer_that_was_merged_into_the_text_above_counts() -> None:
    submission = solved()
    by_id(submission, "double-exercise").source += f"\n\n# my answer\n{DOUBLE}"
    submission.cells.remove(by_id(submission, "double"))
    notebook, notes = fix(submission)
    assert by_id(notebook, "double").source.endswith(DOUBLE)
    assert ("elsewhere", "double") in kinds(notes)


def test_large_attachments_are_left_out() -> None:
    submission = solved()
    small, large = markdown("a", "![x](attachment:x.png)"), markdown("b", "![y](attachment:y.png)")
    small["attachments"] = {"x.png": {"image/png": "aGVsbG8="}}
    large["attachments"] = {"y.png": {"image/png": "A" * 1_000_001}}
    submission.cells += [small, large]
    notebook, notes = fix(submission)
    assert notebook.cells[-2].attachments == small.attachments
    assert not notebook.cells[-1].get("attachments")
    assert kinds(notes) == [("attachment", None)]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def scrambled(draw: st.DrawFn) -> tuple[NotebookNode, set[str]]:
    """A solved notebook shuffled, with cells doubled, deleted and scrambled; and the gaps that can still be identified."""
    cells = list(draw(st.permutations(solved().cells)))
    found, result = set(), []
    for cell in cells:
        fate = draw(st.sampled_from(["keep", "keep", "double", "delete", "metadata", "id", "both", "type", "junk"]))
        copy: dict[str, Any] = deepcopy(cell)
        if fate == "delete":
            continue
        if fate in ("metadata", "both"):
            copy["metadata"] = draw(JUNK)
        if fate in ("id", "both"):
            copy["id"] = draw(JUNK)
        if fate == "type":
            copy["cell_type"] = draw(st.sampled_from(["markdown", "raw", "heading", None]))
        if fate == "junk":
            copy = draw(
                st.dictionaries(st.sampled_from(["source", "metadata", "id", "cell_type", "attachments"]), JUNK)
            )
        elif cell.id in ANSWERS:
            found.add(cell.id)
        result += [copy] * (2 if fate == "double" else 1)
    for extra in draw(st.lists(st.text(max_size=20), max_size=3)):
        result.insert(draw(st.integers(0, len(result))), {"cell_type": "code", "source": extra, "metadata": {}})
    return NotebookNode(cells=result, metadata=draw(JUNK)), found


@given(scrambled())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_scramble_raises_or_loses_an_answer_that_can_be_identified(case: tuple[NotebookNode, set[str]]) -> None:
    submission, found = case
    notebook, _ = fix(submission)
    for id in found:
        assert by_id(notebook, id).source == ANSWERS[id]


# Reading files


def write(path: Path, notebook: NotebookNode | None = None, encoding: str = "utf-8", newline: str = "\n") -> Path:
    text = nbformat.writes(notebook or solved()).replace("\n", newline)
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_encoding_is_read(tmp_path: Path, encoding: str, newline: str) -> None:
    notebook = solved()
    by_id(notebook, "double").source = "# é assim: ã, ç\r\n" + DOUBLE
    submission = read_submission(write(tmp_path / "a.ipynb", notebook, encoding, newline))
    fixed, notes = fix(submission)
    assert by_id(fixed, "double").source == "# é assim: ã, ç\n" + DOUBLE
    assert len(notes) == (not encoding.startswith("utf-8"))


def test_format_3_is_read(tmp_path: Path) -> None:
    old = {
        "nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""},
        "worksheets": [{"cells": [
            {"cell_type": "code", "language": "python", "input": [DOUBLE], "outputs": [], "metadata": {}},
            {"cell_type": "heading", "level": 2, "source": ["Mine"], "metadata": {}},
        ]}],
    }  # fmt: skip
    (tmp_path / "a.ipynb").write_text(json.dumps(old))
    notebook, notes = fix(read_submission(tmp_path / "a.ipynb"))
    assert by_id(notebook, "double").source == DOUBLE
    assert kinds(notes)[0] == ("old format", None)


def test_a_zip_with_one_notebook_is_read(tmp_path: Path) -> None:
    write(tmp_path / "n.ipynb")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "n.ipynb", "folder/n (1).ipynb")
        archive.writestr("__MACOSX/folder/._n.ipynb", "x")
        archive.writestr("folder/picture.png", "x")
    notebook, notes = fix(read_submission(tmp_path / "a.zip"))
    assert answers(notebook) == ANSWERS
    assert kinds(notes) == [("zip", None)]


def zipped(*names: str, link: bool = False) -> Any:
    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                info = zipfile.ZipInfo(name)
                info.external_attr = (stat.S_IFLNK if link else stat.S_IFREG) << 16
                archive.writestr(info, "/etc/passwd")

    return make


def link(path: Path) -> None:
    path.symlink_to(write(path.with_name("real.ipynb")))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"<!DOCTYPE html><html></html>", "it is a web page"),
        (b"\xef\xbb\xbf  <html>", "it is a web page"),
        (b"%PDF-1.7", "it is a PDF"),
        (b'{"cells": [{"cell_type": "co', "cut off"),
        (b'{"cells": [', "cut off"),
        (b"def double(n): ...", "it is not a notebook"),
        (b"[1, 2]", "it is JSON, but not a notebook"),
        (b'{"a": 1}', "it is JSON, but not a notebook"),
        (b'{"nbformat": 4, "cells": {}}', "it is JSON, but not a notebook"),
        (b'{"nbformat": 9, "cells": []}', "format 9 is too new"),
        (b'{"nbformat": 3, "worksheets": 7}', "old format cannot be read"),
        (b'{"nbformat": "x", "cells": 1}', "it has no cells"),
        (b'{"nbformat": "2"}', "old format cannot be read"),
        (b'{"cells": [\n<<<<<<< HEAD\n1', "two versions of it"),
        (b"[" * 100_000, "it is not a notebook"),
        (b'{"cells": ' + b"1" * 5000 + b"}", "it is not a notebook"),
        (zipped("a.ipynb", "b.ipynb"), "[a.ipynb]: it is not a notebook"),
        (zipped("a.txt"), "the zip holds no notebook"),
        (zipped("a.ipynb", link=True), "the zip holds a symbolic link"),
        (b"PK\x05\x06" + bytes(18), "the zip holds no notebook"),
        (link, "it is a symbolic link"),
        (lambda path: path.mkdir(), "it is not a file"),
        (os.mkfifo, "it is not a file"),
        (lambda path: None, "it cannot be read"),
    ],
)
def test_what_cannot_be_read_is_named_and_refused(tmp_path: Path, content: Any, message: str) -> None:
    path = tmp_path / "03_causal (1).ipynb"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        content(path)
    with pytest.raises(UnreadableNotebook) as caught:
        read_submission(path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert ". Remedy: " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.submission.read.MAX_TEXT", 2000)
    with pytest.raises(UnreadableNotebook, match=r"larger than .* without its outputs"):
        read_submission(write(tmp_path / "a.ipynb"))
    monkeypatch.setattr("autograder.submission.read.MAX_BYTES", 2000)
    with pytest.raises(UnreadableNotebook, match="more than"):
        read_submission(write(tmp_path / "a.ipynb"))
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.ipynb", " " * 1_000_000)
    with pytest.raises(UnreadableNotebook, match=r"\[a.ipynb\]: it is more than"):
        read_submission(tmp_path / "bomb.zip")
    monkeypatch.setattr("autograder.submission.handed_in.MAX_UNPACKED", 2000)
    with pytest.raises(UnreadableNotebook, match="holds too much"):
        read_submission(tmp_path / "bomb.zip")


def test_outputs_are_left_out_while_a_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As large as they may be: here a hundred times what may be held."""
    monkeypatch.setattr("autograder.submission.read.MAX_TEXT", 100_000)
    notebook = solved()
    tricky = ['{"outputs": [', '"]}', "\\", '\\"', "\n", "x" * 10_000]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("stream", text="".join(tricky * 500))]
    by_id(notebook, "double").source = DOUBLE + "\nprint('\"outputs\": [', {'outputs': [1]})"
    path = write(tmp_path / "a.ipynb", notebook)
    assert path.stat().st_size > 100 * 100_000
    read = read_submission(path)
    assert [cell.source for cell in read.cells] == [cell.source for cell in notebook.cells]
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UnreadableNotebook, match="cut off"):
        read_submission(path)


@given(JUNK, st.lists(st.integers(0, 400)), st.sampled_from([None, 1]), st.booleans())
@settings(max_examples=200)
def test_leaving_out_outputs_changes_nothing_else(value: Any, cuts: list[int], indent: int | None, ascii: bool) -> None:
    text = json.dumps(
        {"a": value, "outputs": [value], "b": [value, {"outputs": {"x": value}}]}, indent=indent, ensure_ascii=ascii
    )
    edges = [0, *sorted(cuts), len(text)]
    pieces = [text[start:end] for start, end in pairwise(edges)]
    found = "".join(slim(pieces))
    assert json.loads(found) == {"a": value, "outputs": [], "b": [value, {"outputs": {}}]}
    assert found.count("\n") == text.count("\n")


@pytest.mark.parametrize("version", ["4", 4.0, None, "x"])
def test_the_number_of_the_format_may_be_written_in_any_way(tmp_path: Path, version: Any) -> None:
    (tmp_path / "a.ipynb").write_text(json.dumps(solved() | {"nbformat": version, "nbformat_minor": "5"}))
    notebook, notes = fix(read_submission(tmp_path / "a.ipynb"))
    assert answers(notebook) == ANSWERS
    assert notes == []


def test_what_follows_a_notebook_is_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ipynb")
    path.write_bytes(path.read_bytes() + b"}\n ]\n}\n\0\0")
    notebook, notes = fix(read_submission(path))
    assert answers(notebook) == ANSWERS
    assert kinds(notes) == [("more text", None)]


def test_deleted_merged_and_moved_cells_are_told() -> None:
    submission = solved()
    setup, test = by_id(submission, "setup"), by_id(submission, "double-test")
    by_id(submission, "double").source += "\n\n" + test.source
    submission.cells.remove(test)
    submission.cells.remove(by_id(submission, "summary"))
    submission.cells.remove(setup)
    submission.cells.append(setup)
    notebook, notes = fix(submission)
    assert by_id(notebook, "counter").source == COUNTER
    told = {note.kind: str(note) for note in notes}
    assert told["merged"].endswith(": double-test.")
    assert told["deleted"].endswith(": summary.")
    assert told["moved"].endswith(": setup.")


@given(st.binary(max_size=200) | JUNK.map(lambda value: json.dumps(value).encode()))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_file_ends_in_another_error(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.ipynb").write_bytes(data)
    with pytest.raises(UnreadableNotebook):
        read_submission(tmp_path / "a.ipynb")


def test_lone_surrogates_and_odd_types_do_not_survive(tmp_path: Path) -> None:
    text = json.dumps({"cells": [
        {"cell_type": "code", "source": ["x = '", "\ud800", 3, "'"], "id": ["list"], "metadata": {"nbgrader": {"grade_id": []}}},
        "no cell", {"cell_type": 7},
    ], "nbformat": 4, "metadata": 5})  # fmt: skip
    (tmp_path / "a.ipynb").write_text(text)
    submission = read_submission(tmp_path / "a.ipynb")
    assert submission.cells[0].source == "x = '?'"
    assert len(submission.cells) == 2
    json.dumps(submission).encode("utf-8")
    fix(submission)
