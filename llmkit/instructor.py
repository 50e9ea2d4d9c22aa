"""The `autograder` command: runs the autograder of the course's checkout, which is no part of this package."""

from __future__ import annotations

import sys

INSTALL = 'pip install -e ".[instructor]" -c constraints.txt'


def main() -> None:
    """Runs `autograder.cli`; where it, or a library that it needs, is not there: one line and exit status 2."""
    try:
        from autograder.cli import main as run
    except ModuleNotFoundError as error:
        if str(error.name).split(".")[0] == "autograder":
            problem = "the autograder is in the course's repository, not in this package"
            remedy = f"clone the repository and type in it: {INSTALL}"
        else:
            problem = f"the autograder needs {error.name}, which is not installed"
            remedy = f"type in the course's folder: {INSTALL}"
        print(f"error: {problem}. Remedy: {remedy}", file=sys.stderr)
        sys.exit(2)
    run()
