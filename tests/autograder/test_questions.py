"""Contracts of the questions that a person marks: their form, what students never see, and what becomes of an answer and its mark."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import nbformat
import polib
import pytest
from classroom import CHAPTER, NAME, PLUGIN, RIGHT, book, filled, nbgrader
from nbformat.notebooknode import NotebookNode
from nbgrader.utils import compute_checksum
from small_course import markdown, source_notebook, write_course
from typer.testing import CliRunner

from autograder.build.leaks import Secrets, leaks
from autograder.build.release import build
from autograder.build.solutions import solved
from autograder.cli import app
from autograder.course.cells import region_lines, solved_part, visible_part
from autograder.course.course import Course, SourceNotebook
from autograder.course.filled import only_exercise
from autograder.course.lint import lint_chapter
from autograder.course.stubs import stub_cell
from autograder.grading.gradescope import results
from autograder.judge.marks import CellMark, NotebookMark, Question
from autograder.language.notebooks import SOURCE, catalogue, languages, problems, translated
from autograder.submission.repair import answered_gaps, repair
from autograder.submission.written import digests
from llmkit.cells import role

INPUTS = ("autograder/nbgrader_plugin", "autograder/cli")
QUESTION = """## In your own words (4 points)

Why does doubling a number twice make it four times as large?

Write into a new cell below.

=== BEGIN MARK SCHEME ===

1. Says that two times two is four.

A full answer is "because factors are multiplied".

