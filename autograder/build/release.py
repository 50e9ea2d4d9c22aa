"""Makes what students get from `source/`: `release/`, by nbgrader's own converter, and `solutions/`."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat

from autograder.build.leaks import Secrets, leaks
from autograder.build.solutions import make_solutions
from autograder.build.start_page import start_page
from autograder.course.cells import BEGIN_SCHEME, END_SCHEME, region_lines
from autograder.course.course import Course, SourceNotebook
from autograder.course.links import Home, home_of, linked, unlinked
from autograder.course.lint import REBUILD, lint_chapter, load, relative
from autograder.course.stubs import release_config
from autograder.errors import Problem
from autograder.language.messages import DOMAINS
from autograder.language.messages import problems as message_problems
from autograder.language.notebooks import SOURCE, catalogue, catalogue_path, languages, translated
from autograder.language.notebooks import problems as catalogue_problems
from autograder.language.style import problems as style_problems
from llmkit.cells import role
from llmkit.outline import START_PAGE


def build(course: Course, *, check: bool = False, execute_all: bool = False) -> list[Problem]:
    """Makes `release/<language>/<chapter>` and `solutions/<language>/<chapter>` of every chapter.

    A solutions notebook that already has the source's cells, executed without error, is not executed again.

    Args:
        course: the course.
        check: write nothing, only compare with what is there; links may lead to another repository, as in a fork.
        execute_all: execute every solutions notebook.

    Returns:
        What is wrong. Where the sources are wrong, or a release would leak, nothing is written.
    """
    sources = {chapter: course.notebooks(chapter) for chapter in course.chapters}
    problems = [problem for notebooks in sources.values() for problem in lint_chapter(notebooks, course.root)]
    if not sources:
        problems.append(Problem("source", "", "there is no notebook", "write source/<chapter>/<name>.ipynb"))
    if problems:
        return problems
    home = home_of(course.root)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        in_language = {
            language: {
                chapter: [translated(course, n, language) for n in notebooks] for chapter, notebooks in sources.items()
            }
            for language in (SOURCE, *languages(course))
        }
        for language, chapters in in_language.items():
            problems += make_release(course, chapters, made, language, home)
            if not problems:
                nbformat.write(start_page(chapters, language), made / "release" / language / START_PAGE)
        if problems:
            return problems
        for language, chapters in in_language.items():
            release = course.root / "release" / language
            if check:
                problems += _stale(made / "release" / language, release, course.root)
                for chapter, notebooks in chapters.items():
                    problems += _release_leaks(release / chapter, Secrets.of(notebooks), course.root)
            else:
                _replace(made / "release" / language, release)
            problems += make_solutions(course, chapters, language, home, check=check, execute_all=execute_all)
    return problems + translation_problems(course) if check else problems


def translation_problems(course: Course) -> list[Problem]:
    """What is missing or wrong in the catalogues of every language."""
    found = []
    for language in languages(course):
        for part in course.with_exam:
            for source in part.notebooks():
                path = catalogue_path(part, source, language).relative_to(course.root).as_posix()
                found += catalogue_problems(source, catalogue(part, source, language), path)
        for domain in DOMAINS:
            found += message_problems(course, domain, language)
    return found + style_problems(course)


def make_release(
    course: Course, chapters: dict[str, list[SourceNotebook]], folder: Path, language: str, home: Home | None
) -> list[Problem]:
    """Makes `release/<language>/<chapter>` of some chapters, and looks for what students must not see in it.

    Args:
        course: the course.
        chapters: their notebooks, translated.
        folder: where `release/` goes, with what it holds already.
        language: of the notebooks.
        home: where their links lead; without links where it is None.

    Returns:
        What is wrong; where nbgrader makes no release, there is none.
    """
    problems = [lost for notebooks in chapters.values() for one in notebooks for lost in _lost_schemes(one, language)]
    if problems:
        return problems
    problems = _generate(course, chapters, folder, language, home)
    for chapter, notebooks in chapters.items():
        problems += _release_leaks(folder / "release" / language / chapter, Secrets.of(notebooks), folder)
    return problems


def _generate(
    course: Course, chapters: dict[str, list[SourceNotebook]], folder: Path, language: str, home: Home | None
) -> list[Problem]:
    """Runs nbgrader's GenerateAssignment on a copy of the sources in one language, without a gradebook."""
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory

    from autograder.build.steps import release_steps

    problems = []
    copy = folder / "course"
    shutil.copytree(
        course.root / "source", copy / "source", ignore=shutil.ignore_patterns(".*", "__pycache__", "*.pyc")
    )
    for chapter, notebooks in chapters.items():
        for notebook in notebooks:
            path = f"{chapter}/{notebook.path.name}"
            nbformat.write(linked(notebook.nb, f"release/{language}/{path}", language, home), copy / "source" / path)
        config = release_config()
        config.CourseDirectory.root = str(copy)
        config.CourseDirectory.assignment_id = chapter
        config.CourseDirectory.release_directory = f"release/{language}"
        config.GenerateAssignment.no_database = True
        config.GenerateAssignment.preprocessors = release_steps()
        config.SaveCells.enabled = False
        with _words() as words:
            try:
                GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()
            except NbGraderException:
                said = next(
                    (line for text in reversed(words) for line in reversed(text.splitlines()) if "Error" in line), ""
                )
                problems.append(
                    Problem(f"source/{chapter}", "", f"nbgrader makes no release of it: {said}", "fix the notebook")
                )
    if not problems:
        (folder / "release").mkdir(exist_ok=True)
        shutil.move(copy / "release" / language, folder / "release" / language)
    shutil.rmtree(copy, ignore_errors=True)
    return problems


