"""Does an answer pass the checks that the student's answer has passed?"""

from __future__ import annotations

import ast
import functools

from autograder.judge.judge import run_test
from autograder.student.session import StudentSession
from llmkit.i18n import gettext as _


def passes(session: StudentSession, test: str, failed: set[str], seed: str) -> bool:
    """Whether the answer in a session passes a test cell without some of its checks.

    Args:
        session: the other answer's.
        test: source of the test cell.
        failed: titles, in the reader's language, of the checks that are left out.
        seed: of the test's inputs.
    """
    msgids = frozenset(title for title in _titles(test) if _(title) in failed)
    if len(msgids) == len(_titles(test)):
        return True
    mark = run_test(session, _without(test, msgids), "diagnosis", 1.0, seed)
    session.end_test()
    return mark.passed


@functools.lru_cache(maxsize=64)
def _titles(test: str) -> tuple[str, ...]:
    return tuple(title for node in ast.parse(test).body if (title := _title(node)) is not None)


@functools.lru_cache(maxsize=256)
def _without(test: str, titles: frozenset[str]) -> str:
    tree = ast.parse(test)
    tree.body = [node for node in tree.body if _title(node) not in titles]
    return ast.unparse(tree)


def _title(node: ast.stmt) -> str | None:
    """Title of the check, if a statement is one."""
    if isinstance(node, ast.With) and len(node.items) == 1:
        call = node.items[0].context_expr
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "check" and call.args:
            title = call.args[0]
            return title.value if isinstance(title, ast.Constant) and isinstance(title.value, str) else None
    return None
