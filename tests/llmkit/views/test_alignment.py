"""Views of METEOR's alignment: pairs from the right, runs in both texts, a line for each pair."""

from __future__ import annotations

import pytest

from llmkit.tasks import metrics
from llmkit.views import alignment as views

RIGHT = ["the", "cat", "sat", "on", "the", "mat"]


def test_repeated_words_are_paired_from_the_right() -> None:
    assert views.chunks(["the", "dog"], ["the", "cat", "saw", "the", "dog"]) == [[(0, 3), (1, 4)]]
    assert views.chunks(["on", "the", "mat", "sat", "the", "cat"], RIGHT) == [
        [(0, 3)],
        [(1, 0)],
        [(2, 5)],
        [(3, 2)],
        [(4, 4)],
        [(5, 1)],
    ]


@pytest.mark.parametrize(
    "said", ["the cat sat on the mat", "sat on the mat the cat", "the the the", "a mat", "nothing"]
)
def test_pairs_and_chunks_are_those_of_the_metric(said: str) -> None:
    words = said.split()
    runs = views.chunks(words, RIGHT)
    pairs = sum(map(len, runs))
    # With alpha 1 the mean is the recall, so the score tells how many pairs and chunks there are.
    wanted = pairs / len(RIGHT) * (1 - len(runs) / (2 * pairs)) if pairs else 0.0
    assert metrics.meteor(words, RIGHT, alpha=1.0, beta=1.0, gamma=0.5) == pytest.approx(wanted)


def test_the_figure_has_a_line_for_each_pair_and_a_colour_for_each_chunk() -> None:
    figure = views.alignment_chart(["sat", "on", "the", "mat", "the", "cat"], RIGHT)
    lines = [trace for trace in figure.plotly.data if trace.mode == "lines"]
    assert len(lines) == 6 and len({line.line.color for line in lines}) == len(
        views.chunks(["sat", "on", "the", "mat", "the", "cat"], RIGHT)
    )
    assert [list(trace.text) for trace in figure.plotly.data if trace.mode == "text"][1] == RIGHT
    assert figure.plotly.layout.title.text.startswith("6 pairs in")
    assert figure.png.startswith(b"\x89PNG")


def test_texts_without_words_are_refused() -> None:
    with pytest.raises(ValueError, match="without words"):
        views.alignment_chart([], RIGHT)
