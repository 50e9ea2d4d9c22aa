"""Views of windows: they show what the dataset gives, follow the sliders, survive broken datasets, and work without widgets."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from llmkit.views import windows as views

TOKENS = ["one", " two", " three", " four", " five", "<b>"]


def windows(ids: list[int], length: int, stride: int) -> list[tuple[list[int], list[int]]]:
    return [
        (ids[start : start + length], ids[start + 1 : start + length + 1])
        for start in range(0, len(ids) - length, stride)
    ]


def shown(explorer: views.WindowExplorer, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a notebook would hold."""
    found: list[dict[str, Any]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: found.append(data))
    explorer._ipython_display_()
    return found[0]


def test_the_windows_are_the_datasets() -> None:
    explorer = views.window_explorer(windows, TOKENS, context_length=2, stride=3)
    assert explorer.windows == [([0, 1], [1, 2]), ([3, 4], [4, 5])]
    assert explorer.text(1) == "window 1 (there are 2, from 0 on)\n   inputs ·four|·five\n  targets ·five|<b>"


def test_marks_follow_the_window() -> None:
    explorer = views.window_explorer(windows, TOKENS, context_length=2, stride=3)
    explorer.number.value = 1
    boxes = explorer.picture.value.split("<table>")[0].split("<span ")[1:]
    assert [views.READ in box for box in boxes] == [False, False, False, True, True, False]
    assert [views.GUESS in box for box in boxes] == [False, False, False, False, True, True]


def test_the_table_says_what_is_guessed_from_what() -> None:
    html = views.window_explorer(windows, TOKENS, context_length=2).html(0)
    table = html.split("<table>")[1]
    assert table.count("<tr>") == 2
    assert "one·two" in table and "<b>·three</b>" in table


def test_tokens_are_text_and_no_html() -> None:
    html = views.window_explorer(windows, TOKENS).html(0)
    assert "&lt;b&gt;" in html and "<b><b>" not in html


def test_length_and_stride_make_the_windows_anew() -> None:
    explorer = views.window_explorer(windows, TOKENS, context_length=2, stride=1)
    explorer.number.value = 3
    explorer.stride.value = 2
    assert len(explorer.windows) == 2 and explorer.number.max == 1 and explorer.number.value == 1
    explorer.length.value = 5
    assert explorer.windows == [([0, 1, 2, 3, 4], [1, 2, 3, 4, 5])] and explorer.number.value == 0


def test_items_may_be_dictionaries_of_tensors() -> None:
    def named(ids: list[int], length: int, stride: int) -> list[dict[str, torch.Tensor]]:
        return [
            {"targets": torch.tensor(targets), "inputs": torch.tensor(inputs)}
            for inputs, targets in windows(ids, length, stride)
        ]

    assert views.window_explorer(named, TOKENS).windows == views.window_explorer(windows, TOKENS).windows


def test_a_broken_dataset_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(ids: list[int], length: int, stride: int) -> list[tuple[list[int], list[int]]]:
        if stride > 1:
            raise ZeroDivisionError("<oh>")
        return windows(ids, length, stride)

    explorer = views.window_explorer(broken, TOKENS, stride=2)
    assert "ZeroDivisionError: &lt;oh&gt;" in explorer.picture.value
    assert shown(explorer, monkeypatch)["text/plain"] == "ZeroDivisionError: <oh>"
    explorer.stride.value = 1
    assert "Error" not in explorer.picture.value


def test_ids_from_nowhere_and_no_windows_are_told() -> None:
    outside = views.window_explorer(lambda ids, length, stride: [([5], [6])], TOKENS)
    assert "the id 6" in outside.text(0)
    empty = views.window_explorer(lambda ids, length, stride: [], TOKENS)
    assert empty.text(0) == "There is no window."


def test_without_widgets_the_first_windows_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    explorer = views.window_explorer(windows, TOKENS, context_length=1, stride=1)
    data = shown(explorer, monkeypatch)
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert data["text/plain"].count("inputs") == views.SHOWN == data["text/html"].count("<table>")


def test_sizes_that_do_not_fit_are_refused() -> None:
    for length, stride in ((0, 1), (6, 1), (1, 0), (1, 6)):
        with pytest.raises(ValueError, match="from 1 to 5 for 6 tokens"):
            views.window_explorer(windows, TOKENS, length, stride)


def test_a_table_of_vectors_has_a_picture_and_zero_in_the_middle() -> None:
    figure = views.vector_table(torch.tensor([[1.0, -3.0], [0.0, 2.0]]), ["a", "b"], title="t")
    (heat,) = figure.plotly.data
    assert [list(row) for row in heat.z] == [[1.0, -3.0], [0.0, 2.0]]
    assert heat.zmin == -3 and heat.zmax == 3 and figure.png.startswith(b"\x89PNG")


def test_large_tables_hold_no_numbers() -> None:
    small, large = (views.vector_table(torch.zeros(20, n), ["x"] * 20, title="t") for n in (10, 11))
    assert small.plotly.data[0].texttemplate and not large.plotly.data[0].texttemplate


@pytest.mark.parametrize(("shape", "labels"), [((3,), 3), ((2, 3), 3), ((0, 3), 0)])
def test_vectors_and_labels_go_together(shape: tuple[int, ...], labels: int) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        views.vector_table(torch.zeros(shape), ["x"] * labels, title="t")


def test_values_that_cannot_be_coloured_are_refused() -> None:
    with pytest.raises(ValueError, match="not finite"):
        views.vector_table(torch.tensor([[float("nan")]]), ["x"], title="t")
