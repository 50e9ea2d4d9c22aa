"""The error chart: each kind keeps its points, bits to the right, errors on a logarithmic axis."""

from __future__ import annotations

import pytest

from llmkit.views import error_chart


def test_each_kind_keeps_its_points() -> None:
    figure = error_chart({"8 bits": [(8.0, 1.5), (8.5, 0.5)], "4 bits": [(5.0, 8.0)]}, title="t").plotly
    assert [(one.name, list(one.x), list(one.y)) for one in figure.data] == [
        ("8 bits", [8.0, 8.5], [1.5, 0.5]),
        ("4 bits", [5.0], [8.0]),
    ]
    assert figure.layout.yaxis.type == "log"
    assert len({(one.line.color, one.marker.symbol) for one in figure.data}) == 2


@pytest.mark.parametrize("kinds", [{}, {"empty": []}, {str(number): [(8.0, 1.0)] for number in range(6)}])
def test_what_cannot_be_drawn_is_refused(kinds: dict[str, list[tuple[float, float]]]) -> None:
    with pytest.raises(ValueError, match="1 to 5 kinds"):
        error_chart(kinds, title="t")
