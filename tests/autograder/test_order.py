"""The right answer is computed before the student's code can change what it is computed from."""

from __future__ import annotations

import ast

import pytest

from autograder.course.order import late_oracles


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("assert_close(scale(x), 2 * x)", ["x"]),
        ("assert_close(chances(scale(x, 3)), chances(x))", ["x"]),
        ("assert_equal(scale(x, y), (x + y), what='the sum')", ["x", "y"]),
        ("assert_close(scale(x.clone()), 2 * x)", []),
        ("assert_close(scale(x), wanted)", []),
        ("assert_close(scale(x, 1), scale(x, 2))", []),
        ("assert_close(other(x), 2 * x)", []),
        ("for n in (1, 2):\n    assert_equal(scale(n), n)", []),
        ("assert_shape(scale(x), (2, 3))", []),
    ],
)
def test_a_late_oracle_is_found(code: str, found: list[str]) -> None:
    assert list(late_oracles(ast.parse(code), {"scale"})) == found
