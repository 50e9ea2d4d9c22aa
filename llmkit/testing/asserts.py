"""Assertions whose messages a student can act on: what was expected, what came back, and the first place where they differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import torch

from llmkit.errors import GraderError
from llmkit.i18n import gettext as _
from llmkit.testing import given
from llmkit.testing.hints import hints
from llmkit.testing.raised import Raised
from llmkit.testing.showing import digits_apart, indented, number, shape_of, short, show, what_is

# Relative and absolute tolerance by precision: enough for another order of the same operations, not for another formula.
TOLERANCES = {
    torch.float64: (1e-7, 1e-9),
    torch.float32: (1e-4, 1e-5),
    torch.bfloat16: (2e-2, 1e-2),
    torch.float16: (1e-2, 1e-3),
}
SMALL = 36  # a tensor of up to this many elements is shown whole


def assert_true(condition: Any, message: str, **values: Any) -> None:
    """Fails with `message`, an English msgid whose {names} are filled from `values`, unless the condition holds.

    The condition must be a plain truth value or a tensor of one element.
    """
    if isinstance(condition, torch.Tensor):
        condition = bool(condition.item()) if condition.numel() == 1 else _fail(_("a test compared whole tensors"))
    if not isinstance(condition, bool):
        _fail(_("expected True or False, got {got}").format(got=what_is(condition)))
    if not condition:
        _fail(_(message).format(**values))


def assert_shape(got: Any, shape: Sequence[int], *, what: str = "the result") -> None:
    """Fails unless `got` is a tensor of this shape."""
    tensor = as_tensor(got, what)
    if tuple(tensor.shape) != tuple(shape):
        _fail(
            _("{what} should have shape {expected}; got shape {got}").format(
                what=_(what), expected=shape_of(shape), got=shape_of(tensor.shape)
            )
        )


def assert_dtype(got: Any, dtype: torch.dtype, *, what: str = "the result") -> None:
    """Fails unless `got` is a tensor of this dtype."""
    tensor = as_tensor(got, what)
    if tensor.dtype != dtype:
        _fail(
            _("{what} should have dtype {expected}; got {got}").format(
                what=_(what), expected=short(dtype), got=short(tensor.dtype)
            )
        )


def assert_finite(got: Any, *, what: str = "the result") -> None:
    """Fails if a value of `got` is NaN or infinite, and says where the first one is."""
    tensor = as_tensor(got, what)
    bad = ~torch.isfinite(tensor)
    if bad.any():
        if not tensor.dim():
            _fail(_("{what} is {value}, which is not a finite number").format(what=_(what), value=tensor.item()))
        place = _first(bad)
        _fail(
            _("{what}: {count} values are not finite numbers; the first is {value} at {place}").format(
                what=_(what), count=int(bad.sum()), value=tensor[place].item(), place=list(place)
            )
        )


def assert_close(
    got: Any,
    expected: Any,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    what: str = "the result",
    check_dtype: bool = False,
) -> None:
    """Fails unless `got` equals `expected` up to rounding.

    Args:
        got: tensor, array, number or nested list.
        expected: the same, of the shape that `got` must have; its NaNs and infinities must be matched.
        rtol: relative tolerance; by default that of the less precise of the two dtypes (see TOLERANCES).
        atol: absolute tolerance, likewise.
        what: what `got` is, for the message.
        check_dtype: whether the dtypes must also be equal.

    Raises:
        AssertionError: says what was expected, what came back, and the first place where they differ.
    """
    ours = torch.as_tensor(expected).detach().cpu()
    theirs = as_tensor(given.left(got), what)
    assert_shape(theirs, ours.shape, what=what)
    if check_dtype:
        assert_dtype(theirs, ours.dtype, what=what)
    if torch.isfinite(ours).all():
        assert_finite(theirs, what=what)
    default = max((TOLERANCES.get(t.dtype, (0.0, 0.0)) for t in (ours, theirs)), default=(0.0, 0.0))
    if not (ours.is_floating_point() or ours.is_complex()) and not (theirs.is_floating_point() or theirs.is_complex()):
        default = (0.0, 0.0)
    widest = torch.complex128 if ours.is_complex() or theirs.is_complex() else torch.float64
    a, b = theirs.to(widest), ours.to(widest)
    close = torch.isclose(
        a, b, rtol=default[0] if rtol is None else rtol, atol=default[1] if atol is None else atol, equal_nan=True
    )
    if not close.all():
        _differ(theirs, ours, ~close, (a - b).abs(), what)


def assert_equal(got: Any, expected: Any, *, what: str = "the result") -> None:
    """Fails unless `got` equals `expected` exactly; tensors, numbers, texts, lists, tuples, sets and dictionaries."""
    got = given.left(got)
    if isinstance(expected, torch.Tensor):
        theirs, ours = as_tensor(got, what), expected.detach().cpu()
        assert_shape(theirs, ours.shape, what=what)
        different = _unlike(theirs, ours)
        if different.any():
            _differ(theirs, ours, different, None, what)
        return
    if isinstance(got, torch.Tensor) and not isinstance(expected, (list, tuple)):
        got = got.item() if got.numel() == 1 else got
    if isinstance(got, torch.Tensor) and isinstance(expected, list):
        got = got.tolist()
    if _differs(got, expected):
        where = _difference(got, expected)
        _fail(
            _("{what} should be {expected}; got {got}").format(what=_(what), expected=show(expected), got=what_is(got))
            + where
        )


def assert_rows_sum_to_one(got: Any, *, what: str = "the result") -> None:
    """Fails unless the last dimension of `got` holds probabilities: finite, not negative, with sum 1."""
    tensor = as_tensor(got, what)
    assert_finite(tensor, what=what)
    if (tensor < 0).any():
        _fail(_("{what}: there are negative values, so these are not probabilities").format(what=_(what)))
    sums = tensor.double().sum(dim=-1)
    bad = (sums - 1).abs() > max(1e-4, TOLERANCES.get(tensor.dtype, (0.0, 0.0))[0])
    if bad.any():
        place = _first(bad)
        _fail(
            _("each row of {what} should sum to 1, but row {place} sums to {value:.4f}").format(
                what=_(what), place=list(place), value=sums[place].item()
            )
        )


def assert_unchanged(now: Any, before: Any, *, what: str = "the input") -> None:
    """Fails if the student's code changed a tensor that it was given."""
    if _differs(given.left(now), before):
        _fail(
            _("{what}: changed in place. Work on a copy, or use operations without a trailing underscore").format(
                what=_(what)
            )
        )


