"""What can happen: each plot moves its people and things by the world's rules and tells the events in order."""

import random
from collections.abc import Callable

from .world import CLOTHES, FLOWERS, FOOD, OUTDOORS, SPOTS, TOOLS, TOYS, Being, Event, World

Plot = Callable[[World], None]
NEAR_WATER = ("beach", "river", "lake")


def simulate(rng: random.Random) -> list[Event]:
    """One story.

    Args:
        rng: source of all random choices.

    Returns:
        Its events, in order.
    """
    world = World(rng)
    rng.choice(PLOTS)(world)
    return world.events


def opening(w: World, place: str) -> Being:
    """A child, a place, a time."""
    a = w.child(place)
    w.tell("open", a=a, p=place)
    if w.maybe(0.45):
        w.tell(
            "weather." + w.rng.choice(["sun", "wind", "cold", "clouds"] if place != "house" else ["rain", "cold"]), a=a
        )
    elif w.maybe(0.6) and place != "house":
        w.tell("detail", a=a)
    if w.maybe(0.55):
        w.tell(w.rng.choice(["trait", "breakfast"]), a=a)
    return a


def ending(w: World, *beings: Being) -> None:
    """Everybody is content, perhaps with a thought."""
    w.feel("happy", *beings)
    children = [being for being in beings if being.kind == "child"]
    if len(children) > 1 and w.maybe(0.4):
        w.tell("chat", a=children[0], b=children[1])
    if w.maybe(0.3) and beings[0].place != "bedroom":
        w.tell("home", a=beings[0])
        return
    if len(beings) > 1 and beings[0].place == beings[1].place:
        w.tell("end.two", a=beings[0], b=beings[1])
    else:
        w.tell("end.one", a=beings[0])


def lost_toy(w: World) -> None:
    """A toy is lost where its owner played, and found with a friend's help."""
    place = w.place()
    a = opening(w, place)
    x = w.thing(*TOYS, owner=a)
    w.tell("plays", a=a, x=x)
    spots = w.rng.sample(SPOTS, 3)
    w.put(a, x, spots[2])
    w.feel("sad", a)
    w.tell("lost.notices", a=a, x=x)
    b = w.child(place)
    w.tell("meets", a=a, b=b)
    w.tell("lost.asks", a=a, b=b, x=x)
    w.tell("lost.offers", a=a, b=b, x=x)
    w.tell("lost.looks", a=a, b=b, x=x, s=spots[0])
    if w.maybe():
        w.tell("lost.looks_again", a=a, b=b, x=x, s=spots[1])
    w.take(b, x, spots[2])
    w.tell("lost.finds", a=a, b=b, x=x, s=spots[2])
    w.give(b, a, x)
    w.feel("happy", a, b)
    w.tell("gives_back", a=a, b=b, x=x)
    w.tell("thanks", a=a, b=b)
    if w.maybe(0.6):
        w.tell("moral.help", a=a)
    ending(w, a, b)


def broken_toy(w: World) -> None:
    """A toy breaks, and somebody who can mends it."""
    a = opening(w, "house")
    x = w.thing("boat", "car", "train", "drum", "robot", "plane", "kite", owner=a)
    w.tell("plays", a=a, x=x)
    w.turn(x, "whole", "broken")
    w.feel("sad", a)
    w.tell("broken.breaks", a=a, x=x)
    g = w.adult()
    w.tell("broken.comes", a=a, b=g, x=x)
    w.tell("broken.asks", a=a, b=g, x=x)
    w.give(a, g, x)
    w.tell("broken.tries", a=a, b=g, x=x)
    w.turn(x, "broken", "whole")
    w.tell("broken.mends", a=a, b=g, x=x)
    w.give(g, a, x)
    w.feel("happy", a, g)
    w.tell("gives_back", a=a, b=g, x=x)
    w.tell("thanks", a=a, b=g)
    if w.maybe():
        w.tell("moral.careful", a=a, x=x)
    ending(w, a, g)


