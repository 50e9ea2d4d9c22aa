"""A web server on this machine that answers as told, for tests of downloads."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]


def file(content: bytes, claimed: int | None = None, **headers: str) -> Answer:
    """A file; with `claimed`, the length that is promised differs from what is sent."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(content) if claimed is None else claimed))
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        if request.command == "GET":
            request.wfile.write(content)
            request.close_connection = claimed is not None

    return answer


def status(code: int) -> Answer:
    """An error."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(code)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return answer


class Server:
    """Answers by path: a list is used up, its last answer stays."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answers: dict[str, list[Answer]] = {}
        self.asked: dict[str, int] = defaultdict(int)

    def next(self, path: str) -> Answer:
        """The next answer for a path; 404 where none is known."""
        answers = self.answers.get(path)
        if answers is None:
            return status(404)
        self.asked[path] += 1
        return answers.pop(0) if len(answers) > 1 else answers[0]


@contextmanager
def serving() -> Iterator[Server]:
    """A server while the block lasts."""
    known: list[Server] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            known[0].next(self.path.partition("?")[0])(self)

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            pass

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web.daemon_threads = True
    known.append(Server(f"http://127.0.0.1:{web.server_port}"))
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield known[0]
    finally:
        web.shutdown()
        web.server_close()
        thread.join()
