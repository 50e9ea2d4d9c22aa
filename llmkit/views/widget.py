"""What widgets have in common: a static form for front ends without widgets, and a box to type in. Works with ipywidgets 7.7 and 8."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any, Generic, Protocol, TypeVar

from llmkit.i18n import gettext as _


def show(widget: Any, html: str, text: str) -> None:
    """Displays a widget, with HTML and text for front ends without widgets."""
    from IPython.display import display

    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    data = {"application/vnd.jupyter.widget-view+json": view, "text/html": html, "text/plain": text}
    display(data, raw=True)  # type: ignore[no-untyped-call]


LABELS = {"description_width": "initial"}  # otherwise JupyterLab cuts off longer names of controls


class Row(Protocol):
    """Something to show below the box, as HTML; its `str` is the plain text."""

    def _repr_html_(self) -> str: ...


Made = TypeVar("Made", bound=Row)


class TextExplorer(Generic[Made]):
    """A box to type in, with the result for the text below it.

    Args:
        make: takes a text, returns a `Row`. Exceptions are shown.
        text: the text in the box at first.
    """

    def __init__(self, make: Callable[[str], Made], text: str) -> None:
        import ipywidgets as w

        self._make = make
        self.typed = w.Textarea(
            value=text, description=_("text"), style=LABELS, layout=w.Layout(width="95%", height="5em")
        )
        self.picture = w.HTML()
        self.typed.observe(self._draw, names="value")
        self.widget = w.VBox([self.typed, self.picture])
        self._draw()

    def row(self) -> Made | str:
        """The result for the text in the box, or what went wrong, as a text."""
        try:
            return self._make(self.typed.value)
        except Exception as error:  # the student's code may raise anything, and the box must survive
            return f"{type(error).__name__}: {error}"

    def _draw(self, *_change: Any) -> None:
        row = self.row()
        self.picture.value = f"<pre>{escape(row)}</pre>" if isinstance(row, str) else row._repr_html_()

    def _ipython_display_(self, **_options: Any) -> None:
        """Shows the widget, with its current state as HTML and text for front ends without widgets."""
        show(self.widget, self.picture.value, str(self.row()))
