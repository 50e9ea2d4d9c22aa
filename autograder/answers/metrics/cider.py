"""Answers to exercise 2 of 02_what_metrics_miss: CIDEr."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
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

_RIGHT = """def cider(candidates, references):
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

_mistake = partial(made_in, _RIGHT, see="02_what_metrics_miss: Exercise 2: CIDEr")

MISTAKES = [
    _mistake(
        "one-document-idf",
        "Your document frequencies come from one item's references alone. They count over the references of all items: "
        "what is rare is decided by the whole corpus.",
        (
            "            u = vector(candidates[item])\n",
            "            df = Counter(set().union(*(count_ngrams(text, n) for text in references[item])))\n"
            "            u = vector(candidates[item])\n",
        ),
    ),
    _mistake(
        "no-idf",
        "Your n-grams all weigh the same. Each count is multiplied by ln(N / d), so that what occurs everywhere counts for "
        "nothing.",
        ("c * math.log(N / max(1, df[g]))", "c"),
    ),
    _mistake(
        "texts-counted-for-items",
        "Your document frequency counts references. It counts items: an n-gram in three references of the same item "
        "counts once.",
        ("            df.update(seen)\n", ""),
        (
            "                seen.update(count_ngrams(text, n))\n",
            "                df.update(set(count_ngrams(text, n)))\n",
        ),
    ),
    _mistake(
        "n-of-texts",
        "Your N is the number of references. It is the number of items.",
        ("c * math.log(N /", "c * math.log(sum(map(len, references)) /"),
    ),
    _mistake(
        "words-counted-for-items",
        "Your document frequency counts every occurrence. An item counts once, however often the n-gram is in its "
        "references.",
        ("            df.update(seen)\n", ""),
        ("                seen.update(count_ngrams(text, n))\n", "                df.update(count_ngrams(text, n))\n"),
    ),
    _mistake(
        "candidates-in-the-frequency",
        "Your document frequency counts the candidates, too. Only references count: what is rare must not depend on the "
        "system that is judged.",
        (
            "        for texts in references:\n",
            "        for texts in [[c, *r] for c, r in zip(candidates, references)]:\n",
        ),
    ),
    _mistake(
        "frequency-of-the-candidates",
        "Your document frequencies come from the candidates. They come from the references.",
        ("        for texts in references:\n", "        for texts in [[c] for c in candidates]:\n"),
    ),
    _mistake(
        "smoothed-idf",
        "You smooth the weights, as in some libraries. Here they are ln(N / max(1, d)): an n-gram that occurs with every "
        "item weighs exactly 0.",
        ("math.log(N / max(1, df[g]))", "(math.log((1 + N) / (1 + df[g])) + 1)"),
    ),
    _mistake(
        "one-added",
        "You add 1 to the document frequency. The formula has max(1, d), which changes only the 0.",
        ("max(1, df[g])", "(1 + df[g])"),
    ),
    _mistake(
        "unknown-left-out",
        "You leave out the candidate's n-grams that no reference has. They share nothing, but they make its vector longer, "
        "so that padding costs something: treat them as if they occurred with one item.",
        ("for g, c in counts.items()}", "for g, c in counts.items() if g in df}"),
    ),
    _mistake(
        "sets-for-multisets",
        "Your vectors only know whether an n-gram occurs. They hold how often it occurs, times its weight.",
        ("c * math.log", "math.log"),
    ),
    _mistake(
        "zero-vectors",
        "A vector of zeros, or an empty one, makes you divide by zero. Its cosine is 0 here.",
        ("            if length_u == 0 or length_v == 0:\n                return 0.0\n", ""),
    ),
    _mistake(
        "product-without-lengths",
        "Your vectors are multiplied and not divided by their lengths, so long texts get large scores. The cosine has the "
        "product of both lengths below.",
        ("dot / (length_u * length_v)", "dot"),
    ),
    _mistake(
        "best-reference",
        "You take the best reference. CIDEr asks for consensus: the mean over all references.",
        ("sum(cosines) / len(cosines)", "max(cosines)"),
    ),
    _mistake(
        "references-summed",
        "You add the cosines of all references and do not divide by their number.",
        ("sum(cosines) / len(cosines)", "sum(cosines)"),
    ),
    _mistake(
        "references-glued",
        "You glue the references together into one vector. Each reference is compared for itself, and the mean of the "
        "cosines counts.",
        ("[cosine(u, vector(text)) for text in references[item]]", "[cosine(u, vector(sum(references[item], [])))]"),
    ),
    _mistake(
        "single-words-only",
        "You use single words only. CIDEr takes the mean over n-grams of 1, 2, 3 and 4 words.",
        ("range(1, 5)", "range(1, 2)"),
        ("/ len(cosines) / 4", "/ len(cosines)"),
    ),
    _mistake(
        "no-four-grams",
        "Your n goes to 3 only: range(1, 4) ends before 4.",
        ("range(1, 5)", "range(1, 4)"),
        ("/ len(cosines) / 4", "/ len(cosines) / 3"),
    ),
    _mistake(
        "sum-over-n",
        "You add the four values of n. CIDEr is their mean.",
        ("/ len(cosines) / 4", "/ len(cosines)"),
    ),
    _mistake(
        "only-n-that-exist",
        "You average over those n for which the text is long enough. All four count: a text without 4-grams gets 0 for "
        "them.",
        (
            "            scores[item] += sum(cosines) / len(cosines) / 4\n",
            "            top = max(1, min(4, len(candidates[item])))\n"
            "            scores[item] += sum(cosines) / len(cosines) / top\n",
        ),
    ),
    _mistake(
        "times-ten",
        "Your scores go up to 10, as in the captioning programs. Here the scale is from 0 to 1.",
        ("/ len(cosines) / 4", "/ len(cosines) / 4 * 10"),
    ),
    _mistake(
        "mean-over-items",
        "You return one number, the mean. The task asks for one number for each item.",
        ("    return scores\n", "    return sum(scores) / N\n"),
    ),
    _mistake(
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
]
