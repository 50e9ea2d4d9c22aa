"""Expected results as bands: what a run should reach on this kind of device, and whether it did."""

from __future__ import annotations

import math
import os

from llmkit import runtime
from llmkit.i18n import gettext as _


def band(what: str, value: float, low: float | None = None, high: float | None = None, digits: int = 2) -> bool:
    """Checks whether a result lies in its band; prints one line.

    A run cut short by LLMKIT_QUICK is not judged. With LLMKIT_STRICT=1 a result outside its band is an error, so that the
    project's slow tests notice it; a student who experiments only gets the line.

    Args:
        what: name of the result, with its unit: "validation loss (nats per token)".
        value: the result.
        low: lowest expected value; by default no bound.
        high: highest expected value; by default no bound.
        digits: digits after the point.

    Returns:
        Whether the value lies in the band; True for a quick run.

    Raises:
        ValueError: there is no bound.
        AssertionError: outside, with LLMKIT_STRICT=1.
    """
    if low is None and high is None:
        raise ValueError("a band needs a low or a high bound")
    if low is None:
        expected = _("at most {high}").format(high=f"{high:.{digits}f}")
    elif high is None:
        expected = _("at least {low}").format(low=f"{low:.{digits}f}")
    else:
        expected = _("from {low} to {high}").format(low=f"{low:.{digits}f}", high=f"{high:.{digits}f}")
    got = f"{what}: {value:.{digits}f}"
    if runtime.quick():
        print(_("· {got} (a quick run: not compared with {expected})").format(got=got, expected=expected))
        return True
    inside = not math.isnan(value) and (low is None or value >= low) and (high is None or value <= high)
    text = (
        _("✓ {got} (expected {expected})")
        if inside
        else _("✗ {got} (expected {expected}; yours may still be right: see the table)")
    )
    line = text.format(got=got, expected=expected)
    print(line)
    if not inside and os.environ.get("LLMKIT_STRICT", "0") not in ("", "0"):
        raise AssertionError(line)
    return inside
