"""A folder that holds nothing of the project but the inputs of one case, and a record of what Python opens there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import source_from_cache
from pathlib import Path

from autograder.selection.inputs import Case, Project

HOOK = """
import os, sys
ROOT, LOG = os.environ["OPENED_BELOW"], os.open(os.environ["OPENED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)

def note(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)) and not (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR):
        path = os.path.abspath(os.fsdecode(arguments[0]))
        if path.startswith(ROOT + os.sep):
            os.write(LOG, (path + "\\n").encode())

sys.addaudithook(note)
"""


def declared(project: Project, case: Case) -> set[str]:
    """The files of a case's inputs: whole ones, and those of which a part counts."""
    inputs = project.inputs(case)
    parts = {name.partition(":")[0] for name in inputs.facts if ".pyi:" in name}
    return {*inputs.files, *parts, *(["pyproject.toml"] if "pytest" in inputs.facts else [])}


def copy(project: Project, case: Case, folder: Path) -> Project:
    """The project with only these files. What only has to exist does so, empty: the mark of a course's folder, the catalogues."""
    for name in declared(project, case):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(project.root / name, folder / name)
    (folder / "source").mkdir(exist_ok=True)
    for name in ("nbgrader_config.py", *(f"llmkit/locale/{code}/llmkit.po" for code in project.languages)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return Project(folder)


class Opened:
    """Runs Python with an audit hook in it and in every process that it starts.

    Args:
        root: the folder of interest.
        scratch: where the hook and its record are.
    """

    def __init__(self, root: Path, scratch: Path) -> None:
        self._root, self._scratch = root, scratch
        scratch.mkdir()
        (scratch / "sitecustomize.py").write_text(HOOK)

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join([str(self._scratch), str(self._root)])
        told = {"PYTHONPATH": path, "OPENED": str(self._scratch / "log"), "OPENED_BELOW": str(self._root)}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self._root,
            env=os.environ | told | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def files(self) -> set[str]:
        """What was opened to be read, from the root; a compiled module counts as its source."""
        lines = set((self._scratch / "log").read_text().splitlines())
        paths = (Path(source_from_cache(line) if line.endswith(".pyc") else line) for line in lines)
        return {path.relative_to(self._root).as_posix() for path in paths if not path.is_dir()}
