"""What a student handed in: every notebook in a file, a folder or a zip, under whatever name."""

from __future__ import annotations

import io
import lzma
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from nbformat.notebooknode import NotebookNode

from autograder.errors import CannotGrade
from autograder.i18n import N_
from autograder.submission.notes import Refused
from autograder.submission.read import Opener, read_notebook

MAX_FILES = 1000  # looked at in one folder, members of zips included
MAX_FOLDERS = 10  # one inside the other
MAX_ZIPS = 3  # one inside the other
MAX_UNPACKED = 2_000_000_000  # bytes of all members of zips, as these state them: no more of a member is ever read
MAX_INNER = 200_000_000  # bytes of a zip inside a zip
MAX_PACKED = 1_000_000_000  # bytes of all files that are sent to another machine

# What the zip library raises for what is damaged, encrypted or packed in a way that it does not know.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    RuntimeError,
    NotImplementedError,
    EOFError,
    ValueError,
    OSError,
)
UNREADABLE = N_("it cannot be read ({error})")

_NO_FILE = N_("it is not a file")
_A_NOTEBOOK = N_("hand in a notebook, a file that ends in .ipynb")

_MAYBE = ("", ".json", ".txt")  # what a notebook's name may end in although nothing else in it says notebook


@dataclass(frozen=True)
class Found:
    """One notebook, or what was to be one.

    Attributes:
        name: where it was, such as "ch03.zip/attention (1).ipynb".
        notebook: result of `read_notebook`; None where it could not be read.
        refused: why not.
    """

    name: str
    notebook: NotebookNode | None = None
    refused: Refused | None = None

    @property
    def base(self) -> str:
        """The last part of the name."""
        return PurePosixPath(self.name).name


@dataclass
class HandedIn:
    """All that was found.

    Attributes:
        notebooks: those that can be read and those that cannot, in the order of their names.
        others: names of the other files.
        links: names of symbolic links, which are never followed.
        looked: how many files were looked at; those after the first MAX_FILES are not opened.
        unpacked: bytes of all members of zips.
    """

    notebooks: list[Found] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    looked: int = 0
    unpacked: int = 0


@dataclass(frozen=True)
class Packed:
    """What a folder holds, to be read on a machine that does not see it.

    Attributes:
        files: name and bytes of each file; the bytes are empty where nobody opens it, an error where it cannot be read.
        links: names of symbolic links.
    """

    files: tuple[tuple[str, bytes | OSError], ...]
    links: tuple[str, ...]


def pack(folder: Path) -> Packed:
    """Takes along all that `handed_in` reads of a folder: it finds the same in both.

    Raises:
        CannotGrade: that is more than MAX_PACKED bytes.
    """
    links: list[str] = []
    files: list[tuple[str, bytes | OSError]] = []
    left = MAX_PACKED
    for name, path in _files(folder, links):
        data: bytes | OSError = b""
        if len(files) < MAX_FILES and (_sure(name) or _maybe(name)):
            try:
                with _open(path, name) as stream:
                    data = stream.read(left + 1)
                left -= len(data)
            except OSError as error:
                data = error
            except Refused as error:  # it has become something else since its folder was listed
                data = OSError(error.problem)
        if left < 0:
            raise CannotGrade(
                f"{folder}: more than {MAX_PACKED // 1_000_000} MB, too much to send to another machine",
                "grade this student without --scheduler",
            )
        files.append((name, data))
    return Packed(tuple(files), tuple(links))


def handed_in(path: Path | Packed) -> HandedIn:
    """Reads a folder, with all folders and zips in it, or one file. Nothing is unpacked or written, and no link is followed.

    Args:
        path: the folder, or what `pack` made of it, or the file.
    """
    found = HandedIn()
    if isinstance(path, Packed):
        found.links += path.links
        for name, data in path.files:
            _look(found, name, partial(_unpacked, data), sure=False)
        return found
    folder = path.is_dir() and not path.is_symlink()
    for name, file in _files(path, found.links) if folder else [(path.name, path)]:
        _look(found, name, partial(_open, file, name), sure=not folder)
    return found


def readable(path: Path) -> HandedIn:
    """Reads one file, in which at least one notebook must be readable.

    Args:
        path: a notebook, or a zip.

    Raises:
        Refused: none is.
    """
    if path.is_dir():
        raise Refused(str(path), _NO_FILE, _A_NOTEBOOK)
    found = handed_in(path)
    if any(one.notebook is not None for one in found.notebooks):
        return found
    refused = next(one.refused for one in found.notebooks if one.refused is not None)
    inside = refused.where.partition("/")[2]
    raise refused.at(f"{path} [{inside}]" if inside else str(path))


