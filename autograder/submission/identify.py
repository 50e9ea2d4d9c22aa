"""Which notebook of the course a submission is, by what is in it: its `start` call, ids, names, headings and lines."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from nbformat.notebooknode import NotebookNode
from rapidfuzz import fuzz

from autograder.course.course import Course, SourceNotebook
from autograder.errors import UnknownAssignment
from autograder.language.notebooks import SOURCE, language_of, languages, translated
from llmkit.cells import grade_id

# How much a thing says about which notebook it is of, where no other notebook has it.
_WEIGHTS = {"start": 10.0, "id": 3.0, "name": 2.0, "line": 0.5}
# A notebook is one of the course from here on: one id, two names of functions, or a few lines, that no other notebook has.
ENOUGH = 10.0
NAMED_ALIKE = 90.0  # likeness of file names, of 100
LISTED = 5

_START = re.compile(r"llmkit\.start\(\s*[\"']([^\"']+)[\"']")
_DEFINITION = re.compile(r"^(?:async\s+def|def|class)\s+(\w+)", re.MULTILINE)
# What file managers and Google Drive make of the name of a copy.
_COPY = re.compile(r"^(copy of|c[oó]pia de|copie de|kopie von) | ?\(\d+\)| (copy|c[oó]pia) ?\d*$")

Feature = tuple[str, str]


@dataclass(frozen=True)
class Likeness:
    """How much a submission is like one notebook of the course.

    Attributes:
        source: the notebook.
        weight: of all that both have; ENOUGH or more means that the submission is this notebook, or a part of it.
        share: of the notebook's own weight, in [0, 1].
    """

    source: SourceNotebook
    weight: float
    share: float


class Identifier:
    """Knows what is in each notebook of a course, in every language.

    Args:
        course: the course.
    """

    def __init__(self, course: Course) -> None:
        self.course = course

    def warm_up(self) -> None:
        """Reads the course now."""
        _ = self._wholes

    @cached_property
    def _features(self) -> list[tuple[SourceNotebook, frozenset[Feature]]]:
        return [(source, frozenset(_of_source(source.nb, source))) for source in self.course.notebooks()]

    @cached_property
    def _texts(self) -> list[frozenset[Feature]]:
        """The texts of each notebook in the other languages; read only where the rest does not suffice."""
        return [
            frozenset(
                line
                for language in languages(self.course)
                for cell in translated(self.course, source, language).nb.cells
                for line in _lines(cell)
            )
            for source, _ in self._features
        ]

    @cached_property
    def _rarity(self) -> dict[Feature, float]:
        """What each feature weighs: the more, the fewer notebooks have it."""
        count = Counter(feature for _, features in self._features for feature in features)
        return {f: _WEIGHTS[f[0]] * math.log((len(self._features) + 1) / n) for f, n in count.items()}

    @cached_property
    def _wholes(self) -> list[float]:
        """What all features of each notebook weigh."""
        return [sum(self._rarity[feature] for feature in features) for _, features in self._features]

    def ranking(self, submission: NotebookNode, name: str, first: Iterable[str] = ()) -> list[Likeness]:
        """The notebooks of the course, the most alike first.

        Args:
            submission: result of `read_notebook`.
            name: of the file; decides between notebooks that are equally alike.
            first: names of notebooks that come first among equals.
        """
        has = frozenset(_of_submission(submission))
        weights = [sum(self._rarity[feature] for feature in has & features) for _, features in self._features]
        if has and max(weights, default=0) < ENOUGH:
            weights = [max(weight, self._weight_of_texts(has, n)) for n, weight in enumerate(weights)]
        found = []
        for weight, whole, (source, _) in zip(weights, self._wholes, self._features, strict=True):
            found.append(Likeness(source, weight, min(1.0, weight / whole) if whole else 0.0))
        preferred = set(first)
        return sorted(
            found,
            key=lambda one: (-one.weight, one.source.name not in preferred, -name_likeness(name, one.source.name)),
        )

    def _weight_of_texts(self, has: frozenset[Feature], place: int) -> float:
        shared = has & self._texts[place]
        return sum(
            _WEIGHTS["line"] * math.log((len(self._texts) + 1) / sum(line in texts for texts in self._texts))
            for line in shared
        )

    def identify(self, submission: NotebookNode, name: str, first: Iterable[str] = ()) -> Likeness | None:
        """The notebook that a submission is; None where neither its content nor its name tells.

        Args:
            submission: result of `read_notebook`.
            name: of the file.
            first: names of notebooks that come first among equals.
        """
        ranking = self.ranking(submission, name, first)
        if ranking and ranking[0].weight >= ENOUGH:
            return ranking[0]
        return max(
            (one for one in ranking if one.weight and name_likeness(name, one.source.name) >= NAMED_ALIKE),
            key=lambda one: name_likeness(name, one.source.name),
            default=None,
        )

    def language(self, submission: NotebookNode, source: SourceNotebook) -> str:
        """The language of a submission: of its `start` call, else that in which most of its lines stand.

        Args:
            submission: result of `read_notebook`.
            source: the notebook that it is.
        """
        if any(_START.search(cell.source) for cell in submission.cells):
            return language_of(submission)
        has = {line for cell in submission.cells for line in _lines(cell)}
        spoken = {
            language: len(
                has & {line for cell in translated(self.course, source, language).nb.cells for line in _lines(cell)}
            )
            for language in (SOURCE, *languages(self.course))
        }
        return max(spoken, key=lambda language: spoken[language])

    def unknown(self, submission: NotebookNode, name: str) -> UnknownAssignment:
        """The error for a submission that is no notebook of the course: names the most similar ones."""
        near = ", ".join(
            f"{one.source.chapter}/{one.source.name} ({one.share:.0%})"
            for one in self.ranking(submission, name)[:LISTED]
        )
        return UnknownAssignment(
            f"{name}: this is not a notebook of the course",
            f"hand in one of the course's notebooks; most like it are {near}",
        )


def name_likeness(name: str, notebook: str) -> float:
    """How alike a file's name is to that of a notebook, from 0 to 100: copies and capitals do not count.

    Args:
        name: such as "ch03.zip/Copy of 03_Causal_Attention (1).ipynb".
        notebook: such as "03_causal_attention".
    """
    bare = _COPY.sub("", re.sub(r"[ _-]+", " ", PurePosixPath(name).name.lower().partition(".ipynb")[0].strip()))
    wanted = notebook.lower().replace("_", " ")
    return 100.0 if wanted in bare else float(fuzz.ratio(bare, wanted))


def _of_source(notebook: NotebookNode, source: SourceNotebook) -> Iterable[Feature]:
    yield "start", f"{source.chapter}/{source.name}"
    yield from _features_of(notebook)


def _of_submission(notebook: NotebookNode) -> Iterable[Feature]:
    for cell in notebook.cells:
        yield from (("start", name) for name in _START.findall(cell.source))
    yield from _features_of(notebook)


def _features_of(notebook: NotebookNode) -> Iterable[Feature]:
    for cell in notebook.cells:
        yield from (("id", id) for id in (cell.get("id"), cell.metadata.get("id"), grade_id(cell)) if id)
        yield from (("name", name) for name in _DEFINITION.findall(cell.source) if cell.cell_type == "code")
        yield from _lines(cell)


def _lines(cell: NotebookNode) -> Iterable[Feature]:
    return (("line", squeezed) for line in cell.source.split("\n") if len(squeezed := " ".join(line.split())) > 11)
