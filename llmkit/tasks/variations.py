"""Instructions with other words of the same class: what is right for Finn and his hat is right for Ruby and her cap."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from llmkit.data.sets import Row

FIELDS = ("instruction", "input", "output")
TRIES = 5


class Variations:
    """Swaps names for names, and things for things of the same kind and gender, throughout a row.

    The classes are read off the rows themselves: the answers to the task `owner` are names, those to `second` are things, and
    `category` gives a thing's kind and, by its article, its gender. Rows without these tasks stay as they are.

    Args:
        rows: training rows, from which the classes are read off.
        held_out: test rows: no variation gets one of their inputs.
    """

    def __init__(self, rows: Sequence[Row], held_out: Sequence[Row] = ()) -> None:
        classes: dict[tuple[str, ...], set[str]] = {}
        things = {row["output"] for row in rows if row.get("task") == "second"}
        for row in rows:
            if row.get("task") == "owner":
                classes.setdefault(("name",), set()).add(row["output"])
            elif row.get("task") == "category":
                words = row["input"].split()
                for word in things.intersection(words):
                    classes.setdefault((words[0], row["output"]), set()).add(word)
        self._held_out = {row["input"] for row in held_out}
        self._classes = {word: sorted(members) for members in classes.values() for word in members}
        # A hyphen joins words: quebra-cabeça is one word.
        self._word = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

    def vary(self, row: Row, rng: random.Random) -> Row:
        """The row with other names and things: equal words stay equal, different words stay different.

        A row is returned unchanged if a few attempts only give held-out inputs.
        """
        for _try in range(TRIES):
            made = self._varied(row, rng)
            if made["input"] not in self._held_out:
                return made
        return row

    def _varied(self, row: Row, rng: random.Random) -> Row:
        found = dict.fromkeys(self._word.findall(" ".join(row[field] for field in FIELDS)))
        new: dict[str, str] = {}
        for word in found:
            if word in self._classes:
                new[word] = rng.choice([one for one in self._classes[word] if one not in new.values()])
        return row | {field: self._word.sub(lambda match: new.get(match[0], match[0]), row[field]) for field in FIELDS}
