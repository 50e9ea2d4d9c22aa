"""The course's metrics against their peers, on pairs of texts drawn from the shipped stories of both languages."""

from __future__ import annotations

import logging
import math
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from llmkit import data
from llmkit.tasks import metrics

PAIRS = 500
LANGUAGES = ("en", "pt-BR")
TOLERANCE = 1e-6

Pair = tuple[str, str]


@cache
def sentences(language: str) -> list[str]:
    """Lines of the shipped stories, in lower and upper case, with dialogue and accents."""
    stories = data.text("short-story", language) + data.text("story-world", language)[:200_000]
    found = [part.strip() for part in re.split(r"(?<=[.!?])\s|\n+", stories)]
    return [part for part in found if len(part.split()) > 2]


@cache
def pairs(language: str) -> list[Pair]:
    """Candidates and references: a sentence and the same with words lost, doubled, swapped and replaced, or two different ones."""
    draw = Random(f"pairs of {language}")
    found = []
    for _number in range(PAIRS):
        reference, other = draw.sample(sentences(language), 2)
        words = [word for word in reference.split() if draw.random() > 0.1]
        words = [draw.choice(other.split()) if draw.random() < 0.15 else word for word in words]
        if words and draw.random() < 0.5:
            words.insert(draw.randrange(len(words)), draw.choice(words))
            at = draw.randrange(len(words))
            words[at:] = words[at + 1 :] + words[at : at + 1]
        found.append((other if draw.random() < 0.1 else " ".join(words), reference))
    return found


def tokens(language: str) -> list[tuple[list[str], list[str]]]:
    return [(metrics.words(left), metrics.words(right)) for left, right in pairs(language)]


def largest(differences: Sequence[float]) -> float:
    assert len(differences) >= PAIRS and all(map(math.isfinite, differences))
    return max(differences)


# --- the pairs themselves ------------------------------------------------------------------------------------------


def test_the_pairs_have_accents_and_all_degrees_of_likeness() -> None:
    for language in LANGUAGES:
        likeness = [metrics.rouge_n(left, right, 1).f for left, right in tokens(language)]
        assert min(likeness) < 0.2 and max(likeness) == 1.0 and 0.5 < float(np.mean(likeness)) < 0.95
    assert sum(not left.isascii() for left, _right in pairs("pt-BR")) > 300


# --- against peers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_perplexity_against_cross_entropy(language: str) -> None:
    generator = torch.Generator().manual_seed(7)
    differences = []
    for left, right in pairs(language):
        targets = torch.tensor(list((left + right).encode()))
        logits = 3 * torch.randn(len(targets), 256, generator=generator, dtype=torch.float64)
        counts = torch.rand(len(targets), generator=generator) < 0.8
        counts[0] = True
        log_probs = logits.log_softmax(dim=1)[torch.arange(len(targets)), targets]
        peer = torch.nn.functional.cross_entropy(logits, targets.where(counts, -100)).exp().item()
        differences.append(abs(metrics.perplexity(log_probs, counts) / peer - 1))
    assert largest(differences) < TOLERANCE


def squad(text: str, articles: Sequence[str]) -> list[str]:
    """SQuAD's normalisation, in its order, of text whose punctuation is ASCII."""
    text = "".join(sign for sign in text.lower() if sign not in set(string.punctuation))
    return re.sub(rf"\b({'|'.join(articles)})\b", " ", text).split()


def squad_f1(left: list[str], right: list[str]) -> float:
    """The arithmetic of SQuAD's second version."""
    if not left or not right:
        return float(left == right)
    same = sum((Counter(left) & Counter(right)).values())
    precision, recall = same / len(left), same / len(right)
    return 2 * precision * recall / (precision + recall) if same else 0.0


@pytest.mark.parametrize("language", LANGUAGES)
def test_exact_match_and_f1_against_squads(language: str) -> None:
    articles, differences, exact = metrics.articles_of(language), [], 0
    for number, pair in enumerate(pairs(language)):
        left, right = (re.sub("[—–“”‘’…]", ";", text) for text in pair)
        if number % 4 == 0:  # the same answer in another dress
            left = unicodedata.normalize("NFD", f"  {articles[0]} {right.upper()}!")
        said, wanted = squad(unicodedata.normalize("NFC", left), articles), squad(right, articles)
        differences.append(abs(metrics.f1(left, right, articles) - squad_f1(said, wanted)))
        differences.append(abs(metrics.exact_match(left, right, articles) - float(said == wanted)))
        exact += said == wanted
    assert largest(differences) < TOLERANCE
    assert 125 <= exact < 400


