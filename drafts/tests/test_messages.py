"""The messages: as generated, balanced, without a leak between splits, and too hard for counting words."""

import random
import re
import sys
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from data.messages import __main__ as program
from data.messages import generator
from data.messages.baseline import TOKEN, accuracies, wilson
from data.messages.generator import LANGUAGES, MESSAGES, SPLITS, Message, as_table
from data.messages.grammar import Family, Language, expand, families, masker, tidy
from data.messages.noise import chat

each_language = pytest.mark.parametrize("lang", LANGUAGES)
generate = cache(generator.generate)


def shipped(lang: str) -> list[Message]:
    first, *lines = (program.FOLDER / f"{lang}.tsv").read_text(encoding="utf-8").splitlines()
    assert first.split("\t") == list(Message._fields)
    return [Message(*line.split("\t")) for line in lines]


def is_pair(row: Message) -> bool:
    return row.kind.startswith("hard-pair-")


@each_language
def test_the_shipped_messages_are_the_generated_ones(lang: str) -> None:
    assert (program.FOLDER / f"{lang}.tsv").read_bytes() == as_table(generate(lang)).encode()
    assert shipped(lang) == generate(lang)


@each_language
def test_counts_and_balance(lang: str) -> None:
    rows = shipped(lang)
    assert len(rows) == MESSAGES >= 2000
    assert Counter((row.split, row.label) for row in rows) == {
        (split, label): round(MESSAGES * share / 2) for split, share in SPLITS.items() for label in ("ham", "spam")
    }


@each_language
def test_every_text_is_clean(lang: str) -> None:
    for row in shipped(lang):
        assert 8 <= len(row.text) <= 300, row
        assert row.text == unicodedata.normalize("NFC", " ".join(row.text.split())), row
        assert not set("{}[]|#§\t") & set(row.text), row
        assert not re.search(r"\?\.|\.\.$|!\.| [,.?!]", row.text), row


@each_language
def test_links_and_numbers_belong_to_nobody(lang: str) -> None:
    reserved = {
        "en": r"07700 900\d{3}|0808 157 0\d{3}|0909 879 0\d{3}",  # Ofcom's numbers for drama
        "pt-BR": r"\(00\) 90000-\d{4}|0[89]00 000 \d{4}",  # area code 00 does not exist
    }
    for row in shipped(lang):
        assert all(
            ".example" in host for host in re.findall(r"\w+-\w+\.\w+|\w+\.\w{2,}/\S+|https?\S+|www\S+", row.text)
        ), row
        rest = re.sub(r"\S+\.example\S*|" + reserved[lang], "", row.text)
        assert not re.search(r"\d[\d -]{8,}\d|\(\d\d\)", rest), row


@each_language
def test_no_two_messages_share_a_mould(lang: str) -> None:
    """So none of the test is in training, whatever names, numbers, links, capitals or accents it carries."""
    masked = masker(LANGUAGES[lang])
    moulds: dict[str, Message] = {}
    for row in shipped(lang):
        mould = masked(row.text)
        assert mould not in moulds, (row, moulds[mould])
        moulds[mould] = row


@each_language
def test_families_and_hard_cases(lang: str) -> None:
    rows = shipped(lang)
    for label in ("ham", "spam"):
        kinds = {row.kind for row in rows if row.label == label and not is_pair(row)}
        hard = {kind for kind in kinds if kind.startswith("hard-")}
        assert len(kinds - hard) >= 25 and len(hard) >= 7
        for split in SPLITS:
            part = [row for row in rows if row.split == split and row.label == label]
            assert 0.12 <= sum(map(is_pair, part)) / len(part) <= 0.15
            assert sum(row.kind in hard for row in part) / len(part) >= 0.19


@each_language
def test_some_families_are_in_the_test_only(lang: str) -> None:
    rows = shipped(lang)
    unseen = {family.kind for family in LANGUAGES[lang].families if family.unseen}
    where: dict[str, set[str]] = {}
    for row in rows:
        where.setdefault(row.kind, set()).add(row.split)
    for kind, splits in where.items():
        assert splits == ({"test"} if kind in unseen else set(SPLITS)), kind
    test = [row for row in rows if row.split == "test"]
    assert sum(row.kind in unseen for row in test) == round(0.05 * len(test))


@each_language
def test_pairs_hold_the_same_words_in_another_order(lang: str) -> None:
    language, rng = LANGUAGES[lang], random.Random(5)
    for pair in language.pairs:
        for _ in range(20):
            bound: dict[str, str] = {}
            ham, spam = (expand(side, language.words, rng, bound).lower() for side in (pair.ham, pair.spam))
            assert ham != spam
            assert Counter(re.findall(TOKEN, ham)) == Counter(re.findall(TOKEN, spam)), pair.kind


