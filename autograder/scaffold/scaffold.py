"""Adds an exercise to the course: cells in an existing or new notebook, a file of answers, translations."""

from __future__ import annotations

import builtins
import importlib
import keyword
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import polib
from nbformat.notebooknode import NotebookNode

from autograder.answers import FOLDER, answers_to, file_of
from autograder.course.course import Course, SourceNotebook
from autograder.course.lint import lint_chapter, relative
from autograder.errors import CourseError, UnknownAssignment
from autograder.language import messages
from autograder.language import notebooks as translation
from autograder.scaffold import template
from autograder.scaffold.template import POINTS, Part
from llmkit.cells import bound_names

_KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
Texts = dict[tuple[str | None, str], str]  # translation by context and English text


@dataclass
class Added:
    """What was added.

    Attributes:
        exercise: its id, such as "ch05/my-exercise".
        files: the files that were written, relative to the course's folder.
        notes: what is left for the author to do.
    """

    exercise: str
    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def add_exercise(course: Course, id: str, *, notebook: str = "", title: str = "") -> Added:
    """Writes a small exercise that works at once.

    Args:
        course: the course.
        id: chapter and name, such as "ch05/my-exercise"; a new chapter is created.
        notebook: name of the notebook to add it to, before the summary; by default a new one.
        title: heading of the exercise, and of a new notebook; by default the name of its function.

    Raises:
        CourseError: the id is taken or malformed, or the notebook would fail the lint; nothing is written then.
        UnknownAssignment: there is no such notebook.
    """
    chapter, name = _checked(course, id, title)
    old = _existing(course, chapter, notebook) if notebook else None
    source = deepcopy(old) if old else _empty(course, chapter, name)
    function = name.replace("-", "_")
    if function in template.names() or any(
        function in bound_names(cell.source) for cell in source.nb.cells if cell.cell_type == "code"
    ):
        raise CourseError(f"{id}: the notebook already defines {function}", "choose another name")
    words = {
        "title": title or f"`{function}`",
        "number": str(len(source.exercises) + 1),
        "chapter": chapter,
        "notebook": source.name,
        "place": str(len(_notebooks(course, chapter)) + 1),
    }
    parts = {language: _parts(course, language, name, words, new=old is None) for language in _languages(course)}
    made = _with_cells(source, parts["en"])
    _lint(course, made)
    answers = next(part.text for part in parts["en"] if part.kind == "answers")
    added = Added(id)
    _write_answers(course, id, answers, added)
    made.path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made.nb, made.path)
    added.files.append(relative(made.path, course.root))
    _translate(Course(course.root), made, old, parts, title, added)
    if title and len(parts) > 1:
        added.notes.append(f"{title!r} is left untranslated, in entries marked as fuzzy.")
    if old is None and words["place"] != "1":
        added.notes.append(f"The titles of the other notebooks of {chapter} count one notebook too few.")
    if old is None:
        added.notes.append(
            "The last text of the new notebook, and that of the one before it, should link the next one."
        )
    return added


def _checked(course: Course, id: str, title: str) -> tuple[str, str]:
    """Chapter and name of a free id."""
    found = re.fullmatch(r"([a-z]+\d*)/([a-z][a-z0-9]*(?:-[a-z0-9]+)*)", id)
    if found is None:
        raise CourseError(
            f"{id}: an exercise id is a chapter and a name",
            "write both in lower case, such as ch05/my-exercise",
        )
    chapter, name = found.groups()
    function = name.replace("-", "_")
    if keyword.iskeyword(function) or hasattr(builtins, function):
        raise CourseError(f"{id}: {function} means something in Python", "choose another name")
    near = [known for known in course.chapters if _without_zeros(known) == _without_zeros(chapter)]
    if near and chapter not in near:
        raise UnknownAssignment(f"{chapter}: the course has no such chapter", f"perhaps you mean {near[0]}")
    there = next((exercise for exercise in course.exercises() if exercise.id == id), None)
    if there is not None:
        raise CourseError(f"{id}: it is already an exercise of {there.notebook}", "choose another name")
    if (course.root / file_of(id)).exists():
        raise CourseError(f"{file_of(id)}: this file already exists", "choose another name, or remove the file")
    if re.search(r'[\n"\\@]', title):
        raise CourseError("the title has a quotation mark, a backslash, an @ or a line break", "write it without them")
    return chapter, name


