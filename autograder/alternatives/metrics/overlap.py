"""Right answers in other styles for the appendix on metrics, notebook 1: perplexity, exact match, F1, BLEU, ROUGE."""

from __future__ import annotations

from autograder.catalogue import Alternative

_PERPLEXITY = [
    Alternative(
        exercise="metrics/perplexity",
        name="python-numbers",
        description="Plain Python: lists, fsum and math.exp.",
        code="""def perplexity(log_probs, mask=None):
    logs = log_probs.double().reshape(-1).tolist()
    flags = [True] * len(logs) if mask is None else mask.reshape(-1).tolist()
    used = [value for value, flag in zip(logs, flags) if flag]
    if not used:
        raise ValueError("nothing to measure")
    return math.exp(-math.fsum(used) / len(used))
""",
    ),
    Alternative(
        exercise="metrics/perplexity",
        name="where-and-divide",
        description="Masked places become zeros with where; the sum is divided by the number of tokens that count.",
        code="""def perplexity(log_probs, mask=None):
    if mask is None:
        mask = torch.ones_like(log_probs, dtype=torch.bool)
    count = mask.sum()
    if count == 0:
        raise ValueError("empty mask")
    total = torch.where(mask, log_probs, torch.zeros_like(log_probs)).sum()
    return (-total / count).exp()
""",
    ),
    Alternative(
        exercise="metrics/perplexity",
        name="bits",
        description="Bits and two to the power of their mean, which is the same number; numpy.",
        code="""def perplexity(log_probs, mask=None):
    import numpy as np

    logs = log_probs.detach().numpy().astype(np.float64)
    logs = logs.ravel() if mask is None else logs[mask.numpy()]
    if logs.size == 0:
        raise ValueError("there is no token that counts")
    bits = -logs / np.log(2.0)
    return float(2.0 ** bits.mean())
""",
    ),
    Alternative(
        exercise="metrics/perplexity",
        name="masked-select-of-surprises",
        description="Surprises first, masked_select, a tensor with one element as the result.",
        code="""def perplexity(log_probs, mask=None):
    surprise = log_probs.neg()
    if mask is not None:
        surprise = torch.masked_select(surprise, mask)
    if surprise.numel() < 1:
        raise ValueError
    return surprise.double().mean().exp()
""",
    ),
]

_EXACT = [
    Alternative(
        exercise="metrics/exact-match",
        name="translation-table",
        description="str.translate with a table of all punctuation, a set of normalised answers.",
        code="""import sys

PUNCTUATION = dict.fromkeys(i for i in range(sys.maxunicode + 1) if unicodedata.category(chr(i))[0] == "P")


def tidy(text, articles):
    text = unicodedata.normalize("NFC", text.lower()).translate(PUNCTUATION)
    return " ".join(w for w in text.split() if w not in set(articles))


def exact_match(prediction, answers, articles=()):
    right = {tidy(answer, articles) for answer in answers}
    return 1.0 if tidy(prediction, articles) in right else 0.0
""",
    ),
    Alternative(
        exercise="metrics/exact-match",
        name="decomposed-all-the-way",
        description="Everything is compared in the decomposed form, marks included; a loop that returns early.",
        code="""def exact_match(prediction, answers, articles=()):
    def form(text):
        out = ""
        for c in unicodedata.normalize("NFD", text.lower()):
            if unicodedata.category(c) not in ("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"):
                out += c
        left = [unicodedata.normalize("NFD", a) for a in articles]
        return [w for w in out.split() if w not in left]

    guess = form(prediction)
    for answer in answers:
        if form(answer) == guess:
            return 1
    return 0
""",
    ),
    Alternative(
        exercise="metrics/exact-match",
        name="regular-expressions",
        description="Regular expressions on composed text: no signs but word characters and blanks, articles between word borders.",
        code="""import re


def exact_match(prediction, answers, articles=()):
    def norm(s):
        s = unicodedata.normalize("NFC", s).casefold()
        s = re.sub(r"[^\\w\\s]|_", "", s)
        if articles:
            s = re.sub(r"\\b(" + "|".join(map(re.escape, articles)) + r")\\b", " ", s)
        return re.sub(r"\\s+", " ", s).strip()

    return max(float(norm(a) == norm(prediction)) for a in answers)
""",
    ),
    Alternative(
        exercise="metrics/exact-match",
        name="true-or-false",
        description="Returns a truth value; filter and any.",
        code="""def exact_match(prediction, answers, articles=()):
    def steps(text):
        text = unicodedata.normalize("NFC", text.lower())
        letters = filter(lambda sign: "P" not in unicodedata.category(sign), text)
        return tuple(word for word in "".join(letters).split() if not word in articles)

    return steps(prediction) in [steps(one) for one in answers]
""",
    ),
]

