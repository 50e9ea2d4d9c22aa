"""Commands and magics in a student's cells that are not run while grading: what fetches something, what only an interface needs."""

from __future__ import annotations

import builtins
import functools
import getpass
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

from IPython.core import interactiveshell
from IPython.core.error import UsageError

Tell = Callable[[str, str], None]

# Installing and downloading: there is no network in the sandbox, and without a sandbox it is not for the grader to install things.
_INSTALLERS = {"pip", "pip3", "conda", "mamba", "micromamba", "uv", "apt", "apt-get", "npm"}
_FETCHERS = {"wget", "curl", "gdown", "kaggle", "hf", "huggingface-cli", "git-lfs"}
_RUN_CODE = {"time", "timeit", "prun", "capture", "run", "debug"}


def fetches(command: str | Sequence[Any]) -> str:
    """The program in a command that installs or downloads something; empty if there is none."""
    if not isinstance(command, str):
        command = " ".join(os.fsdecode(part) if isinstance(part, bytes) else str(part) for part in command)
    for part in re.split(r"[;&|\n]+", command):
        words = [word for word in part.split() if word != "sudo" and "=" not in word]
        if words[1:3] == ["-m", "pip"]:
            return "pip"
        program = os.path.basename(words[0]) if words else ""
        if program in _INSTALLERS | _FETCHERS:
            return program
        if program == "git" and {"clone", "pull", "fetch"} & set(words[1:3]):
            return "git"
    return ""


def replace(ip: Any, tell: Tell) -> None:
    """Puts this process's own ways in the place of `input()`, of shell commands and of magics.

    Args:
        ip: the IPython shell.
        tell: hears of everything that was left out, as ("command", "pip") or ("magic", "tensorboard").
    """
    _replace_input(tell)
    _replace_commands(tell)
    ip.enable_gui = lambda *args, **kwargs: None  # `%matplotlib inline`
    _replace_magics(ip, tell)


def _replace_input(tell: Tell) -> None:
    def ask(prompt: Any = "", *args: Any, **kwargs: Any) -> str:
        """Nobody is there to type: an empty line."""
        print(prompt)
        tell("input", "input")
        return ""

    builtins.input, getpass.getpass = ask, ask


def _replace_commands(tell: Tell) -> None:
    class Popen(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, args: Any, *rest: Any, **options: Any) -> None:
            program = fetches(args if isinstance(args, (str, list, tuple)) else "")
            if program:
                tell("command", program)
                args, options = [sys.executable, "-S", "-c", ""], options | {"shell": False, "executable": None}
            super().__init__(args, *rest, **options)

    def unless_it_fetches(run: Callable[[str], Any], result: Any) -> Callable[[str], Any]:
        @functools.wraps(run)
        def checked(command: str) -> Any:
            program = fetches(command)
            if not program:
                return run(command)
            tell("command", program)
            return result

        return checked

    subprocess.Popen = Popen  # type: ignore[misc]
    os.system = unless_it_fetches(os.system, 0)  # type: ignore[assignment]
    for name, result in (("system", 0), ("getoutput", "")):
        setattr(interactiveshell, name, unless_it_fetches(getattr(interactiveshell, name), result))


def _replace_magics(ip: Any, tell: Tell) -> None:
    """A magic that fetches, or that nobody knows, does nothing; one that only an interface needs may fail."""
    run_line, run_cell = ip.run_line_magic, ip.run_cell_magic

    def line_magic(name: str, line: str, _stack_depth: int = 1) -> Any:
        if name in _INSTALLERS:
            return tell("command", name)
        try:
            return run_line(name, line, _stack_depth + 1)
        except (UsageError, ImportError, NotImplementedError) as error:
            if name in _RUN_CODE:
                raise
            print(error, file=sys.stderr)
            return tell("magic", name)

    def cell_magic(name: str, line: str, cell: str) -> Any:
        if ip.find_cell_magic(name) is None:
            return tell("magic", name)
        if name == "timeit":
            # Without the clock the body runs once, and what it defines stays.
            return ip.run_cell(cell).raise_error()
        return run_cell(name, line, cell)

    ip.run_line_magic, ip.run_cell_magic = line_magic, cell_magic
