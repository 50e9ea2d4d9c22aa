"""Which file of a student is graded as which notebook, and what they are told about it."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest
from edits import EDITS, Notebook
from files import text, write, zipped
from hand_ins import ROOT, answered, chosen_from, course, exercises, identifier, lost, rebuilt, solved

from autograder.errors import UnknownAssignment, UnreadableNotebook
from autograder.submission.choose import broken, choose_one
from autograder.submission.handed_in import handed_in
from autograder.submission.identify import name_likeness
from autograder.submission.notes import notes_of

ONE, TWO, THREE, FOUR = NAMES = (
    "01_simple_self_attention", "02_self_attention", "03_causal_attention", "04_multi_head_attention",
)  # fmt: skip


def data(notebook: Notebook) -> bytes:
    return text(notebook).encode()


def answers(name: str, language: str = "en", chapter: str = "ch03") -> bytes:
    return data(solved(chapter, name, language))


def blank(name: str) -> bytes:
    return (ROOT / f"release/en/ch03/{name}.ipynb").read_bytes()


def edited(name: str, *edits: str) -> bytes:
    notebook = solved("ch03", name, "en")
    for edit in edits:
        EDITS[edit](notebook, Random(0))
    return data(notebook)


def test_of_two_files_the_one_with_more_solved_work_counts(tmp_path: Path) -> None:
    write(tmp_path, f"{THREE}.ipynb", blank(THREE))
    write(tmp_path, f"{THREE} (1).ipynb", answers(THREE))
    half = solved("ch03", THREE, "en")
    for cell in half["cells"]:
        if cell["_name"] == "causal-attention":
            cell["source"] = half["_stubs"][cell["_name"]]
    write(tmp_path, f"old/{THREE}.ipynb", data(half))
    chosen = chosen_from(tmp_path, "ch03", NAMES)[THREE]
    assert chosen.file == f"{THREE} (1).ipynb"
    notes = notes_of(rebuilt(chosen))
    told = next(note for note in notes if note.startswith("Several files"))
    assert all(name in told for name in (f"{THREE}.ipynb", f"{THREE} (1).ipynb", f"old/{THREE}.ipynb"))


def test_of_two_files_with_as_much_work_the_one_with_the_right_name_counts(tmp_path: Path) -> None:
    for name in (f"Copy of {THREE}.ipynb", f"{THREE}.ipynb", f"a/{THREE} (3).ipynb"):
        write(tmp_path, name, answers(THREE))
    assert chosen_from(tmp_path, "ch03", NAMES)[THREE].file == f"{THREE}.ipynb"


def test_notebooks_under_each_others_names_are_graded_as_what_they_are(tmp_path: Path) -> None:
    write(tmp_path, f"{THREE}.ipynb", answers(FOUR))
    write(tmp_path, f"{FOUR}.ipynb", answers(THREE))
    chosen = chosen_from(tmp_path, "ch03", NAMES)
    for name, file in ((THREE, FOUR), (FOUR, THREE)):
        assert chosen[name].file == f"{file}.ipynb"
        assert any(f"it is the notebook {name}" in note for note in notes_of(rebuilt(chosen[name])))


def test_a_notebook_that_is_handed_in_twice_is_named(tmp_path: Path) -> None:
    write(tmp_path, f"{THREE}.ipynb", answers(THREE))
    write(tmp_path, f"{FOUR}.ipynb", answers(THREE))
    chosen = chosen_from(tmp_path, "ch03", NAMES)
    assert chosen[THREE].file == f"{THREE}.ipynb"
    assert f"{FOUR}.ipynb is another notebook, ch03/{THREE}" in str(chosen[FOUR].refused)


def test_what_a_wrong_notebook_gives_is_no_answer_to_the_right_one(tmp_path: Path) -> None:
    """Notebook 4 gives the class that notebook 3 asks for."""
    write(tmp_path, f"{THREE}.ipynb", edited(FOUR, "nothing_known"))
    chosen = chosen_from(tmp_path, "ch03", NAMES)[THREE]
    assert f"{THREE}.ipynb is another notebook, ch03/{FOUR}" in str(chosen.refused)


def test_answers_in_a_wrong_notebook_count(tmp_path: Path) -> None:
    notebook = solved("ch03", FOUR, "en")
    own = [cell for cell in solved("ch03", ONE, "en")["cells"] if cell["_role"] == "gap"]
    notebook["cells"][3:3] = own
    write(tmp_path, f"{ONE}.ipynb", data(notebook))
    chosen = chosen_from(tmp_path, "ch03", NAMES)
    assert chosen[FOUR].refused is None
    one = rebuilt(chosen[ONE])
    assert not list(lost(one, exercises("ch03", ONE, "en")))
    assert f"is the notebook ch03/{FOUR}, not {ONE}" in notes_of(one)[0]
    assert not list(lost(rebuilt(chosen[FOUR]), exercises("ch03", FOUR, "en")))


def test_an_unreadable_file_costs_no_other_notebook(tmp_path: Path) -> None:
    for name in NAMES:
        write(tmp_path, f"{name}.ipynb", answers(name, "pt-BR"))
    write(tmp_path, f"{THREE}.ipynb", answers(THREE)[:5000])
    chosen = chosen_from(tmp_path, "ch03", NAMES)
    assert [name for name, one in chosen.items() if one.refused is not None] == [THREE]
    page = rebuilt(chosen[THREE])
    assert "O que fazer: " in page.metadata.autograder.refused, "in the language of the others"
    assert "o arquivo está cortado antes do fim" in page.metadata.autograder.refused


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_the_language_is_known_without_the_first_cell(tmp_path: Path, language: str) -> None:
    notebook = solved("ch03", THREE, language)
    for edit in ("nothing_known", "no_setup", "only_answers"):
        EDITS[edit](notebook, Random(0))
    write(tmp_path, "x.ipynb", data(notebook))
    notes = notes_of(rebuilt(chosen_from(tmp_path, "ch03", NAMES)[THREE]))
    assert notes[0].startswith({"en": "The file", "pt-BR": "O arquivo"}[language])


def test_a_fault_of_ours_is_no_answer(tmp_path: Path) -> None:
    write(tmp_path, f"{THREE}.ipynb", answers(THREE))
    chosen = broken(chosen_from(tmp_path, "ch03", NAMES)[THREE], KeyError("x"))
    page = rebuilt(chosen)
    assert "could not be repaired (KeyError)" in page.metadata.autograder.refused
    assert answered(page, page) == []


def test_links_are_not_followed(tmp_path: Path) -> None:
    real = tmp_path / "real"
    write(real, f"{THREE}.ipynb", answers(THREE))
    folder = tmp_path / "student"
    folder.mkdir()
    (folder / f"{THREE}.ipynb").symlink_to(real / f"{THREE}.ipynb")
    (folder / "more").symlink_to(real)
    (folder / ".hidden").symlink_to(real)
    found = handed_in(folder)
    assert found.notebooks == []
    assert sorted(found.links) == [".hidden", f"{THREE}.ipynb", "more"]


def test_a_folder_is_only_read(tmp_path: Path) -> None:
    write(tmp_path, "a.zip", zipped({"../../outside.ipynb": answers(THREE), "/etc/x.ipynb": answers(FOUR)}))
    before = sorted(tmp_path.parent.rglob("*"))
    assert [one.name for one in handed_in(tmp_path).notebooks] == ["a.zip/../../outside.ipynb", "a.zip/etc/x.ipynb"]
    assert sorted(tmp_path.parent.rglob("*")) == before


def test_a_file_without_permission_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, f"{THREE}.ipynb", answers(THREE))

    def refuse(*arguments: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    refused = str(chosen_from(tmp_path, "ch03", NAMES)[THREE].refused)
    assert f"the file {THREE}.ipynb could not be read: it cannot be read (Permission denied)" in refused


def test_too_many_and_too_deep_files_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.submission.handed_in.MAX_FILES", 20)
    inner = zipped({"a.ipynb": answers(THREE)})
    for _ in range(5):
        inner = zipped({"b.zip": inner})
    write(tmp_path, "deep.zip", inner)
    write(tmp_path, "many.zip", zipped({f"{n}.ipynb": b"{}" for n in range(30)}))
    for n in range(30):
        write(tmp_path, f"files/{n}.ipynb", b"{}")
    found = handed_in(tmp_path)
    assert all(one.notebook is None for one in found.notebooks)
    assert len(found.notebooks) <= 20
    assert sum("holds too much" in str(one.refused) for one in found.notebooks) == 2


@pytest.mark.parametrize(
    "name",
    [
        "03_causal_attention.ipynb", "Copy of 03_causal_attention.ipynb", "03_causal_attention (1).ipynb",
        "03_Causal_Attention.ipynb", "03_causal_attention - Copia.ipynb", "Cópia de 03_causal_attention.ipynb",
        "03_causal_attention.ipynb.txt", "ch03.zip/ana silva 03-causal-attention-copy1.ipynb",
    ],
)  # fmt: skip
def test_names_of_copies_are_alike(name: str) -> None:
    assert name_likeness(name, THREE) == 100
    assert name_likeness(name, TWO) < 90


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_every_notebook_of_the_course_is_recognised_without_ids_and_name(tmp_path: Path, language: str) -> None:
    for one in course().notebooks():
        notebook = solved(one.chapter, one.name, language)
        for edit in ("nothing_known", "no_setup"):
            EDITS[edit](notebook, Random(0))
        write(tmp_path, "x.ipynb", data(notebook))
        found = choose_one(identifier(), tmp_path / "x.ipynb").source
        assert (found.chapter, found.name) == (one.chapter, one.name)


@pytest.mark.parametrize("language", ["en", "pt-BR"])
@pytest.mark.parametrize("edits", [(), ("nothing_known", "no_setup")])
def test_what_the_course_gives_is_never_an_answer(tmp_path: Path, language: str, edits: tuple[str, ...]) -> None:
    """Hints say almost the code, and later notebooks give what earlier ones ask for: an empty notebook stays empty."""
    for one in course().notebooks():
        notebook = solved(one.chapter, one.name, language)
        for cell in notebook["cells"]:
            cell["source"] = notebook["_stubs"].get(cell["_name"], cell["source"])
            if cell["cell_type"] == "markdown":
                cell["source"] = "A thought of mine. " + cell["source"]
        for edit in edits:
            EDITS[edit](notebook, Random(0))
        write(tmp_path, "x.ipynb", data(notebook))
        made = rebuilt(choose_one(identifier(), tmp_path / "x.ipynb"))
        gaps = [cell for cell in made.cells if cell.metadata.autograder.origin == "gap"]
        assert len(gaps) == len(one.exercises)
        assert [cell.id for cell in gaps if "NotImplementedError" not in cell.source] == [], f"{one.chapter}/{one.name}"


def test_a_stranger_is_told_the_five_most_likely(tmp_path: Path) -> None:
    notebook = solved("ch03", THREE, "en")
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["_role"] == ""][3:4]
    for cell in notebook["cells"]:
        cell["source"] = "import torch.nn.functional as F\nprint('nothing of the course')"
    EDITS["nothing_known"](notebook, Random(0))
    write(tmp_path, "homework.ipynb", data(notebook))
    with pytest.raises(UnknownAssignment) as caught:
        choose_one(identifier(), tmp_path / "homework.ipynb")
    assert str(caught.value).startswith(f"{tmp_path / 'homework.ipynb'}: this is not a notebook of the course")
    assert str(caught.value).count("%)") == 5


def test_a_zip_of_a_chapter_is_no_single_notebook(tmp_path: Path) -> None:
    write(tmp_path, "ch03.zip", zipped({f"{name}.ipynb": answers(name) for name in NAMES}))
    with pytest.raises(UnreadableNotebook, match="several notebooks") as caught:
        choose_one(identifier(), tmp_path / "ch03.zip")
    assert all(name in str(caught.value) for name in NAMES)
    write(tmp_path, "one.zip", zipped({"a.ipynb": answers(THREE), "b.ipynb": blank(THREE)}))
    assert choose_one(identifier(), tmp_path / "one.zip").file == "one.zip/a.ipynb"