=== END MARK SCHEME ==="""
SECRET = 'A full answer is "because factors are multiplied".'
ANSWER = "Because 2 times 2 is 4."


def question(source: str = QUESTION, **info: object) -> NotebookNode:
    cell = markdown("explain-double", source)
    flags = {"grade": False, "solution": False, "locked": True, "task": True, "schema_version": 3, "points": 4}
    cell.metadata["nbgrader"] = flags | {"grade_id": "explain-double"} | info
    return cell


def asking(cell: NotebookNode | None = None) -> NotebookNode:
    """The small notebook with the question before its last cell."""
    notebook = source_notebook()
    notebook.cells.insert(-1, cell or question())
    return notebook


def released() -> NotebookNode:
    notebook = asking()
    for number, cell in enumerate(notebook.cells):
        notebook.cells[number] = stub_cell(cell) if role(cell) == "gap" else cell
        notebook.cells[number].source = visible_part(notebook.cells[number].source)
    return notebook


def place(notebook: NotebookNode) -> int:
    return next(number for number, cell in enumerate(notebook.cells) if cell.id == "explain-double")


def below(notebook: NotebookNode) -> list[str]:
    """What stands between the question and the next cell of the course."""
    following = notebook.cells[place(notebook) + 1 :]
    end = next(n for n, cell in enumerate(following) if cell.metadata.autograder.origin == "course")
    return [cell.source for cell in following[:end]]


# The course's own


def test_each_chapter_asks_one_question_apart_from_its_points() -> None:
    course = Course.discover()
    asked = {n.path: cell for n in course.notebooks() for cell in n.nb.cells if role(cell) == "task"}
    assert Counter(path.parent.name for path in asked) == dict.fromkeys(course.chapters, 1)
    assert {float(cell.metadata.nbgrader.points) for cell in asked.values()} == {4.0}
    assert len(course.exercises()) == 160 and sum(exercise.points for exercise in course.exercises()) == 576
    for path, cell in asked.items():
        stated = re.search(
            r"· (\d+) points, and 4 for a written answer\*\*", SourceNotebook.read(path).nb.cells[0].source
        )
        tests = SourceNotebook.read(path).exercises
        assert stated and float(stated[1]) == sum(exercise.points for exercise in tests), path
        assert cell.id == cell.metadata.nbgrader.grade_id


@pytest.mark.parametrize("language", [SOURCE, *languages(Course.discover())])
def test_each_question_has_four_criteria_and_two_answers(language: str) -> None:
    course = Course.discover()
    for source in course.notebooks():
        notebook = translated(course, source, language)
        for cell in notebook.nb.cells:
            if role(cell) == "task":
                scheme = region_lines(cell.source, "scheme")
                assert [line[:3] for line in scheme if re.match(r"\d\. ", line)] == ["1. ", "2. ", "3. ", "4. "]
                full, half = (line for line in scheme if line.startswith("> "))
                assert len(full.split()) > 100 > len(half.split()) > 30, source.path
                assert re.search(r"\*\*An answer with 2 of 4|\*\*Uma resposta com 2 de 4", "\n".join(scheme))
                shown = visible_part(cell.source)
                assert "new cell" in shown or "célula nova" in shown
                assert shown.count("(4 po") == 1 and not set(scheme) & set(shown.split("\n")) - {""}


# The source


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (question(QUESTION.partition("===")[0]), "the question has no mark scheme"),
        (question(QUESTION[QUESTION.index("===") :]), "nothing of the question is outside the mark scheme"),
        (question(QUESTION.replace("=== END MARK SCHEME ===", "")), "no END MARK SCHEME found"),
        (question(points=0), "the question is worth no points"),
        (question(locked=False), "the question is not locked"),
        (question(grade_id="double"), "the grade id double is already in source/ch01/01_small.ipynb"),
        (markdown("explain-double", QUESTION), "a mark scheme outside a question"),
    ],
)  # fmt: skip
def test_the_lint_finds_what_is_wrong_with_a_question(tmp_path: Path, cell: NotebookNode, message: str) -> None:
    path = write_course(tmp_path, asking(cell))
    found = [str(problem) for problem in lint_chapter([SourceNotebook.read(path)], tmp_path)]
    assert any(message in problem for problem in found), found


def test_a_right_question_has_no_problems(tmp_path: Path) -> None:
    assert lint_chapter([SourceNotebook.read(write_course(tmp_path, asking()))], tmp_path) == []


def test_the_mark_scheme_is_in_the_solutions_and_a_leak_in_the_release(tmp_path: Path) -> None:
    source = SourceNotebook.read(write_course(tmp_path, asking()))
    shown = solved(source)
    assert SECRET in shown.cells[place(shown)].source and "MARK SCHEME" not in shown.cells[place(shown)].source
    secrets = Secrets.of([source])
    assert leaks(released(), secrets, "x") == []
    for text in (QUESTION, f"> {SECRET}", solved_part(QUESTION)):
        told = leaks(nbformat.v4.new_notebook(cells=[markdown("a", text)]), secrets, "x")
        assert any("contains a line of the mark scheme of explain-double" in str(problem) for problem in told)
    assert leaks(shown, secrets, "x", solved=True) == []


@pytest.mark.parametrize("lost", ["=== BEGIN MARK SCHEME ===", "=== END MARK SCHEME ===", "both"])
def test_a_translation_without_the_markers_is_not_released(tmp_path: Path, lost: str) -> None:
    path = write_course(tmp_path, asking())
    assert build(Course(tmp_path)) == []
    target = tmp_path / "locale" / "pt-BR" / CHAPTER / f"{NAME}.po"
    target.parent.mkdir(parents=True)
    translation = QUESTION.replace("A full answer is", "Uma resposta completa é")
    for marker in ("=== BEGIN MARK SCHEME ===", "=== END MARK SCHEME ===") if lost == "both" else (lost,):
        translation = translation.replace(marker, "")
    made = polib.POFile()
    made.append(polib.POEntry(msgctxt="explain-double", msgid=QUESTION, msgstr=translation))
    made.save(str(target))
    told = [str(problem) for problem in build(Course(tmp_path))]
    assert len(told) == 1 and "[explain-double]: would show the mark scheme" in told[0], told
    assert not list((tmp_path / "release").glob("pt-BR/ch01/*"))
    source = SourceNotebook.read(path)
    assert any(
        "a marker differs" in str(one) for one in problems(source, catalogue(Course(tmp_path), source, "pt-BR"), "x")
    )


# What is handed in


def answered(notebook: NotebookNode) -> None:
    notebook.cells.insert(place(notebook) + 1, markdown("3f9a1c2e", ANSWER))


def deleted(notebook: NotebookNode) -> None:
    notebook.cells[place(notebook)] = markdown("3f9a1c2e", ANSWER)


def written_inside(notebook: NotebookNode) -> None:
    notebook.cells[place(notebook)].source += f"\n\n{ANSWER}\n"


def turned_into_code(notebook: NotebookNode) -> None:
    cell = notebook.cells[place(notebook)]
    notebook.cells[place(notebook)] = nbformat.v4.new_code_cell(
        f"{cell.source}\n{ANSWER}", id=cell.id, metadata=cell.metadata
    )


def without_any_name(notebook: NotebookNode) -> None:
    answered(notebook)
    for number, cell in enumerate(notebook.cells):
        cell.id, cell.metadata = f"{number:08x}", nbformat.from_dict({})


def copied(notebook: NotebookNode) -> None:
    """The question twice, the answer in the copy."""
    again = nbformat.from_dict(dict(notebook.cells[place(notebook)]))
    again.source += f"\n\n{ANSWER}"
    notebook.cells.insert(place(notebook) + 1, again)


@pytest.mark.parametrize("change", [answered, deleted, written_inside, turned_into_code, without_any_name, copied])
def test_an_answer_is_found_below_the_courses_own_question(change: Callable[[NotebookNode], None]) -> None:
    submission = released()
    change(submission)
    notebook, notes = repair(submission, asking())
    assert notebook.cells[place(notebook)].source == QUESTION
    assert notebook.cells[place(notebook)].metadata.nbgrader == question().metadata.nbgrader
    only = below(notebook)
    assert len(only) == 1 and only[0].endswith(ANSWER)
    assert (only[0] == ANSWER) == (change is not copied)
    assert digests(notebook)["explain-double"]
    assert {note.kind for note in notes} == {
        deleted: {"deleted"}, written_inside: {"written"}, turned_into_code: {"written"}, copied: set(), answered: set(),
    }.get(change, {note.kind for note in notes})  # fmt: skip


def edited(notebook: NotebookNode) -> None:
    cell = notebook.cells[place(notebook)]
    cell.source = cell.source.replace("\n\nWrite into a new cell below.", "")


def from_the_solutions(notebook: NotebookNode) -> None:
    notebook.cells[place(notebook)].source = solved_part(QUESTION)


def gone(notebook: NotebookNode) -> None:
    del notebook.cells[place(notebook)]


@pytest.mark.parametrize("change", [lambda notebook: None, edited, from_the_solutions, gone])
def test_what_is_no_answer_waits_for_nobody(change: Callable[[NotebookNode], object]) -> None:
    submission = released()
    change(submission)
    notebook, _notes = repair(submission, asking())
    assert notebook.cells[place(notebook)].source == QUESTION and below(notebook) == []
    assert digests(notebook) == {"explain-double": ""}


def test_a_person_looks_where_a_text_stands_elsewhere() -> None:
    submission = released()
    submission.cells.insert(1, markdown("3f9a1c2e", ANSWER))
    assert digests(repair(submission, asking())[0])["explain-double"]


def test_an_answer_has_the_same_digest_until_it_changes() -> None:
    made = []
    for answer in (ANSWER, ANSWER, ANSWER + " Really."):
        submission = released()
        submission.cells.insert(place(submission) + 1, markdown("3f9a1c2e", answer))
        made.append(digests(repair(submission, asking())[0])["explain-double"])
    assert made[0] == made[1] != made[2]


def test_of_two_files_the_one_with_the_answer_has_more_work_in_it() -> None:
    submission = released()
    before = answered_gaps(submission, asking())
    answered(submission)
    assert answered_gaps(submission, asking()) == before + 1


# Marks


def test_a_persons_points_are_in_no_sum_of_the_judges() -> None:
    mark = NotebookMark(NAME, [CellMark("double-test", 2, 1)], questions=[Question("explain-double", 4, True)])
    assert (mark.earned, mark.points) == (1, 2)
    assert NotebookMark.from_dict(mark.as_dict()) == mark
    told = results([("en", mark), ("en", NotebookMark("02", [], questions=[Question("other", 4, False)]))], "hidden")
    assert told["score"] == 1 and sum(test.get("max_score", 0) for test in told["tests"]) == 2
    by_hand = [test for test in told["tests"] if "score" not in test]
    assert [test["name"] for test in by_hand] == ["explain-double", "other"]
    assert "An answer was found." in by_hand[0]["output"] and "No answer" in by_hand[1]["output"]


def test_one_exercise_asks_no_question(tmp_path: Path) -> None:
    source = SourceNotebook.read(write_course(tmp_path, asking()))
    assert all(role(cell) != "task" for cell in only_exercise(source, source.exercises[0], None).cells)


@pytest.mark.slow
def test_llmkit_check_says_that_a_person_marks_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write_course(tmp_path, asking()).parents[2])
    submission = released()
    for after, said in ((None, "There is no answer yet"), (answered, "your answer is marked by a person")):
        if after:
            after(submission)
        nbformat.write(submission, tmp_path / "mine.ipynb")
        shown = CliRunner().invoke(app, ["grade", "mine.ipynb", "--sandbox", "none"])
        assert shown.exit_code == 0 and f"explain-double: {'marked' if not after else 'your'}" in shown.output
        assert said in shown.output and "of 5 points" in shown.output


# The gradebook


def class_of(folder: Path) -> Path:
    write_course(folder, asking())
    (folder / "nbgrader_config.py").write_text(PLUGIN, encoding="utf-8")
    run(folder, "generate_assignment", CHAPTER)
    return folder


def run(folder: Path, *arguments: str) -> str:
    done = nbgrader(folder, *arguments)
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    return done.stderr


def hand_in(folder: Path, student: str, *answers: str) -> None:
    notebook = filled(folder / "release" / "en" / CHAPTER / f"{NAME}.ipynb", RIGHT)
    cells = [markdown(f"{number:08x}", answer) for number, answer in enumerate(answers)]
    notebook.cells[place(notebook) + 1 : place(notebook) + 1] = cells
    target = folder / "submitted" / student / CHAPTER / f"{NAME}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)


def standing(folder: Path, student: str) -> tuple[float | None, float | None, bool, float]:
    """Automatic mark and mark by hand of the question, whether it waits, and the score of the submission."""
    with book(folder) as gradebook:
        grade = gradebook.find_grade("explain-double", NAME, CHAPTER, student)
        score = gradebook.find_submission(CHAPTER, student).score
        return grade.auto_score, grade.manual_score, grade.needs_manual_grade, score


def mark(folder: Path, student: str, score: float, comment: str) -> None:
    """As formgrader's handlers for a grade and a comment do it."""
    with book(folder) as gradebook:
        grade = gradebook.find_grade("explain-double", NAME, CHAPTER, student)
        grade.manual_score, grade.extra_credit = score, None
        grade.needs_manual_grade = grade.manual_score is None and grade.auto_score is None
        gradebook.find_comment("explain-double", NAME, CHAPTER, student).manual_comment = comment
        gradebook.db.commit()


