"""Views of overlap metrics: matched n-grams in colour, the table of a longest common subsequence, scores as lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from math import isfinite

from llmkit.i18n import gettext as _
from llmkit.views.figure import Figure
from llmkit.views.markup import BOX, heading
from llmkit.views.palette import DASHES, INCH, INK, MARKERS, PAPER, RUNS, SCALE, WHITE, WIDE, WIDEST
from llmkit.views.picture import legend, png, sheet

MAX_LINES = len(RUNS)
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Overlap:
    """The words of two texts, the longer the shared n-gram the darker; see `matched_ngrams`."""

    def __init__(self, candidate: Sequence[str], reference: Sequence[str], max_n: int = 4, title: str = "") -> None:
        if max_n < 1:
            raise ValueError(f"max_n should be at least 1, not {max_n}")
        self.candidate, self.reference = list(candidate), list(reference)
        self.max_n, self.title = max_n, title
        self.levels = longest_matches(self.candidate, self.reference, max_n)
        self.reference_levels = longest_matches(self.reference, self.candidate, max_n)

    def counted(self) -> str:
        """For each n, the shared n-grams and those of the candidate, such as "1-grams 4 of 5"."""
        shown = []
        for n in range(1, self.max_n + 1):
            mine, theirs = _runs(self.candidate, n), _runs(self.reference, n)
            hits = (Counter(mine) & Counter(theirs)).total()
            shown.append(_("{n}-grams {hits} of {total}").format(n=n, hits=hits, total=len(mine)))
        return _("found in the reference: {counts}").format(counts=", ".join(shown))

    def _repr_html_(self) -> str:
        """Two rows of boxes; the number above a word is the length of the longest shared n-gram that contains it."""
        return f"{heading(self.title)}<div style='line-height:2.1'>{''.join(self._html_rows())}</div><p>{escape(self.counted())}</p>"

    def _html_rows(self) -> list[str]:
        return [
            f"<div><span style='display:inline-block;width:7em'>{escape(name)}</span>"
            + "".join(map(self._box, words, levels))
            + "</div>"
            for name, words, levels in self._rows()
        ]

    def _box(self, word: str, level: int) -> str:
        # Lightness and a number show it where colours cannot be seen.
        colour = f"hsl(28,85%,{92 - 34 * (level - 1) / max(1, self.max_n - 1):.0f}%)" if level else PAPER
        mark = f"<sup>{level}</sup>" if level else ""
        return f"<span style='{BOX};background:{colour}'>{escape(word)}{mark}</span>"

    def _rows(self) -> list[tuple[str, list[str], list[int]]]:
        return [
            (_("candidate"), self.candidate, self.levels),
            (_("reference"), self.reference, self.reference_levels),
        ]

    def __repr__(self) -> str:
        lines = [self.title] if self.title else []
        for name, words, levels in self._rows():
            marked = (f"{word}{str(level).translate(_SUPERSCRIPTS)}" if level else f"({word})"
                      for word, level in zip(words, levels, strict=True))  # fmt: skip
            lines.append(f"{name}: {' '.join(marked)}")
        return "\n".join([*lines, self.counted()])


def matched_ngrams(candidate: Sequence[str], reference: Sequence[str], *, max_n: int = 4, title: str = "") -> Overlap:
    """Two texts with their shared n-grams in colour, for the last line of a cell or `display`.

    Args:
        candidate: words of the text that is judged.
        reference: words of the right text.
        max_n: longest n-grams to look for.
        title: above them.

    Returns:
        HTML with coloured words; as text, words carry the length of the longest shared n-gram, and words without a match
        stand in brackets. A word that occurs more often than in the other text is matched only as often as it occurs there.

    Raises:
        ValueError: max_n is below 1.
    """
    return Overlap(candidate, reference, max_n, title)


def longest_matches(words: Sequence[str], others: Sequence[str], max_n: int) -> list[int]:
    """For each word, the length of the longest n-gram with it that the other text also has, 0 if there is none.

    Args:
        words: a text's words.
        others: the other text's words; each of its n-grams is used up by one match.
        max_n: longest n-grams to look for.
    """
    levels = [0] * len(words)
    for size in range(1, max_n + 1):
        left = Counter(_runs(others, size))
        for start, run in enumerate(_runs(words, size)):
            if left[run] > 0:
                left[run] -= 1
                levels[start : start + size] = [size] * size
    return levels


def _runs(words: Sequence[str], n: int) -> list[tuple[str, ...]]:
    return list(zip(*(words[shift:] for shift in range(n)), strict=False))


def subsequence_heatmap(candidate: Sequence[str], reference: Sequence[str], *, title: str = "") -> Figure:
    """The table of longest common subsequences: each cell holds the length for the words up to its row and column.

    A star marks the cells where one longest common subsequence takes a word from both texts.

    Args:
        candidate: words of the text that is judged, the rows.
        reference: words of the right text, the columns.
        title: above the figure.

    Raises:
        ValueError: a text has no words.
    """
    import plotly.graph_objects as go

    if not candidate or not reference:
        raise ValueError("both texts should have words")
    lengths, chosen = _subsequence(candidate, reference)
    marked = [[f"{v} ★" if (r, c) in chosen else str(v) for c, v in enumerate(row)] for r, row in enumerate(lengths)]
    hover = "%{y} / %{x}: %{z}<extra></extra>"
    figure = go.Figure(go.Heatmap(z=lengths, text=marked, texttemplate="%{text}", colorscale=SCALE, hovertemplate=hover,
                                  showscale=False))  # fmt: skip
    # Numeric positions, because a word may occur twice.
    figure.update_xaxes(tickvals=list(range(len(reference))), ticktext=list(reference), title_text=_("reference"))
    figure.update_yaxes(
        tickvals=list(range(len(candidate))), ticktext=list(candidate), title_text=_("candidate"), autorange="reversed"
    )
    figure.update_layout(title=title)
    return Figure(figure, _static_table(lengths, marked, candidate, reference, title))


def _subsequence(rows: Sequence[str], columns: Sequence[str]) -> tuple[list[list[int]], set[tuple[int, int]]]:
    """Lengths for all pairs of prefixes, and the cells where one longest common subsequence takes a word."""
    lengths: list[list[int]] = []
    above = [0] * len(columns)
    for word in rows:
        line: list[int] = []
        for place, other in enumerate(columns):
            corner, left = (above[place - 1], line[-1]) if place else (0, 0)
            line.append(corner + 1 if word == other else max(above[place], left))
        lengths.append(line)
        above = line
    chosen = set()
    r, c = len(rows) - 1, len(columns) - 1
    while r >= 0 and c >= 0:
        if rows[r] == columns[c]:
            chosen.add((r, c))
            r, c = r - 1, c - 1
        elif r and lengths[r - 1][c] == lengths[r][c]:
            r -= 1
        else:
            c -= 1
    return lengths, chosen


def score_lines(
    lines: Mapping[str, Sequence[float]], places: Sequence[int], *, x_title: str, title: str = "", y_title: str = ""
) -> Figure:
    """Scores from 0 to 1 against a number, such as the number of edits.

    Args:
        lines: for each metric's name, its scores; five metrics at most.
        places: the numbers on the horizontal axis, one for each score.
        x_title: what these numbers are.
        title: above the figure.
        y_title: what the lines show; by default "score".

    Raises:
        ValueError: no line, too many, a line of another length than `places`, or a score that is not finite.
    """
    import plotly.graph_objects as go

    if not 1 <= len(lines) <= MAX_LINES or not len(places):
        raise ValueError(f"there should be 1 to {MAX_LINES} lines and at least one place")
    for name, scores in lines.items():
        if len(scores) != len(places) or not all(isfinite(score) for score in scores):
            raise ValueError(f"{name} should have {len(places)} finite scores")
    figure = go.Figure()
    for (name, scores), colour, marker, dash in zip(lines.items(), RUNS, MARKERS, DASHES, strict=False):
        figure.add_trace(
            go.Scatter(
                name=name, x=list(places), y=[float(score) for score in scores], mode="lines+markers",
                line={"color": colour, "dash": dash[0]}, marker={"symbol": marker[0], "size": 7},
                hovertemplate=name + ": %{y:.3f} (%{x})<extra></extra>",
            )
        )  # fmt: skip
    figure.update_xaxes(title_text=x_title)
    figure.update_yaxes(title_text=y_title or _("score"), range=[-0.03, 1.03])
    figure.update_layout(title=title)
    return Figure(figure, _static_lines(lines, places, x_title, y_title or _("score"), title))


def _static_table(
    lengths: list[list[int]], marked: list[list[str]], rows: Sequence[str], columns: Sequence[str], title: str
) -> bytes:
    page, axis = sheet(min(WIDEST / INCH, 1.6 + 0.58 * len(columns)), 1.6 + 0.42 * len(rows), title)
    axis.imshow(lengths, cmap=SCALE.lower(), aspect="auto")
    middle = max(map(max, lengths)) / 2
    for r, line in enumerate(marked):
        for c, text in enumerate(line):
            axis.text(c, r, text, ha="center", va="center", color=INK if lengths[r][c] > middle else WHITE)
    axis.set_xticks(range(len(columns)), columns, rotation=45, ha="right")
    axis.set_yticks(range(len(rows)), rows)
    axis.set_xlabel(_("reference"))
    axis.set_ylabel(_("candidate"))
    return png(page)


def _static_lines(
    lines: Mapping[str, Sequence[float]], places: Sequence[int], x_title: str, y_title: str, title: str
) -> bytes:
    from matplotlib.ticker import MaxNLocator

    page, axis = sheet(WIDE / INCH, 4.3, title)
    for (name, scores), colour, marker, dash in zip(lines.items(), RUNS, MARKERS, DASHES, strict=False):
        axis.plot(list(places), list(scores), color=colour, marker=marker[1], linestyle=dash[1], label=name)
    axis.set_ylim(-0.03, 1.03)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.set_xlabel(x_title)
    axis.set_ylabel(y_title)
    axis.grid(alpha=0.3)
    legend(page, axis)
    return png(page)
