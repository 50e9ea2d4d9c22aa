"""Explorers: ipywidgets that play with the student's own results. Only what ipywidgets 7.7 (Colab) and 8 share."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from llmkit.i18n import gettext as _

if TYPE_CHECKING:
    import torch


def attention_explorer(scores: torch.Tensor, tokens: Sequence[str], causal: bool = False) -> Any:
    """Choose a head, a token and a temperature, and see where the token looks.

    Args:
        scores: attention scores before the softmax, shape (T, T) or (heads, T, T).
        tokens: T texts.
        causal: whether the future is hidden.

    Returns:
        A widget for the last line of a cell.

    Raises:
        ValueError: the shape is another, or there are not T tokens.
    """
    import ipywidgets as w

    raw = scores.detach().float().cpu()
    if raw.dim() == 2:
        raw = raw[None]
    if raw.dim() != 3 or raw.shape[1] != raw.shape[2] or raw.shape[1] != len(tokens):
        raise ValueError(
            f"scores should have shape (heads, T, T) with T = {len(tokens)} tokens, not {tuple(scores.shape)}"
        )
    head = w.Dropdown(options=[(str(i), i) for i in range(len(raw))], description=_("head"))
    token = w.Dropdown(
        options=[(f"{i}: {text}", i) for i, text in enumerate(tokens)], value=len(tokens) - 1, description=_("token")
    )
    temperature = w.FloatSlider(
        value=1.0, min=0.1, max=5.0, step=0.1, description=_("temperature"), continuous_update=True
    )
    picture = w.HTML()

    def draw(*_change: Any) -> None:
        weights = explorer_weights(raw[head.value], token.value, temperature.value, causal)
        picture.value = bars(weights, tokens, token.value)

    for control in (head, token, temperature):
        control.observe(draw, names="value")
    draw()
    return w.VBox([w.HBox([head, token, temperature]), picture])


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
    lines = []
    for index, (weight, token) in enumerate(zip(weights, tokens, strict=True)):
        name = f"<b>{escape(token)}</b>" if index == row else escape(token)
        lines.append(
            f'<tr><td style="text-align:right;padding-right:.6em">{name}</td>'
            f'<td style="width:320px"><div style="background:#3b528b;height:1em;width:{100 * weight:.1f}%"></div></td>'
            f'<td style="padding-left:.6em">{weight:.3f}</td></tr>'
        )
    caption = _("Where {token} looks").format(token=escape(tokens[row]))
    return f"<p>{caption}</p><table>{''.join(lines)}</table>"
