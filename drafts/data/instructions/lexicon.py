"""What the tasks need of a language: its words, and how they are put together."""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from .templates import Noun, Thing, Wording


class Lexicon(ABC):
    """A language.

    Attributes:
        code: "en" or "pt-BR".
        either: or.
        girls: names.
        boys: names.
        pronouns: of a girl and of a boy; empty where a sentence needs none.
        toys: toys of the passages.
        clothes: clothes of the passages.
        kinds: groups for the lists: "animals", "food", "toys", "clothes", "places", "colours", in this order, with their members.
        labels: what each kind is called in instructions and answers.
        colours: masculine and feminine form of each.
        places: "in the park" and so on.
        spots: "under the bench" and so on.
        doing: gerunds.
        deeds: what somebody does: present and past.
        feelings: the name of a feeling, and sentences that show it.
        causes: what somebody did, and the sentence that says why.
        links: and, because.
        ordinals: of the words of a list: first, second, third, last.
        moments: first, last; as adverbs.
        yes_no: the two answers.
        true_false: the two answers.
        blanks: a sentence with a blank, the kind that fits, and kinds that do not.
        says: the verb of speech: of a statement, of a question.
        manners: what is said (by a girl, by a boy), the polite reply, and other replies that are right.
        sizes: nouns from small to big: those of a row are about equal.
        opposites: pairs.
        plurals: singular and plural.
        sequences: days, months, numbers; a flag says whether the first follows the last.
        statements: a sentence, its negation, its question.
        wordings: instructions and sentences by task.
    """

    code: str
    either: str
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    pronouns: tuple[str, str]
    toys: tuple[Noun, ...]
    clothes: tuple[Noun, ...]
    kinds: ClassVar[dict[str, tuple[Noun, ...]]]
    labels: ClassVar[dict[str, str]]
    colours: tuple[tuple[str, str], ...]
    places: tuple[str, ...]
    spots: tuple[str, ...]
    doing: tuple[str, ...]
    deeds: tuple[tuple[str, str], ...]
    feelings: ClassVar[dict[str, tuple[str, ...]]]
    causes: tuple[tuple[str, str], ...]
    links: tuple[str, str]
    ordinals: tuple[str, ...]
    moments: tuple[str, str]
    yes_no: tuple[str, str]
    true_false: tuple[str, str]
    blanks: tuple[tuple[str, str, tuple[str, ...]], ...]
    says: tuple[str, str]
    manners: tuple[tuple[tuple[str, str], str, tuple[str, ...]], ...]
    sizes: tuple[tuple[Noun, ...], ...]
    opposites: tuple[tuple[str, str], ...]
    plurals: tuple[tuple[str, str], ...]
    sequences: tuple[tuple[tuple[str, ...], bool], ...]
    statements: tuple[tuple[str, str, str], ...]
    wordings: ClassVar[dict[str, Wording]]

    @property
    def names(self) -> tuple[str, ...]:
        """Of all children."""
        return self.girls + self.boys

    @abstractmethod
    def form(self, thing: Thing, wanted: str) -> str:
        """A thing in a form: "" bare, "the", "a", or what else the language has."""

    @abstractmethod
    def listed(self, things: Sequence[Thing]) -> str:
        """Things with their indefinite article, joined by commas and "and"."""

    @abstractmethod
    def negated(self, sentence: str) -> str:
        """A statement's negation, by rule."""

    @abstractmethod
    def asked(self, sentence: str) -> str:
        """A statement's question, by rule."""

    def spelled(self, answer: str) -> str:
        """An answer with contractions that change nothing undone."""
        return answer

    def coloured(self, noun: Noun, colour: tuple[str, str]) -> Thing:
        """A thing of that colour."""
        return Thing(noun, colour[noun.gender == "a"])

    def find(self, text: str) -> Thing:
        """The toy or piece of clothing that a text names, with its colour.

        Raises:
            ValueError: there is none.
        """
        words = re.findall(r"[\w-]+", text.casefold())
        noun = next((noun for noun in self.toys + self.clothes if noun.word in words), None)
        if noun is None:
            raise ValueError(f"no thing in {text!r}")
        return Thing(noun, next((form for pair in self.colours for form in pair if form in words), ""))

    def kind_of(self, word: str) -> str:
        """The kind of a word of `kinds`.

        Raises:
            ValueError: it is of none.
        """
        for kind, nouns in self.kinds.items():
            if any(noun.word == word for noun in nouns):
                return kind
        raise ValueError(f"{word!r} is of no kind")

    def as_inside(self, sentence: str) -> str:
        """A sentence as it stands behind a conjunction: no full stop, small first letter unless it is a name."""
        text = sentence.removesuffix(".")
        return text if text.split()[0] in self.names else text[0].lower() + text[1:]

    def choices(self) -> str:
        """The labels of the kinds, as an instruction lists them; see the slot `{kinds}`."""
        *labels, last = self.labels.values()
        return f"{', '.join(labels)} {self.either} {last}"
