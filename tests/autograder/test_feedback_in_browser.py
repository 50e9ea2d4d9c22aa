"""The feedback page in a real browser: for everybody, on a telephone, in the dark, and without a network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from feedback_pages import graded, page_of

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium"),
]
INPUTS = ("autograder/grading/page",)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        options = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        opened = running.chromium.launch(executable_path=CHROMIUM, args=options)
        yield opened
        opened.close()


@pytest.mark.parametrize("language", ["en", "pt-BR"])
@pytest.mark.parametrize("width", [390, 1366])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_serious_fault(browser: Any, tmp_path: Path, language: str, width: int, scheme: str) -> None:
    file = tmp_path / "page.html"
    file.write_text(page_of(graded(language)), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    tab = context.new_page()
    tab.goto(file.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= width, "code and tables scroll in their own boxes"
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)'") == (
        scheme == "light"
    )
    found = axe.Axe().run(tab).response["violations"]
    faults = [
        (one["id"], [node["html"] for node in one["nodes"]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert faults == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    context.close()
