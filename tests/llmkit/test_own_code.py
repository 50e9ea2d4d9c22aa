"""`llmkit.mine`: a student's own classes where they pass their visible tests, llmkit's otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

import llmkit
from llmkit import i18n, opened, testing
from llmkit.models import gpt
from llmkit.own_code import mine

SETUP = """
try:
    import llmkit
except ImportError:
    %pip install -q llmkit
import torch
from torch import nn
llmkit.start("ch04/03_gpt_model", lang="pt-BR", seed=5)
torch.rand(100)
"""
GOOD = "class GPTModel(nn.Module):\n    def forward(self, x):\n        return x + 1\n"
TEST = """
from llmkit.testing import Checks, assert_equal
check = Checks(points=2)
with check("one more"):
    assert_equal(GPTModel()(1), 2)
check.report()
"""


def notebook(folder: Path, name: str, **cells: str) -> None:
    """A notebook with cells by grade_id: `-test` cells grade, `look` cells are skipped, the rest are exercises."""
    made = []
    for cell, source in cells.items():
        grade_id = cell.replace("_", "-")
        kind: dict[str, Any] = {"grade_id": grade_id, "grade": False, "solution": False}
        if grade_id.endswith("-test"):
            kind["grade"] = True
        elif grade_id != "setup":
            kind["solution"] = True
        metadata: dict[str, Any] = {"tags": ["skip-grading"]} if grade_id == "look" else {"nbgrader": kind}
        made.append({"cell_type": "code", "metadata": metadata, "source": source})
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps({"cells": made}), encoding="utf-8")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A chapter 5 beside a chapter 4."""
    (tmp_path / "ch05").mkdir()
    monkeypatch.chdir(tmp_path / "ch05")
    return tmp_path / "ch04"


def test_the_notebook_that_is_open_stays_open(here: Path) -> None:
    notebook(here, "03_gpt_model.ipynb", setup=SETUP, gpt=GOOD, gpt_test=TEST)
    with opened.kept():
        opened.remember("ch05/01_x")
        assert mine("ch04").sources
        assert opened.opened() == opened.Opened("ch05", "01_x", Path.cwd())


def test_what_passes_is_taken_and_nothing_is_disturbed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notebook(here, "03_gpt_model.ipynb", setup=SETUP, gpt_model=GOOD, gpt_model_test=TEST, look="raise SystemExit")
    torch.manual_seed(1)
    testing.seed("x")
    expected, drawn = torch.rand(3), testing.randn(3)
    torch.manual_seed(1)
    testing.seed("x")
    found = mine("ch04")
    assert torch.equal(torch.rand(3), expected) and torch.equal(testing.randn(3), drawn) and i18n.language() == "en"
    assert found.GPTModel()(4) == 5
    assert capsys.readouterr().out == "GPTModel: yours (ch04/03_gpt_model.ipynb)\n"


@pytest.mark.parametrize(
    ("answer", "test", "why"),
    [
        (GOOD.replace("+ 1", "+ 2"), TEST, "its visible tests do not all pass"),
        ("class GPTModel(nn.Module):\n    raise NotImplementedError\n", TEST, "its visible tests do not all pass"),
        ("class GPTModel(nn.Module:", TEST, "no notebook of ch04 has it"),
        (GOOD, "x = 1", "its visible tests do not all pass"),
        (GOOD, "raise SystemExit", "its visible tests do not all pass"),
    ],
    ids=["wrong", "empty", "syntax error", "no checks", "exit"],
)
def test_what_does_not_pass_is_llmkits(
    here: Path, capsys: pytest.CaptureFixture[str], answer: str, test: str, why: str
) -> None:
    notebook(here, "03_gpt_model.ipynb", setup=SETUP, gpt_model=answer, gpt_model_test=test)
    assert mine("ch04").GPTModel is gpt.GPTModel
    out = capsys.readouterr().out
    assert "GPTModel: llmkit.models.gpt's" in out and why in out


def test_one_wrong_exercise_does_not_cost_the_others(here: Path) -> None:
    other = "def count(model):\n    return 7\n"
    passing = TEST.replace("GPTModel()(1), 2)", "count(0), 7)")
    notebook(
        here, "01.ipynb", setup=SETUP, bad="def generate(): return 1", bad_test="1 / 0", count=other, count_test=passing
    )
    (here / "02.ipynb").write_text("{ torn")
    found = mine("ch04")
    assert found.count(None) == 7 and found.generate.__module__ == "llmkit.models.decoding"
    with pytest.raises(AttributeError, match="there is no nonsense"):
        _ = found.nonsense


def test_without_a_notebook_llmkit_stands_in(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert llmkit.mine("ch04").GPTModel is gpt.GPTModel
    assert "no notebook of ch04 has it" in capsys.readouterr().out
    notebook(here.parent / "elsewhere", "03_gpt_model.ipynb", setup=SETUP, gpt_model=GOOD, gpt_model_test=TEST)
    assert mine("ch04", folder=here.parent / "elsewhere").GPTModel()(1) == 2
    with pytest.raises(ValueError, match="there is no folder"):
        mine("ch04", folder="nowhere")
    with pytest.raises(ValueError, match="chapter should look like"):
        mine("../x")
