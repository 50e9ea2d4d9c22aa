"""The short story: its size, its plain typography, and the two versions' parallel paragraphs."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

STORY = Path(__file__).resolve().parents[2] / "data" / "short_story"
LANGUAGES = ("en", "pt-BR")
DASH = "\N{EM DASH}"


def read(language: str) -> str:
    """The text as stored, newlines untranslated."""
    return (STORY / f"{language}.txt").read_bytes().decode("utf-8")


def paragraphs(language: str) -> list[str]:
    return read(language).removesuffix("\n").split("\n\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_size_fits_a_first_training_run(language: str) -> None:
    assert 19_000 <= len(read(language)) <= 21_500


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_is_plain(language: str) -> None:
    text = read(language)
    assert unicodedata.is_normalized("NFC", text)
    assert not re.search(r"[\t\r\ufeff\u00a0]", text)
    assert not re.search(r" $", text, re.MULTILINE)
    assert "  " not in text
    assert text.endswith("\n") and not text.endswith("\n\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_blank_line_and_no_other_newline_between_paragraphs(language: str) -> None:
    for paragraph in paragraphs(language):
        assert paragraph and "\n" not in paragraph and paragraph == paragraph.strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_first_line_is_the_title_and_the_rest_are_sentences(language: str) -> None:
    title, *body = paragraphs(language)
    assert len(title) < 60 and title[-1].isalpha()
    for paragraph in body:
        assert paragraph[-1] in '.?!"', paragraph


def test_english_is_ascii() -> None:
    assert read("en").isascii()


def test_portuguese_uses_its_letters_dash_and_straight_quotes_and_nothing_else_beyond_ascii() -> None:
    beyond = {character for character in read("pt-BR") if not character.isascii()}
    assert set("ãáâçéêíóõôú") <= beyond
    assert beyond <= set("ãáâàçéêíóõôúÁÀÂÉÊÍÓÔÚÇ" + DASH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotes_balance_and_hug_their_words(language: str) -> None:
    for paragraph in paragraphs(language):
        pieces = paragraph.split('"')
        assert len(pieces) % 2 == 1, paragraph
        for quoted in pieces[1::2]:
            assert quoted and quoted == quoted.strip(), paragraph


@pytest.mark.parametrize(("language", "dash"), [("en", "--"), ("pt-BR", DASH)])
def test_dashes_stand_between_spaces(language: str, dash: str) -> None:
    assert dash in read(language)
    for paragraph in paragraphs(language):
        # A dash opens a line of dialogue, or has a space before it and a space or a comma after.
        assert not re.search(rf"(?<=[^ ]){dash}|{dash}(?=[^ ,])", paragraph), paragraph


def test_versions_are_parallel_paragraph_by_paragraph() -> None:
    english, portuguese = paragraphs("en"), paragraphs("pt-BR")
    assert len(english) == len(portuguese)
    for source, target in zip(english, portuguese, strict=True):
        # What opens with speech opens with speech in the other; lengths differ little once a line is not tiny.
        assert source.startswith('"') == target.startswith(f"{DASH} "), (source, target)
        assert abs(len(source) - len(target)) <= max(25, 0.25 * max(len(source), len(target))), (source, target)


@pytest.mark.parametrize(
    ("language", "motifs"),
    [
        ("en", ["thirty-first of November", "Dona Irene", "Captain Tobias", "minus zero point four", "green pencil"]),
        (
            "pt-BR",
            ["trinta e um de novembro", "dona Irene", "capitão Tobias", "menos zero vírgula quatro", "lápis verde"],
        ),
    ],
)
def test_motifs_recur(language: str, motifs: list[str]) -> None:
    counts = Counter({motif: read(language).count(motif) for motif in motifs})
    assert min(counts.values()) >= 4, counts


def test_datasheet_states_the_true_counts() -> None:
    datasheet = (STORY / "DATASHEET.md").read_text(encoding="utf-8")
    for language in LANGUAGES:
        text = read(language)
        words = re.findall(r"[^\W\d_]+", text)
        counts = [len(text), len(text.encode("utf-8")), len(paragraphs(language)), len(words)]
        counts.append(len({word.lower() for word in words}))
        row = " | ".join(f"{count:,}" for count in counts)
        assert row in datasheet, f"DATASHEET.md should have the row for {language}: {row}"
