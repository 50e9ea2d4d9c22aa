"""Files of a submission: links are not followed, pages run nothing, terminals are not controlled, and the report names who to look at."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import nbformat
import pytest
from classroom import CHAPTER, NAME, RIGHT, ROOT, hand_in, nbgrader, points, small_class
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeCollect
from traitlets.config import Config

from autograder.answers import answers_to
from autograder.course.course import Course
from autograder.errors import CourseError, printable
from autograder.gradebook import copies
from autograder.gradebook.dates import read_timestamp
from autograder.gradebook.touches import touches

SECRET = "the text of another student"
# What nbgrader's commands and ours run and read, besides what this file imports.
INPUTS = (
    "autograder/nbgrader_plugin",
    "autograder/cli",
    "autograder/student/worker",
    "source/ch03",
    "nbgrader_config.py",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A submission with links in places where one might not look."""
    (tmp_path / "secret.txt").write_text(SECRET, encoding="utf-8")
    made = tmp_path / "submission"
    (made / "a[1]").mkdir(parents=True)
    for name in ("a.txt", "a[1]/b.txt", "a[1]/[b].txt", ".hidden", "new\nline.txt", "*.csv"):
        (made / name).symlink_to(tmp_path / "secret.txt")
    (made / "folder").symlink_to(tmp_path)
    os.mkfifo(made / "pipe")
    (made / "a[1]" / "data.csv").write_text("1", encoding="utf-8")
    return made


def test_only_regular_files_are_copied(folder: Path) -> None:
    assert [path.relative_to(folder).as_posix() for path in copies.regular_files(folder, ["*.pyc"])] == [
        "a[1]/data.csv"
    ]
    assert len(copies.links(folder)) == 7
    (folder.parent / "link").symlink_to(folder)
    assert list(copies.regular_files(folder.parent / "link", [])) == []


def test_collecting_takes_no_links(folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    copies.install()
    (folder / "pipe").unlink()
    config = Config()
    config.CourseDirectory.root, config.CourseDirectory.course_id = str(tmp_path), "x"
    collect = ExchangeCollect(coursedir=CourseDirectory(config=config), config=config)
    collect.do_copy(str(folder), str(tmp_path / "collected"))
    found = [path for path in (tmp_path / "collected").rglob("*") if path.is_symlink() or path.is_file()]
    assert [path.name for path in found] == ["data.csv"]


def test_an_archive_stays_in_its_folder(tmp_path: Path) -> None:
    copies.install()
    archive = tmp_path / "a.tar"
    (tmp_path / "x").write_text("x", encoding="utf-8")
    with tarfile.open(archive, "w") as made:
        made.add(tmp_path / "x", arcname="../outside.txt")
    with tarfile.open(archive) as opened, pytest.raises(tarfile.FilterError):
        opened.extractall(tmp_path / "inside")
    assert not (tmp_path / "outside.txt").exists()


def test_a_timestamp_is_not_read_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET, encoding="utf-8")
    (tmp_path / "timestamp.txt").symlink_to(tmp_path / "secret")
    when, problem = read_timestamp(tmp_path)
    assert when is None and "it is a link" in problem and SECRET not in problem


@pytest.mark.parametrize("text", ["\x1b[2J", "\x9b2J", "\u202eabc", "\r", "\x07", "\x00", "\ud800", "\x7f", "\u2028"])
def test_what_controls_a_terminal_is_escaped(text: str) -> None:
    shown = printable(f"a{text}b\n\tc")
    assert shown.isprintable() or shown.replace("\n", "").replace("\t", "").isprintable()
    assert shown.endswith("b\n\tc") and text[0] not in shown
    assert text[0] not in str(CourseError(f"{text}.ipynb: it is odd", "rename it"))


