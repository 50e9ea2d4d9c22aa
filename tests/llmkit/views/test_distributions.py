"""Views of a word model."""

from __future__ import annotations

import base64
import math
import random
import subprocess
import sys

import pytest

from llmkit.views import distributions as views

PROBS = {
    "the": {"cat": 0.5, "dog": 0.25, "<b>": 0.25},
    "cat": {"sleeps": 1.0},
    "sleeps": {".": 1.0},
    "dog": {"the": 1.0},
    "<b>": {"the": 1.0},
}


def test_bars_keep_order_and_numbers() -> None:
    figure = views.bars({"b": 2.0, "a": 0.123456, "c": 497759232}, title="T")
    (trace,) = figure.plotly.data
    assert list(trace.x) == [2.0, 0.123456, 497759232]
    assert list(trace.text) == ["2", "0.123", "497,759,232"]
    assert list(figure.plotly.layout.yaxis.ticktext) == ["b", "a", "c"]
    bundle = figure._repr_mimebundle_()
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert len(str(bundle)) < 200_000, "no plotly.js inside"


@pytest.mark.parametrize("values", [{}, {"a": -1.0}, {"a": math.nan}, {"a": math.inf}])
def test_bars_of_something_else_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="finite numbers"):
        views.bars(values)


def test_zipf_ranks_words_by_how_often_they_occur() -> None:
    figure = views.zipf(["b", "a", "b", "c", "b", "a"], title="T")
    text, law = figure.plotly.data
    assert (list(text.x), list(text.y), list(text.text)) == ([1, 2, 3], [3, 2, 1], ["b", "a", "c"])
    assert list(law.y) == [3, 1.5, 1] and law.text is None
    assert (figure.plotly.layout.xaxis.type, figure.plotly.layout.yaxis.type) == ("log", "log")
    with pytest.raises(ValueError, match="at least one word"):
        views.zipf([])


def test_perplexity_curves_leave_out_infinite_values() -> None:
    figure = views.perplexity_curves([0, 1], [20.0, 9.0], [21.0, math.inf])
    training, held_out = figure.plotly.data
    assert (list(training.y), list(held_out.y)) == ([20.0, 9.0], [21.0, None])
    assert figure.png.startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="as many"):
        views.perplexity_curves([0, 1], [1.0], [1.0, 2.0])


def test_a_distribution_begins_with_the_most_probable_word() -> None:
    assert list(views.distribution(PROBS, "the").items()) == [("cat", 0.5), ("<b>", 0.25), ("dog", 0.25)]
    assert views.distribution({"a": {"x": 0.0, "y": 1.0}}, "a") == {"y": 1.0}
    assert views.distribution(PROBS, "bird") == {}


def test_a_sentence_is_drawn_from_the_model() -> None:
    assert views.sample_sentence(PROBS, "cat", random.Random(0)) == ["cat", "sleeps", "."]
    assert views.sample_sentence(PROBS, "bird", random.Random(0)) == ["bird"]
    assert views.sample_sentence({"a": {"a": 1.0}}, "a", random.Random(0), length=4) == ["a"] * 4
    assert views.sample_sentence({"a": {"a": -1.0, "b": math.nan}}, "a", random.Random(0)) == ["a"]
    drawn = random.Random(0)
    seconds = [views.sample_sentence(PROBS, "the", drawn, length=2)[1] for _ in range(2000)]
    assert 0.45 < seconds.count("cat") / 2000 < 0.55
    assert 0.2 < seconds.count("dog") / 2000 < 0.3


def test_the_explorer_follows_its_controls() -> None:
    explorer = views.next_word_explorer(PROBS, "the", best=lambda word: "cat")
    assert "<b>cat</b>" in explorer.picture.value and "&lt;b&gt;" in explorer.picture.value
    assert explorer.picture.value.count("width:50.0%") == 2, "bars are relative to the longest"
    assert explorer.text().splitlines()[1:3] == [f"cat 0.500 {'█' * 30}", f"<b> 0.250 {'█' * 15}"]
    sentences = set()
    for _ in range(20):
        explorer.again.click()
        sentences.add(explorer.text().splitlines()[-1])
    assert len(sentences) > 1 and all(sentence.startswith("the ") for sentence in sentences)
    explorer.word.value = " Cat "
    assert explorer.text().splitlines()[1:] == [f"sleeps 1.000 {'█' * 30}", "cat sleeps ."]
    explorer.word.value = "slept"
    assert "sleeps" in explorer.text() and "<table></table>" in explorer.picture.value


def test_the_explorer_survives_what_are_no_probabilities() -> None:
    explorer = views.next_word_explorer({"a": {"b": 7.0, "c": -1.0, "d": math.nan}}, "a")
    assert "nan" in explorer.text() and "width:100.0%" in explorer.picture.value


def test_where_no_widget_lives_the_explorer_is_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[dict[str, object]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    explorer = views.next_word_explorer(PROBS, "cat")
    explorer._ipython_display_()
    assert shown[0]["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.box.model_id  # type: ignore[index]
    assert "<table>" in str(shown[0]["text/html"])
    assert str(shown[0]["text/plain"]).endswith("cat sleeps .")


def test_importing_the_module_loads_no_heavy_library() -> None:
    code = "import sys, llmkit.views.distributions; print([m for m in ('torch', 'plotly', 'ipywidgets', 'matplotlib') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
