"""Heat maps of attention: who looks at whom, head by head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from llmkit.i18n import gettext as _
from llmkit.views.figure import Figure
from llmkit.views.palette import CELL, SCALE
from llmkit.views.picture import page, png

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import torch


def attention_heatmap(
    weights: torch.Tensor, tokens: Sequence[str] | None = None, *, title: str | None = None
) -> Figure:
    """A heat map of attention: one row per token that looks, one column per token that is looked at.

    Args:
        weights: shape (T, T), or (heads, T, T) for one map per head.
        tokens: T texts; by default numbers.
        title: above the figure.

    Returns:
        A figure for the last line of a cell, or for `.show()`.

    Raises:
        ValueError: the shape is wrong, or there are not T tokens.
    """
    maps = as_maps(weights, "weights")
    labels = [str(token) for token in tokens] if tokens is not None else [str(i) for i in range(maps.shape[1])]
    if len(labels) != maps.shape[1]:
        raise ValueError(f"{len(labels)} tokens do not fit weights of shape {tuple(maps.shape)}")
    heads = [_("head {number}").format(number=i) for i in range(len(maps))] if len(maps) > 1 else [""]
    top, side = float(maps.max()), 140 + 38 * len(labels)
    figure = heat_maps(list(maps), heads, labels, top)
    figure.update_layout(title=title, width=min(1100, 60 + side * len(maps)), height=side + 60, margin={"t": 70})
    return Figure(figure, static_heat_maps(maps.tolist(), heads, labels, top, title))


def as_maps(values: Any, name: str) -> torch.Tensor:
    """One table per head.

    Args:
        values: shape (T, T) or (heads, T, T).
        name: name of the argument, for the error.

    Returns:
        Float32 on the CPU, without a graph, shape (heads, T, T).

    Raises:
        ValueError: it is not a tensor, or has another shape.
    """
    import torch

    wanted = f"{name} should be a tensor of shape (T, T) or (heads, T, T)"
    try:
        maps = torch.as_tensor(values).detach().float().cpu()
    except (TypeError, ValueError, RuntimeError):
        raise ValueError(f"{wanted}, not {type(values).__name__}") from None
    if maps.dim() not in (2, 3) or maps.shape[-1] != maps.shape[-2] or 0 in maps.shape:
        raise ValueError(f"{wanted}; its shape is {tuple(maps.shape)}")
    return maps[None] if maps.dim() == 2 else maps


def heat_maps(maps: Sequence[torch.Tensor], names: Sequence[str], labels: Sequence[str], top: float) -> go.Figure:
    """Attention as interactive heat maps in a row, with one scale.

    Args:
        maps: tables of weights, each (T, T); NaN cells are left blank.
        names: one for each map; no titles if all are empty.
        labels: T texts.
        top: the weight at the end of the scale.
    """
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    places = list(range(len(labels)))
    figure = make_subplots(rows=1, cols=len(maps), subplot_titles=list(names) if any(names) else None)
    hover = _("%{y} looks at %{x}: %{z:.3f}") + "<extra></extra>"
    for column, one in enumerate(maps, start=1):
        cells = [[None if weight != weight else weight for weight in row] for row in one.tolist()]
        last = column == len(maps)
        heat = go.Heatmap(z=cells, colorscale=SCALE, zmin=0, zmax=top, hovertemplate=hover, showscale=last)
        figure.add_trace(heat, row=1, col=column)
        figure.update_xaxes(tickvals=places, ticktext=list(labels), title_text=_("is looked at"), row=1, col=column)
        figure.update_yaxes(tickvals=places, ticktext=list(labels), autorange="reversed", row=1, col=column)
    figure.update_yaxes(title_text=_("looks"), row=1, col=1)
    return figure


def static_heat_maps(
    maps: Sequence[Any], names: Sequence[str], labels: Sequence[str], top: float, title: str | None
) -> bytes:
    """The same heat maps as PNG; `maps` are nested lists of numbers."""
    side = 1.6 + CELL * len(labels)
    drawn = page(side * len(maps) + 0.6, side)
    axes = drawn.subplots(1, len(maps), squeeze=False)[0]
    places = range(len(labels))
    for axis, one, name in zip(axes, maps, names, strict=True):
        image = axis.imshow(one, cmap=SCALE.lower(), vmin=0, vmax=top)
        axis.set_xticks(places, labels, rotation=45, ha="right")
        axis.set_yticks(places, labels)
        axis.set_xlabel(_("is looked at"))
        axis.set_title(name, fontsize=10)
    axes[0].set_ylabel(_("looks"))
    drawn.colorbar(image, ax=list(axes), shrink=0.8)
    if title:
        drawn.suptitle(title, fontsize=11)
    return png(drawn)
