"""A chat in a notebook: the answer arrives piece by piece, and can be stopped. Uses only what ipywidgets 7.7 and 8 share."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

import ipywidgets as w

from llmkit.i18n import gettext as _
from llmkit.views.palette import BLUE, INK, PALE, WHITE
from llmkit.views.widget import show

Messages = list[dict[str, str]]
Reply = Callable[[Messages], Iterator[str]]


class ChatBox(w.VBox):  # type: ignore[misc]
    """A conversation with a model, a line to type in, and buttons to send, to stop and to start again.

    Args:
        reply: yields the answer to a list of messages, each with "role" and "content", piece by piece.

    Attributes:
        messages: the conversation so far.
    """

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self.messages: Messages = []
        self._halt = threading.Event()
        self._thread: threading.Thread | None = None
        self.page = w.HTML(layout=w.Layout(width="95%"))
        self.typed = w.Text(placeholder=_("Your message"), layout=w.Layout(width="60%"))
        self.send = w.Button(description=_("Send"), button_style="primary")
        self.stop = w.Button(description=_("Stop"), disabled=True)
        self.reset = w.Button(description=_("Start again"))
        with warnings.catch_warnings():
            # Deprecated in ipywidgets 8, where its successor sends whenever the line loses the focus, too.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.typed.on_submit(lambda _line: self._begin())
        self.send.on_click(lambda _button: self._begin())
        self.stop.on_click(lambda _button: self._halt.set())
        self.reset.on_click(lambda _button: self._forget())
        self._draw()
        super().__init__([self.page, w.HBox([self.typed, self.send, self.stop, self.reset])])

    def wait(self, seconds: float | None = None) -> None:
        """Waits until the answer is complete or stopped."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _begin(self) -> None:
        asked = self.typed.value.strip()
        if not asked or self.send.disabled:
            return
        self.typed.value = ""
        self.messages += [{"role": "user", "content": asked}]
        self._halt.clear()
        self.send.disabled, self.stop.disabled, self.reset.disabled = True, False, True
        # The kernel reads the click on "stop" only while it runs no other cell or click, so the answer has a thread of its own.
        self._thread = threading.Thread(target=self._answer, daemon=True)
        self._thread.start()

    def _answer(self) -> None:
        said, note = "", ""
        self._draw(said, note)
        try:
            for piece in self._reply([*self.messages]):
                if self._halt.is_set():
                    note = _("(stopped)")
                    break
                said += piece
                self._draw(said)
        except Exception as error:  # the student's code may raise anything, and the chat must survive
            note = f"{type(error).__name__}: {error}"
        self.messages += [{"role": "assistant", "content": said}]
        self._draw(note=note)
        self.send.disabled, self.stop.disabled, self.reset.disabled = False, True, False

    def _forget(self) -> None:
        self.messages = []
        self._draw()

    def _draw(self, said: str | None = None, note: str = "") -> None:
        names = {"user": _("You"), "assistant": _("Assistant")}
        turns = [*self.messages, *([{"role": "assistant", "content": said}] if said is not None else [])]
        self.page.value = "".join(
            f'<div style="white-space:pre-wrap;margin:0.4em 0;padding:0.4em 0.8em;border-radius:0.5em;color:{INK};'
            f'background:{PALE if turn["role"] == "assistant" else WHITE};border:1px solid {BLUE}40">'
            f"<b>{escape(names[turn['role']])}</b><br>{escape(turn['content']) or '…'}</div>"
            for turn in turns
        ) + (f"<p><i>{escape(note)}</i></p>" if note else "")

    def _ipython_display_(self, **_options: Any) -> None:
        """Shows the widget, with the conversation so far as HTML and text for front ends without widgets."""
        told = "\n".join(f"{turn['role']}: {turn['content']}" for turn in self.messages)
        show(self, self.page.value, told or _("A chat: it needs a notebook with widgets."))