_F1 = [
    Alternative(
        exercise="metrics/f1",
        name="sum-of-both-lengths",
        description="The short formula 2 s / (m + k), a max over a generator.",
        code="""def f1(prediction, answers, articles=()):
    def one(answer):
        a, b = answer_words(prediction, articles), answer_words(answer, articles)
        if not a and not b:
            return 1.0
        return 2 * (Counter(a) & Counter(b)).total() / (len(a) + len(b))

    return max(one(answer) for answer in answers)
""",
    ),
    Alternative(
        exercise="metrics/f1",
        name="crossing-out",
        description="No Counter: each shared word is removed from a copy of the other list.",
        code="""def f1(prediction, answers, articles=()):
    scores = []
    for answer in answers:
        left = answer_words(prediction, articles)
        rest = answer_words(answer, articles)
        size = len(rest)
        if len(left) == 0 or size == 0:
            scores.append(1.0 if len(left) == size else 0.0)
            continue
        same = 0
        for word in left:
            if word in rest:
                rest.remove(word)
                same += 1
        if same == 0:
            scores.append(0.0)
        else:
            p = same / len(left)
            r = same / size
            scores.append(2 / (1 / p + 1 / r))
    return max(scores)
""",
    ),
    Alternative(
        exercise="metrics/f1",
        name="sorted-merge",
        description="Both lists sorted and walked through together.",
        code="""def f1(prediction, answers, articles=()):
    best = 0.0
    a = sorted(answer_words(prediction, articles))
    for answer in answers:
        b = sorted(answer_words(answer, articles))
        i = j = s = 0
        while i < len(a) and j < len(b):
            if a[i] == b[j]:
                s, i, j = s + 1, i + 1, j + 1
            elif a[i] < b[j]:
                i += 1
            else:
                j += 1
        best = max(best, 2 * s / (len(a) + len(b)) if a or b else 1.0)
    return best
""",
    ),
    Alternative(
        exercise="metrics/f1",
        name="own-normalisation",
        description="Does the four steps itself; minimum of counts over the words of both.",
        code="""def f1(prediction, answers, articles=()):
    def cut(text):
        text = unicodedata.normalize("NFC", text).lower()
        text = "".join(c for c in text if unicodedata.category(c)[0] != "P")
        return [w for w in text.split() if w not in articles]

    def score(a, b):
        if not a or not b:
            return float(a == b)
        n = sum(min(a.count(w), b.count(w)) for w in set(a) | set(b))
        if n == 0:
            return 0.0
        precision, recall = n / len(a), n / len(b)
        return (2 * precision * recall) / (precision + recall)

    return max(score(cut(prediction), cut(answer)) for answer in answers)
""",
    ),
]

