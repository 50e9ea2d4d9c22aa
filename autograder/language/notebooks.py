"""Translates notebooks with gettext catalogues: whole markdown cells, comment blocks, docstrings and displayed texts; code is left alone."""

from __future__ import annotations

import ast
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
from autograder.errors import Problem
from llmkit.cells import plain_python, role

SOURCE = "en"
_DIRECTIVES = ("noqa", "type:", "fmt:", "YOUR CODE HERE", "## BEGIN", "## END")


@dataclass(frozen=True)
class Message:
    """One text to translate.

    Attributes:
        cell: id of its cell: the catalogue's context.
        text: the English text: a whole cell, a whole comment block, a docstring, or a displayed text.
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
    return sorted(_code_messages(cell.id, cell.source, demo=not role(cell)), key=lambda message: message.start)


def _code_messages(cell: str, source: str, demo: bool) -> Iterator[Message]:
    plain = plain_python(source)  # of the same length, so offsets stay valid
    offsets = [0]
    for line in source.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    yield from _comments(cell, plain, source, offsets)
    lines = source.splitlines(keepends=True)

    def place(line: int, column: int) -> int:
        return offsets[line - 1] + len(lines[line - 1].encode()[:column].decode())

    tree = ast.parse(plain)
    shown = [*_text_nodes(tree), *(_names(tree) if demo else ())]
    for node in {(node.lineno, node.col_offset): node for node in shown}.values():
        start, end = place(node.lineno, node.col_offset), place(node.end_lineno or 0, node.end_col_offset or 0)
        found = re.fullmatch(r'([fr]?)("""|"|\'\'\'|\')(.*)\2', source[start:end], flags=re.S)
        if found is None:
            raise ValueError(f"[{cell}] line {node.lineno}: write a displayed text as one string literal")
        prefix, quotes, text = found.groups()
        if len(quotes) == 3:
            indent = re.match(r"\s*", lines[node.lineno - 1])
            yield _docstring(cell, text, start, end, quotes, indent.group() if indent else "")
        elif re.search(r"[^\W\d_]{2}", re.sub(r"\{[^}]*\}", "", text)):
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


def _text_nodes(tree: ast.Module) -> Iterator[ast.expr]:
    """String literals that a reader sees.

    Docstrings, printed texts, names of expected results, a figure's titles and, where its call spells them out,
    the names of what it shows, what is called `title`, and the words of a list called `tokens`.
    """
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.List)
            and ast.unparse(node.targets[0]) == "tokens"
        ):
            yield from (
                word for word in node.value.elts if isinstance(word, ast.Constant) and isinstance(word.value, str)
            )
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "title" and _is_text(node.value):
            yield node.value
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node) is not None:
            yield node.body[0].value  # type: ignore[attr-defined]
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts: list[ast.expr | None] = [*node.args] if name == "print" else [*node.args[:1]] if name == "band" else []
        titles = [keyword.value for keyword in node.keywords if keyword.arg in ("title", "x_title", "y_title")]
        if titles:
            texts += titles + [key for shown in node.args if isinstance(shown, ast.Dict) for key in shown.keys]
        yield from (text for text in texts if text is not None and _is_text(text))


def _names(tree: ast.Module) -> Iterator[ast.expr]:
    """Names of what a cell shows, and the same strings elsewhere in it, so that lookups still work.

    They are the keys of a dict with a phrase among them, phrases between brackets, and the first items of the tuples that a loop
    over `name` runs through, if one is a phrase.
    """
    names: list[ast.expr] = []
    for node in ast.walk(tree):
        keys: list[ast.expr | None] = []
        if isinstance(node, ast.Dict):
            keys = node.keys
        elif isinstance(node, (ast.For, ast.comprehension)) and _first(node.target) == "name":
            rows = node.iter.elts if isinstance(node.iter, (ast.Tuple, ast.List)) else []
            keys = [row.elts[0] if isinstance(row, ast.Tuple) and row.elts else row for row in rows]
        elif isinstance(node, (ast.Subscript, ast.DictComp)):
            keys = [node.slice if isinstance(node, ast.Subscript) else node.key]
        texts = [key for key in keys if key is not None and _is_text(key)]
        if any(" " in (_string(text) or ast.unparse(text)) for text in texts):
            names += texts
    phrases = {_string(name) for name in names} - {None}
    pieces = {id(piece) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for piece in node.values}
    yield from (name for name in names if isinstance(name, ast.JoinedStr))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in phrases and id(node) not in pieces:
            yield node


def _first(target: ast.expr) -> str:
    """Name of a loop's variable, or of the first of several."""
    target = target.elts[0] if isinstance(target, ast.Tuple) else target
    return target.id if isinstance(target, ast.Name) else ""


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or _string(node) is not None


def _string(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


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
            token.string != text  # a magic, blanked out
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
        A copy with translated texts, and the language in its `start` call, its links and its metadata.
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
        if cell.cell_type == "code" and role(cell) == "locked":
            cell.source = cell.source.replace(f'lang="{SOURCE}"', f'lang="{language}"')
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace(f"/release/{SOURCE}/", f"/release/{language}/")
    result.metadata["llmkit"] = {"language": language}
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
    """A source notebook in one language; English is the notebook itself."""
    if language == SOURCE:
        return source
    return SourceNotebook(
        source.path, source.chapter, source.name, translate(source.nb, catalogue(course, source, language), language)
    )


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
                entry.msgstr, entry.flags = same.msgstr, list(same.flags)
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
    """A part without what may be translated in it: comments in code, words in formulas, spaces."""
    part = re.sub(r"#.*", "", part) if part.startswith("```") else re.sub(r"\\text(?:bf|it)?\{[^}]*\}", "", part)
    return " ".join(part.split())


def _without_fences(text: str) -> str:
    return _STRUCTURE[0][1].sub("", text)
