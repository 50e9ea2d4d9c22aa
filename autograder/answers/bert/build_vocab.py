"""Answers to exercise 2 of 01_vocabulary_and_batches: a vocabulary with special tokens."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="plain-dictionary",
        description="Counted by hand, words in the order in which they come.",
        code="""SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def build_vocab(sentences, min_count=1):
    seen = {}
    for sentence in sentences:
        for word in sentence:
            seen[word] = seen.get(word, 0) + 1
    vocab = dict(zip(SPECIAL_TOKENS, range(5)))
    for word, count in seen.items():
        if count < min_count:
            continue
        vocab.setdefault(word, len(vocab))
    return vocab
""",
    ),
    Alternative(
        name="sorted-set",
        description="A sorted set of words and dict(zip(...)).",
        code="""SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def build_vocab(sentences, min_count=1):
    flat = sum(sentences, [])
    counts = Counter(flat)
    words = sorted({word for word in flat if counts[word] >= min_count} - set(SPECIAL_TOKENS))
    return dict(zip(SPECIAL_TOKENS + words, range(5 + len(words))))
""",
    ),
    Alternative(
        name="special-ids-by-hand",
        description="The special tokens written out, the words from enumerate(start=5), rarest last.",
        code="""def build_vocab(sentences, min_count=1):
    from itertools import chain

    vocab = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "[MASK]": 4}
    counted = Counter(chain.from_iterable(sentences))
    for special in vocab:
        counted.pop(special, None)
    order = sorted(counted, key=lambda word: (-counted[word], word))
    vocab.update((word, i) for i, word in enumerate(filter(lambda w: counted[w] >= min_count, order), start=5))
    return vocab
""",
    ),
]

_RIGHT = """SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def build_vocab(sentences, min_count=1):
    counts = Counter()
    for sentence in sentences:
        counts.update(sentence)
    vocab = {token: i for i, token in enumerate(SPECIAL_TOKENS)}
    for word in sorted(counts):
        if counts[word] >= min_count and word not in vocab:
            vocab[word] = len(vocab)
    return vocab
"""

_mistake = partial(made_in, _RIGHT, see="01_vocabulary_and_batches: Exercise 2: a vocabulary with special tokens")

MISTAKES = [
    _mistake(
        "specials-missing",
        "The special tokens are missing: they come first, with the ids 0 to 4.",
        ("{token: i for i, token in enumerate(SPECIAL_TOKENS)}", "{}"),
    ),
    _mistake(
        "specials-at-the-end",
        "Your special tokens come after the words. They come first: later code relies on the ids 0 to 4.",
        ("    vocab = {token: i for i, token in enumerate(SPECIAL_TOKENS)}\n", "    vocab = {}\n"),
        ("    return vocab", "    for token in SPECIAL_TOKENS:\n        vocab[token] = len(vocab)\n    return vocab"),
    ),
    _mistake(
        "specials-in-another-order",
        "Your special tokens have another order. It is [PAD], [UNK], [CLS], [SEP], [MASK], with the ids 0 to 4.",
        ('["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]', '["[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]"]'),
    ),
    _mistake(
        "no-unknown-token",
        "[UNK] is missing, so there is no id for words that are not in the vocabulary.",
        ('"[UNK]", ', ""),
    ),
    _mistake(
        "more-than-min-count",
        "You take words that occur more than `min_count` times. `min_count` times is enough: use `>=`.",
        (">= min_count", "> min_count"),
    ),
    _mistake(
        "min-count-ignored",
        "You take every word. Those that occur fewer than `min_count` times get no id.",
        ("counts[word] >= min_count and ", ""),
    ),
    _mistake(
        "sentences-counted",
        "You count in how many sentences a word occurs. A word that occurs twice in one sentence counts twice.",
        ("counts.update(sentence)", "counts.update(set(sentence))"),
    ),
    _mistake(
        "special-token-renumbered",
        "A special token that occurs in the text gets a second id in your vocabulary, and loses its own.",
        (" and word not in vocab", ""),
    ),
    _mistake(
        "ids-with-gaps",
        "Your ids have gaps: the words that are left out take numbers, too. Number only the words that stay.",
        ("for word in sorted(counts):", "for number, word in enumerate(sorted(counts), 5):"),
        ("vocab[word] = len(vocab)", "vocab[word] = number"),
    ),
    _mistake(
        "words-from-zero",
        "Your words are numbered from 0 on, so they share ids with the special tokens. They begin at 5.",
        ("for word in sorted(counts):", "for number, word in enumerate(sorted(counts)):"),
        ("vocab[word] = len(vocab)", "vocab[word] = number"),
    ),
    _mistake(
        "accents-taken-off",
        "You take accents off, so that different words fall together.",
        (
            "        counts.update(sentence)\n",
            "        import unicodedata\n\n        counts.update(unicodedata.normalize('NFD', w).encode('ascii', 'ignore').decode() "
            "for w in sentence)\n",
        ),
    ),
    _mistake(
        "turned-over",
        "Your dictionary maps ids to tokens. It should map tokens to ids: `vocab[token]` is an id.",
        ("    return vocab", "    return {number: token for token, number in vocab.items()}"),
    ),
    _mistake(
        "first-sentence-only",
        "You return inside of the loop, so only part of the words is numbered.",
        (
            "            vocab[word] = len(vocab)\n    return vocab",
            "            vocab[word] = len(vocab)\n            return vocab\n    return vocab",
        ),
    ),
]
