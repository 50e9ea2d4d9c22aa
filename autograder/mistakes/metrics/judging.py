"""Known mistakes of the metrics' second notebook: METEOR, CIDEr, Kendall's tau."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

_NOTEBOOK = "02_what_metrics_miss"

# --- METEOR --------------------------------------------------------------------------------------------------------

_METEOR_RIGHT = """def meteor(candidate, references, alpha=0.9, beta=3.0, gamma=0.5):
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


def _meteor(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = f"{_NOTEBOOK}: Exercise 1: METEOR"
    return made_in(_METEOR_RIGHT, "metrics/meteor", name, explanation, *changes, see=see)


_METEOR = [
    _meteor(
        "sets-for-multisets",
        "Your matches are a set of different words, so a word that occurs twice in both texts counts once. Pair "
        "occurrences: a word that occurs a and b times gives min(a, b) pairs.",
        ("        found.sort()\n", "        found = sorted({candidate[i]: (i, j) for i, j in found}.values())\n"),
    ),
    _meteor(
        "word-used-again",
        "A word of your reference is used several times: once it is paired, it is taken. Remove its place from the "
        "list (`pop`), or note it in a set.",
        ("where[word].pop()", "where[word][-1]"),
    ),
    _meteor(
        "paired-from-the-left",
        "You pair repeated words from the left. Go through the candidate from its last word to its first, and take the "
        "last free place in the reference.",
        ("in reversed(range(len(candidate)))", "in range(len(candidate))"),
        ("where[word].pop()", "where[word].pop(0)"),
    ),
    _meteor(
        "directions-mixed",
        "You go through the candidate from one side and take the places of the reference from the other, so equal words "
        "are paired crosswise. Both go from the right.",
        ("where[word].pop()", "where[word].pop(0)"),
    ),
    _meteor(
        "alpha-beside-recall",
        "You have precision and recall exchanged: alpha stands beside P in the denominator, so that F stays close to R.",
        ("alpha * P + (1 - alpha) * R", "alpha * R + (1 - alpha) * P"),
    ),
    _meteor(
        "plain-f1",
        "Your F weighs precision and recall alike. METEOR's F is P R / (alpha P + (1 - alpha) R), with alpha = 0.9.",
        ("P * R / (alpha * P + (1 - alpha) * R)", "2 * P * R / (P + R)"),
    ),
    _meteor(
        "weighted-sum",
        "You took a weighted sum of precision and recall. Here it is a harmonic mean: P R over alpha P + (1 - alpha) R.",
        ("P * R / (alpha * P + (1 - alpha) * R)", "alpha * R + (1 - alpha) * P"),
    ),
    _meteor(
        "recall-for-f",
        "You use recall alone. METEOR joins it with precision, which has the smaller weight.",
        ("P * R / (alpha * P + (1 - alpha) * R)", "R"),
    ),
    _meteor(
        "no-penalty",
        "The penalty is missing: your score does not see the order of the words.",
        ("F * (1 - penalty)", "F"),
    ),
    _meteor(
        "penalty-subtracted",
        "You subtract the penalty from F. It takes away a share: F times (1 - penalty).",
        ("F * (1 - penalty)", "max(0.0, F - penalty)"),
    ),
    _meteor(
        "not-cubed",
        "Your penalty lacks its exponent beta: gamma times (chunks / pairs) to the power of beta.",
        ("(chunks / m) ** beta", "(chunks / m)"),
    ),
    _meteor(
        "exponent-around-gamma",
        "Your exponent also takes gamma along. Only the fraction of chunks is raised to the power of beta.",
        ("gamma * (chunks / m) ** beta", "(gamma * chunks / m) ** beta"),
    ),
    _meteor(
        "breaks-for-chunks",
        "You count the breaks between chunks. The number of chunks is one larger.",
        ("chunks = 1", "chunks = 0"),
    ),
    _meteor(
        "chunks-by-length",
        "You divide the chunks by the length of the candidate. The penalty divides them by the number of pairs.",
        ("(chunks / m)", "(chunks / len(candidate))"),
    ),
    _meteor(
        "chunks-in-the-reference-only",
        "Your chunks look at the places in the reference only. A chunk is a run in both texts.",
        ("if k != i + 1 or l != j + 1:", "if l != j + 1:"),
    ),
    _meteor(
        "chunks-in-the-candidate-only",
        "Your chunks look at the places in the candidate only. A chunk is a run in both texts.",
        ("if k != i + 1 or l != j + 1:", "if k != i + 1:"),
    ),
    _meteor(
        "rising-for-neighbouring",
        "For you a chunk goes on as long as the places in the reference rise. They must be neighbours: exactly one more.",
        ("l != j + 1", "l <= j"),
    ),
    _meteor(
        "either-order",
        "You also accept a run that goes backwards in the reference. A chunk has the same order in both texts.",
        ("l != j + 1", "abs(l - j) != 1"),
    ),
    _meteor(
        "not-sorted",
        "Your pairs are not in the candidate's order when you count the chunks: they were found from the right. Sort "
        "them first.",
        ("        found.sort()\n", ""),
    ),
    _meteor(
        "no-words-divides-by-zero",
        "Without a common word, or with an empty text, you divide by zero. Return 0 before you divide.",
        ("        if m == 0:\n            scores.append(0.0)\n            continue\n", ""),
    ),
    _meteor(
        "mean-of-references",
        "You take the mean over the references. The best one counts.",
        ("max(scores)", "sum(scores) / len(scores)"),
    ),
    _meteor(
        "first-reference-only",
        "You look at the first reference only. All are compared, and the best counts.",
        ("in references:", "in references[:1]:"),
    ),
    _meteor(
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
    _meteor(
        "parameters-ignored",
        "You wrote the numbers 0.9, 3 and 0.5 into the formula and do not use the parameters alpha, beta and gamma.",
        ("    scores = []\n", "    alpha, beta, gamma = 0.9, 3.0, 0.5\n    scores = []\n"),
    ),
    _meteor(
        "scale-of-100",
        "Your score goes up to 100. Here the scale is from 0 to 1.",
        ("F * (1 - penalty)", "100 * F * (1 - penalty)"),
    ),
]  # fmt: skip

# --- CIDEr ---------------------------------------------------------------------------------------------------------

_CIDER_RIGHT = """def cider(candidates, references):
    N = len(references)
    scores = [0.0] * N
    for n in range(1, 5):
        df = Counter()
        for texts in references:
            seen = set()
            for text in texts:
                seen.update(count_ngrams(text, n))
            df.update(seen)

        def vector(tokens):
            counts = count_ngrams(tokens, n)
            return {g: c * math.log(N / max(1, df[g])) for g, c in counts.items()}

        def cosine(u, v):
            dot = sum(u[g] * v[g] for g in u if g in v)
            length_u = math.sqrt(sum(x * x for x in u.values()))
            length_v = math.sqrt(sum(x * x for x in v.values()))
            if length_u == 0 or length_v == 0:
                return 0.0
            return dot / (length_u * length_v)

        for item in range(N):
            u = vector(candidates[item])
            cosines = [cosine(u, vector(text)) for text in references[item]]
            scores[item] += sum(cosines) / len(cosines) / 4
    return scores
"""


def _cider(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = f"{_NOTEBOOK}: Exercise 2: CIDEr"
    return made_in(_CIDER_RIGHT, "metrics/cider", name, explanation, *changes, see=see)


_CIDER = [
    _cider(
        "one-document-idf",
        "Your document frequencies come from one item's references alone. They count over the references of all items: "
        "what is rare is decided by the whole corpus.",
        (
            "            u = vector(candidates[item])\n",
            "            df = Counter(set().union(*(count_ngrams(text, n) for text in references[item])))\n"
            "            u = vector(candidates[item])\n",
        ),
    ),
    _cider(
        "no-idf",
        "Your n-grams all weigh the same. Each count is multiplied by ln(N / d), so that what occurs everywhere counts for "
        "nothing.",
        ("c * math.log(N / max(1, df[g]))", "c"),
    ),
    _cider(
        "texts-counted-for-items",
        "Your document frequency counts references. It counts items: an n-gram in three references of the same item "
        "counts once.",
        ("            df.update(seen)\n", ""),
        ("                seen.update(count_ngrams(text, n))\n", "                df.update(set(count_ngrams(text, n)))\n"),
    ),
    _cider(
        "n-of-texts",
        "Your N is the number of references. It is the number of items.",
        ("c * math.log(N /", "c * math.log(sum(map(len, references)) /"),
    ),
    _cider(
        "words-counted-for-items",
        "Your document frequency counts every occurrence. An item counts once, however often the n-gram is in its "
        "references.",
        ("            df.update(seen)\n", ""),
        ("                seen.update(count_ngrams(text, n))\n", "                df.update(count_ngrams(text, n))\n"),
    ),
    _cider(
        "candidates-in-the-frequency",
        "Your document frequency counts the candidates, too. Only references count: what is rare must not depend on the "
        "system that is judged.",
        ("        for texts in references:\n", "        for texts in [[c, *r] for c, r in zip(candidates, references)]:\n"),
    ),
    _cider(
        "frequency-of-the-candidates",
        "Your document frequencies come from the candidates. They come from the references.",
        ("        for texts in references:\n", "        for texts in [[c] for c in candidates]:\n"),
    ),
    _cider(
        "smoothed-idf",
        "You smooth the weights, as in some libraries. Here they are ln(N / max(1, d)): an n-gram that occurs with every "
        "item weighs exactly 0.",
        ("math.log(N / max(1, df[g]))", "(math.log((1 + N) / (1 + df[g])) + 1)"),
    ),
    _cider(
        "one-added",
        "You add 1 to the document frequency. The formula has max(1, d), which changes only the 0.",
        ("max(1, df[g])", "(1 + df[g])"),
    ),
    _cider(
        "unknown-left-out",
        "You leave out the candidate's n-grams that no reference has. They share nothing, but they make its vector longer, "
        "so that padding costs something: treat them as if they occurred with one item.",
        ("for g, c in counts.items()}", "for g, c in counts.items() if g in df}"),
    ),
    _cider(
        "sets-for-multisets",
        "Your vectors only know whether an n-gram occurs. They hold how often it occurs, times its weight.",
        ("c * math.log", "math.log"),
    ),
    _cider(
        "zero-vectors",
        "A vector of zeros, or an empty one, makes you divide by zero. Its cosine is 0 here.",
        ("            if length_u == 0 or length_v == 0:\n                return 0.0\n", ""),
    ),
    _cider(
        "product-without-lengths",
        "Your vectors are multiplied and not divided by their lengths, so long texts get large scores. The cosine has the "
        "product of both lengths below.",
        ("dot / (length_u * length_v)", "dot"),
    ),
    _cider(
        "best-reference",
        "You take the best reference. CIDEr asks for consensus: the mean over all references.",
        ("sum(cosines) / len(cosines)", "max(cosines)"),
    ),
    _cider(
        "references-summed",
        "You add the cosines of all references and do not divide by their number.",
        ("sum(cosines) / len(cosines)", "sum(cosines)"),
    ),
    _cider(
        "references-glued",
        "You glue the references together into one vector. Each reference is compared for itself, and the mean of the "
        "cosines counts.",
        ("[cosine(u, vector(text)) for text in references[item]]", "[cosine(u, vector(sum(references[item], [])))]"),
    ),
    _cider(
        "single-words-only",
        "You use single words only. CIDEr takes the mean over n-grams of 1, 2, 3 and 4 words.",
        ("range(1, 5)", "range(1, 2)"),
        ("/ len(cosines) / 4", "/ len(cosines)"),
    ),
    _cider(
        "no-four-grams",
        "Your n goes to 3 only: range(1, 4) ends before 4.",
        ("range(1, 5)", "range(1, 4)"),
        ("/ len(cosines) / 4", "/ len(cosines) / 3"),
    ),
    _cider(
        "sum-over-n",
        "You add the four values of n. CIDEr is their mean.",
        ("/ len(cosines) / 4", "/ len(cosines)"),
    ),
    _cider(
        "only-n-that-exist",
        "You average over those n for which the text is long enough. All four count: a text without 4-grams gets 0 for "
        "them.",
        (
            "            scores[item] += sum(cosines) / len(cosines) / 4\n",
            "            top = max(1, min(4, len(candidates[item])))\n"
            "            scores[item] += sum(cosines) / len(cosines) / top\n",
        ),
    ),
    _cider(
        "times-ten",
        "Your scores go up to 10, as in the captioning programs. Here the scale is from 0 to 1.",
        ("/ len(cosines) / 4", "/ len(cosines) / 4 * 10"),
    ),
    _cider(
        "mean-over-items",
        "You return one number, the mean. The task asks for one number for each item.",
        ("    return scores\n", "    return sum(scores) / N\n"),
    ),
    _cider(
        "accents-deleted",
        "You delete the accents, so `avó` and `avo` count as the same word. Compare the words as they are.",
        (
            "    N = len(references)\n",
            "    import unicodedata\n\n"
            "    plain = lambda words: [unicodedata.normalize('NFD', w).encode('ascii', 'ignore').decode() for w in words]\n"
            "    candidates = [plain(c) for c in candidates]\n"
            "    references = [[plain(text) for text in texts] for texts in references]\n"
            "    N = len(references)\n",
        ),
    ),
]  # fmt: skip

# --- Kendall's tau -------------------------------------------------------------------------------------------------

_TAU_RIGHT = """def kendall_tau(x, y):
    if len(x) != len(y):
        raise ValueError("the lists have different lengths")
    C = D = Tx = Ty = 0
    for i, j in combinations(range(len(x)), 2):
        dx = (x[j] > x[i]) - (x[j] < x[i])
        dy = (y[j] > y[i]) - (y[j] < y[i])
        if dx * dy > 0:
            C += 1
        elif dx * dy < 0:
            D += 1
        if dx != 0:
            Tx += 1
        if dy != 0:
            Ty += 1
    if Tx == 0 or Ty == 0:
        return math.nan
    return (C - D) / math.sqrt(Tx * Ty)
"""


def _tau(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    see = f"{_NOTEBOOK}: Exercise 3: Kendall's tau"
    return made_in(_TAU_RIGHT, "metrics/kendall-tau", name, explanation, *changes, see=see)


_TAU = [
    _tau(
        "tau-a",
        "You divide by the number of all pairs: that is tau-a, which ties make small. Tau-b divides by the root of T_x "
        "times T_y, the pairs that each list decides.",
        ("math.sqrt(Tx * Ty)", "(len(x) * (len(x) - 1) / 2)"),
    ),
    _tau(
        "gamma",
        "You divide by the concordant and discordant pairs, which leaves out all ties (Goodman and Kruskal's gamma). Tau-b "
        "divides by the root of T_x times T_y.",
        ("    return (C - D) / math.sqrt(Tx * Ty)\n", "    return (C - D) / (C + D) if C + D else math.nan\n"),
    ),
    _tau(
        "ties-of-one-list",
        "You divide by the pairs that the first list decides. Both lists take part: the root of T_x times T_y.",
        ("math.sqrt(Tx * Ty)", "Tx"),
    ),
    _tau(
        "ties-of-the-other-list",
        "You divide by the pairs that the second list decides. Both lists take part: the root of T_x times T_y.",
        ("math.sqrt(Tx * Ty)", "Ty"),
    ),
    _tau(
        "no-root",
        "The root is missing: T_x times T_y is far too large a number. Divide by its square root.",
        ("math.sqrt(Tx * Ty)", "(Tx * Ty)"),
    ),
    _tau(
        "ties-as-concordant",
        "Your tied pairs count as concordant. They are neither concordant nor discordant.",
        ("if dx * dy > 0:", "if dx * dy >= 0:"),
    ),
    _tau(
        "ties-as-discordant",
        "Your tied pairs count as discordant: `else` catches them, too. They are neither.",
        ("elif dx * dy < 0:", "else:"),
    ),
    _tau(
        "decided-by-both",
        "Your T_x and T_y count only pairs that both lists decide. A pair that is tied in y still counts for T_x, and the "
        "other way round.",
        ("if dx != 0:", "if dx * dy != 0:"),
        ("if dy != 0:", "if dx * dy != 0:"),
    ),
    _tau(
        "ties-for-decided",
        "Your T_x and T_y count the tied pairs. They count the others: those that the list decides.",
        ("if dx != 0:", "if dx == 0:"),
        ("if dy != 0:", "if dy == 0:"),
    ),
    _tau(
        "neighbours-only",
        "You compare neighbours only. All pairs i < j count.",
        ("combinations(range(len(x)), 2)", "zip(range(len(x) - 1), range(1, len(x)))"),
    ),
    _tau(
        "share-of-concordant",
        "You return the share of concordant pairs. Tau subtracts the discordant ones: it goes from -1 to 1.",
        ("(C - D) /", "C /"),
    ),
    _tau(
        "sign-lost",
        "Your tau is never negative. The sign says whether the orders agree or contradict each other.",
        ("(C - D) /", "abs(C - D) /"),
    ),
    _tau(
        "pearson",
        "You computed Pearson's correlation, which depends on how large the numbers are. Tau uses their order alone: count "
        "pairs.",
        (
            "    return (C - D) / math.sqrt(Tx * Ty)\n",
            "    mx, my = sum(x) / len(x), sum(y) / len(y)\n"
            "    sxy = sum((a - mx) * (b - my) for a, b in zip(x, y))\n"
            "    return sxy / math.sqrt(sum((a - mx) ** 2 for a in x) * sum((b - my) ** 2 for b in y))\n",
        ),
    ),
    _tau(
        "spearman",
        "You correlated ranks (Spearman's rho). Kendall's tau counts concordant and discordant pairs.",
        (
            "    return (C - D) / math.sqrt(Tx * Ty)\n",
            "    rank = lambda v: [sum(b < a for b in v) + sum(b == a for b in v) / 2 for a in v]\n"
            "    x, y = rank(x), rank(y)\n"
            "    mx, my = sum(x) / len(x), sum(y) / len(y)\n"
            "    sxy = sum((a - mx) * (b - my) for a, b in zip(x, y))\n"
            "    return sxy / math.sqrt(sum((a - mx) ** 2 for a in x) * sum((b - my) ** 2 for b in y))\n",
        ),
    ),
    _tau(
        "no-nan",
        "If all numbers of a list are equal you divide by zero. Tau is not defined there: return `math.nan`.",
        ("    if Tx == 0 or Ty == 0:\n        return math.nan\n", ""),
    ),
    _tau(
        "zero-for-undefined",
        "You return 0 where a list decides nothing. 0 would say that the orders have nothing to do with each other; here "
        "there is no order, so return `math.nan`.",
        ("return math.nan", "return 0.0"),
    ),
    _tau(
        "lengths-not-checked",
        "Lists of different lengths are not refused. Raise a `ValueError`: something has gone wrong with the data.",
        (
            "    if len(x) != len(y):\n        raise ValueError(\"the lists have different lengths\")\n",
            "    size = min(len(x), len(y))\n    x, y = x[:size], y[:size]\n",
        ),
    ),
    _tau(
        "sorted-first",
        "You sort both lists for themselves, and then they agree perfectly. The numbers at the same place belong together.",
        ("    C = D =", "    x, y = sorted(x), sorted(y)\n    C = D ="),
    ),
]  # fmt: skip

MISTAKES: list[Mistake] = [*_METEOR, *_CIDER, *_TAU]
