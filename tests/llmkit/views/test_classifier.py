"""Views of a classifier: the numbers are those that were given, nothing is left out, and there is a picture beside each figure."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from llmkit.models.tokenizers import from_ranks
from llmkit.views import classifier as views
from llmkit.views.spam_checker import SpamChecker, verdict_html, verdict_text, word_shares

PNG = b"\x89PNG"


def test_share_bars_tell_counts_and_shares() -> None:
    line = views.share_bars("inbox", {"spam": 10, "ham": 30})
    assert "inbox" in line and "ham 30 (75%)" in line and "spam 10 (25%)" in line
    assert line.count("█") == 30 and line.count("░") == 10
    with pytest.raises(ValueError, match="no messages"):
        views.share_bars("inbox", {})


def test_the_padded_table_marks_padding_and_keeps_the_end() -> None:
    tokenizer = from_ranks("bytes", {bytes([n]): n for n in range(256)})
    inputs = torch.tensor([list(b"abcd"), [*b"x", 256, 256, 256]])
    first, second = views.padded_table(inputs, [4, 1], tokenizer, width=3).split("\n")
    assert first.split() == ["4", "…", "b|c|d"] and second.split() == ["1", "x", "···"]


def test_the_length_chart_holds_every_length_and_the_limit() -> None:
    figure = views.length_chart({"training": [3, 5, 5], "test": [9]}, 5, title="t")
    assert [list(trace.x) for trace in figure.plotly.data] == [[3, 5, 5], [9]]
    assert figure.plotly.layout.shapes[0].x0 == 5 and figure.png.startswith(PNG)


def test_intervals_are_distances_from_the_share_in_per_cent() -> None:
    figure = views.interval_chart({"a": (0.9, 0.85, 0.93), "b": (0.5, 0.5, 0.5)}, title="t")
    (points,) = figure.plotly.data
    assert list(points.x) == [90.0, 50.0] and list(points.y) == ["a", "b"]
    assert points.error_x.array == pytest.approx((3.0, 0.0)) and points.error_x.arrayminus == pytest.approx((5.0, 0.0))
    assert figure.png.startswith(PNG)
    for rows in ({}, {"a": (0.5, 0.6, 0.7)}):
        with pytest.raises(ValueError):  # noqa: PT011, two messages
            views.interval_chart(rows, title="t")


def test_the_confusion_chart_shows_counts_and_colours_shares_of_rows() -> None:
    figure = views.confusion_chart(torch.tensor([[8, 2], [0, 0]]), ("ham", "spam"), title="t")
    (heat,) = figure.plotly.data
    assert [list(row) for row in heat.z] == [[0.8, 0.2], [0.0, 0.0]]
    assert [list(row) for row in heat.text] == [["8", "2"], ["0", "0"]] and figure.png.startswith(PNG)
    with pytest.raises(ValueError, match="3 rows"):
        views.confusion_chart([[1, 2], [3, 4]], ("a", "b", "c"), title="t")


def test_the_reliability_chart_has_the_diagonal_and_a_marker_per_bin() -> None:
    figure = views.reliability_chart({"model": [(0.1, 0.0, 4), (0.9, 1.0, 100)]}, title="t")
    diagonal, curve = figure.plotly.data
    assert list(diagonal.x) == list(diagonal.y) == [0, 1]
    assert list(curve.x) == [0.1, 0.9] and list(curve.y) == [0.0, 1.0] and list(curve.text) == ["4", "100"]
    assert curve.marker.size[1] > curve.marker.size[0] and figure.png.startswith(PNG)


def test_the_efficiency_chart_keeps_points_and_intervals_on_a_logarithmic_axis() -> None:
    curves = {"pre-trained": [(50, 0.8, 0.7, 0.85), (200, 0.9, 0.88, 0.95)], "words": [(50, 0.7, 0.6, 0.8)]}
    figure = views.efficiency_chart(curves, title="t")
    first, second = figure.plotly.data
    assert list(first.y) == [80.0, 90.0] and list(first.x) == [50, 200] and list(second.x) == [51.5]
    assert first.error_y.arrayminus == pytest.approx((10.0, 2.0)) and first.line.dash != second.line.dash
    assert figure.plotly.layout.xaxis.type == "log" and figure.png.startswith(PNG)


@pytest.mark.parametrize("curves", [{}, {"a": []}, {str(n): [(50, 0.5, 0.4, 0.6)] for n in range(6)}])
def test_charts_without_curves_and_with_too_many_are_refused(curves: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        views.efficiency_chart(curves, title="t")


def counts_frees(text: str) -> tuple[str, float]:
    """Each "free" adds a quarter."""
    share = min(1.0, text.count("free") / 4)
    return ("spam" if share > 0.5 else "ham"), share


def test_a_words_share_is_what_is_lost_without_it() -> None:
    pieces = word_shares(counts_frees, "free  beer\nfree", 0.5)
    assert "".join(piece for piece, _ in pieces) == "free  beer\nfree"
    assert [share for _, share in pieces] == [0.25, 0.0, 0.0, 0.0, 0.25]


def test_a_long_text_stays_whole() -> None:
    text = "word " * 200
    assert "".join(piece for piece, _ in word_shares(counts_frees, text, 0.0)) == text


def test_verdicts_are_escaped_and_tell_the_probability() -> None:
    html = verdict_html("spam", 0.75, [("<b>free</b>", 0.25)])
    assert "75.0%" in html and "&lt;b&gt;free" in html and "<b>free" not in html
    assert verdict_text("ham", 0.25, [("free", 0.25), (" ", 0.0)]).split("\n")[-1] == "+0.250 free"


def test_the_checker_follows_what_is_typed_and_survives_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails_on_nothing(text: str) -> tuple[str, float]:
        if not text:
            raise IndexError("<empty>")
        return counts_frees(text)

    checker = SpamChecker(fails_on_nothing, "two words")
    assert checker.verdict == ("ham", 0.0)
    checker.message.value = "free free free"
    assert checker.verdict == ("spam", 0.75) and "75.0%" in checker.picture.value
    checker.message.value = ""
    assert checker.verdict is None and "&lt;empty&gt;" in checker.picture.value
    found: list[dict[str, Any]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: found.append(data))
    checker.message.value = "free words"
    checker._ipython_display_()
    assert found[0]["text/plain"].startswith("ham") and "25.0%" in found[0]["text/html"]
