"""nbgrader's exchange: whether one is set up, and what its commands say where none is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from nbgrader.apps.baseapp import NbGrader
from nbgrader.exchange import ExchangeError, ExchangeFactory
from nbgrader.exchange.abc import ExchangeReleaseAssignment
from nbgrader.exchange.default import Exchange
from traitlets.config import Config

GUIDE = "docs/exchange.md"


def folder_of(app: NbGrader) -> Path:
    """The folder that nbgrader's settings name, whether it is there or not."""
    return Path(Exchange(parent=app, config=app.config).root)


def problem(folder: Path) -> str:
    """Why a folder cannot be the exchange; empty if it can."""
    if not folder.is_dir():
        return "is not there"
    return "" if os.access(folder, os.R_OK | os.W_OK | os.X_OK) else "cannot be written"


def is_set_up() -> bool:
    """Whether nbgrader's commands, called in the working folder, would find an exchange."""
    app = NbGrader()
    try:
        app.initialize([])
        return not problem(folder_of(app))
    except Exception:  # a configuration is Python, and fails in any way; nbgrader's own commands say how
        return False


class _NeedsFolder:
    """Says what to do where nbgrader only says that a folder is unwritable."""

    root: str
    fail: Any

    def ensure_root(self) -> None:
        folder = Path(self.root)
        if isinstance(self, ExchangeReleaseAssignment):  # makes the folder, and opens it to everybody
            try:
                super().ensure_root()  # type: ignore[misc]
            except (OSError, ExchangeError) as error:
                self.fail(f"{folder}: nothing was released ({error}). Remedy: choose another folder, see {GUIDE}.")
        elif wrong := problem(folder):
            self.fail(
                f"{folder} {wrong}: this course has no exchange here. Remedy: hand in what llmkit submit packs, for instance on your "
                f"course's page; who teaches finds in {GUIDE} how to set an exchange up."
            )


def configure(c: Config) -> None:
    """Has the exchange's commands say what to do where there is none.

    Args:
        c: nbgrader's configuration object.
    """
    for name, trait in ExchangeFactory.class_traits(config=True).items():
        standard = trait.default()
        setattr(c.ExchangeFactory, name, type(standard.__name__, (_NeedsFolder, standard), {"__module__": __name__}))
