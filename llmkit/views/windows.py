"""Views of sliding windows over a text, with sliders, and of vectors as tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from llmkit.i18n import gettext as _
from llmkit.languages import localised
from llmkit.views.figure import Figure
from llmkit.views.markup import BOX
from llmkit.views.palette import DIVERGING, INCH, INK, ORANGE, PAPER, SKY, WHITE, WIDEST
from llmkit.views.picture import png, sheet
from llmkit.views.tokens import readable
from llmkit.views.widget import LABELS, show

if TYPE_CHECKING:
    import torch

MakeDataset = Callable[[list[int], int, int], Any]
Places = tuple[list[int], list[int]]

SHOWN = 3  # windows shown in front ends without widgets
MOST_CELLS = 200  # most cells of a table with numbers in them
READ, GUESS = SKY, ORANGE


class WindowExplorer:
    """Sliders for a window's number, the context length and the stride, above the text; see `window_explorer`."""

    def __init__(self, make: MakeDataset, tokens: Sequence[str], context_length: int, stride: int) -> None:
        import ipywidgets as w

        self._make, self._tokens = make, [str(token) for token in tokens]
        most = len(self._tokens) - 1
        if not (1 <= context_length <= most and 1 <= stride <= most):
            raise ValueError(f"context_length and stride should be from 1 to {most} for {most + 1} tokens")
        self.number = w.IntSlider(value=0, min=0, max=0, description=_("window"), style=LABELS)
        self.length = w.IntSlider(value=context_length, min=1, max=most, description=_("context"), style=LABELS)
        self.stride = w.IntSlider(value=stride, min=1, max=most, description=_("stride"), style=LABELS)
        self.picture = w.HTML()
        for control in (self.length, self.stride):
            control.observe(self._remake, names="value")
        self.number.observe(self._draw, names="value")
        self.widget = w.VBox([w.HBox([self.number, self.length, self.stride]), self.picture])
        self.windows: list[Places] = []
        self._remake()

    def _remake(self, *_change: Any) -> None:
        self._trouble = ""
        try:
            # The tokens' positions serve as ids, so every window says where it is.
            dataset = self._make(list(range(len(self._tokens))), self.length.value, self.stride.value)
            self.windows = [self._places(dataset[number]) for number in range(len(dataset))]
        except Exception as error:  # the student's code may raise anything, and the sliders must survive
            self.windows, self._trouble = [], f"{type(error).__name__}: {error}"
        self.number.max = max(0, len(self.windows) - 1)
        self._draw()

    def _places(self, item: Any) -> Places:
        inputs, targets = (item["inputs"], item["targets"]) if isinstance(item, dict) else item
        found = [int(place) for place in inputs], [int(place) for place in targets]
        outside = next((place for places in found for place in places if not 0 <= place < len(self._tokens)), None)
        if outside is not None:
            raise ValueError(_("a window has the id {id}, which is not one of the text's").format(id=outside))
        return found

    def html(self, number: int) -> str:
        """The text with one window marked, and what has to be predicted from what."""
        if not self.windows:
            return f"<p>{escape(self._trouble or _('There is no window.'))}</p>"
        inputs, targets = self.windows[number]
        boxes = []
        for place, token in enumerate(self._tokens):
            fill = READ if place in inputs else PAPER
            line = GUESS if place in targets else "transparent"
            boxes.append(f'<span style="{BOX};background:{fill};border-bottom:4px solid {line}">{_shown(token)}</span>')
        rows = []
        for end, target in enumerate(targets[: len(inputs)], start=1):
            seen = "".join(self._tokens[place] for place in inputs[:end])
            rows.append(
                f'<tr><td style="text-align:right;font-family:monospace">{_shown(seen)}</td><td>→</td>'
                f'<td style="text-align:left;font-family:monospace"><b>{_shown(self._tokens[target])}</b></td></tr>'
            )
        key = _("blue: what the model reads; line below: what it must guess")
        return (
            f"<p>{escape(self._caption(number))} <small>({key})</small></p>"
            f'<div style="line-height:2">{"".join(boxes)}</div><table>{"".join(rows)}</table>'
        )

    def text(self, number: int) -> str:
        """The same as plain text: inputs above targets."""
        if not self.windows:
            return self._trouble or _("There is no window.")
        names = [_("inputs"), _("targets")]
        wide = max(map(len, names))
        lines = [self._caption(number)]
        for name, places in zip(names, self.windows[number], strict=True):
            lines.append(f"  {name:>{wide}} " + "|".join(readable(self._tokens[place]) for place in places))
        return "\n".join(lines)

    def _caption(self, number: int) -> str:
        return _("window {number} (there are {count}, from 0 on)").format(number=number, count=len(self.windows))

    def _draw(self, *_change: Any) -> None:
        self.picture.value = self.html(self.number.value)

    def _ipython_display_(self, **_options: Any) -> None:
        """Shows the widget; in front ends without widgets, the first windows."""
        first = range(max(1, min(SHOWN, len(self.windows))))
        show(self.widget, "".join(map(self.html, first)), "\n".join(map(self.text, first)))


