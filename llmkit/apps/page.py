"""What the applications' pages share: Gradio without requests to other hosts, in a notebook, in Colab or as a page of its own."""

from __future__ import annotations

import argparse
import inspect
import os
import re
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from llmkit import i18n, runtime
from llmkit.errors import DataError, WeightsError
from llmkit.i18n import gettext as _

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

FONT = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]
MONO = ["ui-monospace", "Consolas", "monospace"]
CSS = "footer {display: none !important} .gradio-container {max-width: 860px !important; margin: 0 auto !important}"
# Gradio 5's page loads a script from a CDN and connects to a host of fonts; Gradio 6's does neither.
_OUTSIDE = re.compile(
    rb"""<script\b[^>]*\bsrc=["'](?:https?:)?//[^>]*>\s*</script>|<link\b[^>]*\bhref=["'](?:https?:)?//[^>]*>""",
    re.IGNORECASE,
)
_POLICY = b"default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:"


class AppError(Exception):
    """An application cannot start; the message says what to do."""


def gradio() -> Any:
    """The module, with its telemetry off.

    Raises:
        AppError: it is not installed, or too old.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    try:
        import gradio
    except ImportError as error:
        raise AppError(
            _('The applications need Gradio ({error}). Remedy: pip install "llmkit[apps]"').format(error=error)
        ) from error
    if int(gradio.__version__.split(".")[0]) < 5:
        told = _('Gradio {version} is too old. Remedy: pip install --upgrade "llmkit[apps]"')
        raise AppError(told.format(version=gradio.__version__))
    return gradio


def add_quick(parser: argparse.ArgumentParser) -> None:
    """The option with which an application is there within a minute, on two idle cores."""
    parser.add_argument(
        "--quick",
        action="store_true",
        help="where there is no model yet, train briefly: less than half a minute on two idle cores, and more mistakes",
    )


def hint() -> str:
    """How to wait less for a first training."""
    return _(
        "With --quick (make: QUICK=1) two idle cores need less than half a minute, and the model makes more mistakes."
    )


def run(application: Callable[[], None], lang: str | None) -> int:
    """Runs an application from the command line; what goes wrong, and a stop, are told in a line.

    Args:
        application: loads the model and shows the page until Ctrl+C.
        lang: language of what is told; by default the system's.

    Returns:
        The exit code: 0, 2 after an error, 130 when it was stopped before the page was there.
    """
    try:
        if lang:
            i18n.set_language(lang)
        application()
    except (AppError, WeightsError, DataError) as error:
        print(_("error: {error}").format(error=error), file=sys.stderr)
        return 2
    except KeyboardInterrupt as stop:
        print(str(stop) or _("Stopped."), file=sys.stderr)
        return 130
    return 0


def fitting(function: Callable[..., Any], **options: Any) -> dict[str, Any]:
    """The options that a function of the installed Gradio accepts: versions 5 and 6 differ in a few."""
    known = inspect.signature(function).parameters
    return {name: value for name, value in options.items() if name in known}


def blocks(title: str) -> Any:
    """An empty page, to be filled in a `with` block."""
    gr = gradio()
    return gr.Blocks(title=title, analytics_enabled=False, **_looks(gr, gr.Blocks.__init__))


def launch(page: Any, *, port: int | None = None, inline: bool = False, wait: bool = False, height: int = 640) -> str:
    """Starts a page's server on this machine; never shares it.

    Args:
        page: made by `blocks`.
        port: by default a free one from 7860 upward.
        inline: whether to show it below the notebook's cell.
        wait: whether to stay until someone presses Ctrl+C.
        height: of the frame below the cell, in pixels.

    Returns:
        The page's address.

    Raises:
        AppError: the port is taken.
    """
    gr = gradio()
    from starlette.middleware import Middleware

    options = {
        "inline": inline,
        "share": False,
        "quiet": True,
        "show_error": True,
        "prevent_thread_lock": True,
        "server_name": "127.0.0.1",
        "server_port": port,
        "height": height,
        "app_kwargs": {"middleware": [Middleware(OnlyFromHere)]},
        **fitting(gr.Blocks.launch, ssr_mode=False, show_api=False, footer_links=[]),
        **_looks(gr, gr.Blocks.launch),
    }
    try:
        _app, address, _shared = page.launch(**options)
    except OSError as error:
        told = _("The page cannot start: {error} Remedy: choose another port with --port, or leave it out.")
        raise AppError(told.format(error=error)) from error
    if wait:
        print(_("The page is at {address}. Ctrl+C stops it.").format(address=address), flush=True)
        page.block_thread()
    return str(address)


def _looks(gr: Any, function: Callable[..., Any]) -> dict[str, Any]:
    """Theme and style, which Gradio 5 takes when the page is made and Gradio 6 when it is started."""
    # White on Gradio's own orange is hard to read.
    fills = {
        "fill": "*primary_700",
        "fill_dark": "*primary_700",
        "fill_hover": "*primary_800",
        "fill_hover_dark": "*primary_800",
    }
    theme = gr.themes.Default(font=FONT, font_mono=MONO).set(
        **{f"button_primary_background_{name}": colour for name, colour in fills.items()}
    )
    return fitting(function, theme=theme, css=CSS)


class OnlyFromHere:
    """Removes from a page what would make the browser contact other hosts, and forbids it to contact any.

    Args:
        app: the ASGI application behind it.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Passes everything but pages on unchanged."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def forward(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    page = _OUTSIDE.sub(b"", body)
                    await send(_with_headers(start, len(page)))
                    await send({"type": "http.response.body", "body": page})

        await self._app(scope, receive, forward)


def _is_page(message: Message) -> bool:
    headers = {name.lower(): value for name, value in message.get("headers", [])}
    return bool(headers.get(b"content-type", b"").startswith(b"text/html"))


def _with_headers(start: Message, length: int) -> Message:
    headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
    headers.append((b"content-length", str(length).encode()))
    if runtime.environment() != "colab":  # there the page comes through Google's own proxy, from another host
        headers.append((b"content-security-policy", _POLICY))
    return {**start, "headers": headers}
