"""Views of losses: tokens coloured by how much they surprise a model, gradients in the range of a number format, memory for backward."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from llmkit.i18n import gettext as _
from llmkit.languages import localised
from llmkit.views.figure import Figure
from llmkit.views.markup import BOX, heading
from llmkit.views.palette import GREY, INCH, SERIES, WIDE
from llmkit.views.picture import legend, png, sheet
from llmkit.views.tokens import readable
from llmkit.views.widget import TextExplorer

if TYPE_CHECKING:
    import torch
    from torch import nn

Piece = tuple[str | bytes, float]

FULL = 8.0  # nats: where the colour is strongest; a probability of 0.0003
SHOWN = 1.0  # nats: losses from here on are written below the token
MOST_SURPRISING = 5  # tokens named in the line below
MOST = 4  # most sets of numbers in one figure


class LossRow:
    """A text's tokens, the larger the loss the more orange; see `coloured_losses`."""

    def __init__(self, pieces: Sequence[Piece], title: str = "") -> None:
        self.pieces = [(readable(token), float(loss)) for token, loss in pieces]
        self.title = title
        if not self.pieces:
            raise ValueError("there is no token")
        if not all(math.isfinite(loss) for _token, loss in self.pieces):
            raise ValueError("a loss is not a finite number")

    @property
    def mean(self) -> float:
        """Mean loss, in nats per token."""
        return sum(loss for _token, loss in self.pieces) / len(self.pieces)

    def told(self) -> str:
        """The mean, and the tokens that surprise most."""
        mean = _("mean loss: {loss} nats per token").format(loss=localised(self.mean, ".2f"))
        order = sorted(self.pieces, key=lambda piece: -piece[1])[:MOST_SURPRISING]
        listed = ", ".join(f"{token} {localised(loss, '.1f')}" for token, loss in order)
        return mean + "; " + _("most surprising: {tokens}").format(tokens=listed)

    def _repr_html_(self) -> str:
        """The tokens as boxes; the pointer shows loss and probability."""
        boxes = "".join(self._box(token, loss) for token, loss in self.pieces)
        return f'{heading(self.title)}<div style="line-height:2.1">{boxes}</div><p>{escape(self.told())}</p>'

    @staticmethod
    def _box(token: str, loss: float) -> str:
        # From white at 0 to orange: lightness and a number show it where colours cannot be seen.
        light = 97 - 42 * min(max(loss, 0.0), FULL) / FULL
        hint = _("loss {loss}, probability {probability}").format(
            loss=localised(loss, ".2f"), probability=localised(math.exp(-loss), ".2g")
        )
        number = f"<sub>{localised(loss, '.1f')}</sub>" if loss >= SHOWN else ""
        style = f"{BOX};background:hsl(28,95%,{light:.0f}%)"
        box = f'<span title="{escape(hint)}" style="{style}">{escape(token) or "&nbsp;"}{number}</span>'
        return box + "<br>" * token.count("⏎")

    def __repr__(self) -> str:
        row = "|".join(f"{token}[{localised(loss, '.1f')}]" if loss >= SHOWN else token for token, loss in self.pieces)
        return "\n".join([*filter(None, [self.title]), row, self.told()])


def coloured_losses(pieces: Sequence[Piece], title: str = "") -> LossRow:
    """Tokens coloured by their loss, for the last line of a cell or `display`.

    Args:
        pieces: each token, a text or bytes, with its loss in nats.
        title: above them.

    Raises:
        ValueError: no token, or a loss that is not finite.
    """
    return LossRow(pieces, title)


class LossExplorer(TextExplorer[LossRow]):
    """A box to type in, and how much each typed token surprises the model; see `loss_explorer`."""

    def __init__(self, score: Callable[[str], Sequence[Piece]], text: str) -> None:
        super().__init__(lambda typed: LossRow(score(typed)), text)


def loss_explorer(score: Callable[[str], Sequence[Piece]], text: str) -> LossExplorer:
    """Type any text and see which tokens surprise a model.

    Args:
        score: takes a text, returns each of its tokens with its loss in nats. Exceptions are shown.
        text: the text in the box at first.

    Returns:
        A widget for the last line of a cell.
    """
    return LossExplorer(score, text)