def _without_zeros(chapter: str) -> str:
    return re.sub(r"(?<=[a-z])0+", "", chapter)


def _notebooks(course: Course, chapter: str) -> list[SourceNotebook]:
    return course.notebooks(chapter) if chapter in course.chapters else []


def _existing(course: Course, chapter: str, name: str) -> SourceNotebook:
    known = {notebook.name: notebook for notebook in _notebooks(course, chapter)}
    name = Path(name).stem
    if name not in known:
        there = f"choose one of {', '.join(known)}, or leave" if known else "leave"
        raise UnknownAssignment(
            f"{chapter}/{name}: the course has no such notebook", f"{there} --notebook out for a new one"
        )
    return known[name]


def _empty(course: Course, chapter: str, name: str) -> SourceNotebook:
    """A notebook without cells, numbered after the chapter's last one."""
    numbers = [int(found.group()) for n in _notebooks(course, chapter) if (found := re.match(r"\d+", n.name))]
    own = f"{max(numbers, default=0) + 1:02}_{name.replace('-', '_')}"
    nb = nbformat.v4.new_notebook(metadata=deepcopy(_KERNEL))
    return SourceNotebook(course.root / "source" / chapter / f"{own}.ipynb", chapter, own, nb)


def _languages(course: Course) -> list[str]:
    return [translation.SOURCE, *translation.languages(course)]


def _parts(course: Course, language: str, name: str, words: Mapping[str, str], *, new: bool) -> list[Part]:
    """The parts of the exercise in one language, in order; for a new notebook with those around it."""
    words = {**words, "label": _label(course, words["chapter"], language)}
    exercise = template.parts("exercise", language, name, words)
    around = template.parts("notebook", language, name, words) if new else []
    end = next((place for place, part in enumerate(around) if part.id == "summary"), len(around))
    return [*around[:end], *exercise, *around[end:]]


def _label(course: Course, chapter: str, language: str) -> str:
    """What titles call the chapter, such as "Chapter 5", taken from its first notebook."""
    for notebook in _notebooks(course, chapter):
        for cell in translation.translated(course, notebook, language).nb.cells[:1]:
            if found := re.search(r"\*\*(.+?), notebook \d", cell.source):
                return found.group(1)
    number = re.fullmatch(r"ch0*(\d+)", chapter)
    words = {"chapter": chapter, "chapter-number": number[1] if number else ""}
    labels = next(
        (part.text for part in template.parts("notebook", language, "", words) if part.kind == "labels"), "\n"
    )
    return labels.split("\n")[0 if number else 1]


def _with_cells(source: SourceNotebook, parts: list[Part]) -> SourceNotebook:
    """The notebook with the parts' cells before its summary, and more points in its title."""
    nb: NotebookNode = deepcopy(source.nb)
    cells = [part.cell() for part in parts if part.id]
    end = next((place for place, cell in enumerate(nb.cells) if cell.get("id") == "summary"), len(nb.cells))
    nb.cells[end:end] = cells
    if nb.cells[0].cell_type == "markdown":
        nb.cells[0].source = _more_points(nb.cells[0].source)
    return SourceNotebook(source.path, source.chapter, source.name, nb)


def _more_points(title: str) -> str:
    """The title with the new exercise's points: "· 13 points**" becomes "· 15 points**", in any language."""
    return re.sub(r"· (\d+) (\w+)\*\*", lambda found: f"· {int(found[1]) + POINTS} {found[2]}**", title, count=1)


