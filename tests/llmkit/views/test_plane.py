"""Points of the plane: each set is drawn where its numbers say, on axes of one scale, and nonsense is refused."""

from __future__ import annotations

import pytest
import torch

from llmkit.views import plane_chart


def test_every_set_of_points_is_drawn_where_its_numbers_say() -> None:
    sets = {"a": torch.tensor([[1.0, 2.0], [3.0, 4.0]]), "b": torch.tensor([[5.0, -6.0]], requires_grad=True)}
    figure = plane_chart(sets, title="two sets").plotly
    assert [(trace.name, tuple(trace.x), tuple(trace.y)) for trace in figure.data] == [
        ("a", (1.0, 3.0), (2.0, 4.0)),
        ("b", (5.0,), (-6.0,)),
    ]
    assert figure.layout.yaxis.scaleanchor == "x"  # a circle is round
    assert len({trace.marker.symbol for trace in figure.data}) == 2  # without colours, too


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ({}, "1 to 5 sets"),
        ({str(number): torch.zeros(1, 2) for number in range(6)}, "1 to 5 sets, not 6"),
        ({"wide": torch.zeros(4, 3)}, r"'wide' .* \(4, 3\)"),
        ({"flat": torch.zeros(2)}, r"'flat' .* \(2,\)"),
        ({"nan": torch.tensor([[0.0, float("nan")]])}, "finite"),
    ],
)
def test_nonsense_is_refused(points: dict[str, torch.Tensor], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plane_chart(points, title="")
