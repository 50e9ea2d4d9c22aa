"""Which translated notebooks need not run, because the English one shows all that they could show."""

from __future__ import annotations

import json
import re

from autograder.language.notebooks import SOURCE
from autograder.language.same_code import differences
from autograder.selection.inputs import Case, Project, is_solution

_ASKS_LANGUAGE = re.compile(rb"\blanguages?\(\)|\bLLMKIT_LANG\b")
# They ask it for what is only shown: messages, and the signs of numbers.
_SHOWN = {"llmkit/i18n.py", "llmkit/languages/numbers.py"}
_STARTS_IN = re.compile(rf'^(llmkit\.start\(.*lang="){SOURCE}(")', flags=re.M)


def english(project: Project, case: Case) -> Case | None:
    """The case of the English notebook, where that of a translation can show nothing more.

    So it is where only texts differ that are printed or title a figure, and where nothing that the code can reach asks which
    language it is, but for its messages and the signs of its numbers.

    Args:
        project: where the notebooks are.
        case: any case.
    """
    if not is_solution(case.name):
        return None
    _, language, rest = case.name.split("/", 2)
    original = f"solutions/{SOURCE}/{rest}"
    if language == SOURCE or original not in project.files:
        return None
    reached = {case.name, *project.called_by(case.name)} - _SHOWN
    if any(_ASKS_LANGUAGE.search(project.read(file)) for file in reached):
        return None
    return Case(case.kind, original) if _looks_alike(project, original, case.name, language) else None


def _looks_alike(project: Project, original: str, translation: str, language: str) -> bool:
    """Whether two notebooks have the same code, but for texts that are only shown."""
    try:
        one, two = (json.loads(project.read(file))["cells"] for file in (original, translation))
        if [(c["cell_type"], c["metadata"]) for c in one] != [(c["cell_type"], c["metadata"]) for c in two]:
            return False
        codes = [["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"] for cells in (one, two)]
    except (ValueError, KeyError, TypeError):
        return False
    return all(
        found.shown
        for first, second in zip(*codes, strict=True)
        for found in differences(_STARTS_IN.sub(rf"\g<1>{language}\2", first), second)
    )
