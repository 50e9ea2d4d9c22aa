"""Named checks: independent, weighted, and the report is nbgrader's partial credit."""

from __future__ import annotations

import pytest

from llmkit.errors import GraderError
from llmkit.i18n import using
from llmkit.testing import Checks, checks
from llmkit.testing.raised import Raised


def test_each_check_passes_or_fails_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    check = Checks(points=4)
    with check("first"):
        raise AssertionError("one is not two")
    with check("second", weight=2):
        pass
    with check("third"):
        raise SystemExit
    report = check.report()
    assert [outcome.passed for outcome in report.outcomes] == [False, True, False]
    assert report.fraction == 0.5 and repr(report) == "2.0"
    out, err = capsys.readouterr()
    assert (
        out
        == "✗ first\n    one is not two\n✓ second\n✗ third\n    Your code raised SystemExit\n"
        "1 of 3 checks pass.\n2 of 4 points.\n"
        and err == ""
    )


def test_all_and_none() -> None:
    check = Checks(points=3)
    assert check.report().fraction == 0
    with check("only"):
        pass
    report = check.report()
    assert repr(report) == "3.0" and "All 1 checks pass." in str(report)


def test_hidden_checks_are_told_in_both_languages() -> None:
    check = Checks(points=3, hidden=3)
    with check("one"):
        pass
    report = check.report()
    told = "1 of 1 visible checks pass.", "3 hidden checks run when you hand in", "3 of 3 points by these checks."
    assert all(part in text for part in told for text in (str(report), report._repr_html_()))
    assert repr(report) == "3.0", "nbgrader reads it"
    assert "One hidden check runs" in str(checks.Report(3, [], hidden=1)) and "hidden" not in str(checks.Report(3, []))
    half = checks.Report(3, [checks.Outcome("a", 6, True), checks.Outcome("b", 1, False)], hidden=2)
    with using("pt-BR"):
        assert "2,57 de 3 pontos" in str(half) and "2,57 de 3 pontos" in half._repr_html_()
        assert "2 verificações ocultas" in str(half) and repr(half) == "2.57"


def test_nothing_in_the_table_is_markup_or_a_formula() -> None:
    evil = "<script>alert(1)</script> & $x$"
    report = checks.Report(2, [checks.Outcome(evil, 1, False, evil, "E")], remarks=[evil])
    html = report._repr_html_()
    assert "<script" not in html and html.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; $x$") == 3
    assert 'class="llmkit-results tex2jax_ignore mathjax_ignore"' in html
    assert "✗" in html and "failed" in html, "colour is not all that tells"


def test_the_judge_can_silence_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    token = checks.quiet.set(True)
    Checks(points=1).report()
    checks.quiet.reset(token)
    assert capsys.readouterr().out == ""


def test_where_one_failure_is_enough_the_cell_ends_with_it() -> None:
    check = checks.Checks(points=2)
    reached = []

    def cell() -> None:
        with check("passes"):
            reached.append("first")
        with check("fails"):
            raise ValueError
        reached.append("after")  # type: ignore[unreachable]

    with checks.until_first_failure(), pytest.raises(checks.Failed):
        cell()
    assert reached == ["first"]
    with check("fails elsewhere"):
        raise ValueError
    assert check.report().fraction == 0.5


def test_mistakes_of_the_author_are_errors() -> None:
    check = Checks(points=1)
    with check("twice"):
        pass
    with pytest.raises(ValueError, match="twice"):
        check("twice")
    for wrong in (0, -1, float("nan")):
        with pytest.raises(ValueError, match="points"):
            Checks(points=wrong)
        with pytest.raises(ValueError, match="weight"):
            check("weight", weight=wrong)


def test_the_keyboard_still_interrupts() -> None:
    check = Checks(points=1)
    with pytest.raises(KeyboardInterrupt), check("stop"):
        raise KeyboardInterrupt


def outcome(student: str, block: str = "f(1)", helpers: str = "") -> checks.Outcome:
    """What becomes of a check whose block is one line, with the student's code in a cell of its own, as in a notebook."""
    check = Checks(points=1)
    namespace: dict[str, object] = {"check": check}
    exec(compile(student, "/tmp/ipykernel_1/123.py", "exec"), namespace)
    exec(compile(f"{helpers}\nwith check('c'):\n    {block}", "<test c>", "exec"), namespace)
    return check.report().outcomes[0]


