"""Due dates and times of submission: zones read as they are written, files read whatever saved them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from dateutil import parser, tz

from autograder.errors import UnreadableDate

_WRITE_IT = "write it with its zone, for instance 2026-03-01 23:59:00 -0300, or America/Sao_Paulo or UTC for the zone"


def parse_utc(value: datetime | str | None) -> datetime | None:
    """Reads a date as nbgrader.utils.parse_utc does, but numbers for a zone are hours and minutes.

    nbgrader takes "-0300" for 300 seconds and "-03", which its exchange writes in Brazil, for 3; an unknown zone it takes for UTC.

    Args:
        value: a date, as text or not. One without a zone is in UTC.

    Returns:
        The date in UTC, without a zone, as the gradebook has it.

    Raises:
        UnreadableDate: it is not a date, or its zone is unknown.
    """
    if isinstance(value, str):
        value = _parse(value)
    if value is not None and value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    return value


def _parse(text: str) -> datetime:
    words = text.split()
    try:
        # A name such as America/Sao_Paulo is no date for dateutil.
        zone = tz.gettz(words[-1]) if len(words) > 1 and words[-1][0].isalpha() else None
        if zone is not None:
            return parser.parse(" ".join(words[:-1])).replace(tzinfo=zone)
        return parser.parse(text, tzinfos=_zone)
    except UnreadableDate:
        raise
    except (ValueError, OverflowError):
        raise UnreadableDate(f"{text[:60]!r} is not a date", _WRITE_IT) from None


def _zone(name: str | None, offset: int | None) -> tz.tzoffset | None:
    """The zone of an offset in seconds; a name alone is not known to anybody by now."""
    if offset is None and name is None:
        return None
    if offset is None:
        raise UnreadableDate(f"the time zone {name!r} is unknown", _WRITE_IT)
    return tz.tzoffset(name, offset)


def read_timestamp(folder: Path) -> tuple[datetime | None, str]:
    """When a submission was handed in, by its timestamp.txt.

    Args:
        folder: a student's submission.

    Returns:
        The time in UTC, None where there is none, and what is wrong with the file, with the remedy; empty where nothing is.
    """
    path = folder / "timestamp.txt"
    if path.is_symlink():
        return None, _on_time(path, "it is a link, which is not followed", "write a file in its place")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None, ""
    except OSError as error:
        return None, _on_time(path, f"it cannot be read ({error.strerror})", "look at its permissions")
    # What a date consists of is the same in every encoding but UTF-16, which Windows PowerShell writes.
    utf_16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = data.decode("utf-16" if utf_16 else "utf-8-sig", "replace").replace("\0", "").strip()
    if not text:
        return None, _on_time(path, "it is empty", _WRITE_IT)
    try:
        return parse_utc(text), ""
    except UnreadableDate as error:
        return None, _on_time(path, error.problem, error.remedy)


def _on_time(path: Path, problem: str, remedy: str) -> str:
    return f"{path}: {problem}; the submission counts as handed in on time. Remedy: {remedy}, and grade again."