@pytest.mark.parametrize("smooth", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_bleu_against_sacrebleu(language: str, smooth: bool) -> None:
    from sacrebleu.metrics import BLEU

    method: dict[str, Any] = {"smooth_method": "add-k", "smooth_value": 1} if smooth else {"smooth_method": "none"}
    peer = BLEU(tokenize="none", force=True, **method)
    given, differences, above_zero = tokens(language), [], 0
    for number in range(PAIRS):
        # Corpora of one to four candidates, with two references each: the second is the next pair's candidate.
        chosen = [given[(number + step) % PAIRS] for step in range(1 + number % 4)]
        seconds = [given[(number + step + 1) % PAIRS][0] for step in range(1 + number % 4)]
        candidates = [left for left, _right in chosen]
        references = [[right, second] for (_left, right), second in zip(chosen, seconds, strict=True)]
        ours = metrics.bleu(candidates, references, smooth=smooth)
        streams = [[" ".join(rights[k]) for rights in references] for k in (0, 1)]
        theirs = peer.corpus_score([" ".join(one) for one in candidates], streams).score / 100
        differences.append(abs(ours - theirs))
        above_zero += ours > 0
    assert largest(differences) < TOLERANCE and above_zero > PAIRS / 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_rouge_against_rouge_score(language: str) -> None:
    from rouge_score.rouge_scorer import RougeScorer

    logging.getLogger("absl").setLevel(logging.ERROR)
    kinds = ["rouge1", "rouge2", "rouge3", "rougeL"]
    peer = RougeScorer(kinds, tokenizer=SimpleNamespace(tokenize=str.split))
    differences = []
    for left, right in tokens(language):
        theirs = peer.score(" ".join(right), " ".join(left))
        ours = [metrics.rouge_n(left, right, n) for n in (1, 2, 3)] + [metrics.rouge_l(left, right)]
        for kind, score in zip(kinds, ours, strict=True):
            differences += [abs(a - b) for a, b in zip(score, theirs[kind], strict=True)]
    assert largest(differences) < TOLERANCE


def exact_stage_only() -> dict[str, Any]:
    """For nltk: a stemmer that stems nothing and a WordNet without synonyms, so that only equal words match."""
    return {
        "stemmer": SimpleNamespace(stem=lambda word: word),
        "wordnet": SimpleNamespace(synsets=lambda word: ()),
        "preprocess": str,
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_meteor_against_nltk(language: str) -> None:
    from nltk.translate.meteor_score import meteor_score

    given, differences = tokens(language), []
    for number, (left, right) in enumerate(given):
        other = given[(number + 1) % PAIRS][1]
        for rights in ([right], [other, right]):
            differences.append(abs(metrics.meteor(left, rights) - meteor_score(rights, left, **exact_stage_only())))
    assert largest(differences) < TOLERANCE


def cider_with_matrices(candidates: list[list[str]], references: list[list[list[str]]]) -> np.ndarray:
    """Another CIDEr: scikit-learn counts, numpy weighs."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.metrics.pairwise import cosine_similarity

    texts = [" ".join(one) for one in candidates]
    rights = [[" ".join(one) for one in item] for item in references]
    total = np.zeros(len(candidates))
    for n in range(1, 5):
        counter = CountVectorizer(tokenizer=str.split, token_pattern=None, lowercase=False, ngram_range=(n, n))
        try:
            counter.fit(texts + [right for item in rights for right in item])
        except ValueError:  # no text has n words
            continue
        occurs = np.stack([np.asarray(counter.transform(item).sum(axis=0))[0] > 0 for item in rights]).sum(axis=0)
        weights = np.log(len(rights) / np.maximum(occurs, 1))
        for place, item in enumerate(rights):
            one = counter.transform([texts[place]]).toarray() * weights
            total[place] += cosine_similarity(one, counter.transform(item).toarray() * weights).mean() / 4
    return total


@pytest.mark.parametrize("language", LANGUAGES)
def test_cider_against_scikit_learn(language: str) -> None:
    given, differences = tokens(language), []
    for start in range(0, PAIRS, 50):
        part = given[start : start + 50]
        candidates = [left for left, _right in part]
        references = [[right, *([part[k - 1][1]] if k % 3 == 0 else [])] for k, (_left, right) in enumerate(part)]
        theirs = cider_with_matrices(candidates, references)
        differences += [abs(a - b) for a, b in zip(metrics.cider_each(candidates, references), theirs, strict=True)]
        assert metrics.cider(candidates, references) == pytest.approx(float(theirs.mean()))
    assert largest(differences) < TOLERANCE


# --- worked by hand, and at the edges ------------------------------------------------------------------------------


def test_words_keep_accents_in_either_form() -> None:
    text = "Ação! O guarda-chuva não é d'água; x̂ = 2,5"
    assert metrics.words(text) == ["ação", "o", "guarda", "chuva", "não", "é", "d", "água", "x̂", "2", "5"]
    assert metrics.words(unicodedata.normalize("NFD", text)) == metrics.words(text)
    assert metrics.words("—") == []


def test_normalise() -> None:
    assert metrics.normalise("  À «Praça» — \n da Sé! ", metrics.articles_of("pt-BR")) == "à praça da sé"
    assert metrics.normalise("The  guarda-chuva, A", metrics.articles_of("en")) == "guardachuva"
    assert metrics.normalise("The  guarda-chuva, A") == "the guardachuva a"
    assert metrics.normalise("R$ 5") == "r$ 5"


def test_perplexity_by_hand_and_what_is_masked() -> None:
    assert metrics.perplexity([math.log(0.5), math.log(0.125)]) == pytest.approx(4.0)
    assert metrics.perplexity([[math.log(0.5), -math.inf], [math.nan, 0.0]], [[1, 0], [0, 0]]) == pytest.approx(2.0)
    assert metrics.perplexity(torch.tensor([0.0, 0.0])) == 1.0
    assert metrics.perplexity([-1.0, -math.inf]) == math.inf
    assert metrics.perplexity([-1e4]) == math.inf


@pytest.mark.parametrize(
    ("log_probs", "mask"), [([], None), ([-1.0], [False]), ([-1.0], [True, True]), ([0.5], None), ([math.nan], None)]
)
def test_perplexity_of_nothing_or_of_no_logarithms(log_probs: list[float], mask: list[bool] | None) -> None:
    with pytest.raises(ValueError, match=r"token counts|entries|log-probability"):
        metrics.perplexity(log_probs, mask)


def test_answers() -> None:
    assert metrics.exact_match("o Rio!", ["lagoa", "rio"], metrics.articles_of("pt-BR")) == 1.0
    assert metrics.exact_match("avô", "avó") == 0.0
    assert metrics.f1("a big dog", ["cat", "big big dog"]) == pytest.approx(2 / 3)
    assert metrics.f1("!", "...") == 1.0 and metrics.f1("!", "a") == metrics.f1("a", "") == 0.0
    for metric in (metrics.exact_match, metrics.f1):
        with pytest.raises(ValueError, match="right answer"):
            metric("a", [])


def test_bleu_by_hand() -> None:
    candidate = ["the"] * 7
    references = [["the", "cat", "is", "on", "the", "mat"], ["there", "is", "a", "cat", "on", "the", "mat"]]
    assert metrics.bleu([candidate], [references], max_n=1) == pytest.approx(2 / 7)
    assert metrics.bleu([["a", "b"]], [[["a", "b", "c"], ["a"]]], max_n=1) == 1.0  # equally close: the shorter counts
    assert metrics.bleu([["a", "b"]], [[["a", "b", "c", "d"]]], max_n=1) == pytest.approx(math.exp(-1))
    assert metrics.bleu([["a", "b"]], [[["a", "b"]]]) == 0.0
    assert metrics.bleu([["a", "b"]], [[["a", "b"]]], smooth=True) == 1.0
    assert metrics.bleu([[]], [[["a"]]], smooth=True) == 0.0


def test_rouge_by_hand() -> None:
    left, right = metrics.words("the the cat sat"), metrics.words("the cat sat on the mat")
    assert metrics.rouge_n(left, right, 1) == pytest.approx((1.0, 4 / 6, 0.8))
    assert metrics.rouge_n(left, right, 2) == pytest.approx((2 / 3, 2 / 5, 0.5))
    assert metrics.rouge_l(["police", "kill", "the", "gunman"], ["police", "killed", "the", "gunman"]).f == 0.75
    assert metrics.rouge_n(["a"], right, 2) == metrics.rouge_l([], right) == (0.0, 0.0, 0.0)


def test_meteor_by_hand() -> None:
    assert metrics.meteor(
        metrics.words("on the mat sat the cat"), metrics.words("the cat sat on the mat")
    ) == pytest.approx(0.5)
    assert metrics.meteor(["a", "b"], ["a", "b"]) == pytest.approx(1 - 0.5 / 8)
    assert metrics.meteor(["a"], ["b"]) == metrics.meteor([], ["b"]) == metrics.meteor(["a"], []) == 0.0


def test_cider_needs_a_corpus() -> None:
    text = ["a", "cat", "sat", "down"]
    assert metrics.cider([text], [[text]]) == 0.0
    assert metrics.cider([text, ["no"]], [[text], [metrics.words("a dog ran home")]]) == pytest.approx(0.5)


def test_texts_in_the_place_of_tokens_and_lists_that_do_not_fit() -> None:
    with pytest.raises(TypeError, match=r"metrics\.words"):
        metrics.rouge_n("a b", "a c", 1)
    for metric in (metrics.bleu, metrics.cider):
        for candidates, references in (([], []), ([["a"]], []), ([["a"]], [[]]), ([["a"]], [["a"]])):
            with pytest.raises(ValueError, match=r"candidates|references"):
                metric(candidates, references)
    with pytest.raises(ValueError, match="at least one token"):
        metrics.rouge_n(["a"], ["a"], 0)


FEW_WORDS = st.lists(st.sampled_from(["a", "à", "é", "o"]), max_size=9)


@settings(max_examples=150, deadline=None)
@given(FEW_WORDS, FEW_WORDS, st.integers(1, 4))
def test_scores_lie_between_0_and_1_and_know_equal_texts(left: list[str], right: list[str], n: int) -> None:
    scores = [*metrics.rouge_n(left, right, n), *metrics.rouge_l(left, right), metrics.meteor(left, right)]
    scores += [metrics.bleu([left], [[right, left[1:]]], max_n=n, smooth=smooth) for smooth in (True, False)]
    scores += metrics.cider_each([left, right], [[right, left], [right]])
    assert all(0 <= score <= 1 for score in scores)
    assert metrics.rouge_n(left, right, n).recall == metrics.rouge_n(right, left, n).precision
    if len(left) >= n:
        assert metrics.rouge_n(left, left, n) == metrics.rouge_l(left, left) == (1, 1, 1)
        assert metrics.bleu([left], [[right, left]], max_n=n) == 1


@settings(max_examples=150, deadline=None)
@given(FEW_WORDS, FEW_WORDS)
def test_the_longest_common_subsequence_is_the_tables(left: list[str], right: list[str]) -> None:
    table = np.zeros((len(left) + 1, len(right) + 1), dtype=int)
    for i, one in enumerate(left, 1):
        for j, other in enumerate(right, 1):
            table[i, j] = table[i - 1, j - 1] + 1 if one == other else max(table[i - 1, j], table[i, j - 1])
    longest = int(table[-1, -1])
    assert metrics.rouge_l(left, right).recall == (longest / len(right) if right else 0)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="aãéÉÇç ,.—\u0303\u0301", max_size=12), st.sampled_from(["NFC", "NFD"]))
def test_both_forms_of_an_accent_are_the_same(text: str, form: str) -> None:
    other = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    assert metrics.words(other) == metrics.words(text)
    assert metrics.exact_match(other, text) == metrics.f1(other, text) == 1
    assert metrics.normalise(metrics.normalise(text)) == metrics.normalise(text)
