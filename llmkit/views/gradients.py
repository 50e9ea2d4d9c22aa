"""How much gradient reaches each layer of a deep network: measured, and drawn on a logarithmic axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING

from llmkit.i18n import gettext as _
from llmkit.views.figure import Figure
from llmkit.views.palette import DASHES, INCH, MARKERS, RUNS, WIDE
from llmkit.views.picture import legend, png, sheet

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import torch
    from torch import nn

MOST = 4  # most networks in one figure


def gradient_norms(model: nn.Module, inputs: torch.Tensor, targets: torch.Tensor) -> list[float]:
    """The length of the gradient of each weight matrix, for the mean squared error of one batch.

    Args:
        model: a network with matrices among its parameters; their gradients are restored.
        inputs: the model's input.
        targets: targets of the shape of its output.

    Returns:
        A norm for each parameter of two dimensions, in the order in which the layers were made; 0 where no gradient arrives.

    Raises:
        ValueError: the model has no weight matrix, or the targets' shape differs from its output's.
    """
    import torch

    matrices = [parameter for parameter in model.parameters() if parameter.dim() == 2]
    if not matrices:
        raise ValueError("the model has no weight matrix: are its layers in an nn.ModuleList?")
    output = model(inputs)
    if output.shape != targets.shape:
        raise ValueError(f"targets should have shape {tuple(output.shape)}, not {tuple(targets.shape)}")
    loss = ((output - targets) ** 2).mean()
    found = torch.autograd.grad(loss, matrices, allow_unused=True)
    return [0.0 if one is None else float(one.norm()) for one in found]


def gradient_chart(norms: Mapping[str, Sequence[float]], *, title: str) -> Figure:
    """Gradient norm by layer, one line per network.

    Args:
        norms: for each network's name, the norm of each layer in order; four networks at most. Zeros and
            values that are not finite leave a gap.
        title: above the figure.

    Raises:
        ValueError: no network, too many, or one without layers.
    """
    import plotly.graph_objects as go

    if not 1 <= len(norms) <= MOST or not all(norms.values()):
        raise ValueError(f"norms should hold 1 to {MOST} networks, each with at least one layer")
    # A logarithm has no place for zero.
    lines = {str(name): [v if isfinite(v) and v > 0 else None for v in map(float, one)] for name, one in norms.items()}
    figure = go.Figure()
    for (name, heights), colour, marker, dash in zip(lines.items(), RUNS, MARKERS, DASHES, strict=False):
        figure.add_trace(_line(name, heights, colour, marker[0], dash[0]))
    figure.update_xaxes(
        title_text=_("layer, from the input on"), dtick=1 if max(map(len, lines.values())) <= 20 else None
    )
    figure.update_yaxes(title_text=_("gradient norm"), type="log", exponentformat="power")
    figure.update_layout(title=title)
    return Figure(figure, _static(lines, title))


def _line(name: str, heights: list[float | None], colour: str, marker: str, dash: str) -> go.Scatter:
    import plotly.graph_objects as go

    return go.Scatter(
        name=name,
        x=list(range(1, len(heights) + 1)),
        y=heights,
        mode="lines+markers",
        line={"color": colour, "dash": dash},
        marker={"symbol": marker, "size": 8},
        hovertemplate=_("layer %{x}: %{y:.2e}") + "<extra></extra>",
    )


def _static(lines: Mapping[str, list[float | None]], title: str) -> bytes:
    from matplotlib.ticker import MaxNLocator

    page, axis = sheet(WIDE / INCH, 4.3, title)
    for (name, heights), colour, marker, dash in zip(lines.items(), RUNS, MARKERS, DASHES, strict=False):
        shown = [float("nan") if height is None else height for height in heights]
        places = range(1, len(shown) + 1)
        axis.plot(places, shown, color=colour, marker=marker[1], linestyle=dash[1], label=name)
    axis.set_yscale("log")
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.set_xlabel(_("layer, from the input on"))
    axis.set_ylabel(_("gradient norm"))
    axis.grid(alpha=0.3)
    legend(page, axis)
    return png(page)
