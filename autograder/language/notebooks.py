"""Translates notebooks with gettext catalogues: whole markdown cells, comment blocks, docstrings and the strings that are texts."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import polib
from nbformat.notebooknode import NotebookNode

from autograder.course.course import Course, SourceNotebook
from autograder.course.texts import MARKS, Code, one_literal, without_marks
from autograder.errors import Problem
from llmkit.cells import plain_python, role

SOURCE = "en"
_DIRECTIVES = ("noqa", "type:", "fmt:", "YOUR CODE HERE", "## BEGIN", "## END")


@dataclass(frozen=True)
class Message:
    """One text to translate.

    Attributes:
        cell: id of its cell: the catalogue's context.
        text: the English text: a whole cell, a whole comment block, a docstring, or a string.
        start: where it begins in the cell's source.
        end: where it ends.
        write: turns a translation into source text.
    """

    cell: str
    text: str
    start: int
    end: int
    write: Callable[[str], str]


def messages(cell: NotebookNode) -> list[Message]:
    """The texts of one cell, in order. Test cells have none: their titles are translated at run time."""
    if cell.cell_type == "markdown":
        return [Message(cell.id, cell.source, 0, len(cell.source), str)] if cell.source.strip() else []
    if cell.cell_type != "code" or role(cell) == "test":
        return []
    return sorted(_code_messages(cell.id, cell.source), key=lambda message: message.start)


def _code_messages(cell: str, source: str) -> Iterator[Message]:
    offsets = [0]
    for line in source.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    yield from _comments(cell, plain_python(source), source, offsets)
    lines = source.splitlines(keepends=True)

    def place(line: int, column: int) -> int:
        return offsets[line - 1] + len(lines[line - 1].encode()[:column].decode())

    code = Code(source)
    for node in (*code.docstrings, *(literal.node for literal in code.literals.values() if literal.is_text)):
        start, end = place(node.lineno, node.col_offset), place(node.end_lineno or 0, node.end_col_offset or 0)
        found = one_literal(source[start:end])
        if found is None:
            raise ValueError(f"[{cell}] line {node.lineno}: write a text as one string")
        prefix, quotes, text = found.groups()
        if len(quotes) == 3:
            indent = re.match(r"\s*", lines[node.lineno - 1])
            yield _docstring(cell, text, start, end, quotes, indent.group() if indent else "")
        else:
            yield Message(cell, text, start, end, lambda new, p=prefix, q=quotes: f"{p}{q}{new}{q}")  # type: ignore[misc]


def _docstring(cell: str, text: str, start: int, end: int, quotes: str, indent: str) -> Message:
    lines = text.split("\n")
    clean = "\n".join([lines[0], *(line.removeprefix(indent) for line in lines[1:])])

    def write(new: str) -> str:
        first, *rest = new.split("\n")
        closing = f"\n{indent}" if len(lines) > 1 else ""
        return (
            quotes + "\n".join([first, *(indent + line if line.strip() else line for line in rest)]) + closing + quotes
        )

    return Message(cell, clean.rstrip() if len(lines) > 1 else clean, start, end, write)


def _comments(cell: str, plain: str, source: str, offsets: list[int]) -> Iterator[Message]:
    """Comment blocks: consecutive comment lines at one indentation are one text; a comment after code is a text of its own."""
    block: list[tuple[int, int]] = []

    def message() -> Message:
        first, column = block[0]
        start, indent = offsets[first - 1] + column, " " * column
        last = block[-1][0]
        end = offsets[last - 1] + len(source.splitlines()[last - 1])
        text = "\n".join(line.strip().removeprefix("#").strip() for line in source[start:end].split("\n"))
        return Message(
            cell, text, start, end, lambda new: f"\n{indent}".join(f"# {line}".rstrip() for line in new.split("\n"))
        )

    for token in tokenize.generate_tokens(io.StringIO(plain).readline):
        if token.type != tokenize.COMMENT:
            continue
        line, column = token.start
        text = source[offsets[line - 1] + column :].split("\n", 1)[0]
        alone = not token.line[:column].strip()
        if (
            text in MARKS
            or token.string != text  # a magic, blanked out
            or any(word in text for word in _DIRECTIVES)
            or not re.search(r"[^\W\d_]{2}", text)
        ):
            continue
        if block and not (alone and block[-1] == (line - 1, column)):
            yield message()
            block = []
        block.append((line, column))
        if not alone:
            yield message()
            block = []
    if block:
        yield message()


def translate(notebook: NotebookNode, catalogue: polib.POFile, language: str) -> NotebookNode:
    """The notebook in another language; what the catalogue lacks stays English (`problems` reports it).

    Args:
        notebook: an English notebook with its cell ids.
        catalogue: its translations.
        language: code of the language, such as "pt-BR".

    Returns:
        A copy with translated texts and without marks, and the language in its `start` call and its metadata.
    """
    known = {
        (entry.msgctxt, entry.msgid): entry.msgstr
        for entry in catalogue
        if entry.msgstr and not entry.fuzzy and not entry.obsolete
    }
    result = deepcopy(notebook)
    for cell in result.cells:
        for message in reversed(messages(cell)):
            translated = known.get((message.cell, message.text))
            if translated:
                cell.source = cell.source[: message.start] + message.write(translated) + cell.source[message.end :]
    result = _unmarked(result)
    for cell in result.cells:
        if cell.cell_type == "code" and role(cell) == "locked":
            cell.source = cell.source.replace(f'lang="{SOURCE}"', f'lang="{language}"')
    result.metadata["llmkit"] = {"language": language}
    return result


def _unmarked(notebook: NotebookNode) -> NotebookNode:
    """A copy without the marks that tell texts from code."""
    result = deepcopy(notebook)
    for cell in result.cells:
        if cell.cell_type == "code":
            cell.source = without_marks(cell.source)
    return result


def languages(course: Course) -> list[str]:
    """The languages of the course besides English: the folders of `locale/`."""
    return sorted(path.name for path in (course.root / "locale").glob("*") if path.is_dir())


def catalogue_path(course: Course, source: SourceNotebook, language: str) -> Path:
    """Where a notebook's catalogue is."""
    return course.root / "locale" / language / source.chapter / f"{source.name}.po"


