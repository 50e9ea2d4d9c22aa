"""Views of a word model: bars, Zipf's law, perplexity curves, and an explorer of the next word and of sampled sentences."""

from __future__ import annotations

import difflib
import math
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import accumulate
from typing import Any

from llmkit.i18n import gettext as _
from llmkit.languages import localised
from llmkit.views.figure import Figure
from llmkit.views.markup import bar_row, blocks
from llmkit.views.palette import BLUE, INCH, MIDDLE_GREY, NARROW, ORANGE
from llmkit.views.picture import legend, png, sheet
from llmkit.views.widget import LABELS, show

LONGEST = 30  # most words of a sampled sentence
SHOWN = 10  # bars of the explorer
STOPS = (".", "!", "?")  # tokens that end a sentence

Probabilities = Mapping[str, Mapping[str, float]]


def bars(values: Mapping[str, float], *, title: str | None = None, digits: int = 3) -> Figure:
    """Horizontal bars in the order given, each with its number.

    Args:
        values: length of each bar by label, none negative.
        title: above the figure.
        digits: significant digits of the numbers.

    Returns:
        A figure for the last line of a cell, or for `.show()`.

    Raises:
        ValueError: there are no values, or one is negative or not finite.
    """
    import plotly.graph_objects as go

    labels, lengths = [str(label) for label in values], [float(value) for value in values.values()]
    if not lengths or not all(math.isfinite(length) and length >= 0 for length in lengths):
        raise ValueError("values should be one or more finite numbers, none of them negative")
    numbers = [localised(length, f".{digits}g" if length < 10**digits else ",.0f") for length in lengths]
    figure = go.Figure(go.Bar(x=lengths, y=list(range(len(labels))), orientation="h", text=numbers, marker_color=BLUE))
    figure.update_traces(textposition="outside", cliponaxis=False)
    figure.update_yaxes(tickvals=list(range(len(labels))), ticktext=labels, autorange="reversed", showgrid=False)
    # Each bar has its number, so an axis would say nothing.
    figure.update_xaxes(range=[0, 1.15 * (max(lengths) or 1)], visible=False)
    figure.update_layout(title=title, margin={"b": 10})

    page, axis = sheet(NARROW / INCH, 0.8 + 0.27 * len(labels), title)
    drawn = axis.barh(range(len(labels)), lengths, color=BLUE)
    axis.bar_label(drawn, numbers, padding=3, fontsize=8)
    axis.set_yticks(range(len(labels)), labels)
    axis.invert_yaxis()
    axis.margins(x=0.15)
    axis.xaxis.set_visible(False)
    return Figure(figure, png(page))


def zipf(tokens: Sequence[str], *, title: str | None = None) -> Figure:
    """How often each word occurs, the most frequent one first, on logarithmic axes, beside Zipf's law.

    Zipf's law says that the word of rank r occurs 1/r times as often as the first (G. K. Zipf, 1949).

    Args:
        tokens: the words of a text.
        title: above the figure.

    Returns:
        A figure with one point for each distinct word.

    Raises:
        ValueError: there are no tokens.
    """
    ranked = Counter(tokens).most_common()
    if not ranked:
        raise ValueError("tokens should hold at least one word")
    ranks, counts = list(range(1, len(ranked) + 1)), [count for _word, count in ranked]
    law = [counts[0] / rank for rank in ranks]
    names = [word for word, _count in ranked]
    return _curves(
        ranks,
        {_("this text"): (counts, BLUE, "markers"), _("Zipf's law"): (law, MIDDLE_GREY, "lines")},
        (_("rank of the word"), _("occurrences")),
        title=title,
        logarithmic=("x", "y"),
        hover=names,
    )


def perplexity_curves(
    lengths: Sequence[int], training: Sequence[float], held_out: Sequence[float], *, title: str | None = None
) -> Figure:
    """Perplexity against the length of the context, on training text and on held-out text.

    Args:
        lengths: lengths of the context.
        training: perplexity for each length on the training part.
        held_out: the same on the held-out part.
        title: above the figure.

    Returns:
        A figure with two curves; infinite values are left out.

    Raises:
        ValueError: the three differ in length.
    """
    if not len(lengths) == len(training) == len(held_out):
        raise ValueError(f"{len(lengths)} lengths, {len(training)} and {len(held_out)} perplexities: should be as many")
    return _curves(
        list(lengths),
        {
            _("training part"): ([float(value) for value in training], BLUE, "lines+markers"),
            _("held-out part"): ([float(value) for value in held_out], ORANGE, "lines+markers"),
        },
        (_("letters of context"), _("perplexity")),
        title=title,
    )


