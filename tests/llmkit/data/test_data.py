"""Data sets: shipped ones without a network, the others through the real download code, from a server on this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import loopback
import pytest
from typer.testing import CliRunner

from llmkit import data, i18n
from llmkit.cli import app
from llmkit.data import download, registry
from llmkit.errors import DataError, Stopped

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "data"
CONTENT = "Uma página de texto, com acentos.\r\nE outra linha.\r\n".encode() * 500


def register(monkeypatch: pytest.MonkeyPatch, *entries: data.Dataset) -> None:
    """Makes these the only data sets, for the module and for the package's face."""
    for place in (registry, data):
        monkeypatch.setattr(place, "catalogue", lambda: entries)


DATA_SETS = [entry for entry in data.catalogue() if entry.format not in ("tiktoken", "safetensors", "gguf")]


@pytest.fixture
def server() -> Iterator[loopback.Server]:
    with loopback.serving() as found:
        yield found


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("LLMKIT_MIRROR", raising=False)
    monkeypatch.delenv("LLMKIT_OFFLINE", raising=False)
    monkeypatch.setattr(download, "PAUSE", 0.01)


@pytest.fixture
def entry(server: loopback.Server, monkeypatch: pytest.MonkeyPatch) -> data.Dataset:
    """A text with one address, on our server."""
    made = replace(
        data.find("verdict"),
        name="page",
        file="page.txt",
        bytes=len(CONTENT),
        sha256=sha256(CONTENT).hexdigest(),
        urls=(f"{server.address}/page.txt",),
    )
    register(monkeypatch, made)
    return made


