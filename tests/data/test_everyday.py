"""The shipped everyday messages: balanced, clean, none of them twice, and of another kind than the generated ones."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import pytest

from llmkit import data

LANGUAGES = pytest.mark.parametrize("lang", ["en", "pt-BR"])


@LANGUAGES
def test_both_splits_are_balanced(lang: str) -> None:
    assert Counter((row["split"], row["label"]) for row in data.rows("everyday", lang)) == {
        ("train", "ham"): 60, ("train", "spam"): 60, ("test", "ham"): 32, ("test", "spam"): 32,
    }  # fmt: skip


@LANGUAGES
def test_texts_are_clean_in_composed_unicode_and_never_repeat(lang: str) -> None:
    rows = data.rows("everyday", lang)
    for row in rows:
        assert row["text"] == " ".join(row["text"].split()) == unicodedata.normalize("NFC", row["text"])
        assert set(re.findall(r"[\w-]\.([a-z]{2,})", row["text"])) <= {"example"}
    seen = Counter(" ".join(re.findall(r"\w+", row["text"].casefold())) for row in rows)
    assert max(seen.values()) == 1
    assert not seen.keys() & {" ".join(re.findall(r"\w+", r["text"].casefold())) for r in data.rows("messages", lang)}


def test_they_are_of_another_kind_than_the_messages() -> None:
    """Of the words of an everyday message fewer are known from the training messages than of a test message."""
    for lang in ("en", "pt-BR"):
        known = {
            word for row in data.rows("messages", lang, "train") for word in re.findall(r"\w+", row["text"].lower())
        }

        def unknown(name: str, lang: str = lang, known: set[str] = known) -> float:
            words = [word for row in data.rows(name, lang, "test") for word in re.findall(r"\w+", row["text"].lower())]
            return sum(word not in known for word in words) / len(words)

        assert unknown("everyday") > 10 * unknown("messages")
