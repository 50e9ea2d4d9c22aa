"""The shipped paraphrases: five kinds per item, built as the datasheet says, rated on three scales, alike in both languages."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from llmkit import data
from llmkit.tasks.metrics import words

KINDS = ["paraphrase", "near-copy", "shuffled", "too-short", "too-long"]
SCALES = ("complete", "faithful", "readable")
SHEET = Path(__file__).resolve().parents[2] / "data" / "paraphrases" / "DATASHEET.md"
LANGUAGES = pytest.mark.parametrize("lang", ["en", "pt-BR"])


def rating(row: data.Row) -> int:
    return min(int(row[scale]) for scale in SCALES)


def of_kind(lang: str, kind: str) -> list[data.Row]:
    return [row for row in data.rows("paraphrases", lang) if row["kind"] == kind]


@LANGUAGES
def test_each_item_has_one_reference_and_one_text_of_each_kind(lang: str) -> None:
    rows = data.rows("paraphrases", lang)
    assert [row["kind"] for row in rows] == KINDS * 20
    assert [row["item"] for row in rows] == [f"{item:02d}" for item in range(1, 21) for _kind in KINDS]
    assert len({(row["item"], row["reference"]) for row in rows}) == 20
    assert len({row["text"] for row in rows}) == 100 and not {row["text"] for row in rows} & {
        row["reference"] for row in rows
    }
    assert all(re.fullmatch("[1-5]", row[scale]) for row in rows for scale in SCALES)


@LANGUAGES
def test_texts_are_clean_sentences_in_composed_unicode(lang: str) -> None:
    for row in data.rows("paraphrases", lang):
        for text in (row["reference"], row["text"]):
            assert text == " ".join(text.split()) == unicodedata.normalize("NFC", text)
            assert text[0].isupper() and text.endswith(".")


@LANGUAGES
def test_shuffled_texts_keep_every_word_and_no_neighbours(lang: str) -> None:
    for row in of_kind(lang, "shuffled"):
        said, right = words(row["text"]), words(row["reference"])
        assert Counter(said) == Counter(right)
        broken = set(pairwise(right)) & set(pairwise(said))
        inside = {
            pair for pair in broken if not re.search(rf"{pair[0]}[-'’]{pair[1]}", row["reference"], re.IGNORECASE)
        }
        assert not inside, row


@LANGUAGES
def test_long_and_short_texts_are_long_and_short_and_near_copies_near(lang: str) -> None:
    for row in of_kind(lang, "too-long"):
        assert len(words(row["text"])) > 1.4 * len(words(row["reference"]))
        assert not Counter(words(row["reference"])) - Counter(words(row["text"]))
    for row in of_kind(lang, "too-short"):
        assert len(words(row["text"])) < 0.7 * len(words(row["reference"]))
    for row in of_kind(lang, "near-copy"):
        said, right = Counter(words(row["text"])), Counter(words(row["reference"]))
        assert (said - right).total() <= 3 and (right - said).total() <= 3


@LANGUAGES
def test_paraphrases_share_fewer_words_than_near_copies(lang: str) -> None:
    for para, near in zip(of_kind(lang, "paraphrase"), of_kind(lang, "near-copy"), strict=True):
        right = Counter(words(para["reference"]))
        shared = [(Counter(words(row["text"])) & right).total() for row in (para, near)]
        assert shared[0] < shared[1]


@LANGUAGES
def test_paraphrases_are_rated_above_near_copies_and_every_kind_of_change_occurs(lang: str) -> None:
    for para, near in zip(of_kind(lang, "paraphrase"), of_kind(lang, "near-copy"), strict=True):
        assert rating(para) >= 4 > rating(near)
    changes = Counter(row["change"] for row in of_kind(lang, "near-copy"))
    assert set(changes) == {"negation", "number", "name"} and min(changes.values()) >= 6
    assert {row["change"] for row in data.rows("paraphrases", lang) if row["kind"] != "near-copy"} == {""}


def test_the_languages_hold_the_same_items() -> None:
    english, portuguese = data.rows("paraphrases", "en"), data.rows("paraphrases", "pt-BR")
    for one, other in zip(english, portuguese, strict=True):
        assert one["change"] == other["change"]
        assert abs(rating(one) - rating(other)) <= 1


def test_the_datasheet_has_the_ratings_of_each_kind() -> None:
    sheet = SHEET.read_text(encoding="utf-8")
    for kind in KINDS:
        cells = [
            cell.strip()
            for cell in re.search(rf"^\| {kind}[^|\n]*((\|[^|\n]*){{5}})\|$", sheet, re.M)[1].split("|")[1:]
        ]  # type: ignore[index]
        counts = [Counter(map(rating, of_kind(lang, kind))) for lang in ("en", "pt-BR")]
        for stars, cell in enumerate(cells, 1):
            told = [int(number) for number in cell.split("/")] if cell else [0, 0]
            assert told == [count[stars] for count in counts], (kind, stars)
