"""Run-time messages and their catalogues: what `llmkit` and the grader say to students, collected from the code and the test cells."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import polib

from autograder.answers import FOLDER, answers_to, file_of
from autograder.course.cells import visible_part
from autograder.course.course import Course
from autograder.errors import Problem
from autograder.language.notebooks import new_catalogue, placeholders
from llmkit.cells import role

DOMAINS = ("llmkit", "autograder")


def texts(course: Course, domain: str) -> list[tuple[str, str]]:
    """Every message of a domain with the place that uses it, each message once.

    `llmkit` has the messages of its own code and of the test cells, which students run. `autograder` has those of
    the grader's code, the explanations of known mistakes, and what only the grader runs: the hidden tests of the exam, of which what
    students install says nothing.
    """
    found: dict[str, str] = {}
    for path in sorted((course.root / domain).rglob("*.py")):
        if path.is_relative_to(course.root / FOLDER):
            continue
        for text in _in_code(path):
            found.setdefault(text, path.relative_to(course.root).as_posix())
    for chapter in course.chapters:
        if domain == "autograder":
            for exercise in course.exercises(chapter):
                for mistake in answers_to(exercise.id).mistakes:
                    found.setdefault(mistake.explanation, file_of(exercise.id))
            continue
        for notebook in course.notebooks(chapter):
            for cell in notebook.nb.cells:
                if role(cell) == "test":
                    for text in in_test(cell.source):
                        found.setdefault(text, f"source/{chapter}/{notebook.name}.ipynb")
    for notebook in (one for part in course.with_exam[1:] for one in part.notebooks()):
        place = notebook.path.relative_to(course.root).as_posix()
        tests = [cell.source for cell in notebook.nb.cells if role(cell) == "test"]
        shown = [text for test in tests for text in in_test(visible_part(test))]
        if domain == "llmkit":
            for text in shown:
                found.setdefault(text, place)
            continue
        known = {text for text, _place in texts(course, "llmkit")}
        for text in (text for test in tests for text in in_test(test)):
            if text not in known:
                found.setdefault(text, place)
        for exercise in notebook.exercises:
            for mistake in answers_to(exercise.id).mistakes:
                found.setdefault(mistake.explanation, file_of(exercise.id))
    return [(text, place) for text, place in found.items() if text]


def _in_code(path: Path) -> Iterator[str]:
    """Texts inside `_(...)` and `N_(...)`, and defaults of `what=`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_"):
            yield from _constant(node.args[0])
        elif isinstance(node, ast.FunctionDef):
            for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
                if argument.arg == "what" and default is not None:
                    yield from _constant(default)
    yield from (keyword for call in ast.walk(tree) if isinstance(call, ast.Call) for keyword in _keywords(call))


def in_test(source: str) -> Iterator[str]:
    """Titles of checks, messages of assertions and names of what is compared."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            if name == "check":
                yield from _constant(node.args[0])
            elif name == "assert_true":
                yield from _constant(node.args[1])
            yield from _keywords(node)


def _keywords(call: ast.Call) -> Iterator[str]:
    for keyword in call.keywords:
        if keyword.arg == "what":
            yield from _constant(keyword.value)


def _constant(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def path_of(course: Course, domain: str, language: str) -> Path:
    """Where a domain's catalogue is: in the package that reads it, so that they are installed together."""
    return course.root / domain / "locale" / language / f"{domain}.po"


def read(path: Path) -> polib.POFile:
    """A catalogue; empty where there is none."""
    return polib.pofile(str(path), wrapwidth=0) if path.exists() else polib.POFile(wrapwidth=0)


def update(course: Course, domain: str, old: polib.POFile, language: str) -> polib.POFile:
    """The catalogue brought up to date: new messages empty, removed ones dropped."""
    known = {entry.msgid: entry for entry in old if not entry.obsolete}
    fresh = new_catalogue(language)
    for text, place in texts(course, domain):
        entry = polib.POEntry(msgid=text, occurrences=[(place, "")])
        if text in known:
            old_one = known[text]
            entry.msgstr, entry.flags, entry.tcomment = old_one.msgstr, list(old_one.flags), old_one.tcomment
        fresh.append(entry)
    return fresh


def problems(course: Course, domain: str, language: str) -> list[Problem]:
    """What is wrong with a domain's catalogue."""
    path = path_of(course, domain, language)
    shown = path.relative_to(course.root).as_posix()
    entries = {entry.msgid: entry for entry in read(path)}
    wanted = [text for text, _place in texts(course, domain)]
    found = []
    for text in wanted:
        entry = entries.get(text)
        if entry is None or not entry.msgstr.strip() or entry.fuzzy or entry.obsolete:
            found.append(
                Problem(
                    shown, "", f"{text[:40]!r} is not translated", "translate it after autograder translations --update"
                )
            )
        elif placeholders(text) != placeholders(entry.msgstr):
            found.append(
                Problem(shown, "", f"{text[:40]!r}: a placeholder in braces differs", "keep it as it is in English")
            )
    gone = [text for text in entries if text not in wanted]
    return found + [
        Problem(shown, "", f"nothing says {text[:40]!r}", "run autograder translations --update") for text in gone
    ]
