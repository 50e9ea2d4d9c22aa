"""Answers to exercise 1 of 02_what_metrics_miss: METEOR."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="flags",
        description="Two loops with flags for what is taken, reciprocals in the mean.",
        code="""def meteor(candidate, references, alpha=0.9, beta=3.0, gamma=0.5):
    best = 0
    for reference in references:
        taken = [False] * len(reference)
        partner = [None] * len(candidate)
        for i in range(len(candidate))[::-1]:
            for j in range(len(reference))[::-1]:
                if not taken[j] and candidate[i] == reference[j]:
                    taken[j] = True
                    partner[i] = j
                    break
        m = sum(taken)
        if not m:
            continue
        chunks, last = 0, None
        for place in partner:
            if place is not None and (last is None or place != last + 1):
                chunks += 1
            last = place
        p, r = m / len(candidate), m / len(reference)
        f = 1 / (alpha / r + (1 - alpha) / p)
        best = max(best, f - gamma * f * (chunks / m) ** beta)
    return best
""",
    ),
    Alternative(
        name="fewest-chunks",
        description="Searches the alignment with the fewest chunks, as later versions of METEOR ask for.",
        code="""def meteor(candidate, references, alpha=0.9, beta=3.0, gamma=0.5):
    from functools import lru_cache

    def one(reference):
        common = Counter(candidate) & Counter(reference)
        m = sum(common.values())
        if m == 0:
            return 0.0

        @lru_cache(maxsize=None)
        def fewest(i, used, last):
            # Chunks from place i on; used: bits of the reference; last: partner of the word before, or None.
            if i == len(candidate):
                return 0
            word, best = candidate[i], math.inf
            taken = sum(reference[j] == word for j in range(len(reference)) if used >> j & 1)
            if common[word] - taken <= candidate[i + 1 :].count(word):
                best = fewest(i + 1, used, None)
            if taken < common[word]:
                for j, other in enumerate(reference):
                    if other == word and not used >> j & 1:
                        new = 0 if last is not None and j == last + 1 else 1
                        best = min(best, new + fewest(i + 1, used | 1 << j, j))
            return best

        p, r = m / len(candidate), m / len(reference)
        return p * r / (alpha * p + (1 - alpha) * r) * (1 - gamma * (fewest(0, 0, None) / m) ** beta)

    return max(one(reference) for reference in references)
""",
    ),
    Alternative(
        name="reversed-lists",
        description="Both lists turned around, `index` with a marker for what is used; numpy for the runs.",
        code="""def meteor(candidate, references, alpha=0.9, beta=3.0, gamma=0.5):
    import numpy as np

    results = [0.0]
    for reference in references:
        left, pairs = list(reversed(reference)), []
        for i, word in enumerate(reversed(candidate)):
            if word in left:
                j = left.index(word)
                left[j] = None
                pairs.append((i, j))
        if pairs:
            steps = np.diff(np.array(pairs), axis=0)
            chunks = 1 + int((steps != 1).any(axis=1).sum())
            m = len(pairs)
            mean = m / (alpha * len(reference) + (1 - alpha) * len(candidate))
            results.append(mean * (1 - gamma * (chunks / m) ** beta))
    return float(max(results))
""",
    ),
    Alternative(
        name="numbered-words",
        description="Numbers the occurrences of each word from the right, so that pairs are equal keys.",
        code="""def meteor(candidate, references, alpha=0.9, beta=3.0, gamma=0.5):
    def numbered(words):
        seen, places = Counter(), {}
        for place in range(len(words) - 1, -1, -1):
            places[words[place], seen[words[place]]] = place
            seen[words[place]] += 1
        return places

    def score(reference):
        mine, theirs = numbered(candidate), numbered(reference)
        link = {mine[key]: theirs[key] for key in mine.keys() & theirs.keys()}
        if not link:
            return 0.0
        starts = [i for i in link if i - 1 not in link or link[i - 1] + 1 != link[i]]
        precision, recall = len(link) / len(mine), len(link) / len(theirs)
        f = precision * recall / (alpha * precision + (1 - alpha) * recall)
        return f * (1 - gamma * (len(starts) / len(link)) ** beta)

    return max(map(score, references))
""",
    ),
]

_RIGHT = """def meteor(candidate, references, alpha=0.9, beta=3.0, gamma=0.5):
    scores = []
    for reference in references:
        where = {}
        for j, word in enumerate(reference):
            where.setdefault(word, []).append(j)
        found = []
        for i in reversed(range(len(candidate))):
            word = candidate[i]
            if where.get(word):
                found.append((i, where[word].pop()))
        found.sort()
        m = len(found)
        if m == 0:
            scores.append(0.0)
            continue
        P = m / len(candidate)
        R = m / len(reference)
        F = P * R / (alpha * P + (1 - alpha) * R)
        chunks = 1
        for (i, j), (k, l) in zip(found, found[1:]):
            if k != i + 1 or l != j + 1:
                chunks += 1
        penalty = gamma * (chunks / m) ** beta
        scores.append(F * (1 - penalty))
    return max(scores)
