"""The bridge to the course's autograder, which is in the checkout, not part of this package."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import NoReturn

INSTALL = 'pip install -e ".[{extra}]" -c constraints.txt'


def autograder(module: str, extra: str = "instructor") -> ModuleType:
    """A module of the autograder; if it or a library it needs is missing, one line and exit status 2.

    Args:
        module: its name.
        extra: the extra that installs what it needs.
    """
    with needing(extra):
        return import_module(f"autograder.{module}")


@contextmanager
def needing(extra: str) -> Iterator[None]:
    """Turns the lack of a library into one line that says how to install it, and exit status 2: many are imported late."""
    try:
        yield
    except ModuleNotFoundError as error:
        _stop(error, extra)


def main() -> None:
    """The `autograder` command."""
    with needing("instructor"):  # a student's installation has no nbgrader
        autograder("cli").main()


def _stop(error: ModuleNotFoundError, extra: str) -> NoReturn:
    if str(error.name).split(".")[0] == "autograder":
        problem = "the autograder is in the course's repository, not in this package"
        remedy = f"clone the repository and type in it: {INSTALL.format(extra=extra)}"
    else:
        problem = f"the autograder needs {error.name}, which is not installed"
        remedy = f"type in the course's folder: {INSTALL.format(extra=extra)}"
    print(f"error: {problem}. Remedy: {remedy}", file=sys.stderr)
    sys.exit(2)
