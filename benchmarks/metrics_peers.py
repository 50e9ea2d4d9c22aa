"""The course's metrics and the notebooks' solutions against their peers: largest difference and ratio of times, in both languages.

    python benchmarks/metrics_peers.py [--pairs 500] [--seed 1]

Peers: PyTorch's cross_entropy, SQuAD's arithmetic as in its evaluation script, sacrebleu, rouge-score, nltk (equal words
only) and a CIDEr of scikit-learn's counts. A candidate is a sentence from the shipped stories with words lost, doubled,
moved and replaced, its reference the sentence itself. All on one thread; all get the same tokens, and the best of three
runs counts. (PyTorch's time includes its softmax.) Ends with exit code 1 when a difference exceeds 1e-6.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import string
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import torch
from nltk.translate.meteor_score import single_meteor_score
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import BLEU
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from autograder.course.course import Course
from llmkit import data
from llmkit.tasks import metrics

LANGUAGES = ("en", "pt-BR")
MOST = 1e-6
NAMES = ("perplexity", "exact_match", "f1", "bleu", "rouge_n", "rouge_l", "meteor", "cider")
PROVIDED = ("answer-words", "ngrams", "count-ngrams")
RUNS = 3

Scores = list[float]
Ours = Callable[[Any], Scores]  # takes the metrics as attributes
Measured = tuple[str, str, Ours, Callable[[], Scores]]


def solutions() -> SimpleNamespace:
    """The notebooks' solutions of the metrics, with what the notebooks provide."""
    course = Course.discover(Path(__file__).resolve().parents[1])
    names: dict[str, Any] = {}
    exec("import math, unicodedata\nfrom collections import Counter\nimport torch", names)
    for notebook in course.notebooks("metrics"):
        for cell in PROVIDED:
            source = ast.parse(notebook.cells[cell].source if cell in notebook.cells else "")
            # What the cell defines, without what it shows.
            source.body = [part for part in source.body if isinstance(part, (ast.ImportFrom, ast.FunctionDef))]
            exec(compile(source, cell, "exec"), names)
    for name in NAMES:
        exec(course.exercise(f"metrics/{name.replace('_', '-')}").solution, names)
    return SimpleNamespace(**{name: names[name] for name in NAMES})


def reference() -> SimpleNamespace:
    """The metrics of llmkit; CIDEr of each item, as in the notebook."""
    found = {name: getattr(metrics, name) for name in NAMES}
    return SimpleNamespace(**(found | {"cider": metrics.cider_each}))


def sentences(language: str) -> list[str]:
    """Sentences of the shipped stories."""
    stories = data.text("short-story", language) + "\n" + data.text("story-world", language)
    found = (part.strip() for part in re.split(r"(?<=[.!?])\s|\n+", stories[:500_000]))
    return [part for part in found if len(part.split()) > 3]


def damaged(sentence: str, other: str, draw: Random) -> str:
    """A sentence with words lost, replaced by those of another, doubled and moved."""
    kept = [draw.choice(other.split()) if draw.random() < 0.15 else word for word in sentence.split()]
    kept = [word for word in kept if draw.random() > 0.1] or kept
    if draw.random() < 0.5:
        kept.insert(draw.randrange(len(kept)), draw.choice(kept))
        at = draw.randrange(len(kept))
        kept = kept[at:] + kept[:at] if draw.random() < 0.3 else kept
    return " ".join(kept)


def comparisons(language: str, pairs: int, seed: int) -> list[Measured]:
    """Name, peer, our scores and the peer's scores; shared inputs are made beforehand."""
    draw = Random(f"{seed} {language}")
    known = sentences(language)
    texts = [(damaged(*chosen, draw), chosen[0]) for chosen in (draw.sample(known, 2) for _ in range(pairs))]
    tokens = [(metrics.words(left), metrics.words(right)) for left, right in texts]
    joined = [(" ".join(left), " ".join(right)) for left, right in tokens]
    candidates, references = [left for left, _ in tokens], [[right] for _, right in tokens]
    return [
        _perplexity(texts, seed),
        *_answers(texts, metrics.articles_of(language)),
        *_bleu(candidates, references, joined),
        *_rouge(tokens, joined),
        _meteor(tokens),
        _cider(candidates, references),
    ]


def _perplexity(texts: list[tuple[str, str]], seed: int) -> Measured:
    generator = torch.Generator().manual_seed(seed)
    targets = [torch.tensor(list(right.encode())) for _left, right in texts]
    logits = [3 * torch.randn(len(ids), 256, generator=generator, dtype=torch.float64) for ids in targets]
    found = [torch.log_softmax(row, 1)[torch.arange(len(ids)), ids] for row, ids in zip(logits, targets, strict=True)]
    masks = [torch.rand(len(ids), generator=generator) < 0.9 for ids in targets]
    hidden = [ids.where(mask, -100) for ids, mask in zip(targets, masks, strict=True)]
    loss = torch.nn.functional.cross_entropy
    return (
        "perplexity",
        "torch",
        # Logarithms, because a perplexity may be in the millions.
        lambda m: [float(np.log(m.perplexity(*pair))) for pair in zip(found, masks, strict=True)],
        lambda: [loss(row, ids).item() for row, ids in zip(logits, hidden, strict=True)],
    )


