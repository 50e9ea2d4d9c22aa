"""Takes out of a notebook's JSON what grading never reads, while the file is read: outputs may be a thousand times the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

LONG = 2_000_000  # characters of attachments that are still read

# What stands between two brackets: whole strings, and all other signs. Possessive, so that a long run costs no memory.
_RUN = re.compile(r'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_INSIDE = re.compile(r'(?:[^"\\]++|\\.)*+', re.DOTALL)
_KEY = re.compile(r'(?<!\\)"(outputs|widgets|attachments)"\s*:\s*$')
_KEY_LENGTH = 60


def slim(pieces: Iterable[str]) -> Iterator[str]:
    """The same JSON without outputs, widgets and long attachments; its lines keep their numbers, and what is torn stays torn.

    Args:
        pieces: the text of the file, cut anywhere.

    Yields:
        The text that is left. Besides a piece, only attachments that are not too long are held.
    """
    depth = 0  # of brackets inside a value that is taken out; 0 outside
    held: list[str] | None = None  # attachments, as long as they may still be short
    size, tail = 0, ""
    for text, is_bracket in _fragments(pieces):
        if not depth:
            yield text
            if is_bracket and text in "[{" and (key := _KEY.search(tail)):
                depth, size, held = 1, 0, [] if key.group(1) == "attachments" else None
            tail = (tail + text)[-_KEY_LENGTH:]
            continue
        if is_bracket:
            depth += 1 if text in "[{" else -1
        if not depth:
            yield from held or ()
            yield text
        elif held is None:
            yield "\n" * text.count("\n")
        else:
            held.append(text)
            size += len(text)
            if size > LONG:
                yield '"too long": 0' + "\n" * sum(part.count("\n") for part in held)
                held = None


def _fragments(pieces: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Brackets (True), one by one, and what is between them (False); a string that the end of a piece cuts comes in parts."""
    rest, inside = "", False
    for piece in pieces:
        text, at, rest = rest + piece, 0, ""
        while at < len(text):
            found = (_INSIDE if inside else _RUN).match(text, at)
            end = found.end() if found else at
            if inside:
                inside = end == len(text) or text[end] != '"'
                if inside:
                    rest = text[end:]  # nothing, or the backslash of an escape
                yield text[at : end + (not inside)], False
                at = len(text) if inside else end + 1
                continue
            if end > at:
                yield text[at:end], False
            if end < len(text):
                inside = text[end] == '"'
                yield text[end], not inside
            at = end + 1
    yield rest, False