def hungry(w: World) -> None:
    """Hunger, food, and a friend who gets half of it."""
    place = w.place()
    a = opening(w, place)
    w.feel("tired", a)
    w.tell("hungry.feels", a=a)
    w.go("house", a)
    g = w.adult()
    w.tell("goes_home", a=a)
    w.tell("hungry.asks", a=a, b=g)
    x = w.thing(*FOOD, coloured=False, owner=g)
    w.give(g, a, x)
    w.tell("hungry.gets", a=a, b=g, x=x)
    b = w.child()
    w.tell("hungry.friend", a=a, b=b)
    w.tell("hungry.shares", a=a, b=b, x=x)
    w.turn(x, "whole", "gone")
    w.feel("happy", a, b)
    w.tell("hungry.eat", a=a, b=b)
    if w.maybe(0.6):
        w.tell("moral.share", a=a)
    ending(w, a, b)


def caught_in_rain(w: World) -> None:
    """Rain makes clothes wet; a warm house dries them."""
    place = w.place()
    a = opening(w, place)
    x = w.thing(*CLOTHES, owner=a)
    w.tell("wears", a=a, x=x)
    w.tell("rain.plays", a=a)
    w.turn(x, "whole", "wet")
    w.tell("rain.starts", a=a, x=x)
    w.go("house", a)
    w.tell("rain.runs_home", a=a)
    g = w.adult()
    w.give(a, g, x)
    w.tell("rain.takes_off", a=a, b=g, x=x)
    w.tell("rain.soup", a=a, b=g)
    w.turn(x, "wet", "whole")
    w.tell("rain.dry", a=a, b=g, x=x)
    w.give(g, a, x)
    w.feel("happy", a)
    w.tell("thanks", a=a, b=g)
    ending(w, a, g)


def sharing(w: World) -> None:
    """Two children want the same toy, until they take turns."""
    place = w.place(*OUTDOORS, "school")
    a = opening(w, place)
    x = w.thing(*TOYS, owner=a)
    w.tell("plays", a=a, x=x)
    b = w.child(place)
    w.tell("sharing.wants", a=a, b=b, x=x)
    w.feel("sad", b)
    w.tell("sharing.refuses", a=a, b=b, x=x)
    w.tell("sharing.sits", a=a, b=b)
    w.tell("sharing.thinks", a=a, b=b)
    w.give(a, b, x)
    w.tell("sharing.gives", a=a, b=b, x=x)
    w.feel("happy", a, b)
    w.tell("sharing.turns", a=a, b=b, x=x)
    w.tell("moral.share", a=a)
    ending(w, a, b)


def noise_at_night(w: World) -> None:
    """A noise in the dark turns out to be somebody small."""
    a = w.child("bedroom")
    w.tell("night.open", a=a)
    w.feel("afraid", a)
    w.tell("night.noise", a=a)
    g = w.adult("bedroom")
    w.tell("night.calls", a=a, b=g)
    w.tell("night.lamp", a=a, b=g)
    n = w.animal("bedroom", "cat", "dog", "bird", "frog")
    w.tell("night.sees", a=a, b=g, n=n)
    w.feel("calm", a)
    w.tell("night.laughs", a=a, b=g, n=n)
    if w.maybe():
        w.tell("moral.dark", a=a)
    w.tell("night.sleeps", a=a)


def taken_without_asking(w: World) -> None:
    """Somebody takes what is not theirs, and says sorry."""
    place = w.place(*OUTDOORS, "school")
    a = opening(w, place)
    b = w.child(place)
    x = w.thing(*TOYS, owner=b)
    w.put(b, x, "bench")
    w.tell("sorry.sees", a=a, b=b, x=x)
    w.take(a, x, "bench")
    w.tell("sorry.takes", a=a, x=x)
    w.feel("sad", b)
    w.tell("sorry.looks", a=a, b=b, x=x)
    w.feel("worried", a)
    w.tell("sorry.feels", a=a, b=b)
    w.give(a, b, x)
    w.tell("sorry.says", a=a, b=b, x=x)
    w.feel("calm", b)
    w.tell("sorry.forgives", a=a, b=b)
    w.tell("plays_together", a=a, b=b, x=x)
    if w.maybe(0.7):
        w.tell("moral.ask", a=a)
    ending(w, a, b)


