"""Writes an exam: a folder that nbgrader takes for a course of one chapter, with a variant for the class, and one for each student who is named."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat

from autograder.build.release import make_release
from autograder.course.course import EXAM, Course, SourceNotebook
from autograder.course.lint import lint_chapter
from autograder.course.variants import OWN, RECORD, filled, record
from autograder.errors import CourseError, MissingSource
from autograder.exam.values import values
from autograder.language.notebooks import SOURCE, catalogue, languages, translated
from autograder.progress import progress
from llmkit.hand_in import STUDENT_ID

TRIALS = (1, 2, 3)  # seeds whose exams are verified
_CONFIG = '''\
"""nbgrader's configuration: `autograder class exam` in this folder grades the exam."""

from autograder.nbgrader_plugin import configure

c = get_config()  # noqa: F821  (nbgrader defines it)
configure(c)
c.CourseDirectory.course_id = "llm-from-scratch"
'''
_OURS = ("source", "locale", "release", OWN, RECORD, "nbgrader_config.py")


def make_exam(course: Course, seed: int, folder: Path, students: Sequence[str] = ()) -> Course:
    """Writes the exam of a seed; the same seed and students make the same files.

    In a folder that holds the exam of this seed already, the named students are added to those who are there, and what has been handed in
    and graded stays.

    Args:
        course: the course, which has the template.
        seed: from which the variants follow.
        folder: where the exam goes.
        students: ids of those who get a variant of their own.

    Returns:
        The exam, as a course.

    Raises:
        MissingSource: the course has no template of an exam.
        CourseError: a student is named twice or has no id that nbgrader takes, or the folder holds something else than the exam of this seed.
    """
    template = course.exam
    if template is None:
        raise MissingSource(
            f"{course.root / EXAM}: there is no template of an exam", "run this in the course's own folder"
        )
    _check_students(students)
    everybody = sorted({*students, *_students_in(folder, seed)})
    with tempfile.TemporaryDirectory() as place:
        made = Path(place, EXAM)
        with progress() as bar:
            task = bar.add_task("variants", total=len(everybody) + 1)
            for student in ("", *everybody):
                _write(template, seed, student, made / OWN / student if student else made)
                bar.advance(task)
        _write_record(made, {"seed": seed, "students": everybody, "values": values(seed)})
        (made / "nbgrader_config.py").write_text(_CONFIG, encoding="utf-8")
        folder.mkdir(parents=True, exist_ok=True)
        for name in _OURS:
            if (folder / name).is_dir():
                shutil.rmtree(folder / name)
            if (made / name).is_dir():
                shutil.copytree(made / name, folder / name)
            elif (made / name).is_file():
                shutil.copyfile(made / name, folder / name)
    return Course(folder.resolve())


def trials(course: Course) -> Iterator[tuple[int, Course]]:
    """The exams of a few seeds, each in a folder that is there until the next one is asked for.

    Args:
        course: the course, which has the template.

    Yields:
        A seed and its exam.
    """
    for seed in TRIALS:
        with tempfile.TemporaryDirectory() as place:
            yield seed, make_exam(course, seed, Path(place))


def students_of(path: Path) -> list[str]:
    """The student ids in a file, one a line; empty lines are left out.

    Raises:
        CourseError: the file cannot be read.
    """
    remedy = "name a text file with one student id a line"
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        raise CourseError(f"{path}: there is no such file", remedy) from None
    except UnicodeDecodeError:
        raise CourseError(f"{path}: it is no text in UTF-8", remedy) from None
    except OSError as error:
        raise CourseError(f"{path}: {error.strerror}", remedy) from None
    return [line.strip() for line in lines if line.strip()]


def _check_students(students: Sequence[str]) -> None:
    for number, student in enumerate(students):
        if not STUDENT_ID.fullmatch(student):
            raise CourseError(
                f"{student!r} is no student id",
                "write letters, digits and . _ - + @, as in the gradebook, one id a line",
            )
        if student in students[:number]:
            raise CourseError(f"the student {student} is named twice", "name everybody once")


def _students_in(folder: Path, seed: int) -> list[str]:
    """Who has a variant in a folder already.

    Raises:
        CourseError: it holds something else than the exam of this seed.
    """
    if folder.exists() and not folder.is_dir():
        raise CourseError(f"{folder} is no folder", "name another one by --to")
    others = sorted(path.name for path in folder.glob("*"))
    if not others:
        return []
    there = record(folder)
    if not there:
        raise CourseError(f"{folder} holds no exam, and {others[0]} is in it", "name a folder of its own by --to")
    if there.get("seed") != seed:
        raise CourseError(
            f"{folder} holds the exam of the seed {there.get('seed')}, by which its hand-ins are graded",
            "name another folder by --to, or that seed by --seed",
        )
    return list(there.get("students", []))


def _write(template: Course, seed: int, student: str, folder: Path) -> None:
    """Writes source, catalogues, release and record of one variant."""
    english = values(seed, student)
    for source in template.notebooks(EXAM):
        notebook = nbformat.from_dict(source.nb)
        for cell in notebook.cells:
            cell.source = filled(cell.source, english)
        path = folder / source.path.relative_to(template.root)
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
        for language in languages(template):
            _write_catalogue(template, source, language, english, values(seed, student, language), folder)
    _write_record(folder, {"seed": seed, "student": student, "values": english})
    exam = Course(folder)
    problems = lint_chapter(exam.notebooks(EXAM), folder)
    for language in (SOURCE, *languages(exam)):
        chapters = {EXAM: [translated(exam, notebook, language) for notebook in exam.notebooks(EXAM)]}
        problems += [] if problems else make_release(exam, chapters, folder, language, None)
    if problems:
        raise CourseError(f"the template makes no exam: {problems[0]}", "mend the template in exam/")


def _write_catalogue(
    template: Course,
    source: SourceNotebook,
    language: str,
    english: dict[str, str],
    other: dict[str, str],
    folder: Path,
) -> None:
    made = catalogue(template, source, language)
    for entry in made:
        entry.msgid, entry.msgstr = filled(entry.msgid, english), filled(entry.msgstr, other)
    path = folder / "locale" / language / source.chapter / f"{source.name}.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save(str(path))


def _write_record(folder: Path, about: dict[str, object]) -> None:
    text = json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / RECORD).write_text(text, encoding="utf-8")
