"""Variations of a row: names for names, things for things of the same kind and gender, the same word throughout."""

from __future__ import annotations

import random
import re

import pytest

from llmkit import data
from llmkit.tasks.variations import Variations


@pytest.mark.parametrize("lang", ["en", "pt-BR"])
def test_a_variation_keeps_what_is_right(lang: str) -> None:
    rows = data.rows("instructions", lang, split="train")
    variations, rng = Variations(rows), random.Random(2)
    kinds = {
        row["input"].split()[-1 if lang == "en" else 1]: (row["input"].split()[0], row["output"])
        for row in rows
        if row["task"] == "category"
    }
    changed = 0
    for row in rows:
        made = variations.vary(row, rng)
        changed += made != row
        assert made["task"] == row["task"] and made["split"] == "train"
        words, new = (re.split(r"[ ,.]+", one["input"]) for one in (row, made))
        # Word by word: as many, the same ones stay the same, different ones stay different.
        assert len(words) == len(new) and len(set(words)) == len(set(new))
        assert len(set(zip(words, new, strict=True))) == len(set(words))
        assert all(kinds.get(a) == kinds.get(b) for a, b in zip(words, new, strict=True))
        if row["task"] in ("owner", "first_word"):
            assert made["output"] in made["input"]
        if row["task"] in ("second", "repeated", "odd"):
            assert new.index(made["output"]) == words.index(row["output"])
        if row["task"] in ("opposite", "next_day", "bigger"):
            assert made == row
    assert changed > len(rows) / 2


def test_an_input_that_is_held_out_does_not_come() -> None:
    rows = [
        {"task": "owner", "instruction": "Who?", "input": f"{name} has it.", "output": name} for name in ("Ana", "Bia")
    ]
    held_out = [{"task": "owner", "instruction": "Who?", "input": "Bia has it.", "output": "Bia"}]
    rng = random.Random(0)
    assert {Variations(rows).vary(rows[0], rng)["input"] for _turn in range(40)} == {"Ana has it.", "Bia has it."}
    assert {Variations(rows, held_out).vary(rows[0], rng)["input"] for _turn in range(40)} == {"Ana has it."}


def test_words_with_a_hyphen_are_exchanged_as_a_whole() -> None:
    rows = [
        {"task": "second", "instruction": "?", "input": "bola, quebra-cabeça", "output": "quebra-cabeça"},
        {"task": "second", "instruction": "?", "input": "bola, robô", "output": "robô"},
        {"task": "category", "instruction": "?", "input": "o quebra-cabeça azul", "output": "brinquedo"},
        {"task": "category", "instruction": "?", "input": "o robô azul", "output": "brinquedo"},
    ]
    made = {Variations(rows).vary(rows[2], random.Random(seed))["input"] for seed in range(20)}
    assert made == {"o quebra-cabeça azul", "o robô azul"}


def test_rows_without_classes_stay_as_they_are() -> None:
    row = {"instruction": "Name a color.", "input": "", "output": "red"}
    assert Variations([row]).vary(row, random.Random(0)) == row
