"""Chromium, for the tests that look at pages as a student does; where it is not installed they are skipped."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PATIENCE = 60_000  # milliseconds, for a machine that is busy


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for the tests of a file. It must end with them: while it runs, no other test can run a loop of asyncio."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install -e '.[dev]'")
    if CHROMIUM is None:
        pytest.skip("needs Chromium: sudo apt-get install chromium")
    with playwright.sync_playwright() as running:
        options = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        opened = running.chromium.launch(executable_path=CHROMIUM, args=options)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def window(browser: Any) -> Iterator[Any]:
    """Makes windows of a size; at the end, nothing must have been asked of another host."""
    asked: list[str] = []
    made: list[Any] = []

    def make(width: int, height: int) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height})
        context.set_default_timeout(PATIENCE)
        context.on("request", lambda request: asked.append(request.url))
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()
    outside = [url for url in asked if not re.match(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:", url)]
    assert asked and outside == []
