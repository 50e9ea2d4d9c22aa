"""A small template grammar: alternatives, optional parts, slots; and what two messages of one mould share.

`[a|b]` is one of the alternatives, `[a|]` may be left out, `{slot}` is a word of that list, `#` is a digit. Alternatives
nest, and the words of a list may be templates themselves.
"""

import random
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

CHOICE = re.compile(r"\[([^\[\]]*)\]")
SLOT = re.compile(r"\{(\w+)\}")
SENTENCE_START = re.compile(r"(^|[^.][.!?]['\"]? )(\w)")
FIRST_DIGIT = re.compile(r"(?<![\d#])#")
LINK = re.compile(r"\S+\.example\S*")


@dataclass(frozen=True)
class Family:
    """Templates of one kind of message.

    Attributes:
        kind: short name, such as "prize"; "hard-" in front marks the hard cases.
        label: "ham" or "spam".
        templates: see the module.
        chat: typed by hand, so with all the noise of chats; else sent by a machine.
        unseen: in the test split only.
    """

    kind: str
    label: str
    templates: tuple[str, ...]
    chat: bool = True
    unseen: bool = False


@dataclass(frozen=True)
class Pair:
    """Two templates of the same words in another order; what fills the slots is the same in both.

    Attributes:
        kind: short name that begins with "hard-pair-".
        ham: slots only, no alternatives.
        spam: the other one.
    """

    kind: str
    ham: str
    spam: str


@dataclass(frozen=True)
class Language:
    """All that the messages of a language are made of.

    Attributes:
        families: of both labels.
        pairs: the minimal pairs.
        words: lists by the name of their slot, alternatives separated by a bar.
        proper: slots that hold names of people and firms, which masking removes.
        abbreviations: what chats write for a word.
        emoji: signs for the end of a chat message.
    """

    families: tuple[Family, ...]
    pairs: tuple[Pair, ...]
    words: dict[str, str]
    proper: tuple[str, ...]
    abbreviations: dict[str, str]
    emoji: tuple[str, ...]


def families(
    chats: Mapping[str, tuple[str, ...]], notices: Mapping[str, tuple[str, ...]], label: str, unseen: tuple[str, ...]
) -> tuple[Family, ...]:
    """Families of one label: of chats, then of what machines send; each by its kind."""
    return tuple(
        Family(kind, label, templates, chat=kinds is chats, unseen=kind in unseen)
        for kinds in (chats, notices)
        for kind, templates in kinds.items()
    )


def expand(template: str, words: dict[str, str], rng: random.Random, bound: dict[str, str] | None = None) -> str:
    """One message of a template, without noise.

    Args:
        template: see the module.
        words: alternatives of each slot.
        rng: source of all choices.
        bound: what slots hold already; a slot met first is added, so that two templates can share their words. Without
            it, the same slot holds another word each time.

    Raises:
        ValueError: the template names a slot that there is not.
    """
    used: set[str] = set()

    def choose(match: re.Match[str]) -> str:
        options: list[str] = match[1].split("|")
        return rng.choice(options)

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name not in words:
            raise ValueError(f"template {template!r}: there is no slot {name!r}; remedy: add it to the word lists")
        if bound is not None and name in bound:
            return bound[name]
        values = [value for value in _alternatives(words[name]) if value not in used]
        value = rng.choice(values or _alternatives(words[name]))
        used.add(value)
        if bound is not None:
            bound[name] = value = finished(value)
        return value

    def finished(text: str) -> str:
        while CHOICE.search(text) or SLOT.search(text):
            while CHOICE.search(text):
                text = CHOICE.sub(choose, text)
            text = SLOT.sub(fill, text, count=1)
        text = FIRST_DIGIT.sub(lambda _: str(rng.randint(1, 9)), text)
        return re.sub("#", lambda _: str(rng.randrange(10)), text)

    return tidy(finished(template))


def _alternatives(words: str) -> list[str]:
    """Splits at the bars that stand outside of brackets."""
    parts, depth = [""], 0
    for sign in words:
        depth += (sign == "[") - (sign == "]")
        if sign == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def tidy(text: str) -> str:
    """One space between words, a capital at the start of each sentence, composed accents (NFC)."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    return SENTENCE_START.sub(
        lambda match: match[0] if LINK.match(text, match.start(2)) else match[1] + match[2].upper(), text
    )


def without_accents(text: str) -> str:
    """The same letters without their marks."""
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(sign for sign in decomposed if unicodedata.category(sign) != "Mn"))


def masker(language: Language) -> Callable[[str], str]:
    """A function that takes from a message all that does not make it another one.

    Links, numbers, names of people and firms, capitals, accents, punctuation and emoji are removed.
    """
    names = {name for slot in language.proper for name in _alternatives(language.words[slot])}
    plain = sorted((without_accents(name.lower()) for name in names), key=lambda name: (-len(name), name))
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, plain)) + r")\b")

    def masked(text: str) -> str:
        text = pattern.sub(" ", without_accents(LINK.sub(" ", text.lower())))
        return " ".join(re.findall(r"[^\W\d_]+", text))

    return masked
