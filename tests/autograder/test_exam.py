"""The exam: what follows from its seed, what students do not see of it, and by which variant a hand-in is graded."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import polib
import pytest
from typer.testing import CliRunner

from autograder.answers import answers_to
from autograder.answers.check import stale, strays
from autograder.build.gradescope import make_gradescope
from autograder.cli import app
from autograder.course.cells import visible_part
from autograder.course.course import Course, Exercise
from autograder.course.variants import filled, mixed_up, own_source, root_of
from autograder.errors import CourseError
from autograder.exam.make import TRIALS, make_exam, trials
from autograder.exam.values import Draw, code_of, values
from autograder.grading.digest import what_decides
from autograder.language.messages import in_test
from autograder.student.sandbox import Sandbox
from llmkit import i18n
from llmkit.cells import role
from llmkit.testing import checks
from llmkit.testing import seed as seed_inputs

ROOT = Path(__file__).parents[2]
COURSE = Course(ROOT)
# What the exam is made of, besides what this file imports.
INPUTS = ("exam", "autograder/answers/exam", "autograder/nbgrader_plugin", "autograder/cli")


@pytest.fixture(scope="module")
def exam(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The exam of a class, with a variant for ana and one for ben."""
    return make_exam(COURSE, 101, tmp_path_factory.mktemp("exam") / "2027", ["ana", "ben"])


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def released(folder: Path, language: str = "en") -> nbformat.NotebookNode:
    return nbformat.read(folder / "release" / language / "exam" / "01_exam.ipynb", as_version=4)


def share(exercise: Exercise, exam: Course, code: str) -> float:
    """The part of the points that an answer earns, in this process."""
    source = exam.notebook(exercise).cells[exercise.test_ids[0]].source
    *lines, last = source.rstrip().split("\n")
    assert last == "check.report()"
    names: dict[str, object] = {"__name__": "test"}
    quiet = checks.quiet.set(True)
    seed_inputs(exercise.id)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(f"import torch\nimport torch.nn.functional as F\n{code}", names)
            exec("\n".join(lines), names)
            return float(names["check"].report().fraction)  # type: ignore[attr-defined]
    except Exception:  # a test that does not come to its end earns nothing
        return 0.0
    finally:
        checks.quiet.reset(quiet)


def test_a_seed_makes_the_same_exam_byte_for_byte_and_another_seed_another(exam: Course, tmp_path: Path) -> None:
    again = make_exam(COURSE, 101, tmp_path / "again", ["ben", "ana"])
    assert files(again.root) == files(exam.root)
    other = make_exam(COURSE, 102, tmp_path / "other", ["ana", "ben"])
    for name in files(exam.root):
        if name != "nbgrader_config.py":
            assert files(other.root)[name] != files(exam.root)[name], name


def test_every_student_has_numbers_of_their_own(exam: Course) -> None:
    folders = [exam.root, *(exam.root / "variants" / student for student in ("ana", "ben"))]
    for language in ("en", "pt-BR"):
        texts = [[cell.source for cell in released(folder, language).cells] for folder in folders]
        for one, other in ((0, 1), (0, 2), (1, 2)):
            differing = sum(a != b for a, b in zip(texts[one], texts[other], strict=True))
            assert differing >= 8  # statements and visible tests


def test_draws_are_the_same_everywhere() -> None:
    draw = Draw("a text")
    assert [draw.below(10) for _ in range(8)] == [6, 3, 7, 8, 1, 2, 3, 1]
    assert sorted(Draw("x").some(range(5), 5)) == [0, 1, 2, 3, 4]
    assert code_of(101) != code_of(101, "ana") != code_of(102, "ana")
    assert values(7, "ana") == values(7, "ana") and set(values(7)) == set(values(7, "", "pt-BR"))


def test_numbers_have_the_signs_of_the_language_and_code_has_not() -> None:
    english, portuguese = values(101), values(101, "", "pt-BR")
    assert "." in english["TEXT_slope"] and portuguese["TEXT_slope"] == english["TEXT_slope"].replace(".", ",")
    same = [name for name in english if name.startswith("VARIANT")]
    assert {name: english[name] for name in same} == {name: portuguese[name] for name in same}
    assert len(english["TEXT_example_words"].split("|")) == len(portuguese["TEXT_example_words"].split("|"))


def test_students_get_no_answer_no_hidden_test_no_hint_and_no_name_of_the_template(exam: Course) -> None:
    template = COURSE.exam
    assert template is not None
    hidden = {
        title
        for cell in template.notebooks()[0].nb.cells
        if role(cell) == "test"
        for title in set(in_test(cell.source)) - set(in_test(visible_part(cell.source)))
    }
    assert len(hidden) > 30
    for folder in (exam.root, exam.root / "variants" / "ana"):
        for language in ("en", "pt-BR"):
            notebook = released(folder, language)
            text = "\n".join(cell.source for cell in notebook.cells)
            for word in ("VARIANT", "TEXT_", "BEGIN SOLUTION", "HIDDEN", "<details>"):
                assert word not in text
            assert not [title for title in hidden if f'"{title}"' in text]
            assert text.count("raise NotImplementedError") == 5
            assert ("100 minutes" if language == "en" else "100 minutos") in notebook.cells[0].source
            assert (
                notebook.cells[0].source.count(values(101, "" if folder == exam.root else "ana")["VARIANT_code"]) == 1
            )


