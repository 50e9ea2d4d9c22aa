"""Pictures of a batch: what each position reads, and which targets count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from llmkit.i18n import gettext as _
from llmkit.training.losses import IGNORED
from llmkit.views.figure import Figure
from llmkit.views.palette import BLUE, INCH, INK, MAGENTA, MIDDLE_GREY, ORANGE, PALE, WHITE, WIDEST
from llmkit.views.picture import legend, png, sheet

if TYPE_CHECKING:
    import torch

# From light to dark, to differ in greyscale as well: nothing is learnt here, this target counts.
LEFT_OUT, COUNTS = PALE, MAGENTA
_BARS = ((MIDDLE_GREY, "", ""), (BLUE, "/", "//"), (ORANGE, "x", "xx"))  # colour, and hatch in plotly and matplotlib
LONGEST = 9  # characters of a token that fit into its cell


def batch_picture(
    inputs: torch.Tensor,
    targets: torch.Tensor,
    decode: Callable[[list[int]], list[str]],
    *,
    title: str | None = None,
) -> Figure:
    """A batch as a table: each cell shows the token that is read, and is coloured if its target counts.

    Args:
        inputs: token ids, (B, T), at most 12 rows.
        targets: the tokens that follow, -100 where none counts, the same shape.
        decode: returns an id's text.
        title: above the figure.

    Returns:
        A figure for the last line of a cell, or for `.show()`; pointing at a cell shows what is read and what should be predicted.

    Raises:
        ValueError: the shapes differ or are not (B, T), or there are too many rows.
    """
    import plotly.graph_objects as go

    if inputs.dim() != 2 or inputs.shape != targets.shape or not 1 <= len(inputs) <= 12 or not inputs.shape[1]:
        raise ValueError(
            f"inputs and targets should both be (B, T) with 1 to 12 rows, not {tuple(inputs.shape)} and {tuple(targets.shape)}"
        )
    counts = (targets != IGNORED).int().tolist()
    read = [_visible(decode(row)) for row in inputs.tolist()]
    said = [
        [_visible(decode([token]))[0] if token != IGNORED else _("nothing") for token in row]
        for row in targets.tolist()
    ]
    figure = go.Figure(
        go.Heatmap(
            z=counts,
            zmin=0,
            zmax=1,
            colorscale=[[0, LEFT_OUT], [1, COUNTS]],
            showscale=False,
            xgap=1,
            ygap=2,
            customdata=[list(zip(*pair, strict=True)) for pair in zip(read, said, strict=True)],
            hovertemplate=_("position %{x}: reads %{customdata[0]}, should predict %{customdata[1]}")
            + "<extra></extra>",
        )
    )
    figure.update_xaxes(title_text=_("place"), side="top")
    figure.update_yaxes(title_text=_("row"), autorange="reversed", dtick=1)
    figure.update_layout(title=title, margin={"t": 90, "b": 20})
    return Figure(figure, _static(read, counts, title))


def _visible(texts: Sequence[str]) -> list[str]:
    """Tokens in visible form: spaces and line breaks get a symbol."""
    return [text.replace(" ", "␣").replace("\n", "⏎").replace("<|endoftext|>", "END") for text in texts]


def _static(read: Sequence[Sequence[str]], counts: Sequence[Sequence[int]], title: str | None) -> bytes:
    from matplotlib.colors import ListedColormap

    rows, width = len(read), len(read[0])
    page, axis = sheet(min(WIDEST / INCH, max(6.0, 0.28 * width)), 1.2 + 0.75 * rows, title)
    axis.imshow(counts, cmap=ListedColormap([LEFT_OUT, COUNTS]), vmin=0, vmax=1, aspect="auto")
    for row, texts in enumerate(read):
        for place, text in enumerate(texts):
            colour = WHITE if counts[row][place] else INK
            # No formulas, and no characters that the font lacks.
            shown = text[:LONGEST].replace("$", r"\$").replace("␣", "").replace("⏎", "/")
            axis.text(place, row, shown, rotation=90, ha="center", va="center", fontsize=7, color=colour)
    axis.set_yticks(range(rows))
    axis.set_xlabel(_("place"))
    axis.set_ylabel(_("row"))
    return png(page)


def task_bars(shares: dict[str, dict[str, tuple[int, int]]], *, title: str | None = None) -> Figure:
    """Exact matches by task, one bar for each model or test.

    Args:
        shares: for each name (at most three), the right answers and all answers of each task; the same tasks in all.
        title: above the figure.

    Raises:
        ValueError: no name, too many, or different tasks.
    """
    import plotly.graph_objects as go

    if not 1 <= len(shares) <= 3 or len({tuple(one) for one in shares.values()}) != 1:
        raise ValueError("shares should hold 1 to 3 names, each with the same tasks in the same order")
    tasks = list(next(iter(shares.values())))
    heights = {name: [100 * right / of for right, of in one.values()] for name, one in shares.items()}
    figure = go.Figure()
    for (name, row), (colour, sign, _hatch) in zip(heights.items(), _BARS, strict=False):
        marker = {"color": colour, "pattern": {"shape": sign}}
        figure.add_trace(go.Bar(name=name, x=tasks, y=row, marker=marker))
    figure.update_yaxes(title_text=_("exact match (%)"), range=[0, 100])
    figure.update_layout(title=title, barmode="group")
    return Figure(figure, _static_bars(tasks, heights, title))


def _static_bars(tasks: list[str], heights: dict[str, list[float]], title: str | None) -> bytes:
    page, axis = sheet(WIDEST / INCH, 4.3, title)
    width = 0.8 / len(heights)
    for number, (name, row) in enumerate(heights.items()):
        places = [place - 0.4 + width * (number + 0.5) for place in range(len(tasks))]
        colour, _sign, hatch = _BARS[number]
        axis.bar(places, row, width, label=name, color=colour, hatch=hatch, edgecolor=WHITE)
    axis.set_xticks(range(len(tasks)), tasks, rotation=60, ha="right")
    axis.set_ylim(0, 100)
    axis.set_ylabel(_("exact match (%)"))
    legend(page, axis)
    return png(page)
