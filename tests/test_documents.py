"""The documents agree with what is there: links lead somewhere, the changelog knows the version."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from llmkit.version import __version__

ROOT = Path(__file__).resolve().parents[1]
INPUTS = ["*.md", "docs/**/*", "source/*/*.ipynb", "data/*/*.md", "release/en/00_start.ipynb", "pyproject.toml"]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("data/*/*.md")])


def anchors(document: Path) -> set[str]:
    """The headings of a document as GitHub links them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(document: Path) -> None:
    text = re.sub(r"^ *```.*?^ *```$", "", document.read_text(encoding="utf-8"), flags=re.M | re.S)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"\w+:", link):
            continue
        path, _hash, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), f"{link}: there is no such file"
        assert not anchor or anchor in anchors(target), f"{link}: there is no such heading"


@pytest.mark.parametrize(
    "document", [ROOT / "docs" / "architecture.md", ROOT / "CONTRIBUTING.md"], ids=lambda path: path.name
)
def test_every_file_that_is_named_is_there(document: Path) -> None:
    named = set(
        re.findall(r"`((?:autograder|llmkit|tools|tests|docs|data)/[\w./-]+)`", document.read_text(encoding="utf-8"))
    )
    missing = {name for name in named if not (ROOT / name).exists() and "my_exercise" not in name}
    assert not missing


def test_the_changelog_begins_with_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[?(\d[\w.]*)\]?", text, flags=re.M)
    assert newest
    assert newest[1] == __version__


def test_the_syllabi_count_what_the_notebooks_say() -> None:
    says = re.compile(r"about (\d+) minutes · (\d+) points")
    chapters: dict[str, list[tuple[int, int]]] = {}
    for path in sorted(ROOT.glob("source/*/*.ipynb")):
        found = says.search(path.read_text(encoding="utf-8"))
        assert found, path
        chapters.setdefault(path.parent.name, []).append((int(found[1]), int(found[2])))
    text = (ROOT / "docs/syllabus.md").read_text(encoding="utf-8")
    taught = []
    for section in text.split("\n## ")[1:]:
        seen: list[tuple[str, int]] = []
        for what, minutes, points, release in re.findall(
            r"^\| \d+ \| (.+?) \| (\d+) \| (\d+) \| (.*)\|$", section, re.M
        ):
            week = []
            for part in what.split(", "):
                chapter, _space, span = part.partition(" ")
                first, _dash, last = (span or f"1-{len(chapters[chapter])}").partition("-")
                week += [(chapter, number) for number in range(int(first), int(last) + 1)]
            counts = [chapters[chapter][number - 1] for chapter, number in week]
            assert (int(minutes), int(points)) == tuple(map(sum, zip(*counts, strict=True))), what
            begun = [chapter for chapter, number in week if number == 1]
            assert release.strip() == (f"`autograder release --through {begun[-1]}`" if begun else ""), what
            seen += week
        taught.append(seen)
    every = {(chapter, number) for chapter, all_of in chapters.items() for number in range(1, len(all_of) + 1)}
    for seen, wanted in zip(taught, ({one for one in every if one[0].startswith("ch")}, every), strict=False):
        assert len(seen) == len(set(seen)) and set(seen) == wanted


@pytest.mark.slow
def test_the_handbook_is_built_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-c", "docs", ".", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    page = (tmp_path / "docs/course-map.html").read_text(encoding="utf-8")
    assert "Causal attention: no peeking at the future" in page
    missing = [path for path in DOCUMENTS if not (tmp_path / path.relative_to(ROOT).with_suffix(".html")).exists()]
    assert missing == []
    scripts = set(re.findall(r'<(?:script[^>]* src|link[^>]* href)="(https?:[^"]+)"', page))
    assert scripts == set(), "a page that has no figure and no formula asks the network for nothing"
