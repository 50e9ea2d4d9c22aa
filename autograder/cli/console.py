"""What all commands share: the program, the console, options, and how a student's text is shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import markup
from rich.console import Console

from autograder.errors import printable

if TYPE_CHECKING:
    pass

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Build, grade and verify the course.",
)
console = Console()
complaints = Console(stderr=True)

SandboxOption = Annotated[
    str, typer.Option(help="Where answers run: bubblewrap, or none (only for code that you trust).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print machine-readable JSON.")]


def escape(text: str) -> str:
    """A text, part of which may be a student's, for the console: neither markup nor characters that control a terminal."""
    return markup.escape(printable(text))


def print_json(data: Any) -> None:
    """Prints data as JSON."""
    print(printable(json.dumps(data, ensure_ascii=False, indent=2)))
