"""A release of the first chapters alone: their notebooks, and a wheel without the modules that answer later exercises."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.build.bundle import beside_wheel, make_wheel
from autograder.build.start_page import in_order, start_page
from autograder.course.course import Course, read_notebook
from autograder.errors import CourseError, UnknownAssignment
from autograder.language.notebooks import SOURCE, languages, translated
from autograder.selection.imports import module_in
from autograder.selection.inputs import Project
from llmkit.outline import START_PAGE
from llmkit.testing.reserved import RESERVED
from llmkit.version import __version__

_LINK = re.compile(r"\[([^\]]+)\]\((\.\./[^)#\s]+\.ipynb)(?:#[^)]*)?\)")
_IN_WHEEL = ("pyproject.toml", "README.md", "LICENSE", "llmkit", "data")


@dataclass
class Staged:
    """What a staged release is made of.

    Attributes:
        chapters: those that are in, in the order in which they are taught.
        left_out: modules of llmkit that the wheel lacks, with the chapter that each comes with.
        kept: modules that answer a later exercise and are in all the same, with a notebook that uses each.
    """

    chapters: list[str]
    left_out: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)


def plan(course: Course, through: str) -> Staged:
    """Which chapters and modules a release has that ends with a chapter.

    A module answers an exercise where `llmkit.testing.reserved` names it, or something in it, as ready-made. It is left out unless
    an exercise up to that chapter has the same answer, or a notebook up to there uses it.

    Args:
        course: the course.
        through: the last chapter, such as "ch04".

    Raises:
        UnknownAssignment: the course has no such chapter.
    """
    order = in_order(course.chapters)
    if through not in order:
        raise UnknownAssignment(f"there is no chapter {through!r}", f"choose from {', '.join(order)}")
    project = Project(course.root)
    answers = {chapter: _answers(project, course, chapter) for chapter in order}
    staged = Staged(order[: order.index(through) + 1])
    known = set[str]().union(*(answers[chapter] for chapter in staged.chapters))
    used: dict[str, str] = {}
    for chapter in staged.chapters:
        for notebook in course.notebooks(chapter):
            for file in project.called_by(f"source/{chapter}/{notebook.name}.ipynb"):
                used.setdefault(module_in(file), f"{chapter}/{notebook.name}")
    for chapter in order[len(staged.chapters) :]:
        for module in sorted(answers[chapter] - known):
            if module in used:
                staged.kept[module] = used[module]
            else:
                staged.left_out.setdefault(module, chapter)
    return staged


def _answers(project: Project, course: Course, chapter: str) -> set[str]:
    """The modules of llmkit that hold what a chapter's exercises ask for; a package holds nothing itself."""
    reserved = (RESERVED.get(f"{chapter}/{notebook.name}", {}) for notebook in course.notebooks(chapter))
    names = {name for one in reserved for listed in one.values() for name in listed if name.startswith("llmkit.")}
    found = {module for name in names if (module := project.module_of(name))}
    return {module for module in found if not (course.root / Path(*module.split("."))).is_dir()}


def make_staged(course: Course, through: str, folder: Path) -> Staged:
    """Writes the release: a folder of notebooks for each language, and the wheel beside them.

    Args:
        course: the course.
        through: the last chapter that is in.
        folder: where it goes; what an earlier release has left there is replaced.

    Raises:
        UnknownAssignment: the course has no such chapter.
        CourseError: `release/` is not there, no wheel can be built, or the folder holds something else than an earlier release.
    """
    staged = plan(course, through)
    ours = {SOURCE, *languages(course)}
    others = [path.name for path in folder.glob("*") if path.name not in ours and not path.match("llmkit-*.whl")]
    if others:
        raise CourseError(
            f"{folder} would be replaced, and {others[0]} is in it", "name a folder of its own by --folder"
        )
    with tempfile.TemporaryDirectory() as place:
        made = Path(place, "release")
        for language in ours:
            _write_notebooks(course, staged, language, made / language)
        copy = Path(place, "course")
        copy_without(course.root, staged, copy)
        make_wheel(Course(copy), made)
        if folder.exists():
            shutil.rmtree(folder)
        shutil.copytree(made, folder)
    return staged


def _write_notebooks(course: Course, staged: Staged, language: str, folder: Path) -> None:
    release = course.root / "release" / language
    paths = [
        release / chapter / notebook.path.name for chapter in staged.chapters for notebook in course.notebooks(chapter)
    ]
    for path in paths:
        if not path.is_file():
            raise CourseError(f"{path}: there is no such file", "run autograder build")
    there = {path.relative_to(release) for path in paths}
    for path in paths:
        notebook = read_notebook(path)
        _without_dead_links(notebook, path.relative_to(release).parent, there)
        target = folder / path.relative_to(release)
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(beside_wheel(notebook, language), target)
    chapters = {
        chapter: [translated(course, notebook, language) for notebook in course.notebooks(chapter)]
        for chapter in staged.chapters
    }
    nbformat.write(start_page(chapters, language), folder / START_PAGE)


def _without_dead_links(notebook: NotebookNode, folder: Path, there: set[Path]) -> None:
    """Leaves the words of links to notebooks that are not handed out yet."""

    def kept(link: re.Match[str]) -> str:
        # One step up and down again, from the chapter's folder.
        return link[0] if Path(*(folder / link[2]).parts[2:]) in there else link[1]

    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _LINK.sub(kept, cell.source)


def copy_without(root: Path, staged: Staged, folder: Path) -> None:
    """Copies what the wheel is built of, with modules that say when they come in place of those that are left out.

    Args:
        root: the course's folder.
        staged: what is left out.
        folder: the copy, which does not exist yet.
    """
    folder.mkdir()
    for name in _IN_WHEEL:
        if (root / name).is_dir():
            shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy(root / name, folder / name)
    for module, chapter in staged.left_out.items():
        file = folder.joinpath(*module.split(".")).with_suffix(".py")
        file.write_text(
            f'"""Comes with {chapter}."""\n\nfrom llmkit.later import comes_later\n\nraise comes_later(__name__, "{chapter}")\n',
            encoding="utf-8",
        )
    # Higher than the version of the whole, so that pip replaces one by the next.
    version = f'"""The version of a wheel that ends early."""\n\n__version__ = "{__version__}+through.{staged.chapters[-1]}"\n'
    (folder / "llmkit" / "version.py").write_text(version, encoding="utf-8")
