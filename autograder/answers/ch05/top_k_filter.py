"""Answers to exercise 2 of 04_decoding: top-k."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="scatter",
        description="The k best values scattered into rows of -inf: exactly k stay, also among ties.",
        code="""def top_k_filter(logits, k):
    values, places = torch.topk(logits, min(k, logits.shape[-1]), dim=-1)
    return torch.full_like(logits, -torch.inf).scatter_(-1, places, values)
""",
    ),
    Alternative(
        name="ranks",
        description="The rank of each token by sorting twice.",
        code="""def top_k_filter(logits, k):
    ranks = logits.argsort(dim=1, descending=True).argsort(dim=1)
    return torch.where(ranks < k, logits, float("-inf"))
""",
    ),
    Alternative(
        name="kth-value",
        description="kthvalue from below gives the threshold; in place in a copy.",
        code="""def top_k_filter(logits, k):
    V = logits.shape[1]
    if k >= V:
        return logits
    threshold = logits.kthvalue(V - k + 1, dim=1, keepdim=True).values
    out = logits.clone()
    out[out < threshold] = -math.inf
    return out
""",
    ),
    Alternative(
        name="lists",
        description="Plain Python on lists, row by row; -1e9 for -inf.",
        code="""def top_k_filter(logits, k):
    rows = []
    for row in logits.tolist():
        best = set(sorted(range(len(row)), key=row.__getitem__)[-k:])
        rows.append([value if place in best else -1e9 for place, value in enumerate(row)])
    return torch.tensor(rows, dtype=logits.dtype)
""",
    ),
]

_RIGHT = """def top_k_filter(logits, k):
    k = min(k, logits.size(-1))
    top_logits, _ = torch.topk(logits, k)
    min_val = top_logits[:, -1:]
    return torch.where(logits < min_val, torch.tensor(float("-inf")), logits)
"""

_mistake = partial(made_in, _RIGHT, see="04_decoding: Exercise 2: top-k")

MISTAKES = [
    _mistake(
        "threshold-without-dimension",
        "Your thresholds have the shape (B), so that they are compared with the columns. Beside the rows they need the shape "
        "(B, 1): slice with `[:, -1:]`.",
        ("top_logits[:, -1:]", "top_logits[:, -1]"),
    ),
    _mistake(
        "threshold-of-the-first-row",
        "All rows are compared with the threshold of the first one. Each row has its own.",
        ("top_logits[:, -1:]", "top_logits[0, -1]"),
    ),
    _mistake(
        "threshold-of-the-batch",
        "Your threshold is the smallest of all rows' thresholds, so that rows with larger logits keep too much. Each row has "
        "its own.",
        ("top_logits[:, -1:]", "top_logits[:, -1:].min()"),
    ),
    _mistake(
        "best-of-the-whole-batch",
        "You look for the k best of the whole batch. Each row keeps its own k.",
        (
            "    k = min(k, logits.size(-1))\n    top_logits, _ = torch.topk(logits, k)\n    min_val = top_logits[:, -1:]\n",
            "    k = min(k, logits.numel())\n    top_logits, _ = torch.topk(logits.flatten(), k)\n    min_val = top_logits[-1]\n",
        ),
    ),
    _mistake(
        "best-of-each-column",
        "You look for the k best of each column, across the texts. The vocabulary is the last dimension.",
        (
            "    k = min(k, logits.size(-1))\n    top_logits, _ = torch.topk(logits, k)\n    min_val = top_logits[:, -1:]\n",
            "    k = min(k, logits.size(0))\n    top_logits, _ = torch.topk(logits, k, dim=0)\n    min_val = top_logits[-1:]\n",
        ),
    ),
    _mistake(
        "too-large-k-crashes",
        "When k is larger than the vocabulary, `topk` raises an error. Nothing should be cut then: limit k.",
        ("    k = min(k, logits.size(-1))\n", ""),
    ),
    _mistake(
        "limited-by-the-batch",
        "You limit k by the number of rows. It is limited by the width, the last dimension.",
        ("logits.size(-1)", "logits.size(0)"),
    ),
    _mistake(
        "the-kth-goes",
        "The k-th token goes, too: compare with `<`, so that the threshold itself stays.",
        ("logits < min_val", "logits <= min_val"),
    ),
    _mistake(
        "one-too-many",
        "You keep k + 1 tokens.",
        ("min(k, logits.size(-1))", "min(k + 1, logits.size(-1))"),
    ),
    _mistake(
        "zero-for-minus-infinity",
        "What is cut gets the logit 0, and e to the power of 0 is 1: it can still be drawn. It needs -inf.",
        ('torch.tensor(float("-inf"))', "torch.tensor(0.0)"),
    ),
    _mistake(
        "multiplied-by-a-mask",
        "You multiply the logits by a mask of ones and zeros. A logit of 0 is no probability of 0; set them to -inf.",
        ('torch.where(logits < min_val, torch.tensor(float("-inf")), logits)', "logits * (logits >= min_val)"),
    ),
    _mistake(
        "the-least-probable-stay",
        "You keep the least probable tokens and cut the best ones off.",
        (
            'torch.where(logits < min_val, torch.tensor(float("-inf")), logits)',
            'torch.where(logits >= min_val, torch.tensor(float("-inf")), logits)',
        ),
    ),
    _mistake(
        "only-the-values",
        "You return the k largest logits alone, and with them it is lost which tokens they belong to. The result has the shape "
        "of the input.",
        ('return torch.where(logits < min_val, torch.tensor(float("-inf")), logits)', "return top_logits"),
    ),
    _mistake(
        "probabilities",
        "You return probabilities. What stays keeps its logit; the softmax comes later.",
        (
            'return torch.where(logits < min_val, torch.tensor(float("-inf")), logits)',
            'return torch.softmax(torch.where(logits < min_val, torch.tensor(float("-inf")), logits), dim=-1)',
        ),
    ),
    _mistake(
        "threshold-is-the-largest",
        "Your threshold is the largest logit, so that only one token stays. The k-th is the last one that `topk` gives.",
        ("top_logits[:, -1:]", "top_logits[:, :1]"),
    ),
    _mistake(
        "rank-in-the-vocabulary",
        "You keep the tokens with the ids 0 to k - 1. It is the k largest logits that stay, wherever they are.",
        ("logits < min_val", "(torch.arange(logits.size(-1)) >= k).expand_as(logits)"),
    ),
    _mistake(
        "input-changed",
        "You write -inf into the caller's logits. Make a new tensor, with `torch.where` or `masked_fill`.",
        (
            '    return torch.where(logits < min_val, torch.tensor(float("-inf")), logits)\n',
            '    logits[logits < min_val] = float("-inf")\n    return logits\n',
        ),
    ),
]
