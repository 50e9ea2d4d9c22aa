"""The base of a task: what it makes, and how an answer is judged."""

import random
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

from .lexicon import Lexicon
from .templates import Template, Thing, Value


@dataclass(frozen=True)
class Made:
    """What a task makes, before an instruction is chosen.

    Attributes:
        input: of the record.
        output: of the record.
        slots: what the instruction's slots hold.
    """

    input: str
    output: str
    slots: dict[str, Value] = field(default_factory=dict)


def normal(answer: str) -> str:
    """An answer without differences that do not count: capitals, quotation marks, extra spaces, a full stop at the end."""
    return re.sub(r"\s+", " ", answer).strip(" .!\"'").casefold()


def items(text: str) -> list[str]:
    """The members of a list."""
    return text.split(", ")


def sentences(text: str) -> list[str]:
    """The sentences of a passage."""
    return re.split(r"(?<=[.!?]) ", text)


class Task(ABC):
    """A kind of task in a language.

    Attributes:
        name: of the task.
        look_up: whether the answer stands in a fixed table, so that only the wording can be new in a test.
        closed: whether there are two answers only.
    """

    name: ClassVar[str]
    look_up: ClassVar[bool] = False
    closed: ClassVar[bool] = False

    def __init__(self, lex: Lexicon) -> None:
        self.lex = lex
        self.wording = lex.wordings[self.name]

    @abstractmethod
    def make(self, rng: random.Random) -> Made:
        """A new input with its answer."""

    @abstractmethod
    def answers(self, slots: dict[str, str], given: str) -> list[str]:
        """All right answers, found again from what the instruction's slots hold and from the input's text."""

    def check(self, instruction: str, given: str, answer: str) -> bool:
        """Whether an answer is right, whatever the stored output says.

        Args:
            instruction: in one of this task's wordings.
            given: the record's input.
            answer: what somebody answered; see `normal` for what does not count.

        Raises:
            ValueError: the instruction is none of this task.
        """
        templates = self.wording.train + self.wording.unseen
        asked = next((slots for template in templates if (slots := template.match(instruction)) is not None), None)
        if asked is None:
            raise ValueError(f"{self.name} in {self.lex.code} has no such instruction: {instruction!r}")
        return normal(self.lex.spelled(answer)) in map(normal, self.answers(asked, given))

    def write(self, template: Template, slots: dict[str, Value]) -> str:
        """A template, filled."""
        return template.fill(slots, self.lex.form)

    def sentence(self, rng: random.Random, slots: dict[str, Value]) -> str:
        """One of the task's sentences, filled."""
        return self.write(rng.choice(self.wording.forms), slots)

    def read(self, text: str) -> dict[str, str]:
        """What the slots hold in one of the task's sentences.

        Raises:
            ValueError: it is none of them.
        """
        for template in self.wording.forms:
            if (slots := template.match(text)) is not None:
                return slots
        raise ValueError(f"{self.name} in {self.lex.code} has no such sentence: {text!r}")

    def things(self, rng: random.Random, count: int) -> list[Thing]:
        """Different toys or clothes, each in a colour of its own."""
        nouns = rng.sample(self.lex.toys + self.lex.clothes, count)
        colours = rng.sample(self.lex.colours, count)
        return [self.lex.coloured(noun, colour) for noun, colour in zip(nouns, colours, strict=True)]
