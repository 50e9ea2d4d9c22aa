"""Which of a student's files is graded as which notebook, and what the student is told about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.course.course import SourceNotebook
from autograder.i18n import N_
from autograder.language.notebooks import SOURCE, language_of, translated
from autograder.submission.handed_in import Found, HandedIn, readable
from autograder.submission.identify import ENOUGH, NAMED_ALIKE, Identifier, Likeness, name_likeness
from autograder.submission.matching import Ours, Theirs, match
from autograder.submission.notes import Note, Refused
from autograder.submission.repair import answered_gaps

LISTED = 5  # files that a message names


@dataclass(frozen=True)
class Chosen:
    """What is graded as one notebook of the course.

    Attributes:
        source: the notebook.
        submission: what the student handed in for it; empty where that is nothing.
        file: where it was found; "" where nothing was.
        notes: what the student is told about the file.
        refused: why nothing is graded; None where something is.
        error: whether a file was there that could not be graded, which the instructor should see.
    """

    source: SourceNotebook
    submission: NotebookNode
    file: str = ""
    notes: tuple[Note, ...] = ()
    refused: Note | None = None
    error: bool = False


@dataclass
class _Candidate:
    file: Found
    notebook: NotebookNode
    best: Likeness | None

    @property
    def source(self) -> SourceNotebook | None:
        return self.best.source if self.best else None

    def is_of(self, source: SourceNotebook) -> bool:
        return self.source is not None and _name(self.source) == _name(source)


def choose(identifier: Identifier, sources: Sequence[SourceNotebook], found: HandedIn) -> list[Chosen]:
    """Finds what is to be graded as each of some notebooks.

    Args:
        identifier: knows the course.
        sources: the notebooks that are wanted, such as those of a chapter.
        found: what the student handed in.

    Returns:
        One for each of the sources, in their order.
    """
    return _Choice(identifier, sources, found).run()


def choose_one(identifier: Identifier, path: Path) -> Chosen:
    """Finds which notebook a file is.

    Args:
        identifier: knows the course.
        path: a notebook, or a zip that holds one; of several copies of one, that with more solved work is taken.

    Raises:
        Refused: it cannot be read, or holds different notebooks.
        UnknownAssignment: it is no notebook of the course.
    """
    found = readable(path)
    named = {one.name: (one, identifier.identify(one.notebook, one.name)) for one in found.notebooks if one.notebook}
    sources = {_name(best.source): best.source for _, best in named.values() if best is not None}
    if not sources:
        one, _ = next(iter(named.values()))
        raise identifier.unknown(one.notebook or nbformat.v4.new_notebook(), str(path))
    if len(sources) > 1:
        raise Refused(
            str(path),
            N_("the zip holds several notebooks: {files}"),
            N_("unpack it and hand in one of them"),
            files=_listed(named),
        )
    (chosen,) = choose(identifier, list(sources.values()), found)
    # Who names a file needs not be told that it was found.
    return replace(chosen, notes=tuple(note for note in chosen.notes if note.kind != "renamed"))


def broken(chosen: Chosen, error: Exception) -> Chosen:
    """The same without its file, which our code could not handle."""
    values = {"file": chosen.file, "error": type(error).__name__}
    template = N_(
        "This notebook was not graded: the file {file} could not be repaired ({error}). What to do: tell your instructor."
    )
    empty: NotebookNode = nbformat.v4.new_notebook(metadata={"llmkit": {"language": language_of(chosen.submission)}})
    return replace(chosen, submission=empty, refused=Note("broken", None, template, values), error=True)


class _Choice:
    def __init__(self, identifier: Identifier, sources: Sequence[SourceNotebook], found: HandedIn) -> None:
        self.identifier, self.sources, self.found = identifier, sources, found
        names = [source.name for source in sources]
        self.candidates = [
            _Candidate(file, file.notebook, identifier.identify(file.notebook, file.name, names))
            for file in found.notebooks
            if file.notebook is not None
        ]
        for one in self.candidates:
            if one.source is not None:
                one.notebook.metadata["llmkit"] = {"language": identifier.language(one.notebook, one.source)}

    def run(self) -> list[Chosen]:
        return [self._right(source) or self._wrong(source) or self._none(source) for source in self.sources]

    @cached_property
    def language(self) -> str:
        """That of most of the student's notebooks, for what cannot be read."""
        spoken = [language_of(one.notebook) for one in self.candidates]
        return max(spoken, key=spoken.count, default=SOURCE)

    def _right(self, source: SourceNotebook) -> Chosen | None:
        """The file that holds the notebook; of several the one with more solved work."""
        mine = [one for one in self.candidates if one.is_of(source)]
        if not mine:
            return None
        by_name = [name_likeness(one.file.name, source.name) for one in mine]
        solved = [self._solved(source, one.notebook) for one in mine] if len(mine) > 1 else [0]
        place = max(
            range(len(mine)), key=lambda n: (solved[n], mine[n].file.base == f"{source.name}.ipynb", by_name[n])
        )
        chosen, notes = mine[place], []
        if chosen.file.name != f"{source.name}.ipynb":
            template = N_("The file {file} was recognised by what it contains: it is the notebook {notebook}.")
            notes.append(Note("renamed", None, template, {"file": chosen.file.name, "notebook": source.name}))
        if len(mine) > 1:
            template = N_(
                "Several files hold this notebook: {files}. {file} was graded, in which most exercises are solved."
            )
            notes.append(
                Note(
                    "several",
                    None,
                    template,
                    {"files": _listed(one.file.name for one in mine), "file": chosen.file.name},
                )
            )
        notes += [
            Note(
                "unreadable",
                None,
                N_("The file {file} could not be read: {why}. What to do: {remedy}."),
                {"file": file.name, "why": file.refused.why, "remedy": file.refused.what_to_do},
            )
            for file in self._unreadable(source)
            if file.refused is not None and name_likeness(file.name, source.name) >= NAMED_ALIKE
        ]
        return Chosen(source, chosen.notebook, chosen.file.name, tuple(notes))

    def _solved(self, source: SourceNotebook, notebook: NotebookNode) -> int:
        return answered_gaps(notebook, self._skeleton(source, language_of(notebook)))

    def _skeleton(self, source: SourceNotebook, language: str) -> NotebookNode:
        return translated(self.identifier.course, source, language).nb

    def _wrong(self, source: SourceNotebook) -> Chosen | None:
        """A file that is another notebook, but in which answers to this one stand, too."""
        for one in sorted(self.candidates, key=lambda one: -name_likeness(one.file.name, source.name)):
            ranking = self.identifier.ranking(one.notebook, one.file.name)
            alike = any(_name(like.source) == _name(source) and like.weight >= ENOUGH for like in ranking)
            if one.source is None or not alike:
                continue
            left = self._without(one.source, one.notebook)
            if self._solved(source, left):
                template = N_(
                    "The file {file} is the notebook {other}, not {notebook}. What it holds of {notebook} was graded."
                )
                values = {"file": one.file.name, "other": _name(one.source), "notebook": source.name}
                return Chosen(source, left, one.file.name, (Note("other", None, template, values),))
        return None

    def _without(self, other: SourceNotebook, notebook: NotebookNode) -> NotebookNode:
        """The cells of a notebook that are none of another's: what that one gives, or asks, is no answer here."""
        theirs = [Theirs.of(cell) for cell in notebook.cells]
        owner, _ = match(theirs, [Ours(cell) for cell in self._skeleton(other, language_of(notebook)).cells])
        left: NotebookNode = nbformat.v4.new_notebook(metadata=notebook.metadata)
        left.cells = [cell for i, cell in enumerate(notebook.cells) if i not in owner]
        return left

    def _none(self, source: SourceNotebook) -> Chosen:
        """Nothing is there to grade: why."""
        name = source.name
        empty: NotebookNode = nbformat.v4.new_notebook(metadata={"llmkit": {"language": self.language}})
        for file in self._unreadable(source):
            if file.refused is not None:
                values = {"file": file.name, "why": file.refused.why, "remedy": file.refused.what_to_do}
                template = N_(
                    "This notebook was not graded: the file {file} could not be read: {why}. What to do: {remedy}."
                )
                return Chosen(source, empty, file.name, refused=Note("unreadable", None, template, values), error=True)
        named = [one for one in self.candidates if name_likeness(one.file.name, name) >= NAMED_ALIKE]
        for one in named:
            values = {"file": one.file.name, "notebook": name}
            if one.source is not None:
                values["other"] = _name(one.source)
                template = N_(
                    "This notebook was not graded: the file {file} is another notebook, {other}. What to do: hand in {notebook}.ipynb."
                )
            else:
                template = N_(
                    "This notebook was not graded: the file {file} holds nothing of it. What to do: hand in {notebook}.ipynb."
                )
            return Chosen(source, empty, one.file.name, refused=Note("other", None, template, values), error=True)
        files = _listed([*(file.name for file in self.found.notebooks), *self.found.others, *self.found.links])
        template = N_("This notebook was not handed in. What to do: hand in {notebook}.ipynb.")
        if files:
            template = N_(
                "This notebook was not among the files that were handed in ({files}). What to do: hand in {notebook}.ipynb."
            )
        return Chosen(source, empty, refused=Note("missing", None, template, {"notebook": name, "files": files}))

    def _unreadable(self, source: SourceNotebook) -> Iterator[Found]:
        """Files that could not be read and may be this notebook: by their names, then those whose names say nothing."""
        torn = [file for file in self.found.notebooks if file.notebook is None]
        yield from (file for file in torn if name_likeness(file.name, source.name) >= NAMED_ALIKE)
        yield from (
            file for file in torn if all(name_likeness(file.name, one.name) < NAMED_ALIKE for one in self.sources)
        )


def _name(source: SourceNotebook) -> str:
    return f"{source.chapter}/{source.name}"


def _listed(files: Iterable[str]) -> str:
    names = list(files)
    return ", ".join(names[:LISTED]) + ", …" * (len(names) > LISTED)
