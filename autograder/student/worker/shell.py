"""The IPython shell that runs a student's cells, with outputs clipped as they arrive."""

from __future__ import annotations

import io
import sys
import traceback
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from llmkit.testing.raised import Raised, is_cell_file

MAX_TEXT = 20_000  # characters of text kept per cell
MAX_RICH = 2 << 20  # characters of images and HTML kept per cell
MAX_OUTPUTS = 200
KEPT_TYPES = ("text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/jpeg", "image/svg+xml")


class Recorder:
    """The outputs of the running cell in notebook form, never more than the limits say."""

    def __init__(self) -> None:
        self.outputs: list[dict[str, Any]] = []
        self._text = self._rich = 0
        self._clipped = False

    def stream(self, name: str, text: str) -> None:
        room = MAX_TEXT - self._text
        if room <= 0:
            self._clipped = True
            return
        if len(text) > room:
            text, self._clipped = text[:room], True
        self._text += len(text)
        last = self.outputs[-1] if self.outputs else None
        if last and last["output_type"] == "stream" and last["name"] == name:
            last["text"] += text
        elif len(self.outputs) < MAX_OUTPUTS:
            self.outputs.append({"output_type": "stream", "name": name, "text": text})

    def data(self, kind: str, data: dict[str, Any], count: int | None = None) -> None:
        kept = {key: value for key, value in data.items() if key in KEPT_TYPES and isinstance(value, str)}
        size = sum(len(value) for value in kept.values())
        if not kept or self._rich + size > MAX_RICH or len(self.outputs) >= MAX_OUTPUTS:
            self._clipped = self._clipped or bool(kept)
            return
        self._rich += size
        output: dict[str, Any] = {"output_type": kind, "data": kept, "metadata": {}}
        if kind == "execute_result":
            output["execution_count"] = count
        self.outputs.append(output)

    def finish(self) -> list[dict[str, Any]]:
        if self._clipped:
            self.outputs.append({"output_type": "stream", "name": "stdout", "text": "\n... output clipped ...\n"})
        return self.outputs


class _Stream(io.TextIOBase):
    def __init__(self, shell: StudentShell, name: str) -> None:
        self._shell, self._name = shell, name

    def writable(self) -> bool:
        return True

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"

    def write(self, text: str) -> int:
        self._shell.recorder.stream(self._name, text)
        return len(text)


class _Publisher(DisplayPublisher):
    recorder_of: Any = None

    def publish(self, data: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        if self.recorder_of is not None:
            self.recorder_of().data("display_data", data)

    def clear_output(self, wait: bool = False) -> None:
        if self.recorder_of is not None:
            self.recorder_of().outputs.clear()


class _ResultHook(DisplayHook):
    recorder_of: Any = None

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
        if self.recorder_of is not None:
            self.recorder_of().data("execute_result", format_dict, self.prompt_count)

    def finish_displayhook(self) -> None:
        pass


class StudentShell:
    """One student's notebook: run cells, look up the names that they defined."""

    def __init__(self) -> None:
        shell: Any = InteractiveShell
        shell.display_pub_class, shell.displayhook_class = _Publisher, _ResultHook
        self._ip: Any = shell.instance(colors="NoColor", xmode="Plain")
        self._ip.history_manager.enabled = False
        self.recorder = Recorder()
        self._ip.display_pub.recorder_of = self._ip.displayhook.recorder_of = lambda: self.recorder
        self._ip.showtraceback = self._showtraceback
        self._ip.showsyntaxerror = self._showtraceback
        self._ip.ask_exit = lambda: None  # exit() in a cell must not end the grading

    @property
    def names(self) -> dict[str, Any]:
        return dict(self._ip.user_ns)

    def _showtraceback(self, *args: Any, **kwargs: Any) -> None:
        """The error is reported by `run`, as data."""

    def run(self, code: str) -> dict[str, Any]:
        """Runs one cell.

        Returns:
            `outputs` in notebook form, and `error` (ename, evalue, traceback) or None.
        """
        self.recorder = Recorder()
        saved = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = _Stream(self, "stdout"), _Stream(self, "stderr")
        try:
            result = self._ip.run_cell(code, store_history=True)
        finally:
            sys.stdout, sys.stderr = saved
        error = result.error_before_exec or result.error_in_exec
        return {"outputs": self.recorder.finish(), "error": None if error is None else describe(error)}


def describe(error: BaseException) -> dict[str, Any]:
    """An exception as data: name, text, base classes, the student's line, the end of the traceback."""
    try:
        text = str(error)[:2000]
    except BaseException:
        text = "(the exception's text could not be read)"
    raised = Raised.of(error, in_test=False)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if is_cell_file(f.filename)]
    lines = [f"line {f.lineno}, in {f.name}\n    {f.line}" for f in frames[-8:]]
    return {
        "ename": raised.name[:200],
        "evalue": text,
        "mro": [cls.__name__[:100] for cls in type(error).__mro__][:20],
        "theirs": raised.theirs,
        "line": raised.line,
        "function": raised.function[:200],
        "traceback": [*lines, f"{raised.name[:200]}: {text}"],
    }
