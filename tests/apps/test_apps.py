"""The applications without a browser: what they say and show, where models come from, pages that ask no other host."""

from __future__ import annotations

import asyncio
import builtins
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import torch

from llmkit import data, i18n
from llmkit.apps import chat, loading, page, spam
from llmkit.errors import WeightsError
from llmkit.models.gpt import GPTModel, config
from llmkit.tasks import assistant as instruct
from llmkit.tasks.assistant import Assistant
from llmkit.tasks.classifier import SpamClassifier

TINY = config("124M", vocab_size=8192, context_length=96, emb_dim=8, n_heads=2, n_layers=1, drop_rate=0.0)


class Speaker:
    """Says what it was asked, word by word."""

    lang = "en"

    def __init__(self) -> None:
        self.temperatures: list[float] = []

    def respond(self, instruction: str, input: str = "", *, temperature: float = 0.0) -> Iterator[str]:
        self.temperatures.append(temperature)
        if instruction == "too long":
            raise ValueError("the request is too long")
        for word in f"{instruction} {input}".split():
            yield f"{word} "


class Guess:
    """Each token that holds "win" speaks for spam."""

    def predict(self, text: str) -> tuple[str, float, list[tuple[str, float]]]:
        tokens = re.findall(r"\s*\S+", text)
        return "spam", 0.75, [(token, 0.5 if "win" in token else -0.25) for token in tokens]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with i18n.using("en"):
        yield


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("llmkit.data.download.cache", lambda: tmp_path)
    return tmp_path


