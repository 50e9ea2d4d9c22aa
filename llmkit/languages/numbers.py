"""The numbers of prose, tables and figures, with the signs of the language in use; what Python prints keeps its point."""

from __future__ import annotations

from llmkit import i18n
from llmkit.languages.files import ENGLISH, section


def localised(value: float, form: str = "") -> str:
    """A number as the language in use writes it in prose, tables and figures; what stands for Python's own output keeps its point.

    Args:
        value: a number.
        form: a format specification in the language of `format`, such as ",.2f"; a comma in it groups thousands.

    Example:
        >>> localised(1234.5, ",.1f")
        '1,234.5'
    """
    return localised_text(format(value, form))


def localised_text(text: str) -> str:
    """A text of formatted numbers, such as "1,234.5 of 2,000.0", with the signs of the language in use; no other points or commas."""
    decimal, thousands = separators()
    return text.translate({ord("."): decimal, ord(","): thousands})


def separators() -> tuple[str, str]:
    """The signs for decimals and for thousands in the language in use."""
    signs = section("numbers", i18n.language()) or section("numbers", ENGLISH)
    return str(signs["decimal"]), str(signs["thousands"])
