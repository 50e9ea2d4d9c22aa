"""Answers to exercise 2 of 09_bpe_and_cbow: bags of padded contexts."""

from __future__ import annotations

from functools import partial

from autograder.answers import Alternative, made_in

ALTERNATIVES = [
    Alternative(
        name="masked-mean",
        description="One-hot vectors times a mask, divided by the mask's sum.",
        code="""def context_bags(contexts, vocab_size):
    real = (contexts != 0).float()
    vectors = torch.eye(vocab_size)[contexts] * real.unsqueeze(-1)
    return vectors.sum(1) / torch.maximum(real.sum(1, keepdim=True), torch.ones(1))
""",
    ),
    Alternative(
        name="scatter",
        description="Shares added into zeros by scatter_add.",
        code="""def context_bags(contexts, vocab_size):
    mask = contexts.ne(0)
    shares = mask / mask.sum(dim=1, keepdim=True)
    bags = torch.zeros(len(contexts), vocab_size)
    return bags.scatter_add(1, contexts, shares.nan_to_num(0.0))
""",
    ),
    Alternative(
        name="loops",
        description="Context by context, token by token.",
        code="""def context_bags(contexts, vocab_size):
    bags = torch.zeros(contexts.shape[0], vocab_size)
    for row, context in enumerate(contexts.tolist()):
        tokens = [token for token in context if token]
        for token in tokens:
            bags[row, token] += 1 / len(tokens)
    return bags
""",
    ),
]

_RIGHT = """def context_bags(contexts, vocab_size):
    counts = F.one_hot(contexts, vocab_size).sum(dim=1).float()
    counts[:, 0] = 0
    total = counts.sum(dim=1, keepdim=True)
    return counts / total.clamp(min=1)
"""

_mistake = partial(made_in, _RIGHT, see="09_bpe_and_cbow: Exercise 2: bags of padded contexts")

MISTAKES = [
    _mistake(
        "padding-counted",
        "Your bags count the padding as if it were a token. Set its column to zero before you divide.",
        ("    counts[:, 0] = 0\n", ""),
    ),
    _mistake(
        "padding-in-the-number",
        "Your bags are divided by all places of the context, padding included. Divide by the number of tokens.",
        ("total.clamp(min=1)", "contexts.shape[1]"),
    ),
    _mistake(
        "padding-removed-too-late",
        "Your bags are divided before the padding is taken out, so they do not sum to one. First take it out, then divide.",
        ("    counts[:, 0] = 0\n", ""),
        (
            "    return counts / total.clamp(min=1)\n",
            "    bags = counts / total\n    bags[:, 0] = 0\n    return bags\n",
        ),
    ),
    _mistake(
        "nan-for-empty-contexts",
        "Your bag of a context without tokens is 0/0, which is nan. Divide by at least 1.",
        ("total.clamp(min=1)", "total"),
    ),
    _mistake(
        "sum-for-mean",
        "Your bags hold counts. They should hold shares: divide each row by its number of tokens.",
        ("counts / total.clamp(min=1)", "counts"),
    ),
    _mistake(
        "each-token-once",
        "Your bags note only whether a token occurs. A token that occurs twice counts twice.",
        ("    total =", "    counts = (counts > 0).float()\n    total ="),
    ),
    _mistake(
        "divided-by-the-batch",
        "Your bags are divided by the tokens of the whole batch. Each row has its own number.",
        ("counts.sum(dim=1, keepdim=True)", "counts.sum()"),
    ),
    _mistake(
        "columns-divided",
        "Your columns sum to one. It is the rows, the contexts, that do.",
        ("counts.sum(dim=1, keepdim=True)", "counts.sum(dim=0, keepdim=True)"),
    ),
    _mistake(
        "padding-column-cut-off",
        "Your bags have no column for the padding, so all tokens have moved by one. Keep the column, filled with zeros.",
        ("counts / total.clamp(min=1)", "(counts / total.clamp(min=1))[:, 1:]"),
    ),
    _mistake(
        "first-token-for-padding",
        "Your bags clear column 1, which belongs to the first real token. The padding has number 0.",
        ("counts[:, 0] = 0", "counts[:, 1] = 0"),
    ),
    _mistake(
        "not-summed",
        "Your function returns the one-hot vectors of all places. Add them up over the context.",
        ("counts / total.clamp(min=1)", "F.one_hot(contexts, vocab_size).float()"),
    ),
    _mistake(
        "whole-division",
        "Your bags are rounded to whole numbers. Shares are fractions: use `/` on floating-point numbers.",
        ("counts / total.clamp(min=1)", "counts.long() // total.clamp(min=1).long()"),
    ),
    _mistake(
        "contexts-changed",
        "Your function writes into `contexts`, which belongs to the caller. Work on a copy.",
        ("    total =", "    contexts[contexts == 0] = vocab_size\n    total ="),
    ),
]
