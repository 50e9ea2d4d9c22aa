"""The language of run-time messages: gettext catalogues, chosen by `llmkit.start` or the environment variable LLMKIT_LANG."""

from __future__ import annotations

import gettext as _gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

DOMAIN = "llmkit"
FOLDER = Path(__file__).parent / "locale"
SOURCE = "en"

# A module variable: a notebook's cells do not share their context variables.
_language = SOURCE


def languages() -> list[str]:
    """The languages that messages are there in: English, and one for each catalogue."""
    return sorted({SOURCE, *(path.parents[1].name for path in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))})


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
    """Messages in one language for a while; English where there is no catalogue for it."""
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
def _catalogue(domain: str, folder: Path, code: str) -> _gettext.NullTranslations:
    return _gettext.translation(domain, folder, [code], fallback=True)


def gettext(message: str, domain: str = DOMAIN, folder: Path = FOLDER) -> str:
    """The message in the language in use; the message itself where it is not translated.

    Args:
        message: English text, the msgid.
        domain: catalogue's name.
        folder: where the compiled catalogues are.
    """
    return _catalogue(domain, folder, language()).gettext(message) if message else message