def _lint(course: Course, made: SourceNotebook) -> None:
    before = _notebooks(course, made.chapter)
    after = [notebook for notebook in before if notebook.path != made.path] + [made]
    old = lint_chapter(before, course.root)
    new = [problem for problem in lint_chapter(after, course.root) if problem not in old]
    if new:
        raise CourseError(f"{new[0].file} [{new[0].cell}]: {new[0].what}", new[0].remedy)


def _write_answers(course: Course, id: str, code: str, added: Added) -> None:
    path = course.root / file_of(id)
    path.parent.mkdir(parents=True, exist_ok=True)
    package = path.parent / "__init__.py"
    if not package.exists():
        package.write_text(f'"""Answers to the exercises of {path.parent.name}."""\n', encoding="utf-8")
        added.files.append(f"{FOLDER}/{path.parent.name}/__init__.py")
    path.write_text(code + "\n", encoding="utf-8")
    added.files.append(file_of(id))
    importlib.invalidate_caches()  # the catalogue reads it in this very process


def _translate(
    course: Course,
    made: SourceNotebook,
    old: SourceNotebook | None,
    parts: dict[str, list[Part]],
    title: str,
    added: Added,
) -> None:
    """Brings the catalogues up to date, with the templates' translations; without a template, texts are left untranslated."""
    english = parts[translation.SOURCE]
    for language, translated in parts.items():
        if language == translation.SOURCE:
            continue
        path = translation.catalogue_path(course, made, language)
        there = translation.catalogue(course, made, language)
        texts = _cell_texts(english, translated)
        texts |= {("title", e.msgid): e.msgstr for e in there if old and e.msgctxt == "title" and not e.fuzzy}
        texts |= {(id, _more_points(text)): _more_points(new) for (id, text), new in texts.items() if id == "title"}
        catalogue = _filled(translation.update(made, there, language), texts)
        for entry in catalogue:
            if title and title in entry.msgid and not (old and entry.msgctxt == "title"):
                entry.flags = ["fuzzy"]  # the author's own words
        _save(catalogue, path, course, added)
        texts = _run_time_texts(added.exercise, english, translated)
        for domain in messages.DOMAINS:
            path = messages.path_of(course, domain, language)
            _save(_filled(messages.update(course, domain, messages.read(path), language), texts), path, course, added)


def _cell_texts(english: list[Part], translated: list[Part]) -> Texts:
    """Translations of the cells' markdown, comments, docstrings and displayed texts."""
    others = {part.id: translation.messages(part.cell()) for part in translated if part.id}
    texts: Texts = {}
    for part in english:
        if part.id in others:
            pairs = zip(translation.messages(part.cell()), others[part.id], strict=True)
            texts |= {(one.cell, one.text): other.text for one, other in pairs}
    return texts


def _run_time_texts(exercise: str, english: list[Part], translated: list[Part]) -> Texts:
    """Translations of the test cell's titles and names, and of the mistakes' explanations."""
    if not translated:
        return {}
    here, there = ([text for part in side if part.kind == "test" for text in messages.in_test(part.text)]
                   for side in (english, translated))  # fmt: skip
    texts: Texts = {(None, one): other for one, other in zip(here, there, strict=True)}
    known = [mistake.explanation for mistake in answers_to(exercise).mistakes]
    explained = [text for part in translated if part.kind == "explanations" for text in part.text.split("\n\n")]
    # Not strict: the answers of a course that does not contain this package are not read.
    return texts | {(None, one): other for one, other in zip(known, explained, strict=False)}


def _filled(catalogue: polib.POFile, texts: Texts) -> polib.POFile:
    """The catalogue with the given translations where its own are missing or out of date."""
    for entry in catalogue:
        if (entry.fuzzy or not entry.msgstr) and (entry.msgctxt, entry.msgid) in texts:
            entry.msgstr, entry.flags, entry.previous_msgid = texts[entry.msgctxt, entry.msgid], [], None
    return catalogue


def _save(catalogue: polib.POFile, path: Path, course: Course, added: Added) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    added.files.append(relative(path, course.root))