@contextmanager
def _words() -> Iterator[list[str]]:
    """Collects what nbgrader logs meanwhile and keeps it off the terminal."""
    words: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            words.append(record.getMessage())

    logger = logging.getLogger("traitlets")
    handler, others, propagate = Keep(logging.ERROR), logger.handlers[:], logger.propagate
    logger.handlers, logger.propagate = [handler], False
    try:
        yield words
    finally:
        logger.handlers, logger.propagate = others, propagate


def _release_leaks(folder: Path, secrets: Secrets, root: Path) -> list[Problem]:
    problems = []
    for file in sorted(_files(folder)):
        notebook = load(folder / file) if file.suffix == ".ipynb" else None
        if notebook is not None:
            problems += leaks(notebook, secrets, relative(folder / file, root))
    return problems


def _lost_schemes(notebook: SourceNotebook, language: str) -> list[Problem]:
    """Questions whose translation lacks the markers of the mark scheme: all of it would be released."""
    file = f"release/{language}/{notebook.chapter}/{notebook.path.name}"
    return [
        Problem(file, cell.id, "would show the mark scheme", f"translate it between {BEGIN_SCHEME} and {END_SCHEME}")
        for cell in notebook.nb.cells
        if role(cell) == "task" and not _has_scheme(cell.source)
    ]


def _has_scheme(source: str) -> bool:
    try:
        return bool(region_lines(source, "scheme"))
    except ValueError:
        return False


def _stale(made: Path, there: Path, root: Path) -> list[Problem]:
    """Built files that are missing, superfluous or different from a rebuild, byte for byte but for links."""
    problems = []
    for file in sorted(_files(made) | _files(there)):
        path = there / file
        if not path.is_file():
            problems.append(Problem(relative(path, root), "", "the file is missing", REBUILD))
        elif not (made / file).is_file():
            problems.append(Problem(relative(path, root), "", "nothing in source/ makes this file", REBUILD))
        elif _without_links(path) != _without_links(made / file):
            problems.append(
                Problem(relative(path, root), _first_change(made / file, path), "is not what source/ makes", REBUILD)
            )
    return problems


def _without_links(path: Path) -> str | bytes:
    notebook = load(path) if path.suffix == ".ipynb" else None
    return path.read_bytes() if notebook is None else nbformat.writes(unlinked(notebook))


def _files(folder: Path) -> set[Path]:
    found = (path.relative_to(folder) for path in folder.glob("**/*") if path.is_file())
    return {path for path in found if not any(part.startswith(".") for part in path.parts)}


def _first_change(made: Path, there: Path) -> str:
    """Id of the first cell that differs, if any does."""
    new, old = (load(path) if path.suffix == ".ipynb" else None for path in (made, there))
    if new is None or old is None:
        return ""
    return next((str(one.get("id", "")) for one, other in zip(new.cells, old.cells, strict=False) if one != other), "")


def _replace(made: Path, there: Path) -> None:
    """Makes a folder's files equal to another's; files that are already right keep their modification time."""
    for file in _files(there) - _files(made):
        (there / file).unlink()
    for file in _files(made):
        target = there / file
        if not target.is_file() or target.read_bytes() != (made / file).read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((made / file).read_bytes())
    for folder in sorted((p for p in there.glob("**/*") if p.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
