"""Hostile and honest hand-ins in turn: `python tests/guard/interleaved.py [gradings] [seed]`, by default 300.

Prints the seed, what did not get what it deserves, the judge's memory and its longest pause; ends with status 1 where something is not right.
"""

from __future__ import annotations

import random
import secrets
import sys
import tempfile
import time
from pathlib import Path

import torch
from unkind import CASES, HONEST
from unkind_grader import grade_all


def main(gradings: int, seed: int) -> int:
    """Grades, and returns how much was not right."""
    torch.set_num_threads(1)
    print(f"{gradings} gradings, seed {seed}", flush=True)
    chosen = random.Random(seed).choices(CASES, k=gradings // 2)
    deserved = {case.id: case.deserves for case in (*CASES, HONEST)}
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        canary = Path(folder, "canary.txt")
        canary.write_text("untouched", encoding="utf-8")
        names = {"CANARY": str(canary), "BOOK": str(canary), "PORT": "9", "MARK": "0.25"}
        began, wrong, honest = time.monotonic(), 0, 0
        for found in grade_all(chosen, names, every=1):
            if "case" not in found:
                print(
                    f"the judge: at most {found['megabytes']} MB, longest pause {found['pause']} s, with {found['busy']} s of processor time"
                )
                wrong += found["megabytes"] >= 600 or found["busy"] >= 2
            elif tuple(found["earned"]) != deserved[found["case"]]:
                wrong += 1
                print(f"{found['case']}: {found['earned']}, deserves {deserved[found['case']]}: {found['told']}")
            else:
                honest += found["case"] == HONEST.id
        wrong += canary.read_text(encoding="utf-8") != "untouched"
        print(f"{honest} honest ones got everything; not right: {wrong}; {time.monotonic() - began:.0f} s")
    return wrong


if __name__ == "__main__":
    start = int(sys.argv[2]) if len(sys.argv) > 2 else secrets.randbelow(10**6)
    sys.exit(bool(main(int(sys.argv[1]) if len(sys.argv) > 1 else 300, start)))
