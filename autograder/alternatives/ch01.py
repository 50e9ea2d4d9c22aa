"""Right answers of chapter 1 in other styles."""

from __future__ import annotations

from autograder.catalogue import Alternative

# --- notebook 1 ----------------------------------------------------------------------------------------------------

_NOTEBOOK_1 = [
    Alternative(
        exercise="ch01/bigram-counts",
        name="nested-defaultdict",
        description="A defaultdict of defaultdicts, and indices.",
        code="""def bigram_counts(tokens):
    table = defaultdict(lambda: defaultdict(int))
    for i in range(len(tokens) - 1):
        table[tokens[i]][tokens[i + 1]] += 1
    return table
""",
    ),
    Alternative(
        exercise="ch01/bigram-counts",
        name="counter-of-pairs",
        description="One Counter of pairs, unfolded into rows; the last token has an empty row.",
        code="""def bigram_counts(tokens: list[str]) -> dict[str, Counter]:
    rows = {token: Counter() for token in tokens}
    for (a, b), n in Counter(zip(tokens[:-1], tokens[1:])).items():
        rows[a][b] = n
    return rows
""",
    ),
    Alternative(
        exercise="ch01/bigram-counts",
        name="torch-table",
        description="A square tensor of counts over the sorted vocabulary, read out into dictionaries, zeros included.",
        code="""def bigram_counts(tokens):
    import torch

    vocab = sorted(set(tokens))
    ids = torch.tensor([vocab.index(t) for t in tokens], dtype=torch.long)
    table = torch.zeros(len(vocab), len(vocab), dtype=torch.long)
    table.index_put_((ids[:-1], ids[1:]), torch.ones(max(len(ids) - 1, 0), dtype=torch.long), accumulate=True)
    return {v: {w: table[i, j] for j, w in enumerate(vocab)} for i, v in enumerate(vocab)}
""",
    ),
    Alternative(
        exercise="ch01/bigram-counts",
        name="previous-remembered",
        description="One pass that remembers the token before, with if and else.",
        code="""def bigram_counts(tokens):
    counts = dict()
    previous = None
    for place, token in enumerate(tokens):
        if place > 0:
            if previous not in counts:
                counts[previous] = {}
            if token in counts[previous]:
                counts[previous][token] = counts[previous][token] + 1
            else:
                counts[previous][token] = 1
        previous = token
    return counts
""",
    ),
    Alternative(
        exercise="ch01/bigram-probs",
        name="comprehension",
        description="One nested comprehension; empty rows stay empty.",
        code="""def bigram_probs(counts):
    return {v: {w: c / sum(row.values()) for w, c in row.items() if c} for v, row in counts.items()}
""",
    ),
    Alternative(
        exercise="ch01/bigram-probs",
        name="torch-rows",
        description="Each row as a tensor in single precision, divided by its sum.",
        code="""def bigram_probs(counts):
    import torch

    out = {}
    for v, row in counts.items():
        values = torch.tensor([float(c) for c in row.values()])
        if values.sum() > 0:
            out[v] = dict(zip(row, (values / values.sum()).tolist()))
    return out
""",
    ),
    Alternative(
        exercise="ch01/bigram-probs",
        name="smoothing-off-by-default",
        description="Additive smoothing over the row as an argument that is 0 by default.",
        code="""def bigram_probs(counts, smoothing=0.0):
    probs = defaultdict(dict)
    for word in counts:
        denominator = sum(counts[word].values()) + smoothing * len(counts[word])
        for after in counts[word]:
            try:
                probs[word][after] = (counts[word][after] + smoothing) / denominator
            except ZeroDivisionError:
                probs[word][after] = 0.0
    return probs
""",
    ),
    Alternative(
        exercise="ch01/bigram-probs",
        name="copied-then-divided",
        description="A deep copy of the counts, divided in place, with numpy's sum.",
        code="""def bigram_probs(counts):
    import copy

    import numpy as np

    probs = copy.deepcopy(counts)
    for row in probs.values():
        total = np.sum(list(row.values()))
        for after in list(row):
            if total == 0:
                del row[after]
            else:
                row[after] = row[after] / total
    return probs
""",
    ),
    Alternative(
        exercise="ch01/most-likely-next",
        name="sorted-pairs",
        description="Sorts the pairs by falling probability and then by word.",
        code="""def most_likely_next(probs, word):
    if word not in probs or len(probs[word]) == 0:
        return None
    ranking = sorted(probs[word].items(), key=lambda item: (-item[1], item[0]))
    return ranking[0][0]
""",
    ),
    Alternative(
        exercise="ch01/most-likely-next",
        name="stable-max",
        description="Words sorted first, then max, which keeps the first of several largest.",
        code="""def most_likely_next(probs, word):
    row = probs.get(word, {})
    return max(sorted(row), key=row.get, default=None)
""",
    ),
    Alternative(
        exercise="ch01/most-likely-next",
        name="loop",
        description="A loop that keeps the best so far.",
        code="""def most_likely_next(probs, word):
    best_word, best_p = None, -1.0
    try:
        row = probs[word]
    except KeyError:
        return None
    for w, p in row.items():
        if p > best_p or (p == best_p and w < best_word):
            best_word, best_p = w, p
    return best_word
""",
    ),
    Alternative(
        exercise="ch01/most-likely-next",
        name="torch-argmax",
        description="torch.argmax over the words in alphabetical order.",
        code="""def most_likely_next(probs, word):
    import torch

    words = sorted(probs.get(word, ()))
    if not words:
        return None
    values = torch.tensor([probs[word][w] for w in words], dtype=torch.float64)
    return words[int((values == values.max()).nonzero()[0])]
""",
    ),
]

