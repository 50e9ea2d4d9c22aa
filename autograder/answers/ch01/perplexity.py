"""Answers to exercise 1 of 02_measuring_a_language_model: perplexity."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="torch",
        description="Tensors in single precision; the logarithm of zero is minus infinity by itself.",
        code="""def perplexity(probabilities):
    if len(probabilities) == 0:
        raise ValueError("at least one probability, please")
    return torch.tensor(probabilities).log().mean().neg().exp()
""",
    ),
    Alternative(
        name="bits",
        description="Base 2 on the way in and on the way out.",
        code="""def perplexity(probabilities):
    n = len(probabilities)
    if n < 1:
        raise ValueError("empty")
    bits = 0.0
    for p in probabilities:
        if p <= 0:
            return float("inf")
        bits += math.log2(1 / p)
    return 2 ** (bits / n)
""",
    ),
    Alternative(
        name="numpy",
        description="numpy, with its warning for zeros switched off.",
        code="""def perplexity(probabilities):
    import numpy as np

    p = np.asarray(probabilities, dtype=float)
    if p.size == 0:
        raise ValueError("no probabilities were given")
    with np.errstate(divide="ignore"):
        return float(np.exp(-np.mean(np.log(p))))
""",
    ),
    Alternative(
        name="geometric-mean",
        description="The geometric mean of 1/p, as roots that are multiplied, so that nothing becomes too large.",
        code="""def perplexity(probabilities):
    if not len(probabilities):
        raise ValueError
    try:
        return math.prod((1 / p) ** (1 / len(probabilities)) for p in probabilities)
    except ZeroDivisionError:
        return math.inf
""",
    ),
    Alternative(
        name="statistics-module",
        description="geometric_mean of the standard library, one over it.",
        code="""def perplexity(probabilities):
    from statistics import geometric_mean

    if any(p == 0 for p in probabilities):
        return math.inf
    try:
        return 1 / geometric_mean(probabilities)
    except Exception as error:
        raise ValueError("perplexity of nothing") from error
""",
    ),
]

_RIGHT = """def perplexity(probabilities):
    if len(probabilities) == 0:
        raise ValueError("no probabilities")
    if 0 in probabilities:
        return math.inf
    mean = sum(math.log(p) for p in probabilities) / len(probabilities)
    return math.exp(-mean)
"""

_mistake = partial(made_in, _RIGHT, see="02_measuring_a_language_model: Exercise 1: perplexity")

MISTAKES = [
    _mistake(
        "two-bases",
        "Your logarithm has base 2, and your exponential base e. Either base will do, but it must be the same on the "
        "way in and on the way out: `math.log` with `math.exp`, or `math.log2` with `2 **`.",
        ("math.log(p)", "math.log2(p)"),
    ),
    _mistake(
        "base-ten",
        "Your logarithm has base 10, and your exponential base e. Use `math.log`, the natural logarithm, with `math.exp`.",
        ("math.log(p)", "math.log10(p)"),
    ),
    _mistake(
        "two-to-the-nats",
        "You raise 2 to a mean of natural logarithms. With `math.log` the way back is `math.exp`.",
        ("math.exp(-mean)", "2 ** -mean"),
    ),
    _mistake(
        "sum-for-mean",
        "You take the sum of the logarithms where the mean is wanted: then every further token makes the number "
        "larger. Divide by the number of tokens.",
        (" / len(probabilities)", ""),
    ),
    _mistake(
        "product-for-mean",
        "Your result is one over the probability of the whole text. Perplexity is taken per token: the N-th root of "
        "it, or the exponential of the MEAN surprise.",
        (
            "sum(math.log(p) for p in probabilities) / len(probabilities)\n    return math.exp(-mean)",
            "math.prod(probabilities)\n    return 1 / mean",
        ),
    ),
    _mistake(
        "product-underflows",
        "You multiply all probabilities before you take the root. For a long text the product is too small for a "
        "computer and becomes 0: add logarithms instead.",
        (
            "sum(math.log(p) for p in probabilities) / len(probabilities)\n    return math.exp(-mean)",
            "math.prod(probabilities)\n    return mean ** (-1 / len(probabilities)) if mean else math.inf",
        ),
    ),
    _mistake(
        "minus-forgotten",
        "The minus sign is missing, so your result is one over the perplexity. A perplexity is never below 1.",
        ("math.exp(-mean)", "math.exp(mean)"),
    ),
    _mistake(
        "no-exponential",
        "You return the mean surprise, which is the cross-entropy or loss. The perplexity is its exponential.",
        ("math.exp(-mean)", "-mean"),
    ),
    _mistake(
        "mean-of-probabilities",
        "You take the ordinary mean of the probabilities, and one over it. It is the mean of their logarithms that "
        "counts.",
        (
            "sum(math.log(p) for p in probabilities) / len(probabilities)\n    return math.exp(-mean)",
            "sum(probabilities) / len(probabilities)\n    return 1 / mean",
        ),
    ),
    _mistake(
        "mean-of-inverses",
        "You take the ordinary mean of the numbers 1/p. Perplexity is their geometric mean: take logarithms, then the "
        "mean, then the exponential.",
        (
            "sum(math.log(p) for p in probabilities) / len(probabilities)\n    return math.exp(-mean)",
            "sum(1 / p for p in probabilities) / len(probabilities)\n    return mean",
        ),
    ),
    _mistake(
        "zeros-left-out",
        "You leave out probabilities of zero. The model thought impossible what then happened: its surprise there is "
        "infinite, and so is the perplexity.",
        (
            "    if 0 in probabilities:\n        return math.inf\n",
            "    probabilities = [p for p in probabilities if p > 0] or [1.0]\n",
        ),
    ),
    _mistake(
        "zero-raises",
        "A probability of zero ends in an error, because Python's `math.log` has no value there. Return `math.inf` in this case.",
        ("    if 0 in probabilities:\n        return math.inf\n", ""),
    ),
    _mistake(
        "small-number-added",
        "You add a small number to each probability so that the logarithm does not fail. Then zero gives a finite "
        "perplexity, and tiny probabilities come out wrong.",
        ("    if 0 in probabilities:\n        return math.inf\n", ""),
        ("math.log(p)", "math.log(p + 1e-9)"),
    ),
    _mistake(
        "zero-gives-zero",
        "For a probability of zero you return 0, which would be better than perfect. The surprise is infinite there: "
        "return `math.inf`.",
        ("math.inf", "0.0"),
    ),
    _mistake(
        "one-token-less",
        "You divide by N - 1. That belongs to the variance of a sample; here it is the plain mean over N tokens.",
        ("len(probabilities)\n    return math", "max(len(probabilities) - 1, 1)\n    return math"),
    ),
    _mistake(
        "empty-gives-one",
        "For an empty list you return a number. Without tokens there is no mean surprise: raise a `ValueError`.",
        ('raise ValueError("no probabilities")', "return 1.0"),
    ),
    _mistake(
        "empty-divides-by-zero",
        "An empty list ends in a division by zero. Look at the length first, and raise a `ValueError` that says what is wrong.",
        ('    if len(probabilities) == 0:\n        raise ValueError("no probabilities")\n', ""),
    ),
    _mistake(
        "middle-surprise",
        "You take the median of the surprises. It is their mean that counts: one bad guess among many should be felt.",
        (
            "sum(math.log(p) for p in probabilities) / len(probabilities)",
            "math.log(sorted(probabilities)[len(probabilities) // 2])",
        ),
    ),
]