def assert_raises(
    expected: type[Exception], function: Callable[..., Any], *args: Any, match: str | None = None, **kwargs: Any
) -> None:
    """Fails unless `function(*args, **kwargs)` raises `expected`, with `match`, if given, somewhere in its text."""
    try:
        function(*args, **kwargs)
    except expected as error:
        if is_empty_gap(error):
            raise
        if match is not None and match.lower() not in str(error).lower():
            _fail(
                _("the {name} should mention {match!r}; it says {text!r}").format(
                    name=expected.__name__, match=match, text=str(error)
                )
            )
        return
    except Exception as error:
        if is_empty_gap(error) or isinstance(error, GraderError):
            raise
        _fail(
            _("expected {expected}, but {got} was raised: {text}").format(
                expected=expected.__name__, got=Raised.of(error).name, text=str(error)
            )
        )
    _fail(_("expected {expected} to be raised, but nothing was raised").format(expected=expected.__name__))


def is_empty_gap(error: BaseException) -> bool:
    """Whether an exception is the bare NotImplementedError of an empty gap; torch's own have a text."""
    return isinstance(error, NotImplementedError) and not str(error)


def as_tensor(got: Any, what: str) -> torch.Tensor:
    """`got` as a tensor, or a failure that says what it is."""
    if got is None:
        _fail(_("{what}: None came back. Is a `return` missing?").format(what=_(what)))
    if isinstance(got, torch.Tensor):
        return got.detach().cpu()
    try:
        return torch.as_tensor(got)
    except Exception:
        _fail(_("{what} should be a tensor; got {got}").format(what=_(what), got=what_is(got)))


