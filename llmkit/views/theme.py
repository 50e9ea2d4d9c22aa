"""What all figures have in common: no paper of their own, letters that can be read on white and on dark, titles that fit."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from llmkit.views.palette import CLEAR, INK, LETTERS, RULES, WHITE

if TYPE_CHECKING:
    import plotly.graph_objects as go

SIGN = 9  # pixels of a character of a title
LINE = 18  # pixels of a line of a title
# Pixels around what is drawn, where a view does not ask for others; plotly widens them to what the labels need.
MARGIN = {"l": 60, "r": 20, "t": 46, "b": 50}


def fitted(title: str, width: float) -> list[str]:
    """The lines of a title above a figure.

    Args:
        title: its text.
        width: of the figure, in pixels.
    """
    return textwrap.wrap(title, max(12, int(width / SIGN)))


def dress_plotly(figure: go.Figure, width: int, height: int) -> None:
    """Gives an interactive figure the size of its picture, in pixels, and the colours that all figures have.

    Args:
        figure: is changed.
        width: of the picture.
        height: of the picture.
    """
    lines = fitted((figure.layout.title.text or "").replace("<br>", " "), width)
    own = figure.layout.margin
    margin = {side: least if own[side] is None else own[side] for side, least in MARGIN.items()}
    margin["t"] += LINE * max(0, len(lines) - 1)
    figure.update_layout(
        width=width,
        height=height,
        margin=margin,
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        font={"color": LETTERS, "size": 13},
        legend={"bgcolor": CLEAR},
        modebar={"bgcolor": CLEAR, "color": LETTERS, "activecolor": LETTERS},
    )
    if lines:
        figure.update_layout(
            title={"text": "<br>".join(lines), "font": {"size": 15}, "x": 0.5, "yref": "container", "yanchor": "top"}
        )
        figure.layout.title.y = 1 - 10 / height
    for axes in (figure.update_xaxes, figure.update_yaxes):
        axes(automargin=True, gridcolor=RULES, linecolor=LETTERS, zerolinecolor=RULES, tickcolor=LETTERS)
    figure.update_traces(colorbar={"outlinecolor": LETTERS, "title": {"side": "right"}}, selector={"type": "heatmap"})
    figure.for_each_shape(lambda one: one.update(line_color=one.line.color or LETTERS))
    for menu in figure.layout.updatemenus:  # its list lies on top of the figure
        menu.update(bgcolor=WHITE, font={"color": INK})


def dress_matplotlib(drawn: Any) -> None:
    """Gives a static figure the colours that all figures have.

    Args:
        drawn: a matplotlib figure; is changed. Letters and lines that are black, matplotlib's own colour, become LETTERS.
    """
    from matplotlib.colors import to_hex
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

    drawn.patch.set_alpha(0)
    for axes in drawn.axes:
        axes.patch.set_alpha(0)
        axes.tick_params(which="both", color=LETTERS, labelcolor=LETTERS)
        for spine in axes.spines.values():
            spine.set_edgecolor(LETTERS)
    for one in drawn.findobj(lambda artist: isinstance(artist, (Text, Line2D))):
        if to_hex(one.get_color()) == to_hex("black"):
            one.set_color(LETTERS)
