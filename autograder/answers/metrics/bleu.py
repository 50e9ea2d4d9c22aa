"""Answers to exercise 4 of 01_overlap_metrics: bleu."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
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
    Alternative(
        name="zero-without-ngrams",
        description="With smoothing, too, 0 where a corpus has no n-gram of some length.",
        code="""def bleu(candidates, references, max_n=4, smooth=False):
    precisions = []
    for n in range(1, max_n + 1):
        hit = total = 0
        for said, rights in zip(candidates, references):
            mine = Counter(ngrams(said, n))
            total += sum(mine.values())
            hit += sum(min(count, max(ngrams(r, n).count(gram) for r in rights)) for gram, count in mine.items())
        if total == 0:
            return 0.0
        extra = int(smooth and n > 1)
        precisions.append((hit + extra) / (total + extra))
    if min(precisions) == 0:
        return 0.0
    length = sum(map(len, candidates))
    wanted = 0
    for said, rights in zip(candidates, references):
        wanted += min(sorted(map(len, rights)), key=lambda size: abs(size - len(said)))
    penalty = 1.0 if length >= wanted else math.exp(1 - wanted / length)
    return penalty * math.prod(precisions) ** (1 / max_n)
""",
    ),
]

_RIGHT = """def bleu(candidates, references, max_n=4, smooth=False):
    match, total = [0] * (max_n + 1), [0] * (max_n + 1)
    c_len = r_len = 0
    for cand, refs in zip(candidates, references):
        c_len += len(cand)
        r_len += min((abs(len(r) - len(cand)), len(r)) for r in refs)[1]
        for n in range(1, max_n + 1):
            have = Counter(ngrams(cand, n))
            limit = Counter()
            for r in refs:
                limit = limit | Counter(ngrams(r, n))
            match[n] += sum((have & limit).values())
            total[n] += sum(have.values())
    logs = 0.0
    for n in range(1, max_n + 1):
        add = 1 if smooth and n > 1 else 0
        if match[n] + add == 0:
            return 0.0
        logs += math.log((match[n] + add) / (total[n] + add))
    bp = 1.0 if c_len >= r_len else math.exp(1 - r_len / c_len)
    return bp * math.exp(logs / max_n)
