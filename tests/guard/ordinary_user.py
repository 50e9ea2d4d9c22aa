"""Runs Python as a user without rights: `python tests/guard/ordinary_user.py script.py …`, by root, who must be able to.

Where Python or the course lies in somebody's private home, the user sees these folders, and nothing else of the home.
"""

from __future__ import annotations

import ctypes
import os
import sys
import tempfile
from pathlib import Path

from autograder.student.worker import isolate

NOBODY = 65534
_LIBC = ctypes.CDLL(None, use_errno=True)
_BIND, _PRIVATE, _RECURSIVE, _DETACH = 4096, 1 << 18, 16384, 2


def private_ancestor(path: Path) -> Path | None:
    """The outermost folder on the way to a path that others may not enter."""
    return next((folder for folder in [*reversed(path.parents), path] if not folder.stat().st_mode & 0o1), None)


def _mount(source: str, target: str, flags: int, kind: bytes = b"none", options: bytes | None = None) -> None:
    if _LIBC.mount(source.encode(), target.encode(), kind, flags, options) != 0:
        raise OSError(ctypes.get_errno(), f"mount {target}")


def show_only(folder: Path, wanted: list[Path]) -> None:
    """Covers a folder, in this process's own namespace, with one that everybody may enter and that holds only some of it."""
    with tempfile.TemporaryDirectory() as aside:
        _mount(str(folder), aside, _BIND | _RECURSIVE)
        _mount("none", str(folder), 0, b"tmpfs", b"mode=755")
        for path in wanted:
            path.mkdir(parents=True, exist_ok=True)
            _mount(str(Path(aside) / path.relative_to(folder)), str(path), _BIND | _RECURSIVE)
        _LIBC.umount2(aside.encode(), _DETACH)


def cover(file: Path, other: Path) -> None:
    """Shows another file in place of one, in this process's own namespace."""
    _mount(str(other), str(file), _BIND)


def open_to_all() -> None:
    """Enters a namespace of this process's own, in which everybody may enter what Python and the course need."""
    isolate.unshare(isolate.NEW_NS)
    _mount("none", "/", _RECURSIVE | _PRIVATE)
    needed = [Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), Path(__file__).resolve().parents[2]]
    hidden: dict[Path, list[Path]] = {}
    for path in needed:
        if (folder := private_ancestor(path)) is not None:
            hidden.setdefault(folder, []).append(path)
    for folder, wanted in hidden.items():
        show_only(folder, wanted)


def main() -> None:
    """Gives up what root has, and becomes the script."""
    open_to_all()
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    os.environ.update(HOME="/tmp", PYTHONDONTWRITEBYTECODE="1")
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])


if __name__ == "__main__":
    main()