def race(w: World) -> None:
    """A race that nobody wins, because one helps the other."""
    place = w.place("park", "beach", "hill", "yard", "farm")
    a = opening(w, place)
    b = w.child(place)
    w.tell("meets", a=a, b=b)
    w.tell("race.plan", a=a, b=b)
    w.tell("race.runs", a=a, b=b)
    w.feel("sad", b)
    w.tell("race.falls", a=a, b=b)
    w.tell("race.stops", a=a, b=b)
    w.feel("happy", a, b)
    w.tell("race.walks", a=a, b=b)
    if w.maybe(0.7):
        w.tell("moral.friend", a=a)
    ending(w, a, b)


def animal_in_need(w: World) -> None:
    """An animal is stuck; a child frees it with the right tool."""
    place = w.place("park", "forest", "river", "farm", "garden", "lake")
    a = opening(w, place)
    n = w.animal(place, "cat", "dog", "rabbit", "duck", "turtle", "lamb", "bird", "squirrel")
    n.mood = "afraid"
    w.tell("stuck.hears", a=a)
    w.tell("stuck.sees", a=a, n=n)
    w.tell("stuck.tries", a=a, n=n)
    h = w.helper(place)
    x = w.thing("rope", "ladder", "net", "basket", coloured=False, owner=h)
    w.tell("stuck.asks", a=a, b=h, n=n)
    w.give(h, a, x)
    w.tell("stuck.brings", a=a, b=h, x=x)
    n.mood = "happy"
    w.tell("stuck.frees", a=a, n=n, x=x)
    w.feel("proud", a)
    w.tell("stuck.thanks", a=a, n=n)
    w.give(a, h, x)
    w.tell("stuck.returns", a=a, b=h, x=x)
    if w.maybe():
        w.tell("moral.small", a=a)
    ending(w, a)


def building(w: World) -> None:
    """The first plan fails, the second works."""
    place = w.place(*NEAR_WATER)
    a = opening(w, place)
    b = w.child(place)
    w.tell("meets", a=a, b=b)
    w.tell("build.plan", a=a, b=b)
    w.tell("build.begins", a=a, b=b)
    w.feel("sad", a, b)
    w.tell("build.fails", a=a, b=b)
    x = w.thing("bucket", owner=b)
    w.tell("build.idea", a=a, b=b, x=x)
    w.feel("proud", a, b)
    w.tell("build.works", a=a, b=b, x=x)
    w.tell("build.shows", a=a, b=b)
    if w.maybe(0.6):
        w.tell("moral.again", a=a)
    ending(w, a, b)


def secret_gift(w: World) -> None:
    """A gift is made in secret, hidden, and given."""
    a = opening(w, "house")
    g = w.adult("kitchen")
    w.tell("gift.birthday", a=a, B=g)
    x = w.thing("hat", "scarf", "basket", "lamp", owner=a)
    w.tell("gift.makes", a=a, B=g, x=x)
    spot = w.rng.choice(["box", "cupboard"])
    w.put(a, x, spot)
    w.tell("gift.hides", a=a, B=g, x=x, s=spot)
    w.go("house", g)
    w.tell("gift.asks", a=a, b=g)
    w.tell("gift.waits", a=a, b=g)
    w.take(a, x, spot)
    w.tell("gift.fetches", a=a, b=g, x=x, s=spot)
    w.give(a, g, x)
    w.feel("happy", a, g)
    w.tell("gift.gives", a=a, b=g, x=x)
    w.tell("gift.thanks", a=a, b=g, x=x)
    ending(w, a, g)


def lost_child(w: World) -> None:
    """A child loses the way at the market and asks somebody."""
    a = w.child("market")
    g = w.adult("market")
    w.tell("way.open", a=a, b=g)
    w.tell("way.looks", a=a, b=g)
    g.place = "fountain"
    w.feel("afraid", a)
    w.tell("way.alone", a=a, B=g)
    h = w.helper("market")
    w.tell("way.asks", a=a, b=h, B=g)
    w.tell("way.says", a=a, b=h, B=g)
    w.go("fountain", a, h)
    w.tell("way.walks", a=a, b=h, B=g)
    w.feel("happy", a, g)
    w.tell("way.finds", a=a, b=g)
    w.tell("way.thanks", a=a, b=h)
    if w.maybe(0.7):
        w.tell("moral.way", a=a)


