"""A third language costs catalogues only: a copy of the course in a made-up language, built, run, graded, and shown by an application."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import polib
import pytest

from llmkit import data, i18n
from llmkit.languages import files
from llmkit.tasks import metrics, prompts

ROOT = Path(__file__).parents[2]
# For private use (RFC 5646): no language will ever be called so.
LANGUAGE = "qps"
# A notebook for each way in which the language of the course matters.
NOTEBOOKS = ("ch02/03_special_tokens", "ch07/01_instruction_data", "ch07/02_collate", "metrics/01_overlap_metrics")
INPUTS = (
    "autograder", "llmkit", "data", "pyproject.toml", "nbgrader_config.py", *(f"source/{name}.ipynb" for name in NOTEBOOKS),
)  # fmt: skip

STEPS = """
import contextlib, io, json, sys
from pathlib import Path

import nbformat

from autograder.build import release
from autograder.course.course import Course
from autograder.grading.feedback import FeedbackPage
from autograder.grading.files import try_answer
from autograder.grading.notebook import grade_notebook
from autograder.language.notebooks import translated
from autograder.student.sandbox import open_sandbox
from autograder.submission.repair import repair

language, *names = sys.argv[1:]
course, told = Course(Path.cwd()), {}
release.make_solutions = lambda *args, **options: []  # executing them takes too long here
told["problems"] = [str(problem) for problem in release.build(course)]
told["problems"] += [str(problem) for problem in release.translation_problems(course)]

# The cells that show what the student's code does, after the solution: in the release they are the same.
for name in names[1:3]:
    chapter, _, stem = name.partition("/")
    source = next(one for one in course.notebooks(chapter) if one.name == stem)
    spoken = io.StringIO()
    with contextlib.redirect_stdout(spoken):
        there = {}
        for cell in translated(course, source, language).nb.cells:
            if cell.cell_type == "code" and cell.id != "submit":
                exec(compile(cell.source, cell.id, "exec"), there)
    told[name] = spoken.getvalue()

chapter, _, stem = names[0].partition("/")
source = next(one for one in course.notebooks(chapter) if one.name == stem)
handed_in = nbformat.read(f"release/{language}/{names[0]}.ipynb", as_version=4)
gap = next(cell for cell in handed_in.cells if cell.metadata.get("nbgrader", {}).get("solution"))
gap.source = gap.source.replace("raise NotImplementedError", "return []")
graded, _notes = repair(handed_in, translated(course, source, language).nb)
mark = grade_notebook(graded, open_sandbox("none"), name=stem, attempt="one")
told["titles"] = [check.title for cell in mark.cells for check in cell.checks]
told["messages"] = [check.message for cell in mark.cells for check in cell.checks if check.message]
told["page"] = FeedbackPage().preprocess(graded, {})[1]["page"]["summary"]

from llmkit import i18n
from llmkit.apps import chat, loading, page, spam
from llmkit.models.gpt import GPTModel, config
from llmkit.tasks import assistant

tiny = config("124M", vocab_size=8192, context_length=96, emb_dim=8, n_heads=2, n_layers=1, drop_rate=0.0)
assistant.train = lambda rows, lang, **options: assistant.Assistant(GPTModel(tiny), lang)
spoken = io.StringIO()
with contextlib.redirect_stdout(spoken):
    at_hand = loading.assistant_at_hand(language)
    loading.assistant_at_hand(language)
told["said once"], told["assistant"] = spoken.getvalue(), at_hand.lang
try:
    page.gradio()
except page.AppError:
    pass
else:
    class Guess:
        def predict(self, text):
            return "spam", 0.75, []

    told["apps"] = [json.dumps(made.get_config_file(), default=str) for made in (chat.build(at_hand, language), spam.build(Guess(), language))]