def test_an_answer_grows_and_the_history_stays() -> None:
    speaker, before = Speaker(), [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    states = list(chat.conversation(speaker, " say ", "one two", 0.7, before))
    assert [state[-1]["content"] for state in states] == ["…", "say ", "say one ", "say one two ", "say one two"]
    assert all(state[:2] == before and state[2]["content"] == "say\n\none two" for state in states)
    assert len(before) == 2 and speaker.temperatures == [0.7]


def test_what_cannot_be_answered_is_told_in_the_chat() -> None:
    assert list(chat.conversation(Speaker(), "too long", "", 0, []))[-1][-1]["content"] == "⚠ the request is too long"
    assert list(chat.conversation(Speaker(), "  ", "x", 0, [])) == [[]]


def test_a_model_that_remembers_is_given_the_whole_conversation() -> None:
    class Listener:
        lang = "en"

        def reply(self, messages: list[dict[str, str]], *, temperature: float = 0.0) -> Iterator[str]:
            yield f"{len(messages)} at {temperature}"

    before = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    last = list(chat.conversation(Listener(), "c", "", 0.5, before))[-1]
    assert last == [*before, {"role": "user", "content": "c"}, {"role": "assistant", "content": "3 at 0.5"}]


def test_smollm2_is_loaded_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    found = object()
    monkeypatch.setattr(chat, "smollm2_chat", lambda: found)
    assert chat.model("smollm2", "pt-BR", None) is found


def test_an_empty_answer_is_told() -> None:
    class Silent(Speaker):
        def respond(self, instruction: str, input: str = "", *, temperature: float = 0.0) -> Iterator[str]:
            yield from ()

    assert list(chat.conversation(Silent(), "x", "", 0, []))[-1][-1]["content"] == "(an empty answer)"


def test_a_stop_before_the_first_token_and_after_it() -> None:
    asked = {"role": "user", "content": "x"}
    assert chat.stopped([asked, {"role": "assistant", "content": chat.WAITING}])[-1]["content"] == "(stopped)"
    begun = [asked, {"role": "assistant", "content": "half an"}]
    assert chat.stopped(begun) == begun and chat.stopped([]) == []


def test_signs_are_shown_as_they_are() -> None:
    said = [{"role": "user", "content": 'a < b & "c"'}]
    assert chat.shown(said) == [{"role": "user", "content": 'a &lt; b &amp; "c"'}] and said[0]["content"][2] == "<"


def test_tokens_are_coloured_and_harmless() -> None:
    classes, html = spam.checked(Guess(), "win <script>alert(1)</script> a&b")
    assert classes == {"spam": 0.75, "ham": 0.25}
    assert "<script>" not in html and "&lt;script&gt;alert(1)&lt;/script&gt;" in html and "a&amp;b" in html
    assert f'rgba({spam._SPAM}, 0.75)" title="+0.500">win<' in html
    assert html.count(f"rgba({spam._HAM}, 0.38)") == 2


def test_what_was_not_read_is_shown_as_such() -> None:
    assert "Not read" not in spam.token_html([("a", 0.1), (" b", 0.0)], "a b")
    html = spam.token_html([("a", 0.1)], "a <rest>")
    assert "Not read" in html and "&lt;rest&gt;" in html


def test_an_empty_message_is_not_classified() -> None:
    classes, html = spam.checked(Guess(), " \n")
    assert classes == {} and "Type a message" in html


def _served(html: bytes, kind: bytes = b"text/html; charset=utf-8") -> tuple[dict[bytes, bytes], bytes]:
    """What comes out of the filter for a page that comes in two pieces."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", kind), (b"content-length", str(len(html)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": html[:20], "more_body": True})
        await send({"type": "http.response.body", "body": html[20:]})

    sent: list[Any] = []

    async def run() -> None:
        async def send(message: Any) -> None:
            sent.append(message)

        await page.OnlyFromHere(app)({"type": "http"}, None, send)  # type: ignore[arg-type]

    asyncio.run(run())
    return dict(sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent[1:])


def test_what_would_ask_other_hosts_is_taken_out() -> None:
    kept = b'<script src="./assets/index.js"></script><link rel="stylesheet" href="/theme.css"><a href="https://x.org">x</a>'
    outside = (
        b'<link rel="preconnect" href="https://fonts.googleapis.com" />',
        b'<script\n\t\tsrc="https://cdnjs.cloudflare.com/x.js"\n\tasync\n></script>',
        b'<link\n rel="preconnect"\n href="//fonts.gstatic.com"\n crossorigin="anonymous" />',
    )
    headers, body = _served(b"<html>" + b"".join(outside) + kept + b"</html>")
    assert body == b"<html>" + kept + b"</html>"
    assert headers[b"content-length"] == str(len(body)).encode()
    assert headers[b"content-security-policy"].startswith(b"default-src 'self'")


def test_what_is_no_page_passes_as_it_is() -> None:
    script = b"x = '<script src=\"https://cdnjs.cloudflare.com/x.js\"></script>'"
    headers, body = _served(script, b"text/javascript")
    assert body == script and b"content-security-policy" not in headers


def test_without_gradio_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "gradio":
            raise ImportError("No module named 'gradio'")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(page.AppError, match=r'pip install "llmkit\[apps\]"'):
        chat.build(Speaker())
    assert chat.main(["--lang", "en"]) == 2 and spam.main([]) == 2
    assert capsys.readouterr().err.count("pip install") == 2


def test_an_assistant_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.safetensors"
    model = GPTModel(TINY)
    Assistant(model, "pt-BR").save(file)
    found = chat.load("en", file)
    assert found.lang == "pt-BR" and "mine.safetensors" in capsys.readouterr().out
    assert torch.allclose(found.model.tok_emb.weight, model.tok_emb.weight, atol=1e-4)
    with pytest.raises(WeightsError, match="nowhere"):
        chat.load("en", tmp_path / "nowhere.safetensors")


def test_a_checkpoint_that_cannot_be_read_ends_with_a_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("gradio")
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(b"no weights")
    assert chat.main(["--checkpoint", str(damaged)]) == 2
    assert spam.main(["--checkpoint", str(damaged)]) == 2
    assert capsys.readouterr().err.count("damaged.safetensors") == 2


def test_the_assistant_at_hand(
    empty_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    asked: list[tuple[int, float]] = []

    def train(rows: list[data.Row], lang: str, *, epochs: float, **_options: Any) -> Assistant:
        asked.append((len(rows), epochs))
        return Assistant(GPTModel(TINY), lang)

    monkeypatch.setattr(instruct, "train", train)
    monkeypatch.delenv("LLMKIT_QUICK", raising=False)
    rows = len(data.rows("instructions", "en", split="train"))
    assert loading.assistant_at_hand("en").lang == "en"
    monkeypatch.setenv("LLMKIT_QUICK", "1")
    loading.assistant_at_hand("en")
    assert asked == [(rows, loading.SHORT), (loading.QUICK_ROWS, 1.0)]
    assert "Tuned briefly" in capsys.readouterr().out and not list(empty_cache.iterdir())
    Assistant(GPTModel(TINY), "en").save(instruct.cached("en"))
    loading.assistant_at_hand("en")
    assert len(asked) == 2 and "from the cache" in capsys.readouterr().out
    Assistant(GPTModel(TINY), "en").save(loading.OWN)
    loading.assistant_at_hand("en")
    assert len(asked) == 2 and f"yours, from {loading.OWN}" in capsys.readouterr().out
    loading.assistant_at_hand("pt-BR")  # notebooks of the other language ask in its words
    assert len(asked) == 3 and "yours" not in capsys.readouterr().out
    Path(loading.OWN).write_bytes(b"cut off")
    with pytest.raises(WeightsError, match=f"{loading.OWN}.*delete it"):
        loading.assistant_at_hand("en")


def test_the_courses_assistant_is_tuned_once(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained: list[str] = []

    def train(rows: list[data.Row], lang: str, **_options: Any) -> Assistant:
        trained.append(lang)
        return Assistant(GPTModel(TINY), lang)

    monkeypatch.setattr(instruct, "train", train)
    monkeypatch.delenv("LLMKIT_QUICK", raising=False)
    assert chat.load("pt-BR").lang == chat.load("pt-BR").lang == "pt-BR"
    assert trained == ["pt-BR"]


def test_the_courses_classifier_is_trained_once(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained: list[str] = []

    def train(lang: str, **_options: Any) -> SpamClassifier:
        trained.append(lang)
        model = GPTModel(TINY)
        model.out_head = torch.nn.Linear(8, 2)
        return SpamClassifier(model, about={"lang": lang})

    monkeypatch.setattr(spam, "train_spam_classifier", train)
    monkeypatch.delenv("LLMKIT_QUICK", raising=False)
    first, again = spam.load("en"), spam.load("en")
    assert trained == ["en"] and again.about == {"lang": "en"}
    assert first.predict("hello")[1] == pytest.approx(again.predict("hello")[1], abs=1e-3)
    own = spam.load("pt-BR", spam.cached("en"))
    assert own.about["lang"] == "en" and trained == ["en"]


def test_quick_trains_briefly_says_so_and_keeps_nothing(
    empty_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    asked: list[float] = []

    def tune(rows: list[data.Row], lang: str, *, epochs: float = instruct.EPOCHS, **_options: Any) -> Assistant:
        asked.append(epochs)
        return Assistant(GPTModel(TINY), lang)

    def train(lang: str, *, passes: float = 3, **_options: Any) -> SpamClassifier:
        asked.append(passes)
        return SpamClassifier(GPTModel(TINY), about={"lang": lang})

    monkeypatch.setattr(instruct, "train", tune)
    monkeypatch.setattr(spam, "train_spam_classifier", train)
    monkeypatch.delenv("LLMKIT_QUICK", raising=False)
    chat.load("en", quick=True)
    spam.load("en", quick=True)
    assert asked == [loading.SHORT, spam.SHORT] and not list(empty_cache.iterdir())
    told = capsys.readouterr().out
    assert "gets 20 of 100 answers right, not 67" in told and "Of 100 test messages it gets 97 right, not 98" in told
    chat.load("en")
    assert asked[2:] == [instruct.EPOCHS] and "--quick" in capsys.readouterr().out


@pytest.mark.parametrize("lang", sorted(instruct.TEMPLATES))
def test_a_page_says_what_brief_training_gives_up(lang: str) -> None:
    pytest.importorskip("gradio")

    def notes(made: Any) -> list[str]:
        return [block.value for block in made.blocks.values() if getattr(block, "elem_id", None) == "note"]

    brief, whole = Assistant(GPTModel(TINY), lang), Assistant(GPTModel(TINY), lang)
    brief.epochs, whole.epochs = loading.SHORT, instruct.EPOCHS
    (said,) = notes(chat.build(brief, note=chat._note(brief)))
    assert all(str(figure) in said for figure in loading.RIGHT[lang]) and chat._note(whole) == ""
    quickly, wholly = (
        SpamClassifier(GPTModel(TINY), about={"passes": f"{passes:g}"}) for passes in (spam.SHORT, spam.WHOLE)
    )
    (said,) = notes(spam.build(quickly, lang, spam._note(quickly, lang)))
    assert all(str(figure) in said for pair in spam.RIGHT[lang] for figure in pair)
    assert spam._note(wholly, lang) == "" and not notes(spam.build(wholly, lang))


def test_an_assistant_knows_for_how_long_it_was_tuned(monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = GPTModel(TINY | {"vocab_size": 8193, "context_length": 96})
    monkeypatch.setattr(instruct, "load_mini", lambda device: tiny)
    rows = data.rows("instructions", "en", split="train")[:4]
    assert instruct.train(rows, "en", epochs=1.0, batch_size=4).epochs == 1.0
    assert Assistant(tiny, "en").epochs is None


@pytest.mark.parametrize("app", [chat, spam])
def test_a_first_training_that_is_stopped_ends_with_a_word_and_keeps_nothing(
    app: Any, empty_cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("gradio")

    def interrupted(*_any: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.delenv("LLMKIT_QUICK", raising=False)
    monkeypatch.setattr(instruct, "answer_loss", interrupted)
    monkeypatch.setattr("llmkit.tasks.classifier.encode_batch", interrupted)
    assert app.main(["--lang", "en"]) == 130
    assert capsys.readouterr().err.strip() == "Stopped: nothing is kept. Run it again to start anew."
    assert not list(empty_cache.iterdir())


def test_pages_are_served_here_and_name_no_other_host_to_load_from() -> None:
    pytest.importorskip("gradio")
    pages = [chat.build(Speaker()), spam.build(Guess(), "pt-BR")]
    try:
        for made in pages:
            address = page.launch(made)
            assert address.startswith("http://127.0.0.1:") and not made.share
            reply = requests.get(address, timeout=30)
            assert reply.status_code == 200 and "default-src 'self'" in reply.headers["content-security-policy"]
            assert not re.search(r"<(script|link)\b[^>]*\b(src|href)=[\"'](https?:)?//", reply.text)
            assert "fonts.googleapis.com" not in reply.text
    finally:
        for made in pages:
            made.close(verbose=False)


def test_a_port_that_is_taken() -> None:
    pytest.importorskip("gradio")
    first, second = chat.build(Speaker()), spam.build(Guess(), "en")
    try:
        port = int(page.launch(first).rstrip("/").rpartition(":")[2])
        with pytest.raises(page.AppError, match="--port"):
            page.launch(second, port=port)
    finally:
        first.close(verbose=False)
        second.close(verbose=False)
