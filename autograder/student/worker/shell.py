"""The IPython shell that runs a student's cells, with outputs clipped as they arrive."""

from __future__ import annotations

import ast
import functools
import io
import re
import sys
import traceback
import unicodedata
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from llmkit.testing.raised import Raised, is_cell_file, line_in_cell

from .clipped import INTERACTIVE, KEPT_TYPES, MAX_EVENTS, MAX_OUTPUTS, MAX_RICH, MAX_TEXT, NOTE
from .commands import replace
from .imports import Absent, Imports
from .settings import Settings

_SCRIPTS = re.compile(r"<script\b.*?</script>", re.DOTALL | re.IGNORECASE)
# IPython's own syntax: a line, or the right side of an assignment, begins with one of its signs, or a question mark ends a line.
# Lines that end otherwise than with \n are left to IPython.
_MAY_BE_SYNTAX = re.compile(r"^\s*[!%,;/]|=[\s\\]*[!%]|[?\r\v\f\x1c-\x1e\x85\u2028\u2029]", re.MULTILINE)
_USUAL = TransformerManager().token_transformers

MAX_STARTS = 20  # how often the rest of a cell is tried after an error


class Recorder:
    """The outputs of the running cell in notebook form, never more than the limits say."""

    def __init__(self) -> None:
        self.outputs: list[dict[str, Any]] = []
        self.events: list[tuple[str, str]] = []
        self._text = self._rich = 0
        self._clipped = False

    def event(self, kind: str, what: str) -> None:
        """Something that ran otherwise than on the student's machine."""
        if (kind, what[:100]) not in self.events and len(self.events) < MAX_EVENTS:
            self.events.append((kind, what[:100]))

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
        if INTERACTIVE in data and not any(key.startswith("image/") for key in kept):
            self.event("figure", "")
            return
        if "text/html" in kept and not _SCRIPTS.sub("", kept["text/html"]).strip():
            del kept["text/html"]  # such as the whole of plotly before its first figure
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
            self.outputs.append({"output_type": "stream", "name": "stdout", "text": NOTE})
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


class Syntax(TransformerManager):
    """IPython's own syntax, such as `!ls` and `%time`; a cell without any is not cut into tokens to look for it."""

    def do_token_transforms(self, lines: list[str]) -> list[str]:
        usual = self.token_transformers == _USUAL  # a student may have added one
        return lines if usual and not _MAY_BE_SYNTAX.search("".join(lines)) else super().do_token_transforms(lines)


