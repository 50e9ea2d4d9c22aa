"""What the applications' quick mode gives up, and what it saves: right answers and times after a brief training and after the whole one.

    python benchmarks/quick_mode.py --lang pt-BR
    python benchmarks/quick_mode.py --app spam

The figures that terminal and pages show, `RIGHT` in `llmkit.apps.spam` and `llmkit.apps.loading`, come from here.
"""

import argparse
import time

from llmkit import data
from llmkit.apps import loading, spam
from llmkit.tasks import assistant as instruct
from llmkit.tasks.classifier import train_spam_classifier


def classified(lang: str, passes: float) -> str:
    """Shares of right answers of the classifier on both test sets."""
    model, found = train_spam_classifier(lang, passes=passes), []
    for name in ("messages", "everyday"):
        rows = data.rows(name, lang, split="test")
        said = model.probabilities([row["text"] for row in rows])
        right = sum((one > 0.5) == (row["label"] == "spam") for one, row in zip(said, rows, strict=True))
        found.append(f"{name} {right / len(rows):.1%}")
    return ", ".join(found)


def answered(lang: str, epochs: float) -> str:
    """Share of right answers of the assistant."""
    assistant = instruct.train(data.rows("instructions", lang, split="train"), lang, epochs=epochs)
    rows = data.rows("instructions", lang, split="test")
    marks = instruct.right_by_task(rows, assistant.answers(rows)).values()
    return f"test {sum(right for right, _of in marks) / len(rows):.1%}"


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--lang", choices=instruct.TEMPLATES, default="en")
    parser.add_argument("--app", choices=("spam", "chat"), help="by default both")
    given = parser.parse_args()
    for app, measure, lengths in (
        ("spam", classified, (spam.SHORT, spam.WHOLE)),
        ("chat", answered, (loading.SHORT, instruct.EPOCHS)),
    ):
        for length in lengths if given.app in (None, app) else ():
            wall, cpu = time.perf_counter(), time.process_time()
            told = measure(given.lang, length)
            spent = f"{time.perf_counter() - wall:.0f} s on the clock, {time.process_time() - cpu:.0f} s of CPU time"
            print(f"{app}, {given.lang}, {length:g} passes: {told} ({spent}, the test included)", flush=True)


if __name__ == "__main__":
    main()
