"""Maps of word vectors: words as points in the plane, with lines from a word to its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from llmkit.i18n import gettext as _
from llmkit.views.figure import Figure
from llmkit.views.palette import BLUE, LETTERS, MAGENTA, ORANGE
from llmkit.views.picture import png, sheet

if TYPE_CHECKING:
    import torch

PLAIN, FOCUS, NEAR = BLUE, MAGENTA, ORANGE
MOST = 120  # more words could not be read


@dataclass(frozen=True)
class Place:
    """A word on the map.

    Attributes:
        word: its text.
        x: first principal component of its direction.
        y: second principal component.
        near: positions on the map of its neighbours, nearest first; those not on the map are left out.
        names: texts of all its neighbours, nearest first.
    """

    word: str
    x: float
    y: float
    near: tuple[int, ...]
    names: tuple[str, ...]


def embedding_map(
    vectors: torch.Tensor,
    words: Sequence[str],
    shown: Sequence[int] | None = None,
    *,
    neighbours: Callable[[int], Iterable[Any]] | None = None,
    focus: int | None = None,
    title: str | None = None,
) -> Figure:
    """A map of word vectors: their directions, flattened to the plane by principal components.

    Args:
        vectors: one row per word, shape (V, d) with d at least 2.
        words: V texts.
        shown: indices of the words to draw, at most 120; by default the first ones.
        neighbours: maps a word's index to those of its neighbours, nearest first. With it, a menu draws lines to them, and
            pointing at a word names them.
        focus: index of the word whose neighbours are marked at first; by default the first one shown.
        title: above the figure.

    Returns:
        A figure for the last line of a cell, or for `.show()`.

    Raises:
        ValueError: the shape is wrong, a number is not finite, there are not V words, or an index is out of range.
    """
    import plotly.graph_objects as go

    chosen = list(range(min(len(words), MOST))) if shown is None else [int(index) for index in shown]
    places = _places(vectors, words, chosen, neighbours)
    start = chosen.index(focus) if focus is not None and focus in chosen else 0
    hover = [
        f"<b>{escape(one.word, quote=False)}</b><br>{'<br>'.join(escape(name, quote=False) for name in one.names)}"
        for one in places
    ]
    figure = go.Figure(
        [
            go.Scatter(mode="lines", line={"color": NEAR, "width": 2}, hoverinfo="skip"),
            go.Scatter(
                x=[one.x for one in places],
                y=[one.y for one in places],
                text=[escape(one.word, quote=False) for one in places],
                mode="markers+text",
                textposition="top center",
                hovertext=hover,
                hoverinfo="text",
            ),
        ]
    )
    _restyle(figure, _looks(places, start))
    if neighbours is not None:
        buttons = [
            {"label": one.word, "method": "restyle", "args": [_looks(places, number), [0, 1]]}
            for number, one in enumerate(places)
        ]
        menu = {"buttons": buttons, "active": start, "x": 0.0, "xanchor": "left", "y": 1.08, "yanchor": "bottom"}
        figure.update_layout(updatemenus=[menu])
    figure.update_xaxes(showticklabels=False, ticks="", showgrid=False, zeroline=False)
    figure.update_yaxes(showticklabels=False, ticks="", showgrid=False, zeroline=False)
    figure.update_layout(title=title, showlegend=False, margin={"t": 110, "l": 20, "r": 20})
    return Figure(figure, _static(places, start if neighbours is not None else None, title))


def _places(
    vectors: torch.Tensor,
    words: Sequence[str],
    chosen: Sequence[int],
    neighbours: Callable[[int], Iterable[Any]] | None,
) -> list[Place]:
    import torch

    rows = torch.as_tensor(vectors).detach().float().cpu()
    if rows.dim() != 2 or rows.shape[1] < 2 or len(rows) != len(words):
        raise ValueError(f"vectors should have shape ({len(words)}, d), one row per word, not {tuple(rows.shape)}")
    if not 2 <= len(chosen) <= MOST or not all(0 <= index < len(words) for index in chosen):
        raise ValueError(f"shown should be 2 to {MOST} indices from 0 to {len(words) - 1}")
    if not torch.isfinite(rows).all():
        raise ValueError("vectors should be finite: some numbers are nan or infinite")
    directions = torch.nn.functional.normalize(rows[list(chosen)], dim=1)
    centred = directions - directions.mean(dim=0)
    axes = torch.linalg.svd(centred, full_matrices=False)[2][:2]
    # The sign of a component is free; this makes it the same everywhere.
    signs = torch.where(axes.gather(1, axes.abs().argmax(dim=1, keepdim=True)) < 0, -1.0, 1.0)
    flat = (centred @ (axes * signs).T).tolist()
    place_of = {index: place for place, index in enumerate(chosen)}
    found = []
    for index, at in zip(chosen, flat, strict=True):
        near = [int(other) for other in neighbours(index)] if neighbours is not None else []
        on_map = tuple(place_of[other] for other in near if other in place_of)
        found.append(Place(str(words[index]), at[0], at[1], on_map, tuple(str(words[other]) for other in near)))
    return found


def _looks(places: Sequence[Place], centre: int) -> dict[str, Any]:
    """Lines and colours when one word's neighbours are marked, for plotly's two traces."""
    x: list[float | None] = []
    y: list[float | None] = []
    for other in places[centre].near:
        x += [places[centre].x, places[other].x, None]
        y += [places[centre].y, places[other].y, None]
    colours = _colours(places, centre)
    return {
        "x": [x, [one.x for one in places]],
        "y": [y, [one.y for one in places]],
        "marker.color": [NEAR, colours],
        "textfont.color": [LETTERS, colours],
    }


def _restyle(figure: Any, looks: dict[str, Any]) -> None:
    for number, trace in enumerate(figure.data):
        for key, values in looks.items():
            trace.update({key.replace(".", "_"): values[number]})


def _colours(places: Sequence[Place], centre: int | None) -> list[str]:
    if centre is None or not places[centre].names:
        return [PLAIN] * len(places)
    near = set(places[centre].near)
    return [FOCUS if number == centre else NEAR if number in near else PLAIN for number in range(len(places))]


def _static(places: Sequence[Place], centre: int | None, title: str | None) -> bytes:
    page, axis = sheet(7.6, 6.4, title)
    colours = _colours(places, centre)
    axis.scatter([one.x for one in places], [one.y for one in places], s=12, c=colours)
    for one, colour in zip(places, colours, strict=True):
        label = one.word.replace("$", r"\$")  # matplotlib would typeset a formula
        axis.annotate(
            label, (one.x, one.y), xytext=(0, 3), textcoords="offset points", ha="center", fontsize=8, color=colour
        )
    if centre is not None:
        here = places[centre]
        for other in here.near:
            axis.plot([here.x, places[other].x], [here.y, places[other].y], color=NEAR, linewidth=1.2, zorder=0)
        told = _("nearest to {word}: {names}").format(word=here.word, names=", ".join(here.names))
        axis.set_xlabel(told.replace("$", r"\$"), fontsize=9)
    axis.set_xticks([])
    axis.set_yticks([])
    return png(page)
