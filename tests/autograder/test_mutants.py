"""Automatic mutants: what is changed, what is left alone, and that the list of equivalents is not stale."""

from __future__ import annotations

import ast

import pytest

from autograder.course.course import Course
from autograder.verification.mutants import equivalents, mutants

CODE = '''
class Thing(Base):
    """A docstring 1."""

    def work(self, x: int = 3, *, flag: bool = True) -> int:
        """Returns 2."""
        total = x * 2 + self.width[-1]
        if total > 4 and not flag:
            total -= 1
        self.note(total, x, dim=0)
        return total
'''
EXPECTED = {
    "total = x * 2 + self.width[-1] → total = x / 2 + self.width[-1]",
    "total = x * 2 + self.width[-1] → total = x * 2 - self.width[-1]",
    "total = x * 2 + self.width[-1] → total = x * 3 + self.width[-1]",
    "total = x * 2 + self.width[-1] → total = x * 1 + self.width[-1]",
    "total = x * 2 + self.width[-1] → total = x * 2 + self.width[1]",
    "total = x * 2 + self.width[-1] → total = x * 2 + self.width[-2]",
    "total = x * 2 + self.width[-1] → total = x * 2 + self.width[-0]",
    "if total > 4 and (not flag): → if not (total > 4 and (not flag)):",
    "if total > 4 and (not flag): → if total > 4 or not flag:",
    "if total > 4 and (not flag): → if total >= 4 and (not flag):",
    "if total > 4 and (not flag): → if total > 5 and (not flag):",
    "if total > 4 and (not flag): → if total > 3 and (not flag):",
    "if total > 4 and (not flag): → if total > 4 and flag:",
    "total -= 1 → pass",
    "total -= 1 → total += 1",
    "total -= 1 → total -= 2",
    "total -= 1 → total -= 0",
    "self.note(total, x, dim=0) → pass",
    "self.note(total, x, dim=0) → self.note(total, x)",
    "self.note(total, x, dim=0) → self.note(x, total, dim=0)",
    "self.note(total, x, dim=0) → self.note(total, x, dim=1)",
    "self.note(total, x, dim=0) → self.note(total, x, dim=-1)",
}


def test_each_small_thing_is_changed_once() -> None:
    found = mutants(CODE)
    assert {mutant.name for mutant in found} == EXPECTED and len(found) == len(EXPECTED)
    for mutant in found:
        assert mutant.code != ast.unparse(ast.parse(CODE))
        assert "x: int=3, *, flag: bool=True" in mutant.code and '"""Returns 2."""' in mutant.code


def test_the_same_statement_twice_makes_two_names() -> None:
    names = [mutant.name for mutant in mutants("def f(a):\n    g(a)\n    g(a)\n    return a")]
    assert names == ["g(a) → pass", "g(a) → pass (2)"]


@pytest.mark.parametrize("chapter", Course.discover().chapters)
def test_every_equivalent_is_a_mutant_that_exists(chapter: str) -> None:
    made = {
        (exercise.id, mutant.name)
        for exercise in Course.discover().exercises(chapter)
        for mutant in mutants(exercise.solution)
    }
    assert set(equivalents(chapter)) <= made
    assert all(len(reason) > 10 for reason in equivalents(chapter).values())