print("\\n" + json.dumps(told))
"""


def made_up(english: str) -> str:
    """A translation by machine: another article, and the same code, formulas, links and structure."""
    pieces = re.split(r"(^```.*?^```)", english, flags=re.M | re.S)
    return "".join(
        piece if piece.startswith("```") else re.sub(r"\b([Tt])he\b(?![^`\n]*`)", r"\1he°", piece) for piece in pieces
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What came of it: nothing but catalogues is added to the copy."""
    copy = tmp_path_factory.mktemp("course")
    for package in ("autograder", "llmkit"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__", "chapter*"))
    for name in ("pyproject.toml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, copy / name)
    (copy / "data").symlink_to(ROOT / "data")
    for name in NOTEBOOKS:
        path = copy / f"source/{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / f"source/{name}.ipynb", path)
    (copy / "locale" / LANGUAGE).mkdir(parents=True)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"PYTHONPATH": str(copy), "LLMKIT_QUICK": "1", "XDG_CACHE_HOME": str(copy / "cache")}
        return subprocess.run(
            [sys.executable, *arguments], cwd=copy, env=environment, capture_output=True, text=True, check=False
        )

    assert run("-m", "autograder", "translations", "--update").returncode == 1, "nothing is translated yet"
    for path in copy.rglob(f"locale/{LANGUAGE}/**/*.po"):
        catalogue = polib.pofile(str(path), wrapwidth=0)
        for entry in catalogue:
            entry.msgstr = made_up(entry.msgid) if entry.msgctxt else f"° {entry.msgid}"
        catalogue.save(str(path))
    done = run("-c", STEPS, LANGUAGE, *NOTEBOOKS)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found | {"copy": copy}


@pytest.mark.slow
def test_it_builds_without_a_problem(told: dict[str, object]) -> None:
    assert told["problems"] == []
    release = Path(str(told["copy"])) / "release" / LANGUAGE
    for name in NOTEBOOKS:
        notebook = nbformat.read(release / f"{name}.ipynb", as_version=4)
        text = "\n".join(cell.source for cell in notebook.cells)
        assert "the° " in text and f'lang="{LANGUAGE}"' in text
    assert "# ° Build a large language model" in (release / "00_start.ipynb").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_notebooks_of_chapter_7_run_in_it(told: dict[str, object]) -> None:
    shown = str(told["ch07/01_instruction_data"])
    assert "### Instruction:" in shown
    assert f"° ° data set instructions: not in the language {LANGUAGE} yet, so the English is used." in shown


@pytest.mark.slow
def test_checks_and_feedback_speak_it(told: dict[str, object]) -> None:
    assert told["titles"] and all(str(title).startswith("° ") for title in told["titles"])  # type: ignore[attr-defined]
    assert any("°" in str(message) for message in told["messages"])  # type: ignore[attr-defined]
    assert "° What to look at next" in str(told["page"]) and "<h1>° " in str(told["page"])


@pytest.mark.slow
def test_the_applications_speak_it_and_say_once_what_is_english(told: dict[str, object]) -> None:
    assert told["assistant"] == "en"
    said = "".join(str(told[where]) for where in (*NOTEBOOKS[1:3], "said once"))
    assert said.count("requests to the assistant") == said.count("data set instructions: not") == 1
    for config in told.get("apps", []):  # type: ignore[attr-defined]
        assert "\\u00b0 " in str(config)


def test_texts_that_a_language_lacks_are_english_and_it_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert data.find("short-story", LANGUAGE).name == "short-story-en"
    assert data.find("short-story", LANGUAGE).language == "en"
    assert prompts.template(LANGUAGE) is prompts.TEMPLATES["en"]
    assert metrics.articles_of(LANGUAGE) == metrics.articles_of("en") == ("a", "an", "the")
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 3 and all(LANGUAGE in line and "English" in line for line in said)


def test_code_that_knows_some_languages_is_asked_in_one_of_them() -> None:
    with i18n.using("pt-BR"):
        asked = [prompts.prompt_language(among=codes) for codes in (("en", "pt-BR"), ("en", "es"), None)]
    assert asked == ["pt-BR", "en", "pt-BR"]


def test_a_language_file_says_all_of_a_table_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    shutil.copy(Path(files.__file__).with_name("en.toml"), tmp_path)
    (tmp_path / "es.toml").write_text('[prompt]\nbegin = "Abajo hay una instrucción."\n', encoding="utf-8")
    (tmp_path / "fr.toml").write_text("[prompt\n", encoding="utf-8")
    files._file.cache_clear()
    files.section.cache_clear()
    try:
        with pytest.raises(ValueError, match=r"es\.toml: \[prompt\] has begin\. Remedy"):
            files.section("prompt", "es")
        with pytest.raises(ValueError, match=r"fr\.toml is no TOML"):
            files.section("prompt", "fr")
        assert files.section("numbers", "es") == {}
    finally:
        files._file.cache_clear()
        files.section.cache_clear()