def waiting_for_backward(model: nn.Module, run: Callable[[], object]) -> int:
    """The peak memory that waits for a backward pass while something runs.

    Args:
        model: its own parameters are not counted.
        run: the computation to measure, such as a training step.

    Returns:
        Bytes of the tensors that PyTorch keeps for `backward`; shared memory counts once.
    """
    import weakref

    import torch

    own = {parameter.untyped_storage().data_ptr() for parameter in model.parameters()}
    users: dict[int, int] = {}
    now = most = 0

    class Saved:
        def __init__(self, tensor: torch.Tensor) -> None:
            self.tensor = tensor

    def let_go(place: int, size: int) -> None:
        nonlocal now
        users[place] -= 1
        if not users[place]:
            now -= size

    def keep(tensor: torch.Tensor) -> Saved:
        nonlocal now, most
        saved, storage = Saved(tensor), tensor.untyped_storage()
        place, size = storage.data_ptr(), storage.nbytes()
        if place not in own:
            users[place] = users.get(place, 0) + 1
            if users[place] == 1:
                now += size
                most = max(most, now)
            weakref.finalize(saved, let_go, place, size).atexit = False
        return saved

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda saved: saved.tensor):
        run()
    return most


def exponents(values: torch.Tensor, low: int, high: int) -> list[float]:
    """The share of some numbers between each power of two and the next.

    Args:
        values: any shape; zeros and values that are not finite count in the total but are in no interval.
        low: exponent of the first power; smaller numbers are in no interval.
        high: exponent of the last.

    Returns:
        `high - low` shares: the first of numbers with 2^low ≤ |x| < 2^(low+1).
    """
    import torch

    flat = values.detach().flatten().double().abs()
    found = torch.floor(torch.log2(flat[torch.isfinite(flat) & (flat > 0)])).long()
    inside = found[(found >= low) & (found < high)] - low
    counts: list[int] = torch.bincount(inside, minlength=high - low).tolist()
    return [count / max(1, flat.numel()) for count in counts]


def exponent_chart(
    values: Mapping[str, torch.Tensor],
    *,
    title: str,
    limits: Mapping[str, int] | None = None,
    low: int = -50,
    high: int = 26,
) -> Figure:
    """How large some numbers are, as a histogram over powers of two, with a format's limits as vertical lines.

    Args:
        values: numbers by name; four sets at most.
        title: above the figure.
        limits: exponents to mark, by name.
        low: exponent at which the axis begins.
        high: exponent at which it ends.

    Raises:
        ValueError: no set of numbers, or too many.
    """
    import plotly.graph_objects as go

    if not 1 <= len(values) <= MOST:
        raise ValueError(f"values should hold 1 to {MOST} sets of numbers, not {len(values)}")
    places = list(range(low, high))
    shares = {str(name): [100 * share for share in exponents(one, low, high)] for name, one in values.items()}
    marks = {str(name): exponent for name, exponent in (limits or {}).items()}
    figure = go.Figure()
    for (name, heights), colour in zip(shares.items(), SERIES, strict=False):
        line = {"color": colour, "shape": "hvh"}
        hover = _("2^%{x}: %{y:.1f}%") + "<extra></extra>"
        figure.add_trace(
            go.Scatter(name=name, x=places, y=heights, mode="lines", line=line, fill="tozeroy", hovertemplate=hover)
        )
    for name, exponent in marks.items():
        figure.add_vline(x=exponent, line={"dash": "dash", "color": GREY}, annotation_text=name)
    figure.update_xaxes(title_text=_("size, as a power of two"), range=[low, high])
    figure.update_yaxes(title_text=_("share of the numbers (%)"), rangemode="tozero")
    figure.update_layout(title=title)
    return Figure(figure, _static(places, shares, marks, title))


def _static(places: list[int], shares: Mapping[str, list[float]], marks: Mapping[str, int], title: str) -> bytes:
    page, axis = sheet(WIDE / INCH, 4.2, title)
    for (name, heights), colour in zip(shares.items(), SERIES, strict=False):
        axis.step(places, heights, where="mid", color=colour, label=name)
        axis.fill_between(places, heights, step="mid", color=colour, alpha=0.25)
    top = max((height for heights in shares.values() for height in heights), default=1.0)
    for name, exponent in marks.items():
        axis.axvline(exponent, color=GREY, linestyle="--")
        axis.text(exponent + 0.5, top, name, fontsize=8, va="top")
    axis.set_xlim(places[0], places[-1] + 1)
    axis.set_ylim(bottom=0)
    axis.set_xlabel(_("size, as a power of two"))
    axis.set_ylabel(_("share of the numbers (%)"))
    legend(page, axis)
    return png(page)
