"""Every command of README, CONTRIBUTING and docs/ exists, with its options; what is quick and changes nothing is run here as it stands."""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from traitlets.config import Configurable

ROOT = Path(__file__).resolve().parents[1]
INPUTS = ["*.md", "docs/*.md", "Makefile", "pyproject.toml"]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])

# Quick, and they change nothing.
RUN = {"llmkit progress", "llmkit data list", "llmkit data verify", "make help"}
# Why the others are not run here; the first that fits.
NOT_RUN = [
    (r"^(sudo|apt-get|docker|git|source|cd|py|pip|python -m venv|dask)\b", "changes the machine, or needs another one"),
    (r"^(make|jupyter)\b", "takes minutes or opens a window; the steps of `make test` run by themselves"),
    (r"^nbgrader (generate_assignment|autograde|generate_feedback)\b", "tests/autograder/test_nbgrader.py"),
    (r"^nbgrader export\b", "tests/autograder/test_export.py and test_nbgrader.py"),
    (r"^nbgrader (list|release_assignment|fetch_assignment|submit|collect)\b", "tests/autograder/test_exchange.py"),
    (r"^nbgrader (release_feedback|fetch_feedback)\b", "tests/autograder/test_exchange.py"),
    (r"^nbgrader zip_collect\b", "tests/autograder/test_zip_collect.py"),
    (r"^autograder bundle gradescope\b", "tests/autograder/test_gradescope.py"),
    (r"^autograder class\b", "tests/autograder/test_class.py and test_cluster.py"),
    (r"^autograder report\b", "tests/autograder/test_class_report.py"),
    (r"^autograder similar\b", "tests/autograder/test_similar.py"),
    (r"^autograder release\b", "tests/autograder/test_staged.py"),
    (r"^autograder exam\b", "tests/autograder/test_exam.py"),
    (r"^autograder (new|translations)\b", "tests/autograder/test_contributing.py"),
    (r"^autograder (verify|build)\b", "a step of `make test`"),
    (r"^autograder (try|demo|grade)\b", "tests/autograder/test_own.py and tests/autograder/test_class.py"),
    (r"^nbgrader db (upgrade|student add)\b", "nbgrader's own; changes a gradebook"),
    (r"^llmkit data fetch\b", "downloads"),
    (
        r"^(autograder|llmkit) doctor\b",
        "tests/guard/test_doctor.py and tests/llmkit/test_terminal.py; its status is the machine's",
    ),
    (r"^llmkit check\b", "tests/autograder/test_own.py"),
    (r"^llmkit submit\b", "tests/llmkit/test_hand_in.py"),
    (r"^pytest\b", "runs tests"),
    (r"^python (tests|benchmarks|tools|data)/", "runs for minutes, or writes"),
    (
        r"^python -m (autograder\.course\.lint|data\.|llmkit\.apps\.)",
        "a step of `autograder build`; the others train or write",
    ),
    (r"^sphinx-build\b", "tests/test_documents.py"),
    (r"^sh findings/", "downloads what it shows; tests/test_surprises.py holds its table"),
]


def commands(text: str) -> Iterator[str]:
    """The commands of a document's shell blocks and, of ours, in its sentences; without comments, settings and the environment's folder."""
    blocks = [
        block for _indent, block in re.findall(r"^( *)```(?:sh|powershell)\n(.*?)^\1```$", text, flags=re.M | re.S)
    ]
    prose = re.sub(r"^( *)```.*?^\1```$", "", text, flags=re.M | re.S)
    blocks += [
        one for one in re.findall(r"`([^`\n]+)`", prose) if re.match(r"(make|autograder|llmkit|nbgrader) [a-z]", one)
    ]
    for block in blocks:
        for line in re.sub(r"\\\n *", " ", block).splitlines():
            plain = re.sub(r"\.venv[\\/](?:bin|Scripts)[\\/](?!activate)", "", line.strip())
            if "\\" in plain:
                plain = plain.replace("\\", "/")
            for part in re.split(r" && ", re.sub(r"(^|\s)#.*", "", plain)):
                if part.strip():
                    yield re.sub(r"^(\w+=\S+ )+", "", part.strip())


COMMANDS = sorted(
    {
        (path.relative_to(ROOT).as_posix(), one)
        for path in DOCUMENTS
        for one in commands(path.read_text(encoding="utf-8"))
    }
)


def wrong(command: str) -> str:
    """What is not there of a command: a subcommand, an option, a target, a file. Empty if all of it is."""
    words = shlex.split(command)
    name, arguments = words[0], words[1:]
    if name == "sudo":
        return ""
    if name in ("autograder", "llmkit"):
        return _wrong_for_click(typer.main.get_command(importlib.import_module(_APPS[name]).app), arguments)
    check = {
        "nbgrader": _wrong_for_nbgrader,
        "make": _wrong_for_make,
        "pip": _wrong_for_pip,
        "jupyter": _wrong_for_files,
        "sh": _wrong_for_files,
    }
    if name in ("python", "pytest"):
        return _wrong_for_python(arguments)
    return check[name](arguments) if name in check else ""


_APPS = {"autograder": "autograder.cli", "llmkit": "llmkit.cli"}


