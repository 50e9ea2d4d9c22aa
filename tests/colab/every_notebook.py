"""Every release notebook in the emulation of Colab, answered, run, saved and graded: python tests/colab/every_notebook.py [ch03 ...].

What is named must occur in a notebook's path: a language, a chapter, a name. Each takes ten seconds on two busy cores.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "malformed"))
sys.path.insert(0, str(Path(__file__).parents[2]))

from emulation import ROOT, make_runtime, release_notebooks, work_through

from autograder.build.bundle import make_wheel
from autograder.course.course import Course
from autograder.course.links import FOLDER
from autograder.student.sandbox import open_sandbox
from autograder.submission.identify import Identifier


def main() -> None:
    notebooks = [path for path in release_notebooks() if all(part in path.as_posix() for part in sys.argv[1:])]
    course, box = Course(ROOT), open_sandbox("bubblewrap")
    began, failed = time.monotonic(), []
    with tempfile.TemporaryDirectory() as folder:
        runtime = make_runtime(Path(folder) / "colab")
        make_wheel(course, runtime.drive / FOLDER)
        print(f"the environment is there after {time.monotonic() - began:.0f} s", flush=True)
        identifier = Identifier(course)
        for number, path in enumerate(notebooks, 1):
            outcome = work_through(runtime, path, identifier, box, Path(folder))
            name = path.relative_to(ROOT / "release").with_suffix("")
            verdict = "ok" if not outcome.problems else "FAILED"
            print(
                f"{number:2} of {len(notebooks)}  {name}: {verdict}, ran {outcome.ran:.0f} s, graded {outcome.graded:.0f} s",
                flush=True,
            )
            for problem in outcome.problems:
                print(f"    {problem}", flush=True)
            if outcome.problems:
                failed.append(name)
    box.close()
    print(f"{len(notebooks) - len(failed)} of {len(notebooks)} notebooks in {time.monotonic() - began:.0f} s")
    sys.exit(bool(failed) or not notebooks)


if __name__ == "__main__":
    main()
