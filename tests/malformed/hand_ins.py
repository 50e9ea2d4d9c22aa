"""Hand-ins: solved notebooks, edited, written to a file, laid in a student's folder; and what must come of them."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from edits import EDITS, Notebook, marked
from files import FORMS, PLACES
from hypothesis import strategies as st
from nbformat.notebooknode import NotebookNode

from autograder.course.course import Course, Exercise, SourceNotebook
from autograder.language.notebooks import translated
from autograder.submission.choose import Chosen, choose
from autograder.submission.handed_in import handed_in
from autograder.submission.identify import Identifier
from autograder.submission.prepare import prepare
from llmkit.cells import grade_id, plain_python, role

ROOT = Path(__file__).parents[2]
# Two notebooks of each of three chapters; students solve the first of each.
CHAPTERS = {
    "ch01": ("01_what_is_a_language_model", "02_measuring_a_language_model"),
    "ch02": ("01_simple_tokenizer", "02_simple_encoder"),
    "ch03": ("03_causal_attention", "01_simple_self_attention"),
}
LANGUAGES = ("en", "pt-BR")


@cache
def course() -> Course:
    return Course(ROOT)


@cache
def identifier() -> Identifier:
    return Identifier(course())


def source(chapter: str, name: str) -> SourceNotebook:
    return next(one for one in course().notebooks(chapter) if one.name == name)


@cache
def exercises(chapter: str, name: str, language: str) -> tuple[Exercise, ...]:
    return tuple(translated(course(), source(chapter, name), language).exercises)


@cache
def _release(chapter: str, name: str, language: str) -> str:
    return (ROOT / "release" / language / chapter / f"{name}.ipynb").read_text(encoding="utf-8")


def solved(chapter: str, name: str, language: str) -> Notebook:
    """What a student opened, with the solution in each gap."""
    made = marked(json.loads(_release(chapter, name, language)))
    made["_stubs"] = {cell["_name"]: cell["source"] for cell in made["cells"] if cell["_role"] == "gap"}
    answers = {exercise.grade_id: exercise.solution for exercise in exercises(chapter, name, language)}
    for cell in made["cells"]:
        cell["source"] = answers.get(cell["_name"], cell["source"])
    return made


@dataclass(frozen=True)
class HandIn:
    """A right solution, as it arrives.

    Attributes:
        chapter: of the notebook.
        language: of the notebook.
        edits: names of what was done to it, in order.
        form: name of its file format.
        place: name of where it lies.
        seed: of the choices in the edits.
    """

    chapter: str
    language: str
    edits: tuple[str, ...] = ()
    form: str = "utf-8"
    place: str = "as it should be"
    seed: int = 0

    @property
    def name(self) -> str:
        return CHAPTERS[self.chapter][0]

    def data(self) -> bytes:
        notebook, random = solved(self.chapter, self.name, self.language), Random(self.seed)
        for edit in self.edits:
            EDITS[edit](notebook, random)
        return FORMS[self.form](notebook)

    def write(self, folder: Path) -> None:
        PLACES[self.place](folder, self.name, self.data())


# What takes away most of what cells and notebooks are recognised by comes first in a third of them, so that other edits meet it.
FIRST = ((), (), (), (), ("nothing_known",), ("nothing_known", "no_setup"))


@st.composite
def hand_ins(draw: st.DrawFn) -> HandIn:
    return HandIn(
        draw(st.sampled_from(sorted(CHAPTERS))),
        draw(st.sampled_from(LANGUAGES)),
        draw(st.sampled_from(FIRST)) + tuple(draw(st.lists(st.sampled_from(sorted(EDITS)), max_size=6))),
        draw(st.sampled_from(sorted(FORMS))),
        draw(st.sampled_from(sorted(PLACES))),
        draw(st.integers(0, 10_000)),
    )


def chosen_from(folder: Path, chapter: str, names: Sequence[str] | None = None) -> dict[str, Chosen]:
    """What nbgrader's converter would grade as each notebook of a chapter."""
    sources = [source(chapter, name) for name in names or CHAPTERS[chapter]]
    return {one.source.name: one for one in choose(identifier(), sources, handed_in(folder))}


def rebuilt(chosen: Chosen) -> NotebookNode:
    return prepare(course(), chosen)


def _statements(code: str) -> list[ast.stmt]:
    """The statements of a cell; none where it does not parse, as it then does nothing."""
    try:
        return ast.parse(plain_python(code)).body
    except (SyntaxError, ValueError):
        return []


def _names(statement: ast.stmt) -> list[str]:
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        return [target.id for target in statement.targets if isinstance(target, ast.Name)]
    return []


def lost(notebook: NotebookNode, wanted: Iterable[Exercise]) -> Iterator[str]:
    """The exercises whose tests would not meet the solution's code: whose names mean something else by then, or nothing."""
    for exercise in wanted:
        means: dict[str, str] = {}
        there: set[str] = set()
        for cell in notebook.cells:
            if role(cell) == "test" and grade_id(cell) in exercise.test_ids:
                break
            if cell.cell_type == "code" and role(cell) != "test":
                for statement in _statements(cell.source):
                    there.add(ast.dump(statement))
                    means |= {name: ast.dump(statement) for name in _names(statement)}
        for statement in _statements(exercise.solution):
            dump = ast.dump(statement)
            if dump not in there or any(means[name] != dump for name in _names(statement)):
                yield f"{exercise.id}: {ast.unparse(statement).splitlines()[0]}"


def answered(notebook: NotebookNode, empty: NotebookNode) -> list[str]:
    """The gaps of a rebuilt notebook that are not as empty as in one rebuilt from nothing."""
    blank = {cell.id: cell.source for cell in empty.cells}
    return [cell.id for cell in notebook.cells if role(cell) == "gap" and cell.source != blank[cell.id]]


def check(hand_in: HandIn, folder: Path) -> NotebookNode:
    """Asserts that a right solution is graded as it is, and counts for nothing else; returns what is graded."""
    hand_in.write(folder)
    chosen = chosen_from(folder, hand_in.chapter)
    mine = chosen.pop(hand_in.name)
    assert mine.refused is None, str(mine.refused)
    notebook = rebuilt(mine)
    missed = list(lost(notebook, exercises(hand_in.chapter, hand_in.name, hand_in.language)))
    assert not missed, "\n".join([*missed, *notebook.metadata.autograder.notes])
    for other in chosen.values():
        assert other.refused is not None, f"{other.file} was graded as {other.source.name}, too"
    return notebook
