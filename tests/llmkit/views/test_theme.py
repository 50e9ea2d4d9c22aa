"""What all figures hold: they read on white and on dark, keep their size, cut off no letter, and name what they show."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets
import pytest
import torch
from gallery import FIGURES, LONG, TITLE, WORDS, weights

from llmkit import views
from llmkit.views import palette, theme
from llmkit.views.picture import legend, pixels, sheet
from llmkit.views.spam_checker import SpamChecker

DRAWN: dict[str, views.Figure] = {}


@pytest.fixture(params=sorted(FIGURES))
def figure(request: pytest.FixtureRequest) -> views.Figure:
    return DRAWN.setdefault(request.param, FIGURES[request.param]())


def picture(figure: views.Figure) -> Any:
    """Red, green, blue and opacity of each pixel, from 0 to 1, (height, width, 4)."""
    from matplotlib.image import imread

    return imread(io.BytesIO(figure.png))


def axes_of(figure: views.Figure) -> list[Any]:
    found: list[Any] = []
    figure.plotly.for_each_xaxis(found.append)
    figure.plotly.for_each_yaxis(found.append)
    return found


def test_every_function_that_draws_a_figure_is_in_the_gallery() -> None:
    stub = Path(views.__file__).with_name("__init__.pyi").read_text(encoding="utf-8")
    names = re.findall(r"^from \.\w+ import (\w+) as", stub, re.MULTILINE)
    drawing = {name for name in names if getattr(views, name).__annotations__.get("return") == "Figure"}
    gallery = Path(sys.modules[FIGURES["film"].__module__].__file__ or "").read_text(encoding="utf-8")
    assert len(drawing) > 20 and {name for name in drawing if f".{name}(" not in gallery} == set()


def test_it_has_no_paper_of_its_own(figure: views.Figure) -> None:
    layout = figure.plotly.layout
    assert layout.paper_bgcolor == layout.plot_bgcolor == layout.legend.bgcolor == palette.CLEAR
    assert palette.CLEAR.endswith(",0.00)") and layout.font.color == palette.LETTERS
    opacity = picture(figure)[..., 3]
    assert (opacity == 0).any() and opacity.max() == 1


def test_its_letters_and_lines_are_neither_black_nor_white(figure: views.Figure) -> None:
    traces = [trace for trace in figure.plotly.data if trace.type == "scatter"]
    colours = [
        colour for trace in traces for colour in (trace.line.color, trace.textfont.color) if isinstance(colour, str)
    ]
    assert not {"black", "white", palette.INK, palette.WHITE} & set(colours)
    inside = any(trace.type in ("heatmap", "image") for trace in figure.plotly.data)  # its cells have their own letters
    if not inside:
        shown = picture(figure)
        solid = shown[shown[..., 3] > 0.9][:, :3]
        assert not (solid.max(axis=1) < 0.1).any(), "black cannot be seen in a dark theme"


def test_both_of_it_have_one_size_that_a_notebook_has_room_for(figure: views.Figure) -> None:
    layout = figure.plotly.layout
    assert (layout.width, layout.height) == pixels(figure.png) == picture(figure).shape[1::-1]
    assert layout.width <= palette.WIDEST


def test_no_letter_is_cut_off(figure: views.Figure) -> None:
    assert all(axis.automargin for axis in axes_of(figure))
    opacity = picture(figure)[..., 3]
    edge = (opacity[0], opacity[-1], opacity[:, 0], opacity[:, -1])
    assert not any((line > 0).any() for line in edge)
    lines = (figure.plotly.layout.title.text or "").split("<br>")
    assert max(map(len, lines)) * theme.SIGN <= figure.plotly.layout.width
    assert figure.plotly.layout.margin.t >= theme.LINE * len(lines)


def test_the_legend_lies_on_neither_the_title_nor_the_axes() -> None:
    drawn, axis = sheet(7.6, 4.3, TITLE)
    axis.plot([0, 1], label=LONG)
    legend(drawn, axis)
    drawn.canvas.draw()
    box = drawn.legends[0].get_window_extent()
    assert not box.overlaps(drawn._suptitle.get_window_extent())
    assert not box.overlaps(axis.get_window_extent())


def test_axes_with_numbers_and_colour_bars_have_names(figure: views.Figure) -> None:
    heats = [trace for trace in figure.plotly.data if trace.type == "heatmap"]
    for axis in axes_of(figure):
        if axis.visible is not False and axis.showticklabels is not False and not has_words(figure, axis):
            assert axis.title.text, axis.plotly_name
    assert all(one.colorbar.title.text for one in heats if one.showscale is not False)
    if heats and all(one.showscale is False for one in heats):
        assert heats[0].texttemplate or heats[0].customdata is not None  # each cell says its number, or what it means


def has_words(figure: views.Figure, axis: Any) -> bool:
    """Whether an axis has words in place of numbers, which say themselves what they are."""
    if axis.ticktext is not None:
        return True
    letter = axis.plotly_name[0]
    traces = [trace for trace in figure.plotly.data if trace.type != "image"]
    places = [place for trace in traces if trace[letter] is not None for place in trace[letter]]
    return bool(places) and all(isinstance(place, str) for place in places)


def test_a_title_in_two_lines_keeps_its_words() -> None:
    drawn = views.confusion_chart([[1, 0], [0, 1]], ["ham", "spam"], title=TITLE)
    assert "<br>" in drawn.plotly.layout.title.text and repr(drawn) == f"Figure({TITLE!r})"


def test_the_scale_is_named_after_what_it_shows() -> None:
    attention = FIGURES["attention"]().plotly.data[0]
    assert attention.colorbar.title.text == "weight" and attention.text[0][0] == f"{attention.z[0][0]:.2f}"
    others = FIGURES["cosines"]().plotly.data[0]
    assert others.colorbar.title.text == "value" and others.zmin == pytest.approx(min(map(min, others.z)))
    crowded = views.attention_heatmap(weights(30, 30)).plotly.data[0]
    assert crowded.texttemplate is None  # no room


def _explorers() -> dict[str, Callable[[], Any]]:
    probs = {"a": {"b": 1.0}}
    cut = lambda text: [(0, text)]  # noqa: E731
    return {
        "attention": lambda: views.attention_explorer(weights(2, 3, 3), WORDS[:3]),
        "decoding": lambda: views.decoding_explorer({"text": torch.zeros(4)}, str).box,
        "gpt": lambda: views.gpt_builder().widget,
        "losses": lambda: views.loss_explorer(lambda text: [(text, 1.0)], "a").widget,
        "masks": lambda: views.mask_explorer(lambda text: [[("a", 1.0)]], ["[MASK]"]).box,
        "merges": lambda: views.merge_explorer([[b"a", b"b"], [b"ab"]], ["0", "1"]).widget,
        "next-word": lambda: views.next_word_explorer(probs, "a").box,
        "spam": lambda: SpamChecker(lambda text: ("ham", 0.1), "a"),
        "tokens": lambda: views.token_explorer(cut, "a").widget,
        "windows": lambda: views.window_explorer(lambda ids, length, stride: [(ids[:1], ids[1:2])], WORDS).widget,
    }


@pytest.mark.parametrize("name", sorted(_explorers()))
def test_every_control_has_a_name_that_is_not_cut_off(name: str) -> None:
    def inside(widget: Any) -> list[Any]:
        return [widget, *(one for child in getattr(widget, "children", ()) for one in inside(child))]

    controls = [one for one in inside(_explorers()[name]()) if not isinstance(one, (ipywidgets.Box, ipywidgets.HTML))]
    assert controls
    for control in controls:
        assert control.description
        if not isinstance(control, ipywidgets.Button):
            assert control.style.description_width == "initial"
