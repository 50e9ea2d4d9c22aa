"""Heat maps of attention: who looks at whom, head by head."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from llmkit.i18n import gettext as _
from llmkit.views.figure import SCALE, Figure

if TYPE_CHECKING:
    import torch

CELL = 0.55  # inches of one cell of a static heat map


def attention_heatmap(
    weights: torch.Tensor, tokens: Sequence[str] | None = None, *, title: str | None = None
) -> Figure:
    """A heat map of attention: one row per token that looks, one column per token that is looked at.

    Args:
        weights: shape (T, T), or (heads, T, T) for one map per head.
        tokens: T texts; numbers without.
        title: above the figure.

    Returns:
        A figure for the last line of a cell, or for `.show()`.

    Raises:
        ValueError: the shape is another, or there are not T tokens.
    """
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    maps = as_maps(weights, "weights")
    labels = [str(token) for token in tokens] if tokens is not None else [str(i) for i in range(maps.shape[1])]
    if len(labels) != maps.shape[1]:
        raise ValueError(f"{len(labels)} tokens do not fit weights of shape {tuple(maps.shape)}")
    heads = [_("head {number}").format(number=i) for i in range(len(maps))] if len(maps) > 1 else [""]
    top, places = float(maps.max()), list(range(len(labels)))
    figure = make_subplots(rows=1, cols=len(maps), subplot_titles=heads if len(maps) > 1 else None)
    for column, one in enumerate(maps, start=1):
        hover = _("%{y} looks at %{x}: %{z:.3f}") + "<extra></extra>"
        heat = go.Heatmap(
            z=one.tolist(), colorscale=SCALE, zmin=0, zmax=top, hovertemplate=hover, showscale=column == len(maps)
        )
        figure.add_trace(heat, row=1, col=column)
        figure.update_xaxes(tickvals=places, ticktext=labels, title_text=_("is looked at"), row=1, col=column)
        figure.update_yaxes(tickvals=places, ticktext=labels, autorange="reversed", row=1, col=column)
    figure.update_yaxes(title_text=_("looks"), row=1, col=1)
    side = 140 + 38 * len(labels)
    figure.update_layout(title=title, width=min(1100, 60 + side * len(maps)), height=side + 60, margin={"t": 70})
    return Figure(figure, _static_heatmaps(maps.tolist(), labels, heads, title, top))


def as_maps(values: Any, name: str) -> torch.Tensor:
    """One table per head.

    Args:
        values: shape (T, T) or (heads, T, T).
        name: of the argument, for the error.

    Returns:
        Float32 on the CPU, without a graph, shape (heads, T, T).

    Raises:
        ValueError: it is no tensor, or of another shape.
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


def _static_heatmaps(maps: list[Any], labels: list[str], heads: list[str], title: str | None, top: float) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Picture

    side = 1.6 + CELL * len(labels)
    picture = Picture(figsize=(side * len(maps) + 0.6, side), layout="constrained")
    axes = picture.subplots(1, len(maps), squeeze=False)[0]
    places = range(len(labels))
    for axis, one, head in zip(axes, maps, heads, strict=True):
        image = axis.imshow(one, cmap=SCALE.lower(), vmin=0, vmax=top)
        axis.set_xticks(places, labels, rotation=45, ha="right")
        axis.set_yticks(places, labels)
        axis.set_xlabel(_("is looked at"))
        axis.set_title(head, fontsize=10)
    axes[0].set_ylabel(_("looks"))
    picture.colorbar(image, ax=list(axes), shrink=0.8)
    if title:
        picture.suptitle(title, fontsize=11)
    data = io.BytesIO()
    FigureCanvasAgg(picture).print_png(data)  # type: ignore[no-untyped-call]
    return data.getvalue()
