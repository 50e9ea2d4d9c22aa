"""Views of a text classifier: lengths and padding, accuracies with intervals, confusion, calibration, learning from few labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from llmkit.i18n import gettext as _
from llmkit.views.figure import Figure
from llmkit.views.palette import DASHES, INCH, INK, LETTERS, MARKERS, MIDDLE_GREY, SERIES, WHITE, WIDE
from llmkit.views.picture import legend, png, sheet

if TYPE_CHECKING:
    import tiktoken
    import torch

MOST = 5  # most names in one figure
WIDTH = 40  # characters of a bar of text

Interval = tuple[float, float, float]
Curves = Mapping[str, Sequence[tuple[float, float, float, float]]]


def share_bars(name: str, counts: Mapping[str, int]) -> str:
    """One line of text: how many messages, and the share of each class as a bar.

    Args:
        name: what is counted.
        counts: messages of each class.

    Raises:
        ValueError: nothing was counted.
    """
    total = sum(counts.values())
    if total <= 0:
        raise ValueError(f"{name}: there are no messages to count")
    signs = "█░▓▒"
    bar = "".join(
        signs[number % len(signs)] * round(WIDTH * counts[label] / total) for number, label in enumerate(sorted(counts))
    )
    shares = ", ".join(f"{label} {counts[label]} ({counts[label] / total:.0%})" for label in sorted(counts))
    return f"{name:>12} {total:5d}  {bar:<{WIDTH}}  {shares}"


def padded_table(inputs: torch.Tensor, lengths: Sequence[int], tokenizer: tiktoken.Encoding, width: int = 12) -> str:
    """A padded batch as text: the tokens of each row, then a dot for each padding token.

    Args:
        inputs: ids, (batch, tokens).
        lengths: real tokens of each row.
        tokenizer: has decode.
        width: real tokens written out from the end of a row.
    """
    lines = []
    for row, length in zip(inputs.tolist(), [int(n) for n in lengths], strict=True):
        shown = [tokenizer.decode([token]).replace("\n", "⏎") for token in row[max(0, length - width) : length]]
        cut = "… " if length > width else ""
        lines.append(f"{length:4d}  {cut}{'|'.join(shown)}  {'·' * (len(row) - length)}")
    return "\n".join(lines)


def length_chart(lengths: Mapping[str, Sequence[int]], limit: int, *, title: str) -> Figure:
    """Histograms of lengths in tokens, with the length to which messages are cut.

    Args:
        lengths: for each set's name, the lengths of its messages; four sets at most.
        limit: number of tokens kept.
        title: above the figure.

    Raises:
        ValueError: no set, too many, or an empty one.
    """
    import plotly.graph_objects as go

    _few(lengths)
    names = {str(name): [int(n) for n in found] for name, found in lengths.items()}
    figure = go.Figure()
    for (name, found), colour in zip(names.items(), SERIES, strict=False):
        bins = {"start": 0.5, "size": 1, "end": max(map(max, names.values())) + 0.5}
        figure.add_trace(
            go.Histogram(x=found, name=name, histnorm="percent", opacity=0.6, marker_color=colour, xbins=bins)
        )
    figure.add_vline(x=limit, line_dash="dash", annotation_text=_("kept: {limit}").format(limit=limit))
    figure.update_xaxes(title_text=_("tokens"))
    figure.update_yaxes(title_text=_("% of the messages"))
    figure.update_layout(title=title, barmode="overlay")
    page, axis = sheet(WIDE / INCH, 3.8, title)
    top = max(map(max, names.values()))
    for (name, found), colour in zip(names.items(), SERIES, strict=False):
        share = [100 / len(found)] * len(found)
        places = [n + 0.5 for n in range(top + 1)]
        axis.hist(found, bins=places, weights=share, alpha=0.6, color=colour, label=name)
    axis.axvline(limit, color=LETTERS, linestyle="--")
    axis.set_xlabel(_("tokens"))
    axis.set_ylabel(_("% of the messages"))
    legend(page, axis)
    return Figure(figure, png(page))


def interval_chart(rows: Mapping[str, Interval], *, title: str, axis_title: str | None = None) -> Figure:
    """Shares with their intervals, one line each: a point and a bar.

    Args:
        rows: for each name, the share and the ends of its interval, from 0 to 1.
        title: above the figure.
        axis_title: title of the axis; by default accuracy in %.

    Raises:
        ValueError: no row, or a share outside its interval.
    """
    import plotly.graph_objects as go

    if not rows:
        raise ValueError("rows should hold at least one name with (share, low, high)")
    names = [str(name) for name in rows]
    shares, lows, highs = (
        [100 * float(value) for value in column] for column in zip(*map(_interval, rows.values()), strict=True)
    )
    below = [share - low for share, low in zip(shares, lows, strict=True)]
    above = [high - share for share, high in zip(shares, highs, strict=True)]
    label = axis_title or _("accuracy in %, with its 95% interval")
    error = {"type": "data", "array": above, "arrayminus": below, "symmetric": False}
    line = go.Scatter(x=shares, y=names, error_x=error, mode="markers", marker={"size": 9, "color": SERIES[0]})
    figure = go.Figure([line])
    figure.update_xaxes(title_text=label)
    figure.update_yaxes(autorange="reversed")
    figure.update_layout(title=title)
    page, axis = sheet(WIDE / INCH, 1.5 + 0.42 * len(names), title)
    axis.errorbar(shares, range(len(names)), xerr=[below, above], fmt="o", color=SERIES[0], capsize=3)
    axis.set_yticks(range(len(names)), names)
    axis.set_ylim(len(names) - 0.5, -0.5)
    axis.set_xlabel(label)
    return Figure(figure, png(page))


def confusion_chart(matrix: torch.Tensor | Sequence[Sequence[int]], labels: Sequence[str], *, title: str) -> Figure:
    """A confusion matrix as a heat map with its numbers.

    Args:
        matrix: counts, (classes, classes); rows are the true classes, columns the predictions.
        labels: name of each class.
        title: above the figure.

    Raises:
        ValueError: the matrix is not square, or its size differs from the number of labels.
    """
    import plotly.graph_objects as go

    table = [[int(value) for value in row] for row in matrix]
    if any(len(row) != len(labels) for row in table) or len(table) != len(labels):
        raise ValueError(f"the matrix should have {len(labels)} rows and {len(labels)} columns, one for each label")
    shares = [[value / max(1, sum(row)) for value in row] for row in table]
    text = [[str(value) for value in row] for row in table]
    heat = go.Heatmap(
        z=shares, x=list(labels), y=list(labels), text=text, texttemplate="%{text}", colorscale="Blues", zmin=0, zmax=1,
        showscale=False,
    )  # fmt: skip
    figure = go.Figure([heat])
    figure.update_xaxes(title_text=_("the classifier says"))
    figure.update_yaxes(title_text=_("it is"), autorange="reversed")
    figure.update_layout(title=title)
    page, axis = sheet(4.2, 3.8, title)
    axis.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, values in enumerate(table):
        for column, value in enumerate(values):
            dark = shares[row][column] > 0.5
            axis.text(column, row, str(value), ha="center", va="center", color=WHITE if dark else INK)
    axis.set_xticks(range(len(labels)), labels)
    axis.set_yticks(range(len(labels)), labels)
    axis.set_xlabel(_("the classifier says"))
    axis.set_ylabel(_("it is"))
    return Figure(figure, png(page))


def reliability_chart(curves: Mapping[str, Sequence[tuple[float, float, int]]], *, title: str) -> Figure:
    """Predicted probability against observed share: on the diagonal, probabilities are calibrated.

    Args:
        curves: for each name, its bins: mean predicted probability, observed share, number of messages. Four names at most.
        title: above the figure.

    Raises:
        ValueError: no curve, too many, or an empty one.
    """
    import plotly.graph_objects as go

    _few(curves)
    figure = go.Figure([go.Scatter(x=[0, 1], y=[0, 1], mode="lines", name=_("ideal"), line={"color": MIDDLE_GREY})])
    page, axis = sheet(5.6, 4.8, title)
    axis.plot([0, 1], [0, 1], color=MIDDLE_GREY)
    for (name, bins), colour, marker in zip(curves.items(), SERIES, MARKERS, strict=False):
        said, seen, counts = (list(column) for column in zip(*bins, strict=True))
        sizes = [6 + 2.2 * count**0.5 for count in counts]
        figure.add_trace(
            go.Scatter(
                x=said, y=seen, name=str(name), text=counts, mode="lines+markers",
                marker={"size": sizes, "symbol": marker[0], "color": colour},
                hovertemplate=_("said %{x:.2f}, observed %{y:.2f}, %{text} messages") + "<extra></extra>",
            )
        )  # fmt: skip
        axis.plot(said, seen, color=colour, linewidth=1)
        axis.scatter(said, seen, s=[size**2 / 2 for size in sizes], color=colour, marker=marker[1], label=str(name))
    figure.update_xaxes(title_text=_("predicted probability"), range=[-0.02, 1.02])
    figure.update_yaxes(title_text=_("observed share"), range=[-0.02, 1.02])
    figure.update_layout(title=title)
    axis.set_xlabel(_("predicted probability"))
    axis.set_ylabel(_("observed share"))
    legend(page, axis)
    return Figure(figure, png(page))


def efficiency_chart(curves: Curves, *, title: str) -> Figure:
    """Accuracy against the number of labelled messages, with intervals, on a logarithmic axis.

    Args:
        curves: for each model's name, its points: labelled messages, accuracy, low and high end of the interval, from 0 to 1.
            Five models at most.
        title: above the figure.

    Raises:
        ValueError: no model, too many, or one without points.
    """
    import plotly.graph_objects as go

    _few(curves)
    figure = go.Figure()
    page, axis = sheet(WIDE / INCH, 4.3, title)
    styles = zip(curves.items(), SERIES, MARKERS, DASHES, strict=False)
    for number, ((name, points), colour, marker, dash) in enumerate(styles):
        counts = [point[0] * (1 + 0.03 * number) for point in points]  # side by side, so that no bar hides another
        shares, lows, highs = ([100 * value for value in column] for column in list(zip(*points, strict=True))[1:])
        above = [high - share for share, high in zip(shares, highs, strict=True)]
        below = [share - low for share, low in zip(shares, lows, strict=True)]
        figure.add_trace(
            go.Scatter(
                x=counts, y=shares, name=str(name), mode="lines+markers", line={"color": colour, "dash": dash[0]},
                marker={"symbol": marker[0], "size": 9},
                error_y={"type": "data", "array": above, "arrayminus": below, "symmetric": False},
            )
        )  # fmt: skip
        axis.errorbar(
            counts, shares, yerr=[below, above], color=colour, marker=marker[1], linestyle=dash[1], capsize=3, label=str(name)
        )  # fmt: skip
    places = sorted({int(point[0]) for points in curves.values() for point in points})
    figure.update_xaxes(title_text=_("labelled messages"), type="log", tickvals=places, ticktext=list(map(str, places)))
    figure.update_yaxes(title_text=_("test accuracy in %"))
    figure.update_layout(title=title)
    axis.set_xscale("log")
    axis.set_xticks(places, [str(place) for place in places])
    axis.minorticks_off()
    axis.set_xlabel(_("labelled messages"))
    axis.set_ylabel(_("test accuracy in %"))
    axis.grid(alpha=0.3)
    legend(page, axis)
    return Figure(figure, png(page))


def _few(named: Mapping[str, Sequence[Any]]) -> None:
    if not 1 <= len(named) <= MOST or not all(len(found) for found in named.values()):
        raise ValueError(f"1 to {MOST} named rows are needed, none of them empty")


def _interval(row: Interval) -> Interval:
    share, low, high = (float(value) for value in row)
    if not low <= share <= high:
        raise ValueError(f"the share {share} lies outside its interval from {low} to {high}")
    return share, low, high
