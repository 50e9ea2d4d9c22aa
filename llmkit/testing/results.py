"""How the results of a test cell are shown: one small table, for the notebook as for who grades it and for the feedback page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from llmkit.i18n import gettext as _
from llmkit.languages import localised

# JupyterLab's own colours, so that they fit its theme; elsewhere some that stand out on white as on black. Words keep the page's colour.
GREEN, RED = "var(--jp-success-color1,#2a9d4a)", "var(--jp-error-color1,#e0524a)"
_FRAME = "padding:.1em 0 .1em .9em;margin:.5em 0;overflow-x:auto"
_PRE = (
    "white-space:pre-wrap;overflow-wrap:anywhere;margin:.3em 0 .2em;padding:0;border:0;background:none;"
    "color:inherit;font-size:.95em;line-height:1.35"
)
_CELL = "text-align:left;vertical-align:top;padding:.2em .9em .2em 0;border:0;background:none;white-space:normal"


@dataclass(frozen=True)
class Line:
    """One check.

    Attributes:
        title: what was checked.
        passed: whether it passed.
        message: why not; empty when passed.
        aside: what is said behind the title, such as that the check was hidden.
    """

    title: str
    passed: bool
    message: str = ""
    aside: str = ""


def score(value: float) -> str:
    """Points, with the decimal sign of the language in use and no more digits than they need."""
    return localised(value, "g")


def as_html(head: str, lines: Sequence[Line], *, passed: bool, before: Sequence[str] = (), after: str = "") -> str:
    """The results as HTML, in which nothing is left unescaped and no formula is set.

    Args:
        head: the outcome, in a few words.
        lines: the checks, in order.
        passed: whether all is well.
        before: HTML of paragraphs above the table.
        after: what is said below the table.
    """
    rows = "".join(map(_row, lines))
    table = ""
    if rows:
        heads = "".join(
            f'<th scope="col" style="{_CELL}">{escape(text, quote=False)}</th>' for text in (_("result"), _("check"))
        )
        table = (
            f'<table style="border-collapse:collapse;border:0;margin:.4em 0;font-size:inherit">'
            f'<thead><tr style="background:none">{heads}</tr></thead><tbody>{rows}</tbody></table>'
        )
    below = f'<p style="margin:.3em 0">{escape(after, quote=False)}</p>' if after else ""
    return (
        f'<div class="llmkit-results tex2jax_ignore mathjax_ignore" style="border-left:4px solid {GREEN if passed else RED};{_FRAME}">'
        f'<p style="margin:.2em 0"><strong>{escape(head, quote=False)}</strong></p>'
        f"{''.join(before)}{table}{below}</div>"
    )


def inline(text: str) -> str:
    """A sentence as HTML: all of it escaped, and what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def remark(text: str) -> str:
    """A paragraph above the table, as HTML."""
    return f'<p style="margin:.4em 0">{inline(text)}</p>'


def verbatim(text: str) -> str:
    """Text of more than one line above the table, as HTML, with its spaces and in letters of one width."""
    return f'<pre style="{_PRE}">{escape(text, quote=False)}</pre>'


def _row(line: Line) -> str:
    sign, word, colour = ("✓", _("passed"), GREEN) if line.passed else ("✗", _("failed"), RED)
    aside = f" ({escape(line.aside, quote=False)})" if line.aside else ""
    message = verbatim(line.message) if line.message else ""
    return (
        f'<tr style="background:none"><td style="{_CELL};white-space:nowrap"><b style="color:{colour}">{sign}</b> {escape(word, quote=False)}</td>'
        f'<td style="{_CELL}">{inline(line.title)}{aside}{message}</td></tr>'
    )
