"""Views of BERT: what became of each word, two ways to look, and the widget with its static copy."""

from __future__ import annotations

import math

import pytest
import torch

from llmkit.views import bert as views

TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "cat", "<dog>"]


def test_each_chosen_word_has_its_fate() -> None:
    inputs = torch.tensor([[2, 4, 5, 3, 0], [2, 5, 6, 3, 0]])
    labels = torch.tensor([[-100, 6, 5, -100, -100], [-100, 6, -100, -100, -100]])
    rows = views.MaskedRows(inputs, labels, TOKENS, title="Masks")
    assert rows.counted() == {"mask": 1, "swapped": 1, "kept": 1}
    assert repr(rows).splitlines() == [
        "Masks",
        "[CLS] [MASK](<dog>) cat(cat) [SEP]",
        "[CLS] cat(<dog>) <dog> [SEP]",
        "masked: 1, another word: 1, unchanged: 1",
    ]
    html = rows._repr_html_()
    assert "&lt;dog&gt;" in html and "<dog>" not in html and "[PAD]" not in html


def test_rows_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(B, T\)"):
        views.MaskedRows(torch.zeros(2, 3).long(), torch.zeros(2, 4).long(), TOKENS)


def test_maps_stand_side_by_side_with_one_scale() -> None:
    one, two = torch.eye(3), torch.full((3, 3), 0.2)
    two[0, 2] = torch.nan
    figure = views.side_by_side({"left": one, "right": two}, ["a", "b", "c"], title="t")
    left, right = figure.plotly.data
    assert left.zmax == right.zmax == 1.0
    assert [list(row) for row in left.z] == one.tolist()
    assert right.z[0][2] is None and math.isclose(right.z[0][1], 0.2, rel_tol=1e-6)
    assert [note.text for note in figure.plotly.layout.annotations] == ["left", "right"]
    assert list(figure.plotly.layout.xaxis2.ticktext) == ["a", "b", "c"]
    assert figure.png.startswith(b"\x89PNG")


def test_maps_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="T = 2"):
        views.side_by_side({"one": torch.eye(3)}, ["a", "b"])
    with pytest.raises(ValueError, match="at least one"):
        views.side_by_side({}, [])


def guess(text: str) -> list[list[tuple[str, float]]]:
    """Two words for each mask."""
    return [[(f"w{number}", 0.75), ("<x>", 0.25)] for number in range(text.count("[MASK]"))]


def test_the_explorer_fills_each_gap() -> None:
    explorer = views.mask_explorer(guess, ["a [MASK] b [MASK]", "no [MASK]"])
    assert explorer.told == "a w0 b w1"
    assert explorer.text().splitlines()[1:3] == ["gap 1", " w0 0.750 " + "█" * 22]
    assert "&lt;x&gt;" in explorer.picture.value and "<x>" not in explorer.picture.value


def test_the_explorer_follows_the_sentence_and_the_buttons() -> None:
    explorer = views.mask_explorer(guess, ["one [MASK]", "two [MASK] [MASK]"])
    explorer.sentence.value = "a [MASK] <b>"
    assert explorer.told == "a w0 <b>" and "&lt;b&gt;" in explorer.picture.value
    explorer.buttons[1].click()
    assert explorer.sentence.value == "two [MASK] [MASK]" and len(explorer.guesses) == 2
    explorer.sentence.value = "nothing is missing"
    assert explorer.guesses == [] and "[MASK]" in explorer.told


def test_the_explorer_shows_a_copy_where_no_widget_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython.display, "display", lambda data, **options: shown.append(data))
    explorer = views.mask_explorer(guess, ["a [MASK]"])
    explorer._ipython_display_()
    assert set(shown[0]) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert "w0" in shown[0]["text/html"] and "w0" in shown[0]["text/plain"]
    with pytest.raises(ValueError, match="at least one"):
        views.mask_explorer(guess, [])
