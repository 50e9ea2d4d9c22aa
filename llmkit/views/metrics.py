"""Views of metrics: scores by kind of text, and how far they agree with ratings."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from llmkit.i18n import gettext as _
from llmkit.languages import localised
from llmkit.views.figure import Figure
from llmkit.views.palette import BLUE, GREY, INCH, INK, NARROW, SCALE, WHITE
from llmkit.views.picture import png, sheet

STARS = 5  # the best rating
DRAWS = 400  # samples of a bootstrap

Scores = Mapping[str, Sequence[float]]
Interval = tuple[float, float, float]


class Table:
    """Numbers with named rows and columns, as aligned text or an HTML table.

    Args:
        rows: each row's name and cells, as texts.
        columns: names of the columns, including the first.
    """

    def __init__(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.columns, self.rows = list(columns), [list(row) for row in rows]
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"each row should have {len(self.columns)} cells")

    def __repr__(self) -> str:
        lines = [self.columns, *self.rows]
        widths = [max(len(line[place]) for line in lines) for place in range(len(self.columns))]
        return "\n".join(
            "  ".join(
                cell.rjust(width) if place else cell.ljust(width)
                for place, (cell, width) in enumerate(zip(line, widths, strict=True))
            )
            for line in lines
        )

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in self.rows)
        return f"<table><tr>{head}</tr>{body}</table>"


def kind_name(kind: str) -> str:
    """What a kind of text in the set "paraphrases" is called, in the course's language; other names stay as they are."""
    names = {
        "paraphrase": _("paraphrase"),
        "near-copy": _("near copy"),
        "shuffled": _("shuffled"),
        "too-short": _("too short"),
        "too-long": _("too long"),
    }
    return names.get(kind, kind)


def by_kind(kinds: Sequence[str], scores: Scores, ratings: Sequence[float]) -> dict[str, dict[str, float]]:
    """Mean score of each metric for each kind of text, with the mean rating, all from 0 to 1.

    Args:
        kinds: kind of each text.
        scores: for each metric, the score of each text, from 0 to 1.
        ratings: rating of each text, from 1 to 5; 1 becomes 0 and 5 becomes 1.

    Returns:
        For each kind, in order of appearance: metric -> mean; the last entry is the rating.

    Raises:
        ValueError: the lists differ in length, or are empty.
    """
    same_length(kinds, ratings, *scores.values())
    columns = {**scores, _("rating"): [(stars - 1) / (STARS - 1) for stars in ratings]}
    found: dict[str, dict[str, float]] = {}
    for kind in dict.fromkeys(kinds):
        places = [place for place, one in enumerate(kinds) if one == kind]
        found[kind] = {name: sum(column[p] for p in places) / len(places) for name, column in columns.items()}
    return found


def kind_table(kinds: Sequence[str], scores: Scores, ratings: Sequence[float]) -> Table:
    """`by_kind` as a table: one row for each kind of text, one column for each metric, the rating last."""
    means = by_kind(kinds, scores, ratings)
    names = list(next(iter(means.values())))
    return Table(
        [_("mean score"), *names],
        [[kind_name(kind), *(localised(row[name], ".2f") for name in names)] for kind, row in means.items()],
    )


def kind_map(kinds: Sequence[str], scores: Scores, ratings: Sequence[float], title: str | None = None) -> Figure:
    """`by_kind` as a heat map: one row for each kind of text, one column for each metric, the rating last."""
    import plotly.graph_objects as go

    means = by_kind(kinds, scores, ratings)
    rows, names = [kind_name(kind) for kind in means], list(next(iter(means.values())))
    values = [[row[name] for name in names] for row in means.values()]
    told = [[localised(value, ".2f") for value in line] for line in values]
    heading = title or _("Mean score of each metric by kind of text")
    hover = "%{x}, %{y}: %{z:.3f}<extra></extra>"
    heat = go.Heatmap(
        z=values,
        x=names,
        y=rows,
        text=told,
        texttemplate="%{text}",
        colorscale=SCALE,
        zmin=0,
        zmax=1,
        hovertemplate=hover,
        colorbar={"title": _("mean score")},
    )
    figure = go.Figure(heat)
    figure.add_vline(x=len(names) - 1.5, line={"color": WHITE, "width": 4})
    figure.update_yaxes(autorange="reversed")
    figure.update_layout(title=heading)

    page, axis = sheet(8.2, 3.8, heading)
    image = axis.imshow(values, vmin=0, vmax=1, cmap=SCALE.lower(), aspect="auto")
    for i, line in enumerate(values):
        for j, value in enumerate(line):
            axis.text(j, i, told[i][j], ha="center", va="center", fontsize=9, color=INK if value > 0.6 else WHITE)
    axis.axvline(len(names) - 1.5, color=WHITE, linewidth=4)
    axis.set_xticks(range(len(names)), names, fontsize=9)
    axis.set_yticks(range(len(rows)), rows, fontsize=9)
    page.colorbar(image, ax=axis, label=_("mean score"))
    return Figure(figure, png(page))


