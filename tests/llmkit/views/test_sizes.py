"""What a size of GPT costs: counted as the model has it, by the student's code where it works."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from llmkit.models import gpt
from llmkit.views import sizes as views


def untied(size: str = "124M", **changes: Any) -> dict[str, Any]:
    return dict(gpt.config(size, **changes))


@pytest.mark.parametrize("bias", [True, False])
def test_the_count_is_the_models(bias: bool) -> None:
    for size in ("124M", "355M"):
        cfg = untied(size, qkv_bias=bias)
        with torch.device("meta"):
            model = gpt.GPTModel(cfg)
        assert views.parameter_count(cfg) == sum(p.numel() for p in model.parameters())


def test_the_flops_are_those_that_torch_counts() -> None:
    cfg = untied(vocab_size=50, context_length=12, emb_dim=16, n_heads=4, n_layers=3)
    with FlopCounterMode(display=False) as counter:
        gpt.GPTModel(cfg)(torch.zeros(1, 12, dtype=torch.long))
    assert 12 * views.flops_per_token(cfg) == counter.get_total_flops()


def test_costs_of_the_smallest_gpt2() -> None:
    costs = dict(views.gpt_builder().costs(untied()))
    assert costs["parameters"].startswith("163,009,536 (counted by the course")
    assert costs["weights in float32"] == "622 MiB" and costs["weights in int8"] == "155 MiB"
    assert costs["training with AdamW in float32"] == "2.4 GiB"


def test_the_students_count_is_used_while_it_works() -> None:
    seen = []

    def count(cfg: dict[str, Any]) -> int:
        seen.append(cfg)
        if cfg["n_layers"] == 5:
            raise NotImplementedError
        return 2**20

    builder = views.gpt_builder(count)
    assert "1,048,576 (counted by your code)" in builder.picture.value and "4 MiB" in builder.picture.value
    assert set(seen[0]) == set(gpt.config()) - {"tie_weights"}
    builder.layers.value = 5
    assert seen[-1]["n_layers"] == 5 and "counted by the course" in builder.picture.value


@pytest.mark.parametrize("found", [None, 0, -3, 1.5, "many"])
def test_a_count_that_is_no_count_is_not_used(found: Any) -> None:
    assert "counted by the course" in dict(views.gpt_builder(lambda cfg: found).costs(untied()))["parameters"]


def test_a_size_of_gpt2_moves_all_sliders_and_counts_once() -> None:
    seen: list[dict[str, Any]] = []
    builder = views.gpt_builder(lambda cfg: seen.append(cfg) or 1)  # type: ignore[func-returns-value]
    del seen[:]
    builder.size.value = "1558M"
    assert builder.config() | {"tie_weights": False} == untied("1558M") and len(seen) == 1


def test_heads_that_do_not_divide_the_width_are_told() -> None:
    builder = views.gpt_builder()
    builder.heads.value = 7
    assert "not a multiple of 7 heads" in builder.picture.value


def test_where_no_widget_lives_the_sizes_of_gpt2_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    views.gpt_builder()._ipython_display_()
    (data,) = shown
    assert data["text/plain"].count("parameters") == 4 and "1,637,792,000" in data["text/plain"]
    assert data["text/html"].count("<table>") == 4
    assert "application/vnd.jupyter.widget-view+json" in data
