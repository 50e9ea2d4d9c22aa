"""Views of losses: colours follow the loss, texts are no HTML, and a histogram's shares are those of the numbers."""

from __future__ import annotations

import re
from typing import Any

import pytest
import torch
from torch import nn

from llmkit.views import losses as views


def lightness(html: str) -> list[int]:
    return [int(found) for found in re.findall(r"hsl\(28,95%,(\d+)%\)", html)]


def shown(thing: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What a notebook would hold."""
    found: list[dict[str, str]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: found.append(data))
    thing._ipython_display_()
    return found[0]


def test_the_larger_the_loss_the_darker_the_token() -> None:
    first, second, third, fourth = lightness(
        views.coloured_losses([("a", 0.0), ("b", 2.0), ("c", 8.0), ("d", 80.0)])._repr_html_()
    )
    assert first > second > third == fourth


def test_mean_and_most_surprising_tokens_are_told() -> None:
    row = views.coloured_losses([(" the", 0.5), ("é".encode(), 4.0), ("x", 1.5)], title="t")
    assert row.mean == pytest.approx(2.0)
    assert row.told() == "mean loss: 2.00 nats per token; most surprising: é 4.0, x 1.5, ·the 0.5"
    assert repr(row).splitlines()[:2] == ["t", "·the|é[4.0]|x[1.5]"]
    assert "<sub>4.0</sub>" in row._repr_html_() and "<sub>0.5</sub>" not in row._repr_html_()
    assert "loss 4.00, probability 0.018" in row._repr_html_()


def test_tokens_are_text_and_no_html() -> None:
    html = views.coloured_losses([("<script>", 1.0), ("&", 9.0)], title="<b>")._repr_html_()
    assert "<script>" not in html and "&lt;script&gt;" in html and "&lt;b&gt;" in html


@pytest.mark.parametrize("pieces", [[], [("a", float("nan"))], [("a", float("inf"))]])
def test_rows_without_tokens_and_losses_that_are_no_numbers_are_refused(pieces: list[tuple[str, float]]) -> None:
    with pytest.raises(ValueError, match=r"no token|not a finite"):
        views.coloured_losses(pieces)


def test_the_explorer_follows_what_is_typed_and_shows_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    explorer = views.loss_explorer(lambda text: [(word, 10 / len(word)) for word in text.split()], "of three")
    assert "of 5.0" in explorer.picture.value
    explorer.typed.value = "seventeen"
    assert "seventeen" in explorer.picture.value and "three" not in explorer.picture.value
    data = shown(explorer, monkeypatch)
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert data["text/plain"].startswith("seventeen")
    explorer.typed.value = ""
    assert "ValueError: there is no token" in explorer.picture.value


def test_the_memory_that_waits_is_that_of_the_largest_part() -> None:
    # tanh keeps its result, 4 bytes a number; the linear layer keeps its input.
    model = nn.Sequential(nn.Linear(8, 16, bias=False), nn.Tanh())
    rows = torch.randn(30, 8)

    def step(*sizes: int) -> None:
        for part in torch.split(rows, list(sizes)):
            model(part).sum().backward()

    each = 4 * 16
    assert views.waiting_for_backward(model, lambda: step(10, 10, 10)) == 10 * each + rows.numel() * 4
    assert views.waiting_for_backward(model, lambda: step(30)) == 30 * each + rows.numel() * 4
    assert views.waiting_for_backward(model, lambda: None) == 0


def test_shares_are_of_all_numbers() -> None:
    numbers = torch.tensor([[1.0, -1.5, 2.0, 0.25], [0.0, float("nan"), 1e-9, 1e9]])
    assert views.exponents(numbers, -2, 2) == [1 / 8, 0.0, 2 / 8, 1 / 8]


def test_the_chart_has_a_line_per_set_the_limits_and_a_picture() -> None:
    figure = views.exponent_chart(
        {"before": torch.tensor([1.0, 2.0]), "after": torch.tensor([4.0])}, title="t", limits={"least": -24}
    )
    before, after = figure.plotly.data
    assert before.name == "before" and before.y[before.x.index(0)] == 50.0 and after.y[after.x.index(2)] == 100.0
    assert figure.plotly.layout.shapes[0].x0 == -24 and figure.plotly.layout.annotations[0].text == "least"
    assert figure.png.startswith(b"\x89PNG")


def test_charts_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="1 to 4 sets"):
        views.exponent_chart({}, title="t")