@each_language
def test_counting_words_is_not_enough_and_order_helps(lang: str) -> None:
    rows = shipped(lang)
    ordered, count = accuracies(rows, "1 to 3 words")["all"]
    for features in ("words", "words, tf-idf"):
        found = accuracies(rows, features)
        right, _ = found["all"]
        assert 0.85 <= right / count <= 0.97
        assert ordered / count >= right / count + 0.03
        assert found["pairs"][0] / found["pairs"][1] <= 0.65


@each_language
def test_the_noise_tells_no_label(lang: str) -> None:
    """Chats of both labels are as often without capitals, and as often end in an emoji."""
    chats = {family.kind for family in LANGUAGES[lang].families if family.chat}
    for sign in (str.islower, lambda text: text.endswith(LANGUAGES[lang].emoji)):
        shares = []
        for label in ("ham", "spam"):
            texts = [row.text for row in shipped(lang) if row.label == label and row.kind in chats]
            shares.append(sum(map(sign, texts)) / len(texts))
        assert min(shares) > 0.08 and abs(shares[0] - shares[1]) < 0.06


@each_language
def test_every_word_list_is_used(lang: str) -> None:
    language = LANGUAGES[lang]
    templates = [template for family in language.families for template in family.templates]
    templates += [side for pair in language.pairs for side in (pair.ham, pair.spam)] + list(language.words.values())
    assert {slot for template in templates for slot in re.findall(r"{(\w+)}", template)} == set(language.words)


def test_noise_leaves_links_and_names_alone() -> None:
    rng, text = random.Random(2), "Please tell Callum about win-now.example/A1 before tomorrow."
    found = {chat(text, rng, LANGUAGES["en"]) for _ in range(300)}
    assert len(found) > 50
    assert all("win-now.example/A1" in one and "callum" in one.lower() for one in found)


def test_the_grammar() -> None:
    words, rng = {"food": "rice|a [b|c]", "day": "Monday|Friday"}, random.Random(0)
    found = {expand("x[|y[1|2]] {food}", words, rng) for _ in range(300)}
    assert found == {f"X{end} {food}" for end in ("", "y1", "y2") for food in ("rice", "a b", "a c")}
    assert all(len(set(expand("{day} {day}", words, rng).split())) == 2 for _ in range(20))
    bound: dict[str, str] = {}
    assert expand("{day}", words, rng, bound) == expand("{day}", words, rng, bound) == bound["day"]
    assert re.fullmatch(r"X[1-9]\d\d", expand("x###", words, rng))
    with pytest.raises(ValueError, match="no slot 'dya'"):
        expand("see you {dya}", words, rng)


def test_sentences_begin_with_a_capital_and_links_do_not() -> None:
    assert tidy('are  you in? "yes." no... maybe! go to a-b.example/q. ok') == (
        'Are you in? "yes." No... maybe! Go to a-b.example/q. Ok'
    )
    assert tidy("look here. a-b.example") == "Look here. a-b.example"


def test_the_mask_removes_names_numbers_links_and_noise() -> None:
    masked = masker(LANGUAGES["pt-BR"])
    assert masked("Oi, João! Não são 15h? ja-login.example/a1 😊") == masked("oi ana nao sao 9h 🙏") == "oi nao sao h"


def test_too_few_messages_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    english = LANGUAGES["en"]
    poor = Family("poor", "ham", ("always the same words",))
    broken = Language(
        (*english.families, poor), english.pairs, english.words, english.proper, english.abbreviations, english.emoji
    )
    monkeypatch.setitem(LANGUAGES, "en", broken)
    monkeypatch.setattr(generator, "TRIES", 20)
    with pytest.raises(ValueError, match="kind 'poor' gives too few"):
        generator.generate("en")


def test_families_know_who_types() -> None:
    one, two = families({"talk": ("hi",)}, {"notice": ("dear",)}, "ham", unseen=("notice",))
    assert (one.chat, one.unseen, two.chat, two.unseen) == (True, False, False, True)


def test_the_interval_is_wilsons() -> None:
    # Worked by hand for 8 of 10: (0.8 + 0.19208 ± 1.96 √(0.016 + 0.009604)) / 1.38416.
    low, high = wilson(8, 10)
    assert (low, high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))


def test_check_tells_a_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(program, "FOLDER", tmp_path)
    monkeypatch.setattr(program, "generate", generate)
    monkeypatch.setattr(sys, "argv", ["messages"])
    assert program.main() == 0
    monkeypatch.setattr(sys, "argv", ["messages", "--check"])
    assert program.main() == 0
    file = tmp_path / "en.tsv"
    file.write_bytes(file.read_bytes().replace(b"ham", b"spam", 1))
    assert program.main() == 1
    assert "en.tsv: differs; remedy: python -m data.messages" in capsys.readouterr().out
