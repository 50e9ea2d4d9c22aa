"""Answers to exercise 5 of 01_overlap_metrics: rouge_n."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="lengths-and-guards",
        description="Every division guarded by itself; Counter.total.",
        code="""def rouge_n(candidate, reference, n):
    c, r = Counter(ngrams(candidate, n)), Counter(ngrams(reference, n))
    match = (c & r).total()
    precision = match / c.total() if c else 0.0
    recall = match / r.total() if r else 0.0
    f = 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0
    return (precision, recall, f)
""",
    ),
    Alternative(
        name="own-ngrams",
        description="Own n-grams with zip, no Counter, the short formula of F, a list as the result.",
        code="""def rouge_n(candidate, reference, n):
    a = list(zip(*[candidate[i:] for i in range(n)]))
    b = list(zip(*[reference[i:] for i in range(n)]))
    s = sum(min(a.count(g), b.count(g)) for g in set(a))
    return [s / max(len(a), 1), s / max(len(b), 1), 2 * s / max(len(a) + len(b), 1)]
""",
    ),
    Alternative(
        name="dictionary-with-named-tuple",
        description="A dictionary of counts that is used up, a named tuple as the result.",
        code="""from collections import defaultdict, namedtuple

Rouge = namedtuple("Rouge", "precision recall fmeasure")


def rouge_n(candidate, reference, n):
    available = defaultdict(int)
    for gram in ngrams(reference, n):
        available[gram] += 1
    hits = 0
    for gram in ngrams(candidate, n):
        if available[gram] > 0:
            available[gram] -= 1
            hits += 1
    if not hits:
        return Rouge(0.0, 0.0, 0.0)
    p = hits / (len(candidate) - n + 1)
    r = hits / (len(reference) - n + 1)
    return Rouge(p, r, 2 / (1 / p + 1 / r))
""",
    ),
    Alternative(
        name="tensor",
        description="n-grams as strings with a separator, a tensor of the three numbers.",
        code="""def rouge_n(candidate, reference, n):
    def grams(tokens):
        return Counter("\\x00".join(tokens[k:k + n]) for k in range(max(0, len(tokens) - n + 1)))

    mine, theirs = grams(candidate), grams(reference)
    shared = sum(min(count, theirs[gram]) for gram, count in mine.items())
    p = torch.tensor(shared / max(1, sum(mine.values())), dtype=torch.float64)
    r = torch.tensor(shared / max(1, sum(theirs.values())), dtype=torch.float64)
    return torch.stack([p, r, torch.nan_to_num(2 * p * r / (p + r))])
""",
    ),
]

_RIGHT = """def rouge_n(candidate, reference, n):
    a = Counter(ngrams(candidate, n))
    b = Counter(ngrams(reference, n))
    shared = sum((a & b).values())
    if shared == 0:
        return 0.0, 0.0, 0.0
    p = shared / sum(a.values())
    r = shared / sum(b.values())
    f = 2 * p * r / (p + r)
    return p, r, f
