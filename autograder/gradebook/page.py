"""The report as one page for the browser or paper: no script, nothing from elsewhere, and no text of a student's taken for HTML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autograder.errors import printable
from autograder.gradebook.report import ClassReport, grouped

MOST = 12  # checks and mistakes that are shown


def as_html(reports: list[ClassReport]) -> str:
    """The page of some assignments."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: printable(value) if type(value) is str else value,
        keep_trailing_newline=True,
    )
    template = environment.get_template("report.html.j2")
    return template.render(reports=reports, most=MOST, percent=_percent, grouped=grouped)


def _percent(part: Any, of: Any) -> str:
    return f"{100 * part / of:.0f}" if of else "0"
