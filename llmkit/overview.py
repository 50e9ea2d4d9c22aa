"""How far a student is: exercises whose visible tests have passed, chapter by chapter, and where to continue."""

from __future__ import annotations

import os
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from llmkit import i18n, passed
from llmkit.i18n import gettext as _
from llmkit.outline import outline_near
from llmkit.views.markup import blocks
from llmkit.views.palette import GREEN, GREY, tint


@dataclass(frozen=True)
class Notebook:
    """How far one notebook is.

    Attributes:
        id: chapter and name, such as "ch03/03_causal_attention".
        title: its heading.
        done: exercises whose visible tests have all passed.
        exercises: all of them.
        file: where it is.
    """

    id: str
    title: str
    done: int
    exercises: int
    file: Path


@dataclass(frozen=True)
class Chapter:
    """How far one chapter is.

    Attributes:
        title: such as "Chapter 3".
        notebooks: its notebooks in order; without the course's start page there are none.
        done: exercises whose visible tests have all passed.
        exercises: all of them; None where nobody knows.
    """

    title: str
    notebooks: tuple[Notebook, ...]
    done: int
    exercises: int | None


class Progress:
    """How far a student is; a table in a notebook, text elsewhere.

    Args:
        chapters: in the course's order.
        next_one: the notebook to continue with; None where all is done, or nobody knows.
        lang: of the words.
    """

    def __init__(self, chapters: list[Chapter], next_one: Notebook | None, lang: str) -> None:
        self.chapters, self.next, self._lang = chapters, next_one, lang

    def __str__(self) -> str:
        with i18n.using(self._lang):
            width = max((len(chapter.title) for chapter in self.chapters), default=0)
            lines = [
                f"{chapter.title:<{width}}  {_bar(chapter)}{_counted(chapter)}" for chapter in self.chapters
            ] + self._remarks()
            if self.next is not None:
                lines.append(_("Continue here: {notebook}").format(notebook=f"{self.next.id} ({self.next.title})"))
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        with i18n.using(self._lang):
            rows = "".join(
                f'<tr style="background:none"><td style="text-align:left">{escape(chapter.title)}</td>'
                f'<td style="width:260px"><div style="background:{tint(GREY, 0.3)};border-radius:3px">'
                f'<div style="background:{GREEN};border-radius:3px;height:.8em;width:{100 * _share(chapter):.0f}%"></div></div></td>'
                f'<td style="text-align:left">{escape(_counted(chapter))}</td></tr>'
                for chapter in self.chapters
            )
            parts = [f"<table>{rows}</table>"] if rows else []
            parts += [f"<p>{escape(remark)}</p>" for remark in self._remarks()]
            if self.next is not None:
                link = f'<a href="{escape(_address(self.next.file))}">{escape(self.next.title)}</a>'
                told = escape(_("Continue here: {notebook}")).format(notebook=link)
                parts.append(f"<p><b>{told}</b></p>")
        return "".join(parts)

    def _remarks(self) -> list[str]:
        counts = [(chapter.done, chapter.exercises) for chapter in self.chapters]
        if not any(done for done, _all in counts):
            return [_("No exercise's tests have passed here yet.")]
        if all(done == exercises for done, exercises in counts):
            return [_("All exercises' tests have passed. Congratulations!")]
        return []


def progress(lang: str | None = None, folder: str | Path | None = None) -> Progress:
    """How far you are: which exercises' visible tests have passed on this machine. Nobody else sees it.

    Args:
        lang: "en" or "pt-BR"; by default the language of the course's start page, else that of `llmkit.start`.
        folder: the course's folder, with its start page; by default it is looked for around the working folder.

    Returns:
        A table in a notebook, text elsewhere.
    """
    done = passed.tests()
    found = outline_near(lang or i18n.language(), folder)
    if found is None:
        return Progress(_without_outline(done), None, lang or i18n.language())
    chapters = [_chapter(chapter, done, found.folder) for chapter in found.chapters]
    return Progress(chapters, _continue(chapters, found.chapters, done), lang or found.language)


def _chapter(chapter: dict[str, Any], done: dict[str, str], place: Path) -> Chapter:
    name = chapter["name"]
    notebooks = tuple(
        Notebook(
            f"{name}/{one['name']}",
            one["title"],
            sum(all(f"{name}/{test}" in done for test in tests) for tests in one["exercises"].values()),
            len(one["exercises"]),
            place / name / f"{one['name']}.ipynb",
        )
        for one in chapter["notebooks"]
    )
    return Chapter(chapter["title"], notebooks, sum(n.done for n in notebooks), sum(n.exercises for n in notebooks))


def _continue(chapters: list[Chapter], outline: list[dict[str, Any]], done: dict[str, str]) -> Notebook | None:
    """The notebook of the last test that passed, or, if it is done, the next one that is not."""
    owner = {
        f"{chapter['name']}/{test}": f"{chapter['name']}/{one['name']}"
        for chapter in outline
        for one in chapter["notebooks"]
        for tests in one["exercises"].values()
        for test in tests
    }
    notebooks = [notebook for chapter in chapters for notebook in chapter.notebooks]
    last = next((owner[test] for test in reversed(done) if test in owner), None)
    where = next((number for number, notebook in enumerate(notebooks) if notebook.id == last), 0)
    return next((n for n in [*notebooks[where:], *notebooks[:where]] if n.done < n.exercises), None)


def _without_outline(done: dict[str, str]) -> list[Chapter]:
    """The chapters of the tests that have passed; nobody knows how many exercises they have."""
    exercises = {(test.partition("/")[0], test.partition("/")[2].partition("-test")[0]) for test in done}
    chapters = sorted({chapter for chapter, _name in exercises})
    return [Chapter(name, (), sum(one == name for one, _gap in exercises), None) for name in chapters]


def _address(file: Path) -> str:
    """A notebook's address as the open notebook links it."""
    return quote(Path(os.path.relpath(file)).as_posix())


def _share(chapter: Chapter) -> float:
    return chapter.done / chapter.exercises if chapter.exercises else 0.0


def _bar(chapter: Chapter) -> str:
    return f"{blocks(_share(chapter), width=20):·<20}  " if chapter.exercises else ""


def _counted(chapter: Chapter) -> str:
    if chapter.exercises is None:
        return _("exercises passed: {done}").format(done=chapter.done)
    return _("{done} of {exercises} exercises").format(done=chapter.done, exercises=chapter.exercises)
