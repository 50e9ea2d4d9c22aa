"""Reads one notebook that a student handed in, in any encoding and format, reduced to what can be trusted."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, BinaryIO

import nbformat
from nbformat.notebooknode import NotebookNode, from_dict

from autograder.i18n import N_
from autograder.submission.notes import Refused
from autograder.submission.slim import slim

MAX_BYTES = 500_000_000  # of a file, outputs included
MAX_TEXT = 50_000_000  # characters without outputs
MAX_ATTACHMENTS = 1_000_000
_PIECE = 1 << 16

AGAIN = N_("download the notebook again (File > Download, the file ends in .ipynb) and hand that in")

Opener = Callable[[], BinaryIO]


def read_notebook(opener: Opener, where: str) -> NotebookNode:
    """Reads one notebook.

    Args:
        opener: opens its bytes, from the beginning each time.
        where: the name of the file, for messages.

    Returns:
        A notebook of format 4 with source, type, ids and small attachments of its cells, and nothing else: no outputs, no other
        metadata. How it had to be read is under `metadata.autograder.read`, for `repair` to report.

    Raises:
        Refused: it is not a notebook; says which file, why and what to do.
        OSError: it cannot be read.
    """
    refuse = _refusal(where)
    text, encoding = _whole(opener, refuse)
    notes = [encoding] if encoding != "utf-8" else []
    found, ended = _parse(text, refuse)
    if not ended:
        notes.append("more text")
    version = _version(found.get("nbformat"), refuse)
    if "cells" not in found and ("worksheets" in found or version < 4):
        found = _upgrade(found, version, refuse)
        notes.append("old format")
    cells = found.get("cells")
    if not isinstance(cells, list):
        raise refuse(N_("it is JSON, but not a notebook: it has no cells"), AGAIN)
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
    made: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": _source(cell.get("source", cell.get("input")))}
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
    # A file that was made into a Windows one twice ends its lines with two returns.
    return re.sub(r"\r*\n|\r", "\n", _text(value)) if isinstance(value, str) else ""


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


Refusal = Callable[..., Refused]


def _refusal(where: str) -> Refusal:
    return lambda problem, remedy, **values: Refused(where, problem, remedy, **values)


def _whole(opener: Opener, refuse: Refusal) -> tuple[str, str]:
    """The text without outputs, and its encoding: by byte-order mark, by the zeros of UTF-16, UTF-8, otherwise Latin-1."""
    with closing(opener()) as stream:
        head = stream.read(8)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = [("utf-16", "utf-16")]
    elif len(head) > 3 and not any(head[1::2]):
        encodings = [("utf-16-le", "utf-16")]
    elif len(head) > 3 and not any(head[0::2]):
        encodings = [("utf-16-be", "utf-16")]
    else:
        encodings = [("utf-8-sig", "utf-8"), ("latin-1", "latin-1")]
    for codec, name in encodings[:-1]:
        try:
            return _decoded(opener, codec, "strict", refuse), name
        except UnicodeDecodeError:
            continue
    codec, name = encodings[-1]
    return _decoded(opener, codec, "replace", refuse), name


def _decoded(opener: Opener, codec: str, errors: str, refuse: Refusal) -> str:
    kept, size = [], 0
    with closing(opener()) as stream:
        for part in slim(_pieces(stream, codec, errors, refuse)):
            size += len(part)
            if size > MAX_TEXT:
                raise refuse(
                    N_("it is larger than {most} MB without its outputs"),
                    N_("delete pasted data and pictures from its cells and save it"),
                    most=MAX_TEXT // 1_000_000,
                )
            kept.append(part)
    text = "".join(kept).strip(" \t\r\n\0")
    if not text:
        raise refuse(N_("the file is empty"), AGAIN)
    return text


def _pieces(stream: BinaryIO, codec: str, errors: str, refuse: Refusal) -> Iterator[str]:
    decoder, size = codecs.getincrementaldecoder(codec)(errors), 0
    while data := stream.read(_PIECE):
        size += len(data)
        if size > MAX_BYTES:
            raise refuse(
                N_("it is more than {most} MB"), N_("clear all outputs and save it"), most=MAX_BYTES // 1_000_000
            )
        yield decoder.decode(data)
    yield decoder.decode(b"", final=True)


def _parse(text: str, refuse: Refusal) -> tuple[dict[str, Any], bool]:
    """The JSON object, and whether the text ended with it."""
    if text.startswith("<<<<<<<") or "\n<<<<<<< " in text:
        raise refuse(
            N_("two versions of it stand in one file, with marks of git (<<<<<<<) between them"),
            N_("choose one version, save it and hand that in"),
        )
    if text.startswith("<"):
        raise refuse(N_("it is a web page, not a notebook"), AGAIN)
    if text.startswith("%PDF"):
        raise refuse(N_("it is a PDF, not a notebook"), AGAIN)
    try:
        # Not strict: some tools write line ends and tabs into strings as they are.
        found, end = json.JSONDecoder(strict=False).raw_decode(text)
    except json.JSONDecodeError as error:
        if text.startswith("{") and (error.pos >= len(text) - 1 or error.msg.startswith("Unterminated string")):
            raise refuse(N_("the file is cut off before its end"), AGAIN) from None
        raise refuse(
            N_("it is not a notebook ({error}, line {line})"), AGAIN, error=error.msg, line=error.lineno
        ) from None
    except (RecursionError, ValueError) as error:
        raise refuse(N_("it is not a notebook ({error})"), AGAIN, error=error) from None
    if not isinstance(found, dict):
        raise refuse(N_("it is JSON, but not a notebook"), AGAIN)
    return found, end == len(text)


def _version(value: Any, refuse: Refusal) -> int:
    """The format's number, whatever it is written as; 4 where it cannot be told."""
    try:
        version = int(float(value))
    except (TypeError, ValueError, OverflowError):
        version = 4
    if version > 4:
        raise refuse(N_("its format {version} is too new"), N_("save it with JupyterLab 4"), version=version)
    return version


def _upgrade(found: dict[str, Any], version: int, refuse: Refusal) -> dict[str, Any]:
    numbered = found | {"nbformat": min(version, 3), "nbformat_minor": 0}
    try:
        upgraded = nbformat.convert(nbformat.reader.reads(json.dumps(numbered)), 4)
    except Exception as error:  # the converters trust their input and fail in many ways
        raise refuse(
            N_("its old format cannot be read ({error})"),
            N_("open it in JupyterLab, save it, hand that in"),
            error=type(error).__name__,
        ) from None
    return dict(upgraded)
