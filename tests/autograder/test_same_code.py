"""The solutions of all languages have the same code, but for the texts that the rule of docs/translating.md lets be translated."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from autograder.course.cells import visible_part
from autograder.course.course import Course, read_notebook
from autograder.course.texts import Code
from autograder.language.notebooks import languages
from autograder.language.same_code import Difference, differences

COURSE = Course(Path(__file__).parents[2])
SOURCES = [source for chapter in COURSE.chapters for source in COURSE.notebooks(chapter)]


def texts(source: str) -> set[tuple[int, int]]:
    """Where the texts of a source cell begin."""
    code = Code(visible_part(source))
    nodes = [*code.docstrings, *(literal.node for literal in code.literals.values() if literal.is_text)]
    return {(node.lineno, node.col_offset) for node in nodes}


def is_language(difference: Difference, cell: nbformat.NotebookNode, language: str) -> bool:
    """Whether it is the language that the first cell of a notebook chooses, and nothing else."""
    line = cell.source.split("\n")[difference.line - 1]
    return (difference.first, difference.second) == ("en", language) and line.startswith("llmkit.start(")


@pytest.mark.parametrize("language", languages(COURSE))
@pytest.mark.parametrize("source", SOURCES, ids=lambda source: f"{source.chapter}/{source.name}")
def test_translated_solutions_differ_in_texts_alone(source, language):
    folder = COURSE.root / "solutions"
    english, other = (
        read_notebook(folder / code / source.chapter / f"{source.name}.ipynb") for code in ("en", language)
    )
    ids = [[(cell.id, cell.cell_type, cell.metadata) for cell in notebook.cells] for notebook in (english, other)]
    assert ids[0] == ids[1] and [cell.id for cell in source.nb.cells] == [cell.id for cell in english.cells]
    there: dict[str, str] = {}
    back: dict[str, str] = {}
    for origin, first, second in zip(source.nb.cells, english.cells, other.cells, strict=True):
        if first.cell_type != "code":
            continue
        allowed = texts(origin.source)
        for found in differences(first.source, second.source):
            text = found.what == "text" and (found.line, found.column) in allowed
            assert text or is_language(found, first, language), f"[{first.id}] {found}"
            if not found.shown:
                # A dict whose keys are texts keeps as many: they are translated one to one.
                assert there.setdefault(found.first, found.second) == found.second, f"[{first.id}] {found}"
                assert back.setdefault(found.second, found.first) == found.first, f"[{first.id}] {found}"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("x = 1", "x = 2"),
        ("x = 1", "x = 1.0"),
        ("x = 1", "x = True"),
        ("a = b + c", "a = b - c"),
        ("a.b", "a.c"),
        ("f(x)", "f(x, y)"),
        ("f(a=x)", "f(b=x)"),
        ("x = 'a'", "x = f'{a}'"),
        ("print(f'{a} of {b}')", "print(f'{a} of {a}')"),
        ("print(f'{a:.2f}')", "print(f'{a:.3f}')"),
        ("def f(x): return x", "def f(y): return y"),
        ("global a", "global b"),
        ("%time f(x)", "%time f(y)"),
        ("f(x)", "f(x)\ng(x)"),
        ("import a", "import b"),
    ],
)
def test_another_program_is_other_code(first, second):
    assert "code" in {found.what for found in differences(first, second)}


@pytest.mark.parametrize(
    ("first", "shown"),
    [
        ("print('T')", True),
        ("print(f'T {x}')", True),
        ("print('T' if x else 'y')", True),
        ("f(x, title='T')", True),
        ("raise ValueError('T')", True),
        ("def f():\n    'T'\n    return 1", True),
        ("'''T'''\nf()", True),
        ("x = 'T'", False),
        ("f('T')", False),
        ("print(f('T'))", False),
        ("print(len('T'))", False),
        ("print('T'.split())", False),
        ("print('T' in x)", False),
        ("print(['T'])", False),
        ("print(x, end=f('T'))", False),
        ("f(x, title=g('T'))", False),
        ("def f():\n    return 'T'", False),
        ("raise f('T').g", False),
        ("print(*'T')", False),
        ("y = print and 'T'", False),
    ],
)
def test_a_text_that_is_only_shown_is_told_from_one_that_is_used(first, shown):
    (found,) = differences(first, first.replace("T", "Um texto"))
    assert (found.what, found.shown) == ("text", shown)


def test_fields_may_change_places_and_comments_are_no_code():
    (found,) = differences("print(f'{a} of {b}')  # out of all", "print(f'de {b}, {a}')  # de todos")
    assert (found.what, found.shown) == ("text", True)
    assert not differences("x = 1  # one", "x  =  1  # um")
