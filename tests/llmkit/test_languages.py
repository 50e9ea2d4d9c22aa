"""Numbers as each language writes them: in prose, figures and widgets, and not in what Python prints."""

from __future__ import annotations

import pytest
import torch

from llmkit import i18n
from llmkit.languages import localised, localised_text, separators
from llmkit.testing import assert_close
from llmkit.views import bars
from llmkit.views.picture import png, sheet


@pytest.mark.parametrize(
    ("language", "numbers"),
    [("en", ["1,234.5", "0.25", "+7.0 %", "1,000"]), ("pt-BR", ["1.234,5", "0,25", "+7,0 %", "1.000"])],
)
def test_a_number_has_the_signs_of_the_language(language: str, numbers: list[str]) -> None:
    with i18n.using(language):
        assert [localised(1234.5, ",.1f"), localised(0.25), localised_text("+7.0 %"), localised(1000, ",")] == numbers


def test_a_figure_writes_its_numbers_so_on_its_bars_its_axes_and_in_its_hover() -> None:
    with i18n.using("pt-BR"):
        figure = bars({"a": 0.25, "b": 12_345_678.0})
        assert list(figure.plotly.data[0].text) == ["0,25", "12.345.678"]
        figure._repr_mimebundle_()
        assert figure.plotly.layout.separators == ",." == "".join(separators())
    drawn, axis = sheet(4, 3)
    axis.plot([0.0, 0.5])
    with i18n.using("pt-BR"):
        png(drawn)
        assert "0,5" in [label.get_text() for label in axis.get_yticklabels()]


def test_an_axis_of_names_keeps_them() -> None:
    drawn, axis = sheet(4, 3)
    axis.bar(["v1.0", "a,b"], [1, 2])
    with i18n.using("pt-BR"):
        png(drawn)
        assert [label.get_text() for label in axis.get_xticklabels()] == ["v1.0", "a,b"]


def test_a_message_of_a_test_keeps_the_values_as_python_prints_them() -> None:
    with i18n.using("pt-BR"), pytest.raises(AssertionError, match=r"0\.25"):
        assert_close(torch.tensor([0.25]), torch.tensor([0.5]))
