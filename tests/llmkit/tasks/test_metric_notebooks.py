"""The solutions of the metrics' second notebook against their peers, on random texts of both languages."""

from __future__ import annotations

import json
import math
import re
from functools import cache, partial
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from llmkit import data
from llmkit.tasks import metrics

NOTEBOOK = Path(__file__).resolve().parents[3] / "source" / "metrics" / "02_what_metrics_miss.ipynb"
GAPS = ("count-ngrams", "meteor", "cider", "kendall-tau")
PAIRS = 500
TOLERANCE = 1e-6
LANGUAGES = pytest.mark.parametrize("lang", ["en", "pt-BR"])


@pytest.fixture(scope="module")
def solved() -> dict[str, Any]:
    """What the notebook defines."""
    cells = {cell["id"]: "".join(cell["source"]) for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]}
    found: dict[str, Any] = {"metrics": metrics}
    exec("import math\nfrom collections import Counter\nfrom itertools import combinations", found)
    for gap in GAPS:
        exec(cells[gap], found)
    return found


@cache
def lines(lang: str) -> list[list[str]]:
    """Sentences of the shipped story, as words."""
    found = [metrics.words(part) for part in re.split(r"(?<=[.!?])\s|\n+", data.text("short-story", lang))]
    return [line for line in found if len(line) > 2]


def spoilt(chance: Random, line: list[str], other: list[str]) -> list[str]:
    """A text with words lost, replaced, doubled, and its parts swapped."""
    words = [word for word in line if chance.random() > 0.15]
    words = [chance.choice(other) if chance.random() < 0.2 else word for word in words]
    words += chance.choices(line, k=chance.randrange(3))
    at = chance.randrange(len(words) + 1) if chance.random() < 0.5 else 0
    return words[at:] + words[:at]


def grams(n: int, words: list[str]) -> list[tuple[str, ...]]:
    return list(zip(*(words[shift:] for shift in range(n)), strict=False))


@LANGUAGES
def test_meteor_is_nltks_exact_stage(solved: dict[str, Any], lang: str) -> None:
    peer = pytest.importorskip("nltk.translate.meteor_score")
    whole, nothing = SimpleNamespace(stem=str), SimpleNamespace(synsets=lambda word: [])
    chance, several = Random(f"meteor {lang}"), 0
    for _pair in range(PAIRS):
        right, other, third = chance.sample(lines(lang), 3)
        said, rights = spoilt(chance, right, other), [right, third][: chance.randint(1, 2)]
        several += len(set(said)) < len(said)
        wanted = peer.meteor_score(rights, said, preprocess=str, stemmer=whole, wordnet=nothing)
        assert solved["meteor"](said, rights) == pytest.approx(wanted, abs=TOLERANCE)
    assert several > 50, "hardly any text has a repeated word"


@LANGUAGES
def test_cider_is_the_cosine_of_scikit_learns_counts(solved: dict[str, Any], lang: str) -> None:
    text = pytest.importorskip("sklearn.feature_extraction.text")
    pairwise = pytest.importorskip("sklearn.metrics.pairwise")
    chance, judged = Random(f"cider {lang}"), 0
    while judged < PAIRS:
        items = chance.randint(2, 20)
        rights = [
            [line, spoilt(chance, line, line)][: chance.randint(1, 2)] for line in chance.sample(lines(lang), items)
        ]
        said = [spoilt(chance, texts[0], chance.choice(lines(lang))) for texts in rights]
        wanted = np.zeros(items)
        for n in range(1, 5):
            counter = text.CountVectorizer(analyzer=partial(grams, n))
            counter.fit([*said, *(one for texts in rights for one in texts)])
            spread = sum((counter.transform(texts).sum(axis=0) > 0).astype(int) for texts in rights)
            weights = np.log(items / np.maximum(1, np.asarray(spread))).ravel()
            for item, texts in enumerate(rights):
                mine, theirs = (counter.transform(group).multiply(weights).tocsr() for group in ([said[item]], texts))
                wanted[item] += pairwise.cosine_similarity(mine, theirs).mean() / 4
        assert solved["cider"](said, rights) == pytest.approx(wanted.tolist(), abs=TOLERANCE)
        judged += items


def test_kendalls_tau_is_scipys(solved: dict[str, Any]) -> None:
    stats = pytest.importorskip("scipy.stats")
    chance, undefined = Random("tau"), 0
    for _pair in range(PAIRS):
        size = chance.randint(2, 25)
        one = [chance.choice([chance.random(), round(chance.random(), 1)]) for _ in range(size)]
        two = [chance.randint(1, chance.choice([1, 2, 5])) for _ in range(size)]
        wanted = stats.kendalltau(one, two).statistic
        undefined += math.isnan(wanted)
        assert solved["kendall_tau"](one, two) == pytest.approx(wanted, abs=TOLERANCE, nan_ok=True)
    assert 0 < undefined < PAIRS / 2


@LANGUAGES
def test_the_courses_own_functions_agree_with_the_solutions(solved: dict[str, Any], lang: str) -> None:
    rows = data.rows("paraphrases", lang)
    said, rights = ([metrics.words(row[key]) for row in rows] for key in ("text", "reference"))
    assert [solved["meteor"](one, [two]) for one, two in zip(said, rights, strict=True)] == pytest.approx(
        [metrics.meteor(one, two) for one, two in zip(said, rights, strict=True)]
    )
    listed = [[right] for right in rights]
    assert solved["cider"](said, listed) == pytest.approx(metrics.cider_each(said, listed))
