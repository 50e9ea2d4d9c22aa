"""An explorer of attention weights, for the student's own results. Uses only what ipywidgets 7.7 (Colab) and 8 share."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from llmkit.i18n import gettext as _
from llmkit.languages import localised
from llmkit.views.attention import as_maps
from llmkit.views.markup import bar_row, blocks
from llmkit.views.widget import LABELS, show

if TYPE_CHECKING:
    import torch


class AttentionExplorer(w.VBox):  # type: ignore[misc]
    """Choose a head, a token and a temperature, and see where the token looks; see `attention_explorer`."""

    def __init__(self, scores: torch.Tensor, tokens: Sequence[str], causal: bool) -> None:
        self._scores, self._tokens, self._causal = scores, tokens, causal
        self.head = w.Dropdown(options=[(str(i), i) for i in range(len(scores))], description=_("head"), style=LABELS)
        self.token = w.Dropdown(
            options=[(f"{i}: {text}", i) for i, text in enumerate(tokens)],
            value=len(tokens) - 1,
            description=_("token"),
            style=LABELS,
        )
        self.temperature = w.FloatSlider(
            value=1.0, min=0.1, max=5.0, step=0.1, description=_("temperature"), style=LABELS, continuous_update=True
        )
        self.picture = w.HTML()
        for control in (self.head, self.token, self.temperature):
            control.observe(self._draw, names="value")
        self._draw()
        super().__init__([w.HBox([self.head, self.token, self.temperature]), self.picture])

    def weights(self) -> list[float]:
        """The weights on show: T numbers with sum 1."""
        return explorer_weights(self._scores[self.head.value], self.token.value, self.temperature.value, self._causal)

    def _draw(self, *_change: Any) -> None:
        self.picture.value = bars(self.weights(), self._tokens, self.token.value)

    def _ipython_display_(self, **_options: Any) -> None:
        """Shows the widget, with its current state as HTML and text for front ends without widgets."""
        show(self, self.picture.value, text_bars(self.weights(), self._tokens, self.token.value))


def attention_explorer(scores: torch.Tensor, tokens: Sequence[str], causal: bool = False) -> AttentionExplorer:
    """Choose a head, a token and a temperature, and see where the token looks.

    Args:
        scores: attention scores before the softmax, shape (T, T) or (heads, T, T).
        tokens: T texts.
        causal: whether the future is hidden.

    Returns:
        A widget for the last line of a cell.

    Raises:
        ValueError: the shape is wrong, or there are not T tokens.
    """
    raw = as_maps(scores, "scores")
    if raw.shape[1] != len(tokens):
        raise ValueError(
            f"scores should have shape (heads, T, T) with T = {len(tokens)} tokens, not {tuple(raw.shape)}"
        )
    return AttentionExplorer(raw, [str(token) for token in tokens], causal)


def explorer_weights(scores: torch.Tensor, row: int, temperature: float, causal: bool) -> list[float]:
    """Attention weights of one token: softmax of its scores over the temperature.

    Args:
        scores: shape (T, T).
        row: the token that looks.
        temperature: above 0; the larger, the more even the weights.
        causal: whether tokens after `row` are hidden.

    Returns:
        T weights with sum 1.
    """
    own = scores[row] / temperature
    if causal:
        own = own.clone()
        own[row + 1 :] = float("-inf")
    return [float(weight) for weight in own.softmax(-1)]


def bars(weights: Sequence[float], tokens: Sequence[str], row: int) -> str:
    """Horizontal bars as HTML, which every front end shows."""
    pairs = enumerate(zip(weights, tokens, strict=True))
    lines = [bar_row(token, weight, bold=index == row) for index, (weight, token) in pairs]
    caption = _("Where {token} looks").format(token=escape(tokens[row]))
    return f"<p>{caption}</p><table>{''.join(lines)}</table>"


def text_bars(weights: Sequence[float], tokens: Sequence[str], row: int) -> str:
    """The same bars as plain text."""
    wide = max(map(len, tokens))
    lines = [_("Where {token} looks").format(token=tokens[row])]
    lines += [
        f"{token:>{wide}} {localised(weight, '.3f')} {blocks(weight)}".rstrip()
        for weight, token in zip(weights, tokens, strict=True)
    ]
    return "\n".join(lines)
