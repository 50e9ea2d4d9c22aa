"""Vectors with two features, drawn as points of the plane."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llmkit.i18n import gettext as _
from llmkit.views.figure import Figure
from llmkit.views.palette import INCH, MARKERS, NARROW, SERIES
from llmkit.views.picture import legend, png, sheet

MOST = len(MARKERS)  # sets of points that can be told apart


def plane_chart(points: Mapping[str, Any], *, title: str) -> Figure:
    """Points of the plane, with axes of one scale: a circle is round.

    Args:
        points: for each name, a tensor of shape (N, 2) with finite numbers; five names at most.
        title: above the figure.

    Raises:
        ValueError: no set of points, too many, one with another shape, or a number that is not finite.
    """
    import plotly.graph_objects as go
    import torch

    if not 1 <= len(points) <= MOST:
        raise ValueError(f"points should hold 1 to {MOST} sets, not {len(points)}")
    tables = {str(name): torch.as_tensor(one).detach().double().cpu() for name, one in points.items()}
    for name, table in tables.items():
        if table.dim() != 2 or table.shape[1] != 2 or not torch.isfinite(table).all():
            raise ValueError(f"{name!r} should be finite numbers of shape (N, 2); its shape is {tuple(table.shape)}")
    names = _("first feature"), _("second feature")
    figure = go.Figure()
    page, axis = sheet(NARROW / INCH, 4.6, title)
    for (name, table), colour, marker in zip(tables.items(), SERIES, MARKERS, strict=False):
        x, y = table.T.tolist()
        look = {"color": colour, "symbol": marker[0], "size": 7}
        figure.add_trace(go.Scatter(name=name, x=x, y=y, mode="markers", marker=look))
        axis.scatter(x, y, color=colour, marker=marker[1], s=18, label=name)
    figure.update_xaxes(title_text=names[0])
    figure.update_yaxes(title_text=names[1], scaleanchor="x")
    figure.update_layout(title=title)
    axis.set_aspect("equal", adjustable="datalim")
    axis.set_xlabel(names[0])
    axis.set_ylabel(names[1])
    axis.grid(alpha=0.3)
    legend(page, axis)
    return Figure(figure, png(page))