def _curves(
    x: Sequence[float],
    series: Mapping[str, tuple[Sequence[float], str, str]],
    axes: tuple[str, str],
    *,
    title: str | None,
    logarithmic: Sequence[str] = (),
    hover: Sequence[str] | None = None,
) -> Figure:
    """Curves by name, each with its values, colour and plotly mode."""
    import plotly.graph_objects as go

    figure = go.Figure()
    page, axis = sheet(NARROW / INCH, 4.2, title)
    for name, (values, colour, mode) in series.items():
        finite = [value if math.isfinite(value) else None for value in values]
        figure.add_trace(
            go.Scatter(x=list(x), y=finite, name=name, mode=mode, marker={"color": colour}, line={"color": colour},
                       text=list(hover) if hover and "markers" in mode else None)
        )  # fmt: skip
        line, marker = "-" if "lines" in mode else "", "o" if "markers" in mode else ""
        axis.plot(x, [math.nan if v is None else v for v in finite], line + marker, color=colour, label=name, ms=4)
    figure.update_xaxes(title_text=axes[0], type="log" if "x" in logarithmic else "linear")
    figure.update_yaxes(title_text=axes[1], type="log" if "y" in logarithmic else "linear")
    figure.update_layout(title=title)
    axis.set_xscale("log" if "x" in logarithmic else "linear")
    axis.set_yscale("log" if "y" in logarithmic else "linear")
    axis.set_xlabel(axes[0])
    axis.set_ylabel(axes[1])
    legend(page, axis)
    return Figure(figure, png(page))


def distribution(probs: Probabilities, word: str) -> dict[str, float]:
    """The next words of a word with their probabilities, the most probable first, equal ones in alphabetical order.

    Args:
        probs: `probs[word][following]`.
        word: any word; one that the model does not know has no next words.
    """
    row = {str(following): float(p) for following, p in (probs.get(word) or {}).items() if float(p) != 0}
    return dict(sorted(row.items(), key=lambda pair: (-pair[1], pair[0])))


def sample_sentence(probs: Probabilities, word: str, random_numbers: random.Random, length: int = LONGEST) -> list[str]:
    """A sentence that begins with a word and goes on by drawing each next word with its probability.

    Args:
        probs: `probs[word][following]`; a row need not sum to 1.
        word: the first word.
        random_numbers: source of random numbers.
        length: maximum number of words.

    Returns:
        Words; the last one ends a sentence, or has no next word, or is number `length`.
    """
    words = [word]
    while len(words) < length and words[-1] not in STOPS:
        row = {following: p for following, p in distribution(probs, words[-1]).items() if 0 < p < math.inf}
        if not row:
            break
        sums = list(accumulate(row.values()))
        words += random_numbers.choices(list(row), cum_weights=sums)
    return words


class NextWordExplorer:
    """Type a word, and see what a model expects next and a sentence that it generates; see `next_word_explorer`."""

    def __init__(self, probs: Probabilities, word: str, best: Callable[[str], str | None] | None) -> None:
        import ipywidgets as w

        self._probs, self._best, self._draws = probs, best, 0
        self.word = w.Text(value=word, description=_("word"), style=LABELS, continuous_update=False)
        self.again = w.Button(description=_("another sentence"))
        self.picture = w.HTML()
        self.word.observe(lambda _change: self._draw(), names="value")
        self.again.on_click(lambda _button: self._draw())
        self.box = w.VBox([w.HBox([self.word, self.again]), self.picture])
        self._draw()

    def _draw(self) -> None:
        self._draws += 1
        word = self.word.value.strip().lower()
        self._told = _told(self._probs, word, self._best, random.Random(self._draws))
        caption, row, best, sentence = self._told
        top = _top(row)
        lines = [bar_row(following, p, top, bold=following == best) for following, p in row.items()]
        told = f"<p><i>{escape(sentence)}</i></p>" if sentence else ""
        self.picture.value = f"<p>{escape(caption)}</p><table>{''.join(lines)}</table>{told}"

    def text(self) -> str:
        """What is on show, as plain text."""
        caption, row, _best, sentence = self._told
        wide, top = max(map(len, row), default=0), _top(row)
        lines = [f"{following:>{wide}} {localised(p, '.3f')} {blocks(p, top)}".rstrip() for following, p in row.items()]
        return "\n".join([caption, *lines, *([sentence] if sentence else [])])

    def _ipython_display_(self, **_options: Any) -> None:
        """Shows the widget, with its current state as HTML and text for front ends without widgets."""
        show(self.box, self.picture.value, self.text())


def next_word_explorer(
    probs: Probabilities, word: str, *, best: Callable[[str], str | None] | None = None
) -> NextWordExplorer:
    """Type a word, and see what a model expects next and a sentence that it generates.

    Args:
        probs: `probs[word][following]`.
        word: the first one to show.
        best: returns a word's most likely next word, which is then shown in bold.

    Returns:
        A widget for the last line of a cell.
    """
    return NextWordExplorer(probs, word, best)


def _top(row: Mapping[str, float]) -> float:
    """The probability of the longest bar."""
    return max((p for p in row.values() if 0 < p < math.inf), default=1.0)


def _told(
    probs: Probabilities, word: str, best: Callable[[str], str | None] | None, random_numbers: random.Random
) -> tuple[str, dict[str, float], str | None, str]:
    """What the explorer shows for a word: a caption, its most probable next words, the best of them, a sentence."""
    row = distribution(probs, word)
    if not row:
        near = difflib.get_close_matches(word, list(probs), n=3)
        caption = _("No pair of the text begins with {word!r}.").format(word=word)
        hint = _("Perhaps you mean: {words}").format(words=", ".join(near)) if near else ""
        return f"{caption} {hint}".strip(), {}, None, ""
    shown = dict(list(row.items())[:SHOWN])
    caption = _("After {word!r}: {shown} of {count} possible words").format(word=word, shown=len(shown), count=len(row))
    sentence = " ".join(sample_sentence(probs, word, random_numbers))
    return caption, shown, best(word) if best else None, sentence
