"""One variant of an exam: the numbers that belong to it, how they come into a text, and whose it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import CourseError

RECORD = "exam.json"  # beside `source/`: what makes a course's folder an exam
OWN = "variants"  # the students' own variants, each a folder with a source of its own

CODE = "VARIANT_code"  # name of the value by which a variant is known

_PLACE = re.compile(r"\b(?:VARIANT|TEXT)_[a-z_]+\b")


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text of the template with a variant's values.

    Args:
        text: prose or code; `VARIANT_window` and `TEXT_window` stand for values.
        values: by name.

    Raises:
        CourseError: a value has no such name.
    """

    def value(found: re.Match[str]) -> str:
        if found[0] not in values:
            raise CourseError(f"no variant of the exam has a value {found[0]}", "draw it in autograder/exam/values.py")
        return values[found[0]]

    return _PLACE.sub(value, text)


def record(root: Path) -> dict[str, Any]:
    """What is written down of the exam in a folder; empty where it holds none.

    Raises:
        CourseError: the file is damaged.
    """
    path = root / RECORD
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not all(isinstance(value, str) for value in found["values"].values()):
            raise TypeError("a value is no text")
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise CourseError(
            f"{path}: not the record of an exam ({type(error).__name__}: {error})",
            "restore it, or copy that of an exam made of the same seed in another folder",
        ) from None
    return dict(found)


def values_beside(source: Path) -> Mapping[str, str]:
    """The values that a source notebook was made with; none for a notebook of the course.

    Args:
        source: the notebook's file, under `source/<chapter>/`.
    """
    return record(source.parents[2]).get("values", {}) if len(source.parents) > 2 else {}


def own_source(source: Path, student: str) -> Path:
    """The source that a student is graded by: that of their own variant, if they have one.

    Args:
        source: the class's notebook.
        student: student id.
    """
    own = source.parents[2] / OWN / student / source.relative_to(source.parents[2])
    return own if own.is_file() else source


def root_of(source: Path) -> Path:
    """The folder in which a class is graded: for a student's own variant that of the whole exam.

    Args:
        source: a source notebook, of the class or of a student.
    """
    root = source.parents[2]
    return root.parents[1] if root.parent.name == OWN else root


@dataclass(frozen=True)
class Mixed:
    """A notebook of another variant than the one that it is graded by.

    Attributes:
        code: that other variant's.
        whose: the student who has it; empty for the class's.
        own: code of the variant that it is graded by.
    """

    code: str
    whose: str
    own: str


def mixed_up(source: Path, texts: Iterable[str]) -> Mixed | None:
    """Whether a notebook is of another variant of the exam; None where it is not, or does not tell.

    Args:
        source: the source that it is graded by.
        texts: the prose of the notebook, where a variant names itself.
    """
    own = values_beside(source).get(CODE)
    text = "\n".join(texts)
    if own is None or own in text:
        return None
    root = root_of(source)
    for folder in (root, *sorted((root / OWN).glob("*"))):
        code = record(folder).get("values", {}).get(CODE)
        if code and code in text:
            return Mixed(code, "" if folder == root else folder.name, own)
    return None
