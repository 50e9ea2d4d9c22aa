import pytest

from llmkit import runtime
from llmkit.bands import band


@pytest.fixture(autouse=True)
def _plain(monkeypatch):
    monkeypatch.delenv("LLMKIT_QUICK", raising=False)
    monkeypatch.delenv("LLMKIT_STRICT", raising=False)


@pytest.mark.parametrize(
    ("value", "low", "high", "inside"),
    [(1, 0, 2, True), (0, 0, 2, True), (2, 0, 2, True), (2.1, 0, 2, False), (-1, 0, None, False), (5, 0, None, True),
     (5, None, 4, False), (float("nan"), None, 4, False), (float("nan"), 0, 2, False)],
)  # fmt: skip
def test_a_value_is_inside_its_band_or_not(value, low, high, inside, capsys):
    assert band("loss", value, low, high) is inside
    assert capsys.readouterr().out.startswith("✓ loss" if inside else "✗ loss")


def test_strict_makes_outside_an_error(monkeypatch):
    monkeypatch.setenv("LLMKIT_STRICT", "1")
    assert band("loss", 1, 0, 2)
    with pytest.raises(AssertionError, match=r"loss: 3\.00"):
        band("loss", 3, 0, 2)


def test_a_quick_run_is_not_judged(monkeypatch, capsys):
    monkeypatch.setenv("LLMKIT_QUICK", "1")
    monkeypatch.setenv("LLMKIT_STRICT", "1")
    assert band("loss", 3, 0, 2)
    assert "quick" in capsys.readouterr().out
    assert runtime.steps(500) == 3
    assert runtime.steps(2) == 2


def test_a_full_run_takes_all_steps(capsys):
    assert runtime.steps(500) == 500
    assert capsys.readouterr().out == ""


def test_a_band_without_bounds_is_refused():
    with pytest.raises(ValueError, match="bound"):
        band("loss", 1)
