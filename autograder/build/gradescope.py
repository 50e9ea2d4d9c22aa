"""The zip that Gradescope makes an autograder of: the course with its hidden tests, and two scripts. See grading/gradescope.py."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from autograder.course.course import Course
from autograder.course.variants import RECORD
from autograder.errors import CourseError
from autograder.grading.gradescope import SETTINGS, VISIBILITIES

_PACKAGE = Path(__file__).parents[2]
_OURS = ("autograder", "llmkit", "data", "pyproject.toml", "README.md", "LICENSE", "constraints.txt")
_COURSES = ("source", "locale", "nbgrader_config.py", RECORD)
_DATE = (1980, 1, 1, 0, 0, 0)  # the same files make the same zip
_NOT = ("__pycache__", ".ipynb_checkpoints")

SETUP = """\
#!/usr/bin/env bash
# Gradescope runs it once, as root, when it builds the image.
set -euo pipefail
course=/autograder/source/course
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends bubblewrap
python=python3
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || python=python3.11
apt-get install -y --no-install-recommends "$python" "$python-venv"
"$python" -m venv /autograder/venv
install() { /autograder/venv/bin/python -m pip install --quiet --no-cache-dir "$@"; }
# The build for processors is a tenth of the size; where it cannot be had, the next line brings the other one.
install --no-deps --index-url https://download.pytorch.org/whl/cpu "$(grep '^torch==' "$course/constraints.txt")" || true
install -e "$course[instructor]" -c "$course/constraints.txt"
"""

RUN = """\
#!/usr/bin/env bash
# Gradescope runs it for each hand-in. The two variables are for trying it out elsewhere.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
cd "$root/source/course"
exec "${AUTOGRADER_PYTHON:-$root/venv/bin/python}" -m autograder.grading.gradescope "$root"
"""


def make_gradescope(course: Course, chapter: str, folder: Path, hidden: str, sandbox: str) -> Path:
    """Makes the zip for one chapter.

    Args:
        course: the course.
        chapter: whose notebooks are graded.
        folder: where the zip goes.
        hidden: when students see the hidden tests: hidden (never), after_due_date, after_published, visible.
        sandbox: where answers run: bubblewrap or none.

    Raises:
        UnknownAssignment: there is no such chapter.
        CourseError: one of the choices is none.
    """
    course.notebooks(chapter)
    for value, known in ((hidden, VISIBILITIES), (sandbox, ("bubblewrap", "none"))):
        if value not in known:
            raise CourseError(f"{value}: there is no such choice", f"choose one of {', '.join(known)}")
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"gradescope-{chapter}.zip"
    settings = {"chapter": chapter, "hidden": hidden, "sandbox": sandbox}
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:

        def add(name: str, data: str | bytes, mode: int = 0o644) -> None:
            info = ZipInfo(name, _DATE)
            info.external_attr = (0o100000 | mode) << 16
            archive.writestr(info, data, ZIP_DEFLATED)

        add("setup.sh", SETUP, 0o755)
        add("run_autograder", RUN, 0o755)
        add(SETTINGS, json.dumps(settings, indent=1) + "\n")
        for root, names in ((_PACKAGE, _OURS), (course.root, _COURSES)):
            for path in _files(root, names):
                add(f"course/{path.relative_to(root).as_posix()}", path.read_bytes())
    return target


def _files(root: Path, names: tuple[str, ...]) -> Iterator[Path]:
    for name in names:
        found = [root / name] if (root / name).is_file() else sorted((root / name).rglob("*"))
        yield from (path for path in found if path.is_file() and not any(part in _NOT for part in path.parts))
