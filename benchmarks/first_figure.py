"""How long a student waits for the set-up cell and for a notebook's first figure, in a real kernel; one notebook of each chapter.

Run as `make bench-figures`. With `--against DIRECTORY`, another checkout of the course is measured in the same run, in turns, and
ratios are printed. Cells are those of the solved notebooks, from the first one to the one that draws; the cells between the two
are run, not counted. Processor time does not depend on what else the machine does; the time on the clock does.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import time
from pathlib import Path
from typing import Any, NamedTuple

from jupyter_client.manager import start_new_kernel

HERE = Path(__file__).parent.parent
# One of each chapter; none trains a model before its first figure.
NOTEBOOKS = (
    "ch01/01_what_is_a_language_model",
    "ch02/05_perceptron",
    "ch03/03_causal_attention",
    "ch04/04_generation",
    "ch05/03_learning_rate_and_gradients",
    "ch06/03_training_a_classifier",
    "ch07/02_collate",
    "bert/02_embeddings_and_attention",
    "metrics/02_what_metrics_miss",
)
CLOCK = "__import__('time').process_time()"
CELL_SECONDS = 300  # longest time of one cell


class Waited(NamedTuple):
    """Seconds of the set-up cell and of the cell with the first figure."""

    setup: float
    setup_cpu: float
    figure: float
    figure_cpu: float


def cells(notebook: Path) -> list[str]:
    """The code of a notebook, from its set-up cell to the first cell whose stored outputs have a figure."""
    found = []
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            found.append("".join(cell["source"]))
            if any("image/png" in output.get("data", {}) for output in cell["outputs"]):
                return found
    raise ValueError(f"{notebook} has no figure")


def waited(root: Path, notebook: str) -> Waited:
    """Runs a notebook's cells up to its first figure in a fresh kernel."""
    codes = cells(root / "solutions" / "en" / f"{notebook}.ipynb")
    environment = os.environ | {"PYTHONPATH": str(root)}
    for name in ("LLMKIT_QUICK", "LLMKIT_LANG", "PLOTLY_RENDERER"):
        environment.pop(name, None)
    manager, client = start_new_kernel(env=environment, cwd=str(root), stderr=subprocess.DEVNULL)
    try:
        cpu = _run(client, "pass")[1]
        walls, cpus, drawn = [], [], False
        for code in codes:
            wall, after, drawn = _run(client, code)
            walls.append(wall)
            cpus.append(after - cpu)
            cpu = after
        if not drawn:
            raise RuntimeError(f"{root}: {notebook} did not draw its figure")
        return Waited(walls[0], cpus[0], walls[-1], cpus[-1])
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _run(client: Any, code: str) -> tuple[float, float, bool]:
    """Seconds on the clock until the cell's outputs are there, the kernel's processor time so far, whether a figure came."""
    drawn = False

    def look(message: dict) -> None:
        nonlocal drawn
        drawn = drawn or "image/png" in message["content"].get("data", {})

    start = time.perf_counter()
    reply = client.execute_interactive(
        code, user_expressions={"cpu": CLOCK}, allow_stdin=False, output_hook=look, timeout=CELL_SECONDS
    )["content"]
    wall = time.perf_counter() - start
    if reply["status"] != "ok":
        raise RuntimeError(f"{reply['ename']}: {reply['evalue']}\n{code}")
    return wall, float(reply["user_expressions"]["cpu"]["data"]["text/plain"]), drawn


def middle(runs: list[Waited]) -> Waited:
    """The median of each number."""
    return Waited(*map(statistics.median, zip(*runs, strict=True)))


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", type=Path, help="folder of another checkout")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("notebooks", nargs="*", default=NOTEBOOKS, help="such as ch03/03_causal_attention")
    options = parser.parse_args()
    roots = {"here": HERE} | ({"there": options.against.resolve()} if options.against else {})
    print("seconds on the clock (and of processor time), medians; ratios are there / here, of processor time")
    print(f"{'':36s}{'':7s}{'set-up cell':>16s}{'first figure':>16s}")
    for notebook in options.notebooks:
        runs: dict[str, list[Waited]] = {name: [] for name in roots}
        for _round in range(options.rounds):
            for name, root in roots.items():
                runs[name].append(waited(root, notebook))
        found = {name: middle(times) for name, times in runs.items()}
        for name, one in found.items():
            setup, figure = f"{one.setup:.2f} ({one.setup_cpu:.2f})", f"{one.figure:.2f} ({one.figure_cpu:.2f})"
            print(f"{notebook if name == 'here' else '':36s}{name:7s}{setup:>16s}{figure:>16s}", flush=True)
        if options.against:
            one, other = found["here"], found["there"]
            setup, figure = other.setup_cpu / one.setup_cpu, other.figure_cpu / one.figure_cpu
            print(f"{'':36s}{'ratio':7s}{setup:16.1f}{figure:16.1f}", flush=True)


if __name__ == "__main__":
    main()
