"""Figures: plotly where it can be shown, with a picture for GitHub, nbviewer and feedback pages."""

from __future__ import annotations

import base64
import json
import os
import sys
from typing import TYPE_CHECKING, Any

from llmkit import runtime
from llmkit.languages import separators
from llmkit.views.picture import pixels
from llmkit.views.theme import dress_plotly

if TYPE_CHECKING:
    import plotly.graph_objects as go

_MIME = "application/vnd.plotly.v1+json"
# Hosts of notebooks for which plotly chooses something else than its MIME type, and how it recognises them.
_HOSTS = ("COLAB_NOTEBOOK_ID", "AZURE_NOTEBOOKS_HOST", "COCALC_PROJECT_ID", "DATABRICKS_RUNTIME_VERSION")
_KAGGLE = "/kaggle/input"


class Figure:
    """A plotly figure with the same figure as a picture: of one size, so that nothing moves when one takes the place of the other.

    Args:
        plotly: the interactive figure; gets the size of the picture, and the colours of all figures.
        png: the static one.
    """

    def __init__(self, plotly: go.Figure, png: bytes) -> None:
        self.plotly = plotly
        self.png = png
        dress_plotly(plotly, *pixels(png))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Both figures; a front end shows the richest that it supports."""
        self.plotly.update_layout(template=None, separators="".join(separators()))
        bundle = _plain(self.plotly) if _in_plain_jupyter() else _as_plotly_chooses(self.plotly)
        bundle["image/png"] = base64.b64encode(self.png).decode("ascii")
        bundle["text/plain"] = repr(self)
        return bundle

    def __repr__(self) -> str:
        title = self.plotly.layout.title.text
        return f"Figure({title.replace('<br>', ' ')!r})" if title else "Figure()"

    def show(self) -> None:
        """Displays the figure at once."""
        from IPython.display import display

        display(self)  # type: ignore[no-untyped-call]


def _in_plain_jupyter() -> bool:
    """Whether plotly would choose its MIME type here.

    Asking plotly itself imports its renderers, and with them nbformat and a parser for a whole grammar: a second before the
    first figure. So it is asked only where the answer could be another one.
    """
    chosen = os.environ.get("PLOTLY_RENDERER")
    if "plotly.io._renderers" in sys.modules:  # somebody may have chosen by pio.renderers.default
        return False
    if chosen:
        return chosen == "plotly_mimetype"
    elsewhere = any(name in os.environ for name in _HOSTS) or os.path.exists(_KAGGLE)
    return runtime.environment() == "jupyter" and not elsewhere


def _plain(figure: go.Figure) -> dict[str, Any]:
    """What plotly's renderer "plotly_mimetype" makes of a figure."""
    return {_MIME: json.loads(figure.to_json())}


def _as_plotly_chooses(figure: go.Figure) -> dict[str, Any]:
    import plotly.io as pio

    default = pio.renderers.default
    if {"plotly_mimetype", "notebook"} & set(default.split("+")):
        # Before version 6, plotly's default in Jupyter adds its own script, 4 MB, to the notebook.
        return dict(pio.renderers["plotly_mimetype"].to_mimebundle(figure.to_dict()))
    if default not in ("browser", "svg", "png", ""):
        return dict(figure._repr_mimebundle_() or {})
    return {}