@pytest.mark.sandbox
@pytest.mark.slow
def test_a_grading_prints_no_control_characters(tmp_path: Path) -> None:
    answer = tmp_path / "answer.py"
    answer.write_text("def causal_mask(n):\n    raise ValueError('\\x1b[2J\\x9b2J')\n", encoding="utf-8")
    line = [sys.executable, "-m", "autograder", "try", "ch03/causal-mask", str(answer)]
    done = subprocess.run(
        line, cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    assert done.returncode == 1 and "\\u001b[2J" in done.stdout.replace("\n", ""), done.stderr
    assert not any(character in done.stdout for character in "\x1b\x9b")


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("import sys\nsys._getframe(1)", "looks at the stack"),
        ("from inspect import stack as s\ns()", "looks at the stack"),
        ("import gc as g\ng.get_objects()", "looks through memory"),
        ("import torch\ntorch.equal = max", "changes `torch.equal`"),
        ("import builtins\nbuiltins.abs = max", "changes `builtins.abs`"),
        ("import ctypes", "reaches past Python"),
        ("open('/proc/self/mem')", "reads what the kernel tells"),
        ("%time 1\nimport signal\nsignal.alarm(0)", "changes the grader's alarm"),
        ("from llmkit.testing import probes\nprobes.PROBES.clear()", "uses the grader's probes"),
    ],
)
def test_what_touches_the_grader_is_seen(source: str, what: str) -> None:
    assert any(what in found for _line, found in touches(source))


@pytest.mark.parametrize(
    "source", ["x = (", "\0", "torch.equal = max", "import gc\ngc.collect()", "import sys\nsys.path.append('.')"]
)
def test_what_does_not_is_not(source: str) -> None:
    assert touches(source) == []


def test_no_answer_of_the_catalogue_touches_it() -> None:
    course = Course.discover(ROOT)
    for exercise in course.exercises("ch05"):
        known = answers_to(exercise.id)
        for code in (exercise.solution, *(one.code for one in (*known.mistakes, *known.alternatives))):
            assert touches(code) == [], exercise.id


@pytest.mark.sandbox
@pytest.mark.slow
def test_a_class_with_links_and_scripts(tmp_path: Path) -> None:
    course = small_class(tmp_path)
    (course / "secret.txt").write_text(SECRET, encoding="utf-8")
    hand_in(course, "honest", RIGHT)
    path = hand_in(
        course, "evil", RIGHT | {"counter": "import gc\ngc.get_objects()\nfrom IPython.display import HTML, Javascript, display\n"
        "display(HTML('<img src=x onerror=alert(1)>'), Javascript('alert(1)'))\n" + RIGHT["counter"]},
    )  # fmt: skip
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(
        nbformat.v4.new_markdown_cell("<script>alert(1)</script> \\[x\\](javascript:alert(1))", id="mine")
    )
    notebook.cells.append(nbformat.v4.new_markdown_cell("[x](javascript:alert(1))", id="mine-too"))
    nbformat.write(notebook, path)
    inside = path.parent / "a[1]"
    inside.mkdir()
    for target, name in (("secret.txt", "a.txt"), ("gradebook.db", "b.txt"), ("secret.txt", "timestamp.txt")):
        (inside / name).symlink_to(course / target)
        (path.parent / name).symlink_to(course / target)
    (path.parent / "page.html").write_text("<script>alert(1)</script>", encoding="utf-8")

    for command in ("autograde", "generate_feedback"):
        done = nbgrader(course, command, CHAPTER)
        assert done.returncode == 0, done.stderr
        assert SECRET not in done.stderr
    assert points(course) == {"evil": 5.0, "honest": 5.0}
    made = [
        one
        for top in ("autograded", "feedback")
        for one in (course / top).rglob("*")
        if one.is_file() or one.is_symlink()
    ]
    assert not any(
        one.is_symlink() or SECRET.encode() in one.read_bytes() or b"SQLite" in one.read_bytes() for one in made
    )
    assert [one.name for one in (course / f"feedback/evil/{CHAPTER}").iterdir()] == [f"{NAME}.html"]
    graded = (course / f"autograded/evil/{CHAPTER}/{NAME}.ipynb").read_text(encoding="utf-8")
    outputs = [output for cell in nbformat.reads(graded, as_version=4).cells for output in cell.get("outputs", ())]
    assert not any("onerror" in str(output) or "application/javascript" in str(output) for output in outputs)
    body = (course / f"feedback/evil/{CHAPTER}/{NAME}.html").read_text(encoding="utf-8").partition("<body>")[2]
    assert "<script" not in body and 'href="javascript' not in body and "[x](javascript:alert(1))" in body

    line = [sys.executable, "-m", "autograder", "report", CHAPTER, "--json"]
    told = subprocess.run(
        line, cwd=course, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    students = {one["student"]: one for one in json.loads(told.stdout)[0]["students"]}
    assert any(
        "looks through memory" in one["what"] for one in students["evil"]["findings"] if one["kind"] == "look at"
    )
    assert students["honest"]["findings"] == []
