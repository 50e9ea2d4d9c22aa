"""Templates with choices and slots, and the messages that they can make."""

import random
import re
from dataclasses import dataclass
from pathlib import Path

CHOICE = re.compile(r"(~?)\[([^\[\]]*)\]")
SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Family:
    """Templates of one kind.

    Attributes:
        kind: such as "plan" or "hard-joke".
        label: "ham" or "spam".
        templates: with `[a|b]` for a choice, `~[a|b]` for an optional one, and `{slot}` for a word from a list.
    """

    kind: str
    label: str
    templates: tuple[str, ...]


@dataclass(frozen=True)
class Grammar:
    """A language's families and word lists."""

    families: tuple[Family, ...]
    words: dict[str, list[str]]

    def expand(self, template: str, rng: random.Random) -> str:
        """One message made from a template."""
        text = template
        while match := CHOICE.search(text):
            optional, parts = match.groups()
            chosen = "" if optional and rng.random() < 0.4 else rng.choice(parts.split("|"))
            text = text[: match.start()] + chosen + text[match.end() :]
        while match := SLOT.search(text):
            text = text[: match.start()] + rng.choice(self.words[match[1]]) + text[match.end() :]
        return text


def read(file: Path) -> Grammar:
    """Reads a table: `@list a|b`, then a line `kind label` before each family's templates."""
    words: dict[str, list[str]] = {}
    families: list[tuple[str, str, list[str]]] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("@"):
            name, _, values = line[1:].partition(" ")
            words[name] = values.split("|")
        elif head := re.fullmatch(r"([\w-]+) (ham|spam)", line):
            families.append((head[1], head[2], []))
        else:
            families[-1][2].append(line)
    return Grammar(tuple(Family(kind, label, tuple(found)) for kind, label, found in families), words)


def masked(text: str, words: dict[str, list[str]]) -> str:
    """A message with slot words and digits masked: what two messages of one mould have in common."""
    values = sorted({value for found in words.values() for value in found if "{" not in value}, key=len, reverse=True)
    text = re.sub(r"\S+\.example\S*", "_", text)
    text = re.sub("|".join(rf"\b{re.escape(value)}\b" for value in values), "_", text)
    return re.sub(r"[\d_]+", "_", text.lower())


def noisy(text: str, rng: random.Random, abbreviations: dict[str, str]) -> str:
    """As people type, whatever the label: sometimes abbreviations, no capitals, no full stop, or a smiley."""
    if rng.random() < 0.15:
        for word, short in abbreviations.items():
            text = re.sub(rf"\b{word}\b", short, text)
    if rng.random() < 0.12:
        text = text.lower()
    if rng.random() < 0.2:
        text = text.rstrip(".")
    if rng.random() < 0.08:
        text += rng.choice([" :)", " 😊", " 🙏", "!!", " 👍", "..."])
    return text
