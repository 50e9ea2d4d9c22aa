"""Handing in: looks a chapter's notebooks over, and packs them into one zip that the instructor's nbgrader takes as it is."""

from __future__ import annotations

import ast
import json
import os
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from llmkit import i18n, opened, runtime
from llmkit.cells import grade_id, plain_python, role
from llmkit.errors import NotHandedIn
from llmkit.i18n import gettext as _
from llmkit.outline import outline_near

STUDENT = "student.txt"  # in the local folder: the id that was given last
TEXT_STUB = "YOUR ANSWER HERE"  # nbgrader's own, of a written answer

STUDENT_ID = re.compile(r"[A-Za-z0-9][\w@.+-]{0,63}", re.ASCII)
_GIVEN_ID = re.compile(r"[a-z]+(-[a-z0-9]+)*")  # of a cell of the course
_HEADING = re.compile(r"^#+ +(.+)$", re.M)

Cells = list[dict[str, Any]]


def submit(student: str | None = None, chapter: str | None = None, folder: str | Path | None = None) -> None:
    """Packs a chapter's notebooks into one zip, such as `ch03-ana.zip`, and says what to do with it. Nothing is sent.

    Gaps that are empty or do not parse are named first, and cells that the grader would have to repair. In Colab the notebook is taken
    from the page, and the zip is downloaded. While grading, and where tests run a notebook, it does nothing.

    Args:
        student: your id in the course; by default the one that you gave last, else your login name on a JupyterHub.
        chapter: such as "ch03"; by default that of the open notebook.
        folder: where the notebooks are; by default the open notebook's folder. The zip is written there.

    Raises:
        NotHandedIn: there is no notebook of the chapter, or nobody knows who hands it in; the message says what to do.
    """
    if not opened.at_work():
        print(_("Nothing is handed in while this notebook is being tested or graded."))
        return
    here = opened.opened()
    if chapter is None and here is None:
        raise NotHandedIn(_("Nobody knows which notebook this is. Run its first code cell, and then this one again."))
    chapter = chapter or (here.chapter if here else "")
    name = _student(student)
    in_colab = folder is None and here is not None and runtime.environment() == "colab"
    if in_colab and here is not None:
        place, notebooks = Path.cwd(), {f"{here.name}.ipynb": _from_colab()}
    else:
        place = Path(folder) if folder is not None else here.folder if here else Path.cwd()
        notebooks = _of_chapter(chapter, place)
    parsed = {file: opened.cells_of(json.loads(data)) for file, data in notebooks.items()}
    for file, cells in parsed.items():
        found = list(dict.fromkeys(findings(chapter, file, cells)))
        if found:
            print(f"{file}:", *(f"  ⚠ {one}" for one in found), sep="\n")
    target = place / f"{chapter}-{name}.zip"
    _write(target, notebooks)
    print(_("Ready: {file}, with {notebooks}.").format(file=target, notebooks=", ".join(notebooks)))
    if in_colab:
        print(
            _("Your browser downloads it. It holds this notebook only: hand in the chapter's others in the same way.")
        )
    print(_("Now upload this file where your course collects what is handed in. Nothing has been sent."))
    if in_colab:
        from google.colab import files  # type: ignore[import-not-found]

        files.download(str(target))


def findings(chapter: str, file: str, cells: Cells) -> Iterator[str]:
    """What the student should look at before handing in a notebook, in the language in use.

    Args:
        chapter: such as "ch03".
        file: name of the notebook's file.
        cells: its cells.
    """
    marked = [cell for cell in cells if role(cell) in ("gap", "test", "manual")]
    if not marked:
        yield _("all marks of the exercises are gone: the grader will look for your answers by their text")
        return
    counts = Counter(grade_id(cell) for cell in marked)
    for name in _gone(chapter, cells, set(counts)):
        yield _("the cell {name} is gone: copy it from a fresh notebook").format(name=name)
    for name, count in counts.items():
        if count > 1:
            yield _("the cell {name} occurs {count} times: keep the one that counts").format(name=name, count=count)
    heading = ""
    ran = _ran_elsewhere(file, cells)
    for place, cell in enumerate(cells):
        if cell.get("cell_type") == "markdown":
            heading = (_HEADING.findall(cell["source"]) or [heading])[-1]
        if role(cell) == "task" and _unanswered(cells[place + 1 :]):
            yield f"{heading}: " + _("there is no answer yet: write it in a new cell below the question")
        if role(cell) not in ("gap", "test", "manual"):
            continue
        about = cell["metadata"]["nbgrader"]
        if cell.get("cell_type") != about.get("cell_type", "code"):
            told = _("the cell {name} is of another kind now: turn it back into {kind}")
            yield told.format(name=grade_id(cell), kind=str(about.get("cell_type", "code")).capitalize())
        elif role(cell) != "test":
            wrong = _wrong(cell) or (ran and _not_saved(cell["source"], ran))
            if wrong:
                yield f"{heading or grade_id(cell)}: {wrong}"


