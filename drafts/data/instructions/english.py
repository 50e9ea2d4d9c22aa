"""English: the words of the tasks, and how they are put together."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from data.story_world import english as stories
from data.story_world.world import COLOURS

from .lexicon import Lexicon
from .templates import Noun, Thing, Wording, pairs, wordings

INFINITIVES = {"has": "have", "wants": "want", "likes": "like", "needs": "need"}
CONTRACTIONS = (("isn't", "is not"), ("doesn't", "does not"), ("can't", "cannot"), ("can not", "cannot"))


def _nouns(text: str) -> tuple[Noun, ...]:
    return tuple(Noun(word) for word in text.split())


class English(Lexicon):
    """English."""

    code = "en"
    either = "or"
    # Rose and June are a flower and a month, too.
    girls = tuple(name for name in stories.GIRLS if name not in ("Rose", "June"))
    boys = stories.BOYS
    pronouns = ("she", "he")
    toys = _nouns("ball kite doll drum robot puzzle boat car train")
    clothes = _nouns("hat scarf coat sweater jacket cap")
    kinds: ClassVar[dict[str, tuple[Noun, ...]]] = {
        "animals": _nouns("dog cat rabbit duck turtle bird squirrel hen lamb frog"),
        "food": _nouns("apple bread cake banana cookie cheese pear carrot peach soup"),
        "toys": _nouns("ball kite doll drum robot puzzle"),
        "clothes": _nouns("hat scarf coat sweater jacket cap"),
        "places": _nouns("park garden beach forest farm school market kitchen"),
        # No orange: it is a food, too.
        "colours": _nouns("red blue green yellow white black purple pink brown"),
    }
    labels: ClassVar[dict[str, str]] = {
        "animals": "animals", "food": "food", "toys": "toys", "clothes": "clothes", "places": "places", "colours": "colors",
    }  # fmt: skip
    colours = tuple((colour, colour) for colour in COLOURS)
    places = (*(place for key, place in stories.PLACES.items() if key != "house"), "in the kitchen")
    spots = tuple(stories.SPOTS.values())
    doing = (
        "singing", "reading", "dancing", "drawing", "laughing", "crying", "jumping", "playing", "hiding", "resting",
        "waiting", "whistling", "shouting", "sleeping", "humming",
    )  # fmt: skip
    deeds = (
        ("opens the door", "opened the door"), ("closes the window", "closed the window"), ("washes the cup", "washed the cup"),
        ("feeds the hen", "fed the hen"), ("waters the flowers", "watered the flowers"), ("draws a house", "drew a house"),
        ("sings a song", "sang a song"), ("writes a letter", "wrote a letter"), ("bakes a cake", "baked a cake"),
        ("paints the fence", "painted the fence"), ("finds a button", "found a button"), ("catches a fish", "caught a fish"),
        ("builds a castle", "built a castle"), ("climbs a tree", "climbed a tree"), ("loses a glove", "lost a glove"),
        ("breaks a plate", "broke a plate"), ("drinks the milk", "drank the milk"), ("picks an apple", "picked an apple"),
        ("eats a pear", "ate a pear"), ("buys some bread", "bought some bread"), ("carries the basket", "carried the basket"),
        ("hides the present", "hid the present"), ("cleans the table", "cleaned the table"), ("sees a rainbow", "saw a rainbow"),
        ("hears a bird", "heard a bird"), ("makes the bed", "made the bed"), ("takes the net", "took the net"),
        ("tells a story", "told a story"), ("brings the soup", "brought the soup"), ("rides a bike", "rode a bike"),
    )  # fmt: skip
    feelings: ClassVar[dict[str, tuple[str, ...]]] = {
        "happy": ("{n} laughs and claps.", "{n} jumps for joy.", "{n} got a present and smiles.", "{n} hums a merry song and smiles."),
        "sad": ("{n} lost a toy and cries.", "{n} looks at the ground, and tears fall.", "{n} misses a friend and does not want to play.",
                "{n} sits alone and cries."),
        "afraid": ("{n} hears a noise in the dark and hides.", "{n} shakes and holds the blanket tight.", "{n} sees a big dog and runs away.",
                   "{n} hears thunder and creeps under the bed."),
        "angry": ("{n} shouts and throws the ball away.", "{n} stamps on the floor with a red face.", "{n} slams the door.",
                  "{n} kicks the box and shouts."),
        "tired": ("{n} yawns and closes both eyes.", "{n} has walked all day and wants to go to bed.", "{n} falls asleep at the table.",
                  "{n} yawns and looks for a pillow."),
        "hungry": ("{n} has not eaten since breakfast.", "{n} has an empty stomach and asks for bread.", "{n} looks at the soup and cannot wait.",
                   "{n} asks when lunch will be ready."),
    }  # fmt: skip
    causes = (
        ("cried", "The kite broke"), ("laughed", "The duck danced"), ("ran home", "It began to rain"), ("put on a coat", "It was cold"),
        ("went to bed", "It was late"), ("drank some water", "It was hot"), ("opened the window", "The room was warm"),
        ("lit the lamp", "The room was dark"), ("clapped", "The song was beautiful"), ("hid", "The dog barked"),
        ("came to the table", "The soup was ready"), ("smiled", "The sun came out"), ("whispered", "The baby was asleep"),
        ("took off both shoes", "The sand was warm"),
    )  # fmt: skip
    links = ("and", "because")
    ordinals = ("first", "second", "third", "last")
    moments = ("first", "last")
    yes_no = ("yes", "no")
    true_false = ("true", "false")
    blanks = (
        ("{n} eats the ____.", "food", ("clothes", "toys")), ("{n} would like the ____ for lunch.", "food", ("clothes", "toys")),
        ("{n} wears the ____.", "clothes", ("food", "animals", "toys")), ("{n} puts on the warm ____.", "clothes", ("food", "animals", "toys")),
        ("{n} plays with the new ____.", "toys", ("food", "clothes")), ("{n} takes the ____ out of the toy box.", "toys", ("food", "clothes")),
        ("{n} hears the ____ run away.", "animals", ("food", "clothes")), ("{n} gives the ____ some water to drink.", "animals", ("clothes", "toys")),
    )  # fmt: skip
    says = ("says", "asks")
    manners = (
        (("Thank you!",) * 2, "You are welcome, {n}.", ("It was my pleasure, {n}.",)),
        (("Good morning!",) * 2, "Good morning, {n}!", ()),
        (("Good night!",) * 2, "Good night, {n}!", ("Sleep well, {n}!",)),
        (("Goodbye!",) * 2, "Goodbye, {n}!", ("See you soon, {n}!",)),
        (("How are you?",) * 2, "I am fine, thank you, {n}.", ("Fine, thank you, {n}.",)),
        (("I am sorry!",) * 2, "That is all right, {n}.", ("Never mind, {n}.",)),
        (("Nice to meet you!",) * 2, "Nice to meet you too, {n}.", ()),
        (("May I come in?",) * 2, "Yes, please come in, {n}.", ("Please come in, {n}.",)),
    )  # fmt: skip
    sizes = (
        _nouns("ant bee seed button ladybug"),
        _nouns("mouse frog pear cup"),
        _nouns("cat hen rabbit duck"),
        _nouns("horse cow lion bear"),
        _nouns("house school castle barn"),
        _nouns("mountain forest city"),
    )
    opposites = (
        ("big", "small"), ("hot", "cold"), ("wet", "dry"), ("open", "closed"), ("full", "empty"), ("happy", "sad"), ("clean", "dirty"),
        ("fast", "slow"), ("high", "low"), ("day", "night"), ("old", "new"), ("long", "short"), ("first", "last"), ("dark", "light"),
        ("early", "late"), ("up", "down"), ("good", "bad"), ("loud", "quiet"), ("thick", "thin"), ("near", "far"),
    )  # fmt: skip
    plurals = pairs(
        "ball/balls kite/kites doll/dolls boat/boats drum/drums hat/hats coat/coats dog/dogs cat/cats duck/ducks frog/frogs tree/trees "
        "apple/apples pear/pears box/boxes bush/bushes brush/brushes bench/benches peach/peaches baby/babies story/stories daisy/daisies "
        "berry/berries leaf/leaves shelf/shelves scarf/scarves child/children man/men woman/women foot/feet tooth/teeth mouse/mice goose/geese "
        "boy/boys toy/toys day/days"
    )
    sequences = (
        (("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), True),
        (("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"), True),
        (tuple(map(str, range(1, 22))), False),
    )  # fmt: skip
    statements = (
        ("{n} is {p}.", "{n} is not {p}.", "Is {n} {p}?"),
        ("{n} is {v} {p}.", "{n} is not {v} {p}.", "Is {n} {v} {p}?"),
        ("{n} can see {x.the}.", "{n} cannot see {x.the}.", "Can {n} see {x.the}?"),
        ("{n} has {x.a}.", "{n} does not have {x.a}.", "Does {n} have {x.a}?"),
        ("{n} wants {x.the}.", "{n} does not want {x.the}.", "Does {n} want {x.the}?"),
        ("{n} likes {x.the}.", "{n} does not like {x.the}.", "Does {n} like {x.the}?"),
        ("{n} needs {x.a}.", "{n} does not need {x.a}.", "Does {n} need {x.a}?"),
    )  # fmt: skip
    wordings: ClassVar[dict[str, Wording]] = wordings(Path(__file__).with_name("english.txt"))

    def form(self, thing: Thing, wanted: str) -> str:
        text = f"{thing.colour} {thing.noun.word}".strip()
        article = {"": "", "option": "", "the": "the ", "a": "an " if text[0] in "aeiou" else "a "}[wanted]
        return article + text

    def listed(self, things: Sequence[Thing]) -> str:
        *first, last = [self.form(thing, "a") for thing in things]
        return f"{', '.join(first)} and {last}"

    def negated(self, sentence: str) -> str:
        name, verb, rest = sentence.split(" ", 2)
        negation = {"is": "is not", "can": "cannot"}.get(verb) or f"does not {INFINITIVES[verb]}"
        return f"{name} {negation} {rest}"

    def asked(self, sentence: str) -> str:
        name, verb, rest = sentence.removesuffix(".").split(" ", 2)
        if verb in ("is", "can"):
            return f"{verb.capitalize()} {name} {rest}?"
        return f"Does {name} {INFINITIVES[verb]} {rest}?"

    def spelled(self, answer: str) -> str:
        for short, long in CONTRACTIONS:
            answer = re.sub(rf"\b{short}\b", long, answer)
        return answer
