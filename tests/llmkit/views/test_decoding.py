"""Views of generation: the chart of steps, and the explorer on somebody's own functions."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import pytest
import torch

from llmkit.views import decoding as views


def temper(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    return logits / temperature


def keep_k(logits: torch.Tensor, k: int) -> torch.Tensor:
    return logits.masked_fill(logits < logits.topk(k).values[:, -1:], -math.inf)


def keep_p(logits: torch.Tensor, p: float) -> torch.Tensor:
    """Only for rows that fall: as these tests have them."""
    shares = logits.softmax(dim=-1)
    return logits.masked_fill(shares.cumsum(dim=-1) - shares >= p, -math.inf)


def explorer(**changes: Any) -> views.DecodingExplorer:
    logits = {"a <b>": torch.tensor([8.0, 4, 2, 2]).log(), "other": torch.zeros(20)}
    functions: dict[str, Any] = {"temper": temper, "keep_k": keep_k, "keep_p": keep_p} | changes
    return views.decoding_explorer(logits, lambda token: f"<{token}>", **functions)


def test_temperature_divides_and_zero_leaves_the_largest() -> None:
    logits = torch.tensor([[1.0, 3, 2], [4, 0, 4]])
    assert torch.equal(views.tempered(logits, 0.5), 2 * logits)
    expected = torch.tensor([[-math.inf, 3, -math.inf], [4, -math.inf, 4]])
    assert torch.equal(views.tempered(logits, 0), expected)


@pytest.mark.parametrize(
    ("k", "kept"), [(1, [[1], [0, 2]]), (2, [[1, 2], [0, 2]]), (3, [[0, 1, 2]] * 2), (9, [[0, 1, 2]] * 2)]
)
def test_the_most_probable_stay(k: int, kept: list[list[int]]) -> None:
    logits = torch.tensor([[1.0, 3, 2], [4, 0, 4]])
    found = views.most_probable(logits, k)
    assert [row.isfinite().nonzero().flatten().tolist() for row in found] == kept
    assert torch.equal(found[found.isfinite()], logits[found.isfinite()])


@pytest.mark.parametrize(
    ("p", "kept"),
    [(0.4, [[1], [2]]), (0.6, [[1, 2], [2]]), (0.9, [[0, 1, 2, 3], [0, 2]]), (1.0, [[0, 1, 2, 3], [0, 1, 2, 3]])],
)
def test_the_nucleus_is_the_smallest_set_that_reaches_p(p: float, kept: list[list[int]]) -> None:
    logits = torch.tensor([[0.13, 0.5, 0.25, 0.12], [0.15, 0.03, 0.8, 0.02]]).log()
    found = views.nucleus(logits, p)
    assert [row.isfinite().nonzero().flatten().tolist() for row in found] == kept
    assert torch.equal(found[found.isfinite()], logits[found.isfinite()])


def test_without_functions_the_explorer_takes_those_of_the_module() -> None:
    shown = views.decoding_explorer({"a": torch.tensor([8.0, 4, 2, 2]).log()}, str)
    shown.top_k.value, shown.temperature.value = 2, 0.5
    assert shown.probabilities()[1] == pytest.approx([0.8, 0.2, 0, 0])
    shown.top_k.value, shown.top_p.value = 0, 0.8
    assert shown.probabilities()[1] == pytest.approx([0.8, 0.2, 0, 0])
    shown.temperature.value = 0
    assert shown.probabilities()[1] == [1, 0, 0, 0]


def test_the_chart_has_a_column_per_step() -> None:
    figure = views.steps_chart([[("<|end|>", 0.75), ("$b$", 0.25)], [("c", 1.0), ("d", 0.0)]], title="$t$")
    (heat,) = figure.plotly.data
    assert [list(row) for row in heat.z] == [[0.75, 1.0], [0.25, 0.0]]
    assert [list(row) for row in heat.text] == [["&lt;|end|&gt;<br>0.75", "c<br>1.00"], ["$b$<br>0.25", "d<br>0.00"]]
    assert figure.plotly.layout.yaxis.autorange == "reversed" and figure.png.startswith(b"\x89PNG")


@pytest.mark.parametrize("steps", [[], [[]], [[("a", 1.0)], []]])
def test_steps_that_are_no_table_are_refused(steps: list[list[tuple[str, float]]]) -> None:
    with pytest.raises(ValueError, match="the same number of tokens"):
        views.steps_chart(steps, title="t")


def test_the_explorer_begins_with_the_models_own_distribution() -> None:
    before, after = explorer().probabilities()
    assert before == pytest.approx([0.5, 0.25, 0.125, 0.125]) and after == pytest.approx(before)
    # Entropy: 0.5 * 1 + 0.25 * 2 + 2 * 0.125 * 3 = 1.75 bits.
    assert explorer().plain().splitlines()[:3] == [
        "a <b>: temperature 1, top-k all, top-p 1",
        f"4 tokens may be drawn; perplexity {2**1.75:.1f}",
        f"<0>  0.500 → 0.500 {'█' * 24}",
    ]
    assert explorer().picture.value.count("width:50.0%") == 2, "bars are relative to the longest"


def test_the_explorer_follows_its_controls() -> None:
    shown = explorer()
    shown.temperature.value = 0.5
    assert shown.probabilities()[1] == pytest.approx([64 / 88, 16 / 88, 4 / 88, 4 / 88])
    shown.top_k.value = 2
    assert shown.probabilities()[1] == pytest.approx([0.8, 0.2, 0, 0])
    assert "2 tokens may be drawn" in shown.plain() and "&lt;1&gt;" in shown.picture.value
    shown.top_p.value = 0.75
    assert shown.probabilities()[1] == pytest.approx([1, 0, 0, 0])
    assert "1 tokens may be drawn; perplexity 1.0" in shown.picture.value
    shown.text.value = "other"
    shown.temperature.value, shown.top_k.value, shown.top_p.value = 1.0, 0, 1.0
    assert "20 tokens may be drawn; perplexity 20.0" in shown.plain()
    assert len(shown.plain().splitlines()) == 2 + views.SHOWN


def test_the_explorer_lives_on_when_a_function_raises_or_gives_no_numbers() -> None:
    def empty(logits: torch.Tensor, k: int) -> torch.Tensor:
        raise NotImplementedError

    shown = explorer(keep_k=empty, temper=lambda logits, temperature: logits * math.nan)
    assert "nan" in shown.plain()
    shown.top_k.value = 5
    assert "Your code raised NotImplementedError" in shown.picture.value and "<td" not in shown.picture.value
    shown.top_k.value = 0
    assert "nan" in shown.picture.value


def test_the_functions_may_write_into_what_they_get() -> None:
    shown = explorer(temper=lambda logits, temperature: logits.mul_(3))
    shown.temperature.value = 2
    assert shown.probabilities()[0] == pytest.approx([0.5, 0.25, 0.125, 0.125])


def test_no_label_is_cut_off() -> None:
    shown = explorer()
    for control in (shown.text, shown.temperature, shown.top_k, shown.top_p):
        assert control.style.description_width == "initial"


def test_where_no_widget_lives_the_explorer_is_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    displayed: list[dict[str, Any]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: displayed.append(data))
    shown = explorer()
    shown._ipython_display_()
    assert displayed[0]["application/vnd.jupyter.widget-view+json"]["model_id"] == shown.box.model_id
    assert "a &lt;b&gt;: temperature 1" in displayed[0]["text/html"] and "<table>" in displayed[0]["text/html"]
    assert displayed[0]["text/plain"] == shown.plain()


@pytest.mark.parametrize("logits", [{}, {"a": torch.zeros(1, 3)}, {"a": torch.zeros(0)}])
def test_logits_that_are_no_rows_are_refused(logits: dict[str, torch.Tensor]) -> None:
    with pytest.raises(ValueError, match=r"shape \(V\)"):
        views.decoding_explorer(logits, str, temper=temper, keep_k=keep_k, keep_p=keep_p)


def test_importing_the_module_loads_no_heavy_library() -> None:
    code = "import sys, llmkit.views.decoding; print([m for m in ('torch', 'plotly', 'ipywidgets', 'matplotlib') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