class StudentShell:
    """One student's notebook: run cells, look up the names that they defined."""

    def __init__(self) -> None:
        shell: Any = InteractiveShell
        shell.display_pub_class, shell.displayhook_class = _Publisher, _ResultHook
        # A history would be a file that all workers have open.
        no_history = Config({"HistoryManager": {"enabled": False}})
        self._ip: Any = shell.instance(colors="NoColor", xmode="Plain", config=no_history)
        self.recorder = Recorder()
        self._ip.display_pub.recorder_of = self._ip.displayhook.recorder_of = lambda: self.recorder
        self._ip.showtraceback = self._showtraceback
        self._ip.showsyntaxerror = self._showtraceback
        self._ip.ask_exit = lambda: None  # exit() in a cell must not end the grading
        self._imports = Imports(self._tell)
        self._ip.input_transformer_manager = Syntax()
        replace(self._ip, self._tell)
        self._settings: Settings | None = None

    @property
    def names(self) -> dict[str, Any]:
        """Names and values; without what would have come from a package that is not here."""
        return {name: value for name, value in self._ip.user_ns.items() if type(value) is not Absent}

    def _tell(self, kind: str, what: str) -> None:
        self.recorder.event(kind, what)

    def _showtraceback(self, *args: Any, **kwargs: Any) -> None:
        """The error is reported by `run`, as data."""

    def run(self, code: str, ours: bool = True) -> dict[str, Any]:
        """Runs one cell.

        Args:
            code: its source.
            ours: whether it is the course's; a student's cell is helped over what only the grader's machine lacks, and what it
                changes for all code of the process is put back.

        Returns:
            `outputs` in notebook form, `error` (ename, evalue, traceback) or None, and `events`: pairs of kind and name, such as
            ("package", "einops").
        """
        self.recorder = Recorder()
        # Only where there is something to rewrite: going through a tree, as IPython does for each, takes longer than most cells.
        transformers = [self._imports] if not ours and "import" in code else []
        self._ip.ast_transformers += transformers
        saved = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = _Stream(self, "stdout"), _Stream(self, "stderr")
        try:
            error = self._error(code, ours) if ours else self._error_of_all(self._readable(code))
        finally:
            sys.stdout, sys.stderr = saved
            self._ip.ast_transformers = [one for one in self._ip.ast_transformers if one not in transformers]
        told = None if error is None else describe(error)
        return {"outputs": self.recorder.finish(), "error": told, "events": self.recorder.events}

    def _error(self, code: str, ours: bool) -> BaseException | None:
        self._settings = self._settings or Settings()
        changed = functools.partial(self._tell, "changed")
        with self._settings.of_the_course() if ours else self._settings.of_the_student(changed):
            try:
                result = self._ip.run_cell(code, store_history=True)
            except Exception as broken:  # the cell has taken from IPython what it runs on, such as `isinstance`
                return broken
        error: BaseException | None = result.error_before_exec or result.error_in_exec
        return error

    def _error_of_all(self, code: str) -> BaseException | None:
        """Runs a cell; where it stops at what the grader's machine lacks, the statements after that run all the same.

        Returns:
            The first error.
        """
        first, rest = None, code
        for _ in range(MAX_STARTS):
            error = self._error(rest, ours=False)
            first = first or error
            lacks = isinstance(error, (ImportError, OSError, EOFError)) or any(
                kind != "changed" for kind, _what in self.recorder.events
            )
            if not isinstance(error, Exception) or isinstance(error, NotImplementedError) or not lacks:
                break
            rest = self._after(rest, error)
            if not rest:
                break
        return first

    def _after(self, code: str, error: Exception) -> str:
        """The statements of a cell after the one that raised, at their own lines; empty if there are none."""
        line = line_in_cell(error)
        try:
            source = self._ip.transform_cell(code)
            body = ast.parse(source).body
        except (SyntaxError, ValueError):
            return ""
        failed = next((node for node in body if line and node.lineno <= line <= (node.end_lineno or 0)), None)
        if failed is None or failed is body[-1]:
            return ""
        return "#\n" * int(failed.end_lineno or 0) + "".join(source.splitlines(keepends=True)[failed.end_lineno :])

    def _readable(self, code: str) -> str:
        """The cell without characters that Python does not read and nobody sees, and with a cell magic where IPython expects it."""
        if not code.isascii() or "\0" in code:
            clean = "".join(_visible(character) for character in code)
            if clean != code and not _compiles(self._ip.transform_cell(code)):
                code = clean
                self._tell("characters", "")
        lines = code.split("\n")
        first = next((number for number, line in enumerate(lines) if not re.match(r"\s*(#|$)", line)), 0)
        if lines[first].startswith("%%"):
            # Colab allows a form's title before it.
            return "\n".join([lines[first], *lines[:first], *lines[first + 1 :]])
        # IPython drops empty lines at the beginning; with comments in their place the numbers of lines stay right.
        return "\n".join([*("#" if not line.strip() else line for line in lines[:first]), *lines[first:]])


def _visible(character: str) -> str:
    """The character as Python reads it: no null byte, no mark without width, and only plain spaces."""
    if character == "\0" or unicodedata.category(character) == "Cf":
        return ""
    return " " if unicodedata.category(character) == "Zs" else character


def _compiles(code: str) -> bool:
    try:
        compile(code, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | ast.PyCF_ONLY_AST)
    except (SyntaxError, ValueError):
        return False
    return True


def describe(error: BaseException) -> dict[str, Any]:
    """An exception as data: name, text, base classes, the student's line, the end of the traceback."""
    try:
        text = str(error)[:2000]
    except BaseException:
        text = "(the exception's text could not be read)"
    if isinstance(error, SyntaxError) and is_cell_file(error.filename or ""):
        text = error.msg  # the line is told apart
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
        "at": line_in_cell(error),
        "module": str(error.name)[:200] if isinstance(error, ModuleNotFoundError) and error.name else "",
        "traceback": [*lines, f"{raised.name[:200]}: {text}"],
    }
