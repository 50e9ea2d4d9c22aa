"""Templates with slots: filled to write a text, matched to read one, so that answers can be found again from the text."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SLOT = re.compile(r"\{(\w+)(?:\.(\w+))?\}")


@dataclass(frozen=True)
class Noun:
    """A noun.

    Attributes:
        word: the word, in the singular.
        gender: "o" or "a" in Portuguese, empty in English.
    """

    word: str
    gender: str = ""


@dataclass(frozen=True)
class Thing:
    """A noun, perhaps with a colour.

    Attributes:
        noun: what it is.
        colour: a form that agrees with the noun, or empty.
    """

    noun: Noun
    colour: str = ""


Value = str | Thing
Form = Callable[[Thing, str], str]


def capital(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Template:
    """A sentence or instruction with slots `{name}` or, for a thing in a form of the language, `{name.form}`."""

    text: str

    def fill(self, slots: Mapping[str, Value], form: Form) -> str:
        """The text with its slots filled and a capital first letter."""

        def value(match: re.Match[str]) -> str:
            found = slots[match[1]]
            return found if isinstance(found, str) else form(found, match[2] or "")

        return capital(SLOT.sub(value, self.text))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts, end, names = [], 0, set()
        for match in SLOT.finditer(self.text):
            parts.append(re.escape(self.text[end : match.start()]))
            # A slot never holds the end of a sentence; where it stands twice, it holds the same twice.
            parts.append(rf"(?P={match[1]})" if match[1] in names else rf"(?P<{match[1]}>[^.?!]+?)")
            names.add(match[1])
            end = match.end()
        parts.append(re.escape(self.text[end:]))
        return re.compile("".join([capital(parts[0]), *parts[1:]]))

    def match(self, text: str) -> dict[str, str] | None:
        """What the slots hold in a text that was written with this template, or None."""
        found = self._pattern.fullmatch(text)
        return found.groupdict() if found else None


def pairs(text: str) -> tuple[tuple[str, str], ...]:
    """From "ball/balls kite/kites"."""
    return tuple((first, second) for first, _, second in (pair.partition("/") for pair in text.split()))


@dataclass(frozen=True)
class Wording:
    """How a task is worded.

    Attributes:
        train: instructions of the splits train, validation and test.
        unseen: instructions of the split test_unseen.
        forms: sentences of the inputs.
    """

    train: tuple[Template, ...]
    unseen: tuple[Template, ...]
    forms: tuple[Template, ...]


def wordings(file: Path) -> dict[str, Wording]:
    """Reads a table: a line with a task's name, then its templates; "- " opens an unseen one, "= " a form of the input.

    Raises:
        ValueError: a template stands before the first task; names the file and the line.
    """
    found: dict[str, dict[str, list[Template]]] = {}
    task: dict[str, list[Template]] | None = None
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if re.fullmatch(r"[a-z_]+", line):
            task = found[line] = {"train": [], "unseen": [], "forms": []}
        elif task is None:
            raise ValueError(
                f"{file}, line {number}: a template before the first task. Remedy: put a task's name above it."
            )
        else:
            group = {"- ": "unseen", "= ": "forms"}.get(line[:2], "train")
            task[group].append(Template(line if group == "train" else line[2:]))
    return {name: Wording(**{group: tuple(lines) for group, lines in groups.items()}) for name, groups in found.items()}
