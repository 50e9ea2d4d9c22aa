"""Static pictures: matplotlib figures without a window, and their PNG."""

from __future__ import annotations

import io
from typing import Any

from llmkit.languages import localised_text
from llmkit.views.palette import INCH


def page(width: float, height: float, dpi: int = INCH) -> Any:
    """An empty matplotlib figure of this size in inches, made without pyplot."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    empty = Figure(figsize=(width, height), layout="constrained", dpi=dpi)
    FigureCanvasAgg(empty)
    return empty


def sheet(width: float, height: float, title: str | None = None, dpi: int = INCH) -> tuple[Any, Any]:
    """A `page` with one pair of axes, and a title above them."""
    empty = page(width, height, dpi)
    axis = empty.subplots()
    if title:
        axis.set_title(title, fontsize=11)
    return empty, axis


def png(drawn: Any) -> bytes:
    """A matplotlib figure as PNG, with the numbers of its axes as the language in use writes them."""
    for axes in drawn.axes:
        for axis in (axes.xaxis, axes.yaxis):
            _localise(axis)
    data = io.BytesIO()
    drawn.canvas.print_png(data)
    return data.getvalue()


def _localise(axis: Any) -> None:
    """Lets an axis write its numbers as the language in use does; names, and powers of ten, stay as they are."""
    from matplotlib.ticker import ScalarFormatter

    class Localised(ScalarFormatter):
        def __call__(self, x: float, pos: int | None = None) -> str:
            return localised_text(super().__call__(x, pos))

    if type(axis.get_major_formatter()) is ScalarFormatter:
        axis.set_major_formatter(Localised())
