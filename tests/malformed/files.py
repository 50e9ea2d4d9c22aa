"""How a notebook becomes a file, and where the file lies in what a student hands in."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from edits import Notebook, plain

Form = Callable[[Notebook], bytes]
Place = Callable[[Path, str, bytes], None]


def text(notebook: Notebook, **changes: Any) -> str:
    made = plain(notebook)
    made.pop("_stubs", None)
    for cell in made["cells"]:
        if cell.pop("_lines", False):
            cell["source"] = cell["source"].splitlines(keepends=True)
    return json.dumps(made | changes, ensure_ascii=False, indent=1)


def format_3(notebook: Notebook) -> bytes:
    """As IPython 3 wrote it."""
    made = json.loads(text(notebook))
    for cell in made["cells"]:
        cell["metadata"] = {}
        cell["source"] = "".join(cell["source"])
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], 1
    old = nbformat.convert(nbformat.from_dict(made | {"metadata": {}, "nbformat": 4, "nbformat_minor": 4}), 3)
    return nbformat.v3.writes_json(old).encode()


FORMS: dict[str, Form] = {
    "utf-8": lambda nb: text(nb).encode(),
    "one-line": lambda nb: json.dumps(json.loads(text(nb))).encode(),
    "bom": lambda nb: text(nb).encode("utf-8-sig"),
    "utf-16": lambda nb: text(nb).encode("utf-16"),
    "utf-16-le": lambda nb: text(nb).encode("utf-16-le"),
    "utf-16-be": lambda nb: text(nb).encode("utf-16-be"),
    "crlf": lambda nb: text(nb).replace("\n", "\r\n").encode(),
    "4.0": lambda nb: text(nb, nbformat_minor=0).encode(),
    "4.2": lambda nb: text(nb, nbformat_minor=2).encode(),
    "4.4": lambda nb: text(nb, nbformat_minor=4).encode(),
    "text-4": lambda nb: text(nb, nbformat="4", nbformat_minor="5").encode(),
    "no-format": lambda nb: text(nb, nbformat=None).encode(),
    "format-3": format_3,
    "more-text": lambda nb: text(nb).encode() + b"\n  ]\n}\n",
    "zeros": lambda nb: text(nb).encode() + bytes(512),
}


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def write(folder: Path, name: str, data: bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def named(pattern: str) -> Place:
    return lambda folder, name, data: write(folder, pattern.format(name=name), data)


def in_zip(*inside: str) -> Place:
    return lambda folder, name, data: write(
        folder, "ch.zip", zipped({path.format(name=name): data for path in inside} | {"__MACOSX/._x.ipynb": b"Mac"})
    )


def zip_in_zip(folder: Path, name: str, data: bytes) -> None:
    write(folder, "hand in.zip", zipped({"inner.zip": zipped({f"a/b/{name}.ipynb": data}), "notes.txt": b"hi"}))


def zip_by_name(folder: Path, name: str, data: bytes) -> None:
    write(folder, f"{name}.ipynb", zipped({f"{name}.ipynb": data}))


def beside_old_copy(folder: Path, name: str, data: bytes) -> None:
    """Jupyter's checkpoint is not what was handed in."""
    write(folder, f"{name}.ipynb", data)
    write(folder, f".ipynb_checkpoints/{name}-checkpoint.ipynb", b'{"cells": [')


def beside_torn_copy(folder: Path, name: str, data: bytes) -> None:
    write(folder, f"{name} (1).ipynb", data)
    write(folder, f"{name}.ipynb", data[: len(data) // 2])


def beside_other_files(folder: Path, name: str, data: bytes) -> None:
    write(folder, f"{name}.ipynb", data)
    write(folder, "results.json", b'{"loss": [1, 2]}')
    write(folder, "data/model.bin", bytes(100))
    write(folder, "read me.txt", "é".encode("latin-1"))


PLACES: dict[str, Place] = {
    "as it should be": named("{name}.ipynb"),
    "copy of": named("Copy of {name}.ipynb"),
    "(1)": named("{name} (1).ipynb"),
    "copia": named("{name} - Copia.ipynb"),
    "copia de": lambda folder, name, data: write(folder, f"Cópia de {name}.ipynb", data),
    "capitals": lambda folder, name, data: write(folder, f"{name.title()}.IPYNB", data),
    "txt": named("{name}.ipynb.txt"),
    "json": named("{name}.json"),
    "no ending": named("{name}"),
    "any name": named("homework final v2.ipynb"),
    "folder": named("chapter/{name}.ipynb"),
    "deep": named("a/b c/d/attention.ipynb"),
    "zip": in_zip("{name}.ipynb"),
    "zip of a folder": in_zip("chapter/{name} (2).ipynb"),
    "zip with ..": in_zip("../../{name}.ipynb"),
    "zip in zip": zip_in_zip,
    "zip by name": zip_by_name,
    "beside old copy": beside_old_copy,
    "beside torn copy": beside_torn_copy,
    "beside other files": beside_other_files,
}