def _wrong_for_click(command: Any, arguments: list[str]) -> str:
    while hasattr(command, "commands"):  # a group; of which click, is typer's own business
        given = [one for one in arguments if not one.startswith("-")]
        below = command.commands.get(given[0]) if given else None
        if below is None:
            # a group that does something by itself
            return "" if command.invoke_without_command and not given else f"no subcommand {given[:1]}"
        arguments = arguments[arguments.index(given[0]) + 1 :]
        command = below
    known = {option for one in command.params for option in one.opts + one.secondary_opts}
    return next((f"no option {one}" for one in arguments if one.startswith("-") and one.split("=")[0] not in known), "")


def _wrong_for_nbgrader(arguments: list[str]) -> str:
    from nbgrader.apps.nbgraderapp import NbGraderApp

    app: Any = NbGraderApp
    while vars(app).get("subcommands"):  # every application inherits some
        if not arguments or arguments[0] not in app.subcommands:
            return f"no subcommand {arguments[:1]}"
        app, arguments = app.subcommands[arguments[0]][0], arguments[1:]
    for option in (one[2:] for one in arguments if one.startswith("--")):
        key, _, value = option.partition("=")
        if "." in key:
            if not _is_setting(*key.split(".")):
                return f"no setting --{key}"
            continue
        if key not in app.aliases and key not in app.flags:
            return f"no option --{key}"
        if key == "exporter":
            module, _, exporter = value.rpartition(".")
            if not hasattr(importlib.import_module(module), exporter):
                return f"no exporter {value}"
    return ""


def _is_setting(owner: str, name: str) -> bool:
    """Whether one of nbgrader's or the plug-in's classes has a setting of this name."""
    importlib.import_module("autograder.gradebook.run")
    waiting = [Configurable]
    while waiting:
        one = waiting.pop()
        if one.__name__ == owner and name in one.class_trait_names(config=True):
            return True
        waiting += one.__subclasses__()
    return False


def _wrong_for_make(arguments: list[str]) -> str:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for one in arguments:
        name, is_setting, _ = one.partition("=")
        found = rf"(?<!\w){name}(?!\w)" if is_setting else rf"^{re.escape(name)}:"
        if not re.search(found, text, flags=re.M):
            return f"no {'setting' if is_setting else 'target'} {name}"
    return ""


def _wrong_for_pip(arguments: list[str]) -> str:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    asked = re.findall(r"\[([\w,]+)\]", " ".join(arguments))
    missing = [one for group in asked for one in group.split(",") if one not in extras]
    return f"no extra {missing[0]}" if missing else _wrong_for_files(arguments)


def _wrong_for_files(arguments: list[str]) -> str:
    paths = [one.rpartition("=")[2] for one in arguments if re.search(r"\.(py|sh|txt|toml|ipynb)$", one)]
    return next((f"no file {one}" for one in paths if not (ROOT / one.replace("/lab/tree/", "")).exists()), "")


def _wrong_for_python(arguments: list[str]) -> str:
    if "-m" in arguments and arguments[0] == "-m":
        return "" if importlib.util.find_spec(arguments[1]) else f"no module {arguments[1]}"
    paths = [one for one in arguments if re.match(r"(tests|tools|benchmarks|data)\b", one)]
    return next((f"no file {one}" for one in paths if not (ROOT / one).exists()), "")


@pytest.mark.parametrize(("document", "command"), COMMANDS)
def test_a_command_of_a_document_exists(document: str, command: str) -> None:
    assert wrong(command) == ""
    if command not in RUN:
        assert any(re.search(pattern, command) for pattern, _ in NOT_RUN), (
            f"run {command!r} in a test, or say in NOT_RUN why not"
        )


@pytest.mark.parametrize("command", sorted({command for _, command in COMMANDS} & RUN))
def test_a_quick_command_of_a_document_runs(command: str) -> None:
    arguments = shlex.split(command)
    if arguments[0] in _APPS:
        arguments = [sys.executable, "-m", *arguments]
    done = subprocess.run(
        arguments, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("llmkit chekc ch03", "no subcommand"),
        ("llmkit check ch03 --solutions", "no option"),
        ("autograder bundle gradescop ch03", "no subcommand"),
        ("autograder report ch03 --htm x", "no option"),
        ("nbgrader gradeit ch03", "no subcommand"),
        ("nbgrader export --exportr=x", "no option"),
        ("nbgrader export --exporter=autograder.gradebook.export.NoExport", "no exporter"),
        ("nbgrader db student ad ana", "no subcommand"),
        ("nbgrader autograde ch03 --GradingRun.schedular=tcp://host:8786", "no setting"),
        ("make dema", "no target"),
        ("make app-spam LANGUAGE=pt-BR", "no setting"),
        ('pip install -e ".[teacher]" -c constraints.txt', "no extra"),
        ("python tests/guard/fuzzy.py 3", "no file"),
        ("python -m autograder.course.lnt", "no module"),
        ("jupyter lab --config=tools/students_lab.py", "no file"),
        ("sh findings/nothing.sh", "no file"),
    ],
)
def test_what_does_not_exist_is_found(command: str, what: str) -> None:
    assert what in wrong(command)


def test_files_that_stand_for_a_command_are_there() -> None:
    named = {name for _, reason in NOT_RUN for name in re.findall(r"tests/[\w/]+\.py", reason)}
    assert {name for name in named if not (ROOT / name).exists()} == set()
