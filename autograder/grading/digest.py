"""What decides marks beside the student's file, so that two gradings can be told to be alike."""

from __future__ import annotations

import hashlib
import sys
from importlib.metadata import version
from pathlib import Path

from autograder.course.variants import OWN

_DECISIVE = (".ipynb", ".po", ".py", ".toml")


def what_decides(root: Path) -> dict[str, str]:
    """All that decides marks, by name: versions, and a digest of each folder's files and of their names in it.

    Args:
        root: the course's folder.
    """
    package = Path(__file__).parents[2]
    folders = {
        "autograder/": package / "autograder",
        "llmkit/": package / "llmkit",
        "source/": root / "source",
        "locale/": root / "locale",
    }
    if (root / OWN).is_dir():
        folders[f"{OWN}/"] = root / OWN
    return {"Python": sys.version, "torch": version("torch")} | {name: _digest(path) for name, path in folders.items()}


def _digest(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in _DECISIVE):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0")
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