def _differ(
    got: torch.Tensor, expected: torch.Tensor, bad: torch.Tensor, distance: torch.Tensor | None, what: str
) -> None:
    place = _first(bad)
    if bad.numel() == 1:
        lines = [_("{what}: another value was expected").format(what=_(what))]
    else:
        count = int(bad.sum())
        lines = [
            _("{what}: {count} of {total} values differ from what was expected").format(
                what=_(what), count=count, total=bad.numel()
            )
        ]
    lines += hints(got, expected, bad)
    digits = digits_apart(got[place], expected[place])
    if bad.dim():
        lines.append(
            _("first difference at {place}: expected {expected}, got {got}").format(
                place=list(place), expected=number(expected[place], digits), got=number(got[place], digits)
            )
        )
    if distance is not None and torch.isfinite(distance).any() and bad.numel() > 1:
        lines.append(_("largest difference: {value:.4g}").format(value=distance[torch.isfinite(distance)].max().item()))
    if bad.numel() <= SMALL:
        lines += [_("expected:") + indented(expected, digits), _("got:") + indented(got, digits)]
    else:
        lines.append(_("shape {shape}, dtype {dtype}").format(shape=shape_of(got.shape), dtype=short(got.dtype)))
    _fail("\n".join(lines))


def _first(mask: torch.Tensor) -> tuple[int, ...]:
    return tuple(int(i) for i in mask.nonzero()[0]) if mask.dim() else ()


def _unlike(got: torch.Tensor, expected: torch.Tensor) -> torch.Tensor:
    """Where two tensors of one shape differ; NaN equals NaN."""
    return ~((got == expected) | ((got != got) & (expected != expected)))


def _differs(got: Any, expected: Any) -> bool:
    if isinstance(expected, torch.Tensor):
        if not isinstance(got, torch.Tensor) or got.shape != expected.shape:
            return True
        return bool(_unlike(got.detach().cpu(), expected.detach().cpu()).any())
    if isinstance(expected, bool) or isinstance(got, bool):
        return type(got) is not type(expected) or got != expected
    if isinstance(expected, (list, tuple)):
        return not isinstance(got, type(expected)) or len(got) != len(expected) or any(map(_differs, got, expected))
    if isinstance(expected, dict):
        return (
            not isinstance(got, dict)
            or got.keys() != expected.keys()
            or any(_differs(got[k], v) for k, v in expected.items())
        )
    if isinstance(got, torch.Tensor):
        return True
    return bool(got != expected)


def _difference(got: Any, expected: Any) -> str:
    """Where two lists, texts or dictionaries begin to differ."""
    if isinstance(expected, dict) and isinstance(got, dict):
        for key in expected:
            if key not in got:
                return "\n" + _("{key!r} is missing").format(key=key)
            if _differs(got[key], expected[key]):
                return "\n" + _("first difference at {key!r}: expected {expected}, got {got}").format(
                    key=key, expected=show(expected[key]), got=show(got[key])
                )
        extra = next(key for key in got if key not in expected)
        return "\n" + _("{key!r} should not be there").format(key=extra)
    if isinstance(expected, (list, tuple, str)) and isinstance(got, type(expected)) and len(expected) > 1:
        for index, (a, b) in enumerate(zip(got, expected, strict=False)):
            if _differs(a, b):
                return "\n" + _("first difference at index {index}: expected {expected}, got {got}").format(
                    index=index, expected=show(b), got=show(a)
                )
        return "\n" + _("expected {expected} items, got {got}").format(expected=len(expected), got=len(got))
    return ""


def _fail(message: str) -> NoReturn:
    # A sentence begins with a capital letter, unless it begins with code.
    word = message.split(maxsplit=1)[0].rstrip(":,.") if message.strip() else ""
    raise AssertionError(message[:1].upper() + message[1:] if word.isalpha() else message)
