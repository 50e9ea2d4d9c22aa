"""Baselines that count words: logistic regression tuned on the validation split."""

import math
from collections.abc import Sequence
from typing import Any

from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from .generator import Message

# Inverse strengths of regularisation that are tried.
STRENGTHS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
FEATURES = {
    "words": CountVectorizer(),
    "words, tf-idf": TfidfVectorizer(sublinear_tf=True),
    "1 to 3 words": CountVectorizer(ngram_range=(1, 3)),
    "1 to 3 words, tf-idf": TfidfVectorizer(ngram_range=(1, 3), sublinear_tf=True),
}
# Words of one letter and punctuation count, too: a fair baseline throws nothing away.
TOKEN = r"\w+|[^\w\s]"


def accuracies(rows: Sequence[Message], features: str) -> dict[str, tuple[int, int]]:
    """Right answers and number of messages, of the whole test split and of parts of it.

    Args:
        rows: all three splits.
        features: a key of FEATURES.

    Returns:
        (right, count) by part: "all", "hard" (without the pairs), "pairs", "unseen" (kinds that are in the test only).
    """
    parts = {split: [row for row in rows if row.split == split] for split in ("train", "validation", "test")}
    texts = {split: [row.text for row in part] for split, part in parts.items()}
    labels = {split: [row.label for row in part] for split, part in parts.items()}
    vectorizer = FEATURES[features].set_params(token_pattern=TOKEN)
    counts = {"train": vectorizer.fit_transform(texts["train"])}
    counts |= {split: vectorizer.transform(texts[split]) for split in ("validation", "test")}
    models = [
        LogisticRegression(C=strength, solver="liblinear").fit(counts["train"], labels["train"])
        for strength in STRENGTHS
    ]
    best: Any = max(models, key=lambda model: model.score(counts["validation"], labels["validation"]))
    right = [found == label for found, label in zip(best.predict(counts["test"]), labels["test"], strict=True)]
    known = {row.kind for row in parts["train"]}
    kinds = [row.kind for row in parts["test"]]
    chosen = {
        "all": [True] * len(kinds),
        "hard": [kind.startswith("hard-") and not kind.startswith("hard-pair-") for kind in kinds],
        "pairs": [kind.startswith("hard-pair-") for kind in kinds],
        "unseen": [kind not in known for kind in kinds],
    }
    return {
        name: (sum(hit for hit, use in zip(right, uses, strict=True) if use), sum(uses))
        for name, uses in chosen.items()
    }


def wilson(right: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """95 % confidence interval of a share (Wilson, 1927)."""
    share, square = right / count, z * z
    middle = share + square / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    return (middle - spread) / (1 + square / count), (middle + spread) / (1 + square / count)


def report(lang: str, rows: Sequence[Message]) -> None:
    """Prints the accuracies of all baselines on the test split, the whole with its 95 % interval."""
    for features in FEATURES:
        found = accuracies(rows, features)
        low, high = wilson(*found["all"])
        parts = "  ".join(f"{name} {right / count:6.1%}" for name, (right, count) in found.items() if name != "all")
        right, count = found["all"]
        print(f"{lang:5s} {features:20s} {right / count:.1%} [{low:.1%}, {high:.1%}]  {parts}")