# --- notebook 2 ----------------------------------------------------------------------------------------------------

_NOTEBOOK_2 = [
    Alternative(
        exercise="ch01/perplexity",
        name="torch",
        description="Tensors in single precision; the logarithm of zero is minus infinity by itself.",
        code="""def perplexity(probabilities):
    if len(probabilities) == 0:
        raise ValueError("at least one probability, please")
    return torch.tensor(probabilities).log().mean().neg().exp()
""",
    ),
    Alternative(
        exercise="ch01/perplexity",
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
        exercise="ch01/perplexity",
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
        exercise="ch01/perplexity",
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
        exercise="ch01/perplexity",
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
    Alternative(
        exercise="ch01/estimate-memory",
        name="bytes-per-parameter",
        description="Adds up the bytes of one parameter first.",
        code="""def estimate_memory(parameters, dtype="float32", training=False, moments_dtype="float32"):
    table = dict(float32=4, float16=2, bfloat16=2, int8=1)
    try:
        weight, moment = table[dtype], table[moments_dtype]
    except KeyError as error:
        raise ValueError(f"{error} is no dtype that I know") from None
    return parameters * (weight + (weight + 2 * moment if training else 0))
""",
    ),
    Alternative(
        exercise="ch01/estimate-memory",
        name="torch-itemsize",
        description="Asks torch for the size of each dtype; returns a float.",
        code="""def estimate_memory(parameters, dtype="float32", training=False, moments_dtype="float32"):
    def size(name):
        if name not in {"float32", "float16", "bfloat16", "int8"}:
            raise ValueError(name)
        return torch.empty(0, dtype=getattr(torch, name)).element_size()

    kinds = [dtype, dtype, moments_dtype, moments_dtype] if training else [dtype]
    sizes = [size(name) for name in kinds]
    size(moments_dtype)
    return float(parameters) * sum(sizes)
""",
    ),
    Alternative(
        exercise="ch01/estimate-memory",
        name="bits-from-the-name",
        description="Reads the bits from the end of the name; refuses other names with if and elif.",
        code="""def estimate_memory(parameters, dtype="float32", training=False, moments_dtype="float32"):
    def width(name):
        if name.endswith("float32"):
            bits = 32
        elif name in ("float16", "bfloat16"):
            bits = 16
        elif name == "int8":
            bits = 8
        else:
            raise ValueError("unknown dtype: " + name)
        return bits // 8

    memory = parameters * width(dtype)
    if training is True:
        gradients = memory
        first = second = parameters * width(moments_dtype)
        memory = memory + gradients + first + second
    return memory
""",
    ),
    Alternative(
        exercise="ch01/estimate-memory",
        name="match",
        description="match and case, and the weights counted twice when training.",
        code="""def estimate_memory(parameters, dtype="float32", training=False, moments_dtype="float32"):
    def nbytes(kind):
        match kind:
            case "float32":
                return 4
            case "float16" | "bfloat16":
                return 2
            case "int8":
                return 1
            case _:
                raise ValueError(f"dtype {kind!r}")

    copies = 2 if training else 1
    moments = 2 if training else 0
    return copies * parameters * nbytes(dtype) + moments * parameters * nbytes(moments_dtype)
""",
    ),
    Alternative(
        exercise="ch01/quiz",
        name="form-filled-in",
        description="The form of the release with letters in it, capitals and brackets included.",
        code="""def quiz() -> dict[str, str]:
    answers = {
        "q1": "C",
        "q2": "a)",
        "q3": "(d)",
        "q4": "b",
        "q5": " B ",
        "q6": "d.",
        "q7": "A",
        "q8": "c",
    }
    return answers
""",
    ),
    Alternative(
        exercise="ch01/quiz",
        name="zip",
        description="A word of eight letters, zipped with the names of the questions.",
        code="""def quiz():
    return {f"q{number}": letter for number, letter in enumerate("cadbbdac", start=1)}
""",
    ),
    Alternative(
        exercise="ch01/quiz",
        name="keywords",
        description="dict with keywords.",
        code="""def quiz():
    return dict(q1="c", q2="a", q3="d", q4="b", q5="b", q6="d", q7="a", q8="c")
""",
    ),
]

ALTERNATIVES = [*_NOTEBOOK_1, *_NOTEBOOK_2]
