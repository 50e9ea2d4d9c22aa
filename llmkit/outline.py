"""The outline of the course, as its start page holds it: chapters, notebooks, exercises and their tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmkit import opened

START_PAGE = "00_start.ipynb"


@dataclass(frozen=True)
class Outline:
    """What a start page says.

    Attributes:
        folder: where the page is, beside the folders of the chapters.
        language: of the page.
        chapters: in order; each with `name`, `title` and `notebooks`, and each of these with `name`, `title` and `exercises`, which has
            the grade ids of the tests by that of the gap.
    """

    folder: Path
    language: str
    chapters: list[dict[str, Any]]

    def exercises(self, chapter: str, notebook: str) -> dict[str, list[str]]:
        """The tests of each gap of a notebook; empty where the course has no such notebook."""
        every = (one for part in self.chapters if part["name"] == chapter for one in part["notebooks"])
        return next((one["exercises"] for one in every if one["name"] == notebook), {})


def outline_near(language: str, folder: str | Path | None = None) -> Outline | None:
    """The nearest start page's; None where there is none that can be read.

    Args:
        language: which page is taken in a folder that holds the course in several.
        folder: where to look; by default around the open notebook and the working folder.
    """
    for place in [Path(folder)] if folder is not None else _places(language):
        with suppress(OSError, ValueError, KeyError, TypeError):
            about = opened.load(place / START_PAGE)["metadata"]["llmkit"]
            if isinstance(about["course"], list):
                return Outline(place, str(about["language"]), about["course"])
    return None


def _places(language: str) -> Iterator[Path]:
    here = opened.opened()
    for start in [*([here.folder] if here else []), Path.cwd()]:
        yield from (start, start.parent, start / "release" / language)
