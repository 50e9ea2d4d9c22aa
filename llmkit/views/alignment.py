"""Which words of two texts METEOR pairs: both texts in a row, with a line for each pair and a colour for each chunk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llmkit.i18n import gettext as _
from llmkit.views.figure import Figure
from llmkit.views.palette import INCH, SERIES, WIDEST
from llmkit.views.picture import png, sheet

LETTER = 0.16  # width of a letter, in the unit of the drawing
GAP = 0.5  # between two words


def chunks(candidate: Sequence[str], reference: Sequence[str]) -> list[list[tuple[int, int]]]:
    """The runs of paired words, each pair as its places in the two texts; repeated words are paired from the right."""
    partner: dict[int, int] = {}
    for here in reversed(range(len(candidate))):
        places = [there for there, word in enumerate(reference) if word == candidate[here]]
        free = [there for there in places if there not in partner.values()]
        if free:
            partner[here] = free[-1]
    runs: list[list[tuple[int, int]]] = []
    for here, there in sorted(partner.items()):
        if runs and runs[-1][-1] == (here - 1, there - 1):
            runs[-1].append((here, there))
        else:
            runs.append([(here, there)])
    return runs


def alignment_chart(candidate: Sequence[str], reference: Sequence[str], title: str | None = None) -> Figure:
    """Both texts, the candidate on top, with a line for each pair of words and a colour for each chunk.

    Args:
        candidate: its words.
        reference: its words.
        title: above the figure; by default the number of pairs and chunks.

    Raises:
        ValueError: a text has no words.
    """
    import plotly.graph_objects as go

    if not candidate or not reference:
        raise ValueError("a text without words has no alignment")
    runs = chunks(candidate, reference)
    told = _("{pairs} pairs in {chunks} chunks").format(pairs=sum(map(len, runs)), chunks=len(runs))
    heading = title or told
    upper, lower = _places(candidate), _places(reference)
    width = max(upper[-1], lower[-1]) + 1
    figure = go.Figure()
    page, axis = sheet(min(WIDEST / INCH, 1.5 + 0.75 * width), 2.4, heading)
    for number, run in enumerate(runs):
        colour = SERIES[number % len(SERIES)]
        for here, there in run:
            ends: dict[str, Any] = {"x": [upper[here], lower[there]], "y": [0.85, 0.15]}
            hover = _("chunk {number}").format(number=number + 1)
            figure.add_trace(
                go.Scatter(**ends, mode="lines", line={"color": colour, "width": 3}, name=hover, hoverinfo="name")
            )
            axis.plot(ends["x"], ends["y"], color=colour, linewidth=2.5)
    for words, places, height in ((candidate, upper, 1.0), (reference, lower, 0.0)):
        figure.add_trace(go.Scatter(x=places, y=[height] * len(words), text=list(words), mode="text", hoverinfo="skip"))
        for word, place in zip(words, places, strict=True):
            axis.text(place, height, word, ha="center", va="center", fontsize=10)
    for one in (figure.update_xaxes, figure.update_yaxes):
        one(visible=False)
    figure.update_xaxes(range=[-0.8, width])
    figure.update_yaxes(range=[-0.2, 1.2])
    figure.update_layout(title=heading, showlegend=False, margin={"l": 10, "b": 10})
    axis.set_xlim(-0.8, width)
    axis.set_ylim(-0.2, 1.2)
    axis.set_axis_off()
    return Figure(figure, png(page))


def _places(words: Sequence[str]) -> list[float]:
    """Centres of words set side by side."""
    places, end = [], 0.0
    for word in words:
        width = LETTER * len(word)
        places.append(end + width / 2)
        end += width + GAP
    return places
