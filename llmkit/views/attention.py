"""Heat maps of attention: who looks at whom, head by head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from llmkit.i18n import gettext as _
from llmkit.languages import localised
from llmkit.views.figure import Figure
from llmkit.views.palette import CELL, INCH, INK, SCALE, WHITE, WIDEST
from llmkit.views.picture import page, png

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import torch


# Inches.
READABLE = 0.36  # side of a cell that has room for its number
LONGEST = 3.0  # most room for a label
GAP = 0.3  # between two maps


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
    names = [_("head {number}").format(number=i) for i in range(len(maps))] if len(maps) > 1 else [""]
    return heat_maps(list(maps), names, labels, title)


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


def heat_maps(maps: Sequence[torch.Tensor], names: Sequence[str], labels: Sequence[str], title: str | None) -> Figure:
    """Attention as heat maps beside each other, from four on in rows of two; cells with room have their numbers.

    All have one scale, from the lowest number, 0 at most, to the highest.

    Args:
        maps: tables of weights, each (T, T); NaN cells are left blank.
        names: one for each map; no titles if all are empty.
        labels: T texts.
        title: above them.
    """
    known = [one.nan_to_num(0.0) for one in maps]
    ends = (min(0.0, *(float(one.min()) for one in known)), max(float(one.max()) for one in known))
    plan = _plan(len(maps), labels)
    tables = [one.tolist() for one in maps]
    numbers = [[["" if v != v else localised(v, ".2f") for v in row] for row in one] for one in tables]
    measure = _("weight") if all(map(_is_attention, maps)) else _("value")
    drawing = (tables, numbers if plan.cell >= READABLE else None, names, labels, ends, measure, plan)
    figure = _interactive(*drawing)
    figure.update_layout(title=title, margin={"t": 76 if any(names) else 46, "r": 80})
    return Figure(figure, _static(*drawing, title))


@dataclass(frozen=True)
class _Plan:
    """Where heat maps stand.

    Attributes:
        rows: of maps.
        columns: of maps.
        cell: side of a cell, in inches.
        width: of the page, in inches.
        height: of the page.
    """

    rows: int
    columns: int
    cell: float
    width: float
    height: float


def _plan(count: int, labels: Sequence[str]) -> _Plan:
    columns = count if count <= 3 else 2
    rows, side = ceil(count / columns), len(labels)
    words = min(LONGEST, 0.1 * max(map(len, labels)))
    around = 0.5 + words + 1.1  # inches of the labels on the left, and of the scale on the right
    cell = min(CELL, (WIDEST / INCH - around - GAP * (columns - 1)) / (columns * side))
    across = around + columns * cell * side + GAP * (columns - 1)
    return _Plan(rows, columns, cell, max(4.0, across), 0.7 + rows * (cell * side + 0.7 * words + 0.6))


def _is_attention(one: torch.Tensor) -> bool:
    """Whether each row is a distribution, as attention weights are; cosines, masks and influences are drawn as well."""
    sums = one.nansum(dim=-1)
    return bool((one.nan_to_num(0.0) >= 0).all()) and bool(((sums - 1).abs() < 1e-2).all())


def _interactive(
    maps: Sequence[Any],
    numbers: Sequence[Any] | None,
    names: Sequence[str],
    labels: Sequence[str],
    ends: tuple[float, float],
    measure: str,
    plan: _Plan,
) -> go.Figure:
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    places = list(range(len(labels)))
    figure = make_subplots(
        rows=plan.rows,
        cols=plan.columns,
        subplot_titles=list(names) if any(names) else None,
        horizontal_spacing=GAP / plan.width if plan.columns > 1 else None,
        vertical_spacing=1.1 / plan.height if plan.rows > 1 else None,
    )
    hover = _("%{y} looks at %{x}: %{z:.3f}") + "<extra></extra>"
    for number, one in enumerate(maps):
        cells = [[None if weight != weight else weight for weight in row] for row in one]
        heat = go.Heatmap(
            z=cells,
            colorscale=SCALE,
            zmin=ends[0],
            zmax=ends[1],
            hovertemplate=hover,
            showscale=number == len(maps) - 1,
            colorbar={"title": measure},
            text=numbers[number] if numbers else None,
            texttemplate="%{text}" if numbers else None,
            textfont={"size": 10},
        )
        row, column = number // plan.columns, number % plan.columns
        at = {"row": row + 1, "col": column + 1}
        figure.add_trace(heat, **at)
        below, left = number + plan.columns >= len(maps), column == 0
        figure.update_xaxes(
            tickvals=places, ticktext=list(labels), title_text=_("is looked at") if below else None, **at
        )
        figure.update_yaxes(tickvals=places, ticktext=list(labels), autorange="reversed", **at)
        figure.update_yaxes(showticklabels=left, title_text=_("looks") if left else None, **at)
    return figure


def _static(
    maps: Sequence[Any],
    numbers: Sequence[Any] | None,
    names: Sequence[str],
    labels: Sequence[str],
    ends: tuple[float, float],
    measure: str,
    plan: _Plan,
    title: str | None,
) -> bytes:
    drawn = page(plan.width, plan.height, title)
    axes = drawn.subplots(plan.rows, plan.columns, squeeze=False).flatten().tolist()
    places = range(len(labels))
    for number, (axis, one, name) in enumerate(zip(axes, maps, names, strict=False)):
        image = axis.imshow(one, cmap=SCALE.lower(), vmin=ends[0], vmax=ends[1])
        left = number % plan.columns == 0
        axis.set_xticks(places, labels, rotation=45, ha="right", rotation_mode="anchor", fontsize=9)
        axis.set_yticks(places, labels if left else [""] * len(labels), fontsize=9)
        if number + plan.columns >= len(maps):
            axis.set_xlabel(_("is looked at"))
        if left:
            axis.set_ylabel(_("looks"))
        axis.set_title(name, fontsize=10)
        for row, told in enumerate(numbers[number] if numbers else []):
            for column, text in enumerate(told):
                ink = INK if one[row][column] > 0.4 * ends[0] + 0.6 * ends[1] else WHITE
                axis.text(column, row, text, ha="center", va="center", fontsize=7, color=ink)
    for empty in axes[len(maps) :]:
        empty.set_visible(False)
    drawn.colorbar(image, ax=axes, label=measure, fraction=0.05)
    return png(drawn)
