"""Known mistakes of chapter 1: counting, probabilities, perplexity, memory, and the quiz."""

from __future__ import annotations

from autograder.catalogue import Mistake, made_in

# --- notebook 1: bigram_counts -------------------------------------------------------------------------------------

_COUNTS_RIGHT = """def bigram_counts(tokens):
    counts = {}
    for first, second in zip(tokens, tokens[1:]):
        row = counts.setdefault(first, {})
        row[second] = row.get(second, 0) + 1
    return counts
"""


def _counts(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "01_what_is_a_language_model: Exercise 1: count the pairs"
    return made_in(_COUNTS_RIGHT, "ch01/bigram-counts", name, explanation, *changes, see=where)


_BIGRAM_COUNTS = [
    _counts(
        "turned-over",
        "Your table is turned over: `counts[first][second]` should say what comes AFTER `first`, and yours says what "
        "came before it.",
        ("for first, second in", "for second, first in"),
    ),
    _counts(
        "both-directions",
        "You count each pair in both directions. Order matters: `do re` in the text is no `re do`.",
        (
            "    return counts",
            "    for second, first in zip(tokens, tokens[1:]):\n"
            "        row = counts.setdefault(first, {})\n"
            "        row[second] = row.get(second, 0) + 1\n"
            "    return counts",
        ),
    ),
    _counts(
        "in-a-circle",
        "Your last token is followed by the first one. A text is no circle: the last token begins no pair.",
        ("tokens[1:])", "tokens[1:] + tokens[:1])"),
    ),
    _counts(
        "last-pair-lost",
        "Your loop ends one pair too early. A list of n tokens has n - 1 pairs, and the last one begins at index n - 2.",
        ("zip(tokens, tokens[1:])", "zip(tokens[:-2], tokens[1:])"),
    ),
    _counts(
        "first-pair-lost",
        "Your loop begins one pair too late: the first pair is the one of the first and the second token, at index 0.",
        ("zip(tokens, tokens[1:])", "zip(tokens[1:], tokens[2:])"),
    ),
    _counts(
        "every-second-pair",
        "You step over two tokens at a time, so half of the pairs are lost. Each token but the last begins a pair.",
        ("zip(tokens, tokens[1:])", "zip(tokens[::2], tokens[1::2])"),
    ),
    _counts(
        "two-places-further",
        "You pair each token with the one after the next. The pair that counts is a token and the one right after it.",
        ("tokens[1:]", "tokens[2:]"),
    ),
    _counts(
        "seen-or-not",
        "Your counts are never more than 1: each new pair overwrites the old count. Add one to what is there.",
        ("row.get(second, 0) + 1", "1"),
    ),
    _counts(
        "begins-at-zero",
        "Your count is 0 when a pair is seen for the first time, so all counts are one too small.",
        ("row.get(second, 0)", "row.get(second, -1)"),
    ),
    _counts(
        "begins-at-one",
        "Your count begins at 1 and then gets another one for the same place, so all counts are one too large.",
        ("row.get(second, 0)", "row.get(second, 1)"),
    ),
    _counts(
        "row-made-anew",
        "You make a new inner dictionary each time that a token comes, and what it held before is lost. Make one only "
        "when the token is new.",
        ("counts.setdefault(first, {})", "counts[first] = {}"),
    ),
    _counts(
        "small-letters",
        "You turn the tokens into small letters. They are to be taken as they are; `The` and `the` are two tokens.",
        ("zip(tokens, tokens[1:])", "zip([t.lower() for t in tokens], [t.lower() for t in tokens[1:]])"),
    ),
    _counts(
        "punctuation-dropped",
        "You throw away tokens without letters. A comma is a token like any other, and what it stands between are no "
        "neighbours.",
        ("    counts = {}", "    tokens = [t for t in tokens if any(c.isalpha() for c in t)]\n    counts = {}"),
    ),
    _counts(
        "repeats-skipped",
        "You leave out pairs of two equal tokens. A token may well follow itself, as in `ha ha ha`, and that counts.",
        ("        row = counts", "        if first == second:\n            continue\n        row = counts"),
    ),
    _counts(
        "flat-pairs",
        "Your dictionary has pairs as its keys. Here a dictionary of dictionaries is wanted, `counts[first][second]`, "
        "so that all that follows one word stands in one row.",
        (
            "        row = counts.setdefault(first, {})\n        row[second] = row.get(second, 0) + 1",
            "        counts[first, second] = counts.get((first, second), 0) + 1",
        ),
    ),
    _counts(
        "single-tokens",
        "You count single tokens. A bigram is a pair: for each token a dictionary of those that come right after it.",
        (
            "        row = counts.setdefault(first, {})\n        row[second] = row.get(second, 0) + 1",
            "        counts[first] = counts.get(first, 0) + 1",
        ),
    ),
    _counts(
        "beyond-the-end",
        "Your loop asks for the token after the last one, and there is none: it must end one place earlier.",
        (
            "for first, second in zip(tokens, tokens[1:]):",
            "for i, first in enumerate(tokens):\n        second = tokens[i + 1]",
        ),
    ),
    _counts(
        "list-changed",
        "Your function changes the list that it was given. Walk over it without taking tokens out.",
        (
            "for first, second in zip(tokens, tokens[1:]):",
            "while len(tokens) > 1:\n        first, second = tokens.pop(0), tokens[0]",
        ),
    ),
]

# --- notebook 1: bigram_probs --------------------------------------------------------------------------------------

_PROBS_RIGHT = """def bigram_probs(counts):
    probs = {}
    for word, row in counts.items():
        total = sum(row.values())
        if total == 0:
            continue
        probs[word] = {after: n / total for after, n in row.items()}
    return probs
"""


def _probs(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "01_what_is_a_language_model: Exercise 2: from counts to probabilities"
    return made_in(_PROBS_RIGHT, "ch01/bigram-probs", name, explanation, *changes, see=where)


_BIGRAM_PROBS = [
    _probs(
        "divided-by-all-pairs",
        "You divide by the number of all pairs of the text, so it is the whole table that sums to one. Each row is a "
        "distribution of its own: divide by the sum of the row.",
        ("sum(row.values())", "sum(sum(other.values()) for other in counts.values())"),
    ),
    _probs(
        "divided-by-row-length",
        "You divide by the number of different words in the row. What the counts must be divided by is their sum.",
        ("sum(row.values())", "len(row)"),
    ),
    _probs(
        "divided-by-largest",
        "You divide by the largest count of the row, so its best word gets probability 1 and the row sums to more.",
        ("sum(row.values())", "max(row.values(), default=0)"),
    ),
    _probs(
        "columns-instead-of-rows",
        "You divide by how often the SECOND word occurs. Given the first word, the row of the first word must sum to one.",
        ("n / total", "n / sum(other.get(after, 0) for other in counts.values()) if n else 0.0"),
    ),
    _probs(
        "whole-division",
        "`//` divides whole numbers and drops the rest, so almost every probability becomes 0. Use `/`.",
        ("n / total", "n // total"),
    ),
    _probs(
        "rounded",
        "You round the probabilities. Then the rows no longer sum to one, and rare words vanish. Round only when you print.",
        ("n / total", "round(n / total, 2)"),
    ),
    _probs(
        "per-cent",
        "Your rows sum to 100. A probability lies between 0 and 1.",
        ("n / total", "100 * n / total"),
    ),
    _probs(
        "add-one",
        "You add one to each count before dividing, which is add-one smoothing. This exercise asks for the plain "
        "maximum-likelihood estimate; smoothing may be there only if it is off by default.",
        ("sum(row.values())", "sum(row.values()) and sum(row.values()) + len(row)"),
        ("n / total", "(n + 1) / total"),
    ),
    _probs(
        "softmax",
        "You took the softmax of the counts. They are shares already once they are divided by their sum; e^count "
        "makes the frequent words far too probable.",
        ("    probs = {}", "    from math import exp\n\n    probs = {}"),
        (
            "{after: n / total for after, n in row.items()}",
            "{after: exp(n - max(row.values())) / sum(exp(m - max(row.values())) for m in row.values())"
            " for after, n in row.items()}",
        ),
    ),
    _probs(
        "even-shares",
        "All words of your row get the same probability: the counts are not used. A word that came three times as "
        "often should get three times the probability.",
        ("n / total", "1 / len(row)"),
    ),
    _probs(
        "empty-row-divides-by-zero",
        "A row without counts makes your function divide by zero. Look at the sum first, and leave such a row out.",
        ("        if total == 0:\n            continue\n", ""),
    ),
    _probs(
        "empty-row-evenly",
        "You give a row without any count even probabilities. Nothing is known about what follows that word: leave "
        "the row out or empty.",
        (
            "        if total == 0:\n            continue\n",
            "        if total == 0:\n            row, total = dict.fromkeys(row or counts, 1), len(row or counts)\n",
        ),
    ),
    _probs(
        "only-the-last-row",
        "Your `return` stands inside the loop, or your result is made anew for each word: one row only comes back.",
        ("        probs[word] = {", "        probs = {}\n        probs[word] = {"),
    ),
    _probs(
        "counts-changed",
        "Your function writes the probabilities into the counts that it was given. Build new inner dictionaries.",
        (
            "        probs[word] = {after: n / total for after, n in row.items()}",
            "        for after in row:\n            row[after] /= total\n        probs[word] = row",
        ),
    ),
    _probs(
        "running-sum",
        "Your numbers grow along the row: each one is the sum of all before it. Wanted is the share of each word alone.",
        (
            "        probs[word] = {after: n / total for after, n in row.items()}",
            "        probs[word], so_far = {}, 0\n"
            "        for after, n in row.items():\n"
            "            so_far += n\n"
            "            probs[word][after] = so_far / total",
        ),
    ),
    _probs(
        "logarithms",
        "Your function returns logarithms of the probabilities. Here the probabilities themselves are wanted.",
        ("    probs = {}", "    from math import log\n\n    probs = {}"),
        ("n / total for after, n in row.items()", "log(n / total) for after, n in row.items() if n"),
    ),
]

# --- notebook 1: most_likely_next ----------------------------------------------------------------------------------

_NEXT_RIGHT = """def most_likely_next(probs, word):
    row = probs.get(word)
    if not row:
        return None
    return min(row, key=lambda after: (-row[after], after))
"""


def _next(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "01_what_is_a_language_model: Exercise 3: a first prediction"
    return made_in(_NEXT_RIGHT, "ch01/most-likely-next", name, explanation, *changes, see=where)


_MOST_LIKELY = [
    _next(
        "last-in-the-alphabet",
        "Your function answers with the largest WORD of the row: `max` over a dictionary compares its keys. You want "
        "the word whose probability is largest.",
        ("min(row, key=lambda after: (-row[after], after))", "max(row)"),
    ),
    _next(
        "first-in-the-alphabet",
        "Your function answers with the first word of the alphabet, whatever its probability. The alphabet decides "
        "between equally probable words only.",
        ("(-row[after], after)", "after"),
    ),
    _next(
        "least-likely",
        "Your function answers with the LEAST likely word: turn the order of the probabilities round.",
        ("(-row[after], after)", "(row[after], after)"),
    ),
    _next(
        "first-seen-wins",
        "Between equally likely words yours takes the one that was put into the row first. The alphabet is to decide.",
        ("(-row[after], after)", "-row[after]"),
    ),
    _next(
        "last-of-the-ties",
        "Between equally likely words yours takes the LAST one of the alphabet, as `max` does with pairs of "
        "probability and word. The first one is wanted.",
        ("min(row, key=lambda after: (-row[after], after))", "max(row, key=lambda after: (row[after], after))"),
    ),
    _next(
        "probability-returned",
        "Your function returns the probability. The word that has it is wanted.",
        ("min(row, key=lambda after: (-row[after], after))", "max(row.values())"),
    ),
    _next(
        "pair-returned",
        "Your function returns a pair of word and probability. The word alone is wanted.",
        (
            "min(row, key=lambda after: (-row[after], after))",
            "min(row.items(), key=lambda pair: (-pair[1], pair[0]))",
        ),
    ),
    _next(
        "list-of-ties",
        "Your function returns a list of all best words. One word is wanted: the first of them in the alphabet.",
        (
            "min(row, key=lambda after: (-row[after], after))",
            "sorted(after for after in row if row[after] == max(row.values()))",
        ),
    ),
    _next(
        "unknown-word-raises",
        "A word that is not in the table makes your function fail. The answer for it is `None`; `dict.get` helps.",
        ("probs.get(word)", "probs[word]"),
    ),
    _next(
        "empty-row-raises",
        "A word whose row is empty makes your function fail, because `max` or `min` of nothing is an error. The "
        "answer for it is `None`.",
        ("if not row:", "if row is None:"),
    ),
    _next(
        "empty-text-for-unknown",
        'For an unknown word your function returns an empty text. The answer is `None`, so that it differs from the token "".',
        ("return None", 'return ""'),
    ),
    _next(
        "word-itself-for-unknown",
        "For an unknown word your function returns the word itself. The answer is `None`: the model has nothing to say.",
        ("return None", "return word"),
    ),
    _next(
        "best-of-the-whole-table",
        "Your function looks at all rows of the table, so its answer does not depend on the word. Look at the row of "
        "`word` only.",
        (
            "    return min(row, key=lambda after: (-row[after], after))",
            "    pairs = [(-p, after) for other in probs.values() for after, p in other.items()]\n"
            "    return min(pairs)[1]",
        ),
    ),
    _next(
        "row-left-behind",
        "Your function adds a row to the table when it is asked for an unknown word, as `setdefault` and `defaultdict` "
        "do. A question must not change the model.",
        ("probs.get(word)", "probs.setdefault(word, {})"),
    ),
    _next(
        "best-taken-out",
        "Your function takes the best word out of the table, so the next question gets another answer. Look without "
        "changing anything.",
        (
            "    return min(row, key=lambda after: (-row[after], after))",
            "    best = min(row, key=lambda after: (-row[after], after))\n    row.pop(best)\n    return best",
        ),
    ),
]

# --- notebook 2: perplexity ----------------------------------------------------------------------------------------

_PERPLEXITY_RIGHT = """def perplexity(probabilities):
    if len(probabilities) == 0:
        raise ValueError("no probabilities")
    if 0 in probabilities:
        return math.inf
    mean = sum(math.log(p) for p in probabilities) / len(probabilities)
    return math.exp(-mean)
"""


def _perplexity(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "02_measuring_a_language_model: Exercise 1: perplexity"
    return made_in(_PERPLEXITY_RIGHT, "ch01/perplexity", name, explanation, *changes, see=where)


_PERPLEXITY = [
    _perplexity(
        "two-bases",
        "Your logarithm has base 2, and your exponential base e. Either base will do, but it must be the same on the "
        "way in and on the way out: `math.log` with `math.exp`, or `math.log2` with `2 **`.",
        ("math.log(p)", "math.log2(p)"),
    ),
    _perplexity(
        "base-ten",
        "Your logarithm has base 10, and your exponential base e. Use `math.log`, the natural logarithm, with `math.exp`.",
        ("math.log(p)", "math.log10(p)"),
    ),
    _perplexity(
        "two-to-the-nats",
        "You raise 2 to a mean of natural logarithms. With `math.log` the way back is `math.exp`.",
        ("math.exp(-mean)", "2 ** -mean"),
    ),
    _perplexity(
        "sum-for-mean",
        "You take the sum of the logarithms where the mean is wanted: then every further token makes the number "
        "larger. Divide by the number of tokens.",
        (" / len(probabilities)", ""),
    ),
    _perplexity(
        "product-for-mean",
        "Your result is one over the probability of the whole text. Perplexity is taken per token: the N-th root of "
        "it, or the exponential of the MEAN surprise.",
        (
            "sum(math.log(p) for p in probabilities) / len(probabilities)\n    return math.exp(-mean)",
            "math.prod(probabilities)\n    return 1 / mean",
        ),
    ),
    _perplexity(
        "product-underflows",
        "You multiply all probabilities before you take the root. For a long text the product is too small for a "
        "computer and becomes 0: add logarithms instead.",
        (
            "sum(math.log(p) for p in probabilities) / len(probabilities)\n    return math.exp(-mean)",
            "math.prod(probabilities)\n    return mean ** (-1 / len(probabilities)) if mean else math.inf",
        ),
    ),
    _perplexity(
        "minus-forgotten",
        "The minus sign is missing, so your result is one over the perplexity. A perplexity is never below 1.",
        ("math.exp(-mean)", "math.exp(mean)"),
    ),
    _perplexity(
        "no-exponential",
        "You return the mean surprise, which is the cross-entropy or loss. The perplexity is its exponential.",
        ("math.exp(-mean)", "-mean"),
    ),
    _perplexity(
        "mean-of-probabilities",
        "You take the ordinary mean of the probabilities, and one over it. The mean is to be taken of their logarithms.",
        (
            "sum(math.log(p) for p in probabilities) / len(probabilities)\n    return math.exp(-mean)",
            "sum(probabilities) / len(probabilities)\n    return 1 / mean",
        ),
    ),
    _perplexity(
        "mean-of-inverses",
        "You take the ordinary mean of the numbers 1/p. Perplexity is their geometric mean: take logarithms, then the "
        "mean, then the exponential.",
        (
            "sum(math.log(p) for p in probabilities) / len(probabilities)\n    return math.exp(-mean)",
            "sum(1 / p for p in probabilities) / len(probabilities)\n    return mean",
        ),
    ),
    _perplexity(
        "zeros-left-out",
        "You leave out probabilities of zero. The model thought impossible what then happened: its surprise there is "
        "infinite, and so is the perplexity.",
        (
            "    if 0 in probabilities:\n        return math.inf\n",
            "    probabilities = [p for p in probabilities if p > 0] or [1.0]\n",
        ),
    ),
    _perplexity(
        "zero-raises",
        "A probability of zero ends in an error, because Python's `math.log` has no value there. Return `math.inf` in this case.",
        ("    if 0 in probabilities:\n        return math.inf\n", ""),
    ),
    _perplexity(
        "small-number-added",
        "You add a small number to each probability so that the logarithm does not fail. Then zero gives a finite "
        "perplexity, and tiny probabilities come out wrong.",
        ("    if 0 in probabilities:\n        return math.inf\n", ""),
        ("math.log(p)", "math.log(p + 1e-9)"),
    ),
    _perplexity(
        "zero-gives-zero",
        "For a probability of zero you return 0, which would be better than perfect. The surprise is infinite there: "
        "return `math.inf`.",
        ("math.inf", "0.0"),
    ),
    _perplexity(
        "one-token-less",
        "You divide by N - 1. That belongs to the variance of a sample; here it is the plain mean over N tokens.",
        ("len(probabilities)\n    return math", "max(len(probabilities) - 1, 1)\n    return math"),
    ),
    _perplexity(
        "empty-gives-one",
        "For an empty list you return a number. Without tokens there is no mean surprise: raise a `ValueError`.",
        ('raise ValueError("no probabilities")', "return 1.0"),
    ),
    _perplexity(
        "empty-divides-by-zero",
        "An empty list ends in a division by zero. Look at the length first, and raise a `ValueError` that says what is wrong.",
        ('    if len(probabilities) == 0:\n        raise ValueError("no probabilities")\n', ""),
    ),
    _perplexity(
        "middle-surprise",
        "You take the median of the surprises. It is their mean that counts: one bad guess among many shall be felt.",
        (
            "sum(math.log(p) for p in probabilities) / len(probabilities)",
            "math.log(sorted(probabilities)[len(probabilities) // 2])",
        ),
    ),
]

# --- notebook 2: estimate_memory -----------------------------------------------------------------------------------

_MEMORY_RIGHT = """def estimate_memory(parameters, dtype="float32", training=False, moments_dtype="float32"):
    size = {"float32": 4, "float16": 2, "bfloat16": 2, "int8": 1}
    for name in (dtype, moments_dtype):
        if name not in size:
            raise ValueError(f"unknown dtype {name}")
    total = parameters * size[dtype]
    if training:
        total += parameters * size[dtype]
        total += 2 * parameters * size[moments_dtype]
    return total
"""


def _memory(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "02_measuring_a_language_model: Exercise 2: will it fit?"
    return made_in(_MEMORY_RIGHT, "ch01/estimate-memory", name, explanation, *changes, see=where)


_ESTIMATE_MEMORY = [
    _memory(
        "bits",
        "Your result is in bits: `float32` has 32 bits, which are 4 bytes. The result shall be in bytes.",
        ("return total", "return 8 * total"),
    ),
    _memory(
        "megabytes",
        "Your result is in megabytes. It shall be in bytes; whoever calls the function can divide.",
        ("return total", "return total / 1e6"),
    ),
    _memory(
        "mebibytes",
        "Your result is in mebibytes, units of 2^20 bytes. It shall be in bytes; whoever calls the function can divide.",
        ("return total", "return total / 2**20"),
    ),
    _memory(
        "no-gradients",
        "You forgot the gradients: in training each parameter has one, of the dtype of the weights.",
        ("        total += parameters * size[dtype]\n", ""),
    ),
    _memory(
        "one-moment",
        "You count one moment. AdamW remembers two numbers for each parameter, the means of the gradient and of its square.",
        ("2 * parameters * size[moments_dtype]", "parameters * size[moments_dtype]"),
    ),
    _memory(
        "no-moments",
        "You count weights and gradients only. AdamW keeps two moments for each parameter as well.",
        ("        total += 2 * parameters * size[moments_dtype]\n", ""),
    ),
    _memory(
        "moments-like-weights",
        "You give the moments the dtype of the weights. They have their own, `moments_dtype`, and it is `float32` "
        "unless another one is given.",
        ("2 * parameters * size[moments_dtype]", "2 * parameters * size[dtype]"),
    ),
    _memory(
        "moments-always-float32",
        "You count four bytes for each moment, whatever `moments_dtype` says.",
        ("2 * parameters * size[moments_dtype]", "8 * parameters"),
    ),
    _memory(
        "gradients-like-moments",
        "You give the gradients the dtype of the moments. They have that of the weights.",
        ("total += parameters * size[dtype]", "total += parameters * size[moments_dtype]"),
    ),
    _memory(
        "weights-not-counted",
        "In training you count gradients and moments only. The weights are still there, too.",
        ("total += parameters * size[dtype]", "total = parameters * size[dtype]"),
    ),
    _memory(
        "training-ignored",
        "Your result does not depend on `training`: it always counts the weights alone.",
        ("if training:", "if False:"),
    ),
    _memory(
        "always-training",
        "Your result does not depend on `training`: a model that is only used has no gradients and no moments.",
        ("if training:", "if True:"),
    ),
    _memory(
        "bfloat16-is-four",
        "You count four bytes for `bfloat16`. It has the range of `float32`, but it has 16 bits, and that is two bytes.",
        ('"bfloat16": 2', '"bfloat16": 4'),
    ),
    _memory(
        "dtype-ignored",
        "You count four bytes for every weight, whatever `dtype` says.",
        ("total = parameters * size[dtype]", "total = parameters * 4"),
        ("total += parameters * size[dtype]", "total += parameters * 4"),
    ),
    _memory(
        "unknown-is-float32",
        "An unknown dtype is counted as if it were `float32`. A slip of the pen would go unnoticed: raise a `ValueError`.",
        (
            '    for name in (dtype, moments_dtype):\n        if name not in size:\n            raise ValueError(f"unknown dtype {name}")\n',
            "    size = defaultdict(lambda: 4, size)\n",
        ),
        ("    size = {", "    from collections import defaultdict\n\n    size = {"),
    ),
    _memory(
        "key-error",
        "An unknown dtype ends in a `KeyError`, the error of the dictionary. Raise a `ValueError` that says what is wrong.",
        (
            '    for name in (dtype, moments_dtype):\n        if name not in size:\n            raise ValueError(f"unknown dtype {name}")\n',
            "",
        ),
    ),
    _memory(
        "moments-dtype-unchecked",
        "You look at the name of `dtype` only; an unknown `moments_dtype` must be refused with a `ValueError`, too.",
        ("for name in (dtype, moments_dtype):", "for name in (dtype,):"),
    ),
]

# --- notebook 2: quiz ----------------------------------------------------------------------------------------------

_QUIZ_RIGHT = """def quiz():
    return {
        "q1": "c",
        "q2": "a",
        "q3": "d",
        "q4": "b",
        "q5": "b",
        "q6": "d",
        "q7": "a",
        "q8": "c",
    }
"""

# What to think about again, for every wrong answer to a question; the test's own message is about the option.
_QUIZ_POINTERS = {
    "q1": (
        "c",
        "01_what_is_a_language_model: Guess the next word",
        "Think again about question 1: what comes out of the formula at the beginning of notebook 1, and for how many words?",
    ),
    "q2": (
        "a",
        "01_what_is_a_language_model: Exercise 2: from counts to probabilities",
        "Think again about question 2: what are the numerator and the denominator of the fraction in this case?",
    ),
    "q3": (
        "d",
        "01_what_is_a_language_model: GPT and BERT",
        "Think again about question 3: which side of the text does each family see while it learns?",
    ),
    "q4": (
        "b",
        "01_what_is_a_language_model: Why transformers?",
        "Think again about question 4: what two drawbacks did recurrent networks have, and how does attention end them?",
    ),
    "q5": (
        "b",
        "01_what_is_a_language_model: Three stages",
        "Think again about question 5: what does *self-supervised* mean, and what is asked of the model in pre-training?",
    ),
    "q6": (
        "d",
        "02_measuring_a_language_model: A model that learns by heart",
        "Think again about question 6: perplexity is a mean per token. Are the tokens of the two models the same?",
    ),
    "q7": (
        "a",
        "02_measuring_a_language_model: Scores for what a model writes",
        "Think again about question 7: what does the score compare, and what does it never look at?",
    ),
    "q8": (
        "c",
        "02_measuring_a_language_model: Risks and limits",
        "Think again about question 8: what is the goal in training, the true text or the likely one?",
    ),
}


def _quiz(name: str, explanation: str, *changes: tuple[str, str]) -> Mistake:
    where = "02_measuring_a_language_model: Exercise 3: quiz"
    return made_in(_QUIZ_RIGHT, "ch01/quiz", name, explanation, *changes, see=where)


_QUIZ = [
    *(
        made_in(
            _QUIZ_RIGHT,
            "ch01/quiz",
            f"{question}-{wrong}",
            explanation,
            (f'"{question}": "{right}"', f'"{question}": "{wrong}"'),
            see=where,
        )
        for question, (right, where, explanation) in _QUIZ_POINTERS.items()
        for wrong in "abcd"
        if wrong != right
    ),
    _quiz(
        "one-question-left-out",
        "One question of yours has no answer. Write a letter for each; a guess costs nothing.",
        ('"q5": "b"', '"q5": ""'),
    ),
    _quiz(
        "words-for-letters",
        "Your answers are words. Write the letter that stands before the answer: a, b, c or d.",
        ('"q1": "c"', '"q1": "a probability for each token"'),
        ('"q2": "a"', '"q2": "0"'),
        ('"q3": "d"', '"q3": "BERT"'),
        ('"q4": "b"', '"q4": "attention"'),
        ('"q5": "b"', '"q5": "the text itself"'),
        ('"q6": "d"', '"q6": "cannot tell"'),
        ('"q7": "a"', '"q7": "shared words"'),
        ('"q8": "c"', '"q8": "plausibly"'),
    ),
    _quiz(
        "a-list-of-letters",
        "Your function returns a list. The form is a dictionary, so that each letter has the name of its question.",
        ("return {", "return list({"),
        ('"q8": "c",\n    }', '"q8": "c",\n    }.values())'),
    ),
]

MISTAKES = [
    *_BIGRAM_COUNTS,
    *_BIGRAM_PROBS,
    *_MOST_LIKELY,
    *_PERPLEXITY,
    *_ESTIMATE_MEMORY,
    *_QUIZ,
]
