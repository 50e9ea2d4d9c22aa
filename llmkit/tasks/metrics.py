"""The course's own metrics of generated text: perplexity, exact match, F1, BLEU, ROUGE, METEOR and CIDEr, all but perplexity from 0 to 1."""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple

from llmkit import languages
from llmkit.i18n import gettext as _

Words = Sequence[str]
Gram = tuple[str, ...]


def articles_of(lang: str) -> tuple[str, ...]:
    """The articles of a language, for `articles` of `exact_match` and `f1`; those of English, which is said once, where none are known.

    Args:
        lang: such as "pt-BR".
    """
    code = languages.covered(lang, languages.having("articles"), _("articles"))
    return tuple(languages.section("articles", code)["words"])


class Score(NamedTuple):
    """Precision (how much of the candidate is right), recall (how much of the reference is found) and F, each from 0 to 1."""

    precision: float
    recall: float
    f: float

    @classmethod
    def of(cls, hits: float, in_candidate: int, in_reference: int) -> Score:
        """Computes it from counts; a share of nothing is 0."""
        share, found = (hits / size if size else 0.0 for size in (in_candidate, in_reference))
        return cls(share, found, 2 * hits / (in_candidate + in_reference) if hits else 0.0)


def words(text: str) -> list[str]:
    """The words of a text, in lower case: runs of letters and digits, accents kept.

    Composed and decomposed accents give the same words (NFC); everything else, such as hyphens, apostrophes and full
    stops, ends a word.

    Example:
        >>> words("Ação! O guarda-chuva de 2 reais.")
        ['ação', 'o', 'guarda', 'chuva', 'de', '2', 'reais']
    """
    return "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in _one_form(text)).split()


def normalise(text: str, articles: Collection[str] = ()) -> str:
    """A short answer in the form in which answers are compared (after Rajpurkar et al. 2016, with accents kept).

    Accents in composed form (NFC), lower case, no punctuation (Unicode's categories P…: "guarda-chuva" becomes
    "guardachuva"), single spaces between words and none around them, no articles.

    Args:
        text: any text.
        articles: whole words to leave out, such as `articles_of("en")`; by default none.
    """
    kept = _one_form("".join(sign for sign in text if unicodedata.category(sign)[0] != "P"))
    left_out = {_one_form(article) for article in articles}
    return " ".join(word for word in kept.split() if word not in left_out)


def perplexity(log_probs: Any, mask: Any = None) -> float:
    """Exponential of the mean surprise: among how many equally likely tokens the model seems to choose (Jelinek et al. 1977).

    Args:
        log_probs: natural logarithms of the probabilities that the model gave to the actual tokens; a tensor
            or nested lists of any shape.
        mask: of the same shape, true where a token counts; by default all count. Masked values may be anything,
            even NaN.

    Returns:
        From 1 (always certain and right) upwards; infinity if a token that counts had probability 0.

    Raises:
        ValueError: no token counts, the shapes differ, or a logarithm is NaN or above 0.
    """
    given = list(_leaves(log_probs))
    chosen = [True] * len(given) if mask is None else list(_leaves(mask))
    if len(chosen) != len(given):
        raise ValueError(f"the mask has {len(chosen)} entries for {len(given)} log-probabilities")
    surprises = [-float(one) for one, counts in zip(given, chosen, strict=True) if counts]
    if not surprises:
        raise ValueError("no token counts: the perplexity of nothing is not defined")
    if not all(surprise >= -1e-6 for surprise in surprises):
        raise ValueError("a log-probability is NaN or above 0: are these natural logarithms of probabilities?")
    entropy = math.fsum(surprises) / len(surprises)
    return math.exp(entropy) if entropy < 700 else math.inf


def exact_match(prediction: str, answers: str | Iterable[str], articles: Collection[str] = ()) -> float:
    """1 if the prediction is one of the right answers after `normalise`, else 0 (Rajpurkar et al. 2016, SQuAD).

    Args:
        prediction: the text to judge.
        answers: one right answer or several.
        articles: see `normalise`.

    Raises:
        ValueError: there is no right answer.
    """
    said = normalise(prediction, articles)
    return float(any(said == normalise(right, articles) for right in _several(answers)))


def f1(prediction: str, answers: str | Iterable[str], articles: Collection[str] = ()) -> float:
    """Harmonic mean of precision and recall of the words, as multisets, after `normalise` (Rajpurkar et al. 2016, SQuAD).

    Args:
        prediction: the text to judge.
        answers: one right answer or several, the best of which counts.
        articles: see `normalise`.

    Returns:
        From 0 to 1. Two empty texts score 1, an empty one against another 0.

    Raises:
        ValueError: there is no right answer.
    """
    said = normalise(prediction, articles).split()
    return max(_words_shared(said, normalise(right, articles).split()) for right in _several(answers))


