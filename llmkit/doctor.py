"""Reports what is there, what is missing and what to do about it. Uses no network."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from llmkit import runtime
from llmkit.i18n import gettext as _
from llmkit.languages import localised

SANDBOX_SECONDS = 20


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's report.

    Attributes:
        what: what was looked at.
        found: what is there.
        good: whether it is good enough; None if it is only worth knowing.
        remedy: what to do when it is not.
    """

    what: str
    found: str
    good: bool | None
    remedy: str = ""


def as_table(title: str, findings: list[Finding]) -> Table:
    """The report, as both doctors print it."""
    table = Table(title=title)
    for heading in ("", _("what"), _("found"), _("remedy")):
        table.add_column(heading)
    for finding in findings:
        sign = "·" if finding.good is None else "[green]✓[/]" if finding.good else "[red]✗[/]"
        table.add_row(sign, escape(finding.what), escape(finding.found), "" if finding.good else escape(finding.remedy))
    return table


def python() -> Finding:
    """Whether Python is new enough."""
    return Finding("Python", platform.python_version(), sys.version_info >= (3, 11), _("install Python 3.11 or newer"))


def disk(folder: Path, least: float, remedy: str) -> Finding:
    """Free space where a folder is.

    Args:
        folder: a folder that is there.
        least: GiB that there should be more than.
        remedy: what for.
    """
    free = shutil.disk_usage(folder).free / 2**30
    return Finding(_("free disk space"), f"{localised(free, '.1f')} GiB", free > least, remedy)


def examine() -> list[Finding]:
    """Checks everything that the course needs."""
    findings = [python(), _package("torch", required=True)]
    if findings[-1].good:
        findings.append(_device())
    findings += [_package(name, required=True) for name in ("tiktoken", "plotly", "ipywidgets", "matplotlib")]
    findings += [_package(name, required=False) for name in ("jupyterlab", "nbgrader")]
    findings += [_sandbox(), _memory()]
    findings.append(disk(Path.cwd(), 1, _("make room: some chapters keep checkpoints")))
    return findings


def _device() -> Finding:
    try:
        found = runtime.detect()
    except Exception as error:  # a torch that is installed but cannot be loaded raises many things
        text = f"{type(error).__name__}: {error}".partition("\n")[0]
        return Finding(_("device"), text, False, _("install torch again: https://pytorch.org/get-started"))
    return Finding(_("device"), f"{found.device} ({found.device_name}), bf16 {'✓' if found.bf16 else '✗'}", None)


def _sandbox() -> Finding:
    """Whether bubblewrap can lock up a process here. Only who grades other people's code needs it."""
    what, program = _("sandbox"), shutil.which("bwrap")
    if platform.system() != "Linux":
        return Finding(what, _("not on this system"), None, _("to grade other people's code, use Linux"))
    if program is None:
        told = _("to grade other people's code: sudo apt-get install bubblewrap (Debian, Ubuntu)")
        return Finding(what, _("not installed"), None, told)
    locked = [program, "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "true"]
    try:
        ran = subprocess.run(locked, capture_output=True, text=True, timeout=SANDBOX_SECONDS, check=False)
        said = "" if ran.returncode == 0 else (ran.stderr.strip().splitlines() or [f"status {ran.returncode}"])[-1]
    except (OSError, subprocess.TimeoutExpired) as error:
        said = str(error)
    if not said:
        return Finding(what, _("bubblewrap works"), True)
    told = _("to grade other people's code, let bubblewrap make user namespaces: docs/sandbox.md")
    return Finding(what, said, None, told)


def _memory() -> Finding:
    """The machine's memory, where the system reports it (Windows does not)."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    except (AttributeError, OSError, ValueError):
        return Finding(_("memory"), _("unknown"), None)
    return Finding(
        _("memory"), f"{localised(total, '.1f')} GiB", total >= 3.5, _("use a machine with 4 GB or more, or Colab")
    )


def _package(name: str, *, required: bool) -> Finding:
    try:
        return Finding(name, metadata.version(name), True)
    except metadata.PackageNotFoundError:
        return Finding(name, _("not installed"), False if required else None, f"pip install {name}" if required else "")
