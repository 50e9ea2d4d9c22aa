"""Views of overlap: matches are clipped, the table holds the lengths, nothing of a text is believed as HTML."""

from __future__ import annotations

import pytest
from IPython.core.formatters import DisplayFormatter

from llmkit.tasks import metrics
from llmkit.views import overlap as views


def test_the_longest_match_of_each_word_is_found_and_clipped() -> None:
    words, others = ["a", "b", "c", "x", "a"], ["z", "a", "b", "c"]
    assert views.longest_matches(words, others, 4) == [3, 3, 3, 0, 0]  # the second "a" has no partner left
    assert views.longest_matches(words, others, 2) == [2, 2, 2, 0, 0]
    assert views.longest_matches([], others, 2) == []


def test_counts_are_those_of_the_metrics() -> None:
    candidate, reference = ["the", "the", "cat", "sat"], ["the", "cat", "sat", "down", "now"]
    view = views.matched_ngrams(candidate, reference, max_n=3)
    assert view.counted() == "found in the reference: 1-grams 3 of 4, 2-grams 2 of 3, 3-grams 1 of 2"
    assert metrics.rouge_n(candidate, reference, 2).precision == pytest.approx(2 / 3)


def test_overlap_is_told_in_html_and_in_text() -> None:
    view = views.matched_ngrams(["o", "rio", "<b>"], ["o", "rio", "não"], title="&")
    html = view._repr_html_()
    assert "&lt;b&gt;" in html and "<b>&amp;</b>" in html and "rio<sup>2</sup>" in html
    assert repr(view).splitlines()[:3] == ["&", "candidate: o² rio² (<b>)", "reference: o² rio² (não)"]
    formats, _ = DisplayFormatter().format(view)
    assert {"text/html", "text/plain"} <= set(formats)
    with pytest.raises(ValueError, match="max_n"):
        views.matched_ngrams([], [], max_n=0)


def test_the_table_ends_with_the_length_of_the_subsequence() -> None:
    candidate, reference = ["o", "gato", "preto", "viu", "o", "mar"], ["um", "gato", "viu", "o", "velho", "mar"]
    figure = views.subsequence_heatmap(candidate, reference, title="t")
    (heat,) = figure.plotly.data
    longest = heat.z[-1][-1]
    assert longest == metrics.rouge_l(candidate, reference).recall * len(reference) == 4
    stars = [(r, c) for r, row in enumerate(heat.text) for c, text in enumerate(row) if "★" in text]
    assert [candidate[r] for r, _ in stars] == [reference[c] for _, c in stars] == ["gato", "viu", "o", "mar"]
    assert figure.png.startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="words"):
        views.subsequence_heatmap([], reference)


def test_lines_are_told_apart_and_checked() -> None:
    figure = views.score_lines({"a": [1.0, 0.5], "b": [0.2, 0.1]}, [0, 3], x_title="edits", title="t")
    first, second = figure.plotly.data
    assert list(first.x) == [0, 3] and list(second.y) == [0.2, 0.1]
    assert first.line.dash != second.line.dash and first.line.color != second.line.color
    assert figure.plotly.layout.yaxis.title.text == "score" and figure.png.startswith(b"\x89PNG")
    for lines, places in (({}, [1]), ({"a": [1.0]}, [1, 2]), ({"a": [float("nan")]}, [1]), ({"a": []}, [])):
        with pytest.raises(ValueError, match=r"lines|scores"):
            views.score_lines(lines, places, x_title="x")