def bleu(
    candidates: Sequence[Words], references: Sequence[Sequence[Words]], *, max_n: int = 4, smooth: bool = False
) -> float:
    """BLEU of a corpus (Papineni et al. 2002): geometric mean of clipped n-gram precisions, times the brevity penalty.

    Counts and lengths are summed over the corpus before anything is divided. Of several references, the one closest in
    length counts for the brevity penalty; of two equally close ones, the shorter.

    Args:
        candidates: tokens of each text to judge.
        references: for each candidate one or more right texts, as tokens.
        max_n: longest n-grams.
        smooth: False: a precision of 0 makes BLEU 0. True: for n > 1, matches and totals are increased by 1 (Lin & Och 2004).

    Returns:
        From 0 to 1 (sacrebleu's number is 100 times as large); 0 for candidates without tokens.

    Raises:
        ValueError: the lists differ in length, a candidate has no reference, or there is no candidate.
    """
    _paired(candidates, references)
    matches, totals = [0] * max_n, [0] * max_n
    length = aim = 0
    for said, rights in zip(candidates, references, strict=True):
        length += len(said)
        aim += min((abs(len(right) - len(said)), len(right)) for right in rights)[1]
        for order in range(max_n):
            tally = _tally(said, order + 1)
            allowed: Counter[Gram] = Counter()
            for version in rights:
                allowed |= _tally(version, order + 1)
            matches[order] += (tally & allowed).total()
            totals[order] += tally.total()
    if smooth:
        matches[1:], totals[1:] = ([count + 1 for count in counts[1:]] for counts in (matches, totals))
    if not length or not all(matches):
        return 0.0
    logs = (math.log(hit) - math.log(tried) for hit, tried in zip(matches, totals, strict=True))
    return math.exp(sum(logs) / max_n + min(0.0, 1 - aim / length))


def rouge_n(candidate: Words, reference: Words, n: int) -> Score:
    """ROUGE-N (Lin 2004): the n-grams that both texts share, as multisets.

    Args:
        candidate: tokens of the text to judge.
        reference: tokens of the right text.
        n: length of the n-grams.

    Returns:
        Precision, recall and F, from 0 to 1; zeros where a text is shorter than n.

    Raises:
        ValueError: n is below 1.
    """
    mine, theirs = _tally(candidate, n), _tally(reference, n)
    return Score.of((mine & theirs).total(), mine.total(), theirs.total())


def rouge_l(candidate: Words, reference: Words) -> Score:
    """ROUGE-L of two texts (Lin 2004): their longest common subsequence, in order and with gaps.

    Precision and recall weigh the same in F (Lin's beta is 1), as in Google's rouge-score.

    Args:
        candidate: tokens of the text to judge.
        reference: tokens of the right text.

    Returns:
        Precision, recall and F, from 0 to 1; zeros where a text is empty.
    """
    # Hunt and Szymanski (1977): the longest increasing subsequence of the candidate's words' positions in the reference.
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, token in enumerate(reference):
        places[token].insert(0, place)
    ends: list[int] = []  # ends[k]: where a common subsequence of k + 1 words ends at the earliest
    for place in chain.from_iterable(places.get(token, ()) for token in candidate):
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return Score.of(len(ends), len(candidate), len(reference))


def meteor(
    candidate: Words,
    references: Words | Sequence[Words],
    *,
    alpha: float = 0.9,
    beta: float = 3.0,
    gamma: float = 0.5,
) -> float:
    """METEOR with only its first stage, equal words (Banerjee & Lavie 2005, in the form of Lavie & Agarwal 2007).

    m words are matched one to one, in `chunks` runs that are contiguous and in the same order in both texts;
    F = P R / (alpha P + (1 - alpha) R), and the score is F (1 - gamma (chunks / m)^beta). The defaults are nltk's, and
    the paper's: F = 10 P R / (R + 9 P), with a penalty of 0.5 (chunks / m)^3.

    A repeated word is matched as in nltk, from the end: its last occurrence in the candidate with its last
    in the reference, and so on. The paper asks for the matching with the fewest crossings, which sometimes differs.

    Args:
        candidate: tokens of the text to judge.
        references: tokens of the right text, or several such lists, the best of which counts.
        alpha: weight of recall against precision.
        beta: how fast the penalty falls with longer chunks.
        gamma: the largest penalty.

    Returns:
        From 0 to 1; equal texts stay a little below 1, because even one chunk has a penalty. 0 where nothing matches.
    """
    single = [part for part in references if isinstance(part, str)]
    several = [part for part in references if not isinstance(part, str)] or [single]
    return max(_meteor(candidate, one, alpha, beta, gamma) for one in several)


