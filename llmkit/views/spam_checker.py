"""A box to type messages into: the classifier's verdict as one types, and which words decided. Uses only what ipywidgets 7.7 and 8 share."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as w

from llmkit.i18n import gettext as _
from llmkit.languages import localised
from llmkit.views.markup import blocks
from llmkit.views.palette import BLUE, ORANGE, PALE, tint
from llmkit.views.widget import LABELS, show

Classify = Callable[[str], tuple[str, float]]
MOST_WORDS = 60  # words left out in turn; the rest of a longer text stays uncoloured


class SpamChecker(w.VBox):  # type: ignore[misc]
    """Type a message, and see what a classifier says about it.

    Args:
        classify: returns a label and the probability of spam for any text.
        text: the message to begin with.
    """

    def __init__(self, classify: Classify, text: str = "") -> None:
        self._classify = classify
        self.message = w.Textarea(
            value=text, description=_("message"), style=LABELS, layout=w.Layout(width="640px", height="90px")
        )
        self.picture = w.HTML()
        self.message.observe(self._draw, names="value")
        self._draw()
        super().__init__([self.message, self.picture])

    def _draw(self, *_change: Any) -> None:
        try:
            self.verdict: tuple[str, float] | None = self._classify(self.message.value)
            self.words = word_shares(self._classify, self.message.value, self.verdict[1])
        except Exception as error:  # the student's code may raise anything, and the box must survive
            self.verdict, self.words = None, []
            self.picture.value = f"<p><b>{escape(type(error).__name__)}</b>: {escape(str(error))}</p>"
        else:
            self.picture.value = verdict_html(*self.verdict, self.words)

    def _ipython_display_(self, **_options: Any) -> None:
        """Shows the widget, with its current state as HTML and text for front ends without widgets."""
        plain = self.picture.value if self.verdict is None else verdict_text(*self.verdict, self.words)
        show(self, self.picture.value, plain)


def word_shares(classify: Classify, text: str, whole: float) -> list[tuple[str, float]]:
    """Each word with what it adds to the probability of spam: how much that falls when the word is left out.

    Args:
        classify: returns a label and the probability of spam.
        text: the message.
        whole: the probability of spam for the whole message.

    Returns:
        Pieces that together make up the text, and their shares; spaces have 0.
    """
    pieces = [piece for piece in re.split(r"(\s+)", text) if piece]
    places = [place for place, piece in enumerate(pieces) if not piece.isspace()][:MOST_WORDS]
    shares = {place: whole - classify("".join(pieces[:place] + pieces[place + 1 :]))[1] for place in places}
    return [(piece, shares.get(place, 0.0)) for place, piece in enumerate(pieces)]


def verdict_html(label: str, probability: float, words: list[tuple[str, float]]) -> str:
    """Verdict, a bar, and the message with its words coloured: orange speaks for spam, blue against it."""
    bar = (
        f'<div style="width:320px;background:{PALE}"><div style="height:1em;background:{ORANGE};'
        f'width:{100 * probability:.1f}%"></div></div>'
    )
    told = _("probability of spam {share}").format(share=localised(probability, ".1%"))
    marked = "".join(
        f'<span title="{localised(share, "+.3f")}" style="background:{_colour(share)}">{escape(word)}</span>'
        for word, share in words
    )
    return f'<p><b>{escape(label)}</b>, {told}</p>{bar}<p style="white-space:pre-wrap">{marked}</p>'


def verdict_text(label: str, probability: float, words: list[tuple[str, float]]) -> str:
    """The same as plain text, with the three words that matter most."""
    told = _("probability of spam {share}").format(share=localised(probability, ".1%"))
    lines = [f"{label}, {told} {blocks(probability)}".rstrip(), "".join(word for word, _share in words)]
    most = sorted((pair for pair in words if pair[1]), key=lambda pair: -abs(pair[1]))[:3]
    lines += [f"{localised(share, '+.3f')} {word}" for word, share in most]
    return "\n".join(lines)


def _colour(share: float) -> str:
    return tint(ORANGE if share > 0 else BLUE, min(0.7, abs(share) * 1.4))
