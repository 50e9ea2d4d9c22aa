"""What numbers of few bits cost: the error against the bits of each number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from llmkit.i18n import gettext as _
from llmkit.views.figure import Figure
from llmkit.views.palette import DASHES, INCH, MARKERS, SERIES, WIDE
from llmkit.views.picture import legend, png, sheet


def error_chart(kinds: Mapping[str, Sequence[tuple[float, float]]], *, title: str) -> Figure:
    """The error of kinds of quantisation against their bits; the errors on a logarithmic axis.

    Args:
        kinds: for each kind its points: bits of a number, with its share of scales; typical error, in percent of a typical number,
            above 0. Five kinds at most.
        title: above the figure.

    Raises:
        ValueError: no kind, too many, or one without points.
    """
    import plotly.graph_objects as go

    if not 1 <= len(kinds) <= len(MARKERS) or not all(kinds.values()):
        raise ValueError(f"1 to {len(MARKERS)} kinds are needed, each with a point")
    figure = go.Figure()
    page, axis = sheet(WIDE / INCH, 4.3, title)
    for (name, points), colour, marker, dash in zip(kinds.items(), SERIES, MARKERS, DASHES, strict=False):
        bits, errors = zip(*points, strict=True)
        figure.add_trace(
            go.Scatter(
                x=bits, y=errors, name=name, mode="lines+markers", line={"color": colour, "dash": dash[0]},
                marker={"symbol": marker[0], "size": 9},
            )
        )  # fmt: skip
        axis.plot(bits, errors, color=colour, marker=marker[1], linestyle=dash[1], label=name)
    figure.update_xaxes(title_text=_("bits of a number, scales included"))
    figure.update_yaxes(title_text=_("typical error in % of a typical number"), type="log")
    figure.update_layout(title=title)
    axis.set_yscale("log")
    axis.set_xlabel(_("bits of a number, scales included"))
    axis.set_ylabel(_("typical error in % of a typical number"))
    axis.grid(alpha=0.3)
    legend(page, axis)
    return Figure(figure, png(page))
