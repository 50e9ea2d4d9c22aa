"""Generates the instructions: `python -m data.instructions` writes them, `--check` compares, `--report` counts."""

import argparse
import json
import math
import random
import re
import sys
from collections import Counter
from pathlib import Path

from .base import Made, Task
from .tasks import KINDS, LEXICONS, TASKS

FOLDER = Path(__file__).parent
# Records of each task.
SPLITS = {"train": 100, "validation": 8, "test": 14, "test_unseen": 14}
# The most that one answer may have of a task's records in a split.
OPEN, CLOSED = 0.2, 0.5
TRIES = 20_000
Record = dict[str, str]


def key(text: str) -> str:
    """What two inputs must not share: the words, in whatever order."""
    return " ".join(sorted(re.findall(r"[\w-]+", text.casefold())))


def most(task: Task, wanted: int) -> int:
    """How many records of a split may have the same answer."""
    return math.ceil((CLOSED if task.closed else OPEN) * wanted)


class Maker:
    """Makes the records of one language; no two of them have the same input, except empty ones.

    Attributes:
        rng: seeded with the language.
        inputs: keys of all inputs so far.
        known: of look-up tasks, by task, the outputs that the training has.
    """

    def __init__(self, lang: str) -> None:
        self.tasks = TASKS[lang]
        self.rng = random.Random(f"instructions/{lang}")
        self.inputs: set[str] = set()
        self.known: dict[str, set[str]] = {name: set() for name in self.tasks}

    def records(self) -> list[Record]:
        """All records: split by split, each shuffled.

        Raises:
            RuntimeError: a task has too few different inputs; names it and the remedy.
        """
        found: list[Record] = []
        for split, wanted in SPLITS.items():
            part = [record for task in self.tasks.values() for record in self.part(task, split, wanted)]
            self.rng.shuffle(part)
            found += part
        return found

    def part(self, task: Task, split: str, wanted: int) -> list[Record]:
        """One task's records of one split; the wordings take turns."""
        templates = task.wording.unseen if split == "test_unseen" else task.wording.train
        answers: Counter[str] = Counter()
        found: list[Record] = []
        for _ in range(TRIES):
            if len(found) == wanted:
                break
            made = task.make(self.rng)
            instruction = task.write(templates[len(found) % len(templates)], made.slots)
            if answers[made.output] == most(task, wanted) or not self.new(task, split, instruction, made):
                continue
            answers[made.output] += 1
            self.inputs.add(key(made.input) or instruction)
            if split == "train":
                self.known[task.name].add(made.output)
            found.append(
                {
                    "instruction": instruction,
                    "input": made.input,
                    "output": made.output,
                    "task": task.name,
                    "split": split,
                }
            )
        else:
            raise RuntimeError(
                f"{task.name}, {split}: only {len(found)} of {wanted}. Remedy: give the task more words."
            )
        return found

    def new(self, task: Task, split: str, instruction: str, made: Made) -> bool:
        """Whether a record may be added."""
        if task.look_up:
            # What is asked for in a test has been learnt from another wording.
            return instruction not in self.inputs and (split == "train" or made.output in self.known[task.name])
        return key(made.input) not in self.inputs


def generate(lang: str) -> list[Record]:
    """All records of a language, the same each time."""
    return Maker(lang).records()


def as_json(records: list[Record]) -> str:
    """A list with one record a line."""
    return "[\n" + ",\n".join(json.dumps(record, ensure_ascii=False) for record in records) + "\n]\n"


def report(lang: str, records: list[Record]) -> str:
    """Records by task and split, and the share of the most frequent answer over both tests."""
    counts = Counter((record["task"], record["split"]) for record in records)
    lines = [f"{lang:16s}" + "".join(f"{split:>13s}" for split in SPLITS) + "  most frequent answer in the tests"]
    for kind in KINDS:
        outputs = [r["output"] for r in records if r["task"] == kind.name and r["split"].startswith("test")]
        answer, times = Counter(outputs).most_common(1)[0]
        numbers = "".join(f"{counts[kind.name, split]:13d}" for split in SPLITS)
        lines.append(f"{kind.name:16s}{numbers}  {times / len(outputs):4.0%} {answer}")
    totals = Counter(record["split"] for record in records)
    lines.append(
        f"{'all':16s}" + "".join(f"{totals[split]:13d}" for split in SPLITS) + f"  of {len(records):,} records"
    )
    return "\n".join(lines)


def main() -> int:
    """Writes, compares or counts."""
    parser = argparse.ArgumentParser(prog="python -m data.instructions", description=__doc__)
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--check", action="store_true", help="compare with the files, write nothing; 1 where they differ"
    )
    choice.add_argument("--report", action="store_true", help="count records by task and split, write nothing")
    options = parser.parse_args()
    wrong = 0
    for lang in LEXICONS:
        records = generate(lang)
        file = FOLDER / f"{lang}.json"
        if options.report:
            print(report(lang, records), end="\n\n")
        elif options.check:
            same = file.is_file() and file.read_bytes() == as_json(records).encode()
            wrong += not same
            print(f"{file.name}: {'as generated' if same else f'differs; remedy: {parser.prog}'}")
        else:
            file.write_text(as_json(records), encoding="utf-8", newline="\n")
            print(f"{file.name}: {len(records):,} records, {file.stat().st_size:,} bytes")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
