"""Views of judge models: how good their answers are, as a table and as lines over the strength of a bias."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from llmkit.i18n import gettext as _
from llmkit.views.figure import Figure
from llmkit.views.metrics import Table, same_length
from llmkit.views.palette import GREY, INCH, SERIES, WIDE
from llmkit.views.picture import legend, png, sheet

MARKERS = ("o", "s", "D", "^", "P", "X")


def percent_table(results: Mapping[str, Mapping[str, float]]) -> Table:
    """Shares as a table in percent: one row per name, one column for each share of the first one.

    Raises:
        ValueError: there is no row.
    """
    if not results:
        raise ValueError("there is no row")
    names = list(next(iter(results.values())))
    return Table(["", *names], [[row, *(f"{cells[name]:.0%}" for name in names)] for row, cells in results.items()])


def bias_chart(strengths: Sequence[float], curves: Mapping[str, Sequence[float]], *, title: str) -> Figure:
    """Shares, as lines over the strength of a bias.

    Args:
        strengths: the horizontal axis.
        curves: for each name, one share from 0 to 1 per strength.
        title: above the figure.

    Raises:
        ValueError: no curve or too many, or one with another length.
    """
    import plotly.graph_objects as go

    if not 1 <= len(curves) <= len(SERIES):
        raise ValueError(f"there should be 1 to {len(SERIES)} curves, not {len(curves)}")
    same_length(strengths, *curves.values())
    figure = go.Figure()
    page, axis = sheet(WIDE / INCH, 4.2, title)
    for (name, shares), colour, marker in zip(curves.items(), SERIES, MARKERS, strict=False):
        percent = [100 * share for share in shares]
        hover = "%{x}: %{y:.0f} %<extra></extra>"
        trace = go.Scatter(
            name=name, x=list(strengths), y=percent, mode="lines+markers", line={"color": colour}, hovertemplate=hover
        )
        figure.add_trace(trace)
        axis.plot(strengths, percent, color=colour, marker=marker, label=name)
    figure.add_hline(y=50, line={"dash": "dot", "color": GREY})
    axis.axhline(50, color=GREY, linestyle=":")
    figure.update_xaxes(title_text=_("strength of the bias (stars)"))
    figure.update_yaxes(title_text=_("share (%)"), range=[0, 103])
    figure.update_layout(title=title)
    axis.set_xlabel(_("strength of the bias (stars)"))
    axis.set_ylabel(_("share (%)"))
    axis.set_ylim(0, 103)
    legend(page, axis)
    return Figure(figure, png(page))