def cider(candidates: Sequence[Words], references: Sequence[Sequence[Words]], *, max_n: int = 4) -> float:
    """CIDEr of a corpus (Vedantam et al. 2015): the mean of `cider_each`, from 0 to 1."""
    each = cider_each(candidates, references, max_n=max_n)
    return sum(each) / len(each)


def cider_each(candidates: Sequence[Words], references: Sequence[Sequence[Words]], *, max_n: int = 4) -> list[float]:
    """CIDEr of each item (Vedantam et al. 2015): cosine of tf-idf vectors of n-grams, mean over references and n.

    An n-gram weighs its count times log(items / items in whose references it occurs); one that occurs in none counts as
    if it occurred in one, as in the COCO caption evaluation. With a single item every n-gram of its references weighs
    log 1 = 0, and so does the score: the statistics need a corpus.

    This is the paper's CIDEr: no factor of 10 (that and the clipping belong to CIDEr-D), and words are not stemmed here.

    Args:
        candidates: tokens of the text to judge, one per item (such as an image).
        references: for each item one or more right texts, as tokens.
        max_n: longest n-grams.

    Returns:
        A number from 0 to 1 for each item.

    Raises:
        ValueError: the lists differ in length, an item has no reference, or there is no item.
    """
    _paired(candidates, references)
    orders = range(1, max_n + 1)
    held = [[{n: _tally(right, n) for n in orders} for right in rights] for rights in references]
    spread = Counter(gram for item in held for gram in {g for one in item for tally in one.values() for g in tally})
    rarity: defaultdict[Gram, float] = defaultdict(lambda: math.log(len(held)))
    rarity.update((gram, math.log(len(held) / items)) for gram, items in spread.items())
    scores = []
    for said, item in zip(candidates, held, strict=True):
        angles = [
            _cosine(_weighted(_tally(said, n), rarity), _weighted(one[n], rarity)) for one in item for n in orders
        ]
        scores.append(sum(angles) / len(angles))
    return scores


def _one_form(text: str) -> str:
    """Lower case, each accented letter as one character where Unicode has one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())


def _several(answers: str | Iterable[str]) -> list[str]:
    listed = [answers] if isinstance(answers, str) else list(answers)
    if not listed:
        raise ValueError("there is no right answer")
    return listed


def _leaves(values: Any) -> Iterator[Any]:
    """The numbers of a tensor, an array or nested lists, in order."""
    plain = values.tolist() if hasattr(values, "tolist") else values
    if isinstance(plain, (list, tuple)):
        for part in plain:
            yield from _leaves(part)
    else:
        yield plain


def _tally(tokens: Words, n: int) -> Counter[Gram]:
    """How often each run of n tokens occurs."""
    if n < 1:
        raise ValueError(f"n-grams have at least one token, not {n}")
    if isinstance(tokens, str):
        raise TypeError("expected a list of tokens, got a text: split it with llmkit.tasks.metrics.words")
    return Counter(zip(*(tokens[shift:] for shift in range(n)), strict=False))


def _words_shared(said: list[str], right: list[str]) -> float:
    if not said or not right:
        return float(said == right)
    return Score.of((Counter(said) & Counter(right)).total(), len(said), len(right)).f


def _paired(candidates: Sequence[Words], references: Sequence[Sequence[Words]]) -> None:
    if len(candidates) != len(references) or not candidates:
        raise ValueError(f"{len(candidates)} candidates with references for {len(references)}")
    for number, rights in enumerate(references):
        if not rights or any(isinstance(right, str) for right in rights):
            raise ValueError(f"item {number}: references should be a list of one or more lists of tokens")


def _meteor(said: Words, right: Words, alpha: float, beta: float, gamma: float) -> float:
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    for place, token in enumerate(right):
        waiting[token].append(place)
    links = [(i, waiting[said[i]].pop()) for i in reversed(range(len(said))) if waiting.get(said[i])]
    if not links:
        return 0.0
    breaks = sum((i - k, j - m) != (1, 1) for (i, j), (k, m) in pairwise(links))
    share, found = len(links) / len(said), len(links) / len(right)
    mean = share * found / (alpha * share + (1 - alpha) * found)
    return mean * (1 - gamma * math.pow((breaks + 1) / len(links), beta))


def _weighted(tally: Counter[Gram], rarity: defaultdict[Gram, float]) -> dict[Gram, float]:
    return {gram: count * rarity[gram] for gram, count in tally.items()}


def _cosine(left: dict[Gram, float], right: dict[Gram, float]) -> float:
    """0 where a vector is zero."""
    norms = math.hypot(*left.values()) * math.hypot(*right.values())
    product = math.fsum(weight * right.get(gram, 0.0) for gram, weight in left.items())
    return min(product / norms, 1.0) if norms else 0.0
