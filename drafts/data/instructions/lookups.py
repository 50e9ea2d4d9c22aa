"""Tasks whose answers stand in a table: the word is in the instruction, the input is empty."""

import random

from .base import Made, Task


class Opposite(Task):
    """The opposite of a word."""

    name = "opposite"
    look_up = True

    def make(self, rng: random.Random) -> Made:
        pair = list(rng.choice(self.lex.opposites))
        rng.shuffle(pair)
        return Made("", pair[1], {"w": pair[0]})

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        return [other for a, b in self.lex.opposites for word, other in ((a, b), (b, a)) if word == slots["w"]]


class Plural(Task):
    """The plural of a noun."""

    name = "plural"
    look_up = True

    def make(self, rng: random.Random) -> Made:
        one, many = rng.choice(self.lex.plurals)
        return Made("", many, {"w": one})

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        return [dict(self.lex.plurals)[slots["w"]]]


class Next(Task):
    """The next day, month or number."""

    name = "next"
    look_up = True

    def make(self, rng: random.Random) -> Made:
        row, round_ = rng.choice(self.lex.sequences)
        place = rng.randrange(len(row) if round_ else len(row) - 1)
        return Made("", row[(place + 1) % len(row)], {"w": row[place]})

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        rows = [row for row, _ in self.lex.sequences if slots["w"] in row]
        return [(row + row[:1])[row.index(slots["w"]) + 1] for row in rows]
