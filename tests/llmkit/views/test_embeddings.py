"""Maps of word vectors: places follow the vectors, lines lead to the neighbours, and all is shown wherever it can be."""

from __future__ import annotations

import base64

import pytest
import torch

from llmkit.views import embeddings as embedding_views
from llmkit.views.embeddings import FOCUS, NEAR, PLAIN, embedding_map

WORDS = ["red", "blue", "cat", "dog", "<pad>"]
VECTORS = torch.tensor(
    [[3.0, 0.1, 0.0], [1.0, 0.0, 0.1], [0.0, 2.0, 0.1], [0.1, 1.0, 0.0], [-0.3, -0.3, 0.4]], dtype=torch.float64
)
NEAREST = {0: [1, 3], 1: [0, 2], 2: [3, 4], 3: [2, 1], 4: [2, 3]}


def test_like_directions_lie_together_whatever_their_lengths() -> None:
    trace = embedding_map(VECTORS, WORDS).plotly.data[1]
    places = torch.tensor(list(zip(trace.x, trace.y, strict=True)))
    apart = torch.cdist(places, places)
    assert apart[0, 1] < 0.3 < apart[0, 2] and apart[2, 3] < 0.3 < apart[1, 3]
    assert list(trace.text) == ["red", "blue", "cat", "dog", "&lt;pad&gt;"]


def test_in_two_dimensions_the_map_is_exact() -> None:
    angles = torch.tensor([0.1, 1.0, 2.0, 4.0])
    vectors = torch.stack([angles.cos(), angles.sin()], dim=1)
    trace = embedding_map(5 * vectors, ["a", "b", "c", "d"]).plotly.data[1]
    places = torch.tensor(list(zip(trace.x, trace.y, strict=True)))
    torch.testing.assert_close(torch.cdist(places, places), torch.cdist(vectors, vectors), rtol=1e-3, atol=1e-3)


def test_words_in_another_order_stand_in_the_same_places() -> None:
    order = [3, 1, 4, 0, 2]
    first, second = embedding_map(VECTORS, WORDS).plotly.data[1], embedding_map(VECTORS, WORDS, order).plotly.data[1]
    assert second.x == pytest.approx([first.x[index] for index in order], abs=1e-5)
    assert second.y == pytest.approx([first.y[index] for index in order], abs=1e-5)


def test_lines_lead_from_the_focus_to_its_neighbours() -> None:
    figure = embedding_map(VECTORS, WORDS, neighbours=NEAREST.__getitem__, focus=3).plotly
    lines, dots = figure.data
    wanted = [dots.x[3], dots.x[2], None, dots.x[3], dots.x[1], None]
    assert list(lines.x) == wanted
    assert list(dots.marker.color) == [PLAIN, NEAR, NEAR, FOCUS, PLAIN]
    assert dots.hovertext[3] == "<b>dog</b><br>cat<br>blue"


def test_the_menu_draws_the_lines_of_each_word() -> None:
    figure = embedding_map(VECTORS, WORDS, neighbours=NEAREST.__getitem__).plotly
    (menu,) = figure.layout.updatemenus
    assert [button.label for button in menu.buttons] == WORDS and menu.active == 0
    looks, traces = menu.buttons[4].args
    assert list(traces) == [0, 1]
    assert looks["marker.color"][1] == [PLAIN, PLAIN, NEAR, NEAR, FOCUS]
    assert looks["x"][0][1] == figure.data[1].x[2]


def test_only_some_words_are_shown_and_neighbours_outside_are_named_without_a_line() -> None:
    figure = embedding_map(VECTORS, WORDS, [2, 0, 1], neighbours=lambda index: torch.tensor(NEAREST[index])).plotly
    lines, dots = figure.data
    assert list(dots.text) == ["cat", "red", "blue"]
    assert list(lines.x) == [] and dots.hovertext[0] == "<b>cat</b><br>dog<br>&lt;pad&gt;"


def test_without_neighbours_there_is_no_menu_and_one_colour() -> None:
    figure = embedding_map(VECTORS, WORDS, title="T").plotly
    assert figure.layout.updatemenus == () and set(figure.data[1].marker.color) == {PLAIN}
    assert figure.layout.title.text == "T"


def test_the_static_picture_is_there_and_small() -> None:
    bundle = embedding_map(VECTORS, [*WORDS[:4], "$x$ and $"], neighbours=NEAREST.__getitem__)._repr_mimebundle_()
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert len(str(bundle)) < 300_000, "no plotly.js inside"


def test_no_more_words_than_can_be_read() -> None:
    many = torch.randn(embedding_views.MOST + 30, 4)
    figure = embedding_map(many, [str(number) for number in range(len(many))])
    assert len(figure.plotly.data[1].x) == embedding_views.MOST


@pytest.mark.parametrize(
    ("vectors", "shown"),
    [
        (VECTORS[:3], None),
        (VECTORS[:, :1], None),
        (VECTORS[0], None),
        (VECTORS, [0]),
        (VECTORS, [0, 5]),
        (VECTORS, [-1, 2]),
        (VECTORS / 0, None),
    ],
)
def test_what_cannot_be_drawn_is_refused(vectors: torch.Tensor, shown: list[int] | None) -> None:
    with pytest.raises(ValueError, match="should"):
        embedding_map(vectors, WORDS, shown)
