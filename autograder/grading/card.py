"""The result of one test cell as HTML, for who grades it and, with links, for the student's page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from autograder.i18n import gettext as _
from autograder.judge.marks import CellMark, likely_reasons
from llmkit.testing import results


def card(mark: CellMark, reasons: Sequence[str] | None = None, score: str = "") -> str:
    """HTML of one test cell's result.

    Args:
        mark: what the judge says.
        reasons: HTML of what is told of known mistakes; by default the sentences without links.
        score: what stands in place of the points earned.
    """
    lines = [
        results.Line(check.title, check.passed, check.message, _("hidden check") if check.hidden else "")
        for check in mark.checks
    ]
    before = [results.verbatim(mark.error)] if mark.error else []
    if mark.empty:
        lines, before = [], [results.remark(_("This gap is still empty."))]
    told = [results.inline(text) for text in likely_reasons(mark)] if reasons is None else reasons
    if mark.mistakes:
        style = "border-left:4px solid #b7860b;padding:.1em 0 .1em .8em;margin:.6em 0"
        before.append(f'<p style="{style}"><strong>{escape(_("A likely reason."))}</strong> {" ".join(told)}</p>')
    return results.as_html(score or scored(mark.earned, mark.points), lines, passed=mark.passed, before=before)


def scored(earned: float, points: float) -> str:
    """Points earned of all, in words."""
    return _("{earned} of {points} points").format(earned=results.score(earned), points=results.score(points))