def test_the_course_and_what_is_installed_have_nothing_of_the_exam() -> None:
    assert "exam" not in COURSE.chapters and len(COURSE.exercises()) == 160
    for folder in ("source", "release", "solutions", "locale"):
        assert not [path for path in (ROOT / folder).rglob("*exam*") if path.suffix in (".ipynb", ".po")]
    names = [name for exercise in COURSE.exam.exercises() for name in exercise.names] if COURSE.exam else []
    assert len(names) == 5
    for path in (ROOT / "llmkit").rglob("*.py"):
        assert not [name for name in names if name in path.read_text(encoding="utf-8")], path
    # What llmkit's catalogue has of it is what students see anyway.
    entries = polib.pofile(str(ROOT / "llmkit/locale/pt-BR/llmkit.po"))
    mine = {entry.msgid for entry in entries if any(place.startswith("exam/") for place, _line in entry.occurrences)}
    assert mine <= {"the chunks"}
    assert strays(COURSE) == []


def test_hidden_titles_are_translated_by_the_graders_catalogue() -> None:
    title = "a text without ids has no chunks"
    with i18n.using("pt-BR"):
        assert i18n.gettext(title) == "um texto sem ids não tem trechos"
        assert title not in i18n.read_catalogue(i18n.FOLDER / "pt-BR" / "llmkit.po")
    with i18n.using("en"):
        assert i18n.gettext(title) == title


@pytest.mark.parametrize("seed", [*TRIALS, 2027, -5, 10**12])
def test_right_answers_earn_all_and_known_mistakes_less(seed: int, tmp_path: Path) -> None:
    made = make_exam(COURSE, seed, tmp_path / "exam")
    assert stale(made.exercises()) == []
    for exercise in made.exercises():
        answers = answers_to(exercise.id, exercise.values)
        assert len(answers.alternatives) >= 3 and len(answers.mistakes) >= 8
        for right in (exercise.solution, *(one.code for one in answers.alternatives)):
            assert share(exercise, made, right) == 1
        for mistake in answers.mistakes:
            assert share(exercise, made, mistake.code) < 1, mistake.name


def test_an_answer_to_another_variant_is_right_only_where_it_is_general(exam: Course) -> None:
    own = Course(exam.root / "variants" / "ana")
    earned = {
        theirs.grade_id: share(theirs, own, ours.solution)
        for ours, theirs in zip(exam.exercises(), own.exercises(), strict=True)
    }
    assert earned.pop("smoothed-loss") == 1
    assert max(earned.values()) < 0.5


def test_a_student_is_graded_by_the_variant_in_the_instructors_folder(exam: Course) -> None:
    source = exam.notebooks("exam")[0].path
    own = own_source(source, "ana")
    assert own != source and root_of(own) == root_of(source) == exam.root
    assert own_source(source, "zoe") == source
    class_, ana = ([cell.source for cell in released(folder).cells] for folder in (exam.root, own.parents[2]))
    assert mixed_up(own, ana) is None and mixed_up(source, class_) is None
    found = mixed_up(own, class_)
    assert found is not None and (found.code, found.whose, found.own) == (code_of(101), "", code_of(101, "ana"))
    found = mixed_up(source, ana)
    assert found is not None and found.whose == "ana"
    assert mixed_up(COURSE.notebooks("ch03")[0].path, class_) is None
    # A cluster's worker with other variants must not grade.
    before = what_decides(exam.root)
    kept = own.read_bytes()
    own.write_bytes(kept + b"\n")
    assert what_decides(exam.root) != before
    own.write_bytes(kept)


