"""Generates the corpora: `python -m data.story_world` writes them, `--check` compares, `--stories 5 --lang en` shows some."""

import argparse
import lzma
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from .english import English
from .plots import simulate
from .portuguese import Portuguese
from .telling import Language

FOLDER = Path(__file__).parent
SEPARATOR = "\n<|endoftext|>\n"
STORIES = 7500


def stories(language: Language, count: int) -> Iterator[str]:
    """This many different stories, the same each time."""
    seen: set[str] = set()
    number = 0
    while len(seen) < count:
        # Each language has its own stories: the second is not a translation of the first.
        rng = random.Random(f"{language.code}/{number}")
        number += 1
        text = language.tell(simulate(rng), rng)
        if text not in seen:
            seen.add(text)
            yield text


def main() -> int:
    """Writes, checks or shows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the files, write nothing")
    parser.add_argument("--stories", type=int, help="print this many stories, write nothing")
    parser.add_argument("--lang", choices=["en", "pt-BR"])
    options = parser.parse_args()
    wrong = 0
    for language in (English(), Portuguese()):
        if options.lang not in (None, language.code):
            continue
        if options.stories:
            print(SEPARATOR.join(stories(language, options.stories)))
            continue
        text = SEPARATOR.join(stories(language, STORIES)) + "\n"
        file = FOLDER / f"{language.code}.txt.xz"
        if options.check:
            same = file.is_file() and lzma.decompress(file.read_bytes()).decode() == text
            wrong += not same
            print(f"{file.name}: {'as generated' if same else 'differs from what is generated'}")
        else:
            file.write_bytes(lzma.compress(text.encode(), preset=9))
            print(f"{file.name}: {len(text):,} characters, {file.stat().st_size:,} bytes")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
