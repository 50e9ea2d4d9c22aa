"""For a class without GitHub: one zip for Google Drive with the wheel and the notebooks, which install it in Colab."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.utils import compute_checksum

from autograder.course.course import Course, read_notebook
from autograder.course.links import FOLDER, bundled
from autograder.errors import CourseError
from autograder.i18n import gettext as _
from llmkit.cells import role
from llmkit.i18n import using

_DATE = (1980, 1, 1, 0, 0, 0)  # the same files make the same zip


def make_wheel(course: Course, folder: Path) -> Path:
    """Builds llmkit's wheel with pip, which fetches the build tool from the package index.

    Args:
        course: the course.
        folder: where the wheel goes.

    Raises:
        CourseError: pip cannot build it.
    """
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
        done = subprocess.run([*command, "-w", place, str(course.root)], capture_output=True, text=True, check=False)
        wheels = list(Path(place).glob("llmkit-*.whl"))
        if done.returncode or not wheels:
            said = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
            raise CourseError(f"the wheel could not be built: {said}", "check that the package index can be reached")
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / wheels[0].name
        target.write_bytes(wheels[0].read_bytes())
    return target


def make_bundle(course: Course, language: str, folder: Path) -> Path:
    """Makes the zip of one language.

    Args:
        course: the course.
        language: whose release goes in.
        folder: where the wheel and the zip go.

    Raises:
        CourseError: there is no release in that language, or no wheel can be built.
    """
    release = course.root / "release" / language
    notebooks = sorted(release.glob("*/*.ipynb"))
    if not notebooks:
        raise CourseError(
            f"{release}: there is no notebook", "choose a language of the course, or run autograder build"
        )
    wheel = make_wheel(course, folder)
    target = folder / f"{FOLDER}-colab-{language}.zip"
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:

        def add(name: str, data: str | bytes) -> None:
            archive.writestr(ZipInfo(f"{FOLDER}/{name}", _DATE), data, ZIP_DEFLATED)

        with using(language):
            add("README.txt", _how_to())
        add(wheel.name, wheel.read_bytes())
        for path in notebooks:
            notebook = beside_wheel(read_notebook(path), language)
            add(path.relative_to(release).as_posix(), nbformat.writes(notebook))
    return target


def beside_wheel(notebook: NotebookNode, language: str) -> NotebookNode:
    """A copy of a released notebook that installs the wheel beside it, with nbgrader's checksums of what that has changed."""
    made = bundled(notebook, language)
    for cell in made.cells:
        if role(cell) == "locked" and "checksum" not in cell.metadata.nbgrader:
            cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
    return made


def _how_to() -> str:
    return _(
        "Unpack this zip and put the folder {folder}, as it is, at the top of your Google Drive (My Drive). Then open a notebook "
        "there with a double click: Colab starts, asks for access to your Drive at the first cell, and installs the course's package "
        "from the wheel in the folder. Keep the folder's name.\n"
    ).format(folder=FOLDER)
