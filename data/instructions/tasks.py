"""The tasks: each makes an input, its one right answer, and values for the instruction's slots."""

import random
from collections.abc import Callable

from .words import Lexicon, Word

# What a task makes: input, output, and the values of the instruction's slots.
Made = tuple[str, str, dict[str, str | Word]]
Task = Callable[[Lexicon, random.Random], Made]


def _passage(lex: Lexicon, rng: random.Random, sentence: str, key: str, values: list[str]) -> tuple[str, list[str]]:
    """Two or three sentences of one kind about different children; the text, and the names."""
    names = rng.sample(lex.names, len(values))
    return " ".join(sentence.format(n=name, **{key: value}) for name, value in zip(names, values, strict=True)), names


def _things(lex: Lexicon, rng: random.Random, count: int, *kinds: str) -> list[Word]:
    return rng.sample([word for word in lex.nouns if not kinds or word.kind in kinds], count)


def colour(lex: Lexicon, rng: random.Random) -> Made:
    """The colour of one thing among several."""
    count = rng.choice([2, 2, 3])
    words, colours = _things(lex, rng, count, "toy", "clothing"), rng.sample(lex.colours, count)
    text, _ = _passage(lex, rng, lex.has, "x", [lex.coloured(w, c) for w, c in zip(words, colours, strict=True)])
    asked = rng.randrange(count)
    return text, colours[asked][words[asked].gender == "a"], {"w": words[asked]}


def owner(lex: Lexicon, rng: random.Random) -> Made:
    """Who has a thing."""
    count = rng.choice([2, 2, 3])
    words = _things(lex, rng, count, "toy", "clothing")
    text, names = _passage(lex, rng, lex.has, "x", [lex.the(word) for word in words])
    asked = rng.randrange(count)
    return text, names[asked], {"w": words[asked]}


def place(lex: Lexicon, rng: random.Random) -> Made:
    """Where a child is."""
    count = rng.choice([2, 2, 3])
    places = rng.sample(lex.places, count)
    text, names = _passage(lex, rng, lex.is_in, "p", places)
    asked = rng.randrange(count)
    return text, places[asked], {"n": names[asked]}


def put(lex: Lexicon, rng: random.Random) -> Made:
    """Where a child put a thing."""
    words, spots, names = _things(lex, rng, 2, "toy", "clothing"), rng.sample(lex.spots, 2), rng.sample(lex.names, 2)
    parts = zip(names, words, spots, strict=True)
    text = " ".join(lex.put.format(n=n, x=lex.the(w), s=s) for n, w, s in parts)
    asked = rng.randrange(2)
    return text, spots[asked], {"n": names[asked], "w": words[asked]}


def yes_no(lex: Lexicon, rng: random.Random) -> Made:
    """Whether a child is in a place."""
    places = rng.sample(lex.places, 2)
    text, names = _passage(lex, rng, lex.is_in, "p", places)
    who, where = rng.randrange(2), rng.randrange(2)
    return text, lex.yes_no[who != where], {"n": names[who], "p": places[where]}


def _sentence(lex: Lexicon, rng: random.Random) -> str:
    words = _things(lex, rng, 1, "toy", "clothing")
    return lex.put.format(
        n=rng.choice(lex.names), x=lex.coloured(words[0], rng.choice(lex.colours)), s=rng.choice(lex.spots)
    )


def first_word(lex: Lexicon, rng: random.Random) -> Made:
    """Copy the first word."""
    text = _sentence(lex, rng)
    return text, text.split()[0], {}


def last_word(lex: Lexicon, rng: random.Random) -> Made:
    """Copy the last word."""
    text = _sentence(lex, rng)
    return text, text.rstrip(".").split()[-1], {}


def second(lex: Lexicon, rng: random.Random) -> Made:
    """Copy the second word of a list."""
    words = [word.text for word in _things(lex, rng, rng.randint(3, 5))]
    return ", ".join(words), words[1], {}


