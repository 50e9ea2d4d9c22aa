"""The state of the world: who is where, who holds what, what is broken or wet; every change has its conditions."""

import random
from dataclasses import dataclass, field

COLOURS = ("red", "blue", "green", "yellow", "white", "black", "orange", "purple", "pink", "brown")
TOYS = ("ball", "kite", "doll", "boat", "car", "drum", "train", "bear", "robot", "puzzle", "top", "plane")
CLOTHES = ("hat", "scarf", "coat", "sweater", "jacket", "cap")
FOOD = ("apple", "bread", "cake", "banana", "cookie", "cheese", "pear", "carrot", "peach", "pie")
TOOLS = ("bucket", "basket", "rope", "ladder", "spade", "brush", "lamp", "net")
OUTDOORS = ("park", "garden", "beach", "forest", "river", "hill", "farm", "yard", "lake", "square")
ANIMALS = ("dog", "cat", "rabbit", "duck", "turtle", "bird", "squirrel", "hen", "lamb", "frog")
ADULTS = ("mother", "father", "grandmother", "grandfather")
HELPERS = ("teacher", "baker", "farmer", "gardener", "neighbour")
SPOTS = ("bench", "bush", "tree", "rock", "box", "log")
FLOWERS = ("sunflower", "rose", "daisy", "tulip")
MOODS = ("calm", "happy", "sad", "afraid", "angry", "tired", "proud", "worried")


class Impossible(Exception):
    """An event whose condition does not hold."""


@dataclass(eq=False)
class Being:
    """A child, an adult or an animal.

    Attributes:
        key: the lexicon's key: the number of a name, or a word.
        kind: child, adult, helper or animal.
        female: for a child's name and pronoun.
        mood: one of MOODS.
        place: where it is.
    """

    key: str
    kind: str
    female: bool
    mood: str = "calm"
    place: str = "house"


@dataclass(eq=False)
class Thing:
    """An object.

    Attributes:
        key: word of the lexicon.
        colour: one of COLOURS, or empty.
        owner: the being that owns it.
        at: the being that holds it, or the spot or place where it lies.
        state: whole, broken, dirty, wet, or gone (eaten).
    """

    key: str
    colour: str = ""
    owner: Being | None = None
    at: Being | str = "nowhere"
    state: str = "whole"


Role = Being | Thing | str


@dataclass(frozen=True)
class Event:
    """Something that happened.

    Attributes:
        key: which kind; the languages have phrasings for it.
        roles: the beings and things that took part, by letter.
    """

    key: str
    roles: dict[str, Role]


@dataclass
class World:
    """One story's world; its methods change the state, and `tell` records what happened.

    Attributes:
        rng: source of random numbers.
        events: what has happened.
        beings: all beings in the story.
        things: all things in the story.
    """

    rng: random.Random
    events: list[Event] = field(default_factory=list)
    beings: list[Being] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)
    names: dict[bool, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for female in (True, False):
            numbers = [str(number) for number in range(NAMES)]
            self.rng.shuffle(numbers)
            self.names[female] = numbers

    def child(self, place: str = "house") -> Being:
        """A new child with a name that nobody else has."""
        female = self.rng.random() < 0.5
        return self._born(Being(self.names[female].pop(), "child", female, place=place))

    def adult(self, place: str = "house") -> Being:
        """A parent or grandparent who is not in the story yet."""
        key = self.rng.choice([key for key in ADULTS if key not in {being.key for being in self.beings}])
        return self._born(Being(key, "adult", key.endswith("mother"), place=place))

    def helper(self, place: str) -> Being:
        """Somebody with a trade."""
        return self._born(Being(self.rng.choice(HELPERS), "helper", self.rng.random() < 0.5, place=place))

    def animal(self, place: str, *among: str) -> Being:
        """An animal."""
        return self._born(Being(self.rng.choice(among or ANIMALS), "animal", False, place=place))

    def _born(self, being: Being) -> Being:
        self.beings.append(being)
        return being

    def thing(self, *among: str, owner: Being | None = None, coloured: bool = True) -> Thing:
        """A new thing, in its owner's hands, of a kind that is not in the story yet."""
        free = [key for key in among if key not in {thing.key for thing in self.things}]
        colour = self.rng.choice(COLOURS) if coloured else ""
        made = Thing(self.rng.choice(free), colour, owner, owner if owner is not None else "nowhere")
        self.things.append(made)
        return made

    def place(self, *among: str, but: tuple[str, ...] = ()) -> str:
        """One of these places."""
        return self.rng.choice([place for place in among or OUTDOORS if place not in but])

    def maybe(self, chance: float = 0.5) -> bool:
        """True with this probability."""
        return self.rng.random() < chance

    def go(self, place: str, *beings: Being) -> None:
        """They go somewhere, with everything they hold."""
        for being in beings:
            being.place = place

    def meet(self, *beings: Being) -> None:
        """Those who speak or act together must be in one place."""
        if len({being.place for being in beings}) > 1:
            raise Impossible(f"not in one place: {[being.place for being in beings]}")

    def holds(self, being: Being, thing: Thing) -> None:
        """The thing must be in these hands."""
        if thing.at is not being:
            raise Impossible(f"{being.key} does not hold the {thing.key}")

    def give(self, giver: Being, taker: Being, thing: Thing) -> None:
        """From hand to hand."""
        self.meet(giver, taker)
        self.holds(giver, thing)
        thing.at = taker

    def put(self, being: Being, thing: Thing, spot: str) -> None:
        """Down, or away."""
        self.holds(being, thing)
        thing.at = spot

    def take(self, being: Being, thing: Thing, spot: str) -> None:
        """Up from where it lies."""
        if thing.at != spot:
            raise Impossible(f"the {thing.key} is not there: {spot}")
        thing.at = being

    def turn(self, thing: Thing, before: str, after: str) -> None:
        """A thing's state changes."""
        if thing.state != before:
            raise Impossible(f"the {thing.key} is {thing.state}, not {before}")
        thing.state = after

    def feel(self, mood: str, *beings: Being) -> None:
        """Moods change."""
        if mood not in MOODS:
            raise Impossible(f"no mood: {mood}")
        for being in beings:
            being.mood = mood

    def tell(self, key: str, **roles: Role) -> None:
        """Records an event. Beings with capital letters as roles are elsewhere; all others are in one place."""
        self.meet(*(role for name, role in roles.items() if isinstance(role, Being) and name.islower()))
        for role in roles.values():
            if isinstance(role, Thing) and role.state == "gone":
                raise Impossible(f"the {role.key} is gone")
        self.events.append(Event(key, roles))


# Names in each language's list, per gender.
NAMES = 20
