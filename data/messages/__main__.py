"""Generates the messages: `python -m data.messages` writes them, `--check` compares, `--report` prints the baselines."""

import argparse
import random
import sys
import unicodedata
from pathlib import Path

from .grammar import Family, Grammar, masked, noisy, read

FOLDER = Path(__file__).parent
FILES = {"en": "english.txt", "pt-BR": "portuguese.txt"}
ABBREVIATIONS = {
    "en": {"you": "u", "please": "pls", "are": "r", "thanks": "thx", "tomorrow": "tmrw", "because": "cos", "and": "&"},
    "pt-BR": {
        "você": "vc",
        "também": "tb",
        "não": "nao",
        "para": "pra",
        "por favor": "pfv",
        "quando": "qdo",
        "amanhã": "amanha",
    },
}
MESSAGES = 3000
# Share of the test split from families that occur in no other split.
UNSEEN = 0.05
# Minimal pairs, whose label depends on the order of the words, and other hard cases: shares of all messages.
PAIRS, HARD = 0.14, 0.26
SPLITS = (("train", 0.7), ("validation", 0.1), ("test", 0.2))
Row = tuple[str, str, str, str]


def generate(lang: str) -> list[Row]:
    """All messages of a language as (split, label, kind, text), the same each time; half of each split is spam."""
    grammar = read(FOLDER / FILES[lang])
    rng = random.Random(f"messages/{lang}")
    seen: set[str] = set()
    rows: list[Row] = []
    for split, share in SPLITS:
        for label in ("ham", "spam"):
            count = round(MESSAGES * share / 2)
            parts = {
                "pair": round(count * PAIRS),
                "hard-": round(count * HARD),
                "test-": round(count * UNSEEN) if split == "test" else 0,
            }
            parts[""] = count - sum(parts.values())
            for prefix, wanted in parts.items():
                families = [family for family in grammar.families if family.label == label and _belongs(family, prefix)]
                rows += [(split, label, *made) for made in _messages(grammar, families, wanted, rng, seen, lang)]
    rng.shuffle(rows)
    return sorted(rows, key=lambda row: [name for name, _ in SPLITS].index(row[0]))


def _belongs(family: Family, prefix: str) -> bool:
    special = family.kind.startswith(("pair", "hard-", "test-"))
    return family.kind.startswith(prefix) if prefix else not special


def _messages(
    grammar: Grammar, families: list[Family], count: int, rng: random.Random, seen: set[str], lang: str
) -> list[tuple[str, str]]:
    """This many new messages, each family equally often."""
    found: list[tuple[str, str]] = []
    while len(found) < count:
        family = families[len(found) % len(families)]
        text = noisy(grammar.expand(rng.choice(family.templates), rng), rng, ABBREVIATIONS[lang])
        text = unicodedata.normalize("NFC", " ".join(text.split()))
        plain = text.lower()
        if plain not in seen and len(text) <= 300:
            seen.add(plain)
            found.append((family.kind, text))
    return found


def as_table(rows: list[Row]) -> str:
    """Tab-separated, with a header line."""
    return "".join("\t".join(row) + "\n" for row in [("split", "label", "kind", "text"), *rows])


def overlap(rows: list[Row], lang: str) -> float:
    """Share of the test messages whose mould (slots and numbers masked) also occurs in training."""
    words = read(FOLDER / FILES[lang]).words
    moulds = {masked(text, words) for split, _, _, text in rows if split == "train"}
    test = [masked(text, words) in moulds for split, _, _, text in rows if split == "test"]
    return sum(test) / len(test)


def main() -> int:
    """Writes, checks or reports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the files, write nothing")
    parser.add_argument("--report", action="store_true", help="accuracy of bag-of-words baselines")
    options = parser.parse_args()
    wrong = 0
    for lang in FILES:
        rows = generate(lang)
        file = FOLDER / f"{lang}.tsv"
        if options.report:
            from .baseline import report

            report(lang, rows)
            print(f"  {overlap(rows, lang):.0%} of the test messages share their mould with a training message")
        elif options.check:
            same = file.is_file() and file.read_text(encoding="utf-8") == as_table(rows)
            wrong += not same
            print(f"{file.name}: {'as generated' if same else 'differs from what is generated'}")
        else:
            file.write_text(as_table(rows), encoding="utf-8", newline="\n")
            print(f"{file.name}: {len(rows):,} messages, {file.stat().st_size:,} bytes")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