def _answers(texts: list[tuple[str, str]], articles: tuple[str, ...]) -> list[Measured]:
    # SQuAD's script knows only ASCII punctuation.
    plain = [tuple(re.sub("[—–“”‘’…]", ";", text) for text in pair) for pair in texts]
    pattern = re.compile(rf"\b({'|'.join(articles)})\b")
    signs = set(string.punctuation)

    def squad(text: str) -> list[str]:
        return pattern.sub(" ", "".join(sign for sign in text.lower() if sign not in signs)).split()

    def squad_f1(left: list[str], right: list[str]) -> float:
        same = sum((Counter(left) & Counter(right)).values())
        if not same:
            return float(left == right)
        precision, recall = same / len(left), same / len(right)
        return 2 * precision * recall / (precision + recall)

    return [
        (
            "exact_match",
            "SQuAD",
            lambda m: [m.exact_match(left, [right], articles) for left, right in plain],
            lambda: [float(squad(left) == squad(right)) for left, right in plain],
        ),
        (
            "f1",
            "SQuAD",
            lambda m: [m.f1(left, [right], articles) for left, right in plain],
            lambda: [squad_f1(squad(left), squad(right)) for left, right in plain],
        ),
    ]


def _bleu(
    candidates: list[list[str]], references: list[list[list[str]]], joined: list[tuple[str, str]]
) -> list[Measured]:
    plain = BLEU(tokenize="none", force=True, smooth_method="none")
    added = BLEU(tokenize="none", force=True, smooth_method="add-k", smooth_value=1)
    left, right = [one for one, _ in joined], [one for _, one in joined]
    return [
        (
            "bleu (sentences, smoothed)",
            "sacrebleu",
            lambda m: [m.bleu([c], [r], smooth=True) for c, r in zip(candidates, references, strict=True)],
            lambda: [added.corpus_score([c], [[r]]).score / 100 for c, r in joined],
        ),
        (
            "bleu (corpus)",
            "sacrebleu",
            lambda m: [m.bleu(candidates, references)],
            lambda: [plain.corpus_score(left, [right]).score / 100],
        ),
    ]


def _rouge(tokens: list[tuple[list[str], list[str]]], joined: list[tuple[str, str]]) -> list[Measured]:
    def peer(kind: str) -> Callable[[], Scores]:
        scorer = RougeScorer([kind], tokenizer=SimpleNamespace(tokenize=str.split))
        return lambda: [number for left, right in joined for number in scorer.score(right, left)[kind]]

    def ours(n: int) -> Ours:
        return lambda m: [number for left, right in tokens for number in m.rouge_n(left, right, n)]

    return [
        ("rouge_n (n = 1)", "rouge-score", ours(1), peer("rouge1")),
        ("rouge_n (n = 2)", "rouge-score", ours(2), peer("rouge2")),
        (
            "rouge_l",
            "rouge-score",
            lambda m: [number for left, right in tokens for number in m.rouge_l(left, right)],
            peer("rougeL"),
        ),
    ]


def _meteor(tokens: list[tuple[list[str], list[str]]]) -> Measured:
    same, without = SimpleNamespace(stem=str), SimpleNamespace(synsets=lambda word: ())
    return (
        "meteor (equal words)",
        "nltk",
        lambda m: [m.meteor(left, [right]) for left, right in tokens],
        lambda: [
            single_meteor_score(right, left, preprocess=str, stemmer=same, wordnet=without) for left, right in tokens
        ],
    )


def _cider(candidates: list[list[str]], references: list[list[list[str]]]) -> Measured:
    """One reference each, so that the peer can use sparse matrices."""

    def peer() -> Scores:
        cosines = np.zeros(len(candidates))
        rights = [one for (one,) in references]
        for n in range(1, 5):
            counter = CountVectorizer(
                analyzer=lambda words, n=n: list(zip(*(words[k:] for k in range(n)), strict=False))
            )
            counter.fit(rights + candidates)
            held = counter.transform(rights)
            weights = np.log(len(rights) / np.maximum(np.asarray((held > 0).sum(axis=0))[0], 1))
            left, right = (
                normalize(found.multiply(weights).tocsr()) for found in (counter.transform(candidates), held)
            )
            cosines += np.asarray(left.multiply(right).sum(axis=1))[:, 0] / 4
        return [float(one) for one in cosines]

    return ("cider", "scikit-learn", lambda m: m.cider(candidates, references), peer)


def largest(scores: Scores, expected: Scores) -> float:
    """The largest difference between two lists of equal length."""
    return max(abs(a - b) for a, b in zip(scores, expected, strict=True))


def timed(score: Callable[[], Scores]) -> tuple[float, Scores]:
    """Best processor time of a few runs, and the scores."""
    best, found = float("inf"), []
    for _run in range(RUNS):
        started = time.process_time()
        found = score()
        best = min(best, time.process_time() - started)
    return best, found


def main() -> None:
    """Measures and checks the limits."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=500, help="pairs of texts for each language (default 500)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the pairs (default 1)")
    given = parser.parse_args()
    torch.set_num_threads(1)
    ours, taught, worst = reference(), solutions(), 0.0
    for language in LANGUAGES:
        print(f"\n{language}: {given.pairs} pairs; largest differences from the peer; milliseconds of processor time")
        print(
            f"{'metric':<28}{'peer':<14}{'mean':>7}{'llmkit':>10}{'solution':>10}{'ms llmkit':>12}{'ms peer':>9}{'ratio':>7}"
        )
        for name, peer, score, theirs in comparisons(language, given.pairs, given.seed):
            mine, scores = timed(lambda score=score: score(ours))
            other, expected = timed(theirs)
            apart = [largest(scores, expected), largest(score(taught), expected)]
            worst = max(worst, *apart)
            print(
                f"{name:<28}{peer:<14}{sum(scores) / len(scores):>7.3f}{apart[0]:>10.1e}{apart[1]:>10.1e}"
                f"{1e3 * mine:>12.1f}{1e3 * other:>9.1f}{mine / other:>7.2f}"
            )
    print(
        f"\n(perplexities are compared by their logarithms) largest difference {worst:.1e}, at most {MOST:g}: {worst <= MOST}"
    )
    sys.exit(0 if worst <= MOST else 1)


if __name__ == "__main__":
    main()
