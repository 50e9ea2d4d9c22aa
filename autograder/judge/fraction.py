"""The part of a test cell's points that its passed checks earn."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.judge.marks import CheckMark
from autograder.judge.side_checks import SIDE_CHECKS
from llmkit.i18n import gettext as _

# What shapes, unchanged inputs and the like earn where nothing else is right.
SIDE_SHARE = 0.15


def fraction(grade_id: str, checks: Sequence[CheckMark]) -> float:
    """The weight of the passed checks over the weight of all; no more than SIDE_SHARE if they are side checks only.

    Zeros of the right shape pass side checks. They count in full for code that passes one other check: then it computes something.

    Args:
        grade_id: nbgrader's id of the test cell.
        checks: their outcomes.
    """
    total = sum(check.weight for check in checks)
    earned = sum(check.weight for check in checks if check.passed) / total if total else 0.0
    side = {_(title) for title in SIDE_CHECKS.get(grade_id, ())}
    if any(check.passed and check.title not in side for check in checks):
        return earned
    return min(earned, SIDE_SHARE)
