"""Figures: plotly where it can be shown, with a picture for GitHub, nbviewer and feedback pages."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import plotly.graph_objects as go


class Figure:
    """A plotly figure with the same figure as a picture.

    Args:
        plotly: the interactive figure.
        png: the static one.
    """

    def __init__(self, plotly: go.Figure, png: bytes) -> None:
        self.plotly = plotly
        self.png = png

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Both figures; a front end shows the richest that it supports."""
        import plotly.io as pio

        bundle: dict[str, Any] = {}
        default = pio.renderers.default
        self.plotly.update_layout(template=None)
        if {"plotly_mimetype", "notebook"} & set(default.split("+")):
            # Before version 6, plotly's default in Jupyter adds its own script, 4 MB, to the notebook.
            bundle = dict(pio.renderers["plotly_mimetype"].to_mimebundle(self.plotly.to_dict()))
        elif default not in ("browser", "svg", "png", ""):
            bundle = dict(self.plotly._repr_mimebundle_() or {})
        bundle["image/png"] = base64.b64encode(self.png).decode("ascii")
        bundle["text/plain"] = repr(self)
        return bundle

    def __repr__(self) -> str:
        title = self.plotly.layout.title.text
        return f"Figure({title!r})" if title else "Figure()"

    def show(self) -> None:
        """Displays the figure at once."""
        from IPython.display import display

        display(self)  # type: ignore[no-untyped-call]
