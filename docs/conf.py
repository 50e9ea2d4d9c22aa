"""How Sphinx builds the handbook: `make docs`.

The folder of sources is the repository's root, so that README, CONTRIBUTING and the datasheets are pages, too, and a link between
documents means the same here and on GitHub.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["course"]
_REPOSITORY = (
    f"https://github.com/{_SETTINGS['repository']}/blob/{_SETTINGS['ref'] or 'HEAD'}" if _SETTINGS["repository"] else ""
)

project = "Build a large language model from scratch"
author = "The course's authors"
project_copyright = author
language = "en"
extensions = ["myst_parser", "sphinxcontrib.mermaid"]
root_doc = "docs/index"
include_patterns = ["*.md", "docs/**", "data/*/DATASHEET.md", "docs/images/*"]
exclude_patterns = [
    ".*",
    "dist",
    "build",
    "demo",
    "release",
    "solutions",
    "source",
    "submitted",
    "autograded",
    "feedback",
    "llmkit",
    "autograder",
    "tests",
    "locale",
]
nitpicky = True
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
myst_fence_as_directive = ["mermaid"]
mermaid_d3_zoom = False
html_theme = "furo"
html_title = project
html_show_sphinx = False
# No network while building; in the page without one, a figure stays as the text that it is drawn from, and formulas as LaTeX.

_LINK = re.compile(r"(?<!!)\[((?:[^\]\[]|\[[^\]]*\])*)\]\(([^)\s:]+)\)")


def _outside(text: str, folder: Path) -> str:
    """The text with links to what is no page here (a folder, code, a notebook) leading to the repository, where its address is known."""

    def replaced(link: re.Match[str]) -> str:
        target, _, _anchor = link[2].partition("#")
        place = (folder / target).resolve()
        if not target or place.suffix == ".md" or not place.exists():  # of what is missing, Sphinx warns
            return link[0]
        return f"[{link[1]}]({_REPOSITORY}/{place.relative_to(ROOT).as_posix()})" if _REPOSITORY else link[1]

    return _LINK.sub(replaced, text)


def course_map() -> str:
    """Chapters with their notebooks: minutes, points, what each needs, as the built start page has them."""
    cells = json.loads((ROOT / "release/en/00_start.ipynb").read_text(encoding="utf-8"))["cells"]
    tables = [
        "".join(cell["source"])
        for cell in cells
        if cell["cell_type"] == "markdown" and "\n|---" in "".join(cell["source"])
    ]
    return "\n\n".join(re.sub(r"\]\((\w+/)", r"](../release/en/\1", table) for table in tables)


def _read(_app: object, docname: str, source: list[str]) -> None:
    if docname == "docs/course-map":
        source[0] = source[0].replace("<!-- the built start page's tables -->", course_map())
    source[0] = _outside(source[0], (ROOT / docname).parent)


def setup(app: object) -> None:
    """Sphinx calls this."""
    app.connect("source-read", _read)  # type: ignore[attr-defined]
