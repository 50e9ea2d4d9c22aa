"""Answers to exercise 6 of 01_overlap_metrics: rouge_l."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, in_other_choices, made_in

ALTERNATIVES = [
    Alternative(
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

_RIGHT = """def rouge_l(candidate, reference):
    m, k = len(candidate), len(reference)
    L = [[0] * (k + 1) for _ in range(m + 1)]
    for i in range(1, m + 1):
        for j in range(1, k + 1):
            if candidate[i - 1] == reference[j - 1]:
                L[i][j] = L[i - 1][j - 1] + 1
            else:
                L[i][j] = max(L[i - 1][j], L[i][j - 1])
    s = L[m][k]
    if s == 0:
        return 0.0, 0.0, 0.0
    p, r = s / m, s / k
    return p, r, 2 * p * r / (p + r)
"""

_TABLE = _RIGHT[_RIGHT.index("    L = [[0]") : _RIGHT.index("    if s == 0")]

_mistake = partial(made_in, _RIGHT, see="01_overlap_metrics: Exercise 6: rouge_l")

MISTAKES = [
    _mistake(
        "substring-for-subsequence",
        "You find the longest common *substring*: your table starts anew at 0 where words differ. A subsequence may have "
        "gaps: take the larger of the cells above and to the left.",
        ("max(L[i - 1][j], L[i][j - 1])", "0"),
        ("s = L[m][k]", "s = max(map(max, L))"),
    ),
    _mistake(
        "last-cell-of-substrings",
        "You put 0 where words differ, and everything found before is lost. Take the larger of the cells above and to the "
        "left.",
        ("max(L[i - 1][j], L[i][j - 1])", "0"),
    ),
    _mistake(
        "common-words-without-order",
        "You count shared words in any order, which is ROUGE-1. The words of a subsequence stand in the same order.",
        (_TABLE, "    s = sum((Counter(candidate) & Counter(reference)).values())\n"),
    ),
    _mistake(
        "greedy",
        "You take the first place where a word fits and go on from there. A long jump at the beginning can cost all that "
        "comes between; the table tries all ways.",
        (
            _TABLE,
            "    s = at = 0\n"
            "    for word in candidate:\n"
            "        if word in reference[at:]:\n"
            "            at = reference.index(word, at) + 1\n"
            "            s += 1\n",
        ),
    ),
    _mistake(
        "difflib",
        "`difflib` finds matching blocks, the longest first, and these are not always the longest common subsequence. Fill "
        "the table.",
        (
            _TABLE,
            "    from difflib import SequenceMatcher\n\n"
            "    blocks = SequenceMatcher(None, candidate, reference, autojunk=False).get_matching_blocks()\n"
            "    s = sum(block.size for block in blocks)\n",
        ),
    ),
    _mistake(
        "candidate-inside-reference",
        "You compare place by place: word 1 with word 1, word 2 with word 2. One word put in shifts everything.",
        (_TABLE, "    s = sum(x == y for x, y in zip(candidate, reference))\n"),
    ),
    _mistake(
        "no-diagonal",
        "Where words are equal you add 1 to the cell above, so one word of the reference is paired with several of the "
        "candidate. Add it to the cell above to the left.",
        ("L[i - 1][j - 1] + 1", "L[i - 1][j] + 1"),
    ),
    _mistake(
        "left-cell-for-diagonal",
        "Where words are equal you add 1 to the cell on the left, so one word of the candidate is paired with several of "
        "the reference. Add it to the cell above to the left.",
        ("L[i - 1][j - 1] + 1", "L[i][j - 1] + 1"),
    ),
    _mistake(
        "above-only",
        "Where words differ you look only at the cell above. Either of the two words can go: take the larger of above and "
        "left.",
        ("max(L[i - 1][j], L[i][j - 1])", "L[i - 1][j]"),
    ),
    _mistake(
        "left-only",
        "Where words differ you look only at the cell on the left. Either of the two words can go: take the larger of "
        "above and left.",
        ("max(L[i - 1][j], L[i][j - 1])", "L[i][j - 1]"),
    ),
    _mistake(
        "smaller-of-both",
        "You take the smaller of the cells above and to the left. It is the *longest* common subsequence: `max`.",
        ("max(L[i - 1][j], L[i][j - 1])", "min(L[i - 1][j], L[i][j - 1])"),
    ),
    _mistake(
        "rows-are-one-list",
        "`[[0] * k] * m` holds the same row m times, so a change of one changes all. Make each row anew.",
        ("[[0] * (k + 1) for _ in range(m + 1)]", "[[0] * (k + 1)] * (m + 1)"),
    ),
    _mistake(
        "last-words-left-out",
        "Your loops end one word too early: the last row and the last column belong to the last words.",
        ("range(1, m + 1)", "range(1, m)"),
        ("range(1, k + 1)", "range(1, k)"),
        ("s = L[m][k]", "s = max(map(max, L))"),
    ),
    _mistake(
        "exponential-recursion",
        "You compute the same cells again and again: the time doubles with every word. Keep what is computed, in a table "
        "or with a cache.",
        (
            _TABLE,
            "    def lcs(i, j):\n"
            "        if i == 0 or j == 0:\n"
            "            return 0\n"
            "        if candidate[i - 1] == reference[j - 1]:\n"
            "            return lcs(i - 1, j - 1) + 1\n"
            "        return max(lcs(i - 1, j), lcs(i, j - 1))\n\n"
            "    s = lcs(m, k)\n",
        ),
    ),
    _mistake(
        "letters-for-words",
        "You compare letters: joined, the tokens lose their borders. The units are tokens.",
        ("    m, k = len", '    candidate, reference = " ".join(candidate), " ".join(reference)\n    m, k = len'),
    ),
    _mistake(
        "precision-and-recall-swapped",
        "Precision and recall have changed places: precision divides by the length of the candidate.",
        ("p, r = s / m, s / k", "p, r = s / k, s / m"),
    ),
    _mistake(
        "plain-mean",
        "Your F is the plain mean of precision and recall. It is the harmonic one, 2 P R / (P + R).",
        ("2 * p * r / (p + r)", "(p + r) / 2"),
    ),
    _mistake(
        "recall-for-f",
        "The third number is F, the harmonic mean of precision and recall. Yours is the recall.",
        ("2 * p * r / (p + r)", "r"),
    ),
    _mistake(
        "divided-by-zero",
        "Where nothing is shared or a text is empty you divide by zero. The numbers are 0 then.",
        ("    if s == 0:\n        return 0.0, 0.0, 0.0\n", ""),
    ),
    _mistake(
        "length-only",
        "You return the length of the subsequence. Divide it by the lengths of both texts: precision, recall, F.",
        ("return p, r, 2 * p * r / (p + r)", "return s"),
    ),
    _mistake(
        "accents-deleted",
        "You throw accents away. Tokens are compared as they are.",
        (
            "    m, k = len",
            '    plain = lambda w: "".join(c for c in unicodedata.normalize("NFD", w) if not unicodedata.combining(c))\n'
            "    candidate, reference = [plain(w) for w in candidate], [plain(w) for w in reference]\n"
            "    m, k = len",
        ),
    ),
]

# The larger of the two neighbours.
MISTAKES = in_other_choices(
    MISTAKES,
    ("L[i - 1][j] + 1", "max(L[i - 1][j], L[i][j - 1]) + 1"),
)
