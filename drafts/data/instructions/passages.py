"""Tasks about passages of one to three sentences: who, what, where, which, how, and in which order."""

import random
from collections.abc import Callable

from .base import Made, Task, sentences
from .templates import Thing, Value


class Passage(Task):
    """Sentences about different children; each holds `{n}`, the name, and one more slot."""

    def tell(self, rng: random.Random, facts: list[dict[str, Value]]) -> tuple[str, list[str]]:
        """A passage with one sentence for each fact; and the children's names."""
        names = rng.sample(self.lex.names, len(facts))
        told = [self.sentence(rng, {"n": name, **fact}) for name, fact in zip(names, facts, strict=True)]
        return " ".join(told), names

    def told(self, given: str, fits: Callable[[dict[str, str]], bool], wanted: str) -> list[str]:
        """A slot of each sentence that fits."""
        return [slots[wanted] for slots in map(self.read, sentences(given)) if fits(slots)]


def _count(rng: random.Random) -> int:
    """Sentences of a passage: mostly two."""
    return rng.choice((2, 2, 3))


class Colour(Passage):
    """Which colour has a thing."""

    name = "colour"

    def make(self, rng: random.Random) -> Made:
        things = self.things(rng, _count(rng))
        text, _ = self.tell(rng, [{"x": thing, "s": rng.choice(self.lex.spots)} for thing in things])
        asked = rng.choice(things)
        return Made(text, asked.colour, {"w": Thing(asked.noun)})

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        asked = self.lex.find(slots["w"]).noun
        things = [self.lex.find(sentence) for sentence in sentences(given)]
        found = [thing.colour for thing in things if thing.noun == asked]
        # Both genders of a colour are right: "vermelha" and "vermelho".
        return [form for colour in found for pair in self.lex.colours if colour in pair for form in (colour, *pair)]


class Owner(Passage):
    """Who has a thing."""

    name = "owner"

    def make(self, rng: random.Random) -> Made:
        things = self.things(rng, _count(rng))
        text, names = self.tell(rng, [{"x": thing} for thing in things])
        asked = rng.randrange(len(things))
        return Made(text, names[asked], {"w": Thing(things[asked].noun)})

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        asked = self.lex.find(slots["w"]).noun
        return [self.read(sentence)["n"] for sentence in sentences(given) if self.lex.find(sentence).noun == asked]


class Place(Passage):
    """Where somebody is."""

    name = "place"

    def make(self, rng: random.Random) -> Made:
        places = rng.sample(self.lex.places, _count(rng))
        text, names = self.tell(rng, [{"p": place} for place in places])
        asked = rng.randrange(len(places))
        return Made(text, places[asked], {"n": names[asked]})

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        return self.told(given, lambda found: found["n"] == slots["n"], "p")


class Action(Passage):
    """What somebody is doing."""

    name = "action"

    def make(self, rng: random.Random) -> Made:
        count = _count(rng)
        doing, places = rng.sample(self.lex.doing, count), rng.sample(self.lex.places, count)
        text, names = self.tell(rng, [{"v": verb, "p": place} for verb, place in zip(doing, places, strict=True)])
        asked = rng.randrange(count)
        return Made(text, doing[asked], {"n": names[asked]})

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        return [
            answer
            for sentence in sentences(given)
            if (found := self.read(sentence))["n"] == slots["n"]
            for answer in (found["v"], f"{found['v']} {found['p']}")
        ]


class Actor(Passage):
    """Who did something."""

    name = "actor"

    def make(self, rng: random.Random) -> Made:
        deeds = [past for _, past in rng.sample(self.lex.deeds, _count(rng))]
        text, names = self.tell(rng, [{"v": deed} for deed in deeds])
        asked = rng.randrange(len(deeds))
        return Made(text, names[asked], {"v": deeds[asked]})

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        return self.told(given, lambda found: found["v"] == slots["v"], "n")


class YesNo(Passage):
    """Whether somebody is at a place; the other place is one of the passage, too."""

    name = "yes_no"
    closed = True

    def make(self, rng: random.Random) -> Made:
        places = rng.sample(self.lex.places, 2)
        text, names = self.tell(rng, [{"p": place} for place in places])
        who, where = rng.randrange(2), rng.randrange(2)
        return Made(text, self.lex.yes_no[who != where], {"n": names[who], "p": places[where]})

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        right = slots["p"] in self.told(given, lambda found: found["n"] == slots["n"], "p")
        return [self.lex.yes_no[not right]]


class Feeling(Task):
    """How somebody feels whose behaviour is told."""

    name = "feeling"

    def make(self, rng: random.Random) -> Made:
        (answer, shown), (_, others) = rng.sample(list(self.lex.feelings.items()), 2)
        asked, other = rng.sample(self.lex.names, 2)
        parts = [rng.choice(shown).format(n=asked), rng.choice(others).format(n=other)]
        rng.shuffle(parts)
        return Made(" ".join(parts), answer, {"n": asked})

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        told = [sentence for sentence in sentences(given) if sentence.split()[0] == slots["n"]]
        return [
            feeling
            for feeling, shown in self.lex.feelings.items()
            for form in shown
            if form.format(n=slots["n"]) in told
        ]


class Order(Task):
    """What somebody did first or last of three things."""

    name = "order"

    def make(self, rng: random.Random) -> Made:
        who = rng.choice(self.lex.names)
        deeds = [past for _, past in rng.sample(self.lex.deeds, 3)]
        when = rng.randrange(2)
        slots: dict[str, Value] = dict(zip(("a", "b", "c"), deeds, strict=True))
        text = self.sentence(rng, {"n": who, "he": self.lex.pronouns[who in self.lex.boys], **slots})
        return Made(text, deeds[-when], {"n": who, "k": self.lex.moments[when]})

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        found = self.read(given)
        deed = found["a" if slots["k"] == self.lex.moments[0] else "c"]
        subjects = {found["n"], found.get("he", found["n"])}
        return [deed, *sorted(f"{subject} {deed}" for subject in subjects)]
