"""Answers to exercise 3 of 04_using_the_classifier: reliability."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="bucketize",
        description="Borders and bucketize; sums by scatter.",
        code="""def reliability(probabilities, outcomes, bins):
    borders = torch.arange(1, bins) / bins
    place = torch.bucketize(probabilities, borders, right=True)
    count = torch.bincount(place, minlength=bins)
    said = torch.bincount(place, weights=probabilities.double(), minlength=bins)
    seen = torch.bincount(place, weights=outcomes.double(), minlength=bins)
    return [
        ((said[k] / count[k]).item(), (seen[k] / count[k]).item(), int(count[k])) for k in range(bins) if count[k] > 0
    ]
""",
    ),
    Alternative(
        name="plain-python",
        description="Dictionaries and plain numbers.",
        code="""def reliability(probabilities, outcomes, bins):
    boxes = {}
    for p, y in zip(probabilities.tolist(), outcomes.tolist()):
        box = boxes.setdefault(min(int(p * bins), bins - 1), [0.0, 0, 0])
        box[0] += p
        box[1] += y
        box[2] += 1
    return [(p / n, y / n, n) for _, (p, y, n) in sorted(boxes.items())]
""",
    ),
    Alternative(
        name="comparisons",
        description="Lower and upper border of each bin compared; the last one closed.",
        code="""def reliability(probabilities, outcomes, bins):
    found = []
    for k in range(bins):
        low, high = k / bins, (k + 1) / bins
        inside = (probabilities >= low) & ((probabilities < high) | (k == bins - 1))
        n = inside.sum().item()
        if n == 0:
            continue
        spam = (outcomes[inside] == 1).sum().item()
        found.append((float(probabilities[inside].sum()) / n, spam / n, n))
    return found
""",
    ),
]

_RIGHT = """def reliability(probabilities, outcomes, bins):
    number = (probabilities * bins).long().clamp(max=bins - 1)
    result = []
    for k in range(bins):
        mask = number == k
        if not mask.any():
            continue
        said = probabilities[mask].mean().item()
        seen = outcomes[mask].float().mean().item()
        result.append((said, seen, int(mask.sum())))
    return result
"""

_mistake = partial(made_in, _RIGHT, see="04_using_the_classifier: Exercise 3: reliability")

MISTAKES = [
    _mistake(
        "one-has-no-bin",
        "A probability of exactly 1 has no bin in your function and gets lost. It belongs to the last one.",
        (".clamp(max=bins - 1)", ""),
    ),
    _mistake(
        "one-too-many",
        "You have one bin more than was asked for, for the probability 1 alone. It belongs to the last one.",
        (".clamp(max=bins - 1)", ""),
        ("range(bins)", "range(bins + 1)"),
    ),
    _mistake(
        "rounded",
        "You round to the nearest border. A bin begins at its lower border: cut the fraction off.",
        ("(probabilities * bins).long()", "(probabilities * bins).round().long()"),
    ),
    _mistake(
        "border-to-the-lower-bin",
        "A probability on a border belongs to the upper bin: the lower border is part of a bin, the upper is not.",
        (
            "(probabilities * bins).long().clamp(max=bins - 1)",
            "((probabilities * bins).ceil().long() - 1).clamp(min=0)",
        ),
    ),
    _mistake(
        "empty-bins-kept",
        "You keep empty bins, with a mean of nothing. Leave them out.",
        ("        if not mask.any():\n            continue\n", ""),
    ),
    _mistake(
        "empty-bins-as-zeros",
        "You put zeros for empty bins. Leave them out.",
        ("            continue\n", "            result.append((0.0, 0.0, 0))\n            continue\n"),
    ),
    _mistake(
        "middle-of-the-bin",
        "You give the middle of the bin. It is the mean of the probabilities in it that is compared.",
        ("probabilities[mask].mean().item()", "(k + 0.5) / bins"),
    ),
    _mistake(
        "border-of-the-bin",
        "You give the border of the bin. It is the mean of the probabilities in it that is compared.",
        ("probabilities[mask].mean().item()", "k / bins"),
    ),
    _mistake(
        "right-answers-for-outcomes",
        "You give the share of right answers. It is the share of spam that is compared with the probability of spam.",
        ("outcomes[mask].float()", "((probabilities[mask] > 0.5).long() == outcomes[mask]).float()"),
    ),
    _mistake(
        "spam-not-share",
        "You count the spam in the bin. Its share is asked for.",
        ("outcomes[mask].float().mean()", "outcomes[mask].float().sum()"),
    ),
    _mistake(
        "exchanged",
        "The observed share stands first in your tuples. First comes what was predicted.",
        ("(said, seen,", "(seen, said,"),
    ),
    _mistake(
        "equal-counts",
        "Your bins hold equal numbers of messages. They should have equal width.",
        (
            "(probabilities * bins).long().clamp(max=bins - 1)",
            "(probabilities.argsort().argsort() * bins // len(probabilities))",
        ),
    ),
    _mistake(
        "range-of-the-data",
        "You stretch the bins over the probabilities that occur. They divide the range from 0 to 1.",
        (
            "(probabilities * bins)",
            "((probabilities - probabilities.min()) / (probabilities.max() - probabilities.min() + 1e-9) * bins)",
        ),
    ),
    _mistake(
        "always-ten-bins",
        "You always make ten bins. `bins` says how many.",
        ("    number =", "    bins = 10\n    number ="),
    ),
    _mistake(
        "confidence-for-probability",
        "You sort by the confidence in the answer. It is the probability of spam that is put into bins.",
        ("    number =", "    probabilities = torch.maximum(probabilities, 1 - probabilities)\n    number ="),
    ),
    _mistake(
        "share-of-all",
        "Your third number is the share of all messages. It is their count.",
        ("int(mask.sum())", "float(mask.float().mean())"),
    ),
]
