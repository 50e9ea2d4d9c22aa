"""What other libraries do that surprises: docs/surprises.md names each, and where it would reach our users, the right value is held here."""

from __future__ import annotations

import io
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

import llmkit
from llmkit.models import bert
from llmkit.models.decoding import choose
from llmkit.tasks import metrics, words

pytest_plugins = ["pytester"]
ROOT = Path(__file__).resolve().parents[1]
INPUTS = ["docs/surprises.md", "findings/*.sh", "constraints.txt"]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs/surprises.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and "findings/" in line
]


def test_every_finding_has_its_row_and_every_row_its_finding() -> None:
    named = [name for row in ROWS for name in re.findall(r"findings/(\w+\.sh)", row[-2])]
    assert sorted(set(named)) == sorted(path.name for path in (ROOT / "findings").glob("*.sh"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_has_versions_that_the_finding_installs(row: list[str]) -> None:
    scripts = "".join(
        (ROOT / "findings" / name).read_text(encoding="utf-8") for name in re.findall(r"findings/(\w+\.sh)", row[-2])
    )
    versions = re.findall(r"([\w.-]+) (\d[\d.]*\d)", row[0])
    assert versions
    assert [
        f"{name} {version}"
        for name, version in versions
        if f"{name}=={version}" not in scripts and f"{name} {version}" not in scripts
    ] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_names_what_holds_it(row: list[str]) -> None:
    held = re.findall(r"`([\w/.]+\.py)(?:::(\w+))?`", row[-1])
    assert held or row[-1].startswith("no code of ours"), "name the test, or say that no code of ours does this"
    for file, test in held:
        assert f"def {test}" in (ROOT / file).read_text(encoding="utf-8"), f"{file} has no {test}"


@pytest.mark.parametrize("gradients", [False, True], ids=["without gradients", "with gradients"])
def test_a_row_of_padding_is_finite_in_our_bert_and_changes_no_other(gradients: bool) -> None:
    torch.manual_seed(0)
    model = bert.BertModel(bert.config(vocab_size=31, context_length=8, emb_dim=16, n_heads=2, n_layers=2)).eval()
    ids = torch.tensor([[2, 9, 8, 3], [0, 0, 0, 0]])
    with torch.set_grad_enabled(gradients):
        both = model(ids, torch.zeros_like(ids))
        alone = model(ids[:1], torch.zeros_like(ids[:1]))
    for together, single in zip(both, alone, strict=True):
        assert together.isfinite().all()
        assert torch.allclose(together[:1], single, atol=1e-5)


def test_no_table_that_is_shared_with_the_output_relies_on_padding_idx() -> None:
    model = bert.BertModel(bert.config(vocab_size=31, context_length=8, emb_dim=16, n_heads=2, n_layers=1))
    tables = [part for part in model.modules() if isinstance(part, torch.nn.Embedding)]
    assert tables and all(table.padding_idx is None for table in tables)


@pytest.mark.parametrize("kept", [{"top_k": 2}, {"top_p": 0.9}], ids=["top k", "top p"])
def test_a_token_that_was_filtered_away_is_never_drawn(kept: dict[str, Any]) -> None:
    logits = torch.tensor([[3.0, 3.0, -9.0, -9.0]]).expand(500, -1)
    drawn = choose(logits, 1.0, generator=torch.Generator().manual_seed(0), **kept)
    assert set(drawn.flatten().tolist()) == {0, 1}


def test_random_states_of_python_and_torch_can_be_kept_in_a_checkpoint() -> None:
    file = io.BytesIO()
    torch.save({"python": random.getstate(), "torch": torch.get_rng_state()}, file)
    file.seek(0)
    states = torch.load(file, weights_only=True)
    assert states["python"] == random.getstate() and states["torch"].equal(torch.get_rng_state())


def test_a_test_that_returns_a_value_fails(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_square():\n    return 2 * 2 == 5\n")
    done = pytester.runpytest_inprocess(
        f"--config-file={ROOT / 'pyproject.toml'}", "--rootdir=.", "test_a_test_that_returns_a_value_fails.py"
    )
    done.assert_outcomes(failed=1)


def test_the_grader_does_not_load_the_parser_of_iris() -> None:
    code = "import autograder.submission.read, sys; print(sys.modules.get('rfc3987_syntax'), 'nbformat' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["None", "True"]


@pytest.mark.parametrize("name", ["llmkit-8k"])
def test_no_special_token_of_ours_begins_another(name: str) -> None:
    special = llmkit.tokenizer(name).special_tokens_set
    assert special
    assert [(one, other) for one in special for other in special if one != other and other.startswith(one)] == []


def test_words_that_differ_in_an_accent_are_two_words_to_our_metrics() -> None:
    assert words("avó") != words("avô")
    assert metrics.rouge_n(words("avó"), words("avô"), 1)[2] == 0
    assert metrics.rouge_n(words("é"), words("é"), 1)[2] == 1
