"""Which of a student's files nbgrader copies: regular ones. It would copy what a link leads to, another student's work or the gradebook."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import nbgrader.exchange.default.exchange
from nbgrader.converters.base import BaseConverter
from nbgrader.exchange.default import ExchangeCollect
from nbgrader.exchange.default.exchange import Exchange


def regular_files(folder: Path, ignored: list[str]) -> Iterator[Path]:
    """The files of a folder and the folders in it, without links, pipes and the like, in the order of their names.

    Args:
        folder: a link to one counts as empty.
        ignored: patterns of names to leave out, of files and folders.
    """
    for where, folders, names in os.walk(folder) if not folder.is_symlink() else ():
        folders[:] = [name for name in sorted(folders) if not any(fnmatch(name, pattern) for pattern in ignored)]
        for name in sorted(names):
            path = Path(where, name)
            if not path.is_symlink() and path.is_file() and not any(fnmatch(name, pattern) for pattern in ignored):
                yield path


def links(folder: Path) -> list[Path]:
    """The links in a folder and the folders in it, to files and to folders; the folder itself, if it is one."""
    if folder.is_symlink():
        return [folder]
    found = [Path(where, name) for where, folders, names in os.walk(folder) for name in (*folders, *names)]
    return sorted(path for path in found if path.is_symlink())


class CopiesRegularFiles(BaseConverter):
    """Comes after one of nbgrader's converters in a class's bases, and copies the other files of a submission in place of the last one."""

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        source, target = self._format_source(assignment_id, student_id), self._format_dest(assignment_id, student_id)
        for path in regular_files(Path(source), [*self.coursedir.ignore, "*.ipynb"]):
            if self.is_copied(path.relative_to(source)):
                copy = Path(target) / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.unlink(missing_ok=True)
                self.log.info("Copying %s -> %s", path, copy)
                shutil.copy(path, copy)

    def is_copied(self, path: Path) -> bool:
        """Whether to copy a file, given its path in the submission."""
        return True


def _collect(self: Any, src: str, dest: str, log: Any = None) -> None:
    """In place of ExchangeCollect's: what a student has put into the exchange is copied without links."""
    found = links(Path(src))
    for link in found:
        self.log.warning("%s is a symbolic link and was left out", ascii(str(link))[1:-1])
    if found == [Path(src)]:
        return
    module = nbgrader.exchange.default.exchange
    original = module.ignore_patterns

    def ignore_patterns(**settings: Any) -> Callable[[str, list[str]], list[str]]:
        ignored = original(**settings)
        return lambda folder, names: [*ignored(folder, names), *(n for n in names if Path(folder, n) in found)]

    module.ignore_patterns = ignore_patterns
    try:
        Exchange.do_copy(self, src, dest, log)
    finally:
        module.ignore_patterns = original


def install() -> None:
    """Puts this in nbgrader's places for `nbgrader collect`, and keeps `nbgrader zip_collect` inside its folder."""
    ExchangeCollect.do_copy = _collect
    tarfile.TarFile.extraction_filter = staticmethod(tarfile.data_filter)
