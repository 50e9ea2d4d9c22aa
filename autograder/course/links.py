"""What only built notebooks have: the badge that opens them in Colab, and the lines that install the course's package there."""

from __future__ import annotations

import re
import subprocess
import tomllib
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from autograder.errors import CourseError
from autograder.i18n import gettext as _
from llmkit.cells import grade_id
from llmkit.i18n import using
from llmkit.version import __version__

PLAIN = "import llmkit\n"  # how the set-up cell begins in a source
FOLDER = "llm-from-scratch"  # of a bundle, on Google Drive
_SETUP = "setup"
# Nothing else changes there: with dependencies, pip would install whatever Colab's own packages ask for and Colab leaves out (jedi,
# for ipython). What llmkit lacks, `llmkit.start` installs.
_PIP = "%pip install -q --no-deps"
_INSTALLING = re.compile(r"\Atry:\n    import llmkit\nexcept ImportError:.*?\n    import llmkit\n", re.DOTALL)
_BADGE = re.compile(r"\n\n\[!\[[^\]]*\]\(https://colab\.[^)]*\)\]\([^)]*\)")
_GITHUB = re.compile(r"(?:https://(?:[^/@]*@)?|ssh://git@|git@)github\.com[/:]([\w.-]+/[\w.-]+?)(?:\.git)?/?")


@dataclass(frozen=True)
class Home:
    """Where a course is on GitHub.

    Attributes:
        repository: owner and name.
        ref: the tag or commit that students get; a branch would change under their hands.
    """

    repository: str
    ref: str

    def in_colab(self, path: str) -> str:
        """The address that opens a file of the course in Colab."""
        return f"https://colab.research.google.com/github/{self.repository}/blob/{self.ref}/{path}"

    @property
    def package(self) -> str:
        """What pip installs: never a bare name, which somebody else could register."""
        return f"llmkit @ git+https://github.com/{self.repository}@{self.ref}"


def home_of(root: Path) -> Home | None:
    """Where a course is on GitHub: as `[tool.course]` in its pyproject.toml says, else the checkout's own remote; None if neither tells.

    Args:
        root: the course's folder.

    Raises:
        CourseError: the setting is not of the form owner/name.
    """
    path = root / "pyproject.toml"
    try:
        course = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {}).get("course", {})
    except FileNotFoundError:
        course = {}
    except (OSError, ValueError) as error:
        raise CourseError(f"{path}: {error}", "restore it, for instance by git checkout") from None
    repository = course.get("repository") or _remote(root)
    if not repository:
        return None
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", str(repository)):
        raise CourseError(f"{path}: repository = {repository!r} in [tool.course] is none", 'write it as "owner/name"')
    return Home(str(repository), str(course.get("ref") or f"v{__version__}"))


def _remote(root: Path) -> str:
    """Owner and name of the GitHub repository that a checkout comes from; empty if it comes from elsewhere."""
    if not (root / ".git").exists():  # git would look in the folders above
        return ""
    try:
        asked = subprocess.run(
            ["git", "-C", str(root), "remote", "get-url", "origin"], capture_output=True, text=True, check=False
        )
    except OSError:  # there is no git
        return ""
    found = _GITHUB.fullmatch(asked.stdout.strip())
    return found.group(1) if found else ""


def linked(notebook: NotebookNode, path: str, language: str, home: Home | None) -> NotebookNode:
    """A copy with a badge under its title, and a set-up cell that installs the package where it is missing.

    Args:
        notebook: made from a source.
        path: of the built file, from the course's folder.
        language: of the notebook.
        home: where the course is; the notebook stays as it is where nobody knows.
    """
    if home is None:
        return deepcopy(notebook)
    with using(language):
        badge = f"[![{_('Open in Colab')}](https://colab.research.google.com/assets/colab-badge.svg)]({home.in_colab(path)})"
        why = _("in Colab the course's package is installed first")
    return _with(notebook, badge, [f'{_PIP} "{home.package}"'], why)


def bundled(notebook: NotebookNode, language: str) -> NotebookNode:
    """A copy whose set-up cell installs, in Colab, the wheel that lies beside it on Google Drive."""
    with using(language):
        why = _("in Colab the wheel beside this notebook is installed first")
        remedy = _("Put the folder {folder} of the zip, wheel included, at the top of your Google Drive.")
    lines = [
        "from pathlib import Path",
        "",
        "from google.colab import drive",
        "",
        'drive.mount("/content/drive")',
        f'wheels = sorted(Path("/content/drive").glob("*/{FOLDER}/llmkit-*.whl"))',
        f'assert wheels, "{remedy.format(folder=FOLDER)}"',
        f'{_PIP} "{{wheels[-1]}}"',
    ]
    return _with(notebook, "", lines, why)


def unlinked(notebook: NotebookNode) -> NotebookNode:
    """A copy without badge and install lines: the same for every home."""
    result = deepcopy(notebook)
    for cell in result.cells:
        cell.source = unlinked_source(cell)
        if grade_id(cell) == _SETUP:
            cell.metadata.nbgrader.pop("checksum", None)  # of the text with them
    return result


def unlinked_source(cell: NotebookNode) -> str:
    """A cell's text without the badge or the install lines that it was built with."""
    if cell.cell_type == "markdown" and cell.source.startswith("# "):
        return _BADGE.sub("", cell.source)
    return _INSTALLING.sub(PLAIN, cell.source) if cell.cell_type == "code" else str(cell.source)


def _with(notebook: NotebookNode, badge: str, install: list[str], why: str) -> NotebookNode:
    result = unlinked(notebook)
    title, *others = result.cells
    if badge and title.cell_type == "markdown":
        first, *rest = title.source.split("\n\n")
        title.source = "\n\n".join([first, badge, *rest])
    for cell in others:
        if grade_id(cell) == _SETUP and cell.source.startswith(PLAIN):
            indented = "".join(f"    {line}\n" if line else "\n" for line in [*install, "import llmkit"])
            cell.source = (
                f"try:\n    import llmkit\nexcept ImportError:  # {why}\n{indented}" + cell.source[len(PLAIN) :]
            )
    return result
