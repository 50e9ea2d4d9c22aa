"""The chat: answers arrive piece by piece, can be stopped, and an error of the student's code does not end it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from llmkit.views import ChatBox


def ask(box: ChatBox, text: str) -> None:
    box.typed.value = text
    box.send.click()


def test_the_whole_conversation_is_given_and_the_answer_kept() -> None:
    given: list[list[dict[str, str]]] = []

    def reply(messages: list[dict[str, str]]) -> Iterator[str]:
        given.append(messages)
        yield from ("Good ", "<day>")

    box = ChatBox(reply)
    for text in ("Hi", "And again"):
        ask(box, text)
        box.wait(10)
    assert [message["content"] for message in given[1]] == ["Hi", "Good <day>", "And again"]
    assert [message["role"] for message in box.messages] == ["user", "assistant"] * 2
    assert "Good &lt;day&gt;" in box.page.value
    assert not box.send.disabled and box.stop.disabled and box.typed.value == ""
    box.reset.click()
    assert box.messages == [] and "Good" not in box.page.value


def test_pieces_are_shown_as_they_come_and_stop_ends_the_answer() -> None:
    shown, go_on = threading.Event(), threading.Event()

    def reply(_messages: list[dict[str, str]]) -> Iterator[str]:
        yield "first"
        shown.set()
        go_on.wait(10)
        yield "second"
        pytest.fail("nobody should ask for more")

    box = ChatBox(reply)
    ask(box, "Hi")
    assert shown.wait(10)
    assert "first" in box.page.value and box.send.disabled
    box.stop.click()
    go_on.set()
    box.wait(10)
    assert box.messages[-1]["content"] == "first"
    assert "(stopped)" in box.page.value and not box.send.disabled


def test_an_error_is_shown_and_the_chat_goes_on() -> None:
    def reply(_messages: list[dict[str, str]]) -> Iterator[str]:
        raise NotImplementedError("the gap")
        yield ""

    box = ChatBox(reply)
    ask(box, "Hi")
    box.wait(10)
    assert "NotImplementedError: the gap" in box.page.value
    assert not box.send.disabled


def test_an_empty_message_is_not_sent() -> None:
    box = ChatBox(lambda _messages: iter(["never"]))
    ask(box, "   ")
    assert box.messages == []
