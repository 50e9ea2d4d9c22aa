"""Draws what the variants of the exam differ in: sizes, ids, texts, and the figures of the examples worked out by hand."""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from autograder.course.variants import CODE
from llmkit.i18n import using
from llmkit.languages import localised

T = TypeVar("T")

_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "who": ("Ana", "Bruno", "Clara", "Davi", "Elisa", "Hugo"),
        "looks": ("old", "small", "clever", "lazy", "brave", "shy"),
        "animal": ("cat", "dog", "hen", "goat", "donkey", "parrot"),
        "does": ("sleep", "play", "sing", "wait", "dream", "rest"),
        "colour": ("green", "wooden", "empty", "quiet", "narrow", "tall"),
        "place": ("house", "bridge", "tower", "shed", "fence", "gate"),
        "day": ("Monday", "Tuesday", "Thursday", "Friday", "Saturday", "Sunday"),
        "asks": ("who are you", "where is Ana", "what is new", "why so late", "how is school"),
        "answers": ("a friend", "at home", "not much", "no idea", "all good"),
    },
    "pt-BR": {
        "who": ("Ana", "Bruno", "Clara", "Davi", "Elisa", "Hugo"),
        "looks": ("velha", "pequena", "esperta", "preguiçosa", "valente", "tímida"),
        "animal": ("gata", "cadela", "galinha", "cabra", "mula", "arara"),
        "does": ("dormem", "brincam", "cantam", "esperam", "sonham", "descansam"),
        "colour": ("verde", "estreito", "vazio", "quieto", "antigo", "alto"),
        "place": ("casarão", "viaduto", "castelo", "galpão", "muro", "portão"),
        "day": ("segunda", "terça", "quinta", "sexta", "manhã", "semana"),
        "asks": ("quem é você", "onde está Ana", "o que houve", "por que agora", "como vai Hugo"),
        "answers": ("um amigo", "em casa", "quase nada", "sei lá", "tudo bem"),
    },
}
_SENTENCE = {
    "en": "{who} and her {looks} {animal} {does} near our {colour} {place} every {day} evening",
    "pt-BR": "{who} e sua {animal} {looks} {does} perto do {place} {colour} toda {day} bem cedo",
}


class Draw:
    """Random choices that are the same on every machine and in every version of Python.

    Args:
        text: what the choices follow from.
    """

    def __init__(self, text: str) -> None:
        # Of a seed, Python promises the same numbers of random() alone.
        self._next = random.Random(int.from_bytes(hashlib.sha256(text.encode()).digest())).random

    def below(self, count: int) -> int:
        """A whole number from 0 to count - 1."""
        return int(self._next() * count)

    def one(self, choices: Sequence[T]) -> T:
        """One of several."""
        return choices[self.below(len(choices))]

    def some(self, choices: Sequence[T], count: int) -> list[T]:
        """Several different ones, in random order."""
        left = list(choices)
        return [left.pop(self.below(len(left))) for _ in range(count)]


def code_of(seed: int, student: str = "") -> str:
    """The name of a variant that a student may read: it does not tell the seed."""
    return hashlib.sha256(f"variant/{seed}/{student}".encode()).hexdigest()[:6]


def values(seed: int, student: str = "", language: str = "en") -> dict[str, str]:
    """What stands for each name in the template, in one language.

    What begins with VARIANT is the same in all languages, as Python writes it; what begins with TEXT is prose, with the language's words and
    signs of numbers.

    Args:
        seed: the exam's.
        student: whose variant; empty for the class's.
        language: such as "pt-BR"; the words of a language that has none here are English.
    """
    found = {CODE: code_of(seed, student)}
    parts: tuple[Callable[[Draw, str], Mapping[str, str]], ...] = (_chunks, _sinks, _penalty, _loss, _chat)
    with using(language):
        for part in parts:
            draw = Draw(f"{seed}/{student}/{part.__name__}")
            found |= part(draw, language if language in _WORDS else "en")
    return found


def _row(cells: Sequence[object]) -> str:
    """The inside of a row of a table."""
    return " | ".join(map(str, cells))


def _columns(count: int) -> str:
    return "|".join(["---"] * count)


def _numbers(numbers: Sequence[float], form: str = "") -> str:
    return _row([localised(number, form) for number in numbers])


def _chunks(draw: Draw, language: str) -> Mapping[str, str]:
    # Not 7 and 3: there a chunk has as much that is new as it has of the one before, and some mistakes do not show.
    length, overlap = draw.one(((6, 1), (6, 2), (6, 3), (7, 1), (7, 2), (8, 1), (8, 2), (8, 3)))
    start, pad = draw.some(range(50, 100), 2)
    room, step = length - 1, length - 1 - overlap
    ids = draw.some(range(1, 50), room + step - 1)  # the second chunk lacks one id
    index = {kind: draw.below(len(words)) for kind, words in _WORDS["en"].items()}
    chosen = {kind: _WORDS[language][kind][place] for kind, place in index.items() if kind not in ("asks", "answers")}
    words = _SENTENCE[language].format(**chosen).split()[: len(ids)]
    return {
        "VARIANT_chunk_length": str(length),
        "VARIANT_overlap": str(overlap),
        "VARIANT_start_id": str(start),
        "VARIANT_pad_id": str(pad),
        "VARIANT_example_ids": str(ids),
        "VARIANT_example_columns": _columns(len(ids)),
        "VARIANT_example_numbers": _row(ids),
        "TEXT_example_words": _row(words),
        "VARIANT_first_chunk": str([start, *ids[:room]]),
        "VARIANT_second_chunk": str([start, *ids[step:], pad]),
    }


