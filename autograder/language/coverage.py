"""Measures how much of the course is translated, and brings the catalogues up to date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

from autograder.course.course import Course
from autograder.language import messages
from autograder.language import notebooks as translation


@dataclass(frozen=True)
class Row:
    """Coverage of one catalogue.

    Attributes:
        path: the catalogue, relative to the course's folder.
        texts: how many texts there are to translate.
        translated: how many are translated and up to date.
        fuzzy: how many translations need review because the English has changed.
    """

    path: str
    texts: int
    translated: int
    fuzzy: int


def coverage(course: Course) -> list[Row]:
    """Coverage of every catalogue of every language."""
    rows = []
    for path, fresh in _up_to_date(course):
        done = sum(bool(entry.msgstr.strip()) and not entry.fuzzy for entry in fresh)
        rows.append(
            Row(path.relative_to(course.root).as_posix(), len(fresh), done, sum(entry.fuzzy for entry in fresh))
        )
    return rows


def update_all(course: Course) -> None:
    """Brings every catalogue up to date: new texts empty, changed ones fuzzy, removed ones dropped."""
    for path, fresh in _up_to_date(course):
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.save(str(path))


def _up_to_date(course: Course) -> Iterator[tuple[Path, polib.POFile]]:
    for language in translation.languages(course):
        for part in course.with_exam:
            for source in part.notebooks():
                path = translation.catalogue_path(part, source, language)
                yield path, translation.update(source, translation.catalogue(part, source, language), language)
        for domain in messages.DOMAINS:
            path = messages.path_of(course, domain, language)
            yield path, messages.update(course, domain, messages.read(path), language)
