"""Tasks about lists of words and pairs of numbers."""

import random
from collections import Counter

from .base import Made, Task, items


class Words(Task):
    """A list of words of certain kinds."""

    def words(self, rng: random.Random, count: int, *kinds: str) -> list[str]:
        """Different words of these kinds, or of any."""
        chosen = kinds or tuple(self.lex.kinds)
        return rng.sample([noun.word for kind in chosen for noun in self.lex.kinds[kind]], count)


class NthWord(Words):
    """The first, second, third or last word."""

    name = "nth_word"

    def make(self, rng: random.Random) -> Made:
        words = self.words(rng, rng.choice((4, 5)))
        place = rng.randrange(4)
        # The last of the ordinals is "last".
        return Made(", ".join(words), words[-1 if place == 3 else place], {"k": self.lex.ordinals[place]})

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        *counted, last = self.lex.ordinals
        return [items(given)[-1 if slots["k"] == last else counted.index(slots["k"])]]


class Repeated(Words):
    """The word that is there twice."""

    name = "repeated"

    def make(self, rng: random.Random) -> Made:
        words = self.words(rng, rng.choice((3, 4)))
        again = rng.choice(words)
        words.insert(rng.randrange(len(words) + 1), again)
        return Made(", ".join(words), again)

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        return [word for word, times in Counter(items(given)).items() if times == 2]


class OddOne(Words):
    """The word of another kind."""

    name = "odd_one"

    def make(self, rng: random.Random) -> Made:
        kind, other = rng.sample(list(self.lex.kinds), 2)
        words, odd = self.words(rng, 3, kind), self.words(rng, 1, other)[0]
        words.insert(rng.randrange(4), odd)
        return Made(", ".join(words), odd)

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        kinds = Counter(self.lex.kind_of(word) for word in items(given))
        return [word for word in items(given) if kinds[self.lex.kind_of(word)] == 1]


class Category(Words):
    """The name of the group that all words belong to."""

    name = "category"

    def make(self, rng: random.Random) -> Made:
        kind = rng.choice(list(self.lex.kinds))
        return Made(", ".join(self.words(rng, 3, kind)), self.lex.labels[kind], {"kinds": self.lex.choices()})

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        kinds = {self.lex.kind_of(word) for word in items(given)}
        return [self.lex.labels[kind] for kind in kinds] if len(kinds) == 1 else []


class PickKind(Words):
    """All animals, or all clothes ..., in the order of the list."""

    name = "pick_kind"

    def make(self, rng: random.Random) -> Made:
        kinds = list(self.lex.kinds)[:4]
        kind = rng.choice(kinds)
        picked = self.words(rng, rng.choice((1, 2)), kind)
        words = picked + self.words(rng, 4 - len(picked), *(other for other in kinds if other != kind))
        rng.shuffle(words)
        answer = ", ".join(word for word in words if word in picked)
        return Made(", ".join(words), answer, {"g": self.lex.labels[kind]})

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        found = [word for word in items(given) if self.lex.labels[self.lex.kind_of(word)] == slots["g"]]
        return [", ".join(found), ", ".join(reversed(found))]


class Count(Words):
    """How many words there are: one to six."""

    name = "count"

    def make(self, rng: random.Random) -> Made:
        number = rng.randint(1, 6)
        return Made(", ".join(self.words(rng, number)), str(number))

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        return [str(given.count(",") + 1)]


class Bigger(Task):
    """The bigger of two numbers."""

    name = "bigger"

    def make(self, rng: random.Random) -> Made:
        a, b = rng.sample(range(1, 26), 2)
        return Made(self.sentence(rng, {"a": str(a), "b": str(b)}), str(a if a > b else b))

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        found = self.read(given)
        return [max(found["a"], found["b"], key=int)]
