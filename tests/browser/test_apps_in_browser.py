"""The applications in a real browser: type, watch the answer come, stop it, begin anew; and no request to any other host."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from llmkit import i18n
from llmkit.apps import chat, page, spam

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytest.importorskip("gradio", reason="the applications need Gradio: pip install -e '.[apps]'")
pytestmark = [pytest.mark.browser, pytest.mark.slow]

INSTRUCTION = "#instruction textarea, #instruction input"


class Slow:
    """Answers with as many words as it is told to; a word takes a moment."""

    lang = "en"

    def __init__(self) -> None:
        self.said = 0
        self.temperatures: list[float] = []

    def respond(self, instruction: str, input: str = "", *, temperature: float = 0.0) -> Iterator[str]:
        self.temperatures.append(temperature)
        for number in range(int(instruction)):
            time.sleep(0.1)
            self.said += 1
            yield f"w{number} "


class Guess:
    """Each token that holds "win" speaks for spam."""

    def predict(self, text: str) -> tuple[str, float, list[tuple[str, float]]]:
        tokens = re.findall(r"\s*\S+", text)
        chance = 0.9 if "win" in text else 0.2
        return "spam" if chance > 0.5 else "ham", chance, [(token, 0.5 if "win" in token else -0.1) for token in tokens]


@pytest.fixture
def visit(window: Any) -> Iterator[Any]:
    """Opens a page."""
    made: list[Any] = []
    context = window(1000, 1000)

    def open_page(blocks: Any) -> Page:
        made.append(blocks)
        address = page.launch(blocks)
        tab: Page = context.new_page()
        tab.goto(address)
        return tab

    yield open_page
    context.close()
    for blocks in made:
        blocks.close(verbose=False)


def words(tab: Page) -> int:
    """Words of all answers on the page."""
    return len(re.findall(r"\bw\d+\b", tab.inner_text("#conversation")))


def wait_for(condition: Any, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def test_chat_streams_stops_and_begins_anew(visit: Any, tmp_path: Path) -> None:
    slow = Slow()
    with i18n.using("en"):
        tab = visit(chat.build(slow))
    tab.fill(INSTRUCTION, "300")
    assert tab.is_disabled("#stop")
    tab.click("#send")
    wait_for(lambda: words(tab) >= 2)
    assert words(tab) < 300 and tab.is_disabled("#send")  # it comes bit by bit
    tab.click("#stop")
    wait_for(lambda: tab.is_enabled("#send"))
    time.sleep(1.0)
    kept, said = words(tab), slow.said
    time.sleep(1.0)
    assert words(tab) == kept < 300 and slow.said == said  # the model, too, has stopped
    tab.screenshot(path=tmp_path / "chat.png", full_page=True)

    tab.fill(INSTRUCTION, "3")
    tab.press(INSTRUCTION, "Enter")
    wait_for(lambda: words(tab) == kept + 3 and tab.is_enabled("#send"))
    tab.click("#reset")
    wait_for(lambda: words(tab) == 0)
    assert tab.input_value(INSTRUCTION) == ""
    assert (tmp_path / "chat.png").stat().st_size > 10_000


def test_chat_takes_the_temperature_and_shows_text_as_it_is(visit: Any) -> None:
    slow = Slow()
    tab = visit(chat.build(slow))
    tab.fill("#temperature input[type=number]", "1.5")
    tab.press("#temperature input[type=number]", "Tab")
    tab.fill(INSTRUCTION, "1")
    tab.fill("#text textarea", "<b>bold</b> **stars**")
    tab.click("#send")
    wait_for(lambda: words(tab) == 1)
    assert "<b>bold</b> **stars**" in tab.inner_text("#conversation")
    assert slow.temperatures == [1.5]


def test_reset_while_an_answer_comes(visit: Any) -> None:
    slow = Slow()
    tab = visit(chat.build(slow))
    tab.fill(INSTRUCTION, "300")
    tab.click("#send")
    wait_for(lambda: words(tab) >= 1)
    tab.click("#reset")
    wait_for(lambda: words(tab) == 0)
    time.sleep(1.0)
    assert words(tab) == 0 and tab.is_enabled("#send")
    tab.fill(INSTRUCTION, "2")
    tab.click("#send")
    wait_for(lambda: words(tab) == 2 and tab.is_enabled("#send"))  # nothing of what was said before comes back


def test_examples_fill_the_boxes(visit: Any) -> None:
    with i18n.using("en"):
        tab = visit(chat.build(Slow()))
    tab.click("text=Name the opposite.")
    wait_for(lambda: tab.input_value(INSTRUCTION) != "")
    assert tab.input_value("#text textarea") != ""


def test_a_model_that_remembers_has_one_box(visit: Any) -> None:
    class Counter:
        lang = "en"

        def reply(self, messages: list[dict[str, str]], *, temperature: float = 0.0) -> Iterator[str]:
            yield f"message {len(messages)}"

    tab = visit(chat.build(Counter()))
    assert not tab.locator("#text").is_visible()
    for count in (1, 3):
        tab.fill("#instruction textarea, #instruction input", "hello")
        tab.click("#send")
        tab.locator("#conversation", has_text=f"message {count}").wait_for()


def test_spam_shows_class_probability_and_tokens(visit: Any, tmp_path: Path) -> None:
    with i18n.using("en"):
        tab = visit(spam.build(Guess(), "en"))
    tab.fill("#message textarea", "you win a <b>prize</b>")
    tab.click("#check")
    wait_for(lambda: "90%" in tab.inner_text("#class"))
    assert tab.inner_text("#class").split()[1] == "spam"
    assert tab.inner_text("#tokens p.tokens") == "you win a <b>prize</b>"
    colours = tab.eval_on_selector_all(
        "#tokens p.tokens span[title]", "all => all.map(one => one.style.backgroundColor)"
    )
    assert len(colours) == 4 and [colour.startswith(f"rgba({spam._SPAM}") for colour in colours] == [
        False,
        True,
        False,
        False,
    ]
    tab.screenshot(path=tmp_path / "spam.png", full_page=True)
    assert (tmp_path / "spam.png").stat().st_size > 10_000

    tab.fill("#message textarea", "see you at five")
    tab.click("#check")
    wait_for(lambda: "80%" in tab.inner_text("#class"))
    assert tab.inner_text("#class").split()[1] == "ham"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["chat", "spam"])
def test_axe_finds_no_serious_fault(visit: Any, name: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    with i18n.using("en"):
        tab = visit(chat.build(Slow()) if name == "chat" else spam.build(Guess()))
    tab.emulate_media(color_scheme=scheme)
    tab.reload()
    tab.wait_for_selector("button.primary")
    # Gradio gives its place for a class that is not there yet a name that no reader may use.
    context = {"exclude": [["#class .empty"]]}
    found = axe.Axe().run(tab, context=context).response["violations"]
    faults = [
        (one["id"], [node["html"] for node in one["nodes"]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert faults == []