def tau_interval(
    scores: Sequence[float], ratings: Sequence[float], groups: Sequence[str], *, draws: int = DRAWS, seed: int = 0
) -> Interval:
    """Kendall's tau-b (1945) between scores and ratings, with a 95% bootstrap interval over groups of texts.

    Args:
        scores: score of each text.
        ratings: rating of each text.
        groups: which texts belong together, such as those with the same reference; whole groups are drawn.
        draws: number of bootstrap samples.
        seed: seed of the draws.

    Returns:
        Tau, and the 2.5% and 97.5% quantiles of the samples in which it is defined; all NaN if tau is not.

    Raises:
        ValueError: the lists differ in length, or are empty.
    """
    import numpy as np

    same_length(scores, ratings, groups)
    # Everything that tau needs is a sum over pairs, so sums are computed once for each pair of groups.
    kept = list(dict.fromkeys(groups))
    member = np.array([[group == one for one in groups] for group in kept], dtype=float)
    agree, decided, rated = (member @ part @ member.T for part in _signs(scores, ratings))

    def tau(weights: Any) -> float:
        return _quotient(*(float(weights @ part @ weights) for part in (agree, decided, rated)))

    whole = tau(np.ones(len(kept)))
    chance = random.Random(seed)
    samples = []
    for _draw in range(draws):
        drawn = np.bincount(chance.choices(range(len(kept)), k=len(kept)), minlength=len(kept))
        samples.append(tau(drawn))
    defined = [sample for sample in samples if not math.isnan(sample)]
    if math.isnan(whole) or not defined:
        return math.nan, math.nan, math.nan
    low, high = np.quantile(defined, [0.025, 0.975])
    return whole, float(low), float(high)


def tau_without(kinds: Sequence[str], scores: Scores, ratings: Sequence[float]) -> Table:
    """Kendall's tau-b of each metric on all texts, and with each kind of text left out; a dash where it is not defined.

    Raises:
        ValueError: the lists differ in length, or are empty.
    """
    import numpy as np

    same_length(kinds, ratings, *scores.values())
    names, of = list(dict.fromkeys(kinds)), np.array(kinds)
    rows = []
    for metric, column in scores.items():
        parts = _signs(column, ratings)
        chosen = [np.ones(len(of), dtype=bool), *(of != name for name in names)]
        taus = [_quotient(*(float(part[np.ix_(some, some)].sum()) for part in parts)) for some in chosen]
        rows.append([metric, *("–" if math.isnan(tau) else localised(tau, ".2f") for tau in taus)])
    left_out = [_("without {kind}").format(kind=kind_name(name)) for name in names]
    return Table(["tau", _("all texts"), *left_out], rows)


def tau_chart(agreement: Mapping[str, Interval], title: str | None = None) -> Figure:
    """How far each metric agrees with ratings: a point for tau, a line for its interval.

    Args:
        agreement: for each metric, tau and the ends of its interval, as `tau_interval` returns them; NaN is left out.
        title: above the figure.

    Raises:
        ValueError: no tau is defined.
    """
    import plotly.graph_objects as go

    known = {name: one for name, one in agreement.items() if not math.isnan(one[0])}
    if not known:
        raise ValueError("tau is defined for none of the metrics")
    names, heading = list(known), title or _("Agreement with the ratings")
    taus = [one[0] for one in known.values()]
    above, below = [one[2] - one[0] for one in known.values()], [one[0] - one[1] for one in known.values()]
    bars = {"type": "data", "symmetric": False, "array": above, "arrayminus": below}
    points = go.Scatter(x=taus, y=names, error_x=bars, mode="markers", marker={"size": 10, "color": BLUE})
    figure = go.Figure(points)
    figure.add_vline(x=0, line={"dash": "dash", "color": GREY})
    figure.update_xaxes(title_text=_("Kendall's tau-b"), range=[-1, 1])
    figure.update_yaxes(autorange="reversed")
    figure.update_layout(title=heading)

    page, axis = sheet(NARROW / INCH, 3.8, heading)
    axis.errorbar(taus, range(len(names)), xerr=[below, above], fmt="o", color=BLUE)
    axis.axvline(0, color=GREY, linestyle="--")
    axis.set_yticks(range(len(names)), names, fontsize=9)
    axis.invert_yaxis()
    axis.set_xlim(-1, 1)
    axis.set_xlabel(_("Kendall's tau-b"))
    return Figure(figure, png(page))


def preferred(groups: Sequence[str], kinds: Sequence[str], scores: Scores, this: str, that: str) -> dict[str, int]:
    """In how many groups each metric puts the text of one kind above that of another.

    Args:
        groups: group of each text, with one text of each of the two kinds.
        kinds: kind of each text.
        scores: for each metric, the score of each text.
        this: the kind that should be above; equal scores do not count.
        that: the other kind.

    Raises:
        ValueError: the lists differ in length, or a group lacks a kind.
    """
    same_length(groups, kinds, *scores.values())
    places = {pair: place for place, pair in enumerate(zip(groups, kinds, strict=True))}
    lacking = next((group for group in groups if (group, this) not in places or (group, that) not in places), None)
    if lacking is not None:
        raise ValueError(f"{lacking} should have a text of kind {this} and one of kind {that}")
    return {
        name: sum(column[places[one, this]] > column[places[one, that]] for one in dict.fromkeys(groups))
        for name, column in scores.items()
    }


def _signs(scores: Sequence[float], ratings: Sequence[float]) -> tuple[Any, Any, Any]:
    """For each pair of texts: 1 where scores and ratings agree, -1 where they do not; whether each decides it."""
    import numpy as np

    up, better = (
        np.sign(np.subtract.outer(one, one)) for one in (np.asarray(scores, float), np.asarray(ratings, float))
    )
    return up * better, up * up, better * better


def _quotient(agree: float, decided: float, rated: float) -> float:
    return agree / math.sqrt(decided * rated) if decided * rated > 0 else math.nan


def same_length(*lists: Sequence[Any]) -> None:
    """Checks that lists have the same number of entries, at least one.

    Raises:
        ValueError: they do not.
    """
    lengths = {len(one) for one in lists}
    if len(lengths) != 1 or not lengths.pop():
        told = [len(one) for one in lists]
        raise ValueError(f"the lists should have one entry for each text; their lengths are {told}")
