"""Views of tokens: colours follow ids, nothing of a token is lost or believed as HTML, and all show without widgets."""

from __future__ import annotations

import re
from typing import Any

import pytest
from IPython.core.formatters import DisplayFormatter

from llmkit import i18n
from llmkit.views import picture
from llmkit.views import tokens as views


def colours(html: str) -> list[str]:
    return re.findall(r"background:(hsl\([^)]*\))", html)


def shown(thing: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What a notebook would hold."""
    found: list[dict[str, str]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: found.append(data))
    thing._ipython_display_()
    return found[0]


def test_whitespace_and_broken_characters_can_be_seen() -> None:
    assert views.readable(" a\n\t") == "·a⏎⇥"
    assert views.readable("é".encode()) == "é"
    assert views.readable("é".encode()[:1]) == r"\xc3"


def test_equal_ids_have_equal_colours_and_others_do_not() -> None:
    html = views.coloured_tokens([(3, "a"), (4, "b"), (3, "a"), (5, "c")])._repr_html_()
    first, second, third, fourth = colours(html)
    assert first == third and len({first, second, fourth}) == 3
    assert "tokens: 4, different ones: 3" in html


def test_tokens_are_text_and_no_html() -> None:
    row = views.coloured_tokens([(0, "<script>"), (1, "&")], title="<b>")
    assert "<script>" not in row._repr_html_() and "&lt;script&gt;" in row._repr_html_()
    assert "&lt;b&gt;" in row._repr_html_()
    assert repr(row) == "<b>\n<script>|&\ntokens: 2, different ones: 2"


def test_a_front_end_gets_html_and_text() -> None:
    formatter = DisplayFormatter()
    formats, _ = formatter.format(views.coloured_tokens([(1, b"ol"), (2, b"\xc3")]))
    assert "ol|\\xc3" in formats["text/plain"] and "\\xc3" in formats["text/html"]


def test_the_explorer_follows_what_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    explorer = views.token_explorer(lambda text: [(len(word), word) for word in text.split()], "one three")
    assert "three" in explorer.picture.value
    explorer.typed.value = "seventeen"
    assert "seventeen" in explorer.picture.value and "three" not in explorer.picture.value
    data = shown(explorer, monkeypatch)
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert "seventeen" in data["text/html"] and data["text/plain"].startswith("seventeen")


def test_the_explorer_shows_what_the_tokenizer_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    vocabulary = {"known": 0}
    explorer = views.token_explorer(lambda text: [(vocabulary[word], word) for word in text.split()], "known <new>")
    assert "KeyError: &#x27;&lt;new&gt;&#x27;" in explorer.picture.value
    assert shown(explorer, monkeypatch)["text/plain"] == "KeyError: '<new>'"
    explorer.typed.value = "known"
    assert "KeyError" not in explorer.picture.value


STATES = [[b"a", b"a", b"b"], [b"aa", b"b"], [b"aab"]]


def test_the_slider_walks_through_the_merges(monkeypatch: pytest.MonkeyPatch) -> None:
    explorer = views.merge_explorer(STATES, ["start", "a+a", "aa+b"])
    first, second, third = colours(explorer.picture.value)  # the text says: single letters first
    assert first == second != third
    explorer.step.value = 2
    assert "aa+b" in explorer.picture.value and "tokens: 1," in explorer.picture.value
    data = shown(explorer, monkeypatch)
    assert data["text/plain"].split("\n\n")[0] == "start\na|a|b\ntokens: 3, different ones: 2"
    assert all(label in data["text/html"] for label in ("start", "a+a", "aa+b"))


def test_states_and_labels_go_together() -> None:
    with pytest.raises(ValueError, match="3 states"):
        views.merge_explorer(STATES, ["start"])
    with pytest.raises(ValueError, match="at least one"):
        views.merge_explorer([], [])


def test_bars_are_grouped_and_have_a_picture() -> None:
    figure = views.bar_chart({"ours": {"en": 1.5, "pt": 2.0}, "theirs": {"en": 1.2, "pt": 1.9}}, title="t", y_title="y")
    ours, theirs = figure.plotly.data
    assert list(ours.x) == ["en", "pt"] and list(theirs.y) == [1.2, 1.9] and ours.marker.color != theirs.marker.color
    assert figure.png.startswith(b"\x89PNG")


def test_the_numbers_over_static_bars_are_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def kept(page: Any) -> bytes:
        drawn.extend(text.get_text() for text in page.axes[0].texts)
        return picture.png(page)

    monkeypatch.setattr(views, "png", kept)
    monkeypatch.setattr(i18n, "language", lambda: "pt-BR")
    views.bar_chart({"ours": {"en": 1.5, "pt": 2.25}}, title="t")
    assert drawn == ["1,50", "2,25"]


@pytest.mark.parametrize("logarithmic", [False, True])
def test_lines_share_their_axes(logarithmic: bool) -> None:
    lines = {"seen": ([1, 2, 4], [1, 3, 9]), "fitted": ([1, 2, 4], [1, 2, 8])}
    figure = views.line_chart(lines, title="t", x_title="x", y_title="y", logarithmic=logarithmic)
    seen, fitted = figure.plotly.data
    assert list(seen.y) == [1, 3, 9] and seen.line.dash == "solid" and fitted.line.dash == "dash"
    assert figure.plotly.layout.xaxis.type == ("log" if logarithmic else "linear") == figure.plotly.layout.yaxis.type
    assert figure.png.startswith(b"\x89PNG")