def repeated(lex: Lexicon, rng: random.Random) -> Made:
    """The word that occurs twice in a list."""
    words = [word.text for word in _things(lex, rng, rng.randint(3, 4))]
    again = rng.choice(words[:-1])
    return ", ".join([*words, again]), again, {}


def odd(lex: Lexicon, rng: random.Random) -> Made:
    """The word of another kind."""
    kind, other = rng.sample(list(lex.kinds), 2)
    words, odd_one = _things(lex, rng, 3, kind), _things(lex, rng, 1, other)[0]
    row = [word.text for word in words]
    row.insert(rng.randrange(4), odd_one.text)
    return ", ".join(row), odd_one.text, {}


def category(lex: Lexicon, rng: random.Random) -> Made:
    """The kind of a thing."""
    word = _things(lex, rng, 1)[0]
    return lex.coloured(word, rng.choice(lex.colours)), lex.kinds[word.kind], {}


def feeling(lex: Lexicon, rng: random.Random) -> Made:
    """How a child who does this feels."""
    (sentence, answer), (other, _) = rng.sample(lex.feelings, 2)
    names = rng.sample(lex.names, 2)
    parts = [sentence.format(n=names[0]), other.format(n=names[1])]
    rng.shuffle(parts)
    return " ".join(parts), answer, {"n": names[0]}


def count(lex: Lexicon, rng: random.Random) -> Made:
    """How many words a list has."""
    words = [word.text for word in _things(lex, rng, rng.randint(2, 6))]
    return ", ".join(words), str(len(words)), {}


def bigger(lex: Lexicon, rng: random.Random) -> Made:
    """The larger of two numbers."""
    numbers = rng.sample(range(1, 100), 2)
    return f"{numbers[0]}, {numbers[1]}", str(max(numbers)), {}


def rename(lex: Lexicon, rng: random.Random) -> Made:
    """The sentence about somebody else."""
    text = _sentence(lex, rng)
    old = text.split()[0]
    new = rng.choice([name for name in lex.names if name != old])
    return text, text.replace(old, new, 1), {"n": old, "m": new}


def negative(lex: Lexicon, rng: random.Random) -> Made:
    """The sentence denied."""
    plain, negated = rng.choice(lex.negated)
    word = _things(lex, rng, 1, "toy", "clothing")[0]
    slots = {"n": rng.choice(lex.names), "x": lex.the(word), "p": rng.choice(lex.places)}
    return plain.format(**slots), negated.format(**slots), {}


def join(lex: Lexicon, rng: random.Random) -> Made:
    """Two sentences as one."""
    text, _ = _passage(lex, rng, lex.is_in, "p", rng.sample(lex.places, 2))
    first, second_ = text.removesuffix(".").split(". ")
    return text, f"{first} {lex.conjunction} {second_}.", {}


def animals(lex: Lexicon, rng: random.Random) -> Made:
    """The animals of a list."""
    found = _things(lex, rng, rng.randint(1, 2), "animal")
    row = [*found, *_things(lex, rng, rng.randint(2, 3), "food", "toy", "clothing")]
    rng.shuffle(row)
    return ", ".join(word.text for word in row), ", ".join(word.text for word in row if word.kind == "animal"), {}


def opposite(lex: Lexicon, rng: random.Random) -> Made:
    """The opposite of a word."""
    pair = list(rng.choice(lex.opposites))
    rng.shuffle(pair)
    return pair[0], pair[1], {}


def next_day(lex: Lexicon, rng: random.Random) -> Made:
    """The day after."""
    day = rng.randrange(7)
    return lex.days[day], lex.days[(day + 1) % 7], {}


TASKS: dict[str, Task] = {
    task.__name__: task
    for task in (
        colour, owner, place, put, yes_no, first_word, last_word, second, repeated, odd, category, feeling, count, bigger, rename,
        negative, join, animals, opposite, next_day,
    )
}  # fmt: skip
# A small table can only be learnt by heart: here the test asks for known entries, in known or unseen wordings.
LOOK_UPS = ("opposite", "next_day")