def test_a_student_who_is_added_changes_nothing_for_the_others(exam: Course, tmp_path: Path) -> None:
    folder = tmp_path / "exam"
    make_exam(COURSE, 101, folder, ["ana"])
    (folder / "submitted" / "ana").mkdir(parents=True)
    make_exam(COURSE, 101, folder, ["ben"])
    assert files(folder) == files(exam.root)
    assert (folder / "submitted" / "ana").is_dir()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--seed", "spring"], "valid integer"),
        (["--seed", "1.5"], "valid integer"),
        (["--seed", "5", "--student", "ana", "--student", "ana"], "the student ana is named twice"),
        (["--seed", "5", "--student", "../ana"], "is no student id"),
        (["--seed", "5", "--students", "{there}/twice.txt"], "the student ana is named twice"),
        (["--seed", "5", "--students", "{there}/missing.txt"], "missing.txt: there is no such file"),
        (["--seed", "5", "--students", "{there}/bytes.txt"], "bytes.txt: it is no text in UTF-8"),
        (["--seed", "5", "--to", "{there}/thesis"], "holds no exam, and thesis.doc is in it"),
        (["--seed", "5", "--to", "{there}/twice.txt"], "is no folder"),
        (["--seed", "5", "--to", "{exam}"], "holds the exam of the seed 101"),
    ],
)
def test_bad_input_is_told_in_a_line_and_nothing_is_written(
    options: list[str], told: str, exam: Course, tmp_path: Path
) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "thesis.doc").touch()
    (tmp_path / "twice.txt").write_text("ana\nben\n\nana\n", encoding="utf-8")
    (tmp_path / "bytes.txt").write_bytes(b"\xff\xfe")
    before, exams = files(tmp_path), files(exam.root)
    given = [one.format(there=tmp_path, exam=exam.root) for one in options]
    done = CliRunner().invoke(app, ["exam", "--to", str(tmp_path / "new"), *given])
    assert done.exit_code != 0
    said = str(done.exception) if isinstance(done.exception, CourseError) else done.stderr
    assert told in " ".join(said.split())
    assert files(tmp_path) == before and files(exam.root) == exams


def test_a_damaged_record_is_named(exam: Course, tmp_path: Path) -> None:
    folder = tmp_path / "exam"
    make_exam(COURSE, 101, folder)
    (folder / "exam.json").write_text("{", encoding="utf-8")
    with pytest.raises(CourseError, match=r"exam\.json: not the record of an exam"):
        Course(folder).exercises()
    with pytest.raises(CourseError, match="no template"):
        make_exam(exam, 1, tmp_path / "other")
    with pytest.raises(CourseError, match="VARIANT_nothing"):
        filled("VARIANT_nothing", values(1))


def test_gradescope_gets_the_record_with_the_exam(exam: Course, tmp_path: Path) -> None:
    from zipfile import ZipFile

    made = make_gradescope(exam, "exam", tmp_path, "hidden", "bubblewrap")
    names = ZipFile(made).namelist()
    assert {"course/exam.json", "course/source/exam/01_exam.ipynb", "course/nbgrader_config.py"} <= set(names)
    assert not [name for name in names if name.startswith("course/source/ch")]


def test_verify_takes_the_exam_by_itself() -> None:
    done = CliRunner().invoke(app, ["verify", "exam", "ch03"])
    assert done.exit_code == 2 and "verify the exam by itself" in done.stderr
    assert [number for number, made in trials(COURSE) if made.is_exam] == list(TRIALS)


@pytest.mark.slow
@pytest.mark.sandbox
def test_the_tests_of_the_exam_can_be_trusted(bubblewrap: Sandbox) -> None:
    done = CliRunner().invoke(app, ["verify", "exam", "--json"])
    assert done.exit_code == 0, done.stdout
    table = json.loads(done.stdout)
    assert len(table) == 5 * len(TRIALS)
    for row in table.values():
        assert row["alternative"][0] >= 3 and row["mistake"][0] == row["mistake"][1] >= 8
        assert row["mutant"][0] == row["mutant"][1] > 0


@pytest.mark.slow
@pytest.mark.sandbox
def test_a_class_is_graded_each_by_their_own_variant(tmp_path: Path, bubblewrap: Sandbox) -> None:
    exam = make_exam(COURSE, 101, tmp_path / "exam", ["ana", "ben"])
    own = {"": exam, **{student: Course(exam.root / "variants" / student) for student in ("ana", "ben")}}

    def hand_in(student: str, given: str, answers: str, language: str = "en") -> None:
        """Hands in the file of one variant with the solutions of another."""
        notebook = released(own[given].root, language)
        solutions = {exercise.grade_id: exercise.solution for exercise in own[answers].exercises()}
        for cell in notebook.cells:
            if role(cell) == "gap":
                cell.source = solutions[cell.metadata.nbgrader.grade_id]
        path = exam.root / "submitted" / student / "exam" / "01_exam.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)

    hand_in("ana", "ana", "ana", "pt-BR")
    hand_in("ben", "ana", "ana")
    hand_in("zoe", "", "")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "class", "exam"],
        cwd=exam.root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"handed in variant {code_of(101, 'ana')}, that of ana" in done.stderr
    marks = {}
    for student in ("ana", "ben", "zoe"):
        notebook = nbformat.read(exam.root / "autograded" / student / "exam" / "01_exam.ipynb", as_version=4)
        marks[student] = {
            cell.metadata.nbgrader.grade_id: ast.literal_eval(cell.outputs[0]["data"]["text/plain"])
            for cell in notebook.cells
            if role(cell) == "test"
        }
        told = notebook.metadata.autograder.notes
        assert any(code_of(101, "ana") in note for note in told) == (student == "ben")
    assert sum(marks["ana"].values()) == sum(marks["zoe"].values()) == 20
    assert marks["ben"].pop("smoothed-loss-test") == 4 and max(marks["ben"].values()) < 2
