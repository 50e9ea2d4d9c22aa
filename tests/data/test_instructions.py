"""The instructions: generated as shipped, with right answers, and tests that training has not seen."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter

import pytest

from data.instructions.__main__ import FOLDER, SPLITS, as_json, generate
from data.instructions.tasks import LOOK_UPS, TASKS
from data.instructions.words import LEXICONS
from llmkit import data

each_language = pytest.mark.parametrize("lang", LEXICONS)


@each_language
def test_the_shipped_records_are_the_generated_ones(lang: str) -> None:
    assert (FOLDER / f"{lang}.json").read_text(encoding="utf-8") == as_json(generate(lang))


@each_language
def test_counts_and_form(lang: str) -> None:
    records = data.rows("instructions", lang)
    assert len(records) >= 1500 and len(TASKS) >= 15
    assert set(Counter(record["task"] for record in records)) == set(TASKS)
    for record in records:
        assert set(record) == {"instruction", "input", "output", "task", "split"}
        assert record["instruction"][-1] in ".?!" and record["instruction"][0].isupper()
        for value in record.values():
            assert value == unicodedata.normalize("NFC", value.strip()) and "  " not in value and "{" not in value
        assert record["output"]
    for task in TASKS:
        assert all(sum(r["task"] == task and r["split"] == split for r in records) >= 10 for split in SPLITS)


@each_language
def test_tests_are_not_in_training(lang: str) -> None:
    records = data.rows("instructions", lang)
    train = [record for record in records if record["split"] == "train"]
    for task in TASKS:
        inputs = {record["input"] for record in train if record["task"] == task}
        phrasings = [re.sub(r"\b[A-ZÀ-Ú]\w+\b", "", template) for template in LEXICONS[lang].phrasings[task][0]]
        for record in records:
            if record["task"] == task and record["split"] != "train":
                assert task in LOOK_UPS or record["input"] not in inputs
        assert not set(LEXICONS[lang].phrasings[task][0]) & set(LEXICONS[lang].phrasings[task][1]) and phrasings
    seen = {record["instruction"] for record in train}
    unseen = [record for record in records if record["split"] == "test_unseen"]
    assert not [record for record in unseen if record["instruction"] in seen]
    assert all(len(train_) >= 6 and len(test) >= 3 for train_, test in LEXICONS[lang].phrasings.values())


@each_language
def test_no_answer_can_be_guessed(lang: str) -> None:
    for task in TASKS:
        outputs = Counter(r["output"] for r in data.rows("instructions", lang) if r["task"] == task)
        share = outputs.most_common(1)[0][1] / outputs.total()
        assert share <= {"yes_no": 0.6, "category": 0.4, "feeling": 0.3, "count": 0.3, "next_day": 0.25}.get(
            task, 0.2
        ), (task, outputs.most_common(2))


def right(record: dict[str, str], lang: str) -> str | None:
    """The answer, found another way than it was made; None where it takes a table."""
    text, task = record["input"], record["task"]
    words = text.rstrip(".").split()
    items = text.split(", ")
    if task in ("first_word", "last_word"):
        return words[0] if task == "first_word" else words[-1]
    if task in ("second", "repeated", "count"):
        twice = [item for item in items if items.count(item) == 2]
        return {"second": items[1], "repeated": (twice or [""])[0], "count": str(text.count(",") + 1)}[task]
    if task == "bigger":
        return str(max(int(item) for item in items))
    if task == "join":
        return text.replace(". ", {"en": " and ", "pt-BR": " e "}[lang])
    if task == "place":
        return next(
            s.split(maxsplit=2)[2]
            for s in text.rstrip(".").split(". ")
            if s.split()[0] in record["instruction"].replace("?", " ").replace(".", " ").split()
        )
    if task == "animals":
        kinds = {word.text: word.kind for word in LEXICONS[lang].nouns}
        return ", ".join(item for item in items if kinds[item] == "animal")
    if task == "odd":
        kinds = {word.text: word.kind for word in LEXICONS[lang].nouns}
        counts = Counter(kinds[item] for item in items)
        return next(item for item in items if counts[kinds[item]] == 1)
    if task == "yes_no":
        said = text.rstrip(".").split(". ")
        holds = any(all(part in record["instruction"] for part in sentence.split(maxsplit=2)[::2]) for sentence in said)
        return LEXICONS[lang].yes_no[not holds]
    return None


@each_language
def test_answers_are_right(lang: str) -> None:
    checked = Counter(
        r["task"]
        for r in data.rows("instructions", lang)
        if right(r, lang) is not None and right(r, lang) == r["output"]
    )
    wrong = [r for r in data.rows("instructions", lang) if right(r, lang) not in (None, r["output"])]
    assert not wrong, wrong[:3]
    assert len(checked) >= 11


@each_language
def test_answers_of_passages_are_in_them(lang: str) -> None:
    lex = LEXICONS[lang]
    for task in ("colour", "owner", "put", "rename"):
        for seed in range(100):
            text, answer, slots = TASKS[task](lex, random.Random(seed))
            assert (answer in text) == (task != "rename")
            if task == "rename":
                assert answer == text.replace(str(slots["n"]), str(slots["m"]))
