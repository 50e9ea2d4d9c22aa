"""The bridge to the course's autograder, which is in the checkout and no part of this package."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

INSTALL = 'pip install -e ".[instructor]" -c constraints.txt'


def autograder(module: str) -> ModuleType:
    """A module of the autograder; where it, or a library that it needs, is not there: one line and exit status 2."""
    try:
        return import_module(f"autograder.{module}")
    except ModuleNotFoundError as error:
        if str(error.name).split(".")[0] == "autograder":
            problem = "the autograder is in the course's repository, not in this package"
            remedy = f"clone the repository and type in it: {INSTALL}"
        else:
            problem = f"the autograder needs {error.name}, which is not installed"
            remedy = f"type in the course's folder: {INSTALL}"
        print(f"error: {problem}. Remedy: {remedy}", file=sys.stderr)
        sys.exit(2)


def main() -> None:
    """The `autograder` command."""
    autograder("cli").main()