def window_explorer(
    make: MakeDataset, tokens: Sequence[str], context_length: int = 4, stride: int = 2
) -> WindowExplorer:
    """Move a window over a text, and see what is read there and what has to be predicted.

    Args:
        make: makes a dataset of windows: `make(ids, context_length, stride)`, whose items are pairs of inputs and targets.
            It is given the tokens' positions as ids. Exceptions are shown.
        tokens: the text's tokens, at least two.
        context_length: tokens in a window at first.
        stride: distance from one window to the next at first.

    Returns:
        A widget for the last line of a cell.

    Raises:
        ValueError: a length or a stride that does not fit the text.
    """
    return WindowExplorer(make, tokens, context_length, stride)


def vector_table(vectors: torch.Tensor, labels: Sequence[str], *, title: str) -> Figure:
    """Vectors as rows of coloured numbers: red below zero, blue above.

    Args:
        vectors: shape (N, D).
        labels: one for each row.
        title: above the figure.

    Raises:
        ValueError: another shape, not finite, or not as many labels as rows.
    """
    import plotly.graph_objects as go
    import torch

    rows = torch.as_tensor(vectors).detach().float().cpu()
    if rows.dim() != 2 or not rows.numel() or len(labels) != len(rows):
        raise ValueError(f"{len(labels)} labels do not fit vectors of shape {tuple(rows.shape)}; wanted: (labels, D)")
    if not torch.isfinite(rows).all():
        raise ValueError("the vectors hold values that are not finite")
    top, numbers = float(rows.abs().max()) or 1.0, rows.numel() <= MOST_CELLS
    names, places = [str(label) for label in labels], list(range(len(rows)))
    heat = go.Heatmap(
        z=rows.tolist(),
        colorscale=DIVERGING,
        zmin=-top,
        zmax=top,
        texttemplate="%{z:.1f}" if numbers else None,
        hovertemplate="%{z:.3f}<extra></extra>",
        colorbar={"title": _("value")},
    )
    figure = go.Figure(heat)
    figure.update_xaxes(title_text=_("feature"))
    figure.update_yaxes(tickvals=places, ticktext=names, autorange="reversed")
    figure.update_layout(title=title)
    return Figure(figure, _static(rows.tolist(), names, title, top, numbers))


def _static(rows: list[list[float]], names: list[str], title: str, top: float, numbers: bool) -> bytes:
    page, axis = sheet(min(WIDEST / INCH, 2.6 + 0.55 * len(rows[0])), 1.6 + 0.36 * len(rows), title)
    image = axis.imshow(rows, cmap=DIVERGING, vmin=-top, vmax=top, aspect="auto")
    axis.set_yticks(range(len(names)), names)
    axis.set_xlabel(_("feature"))
    for y, row in enumerate(rows if numbers else []):
        for x, value in enumerate(row):
            ink = WHITE if abs(value) > 0.6 * top else INK
            axis.text(x, y, localised(value, ".1f"), ha="center", va="center", fontsize=8, color=ink)
    page.colorbar(image, ax=axis, label=_("value"))
    return png(page)


def _shown(token: str) -> str:
    return escape(readable(token)) or "&nbsp;"
