"""A spam checker: type a message, see what it is, how sure the model is, and which tokens mattered.

In a notebook: `llmkit.apps.spam.show()`. As a page of its own: `python -m llmkit.apps.spam --lang pt-BR`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any, Protocol

from llmkit import data, i18n, runtime
from llmkit.apps import page
from llmkit.i18n import gettext as _
from llmkit.languages import localised
from llmkit.tasks import classifier
from llmkit.tasks.classifier import SpamClassifier, train_spam_classifier
from llmkit.views.palette import BLUE, ORANGE, rgb

SHORT, WHOLE = 1, 3  # how often a brief training, and the whole one, see each message
# Right answers in per cent after a brief training and after the whole one, of the messages' test set and of the everyday ones';
# measured by benchmarks/quick_mode.py.
RIGHT = {"en": ((97, 98), (86, 94)), "pt-BR": ((98, 99), (86, 89))}
EXAMPLES = 4  # messages of the test set to try, as many spam as ham
# Colours that people who confuse red and green can tell apart.
_SPAM, _HAM = (str(rgb(colour))[1:-1] for colour in (ORANGE, BLUE))
_TOKEN = "padding:2px 1px;border-radius:3px;white-space:pre-wrap"


class Predicts(Protocol):
    """What the checker needs of a classifier; `llmkit.tasks.classifier.SpamClassifier` is one."""

    def predict(self, text: str) -> tuple[str, float, list[tuple[str, float]]]:
        """The class ("ham" or "spam"), the probability of spam, and each token with its importance."""
        ...


def checked(model: Predicts, message: str) -> tuple[dict[str, float], str]:
    """What the page shows of a message.

    Args:
        model: the classifier.
        message: any text.

    Returns:
        Probability by class, and the tokens as HTML; no class and a hint for an empty message.
    """
    if not message.strip():
        return {}, f"<p>{escape(_('Type a message first.'))}</p>"
    _label, probability, tokens = model.predict(message)
    return {"spam": probability, "ham": 1 - probability}, token_html(tokens, message)


def token_html(tokens: Sequence[tuple[str, float]], message: str = "") -> str:
    """Tokens coloured by importance; what the model did not read follows without colour.

    Args:
        tokens: each with the drop in the probability of spam when it is left out; below 0 where it speaks for ham.
        message: the whole text.
    """
    top = max((abs(importance) for _token, importance in tokens), default=0.0) or 1.0
    boxes = []
    for token, importance in tokens:
        colour = _SPAM if importance > 0 else _HAM
        style = f"{_TOKEN};background:rgba({colour}, {0.75 * abs(importance) / top:.2f})"
        boxes.append(f'<span style="{style}" title="{localised(importance, "+.3f")}">{escape(token)}</span>')
    read = "".join(token for token, _importance in tokens)
    rest = message[len(read) :] if message.startswith(read) else ""
    told = _(
        "Orange tokens speak for spam, blue ones for ham: the stronger the colour, the more the probability of spam falls or "
        "rises without the token. Tokens that only work together may each look unimportant."
    )
    unread = f'<p style="opacity:.6">{escape(_("Not read: the message is too long."))}</p>' if rest.strip() else ""
    line = f'<p class="tokens" style="line-height:2">{"".join(boxes)}<span style="opacity:.4">{escape(rest)}</span></p>'
    return f"{line}{unread}<p><small>{escape(told)}</small></p>"


def build(model: Predicts, lang: str | None = None, note: str = "") -> Any:
    """The page, a `gradio.Blocks`.

    Args:
        model: the classifier.
        lang: language of the page and of the examples; by default the one of `llmkit.start`.
        note: a sentence about the classifier; by default none.

    Raises:
        AppError: Gradio is not installed.
    """
    lang = lang or i18n.language()
    with i18n.using(lang):
        return _built(model, lang, note)


def _built(model: Predicts, lang: str, note: str) -> Any:
    gr = page.gradio()

    def check(message: str) -> tuple[dict[str, float], str]:
        with i18n.using(lang):
            return checked(model, message)

    with page.blocks(_("Is it spam?")) as made:
        gr.Markdown("# " + _("Is it spam?"))
        gr.Markdown(
            _(
                "It has learned from two thousand short messages and knows only their kinds: yours may fool it. The "
                "colours below show what it relied on."
            )
        )
        if note:
            gr.Markdown("⚠ " + note, elem_id="note")
        message = gr.Textbox(
            label=_("Message"), placeholder=_("Type or paste a message."), lines=3, autofocus=True, elem_id="message"
        )
        send = gr.Button(_("Check"), variant="primary", elem_id="check")
        label = gr.Label(label=_("Probability"), elem_id="class")
        tokens = gr.HTML(elem_id="tokens")
        rows = data.rows("messages", lang, split="test")
        few = [[row["text"] for row in rows if row["label"] == kind][: EXAMPLES // 2] for kind in classifier.LABELS]
        gr.Examples([[text] for texts in few for text in texts], [message], label=_("Examples"))
        for event in (send.click, message.submit):
            event(check, message, [label, tokens])
    return made


def show(model: Predicts | None = None, *, lang: str | None = None, height: int = 640) -> None:
    """Shows the checker below a notebook's cell, in JupyterLab or Colab.

    Args:
        model: the classifier; by default the course's, see `load`.
        lang: see `build`.
        height: of the frame, in pixels.

    Raises:
        AppError: Gradio is not installed.
    """
    page.launch(build(model or load(lang), lang), inline=True, height=height)


def load(lang: str | None = None, checkpoint: str | Path | None = None, *, quick: bool = False) -> SpamClassifier:
    """The student's own classifier, or the course's, which is trained here once (up to a minute) and kept in the cache.

    Args:
        lang: by default the one of `llmkit.start`; English, which is said once, where there are no messages in it.
        checkpoint: a file written by `SpamClassifier.save`.
        quick: where there is neither, train briefly and keep nothing; see `given_up`.

    Raises:
        WeightsError: the checkpoint is missing, damaged or not a classifier.
        Stopped: someone interrupted the training; nothing is kept.
    """
    lang = data.find("messages", lang).language
    device = runtime.detect().device
    if checkpoint is not None:
        return SpamClassifier.load(checkpoint, device)
    file = cached(lang)
    if file.is_file():
        return SpamClassifier.load(file, device)
    if quick:
        print(given_up(lang), flush=True)
        return train_spam_classifier(lang, passes=SHORT, device=device)
    told = _(
        "The course's spam classifier is being trained, only once: a quarter of a minute on two idle cores, up to a minute "
        "on busy ones. {hint}"
    )
    print(told.format(hint=page.hint()), flush=True)
    trained = train_spam_classifier(lang, passes=WHOLE, device=device)
    if not runtime.quick():
        trained.save(file)
    return trained


def _note(model: SpamClassifier, lang: str | None) -> str:
    """What the page says about a classifier that was trained briefly."""
    if lang not in RIGHT or model.about.get("passes") != str(SHORT):
        return ""
    with i18n.using(lang):
        return given_up(lang)


def given_up(lang: str) -> str:
    """What a brief training gives up, with measured figures; for the terminal and the page."""
    (plain, plain_whole), (everyday, everyday_whole) = RIGHT[lang]
    told = _(
        "Trained briefly: it has seen each message once, not three times. Of 100 test messages it gets {plain} right, not "
        "{plain_whole}, and of 100 that people wrote by hand {everyday}, not {everyday_whole}."
    )
    return told.format(plain=plain, plain_whole=plain_whole, everyday=everyday, everyday_whole=everyday_whole)


def cached(lang: str) -> Path:
    """Where `load` keeps its file; its name changes with data and checkpoint."""
    from llmkit.data.download import cache

    made_of = [data.find(name, lang).sha256 for name in ("mini-gpt", "messages", "everyday")]
    return cache() / f"spam-{lang}-{sha256(repr(made_of).encode()).hexdigest()[:8]}.safetensors"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the checker as a page of its own, until Ctrl+C."""
    parser = argparse.ArgumentParser(prog="python -m llmkit.apps.spam", description="Is a message spam?")
    parser.add_argument("--lang", choices=i18n.languages(), help="language of the classifier and the page")
    parser.add_argument("--checkpoint", type=Path, help="your own classifier, a file written by SpamClassifier.save")
    parser.add_argument("--port", type=int, help="port of the page; by default a free one")
    page.add_quick(parser)
    given = parser.parse_args(arguments)

    def run() -> None:
        page.gradio()  # before the training
        model = load(given.lang, given.checkpoint, quick=given.quick)
        lang = given.lang or model.about.get("lang")
        page.launch(build(model, lang, _note(model, lang)), port=given.port, wait=True)

    return page.run(run, given.lang)


if __name__ == "__main__":
    sys.exit(main())
