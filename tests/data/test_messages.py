"""The messages: generated as shipped, balanced, without a leak, and too hard for counting words."""

from __future__ import annotations

import random
import unicodedata
from collections import Counter

import pytest

from data.messages.__main__ import FILES, FOLDER, MESSAGES, SPLITS, as_table, generate
from data.messages.baseline import accuracies, wilson
from data.messages.grammar import masked, read
from llmkit import data

each_language = pytest.mark.parametrize("lang", FILES)


@each_language
def test_the_shipped_messages_are_the_generated_ones(lang: str) -> None:
    assert (FOLDER / f"{lang}.tsv").read_text(encoding="utf-8") == as_table(generate(lang))


@each_language
def test_counts_and_texts(lang: str) -> None:
    rows = data.rows("messages", lang)
    assert len(rows) == MESSAGES >= 2000
    assert Counter((row["split"], row["label"]) for row in rows) == {
        (split, label): round(MESSAGES * share / 2) for split, share in SPLITS for label in ("ham", "spam")
    }
    for row in rows:
        text = row["text"]
        assert 8 <= len(text) <= 300 and text == unicodedata.normalize("NFC", text.strip())
        assert not set("{}[]|~") & set(text), text
    assert len({row["text"].lower() for row in rows}) == MESSAGES, "no text is there twice, in whatever case"
    kinds = {label: {row["kind"] for row in rows if row["label"] == label} for label in ("ham", "spam")}
    for label in kinds:
        assert len(kinds[label]) >= 15 and sum(kind.startswith("hard-") for kind in kinds[label]) >= 4


@each_language
def test_some_families_are_in_the_test_only(lang: str) -> None:
    where: dict[str, set[str]] = {}
    for row in data.rows("messages", lang):
        where.setdefault(row["kind"], set()).add(row["split"])
    for kind, splits in where.items():
        assert splits == ({"test"} if kind.startswith("test-") else {"train", "validation", "test"})


@each_language
def test_pairs_are_made_of_the_same_words(lang: str) -> None:
    """What tells the two apart is the order: the same template words, up to a negation that moves."""
    families = {family.label: family for family in read(FOLDER / FILES[lang]).families if family.kind == "pair"}
    for ham, spam in zip(families["ham"].templates, families["spam"].templates, strict=True):
        one, other = (
            Counter(template.lower().replace(".", " ").replace(",", " ").replace(":", " ").split())
            for template in (ham, spam)
        )
        assert sum(((one - other) + (other - one)).values()) <= 8, (ham, spam)


@pytest.mark.slow
@each_language
def test_counting_words_is_not_enough(lang: str) -> None:
    rows = generate(lang)
    right, count = accuracies(rows)["all"]
    assert 0.85 <= right / count <= 0.97
    ordered, _ = accuracies(rows, words=3)["pairs"]
    counted, pairs = accuracies(rows)["pairs"]
    assert ordered / pairs > 0.95 > 0.8 > counted / pairs


def test_the_interval_is_wilsons() -> None:
    # Worked by hand for 8 of 10: (0.8 + 0.19208 ± 1.96 √(0.016 + 0.009604)) / 1.38416.
    low, high = wilson(8, 10)
    assert (low, high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))


def test_the_grammar() -> None:
    grammar = read(FOLDER / FILES["en"])
    rng = random.Random(0)
    found = {grammar.expand("[a|b[c|d]]~[ e]", rng) for _ in range(300)}
    assert found == {"a", "a e", "bc", "bc e", "bd", "bd e"}
    assert grammar.expand("{name}", rng) in grammar.words["name"]
    assert masked("See Tom at 5, win-now.example/12", grammar.words) == masked(
        "See Lucy at 11, claim.example/9", grammar.words
    )
