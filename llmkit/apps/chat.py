"""A chat with the course's tuned model or with SmolLM2: answers stream in, and can be stopped, restarted and made more or less daring.

In a notebook: `llmkit.apps.chat.show()`. As a page of its own: `python -m llmkit.apps.chat --lang pt-BR`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from llmkit import data, i18n, runtime
from llmkit.apps import page
from llmkit.apps.loading import SHORT, assistant_at_hand, given_up
from llmkit.i18n import gettext as _
from llmkit.tasks import assistant as instruct
from llmkit.tasks.chat_model import smollm2_chat

History = list[dict[str, str]]
MODELS = ("course", "smollm2")
EXAMPLES = ("colour", "animals", "rename", "opposite")  # tasks of the instruction set
QUESTIONS = (
    "What is the capital of France?",
    "Write two sentences about the sea.",
    "Explain to a child why the sky is blue.",
)
WAITING = "…"  # placeholder for an answer that has not begun


class Answers(Protocol):
    """What the chat needs of an assistant; `llmkit.tasks.assistant.Assistant` is one."""

    lang: str

    def respond(self, instruction: str, input: str = "", *, temperature: float = 0.0) -> Iterator[str]:
        """Yields the answer piece by piece."""
        ...


@runtime_checkable
class Converses(Protocol):
    """What the chat needs of a model that remembers; `llmkit.tasks.chat_model.ChatModel` is one."""

    lang: str

    def reply(self, messages: History, *, temperature: float = 0.0) -> Iterator[str]:
        """Yields the answer to the last message piece by piece."""
        ...


def conversation(
    assistant: Answers | Converses, instruction: str, text: str, temperature: float, history: History
) -> Iterator[History]:
    """The history with one more request, yielded again as its answer grows.

    Args:
        assistant: gives the answer.
        instruction: what the user wants done.
        text: the text to do it with; may be empty.
        temperature: 0 for the most probable answer.
        history: the conversation so far, as messages with "role" and "content".

    Yields:
        New lists of messages. If there can be no answer, the reason takes its place.
    """
    if not instruction.strip():
        yield history
        return
    asked = f"{instruction.strip()}\n\n{text.strip()}".strip()
    before = [*history, {"role": "user", "content": asked}]
    answer = ""
    yield [*before, {"role": "assistant", "content": WAITING}]
    try:
        if isinstance(assistant, Converses):
            pieces = assistant.reply(before, temperature=temperature)
        else:
            pieces = assistant.respond(instruction, text, temperature=temperature)
        for piece in pieces:
            answer += piece
            yield [*before, {"role": "assistant", "content": answer}]
    except ValueError as error:  # too long for the model's context, say
        answer = f"⚠ {error}"
    yield [*before, {"role": "assistant", "content": answer.strip() or _("(an empty answer)")}]


def shown(history: History) -> History:
    """The history for the page, which reads texts as HTML, escaped."""
    return [{**message, "content": escape(message["content"], quote=False)} for message in history]


def stopped(history: History) -> History:
    """The history after a stop: an answer that has not begun is marked as stopped, one that has is kept."""
    if history and history[-1]["content"] == WAITING:
        return [*history[:-1], {"role": "assistant", "content": _("(stopped)")}]
    return history


def build(assistant: Answers | Converses, lang: str | None = None, note: str = "") -> Any:
    """The page, a `gradio.Blocks`.

    Args:
        assistant: gives the answers; the examples are in its language.
        lang: language of the page; by default the assistant's.
        note: a sentence about the assistant; by default none.

    Raises:
        AppError: Gradio is not installed.
    """
    lang = lang or assistant.lang
    with i18n.using(lang):
        return _built(assistant, lang, note)


def _built(assistant: Answers | Converses, lang: str, note: str) -> Any:
    gr = page.gradio()

    def answer(instruction: str, text: str | None, temperature: float, history: History) -> Iterator[tuple[Any, ...]]:
        with i18n.using(lang):
            # A hidden box gives None.
            for messages in conversation(assistant, instruction, text or "", temperature, history):
                yield shown(messages), messages

    def busy() -> tuple[Any, Any]:
        return gr.update(interactive=False), gr.update(interactive=True)

    def idle() -> tuple[Any, Any]:
        return gr.update(interactive=True), gr.update(interactive=False)

    def halt(history: History) -> tuple[Any, ...]:
        with i18n.using(lang):
            messages = stopped(history)
        return shown(messages), messages, *idle()

    def clear() -> tuple[Any, ...]:
        return [], [], *idle(), "", ""

    remembers = isinstance(assistant, Converses)
    title, about, examples = _presented(assistant)
    with page.blocks(title) as made:
        gr.Markdown("# " + title)
        gr.Markdown(about)
        if note:
            gr.Markdown("⚠ " + note, elem_id="note")
        history = gr.State([])
        options = page.fitting(gr.Chatbot.__init__, type="messages", buttons=["copy"])
        chat = gr.Chatbot(label=_("Conversation"), height=360, render_markdown=False, elem_id="conversation", **options)
        instruction = gr.Textbox(
            label=_("Message") if remembers else _("Instruction"),
            placeholder=_("Your message") if remembers else _("What should be done?"),
            lines=1,
            autofocus=True,
            elem_id="instruction",
        )
        text = gr.Textbox(
            label=_("Text"),
            placeholder=_("What should it be done with? May stay empty."),
            lines=2,
            visible=not remembers,
            elem_id="text",
        )
        with gr.Row():
            send = gr.Button(_("Send"), variant="primary", elem_id="send")
            stop = gr.Button(_("Stop"), variant="stop", interactive=False, elem_id="stop")
            reset = gr.Button(_("Start again"), elem_id="reset")
        temperature = gr.Slider(
            0.0,
            2.0,
            value=0.0,
            step=0.1,
            label=_("Temperature: 0 takes the most probable token, higher is more daring"),
            elem_id="temperature",
        )
        gr.Examples(examples, [instruction] if remembers else [instruction, text], label=_("Examples"))

        runs = []
        for event in (send.click, instruction.submit):
            first = event(busy, None, [send, stop], queue=False)
            run = first.then(answer, [instruction, text, temperature, history], [chat, history])
            run.then(idle, None, [send, stop], queue=False)
            runs.append(run)
        # What is still in flight when an answer is cancelled must not overwrite what comes next: so one after the other.
        halted = stop.click(lambda: None, None, None, cancels=runs, queue=False)
        halted.then(halt, [history], [chat, history, send, stop], queue=False)
        ended = reset.click(lambda: None, None, None, cancels=runs, queue=False)
        ended.then(clear, None, [chat, history, send, stop, instruction, text], queue=False)
    return made


def _presented(assistant: Answers | Converses) -> tuple[str, str, list[list[str]]]:
    """Title, what is said about the model, examples."""
    if isinstance(assistant, Converses):
        about = _(
            "SmolLM2, 135 million parameters, computed on this machine: nothing that you type leaves it. It remembers the "
            "conversation, speaks English, and says wrong things with the same confidence as right ones."
        )
        return _("Chat with SmolLM2"), about, [[question] for question in QUESTIONS]
    about = _(
        "It knows twenty kinds of small tasks about a small world. Each request stands alone: it does not "
        "remember what was said before."
    )
    rows = {row["task"]: row for row in reversed(data.rows("instructions", assistant.lang, split="test"))}
    examples = [[rows[task]["instruction"], rows[task]["input"]] for task in EXAMPLES]
    return _("Chat with your assistant"), about, examples


def show(assistant: Answers | Converses | None = None, *, height: int = 720) -> None:
    """Shows the chat below a notebook's cell, in JupyterLab or Colab.

    Args:
        assistant: gives the answers; by default the one at hand, see `llmkit.apps.loading.assistant_at_hand`.
        height: of the frame, in pixels.

    Raises:
        AppError: Gradio is not installed.
    """
    assistant = assistant or assistant_at_hand()
    lang = i18n.language()
    page.launch(build(assistant, lang, _note(assistant, lang)), inline=True, height=height)


def _note(assistant: Answers | Converses, lang: str | None = None) -> str:
    """What the page says about an assistant that was tuned briefly."""
    with i18n.using(lang or assistant.lang):
        return given_up(assistant.lang) if getattr(assistant, "epochs", None) == SHORT else ""


def model(name: str, lang: str | None, checkpoint: Path | None, *, quick: bool = False) -> Answers | Converses:
    """The model that was asked for: "course", see `load`, or "smollm2", which is downloaded once (98 MB)."""
    if name == "smollm2":
        return smollm2_chat()
    return load(lang, checkpoint, quick=quick)


def load(lang: str | None = None, checkpoint: str | Path | None = None, *, quick: bool = False) -> instruct.Assistant:
    """The student's own assistant, or the course's, which is tuned here once (some minutes) and kept in the cache.

    Args:
        lang: see `llmkit.tasks.prompt_language`.
        checkpoint: a file written by `Assistant.save`.
        quick: where there is neither, tune briefly and keep nothing, see `llmkit.apps.loading.assistant_at_hand`.

    Raises:
        WeightsError: the checkpoint is missing, damaged or not an assistant.
        Stopped: someone interrupted the tuning; nothing is kept.
    """
    if checkpoint is not None or quick or instruct.cached(lang).is_file() or runtime.quick():
        return assistant_at_hand(lang, checkpoint=checkpoint)
    told = _(
        "The course's assistant is being tuned, only once: about three minutes on two idle cores, up to twenty on busy ones. {hint}"
    )
    print(told.format(hint=page.hint()), flush=True)
    return instruct.assistant(lang, device=runtime.detect().device)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the chat as a page of its own, until Ctrl+C."""
    parser = argparse.ArgumentParser(prog="python -m llmkit.apps.chat", description="Chat with a tuned model.")
    parser.add_argument("--lang", choices=i18n.languages(), help="language of the assistant and the page")
    parser.add_argument(
        "--model", choices=MODELS, default=MODELS[0], help="the course's tuned model, or SmolLM2, a small assistant"
    )
    parser.add_argument("--checkpoint", type=Path, help="your own assistant, a file written by Assistant.save")
    parser.add_argument("--port", type=int, help="port of the page; by default a free one")
    page.add_quick(parser)
    given = parser.parse_args(arguments)

    def run() -> None:
        page.gradio()  # before minutes of training
        assistant = model(given.model, given.lang, given.checkpoint, quick=given.quick)
        page.launch(build(assistant, given.lang, _note(assistant, given.lang)), port=given.port, wait=True)

    return page.run(run, given.lang)


if __name__ == "__main__":
    sys.exit(main())