def _wrong(cell: dict[str, Any]) -> str:
    """Why the grader cannot give points for an answer; empty where nothing is to be seen."""
    source = cell["source"]
    if cell["cell_type"] != "code":
        return _("this answer is still empty") if source.strip() in ("", TEXT_STUB) else ""
    try:
        tree = _tree(source)
    except SyntaxError as error:
        return _("this is not Python yet (line {line}: {error})").format(line=error.lineno or 1, error=error.msg)
    if not tree.body:
        return _("this gap is still empty")
    stubs = sorted(node.lineno for node in ast.walk(tree) if isinstance(node, ast.Raise) and _is_stub(node))
    return _("this gap is still empty (line {line})").format(line=stubs[0]) if stubs else ""


def _unanswered(below: Cells) -> bool:
    """Whether what comes below a question is a cell of the course, by its id: those of students' cells are random."""
    following = next((cell for cell in below if cell["source"].strip()), None)
    return following is None or bool(_GIVEN_ID.fullmatch(str(following.get("id", ""))))


def _is_stub(node: ast.Raise) -> bool:
    return isinstance(node.exc, ast.Name) and node.exc.id == "NotImplementedError"


def _tree(source: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(plain_python(source))
        except (ValueError, RecursionError, MemoryError) as error:
            raise SyntaxError(str(error)) from None


def _gone(chapter: str, cells: Cells, there: set[str]) -> list[str]:
    """Grade ids that the notebook should have, by the course's outline, or else because a gap and its test belong together."""
    found = opened.identity(cells)
    outline = outline_near(i18n.language())
    exercises = outline.exercises(chapter, found[1]) if outline and found else {}
    wanted = [name for gap, tests in exercises.items() for name in (gap, *tests)]
    if not wanted:
        tests = {name for name in there if "-test" in name}
        wanted = [name.rpartition("-test")[0] for name in sorted(tests)]
    return [name for name in wanted if name not in there]


def _ran_elsewhere(file: str, cells: Cells) -> list[str]:
    """In the open notebook, what has run in this session and is not in the saved file, the newest first."""
    here = opened.opened()
    if here is None or file != f"{here.name}.ipynb" or runtime.environment() != "jupyter":
        return []
    from IPython import get_ipython

    shell = get_ipython()
    saved = {cell["source"].strip() for cell in cells if role(cell) not in ("gap", "manual")}
    history: list[str] = shell.history_manager.input_hist_raw[1:-1] if shell else []
    return [source for source in reversed(history) if source.strip() not in saved]


def _not_saved(source: str, ran: list[str]) -> str:
    """Why the answer in the file is not what ran last; empty if it is."""
    names = _defined(source)
    last = next((one for one in ran if names & _defined(one)), None)
    if last is None or last.strip() == source.strip():
        return ""
    return _("the saved file has another answer than the one that you ran last: save the notebook and run this again")


def _defined(source: str) -> set[str]:
    try:
        body = _tree(source).body
    except SyntaxError:
        return set()
    return {node.name for node in body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))}


def _of_chapter(chapter: str, folder: Path) -> dict[str, bytes]:
    """The notebooks of a chapter in a folder, by the names of their files."""
    found = {}
    for path in sorted(folder.glob("*.ipynb")):
        with suppress(OSError, ValueError):
            data = path.read_bytes()
            known = opened.identity(opened.cells_of(json.loads(data.decode("utf-8-sig"))))
            if known and known[0] == chapter:
                found[path.name] = data
    if not found:
        told = _("There is no notebook of {chapter} in {folder}. Remedy: name the folder that has them (folder).")
        raise NotHandedIn(told.format(chapter=chapter, folder=folder.resolve()))
    return found


def _from_colab() -> bytes:
    try:
        return json.dumps(opened.live_notebook()).encode()
    except Exception as error:  # Colab's own module raises many things
        told = _("Colab did not hand over the notebook ({error}). Remedy: File, Download, and hand in that file.")
        raise NotHandedIn(told.format(error=error or type(error).__name__)) from None


def _write(target: Path, notebooks: dict[str, bytes]) -> None:
    """Writes the zip, all of it or nothing."""
    half = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in notebooks.items():
                archive.writestr(name, data)
        half.replace(target)
    except OSError as error:
        told = _("{file} cannot be written ({error}). Remedy: make room, or name another folder (folder).")
        raise NotHandedIn(told.format(file=target, error=error.strerror or error)) from None
    finally:
        half.unlink(missing_ok=True)


def _student(given: str | None) -> str:
    place = runtime.local_folder() / STUDENT
    kept = ""
    with suppress(OSError, UnicodeDecodeError):
        kept = place.read_text(encoding="utf-8").strip()
    for name in [given] if given is not None else [kept, os.environ.get("JUPYTERHUB_USER", "")]:
        if name and STUDENT_ID.fullmatch(name):
            break
    else:
        asked = _(
            'Who hands this in? Give your id in the course: llmkit.submit(student="ana"), or in a terminal --student ana.'
        )
        if given is not None:
            asked = _("{student!r} is no id: use letters, digits and the signs . _ @ + - only.").format(student=given)
        raise NotHandedIn(asked)
    if name != kept:
        with suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(name + "\n", encoding="utf-8")
    return name
