"""Views of tokens: coloured by id, merged step by step, and counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import cycle
from typing import Any

from llmkit.i18n import gettext as _
from llmkit.languages import localised
from llmkit.views.figure import Figure
from llmkit.views.markup import BOX, heading
from llmkit.views.palette import INCH, SERIES, WIDE
from llmkit.views.picture import legend, png, sheet
from llmkit.views.widget import LABELS, TextExplorer, show

Piece = tuple[int, str | bytes]

GOLDEN_ANGLE = 137.508  # degrees: hues of neighbouring ids are far apart, and few ids share one
_SIGNS = {" ": "·", "\n": "⏎", "\t": "⇥", "\r": "␍"}


def readable(token: str | bytes) -> str:
    r"""A token in visible form: spaces as "·", line ends as "⏎", incomplete characters as "\xc3"."""
    text = token if isinstance(token, str) else token.decode("utf-8", errors="backslashreplace")
    return "".join(_SIGNS.get(sign, sign) for sign in text)


class TokenRow:
    """A text cut into tokens; equal ids have equal colours. As text, tokens are separated by bars.

    Args:
        pieces: id and token of each, in order; a token is a text or bytes.
        title: above them.
    """

    def __init__(self, pieces: Sequence[Piece], title: str = "") -> None:
        self.pieces = [(int(number), readable(token)) for number, token in pieces]
        self.title = title

    def _repr_html_(self) -> str:
        """The tokens as coloured boxes; the pointer shows a box's id."""
        boxes = "".join(self._box(number, token) for number, token in self.pieces)
        return f'{heading(self.title)}<div style="line-height:1.9">{boxes}</div><p>{escape(self.counted())}</p>'

    def counted(self) -> str:
        """How many tokens there are, and how many distinct ones."""
        different = len({number for number, _token in self.pieces})
        return _("tokens: {count}, different ones: {different}").format(count=len(self.pieces), different=different)

    @staticmethod
    def _box(number: int, token: str) -> str:
        hue = number * GOLDEN_ANGLE % 360
        shown = escape(token) or "&nbsp;"
        box = f'<span title="id {number}" style="{BOX};background:hsl({hue:.0f},75%,82%)">{shown}</span>'
        return box + "<br>" * token.count("⏎")

    def __repr__(self) -> str:
        return "\n".join(
            [*filter(None, [self.title]), "|".join(token for _number, token in self.pieces), self.counted()]
        )


def coloured_tokens(pieces: Sequence[Piece], title: str = "") -> TokenRow:
    """Tokens coloured by id, for the last line of a cell.

    Args:
        pieces: id and token of each, in order; a token is a text or bytes.
        title: above them.
    """
    return TokenRow(pieces, title)


class TokenExplorer(TextExplorer[TokenRow]):
    """A box to type in, and the tokens of the text typed; see `token_explorer`."""

    def __init__(self, cut: Callable[[str], Sequence[Piece]], text: str) -> None:
        super().__init__(lambda typed: TokenRow(cut(typed)), text)


def token_explorer(cut: Callable[[str], Sequence[Piece]], text: str) -> TokenExplorer:
    """Type any text and see its tokens.

    Args:
        cut: the tokenizer: takes a text, returns id and token of each of its tokens. Exceptions are shown.
        text: the text in the box at first.

    Returns:
        A widget for the last line of a cell.
    """
    return TokenExplorer(cut, text)