def catalogue(course: Course, source: SourceNotebook, language: str) -> polib.POFile:
    """A notebook's catalogue; empty where there is none yet."""
    path = catalogue_path(course, source, language)
    return polib.pofile(str(path), wrapwidth=0) if path.exists() else polib.POFile(wrapwidth=0)


def translated(course: Course, source: SourceNotebook, language: str) -> SourceNotebook:
    """A source notebook in one language, as release, solutions and grading have it; English is the notebook without its marks."""
    english = language == SOURCE
    nb = _unmarked(source.nb) if english else translate(source.nb, catalogue(course, source, language), language)
    return SourceNotebook(source.path, source.chapter, source.name, nb)


def language_of(notebook: NotebookNode) -> str:
    """The language of a notebook, according to its metadata or its `start` call; English when neither says."""
    stated = notebook.metadata.get("llmkit", {})
    if isinstance(stated, dict) and isinstance(stated.get("language"), str):
        return str(stated["language"])
    calls = (
        re.search(r"llmkit\.start\([^)]*lang=[\"']([\w-]+)[\"']", str(cell.get("source", "")))
        for cell in notebook.cells
    )
    return next((found.group(1) for found in calls if found), SOURCE)


def new_catalogue(language: str) -> polib.POFile:
    """An empty catalogue with its header."""
    made = polib.POFile(wrapwidth=0)
    made.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    return made


def update(source: SourceNotebook, old: polib.POFile, language: str) -> polib.POFile:
    """The catalogue brought up to date: new texts empty, changed ones fuzzy with the old text kept, removed ones dropped."""
    fresh = new_catalogue(language)
    exact = {(e.msgctxt, e.msgid): e for e in old if not e.obsolete}
    wanted = {(m.cell, m.text) for cell in source.nb.cells for m in messages(cell)}
    gone = [e for key, e in exact.items() if key not in wanted and e.msgstr]
    for cell in source.nb.cells:
        for message in messages(cell):
            if fresh.find(message.text, msgctxt=message.cell):
                continue
            entry = polib.POEntry(msgctxt=message.cell, msgid=message.text)
            same = exact.get((message.cell, message.text))
            similar = next((e for e in gone if e.msgctxt == message.cell), None)
            if same is not None:
                entry.msgstr, entry.flags, entry.tcomment = same.msgstr, list(same.flags), same.tcomment
            elif similar is not None:
                gone.remove(similar)
                entry.msgstr, entry.flags, entry.previous_msgid = similar.msgstr, ["fuzzy"], similar.msgid
            fresh.append(entry)
    return fresh


