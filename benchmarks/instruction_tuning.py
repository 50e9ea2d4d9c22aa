"""What the course's recipe for instruction tuning achieves: exact matches by task, before and after, with the time it took.

    python benchmarks/instruction_tuning.py --lang en
    python benchmarks/instruction_tuning.py --lang pt-BR --threads 1 --save assistant.safetensors

Starts from the shipped checkpoint, trains on the split `train`, tests on `test` (new inputs in the six known wordings of each
task) and `test_unseen` (wordings that occur nowhere else). Answers are greedy; only the one accepted answer counts as right.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch

from llmkit import data
from llmkit.models.weights import load_mini
from llmkit.tasks import assistant as instruct

SPLITS = ("test", "test_unseen")


class Clock:
    """Wall-clock and processor time since its creation."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def __str__(self) -> str:
        return (
            f"{time.process_time() - self.cpu:.0f} s of CPU time, {time.perf_counter() - self.wall:.0f} s on the clock"
        )


def share(marks: dict[str, tuple[int, int]]) -> float:
    """Right answers of all tasks together, in per cent."""
    return 100 * sum(right for right, _of in marks.values()) / sum(of for _right, of in marks.values())


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--lang", choices=instruct.TEMPLATES, default="en")
    parser.add_argument("--epochs", type=float, default=instruct.EPOCHS)
    parser.add_argument("--batch", type=int, default=instruct.BATCH)
    parser.add_argument("--peak", type=float, default=instruct.PEAK, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rows", type=int, help="use only this many rows of each split")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--save", type=Path, help="keep the assistant")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    rows = {name: data.rows("instructions", options.lang, split=name)[: options.rows] for name in ("train", *SPLITS)}
    print(
        f"{options.lang}: {len(rows['train']):,} rows, {options.epochs:g} epochs, batch {options.batch}, learning rate up to "
        f"{options.peak:g}, seed {options.seed}; {options.device}, {options.threads} threads, torch {torch.__version__}",
        flush=True,
    )
    clock = Clock()
    untuned = instruct.Assistant(load_mini(device=options.device), options.lang)
    before = {split: instruct.right_by_task(rows[split], untuned.answers(rows[split])) for split in SPLITS}
    print(f"before, both tests: {clock}", flush=True)

    steps = instruct.number_of_steps(len(rows["train"]), options.epochs, options.batch)
    tokens, recent = 0, 0.0

    def tell(step: int, loss: float, read: int) -> None:
        nonlocal tokens, recent
        tokens, recent = tokens + read, loss if step == 1 else 0.98 * recent + 0.02 * loss
        if step % 200 == 0 or step == steps:
            print(f"step {step} of {steps}: loss {recent:.3f}, {tokens:,} tokens, {clock}", flush=True)

    clock = Clock()
    assistant = instruct.train(
        rows["train"],
        options.lang,
        epochs=options.epochs,
        batch_size=options.batch,
        peak=options.peak,
        seed=options.seed,
        device=options.device,
        on_step=tell,
    )
    print(f"training: {tokens:,} tokens, padding included; {clock}", flush=True)
    clock = Clock()
    after = {split: instruct.right_by_task(rows[split], assistant.answers(rows[split])) for split in SPLITS}
    print(f"after, both tests: {clock}\n")
    print(f"{'exact matches':12}   {'test':^19}   {'test_unseen':^19}")
    print(f"{'task':12}    {'before':>8}  {'after':>8}     {'before':>8}  {'after':>8}")
    for task in after["test"]:
        told = [
            f"{one[split].get(task, (0, 0))[0]}/{one[split].get(task, (0, 0))[1]}"
            for split in SPLITS
            for one in (before, after)
        ]
        print(f"{task:12}    {told[0]:>8}  {told[1]:>8}     {told[2]:>8}  {told[3]:>8}")
    found = [share(one[split]) for split in SPLITS for one in (before, after)]
    print(f"{'together, %':12}    {found[0]:8.1f}  {found[1]:8.1f}     {found[2]:8.1f}  {found[3]:8.1f}")
    print(f"gain: {found[1] - found[0]:.1f} points on test, {found[3] - found[2]:.1f} points on test_unseen")
    if options.save:
        assistant.save(options.save)


if __name__ == "__main__":
    main()