@pytest.mark.parametrize("entry", [e for e in DATA_SETS if e.shipped], ids=lambda e: e.name)
def test_shipped_sets_load_without_a_network(entry: data.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMKIT_OFFLINE", "1")
    content = data.load(entry.name)
    assert len(content) > (1000 if isinstance(content, str) else 99)
    assert not (download.cache()).exists()


def test_a_name_without_its_language_takes_the_courses() -> None:
    with i18n.using("pt-BR"):
        assert data.find("short-story").language == "pt-BR"
    assert data.find("short-story").language == "en"
    assert data.find("short-story", lang="pt-BR").language == "pt-BR"
    assert data.find("short-story-en", lang="pt-BR").language == "en"


def test_splits_and_unknown_names_are_told() -> None:
    whole, train = data.rows("messages", "en"), data.rows("messages", "en", split="train")
    assert 0 < len(train) < len(whole) and {row["split"] for row in train} == {"train"}
    with pytest.raises(DataError, match="test, train"):
        data.load("messages", split="exam")
    with pytest.raises(DataError, match="no split 'train'; it has none"):
        data.load("short-story", split="train")
    with pytest.raises(DataError, match=r"There are: .*messages"):
        data.load("mesages")
    with pytest.raises(DataError, match="is a table"):
        data.text("messages")
    with pytest.raises(DataError, match="is a text"):
        data.rows("short-story")
    with pytest.raises(DataError, match="tokenizer"):
        data.load("tokenizer-8k")


def test_a_good_file_is_downloaded_once(server: loopback.Server, entry: data.Dataset) -> None:
    server.answers["/page.txt"] = [loopback.file(CONTENT)]
    assert data.text("page") == CONTENT.decode().replace("\r\n", "\n")
    assert data.text("page") and server.asked["/page.txt"] == 1
    assert [p.name for p in download.cache().iterdir()] == ["page.txt"], "no temporary file is left"


def test_a_server_that_fails_first_is_asked_again(server: loopback.Server, entry: data.Dataset) -> None:
    server.answers["/page.txt"] = [loopback.status(500), loopback.status(503), loopback.file(CONTENT)]
    assert data.text("page") and server.asked["/page.txt"] == 3


def test_a_download_that_is_stopped_leaves_nothing_and_runs_again(server: loopback.Server, entry: data.Dataset) -> None:
    def interrupted(request: BaseHTTPRequestHandler) -> None:
        loopback.file(CONTENT[:900], claimed=len(CONTENT))(request)
        os.kill(os.getpid(), signal.SIGINT)

    server.answers["/page.txt"] = [interrupted, loopback.file(CONTENT)]
    with pytest.raises(Stopped, match=r"nothing of .* is kept"):
        data.text("page")
    assert not list(download.cache().iterdir())
    assert data.text("page") and server.asked["/page.txt"] == 2


@pytest.mark.parametrize(
    ("answer", "told", "asked"),
    [
        (loopback.file(CONTENT[:900]), "wrong checksum", 2),
        (loopback.file(CONTENT[:900], claimed=len(CONTENT)), "broke off|wrong checksum", (2, 3)),
        (loopback.file(CONTENT.replace(b"a", b"b")), "wrong checksum", 2),
        (loopback.status(404), "HTTP 404", 1),
        (loopback.status(500), "HTTP 500", 3),
    ],
    ids=["truncated", "broken off", "other content", "404", "500"],
)
def test_what_goes_wrong_is_told_with_a_remedy(
    server: loopback.Server, entry: data.Dataset, answer: loopback.Answer, told: str, asked: int | tuple[int, ...]
) -> None:
    server.answers["/page.txt"] = [answer]
    with pytest.raises(DataError, match=told) as error:
        data.load("page")
    text = str(error.value)
    assert f"{server.address}/page.txt" in text and "Remedy" in text and str(download.cache() / "page.txt") in text
    assert "short-story-en" in text, "what does the same service offline"
    assert server.asked["/page.txt"] in (asked if isinstance(asked, tuple) else (asked,))
    assert not list(download.cache().rglob("*.*")), "nothing half-done is left"


def test_the_next_address_is_asked(
    server: loopback.Server, entry: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = replace(entry, urls=(f"{server.address}/gone.txt", f"{server.address}/other.txt"))
    register(monkeypatch, two)
    server.answers["/other.txt"] = [loopback.file(CONTENT)]
    assert data.text("page")
    monkeypatch.setenv("LLMKIT_MIRROR", f"{server.address}/class/")
    (download.cache() / "page.txt").unlink()
    server.answers["/class/page.txt"] = [loopback.file(CONTENT)]
    assert data.text("page") and server.asked["/class/page.txt"] == 1 and server.asked["/other.txt"] == 1


def test_no_network_is_told(server: loopback.Server, entry: data.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = replace(entry, urls=("http://127.0.0.1:9/page.txt",))
    register(monkeypatch, nowhere)
    with pytest.raises(DataError, match="no connection"):
        data.load("page")
    monkeypatch.setenv("LLMKIT_OFFLINE", "1")
    with pytest.raises(DataError, match="LLMKIT_OFFLINE is set"):
        data.load("page")


def test_a_damaged_file_in_the_cache_is_replaced(server: loopback.Server, entry: data.Dataset) -> None:
    place = download.cache() / "page.txt"
    place.parent.mkdir()
    place.write_bytes(CONTENT[:100])
    assert data.state(entry) == "wrong"
    server.answers["/page.txt"] = [loopback.file(CONTENT)]
    assert data.text("page").startswith("Uma página") and data.state(entry) == "good"


def test_a_cache_that_cannot_be_written(
    server: loopback.Server, entry: data.Dataset, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answers["/page.txt"] = [loopback.file(CONTENT)]
    # Not even root can make a folder in a file.
    blocked = download.cache()
    blocked.write_text("a file")
    monkeypatch.setenv("LLMKIT_CACHE", str(blocked / "below"))
    assert data.text("page").startswith("Uma página")
    assert "kept for this session only" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="permissions work otherwise on Windows")
def test_a_read_only_cache_that_has_the_file_is_enough(server: loopback.Server, entry: data.Dataset) -> None:
    folder = download.cache()
    folder.mkdir()
    (folder / "page.txt").write_bytes(CONTENT)
    folder.chmod(0o555)
    try:
        assert data.text("page") and server.asked["/page.txt"] == 0
    finally:
        folder.chmod(0o755)


def test_two_processes_at_once(server: loopback.Server, entry: data.Dataset) -> None:
    server.answers["/page.txt"] = [loopback.file(CONTENT)]
    code = f"""
from llmkit import data
from llmkit.data.download import fetch
entry = data.{entry!r}
assert fetch(entry).read_bytes() == {CONTENT!r}
"""
    running = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(3)]
    for process in running:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    assert [p.name for p in download.cache().iterdir()] == ["page.txt"]


def test_no_room_is_told(entry: data.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    large = replace(entry, bytes=10**18)
    register(monkeypatch, large)
    with pytest.raises(DataError, match="no room on the disk"):
        data.load("page")


def test_a_file_that_cannot_be_read_is_told(
    server: loopback.Server, entry: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    for format_ in ("json", "text.xz"):
        register(monkeypatch, replace(entry, format=format_))
        server.answers["/page.txt"] = [loopback.file(CONTENT)]
        with pytest.raises(DataError, match=r"page\.txt cannot be read .*Remedy"):
            data.load("page")


def real_files() -> dict[str, bytes]:
    """The real sets, as their addresses send them."""
    machado = SHARED / "machado_de_assis"
    return {
        "verdict": (SHARED / "the-verdict.txt").read_bytes(),
        "tiny-shakespeare": (SHARED / "tiny_shakespeare" / "input.txt").read_bytes(),
        "dom-casmurro": (machado / "dom_casmurro.txt").read_bytes().replace(b"\n", b"\r\n"),
        "bras-cubas": (machado / "memorias_postumas_de_bras_cubas.txt").read_bytes().replace(b"\n", b"\r\n"),
        "sms-spam": b"Label\tSMS\n" + (SHARED / "sms_spam_collection" / "SMSSpamCollection.tsv").read_bytes(),
        "book-instructions": (SHARED / "instruction-data.json").read_bytes(),
        "alpaca-sample": (SHARED / "alpaca_sample" / "alpaca_en_demo.json").read_bytes(),
    }


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the real data is not beside the checkout")
def test_every_real_set_comes_through_a_mirror(server: loopback.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMKIT_MIRROR", server.address)
    files = real_files()
    assert set(files) == {entry.name for entry in data.catalogue() if not entry.shipped and not entry.wheel}
    for name, content in files.items():
        server.answers[f"/{data.find(name).file}"] = [loopback.file(content)]
        loaded = data.load(name)
        assert server.asked[f"/{data.find(name).file}"] == 1
        assert "\r" not in loaded if isinstance(loaded, str) else len(loaded) > 900
    messages = data.rows("sms-spam")
    assert len(messages) == 5574 and sum(row["label"] == "spam" for row in messages) == 747
    assert data.text("dom-casmurro").startswith("Dom Casmurro")
    assert set(data.rows("book-instructions")[0]) == {"instruction", "input", "output"}


def test_the_registry_is_whole() -> None:
    names = [entry.name for entry in data.catalogue()]
    assert len(names) == len(set(names))
    for entry in data.catalogue():
        assert entry.shipped != bool(entry.urls) and entry.licence and entry.source and entry.purpose
        assert not entry.offline or data.find(entry.offline).shipped
        if entry.shipped:
            place = data.SHIPPED / entry.file
            assert (place.stat().st_size, sha256(place.read_bytes()).hexdigest()) == (entry.bytes, entry.sha256)
            assert list(place.parent.glob("DATASHEET.md")), f"{place.parent} has a datasheet"
    assert "non-commercial" in data.find("alpaca-sample").licence


def test_the_command(server: loopback.Server, entry: data.Dataset) -> None:
    server.answers["/page.txt"] = [loopback.status(404), loopback.file(CONTENT)]
    run = CliRunner()
    assert "page" in run.invoke(app, ["data", "list"]).output
    assert run.invoke(app, ["data", "fetch", "page"]).exit_code == 1
    assert run.invoke(app, ["data", "fetch"]).exit_code == 0
    assert "✓ page" in run.invoke(app, ["data", "verify"]).output
    (download.cache() / "page.txt").write_text("broken")
    result = run.invoke(app, ["data", "verify"])
    assert result.exit_code == 1 and "✗ page" in result.output and "Remedy" in result.output
