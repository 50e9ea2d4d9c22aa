"""Draws the messages of a language from its templates and deals them out to the splits."""

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from .english import ENGLISH
from .grammar import Family, Language, Pair, expand, masker
from .noise import chat, formal
from .portuguese import PORTUGUESE

LANGUAGES = {"en": ENGLISH, "pt-BR": PORTUGUESE}
MESSAGES = 3000
SPLITS = {"train": 0.7, "validation": 0.1, "test": 0.2}
# Shares of each split: minimal pairs, other hard cases; and, of the test split only, families that occur nowhere else.
PAIRS, HARD, UNSEEN = 0.125, 0.20, 0.05
LENGTHS = range(8, 301)
TRIES = 1000
Source = TypeVar("Source", Family, Pair)
Labelled = list[tuple[str, str, str]]  # (label, kind, text)


class Message(NamedTuple):
    """One row of the table; DATASHEET.md describes the fields."""

    split: str
    label: str
    kind: str
    text: str


def generate(lang: str) -> list[Message]:
    """All messages of "en" or "pt-BR", the same each time, in the order of the splits.

    Raises:
        ValueError: a template names an unknown slot, or a family gives too few different messages.
    """
    language = LANGUAGES[lang]
    rng = random.Random(f"messages/{lang}")
    drawer = _Drawer(language, rng)
    found: dict[str, Labelled] = {split: [] for split in SPLITS}
    sizes = {split: round(MESSAGES * share / 2) for split, share in SPLITS.items()}  # of one label
    pairs = {split: round(size * PAIRS) for split, size in sizes.items()}
    hard = {split: round(size * HARD) for split, size in sizes.items()}
    unseen = {split: round(size * UNSEEN) if split == "test" else 0 for split, size in sizes.items()}
    plain = {split: size - pairs[split] - hard[split] - unseen[split] for split, size in sizes.items()}
    _deal(found, language.pairs, pairs, drawer.pair, rng)
    for label in ("ham", "spam"):
        families = [family for family in language.families if family.label == label]
        seen = [family for family in families if not family.unseen]
        groups = (
            ([family for family in families if family.unseen], unseen),
            ([family for family in seen if family.kind.startswith("hard-")], hard),
            ([family for family in seen if not family.kind.startswith("hard-")], plain),
        )
        for group, counts in groups:
            _deal(found, group, counts, drawer.message, rng)
    rows = []
    for split, messages in found.items():
        rng.shuffle(messages)
        rows += [Message(split, *message) for message in messages]
    return rows


def _deal(
    found: dict[str, Labelled],
    sources: Sequence[Source],
    counts: dict[str, int],
    draw: Callable[[Source], Labelled],
    rng: random.Random,
) -> None:
    """Adds to each split as many draws as it shall have, from all sources equally often."""
    splits = [split for split, count in counts.items() for _ in range(count)]
    turns = [(split, sources[turn % len(sources)]) for turn, split in enumerate(splits)]
    # A family's later draws are rarer wordings, the common ones being taken: no split shall have them all.
    rng.shuffle(turns)
    for split, source in turns:
        found[split] += draw(source)


class _Drawer:
    """Draws messages; no two are the same once names, numbers, links and punctuation are masked."""

    def __init__(self, language: Language, rng: random.Random) -> None:
        self.language, self.rng, self.masked = language, rng, masker(language)
        self.seen: set[str] = set()

    def message(self, family: Family) -> Labelled:
        """One message."""

        def draw() -> list[tuple[str, str]]:
            return [(family.label, expand(self.rng.choice(family.templates), self.language.words, self.rng))]

        return self._new(family.kind, draw, family.chat)

    def pair(self, pair: Pair) -> Labelled:
        """Both sides of a minimal pair, with the same words in the slots."""

        def draw() -> list[tuple[str, str]]:
            bound: dict[str, str] = {}
            sides = (("ham", pair.ham), ("spam", pair.spam))
            return [(label, expand(template, self.language.words, self.rng, bound)) for label, template in sides]

        return self._new(pair.kind, draw, is_chat=False)

    def _new(self, kind: str, draw: Callable[[], list[tuple[str, str]]], is_chat: bool) -> Labelled:
        for _ in range(TRIES):
            clean = draw()
            noisy = [(label, self._noisy(text, is_chat)) for label, text in clean]
            moulds = {self.masked(text) for _, text in clean + noisy}
            if not moulds & self.seen and all(len(text) in LENGTHS for _, text in noisy):
                self.seen |= moulds
                return [(label, kind, text) for label, text in noisy]
        raise ValueError(f"kind {kind!r} gives too few different messages; remedy: add alternatives to its templates")

    def _noisy(self, text: str, is_chat: bool) -> str:
        return chat(text, self.rng, self.language) if is_chat else formal(text, self.rng)


def as_table(rows: Sequence[Message]) -> str:
    """Tab-separated, with a first line of names."""
    return "".join("\t".join(row) + "\n" for row in (Message._fields, *rows))
