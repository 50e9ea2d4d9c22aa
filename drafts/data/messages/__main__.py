"""Writes the messages (`python -m data.messages`); `--check` compares instead, `--report` prints the baselines' figures."""

import argparse
import sys
from pathlib import Path

from .generator import LANGUAGES, as_table, generate

FOLDER = Path(__file__).parent


def main() -> int:
    """Writes, checks or reports; returns 1 where a file differs from what is generated."""
    parser = argparse.ArgumentParser(prog="python -m data.messages", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the files, write nothing")
    parser.add_argument("--report", action="store_true", help="accuracy of the baselines, write nothing")
    options = parser.parse_args()
    wrong = 0
    for lang in LANGUAGES:
        rows, file = generate(lang), FOLDER / f"{lang}.tsv"
        if options.report:
            from .baseline import report  # needs scikit-learn, which the others do not

            report(lang, rows)
        elif options.check:
            same = file.is_file() and file.read_bytes() == as_table(rows).encode()
            wrong += not same
            print(f"{file.name}: {'as generated' if same else 'differs; remedy: python -m data.messages'}")
        else:
            file.write_bytes(as_table(rows).encode())
            print(f"{file.name}: {len(rows):,} messages, {file.stat().st_size:,} bytes")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
