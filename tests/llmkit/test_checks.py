"""Named checks: independent, weighted, and the report is nbgrader's partial credit."""

from __future__ import annotations

import pytest

from llmkit.testing import Checks, checks


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
        out == "✗ first\n    one is not two\n✓ second\n✗ third\n    Your code raised SystemExit\n1 of 3 checks pass.\n"
        and err == ""
    )


def test_all_and_none() -> None:
    check = Checks(points=3)
    assert check.report().fraction == 0
    with check("only"):
        pass
    report = check.report()
    assert repr(report) == "3.0" and "All 1 checks pass." in str(report)


def test_the_judge_can_silence_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    token = checks.quiet.set(True)
    Checks(points=1).report()
    checks.quiet.reset(token)
    assert capsys.readouterr().out == ""


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


def outcome(code: str) -> checks.Outcome:
    check = Checks(points=1)
    namespace: dict[str, object] = {"check": check}
    exec(compile(code, "<ipython-input-1>", "exec"), namespace)
    return check.report().outcomes[0]


def test_an_exception_is_named_with_its_line() -> None:
    found = outcome("def f(x):\n    y = x\n    return y + 'a'\n\nwith check('c'):\n    f(1)")
    assert found.message.startswith("Your code raised TypeError: unsupported operand") and found.message.endswith(
        "(line 3 of f)"
    )
    assert found.error_type == "TypeError"


def test_an_empty_gap_is_called_empty() -> None:
    assert "still empty" in outcome("def f():\n    raise NotImplementedError\n\nwith check('c'):\n    f()").message


def test_a_missing_name_is_its_own_message() -> None:
    assert outcome("with check('c'):\n    f()").message == "name 'f' is not defined"