def page(folder: Path, student: str) -> str:
    return (folder / "feedback" / student / CHAPTER / f"{NAME}.html").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.sandbox
def test_from_the_release_to_the_feedback_and_again(tmp_path: Path) -> None:
    folder = class_of(tmp_path)
    given = nbformat.read(folder / "release" / "en" / CHAPTER / f"{NAME}.ipynb", as_version=4)
    cell = given.cells[place(given)]
    assert cell.source.strip() == visible_part(QUESTION).strip() and not cell.metadata.editable
    assert cell.metadata.nbgrader.checksum == compute_checksum(cell)
    hand_in(folder, "ana", ANSWER)
    hand_in(folder, "bia")
    run(folder, "autograde", CHAPTER)
    assert standing(folder, "ana") == (None, None, True, 5)
    assert standing(folder, "bia") == (0, None, False, 5)
    graded = (folder / "autograded" / "ana" / CHAPTER / f"{NAME}.ipynb").read_text(encoding="utf-8")
    assert "because factors are multiplied" in graded  # whoever marks in formgrader reads the scheme

    run(folder, "generate_feedback", CHAPTER)
    assert "not marked yet, worth up to 4 points" in page(folder, "ana") and ANSWER in page(folder, "ana")
    assert "0 of 4 points: no answer was found below it" in page(folder, "bia")

    mark(folder, "ana", 3, "Nearly *all* of it.")
    run(folder, "generate_feedback", CHAPTER)
    made = page(folder, "ana")
    assert "3 of 4 points" in made and "Nearly <em>all</em> of it." in made and ANSWER in made
    assert "8 of 9 points" in made and "5 of 5 points from the automatic tests" in made
    assert not any("factors are multiplied" in page(folder, student) for student in ("ana", "bia"))

    # Nothing new, and everything again: the mark stays, and nobody has to look at it.
    assert "0 graded, 2 kept" in run(folder, "autograde", CHAPTER)
    assert "2 graded, 0 kept" in run(folder, "autograde", CHAPTER, "--force")
    assert standing(folder, "ana") == (None, 3, False, 8)

    # Another answer: the mark stays until a person has looked.
    hand_in(folder, "ana", ANSWER, "And 3 times 2 is 6.")
    run(folder, "autograde", CHAPTER)
    assert standing(folder, "ana") == (None, 3, True, 8)
    mark(folder, "ana", 4, "Now all.")
    hand_in(folder, "ana")  # it is taken back
    run(folder, "autograde", CHAPTER)
    assert standing(folder, "ana") == (0, 4, True, 9)

    run(folder, "export", "--exporter=autograder.gradebook.export.ExerciseExport", "--to", "points.csv")
    with (folder / "points.csv").open(encoding="utf-8", newline="") as stream:
        rows = {(row["student_id"], row["exercise"]): row for row in csv.DictReader(stream)}
    assert (
        rows["ana", "explain-double"] | {"points": "4", "max_points": "4", "by_hand": "waiting"}
        == rows["ana", "explain-double"]
    )
    assert list(rows)[:3] == [("ana", "double"), ("ana", "counter"), ("ana", "explain-double")]


@pytest.mark.slow
@pytest.mark.sandbox
def test_a_class_that_began_without_the_question_goes_on_without_it(tmp_path: Path) -> None:
    folder = class_of(tmp_path)
    write_course(folder, source_notebook())
    (folder / "gradebook.db").unlink()
    hand_in(folder, "ana")
    run(folder, "autograde", CHAPTER)
    write_course(folder, asking())
    hand_in(folder, "bia", ANSWER)
    said = run(folder, "autograde", CHAPTER)
    assert said.count("nobody marks the question explain-double") == 1
    run(folder, "generate_feedback", CHAPTER)
    assert ANSWER in page(folder, "bia") and "5 of 5 points" in page(folder, "bia")
    assert "factors are multiplied" not in page(folder, "bia")