def _sinks(draw: Draw, language: str) -> Mapping[str, str]:
    window, sinks, slope = draw.one((3, 4, 5)), draw.one((2, 3)), draw.one((0.25, 0.375, 0.5, 0.625, 0.75))
    row = window + sinks  # of its past one token is hidden
    hidden = sinks
    places = range(row + 1)
    costs = [0.0 if place < sinks else slope * (row - place) for place in places]
    shares = [0.0 if place == hidden else math.exp(-cost) for place, cost in zip(places, costs, strict=True)]
    weights = [share / sum(shares) for share in shares]
    told = ["–" if place == hidden else localised(cost, "g") for place, cost in zip(places, costs, strict=True)]
    return {
        "VARIANT_window": str(window),
        "VARIANT_sinks": str(sinks),
        "VARIANT_slope": str(slope),
        "TEXT_slope": localised(slope, "g"),
        "VARIANT_row": str(row),
        "TEXT_row_places": _row(places),
        "VARIANT_row_columns": _columns(len(places)),
        "TEXT_row_costs": _row(told),
        "TEXT_row_weights": _numbers(weights, ".3f"),
        "VARIANT_row_weights": str([round(weight, 4) for weight in weights]),
    }


def _penalty(draw: Draw, language: str) -> Mapping[str, str]:
    memory, penalty = draw.one((4, 5, 6)), draw.one((0.5, 0.75, 1.25, 1.5))
    temperature, least = draw.one((0.5, 0.8, 1.25, 1.6)), draw.one((0.05, 0.1, 0.2))
    kept: list[float] = []
    while sum(prob > 0 for prob in kept) < 2:  # one alone would show nothing of the temperature
        logits = [draw.one((2.0, 2.5, 3.0, 3.5)), draw.one((1.0, 1.5, 2.0)), draw.one((0.5, 1.0)), -4.0]
        # The first is too old to count, and token 0 occurs more than once.
        old, *recent = [draw.one((1, 2)), 0, *(draw.one((0, 1, 2, 3, 3)) for _ in range(memory - 2)), 0]
        counts = [recent.count(token) for token in range(4)]
        lowered = [logit - penalty * count for logit, count in zip(logits, counts, strict=True)]
        shares = [math.exp(one / temperature) for one in lowered]
        probs = [share / sum(shares) for share in shares]
        if any(abs(share / max(shares) - least) < 0.02 for share in shares):  # too near to see by hand
            continue
        kept = [prob if prob >= least * max(probs) else 0.0 for prob in probs]
    kept = [prob / sum(kept) for prob in kept]
    return {
        "VARIANT_memory": str(memory),
        "VARIANT_penalty": str(penalty),
        "TEXT_penalty": localised(penalty, "g"),
        "VARIANT_temperature": str(temperature),
        "TEXT_temperature": localised(temperature, "g"),
        "VARIANT_min_p": str(least),
        "TEXT_min_p": localised(least, "g"),
        "VARIANT_written": str([old, *recent]),
        "VARIANT_example_logits": str(logits),
        "TEXT_example_logits": _numbers(logits, "g"),
        "TEXT_example_counts": _row(counts),
        "TEXT_example_lowered": _numbers(lowered, "g"),
        "TEXT_example_probs": _numbers(probs, ".3f"),
        "TEXT_example_kept": _numbers(kept, ".3f"),
        "VARIANT_example_kept": str([round(prob, 4) for prob in kept]),
    }


def _loss(draw: Draw, language: str) -> Mapping[str, str]:
    smoothing, target = draw.one((0.1, 0.12, 0.16, 0.2)), draw.below(3)
    probs = draw.one(([0.5, 0.3, 0.2], [0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.15, 0.25, 0.6], [0.3, 0.25, 0.45]))
    right = -(1 - smoothing) * math.log(probs[target])
    others = -sum(smoothing / 2 * math.log(prob) for place, prob in enumerate(probs) if place != target)
    with_and = [localised(prob, "g") for prob in probs]
    return {
        "VARIANT_smoothing": str(smoothing),
        "TEXT_smoothing": localised(smoothing, "g"),
        "VARIANT_loss_target": str(target),
        "VARIANT_loss_probs": str(probs),
        "TEXT_loss_probs": "; ".join(with_and),
        "TEXT_loss_right": localised(right, ".3f"),
        "TEXT_loss_others": localised(others, ".3f"),
        "TEXT_loss": localised(right + others, ".3f"),
        "VARIANT_loss": str(round(right + others, 4)),
        "VARIANT_batch_pad": str(draw.one(range(20, 40))),
    }


def _chat(draw: Draw, language: str) -> Mapping[str, str]:
    user, assistant, end = draw.some(range(100, 200), 3)
    most = draw.one((10, 11, 12))
    asks, answers = draw.below(len(_WORDS["en"]["asks"])), draw.below(len(_WORDS["en"]["answers"]))
    asked, answered = draw.some(range(1, 90), 3), draw.some(range(1, 90), 2)
    row = [user, *asked, end, assistant, *answered, end]
    learned = [-100] * 6 + [*answered, end]
    return {
        "VARIANT_user_id": str(user),
        "VARIANT_assistant_id": str(assistant),
        "VARIANT_end_id": str(end),
        "VARIANT_most": str(most),
        "TEXT_user_words": _WORDS[language]["asks"][asks],
        "TEXT_assistant_words": _WORDS[language]["answers"][answers],
        "VARIANT_user_ids": str(asked),
        "VARIANT_assistant_ids": str(answered),
        "VARIANT_chat_inputs": str(row[:-1]),
        "VARIANT_chat_targets": str(learned[1:]),
        "TEXT_chat_inputs": _row(row[:-1]),
        "VARIANT_chat_columns": _columns(len(row) - 1),
        "TEXT_chat_targets": _row(learned[1:]),
    }
