"""Generates the instructions: `python -m data.instructions` writes them, `--check` compares, `--report` counts."""

import argparse
import json
import random
import re
import sys
from collections import Counter
from pathlib import Path

from .tasks import LOOK_UPS, TASKS
from .words import LEXICONS, Lexicon, Word

FOLDER = Path(__file__).parent
# Records of each task.
SPLITS = {"train": 140, "validation": 10, "test": 18, "test_unseen": 18}
Record = dict[str, str]


def instruction(template: str, slots: dict[str, str | Word], lex: Lexicon) -> str:
    """A phrasing with its slots filled."""

    def fill(match: re.Match[str]) -> str:
        value = slots[match[1]]
        if isinstance(value, str):
            return value
        if match[2] == "the":
            return lex.the(value)
        return f"d{value.gender} {value.text}" if match[2] == "of" else value.text

    text = re.sub(r"\{(\w)(?:\.(\w+))?\}", fill, template)
    return text[0].upper() + text[1:]


def generate(lang: str) -> list[Record]:
    """All records of a language, the same each time; no test input occurs in training, except in look-up tasks."""
    lex = LEXICONS[lang]
    rng = random.Random(f"instructions/{lang}")
    records: list[Record] = []
    for task, make in TASKS.items():
        used: set[str] = set()
        for split, wanted in SPLITS.items():
            phrasings = lex.phrasings[task][split == "test_unseen"]
            made: list[Record] = []
            seen: set[tuple[str, str]] = set()
            tries = 0
            while len(made) < wanted and tries < 5000:
                tries += 1
                given, output, slots = make(lex, rng)
                text = instruction(phrasings[len(made) % len(phrasings)], slots, lex)
                if (given in used and task not in LOOK_UPS) or (text, given) in seen:
                    continue
                seen.add((text, given))
                made.append({"instruction": text, "input": given, "output": output, "task": task, "split": split})
            used.update(record["input"] for record in made)
            records += made
    order = list(SPLITS)
    rng.shuffle(records)
    return sorted(records, key=lambda record: order.index(record["split"]))


def as_json(records: list[Record]) -> str:
    """One record per line."""
    return "[\n" + ",\n".join(json.dumps(record, ensure_ascii=False) for record in records) + "\n]\n"


def main() -> int:
    """Writes, checks or reports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the files, write nothing")
    parser.add_argument("--report", action="store_true", help="count records by task and split")
    options = parser.parse_args()
    wrong = 0
    for lang in LEXICONS:
        records = generate(lang)
        file = FOLDER / f"{lang}.json"
        if options.report:
            counts = Counter((record["task"], record["split"]) for record in records)
            print(lang, len(records))
            for task in TASKS:
                print(f"  {task:12s}" + "".join(f"{counts[task, split]:6d}" for split in SPLITS))
        elif options.check:
            same = file.is_file() and file.read_text(encoding="utf-8") == as_json(records)
            wrong += not same
            print(f"{file.name}: {'as generated' if same else 'differs from what is generated'}")
        else:
            file.write_text(as_json(records), encoding="utf-8", newline="\n")
            print(f"{file.name}: {len(records):,} records, {file.stat().st_size:,} bytes")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
