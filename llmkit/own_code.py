"""The student's own classes from an earlier chapter's notebooks, where they pass the visible tests; llmkit's otherwise."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import random
import re
import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from llmkit import i18n, opened
from llmkit.cells import gaps_of_tests, grade_id, only_shows, plain_python, role, run_plain
from llmkit.i18n import gettext as _
from llmkit.long_steps import progress

NO_TEST = "no test"
# Modules that supply the names not taken from the student, in this order.
STAND_INS = ("llmkit.models.gpt", "llmkit.models.decoding", "llmkit.training.recipe", "llmkit.training.schedule")


@dataclass
class Mine:
    """Names of an earlier chapter: the student's own, or llmkit's.

    Attributes:
        chapter: such as "ch04".
        own: what was taken from the student's notebooks, by name.
        sources: each of those names' notebook.
        refused: why a name was not taken: the notebook, and how its cell failed; empty when a test did not pass.
    """

    chapter: str
    own: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    refused: dict[str, tuple[str, str]] = field(default_factory=dict)

    def _why(self, name: str) -> str:
        """Why a name is not the student's own, in the reader's language."""
        if name not in self.refused:
            return _("no notebook of {chapter} has it").format(chapter=self.chapter)
        notebook, failure = self.refused[name]
        if not failure:
            return _("{notebook}: its visible tests do not all pass").format(notebook=notebook)
        return f"{notebook}: {_('it has no test') if failure == NO_TEST else failure}"

    def __getattr__(self, name: str) -> Any:
        # Only called for names that are not attributes of the dataclass.
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self.own:
            return self.own[name]
        from importlib import import_module

        for stand_in in STAND_INS:
            found = getattr(import_module(stand_in), name, None)
            if found is not None:
                print(_("{name}: {module}'s ({why})").format(name=name, module=stand_in, why=self._why(name)))
                return found
        raise AttributeError(
            _("there is no {name}: {why}, and llmkit does not have it").format(name=name, why=self._why(name))
        )


def mine(chapter: str, folder: str | Path | None = None) -> Mine:
    """The student's own code of an earlier chapter.

    Looks for the chapter's notebooks beside this one, runs their exercises and visible tests (as they were saved last), and
    takes every class and function of an exercise whose tests all pass. llmkit's replace the rest; each is reported.

    Args:
        chapter: such as "ch04".
        folder: where the notebooks are; by default the folder of that name here or beside the current one.

    Returns:
        An object with the names as attributes, such as `.GPTModel`.

    Raises:
        ValueError: an invalid name of a chapter, or a folder that does not exist.
        Stopped: someone interrupted it.

    Example:
        >>> GPTModel = mine("ch04").GPTModel
        GPTModel: llmkit.models.gpt's (no notebook of ch04 has it)
    """
    if not re.fullmatch(r"[a-z]+\d*", chapter):
        raise ValueError(f'chapter should look like "ch04", not {chapter!r}')
    if folder is not None and not Path(folder).is_dir():
        raise ValueError(f"there is no folder {folder}")
    folders = [Path(folder)] if folder is not None else [Path(chapter), Path("..") / chapter]
    found = Mine(chapter)
    place = next((place for place in folders if place.is_dir()), None)
    notebooks = sorted(place.glob("*.ipynb")) if place else []
    with progress(_("Testing your code of {chapter}").format(chapter=chapter), len(notebooks)) as bar:
        for notebook in notebooks:
            with _undisturbed():
                _read(notebook, found)
            bar.update()
    for name, source in found.sources.items():
        print(_("{name}: yours ({notebook})").format(name=name, notebook=source))
    return found


def _read(notebook: Path, found: Mine) -> None:
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8-sig"))["cells"]
        codes = [cell for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(_("{notebook} cannot be read ({error})").format(notebook=notebook, error=type(error).__name__))
        return
    module = types.ModuleType(f"mine_{notebook.stem}")
    defined: dict[str, list[str]] = {}
    gap_of = gaps_of_tests(codes)
    ran: list[str] = []
    for cell in codes:
        if only_shows(cell):
            continue
        source = "".join(cell.get("source", ""))
        failure = _run(source, module.__dict__, ran)
        if role(cell) in ("gap", "manual"):
            defined[grade_id(cell)] = _definitions(source)
            for one in defined[grade_id(cell)]:
                found.refused[one] = (notebook.name, failure or NO_TEST)
        elif role(cell) == "test":
            fraction = _fraction(module.__dict__) if failure is None else 0.0
            for one in defined.get(gap_of.get(grade_id(cell), ""), []):
                if fraction == 1:
                    found.own[one], found.sources[one] = module.__dict__[one], f"{found.chapter}/{notebook.name}"
                    found.refused.pop(one, None)
                else:
                    found.refused[one] = (notebook.name, "")


def _run(source: str, names: dict[str, Any], ran: list[str]) -> str | None:
    """Runs a cell silently after others; returns its error's name, or None."""
    from llmkit.testing import ready_made

    before = list(ran)
    ran.append(source)
    try:
        with (
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
            ready_made.after(before, source),
        ):
            run_plain(source, "<ipython-input-mine>", names)
    except (Exception, SystemExit) as error:
        return type(error).__name__
    return None


def _definitions(source: str) -> list[str]:
    try:
        tree = ast.parse(plain_python(source))
    except SyntaxError:
        return []
    return [node.name for node in tree.body if isinstance(node, (ast.ClassDef, ast.FunctionDef))]


def _fraction(names: dict[str, Any]) -> float:
    from llmkit.testing.checks import Checks

    check = names.pop("check", None)
    if not isinstance(check, Checks):
        return 0.0
    with contextlib.redirect_stdout(io.StringIO()):
        return check.report().fraction


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Restores language, open notebook and random numbers afterwards, because the notebooks that are run set them."""
    import numpy as np
    import torch

    from llmkit.testing import inputs

    python, numbers = random.getstate(), np.random.get_state()
    with torch.random.fork_rng(), inputs.kept(), opened.kept(), i18n.using(i18n.language()):
        try:
            yield
        finally:
            random.setstate(python)
            np.random.set_state(numbers)
