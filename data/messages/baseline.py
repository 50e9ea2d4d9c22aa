"""Bag-of-words baselines: logistic regression on word counts, tuned on the validation split."""

import math

from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

Row = tuple[str, str, str, str]
STRENGTHS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)


def accuracies(rows: list[Row], words: int = 1, tfidf: bool = False) -> dict[str, tuple[int, int]]:
    """Right answers and messages in the test split: for all, hard ones, pairs and unseen families.

    Args:
        rows: (split, label, kind, text).
        words: longest n-gram counted.
        tfidf: weight counts by rarity.
    """
    parts = {split: [row for row in rows if row[0] == split] for split in ("train", "validation", "test")}
    vectorizer = TfidfVectorizer if tfidf else CountVectorizer

    def fitted(strength: float):  # type: ignore[no-untyped-def]
        model = make_pipeline(
            vectorizer(ngram_range=(1, words), token_pattern=r"\w+|[^\w\s]"),
            LogisticRegression(C=strength, max_iter=2000),
        )
        return model.fit([row[3] for row in parts["train"]], [row[1] for row in parts["train"]])

    def right(model, part: list[Row]) -> int:  # type: ignore[no-untyped-def]
        return (
            sum(found == row[1] for found, row in zip(model.predict([row[3] for row in part]), part, strict=True))
            if part
            else 0
        )

    best = max((fitted(strength) for strength in STRENGTHS), key=lambda model: right(model, parts["validation"]))
    kinds = {"all": "", "hard": "hard-", "pairs": "pair", "unseen families": "test-"}
    chosen = {name: [row for row in parts["test"] if row[2].startswith(prefix)] for name, prefix in kinds.items()}
    return {name: (right(best, part), len(part)) for name, part in chosen.items()}


def wilson(right: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share (Wilson, 1927)."""
    share = right / count
    middle, spread = (
        share + z * z / (2 * count),
        z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)),
    )
    return (middle - spread) / (1 + z * z / count), (middle + spread) / (1 + z * z / count)


def report(lang: str, rows: list[Row]) -> None:
    """Prints accuracy with its interval."""
    for name, options in (("words", {}), ("words, tf-idf", {"tfidf": True}), ("1 to 3 words", {"words": 3})):
        found = accuracies(rows, **options)
        low, high = wilson(*found["all"])
        parts = ", ".join(f"{part} {right / count:.1%}" for part, (right, count) in found.items() if part != "all")
        print(f"{lang} {name:14s} {found['all'][0] / found['all'][1]:.1%} [{low:.1%}, {high:.1%}]  {parts}")
