"""Imports, before a process forks, what all its forks would import: llmkit's modules load only as they are used."""

from __future__ import annotations


def preload() -> None:
    """Imports the modules that every set-up cell and test uses, and does once what each `llmkit.start` does for the first time."""
    from llmkit import i18n, runtime, startup  # noqa: F401
    from llmkit.testing import checks, failed_runs, inputs, probes, ready_made, results, weights  # noqa: F401

    i18n.read_all()
    runtime.detect()