def test_an_exception_is_named_with_its_line() -> None:
    found = outcome("def f(x):\n    y = x\n    return y + 'a'")
    assert found.message.startswith("Your code raised TypeError: unsupported operand")
    assert found.message.endswith("(line 3 of f)") and found.error_type == "TypeError"


@pytest.mark.parametrize(
    "name", ["/tmp/ipykernel_7/1.py", "/tmp/ipython-input-3-12.py", "<ipython-input-3-ab>", "<cell>"]
)
def test_cells_are_known_by_their_file(name: str) -> None:
    namespace: dict[str, object] = {}
    exec(compile("def f(x):\n    return x + 'a'", name, "exec"), namespace)
    check = Checks(points=1)
    exec(compile("with check('c'):\n    f(1)", "<test c>", "exec"), namespace | {"check": check})
    assert check.report().outcomes[0].message.endswith("(line 2 of f)")


def test_a_comprehension_is_told_by_the_function_around_it() -> None:
    found = outcome("def f(x):\n    return [y + 'a' for y in [x]]")
    assert found.message.endswith("(line 2 of f)")


def test_what_the_test_itself_stumbles_over_is_not_the_students_line() -> None:
    helper = "def helper(y):\n    return y - 1"
    for block in ("helper(f(1))", "f(1) - 1", "f(1, width=2)"):
        found = outcome("def f(x):\n    pass", block, helper)
        assert found.message.startswith("The check could not continue: TypeError: "), block
        assert "line" not in found.message and "helper" not in found.message


def test_an_assertion_of_the_students_is_told_as_theirs() -> None:
    assert outcome("def f(x):\n    assert x > 1, 'small'").message == (
        "Your code raised AssertionError: small (line 2 of f)"
    )
    assert outcome("def f(x):\n    return x", "assert f(1) == 2, 'not two'").message == "not two"
    assert outcome("def f(x):\n    return x", "assert f(1) == 2").message == "This does not hold."


def test_an_empty_gap_is_called_empty() -> None:
    assert "still empty" in outcome("def f(x):\n    raise NotImplementedError").message


def test_what_torch_does_not_implement_is_no_empty_gap() -> None:
    found = outcome("import torch\ndef f(x):\n    return torch.ones(2, dtype=torch.long).softmax(-1)")
    assert "still empty" not in found.message and "not implemented for 'Long'" in found.message


def test_a_missing_name_says_what_to_do() -> None:
    assert outcome("", "f()").message == "`f` is not defined: run the cell that defines it"
    assert outcome("def f(x):\n    return g(x)").message == (
        "Your code raised NameError: name 'g' is not defined (line 2 of f)"
    )
    assert outcome("", "raise NameError('`f` is gone')").message == "`f` is gone"


def test_the_judge_brings_name_and_line_along() -> None:
    error = AttributeError("bad")
    error.raised = Raised("FrozenInstanceError", True, 4, "forward")  # type: ignore[attr-defined]
    assert checks.explain(error) == "Your code raised FrozenInstanceError: bad (line 4 of forward)"
    error.raised = Raised("AttributeError")  # type: ignore[attr-defined]
    assert checks.explain(error).startswith("The check could not continue: AttributeError: bad.")
    asserted = AssertionError("x must be positive")
    asserted.raised = Raised("AssertionError", True, 2, "f")  # type: ignore[attr-defined]
    assert checks.explain(asserted) == "Your code raised AssertionError: x must be positive (line 2 of f)"
    assert checks.explain(GraderError("the process is gone")) == "the process is gone"


def test_an_exception_that_cannot_be_told_does_not_break_the_cell() -> None:
    broken = "class E(Exception):\n    def __str__(self):\n        raise ValueError\ndef f(x):\n    raise E"
    assert outcome(broken).message == "Your code raised E (line 5 of f)"
    long = outcome("def f(x):\n    raise ValueError('y' * 5000)").message
    assert "y" * 600 + " ..." in long and len(long) < 700
