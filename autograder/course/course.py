"""The course on disk: chapters, source notebooks and exercises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.course.cells import defined_names, visible_part
from autograder.course.variants import RECORD, values_beside
from autograder.errors import CourseError, MissingSource, UnknownAssignment, UnreadableNotebook
from llmkit.cells import gaps_of_tests, role

EXAM = "exam"  # folder of the exam's template, and the name of its only chapter


@dataclass(frozen=True)
class Exercise:
    """One gap with its tests.

    Attributes:
        id: chapter and gap, such as "ch03/causal-attention".
        chapter: such as "ch03".
        notebook: name of the notebook, without extension.
        grade_id: nbgrader's id of the gap's cell.
        test_ids: nbgrader's ids of its test cells.
        points: what the test cells are worth together.
        names: what the gap defines: functions and classes first.
        solution: the solved cell, without markers.
        values: what the variant of an exam has in place of the names in its answers; empty in the course.
    """

    id: str
    chapter: str
    notebook: str
    grade_id: str
    test_ids: tuple[str, ...]
    points: float
    names: tuple[str, ...]
    solution: str
    values: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)


def read_notebook(path: Path) -> NotebookNode:
    """Reads one of the course's own notebooks, exactly as its file has it.

    Raises:
        MissingSource: there is no such file.
        UnreadableNotebook: it is not a notebook of format 4.
    """
    try:
        # Not nbformat.read: it changes ids that occur twice.
        notebook = nbformat.reader.reads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise MissingSource(f"{path}: there is no such file", "restore it, for instance by git checkout") from None
    except (OSError, ValueError, AttributeError, TypeError, KeyError) as error:
        raise UnreadableNotebook(f"{path}: not a readable notebook ({error})", "restore it from git") from None
    if notebook.get("nbformat") != 4 or not isinstance(notebook.get("cells"), list):
        raise UnreadableNotebook(f"{path}: not a notebook of format 4", "save it from JupyterLab")
    made: NotebookNode = notebook
    return made


@dataclass
class SourceNotebook:
    """A notebook of `source/`, solutions and hidden tests included.

    Attributes:
        path: the file.
        chapter: name of its folder.
        name: file name without extension.
        nb: the notebook; do not change it.
        cells: its nbgrader cells by grade_id; the first one where an id is repeated.
    """

    path: Path
    chapter: str
    name: str
    nb: NotebookNode
    cells: dict[str, NotebookNode] = field(init=False)

    def __post_init__(self) -> None:
        """Indexes the cells."""
        self.cells = {}
        for cell in self.nb.cells:
            if role(cell):
                self.cells.setdefault(cell.metadata.nbgrader.get("grade_id", ""), cell)

    @classmethod
    def read(cls, path: Path) -> SourceNotebook:
        """Reads one source notebook.

        Raises:
            MissingSource: there is no such file.
            UnreadableNotebook: it is not a notebook of format 4.
        """
        notebook = read_notebook(path)
        return cls(path, path.parent.name, path.stem, notebook)

    @cached_property
    def exercises(self) -> list[Exercise]:
        """The notebook's exercises in order, each with the tests that belong to its gap."""
        gaps: dict[str, list[NotebookNode]] = {g: [] for g, cell in self.cells.items() if role(cell) == "gap"}
        for test, gap in gaps_of_tests(self.cells.values()).items():
            gaps[gap].append(self.cells[test])
        return [self._exercise(grade_id, tests) for grade_id, tests in gaps.items()]

    def _exercise(self, grade_id: str, tests: list[NotebookNode]) -> Exercise:
        try:
            solution = visible_part(self.cells[grade_id].source)
        except ValueError as error:
            raise CourseError(f"{self.path} [{grade_id}]: {error}", "fix the region's markers") from None
        return Exercise(
            id=f"{self.chapter}/{grade_id}",
            chapter=self.chapter,
            notebook=self.name,
            grade_id=grade_id,
            test_ids=tuple(test.metadata.nbgrader.grade_id for test in tests),
            points=float(sum(test.metadata.nbgrader.points for test in tests)),
            names=defined_names(solution),
            solution=solution,
            values=values_beside(self.path),
        )


class Course:
    """A course folder.

    Args:
        root: the folder that holds `source/`.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self._read: dict[Path, SourceNotebook] = {}

    @classmethod
    def discover(cls, start: Path | str | None = None) -> Course:
        """The course that a folder is in; outside any course, the one that this package belongs to.

        Args:
            start: where to begin; by default the working directory.

        Raises:
            MissingSource: there is no course there.
        """
        first = Path(start) if start is not None else Path.cwd()
        own = [] if start is not None else [Path(__file__).parents[2]]
        for folder in [first.resolve(), *first.resolve().parents, *own]:
            settled = any((folder / name).is_file() for name in ("nbgrader_config.py", "pyproject.toml"))
            if settled and (folder / "source").is_dir():
                return cls(folder)
        raise MissingSource(
            f"{first}: no course here (a folder source/ beside nbgrader_config.py)", "change into the course's folder"
        )

    @property
    def is_exam(self) -> bool:
        """Whether it is an exam that `autograder exam` has made."""
        return (self.root / RECORD).is_file()

    @property
    def exam(self) -> Course | None:
        """The template of the course's exam, its names not filled in; None where there is none."""
        return Course(self.root / EXAM) if (self.root / EXAM / "source" / EXAM).is_dir() else None

    @property
    def with_exam(self) -> list[Course]:
        """What is written and translated: the course, and the template of its exam."""
        return [self, *([self.exam] if self.exam else [])]

    @property
    def chapters(self) -> list[str]:
        """Names of the chapters: the folders of `source/` that hold notebooks."""
        return sorted({path.parent.name for path in (self.root / "source").glob("*/*.ipynb")})

    def notebooks(self, chapter: str | None = None) -> list[SourceNotebook]:
        """The source notebooks of one chapter, or of all.

        Raises:
            UnknownAssignment: there is no such chapter.
        """
        if chapter is not None and chapter not in self.chapters:
            raise UnknownAssignment(f"{chapter}: the course has no such chapter", _choose(chapter, self.chapters))
        paths = sorted((self.root / "source").glob(f"{chapter or '*'}/*.ipynb"))
        for path in paths:
            if path not in self._read:
                self._read[path] = SourceNotebook.read(path)
        return [self._read[path] for path in paths]

    def notebook(self, exercise: Exercise) -> SourceNotebook:
        """The source notebook that contains an exercise."""
        return next(n for n in self.notebooks(exercise.chapter) if n.name == exercise.notebook)

    def exercises(self, chapter: str | None = None) -> list[Exercise]:
        """The exercises of one chapter, or of all.

        Raises:
            UnknownAssignment: there is no such chapter.
        """
        return [exercise for notebook in self.notebooks(chapter) for exercise in notebook.exercises]

    def exercise(self, id: str) -> Exercise:
        """One exercise by its id, such as "ch03/causal-attention".

        Raises:
            UnknownAssignment: there is no such exercise; the remedy names the most similar one.
        """
        found = {exercise.id: exercise for exercise in self.exercises()}
        if id not in found:
            raise UnknownAssignment(f"{id}: the course has no such exercise", _choose(id, found))
        return found[id]


def _choose(wanted: str, known: Iterable[str]) -> str:
    """A remedy that names the most similar known name, or else all of them."""
    from rapidfuzz import fuzz, process

    names = list(known)
    near = process.extractOne(wanted, names, scorer=fuzz.WRatio, score_cutoff=60)
    if near:
        return f"perhaps you mean {near[0]}"
    return f"choose one of {', '.join(names)}" if names else "write its source notebook first"
