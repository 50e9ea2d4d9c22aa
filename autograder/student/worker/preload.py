"""Imports, before a process forks, what all its forks would import: llmkit's modules load only as they are used."""

from __future__ import annotations

import importlib

_USED = (
    *("data.sets", "models.bert", "models.gpt", "models.tokenizers", "startup", "tasks.metrics", "training.losses"),
    *(
        "testing.checks",
        "testing.failed_runs",
        "testing.inputs",
        "testing.probes",
        "testing.ready_made",
        "testing.results",
    ),
    "testing.weights",
)


def preload() -> None:
    """Imports the modules that set-up cells and tests use, and does once what each `llmkit.start` does for the first time."""
    for name in _USED:
        importlib.import_module(f"llmkit.{name}")
    from llmkit import i18n, runtime

    i18n.read_all()
    runtime.detect()
    runtime.seed_everything(0)
