"""Makes the page that the course starts with: all chapters and notebooks, what they take and need, and how far the student is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.course.course import SourceNotebook
from autograder.i18n import gettext as _
from llmkit.i18n import using

# **Chapter 3, notebook 3 of 4 · about 60 minutes · 13 points**
_STATED = re.compile(r"\*\*([^,*]+), [^·*]* · [^·*\d]*(\d+) [^·*]* · (\d+) [^·*]*\*\*")
_FIRST_SENTENCE = re.compile(r".*?[.!?](?=\s|$)", re.S)


@dataclass(frozen=True)
class Stated:
    """What the first cell of a notebook says of it.

    Attributes:
        title: its heading.
        chapter: such as "Chapter 3"; empty where nothing is said, as the others then.
        minutes: that it takes.
        points: that it is worth.
        needs: what its reader should know.
    """

    title: str
    chapter: str = ""
    minutes: str = ""
    points: str = ""
    needs: str = ""

    @classmethod
    def of(cls, notebook: SourceNotebook) -> Stated:
        """Reads a notebook's title, the line below it, and the first sentence of the last paragraph."""
        heading, *others = notebook.nb.cells[0].source.split("\n\n") if notebook.nb.cells else [""]
        title = heading.removeprefix("# ").strip() or notebook.name
        found = _STATED.fullmatch(others[0].strip()) if others else None
        if found is None:
            return cls(title)
        last = _FIRST_SENTENCE.match(" ".join(others[-1].split()))
        return cls(title, found[1], found[2], found[3], last[0] if last and len(others) > 1 else "")


def in_order(chapters: Sequence[str]) -> list[str]:
    """Chapters as they are taught: the numbered ones, then the appendices."""
    return sorted(chapters, key=lambda name: (not name[-1:].isdigit(), name))


def start_page(chapters: Mapping[str, list[SourceNotebook]], language: str) -> NotebookNode:
    """The start page of one language; its metadata hold the outline that `llmkit.progress` reads.

    Args:
        chapters: the notebooks of each chapter, translated.
        language: such as "pt-BR".
    """
    outline, cells = [], []
    with using(language):
        for chapter in in_order(list(chapters)):
            stated = {notebook.name: Stated.of(notebook) for notebook in chapters[chapter]}
            title = next((one.chapter for one in stated.values() if one.chapter), chapter)
            cells.append(nbformat.v4.new_markdown_cell(_chapter(chapter, title, stated), id=f"{chapter}-notebooks"))
            listed = [
                {
                    "name": notebook.name,
                    "title": _plain(stated[notebook.name].title),
                    "exercises": {exercise.grade_id: list(exercise.test_ids) for exercise in notebook.exercises},
                }
                for notebook in chapters[chapter]
            ]
            outline.append({"name": chapter, "title": title, "notebooks": listed})
        cells = [
            nbformat.v4.new_markdown_cell(_welcome(), id="welcome"),
            nbformat.v4.new_code_cell("import llmkit\n\nllmkit.progress()", id="progress"),
            *cells,
            nbformat.v4.new_markdown_cell(_how_graded(), id="how-graded"),
            nbformat.v4.new_markdown_cell(_when_done(), id="when-done"),
        ]
    first = next(iter(chapters.values()))[0].nb.metadata
    about = {name: first[name] for name in ("kernelspec", "language_info") if name in first}
    return nbformat.v4.new_notebook(cells=cells, metadata=about | {"llmkit": {"language": language, "course": outline}})


def _welcome() -> str:
    return "\n\n".join(
        [
            f"# {_('Build a large language model from scratch')}",
            _(
                "The whole course on one page. Take the chapters in their order; each notebook says what it needs, and a click on its title "
                "opens it."
            ),
            _(
                "Run the next cell (Shift + Enter) to see which exercises' tests have passed and where to continue. This is kept on your "
                "machine, and nobody else sees it."
            ),
        ]
    )


def _chapter(chapter: str, title: str, stated: Mapping[str, Stated]) -> str:
    headings = (_("notebook"), _("minutes"), _("points"), _("before you start"))
    rows = [f"| {' | '.join(headings)} |", "|---|---:|---:|---|"]
    for name, one in stated.items():
        link = f"[{_cell(one.title)}]({chapter}/{name}.ipynb)"
        rows.append(f"| {link} | {one.minutes} | {one.points} | {_cell(one.needs)} |")
    return f"## {title}\n\n" + "\n".join(rows)


def _how_graded() -> str:
    return "\n\n".join(
        [
            f"## {_('How your work is graded')}",
            _(
                "The cell below each exercise tests your code with **visible checks**: it says for each one whether it passed, what was expected "
                "and what came. When your notebook is graded, the same cell runs again with **hidden checks**, for instance with other inputs; "
                "under the visible ones you read how many there are."
            ),
            _(
                "Each check has a weight, and your points are the share of those that passed, visible and hidden together: with all visible "
                "checks passed and one hidden one failed you get, say, 2.57 of 3 points. The feedback tells what each hidden check was about, "
                "and why your code did not pass it."
            ),
            _(
                "A test runs what your kernel knows. If a cell ended with an error when you last ran it, its function is still the one from before, "
                "and the test says so: mend the cell, run it, then run the test again."
            ),
            _(
                "One question in each chapter is answered in words, in a new cell below it. A person reads and marks it; its 4 points come on top "
                "of those of the tests."
            ),
        ]
    )


def _when_done() -> str:
    return "\n\n".join(
        [
            f"## {_('When you are done')}",
            _(
                "The last cell of each notebook packs its chapter for handing in. Learning by yourself? `llmkit check ch03` in a terminal "
                "grades a chapter with the hidden tests, too."
            ),
            _(
                "When an exercise has all its points there, you can see the course's solution beside your code: "
                '`llmkit.solution("causal-mask")` in a new cell of its notebook, or `llmkit check ch03 --solution` in the terminal.'
            ),
        ]
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _plain(title: str) -> str:
    return re.sub(r"[`*]", "", title)
