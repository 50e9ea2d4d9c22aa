"""What a failed comparison says about its numbers is true, and silent where nothing simple is."""

from __future__ import annotations

import pytest
import torch

from llmkit.testing.hints import hints

torch.manual_seed(3)
E = torch.rand(3, 5, 5) + 0.5
BAD = torch.zeros(3, 5, 5, dtype=torch.bool)


def at(part: tuple[object, ...]) -> torch.Tensor:
    bad = BAD.clone()
    bad[part] = True
    return bad


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (2.83 * E, "every value is 2.83 times the expected one"),
        (-E, "every value has the wrong sign"),
        (E.mT, "the last two dimensions exchanged"),
        (E.flip(1), "reverse order along dimension 1"),
        (E.roll(1, dims=1), "along dimension 1 every value stands one place too late"),
        (E.roll(-1, dims=2), "along dimension 2 every value stands one place too early"),
        (E + 0.25, "every value is the expected one plus 0.25"),
        (torch.full_like(E, 0.2), "every value is 0.2, where different ones were expected"),
        (E / E.sum(-1, keepdim=True), "times a number of its own"),
        (E.log(), "natural logarithms"),
        (E.exp(), "e to the power"),
        (1 / E, "one over"),
        (E * torch.tensor([1.0, -1, 1, 1, -1]), "but for the sign of some"),
        (E[:, :, torch.tensor([1, 0, 3, 2, 4])], "each row along the last dimension has the expected numbers"),
        (E.flatten().roll(7).reshape(E.shape), "in other places"),
        (torch.where(at((0, 1)), torch.inf, E), "but for those that are infinite or NaN"),
    ],
)
def test_how_the_values_are_related(got: torch.Tensor, words: str) -> None:
    assert words in hints(got, E, torch.ones_like(BAD))[0]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (BAD | torch.ones(5, 5, dtype=torch.bool).triu(1), "above the diagonal"),
        (BAD | torch.ones(5, 5, dtype=torch.bool).tril(-1), "below the diagonal"),
        (BAD | torch.eye(5, dtype=torch.bool), "on the diagonal"),
        (at((slice(None), slice(None), 4)), "only the last place along dimension 2"),
        (at((slice(None), 0)), "only the first place along dimension 1"),
        (at((1,)), "only place 1 along dimension 0"),
        (at((slice(None), slice(1, None))), "along dimension 1 the first place is right, and all later ones differ"),
        (at((slice(None), slice(3, None))), "along dimension 1 only the last 2 of 5 places differ"),
    ],
)
def test_where_the_values_differ(bad: torch.Tensor, words: str) -> None:
    got = torch.where(bad, torch.rand(3, 5, 5) + 3, E)
    found = hints(got, E, bad)
    assert any(words in sentence for sentence in found), found


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [(3.0, 0.01, "300 times"), (-2.0, 2.0, "minus"), (0.5, 2.0, "0.25 times"), (7.389056, 2.0, "e to the power")],
)
def test_single_numbers(got: float, expected: float, words: str) -> None:
    assert words in hints(torch.tensor(got), torch.tensor(expected), torch.tensor(True))[0]


def test_nothing_is_said_where_nothing_simple_is_true() -> None:
    for seed in range(40):
        generator = torch.Generator().manual_seed(seed)
        for shape in ((), (4,), (3, 5), (2, 4, 4)):
            got, expected = (torch.randn(shape, generator=generator) for _ in range(2))
            assert hints(got, expected, torch.ones(shape, dtype=torch.bool)) == []
    near = E.double() * (1 + 1e-6)
    assert hints(near, E.double(), torch.ones_like(BAD)) == []


def test_odd_tensors_do_no_harm() -> None:
    for one in (torch.zeros(0), torch.zeros(3), torch.full((3,), torch.nan), torch.zeros(3, dtype=torch.bool)):
        hints(one, torch.ones(one.shape), torch.ones(one.shape, dtype=torch.bool))
        hints(torch.ones(one.shape), one, torch.ones(one.shape, dtype=torch.bool))
