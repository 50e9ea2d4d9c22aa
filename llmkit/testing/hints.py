"""How two tensors differ, in a sentence: only what is true of their numbers, never a guess at the cause."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from llmkit.i18n import gettext as _

MOST = 1 << 20  # elements; of larger tensors nothing is said
CLOSE = 1e-4, 1e-6  # relative to each value, and to the largest one


def hints(got: torch.Tensor, expected: torch.Tensor, bad: torch.Tensor) -> list[str]:
    """One sentence on how the values are related, and one on where they differ; either may be missing.

    Args:
        got: any shape.
        expected: the same shape.
        bad: where they differ, booleans of that shape.
    """
    if got.is_complex() or expected.is_complex() or not 0 < got.numel() <= MOST:
        return []
    a, b = got.double(), expected.double()
    found = [next(sentences, None) for sentences in (_related(a, b), _placed(bad))]
    return [sentence for sentence in found if sentence]


def _alike(a: torch.Tensor, b: torch.Tensor) -> bool:
    finite = b[torch.isfinite(b)].abs()
    largest = finite.max().item() if finite.numel() else 0.0
    return a.shape == b.shape and torch.allclose(a, b, rtol=CLOSE[0], atol=CLOSE[1] * largest, equal_nan=True)


def _related(got: torch.Tensor, expected: torch.Tensor) -> Iterator[str]:
    """What was done to the expected values, if it is one simple thing."""
    if not (torch.isfinite(got).all() and torch.isfinite(expected).all()):
        finite = torch.isfinite(got) & torch.isfinite(expected)
        if finite.any() and _alike(got[finite], expected[finite]):
            yield _("all numbers are as expected but for those that are infinite or NaN")
        return
    # So near that nothing can be told apart.
    if _alike(got, expected):
        return
    single = got.numel() == 1
    if (expected != 0).any():
        if _alike(got, -expected):
            yield (
                _("the sign is flipped: minus the expected value") if single else _("every value has the wrong sign")
            )
        factor = _factor(got, expected)
        if factor is not None and (not single or _is_simple(factor)):
            yield (
                _("this is {factor:.4g} times the expected value")
                if single
                else _("every value is {factor:.4g} times the expected one")
            ).format(factor=factor)
    if single:
        yield from _function(got, expected)
        return
    varied = not _alike(expected, expected.flatten()[:1].expand_as(expected))
    if varied and _alike(got, got.flatten()[:1].expand_as(got)):
        yield _("every value is {value:.4g}, where different ones were expected").format(value=got.flatten()[0].item())
        return
    if varied and _alike(got.abs(), expected.abs()):
        yield _("the values are as expected but for the sign of some")
    if varied and _alike(got - expected, (got - expected).mean().expand_as(got)):
        yield _("every value is the expected one plus {value:.4g}").format(value=(got - expected).mean().item())
    if varied:
        yield from _moved(got, expected)
    for dim, size in enumerate(expected.shape):
        if size < 2 or got.dim() < 2:
            continue
        factors = _factor_along(got, expected, dim)
        if factors:
            yield _("each slice along dimension {dim} is the expected one, times a number of its own").format(dim=dim)
    yield from _function(got, expected)


def _factor(got: torch.Tensor, expected: torch.Tensor) -> float | None:
    """The number by which all expected values are multiplied; None if there is none."""
    largest = expected.abs().argmax()
    factor = (got.flatten()[largest] / expected.flatten()[largest]).item()
    # A factor that is nearly one, or nothing, says little.
    return factor if abs(factor) > 1e-6 and abs(factor - 1) > 1e-3 and _alike(got, factor * expected) else None


def _is_simple(factor: float) -> bool:
    """Whether it is a whole number up to 1000, or one over it."""
    return any(1.5 < one < 1000.5 and abs(one - round(one)) < 1e-5 * one for one in (abs(factor), 1 / abs(factor)))


def _factor_along(got: torch.Tensor, expected: torch.Tensor, dim: int) -> bool:
    """Whether each slice along a dimension is a multiple of the expected one, and not all by the same number."""
    peak = expected.abs().argmax(dim=dim, keepdim=True)
    top = expected.gather(dim, peak)
    if (top == 0).any():
        return False
    factors = got.gather(dim, peak) / top
    return bool((factors != 0).all()) and _alike(got, factors * expected)


def _moved(got: torch.Tensor, expected: torch.Tensor) -> Iterator[str]:
    """The same numbers in other places."""
    if got.dim() >= 2 and got.shape[-1] == got.shape[-2] and _alike(got, expected.mT):
        yield _("these are the expected values with the last two dimensions exchanged")
    for dim in range(got.dim()):
        if got.shape[dim] > 1 and _alike(got, expected.flip(dim)):
            yield _("these are the expected values in reverse order along dimension {dim}").format(dim=dim)
    for dim in range(got.dim()):
        size = got.shape[dim]
        if size < 4:
            continue
        early, late = (got.narrow(dim, start, size - 1) for start in (0, 1))
        if _alike(early, expected.narrow(dim, 1, size - 1)):
            yield _("along dimension {dim} every value stands one place too early").format(dim=dim)
        if _alike(late, expected.narrow(dim, 0, size - 1)):
            yield _("along dimension {dim} every value stands one place too late").format(dim=dim)
    if got.dim() > 1 and _alike(got.sort(dim=-1).values, expected.sort(dim=-1).values):
        yield _("each row along the last dimension has the expected numbers, in another order")
    if _alike(got.flatten().sort().values, expected.flatten().sort().values):
        yield _("the numbers are those that were expected, in other places")


def _function(got: torch.Tensor, expected: torch.Tensor) -> Iterator[str]:
    """A well-known function of the expected values."""
    if (expected > 0).all() and _alike(got, expected.log()):
        yield _("these are the natural logarithms of what was expected")
    elif (got > 0).all() and _alike(got.log(), expected):
        yield _("these are e to the power of what was expected")
    elif (expected.abs() > 1e-6).all() and _alike(got, 1 / expected):
        yield _("these are one over what was expected")
    elif _alike(got, expected.square()):
        yield _("these are the squares of what was expected")
    elif (expected >= 0).all() and _alike(got, expected.sqrt()):
        yield _("these are the square roots of what was expected")
    elif got.numel() > 1 and _alike(got, expected.round()):
        yield _("these are the expected values, rounded")


def _placed(bad: torch.Tensor) -> Iterator[str]:
    """Where the differences are, if they are in one part."""
    if bad.all() or bad.dim() == 0:
        return
    if bad.dim() >= 2 and bad.shape[-1] > 1 and bad.shape[-2] > 1:
        over = torch.ones(bad.shape[-2:], dtype=torch.bool)
        parts = (
            (over.triu(1), _("only values above the diagonal of the last two dimensions differ")),
            (over.tril(-1), _("only values below the diagonal of the last two dimensions differ")),
            (over.triu() & over.tril(), _("only values on the diagonal of the last two dimensions differ")),
        )
        for part, sentence in parts:
            if bad.shape[-1] == bad.shape[-2] and not (bad & ~part).any() and bad.any(dim=-1).sum() > 1:
                yield sentence
    for dim in reversed(range(bad.dim())):
        size = bad.shape[dim]
        others = [other for other in range(bad.dim()) if other != dim]
        hit = bad.any(dim=others) if others else bad
        places = hit.nonzero().flatten().tolist()
        if size > 2 and len(places) == 1:
            sentences = {
                0: _("only the first place along dimension {dim} differs"),
                size - 1: _("only the last place along dimension {dim} differs"),
            }
            other = _("only place {place} along dimension {dim} differs")
            yield sentences.get(places[0], other).format(place=places[0], dim=dim)
        if size > 3 and len(places) == size - 1 and 0 not in places:
            yield _("along dimension {dim} the first place is right, and all later ones differ").format(dim=dim)
        if size > 3 and 1 < len(places) <= size // 2 and places == list(range(size - len(places), size)):
            yield _("along dimension {dim} only the last {count} of {size} places differ").format(
                dim=dim, count=len(places), size=size
            )
    if bad.dim() > 1 and bad.shape[0] > 2 and (rows := bad.flatten(1).any(dim=1)).sum() * 2 <= len(rows):
        yield _("only these places of dimension 0 differ: {places}").format(
            places=rows.nonzero().flatten().tolist()[:10]
        )
