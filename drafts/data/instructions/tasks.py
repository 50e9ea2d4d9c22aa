"""All tasks of both languages, and the judge of an answer."""

from .base import Task
from .english import English
from .lexicon import Lexicon
from .lists import Bigger, Category, Count, NthWord, OddOne, PickKind, Repeated
from .lookups import Next, Opposite, Plural
from .passages import Action, Actor, Colour, Feeling, Order, Owner, Place, YesNo
from .portuguese import Portuguese
from .sentences import Fill, Join, ListSentence, Negative, Past, Polite, Question, Replace, Size

LEXICONS: dict[str, Lexicon] = {"en": English(), "pt-BR": Portuguese()}
KINDS: tuple[type[Task], ...] = (
    Colour, Owner, Place, Action, Actor, YesNo, Feeling, Order,
    NthWord, Repeated, OddOne, Category, PickKind, Count, Bigger,
    Replace, Negative, Question, Join, Fill, Polite, Size, ListSentence, Past,
    Opposite, Plural, Next,
)  # fmt: skip
TASKS: dict[str, dict[str, Task]] = {
    lang: {kind.name: kind(lexicon) for kind in KINDS} for lang, lexicon in LEXICONS.items()
}


def check(lang: str, record: dict[str, str], answer: str) -> bool:
    """Whether an answer to a record is right; the stored output is not looked at.

    Args:
        lang: "en" or "pt-BR".
        record: with instruction, input and task.
        answer: what a model or a student answered.

    Raises:
        KeyError: no such language or task.
        ValueError: the instruction is none of the task's.
    """
    return TASKS[lang][record["task"]].check(record["instruction"], record["input"], answer)