_BLEU = [
    Alternative(
        exercise="metrics/bleu",
        name="one-n-after-the-other",
        description="The loop over n outside, the corpus inside; brevity penalty as a factor, the product to the power 1/N.",
        code="""def bleu(candidates, references, max_n=4, smooth=False):
    c_len = sum(len(c) for c in candidates)
    r_len = 0
    for c, refs in zip(candidates, references):
        lengths = sorted(len(r) for r in refs)
        r_len += min(lengths, key=lambda length: abs(length - len(c)))
    product = 1.0
    for n in range(1, max_n + 1):
        match = total = 0
        for c, refs in zip(candidates, references):
            counts = Counter(ngrams(c, n))
            total += sum(counts.values())
            ref_counts = [Counter(ngrams(r, n)) for r in refs]
            for gram, count in counts.items():
                match += min(count, max(rc[gram] for rc in ref_counts))
        if smooth and n >= 2:
            match += 1
            total += 1
        if match == 0 or total == 0:
            return 0.0
        product *= match / total
    bp = 1.0 if c_len >= r_len else math.exp(1 - r_len / c_len)
    return bp * product ** (1 / max_n)
""",
    ),
    Alternative(
        exercise="metrics/bleu",
        name="dictionaries",
        description="Own n-grams and dictionaries, helper functions, no Counter.",
        code="""def tally(tokens, n):
    found = {}
    for i in range(len(tokens) - n + 1):
        key = tuple(tokens[i:i + n])
        found[key] = found.get(key, 0) + 1
    return found


def closest(size, sizes):
    best = None
    for other in sizes:
        if best is None or abs(other - size) < abs(best - size) or (abs(other - size) == abs(best - size) and other < best):
            best = other
    return best


def bleu(candidates, references, max_n=4, smooth=False):
    top, bottom = {}, {}
    ours = wanted = 0
    for index in range(len(candidates)):
        ours += len(candidates[index])
        wanted += closest(len(candidates[index]), [len(r) for r in references[index]])
        for n in range(1, max_n + 1):
            limits = {}
            for r in references[index]:
                for key, value in tally(r, n).items():
                    limits[key] = max(limits.get(key, 0), value)
            for key, value in tally(candidates[index], n).items():
                top[n] = top.get(n, 0) + min(value, limits.get(key, 0))
                bottom[n] = bottom.get(n, 0) + value
    logs = []
    for n in range(1, max_n + 1):
        extra = 1 if smooth and n > 1 else 0
        numerator = top.get(n, 0) + extra
        if numerator == 0:
            return 0.0
        logs.append(math.log(numerator) - math.log(bottom.get(n, 0) + extra))
    score = math.exp(sum(logs) / len(logs))
    if ours < wanted:
        score *= math.exp(1 - wanted / ours)
    return score
""",
    ),
    Alternative(
        exercise="metrics/bleu",
        name="tensors",
        description="Matches and totals as tensors, precisions and their mean logarithm in one go.",
        code="""def bleu(candidates, references, max_n=4, smooth=False):
    counts = torch.zeros(2, max_n, dtype=torch.float64)
    lengths = torch.zeros(2, dtype=torch.float64)
    for tokens, refs in zip(candidates, references):
        nearest = min((len(ref) for ref in refs), key=lambda k: (abs(k - len(tokens)), k))
        lengths += torch.tensor([len(tokens), nearest])
        for n in range(max_n):
            mine = Counter(ngrams(tokens, n + 1))
            limit = {}
            for ref in refs:
                limit = Counter(limit) | Counter(ngrams(ref, n + 1))
            counts[0, n] += sum(min(mine[g], limit[g]) for g in mine)
            counts[1, n] += max(len(tokens) - n, 0)
    if smooth:
        counts[:, 1:] += 1
    if not counts[0].all():
        return 0.0
    log_p = (counts[0] / counts[1]).log().mean()
    penalty = torch.clamp(1 - lengths[1] / lengths[0], max=0.0)
    return float((log_p + penalty).exp())
""",
    ),
    Alternative(
        exercise="metrics/bleu",
        name="lists-and-fractions",
        description="n-grams counted in lists, exact fractions until the root is taken.",
        code="""from fractions import Fraction


def bleu(candidates, references, max_n=4, smooth=False):
    if not any(candidates):
        return 0.0
    product = Fraction(1)
    for n in range(1, max_n + 1):
        num, den = (1, 1) if smooth and n != 1 else (0, 0)
        for cand, refs in zip(candidates, references):
            grams = ngrams(cand, n)
            den += len(grams)
            for gram in sorted(set(grams)):
                num += min(grams.count(gram), max(ngrams(ref, n).count(gram) for ref in refs))
        if not num:
            return 0.0
        product *= Fraction(num, den)
    a = sum(map(len, candidates))
    b = sum(min(map(len, refs), key=lambda s: 2 * abs(s - len(c)) + (s > len(c))) for c, refs in zip(candidates, references))
    return min(1.0, math.exp(1 - b / a)) * float(product) ** (1 / max_n)
""",
    ),
]

