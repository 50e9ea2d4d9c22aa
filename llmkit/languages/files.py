"""Reads what a language needs besides its messages: one TOML file for each language, beside this module.

What a file leaves out is that of English; a language without a file is treated as English altogether.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from llmkit import i18n
from llmkit.i18n import gettext as _

FOLDER = Path(__file__).parent
ENGLISH = i18n.SOURCE

_said: set[tuple[str, str]] = set()


@cache
def section(name: str, code: str) -> dict[str, Any]:
    """One table of a language's file; empty where the language has no file, or the file no such table.

    Args:
        name: of the table, such as "prompt".
        code: such as "pt-BR".

    Raises:
        ValueError: the file is no TOML, or its table has other keys than that of English.
    """
    found: dict[str, Any] = _file(code).get(name, {})
    if found and found.keys() != (keys := _file(ENGLISH)[name].keys()):
        raise ValueError(
            f"{FOLDER / code}.toml: [{name}] has {', '.join(found)}. Remedy: give {', '.join(keys)}, or leave it out"
        )
    return found


@cache
def _file(code: str) -> dict[str, Any]:
    path = FOLDER / f"{code}.toml"
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path} is no TOML ({error}). Remedy: mend that line") from error


def having(name: str) -> list[str]:
    """The languages whose files have a table of this name, in alphabetical order."""
    return [path.stem for path in sorted(FOLDER.glob("*.toml")) if section(name, path.stem)]


def covered(wanted: str, there: Collection[str], what: str) -> str:
    """The language wanted where it is there, else English, which is said once for each language and thing.

    Args:
        wanted: a code, such as "pt-BR".
        there: the codes that there are.
        what: what is English then, in the reader's language.
    """
    if wanted in there:
        return wanted
    if (wanted, what) not in _said:
        _said.add((wanted, what))
        print(
            _("{what}: not in the language {language} yet, so the English is used.").format(what=what, language=wanted)
        )
    return ENGLISH
