"""For pytest: `--changed` runs, of the solutions notebooks and of the slow tests, what `select` chooses, and keeps the record.

A solutions notebook is a case by itself: "notebook" where LLMKIT_QUICK cuts long computations short, "full" where LLMKIT_STRICT is
set. So are the slow tests of a file together. All other tests run always.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from autograder.selection.inputs import Case, Project
from autograder.selection.select import SHARE, Selection, select

# Whatever may leave out a part of a file: then nothing is written down.
_NARROWING = ("keyword", "markexpr", "maxfail", "lf", "failedfirst", "deselect", "stepwise")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options."""
    group = parser.getgroup("selection", "choosing slow checks by what has changed")
    group.addoption(
        "--changed", action="store_true", help="leave out notebooks and slow tests that passed with the same inputs"
    )
    group.addoption(
        "--share", type=float, default=SHARE, help="the part of these that runs all the same (default: %(default)s)"
    )
    group.addoption("--sample-seed", default="", help="which of them; printed, and another one each time")


def _keep_every_output() -> None:
    """Has nbval miss nothing: it reads a cell's outputs when the cell is done. Until then the socket keeps a thousand, and drops what comes after."""
    import zmq
    from jupyter_client.client import KernelClient

    connect = KernelClient.connect_iopub

    def connect_iopub(self: Any, identity: bytes | None = None) -> Any:
        self.context.setsockopt(zmq.RCVHWM, 0)  # no limit
        return connect(self, identity)

    KernelClient.connect_iopub = connect_iopub  # type: ignore[method-assign]


def pytest_configure(config: pytest.Config) -> None:
    """Chooses, in the process that was called; workers of xdist are told."""
    if config.getoption("--nbval", False) or config.getoption("--nbval-lax", False):
        _keep_every_output()
    if not config.getoption("--changed"):
        return
    given = getattr(config, "workerinput", None)
    if given is not None:  # a worker of xdist does what its controller has chosen
        config.pluginmanager.register(_Chosen({Case(*case) for case in given["chosen"]}), "selection-chosen")
        return
    project = Project(config.rootpath)
    made = select(project, _cases(project, config.args), config.getoption("--share"), config.getoption("--sample-seed"))
    config.pluginmanager.register(_Chosen(set(made.chosen)), "selection-chosen")
    config.pluginmanager.register(_Keeper(made), "selection-keeper")


def _cases(project: Project, arguments: Iterable[str]) -> list[Case]:
    """The cases below the folders and files that pytest is called with."""
    places = [Path(argument.partition("::")[0]).resolve() for argument in arguments]
    kind = _notebook_kind()
    cases = [*(project.cases(kind) if kind else ()), *project.cases("test")]
    return [
        case for case in cases if any((project.root / case.name).resolve().is_relative_to(place) for place in places)
    ]


def _notebook_kind() -> str:
    """Which kind of case a notebook is in this call; "" where nothing is known of it."""
    quick, strict = (os.environ.get(name, "0") not in ("", "0") for name in ("LLMKIT_QUICK", "LLMKIT_STRICT"))
    return "notebook" if quick and not strict else "full" if strict and not quick else ""


def case_of(item: pytest.Item) -> Case | None:
    """The case that an item belongs to; None for one that runs always."""
    name = item.path.relative_to(item.config.rootpath).as_posix()
    if item.path.suffix == ".ipynb":
        return Case(kind, name) if (kind := _notebook_kind()) else None
    return Case("test", name) if item.get_closest_marker("slow") else None


def _is_for_students_only(item: pytest.Item) -> bool:
    """Whether it is a notebook's cell that nbval is told to skip."""
    cell = getattr(item, "cell", None)
    return cell is not None and "nbval-skip" in cell.metadata.get("tags", ())


class _Chosen:
    """Leaves out what was not chosen."""

    def __init__(self, chosen: set[Case]) -> None:
        self._chosen = chosen

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        left_out: list[pytest.Item] = []
        # With xdist, files of slow tests are dealt out first, so that all cores end together.
        long: list[pytest.Item] = []
        short: list[pytest.Item] = []
        for item in items:
            case = case_of(item)
            if case and case not in self._chosen:
                left_out.append(item)
                continue
            (long if case else short).append(item)
            if case and not _is_for_students_only(item):  # its skip says nothing about the case
                item.user_properties.append(("case", (case.kind, case.name)))
        if left_out:
            config.hook.pytest_deselected(items=left_out)
        items[:] = [*long, *short]


class _Keeper:
    """Says what was chosen, and writes down what has passed."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._passed: set[Case] = set()
        self._skipped: set[Case] = set()
        self._failed: set[Case] = set()

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        if self._selection.digests and (terminal := session.config.pluginmanager.get_plugin("terminalreporter")):
            terminal.write_line(str(self._selection))

    @pytest.hookimpl(optionalhook=True)  # of xdist
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput["chosen"] = [(case.kind, case.name) for case in self._selection.chosen]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        cases = {Case(*value) for name, value in report.user_properties if name == "case"}  # type: ignore[misc]
        if report.passed:
            self._passed |= cases
        elif report.skipped:
            self._skipped |= cases
        else:  # by its file: the report of a worker's crash knows no more
            file = report.nodeid.partition("::")[0]
            self._failed |= {case for case in self._selection.chosen if case.name == file}

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and self._selection.left_out:
            session.exitstatus = pytest.ExitCode.OK  # all of them are proved
        narrowed = any(session.config.getoption(name, None) for name in _NARROWING)
        narrowed |= any("::" in argument for argument in session.config.args)
        if narrowed or exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            return
        self._selection.finish(self._passed - self._skipped - self._failed, self._failed)