class MergeExplorer:
    """A slider over the states of a text while its symbols are merged; see `merge_explorer`."""

    def __init__(self, states: Sequence[Sequence[bytes]], labels: Sequence[str]) -> None:
        import ipywidgets as w

        if not states or len(states) != len(labels):
            raise ValueError(f"{len(states)} states should have as many labels, at least one; there are {len(labels)}")
        self._states, self._labels = [list(state) for state in states], [str(label) for label in labels]
        different = dict.fromkeys(symbol for state in self._states for symbol in state)
        self._numbers = {symbol: number for number, symbol in enumerate(different)}
        self.step = w.IntSlider(
            value=0, min=0, max=len(states) - 1, description=_("merges"), style=LABELS, layout=w.Layout(width="95%")
        )
        self.picture = w.HTML()
        self.step.observe(self._draw, names="value")
        self.widget = w.VBox([self.step, self.picture])
        self._draw()

    def row(self, step: int) -> TokenRow:
        """The text at one step."""
        pieces = [(self._numbers[symbol], symbol) for symbol in self._states[step]]
        return TokenRow(pieces, self._labels[step])

    def _draw(self, *_change: Any) -> None:
        self.picture.value = self.row(self.step.value)._repr_html_()

    def _ipython_display_(self, **_options: Any) -> None:
        """Shows the widget; in front ends without widgets, the first state, the last, and a few between them."""
        last = len(self._states) - 1
        shown = [self.row(step) for step in sorted({round(i * last / 4) for i in range(5)})]
        show(self.widget, "".join(row._repr_html_() for row in shown), "\n\n".join(map(repr, shown)))


def merge_explorer(states: Sequence[Sequence[bytes]], labels: Sequence[str]) -> MergeExplorer:
    """Watch symbols merge.

    Args:
        states: the symbols of one text before the first merge and after each.
        labels: what happened at each.

    Returns:
        A widget for the last line of a cell.

    Raises:
        ValueError: no states, or not as many labels.
    """
    return MergeExplorer(states, labels)


def bar_chart(values: Mapping[str, Mapping[str, float]], *, title: str, y_title: str = "") -> Figure:
    """Bars side by side: one colour per series, one group per category.

    Args:
        values: number by series and category; every series has the categories of the first.
        title: above the figure.
        y_title: what the height means.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    for (name, one), colour in zip(values.items(), cycle(SERIES), strict=False):
        heights = list(one.values())
        bar = go.Bar(name=name, x=list(one), y=heights, marker_color=colour, text=heights, texttemplate="%{y:.2f}")
        figure.add_trace(bar)
    figure.update_layout(title=title, barmode="group")
    figure.update_yaxes(title_text=y_title)
    page, axis = sheet(WIDE / INCH, 4.2, title)
    width = 0.8 / max(1, len(values))
    for index, (name, one) in enumerate(values.items()):
        places = [place + (index - (len(values) - 1) / 2) * width for place in range(len(one))]
        drawn = axis.bar(places, list(one.values()), width, label=name, color=SERIES[index % len(SERIES)])
        axis.bar_label(drawn, [localised(height, ".2f") for height in one.values()], fontsize=8)
        axis.set_xticks(range(len(one)), list(one))
    return Figure(figure, _png(page, axis, "", y_title))


def line_chart(
    lines: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    *,
    title: str,
    x_title: str,
    y_title: str,
    logarithmic: bool = False,
) -> Figure:
    """Lines on one pair of axes; the first is solid, the others dashed.

    Args:
        lines: x and y of each line by name.
        title: above the figure.
        x_title: title of the horizontal axis.
        y_title: title of the vertical axis.
        logarithmic: whether both axes are logarithmic.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    page, axis = sheet(WIDE / INCH, 4.2, title)
    for index, (name, (x, y)) in enumerate(lines.items()):
        colour = SERIES[index % len(SERIES)]
        line = {"color": colour, "dash": "dash" if index else "solid"}
        figure.add_trace(go.Scatter(name=name, x=list(x), y=list(y), mode="lines", line=line))
        axis.plot(x, y, color=colour, linestyle="--" if index else "-", label=name)
    kind = "log" if logarithmic else "linear"
    figure.update_xaxes(title_text=x_title, type=kind)
    figure.update_yaxes(title_text=y_title, type=kind)
    figure.update_layout(title=title)
    axis.set_xscale(kind)
    axis.set_yscale(kind)
    return Figure(figure, _png(page, axis, x_title, y_title))


def _png(page: Any, axis: Any, x_title: str, y_title: str) -> bytes:
    axis.set_xlabel(x_title)
    axis.set_ylabel(y_title)
    legend(page, axis)
    return png(page)
