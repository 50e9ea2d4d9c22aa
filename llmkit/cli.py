"""The `llmkit` command."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from llmkit import __version__
from llmkit.i18n import gettext as _

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Tools of the course for students.")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"llmkit {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Tools of the course for students."""


@app.command()
def doctor() -> None:
    """Look at Python, torch, the device and the packages; exit status 1 when something is missing."""
    from llmkit.doctor import examine

    findings = examine()
    table = Table(title="llmkit doctor")
    for heading in ("", _("what"), _("found"), _("remedy")):
        table.add_column(heading)
    for finding in findings:
        sign = "·" if finding.good is None else "[green]✓[/]" if finding.good else "[red]✗[/]"
        table.add_row(sign, finding.what, finding.found, "" if finding.good else finding.remedy)
    Console().print(table)
    if any(finding.good is False for finding in findings):
        raise typer.Exit(1)
