"""The assistant that is at hand: the student's own file, the course's from the cache, or one tuned on the spot."""

from __future__ import annotations

from pathlib import Path

from llmkit import data, runtime
from llmkit.i18n import gettext as _
from llmkit.tasks import assistant as instruct
from llmkit.tasks.assistant import Assistant
from llmkit.tasks.prompts import prompt_language

OWN = "my-assistant.safetensors"  # notebook 3 of chapter 7 writes it beside itself
SHORT = 1.0  # epochs of a tuning for which nobody wants to wait long
QUICK_ROWS = 64  # rows of one that only has to run


def assistant_at_hand(
    lang: str | None = None,
    *,
    checkpoint: str | Path | None = None,
    epochs: float = SHORT,
) -> Assistant:
    """The best assistant that there is without a long wait; prints which one it is.

    Args:
        lang: see `llmkit.tasks.prompt_language`. A file brings its own.
        checkpoint: a file written by `Assistant.save`; by default `OWN` in the working folder, if it speaks `lang`.
        epochs: how long to tune where there is neither a file nor an assistant in the cache; with LLMKIT_QUICK, a few steps.

    Returns:
        The one in the student's file, else the course's from the cache, else one that is tuned now and not kept.

    Raises:
        WeightsError: the file is missing, damaged or not an assistant.
        Stopped: someone interrupted the tuning.
    """
    lang = prompt_language(lang)
    device = runtime.detect().device
    file = Path(checkpoint or OWN)
    if checkpoint is not None or file.is_file():
        found = instruct.load(file, device=device)
        if checkpoint is not None or found.lang == lang:
            print(_("Assistant: yours, from {file}").format(file=file))
            return found
    if instruct.cached(lang).is_file():
        print(_("Assistant: the course's, from the cache"))
        return instruct.assistant(lang, device=device)
    rows = data.rows("instructions", lang, split="train")
    if runtime.quick():
        rows, epochs = rows[:QUICK_ROWS], 1.0
    steps = instruct.number_of_steps(len(rows), epochs)
    told = _(
        "Assistant: tuned now, briefly ({steps} steps): expect mistakes in most answers. Notebook 3 of chapter 7 tunes a good one."
    )
    print(told.format(steps=steps))
    return instruct.train(rows, lang, epochs=epochs, device=device)
