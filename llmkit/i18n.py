"""The language of run-time messages: gettext catalogues, chosen by `llmkit.start` or the environment variable LLMKIT_LANG.

The catalogues are read as translators write them, so no compiled copy can be missing or out of date.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

DOMAIN = "llmkit"
FOLDER = Path(__file__).parent / "locale"
SOURCE = "en"

# A keyword and a string in double quotes, or a continued string.
_LINE = re.compile(r'(?:(msgid|msgstr) )?"((?:[^"\\]|\\.)*)"')
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}

# A module variable: a notebook's cells do not share their context variables.
_language = SOURCE
_further: list[tuple[str, Path]] = []  # catalogues besides llmkit's: domain and folder


def languages() -> list[str]:
    """The languages of the messages: English, and one for each catalogue."""
    return _languages_in(FOLDER)


@cache
def _languages_in(folder: Path) -> list[str]:
    return sorted({SOURCE, *(path.parent.name for path in folder.glob(f"*/{DOMAIN}.po"))})


def set_language(language: str) -> None:
    """Chooses the language of messages; LLMKIT_LANG overrides it.

    Args:
        language: a code such as "en" or "pt-BR".

    Raises:
        ValueError: there is no catalogue for it.
    """
    global _language
    if language not in languages():
        raise ValueError(f"no messages in {language!r}: choose one of {', '.join(languages())}")
    _language = language


@contextmanager
def using(language: str) -> Iterator[None]:
    """Messages in one language inside the block; English where it has no catalogue."""
    global _language
    before = _language
    _language = language if language in languages() else SOURCE
    try:
        yield
    finally:
        _language = before


def language() -> str:
    """The language in use."""
    wanted = os.environ.get("LLMKIT_LANG")
    return wanted if wanted in languages() else _language


@cache
def _catalogue(domain: str, folder: Path, code: str) -> dict[str, str]:
    """The translations of a domain, English to `code`; empty, with a warning, where the file is missing."""
    if code == SOURCE:
        return {}
    path = folder / code / f"{domain}.po"
    if not path.is_file():
        warnings.warn(f"{path} is missing: these messages stay in English. Remedy: restore it.", stacklevel=3)
        return {}
    return read_catalogue(path)


def read_all() -> None:
    """Reads the messages of all languages, which would be read as they are needed: for a process whose forks need them."""
    for code in languages():
        for where in ((DOMAIN, FOLDER), *_further):
            _catalogue(*where, code)


def also_read(domain: str, folder: Path) -> None:
    """Adds catalogues that are asked where llmkit's have no translation, as for tests that students do not have.

    Args:
        domain: their name.
        folder: where they are, by language.
    """
    if (domain, folder) not in _further:
        _further.append((domain, folder))


def read_catalogue(path: Path) -> dict[str, str]:
    """The translations in a .po file, except fuzzy, obsolete and empty ones.

    Args:
        path: the file. Run-time messages have no contexts or plurals.

    Raises:
        ValueError: it is damaged, for instance by a merge: an error, rather than messages in English.
    """
    translations: dict[str, str] = {}
    fields: dict[str, str] = {}
    field, fuzzy, next_is_fuzzy = "", False, False

    def finish() -> None:
        if fields.get("msgid") and fields.get("msgstr") and not fuzzy:
            translations[fields["msgid"]] = fields["msgstr"]

    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            next_is_fuzzy |= line.startswith("#,") and "fuzzy" in line
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None or not (match[1] or field):
            raise ValueError(f"{path}, line {number}: no line of a gettext catalogue: {line[:60]!r}")
        if match[1] == "msgid":
            finish()
            fields, fuzzy, next_is_fuzzy = {}, next_is_fuzzy, False
        field = match[1] or field
        fields[field] = fields.get(field, "") + _unescaped(match[2])
    finish()
    return translations


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text) if "\\" in text else text


def gettext(message: str, domain: str = DOMAIN, folder: Path = FOLDER) -> str:
    """The message in the language in use; the message itself where it is not translated.

    Args:
        message: English text, the msgid.
        domain: catalogue's name.
        folder: where the catalogues are, by language.
    """
    code = language()
    for where in ((domain, folder), *(_further if domain == DOMAIN else ())):
        if (found := _catalogue(*where, code).get(message)) is not None:
            return found
    return message
