"""Static pictures: matplotlib figures without a window, and their PNG."""

from __future__ import annotations

import io
from typing import Any

from llmkit.languages import localised_text
from llmkit.views.palette import INCH
from llmkit.views.theme import dress_matplotlib, fitted


def page(width: float, height: float, title: str | None = None) -> Any:
    """An empty matplotlib figure of this size in inches, made without pyplot, with a title in as many lines as it needs."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    empty = Figure(figsize=(width, height), layout="constrained", dpi=INCH)
    FigureCanvasAgg(empty)
    if title:
        # A "$" must not begin a formula.
        empty.suptitle("\n".join(fitted(title, INCH * width)), fontsize=11, parse_math=False)
    return empty


def sheet(width: float, height: float, title: str | None = None) -> tuple[Any, Any]:
    """A `page` with one pair of axes."""
    empty = page(width, height, title)
    return empty, empty.subplots()


def legend(drawn: Any, axis: Any, title: str | None = None) -> None:
    """What the colours of a pair of axes mean, on the right of a page, where it hides nothing."""
    signs, names = axis.get_legend_handles_labels()
    # Upper, it would lie on the title.
    drawn.legend(signs, names, title=title, loc="outside right center", frameon=False, fontsize=9, title_fontsize=9)


def png(drawn: Any) -> bytes:
    """A matplotlib figure as PNG, as all figures look, and with the numbers of its axes as the language in use writes them."""
    for axes in drawn.axes:
        for axis in (axes.xaxis, axes.yaxis):
            _localise(axis)
    dress_matplotlib(drawn)
    data = io.BytesIO()
    drawn.canvas.print_png(data)
    return data.getvalue()


def pixels(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG."""
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def _localise(axis: Any) -> None:
    """Lets an axis write its numbers as the language in use does; names, and powers of ten, stay as they are."""
    from matplotlib.ticker import ScalarFormatter

    class Localised(ScalarFormatter):
        def __call__(self, x: float, pos: int | None = None) -> str:
            return localised_text(super().__call__(x, pos))

    if type(axis.get_major_formatter()) is ScalarFormatter:
        axis.set_major_formatter(Localised())
