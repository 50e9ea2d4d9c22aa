"""Answers to exercise 1 of 03_training_a_classifier: accuracy, with its interval."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="roots-of-the-quadratic",
        description="The interval's ends as roots of the quadratic equation.",
        code="""def accuracy(logits, labels, z=1.96):
    n = labels.numel()
    if not n:
        raise ValueError("empty")
    k = torch.eq(logits.max(dim=1).indices, labels).sum().item()
    a, b, c = n + z**2, -(2 * k + z**2), k**2 / n
    root = math.sqrt(max(b**2 - 4 * a * c, 0.0))
    return k / n, (-b - root) / (2 * a), (-b + root) / (2 * a)
""",
    ),
    Alternative(
        name="added-successes",
        description="Wilson's middle as the share after z²/2 more right and wrong answers each; clamped.",
        code="""def accuracy(logits, labels, z=1.96):
    right = sum(int(row.argmax()) == int(label) for row, label in zip(logits, labels))
    n = len(labels)
    if n < 1:
        raise ValueError(f"{n} messages")
    wrong = n - right
    middle = (right + z * z / 2) / (n + z * z)
    reach = z / (n + z * z) * (right * wrong / n + z * z / 4) ** 0.5
    return right / n, max(0.0, middle - reach), min(1.0, middle + reach)
""",
    ),
    Alternative(
        name="numpy-softmax",
        description="Probabilities first, numpy in float64.",
        code="""def accuracy(logits, labels, z=1.96):
    import numpy as np

    said = torch.softmax(logits, dim=-1).numpy().argmax(axis=-1)
    if said.size == 0:
        raise ValueError("nothing to measure")
    p, n = float(np.mean(said == labels.numpy())), said.size
    d = 1 + z**2 / n
    low, high = ((p + z**2 / (2 * n)) + sign * z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) for sign in (-1, 1))
    return p, float(low / d), float(high / d)
""",
    ),
]

_RIGHT = """def accuracy(logits, labels, z=1.96):
    n = len(labels)
    if n == 0:
        raise ValueError("no messages")
    p = (logits.argmax(dim=1) == labels).double().mean().item()
    shrink = 1 + z * z / n
    centre = (p + z * z / (2 * n)) / shrink
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / shrink
    return p, centre - half, centre + half
"""

_mistake = partial(made_in, _RIGHT, see="03_training_a_classifier: Exercise 1: accuracy, with its interval")

MISTAKES = [
    _mistake(
        "walds-interval",
        "Yours is Wald's interval, the estimate plus and minus z standard deviations. Near 1 it is far too narrow, and it "
        "can leave the range from 0 to 1. Wilson's has a shifted middle and a factor.",
        ("return p, centre - half, centre + half", "d = z * math.sqrt(p * (1 - p) / n)\n    return p, p - d, p + d"),
    ),
    _mistake(
        "walds-interval-clipped",
        "Yours is Wald's interval, cut off at 0 and 1. For ten right answers of ten it has no width at all. Use Wilson's.",
        (
            "return p, centre - half, centre + half",
            "d = z * math.sqrt(p * (1 - p) / n)\n    return p, max(0.0, p - d), min(1.0, p + d)",
        ),
    ),
    _mistake(
        "around-the-estimate",
        "Your interval lies around the estimate. Wilson's lies around its own middle, which is pulled a little towards one half.",
        ("centre - half, centre + half", "p - half, p + half"),
    ),
    _mistake(
        "factor-missing",
        "The factor 1 / (1 + z² / n) is missing.",
        ("shrink = 1 + z * z / n", "shrink = 1"),
    ),
    _mistake(
        "factor-on-the-middle-only",
        "You apply the factor to the middle and not to the reach. It multiplies both.",
        ("(4 * n * n)) / shrink", "(4 * n * n))"),
    ),
    _mistake(
        "n-not-squared",
        "Under the root the second term is z² / (4 n²), and yours has n without its square.",
        ("(4 * n * n)", "(4 * n)"),
    ),
    _mistake(
        "half-instead-of-quarter",
        "Under the root the second term is z² / (4 n²), and yours is divided by 2 n².",
        ("(4 * n * n)", "(2 * n * n)"),
    ),
    _mistake(
        "middle-not-shifted",
        "The term z² / (2 n) of the middle is missing.",
        ("p + z * z / (2 * n)", "p"),
    ),
    _mistake(
        "z-fixed",
        "Your interval always uses 1.96. The argument `z` says how far it reaches.",
        ("    n = len(labels)\n", "    n, z = len(labels), 1.96\n"),
    ),
    _mistake(
        "z-not-squared",
        "In the middle z stands squared: z² / (2 n).",
        ("p + z * z / (2 * n)", "p + z / (2 * n)"),
    ),
    _mistake(
        "ends-exchanged",
        "You return the upper end first. The order is share, lower end, upper end.",
        ("centre - half, centre + half", "centre + half, centre - half"),
    ),
    _mistake(
        "in-per-cent",
        "You return per cent. The numbers go from 0 to 1.",
        ("return p, centre - half, centre + half", "return 100 * p, 100 * (centre - half), 100 * (centre + half)"),
    ),
    _mistake(
        "argmax-over-the-messages",
        "You take the largest over the messages. Each message has its own answer: the largest over the classes, `dim=1`.",
        ("argmax(dim=1)", "argmax(dim=0)[: 1]"),
    ),
    _mistake(
        "second-logit-above-zero",
        "You call a message spam when its second logit is above 0. What counts is which logit is larger.",
        ("logits.argmax(dim=1)", "(logits[:, 1] > 0).long()"),
    ),
    _mistake(
        "smallest-logit",
        "You take the smallest logit for the answer. It is the largest.",
        ("argmax", "argmin"),
    ),
    _mistake(
        "nothing-is-no-error",
        "Without messages you return a share of 0. There is nothing to measure: raise a ValueError.",
        ('raise ValueError("no messages")', "return 0.0, 0.0, 1.0"),
    ),
    _mistake(
        "share-as-tensor",
        "Your share is a tensor. `.item()` makes it a plain number.",
        (".double().mean().item()", ".double().mean()"),
    ),
]
