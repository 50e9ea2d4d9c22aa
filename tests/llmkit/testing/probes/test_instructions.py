"""The probe that reads what a function saved: content, exceptions that come out, what was asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llmkit.testing import probes

ENTRIES = [{"instruction": "Write.", "input": "a"}, {"instruction": "Write.", "input": "b"}]


def careless(entries: list[dict[str, Any]], respond: Callable[[dict[str, Any]], str], path: str) -> list[str]:
    """Writes at the end only, and lets everything out."""
    said = [respond(entry) for entry in entries]
    with open(path, "a", encoding="utf-8") as file:
        json.dump(said, file)
    return said


def test_content_and_what_came_back() -> None:
    found = probes.answered(careless, ENTRIES, ["1", "2"])
    assert found == {"content": b'["1", "2"]', "returned": ["1", "2"], "raised": "", "asked": ["a", "b"]}


def test_what_stood_in_the_file_is_there_at_first() -> None:
    assert probes.answered(careless, ENTRIES, ["1", "2"], before="old")["content"] == b'old["1", "2"]'


@pytest.mark.parametrize("kind", ["ValueError", "KeyboardInterrupt"])
def test_an_exception_that_comes_out_is_named(kind: str) -> None:
    found = probes.answered(careless, ENTRIES, ["1", {"raise": kind, "text": "no"}])
    assert found == {"content": None, "returned": None, "raised": kind, "asked": ["a", "b"]}


def test_an_empty_gap_stays_one() -> None:
    def gap(entries: object, respond: object, path: str) -> None:
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        probes.answered(gap, ENTRIES, ["1", "2"])


def test_the_path_is_a_text_in_a_folder_that_goes_afterwards() -> None:
    seen: list[str] = []

    def save(entries: object, respond: object, path: str) -> None:
        seen.append(path)
        Path(path).write_text("", encoding="utf-8")

    assert probes.answered(save, ENTRIES, ["1", "2"])["content"] == b""
    assert isinstance(seen[0], str) and not Path(seen[0]).parent.exists()
