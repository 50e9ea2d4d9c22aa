"""One palette: colours have names, and no view or application writes one by its number; all can be seen on white and on dark."""

from __future__ import annotations

import io
import re
import tokenize
from pathlib import Path

import pytest

from llmkit.views import palette

LLMKIT = Path(palette.__file__).parents[1]
FILES = sorted(
    file for folder in ("views", "apps") for file in (LLMKIT / folder).glob("*.py") if file.name != "palette.py"
)
HEX = re.compile(r"#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b", re.IGNORECASE)
NUMBERS = re.compile(r"\brgba?\(\s*\d", re.IGNORECASE)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_colour_is_written_by_its_number(file: Path) -> None:
    tokens = tokenize.generate_tokens(io.StringIO(file.read_text(encoding="utf-8")).readline)
    said = [token for token in tokens if token.type != tokenize.COMMENT]
    found = [
        f"{token.start[0]}: {token.string}"
        for token in said
        if HEX.search(token.string) or NUMBERS.search(token.string)
    ]
    assert not found, "give it a name in llmkit/views/palette.py"


def test_series_and_runs_repeat_no_colour() -> None:
    for colours in (palette.SERIES, palette.RUNS):
        assert len(set(colours)) == len(colours) and all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in colours)
    assert len(palette.RUNS) == len(palette.MARKERS) == len(palette.DASHES)


def contrast(one: str, other: str) -> float:
    """WCAG's contrast of two colours, from 1 to 21."""

    def light(colour: str) -> float:
        wide = colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])
        parts = (part / 255 for part in palette.rgb(wide))
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


def test_letters_can_be_read_on_every_ground() -> None:
    grounds = (palette.PAPER, palette.SKY, palette.PALE_BLUE, palette.PALE_ORANGE, palette.PALE_GREEN)
    assert min(contrast(ground, palette.INK) for ground in grounds) > 7
    assert contrast(palette.LETTERS, palette.WHITE) > 4.5 and contrast(palette.LETTERS, palette.NIGHT) > 4.1


@pytest.mark.parametrize("ground", [palette.WHITE, palette.NIGHT])
def test_colours_that_carry_meaning_can_be_seen_in_light_and_dark_themes(ground: str) -> None:
    for colour in {*palette.SERIES, *palette.RUNS, palette.MIDDLE_GREY, palette.LETTERS}:
        assert contrast(colour, ground) > 3, colour


def test_a_tint_is_css() -> None:
    assert palette.tint(palette.ORANGE, 0.5) == "rgba(208,119,13,0.50)"