"""

_mistake = partial(made_in, _RIGHT, see="02_what_metrics_miss: Exercise 1: METEOR")

MISTAKES = [
    _mistake(
        "sets-for-multisets",
        "Your matches are a set of different words, so a word that occurs twice in both texts counts once. Pair "
        "occurrences: a word that occurs a and b times gives min(a, b) pairs.",
        ("        found.sort()\n", "        found = sorted({candidate[i]: (i, j) for i, j in found}.values())\n"),
    ),
    _mistake(
        "word-used-again",
        "A word of your reference is used several times: once it is paired, it is taken. Remove its place from the "
        "list (`pop`), or note it in a set.",
        ("where[word].pop()", "where[word][-1]"),
    ),
    _mistake(
        "paired-from-the-left",
        "You pair repeated words from the left. Go through the candidate from its last word to its first, and take the "
        "last free place in the reference.",
        ("in reversed(range(len(candidate)))", "in range(len(candidate))"),
        ("where[word].pop()", "where[word].pop(0)"),
    ),
    _mistake(
        "directions-mixed",
        "You go through the candidate from one side and take the places of the reference from the other, so equal words "
        "are paired crosswise. Both go from the right.",
        ("where[word].pop()", "where[word].pop(0)"),
    ),
    _mistake(
        "alpha-beside-recall",
        "You have precision and recall exchanged: alpha stands beside P in the denominator, so that F stays close to R.",
        ("alpha * P + (1 - alpha) * R", "alpha * R + (1 - alpha) * P"),
    ),
    _mistake(
        "plain-f1",
        "Your F weighs precision and recall alike. METEOR's F is P R / (alpha P + (1 - alpha) R), with alpha = 0.9.",
        ("P * R / (alpha * P + (1 - alpha) * R)", "2 * P * R / (P + R)"),
    ),
    _mistake(
        "weighted-sum",
        "You took a weighted sum of precision and recall. Here it is a harmonic mean: P R over alpha P + (1 - alpha) R.",
        ("P * R / (alpha * P + (1 - alpha) * R)", "alpha * R + (1 - alpha) * P"),
    ),
    _mistake(
        "recall-for-f",
        "You use recall alone. METEOR joins it with precision, which has the smaller weight.",
        ("P * R / (alpha * P + (1 - alpha) * R)", "R"),
    ),
    _mistake(
        "no-penalty",
        "The penalty is missing: your score does not see the order of the words.",
        ("F * (1 - penalty)", "F"),
    ),
    _mistake(
        "penalty-subtracted",
        "You subtract the penalty from F. It takes away a share: F times (1 - penalty).",
        ("F * (1 - penalty)", "max(0.0, F - penalty)"),
    ),
    _mistake(
        "not-cubed",
        "Your penalty lacks its exponent beta: gamma times (chunks / pairs) to the power of beta.",
        ("(chunks / m) ** beta", "(chunks / m)"),
    ),
    _mistake(
        "exponent-around-gamma",
        "Your exponent also takes gamma along. Only the fraction of chunks is raised to the power of beta.",
        ("gamma * (chunks / m) ** beta", "(gamma * chunks / m) ** beta"),
    ),
    _mistake(
        "breaks-for-chunks",
        "You count the breaks between chunks. The number of chunks is one larger.",
        ("chunks = 1", "chunks = 0"),
    ),
    _mistake(
        "chunks-by-length",
        "You divide the chunks by the length of the candidate. The penalty divides them by the number of pairs.",
        ("(chunks / m)", "(chunks / len(candidate))"),
    ),
    _mistake(
        "chunks-in-the-reference-only",
        "Your chunks look at the places in the reference only. A chunk is a run in both texts.",
        ("if k != i + 1 or l != j + 1:", "if l != j + 1:"),
    ),
    _mistake(
        "chunks-in-the-candidate-only",
        "Your chunks look at the places in the candidate only. A chunk is a run in both texts.",
        ("if k != i + 1 or l != j + 1:", "if k != i + 1:"),
    ),
    _mistake(
        "rising-for-neighbouring",
        "For you a chunk goes on as long as the places in the reference rise. They must be neighbours: exactly one more.",
        ("l != j + 1", "l <= j"),
    ),
    _mistake(
        "either-order",
        "You also accept a run that goes backwards in the reference. A chunk has the same order in both texts.",
        ("l != j + 1", "abs(l - j) != 1"),
    ),
    _mistake(
        "not-sorted",
        "Your pairs are not in the candidate's order when you count the chunks: they were found from the right. Sort "
        "them first.",
        ("        found.sort()\n", ""),
    ),
    _mistake(
        "no-words-divides-by-zero",
        "Without a common word, or with an empty text, you divide by zero. Return 0 before you divide.",
        ("        if m == 0:\n            scores.append(0.0)\n            continue\n", ""),
    ),
    _mistake(
        "mean-of-references",
        "You take the mean over the references. The best one counts.",
        ("max(scores)", "sum(scores) / len(scores)"),
    ),
    _mistake(
        "first-reference-only",
        "You look at the first reference only. All are compared, and the best counts.",
        ("in references:", "in references[:1]:"),
    ),
    _mistake(
        "accents-deleted",
        "You delete the accents, so `avó` and `avo` count as the same word. Compare the words as they are.",
        (
            "    scores = []\n",
            "    import unicodedata\n\n"
            "    plain = lambda words: [unicodedata.normalize('NFD', w).encode('ascii', 'ignore').decode() for w in words]\n"
            "    candidate, references = plain(candidate), [plain(r) for r in references]\n"
            "    scores = []\n",
        ),
    ),
    _mistake(
        "parameters-ignored",
        "You wrote the numbers 0.9, 3 and 0.5 into the formula and do not use the parameters alpha, beta and gamma.",
        ("    scores = []\n", "    alpha, beta, gamma = 0.9, 3.0, 0.5\n    scores = []\n"),
    ),
    _mistake(
        "scale-of-100",
        "Your score goes up to 100. Here the scale is from 0 to 1.",
        ("F * (1 - penalty)", "100 * F * (1 - penalty)"),
    ),
]
