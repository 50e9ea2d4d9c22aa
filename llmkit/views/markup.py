"""Pieces of HTML and plain text shared by several views."""

from __future__ import annotations

import math
from html import escape

from llmkit.languages import localised
from llmkit.views.palette import BAR, BLUE, INK

BOX = f"display:inline-block;margin:1px;padding:1px 4px;border-radius:4px;color:{INK};font-family:monospace"


def heading(title: str) -> str:
    """A heading; empty without a title."""
    return f"<p><b>{escape(title)}</b></p>" if title else ""


def bar_row(name: str, value: float, top: float = 1.0, *, bold: bool = False) -> str:
    """A table row: a name, a bar, its number; the longest bar stands for `top`, and a value that is not finite has none."""
    label = f"<b>{escape(name)}</b>" if bold else escape(name)
    share = max(0.0, value / top) if math.isfinite(value) else 0.0
    return (
        f'<tr><td style="text-align:right;padding-right:.6em">{label}</td>'
        f'<td style="width:320px"><div style="background:{BLUE};height:1em;width:{100 * share:.1f}%"></div></td>'
        f'<td style="padding-left:.6em">{localised(value, ".3f")}</td></tr>'
    )


def blocks(value: float, top: float = 1.0, width: int = BAR) -> str:
    """A bar in plain text, of `width` characters for `top`; a value that is not finite has none."""
    return "█" * round(width * value / top) if math.isfinite(value) else ""
