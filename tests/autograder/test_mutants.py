"""Automatic mutants: what is changed, what is left alone, and what each is called."""

from __future__ import annotations

import ast

from autograder.answers.mutants import mutants

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
    first, second = mutants("def f(a):\n    g(a)\n    g(a)\n    return a")
    assert (first.name, second.name) == ("g(a) → pass", "g(a) → pass (2)")
    assert (first.statement, first.kind) == (second.statement, second.kind) == ("g(a)", "removed")
    assert (first.nth, second.nth) == (1, 2)


def test_each_kind_says_what_is_changed() -> None:
    kinds = {mutant.name: mutant.kind for mutant in mutants(CODE)}
    assert kinds["total = x * 2 + self.width[-1] → total = x / 2 + self.width[-1]"] == "* → /"
    assert kinds["total = x * 2 + self.width[-1] → total = x * 3 + self.width[-1]"] == "2 → 3"
    assert kinds["total = x * 2 + self.width[-1] → total = x * 2 + self.width[1]"] == "- dropped"
    assert kinds["if total > 4 and (not flag): → if not (total > 4 and (not flag)):"] == "condition negated"
    assert kinds["if total > 4 and (not flag): → if total >= 4 and (not flag):"] == "> → >="
    assert kinds["total -= 1 → total += 1"] == "-= → +="
    assert kinds["self.note(total, x, dim=0) → pass"] == "removed"
    assert kinds["self.note(total, x, dim=0) → self.note(total, x)"] == "keyword dim dropped"
    assert kinds["self.note(total, x, dim=0) → self.note(x, total, dim=0)"] == "first two arguments swapped"


def test_an_edit_elsewhere_leaves_statement_and_kind_as_they_are() -> None:
    edited = CODE.replace("total -= 1", "total = abs(total)").replace(
        "self.note(total, x, dim=0)", "self.note(  total,x , dim=0)"
    )
    before, after = ({(mutant.statement, mutant.kind) for mutant in mutants(code)} for code in (CODE, edited))
    assert {change for change in before if change[0] != "total -= 1"} == after