"""

_mistake = partial(made_in, _RIGHT, see="01_overlap_metrics: Exercise 5: rouge_n")

MISTAKES = [
    _mistake(
        "precision-and-recall-swapped",
        "Precision and recall have changed places: precision divides by the n-grams of the candidate.",
        ("return p, r, f", "return r, p, f"),
    ),
    _mistake(
        "recall-for-f",
        "The third number is F, the harmonic mean of precision and recall. Yours is the recall.",
        ("return p, r, f", "return p, r, r"),
    ),
    _mistake(
        "plain-mean",
        "Your F is the plain mean of precision and recall. It is the harmonic one, 2 P R / (P + R).",
        ("2 * p * r / (p + r)", "(p + r) / 2"),
    ),
    _mistake(
        "sets-for-multisets",
        "You count different n-grams. An n-gram that both texts have twice is shared twice.",
        ("Counter(ngrams(candidate, n))", "Counter(set(ngrams(candidate, n)))"),
        ("Counter(ngrams(reference, n))", "Counter(set(ngrams(reference, n)))"),
    ),
    _mistake(
        "shared-as-a-set",
        "You count each shared n-gram once. One that both texts have twice is shared twice: add up the values of the "
        "counter.",
        ("sum((a & b).values())", "len(a & b)"),
    ),
    _mistake(
        "not-clipped",
        "You count every n-gram of the candidate that the reference has, however often. It is shared as often as both have "
        "it.",
        ("sum((a & b).values())", "sum(count for gram, count in a.items() if gram in b)"),
    ),
    _mistake(
        "clipped-on-the-wrong-side",
        "You count every n-gram of the reference that the candidate has. It is shared as often as both have it.",
        ("sum((a & b).values())", "sum(count for gram, count in b.items() if gram in a)"),
    ),
    _mistake(
        "divided-by-different-ngrams",
        "You divide by the number of different n-grams, which `len` of a counter gives. Divide by all of them.",
        ("sum(a.values())", "len(a)"),
        ("sum(b.values())", "len(b)"),
    ),
    _mistake(
        "divided-by-tokens",
        "You divide by the number of tokens. A text of l tokens has l - n + 1 n-grams.",
        ("sum(a.values())", "len(candidate)"),
        ("sum(b.values())", "len(reference)"),
    ),
    _mistake(
        "last-ngram-missing",
        "Your n-grams end one too early: a text of l tokens has l - n + 1 of them, so the last one starts at l - n.",
        ("ngrams(candidate, n)", "[tuple(candidate[i:i + n]) for i in range(len(candidate) - n)]"),
        ("ngrams(reference, n)", "[tuple(reference[i:i + n]) for i in range(len(reference) - n)]"),
    ),
    _mistake(
        "short-ngrams-at-the-end",
        "Your slices at the end of a text are shorter than n, and count as n-grams. There are only l - n + 1.",
        ("ngrams(candidate, n)", "[tuple(candidate[i:i + n]) for i in range(len(candidate))]"),
        ("ngrams(reference, n)", "[tuple(reference[i:i + n]) for i in range(len(reference))]"),
    ),
    _mistake(
        "without-overlap",
        "You cut the text into pieces side by side. n-grams overlap: one begins at every token.",
        ("ngrams(candidate, n)", "ngrams(candidate, n)[::n]"),
        ("ngrams(reference, n)", "ngrams(reference, n)[::n]"),
    ),
    _mistake(
        "glued-tokens",
        "You glue the tokens of an n-gram together, so a + bc and ab + c look the same. Use tuples, or a separator.",
        ("Counter(ngrams(candidate, n))", 'Counter(map("".join, ngrams(candidate, n)))'),
        ("Counter(ngrams(reference, n))", 'Counter(map("".join, ngrams(reference, n)))'),
    ),
    _mistake(
        "order-lost",
        'You sort the tokens of an n-gram, so "a b" and "b a" are the same for you. Their order counts.',
        ("Counter(ngrams(candidate, n))", "Counter(tuple(sorted(g)) for g in ngrams(candidate, n))"),
        ("Counter(ngrams(reference, n))", "Counter(tuple(sorted(g)) for g in ngrams(reference, n))"),
    ),
    _mistake(
        "single-words-always",
        "You count single words whatever n is.",
        ("ngrams(candidate, n)", "ngrams(candidate, 1)"),
        ("ngrams(reference, n)", "ngrams(reference, 1)"),
    ),
    _mistake(
        "up-to-n",
        "You count n-grams of all lengths up to n. ROUGE-N looks at one length.",
        ("ngrams(candidate, n)", "[g for k in range(1, n + 1) for g in ngrams(candidate, k)]"),
        ("ngrams(reference, n)", "[g for k in range(1, n + 1) for g in ngrams(reference, k)]"),
    ),
    _mistake(
        "divided-by-zero",
        "Where nothing is shared, or a text is shorter than n, you divide by zero. The numbers are 0 then.",
        ("    if shared == 0:\n        return 0.0, 0.0, 0.0\n", ""),
    ),
    _mistake(
        "f-only",
        "You return one number. All three are asked for: precision, recall, F.",
        ("return p, r, f", "return f"),
    ),
    _mistake(
        "accents-deleted",
        "You throw accents away. Tokens are compared as they are.",
        (
            "    a = Counter",
            '    plain = lambda w: "".join(c for c in unicodedata.normalize("NFD", w) if not unicodedata.combining(c))\n'
            "    candidate, reference = [plain(w) for w in candidate], [plain(w) for w in reference]\n"
            "    a = Counter",
        ),
    ),
]
