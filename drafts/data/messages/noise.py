"""The noise of written messages, the same on both labels: abbreviations, typos, lost accents and capitals, emoji."""

import random
import re

from .grammar import LINK, Language, without_accents


def formal(text: str, rng: random.Random) -> str:
    """What a machine sends: now and then without accents, without the last stop, or with its name in capitals."""
    if rng.random() < 0.2:
        text = without_accents(text)
    if rng.random() < 0.15:
        head, colon, rest = text.partition(": ")
        text = head.upper() + colon + rest if colon and len(head) < 25 else text
    if rng.random() < 0.2:
        text = text.removesuffix(".")
    return text


def chat(text: str, rng: random.Random, language: Language) -> str:
    """What people type in a hurry; links stay as they are."""
    links = LINK.findall(text)
    text = LINK.sub("§", text)
    if rng.random() < 0.25:
        text = _abbreviated(text, rng, language.abbreviations)
    if rng.random() < 0.2:
        text = without_accents(text)
    if rng.random() < 0.15:
        text = text.replace("'", "")
    if rng.random() < 0.15:
        text = _mistyped(text, rng)
    if rng.random() < 0.2:
        text = text.lower()
    elif rng.random() < 0.02:
        text = text.upper()
    if rng.random() < 0.3:
        text = text.removesuffix(".")
    if rng.random() < 0.08:
        text = re.sub(r"([!?])$", lambda match: match[1] * rng.randint(2, 3), text)
    if rng.random() < 0.05:
        text = re.sub(r"^(Hi|Hey|Oi|Haha|Kkk)\b", lambda match: match[1] + match[1][-1] * rng.randint(1, 3), text)
    for link in links:
        text = text.replace("§", link, 1)
    if rng.random() < 0.15:
        text += " " + rng.choice(language.emoji)
    return text


def _abbreviated(text: str, rng: random.Random, abbreviations: dict[str, str]) -> str:
    for word, short in abbreviations.items():
        if rng.random() < 0.8:
            text = re.sub(rf"\b{word}\b", short, text)
            text = re.sub(rf"\b{word.capitalize()}\b", short.capitalize(), text)
    return text


def _mistyped(text: str, rng: random.Random) -> str:
    """One slip of the finger: two letters swapped, one lost or one doubled, never in a name."""
    words = list(re.finditer(r"\b[a-zà-ÿ]{5,}\b", text))
    if not words:
        return text
    word = rng.choice(words)
    place = rng.randrange(word.start() + 1, word.end() - 1)
    one, two = text[place], text[place + 1]
    slip = rng.choice([two + one, two, one + one + two])
    return text[:place] + slip + text[place + 2 :]
