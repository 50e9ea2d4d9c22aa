"""Gradients by layer: the norms are those of the loss, and the chart shows all that a logarithmic axis can."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from llmkit.views import gradients as views


def test_the_norms_are_those_of_the_mean_squared_error() -> None:
    # One layer without bias: the loss is mean((xW - t)²), its gradient 2 xᵀ(xW - t) / (number of outputs).
    layer = nn.Linear(3, 2, bias=False)
    inputs, targets = torch.randn(5, 3), torch.randn(5, 2)
    error = (inputs @ layer.weight.T - targets).detach()
    expected = (2 * inputs.T @ error / error.numel()).norm().item()
    assert views.gradient_norms(layer, inputs, targets) == [pytest.approx(expected, rel=1e-5)]


def test_there_is_a_norm_per_matrix_in_order_and_gradients_stay_as_they_were() -> None:
    model = nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.LayerNorm(3), nn.Linear(3, 2))
    inputs, targets = torch.randn(6, 4), torch.randn(6, 2)
    norms = views.gradient_norms(model, inputs, targets)
    assert all(parameter.grad is None for parameter in model.parameters())
    ((model(inputs) - targets) ** 2).mean().backward()
    assert norms == [pytest.approx(model[place].weight.grad.norm().item(), rel=1e-5) for place in (0, 3)]


def test_a_layer_that_is_not_used_has_no_gradient() -> None:
    class Forgetful(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.used, self.forgotten = nn.Linear(2, 2), nn.Linear(2, 2)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.used(x)  # type: ignore[no-any-return]

    first, second = views.gradient_norms(Forgetful(), torch.randn(3, 2), torch.randn(3, 2))
    assert first > 0 and second == 0


def test_a_model_without_layers_and_wrong_targets_are_refused() -> None:
    with pytest.raises(ValueError, match="ModuleList"):
        views.gradient_norms(nn.Tanh(), torch.ones(1, 2), torch.ones(1, 2))
    with pytest.raises(ValueError, match=r"shape \(1, 3\)"):
        views.gradient_norms(nn.Linear(2, 3), torch.ones(1, 2), torch.ones(1, 2))


def test_the_chart_has_a_line_per_network_and_a_picture() -> None:
    figure = views.gradient_chart({"plain": [1e-9, 1e-3], "shortcuts": [2.0, 3.0]}, title="t")
    plain, shortcuts = figure.plotly.data
    assert list(plain.x) == [1, 2] and list(plain.y) == [1e-9, 1e-3] and list(shortcuts.y) == [2.0, 3.0]
    assert plain.line.dash != shortcuts.line.dash and plain.line.color != shortcuts.line.color
    assert figure.plotly.layout.yaxis.type == "log" and figure.png.startswith(b"\x89PNG")


def test_what_has_no_logarithm_leaves_a_gap() -> None:
    figure = views.gradient_chart({"a": [0.0, 1.0, float("nan"), float("inf")]}, title="t")
    assert list(figure.plotly.data[0].y) == [None, 1.0, None, None]
    assert figure.png.startswith(b"\x89PNG")


@pytest.mark.parametrize("norms", [{}, {"a": []}, {str(number): [1.0] for number in range(5)}])
def test_charts_without_lines_and_with_too_many_are_refused(norms: dict[str, list[float]]) -> None:
    with pytest.raises(ValueError, match="1 to 4 networks"):
        views.gradient_chart(norms, title="t")