def promise(w: World) -> None:
    """A promise is forgotten, remembered, and kept."""
    a = opening(w, "house")
    g = w.adult()
    x = w.thing(*FLOWERS, owner=g, coloured=False)
    w.put(g, x, "pot")
    w.tell("promise.asks", a=a, b=g, x=x)
    w.tell("promise.makes", a=a, b=g)
    w.go("city", g)
    w.tell("promise.leaves", a=a, B=g)
    w.tell("promise.forgets", a=a)
    w.turn(x, "whole", "dry")
    w.feel("worried", a)
    w.tell("promise.sees", a=a, x=x)
    w.turn(x, "dry", "whole")
    w.tell("promise.waters", a=a, x=x)
    w.go("house", g)
    w.tell("promise.back", a=a, b=g, x=x)
    w.tell("promise.truth", a=a, b=g)
    w.feel("happy", a, g)
    w.tell("promise.smiles", a=a, b=g)
    if w.maybe(0.6):
        w.tell("moral.promise", a=a)
    ending(w, a, g)


def trade(w: World) -> None:
    """Two children have what the other one would like."""
    place = w.place(*OUTDOORS, "school")
    a = opening(w, place)
    x = w.thing(*FOOD, coloured=False, owner=a)
    b = w.child(place)
    y = w.thing(*FOOD, coloured=False, owner=b)
    w.tell("trade.has", a=a, x=x)
    w.tell("trade.other", a=a, b=b, y=y)
    w.tell("trade.asks", a=a, b=b, x=x, y=y)
    w.give(a, b, x)
    w.give(b, a, y)
    w.tell("trade.swaps", a=a, b=b, x=x, y=y)
    w.feel("happy", a, b)
    w.tell("trade.eats", a=a, b=b)
    ending(w, a, b)


def tidy_room(w: World) -> None:
    """Who tidies up finds what was missing."""
    a = w.child("bedroom")
    x = w.thing(*TOYS, owner=a)
    w.put(a, x, "bed")
    w.tell("tidy.open", a=a)
    w.tell("tidy.misses", a=a, x=x)
    g = w.adult("bedroom")
    w.tell("tidy.says", a=a, b=g)
    w.tell("tidy.works", a=a)
    w.take(a, x, "bed")
    w.feel("happy", a)
    w.tell("tidy.finds", a=a, x=x)
    w.tell("tidy.shows", a=a, b=g, x=x)
    if w.maybe():
        w.tell("moral.tidy", a=a)
    ending(w, a, g)


def learning(w: World) -> None:
    """The third try works."""
    place = w.place("park", "yard", "lake", "square")
    a = opening(w, place)
    skill = w.rng.choice(["swim"] if place == "lake" else ["ride", "skate", "jump", "whistle"])
    g = w.adult(place)
    w.tell("learn.wants", a=a, k=skill)
    w.tell("learn.first", a=a, k=skill)
    w.feel("sad", a)
    w.tell("learn.second", a=a, k=skill)
    w.tell("learn.says", a=a, b=g)
    w.feel("proud", a)
    w.tell("learn.third", a=a, k=skill)
    w.tell("learn.cheers", a=a, b=g)
    if w.maybe(0.6):
        w.tell("moral.again", a=a)
    ending(w, a, g)


def sick_friend(w: World) -> None:
    """A friend in bed gets a visit, and is well again."""
    a = opening(w, w.place())
    b = w.child("bedroom")
    b.mood = "tired"
    w.tell("sick.hears", a=a, B=b)
    x = w.thing("puzzle", "bear", "boat", "car", owner=a)
    w.tell("sick.takes", a=a, B=b, x=x)
    w.go("bedroom", a)
    w.tell("sick.visits", a=a, b=b)
    w.give(a, b, x)
    w.tell("sick.gives", a=a, b=b, x=x)
    w.tell("sick.plays", a=a, b=b, x=x)
    w.tell("sick.sleeps", a=a, b=b)
    w.feel("happy", a, b)
    w.tell("sick.better", a=a, b=b)
    w.give(b, a, x)
    w.tell("sick.returns", a=a, b=b, x=x)
    if w.maybe():
        w.tell("moral.friend", a=a)