_ROUGE_N = [
    Alternative(
        exercise="metrics/rouge-n",
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
        exercise="metrics/rouge-n",
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
        exercise="metrics/rouge-n",
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
        exercise="metrics/rouge-n",
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

_ROUGE_L = [
    Alternative(
        exercise="metrics/rouge-l",
        name="two-rows",
        description="Only the last row of the table is kept.",
        code="""def rouge_l(candidate, reference):
    row = [0] * (len(reference) + 1)
    for token in candidate:
        new = [0]
        for j, other in enumerate(reference):
            new.append(row[j] + 1 if token == other else max(new[-1], row[j + 1]))
        row = new
    s = row[-1]
    p = s / len(candidate) if candidate else 0.0
    r = s / len(reference) if reference else 0.0
    f = 2 * p * r / (p + r) if s else 0.0
    return p, r, f
""",
    ),
    Alternative(
        exercise="metrics/rouge-l",
        name="recursion-with-memory",
        description="The recursive definition from the end, with a cache.",
        code="""from functools import lru_cache


def rouge_l(candidate, reference):
    @lru_cache(maxsize=None)
    def lcs(i, j):
        if i == len(candidate) or j == len(reference):
            return 0
        if candidate[i] == reference[j]:
            return 1 + lcs(i + 1, j + 1)
        return max(lcs(i + 1, j), lcs(i, j + 1))

    length = lcs(0, 0)
    if length == 0:
        return (0.0, 0.0, 0.0)
    precision = length / len(candidate)
    recall = length / len(reference)
    return precision, recall, 2 / (1 / precision + 1 / recall)
""",
    ),
    Alternative(
        exercise="metrics/rouge-l",
        name="bits",
        description="A row of the table as the bits of one integer (Hyyrö 2004).",
        code="""def rouge_l(candidate, reference):
    places = {}
    for j, token in enumerate(reference):
        places[token] = places.get(token, 0) | (1 << j)
    full = (1 << len(reference)) - 1
    v = full
    for token in candidate:
        u = v & places.get(token, 0)
        v = ((v + u) | (v - u)) & full
    s = len(reference) - bin(v).count("1")
    both = len(candidate) + len(reference)
    return s / max(len(candidate), 1), s / max(len(reference), 1), 2 * s / max(both, 1)
""",
    ),
    Alternative(
        exercise="metrics/rouge-l",
        name="numpy-table",
        description="A numpy table filled from the bottom right, one maximum for all three neighbours.",
        code="""import numpy as np


def rouge_l(candidate, reference):
    m, k = len(candidate), len(reference)
    L = np.zeros((m + 1, k + 1), dtype=int)
    for i in range(m - 1, -1, -1):
        for j in range(k - 1, -1, -1):
            L[i, j] = max(L[i + 1, j], L[i, j + 1], L[i + 1, j + 1] + (candidate[i] == reference[j]))
    s = int(L[0, 0])
    if s == 0:
        return [0, 0, 0]
    p, r = s / m, s / k
    return [p, r, 2 * p * r / (p + r)]
""",
    ),
]

ALTERNATIVES: list[Alternative] = [*_PERPLEXITY, *_EXACT, *_F1, *_BLEU, *_ROUGE_N, *_ROUGE_L]
