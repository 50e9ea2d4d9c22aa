"""One palette: colours have names, and no view or application writes one by its number."""

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


def test_letters_can_be_read_on_every_ground() -> None:
    def light(colour: str) -> float:
        wide = colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])
        parts = (part / 255 for part in palette.rgb(wide))
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    grounds = (palette.PAPER, palette.SKY, palette.PALE_BLUE, palette.PALE_ORANGE, palette.PALE_GREEN)
    assert min((light(ground) + 0.05) / (light(palette.INK) + 0.05) for ground in grounds) > 7
    for line in (palette.BLUE, palette.GREEN, palette.MAGENTA, palette.GREY, palette.DARK_GREY, palette.MIDDLE_GREY):
        assert 1.05 / (light(line) + 0.05) > 3


def test_a_tint_is_css() -> None:
    assert palette.tint(palette.ORANGE, 0.5) == "rgba(224,130,20,0.50)"