def problems(source: SourceNotebook, catalogue: polib.POFile, path: str) -> list[Problem]:
    """What is wrong with a catalogue.

    Missing, fuzzy and obsolete entries, and translations that lost code, formulas, links or structure.

    Args:
        source: the English notebook.
        catalogue: its translations.
        path: the catalogue's path, for the messages.
    """
    found = []
    entries = {(e.msgctxt, e.msgid): e for e in catalogue if not e.obsolete}
    wanted = {(m.cell, m.text): cell for cell in source.nb.cells for m in messages(cell)}
    identifiers = {name for exercise in source.exercises for name in exercise.names}
    for (cell_id, text), cell in wanted.items():
        entry, begins = entries.get((cell_id, text)), repr(text[:40])
        if entry is None or not entry.msgstr.strip():
            found.append(
                Problem(
                    path, cell_id, f"{begins} is not translated", "translate it after autograder translations --update"
                )
            )
        elif entry.fuzzy:
            found.append(
                Problem(
                    path, cell_id, f"{begins} has changed in English", "fix the translation and remove its fuzzy flag"
                )
            )
        else:
            lost = _lost(text, entry.msgstr, cell.cell_type == "markdown", identifiers)
            found += [Problem(path, cell_id, f"{begins}: {loss}", "keep it as it is in English") for loss in lost]
    for e in catalogue:
        if e.obsolete or (e.msgctxt, e.msgid) not in wanted:
            found.append(
                Problem(
                    path,
                    e.msgctxt or "",
                    f"the notebook has no {e.msgid[:40]!r}",
                    "run autograder translations --update",
                )
            )
    return found


_STRUCTURE = (
    ("a fenced block of code", re.compile(r"^```.*?^```", re.M | re.S)),
    ("a formula", re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.S)),
    ("a link", re.compile(r"\]\(([^)\s]+)\)")),
    ("a tag", re.compile(r"</?(?:details|summary|div|span|br|sub|sup)\b[^>]*>")),
    ("a heading", re.compile(r"^#+ ", re.M)),
    ("a marker", re.compile(r"^.*\b(?:BEGIN|END) [A-Z ]+.*$", re.M)),
)
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def placeholders(text: str) -> list[str]:
    """The fields in braces of a text, sorted."""
    return sorted(_PLACEHOLDER.findall(text))


def _lost(text: str, translated: str, markdown: bool, identifiers: set[str]) -> Iterator[str]:
    """Which parts that translation must not change differ between a text and its translation."""
    if not markdown:
        if placeholders(text) != placeholders(translated):
            yield "a placeholder in braces differs"
        return
    for name, pattern in _STRUCTURE:
        before = sorted(_bare(part) for part in pattern.findall(text))
        after = sorted(_bare(part) for part in pattern.findall(translated))
        if before != after:
            differing = next(
                (part for part in before if before.count(part) != after.count(part)),
                f"{len(after)} instead of {len(before)}",
            )
            yield f"{name} differs ({differing[:60]!r})"
    code = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
    kept = {part for part in code.findall(_without_fences(text)) if part in identifiers or re.search(r"[_.(=@]", part)}
    for part in sorted(kept - set(code.findall(_without_fences(translated)))):
        yield f"the code `{part}` is missing"


def _bare(part: str) -> str:
    """A part without what may be translated in it: comments in code; in formulas words, and the marks of numbers; spaces."""
    if part.startswith("```"):
        part = re.sub(r"#.*", "", part)
    elif part.startswith("$"):
        part = re.sub(r"\\text(?:bf|it)?\{[^}]*\}", "", part)
        part = re.sub(r"\\operatorname\{[^}]*\}", r"\\operatorname", part)
        # (0.5, 1{,}000) is (0{,}5; 1.000) elsewhere
        part = re.sub(r"(?<=\d)(?:\.|\{[,.]\}|\\,)(?=\d)", "·", part).replace(";", ",")
    return " ".join(part.split())


def _without_fences(text: str) -> str:
    return _STRUCTURE[0][1].sub("", text)
