"""Reads the course's data sets: shipped ones at once, the others from the cache or, checked, from the network."""

from __future__ import annotations

import csv
import json
import lzma
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Literal

from llmkit.data.registry import SHIPPED, Dataset, find
from llmkit.errors import DataError as DataError
from llmkit.i18n import gettext as _

Row = dict[str, str]
State = Literal["good", "wrong", "absent"]


def load(name: str, lang: str | None = None, split: str | None = None) -> str | list[Row]:
    r"""A data set's content: shipped, or from the cache, or downloaded into it.

    Args:
        name: see `find`.
        lang: see `find`.
        split: only the rows of "train", "validation", "test" and so on, for tables that have splits.

    Returns:
        A text as a str, with "\n" at line ends; tables and instruction sets as a list of dicts.

    Raises:
        DataError: unknown name or split, a damaged file, or no way to download it.

    Example:
        >>> load("messages", lang="en", split="train")[0]["label"] in ("ham", "spam")
        True
    """
    entry = find(name, lang)
    if entry.format in ("tiktoken", "safetensors", "gguf"):
        raise DataError(
            _("{name!r} is not read with load: it is for {purpose}.").format(name=name, purpose=entry.purpose)
        )
    content = _read(entry, path(name, lang))
    if split is None:
        return content
    found = [row for row in content if isinstance(row, dict) and row.get("split") == split]
    if not found:
        splits = sorted({row["split"] for row in content if isinstance(row, dict) and "split" in row})
        told = _("it has: {splits}").format(splits=", ".join(splits)) if splits else _("it has none")
        raise DataError(_("{name!r} has no split {split!r}; {told}.").format(name=entry.name, split=split, told=told))
    return found


def text(name: str, lang: str | None = None) -> str:
    """`load` for texts.

    Raises:
        DataError: as `load`, or it is a table.
    """
    content = load(name, lang)
    if not isinstance(content, str):
        raise DataError(_("{name!r} is a table: use llmkit.data.rows.").format(name=name))
    return content


def rows(name: str, lang: str | None = None, split: str | None = None) -> list[Row]:
    """`load` for tables and instruction sets.

    Raises:
        DataError: as `load`, or it is a text.
    """
    content = load(name, lang, split)
    if isinstance(content, str):
        raise DataError(_("{name!r} is a text: use llmkit.data.text.").format(name=name))
    return content


def path(name: str, lang: str | None = None) -> Path:
    """Where a data set's file is, after a download if need be.

    Raises:
        DataError: see `load`.
    """
    entry = find(name, lang)
    if not entry.shipped:
        from llmkit.data.download import fetch  # needs pooch and requests

        return fetch(entry)
    place = SHIPPED / entry.file
    if not place.is_file():
        raise DataError(
            _("{place} is missing. Remedy: install llmkit again, or in a checkout: git checkout -- data").format(
                place=place
            )
        )
    return place


def state(entry: Dataset) -> State:
    """Whether the file is here and intact; downloads nothing."""
    if entry.shipped:
        place = SHIPPED / entry.file
    else:
        from llmkit.data.download import cache

        place = cache() / entry.file
    if not place.is_file():
        return "absent"
    return "good" if sha256(place.read_bytes()).hexdigest() == entry.sha256 else "wrong"


def _read(entry: Dataset, place: Path) -> str | list[Row]:
    try:
        data = lzma.decompress(place.read_bytes()) if entry.format.endswith(".xz") else place.read_bytes()
        content = data.decode("utf-8-sig").replace("\r\n", "\n")
        if entry.format == "json":
            records: list[Row] = json.loads(content)
            return records
        return _table(content, entry.columns) if entry.format == "tsv" else content
    except (lzma.LZMAError, UnicodeDecodeError, json.JSONDecodeError, csv.Error, OSError) as error:
        raise DataError(
            _("{place} cannot be read ({error}). Remedy: delete it and load {name!r} again.").format(
                place=place, error=error, name=entry.name
            )
        ) from error


def _table(content: str, columns: Sequence[str]) -> list[Row]:
    lines = list(csv.reader(content.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    if not columns:
        columns, *lines = lines
    elif lines and lines[0][0].lower() == columns[0]:
        lines = lines[1:]  # some copies have a header with other names
    wrong = next((number for number, line in enumerate(lines, 1) if len(line) != len(columns)), None)
    if wrong is not None:
        raise csv.Error(_("line {number} does not have {count} columns").format(number=wrong, count=len(columns)))
    return [dict(zip(columns, line, strict=True)) for line in lines]
