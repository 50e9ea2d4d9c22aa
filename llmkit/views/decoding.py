"""Views of generation: what a model considers at each step, and an explorer of temperature, top-k and top-p, with reference versions of all three."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from llmkit.i18n import gettext as _
from llmkit.languages import localised
from llmkit.views.figure import Figure
from llmkit.views.markup import blocks, heading
from llmkit.views.palette import BLUE, FAINT, INCH, INK, SCALE, WHITE, WIDEST
from llmkit.views.picture import png, sheet
from llmkit.views.widget import LABELS, show

if TYPE_CHECKING:
    import torch

    Change = Callable[[torch.Tensor, Any], torch.Tensor]

SHOWN = 12  # rows of the explorer
WIDTH = 24  # characters in the longest bar in plain text
TOP_K = (1, 2, 3, 5, 10, 20, 50)


def tempered(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """Logits (B, V) divided by a temperature of at least 0; at 0 only the largest of each row stay finite."""
    if temperature:
        return logits / temperature
    return logits.where(logits == logits.max(dim=-1, keepdim=True).values, -math.inf)


def most_probable(logits: torch.Tensor, k: int) -> torch.Tensor:
    """Logits (B, V) with -inf for all but the k largest of each row, and those that tie with the k-th."""
    ordered = logits.sort(dim=-1, descending=True).values
    return logits.where(logits >= ordered[:, :k][:, -1:], -math.inf)


def nucleus(logits: torch.Tensor, p: float) -> torch.Tensor:
    """Logits (B, V) with -inf outside the smallest set of most probable tokens of each row that reaches p (Holtzman et al., 2020)."""
    ordered = logits.sort(dim=-1, descending=True).values
    short = ordered.softmax(dim=-1).cumsum(dim=-1) < p
    # The token after the last sum that falls short of p is the one that reaches it.
    last = short.sum(dim=-1, keepdim=True).clamp(max=logits.shape[-1] - 1)
    return logits.where(logits >= ordered.gather(-1, last), -math.inf)


def steps_chart(steps: Sequence[Sequence[tuple[str, float]]], *, title: str) -> Figure:
    """What a model considers at each step: one column per step, the most probable token in the upper row.

    Args:
        steps: for each step, the tokens and their probabilities, the most probable first; the same number in every step.
        title: above the figure.

    Returns:
        A figure; the colour of a cell is its probability.

    Raises:
        ValueError: no step, or steps of different lengths.
    """
    import plotly.graph_objects as go

    if not steps or not steps[0] or len({len(step) for step in steps}) > 1:
        raise ValueError("steps should hold one or more steps, each with the same number of tokens")
    chances = [[float(step[rank][1]) for step in steps] for rank in range(len(steps[0]))]
    tokens = [[str(step[rank][0]) for step in steps] for rank in range(len(steps[0]))]
    columns, rows = list(range(1, len(steps) + 1)), list(range(1, len(tokens) + 1))
    # In plotly's texts "<" begins a tag.
    texts = [
        [f"{escape(token)}<br>{localised(chance, '.2f')}" for token, chance in zip(*row, strict=True)]
        for row in zip(tokens, chances, strict=True)
    ]
    figure = go.Figure(
        go.Heatmap(
            x=columns, y=rows, z=chances, text=texts, texttemplate="%{text}", colorscale=SCALE, zmin=0, zmax=1,
            hovertemplate="%{text}<extra></extra>", colorbar={"title": _("probability")},
        )
    )  # fmt: skip
    figure.update_xaxes(title_text=_("step"), dtick=1)
    figure.update_yaxes(title_text=_("rank"), autorange="reversed", dtick=1)
    figure.update_layout(title=title)
    return Figure(figure, _steps_png(tokens, chances, title))


def _steps_png(tokens: list[list[str]], chances: list[list[float]], title: str) -> bytes:
    page, axis = sheet(min(WIDEST / INCH, 1.8 + 0.85 * len(tokens[0])), 1.5 + 0.5 * len(tokens), title)
    image = axis.imshow(chances, cmap=SCALE.lower(), vmin=0, vmax=1, aspect="auto")
    for row, names in enumerate(tokens):
        for column, name in enumerate(names):
            chance = chances[row][column]
            # A "$" must not begin a formula, and dark cells need bright letters.
            axis.text(column, row, f"{name}\n{localised(chance, '.2f')}", ha="center", va="center", fontsize=8, parse_math=False,
                      color=INK if chance > 0.6 else WHITE)  # fmt: skip
    axis.set_xticks(range(len(tokens[0])), [str(number + 1) for number in range(len(tokens[0]))])
    axis.set_yticks(range(len(tokens)), [str(number + 1) for number in range(len(tokens))])
    axis.set_xlabel(_("step"))
    axis.set_ylabel(_("rank"))
    page.colorbar(image, ax=axis, label=_("probability"))
    return png(page)


class DecodingExplorer:
    """Move temperature, top-k and top-p, and see what may be drawn; see `decoding_explorer`."""

    def __init__(
        self,
        logits: Mapping[str, torch.Tensor],
        name: Callable[[int], str],
        temper: Change,
        keep_k: Change,
        keep_p: Change,
    ) -> None:
        import ipywidgets as w

        self._logits, self._name = {str(text): row.detach().float() for text, row in logits.items()}, name
        self._temper, self._keep_k, self._keep_p = temper, keep_k, keep_p
        wide = w.Layout(width="340px")
        self.text = w.Dropdown(
            options=list(self._logits), description=_("text"), style=LABELS, layout=w.Layout(width="560px")
        )
        self.temperature = w.FloatSlider(
            value=1.0, min=0.0, max=3.0, step=0.05, description=_("temperature"), style=LABELS, layout=wide
        )
        self.top_k = w.SelectionSlider(
            options=[(str(k), k) for k in TOP_K] + [(_("all"), 0)],
            value=0, description=_("top-k"), style=LABELS, layout=wide,
        )  # fmt: skip
        self.top_p = w.FloatSlider(
            value=1.0, min=0.05, max=1.0, step=0.05, description=_("top-p"), style=LABELS, layout=wide
        )
        self.picture = w.HTML()
        for control in (self.text, self.temperature, self.top_k, self.top_p):
            control.observe(lambda _change: self._draw(), names="value")
        self.box = w.VBox([self.text, w.HBox([self.temperature, self.top_k, self.top_p]), self.picture])
        self._draw()

    def probabilities(self) -> tuple[list[float], list[float]]:
        """The V probabilities of the chosen text's next token: the model's own, and what remains to draw from."""
        logits = self._logits[self.text.value]
        changed = self._temper(logits[None].clone(), self.temperature.value)
        if self.top_k.value:
            changed = self._keep_k(changed, self.top_k.value)
        if self.top_p.value < 1:
            changed = self._keep_p(changed, self.top_p.value)
        return logits.softmax(dim=-1).tolist(), changed.detach().float().softmax(dim=-1)[0].tolist()

    def _draw(self) -> None:
        try:
            before, after = self.probabilities()
        except Exception as error:  # the student's code may raise anything, and the explorer must survive
            said = f"{type(error).__name__}: {error}"
            self._caption, self._rows = _("Your code raised {error}").format(error=said), []
        else:
            self._caption = _caption(after)
            order = sorted(range(len(before)), key=lambda token: -before[token])[:SHOWN]
            self._rows = [(self._name(token), before[token], after[token]) for token in order]
        self._top = max((p for row in self._rows for p in row[1:] if 0 < p < math.inf), default=1.0)
        heads = ("", _("the model"), "", _("to draw from"), "")
        top_row = f"<tr>{''.join(f'<th>{escape(head)}</th>' for head in heads)}</tr>"
        lines = "".join(
            f'<tr><td style="text-align:right;padding-right:.6em">{escape(name)}</td>'
            f"{_cell(was, self._top, FAINT)}{_cell(now, self._top, BLUE)}</tr>"
            for name, was, now in self._rows
        )
        self.picture.value = f"<p>{escape(self._caption)}</p><table>{top_row if lines else ''}{lines}</table>"

    def plain(self) -> str:
        """What is on show, as plain text."""
        wide = max((len(name) for name, _was, _now in self._rows), default=0)
        settings = [
            f"{_('temperature')} {localised(self.temperature.value, 'g')}",
            f"{_('top-k')} {self.top_k.label}",
            f"{_('top-p')} {localised(self.top_p.value, 'g')}",
        ]
        lines = [
            f"{name:>{wide}}  {localised(was, '.3f')} → {localised(now, '.3f')} {blocks(now, self._top, WIDTH)}".rstrip()
            for name, was, now in self._rows
        ]
        return "\n".join([f"{self.text.value}: {', '.join(settings)}", self._caption, *lines])

    def _ipython_display_(self, **_options: Any) -> None:
        """Shows the widget, with its current state as HTML and text for front ends without widgets."""
        still = heading(self.plain().splitlines()[0]) + self.picture.value
        show(self.box, still, self.plain())


def decoding_explorer(
    logits: Mapping[str, torch.Tensor],
    name: Callable[[int], str],
    *,
    temper: Change = tempered,
    keep_k: Change = most_probable,
    keep_p: Change = nucleus,
) -> DecodingExplorer:
    """Move temperature, top-k and top-p, and see how the distribution of the next token changes.

    Args:
        logits: for each text, the logits (V) of the token that follows it.
        name: maps an id to the token's display text.
        temper: returns the logits (1, V) at a temperature.
        keep_k: keeps the k most probable tokens of logits (1, V), and sets the others to -inf.
        keep_p: keeps the most probable tokens that together reach p, and sets the others to -inf.
            All three may be the student's own; by default they are this module's.

    Returns:
        A widget for the last line of a cell. It shows what the three functions raise.

    Raises:
        ValueError: there is no text, or logits are not a row of numbers.
    """
    if not logits or any(row.dim() != 1 or not len(row) for row in logits.values()):
        raise ValueError("logits should hold one or more texts, each with a tensor of shape (V)")
    return DecodingExplorer(logits, name, temper, keep_k, keep_p)


def _caption(chances: list[float]) -> str:
    """How many tokens may be drawn, and the perplexity."""
    left = [chance for chance in chances if chance > 0]
    # exp of the entropy: see the perplexity of a distribution.
    perplexity = math.exp(-sum(chance * math.log(chance) for chance in left))
    return _("{count} tokens may be drawn; perplexity {perplexity}").format(
        count=localised(len(left), ","), perplexity=localised(perplexity, ".1f")
    )


def _cell(chance: float, top: float, colour: str) -> str:
    """A bar and its number as two table cells; the longest bar stands for `top`."""
    width = 100 * max(0.0, chance / top) if math.isfinite(chance) else 0.0
    return (
        f'<td style="width:200px"><div style="background:{colour};height:1em;width:{width:.1f}%"></div></td>'
        f'<td style="padding:0 .6em">{localised(chance, ".3f")}</td>'
    )
