"""Right answers of the metrics' second notebook in other styles: METEOR, CIDEr, Kendall's tau."""

from __future__ import annotations

from autograder.catalogue import Alternative

_METEOR = [
    Alternative(
        exercise="metrics/meteor",
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
        exercise="metrics/meteor",
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
        exercise="metrics/meteor",
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
        exercise="metrics/meteor",
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

_CIDER = [
    Alternative(
        exercise="metrics/cider",
        name="base-two-and-shares",
        description="Logarithm to base 2 and counts divided by the text's length: the cosine does not see either.",
        code="""def cider(candidates, references):
    result = []
    for candidate, texts in zip(candidates, references):
        total = 0.0
        for n in range(1, 5):
            df = Counter(g for item in references for g in set().union(*(count_ngrams(t, n).keys() for t in item)))

            def tfidf(words):
                counts = count_ngrams(words, n)
                size = sum(counts.values())
                return {g: c / size * (math.log2(len(references)) - math.log2(max(1.0, df[g]))) for g, c in counts.items()}

            a = tfidf(candidate)
            for text in texts:
                b = tfidf(text)
                lengths = sum(x**2 for x in a.values()) * sum(x**2 for x in b.values())
                if lengths:
                    total += sum(a[g] * b.get(g, 0) for g in a) / lengths**0.5 / len(texts)
        result.append(total / 4)
    return result
""",
    ),
    Alternative(
        exercise="metrics/cider",
        name="matrices",
        description="numpy: one matrix of counts per n, rows made unit vectors.",
        code="""def cider(candidates, references):
    import numpy as np

    texts = [*candidates, *(text for group in references for text in group)]
    owner = np.array([item for item, group in enumerate(references) for _ in group])
    N = len(references)
    scores = np.zeros(N)
    for n in (1, 2, 3, 4):
        tallies = [count_ngrams(text, n) for text in texts]
        index = {gram: column for column, gram in enumerate(dict.fromkeys(g for tally in tallies for g in tally))}
        if not index:
            continue
        counts = np.zeros((len(texts), len(index)))
        for row, tally in enumerate(tallies):
            for gram, count in tally.items():
                counts[row, index[gram]] = count
        inside = np.stack([(counts[N:][owner == item] > 0).any(axis=0) for item in range(N)])
        vectors = counts * np.log(N / np.clip(inside.sum(axis=0), 1, None))
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        units = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)
        for item in range(N):
            scores[item] += (units[N:][owner == item] @ units[item]).mean() / 4
    return scores.tolist()
""",
    ),
    Alternative(
        exercise="metrics/cider",
        name="all-n-at-once",
        description="One Counter for all n-grams of a text, split by n in the end; strings as keys; no count_ngrams.",
        code="""def cider(candidates, references):
    def tally(words):
        return Counter("\\t".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, min(i + 4, len(words)) + 1))

    books = [[tally(text) for text in texts] for texts in references]
    df = Counter()
    for book in books:
        for gram in set().union(*book):
            df[gram] += 1
    idf = lambda gram: math.log(len(books)) - math.log(df[gram] or 1)

    def cosines(a, b):
        for tabs in range(4):
            u = {g: c * idf(g) for g, c in a.items() if g.count("\\t") == tabs}
            v = {g: c * idf(g) for g, c in b.items() if g.count("\\t") == tabs}
            try:
                yield sum(u[g] * v[g] for g in u.keys() & v.keys()) / math.hypot(*u.values()) / math.hypot(*v.values())
            except ZeroDivisionError:
                yield 0.0

    out = []
    for words, book in zip(candidates, books):
        mine = tally(words)
        found = [value for other in book for value in cosines(mine, other)]
        out.append(math.fsum(found) / len(found))
    return out
""",
    ),
    Alternative(
        exercise="metrics/cider",
        name="torch",
        description="torch's cosine_similarity on vectors over the n-grams of the two texts.",
        code="""def cider(candidates, references):
    import torch

    scores = torch.zeros(len(candidates), dtype=torch.float64)
    for n in range(1, 5):
        grams_of_items = [{g for text in texts for g in count_ngrams(text, n)} for texts in references]
        for item, (candidate, texts) in enumerate(zip(candidates, references)):
            for text in texts:
                a, b = count_ngrams(candidate, n), count_ngrams(text, n)
                grams = list(a | b)
                df = torch.tensor([sum(g in one for one in grams_of_items) for g in grams], dtype=torch.float64)
                idf = torch.log(len(references) / df.clamp(min=1))
                u = torch.tensor([a[g] for g in grams], dtype=torch.float64) * idf
                v = torch.tensor([b[g] for g in grams], dtype=torch.float64) * idf
                scores[item] += torch.cosine_similarity(u, v, dim=0, eps=1e-12) / (4 * len(texts))
    return scores.tolist()
""",
    ),
]

_TAU = [
    Alternative(
        exercise="metrics/kendall-tau",
        name="numpy-signs",
        description="Matrices of signs of all differences.",
        code="""def kendall_tau(x, y):
    import numpy as np

    if len(x) != len(y):
        raise ValueError("different lengths")
    x, y = np.array(x, dtype=float), np.array(y, dtype=float)
    a, b = np.sign(x[:, None] - x), np.sign(y[:, None] - y)
    below = np.sqrt((a**2).sum() * (b**2).sum())
    return float((a * b).sum() / below) if below > 0 else float("nan")
""",
    ),
    Alternative(
        exercise="metrics/kendall-tau",
        name="ties-subtracted",
        description="All pairs less the ties, which are counted from the sizes of groups of equal numbers.",
        code="""def kendall_tau(x, y):
    k = len(x)
    if k != len(y):
        raise ValueError(f"{k} and {len(y)}")
    pairs = k * (k - 1) // 2
    tied_x = sum(t * (t - 1) // 2 for t in Counter(x).values())
    tied_y = sum(t * (t - 1) // 2 for t in Counter(y).values())
    if tied_x == pairs or tied_y == pairs:
        return math.nan
    order = sorted(zip(x, y))
    score = 0
    for place, (a, b) in enumerate(order):
        for c, d in order[place + 1 :]:
            if c > a:
                score += (d > b) - (d < b)
    return score / math.sqrt((pairs - tied_x) * (pairs - tied_y))
""",
    ),
    Alternative(
        exercise="metrics/kendall-tau",
        name="both-ways",
        description="Every pair in both orders: all three counts are doubled, so the quotient stays; two roots.",
        code="""def kendall_tau(x, y):
    if len(x) != len(y):
        raise ValueError("x and y must have the same length")
    agree = against = in_x = in_y = 0
    for a, b in zip(x, y):
        for c, d in zip(x, y):
            if (a < c and b < d) or (a > c and b > d):
                agree += 1
            if (a < c and b > d) or (a > c and b < d):
                against += 1
            in_x += a != c
            in_y += b != d
    try:
        return (agree - against) / (in_x**0.5 * in_y**0.5)
    except ZeroDivisionError:
        return math.nan
""",
    ),
]

ALTERNATIVES: list[Alternative] = [*_METEOR, *_CIDER, *_TAU]
