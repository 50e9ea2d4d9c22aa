"""Thousands of generated hand-ins: python tests/malformed/many_edits.py 2000; every so many of them are graded by running them.

Each line names a seed; `--seed` repeats it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from hand_ins import HandIn, check, exercises, hand_ins
from hypothesis import HealthCheck, given, seed, settings

from autograder.grading.notebook import grade_notebook
from autograder.student.sandbox import Sandbox, open_sandbox

EXAMPLES = 100  # with one seed


def run(number: int, box: Sandbox | None, every: int) -> tuple[int, int]:
    """Checks the hand-ins of one seed; returns how many there were, and how many were run."""
    count, graded = 0, 0

    @seed(number)
    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, print_blob=False, suppress_health_check=list(HealthCheck)
    )
    @given(hand_ins())
    def one(hand_in: HandIn) -> None:
        nonlocal count, graded
        count += 1
        with tempfile.TemporaryDirectory() as folder:
            notebook = check(hand_in, Path(folder))
        if box is not None and count % every == 0:
            graded += 1
            mark = grade_notebook(notebook, box, name=hand_in.name)
            points = sum(one.points for one in exercises(hand_in.chapter, hand_in.name, hand_in.language))
            assert mark.earned == points, f"{mark.earned:g} of {points:g}: {mark}"

    one()
    return count, graded


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int, nargs="?", default=2000, help="how many hand-ins")
    parser.add_argument("--seed", type=int, default=1, help="the first seed; each stands for 100 hand-ins")
    parser.add_argument(
        "--every", type=int, default=20, help="how many are checked for each one that is run; 0 runs none"
    )
    wanted = parser.parse_args()
    box = open_sandbox("bubblewrap") if wanted.every else None
    total = ran = 0
    failed = []
    number = wanted.seed
    try:
        while total < wanted.count:
            try:
                count, graded = run(number, box, wanted.every)
            except Exception:
                traceback.print_exc()
                failed.append(number)
                count, graded = EXAMPLES, 0
            total, ran = total + count, ran + graded
            print(f"seed {number}: {count} hand-ins, {graded} of them run; {total} in all", flush=True)
            number += 1
    finally:
        if box is not None:
            box.close()
    if failed:
        sys.exit(f"Seeds with a hand-in that lost something: {failed}")
    print(f"{total} generated hand-ins kept their answers; {ran} were run and earned all points.")


if __name__ == "__main__":
    main()
