"""Reads what students submit: notebooks in any encoding, format and wrapping, reduced to what can be trusted."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode, from_dict

from autograder.errors import UnreadableNotebook

MAX_BYTES = 50_000_000
MAX_ATTACHMENTS = 1_000_000

_AGAIN = "download the notebook again (File > Download, the file ends in .ipynb) and hand that in"


def read_submission(path: Path) -> NotebookNode:
    """Reads one submitted file.

    Args:
        path: a notebook, or a zip that holds exactly one.

    Returns:
        A notebook of format 4 with source, type, ids and small attachments of its cells, and nothing else: no outputs, no other
        metadata. How it had to be read is under `metadata.autograder.read`, for `repair` to report.

    Raises:
        UnreadableNotebook: it is not a notebook; says which file, why and what to do.
    """
    refuse = _refusal(path)
    data, notes = _bytes(path, refuse), []
    if zipfile.is_zipfile(io.BytesIO(data)):
        data = _unzip(data, refuse)
        notes.append("zip")
    text, encoding = _decode(data)
    if encoding != "utf-8":
        notes.append(encoding)
    found = _parse(text, refuse)
    if found.get("nbformat", 4) != 4 or "worksheets" in found:
        found = _upgrade(text, found, refuse)
        notes.append("old format")
    cells = found.get("cells")
    if not isinstance(cells, list):
        raise refuse("it is JSON, but not a notebook: it has no cells", _AGAIN)
    notebook: NotebookNode = nbformat.v4.new_notebook(metadata={"autograder": {"read": notes}})
    notebook.cells = [clean_cell(cell) for cell in cells if isinstance(cell, dict)]
    return notebook


def clean_cell(cell: dict[str, Any]) -> NotebookNode:
    """A submitted cell reduced to type, source, ids and small attachments, all of the right type."""
    kind = cell.get("cell_type")
    kind = kind if kind in ("code", "markdown") else "raw"
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    info = metadata.get("nbgrader")
    grade_id = info.get("grade_id") if isinstance(info, dict) else None
    made: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": _source(cell.get("source"))}
    if isinstance(cell.get("id"), str):
        made["id"] = _text(cell["id"])
    if isinstance(grade_id, str):
        made["metadata"]["nbgrader"] = {"grade_id": _text(grade_id)}
    if isinstance(metadata.get("id"), str):
        # Colab's copy of the cell id.
        made["metadata"]["id"] = _text(metadata["id"])
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    elif cell.get("attachments"):
        made["attachments"] = _attachments(cell["attachments"])
        made["metadata"]["dropped"] = made["attachments"] != cell["attachments"]
    node: NotebookNode = from_dict(made)
    return node


def _source(value: Any) -> str:
    if isinstance(value, list):
        value = "".join(line for line in value if isinstance(line, str))
    return _text(value).replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else ""


def _text(value: str) -> str:
    """The string without halves of surrogate pairs, which no file can hold."""
    return value.encode("utf-8", "replace").decode("utf-8")


def _attachments(value: Any) -> dict[str, dict[str, str]]:
    """The well-formed attachments, together no larger than MAX_ATTACHMENTS."""
    kept: dict[str, dict[str, str]] = {}
    left = MAX_ATTACHMENTS
    for name, bundle in value.items() if isinstance(value, dict) else ():
        if isinstance(bundle, dict) and all(isinstance(data, str) and data.isascii() for data in bundle.values()):
            left -= sum(len(data) for data in bundle.values())
            if left >= 0:
                kept[_text(name)] = {_text(mime): data for mime, data in bundle.items()}
    return kept


Refusal = Callable[[str, str], UnreadableNotebook]


def _refusal(path: Path) -> Refusal:
    return lambda problem, remedy: UnreadableNotebook(f"{path}: {problem}", remedy)


def _bytes(path: Path, refuse: Refusal) -> bytes:
    try:
        info = path.lstat()
        if stat.S_ISLNK(info.st_mode):
            raise refuse("it is a symbolic link", "hand in the file itself")
        if not stat.S_ISREG(info.st_mode):
            raise refuse("it is not a file", "hand in a notebook, a file that ends in .ipynb")
        if info.st_size > MAX_BYTES:
            raise refuse(
                f"it is {info.st_size // 1_000_000} MB, more than {MAX_BYTES // 1_000_000}",
                "clear all outputs and save it",
            )
        data = path.read_bytes()
    except OSError as error:
        raise refuse(
            f"it cannot be read ({error.strerror or error})", "look at the file's name and permissions"
        ) from None
    if not data.strip():
        raise refuse("the file is empty", _AGAIN)
    return data


def _unzip(data: bytes, refuse: Refusal) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [m for m in archive.infolist() if m.filename.lower().endswith(".ipynb") and not _hidden(m)]
            if len(members) != 1:
                count = len(members) or "no"
                raise refuse(
                    f"the zip holds {count} notebooks", "hand in a zip with one notebook, or the notebook itself"
                )
            if stat.S_ISLNK(members[0].external_attr >> 16):
                raise refuse("the zip holds a symbolic link", "hand in the notebook itself")
            with archive.open(members[0]) as stream:
                content = stream.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise refuse(f"the zip cannot be opened ({error})", "hand in the notebook itself") from None
    if len(content) > MAX_BYTES:
        raise refuse(
            f"the notebook in the zip is larger than {MAX_BYTES // 1_000_000} MB", "clear all outputs and save it"
        )
    if not content.strip():
        raise refuse("the notebook in the zip is empty", _AGAIN)
    return content


def _hidden(member: zipfile.ZipInfo) -> bool:
    """What macOS and Jupyter put beside a notebook."""
    parts = member.filename.split("/")
    return "__MACOSX" in parts or ".ipynb_checkpoints" in parts or parts[-1].startswith("._")


def _decode(data: bytes) -> tuple[str, str]:
    """The text and its encoding: by byte-order mark, by the zeros of UTF-16, UTF-8, otherwise Latin-1."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), "utf-16"
    for encoding, zeros in (("utf-16-le", data[1:8:2]), ("utf-16-be", data[0:8:2])):
        if len(zeros) > 1 and not any(zeros):
            return data.decode(encoding, "replace"), "utf-16"
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1"


def _parse(text: str, refuse: Refusal) -> dict[str, Any]:
    text = text.strip()
    if text.startswith("<"):
        raise refuse("it is a web page, not a notebook", _AGAIN)
    if text.startswith("%PDF"):
        raise refuse("it is a PDF, not a notebook", _AGAIN)
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        if text.startswith("{") and (error.pos >= len(text) - 1 or error.msg.startswith("Unterminated string")):
            raise refuse("the file is cut off before its end", _AGAIN) from None
        where = f"{error.msg}, line {error.lineno}"
        raise refuse(f"it is not a notebook ({where})", _AGAIN) from None
    except (RecursionError, ValueError) as error:
        raise refuse(f"it is not a notebook ({error})", _AGAIN) from None
    if not isinstance(found, dict):
        raise refuse("it is JSON, but not a notebook", _AGAIN)
    return found


def _upgrade(text: str, found: dict[str, Any], refuse: Refusal) -> dict[str, Any]:
    version = found.get("nbformat", 3)
    if isinstance(version, int) and version > 4:
        raise refuse(f"its format {version} is too new", "save it with JupyterLab 4")
    try:
        upgraded = nbformat.convert(nbformat.reader.reads(text), 4)
    except Exception as error:  # the converters trust their input and fail in many ways
        raise refuse(
            f"its old format cannot be read ({type(error).__name__})", "open it in JupyterLab, save it, hand that in"
        ) from None
    return dict(upgraded)
