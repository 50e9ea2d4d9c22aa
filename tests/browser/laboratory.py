"""JupyterLab as `make lab` opens it, over a few of the course's notebooks, and a student in front of it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

ROOT = Path(__file__).parents[2]
LANGUAGE, CHAPTER, NAME = "en", "ch03", "03_causal_attention"
NOTEBOOK = f"release/{LANGUAGE}/{CHAPTER}/{NAME}.ipynb"
SECONDS = 120  # in which JupyterLab must have started


def copy_course(folder: Path, until: str = "") -> None:
    """The start page, one notebook, its solution.

    Args:
        folder: where to.
        until: grade id of the last cell that the student's notebook keeps; all of them without.
    """
    for file in (f"release/{LANGUAGE}/00_start.ipynb", NOTEBOOK, NOTEBOOK.replace("release", "solutions")):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, folder / file)
    if until:
        notebook = nbformat.read(folder / NOTEBOOK, as_version=4)
        ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]
        notebook.cells = notebook.cells[: ids.index(until) + 1]
        nbformat.write(notebook, folder / NOTEBOOK)


@contextmanager
def jupyterlab(folder: Path, *options: str) -> Iterator[str]:
    """Runs JupyterLab over a folder that holds a course, for somebody who has never used it; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = folder / ".home"
    home.mkdir()
    line = [
        sys.executable, "-m", "jupyterlab", f"--config={ROOT / 'tools/student_lab.py'}", "--no-browser", f"--port={port}",
        "--ServerApp.port_retries=0", "--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True", *options,
        *(["--allow-root"] if os.geteuid() == 0 else []),
    ]  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LLMKIT_", "JUPYTER"))}
    environment |= {"PYTHONPATH": str(ROOT), "HOME": str(home), "LLMKIT_CACHE": str(folder / ".cache")}
    with (folder / ".log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(line, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            address = f"http://127.0.0.1:{port}"
            _await(server, f"{address}/api/status", folder / ".log")
            yield address
        finally:
            server.terminate()
            server.wait(SECONDS)


def _await(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + SECONDS
    while server.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("JupyterLab has not started:\n" + log.read_text(encoding="utf-8"))


class Student:
    """Somebody in front of JupyterLab.

    Args:
        page: a page of the browser.
        address: of JupyterLab.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.page, self._address = page, address

    def open(self, path: str) -> None:
        """Opens a file, as a click in the list of files does, with nothing else open, and waits until its kernel is ready."""
        self.page.goto(f"{self._address}/lab/tree/{path}?reset")
        self.page.wait_for_function("window.jupyterapp?.restored.then(() => true)")
        self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell").first.wait_for()
        session = "window.jupyterapp.shell.currentWidget?.sessionContext?.session"
        self.page.wait_for_function(f"{session}?.path === '{path}' && {session}.kernel?.status === 'idle'")

    def command(self, name: str, **arguments: Any) -> None:
        """Runs one of JupyterLab's commands, as its menus do."""
        self.page.evaluate("([name, given]) => window.jupyterapp.commands.execute(name, given)", [name, arguments])

    def theme(self, name: str) -> None:
        """Light or Dark."""
        self.command("apputils:change-theme", theme=f"JupyterLab {name}")
        dark = "false" if name == "Dark" else "true"
        self.page.wait_for_selector(f'body[data-jp-theme-light="{dark}"]', state="attached")

    def cell(self, text: str) -> Locator:
        """The code cell with a text in its source."""
        return self.page.locator(".jp-CodeCell", has=self.page.locator(".jp-InputArea", has_text=text)).first

    def write(self, text: str, source: str) -> None:
        """Types into a code cell, in place of all that it holds.

        Args:
            text: some text of its source.
            source: what is typed.
        """
        self._enter(self.cell(text))
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)

    def run(self, text: str) -> Locator:
        """Runs a code cell by Shift + Enter, and waits until it is done; its outputs.

        Args:
            text: some text of its source.
        """
        cell = self.cell(text)
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        self._enter(cell)
        self.page.keyboard.press("Shift+Enter")
        self.page.wait_for_function(
            "([prompt, before]) => prompt.innerText !== before && /\\[\\d+\\]/.test(prompt.innerText)",
            arg=[prompt.element_handle(), before],
        )
        return cell.locator(".jp-OutputArea-output")

    def _enter(self, cell: Locator) -> None:
        """Clicks into a cell, until the keyboard writes there: while a page is being laid out, a click can miss."""
        cell.scroll_into_view_if_needed()
        for _attempt in range(20):
            cell.locator(".cm-content").click(position={"x": 5, "y": 5})
            if cell.locator(".cm-focused").count():
                return
            self.page.wait_for_timeout(200)
        raise AssertionError("the cell does not take the keyboard")
