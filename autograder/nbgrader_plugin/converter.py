"""nbgrader's Autograde, made to go through a student's folder as a person would."""

from __future__ import annotations

from nbgrader.apps import api, autogradeapp
from nbgrader.converters import Autograde


class CourseAutograde(Autograde):
    """Grades what students really hand in; `Autograde.…` in a configuration is meant for it, too."""


def install() -> None:
    """Lets `nbgrader autograde` and the formgrader use our converter: nbgrader has no setting for it."""
    autogradeapp.Autograde = api.Autograde = CourseAutograde
