"""Answers to exercise 3 of 02_what_metrics_miss: Kendall's tau."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
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

_RIGHT = """def kendall_tau(x, y):
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

_mistake = partial(made_in, _RIGHT, see="02_what_metrics_miss: Exercise 3: Kendall's tau")

MISTAKES = [
    _mistake(
        "tau-a",
        "You divide by the number of all pairs: that is tau-a, which ties make small. Tau-b divides by the root of T_x "
        "times T_y, the pairs that each list decides.",
        ("math.sqrt(Tx * Ty)", "(len(x) * (len(x) - 1) / 2)"),
    ),
    _mistake(
        "gamma",
        "You divide by the concordant and discordant pairs, which leaves out all ties (Goodman and Kruskal's gamma). Tau-b "
        "divides by the root of T_x times T_y.",
        ("    return (C - D) / math.sqrt(Tx * Ty)\n", "    return (C - D) / (C + D) if C + D else math.nan\n"),
    ),
    _mistake(
        "ties-of-one-list",
        "You divide by the pairs that the first list decides. Both lists take part: the root of T_x times T_y.",
        ("math.sqrt(Tx * Ty)", "Tx"),
    ),
    _mistake(
        "ties-of-the-other-list",
        "You divide by the pairs that the second list decides. Both lists take part: the root of T_x times T_y.",
        ("math.sqrt(Tx * Ty)", "Ty"),
    ),
    _mistake(
        "no-root",
        "The root is missing: T_x times T_y is far too large a number. Divide by its square root.",
        ("math.sqrt(Tx * Ty)", "(Tx * Ty)"),
    ),
    _mistake(
        "ties-as-concordant",
        "Your tied pairs count as concordant. They are neither concordant nor discordant.",
        ("if dx * dy > 0:", "if dx * dy >= 0:"),
    ),
    _mistake(
        "ties-as-discordant",
        "Your tied pairs count as discordant: `else` catches them, too. They are neither.",
        ("elif dx * dy < 0:", "else:"),
    ),
    _mistake(
        "decided-by-both",
        "Your T_x and T_y count only pairs that both lists decide. A pair that is tied in y still counts for T_x, and the "
        "other way round.",
        ("if dx != 0:", "if dx * dy != 0:"),
        ("if dy != 0:", "if dx * dy != 0:"),
    ),
    _mistake(
        "ties-for-decided",
        "Your T_x and T_y count the tied pairs. They count the others: those that the list decides.",
        ("if dx != 0:", "if dx == 0:"),
        ("if dy != 0:", "if dy == 0:"),
    ),
    _mistake(
        "neighbours-only",
        "You compare neighbours only. All pairs i < j count.",
        ("combinations(range(len(x)), 2)", "zip(range(len(x) - 1), range(1, len(x)))"),
    ),
    _mistake(
        "share-of-concordant",
        "You return the share of concordant pairs. Tau subtracts the discordant ones: it goes from -1 to 1.",
        ("(C - D) /", "C /"),
    ),
    _mistake(
        "sign-lost",
        "Your tau is never negative. The sign says whether the orders agree or contradict each other.",
        ("(C - D) /", "abs(C - D) /"),
    ),
    _mistake(
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
    _mistake(
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
    _mistake(
        "no-nan",
        "If all numbers of a list are equal you divide by zero. Tau is not defined there: return `math.nan`.",
        ("    if Tx == 0 or Ty == 0:\n        return math.nan\n", ""),
    ),
    _mistake(
        "zero-for-undefined",
        "You return 0 where a list decides nothing. 0 would say that the orders have nothing to do with each other; here "
        "there is no order, so return `math.nan`.",
        ("return math.nan", "return 0.0"),
    ),
    _mistake(
        "lengths-not-checked",
        "Lists of different lengths are not refused. Raise a `ValueError`: something has gone wrong with the data.",
        (
            '    if len(x) != len(y):\n        raise ValueError("the lists have different lengths")\n',
            "    size = min(len(x), len(y))\n    x, y = x[:size], y[:size]\n",
        ),
    ),
    _mistake(
        "sorted-first",
        "You sort both lists for themselves, and then they agree perfectly. The numbers at the same place belong together.",
        ("    C = D =", "    x, y = sorted(x), sorted(y)\n    C = D ="),
    ),
]