def planting(w: World) -> None:
    """A seed needs water, sun and patience."""
    a = opening(w, "garden")
    g = w.adult("garden")
    flower = w.rng.choice(FLOWERS)
    w.tell("plant.gets", a=a, b=g)
    w.tell("plant.digs", a=a)
    w.tell("plant.waits", a=a)
    w.feel("worried", a)
    w.tell("plant.asks", a=a, b=g)
    w.tell("plant.answers", a=a, b=g)
    w.tell("plant.waters", a=a)
    w.feel("happy", a, g)
    w.tell("plant.grows", a=a, f=flower)
    w.tell("plant.shows", a=a, b=g, f=flower)
    if w.maybe(0.7):
        w.tell("moral.patience", a=a)
    ending(w, a, g)


def hide_and_seek(w: World) -> None:
    """Who hides too well hears something small."""
    place = w.place("park", "garden", "forest", "farm", "yard")
    a = opening(w, place)
    b = w.child(place)
    w.tell("meets", a=a, b=b)
    w.tell("hide.plan", a=a, b=b)
    spot = w.rng.choice(["bush", "tree", "rock", "log"])
    w.tell("hide.counts", a=a, b=b, s=spot)
    w.tell("hide.seeks", a=a, b=b)
    n = w.animal(place, "cat", "hen", "frog", "rabbit", "dog")
    w.tell("hide.noise", a=a, b=b, n=n, s=spot)
    w.tell("hide.finds", a=a, b=b, n=n, s=spot)
    w.feel("happy", a, b)
    w.tell("hide.laughs", a=a, b=b, n=n)
    ending(w, a, b)


def borrowing(w: World) -> None:
    """What is borrowed comes back clean."""
    a = opening(w, w.place("garden", "yard", "farm"))
    h = w.helper(a.place)
    x = w.thing(*TOOLS, coloured=False, owner=h)
    w.tell("borrow.needs", a=a, x=x)
    w.tell("borrow.asks", a=a, b=h, x=x)
    w.give(h, a, x)
    w.tell("borrow.lends", a=a, b=h, x=x)
    w.turn(x, "whole", "dirty")
    w.tell("borrow.works", a=a, x=x)
    w.turn(x, "dirty", "whole")
    w.tell("borrow.cleans", a=a, x=x)
    w.give(a, h, x)
    w.feel("happy", a, h)
    w.tell("borrow.returns", a=a, b=h, x=x)
    w.tell("borrow.praises", a=a, b=h, x=x)
    if w.maybe():
        w.tell("moral.borrow", a=a)
    ending(w, a)


def new_pet(w: World) -> None:
    """A hungry animal follows a child home, and gets a name by what it does."""
    place = w.place("park", "farm", "forest", "river", "square")
    a = opening(w, place)
    n = w.animal(place, "dog", "cat", "duck", "rabbit", "hen")
    x = w.thing("bread", "cheese", "carrot", "cookie", coloured=False, owner=a)
    w.tell("pet.sees", a=a, n=n)
    w.tell("pet.feeds", a=a, n=n, x=x)
    x.state = "gone"
    w.go("house", a, n)
    w.tell("pet.follows", a=a, n=n)
    g = w.adult()
    w.tell("pet.asks", a=a, b=g, n=n)
    w.tell("pet.answers", a=a, b=g, n=n)
    w.feel("happy", a)
    w.tell("pet.bed", a=a, n=n)
    if w.maybe():
        w.tell("moral.animal", a=a, n=n)
    ending(w, a)


PLOTS: tuple[Plot, ...] = (
    lost_toy, broken_toy, hungry, caught_in_rain, sharing, noise_at_night, taken_without_asking, race, animal_in_need, building,
    secret_gift, lost_child, promise, trade, tidy_room, learning, sick_friend, planting, hide_and_seek, borrowing, new_pet,
)  # fmt: skip
