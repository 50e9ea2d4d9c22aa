"""From events to text: a phrasing is chosen for each, and its slots are filled as the language requires."""

import random
import re
from pathlib import Path

from .world import Being, Event, Role, Thing

# A slot: a role's letter, or t for the time of day, and the form wanted.
SLOT = re.compile(r"\{(\w)(?:\.([\w.]+))?(?::(\w+))?\}")


def phrasings(file: Path) -> dict[str, list[str]]:
    """Reads a table: a key on its own line, then its phrasings; every phrasing has a space or full stop, no key has."""
    found: dict[str, list[str]] = {}
    key = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if re.fullmatch(r"[a-z_.]+", line):
            key = line
            found[key] = []
        else:
            found[key].append(line.strip())
    return found


class Language:
    """How one language tells stories; subclasses fill the slots.

    Args:
        file: table of phrasings.
    """

    code = ""
    times: tuple[str, ...] = ()

    def __init__(self, file: Path) -> None:
        self.phrases = phrasings(file)

    def tell(self, events: list[Event], rng: random.Random) -> str:
        """A story's text, in paragraphs of one line each."""
        time = rng.choice(self.times)
        paragraphs: list[list[str]] = [[]]
        last: Being | None = None
        for event in events:
            phrase = rng.choice(self.phrases[event.key])
            text, last = self._filled(phrase, event.roles, time, last, rng)
            speaks = self.is_speech(text)
            if paragraphs[-1] and (speaks or self.is_speech(paragraphs[-1][-1]) or rng.random() < 0.15):
                paragraphs.append([])
            paragraphs[-1].append(text)
        return "\n".join(" ".join(sentences) for sentences in paragraphs)

    def _filled(
        self, phrase: str, roles: dict[str, Role], time: str, last: Being | None, rng: random.Random
    ) -> tuple[str, Being | None]:
        """The phrase with its slots filled, and whom the next sentence may refer to by a pronoun."""
        people = [role for role in roles.values() if isinstance(role, Being)]

        def fill(match: re.Match[str]) -> str:
            letter, wanted, extra = match.groups()
            if letter == "t":
                return time
            if letter == "w":
                return self.pair(people, wanted)
            role = roles[letter]
            if not wanted and not extra and isinstance(role, Being) and role.kind == "child":
                # A pronoun only for the last one mentioned, and only where it cannot mean anybody else.
                alike = [other for other in people if other.kind != "animal" and other.female == role.female]
                if match.start() == 0 and role is last and len(alike) == 1 and rng.random() < 0.6:
                    return self.word(role, "he", "")
                return self.word(role, "n", "")
            return self.word(role, wanted or "", extra or "")

        text = self.polish(SLOT.sub(fill, phrase))
        named = re.findall(r"\{(\w)(?:\.[nN])?\}", phrase)
        persons = {letter for letter in named if isinstance(roles.get(letter), Being)}
        only = roles[next(iter(persons))] if len(persons) == 1 else None
        if not persons:
            return text, last if all(person is last for person in people) else None
        return text, only if isinstance(only, Being) and only.kind == "child" and len(people) == 1 else None

    def word(self, role: Role, wanted: str, extra: str) -> str:
        """The text for a role in a slot."""
        if isinstance(role, Being):
            return self.being(role, wanted, extra)
        return self.thing(role, wanted, extra) if isinstance(role, Thing) else self.plain(role, wanted)

    def pair(self, people: list[Being], wanted: str) -> str:
        """The text for everybody in the event together."""
        raise NotImplementedError

    def being(self, being: Being, wanted: str, extra: str) -> str:
        raise NotImplementedError

    def thing(self, thing: Thing, wanted: str, extra: str) -> str:
        raise NotImplementedError

    def plain(self, key: str, wanted: str) -> str:
        raise NotImplementedError

    def is_speech(self, text: str) -> bool:
        raise NotImplementedError

    def polish(self, text: str) -> str:
        """Capitals at the beginning of sentences."""
        text = re.sub(
            r"([.!?:] )([a-zà-ú])", lambda match: match[1] + match[2].upper() if match[1] != ": " else match[0], text
        )
        return capital(text)


def capital(text: str) -> str:
    """Capitalises the first letter, even after a quotation mark or a dash."""
    return re.sub(r"[^\W\d_]", lambda match: match[0].upper(), text, count=1)
