"""Mangled but right submissions, which earn all points, and hopeless ones, which earn none and are told why."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from edits import EDITS, nothing_known
from files import FORMS, PLACES, text, write, zipped
from hand_ins import CHAPTERS, LANGUAGES, HandIn, solved

TOOLS = (
    "colab",
    "vscode",
    "kaggle",
    "deepnote",
    "cocalc",
    "dataspell",
    "databricks",
    "nteract",
    "marimo",
    "jupytext",
    "google_drive",
)


def right() -> dict[str, HandIn]:
    """Every edit, form and place once, every tool in both languages, and what comes together; by student."""
    places = cycle([(chapter, language) for chapter in CHAPTERS for language in LANGUAGES])
    found: dict[str, HandIn] = {}

    def add(student: str, *edits: str, form: str = "utf-8", place: str = "as it should be") -> None:
        chapter, language = next(places)
        found[student.replace(" ", "-")] = HandIn(chapter, language, edits, form, place, seed=len(found))

    for edit in EDITS:
        add(f"edit-{edit}", edit)
    for form in FORMS:
        add(f"form-{form}", form=form)
    for number, place in enumerate(PLACES):
        add(f"place-{number}", place=place)
    for tool in TOOLS:
        add(f"again-{tool}", tool, "outputs", "lists_of_lines", place="copy of")
    add("lost-and-renamed", "nothing_known", "only_answers", place="any name")
    add("lost-and-shuffled", "nothing_known", "answers_last", "copied_stub", form="utf-16", place="zip in zip")
    add("colab-then-vscode", "colab", "vscode", "own_cells", "split_answer", form="crlf", place="(1)")
    add("all-merged", "merged_with_test", "merged_texts", "deleted_cells", "moved_cell", place="folder")
    return found


@dataclass(frozen=True)
class Hopeless:
    """A submission of which nothing can be graded.

    Attributes:
        chapter: it is handed in for.
        write: writes it into a folder.
        reason: words of what the student is told, in English.
    """

    chapter: str
    write: Callable[[Path], None]
    reason: str


def hopeless() -> dict[str, Hopeless]:
    """By student; English throughout."""
    chapters = cycle(CHAPTERS)
    found: dict[str, Hopeless] = {}

    def add(student: str, reason: str, make: Callable[[Path, str, bytes], None]) -> None:
        chapter = next(chapters)
        name = CHAPTERS[chapter][0]
        data = text(solved(chapter, name, "en")).encode()
        found[student] = Hopeless(chapter, lambda folder: make(folder, f"{name}.ipynb", data), reason)

    def content(data: bytes) -> Callable[[Path, str, bytes], None]:
        return lambda folder, name, _: write(folder, name, data)

    add("empty-file", "the file is empty", content(b""))
    add("web-page", "a web page", content(b"<!DOCTYPE html>\n<html><body>Sign in</body></html>"))
    add("pdf", "a PDF", content(b"%PDF-1.7 x"))
    add("torn", "cut off", lambda folder, name, data: write(folder, name, data[: len(data) // 3]))
    add("torn-in-zip", "cut off", lambda folder, name, data: write(folder, "ch.zip", zipped({name: data[:999]})))
    add(
        "broken-zip",
        "zip cannot be opened",
        lambda folder, name, data: write(folder, "ch.zip", zipped({name: data})[:-40]),
    )
    add("empty-zip", "no notebook", lambda folder, name, data: write(folder, "ch.zip", zipped({"a.txt": b"x"})))
    add(
        "git-conflict",
        "two versions",
        lambda f, n, data: write(f, n, b"<<<<<<< HEAD\n" + data + b"\n=======\n>>>>>>> x\n"),
    )
    add("git-lfs", "not a notebook", content(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"))
    add(
        "too-new",
        "too new",
        lambda folder, name, data: write(folder, name, data.replace(b'"nbformat": 4', b'"nbformat": 7')),
    )
    add(
        "script",
        "not among the files",
        lambda folder, name, data: write(folder, "solution.py", b"def tokenize(x): ..."),
    )
    add("nothing", "not handed in", lambda folder, name, data: folder.mkdir(parents=True, exist_ok=True))
    add("no-cells", "no cells", content(b'{"nbformat": 4, "metadata": {}}'))
    add("emptied", "holds nothing of it", content(b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}'))
    add("not-the-course", "holds nothing of it", content(_stranger()))
    add("wrong-notebook", "another notebook", _other_chapter)
    add("wrong-and-unnamed", "another notebook", _other_chapter_unnamed)
    add("link", "not among the files", lambda folder, name, data: _link(folder, name))
    return found


def _stranger() -> bytes:
    cell = {
        "cell_type": "code",
        "metadata": {},
        "source": "import pandas as pd\npd.read_csv('x.csv')",
        "outputs": [],
        "execution_count": 1,
    }
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell]}).encode()


def _other_chapter(folder: Path, name: str, data: bytes) -> None:
    chapter = next(chapter for chapter in CHAPTERS if name.removesuffix(".ipynb") not in CHAPTERS[chapter])
    write(folder, name, text(solved(chapter, CHAPTERS[chapter][0], "en")).encode())


def _other_chapter_unnamed(folder: Path, name: str, data: bytes) -> None:
    from random import Random

    chapter = next(chapter for chapter in CHAPTERS if name.removesuffix(".ipynb") not in CHAPTERS[chapter])
    notebook = solved(chapter, CHAPTERS[chapter][0], "en")
    nothing_known(notebook, Random(0))
    write(folder, name, text(notebook).encode())


def _link(folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).symlink_to("/etc/passwd")
