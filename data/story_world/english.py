"""English: words of the world, and how slots are filled."""

import re
from pathlib import Path

from .telling import Language, capital
from .world import Being, Thing

GIRLS = (
    "Lily", "Anna", "Mia", "Emma", "Rose", "Lucy", "Zoe", "Nora", "Sara", "Ella",
    "Molly", "Ruby", "Grace", "Clara", "Ivy", "June", "Alice", "Kate", "Amy", "Tess",
)  # fmt: skip
BOYS = (
    "Tom", "Ben", "Max", "Sam", "Leo", "Jack", "Tim", "Noah", "Finn", "Luke",
    "Oscar", "Adam", "Hugo", "Peter", "Dan", "Eli", "Jim", "Owen", "Ravi", "Theo",
)  # fmt: skip
PEOPLE = {
    "mother": "Mom", "father": "Dad", "grandmother": "Grandma", "grandfather": "Grandpa",
    "teacher": "the teacher", "baker": "the baker", "farmer": "the farmer", "gardener": "the gardener", "neighbour": "the neighbor",
}  # fmt: skip
THINGS = {
    "bear": "teddy bear",
    "top": "spinning top",
    "plane": "toy plane",
    "train": "toy train",
    "boat": "toy boat",
    "car": "toy car",
}
UNCOUNTED = {"bread", "cheese"}
PLACES = {
    "park": "in the park", "garden": "in the garden", "beach": "at the beach", "forest": "in the forest", "river": "by the river",
    "hill": "on the hill", "farm": "on the farm", "yard": "in the yard", "lake": "by the lake", "square": "in the square",
    "school": "at school", "house": "at home", "bedroom": "in the bedroom", "market": "at the market",
}  # fmt: skip
SPOTS = {
    "bench": "under the bench", "bush": "behind the bush", "tree": "behind the tree", "rock": "behind the rock",
    "box": "in the box", "log": "behind the log", "cupboard": "in the cupboard", "bed": "under the bed",
}  # fmt: skip
SKILLS = {"swim": "swim", "ride": "ride a bike", "skate": "skate", "jump": "jump rope", "whistle": "whistle"}
HE = {
    "he": ("he", "she"),
    "him": ("him", "her"),
    "his": ("his", "her"),
    "child": ("a boy", "a girl"),
    "my": ("my", "my"),
}


def a(words: str) -> str:
    """With the indefinite article."""
    return ("an " if words[0] in "aeiou" else "a ") + words


class English(Language):
    """English."""

    code = "en"
    times = ("morning", "afternoon")

    def __init__(self) -> None:
        super().__init__(Path(__file__).with_name("english.txt"))

    def being(self, being: Being, wanted: str, extra: str) -> str:
        wanted, _, large = wanted.partition(".")
        if wanted in HE:
            text = "it" if being.kind == "animal" and wanted in ("he", "him") else HE[wanted][being.female]
            return capital(text) if large else text
        if being.kind == "animal":
            text = "a small " + being.key if wanted.lower() == "a" else "the " + being.key
        else:
            text = (GIRLS if being.female else BOYS)[int(being.key)] if being.kind == "child" else PEOPLE[being.key]
        return capital(text) if wanted.isupper() else text

    def thing(self, thing: Thing, wanted: str, extra: str) -> str:
        word = THINGS.get(thing.key, thing.key)
        coloured = f"{thing.colour} {word}".strip()
        some = f"some {word}" if thing.key in UNCOUNTED else a(word)
        return {
            "": f"the {coloured}",
            "N": f"The {coloured}",
            "a": a(coloured) if thing.key not in UNCOUNTED else some,
            "anew": f"a new {coloured}",
            "aw": some,
            "cw": coloured,
            "w": word,
            "c": thing.colour,
        }[wanted]

    def plain(self, key: str, wanted: str) -> str:
        if wanted == "in":
            return PLACES[key]
        if wanted == "on":
            return SPOTS[key]
        if wanted == "to":
            return SKILLS[key]
        return a(key) if wanted == "a" else key

    def is_speech(self, text: str) -> bool:
        return '"' in text

    def polish(self, text: str) -> str:
        # After a quotation the sentence continues, unless its full stop was inside and a new one begins with a capital slot.
        return re.sub(r"  +", " ", super().polish(text))
