"""Tasks that change, complete, join, answer, judge or make a sentence."""

import random
import re
from typing import ClassVar

from .base import Made, Task, items, sentences
from .templates import Template, Thing, Value


class Replace(Task):
    """The sentence with another name or another colour."""

    name = "replace"

    def make(self, rng: random.Random) -> Made:
        who, other = rng.sample(self.lex.names, 2)
        colour, new = rng.sample(self.lex.colours, 2)
        noun = rng.choice(self.lex.toys + self.lex.clothes)
        before, after = self.lex.coloured(noun, colour), self.lex.coloured(noun, new)
        form = rng.choice(self.wording.forms)
        slots: dict[str, Value] = {"n": who, "x": before, "s": rng.choice(self.lex.spots)}
        if rng.random() < 0.5:
            changed, old, put = slots | {"n": other}, who, other
        else:
            changed, old, put = slots | {"x": after}, before.colour, after.colour
        return Made(self.write(form, slots), self.write(form, changed), {"o": old, "r": put})

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        return ["".join(slots["r"] if part == slots["o"] else part for part in re.split(r"([\w-]+)", given))]


class Statement(Task):
    """A statement of a child that is somewhere, has, sees or does something."""

    # Which of a statement's forms is the output: 1 its negation, 2 its question.
    wanted: ClassVar[int]

    def make(self, rng: random.Random) -> Made:
        forms = rng.choice(self.lex.statements)
        slots: dict[str, Value] = {
            "n": rng.choice(self.lex.names),
            "x": self.things(rng, 1)[0],
            "p": rng.choice(self.lex.places),
            "v": rng.choice(self.lex.doing),
        }
        return Made(self.write(Template(forms[0]), slots), self.write(Template(forms[self.wanted]), slots))


class Negative(Statement):
    """A statement's negation."""

    name = "negative"
    wanted = 1

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        return [self.lex.negated(given)]


class Question(Statement):
    """A statement made into a question that asks for yes or no."""

    name = "question"
    wanted = 2

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        return [self.lex.asked(given)]


class Join(Task):
    """Two sentences made one with "and" or "because"."""

    name = "join"

    def make(self, rng: random.Random) -> Made:
        names = rng.sample(self.lex.names, 2)
        because = rng.random() < 0.5
        if because:
            effect, cause = rng.choice(self.lex.causes)
            first, second = f"{names[0]} {effect}", cause
        else:
            deeds = [past for _, past in rng.sample(self.lex.deeds, 2)]
            first, second = (f"{name} {deed}" for name, deed in zip(names, deeds, strict=True))
        link = self.lex.links[because]
        inside = second if not because else second[0].lower() + second[1:]
        return Made(f"{first}. {second}.", f"{first} {link} {inside}.", {"k": link})

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        first, second = sentences(given)
        return [f"{first.removesuffix('.')}{comma} {slots['k']} {self.lex.as_inside(second)}." for comma in ("", ",")]


class Fill(Task):
    """Which of two words fits into the blank."""

    name = "fill"

    def make(self, rng: random.Random) -> Made:
        text, kind, others = rng.choice(self.lex.blanks)
        right = rng.choice(self.lex.kinds[kind])
        wrong = rng.choice(self.lex.kinds[rng.choice(others)])
        options = [self.lex.form(Thing(noun), "option") for noun in (right, wrong)]
        answer = options[0]
        rng.shuffle(options)
        slots: dict[str, Value] = {"t": text.format(n=rng.choice(self.lex.names)), "a": options[0], "b": options[1]}
        return Made(self.sentence(rng, slots), answer)

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        text, _, options = given.partition(" (")
        kind = next(kind for form, kind, _ in self.lex.blanks if form.format(n=text.split()[0]) == text)
        found = options.removesuffix(")").split(" / ")
        right = [option for option in found if self.lex.kind_of(option.split()[-1]) == kind]
        return [answer for option in right for answer in (option, option.split()[-1], text.replace("____", option))]


class Polite(Task):
    """A polite answer to what somebody says."""

    name = "polite"

    def make(self, rng: random.Random) -> Made:
        who = rng.choice(self.lex.names)
        said, reply, _ = rng.choice(self.lex.manners)
        words = said[who in self.lex.boys]
        says = self.lex.says[words.endswith("?")]
        return Made(self.sentence(rng, {"n": who, "u": words, "d": says}), reply.format(n=who), {"n": who})

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        before, said, behind = given.split('"')
        who = next(name for name in self.lex.names if name in re.findall(r"\w+", before + behind))
        replies = next((reply, *others) for forms, reply, others in self.lex.manners if said in forms)
        with_name = [reply.format(n=who) for reply in replies]
        return with_name + [reply.replace(f", {who}", "") for reply in with_name]


class Size(Task):
    """Whether it is true that one is bigger than the other."""

    name = "size"
    closed = True

    def make(self, rng: random.Random) -> Made:
        small, big = sorted(rng.sample(range(len(self.lex.sizes)), 2))
        pair = [rng.choice(self.lex.sizes[big]), rng.choice(self.lex.sizes[small])]
        wrong = rng.randrange(2)
        if wrong:
            pair.reverse()
        text = self.sentence(rng, {"a": Thing(pair[0]), "b": Thing(pair[1])})
        return Made(text, self.lex.true_false[wrong])

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        found = self.read(given)
        rank = {noun.word: level for level, row in enumerate(self.lex.sizes) for noun in row}
        a, b = (rank[found[slot].split()[-1]] for slot in ("a", "b"))
        return [self.lex.true_false[a < b]]


class ListSentence(Task):
    """A sentence that says what somebody has, from a list of things."""

    name = "list_sentence"

    def make(self, rng: random.Random) -> Made:
        things = [Thing(noun) for noun in rng.sample(self.lex.toys + self.lex.clothes, rng.choice((2, 2, 3)))]
        who = rng.choice(self.lex.names)
        output = self.wording.forms[0].fill({"n": who, "l": self.lex.listed(things)}, self.lex.form)
        return Made(", ".join(thing.noun.word for thing in things), output, {"n": who})

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        *few, last = [self.lex.form(self.lex.find(word), "a") for word in items(given)]
        ends = [f"{', '.join(few)}{comma} {self.lex.links[0]} {last}" for comma in ("", ",")]
        return [self.write(self.wording.forms[0], {"n": slots["n"], "l": end}) for end in ends]


class Past(Task):
    """A sentence put into the past."""

    name = "past"

    def make(self, rng: random.Random) -> Made:
        who, deed, form = rng.choice(self.lex.names), rng.choice(self.lex.deeds), rng.choice(self.wording.forms)
        now, before = (self.write(form, {"n": who, "v": verb}) for verb in deed)
        return Made(now, before)

    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        return [
            self.write(form, {"n": found["n"], "v": dict(self.lex.deeds)[found["v"]]})
            for form in self.wording.forms
            if (found := form.match(given)) is not None and found["v"] in dict(self.lex.deeds)
        ]