"""

_mistake = partial(made_in, _RIGHT, see="01_overlap_metrics: Exercise 4: bleu")

_CLOSEST = "min((abs(len(r) - len(cand)), len(r)) for r in refs)[1]"

MISTAKES = [
    _mistake(
        "not-clipped",
        "Your counts are not clipped: an n-gram counts at most as often as it occurs in a reference.",
        ("sum((have & limit).values())", "sum(count for gram, count in have.items() if gram in limit)"),
    ),
    _mistake(
        "sets-of-ngrams",
        "You count different n-grams. They count as often as they occur, clipped to the reference.",
        ("have = Counter(ngrams(cand, n))", "have = Counter(set(ngrams(cand, n)))"),
    ),
    _mistake(
        "counts-of-references-added",
        "You add up the counts of the references. The limit is the largest count in one of them: `|`, not `+`.",
        ("limit = limit | Counter", "limit = limit + Counter"),
    ),
    _mistake(
        "in-all-references",
        "You ask an n-gram to be in all references. One is enough: the largest count of them is the limit.",
        (
            "limit = limit | Counter(ngrams(r, n))",
            "limit = (limit & Counter(ngrams(r, n))) if r is not refs[0] else Counter(ngrams(r, n))",
        ),
    ),
    _mistake(
        "first-reference-only",
        "You look for n-grams in the first reference only.",
        ("for r in refs:\n", "for r in refs[:1]:\n"),
    ),
    _mistake(
        "shortest-reference",
        "Your reference length is the shortest. It is the one closest to the candidate's length.",
        (_CLOSEST, "min(len(r) for r in refs)"),
    ),
    _mistake(
        "longest-reference",
        "Your reference length is the longest. It is the one closest to the candidate's length.",
        (_CLOSEST, "max(len(r) for r in refs)"),
    ),
    _mistake(
        "length-of-the-first-reference",
        "Your reference length is that of the first reference. It is the one closest to the candidate's length.",
        (_CLOSEST, "len(refs[0])"),
    ),
    _mistake(
        "mean-reference-length",
        "Your reference length is the mean over the references. It is the one closest to the candidate's length.",
        (_CLOSEST, "sum(len(r) for r in refs) / len(refs)"),
    ),
    _mistake(
        "longer-of-two",
        "Of two references that are equally close in length you take the longer one. The shorter counts.",
        (_CLOSEST, "min((abs(len(r) - len(cand)), -len(r), len(r)) for r in refs)[2]"),
    ),
    _mistake(
        "first-of-two",
        "Of two references that are equally close in length you take the one that comes first. The shorter counts.",
        (_CLOSEST, "len(min(refs, key=lambda r: abs(len(r) - len(cand))))"),
    ),
    _mistake(
        "no-brevity-penalty",
        "The brevity penalty is missing: without it a single sure word is a perfect translation.",
        ("bp * math.exp(logs / max_n)", "math.exp(logs / max_n)"),
    ),
    _mistake(
        "penalty-upside-down",
        "Your brevity penalty has its fraction upside down: it is exp(1 - r / l).",
        ("1 - r_len / c_len", "1 - c_len / r_len"),
    ),
    _mistake(
        "penalty-for-long-ones",
        "Your penalty is for candidates that are too long. Precision sees to these; the penalty is for short ones.",
        ("c_len >= r_len", "c_len <= r_len"),
    ),
    _mistake(
        "penalty-always",
        "You apply exp(1 - r / l) to long candidates too, which rewards them. For l >= r the penalty is 1.",
        ("1.0 if c_len >= r_len else math.exp(1 - r_len / c_len)", "math.exp(1 - r_len / c_len)"),
    ),
    _mistake(
        "ratio-as-penalty",
        "Your penalty is the ratio of the lengths. It is exp(1 - r / l).",
        ("math.exp(1 - r_len / c_len)", "c_len / r_len"),
    ),
    _mistake(
        "plain-mean",
        "You take the plain mean of the precisions. It is the geometric mean, so that one bad precision is felt.",
        ("math.log((match[n] + add) / (total[n] + add))", "(match[n] + add) / (total[n] + add)"),
        ("math.exp(logs / max_n)", "logs / max_n"),
    ),
    _mistake(
        "root-forgotten",
        "You multiply the precisions and take no N-th root.",
        ("logs / max_n", "logs"),
    ),
    _mistake(
        "mean-of-sentences",
        "You compute BLEU for each sentence and take the mean. Matches, totals and lengths are summed over the corpus first.",
        (
            "def bleu(candidates, references, max_n=4, smooth=False):\n",
            "def bleu(candidates, references, max_n=4, smooth=False):\n"
            "    if len(candidates) > 1:\n"
            "        each = [bleu([c], [r], max_n, smooth) for c, r in zip(candidates, references)]\n"
            "        return sum(each) / len(each)\n",
        ),
    ),
    _mistake(
        "zero-matches-crash",
        "You take the logarithm of 0 where nothing matches, or divide by zero where a text is too short. BLEU is 0 then.",
        ("        if match[n] + add == 0:\n            return 0.0\n", ""),
    ),
    _mistake(
        "zero-precisions-skipped",
        "You leave out the n without a match. A precision of 0 makes the geometric mean 0.",
        ("            return 0.0\n", "            continue\n"),
    ),
    _mistake(
        "small-number-for-zero",
        "You put a small number in the place of a precision of 0, which is a smoothing. Without `smooth` BLEU is 0.",
        ("        if match[n] + add == 0:\n            return 0.0\n", ""),
        (
            "math.log((match[n] + add) / (total[n] + add))",
            "math.log(max(match[n] + add, 0.1) / max(total[n] + add, 1))",
        ),
        ("math.exp(1 - r_len / c_len)", "math.exp(1 - r_len / max(c_len, 1))"),
    ),
    _mistake(
        "smoothed-always",
        "You add one always. It is added only with `smooth=True`.",
        ("smooth and n > 1", "n > 1"),
    ),
    _mistake(
        "never-smoothed",
        "You do not use `smooth`: with it, one is added to the numerators and denominators for n >= 2.",
        ("1 if smooth and n > 1 else 0", "0"),
    ),
    _mistake(
        "smoothed-for-one-too",
        "You smooth the precision of single words too. One is added for n >= 2 only.",
        ("smooth and n > 1", "smooth"),
    ),
    _mistake(
        "only-the-numerator-smoothed",
        "You add one to the numerator only. Denominators get it too, so that a precision never exceeds 1.",
        ("total[n] + add", "max(total[n], 1)"),
    ),
    _mistake(
        "smoothed-for-each-sentence",
        "You add one for every sentence. It is added once, after the corpus has been summed up.",
        ("add = 1 if smooth and n > 1 else 0", "add = len(candidates) if smooth and n > 1 else 0"),
    ),
    _mistake(
        "always-four",
        "You always use n-grams up to 4. `max_n` says how long they get.",
        ("    match, total =", "    max_n = 4\n    match, total ="),
    ),
    _mistake(
        "longest-ngrams-only",
        "You use the longest n-grams only. BLEU is the geometric mean of the precisions for all n from 1 to N.",
        ("    logs = 0.0\n    for n in range(1, max_n + 1):", "    logs = 0.0\n    for n in [max_n] * max_n:"),
    ),
    _mistake(
        "one-n-too-few",
        "`range(1, max_n)` ends before `max_n`: the longest n-grams are missing.",
        ("    logs = 0.0\n    for n in range(1, max_n + 1):", "    logs = 0.0\n    for n in range(1, max_n):"),
    ),
    _mistake(
        "recall-for-precision",
        "You divide by the n-grams of the references. BLEU's denominators are those of the candidates.",
        ("total[n] += sum(have.values())", "total[n] += max(len(r) - n + 1 for r in refs) if have else 0"),
    ),
    _mistake(
        "hundred",
        "Your result goes to 100. Here all scores go from 0 to 1.",
        ("return bp *", "return 100 * bp *"),
    ),
    _mistake(
        "penalty-of-each-sentence",
        "Short sentences pay in your code even where others are long: the lengths are summed over the corpus, and one "
        "penalty is taken at the end.",
        ("    c_len = r_len = 0\n", "    c_len = r_len = 0\n    lost = 0.0\n"),
        (
            "        for n in range(1, max_n + 1):\n            have",
            "        near = min((abs(len(r) - len(cand)), len(r)) for r in refs)[1]\n"
            "        lost += min(0.0, 1 - near / max(len(cand), 1)) / len(candidates)\n"
            "        for n in range(1, max_n + 1):\n            have",
        ),
        ("1.0 if c_len >= r_len else math.exp(1 - r_len / c_len)", "math.exp(lost)"),
        ("        r_len += " + _CLOSEST + "\n", ""),
    ),
]