def _files(folder: Path, links: list[str], inside: str = "", depth: int = 0) -> Iterator[tuple[str, Path]]:
    """The regular files of a folder and the folders in it, by name; hidden ones left out."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: (entry.is_dir(follow_symlinks=False), entry.name))
    except OSError:
        return
    for entry in entries:
        name = inside + entry.name
        if entry.is_symlink():
            links.append(name)
        elif _hidden(entry.name):
            continue
        elif entry.is_dir(follow_symlinks=False):
            if depth < MAX_FOLDERS:
                yield from _files(Path(entry.path), links, name + "/", depth + 1)
        elif entry.is_file(follow_symlinks=False):
            yield name, Path(entry.path)


def _hidden(name: str) -> bool:
    """What macOS and Jupyter put beside a notebook."""
    return (name.startswith(".") and name.strip(".") != "") or name == "__MACOSX"


def _open(path: Path, name: str) -> BinaryIO:
    info = path.lstat()
    if stat.S_ISLNK(info.st_mode):
        raise Refused(name, N_("it is a symbolic link"), N_("hand in the file itself"))
    if not stat.S_ISREG(info.st_mode):
        raise Refused(name, _NO_FILE, _A_NOTEBOOK)
    return os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)), "rb")


def _unpacked(data: bytes | OSError) -> BinaryIO:
    if isinstance(data, OSError):
        raise data
    return io.BytesIO(data)


def _sure(name: str) -> bool:
    """Whether a file is meant to be a notebook or a zip."""
    lower = PurePosixPath(name).name.lower()
    return ".ipynb" in lower or lower.endswith(".zip")


def _maybe(name: str) -> bool:
    return PurePosixPath(name.lower()).suffix in _MAYBE


def _look(found: HandedIn, name: str, opener: Opener, sure: bool, zips: int = 0) -> None:
    """Adds what one file is.

    Args:
        found: what it is added to.
        name: where it is.
        opener: opens it.
        sure: whether it is meant to be a notebook or a zip, whatever its name is.
        zips: how many zips it is in.
    """
    sure = sure or _sure(name)
    found.looked += 1
    if found.looked > MAX_FILES or not (sure or _maybe(name)):
        found.others.append(name)
        return
    try:
        with opener() as stream:
            zipped = stream.read(2) == b"PK"
        if zipped:
            with opener() as stream:
                _unzip(found, name, stream, zips)
            return
        notebook = read_notebook(opener, name)
    except Refused as error:
        refused = error
    except _BROKEN as error:
        what = error.strerror if isinstance(error, OSError) and error.strerror else error
        refused = Refused(name, UNREADABLE, N_("look at the file's name and permissions"), error=what)
    else:
        if zips:
            notebook.metadata.autograder.read.insert(0, "zip")
        found.notebooks.append(Found(name, notebook))
        return
    if sure:
        found.notebooks.append(Found(name, refused=refused))
    else:
        found.others.append(name)


def _unzip(found: HandedIn, name: str, stream: BinaryIO, zips: int) -> None:
    itself = N_("hand in the notebook itself")
    before = len(found.notebooks)
    try:
        if zips:  # a zip is read from its end, which is slow inside another one
            stream = io.BytesIO(stream.read(MAX_INNER + 1))
        with zipfile.ZipFile(stream) as archive:
            members = [m for m in archive.infolist() if not m.is_dir() and not any(map(_hidden, m.filename.split("/")))]
            found.unpacked += sum(member.file_size for member in members)
            if zips >= MAX_ZIPS or found.unpacked > MAX_UNPACKED or len(members) > MAX_FILES:
                raise Refused(name, N_("the zip holds too much"), itself)
            for member in sorted(members, key=lambda member: member.filename):
                where = f"{name}/{member.filename.lstrip('/')}"
                if not stat.S_ISLNK(member.external_attr >> 16):
                    _look(found, where, partial(_member, archive, member), False, zips + 1)
                elif ".ipynb" in where.lower():
                    refused = Refused(where, N_("the zip holds a symbolic link"), itself)
                    found.notebooks.append(Found(where, refused=refused))
    except _BROKEN as error:
        raise Refused(name, N_("the zip cannot be opened ({error})"), itself, error=error) from None
    if len(found.notebooks) == before:
        raise Refused(name, N_("the zip holds no notebook"), itself)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    return cast(BinaryIO, archive.open(member))
