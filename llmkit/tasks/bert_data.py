"""Sentence pairs with masked words for the appendix on BERT: the course's pipeline from the shipped stories to batches."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from llmkit import data
from llmkit.models.bert import CLS, IGNORED, MASK, PAD, SEP, SPECIALS, UNK

Sentence = list[str]
Document = list[Sentence]

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_END = re.compile(r"[.!?\n]+")


class Batch(NamedTuple):
    """What one training step reads.

    Attributes:
        ids: tokens with some of them masked, (batch, tokens).
        segments: 0 for the first sentence and its special tokens, 1 for the second, 0 for padding, (batch, tokens).
        labels: the word to predict, IGNORED where there is none, (batch, tokens).
        is_next: 1 where the second sentence follows the first in its story, else 0, (batch,).
    """

    ids: Tensor
    segments: Tensor
    labels: Tensor
    is_next: Tensor


def documents(lang: str | None = None, most: int | None = None) -> list[Document]:
    """The shipped stories as sentences of words in lower case.

    Args:
        lang: the language; by default the notebook's.
        most: how many stories; by default all.
    """
    stories = data.text("story-world", lang).split("<|endoftext|>")[:most]
    split = [[_WORD.findall(sentence) for sentence in _END.split(story.lower())] for story in stories]
    return [[sentence for sentence in story if sentence] for story in split]


def vocabulary(stories: Sequence[Document]) -> dict[str, int]:
    """The special tokens and all words, the most frequent first, with their ids."""
    counts = Counter(word for story in stories for sentence in story for word in sentence)
    return {token: number for number, token in enumerate((*SPECIALS, *(word for word, _count in counts.most_common())))}


def words_of(text: str) -> Sentence:
    """The words of a text in lower case; special tokens stay as they are."""
    parts = re.split(f"({'|'.join(map(re.escape, SPECIALS))})", text)
    return [word for part in parts for word in ([part] if part in SPECIALS else _WORD.findall(part.lower()))]


def pair_row(first: Sequence[int], second: Sequence[int], length: int) -> tuple[list[int], list[int]]:
    """Ids and segments of a pair in a row of the given length; the longer sentence is truncated if need be."""
    first, second = list(first), list(second)
    while len(first) + len(second) + 3 > length:
        (first if len(first) > len(second) else second).pop()
    row = [CLS, *first, SEP, *second, SEP]
    kinds = [0] * (len(first) + 2) + [1] * (len(second) + 1)
    free = length - len(row)
    return row + free * [PAD], kinds + free * [0]


class Batches:
    """Endless batches from stories: pairs, padded to one length, newly masked each time.

    Args:
        stories: two or more, as sentences of words.
        vocab: ids by word.
        batch_size: pairs in a batch.
        length: tokens in a row.
        seed: seed of the random choices.
    """

    def __init__(
        self, stories: Sequence[Document], vocab: dict[str, int], batch_size: int = 64, length: int = 32, seed: int = 0
    ) -> None:
        self.batch_size, self.length, self.words = batch_size, length, len(vocab)
        self._random = random.Random(seed)
        self._generator = torch.Generator().manual_seed(seed)
        self._stories = [[[vocab.get(word, UNK) for word in sentence] for sentence in story] for story in stories]
        self._places = [(s, i) for s, story in enumerate(self._stories) for i in range(len(story) - 1)]

    def __len__(self) -> int:
        """Batches in one pass."""
        return len(self._places) // self.batch_size

    def __iter__(self) -> Iterator[Batch]:
        while True:
            self._random.shuffle(self._places)
            for start in range(0, len(self._places) - self.batch_size + 1, self.batch_size):
                yield self._batch(self._places[start : start + self.batch_size])

    def _batch(self, places: list[tuple[int, int]]) -> Batch:
        rows, segments, follows = [], [], []
        for story, number in places:
            true = self._random.random() < 0.5
            if true:
                second = self._stories[story][number + 1]
            else:
                other = self._random.randrange(len(self._stories) - 1)
                second = self._random.choice(self._stories[other + (other >= story)])
            row, kinds = pair_row(self._stories[story][number], second, self.length)
            rows.append(row)
            segments.append(kinds)
            follows.append(int(true))
        return self._masked(torch.tensor(rows), torch.tensor(segments), torch.tensor(follows))

    def _masked(self, ids: Tensor, segments: Tensor, follows: Tensor) -> Batch:
        """15% of the words, one in each row at least; 80% of them become [MASK], 10% a random word, 10% stay."""
        draw = torch.rand(ids.shape, generator=self._generator)
        draw[ids < len(SPECIALS)] = 2.0
        guess = (draw < 0.15) | ((draw == draw.amin(1, keepdim=True)) & (draw < 2))
        fate = torch.rand(ids.shape, generator=self._generator)
        noise = torch.randint(len(SPECIALS), self.words, ids.shape, generator=self._generator)
        shown = torch.where(fate < 0.8, torch.full_like(ids, MASK), torch.where(fate < 0.9, noise, ids))
        return Batch(torch.where(guess, shown, ids), segments, torch.where(guess, ids, IGNORED), follows)
